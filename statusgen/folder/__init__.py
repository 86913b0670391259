"""Files → a folder, all or none."""
