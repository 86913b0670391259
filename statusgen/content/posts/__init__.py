"""A post and its translations → an Incident with every update."""
