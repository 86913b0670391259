"""Whether the copies of a site are as new as the first: their lists of files are compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from statusgen import addresses
from statusgen.model.targets import Target
from statusgen.model.whole_site import Site
from statusgen.notify.reminders import Reminder
from statusgen.problems import TrustError
from statusgen.trust.copies import CopyError, WebCopy
from statusgen.trust.manifest import Manifest, read_manifest

_MAX_BYTES = 20_000_000
_TIME_LIMIT = 20.0
PUBLISHING_PERIOD = timedelta(minutes=15)
"""How long a copy may be behind: one is published after the other."""


def remind_of_mirrors(site: Site, now: datetime) -> list[Reminder]:
    """Return which copies are behind, ahead, different or gone; `now` is what the clock says.

    Nothing is asked for if there is only one.
    """
    targets: dict[str, Target] = {}
    for target in site.targets:
        targets.setdefault(target.url or site.url, target)
    if len(targets) < 2:
        return []
    (first_url, first), *mirrors = targets.items()
    main = _read_manifest(first_url)
    if main is None:
        return [_remind_of_missing(first_url, first, site, now)]
    return [
        each
        for url, target in mirrors
        for each in _compare(_Copy(first_url, first), main, _Copy(url, target), site, now)
    ]


@dataclass(frozen=True)
class _Copy:
    """A copy at an address, and the target by which it gets there."""

    url: str
    target: Target


def _compare(first: _Copy, main: Manifest, copy: _Copy, site: Site, now: datetime) -> Iterator[Reminder]:
    """Yield what is to be done about one copy, if anything."""
    manifest = _read_manifest(copy.url)
    if manifest is None:
        yield _remind_of_missing(copy.url, copy.target, site, now)
    elif manifest.files == main.files:
        return
    elif manifest.moment > main.moment:
        yield from _remind_of_older(first, main, copy.url, manifest, now)
    else:
        yield from _remind_of_older(copy, manifest, first.url, main, now)


def _remind_of_older(copy: _Copy, older: Manifest, other: str, newer: Manifest, now: datetime) -> Iterator[Reminder]:
    """Yield a reminder, unless the newer one may still be on its way: then it is new, and the older one still holds."""
    is_outdated = older.next_change is not None and now - older.next_change >= PUBLISHING_PERIOD
    if now - newer.moment < PUBLISHING_PERIOD and not is_outdated:
        return
    shows, has = older.format_time(older.moment), newer.format_time(newer.moment)
    words = f"{copy.url} shows the site as of {shows}, and {other} as of {has}"
    if older.moment == newer.moment:
        words = f"{copy.url} and {other} show different things, both as of {shows}"
    words = f"{words}: residents may read what is not true."
    key = f"behind: {copy.url} {older.moment.isoformat()}"
    yield Reminder(key, f"A copy is behind: {copy.url}", words, f"statusgen publish {copy.target.id}", copy.url)


def _remind_of_missing(url: str, target: Target, site: Site, now: datetime) -> Reminder:
    """Return a reminder of a copy that cannot be read; it is one for each day, on the site's clocks."""
    words = f"{url} cannot be read: residents may not find the site there."
    key = f"missing: {url} {site.local_day(now)}"
    return Reminder(key, f"A copy cannot be read: {url}", words, f"statusgen publish {target.id}", url)


def _read_manifest(url: str) -> Manifest | None:
    try:
        content: bytes = WebCopy(url, _TIME_LIMIT).read(addresses.manifest(), _MAX_BYTES)
        return read_manifest(content, url)
    except (CopyError, TrustError):
        return None
