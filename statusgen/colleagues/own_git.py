"""Git for a work tree and its objects, without anything that the repository itself says."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from statusgen.git import disarm_filters
from statusgen.git_network import NetworkGit, Setting, find_tokens

# How files become objects on this computer, and who writes.
_KEPT = re.compile(r"core\.(?:filemode|ignorecase|symlinks|precomposeunicode|autocrlf|eol)|user\.(?:name|email)")
_FORMATS = ("sha1", "sha256")


def make_git(folder: Path, top: Path, objects: Path, settings: Sequence[Setting]) -> NetworkGit:
    """Make a git folder in `folder`, for the work tree at `top` with the objects in `objects`.

    Of the settings of the repository those count that are on a short list, none of which can name a program. Those of
    the user do, except filters: they ask the repository.
    """
    for name in ("refs/heads", "objects"):
        (folder / name).mkdir(parents=True)
    (folder / "HEAD").write_text("ref: refs/heads/none\n", encoding="ascii")
    format = last_value(settings, "extensions.objectformat")
    more = f"\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = {format}\n" if format in _FORMATS else ""
    (folder / "config").write_text(f"[core]\n\tbare = false\n{more}", encoding="ascii")
    kept = [(each.key, each.value) for each in settings if each.is_of_repository and _KEPT.fullmatch(each.key)]
    variables = {
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_OBJECT_DIRECTORY": str(objects),
        "GIT_WORK_TREE": str(top),
    }
    disarmed = disarm_filters(each.key for each in settings)
    return NetworkGit(folder, settings=[*kept, *find_tokens(settings), *disarmed], variables=variables)


def with_index(index: Path) -> Mapping[str, str]:
    """Return the variables by which a command uses this index instead of the one in its git folder."""
    return {"GIT_INDEX_FILE": str(index)}


def last_value(settings: Sequence[Setting], key: str) -> str | None:
    """Return what a setting is; None if it is not set. Sections and names are in small letters, as git lists them."""
    return next((setting.value for setting in reversed(settings) if setting.key == key), None)
