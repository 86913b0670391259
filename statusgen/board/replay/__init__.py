"""The updates of one incident, applied in order: what is true after each of them."""
