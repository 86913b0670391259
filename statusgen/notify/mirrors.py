"""Whether the copies of a site are as new as the first: their lists of files are compared."""

from collections.abc import Iterator
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
    targets = {target.url or site.url: target for target in reversed(site.targets)}
    if len(targets) < 2:
        return []
    (first_url, first), *mirrors = reversed(targets.items())
    main = _read_manifest(first_url)
    if main is None:
        return [_remind_of_missing(first_url, first, site, now)]
    return [each for url, target in mirrors for each in _compare(url, target, (first, main), site, now)]


def _compare(url: str, target: Target, first: tuple[Target, Manifest], site: Site, now: datetime) -> Iterator[Reminder]:
    mirror, main = _read_manifest(url), first[1]
    if mirror is None:
        yield _remind_of_missing(url, target, site, now)
    elif mirror.files == main.files or now - max(main.moment, mirror.moment) < PUBLISHING_PERIOD:
        return
    elif mirror.moment > main.moment:
        yield _remind_of_older(first[0], site.url if first[0].url is None else first[0].url, main, url, mirror)
    else:
        yield _remind_of_older(target, url, mirror, "the first copy", main)


def _remind_of_older(target: Target, url: str, older: Manifest, other: str, newer: Manifest) -> Reminder:
    shows, has = older.format_time(older.moment), newer.format_time(newer.moment)
    words = f"{url} shows the site as of {shows}, and {other} as of {has}: residents may read what is no longer true."
    key = f"behind: {url} {older.moment.isoformat()}"
    return Reminder(key, f"A copy is behind: {url}", words, f"statusgen publish {target.id}", url)


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
