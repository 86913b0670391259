"""Everything that is said in a resident's language: the interface's words, dates, lists, and whole sentences."""
