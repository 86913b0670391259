"""A page that is signed stays signed: without its signature, people who verify it would have to take it for forged."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from statusgen.desk.publishing.job import Trouble
from statusgen.desk.publishing.troubles import StoppedError
from statusgen.problems import TrustError
from statusgen.trust.copies import Copy, CopyError, FolderCopy, MissingFileError, WebCopy
from statusgen.trust.manifest import UNLISTED_PATHS
from statusgen.trust.signatures import MARKS, sign, signature_suffix

_MAX_BYTES = 100_000
_TIME_LIMIT = 10.0  # seconds


def find_signatures(url: str) -> frozenset[str]:
    """Return which signatures the page at an address has, by their paths; none if it does not answer."""
    try:
        return frozenset(_list_signatures(WebCopy(url, _TIME_LIMIT)))
    except TrustError:
        return frozenset()


def find_built_signatures(source: Path) -> frozenset[str]:
    """Return which signatures the page has that was made here last."""
    return frozenset(_list_signatures(FolderCopy(source / "site")))


def _list_signatures(copy: Copy) -> Iterator[str]:
    for path in UNLISTED_PATHS[1:]:
        try:
            content = copy.read(path, _MAX_BYTES)
        except MissingFileError:
            continue
        except CopyError:
            return
        # Some hosts answer every address with a page.
        if content.startswith(tuple(MARKS.values())):
            yield path


def find_lost(signatures: Iterable[str], keys: Collection[Path]) -> list[str]:
    """Return the signatures that none of the keys makes again; raise TrustError for a key that cannot be read."""
    made = tuple(signature_suffix(key) for key in keys)
    return sorted(path for path in signatures if not path.endswith(made))


def require_signing(source: Path, urls: Iterable[str], keys: Collection[Path]) -> None:
    """Raise StoppedError if what is made here could not be signed as the page is that residents have."""
    try:
        for key in keys:
            sign(b"", key, _refuse_password)
        found = find_built_signatures(source).union(*map(find_signatures, urls))
        lost = find_lost(found, keys)
    except TrustError as error:
        raise StoppedError(Trouble.KEY_FAILS, str(error)) from None
    if lost:
        how = "Open the desk with the key: statusgen desk --sign KEY"
        raise StoppedError(Trouble.NO_KEY, f"The page has {', '.join(lost)}. {how}")


def _refuse_password() -> str:
    raise TrustError("The minisign key has a password, and nobody can be asked for it while something is published.")
