"""Reads from git which files each commit changed, and what was in them.

The history of all files is read at once: one `git log` lists the commits, one `git cat-file` gives the texts.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from statusgen.content.posts.links import INCIDENTS_FOLDER
from statusgen.content.services import SERVICES_FILE
from statusgen.git import run_git, shallow_commits
from statusgen.text import decode_text

_MAX_TIME_DIGITS = 11  # in the year 5138 there will be more seconds


@dataclass(frozen=True)
class Change:
    """A file that a commit changed, and the name of its new content; empty if it is gone.

    `renamed_from` is another file that went in the same commit, and that git takes for the one that this was made of.
    """

    path: PurePosixPath
    content: str
    renamed_from: PurePosixPath | None = None


@dataclass(frozen=True)
class Commit:
    """A commit on the branch that is published, or a merge into it, with what it changed.

    `time` is when it was made, and `authored` when its change was, which a rebase leaves as it was; both are None where
    the commit has no time that can be used. In a shallow clone the oldest commit seems to have written everything;
    `is_known` is false there.
    """

    time: datetime | None
    authored: datetime | None
    changes: tuple[Change, ...]
    is_known: bool


def read_commits(folder: Path, paths: Sequence[str] = (SERVICES_FILE, INCIDENTS_FOLDER)) -> list[Commit]:
    """Return the commits that changed some files of a folder, oldest first; none if the folder is not in git."""
    log = run_git(
        folder, "log", "--reverse", "--root", "--first-parent", "--diff-merges=first-parent", "--find-renames=50%",
        "-l1000", "--no-abbrev", "--raw", "--relative", "-z", "--format=%x01%H %ct %at",
        "--", *paths,
    )  # fmt: skip
    boundary = shallow_commits(folder) if log else set()
    return [
        Commit(time, _parse_time(authored), changes, name not in boundary and time is not None)
        for name, committed, authored, changes in _parse_log((log or b"").decode(errors="replace"))
        for time in [_parse_time(committed)]
    ]


def _parse_time(seconds: str) -> datetime | None:
    """Return a time; None if a tool wrote none, or one so far away that it is none."""
    is_usable = seconds.isdecimal() and len(seconds) <= _MAX_TIME_DIGITS
    return datetime.fromtimestamp(int(seconds), UTC) if is_usable else None


def _parse_log(log: str) -> Iterator[tuple[str, str, str, tuple[Change, ...]]]:
    """Yield each commit with its two times and what it changed.

    The log is a row of fields: a commit as "\\1HASH TIME TIME", and for each file that it changed one that begins with
    a colon and has the name of the new content as its fourth word and the kind of change as its fifth (git-diff, "raw
    output format"), then the path; for a renamed file the old path, then the new one. Paths can have any character
    but \\0, so they are taken in order, and not looked for.
    """
    head, changes = "", list[Change]()
    fields = iter(log.split("\0"))
    for entry in fields:
        field = entry.lstrip("\n")  # git puts an empty line between a commit and its changes
        if field.startswith("\x01"):
            if head:
                yield *_split_head(head), tuple(changes)
            head, changes = field[1:], []
        elif field.startswith(":"):
            changes += _read(field, fields)
    if head:
        yield *_split_head(head), tuple(changes)


def _split_head(head: str) -> tuple[str, str, str]:
    name, committed, authored = head.split(" ")
    return name, committed, authored


def _read(raw: str, fields: Iterator[str]) -> Iterator[Change]:
    content, kind = raw.split()[3:5]
    path, old = PurePosixPath(next(fields)), None
    if kind.startswith("R"):
        path, old = PurePosixPath(next(fields)), path
        yield Change(old, "")
    yield Change(path, content if content.strip("0") else "", old)


def read_contents(folder: Path, wanted: Collection[str], texts: Collection[str]) -> dict[str, str]:
    """Return texts by the names of their content; of those on the disk, `texts`, none is read from git."""
    now = {name_content(text): text for text in texts}
    asked = sorted(set(wanted) - set(now))
    earlier = {}
    for name, content in read_blobs(folder, asked):
        text, problems = decode_text(content, "")
        # What cannot be read as a text was in no build.
        earlier[name] = "" if problems else text
    return now | earlier


def read_blobs(folder: Path, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the contents of files by the names that git has for them; not those that it does not have."""
    answer = run_git(folder, "cat-file", "--batch", input="\n".join(names).encode()) if names else b""
    start = 0
    # The answer is a row of objects: a line "NAME blob SIZE", the content, a newline (git-cat-file, "batch output").
    while answer and start < len(answer):
        end = answer.index(b"\n", start)
        head = answer[start:end].split()
        if len(head) < 3:  # an object that git does not have: "NAME missing"
            start = end + 1
            continue
        start = end + 1 + int(head[2]) + 1
        yield head[0].decode(), answer[end + 1 : start - 1]


def read_sizes(folder: Path, names: Sequence[str]) -> list[int]:
    """Return how many bytes contents have, by the names that git has for them; 0 for those that it does not have."""
    asked = "\n".join(names).encode()
    answer = run_git(folder, "cat-file", "--batch-check=%(objectsize)", input=asked) if names else b""
    return [int(line) if line.isdigit() else 0 for line in (answer or b"").splitlines()]


def name_content(text: str) -> str:
    """Return the name that git gives to a text (gitformat-pack, "object names")."""
    content = text.encode(errors="replace")
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def post_contents(files: Mapping[PurePosixPath, str]) -> dict[str, str]:
    """Return the names of the contents of an incident's files by language, "" for the post."""
    contents: dict[str, str] = {}
    for path, content in files.items():
        language = path.stem.partition(".")[2]
        if content:
            contents[language] = AMBIGUOUS if language in contents else content
    return contents


AMBIGUOUS = "ambiguous"
"""Two files of the same post or translation, of which nobody can say which one counts; such a state is never built."""
