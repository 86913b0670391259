"""The documentation as a site: `make docs` builds it into dist/docs, where index.html opens without a server.

Sphinx reads this file: https://www.sphinx-doc.org/en/master/usage/configuration.html
"""

from statusgen import __version__

project = "statusgen"
release = version = __version__
extensions = ["myst_parser"]
exclude_patterns = ["hosts/setups"]
# `[Hosting](index.md#where)` finds the heading, as it does where the pages are read in the repository.
myst_heading_anchors = 4
html_theme = "furo"
html_title = "statusgen"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
