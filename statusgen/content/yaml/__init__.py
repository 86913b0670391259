"""YAML with the line of every key, and why a text is not YAML."""
