"""Publishes in a bucket: of Amazon (s3:), Azure (az:), Google (gs:), or any other store that speaks as one of these.

A bucket has no way to change all of its files at once. They are sent so that a reader always meets whole pages: what
pages load before the pages, the front page when all others are there, the manifest last, and deletions after that.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from statusgen import addresses
from statusgen.model.targets import TargetAddress
from statusgen.outputs.host import media_type
from statusgen.problems import PublishError, TrustError
from statusgen.publish.built_site import NOT_SERVED, BuiltSite
from statusgen.publish.lease import LEASE_SECONDS, PATIENCE, Lease, LeaseLostError, Say, Watch
from statusgen.publish.plan import Plan
from statusgen.publish.record import Record
from statusgen.publish.send import digest_of
from statusgen.publish.store import Store, StoreError
from statusgen.publish.target import Progress, Published
from statusgen.trust.manifest import MAX_BYTES, UNLISTED_PATHS, read_manifest

_AT_ONCE = 16
# The types of what a browser fetches for a page, besides the page itself.
_LOADED_BY_PAGES = ("image/", "font/", "text/css", "text/javascript")
_OLD = "Residents see the site as it was."
_MIXED = "Residents may see the front page as it was, while pages behind it are new already."
_NEW = "Residents see the new site."
_AGAIN = "Publish again: it goes on where it stopped."
_NOTHING_SENT = "Nothing was sent."


class BucketTarget:
    """A bucket, or a folder in it. `lease` is how many seconds a publisher that says nothing counts as alive."""

    def __init__(self, address: TargetAddress, endpoint: str | None, say: Say, lease: float = LEASE_SECONDS) -> None:
        self._address, self._lease, self._say = address, lease, say
        with self._explain_errors(_OLD, _NOTHING_SENT):
            self._store = Store(address, endpoint, lease * PATIENCE)

    @property
    def name(self) -> str:
        """The address."""
        return self._address.text

    def read_published(self) -> Published:
        """Return what it has, as soon as nobody is publishing there; raise PublishError."""
        with self._explain_errors(_OLD, _NOTHING_SENT):
            # The record first: if anyone publishes after that, its tag is not the one that `send` expects.
            record, tag = Watch(self._store, self.name, self._lease, self._say).wait_for_turn()
            manifest, _ = self._store.read(addresses.manifest(), MAX_BYTES) or (None, "")
            return Published(manifest, record if tag or not manifest else _distrust(manifest), tag)

    def send(self, site: BuiltSite, plan: Plan, published: Published, now: datetime, progress: Progress) -> None:
        """Send what the plan says; raise PublishError, also if anybody published since `published`."""
        before = published.record
        plan = replace(plan, pages=tuple(path for path in plan.pages if path not in NOT_SERVED))
        record = replace(
            before,
            retired={**before.retired, **plan.retired},
            uncertain=tuple(sorted({*before.uncertain, *plan.changes})),
        )
        lease = Lease(self._store, self._lease, self._say)
        with self._explain_errors(_OLD):
            lease.take(record, published.token)
        try:
            known = before.uncertain if published.token else ()
            self._send_all(_Delivery(self._store, site, lease, len(plan.changes), progress), plan, known)
            with self._explain_errors(_NEW):
                lease.end(Record(manifest=digest_of(site), at=now, signatures=site.signatures, retired=plan.retired))
        except BaseException:
            lease.give_up()
            raise

    def _send_all(self, delivery: "_Delivery", plan: Plan, resumed: Iterable[str]) -> None:
        pages = [path for path in plan.pages if path.endswith(".html")]
        parts = [path for path in plan.pages if media_type(path).startswith(_LOADED_BY_PAGES)]
        others = sorted({*plan.pages}.difference(pages, parts))
        front = [path for path in plan.last if path not in UNLISTED_PATHS]
        with self._explain_errors(_OLD):
            delivery.find_what_is_there(resumed)
            delivery.send(plan.first)
            delivery.send(parts)
        with self._explain_errors(_MIXED):
            # Anyone who follows a feed or reads the data then finds the pages that these tell of.
            for group in (pages, others, front):
                delivery.send(group)
        with self._explain_errors(_NEW):
            for path in plan.last[len(front) :]:
                delivery.send([path])
            delivery.delete(plan.deletions)

    @contextmanager
    def _explain_errors(self, seen: str, next: str = _AGAIN) -> Iterator[None]:
        """Raise every error as a PublishError that says what residents see now, and what comes next."""
        try:
            yield
        except StoreError as error:
            raise PublishError(f"{self.name}: {error} {seen} {next}") from None
        except PublishError as error:
            raise PublishError(f"{error} {seen}") from None
        except LeaseLostError:
            what = "Someone else began to publish there meanwhile, so this stopped."
            hint = "Residents will see what they send. Publish again when that has ended."
            raise PublishError(f"{self.name}: {what} {hint}") from None


def _distrust(manifest: bytes) -> Record:
    """Return the record of a bucket that has none: somebody else filled it, and with which headers is not known."""
    try:
        return Record(uncertain=tuple(read_manifest(manifest, addresses.manifest()).files))
    except TrustError:
        return Record()


@dataclass
class _Delivery:
    """Files on their way to a store: group after group, several of a group at once.

    `there` is the MD5 of what an interrupted publication may have sent: what is as it should be is not sent again.
    """

    store: Store
    site: BuiltSite
    lease: Lease
    total: int
    progress: Progress
    there: dict[str, str] = field(default_factory=dict)
    done: int = 0

    def find_what_is_there(self, uncertain: Iterable[str]) -> None:
        """Look which files an interrupted publication brought to their end: by their hashes, if the store has any."""
        candidates = {*uncertain}.intersection(self.site.digests)
        if candidates:
            self.there = {path: md5 for path, md5 in self.store.list_digests().items() if path in candidates}

    def send(self, paths: Iterable[str]) -> None:
        """Send a group, and return when all of it is there."""
        self._run(self._send_file, [*paths])

    def delete(self, paths: Iterable[str]) -> None:
        """Delete files."""
        self._run(self._delete_file, [*paths])

    def _send_file(self, path: str) -> None:
        content = self.site.read(path)
        if path in self.there and self.there[path] == hashlib.md5(content, usedforsecurity=False).hexdigest():
            return
        self._refuse_if_stale()
        self.store.write(path, content, self.site.headers(path))

    def _delete_file(self, path: str) -> None:
        self._refuse_if_stale()
        self.store.delete(path)

    def _refuse_if_stale(self) -> None:
        if not self.lease.is_fresh:
            raise StoreError("The store has not answered for too long.")

    def _run(self, job: Callable[[str], None], paths: Sequence[str]) -> None:
        """Run a job for each path; meanwhile, say now and then that we are alive."""
        if not paths:
            return
        self.lease.renew()
        pool = ThreadPoolExecutor(min(_AT_ONCE, len(paths)))
        try:
            for future in [pool.submit(job, path) for path in paths]:
                self._await(future)
                self.done += 1
                self.progress(self.done, self.total)
        finally:
            pool.shutdown(cancel_futures=True)

    def _await(self, future: Future[None]) -> None:
        self.lease.keep()
        while not future.done():
            wait((future,), self.lease.interval)
            self.lease.keep()
        future.result()
