"""Everything that is said in a resident's language: the words of the pages, dates, lists, and whole sentences."""
