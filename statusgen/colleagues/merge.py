"""Merges two commits file by file, incidents by their updates; nothing that a repository names takes part in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from statusgen.colleagues.post_merge import Conflict, ConflictError, Move, Versions, merge_incident
from statusgen.colleagues.trees import Changes, diff_commits, read_blobs
from statusgen.colleagues.work_tree import WorkTree
from statusgen.content.format.values import parse_zone
from statusgen.content.posts.links import INCIDENTS_FOLDER
from statusgen.content.services import SERVICES_FILE
from statusgen.content.yaml.documents import read_yaml
from statusgen.git_network import Blob
from statusgen.problems import InvalidValue
from statusgen.text import decode_text

_MARKER_SIZE = 23
_HUNK = re.compile(
    rb"<{23} ours\r?\n(?P<ours>.*?)\|{23} base\r?\n.*?={23}\r?\n(?P<theirs>.*?)>{23} theirs(?:\r?\n|$)",
    re.DOTALL,
)
_BY_HAND = "Make these lines of your file the same as theirs, and try again. Then change them again."


@dataclass(frozen=True)
class Merge:
    """The files of a merge, as the name of a tree, and the updates of ours that were moved for it."""

    files: str
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class _Sides:
    """A file of three commits: the last that both writers had, ours, and theirs."""

    base: Blob | None
    ours: Blob | None
    theirs: Blob | None

    @property
    def blobs(self) -> tuple[Blob | None, ...]:
        return self.base, self.ours, self.theirs


def merge_commits(tree: WorkTree, base: str, ours: str, theirs: str) -> Merge:
    """Merge what was changed from `base` to `ours` and to `theirs`; raise ConflictError with all that conflicts."""
    mine, others = diff_commits(tree.git, base, ours), diff_commits(tree.git, base, theirs)
    merged: dict[str, Blob | None] = {path: new for path, (_, new) in others.items() if path not in mine}
    both = sorted(path for path in mine.keys() & others.keys() if mine[path][1] != others[path][1])
    conflicts: list[Conflict] = []
    moves: list[Move] = []
    for path in (path for path in both if not is_post(tree, path)):
        try:
            merged[path] = _merge_text(tree, path, _Sides(mine[path][0], mine[path][1], others[path][1]))
        except ConflictError as error:
            conflicts += error.conflicts
    for original in sorted({original_file(path) for path in both if is_post(tree, path)}):
        try:
            files, moved = _merge_incident(tree, original, _sides_of(original, mine, others), read_zone(tree, theirs))
            merged |= files
            moves += moved
        except ConflictError as error:
            conflicts += error.conflicts
    if conflicts:
        raise ConflictError(*conflicts)
    return Merge(tree.git.write_tree(merged, base=ours), tuple(moves))


def is_post(tree: WorkTree, path: str) -> bool:
    """Return whether a path from the top is that of a post or of a translation."""
    return path.startswith(f"{tree.prefix}{INCIDENTS_FOLDER}/") and path.endswith(".md")


def original_file(path: str) -> str:
    """Return the path of the post that a post or a translation belongs to."""
    file = PurePosixPath(path)
    return str(file.with_name(f"{file.name.partition('.')[0]}.md"))


def is_original(path: str) -> bool:
    """Return whether a path is that of a post, and not of a translation."""
    return original_file(path) == path


def language_of(path: str) -> str:
    """Return the language of a translation; "" for a post."""
    return PurePosixPath(path).stem.partition(".")[2]


def _sides_of(original: str, mine: Changes, others: Changes) -> dict[str, _Sides]:
    """Return the files of an incident that either of the two has changed."""
    found = {}
    for path in sorted(mine.keys() | others.keys()):
        if path.endswith(".md") and original_file(path) == original:
            base = (mine.get(path) or others[path])[0]
            ours = mine[path][1] if path in mine else base
            theirs = others[path][1] if path in others else base
            found[path] = _Sides(base, ours, theirs)
    return found


def _merge_incident(
    tree: WorkTree, original: str, sides: Mapping[str, _Sides], zone: ZoneInfo
) -> tuple[dict[str, Blob | None], tuple[Move, ...]]:
    for path, each in sides.items():
        _refuse_unusual(path, each)
    contents = read_blobs(tree.git, (blob.name for each in sides.values() for blob in each.blobs if blob))
    versions = {
        path: Versions(*(contents[blob.name] if blob else None for blob in each.blobs)) for path, each in sides.items()
    }
    merged = merge_incident(original, versions, zone)
    files = {path: _store(tree, content, sides[path]) for path, content in merged.files.items()}
    return files, merged.moves


def _store(tree: WorkTree, content: bytes | None, sides: _Sides) -> Blob | None:
    like = sides.theirs or sides.ours
    return Blob(like.mode, tree.git.write_blob(content)) if content is not None and like else None


def _refuse_unusual(path: str, sides: _Sides) -> None:
    """Raise ConflictError for a link, or a repository within this one."""
    if any(blob and not blob.is_file for blob in sides.blobs):
        raise ConflictError(Conflict(path, "both changed this, which is no ordinary file", "", "", _BY_HAND))


def _merge_text(tree: WorkTree, path: str, sides: _Sides) -> Blob | None:
    """Merge a file of another kind line by line."""
    _refuse_unusual(path, sides)
    if sides.ours is None or sides.theirs is None:
        what = "one of you deleted this, and the other changed it"
        raise ConflictError(Conflict(path, what, "", "", "Do in your folder what they did, and try again."))
    contents = read_blobs(tree.git, (blob.name for blob in sides.blobs if blob))
    base, ours, theirs = (contents[blob.name] if blob else b"" for blob in sides.blobs)
    if any(b"\0" in content for content in (base, ours, theirs)):
        hint = "Give your file another name, and try again."
        raise ConflictError(Conflict(path, "both changed this, which is no text", "", "", hint))
    with TemporaryDirectory(dir=tree.scratch) as folder:
        files = [Path(folder, name) for name in ("ours", "base", "theirs")]
        for file, content in zip(files, (ours, base, theirs), strict=True):
            file.write_bytes(content)
        labels = ("-L", "ours", "-L", "base", "-L", "theirs", f"--marker-size={_MARKER_SIZE}")
        done = tree.git.try_run("merge-file", "-p", "-q", "--diff3", *labels, *map(str, files))
    if done.returncode == 0:
        return Blob(sides.theirs.mode, tree.git.write_blob(done.stdout))
    hunks = [(each["ours"], each["theirs"]) for each in _HUNK.finditer(done.stdout)] or [(ours, theirs)]
    mine, others = (b"[...]\n".join(parts).decode(errors="replace") for parts in zip(*hunks, strict=True))
    raise ConflictError(Conflict(path, "both changed the same lines", mine, others, _BY_HAND))


def read_zone(tree: WorkTree, commit: str) -> ZoneInfo:
    """Return the time zone of the site at a commit; UTC if services.yaml does not say."""
    path = f"{tree.prefix}{SERVICES_FILE}"
    found = tree.git.read_tree(commit, [path]).get(path)
    text = decode_text(read_blobs(tree.git, [found.name])[found.name], path)[0] if found else ""
    value = read_yaml(text, path)[0].value
    site = value.get("site") if isinstance(value, dict) else None
    try:
        return parse_zone(str(site.get("timezone"))) if isinstance(site, dict) else ZoneInfo("UTC")
    except InvalidValue:
        return ZoneInfo("UTC")
