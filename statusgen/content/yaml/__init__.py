"""YAML with the line of every key, and an explanation of why a text is not YAML."""
