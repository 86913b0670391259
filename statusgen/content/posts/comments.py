"""What an HTML comment is, and what is said of one: it would be shown, because HTML in posts is shown as text."""

import re

# Word processors make one dash of two.
COMMENT = re.compile("<!(?:--|[\u2010-\u2015])")
COMMENT_MISTAKE = (
    "A note between <!-- and --> is here, which every reader would see.",
    "Notes to colleagues do not belong in a post; delete it, or write it between backticks if readers are to see it.",
)
