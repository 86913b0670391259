"""Finds mistakes between files, and advises the writer: every problem at once."""
