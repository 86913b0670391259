"""What is wrong with a copy of a site: each file that is missing, is not what was published, or was added."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from itertools import islice

from statusgen import addresses
from statusgen.errors import NotGenuine
from statusgen.reading.disk import shown
from statusgen.verifying import listing
from statusgen.verifying.copies import Copy, Missing, OnTheWeb, Unreadable
from statusgen.verifying.listing import MOST_BYTES, UNLISTED, Listing

_LINK = re.compile(rb"""(?:\b(?:href|src|xmlUrl|htmlUrl)\s*=\s*["']?|<loc>)([^"'<>\s]{1,2000})""", re.IGNORECASE)
_PAGES = (".html", ".xml", ".opml")
_MOST_LINKS = 1000
_AT_ONCE = 6  # as many connections as a browser opens


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong: the path of a file, and the end of a sentence that begins with it."""

    path: str
    what: str

    def __str__(self) -> str:
        return f"{shown(self.path)} {self.what}."


def findings(copy: Copy, expected: Listing, ignored: Iterable[str] = ()) -> Iterator[Finding]:
    """Everything in which a copy is not what the manifest lists, in the order of the paths."""
    passed = {*ignored}
    found = [*_different(copy, expected, passed)]
    listed = {*expected.files, *UNLISTED, *passed}
    found += (Finding(path, "was added") for path in copy.present() if path not in listed)
    if isinstance(copy, OnTheWeb):
        found += _linked(copy, [finding.path for finding in found], listed)
        found += _anything(copy, expected)
    yield from sorted(set(found))


def same_lists(copy: Copy, trusted: Mapping[str, bytes | None], expected: Listing) -> Iterator[Finding]:
    """In which way the manifest of a copy, and its signatures, are not the trusted ones; None stands for none."""
    for path, ours in trusted.items():
        theirs = content(copy, path) if ours is not None else None
        if ours is not None and theirs is None:
            yield Finding(path, "is missing")
        elif ours is not None and theirs is not None and theirs != ours:
            yield Finding(path, _older(theirs, expected) if path == addresses.manifest() else "is another one")


def content(copy: Copy, path: str) -> bytes | None:
    """A file of a copy, where it has one that can be read."""
    try:
        return copy.read(path, MOST_BYTES)
    except (Missing, Unreadable):
        return None


def _older(theirs: bytes, expected: Listing) -> str:
    """What to say of a manifest that is not ours."""
    try:
        other = listing.read(theirs, "It")
    except NotGenuine:
        return "is another one, and cannot be read"
    if other.at == expected.at:
        return "is another one, of the same moment"
    age = "an older" if other.at < expected.at else "a newer"
    return f"is that of {age} build: it shows {other.told(other.at)}, and not {expected.told(expected.at)}"


def late(expected: Listing, now: datetime, grace: timedelta, most: timedelta | None) -> Iterator[Finding]:
    """Whether the site is older than it should be: past its next change, or older than `most`."""
    told = f"is too old: it shows {expected.told(expected.at)}"
    if expected.next_change and now >= expected.next_change + grace:
        what = f"{told}, and had to be built again at {expected.told(expected.next_change)}"
        yield Finding(addresses.manifest(), what)
    elif most is not None and now > expected.at + most:
        yield Finding(addresses.manifest(), told)


def _different(copy: Copy, expected: Listing, passed: set[str]) -> Iterator[Finding]:
    """Every file that is not what it has to be. Several are asked for at once, for a network is slow and not busy."""
    longest = max((listed.size for listed in expected.files.values()), default=0)
    owners = {listed.sha256: path for path, listed in expected.files.items()}

    def wrong(path: str) -> Finding | None:
        listed = expected.files[path]
        try:
            there = copy.read(path, longest)
        except Missing:
            return Finding(path, "is missing")
        except Unreadable as error:
            return Finding(path, str(error))
        digest = hashlib.sha256(there).hexdigest()
        return None if digest == listed.sha256 else Finding(path, _how(there, listed.size, longest, owners.get(digest)))

    paths = (path for path in expected.files if path not in passed and copy.carries(path))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        while some := [*islice(paths, 100 * _AT_ONCE)]:
            yield from filter(None, pool.map(wrong, some))


def _how(there: bytes, size: int, longest: int, owner: str | None) -> str:
    if owner:
        return f"is not what was published: it has what belongs to {owner}"
    if len(there) > longest:
        return f"is not what was published: it has more than the {size} bytes that it should have"
    if len(there) != size:
        return f"is not what was published: it has {len(there)} bytes instead of {size}"
    return "is not what was published: its bytes are others"


def _linked(copy: OnTheWeb, changed: Iterable[str], listed: set[str]) -> Iterator[Finding]:
    """What pages that are not ours lead to, within the copy: the only way to see from outside what was added."""
    asked = set(listed)
    for page in changed:
        if not page.endswith(_PAGES):
            continue
        for link in _LINK.findall(content(copy, page) or b"")[:_MOST_LINKS]:
            path = copy.path_of(unescape(link.decode(errors="replace")), page)
            if path is not None and path not in asked:
                asked.add(path)
                if content(copy, path) is not None:
                    yield Finding(path, f"was added; {shown(page)} leads to it")


def _anything(copy: OnTheWeb, expected: Listing) -> Iterator[Finding]:
    """Whether it answers an address that cannot be there."""
    name = hashlib.sha256("".join(expected.files).encode()).hexdigest()[:20] + ".html"
    if content(copy, name) is not None:
        yield Finding(name, "is answered, although there is no such file: so may be any other address")
