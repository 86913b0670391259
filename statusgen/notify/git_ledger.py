"""The ledger on a branch of its own in the remote repository, which all who send from copies of it share.

The branch is read and written from a temporary repository: the work tree, the index, and the branches here stay as they
are. A push is refused if somebody else has pushed meanwhile; so of two senders, one learns what the other claimed.
"""

import os
import re
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from statusgen.git import explain_missing_history, find_program, repository_top, run_git, run_git_text
from statusgen.notify.ledger import Entry, MakeEntries, Record, parse_record
from statusgen.notify.local_ledger import FILE, LocalLedger
from statusgen.problems import NotifyError
from statusgen.text import printable

BRANCH = "statusgen-sent"
_REF = f"refs/heads/{BRANCH}"
_TIMEOUT = 120  # seconds
_MAX_LOST_PUSHES = 20
# Other ways to reach a repository run a program that its address names (gitremote-helpers, ext::).
_PROTOCOLS = "file:git:http:https:ssh"
# How this user reaches other computers. Everything else that begins so is about the repository at hand.
_USER_VARIABLES = (
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSH_VARIANT",
    "GIT_ASKPASS",
    "GIT_SSL_CAINFO",
    "GIT_PROXY_SSL_CAINFO",
)
_AUTHOR = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "statusgen"), ("EMAIL", "statusgen@localhost"))
}
_NOT_FOUND = 2  # the exit code of git ls-remote --exit-code


def find_remote(source: Path) -> str | None:
    """Return the name of the remote that has the ledger: the one that the current branch follows, or else the only one.

    None where there is none. Raise NotifyError if that cannot be found out: a ledger of one's own, beside one that
    others share, would tell people twice.
    """
    if repository_top(source) is None:
        return None
    answer = run_git_text(source, "remote")
    if answer is None:
        reason, hint = explain_missing_history(source) or ("Git does not answer", "Try git remote in this folder.")
        raise NotifyError(f"{reason}, so nobody can tell what was sent already. {hint}")
    names = answer.split()
    branch = run_git_text(source, "symbolic-ref", "--quiet", "--short", "HEAD")
    followed = run_git_text(source, "config", "--get", f"branch.{branch}.remote") if branch else None
    chosen = next((name for name in (followed, "origin", *names[: len(names) == 1]) if name in names), None)
    if names and chosen is None:
        what = f"This repository has several remotes ({printable(', '.join(names))}), and its branch follows none."
        raise NotifyError(f"{what} Say which one it belongs to: git branch --set-upstream-to=REMOTE/BRANCH")
    return chosen


def _find_url(source: Path, remote: str) -> str:
    """Return the address of a remote; a path on this computer can be relative to the top of the work tree."""
    url = run_git_text(source, "remote", "get-url", "--push", remote) or ""
    is_path = "://" not in url and not re.match(r"[^/]+:", url)
    return str((repository_top(source) or source) / url) if is_path else url


class GitLedger:
    """The ledger on the branch `statusgen-sent` of a remote.

    `copy` is what is kept of it beside services.yaml, and `folder` an empty folder for the temporary repository.
    """

    def __init__(self, source: Path, remote: str, folder: Path) -> None:
        self.source, self.remote, self.copy = source, remote, LocalLedger(source)
        self._url = _find_url(source, remote)
        self._results: list[Entry] = []
        self._folder = folder
        self._environment = _network_environment(source)
        self._tip: str | None = None
        self._run("init", "--quiet", "--bare", "--template=", ".")

    def read(self) -> Record:
        """Return what the branch says now, and what is only known here because it was sent before there was one."""
        self._fetch()
        return parse_record(self._read_content(), BRANCH)

    def add(self, make_entries: MakeEntries) -> Sequence[Entry]:
        """Push lines; when somebody else was faster, look at theirs and try again."""
        for _ in range(_MAX_LOST_PUSHES):
            content = self._read_content()
            entries = make_entries(parse_record(content, BRANCH))
            if not entries:
                return entries
            lines = [entry.as_line() for entry in entries]
            before, done = self._tip, self._push(content + b"".join(lines))
            if done.returncode:
                self._fetch()
            now = self._read_branch()
            # A push whose answer got lost has failed only as far as git knows.
            if all(line in now for line in lines):
                self.copy.replace(now)
                return entries
            if self._tip == before:
                raise self._explain("does not take the record of what was sent", done.stderr)
        raise NotifyError("Others write to the record of what was sent without end. Try again later.")

    def note_result(self, entry: Entry) -> None:
        """Keep a result until `finish`: a push takes seconds."""
        self._results.append(entry)

    def finish(self) -> None:
        """Push all results."""
        results, self._results = self._results, []
        if results:
            self.add(lambda _record: results)

    def _read_content(self) -> bytes:
        """Return what the branch has, and after it the lines that are only here."""
        content = self._read_branch()
        here = self.copy.read_bytes()
        known = set(content.splitlines())
        own = [line for line in here[: here.rfind(b"\n") + 1].splitlines() if line not in known]
        return content + b"".join(line + b"\n" for line in own)

    def _read_branch(self) -> bytes:
        return self._run("cat-file", "blob", f"{self._tip}:{FILE}") if self._tip else b""

    def _fetch(self) -> None:
        """Learn where the branch is now; it may not be there yet."""
        done = self._try("fetch", "--quiet", "--no-tags", "--depth=1", "--", self._url, f"+{_REF}:{_REF}")
        if done.returncode == 0:
            self._tip = self._run("rev-parse", _REF).decode().strip()
            return
        asked = self._try("ls-remote", "--quiet", "--exit-code", "--", self._url, _REF)
        if asked.returncode != _NOT_FOUND:
            raise self._explain("cannot be reached, so nothing more is sent", done.stderr or asked.stderr)
        self._tip = None

    def _push(self, content: bytes) -> subprocess.CompletedProcess[bytes]:
        """Try to put a commit with this content on top of the one last seen."""
        blob = self._run("hash-object", "-w", "--stdin", input=content).decode().strip()
        tree = self._run("mktree", input=f"100644 blob {blob}\t{FILE}\n".encode()).decode().strip()
        parents = ["-p", self._tip] if self._tip else []
        # Hosts that build every branch (Netlify, Cloudflare Pages) leave out commits that begin like this.
        message = "[skip ci] Record what was sent\n\nThis branch is no site, and publishes nothing."
        commit = self._run("commit-tree", tree, *parents, "-m", message).decode().strip()
        done = self._try("push", "--quiet", "--no-verify", "--", self._url, f"{commit}:{_REF}")
        if done.returncode == 0:
            self._tip = commit
        return done

    def _run(self, *arguments: str, input: bytes = b"") -> bytes:
        """Return what git prints about the temporary repository; raise NotifyError."""
        done = self._try(*arguments, input=input)
        if done.returncode:
            raise self._explain("cannot be read or written", done.stderr)
        return done.stdout

    def _try(self, *arguments: str, input: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        settings = ("-c", f"core.hooksPath={os.devnull}", "-c", "gc.auto=0", "-C", str(self._folder))
        # Users can have told git to take no bare repository that is not named.
        named = () if arguments[0] == "init" else ("--git-dir=.",)
        command = [find_program("git") or "git-is-not-installed", *settings, *named, *arguments]
        try:
            return subprocess.run(
                command, capture_output=True, timeout=_TIMEOUT, env=self._environment, input=input, check=False
            )
        except subprocess.TimeoutExpired:
            raise self._explain(f"has not answered for {_TIMEOUT} seconds", b"") from None
        except OSError as error:
            raise self._explain("cannot be asked, because git does not start", str(error).encode()) from None

    def _explain(self, what: str, complaint: bytes) -> NotifyError:
        lines = complaint.decode(errors="replace").splitlines()
        words = " ".join(line for line in lines if not line.startswith(("hint:", "warning:")))
        said = printable(" ".join(words.split()))
        said = re.sub(r"://[^/@\s]*@", "://…@", said)[:300]  # the address of a remote can have a password in it
        hint = f"See whether you can push there: git push {self.remote} HEAD:refs/heads/statusgen-test"
        return NotifyError(f"The remote {self.remote} {what}{f': {said}' if said else '.'} {hint}")


def _network_environment(source: Path) -> dict[str, str]:
    """Return an environment in which git reaches the network as this user does, and as the repository says nothing.

    The one exception is the header by which workflows of GitHub prove who they are: it goes only to the address that
    it is for, and runs nothing.
    """
    user = {name: os.environ[name] for name in _USER_VARIABLES if name in os.environ}
    ours = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    plain = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", "LANGUAGE": "C"}
    environment = ours | user | _AUTHOR | plain | {"GIT_ALLOW_PROTOCOL": _PROTOCOLS}
    answer = run_git(source, "config", "--null", "--get-regexp", r"^http\..*\.extraheader$") or b""
    headers = [os.fsdecode(entry).split("\n", 1) for entry in answer.split(b"\0") if entry]
    environment["GIT_CONFIG_COUNT"] = str(len(headers))
    for number, (name, value) in enumerate(headers):
        environment |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return environment


def read_known_lines(source: Path) -> bytes:
    """Return what is known here of the ledger, without asking anyone: the copy, and what git last fetched."""
    content = LocalLedger(source).read_bytes()
    content, fetched = content[: content.rfind(b"\n") + 1], None
    with suppress(NotifyError):  # a build says by itself that git does not answer
        remote = find_remote(source)
        fetched = run_git(source, "cat-file", "blob", f"refs/remotes/{remote}/{BRANCH}:{FILE}") if remote else None
    known = set((fetched or b"").splitlines())
    return (fetched or b"") + b"".join(line + b"\n" for line in content.splitlines() if line not in known)
