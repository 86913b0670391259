"""What the files say: a site, its services, and its incidents with every update, as frozen values.

Nothing here depends on the moment of the build; what is true *now* is worked out in `statusgen.board`.
Every `datetime` is in UTC. Values that a writer can get wrong carry the `Place` they were read from.
"""
