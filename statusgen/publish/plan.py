"""What a target lacks, and in which order it gets it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from statusgen import addresses
from statusgen.publish.built_site import BuiltSite
from statusgen.publish.record import GRACE_PERIOD, Record
from statusgen.trust.manifest import UNLISTED_PATHS, Manifest


@dataclass(frozen=True)
class Plan:
    """The paths to send, one group after the other, and then those to delete.

    `first` is what pages load, under names that change with the content. `pages` are all other files. `last` are the
    front pages and the manifest, by which a reader knows that all of it is there. `retired` are the files that stay
    for pages that were loaded before, each with since when no new page asks for it.
    """

    first: tuple[str, ...]
    pages: tuple[str, ...]
    last: tuple[str, ...]
    deletions: tuple[str, ...]
    retired: Mapping[str, datetime]

    @property
    def sent(self) -> tuple[str, ...]:
        """All paths to send, in their order."""
        return (*self.first, *self.pages, *self.last)

    @property
    def changes(self) -> tuple[str, ...]:
        """All paths that will not be what they were."""
        return (*self.sent, *self.deletions)


def make_plan(site: BuiltSite, published: Manifest | None, record: Record, now: datetime) -> Plan:
    """Return what a target lacks that has the `published` manifest's files, and the record of what else it has.

    Only the hashes decide. What an interrupted publication may have touched is sent even if the manifest lists it.
    """
    before = {path: entry.sha256 for path, entry in published.files.items()} if published else {}
    uncertain = {*record.uncertain}
    sent = sorted(path for path, digest in site.digests.items() if before.get(path) != digest or path in uncertain)
    gone = {*before, *record.retired, *record.signatures, *uncertain} - {*site.digests}
    retired = {
        path: since
        for path in sorted(gone)
        if site.is_kept_forever(path) and now - (since := record.retired.get(path, now)) < GRACE_PERIOD
    }
    first = tuple(path for path in sent if site.is_kept_forever(path))
    last = tuple(sorted((path for path in sent if _is_last(path)), key=_rank_last))
    pages = tuple(path for path in sent if path not in {*first, *last})
    return Plan(first, pages, last, tuple(sorted(gone - {*retired})), retired)


def _is_last(path: str) -> bool:
    return path in UNLISTED_PATHS or path == addresses.file_path(addresses.front())


def _rank_last(path: str) -> tuple[bool, bool, str]:
    """Order the front page before the signatures, and the manifest after all."""
    return path == addresses.manifest(), path in UNLISTED_PATHS, path
