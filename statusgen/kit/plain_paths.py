"""Paths that lead to a file below a folder on every system, and not into a folder of git."""

import unicodedata

# What Windows and macOS take for `.git`, besides other cases of it (git, path.c: is_ntfs_dotgit, is_hfs_dotgit).
_GIT = frozenset({".git", "git~1"})


def is_plain_path(path: str) -> bool:
    """Return whether a path, with slashes between its parts, names a file below the folder that it is put in."""
    # With a colon it is on another drive of Windows, or in a hidden part of a file.
    return not any(each in "\\:" or unicodedata.category(each) == "Cc" for each in path) and all(
        _is_plain_part(part) for part in path.split("/")
    )


def _is_plain_part(part: str) -> bool:
    # Windows leaves out dots and spaces at the end of a name, and macOS characters that nobody sees.
    seen = "".join(each for each in part if unicodedata.category(each) != "Cf").rstrip(". ").casefold()
    return bool(seen) and seen not in _GIT
