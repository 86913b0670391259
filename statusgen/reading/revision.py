"""The revision of the content, where the folder is kept in git."""

from pathlib import Path

from statusgen.reading.git import CONTENT, tell


def revision(folder: Path) -> str | None:
    """The short name of the last commit that changed the content, with a "+" where files have changed since.

    None outside of git, without git, and before the first commit.
    """
    last = _last(folder, "%h")
    if not last:
        return None
    return last + ("+" if tell(folder, "status", "--porcelain", "--", *CONTENT) else "")


def whole_revision(folder: Path, short: str | None) -> str | None:
    """The revision that `revision` has found, with the whole name of the commit, for programs that look it up."""
    last = _last(folder, "%H") if short else None
    return f"{last}+" if last and short and short.endswith("+") else last


def _last(folder: Path, form: str) -> str | None:
    return tell(folder, "log", "-1", f"--format={form}", "--abbrev=10", "--", *CONTENT) or None
