"""The files of commits, what changed between two of them, and commits made of files."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from statusgen import git_lfs
from statusgen.colleagues.own_git import with_index
from statusgen.colleagues.work_tree import WorkTree
from statusgen.git import CONTENT_PATHS
from statusgen.git_network import FILE_MODE, HOW_TO_NAME_USER, Blob, NetworkGit
from statusgen.problems import ShareError
from statusgen.text import printable

SHARED_PATHS = (*CONTENT_PATHS, "languages")
"""What of a site's folder is committed: all that it is built from."""
# What editors, file managers, git and a command of ours that died leave beside a file.
_LEFTOVERS = (
    "*~", "~$*", ".#*", "#*#", "*.swp", "*.orig", "*.rej", "*.bak", ".*.md.*", ".services.yaml.*", ".DS_Store",
    "Thumbs.db", "desktop.ini",
)  # fmt: skip
_LINK, _PROGRAM = "120000", "100755"


Changes = Mapping[str, tuple[Blob | None, Blob | None]]
"""What a file was and what it is, by its path from the top; None where it is not."""


def diff_commits(git: NetworkGit, old: str | None, new: str) -> Changes:
    """Return every file that differs between two commits or trees; `old` is None for one without files."""
    before = old or _empty_tree(git)
    answer = os.fsdecode(git.run("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", before, new))
    fields = answer.split("\0")
    # Each is ":OLDMODE NEWMODE OLDNAME NEWNAME STATUS", then the path (git-diff-tree, "raw output format").
    found: dict[str, tuple[Blob | None, Blob | None]] = {}
    for head, path in zip(fields[::2], fields[1::2], strict=False):
        old_mode, new_mode, old_name, new_name, _ = head[1:].split(" ")
        _refuse_unsafe(path)
        found[path] = _make_blob(old_mode, old_name), _make_blob(new_mode, new_name)
    return found


def _make_blob(mode: str, name: str) -> Blob | None:
    return Blob(mode, name) if name.strip("0") else None


def _empty_tree(git: NetworkGit) -> str:
    return git.run_text("hash-object", "-t", "tree", "-w", "--stdin")


def _refuse_unsafe(path: str) -> None:
    """Raise ShareError for a path that leads out of the work tree, or into git's own folder.

    Git makes no such commit and puts none in place. Yet it takes one that somebody else has made, and lists its paths.
    """
    if any(part in ("", ".", "..") or part.casefold() == ".git" for part in path.split("/")):
        what = f"A commit has a file {printable(path)[:200]}, which leads out of the folder. Nothing was changed."
        raise ShareError(f"{what} No git makes such a commit by itself: ask who shared it.")


def read_blobs(git: NetworkGit, names: Iterable[str]) -> dict[str, bytes]:
    """Return the contents of objects by their names."""
    asked = list(dict.fromkeys(names))
    answer = git.run("cat-file", "--batch", input="".join(f"{name}\n" for name in asked).encode()) if asked else b""
    found, start = {}, 0
    for name in asked:
        end = answer.index(b"\n", start)
        head = answer[start:end].split()
        if len(head) < 3:
            raise ShareError("Git lacks a part of what was committed in this folder. Ask someone who knows git.")
        size = int(head[2])
        found[name], start = answer[end + 1 : end + 1 + size], end + 1 + size + 1
    return found


def content_tree(tree: WorkTree, index: Path) -> str:
    """Bring the content of an index up to what is on the disk, and return the name of its tree."""
    git = tree.git
    paths = _list_content(tree, index)
    _refuse_filtered(tree, index, paths)
    git.run("update-index", "--add", "--remove", "-z", "--stdin", input=_join(paths), variables=with_index(index))
    return git.run_text("write-tree", variables=with_index(index))


def _list_content(tree: WorkTree, index: Path) -> list[str]:
    """Return the paths of the content from the top: what git has, and what is new and neither ignored nor left over."""
    asked = [f"{tree.prefix}{name}" for name in SHARED_PATHS]
    question = ("ls-files", "-t", "--cached", "--others", "--exclude-standard", "-z", "--", *asked)
    found = []
    # Each begins with a letter that says what it is, "?" for what git does not have.
    for tag, path in ((entry[0], entry[2:]) for entry in _split(tree.git.run(*question, variables=with_index(index)))):
        place = tree.top / path
        is_leftover = tag == "?" and any(PurePosixPath(path).match(pattern) for pattern in _LEFTOVERS)
        # A folder is a repository within this one: git would look into it.
        if not is_leftover and (place.is_symlink() or not place.is_dir()):
            found.append(path)
    return found


def is_content(tree: WorkTree, path: str) -> bool:
    """Return whether a path from the top is in the content of the site."""
    return path.startswith(tree.prefix) and path.removeprefix(tree.prefix).partition("/")[0] in SHARED_PATHS


def _refuse_filtered(tree: WorkTree, index: Path, paths: list[str]) -> None:
    """Take out the files that a filter such as Git LFS would have to store; raise ShareError if one has changed."""
    answer = tree.git.run("check-attr", "-z", "--stdin", "filter", input=_join(paths), variables=with_index(index))
    fields = _split(answer)
    filtered = {path: value for path, _, value in zip(*[iter(fields)] * 3, strict=False)}
    filtered = {path: value for path, value in filtered.items() if value not in ("unspecified", "unset", "set")}
    if not filtered:
        return
    stored = _read_index(tree.git, index)
    for path, value in filtered.items():
        blob = stored.get(path)
        if blob and (git_lfs.is_pointer_to(blob.name, tree.top / path) or blob == blob_on_disk(tree, path)):
            paths.remove(path)
            continue
        hint = "Commit this file with git itself, and try again."
        raise ShareError(
            f"{printable(path)} goes through the filter {printable(value)}, which is not run from here. {hint}"
        )


def _read_index(git: NetworkGit, index: Path) -> dict[str, Blob]:
    answer = _split(git.run("ls-files", "--stage", "-z", variables=with_index(index)))
    entries = (entry.partition("\t") for entry in answer)
    return {path: Blob(head.split(" ")[0], head.split(" ")[1]) for head, _, path in entries}


def blob_on_disk(tree: WorkTree, path: str) -> Blob | None:
    """Return what git would make of a file as it is on the disk now; None if there is none."""
    return blobs_on_disk(tree, [path])[path]


def blobs_on_disk(tree: WorkTree, paths: Iterable[str]) -> dict[str, Blob | None]:
    """Return what git would make of each file as it is on the disk now; None where there is none.

    A folder in the place of a file has a name that no object has.
    """
    found: dict[str, Blob | None] = {}
    files = []
    for path in paths:
        place = tree.top / path
        if place.is_symlink():
            target = os.fsencode(place.readlink())
            found[path] = Blob(_LINK, tree.git.write_blob(target))
        elif place.is_file() and "\n" not in path:
            files.append(path)
        else:
            found[path] = Blob("", "") if place.exists() else None
    quoted = "".join(f"{path}\n" for path in files)
    names = tree.git.run("hash-object", "--stdin-paths", input=os.fsencode(quoted)).split() if files else []
    for path, name in zip(files, names, strict=True):
        is_program = os.access(tree.top / path, os.X_OK) and os.name != "nt"
        found[path] = Blob(_PROGRAM if is_program else FILE_MODE, name.decode())
    return found


def make_commit(tree: WorkTree, files: str, parents: Iterable[str], message: str) -> str:
    """Store a commit by the person at this computer, signed if they sign all of theirs; return its name."""
    require_identity(tree)
    settings = [setting for setting in tree.settings if not setting.is_of_repository]
    values = [setting.value for setting in settings if setting.key == "commit.gpgsign"]
    sign = ["-S"] if values and values[-1].lower() in ("true", "yes", "on", "1", "") else []
    return tree.git.commit(files, parents, message, *sign)


def require_identity(tree: WorkTree) -> None:
    """Raise ShareError unless git knows who is at this computer."""
    if not tree.git.knows_user():
        raise ShareError(
            "Git does not know who you are, and it keeps a name beside each change. Type this once, with your own name "
            f"and address:\n{HOW_TO_NAME_USER}\nThen try again. Nothing that you wrote is lost."
        )


def _split(answer: bytes) -> list[str]:
    return [os.fsdecode(entry) for entry in answer.split(b"\0") if entry]


def _join(paths: Iterable[str]) -> bytes:
    return b"".join(os.fsencode(path) + b"\0" for path in paths)
