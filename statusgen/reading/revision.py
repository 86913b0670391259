"""The revision of the content, where the folder is kept in git."""

from pathlib import Path

from statusgen.reading.git import CONTENT, tell


def revision(folder: Path) -> str | None:
    """The short name of the last commit that changed the content, with a "+" where files have changed since.

    None outside of git, without git, and before the first commit.
    """
    last = tell(folder, "log", "-1", "--format=%h", "--abbrev=10", "--", *CONTENT)
    if not last:
        return None
    return last + ("+" if tell(folder, "status", "--porcelain", "--", *CONTENT) else "")
