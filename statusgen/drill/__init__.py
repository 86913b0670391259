"""A drill: a made-up bad night, told to the writers in a copy of the site, and compared with what they published."""
