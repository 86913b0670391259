"""The commits, folders and files of a repository, each held to its name."""

import hashlib
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from statusgen.problems import TrustError
from statusgen.text import printable
from statusgen.trust.repository import OBJECT_NAME, git_environment

_COMMITTER_LINE = re.compile(rb"^committer .*> (\d{1,11}) [+-]\d{4}$", re.MULTILINE)


@dataclass(frozen=True)
class Commit:
    """A commit as it is stored. `signature` is empty where it has none; `signed` is what a signature is made for."""

    name: str
    tree: str
    parents: tuple[str, ...]
    time: datetime
    subject: str
    signature: bytes
    signed_content: bytes

    def __str__(self) -> str:
        return f"Commit {self.name[:10]} ({self.subject})"


@dataclass(frozen=True)
class GitObjects:
    """The objects of a repository, each held to its name."""

    process: "subprocess.Popen[bytes]"

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> Iterator["GitObjects"]:
        """The objects of the repository in a folder, until the end of the block."""
        command = ["git", "-C", str(folder), "cat-file", "--batch"]
        pipe = subprocess.PIPE
        with subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=git_environment()
        ) as process:
            try:
                yield cls(process)
            finally:
                process.kill()
                with suppress(OSError):  # it was gone before
                    process.communicate()

    def read(self, name: str, kind: str) -> bytes | None:
        """The bytes of an object; None where the repository does not have it."""
        asked, answers = self.process.stdin, self.process.stdout
        assert asked
        assert answers
        try:
            asked.write(f"{name}\n".encode())
            asked.flush()
        except OSError:  # it stopped at something that it could not read
            return None
        words = answers.readline().split()
        if len(words) != 3:
            return None
        content = answers.read(int(words[2]))
        answers.read(1)
        form = "sha1" if len(name) == 40 else "sha256"
        head = f"{kind} {len(content)}\0".encode()
        if hashlib.new(form, head + content, usedforsecurity=False).hexdigest() != name:
            what = f"The {kind} {name[:10]} is not what its name says: somebody changed it, or the disk is damaged."
            raise TrustError(f"{what} Clone the repository anew from where it can be trusted.")
        return content

    def read_commit(self, name: str) -> Commit:
        """A commit that has to be there."""
        content = self.read(name, "commit")
        if content is None:
            what = f"Commit {name[:10]} is not in this copy of the repository."
            raise TrustError(f"{what} Fetch the whole history (git fetch --unshallow) and build again.")
        return parse_commit(name, content)

    def read_tree(self, tree: str) -> Iterator[tuple[bytes, str, str]]:
        """The mode, the name and the object's name of each entry of a folder."""
        content = self.read(tree, "tree")
        if content is None:
            raise TrustError(f"The tree {tree[:10]} is not in this copy of the repository. Fetch all of it.")
        size, start = len(tree) // 2, 0
        while start < len(content):
            end = content.index(b"\0", start)
            mode, _, name = content[start:end].partition(b" ")
            start = end + 1 + size
            yield mode, name.decode(errors="surrogateescape"), content[end + 1 : start].hex()


def parse_commit(name: str, content: bytes) -> Commit:
    """A commit from its bytes. What a signature is made for is all of them but the signature itself."""
    head, _, message = content.partition(b"\n\n")
    field = b"gpgsig " if len(name) == 40 else b"gpgsig-sha256 "
    rest: list[bytes] = []
    signature: list[bytes] = []
    inside = False
    for line in head.split(b"\n"):
        inside = line.startswith(field) or (inside and line.startswith(b" "))
        if inside:
            signature.append(line.removeprefix(field).removeprefix(b" "))
        else:
            rest.append(line)
    parents = []
    for line in rest[1:]:
        if not line.startswith(b"parent "):
            break
        parents.append(line[7:].decode(errors="replace"))
    time = _COMMITTER_LINE.search(head)
    if not rest[0].startswith(b"tree ") or not time or not all(OBJECT_NAME.fullmatch(parent) for parent in parents):
        raise TrustError(f"Commit {name[:10]} is not written as git writes one.")
    return Commit(
        name,
        rest[0][5:].decode(errors="replace"),
        tuple(parents),
        datetime.fromtimestamp(min(int(time[1]), 2**34), UTC),
        printable(message.partition(b"\n")[0][:60].decode(errors="replace")),
        b"\n".join(signature),
        b"\n".join(rest) + b"\n\n" + message,
    )
