"""Board → Files: one module for each format in which the site is published."""
