"""A repository of our own, for as long as a site is published, that has one branch of another in it.

Git gets the user's own settings, by which it reaches the other repository, and nothing that a repository names: there
is no work tree, no hook and no filter, and what the branch holds is never written as files.
"""

import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from statusgen.git import find_program
from statusgen.problems import PublishError

_TIMEOUT = 600  # seconds
_REMOTE = "statusgen-target"
_SETTINGS = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "60",
    "push.followTags": "false",
    "push.gpgSign": "false",
    "push.recurseSubmodules": "no",
    "submodule.recurse": "false",
}
# How the variables of git begin by which people say how to reach a host, and who they are. It gets no others.
_KEPT_VARIABLES = (
    *("GIT_SSH", "GIT_SSL_", "GIT_ASKPASS"),
    *("GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_"),
    *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"),
    *("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"),
)
_SSH_COMMAND = "ssh -o BatchMode=yes -o ConnectTimeout=20 -o ServerAliveInterval=15 -o ServerAliveCountMax=4"
_NOBODY = {"NAME": "statusgen", "EMAIL": "statusgen@publisher.invalid"}


class GitRefusal(Exception):
    """Git did not do what it was asked to; `said` is what it said, untrusted and as long as it was."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


@dataclass(frozen=True)
class Entry:
    """What a tree has at a path: its mode, as six digits, and the name of its object."""

    mode: str
    object: str


@dataclass(frozen=True)
class BareRepository:
    """A bare repository in `folder`, and the address of the other one, as git takes it."""

    folder: Path
    url: str

    def create(self) -> None:
        """Make it, without the hooks that a template of the user's may bring."""
        self._run("init", "--quiet", "--bare", "--template=", str(self.folder))
        self._run("config", f"remote.{_REMOTE}.url", self.url)
        if not self._config("core.sshCommand") and "GIT_SSH" not in os.environ:
            self._run("config", "core.sshCommand", _SSH_COMMAND)

    def fetch(self, branch: str) -> str | None:
        """Return the last commit of a branch there, whose tree but no file is then here; None if it has none."""
        if not self._run("ls-remote", _REMOTE, f"refs/heads/{branch}"):
            return None
        wanted = f"+refs/heads/{branch}:refs/heads/published"
        # A host that cannot leave out the files sends them.
        self._run("fetch", "--quiet", "--no-tags", "--depth=1", "--filter=blob:none", _REMOTE, wanted)
        return self._run("rev-parse", "refs/heads/published").decode().strip()

    def list_entries(self, commit: str) -> dict[str, Entry]:
        """Return what the tree of a commit has at each path, in whichever folder."""
        found: dict[str, Entry] = {}
        for line in self._run("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")[:-1]:
            head, _, path = line.partition(b"\t")
            mode, _, name = head.decode().split(" ")
            found[os.fsdecode(path)] = Entry(mode, name)
        return found

    def read(self, entry: Entry) -> bytes:
        """Return the bytes of a file; they are fetched now if they are not here."""
        return self._run("cat-file", "blob", entry.object)

    def add_files(self, contents: Iterable[bytes]) -> None:
        """Take in files, all with one process."""
        incoming = self.folder / "incoming"
        with incoming.open("wb") as stream:
            for content in contents:
                stream.writelines((b"blob\ndata %d\n" % len(content), content, b"\n"))
            stream.write(b"done\n")
        with incoming.open("rb") as stream:
            self._run("fast-import", "--quiet", "--done", input=stream)
        incoming.unlink()

    def write_tree(self, entries: Mapping[str, Entry]) -> str:
        """Return the name of a tree with these entries; those files that the other repository has need not be here."""
        lines = (b"%s %s\t%s\0" % (e.mode.encode(), e.object.encode(), os.fsencode(p)) for p, e in entries.items())
        self._run("read-tree", "--empty")
        self._run("update-index", "-z", "--index-info", input=b"".join(lines))
        return self._run("write-tree", "--missing-ok").decode().strip()

    def commit(self, tree: str, parent: str | None, message: str, now: datetime) -> str:
        """Return the name of a new commit, by the user whom git knows, or by statusgen."""
        parents = ["-p", parent] if parent else []
        who = self._environment()
        for each, value in _NOBODY.items():
            known = self._config(f"user.{each.lower()}")
            for role in ("AUTHOR", "COMMITTER"):
                who[f"GIT_{role}_{each}"] = who.get(f"GIT_{role}_{each}") or known or value
                who[f"GIT_{role}_DATE"] = now.isoformat()
        made = self._run("commit-tree", tree, *parents, input=message.encode(), environment=who)
        return made.decode().strip()

    def push(self, commit: str, branch: str) -> None:
        """Make it the last commit of a branch there; raise GitRefusal if it does not continue the one that is last."""
        self._run("push", "--quiet", "--porcelain", "--no-verify", _REMOTE, f"{commit}:refs/heads/{branch}")

    def _config(self, key: str) -> str:
        try:
            return self._run("config", "--get", key).decode(errors="replace").strip()
        except GitRefusal:
            return ""  # it is not set

    def _run(
        self, *arguments: str, input: bytes | BinaryIO = b"", environment: Mapping[str, str] | None = None
    ) -> bytes:
        program = find_program("git")
        if not program:
            raise PublishError("There is no git on this computer. Install it, and publish again.")
        settings = (word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}"))
        place = [] if arguments[0] == "init" else [f"--git-dir={self.folder}"]
        command = [program, *settings, *place, *arguments]
        environment = environment or self._environment()
        stream, content = (None, input) if isinstance(input, bytes) else (input, None)
        try:
            done = subprocess.run(
                command,
                stdin=stream,
                input=content,
                capture_output=True,
                env=environment,
                timeout=_TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise PublishError(f"Git has not answered for {_TIMEOUT} seconds. Publish again.") from None
        except OSError as error:
            raise PublishError(f"Git cannot be started: {error.strerror}.") from None
        if done.returncode:
            raise GitRefusal((done.stdout + done.stderr).decode(errors="replace"))
        return done.stdout

    def _environment(self) -> dict[str, str]:
        """Return the environment of git: it asks nobody, and reaches other repositories only as the address says."""
        ours = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("GIT_") or name.startswith(_KEPT_VARIABLES)
        }
        fixed = {
            "GIT_ALLOW_PROTOCOL": self.url.partition(":")[0],
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_ATTR_NOSYSTEM": "1",
            "LC_ALL": "C",
            "LANGUAGE": "C",
        }
        return ours | fixed
