"""The commits, folders and files of a repository, each verified against its name."""

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from select import select

from statusgen.git import TIMEOUT, git_command, git_environment
from statusgen.git_files import refuse_endless_files
from statusgen.problems import TrustError
from statusgen.text import printable
from statusgen.trust.repository import OBJECT_NAME, hash_name

_COMMIT_START = re.compile(
    rb"tree (?P<tree>%b)\n(?P<parents>(?:parent %b\n)*)author .*\ncommitter .*> (?P<time>\d{1,11}) [+-]\d{4}\n"
    % (OBJECT_NAME.pattern.encode(), OBJECT_NAME.pattern.encode())
)


@dataclass(frozen=True)
class Commit:
    """A commit as it is stored. `signature` is empty if it has none; `signed_content` is what one is made for."""

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
class TreeEntry:
    """A file, a link or a folder in a folder: its mode as git writes it, and the name of its object."""

    mode: bytes
    name: str
    object_name: str


@dataclass(frozen=True)
class GitObjects:
    """The objects of a repository, each verified against its name."""

    process: "subprocess.Popen[bytes]"

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> Iterator["GitObjects"]:
        """Yield the objects of the repository in a folder."""
        refuse_endless_files(folder)
        command, pipe = git_command(folder, "cat-file", "--batch"), subprocess.PIPE
        with subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=git_environment(isolated=True)
        ) as process:
            try:
                yield cls(process)
            finally:
                process.kill()
                with suppress(OSError):  # it had ended before
                    process.communicate()

    def read(self, name: str, kind: str) -> bytes | None:
        """Return the bytes of an object; None where the repository does not have it."""
        questions, answers = self.process.stdin, self.process.stdout
        assert questions
        assert answers
        try:
            questions.write(f"{name}\n".encode())
            questions.flush()
        except OSError:  # git stopped at something that it could not read
            return None
        if sys.platform != "win32" and not select([answers], [], [], TIMEOUT)[0]:
            raise TrustError(f"Git has not answered for {TIMEOUT} seconds. Clone the repository again.")
        words = answers.readline().split()
        if len(words) != 3:
            return None
        content = answers.read(int(words[2]))
        answers.read(1)
        header = f"{kind} {len(content)}\0".encode()
        if hashlib.new(hash_name(name), header + content, usedforsecurity=False).hexdigest() != name:
            what = f"The {kind} {name[:10]} is not what its name says: someone changed it, or the disk is damaged."
            raise TrustError(f"{what} Clone the repository again from a source that you trust.")
        return content

    def find_commit(self, name: str) -> Commit | None:
        """Return a commit; None where the repository does not have it."""
        content = self.read(name, "commit")
        return None if content is None else parse_commit(name, content)

    def read_commit(self, name: str) -> Commit:
        """Return a commit that has to be there."""
        commit = self.find_commit(name)
        if commit is None:
            what = f"Commit {name[:10]} is not in this copy of the repository."
            raise TrustError(f"{what} Fetch the whole history (git fetch --unshallow) and build again.")
        return commit

    def read_tree(self, name: str) -> Iterator[TreeEntry]:
        """Yield what is in a folder that has to be there."""
        content = self.read(name, "tree")
        if content is None:
            raise TrustError(f"The tree {name[:10]} is not in this copy of the repository. Fetch all of it.")
        size, start = len(name) // 2, 0
        while start < len(content):
            end = content.index(b"\0", start)
            mode, _, entry = content[start:end].partition(b" ")
            start = end + 1 + size
            yield TreeEntry(mode, entry.decode(errors="surrogateescape"), content[end + 1 : start].hex())


def parse_commit(name: str, content: bytes) -> Commit:
    """Return a commit from its bytes. A signature is made for all of them but the signature itself."""
    header, _, message = content.partition(b"\n\n")
    field = b"gpgsig" if hash_name(name) == "sha1" else b"gpgsig-sha256"
    signature = re.compile(rb"^%b (.*\n(?: .*\n)*)" % field, re.MULTILINE)
    found = signature.findall(header + b"\n")
    signed_content = signature.sub(b"", header + b"\n") + b"\n" + message
    start = _COMMIT_START.match(signed_content)
    if not start:
        raise TrustError(f"Commit {name[:10]} is not written as git writes one.")
    return Commit(
        name,
        start["tree"].decode(),
        tuple(start["parents"].decode().split()[1::2]),
        datetime.fromtimestamp(min(int(start["time"]), 2**34), UTC),
        printable(message.partition(b"\n")[0][:60].decode(errors="replace")),
        b"".join(found).replace(b"\n ", b"\n").removesuffix(b"\n"),
        signed_content,
    )
