"""Looks at the status pages and monitors of others, and suggests what a human may want to say of our own services."""
