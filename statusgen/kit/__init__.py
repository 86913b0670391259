"""One zip with all that a strange laptop needs to publish: statusgen, the site and its history, a card to print."""
