"""Where an address in a file leads: to a file of the site, to another site, or where no link may lead."""

import posixpath
import re
from contextlib import suppress
from enum import Enum
from urllib.parse import unquote, urlsplit

from statusgen.content.format.values import parse_link
from statusgen.problems import InvalidValue

# What browsers take for a scheme (WHATWG URL, "scheme start state"), and what they remove first.
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_IGNORED_AT_ENDS, _IGNORED_CHARACTERS = "".join(map(chr, range(0x21))), re.compile(r"[\t\n\r]+")
# The form of nearly all links that the theme writes: a shortcut.
_SIMPLE_LINK = re.compile(r"((?:\.\./)*)([\w/-]+\.[a-z]+(?:#[\w-]+)?)", re.ASCII)
_ALLOWED_SCHEMES = ("http", "https")


def _may_leave(scheme: str, address: str) -> bool:
    """Return whether a link may lead out of the site in this way: a phone or a mail program must not do more."""
    if scheme == "tel":
        return not re.search("#|%23", address)  # a code, such as one that forwards all calls
    if scheme == "mailto":
        with suppress(InvalidValue):
            return bool(parse_link(address.replace(" ", "%20")))
        return False
    return scheme in _ALLOWED_SCHEMES


class OffSite(Enum):
    """Where an address outside the site leads."""

    EXTERNAL = "out"
    FORBIDDEN = "nowhere"


class LinkResolver:
    """Resolves the addresses in the file at `path` of the site at `url`."""

    def __init__(self, path: str, url: str) -> None:
        self.path, self.url, self.root = path, url, urlsplit(url).path
        names = path.split("/")[:-1]
        self.folders = ["".join(f"{name}/" for name in names[:depth]) for depth in range(len(names), -1, -1)]

    def resolve(self, address: str) -> str | OffSite:
        """Return the file of the site that `address` leads to, with its fragment if any, or where else it leads."""
        if (usual := _SIMPLE_LINK.fullmatch(address)) and len(usual[1]) < 3 * len(self.folders) and address[0] != "/":
            return self.folders[len(usual[1]) // 3] + usual[2]
        if not address.isprintable() or " " in address:
            address = _IGNORED_CHARACTERS.sub("", address.strip(_IGNORED_AT_ENDS))
        if address.startswith(self.url):
            return self.resolve_relative(address[len(self.url) :], len(self.folders) - 1)
        if scheme := _SCHEME.match(address):
            return OffSite.EXTERNAL if _may_leave(scheme[1].lower(), address) else OffSite.FORBIDDEN
        if "\\" in address:  # browsers read it as a slash
            return OffSite.FORBIDDEN
        if address.startswith("//"):
            return OffSite.EXTERNAL
        if address.startswith("/"):
            is_own = address.startswith(self.root)
            return (
                self.resolve_relative(address[len(self.root) :], len(self.folders) - 1) if is_own else OffSite.EXTERNAL
            )
        if address.startswith(("#", "?")) or not address:
            return self.path + unquote(address) if address[1:] and address[0] == "#" else self.path
        return self.resolve_relative(address, 0)

    def resolve_relative(self, address: str, levels_up: int) -> str | OffSite:
        """Resolve an address without a scheme or leading slash, starting `levels_up` folders above the file's."""
        path, _, fragment = address.partition("#")
        path = path.partition("?")[0]
        if "%" in address:
            path, fragment = unquote(path), unquote(fragment)
        while path.startswith("../") and levels_up < len(self.folders) - 1:
            path, levels_up = path[3:], levels_up + 1
        whole = self.folders[levels_up] + path
        if "./" in path or path in (".", "..") or path.endswith("/.."):  # rare and slow; the theme never writes these
            flat = posixpath.normpath(whole)
            if flat == ".." or flat.startswith("../"):
                return OffSite.FORBIDDEN
            whole = "" if flat == "." else f"{flat}/" if whole.endswith(("/", ".")) else flat
        if not whole or whole.endswith("/"):
            whole += "index.html"
        return f"{whole}#{fragment}" if fragment else whole
