"""What is wrong with a copy of a site: each file that is missing, is not what was published, or was added."""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from itertools import islice

from statusgen import addresses
from statusgen.problems import TrustError
from statusgen.text import printable
from statusgen.trust import manifest
from statusgen.trust.copies import Copy, CopyError, FolderCopy, MissingFileError, UnreadableFileError, WebCopy
from statusgen.trust.manifest import MAX_BYTES, UNLISTED_PATHS, Manifest

_LINK = re.compile(rb"""(?:\b(?:href|src|xmlUrl|htmlUrl)\s*=\s*["']?|<loc>)([^"'<>\s]{1,2000})""", re.IGNORECASE)
_PAGE_SUFFIXES = (".html", ".xml", ".opml")
_MAX_LINKS = 1000
_MAX_CONNECTIONS = 6  # as many connections as a browser opens


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong: the path of a file, and the end of a sentence that begins with it."""

    path: str
    what: str

    def __str__(self) -> str:
        return f"{printable(self.path)} {self.what}."


def compare_copy(copy: Copy, expected: Manifest, ignored: Collection[str] = ()) -> Iterator[Finding]:
    """Yield everything in which a copy is not what the manifest lists, in the order of the paths."""
    listed = {*expected.files, *UNLISTED_PATHS, *ignored}
    if isinstance(copy, FolderCopy):
        found = [*_find_changed_files(copy, expected, {*ignored})]
        found += (Finding(path, "was added") for path in copy.list_files() if path not in listed)
    else:
        # Hosts keep their instructions to themselves.
        found = [*_find_changed_files(copy, expected, {*ignored, *addresses.for_hosts()})]
        found += _find_linked_files(copy, [finding.path for finding in found], listed)
        found += _probe_nonexistent_path(copy, expected)
    yield from sorted(set(found))


def compare_manifests(copy: Copy, trusted: Mapping[str, bytes | None], expected: Manifest) -> Iterator[Finding]:
    """Yield how the manifest of a copy, and its signatures, differ from the trusted ones; None stands for no file."""
    for path, ours in trusted.items():
        theirs = None if ours is None else read_or_none(copy, path)
        if theirs == ours:
            continue
        if theirs is None:
            what = "is missing"
        elif path == addresses.manifest():
            what = _describe_other_manifest(theirs, expected)
        else:
            what = "is a different one"
        yield Finding(path, what)


def read_or_none(copy: Copy, path: str) -> bytes | None:
    """Return a file of a copy, or None if it has none that can be read."""
    try:
        return copy.read(path, MAX_BYTES)
    except CopyError:
        return None


def _describe_other_manifest(theirs: bytes, expected: Manifest) -> str:
    """Return what to say of a manifest that is not ours."""
    try:
        other = manifest.read_manifest(theirs, "It")
    except TrustError:
        return "is a different one, and cannot be read"
    if other.moment == expected.moment:
        return "is a different one, of the same moment"
    age = "an older" if other.moment < expected.moment else "a newer"
    shown, wanted = other.format_time(other.moment), expected.format_time(expected.moment)
    return f"is from {age} build: it shows {shown}, and not {wanted}"


def check_age(expected: Manifest, now: datetime, grace: timedelta, max_age: timedelta | None) -> Iterator[Finding]:
    """Yield a finding if the site is older than it should be: past its next change, or older than `max_age`."""
    age_message = f"is too old: it shows {expected.format_time(expected.moment)}"
    if expected.next_change and now >= expected.next_change + grace:
        what = f"{age_message}, and should have been built again by {expected.format_time(expected.next_change)}"
        yield Finding(addresses.manifest(), what)
    elif max_age is not None and now > expected.moment + max_age:
        yield Finding(addresses.manifest(), age_message)


def _find_changed_files(copy: Copy, expected: Manifest, ignored: set[str]) -> Iterator[Finding]:
    """Yield every file that is not what it has to be. Several are requested at once, for networks are slow."""
    longest = max((listed.size for listed in expected.files.values()), default=0)
    owners = {listed.sha256: path for path, listed in expected.files.items()}

    def compare_file(path: str) -> Finding | None:
        listed = expected.files[path]
        try:
            there = copy.read(path, longest)
        except MissingFileError:
            return Finding(path, "is missing")
        except UnreadableFileError as error:
            return Finding(path, str(error))
        digest = hashlib.sha256(there).hexdigest()
        if digest in (listed.sha256, listed.moved_sha256):
            return None
        return Finding(path, _describe_difference(there, listed.size, longest, owners.get(digest)))

    paths = (path for path in expected.files if path not in ignored)
    with ThreadPoolExecutor(_MAX_CONNECTIONS) as pool:
        while some := [*islice(paths, 100 * _MAX_CONNECTIONS)]:
            yield from filter(None, pool.map(compare_file, some))


def _describe_difference(there: bytes, size: int, longest: int, owner: str | None) -> str:
    if owner:
        return f"is not what was published: it has what belongs to {owner}"
    if len(there) > longest:
        return f"is not what was published: it has more than the {size} bytes that it should have"
    if len(there) != size:
        return f"is not what was published: it has {len(there)} bytes instead of {size}"
    return "is not what was published: its bytes differ"


def _find_linked_files(copy: WebCopy, changed: Iterable[str], known_paths: set[str]) -> Iterator[Finding]:
    """Yield what pages that are not ours link to within the copy: the only way to see from outside what was added."""
    asked = {*known_paths}
    for page in changed:
        if not page.endswith(_PAGE_SUFFIXES):
            continue
        for link in _LINK.findall(read_or_none(copy, page) or b"")[:_MAX_LINKS]:
            path = copy.resolve_link(unescape(link.decode(errors="replace")), page)
            if path is not None and path not in asked:
                asked.add(path)
                if read_or_none(copy, path) is not None:
                    yield Finding(path, f"was added; {printable(page)} leads to it")


def _probe_nonexistent_path(copy: WebCopy, expected: Manifest) -> Iterator[Finding]:
    """Yield a finding if the copy answers an address that cannot be there."""
    name = hashlib.sha256("".join(expected.files).encode()).hexdigest()[:20] + ".html"
    if read_or_none(copy, name) is not None:
        yield Finding(name, "is answered, although there is no such file: any other address may be, too")
