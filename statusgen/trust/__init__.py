"""Whether a copy of a site, in a folder or on the web, is what was published: all of it, and not an older one.

Copies may be hostile. Nothing is read from one but files that the manifest names (and, to see what was added, the names
of those in a folder and the links in pages that differ), never more bytes than the manifest allows, and not for ever.
"""
