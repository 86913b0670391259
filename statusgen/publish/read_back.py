"""Looks at what residents see after a publication, and at which mirror is behind."""

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from time import monotonic, sleep

from statusgen import addresses
from statusgen.problems import TrustError
from statusgen.publish.built_site import BuiltSite
from statusgen.trust.comparison import Finding, check_age, compare_copy
from statusgen.trust.copies import CopyError, MissingFileError, UnreachableError, WebCopy
from statusgen.trust.manifest import MAX_BYTES, Manifest, read_manifest

_PAUSE = 3.0  # seconds between two looks at a page that is not there yet
_FRESH = re.compile(r"(?:^|[\s,])(s-maxage|max-age)=(\d{1,8})")


@dataclass(frozen=True)
class ReadBack:
    """What a resident gets at an address after a publication.

    `arrived` says whether it is the site that was sent. `findings` are the files that are not as they were sent. `why`
    ends a sentence about a site that has not arrived, and `cached_for` is how long a cache on the way may go on showing
    what it has. `lacks_pages`: all files are there, and no page is, because the host does not know what a folder's is.
    """

    url: str
    arrived: bool
    findings: tuple[Finding, ...] = ()
    why: str = ""
    cached_for: timedelta | None = None
    lacks_pages: bool = False


def read_back(url: str, site: BuiltSite, sent: Collection[str], patience: float) -> ReadBack:
    """Compare what residents get at `url` with what was sent; wait up to `patience` seconds for it to appear.

    The files that were sent are compared, and those that every visitor loads.
    """
    copy = WebCopy(url)
    answer = _await_manifest(copy, site, patience)
    if answer is not None:
        return ReadBack(url, False, why=answer[0], cached_for=answer[1])
    essential = {path for path in site.manifest.files if path.endswith("index.html") and path.count("/") <= 1}
    wanted = {*sent, *essential}
    files = {path: entry for path, entry in site.manifest.files.items() if path in wanted}
    findings = tuple(compare_copy(copy, replace(site.manifest, files=files)))
    pages = {path for path in files if path.endswith("index.html")}
    return ReadBack(url, not findings, findings, lacks_pages={finding.path for finding in findings} == pages != set())


def _await_manifest(copy: WebCopy, site: BuiltSite, patience: float) -> tuple[str, timedelta | None] | None:
    """Return None as soon as the manifest of `site` is there, else what is there instead when patience ends."""
    ends = monotonic() + patience
    while True:
        try:
            answer = copy.ask(addresses.manifest(), MAX_BYTES)
            if answer.body == site.manifest_bytes:
                return None
            why, cached_for = _describe_other(answer.body, site.manifest), read_freshness(answer.headers)
        except CopyError as error:
            why, cached_for = _describe_error(error), None
        if monotonic() + _PAUSE > ends:
            return why, cached_for
        sleep(_PAUSE)


def _describe_error(error: CopyError) -> str:
    name = addresses.manifest()
    return f"{name} is missing there" if isinstance(error, MissingFileError) else f"{name} {error}"


def _describe_other(content: bytes, expected: Manifest) -> str:
    try:
        other = read_manifest(content, "it")
    except TrustError:
        return "it shows something else than a site of statusgen"
    if other.moment == expected.moment:
        return "it shows another site of the same moment"
    return f"it still shows {other.format_time(other.moment)}"


def read_freshness(headers: Iterable[tuple[str, str]]) -> timedelta | None:
    """Return how long caches may still send an answer as it is (RFC 9111, section 4.2); None if it does not say."""
    found = {name.lower(): value for name, value in headers}
    lifetimes = {kind: int(seconds) for kind, seconds in _FRESH.findall(found.get("cache-control", ""))}
    lifetime = lifetimes.get("s-maxage", lifetimes.get("max-age"))
    age = found.get("age", "0")
    if lifetime is None:
        return None
    return timedelta(seconds=max(0, lifetime - (int(age) if age.isdigit() and len(age) < 9 else 0)))


class Contact(Enum):
    """Whether anybody is there at an address."""

    ANSWERED = "it has a page, or says that it has none yet"
    DISTURBED = "there is a way to it, and no page"
    NONE = "there is no way to it"


@dataclass(frozen=True)
class MirrorState:
    """What one address shows: its manifest, or why that cannot be read; `is_behind` compares it with the newest."""

    url: str
    manifest: Manifest | None
    digest: str
    contact: Contact = Contact.ANSWERED
    why: str = ""
    is_behind: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether residents see the newest site there, and it is not too old."""
        return self.manifest is not None and not self.is_behind and not self.findings


def compare_mirrors(urls: Iterable[str], now: datetime, grace: timedelta) -> tuple[MirrorState, ...]:
    """Return what each address shows, in their order; the newest site that any of them has is what all should have.

    One that is dated ahead says nothing of the others: a clock was wrong, or somebody lies.
    """
    states = [*map(_look, urls)]
    moments = [state.manifest.moment for state in states if state.manifest]
    newest = max((moment for moment in moments if moment <= now + grace), default=None)
    wanted = next((state.digest for state in states if state.manifest and state.manifest.moment == newest), "")
    return tuple(_judge(state, wanted, now, grace) for state in states)


def _judge(state: MirrorState, wanted: str, now: datetime, grace: timedelta) -> MirrorState:
    if state.manifest is None:
        return state
    if state.manifest.moment > now + grace:
        ahead = Finding(addresses.manifest(), "has a time that is still to come, so one of two clocks is wrong")
        return replace(state, findings=(ahead,))
    findings = (*state.findings, *check_age(state.manifest, now, grace, None))
    return replace(state, is_behind=state.digest != wanted, findings=findings)


def _judge_contact(error: CopyError) -> Contact:
    if isinstance(error, MissingFileError):
        return Contact.ANSWERED
    return Contact.NONE if isinstance(error, UnreachableError) else Contact.DISTURBED


def _look(url: str) -> MirrorState:
    copy = WebCopy(url)
    try:
        content = copy.read(addresses.manifest(), MAX_BYTES)
        manifest = read_manifest(content, url)
    except CopyError as error:
        return MirrorState(url, None, "", _judge_contact(error), _describe_error(error))
    except TrustError as error:
        return MirrorState(url, None, "", Contact.DISTURBED, str(error))
    front = addresses.file_path(addresses.front())
    files = {front: manifest.files[front]} if front in manifest.files else {}
    findings = tuple(compare_copy(copy, replace(manifest, files=files)))
    return MirrorState(url, manifest, hashlib.sha256(content).hexdigest(), findings=findings)
