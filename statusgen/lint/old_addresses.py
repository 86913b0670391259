"""Old addresses that cannot all lead somewhere: of this site itself, of two pages, or below the name of a file."""

import unicodedata
from collections.abc import Iterator

from statusgen import addresses
from statusgen.model.old_addresses import OldAddress
from statusgen.model.whole_site import Site
from statusgen.problems import Problem


def find_old_address_clashes(site: Site) -> Iterator[Problem]:
    """Yield old addresses at which the site has something else, which are there twice, or which are below a file."""
    found = [*site.was, *(old for incident in site.incidents for old in incident.was)]
    first: dict[str, OldAddress] = {}
    ours = addresses.OwnAddresses(site)
    for old in found:
        if own := ours.find(old.address):
            what = f'"/{old.address}" cannot be an old address: "/{own}" is this site\'s own.'
            yield Problem(old.place, what, "Delete it.")
        other = first.setdefault(_fold(old.address), old)
        if other is not old:
            what = f'"/{old.address}" is an old address already, at {other.place}.'
            yield Problem(old.place, what, "Keep it where it belongs, and delete it elsewhere.")
    for old in found:
        names = _fold(old.address).split("/")
        above = ("/".join(names[:depth]) for depth in range(1, len(names)))
        if file := next((first[path] for path in above if path in first), None):
            what = (
                f'"/{old.address}" cannot be an old address beside "/{file.address}", at {file.place}: no file is also'
            )
            yield Problem(old.place, f"{what} a folder.", "Keep the one that more people use, and delete the other.")


def _fold(address: str) -> str:
    """Return the path of the file at an address, alike for all that a disk or a host may take for one."""
    return unicodedata.normalize("NFC", addresses.file_path(address)).casefold()
