"""Small editions of a site to be published, what is then found at a target, and readers who look all the while."""

import hashlib
import json
import multiprocessing
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Event, Thread

import obstore.store

from statusgen.outputs.host import CACHE_BRIEFLY, CACHE_FOREVER, HeaderRule
from statusgen.problems import PublishError
from statusgen.publish.buckets import BucketTarget
from statusgen.publish.built_site import BuiltSite
from statusgen.publish.plan import Plan
from statusgen.publish.record import RECORD_FILE, Record, read_record
from statusgen.publish.send import deliver, prepare_delivery
from tests.support.stores import Bucket

NOW = datetime(2024, 5, 5, 15, tzinfo=UTC)
PATIENT = 60.0  # seconds of a lease that no test waits for
REFUSED = 3
"""With what a process exits that could not publish, and said what residents see."""
RULES = (
    HeaderRule("/*", (("Cache-Control", CACHE_BRIEFLY),)),
    HeaderRule("/script-*.js", (("Cache-Control", CACHE_FOREVER),)),
)


def make_edition(folder: Path, number: int, pages: int = 6, changed: Sequence[int] | None = None) -> BuiltSite:
    """Write an edition of a site and open it.

    Its front page loads a script whose name changes with the edition, and a picture. All pages tell the edition, or, if
    only some `changed`, the others still tell the first one. Each edition has a page that no other has.
    """
    picture = f"<svg><!-- {number} --></svg>".encode()
    files = {f"script-{number:08x}.js": f"// {number}\n".encode() * 20, "images/photo.svg": picture}
    for page in ["index.html", "es/index.html", *(f"services/s{each}/index.html" for each in range(pages))]:
        shown = number
        if changed is not None and page.startswith("services/"):
            shown = number if int(page.split("/")[1][1:]) in changed else 0
        files[page] = _page(shown).encode()
    if changed is not None:
        files |= {"script-00000000.js": b"// 0\n" * 20, "images/photo.svg": b"<svg/>"}
    files[f"incidents/{number}/index.html"] = _page(number).encode()
    files["status.json"] = json.dumps({"edition": number}).encode()
    files["feed.xml"] = f"<rss>{number}</rss>".encode()
    return write_edition(folder, files, NOW + timedelta(hours=number))


def write_edition(folder: Path, files: Mapping[str, bytes], moment: datetime) -> BuiltSite:
    """Write files and the manifest of them."""
    for path, content in {**files, "manifest.json": write_manifest(files, moment)}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return BuiltSite.open(folder, RULES)


def write_manifest(files: Mapping[str, bytes], moment: datetime) -> bytes:
    """Return the manifest of files."""
    entries = [
        {"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for path, content in sorted(files.items())
    ]
    manifest = {
        "version": 1,
        "at": moment.isoformat(),
        "next_change": None,
        "revision": None,
        "site": {"timezone": "America/Chicago"},
        "files": entries,
    }
    return json.dumps(manifest, indent=1).encode()


def _page(number: int) -> str:
    head = f'<script src="/script-{number:08x}.js"></script><img src="/images/photo.svg">'
    return f"<!doctype html><title>Edition {number}.</title>{head}\n"


def edition_of(page: bytes) -> int:
    """Return which edition a page tells."""
    found = re.search(rb"Edition (\d+)\.", page)
    assert found, page
    return int(found[1])


def publish(
    bucket: Bucket,
    site: BuiltSite,
    *,
    now: datetime = NOW,
    force: bool = False,
    lease: float = PATIENT,
    say: Callable[[str], None] = lambda _: None,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Plan | None:
    """Publish as the command does; what was sent, None if nothing had to be."""
    os.environ.update(bucket.environment)
    target = BucketTarget(bucket.address, bucket.endpoint, say, lease)
    delivery = prepare_delivery(target, site, now, force, lambda *_: None)
    deliver(delivery, target, site, now, progress)
    return delivery.plan


def publish_elsewhere(bucket: Bucket, folder: Path, lease: float = PATIENT) -> BaseProcess:
    """Publish what is in a folder in another process, which can be killed; it exits with REFUSED if it cannot."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.publishing"])
    process = context.Process(target=_publish_folder, args=(bucket, folder, lease))
    process.start()
    return process


def _publish_folder(bucket: Bucket, folder: Path, lease: float) -> None:
    try:
        publish(bucket, BuiltSite.open(folder, RULES), lease=lease)
    except PublishError as error:
        sys.exit(REFUSED if "Residents " in str(error) else str(error))


def record_at(bucket: Bucket) -> Record:
    """Return what publishing left there for the next time."""
    return read_record(bucket.ask(RECORD_FILE).body, "there")


def list_files(bucket: Bucket) -> set[str]:
    """Return what is there, besides the record."""
    os.environ.update(bucket.environment)
    options = {"endpoint": bucket.endpoint, "client_options": {"allow_http": True}}
    open_url: Callable[..., obstore.store.ObjectStore] = obstore.store.from_url
    store = open_url(f"{bucket.address.scheme}://{bucket.address.host}/{bucket.address.path}", **options)
    return {each["path"] for chunk in store.list() for each in chunk} - {RECORD_FILE}


def assert_whole(bucket: Bucket, site: BuiltSite) -> None:
    """Fail unless each file is there as it was built and with its headers, and nobody holds the target."""
    for path in site.digests:
        answer = bucket.ask(path)
        assert answer.status == 200, path
        assert answer.body == site.read(path), path
        sent = {name: answer.headers.get(name) for name in ("Content-Type", "Cache-Control")}
        wanted = site.headers(path)
        assert sent == {name: wanted.get(name) for name in sent}, path
    record = record_at(bucket)
    assert (record.holder, record.uncertain) == ("", ())


@dataclass
class Reader:
    """Opens the manifest, the front page, all that it loads, and another page, again and again."""

    bucket: Bucket
    reads: int = 0
    bad: list[str] = field(default_factory=list)
    newest: dict[str, int] = field(default_factory=dict)

    def look(self) -> None:
        """Look once. What was seen later must not be older, and a page behind another is not older than that one."""
        manifest = self.bucket.ask("manifest.json")
        self.reads += 1
        if manifest.status == 200:
            at = datetime.fromisoformat(json.loads(manifest.body)["at"])
            self.note("manifest.json", int((at - NOW) / timedelta(hours=1)), 0)
        front = self.open_page("index.html", self.newest.get("manifest.json", 0))
        for page in ("es/index.html", "services/s0/index.html"):
            self.open_page(page, front)

    def open_page(self, path: str, at_least: int) -> int:
        """Open a page and what it loads, and return its edition."""
        page = self.bucket.ask(path)
        self.reads += 1
        if page.status != 200:
            if at_least:
                self.bad.append(f"{path}: {page.status}")
            return 0
        edition = edition_of(page.body)
        for part in re.findall(rb'src="/([^"]+)"', page.body):
            self.reads += 1
            status = self.bucket.ask(part.decode()).status
            if status != 200:
                self.bad.append(f"{path} of edition {edition} loads {part.decode()}: {status}")
        self.note(path, edition, at_least)
        return edition

    def note(self, path: str, edition: int, at_least: int) -> None:
        """Note which edition of a page was seen."""
        known = max(self.newest.get(path, 0), at_least)
        if edition < known:
            self.bad.append(f"{path} of edition {edition} after one of {known}")
        self.newest[path] = max(known, edition)


@contextmanager
def reading(bucket: Bucket) -> Iterator[Reader]:
    """Read all the while, until the end of the block, and once more after it."""
    reader, over = Reader(bucket), Event()

    def read() -> None:
        while not over.is_set():
            reader.look()

    thread = Thread(target=read)
    thread.start()
    try:
        yield reader
    finally:
        over.set()
        thread.join()
        reader.look()
