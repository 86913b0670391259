"""Git that reaches other repositories: in the ways that the user has, and in none that a repository names.

To fetch, to push and to write, git runs programs, and a repository can name them: hooks, filters, the ssh to use, who
knows the password. So each command runs in a git folder of our own. What the user has set for all repositories counts
there; of a repository's own settings only those count that a caller hands over.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from statusgen.git import TIMEOUT, find_program, git_environment, setting_variables
from statusgen.problems import GitError
from statusgen.text import printable

Settings = Sequence[tuple[str, str]]
"""Settings of git, each by its key; where one is there twice, the last counts."""

SSH_OPTIONS = ("BatchMode=yes", "ConnectTimeout=20", "ServerAliveInterval=15", "ServerAliveCountMax=4")
"""Nobody is asked for a password, and a connection that died is noticed. Hosts' keys are as the user's setup says."""
NOBODY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "statusgen"), ("EMAIL", "statusgen@publisher.invalid"))
}
"""The variables by which a commit is by no person."""
REMOTE = "statusgen-remote"
"""What a repository of our own calls the other one."""
FILE_MODE = "100644"

_FETCHED = "refs/heads/fetched"
_SETTINGS = (
    ("core.attributesFile", os.devnull),
    ("core.fsmonitor", "false"),
    ("core.hooksPath", os.devnull),
    ("core.safecrlf", "false"),
    ("diff.ignoreSubmodules", "all"),
    ("fetch.recurseSubmodules", "false"),
    ("gc.auto", "0"),
    ("http.lowSpeedLimit", "1000"),
    ("http.lowSpeedTime", "60"),
    ("i18n.commitEncoding", "UTF-8"),
    ("i18n.logOutputEncoding", "UTF-8"),
    ("log.mailmap", "false"),
    ("log.showSignature", "false"),
    ("maintenance.auto", "false"),
    ("push.followTags", "false"),
    ("push.gpgSign", "false"),
    ("push.recurseSubmodules", "no"),
    ("submodule.recurse", "false"),
    ("user.useConfigOnly", "true"),
)
# How the variables of git begin by which people say how to reach a host, what they have set, and who they are.
_USER_VARIABLES = (
    *("GIT_SSH", "GIT_ASKPASS", "GIT_SSL_", "GIT_PROXY_SSL_"),
    *("GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_"),
    *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"),
    *("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"),
)
_FIXED_VARIABLES = {
    # Other ways to reach a repository run a program that its address names (gitremote-helpers, ext::).
    "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh",
    "GIT_NO_LAZY_FETCH": "0",
    "LANGUAGE": "C",
    "LC_ALL": "C.UTF-8" if sys.platform == "linux" else "C",
}
_TOKEN = re.compile(r"http\..*\.extraheader")
_SCHEME = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*)://")
# HOST:PATH, where no slash comes before the colon (git-clone, "Git URLs"); one letter alone is a drive of Windows.
_HOST_AND_PATH = re.compile(r"[^/:\\]{2,}:")
_TELLING = re.compile(r"fatal:|error:|remote:|\s*!|ssh:|.*\b(?:denied|failed)\b")
_MAX_WORDS = 300

# What counts in a repository on a disk of this computer that is fetched from or pushed to.
_OTHER_SIDE = {
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "core.alternateRefsCommand": "true",
    "receive.autogc": "false",
    "receive.denyCurrentBranch": "refuse",
}


class GitRefusal(Exception):
    """Git did not do what it was asked to; `said` is what it said, untrusted and as long as it was."""

    def __init__(self, done: "subprocess.CompletedProcess[bytes]") -> None:
        self.said = done.stderr.decode(errors="replace")
        super().__init__(repeat_words(self.said))


@dataclass(frozen=True)
class Setting:
    """A setting of git, and where it was set: `system`, `global`, `local`, …"""

    scope: str
    key: str
    value: str

    @property
    def is_of_repository(self) -> bool:
        """Whether the repository says so, and not the user."""
        return self.scope in ("local", "worktree")


def read_settings(folder: Path) -> list[Setting]:
    """Return all settings that count in a repository that git answers about, the first that counts least."""
    done = _try_git(["-C", str(folder), "config", "--null", "--show-scope", "--list"])
    if done.returncode:
        words = repeat_words(done.stderr.decode(errors="replace"))
        raise GitError(f"Git does not say its settings: {words}. Try git config --list in this folder.")
    fields = os.fsdecode(done.stdout).split("\0")
    pairs = zip(fields[::2], fields[1::2], strict=False)
    return [Setting(scope, *entry.partition("\n")[::2]) for scope, entry in pairs]


def find_tokens(settings: Iterable[Setting]) -> Settings:
    """Return the headers by which workflows of GitHub prove who they are; a repository has them, and they run nothing.

    Each is for one address, to which alone it is sent.
    """
    return [(each.key, each.value) for each in settings if each.is_of_repository and _TOKEN.fullmatch(each.key)]


HOW_TO_NAME_USER = """\
  git config --global user.name "Ada Quimby"
  git config --global user.email ada@springfield.example"""
"""What somebody types, with their own name and address, so that git knows who they are."""


def dates_of(moment: datetime) -> dict[str, str]:
    """Return the variables by which a commit is of a moment."""
    return dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), moment.isoformat())


@dataclass(frozen=True)
class Blob:
    """A file of a commit: its mode and the name of its object, as git has them."""

    mode: str
    name: str

    @property
    def is_file(self) -> bool:
        """Whether it is an ordinary file, and no link or repository."""
        return self.mode in (FILE_MODE, "100755")


@dataclass(frozen=True)
class NetworkGit:
    """Runs git in `folder`, a git folder of our own, for the other repository at `url`.

    `settings` and `variables` count besides those of the user; a command that takes longer than `timeout` seconds is
    ended.
    """

    folder: Path
    url: str = ""
    settings: Settings = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    timeout: float = TIMEOUT

    @property
    def index(self) -> Path:
        """The index that commands use, unless their variables name another."""
        return self.folder / "index"

    def create(self) -> None:
        """Make it a bare repository, without the hooks that a template of the user's may bring."""
        self.run("init", "--quiet", "--bare", "--template=", str(self.folder))

    def run(self, *arguments: str, input: bytes | BinaryIO = b"", variables: Mapping[str, str] | None = None) -> bytes:
        """Return what git prints; raise GitRefusal if it fails."""
        done = self.try_run(*arguments, input=input, variables=variables)
        if done.returncode:
            raise GitRefusal(done)
        return done.stdout

    def run_text(self, *arguments: str, input: bytes = b"", variables: Mapping[str, str] | None = None) -> str:
        """Return what `run` does, as text without the newline at its end."""
        return os.fsdecode(self.run(*arguments, input=input, variables=variables)).strip()

    def try_run(
        self, *arguments: str, input: bytes | BinaryIO = b"", variables: Mapping[str, str] | None = None
    ) -> "subprocess.CompletedProcess[bytes]":
        """Return what git did; one that does not start, or takes too long, has failed."""
        settings = [*self._ssh, *self._other_side, (f"remote.{REMOTE}.url", self.url), *self.settings]
        own = {"GIT_DIR": str(self.folder), **self.variables, **(variables or {})}
        place = own.get("GIT_WORK_TREE", str(self.folder))
        return _try_git(["--no-pager", "-C", place, *arguments], settings, own, input, self.timeout)

    @cached_property
    def _ssh(self) -> Settings:
        """How ssh is run, unless the user says how."""
        question = _try_git(["config", "--get", "core.sshCommand"], variables={"GIT_DIR": os.devnull})
        options = " ".join(f"-o {option}" for option in SSH_OPTIONS)
        is_said = "GIT_SSH" in os.environ or question.returncode == 0
        return () if is_said else [("core.sshCommand", f"ssh {options}")]

    @property
    def _other_side(self) -> Settings:
        """How git runs the other side, if it is on a disk of this computer: it may not name programs either."""
        if not is_local(self.url):
            return ()
        words = " ".join(f"-c {key}={value}" for key, value in _OTHER_SIDE.items())
        sides = ("upload-pack", "receive-pack")
        return [(f"remote.{REMOTE}.{side.replace('-', '')}", f"git {words} {side}") for side in sides]

    def fetch(self, branch: str, *options: str) -> str | None:
        """Return the last commit of a branch there, which is then here; None if it has no such branch."""
        wanted = f"+refs/heads/{branch}:{_FETCHED}"
        done = self.try_run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", *options, REMOTE, wanted)
        if done.returncode == 0:
            return self.run_text("rev-parse", "--verify", f"{_FETCHED}^{{commit}}")
        # What the other side says begins otherwise.
        if os.fsencode(f"fatal: couldn't find remote ref refs/heads/{branch}") in done.stderr.splitlines():
            return None
        raise GitRefusal(done)

    def push(self, commit: str, branch: str) -> None:
        """Make it the last commit of a branch there; raise GitRefusal if it does not continue the one that is last."""
        self.run("push", "--quiet", "--no-verify", REMOTE, f"{commit}:refs/heads/{branch}")

    def read(self, name: str) -> bytes:
        """Return the bytes of a file; they are fetched now if they are not here."""
        return self.run("cat-file", "blob", name)

    def read_tree(self, commit: str, paths: Iterable[str] = ()) -> dict[str, Blob]:
        """Return the files of a commit, or those below some paths, by their paths from the top."""
        answer = os.fsdecode(self.run("ls-tree", "-r", "-z", "--full-tree", commit, "--", *paths))
        entries = (entry.partition("\t") for entry in answer.split("\0") if entry)
        return {path: Blob(head.split(" ")[0], head.split(" ")[2]) for head, _, path in entries}

    def write_blob(self, content: bytes) -> str:
        """Store a content and return its name."""
        return self.run_text("hash-object", "-w", "--stdin", input=content)

    def write_tree(self, files: Mapping[str, Blob | None], *options: str, base: str | None = None) -> str:
        """Store the files of a commit, or of none, with some replaced (None: deleted); return the tree."""
        self.run("read-tree", *(["--reset", base] if base else ["--empty"]))
        zeros = "0" * len(base or "")
        lines = [f"{blob.mode} {blob.name}\t{path}" if blob else f"0 {zeros}\t{path}" for path, blob in files.items()]
        # Those that go make room for a folder of the same name.
        lines.sort(key=lambda line: not line.startswith("0 "))
        self.run("update-index", "-z", "--index-info", input=b"".join(os.fsencode(line) + b"\0" for line in lines))
        return self.run_text("write-tree", *options)

    def commit(
        self, tree: str, parents: Iterable[str | None], message: str, *options: str, by: Mapping[str, str] | None = None
    ) -> str:
        """Store a commit and return its name; `by` are variables that say by whom, if not by the user."""
        words = [word for parent in parents if parent for word in ("-p", parent)]
        return self.run_text("commit-tree", tree, *words, *options, "-F", "-", input=message.encode(), variables=by)

    def knows_user(self, role: str = "COMMITTER") -> bool:
        """Return whether git knows the name and the address of who is at this computer."""
        return self.try_run("var", f"GIT_{role}_IDENT").returncode == 0


def lacks_user() -> bool:
    """Return whether git is installed here, and knows nobody's name and address for all repositories."""
    return find_program("git") is not None and _try_git(["var", "GIT_COMMITTER_IDENT"]).returncode != 0


def _try_git(
    arguments: Sequence[str],
    settings: Settings = (),
    variables: Mapping[str, str] | None = None,
    input: bytes | BinaryIO = b"",
    timeout: float = TIMEOUT,
) -> "subprocess.CompletedProcess[bytes]":
    user = {name: value for name, value in os.environ.items() if name.startswith(_USER_VARIABLES)}
    count = user.get("GIT_CONFIG_COUNT", "")
    # As variables, settings are not seen by other users of this computer, as those in a command are.
    ours = setting_variables([*_SETTINGS, *settings], first=int(count) if count.isdecimal() else 0)
    environment = {**git_environment(), **user, **ours, **_FIXED_VARIABLES, **(variables or {})}
    command = [find_program("git") or "git-is-not-installed", *arguments]
    try:
        return run_program(command, input, timeout, environment)
    except OSError as error:
        said = f"fatal: git does not start ({error.strerror})"
    except subprocess.TimeoutExpired:
        said = f"fatal: no answer for {timeout:g} seconds"
    return subprocess.CompletedProcess(command, -1, b"", said.encode())


def run_program(
    command: Sequence[str], input: bytes | BinaryIO, timeout: float, environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[bytes]":
    """Return what a program did; one that takes too long is ended, with all that it started.

    Raise OSError if it does not start, and TimeoutExpired.
    """
    stream, content = (subprocess.PIPE, input) if isinstance(input, bytes) else (input, None)
    process = subprocess.Popen(
        command,
        stdin=stream,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        # Without a terminal neither git nor ssh can wait for an answer; and all of it can be ended at once.
        start_new_session=True,
    )
    try:
        output, complaints = process.communicate(content, timeout)
    except BaseException:
        with suppress(OSError):
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    return subprocess.CompletedProcess(command, process.returncode, output, complaints)


def repeat_words(said: str) -> str:
    """Return what git, ssh or a server said, as a message can repeat it: on one line, not too long, no passwords."""
    lines = [line for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if _TELLING.match(line)]
    plain = (re.sub(r"^(?:fatal|error|remote): ", "", " ".join(printable(line).split())) for line in telling or lines)
    words = re.sub(r"(?<=://)[^/@\s]+@", "", "; ".join(line.rstrip(".") for line in plain))
    # The reason comes last.
    return f"…{words[-_MAX_WORDS:]}" if len(words) > _MAX_WORDS else words or "it did not say why"


def is_local(url: str) -> bool:
    """Return whether an address is that of a repository on a disk of this computer."""
    scheme = _SCHEME.match(url)
    return scheme["scheme"].lower() == "file" if scheme else not _HOST_AND_PATH.match(url)


def absolute_url(url: str, top: Path) -> str:
    """Return an address that does not depend on the current folder, as it can from the top of a work tree."""
    return str(top / url) if is_local(url) and not _SCHEME.match(url) else url
