"""Files → a folder, all or none: the old site stays as it was until the new one takes its place."""
