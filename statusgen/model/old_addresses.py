"""Addresses on an earlier site that lead to this one."""

from dataclasses import dataclass

from statusgen.problems import Place


@dataclass(frozen=True, slots=True)
class OldAddress:
    """An address of an earlier site, and which of ours it leads to, both in the form of `statusgen.addresses`.

    `address` ends with a slash (`issues/flood/`), or is the name of a file (`flood.html`, `index.xml`). A page leads to
    a page, and a feed to a feed.
    """

    address: str
    to: str
    place: Place

    @property
    def is_feed(self) -> bool:
        """Whether it is the address of a feed."""
        return not self.address.endswith(("/", ".html"))
