"""Board → Files: one module for each form in which the site is published."""
