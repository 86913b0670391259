"""What was approved: a commit's content, to be built from once every signature on the way to it is right.

Nothing counts that the repository says of itself. Its settings, hooks, replacements, grafts and attributes, its index
and its work tree are not asked: objects are read from a new repository that borrows nothing but the objects, each is
held to its name (which is a hash of it), and signatures are verified by ssh-keygen with a file from elsewhere.
"""
