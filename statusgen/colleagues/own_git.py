"""Git, run on the objects of a repository without anything that the repository itself says.

To share what was written, git has to write and to use the network. A repository can name programs for nearly all of
that: hooks, filters, merge drivers, the ssh to use, who knows the password. So each command runs in a git folder of
our own, which has only the objects of the repository; of its settings those count that are on a short list, none of
which can name a program. What the user has set for all repositories counts, except filters: those ask the repository.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from statusgen.git import TIMEOUT, find_program, git_environment
from statusgen.problems import ShareError
from statusgen.text import printable

# How files become objects on this computer, who writes, and a token that is sent to the server of the remote.
_KEPT = re.compile(
    r"core\.(?:filemode|ignorecase|symlinks|precomposeunicode|autocrlf|eol)|user\.(?:name|email)|http\..*\.extraheader"
)
_FILTER = re.compile(r"(filter\..*)\.(?:clean|smudge|process|required)", re.DOTALL)
_FORMATS = ("sha1", "sha256")
_SETTINGS = {
    "core.attributesFile": os.devnull,
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.safecrlf": "false",
    "diff.ignoreSubmodules": "all",
    "fetch.recurseSubmodules": "false",
    "gc.auto": "0",
    "i18n.commitEncoding": "UTF-8",
    "i18n.logOutputEncoding": "UTF-8",
    "log.mailmap": "false",
    "log.showSignature": "false",
    "maintenance.auto": "false",
    "protocol.ext.allow": "never",
    "push.gpgSign": "false",
    "push.recurseSubmodules": "no",
    "submodule.recurse": "false",
    "user.useConfigOnly": "true",
}
# The user's own ways into servers, and their name.
_USER_VARIABLES = (
    "GIT_ASKPASS", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT",
    "GIT_AUTHOR_EMAIL", "GIT_AUTHOR_NAME", "GIT_COMMITTER_EMAIL", "GIT_COMMITTER_NAME",
)  # fmt: skip
_PROTOCOLS = "file:git:http:https:ssh"
_MAX_WORDS = 300
"""How much of what git or a server says is repeated."""


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


@dataclass(frozen=True)
class OwnGit:
    """Runs git in `folder`, a git folder of our own, for the work tree at `top` with the objects in `objects`."""

    folder: Path
    top: Path
    objects: Path
    settings: Sequence[Setting]

    @classmethod
    def create(cls, folder: Path, top: Path, objects: Path, settings: Sequence[Setting]) -> "OwnGit":
        """Make the git folder."""
        for name in ("refs/heads", "objects"):
            (folder / name).mkdir(parents=True)
        (folder / "HEAD").write_text("ref: refs/heads/none\n", encoding="ascii")
        format = last_value(settings, "extensions.objectformat")
        more = f"\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = {format}\n" if format in _FORMATS else ""
        (folder / "config").write_text(f"[core]\n\tbare = false\n{more}", encoding="ascii")
        return cls(folder, top, objects, settings)

    @property
    def index(self) -> Path:
        """The index that commands use, unless they are given another."""
        return self.folder / "index"

    def run(self, *arguments: str, input: bytes = b"", index: Path | None = None) -> bytes:
        """Return what git prints; raise ShareError if it fails."""
        done = self.try_run(*arguments, input=input, index=index)
        if done.returncode:
            what = f"Git could not do its part (git {arguments[0]}): {repeat_words(done.stderr)}"
            raise ShareError(f"{what} Nothing that you wrote is lost. Ask somebody who knows git.")
        return done.stdout

    def run_text(self, *arguments: str, input: bytes = b"", index: Path | None = None) -> str:
        """Return what `run` does, as text without the newline at its end."""
        return os.fsdecode(self.run(*arguments, input=input, index=index)).strip()

    def try_run(
        self, *arguments: str, input: bytes = b"", index: Path | None = None, timeout: float = TIMEOUT
    ) -> "subprocess.CompletedProcess[bytes]":
        """Return what git did; one that takes too long is ended, with all that it started, and has failed."""
        overrides = [word for key, value in _SETTINGS.items() for word in ("-c", f"{key}={value}")]
        command = [find_program("git") or "git-is-not-installed", *overrides, "--no-pager", "-C", str(self.top)]
        command += arguments
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self._environment(index or self.index),
                # Without a terminal neither git nor ssh can wait for an answer; and all of it can be ended at once.
                start_new_session=True,
            )
        except OSError as error:
            raise ShareError(f"Git does not start ({error.strerror}).") from None
        try:
            output, complaints = process.communicate(input, timeout)
        except subprocess.TimeoutExpired:
            _end(process)
            return subprocess.CompletedProcess(command, -1, b"", b"fatal: no answer for %d seconds" % timeout)
        except BaseException:
            _end(process)
            raise
        return subprocess.CompletedProcess(command, process.returncode, output, complaints)

    def _environment(self, index: Path) -> dict[str, str]:
        kept = [(setting.key, setting.value) for setting in self.settings if setting.is_of_repository]
        pairs = [(key, value) for key, value in kept if _KEPT.fullmatch(key)]
        filters = sorted({found[1] for setting in self.settings if (found := _FILTER.fullmatch(setting.key))})
        powerless = {"clean": "", "smudge": "", "process": "", "required": "false"}
        pairs += [(f"{name}.{key}", value) for name in filters for key, value in powerless.items()]
        return {
            **git_environment(),
            **{name: os.environ[name] for name in _USER_VARIABLES if os.environ.get(name)},
            **format_settings(pairs),
            "GIT_ALLOW_PROTOCOL": _PROTOCOLS,
            "GIT_DIR": str(self.folder),
            "GIT_INDEX_FILE": str(index),
            "GIT_LITERAL_PATHSPECS": "1",
            "GIT_OBJECT_DIRECTORY": str(self.objects),
            "GIT_WORK_TREE": str(self.top),
            "LANGUAGE": "C",
            "LC_ALL": "C.UTF-8" if sys.platform == "linux" else "C",
        }


def _end(process: "subprocess.Popen[bytes]") -> None:
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def format_settings(pairs: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """Return variables that give git these settings: other users of this computer do not see them, as in a command."""
    variables = {"GIT_CONFIG_COUNT": str(len(pairs))}
    for number, (key, value) in enumerate(pairs):
        variables |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return variables


def parse_settings(answer: bytes) -> list[Setting]:
    """Return the settings that `git config --null --show-scope --list` names, the first that counts least."""
    fields = os.fsdecode(answer).split("\0")
    pairs = zip(fields[::2], fields[1::2], strict=False)
    return [Setting(scope, *entry.partition("\n")[::2]) for scope, entry in pairs]


def last_value(settings: Sequence[Setting], key: str) -> str | None:
    """Return what a setting is; None if it is not set. Sections and names are in small letters, as git lists them."""
    return next((setting.value for setting in reversed(settings) if setting.key == key), None)


def repeat_words(complaints: bytes) -> str:
    """Return what git or a server complained of, as a message can repeat it: on one line, and not too long."""
    lines = complaints.decode(errors="replace").splitlines()
    telling = [line for line in lines if re.match(r"fatal:|error:|remote:|!|ssh:", line) or "denied" in line]
    words = " ".join(" ".join(printable(line).split()) for line in telling or lines)
    words = re.sub(r"(?<=://)[^/@\s]+@", "", words)  # a password has no place in a message
    return f"{words[:_MAX_WORDS]}…" if len(words) > _MAX_WORDS else words or "it did not say why"
