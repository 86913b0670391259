"""What git, hosts and this computer say when something fails → which of the troubles it is."""

import errno
import re

from statusgen.desk.publishing.job import Trouble
from statusgen.problems import ContentError, PublishError, ShareError, TrustError, TwoTextsError
from statusgen.text import Json

_NO_NETWORK = re.compile(
    r"resolve host|name resolution|nodename nor servname|network is (?:unreachable|down)|no route to host|"
    r"connection (?:refused|reset|timed out|closed)|timed out|timeout|failed to connect|couldn't connect|"
    r"did not answer|does not answer|cannot be reached|no network",
    re.IGNORECASE,
)
_PASSWORD = re.compile(
    r"permission denied|authentication failed|could not read (?:username|password)|access denied|\b40[13]\b|"
    r"unauthorized|forbidden|invalid (?:username|credentials|token)|does not let this user|refuses this password|"
    r"asks for a password|no credentials|accessdenied|signature",
    re.IGNORECASE,
)
_FULL = re.compile(r"no space left|quota exceeded|disk there is full", re.IGNORECASE)
_NEWER = re.compile(r"not in the history here|already, and this site only", re.IGNORECASE)
_NO_NAME = re.compile(r"user\.name|user\.email|who you are|your name", re.IGNORECASE)
_BUSY = re.compile(r"another (?:statusgen|program)|faster again and again", re.IGNORECASE)


class StoppedError(Exception):
    """A publication does not go on: why, and what a program or a host said, for those who look after it.

    `more` is noted beside it.
    """

    def __init__(self, trouble: Trouble, technical: str = "", **more: Json) -> None:
        super().__init__(technical)
        self.trouble, self.technical, self.more = trouble, technical, more


def explain_share(words: str) -> Trouble:
    """Return why the shared copy does not have it, from the sentence that says so."""
    if _BUSY.search(words):
        return Trouble.SHARED_COPY_BUSY
    if _PASSWORD.search(words) or "does not accept what you wrote" in words:
        return Trouble.SHARED_COPY_REFUSES
    return Trouble.NO_NETWORK if "cannot be reached now" in words else Trouble.NOT_SHARED


def explain_error(error: Exception) -> Trouble:
    """Return what an error means."""
    words = str(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return Trouble.DISK_FULL
    if isinstance(error, TwoTextsError):
        return Trouble.TWO_TEXTS
    if isinstance(error, ShareError):
        if _BUSY.search(words):
            return Trouble.SHARED_COPY_BUSY
        return Trouble.NO_NAME if _NO_NAME.search(words) else Trouble.NOT_SHARED
    if isinstance(error, ContentError):
        return Trouble.OTHER_MISTAKE
    if isinstance(error, TrustError):
        return Trouble.KEY_FAILS
    if isinstance(error, PublishError):
        return _explain_host(words)
    return Trouble.DISK_FULL if _FULL.search(words) else Trouble.UNEXPECTED


def _explain_host(words: str) -> Trouble:
    for pattern, trouble in (
        (_NEWER, Trouble.NEWER_THERE),
        (_FULL, Trouble.HOST_FULL),
        (_PASSWORD, Trouble.HOST_PASSWORD),
        (_NO_NETWORK, Trouble.HOST_SILENT),
    ):
        if pattern.search(words):
            return trouble
    return Trouble.HOST_REFUSES
