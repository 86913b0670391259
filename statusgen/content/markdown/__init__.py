"""Markdown → safe HTML and plain text."""
