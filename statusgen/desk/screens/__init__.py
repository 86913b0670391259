"""The screens of the desk, a module for each, with the addresses that lead to it."""
