"""The ledger on a branch of its own in the remote repository, which all who send from copies of it share.

The branch is read and written from a temporary repository: the work tree, the index, and the branches here stay as they
are. A push is refused if somebody else has pushed meanwhile; so of two senders, one learns what the other claimed.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from statusgen.git import explain_missing_history, repository_top, run_git, run_git_text
from statusgen.git_network import (
    FILE_MODE,
    NOBODY,
    Blob,
    GitRefusal,
    NetworkGit,
    absolute_url,
    find_tokens,
    read_settings,
)
from statusgen.notify.ledger import Entry, MakeEntries, Record, parse_record
from statusgen.notify.local_ledger import FILE, LocalLedger
from statusgen.problems import NotifyError
from statusgen.text import printable

BRANCH = "statusgen-sent"
_TIMEOUT = 120  # seconds
_MAX_LOST_PUSHES = 20


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
        raise NotifyError(f"{reason}, so it is not known what was sent already. {hint}")
    names = answer.split()
    branch = run_git_text(source, "symbolic-ref", "--quiet", "--short", "HEAD")
    followed = run_git_text(source, "config", "--get", f"branch.{branch}.remote") if branch else None
    chosen = next((name for name in (followed, "origin", *names[: len(names) == 1]) if name in names), None)
    if names and chosen is None:
        what = f"This repository has several remotes ({printable(', '.join(names))}), and its branch follows none."
        raise NotifyError(f"{what} Say which one it belongs to: git branch --set-upstream-to=REMOTE/BRANCH")
    return chosen


class GitLedger:
    """The ledger on the branch `statusgen-sent` of a remote.

    `copy` is what is kept of it beside services.yaml, and `folder` an empty folder for the temporary repository.
    """

    def __init__(self, source: Path, remote: str, folder: Path) -> None:
        self.remote, self.copy = remote, LocalLedger(source)
        self._results: list[Entry] = []
        # A path on this computer can be relative to the top of the work tree.
        url = run_git_text(source, "remote", "get-url", "--push", remote) or ""
        url = absolute_url(url, repository_top(source) or source)
        self._git = NetworkGit(folder, url, find_tokens(read_settings(source)), timeout=_TIMEOUT)
        self._tip: str | None = None
        with self._explain("cannot be written down"):
            self._git.create()

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
            before, refusal = self._tip, self._push(content + b"".join(lines))
            if refusal:
                self._fetch()
            now = self._read_branch()
            # A push whose answer got lost has failed only as far as git knows.
            if all(line in now for line in lines):
                self.copy.replace(now)
                return entries
            if refusal and self._tip == before:
                with self._explain("does not accept the record of what was sent"):
                    raise refusal
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
        return _add_own(self._read_branch(), self.copy)

    def _read_branch(self) -> bytes:
        with self._explain("cannot be read"):
            return self._git.read(f"{self._tip}:{FILE}") if self._tip else b""

    def _fetch(self) -> None:
        """Learn where the branch is now; it may not be there yet."""
        with self._explain("cannot be reached, so nothing more is sent"):
            self._tip = self._git.fetch(BRANCH, "--depth=1")

    def _push(self, content: bytes) -> GitRefusal | None:
        """Try to put a commit with this content on top of the one last seen; return why not, or None."""
        # Hosts that build every branch (Netlify, Cloudflare Pages) leave out commits that begin like this.
        message = "[skip ci] Record what was sent\n\nThis branch is no site, and publishes nothing.\n"
        with self._explain("cannot be written down"):
            tree = self._git.write_tree({FILE: Blob(FILE_MODE, self._git.write_blob(content))})
            commit = self._git.commit(tree, [self._tip], message, by=NOBODY)
        try:
            self._git.push(commit, BRANCH)
        except GitRefusal as refusal:
            return refusal
        self._tip = commit
        return None

    @contextmanager
    def _explain(self, what: str) -> Iterator[None]:
        """Put into words what git says."""
        try:
            yield
        except GitRefusal as refusal:
            hint = f"Check whether you can push there: git push {self.remote} HEAD:refs/heads/statusgen-test"
            raise NotifyError(f"The remote {self.remote} {what}: {refusal}. {hint}") from None


def read_known_lines(source: Path) -> bytes:
    """Return what is known here of the ledger, without asking anyone: the copy, and what git last fetched."""
    fetched = None
    with suppress(NotifyError):  # a build says by itself that git does not answer
        remote = find_remote(source)
        fetched = run_git(source, "cat-file", "blob", f"refs/remotes/{remote}/{BRANCH}:{FILE}") if remote else None
    return _add_own(fetched or b"", LocalLedger(source))


def _add_own(content: bytes, copy: LocalLedger) -> bytes:
    """Return what a branch has, and after it the whole lines that only the copy has."""
    here = copy.read_bytes()
    known = {*content.splitlines()}
    own = (line for line in here[: here.rfind(b"\n") + 1].splitlines() if line not in known)
    return content + b"".join(line + b"\n" for line in own)
