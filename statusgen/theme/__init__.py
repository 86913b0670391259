"""The look that ships with statusgen: templates, style and message catalogs."""
