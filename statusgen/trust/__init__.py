"""What may be published, and whether what is published is genuine.

Two questions are answered here:

- May this commit be published? `approval` asks it of a `repository`, whose `git_objects` are read one by one.
- Is this copy of the site, in a folder or on the web, what was published? `comparison` compares the `copies` with a
  `manifest`: all of it, and not an older one.

Both depend on `signatures` of people whom somebody outside of the repository and the copy has listed.

Repositories and copies may be hostile. Nothing counts that a repository says of itself, and nothing that it names is
run. Nothing is read from a copy but files that the manifest lists (and, to see what was added, the names of those in a
folder and the links in pages that differ), never more bytes than the manifest allows, and only for a limited time.
"""
