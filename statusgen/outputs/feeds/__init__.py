"""Feeds: RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1, and a list of them (OPML 2.0)."""
