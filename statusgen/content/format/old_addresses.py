"""Reads an address of an earlier site, such as `/issues/2023-05-01-flood/`, of which the build makes a redirect."""

import re
import unicodedata
from urllib.parse import unquote

from statusgen.english import English
from statusgen.files import unsafe_path_reason
from statusgen.problems import InvalidValue
from statusgen.text import is_device_name, quote_text

FEED_ENDINGS = (".atom", ".json", ".rss", ".xml")
"""By these endings a host knows that a file is a feed."""
_HOST = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/]*")
# Servers do not agree on these: a percent sign alone, one that is meant, and a slash that divides no names.
_UNCLEAR_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})|%25|%2[Ff]")
# What Windows, or the configuration of a server, takes for something else in the name of a file.
_UNUSABLE = re.compile(r"[<>\"|?*{}#]|(?:^|/)[. ]|[. ](?:/|$)")
# What hosts take for a program or a setting of theirs.
_OF_HOSTS = re.compile(r"(?:_worker\.js|_routes\.json|cname)(?:/|$)", re.IGNORECASE)
# No disk has longer names, and Cloudflare and Windows no longer addresses.
_MAX_NAME_BYTES, _MAX_BYTES = 200, 800


def parse_old_page(text: str) -> str:
    """Read the address that a page had on an earlier site; return it in the form of `statusgen.addresses`.

    With and without a slash at the end it is one address, for a host that finds a folder leads from one to the other.
    """
    address = parse_old_address(text)
    if address.endswith(FEED_ENDINGS):
        what = f"{quote_text(text)} is the address of a file, and not of a page."
        raise InvalidValue(what, "Write old addresses of feeds under was: of the site, each with the feed it leads to.")
    return address


def parse_old_address(text: str) -> str:
    """Read the address that a page or a feed had on an earlier site; return it in the form of `statusgen.addresses`."""
    path = _read_path(text).removeprefix("/")
    if path.endswith(("/index.html", "/")) or path in ("", "index.html"):
        path = path.removesuffix("index.html")
    elif not path.endswith((".html", *FEED_ENDINGS)):
        path += "/"
    if not path:
        what = f"{quote_text(text)} is the address of the front page."
        raise InvalidValue(what, "Delete it: this site has a front page of its own there.")
    return path


def _read_path(text: str) -> str:
    """Return a path with its percent signs decoded; raise InvalidValue if no file can be there on every host."""
    quoted = quote_text(text)
    if host := _HOST.match(text):
        what = f"{quoted} names a host."
        raise InvalidValue(what, English("Write only what follows it: %(path)s", path=text[host.end() :] or "/…"))
    if not text.startswith("/"):
        raise InvalidValue(f"{quoted} is not a path.", English("Begin it with a slash: /%(path)s", path=text))
    if found := re.search(r"[?#]", text):
        what = f"{quoted} has a {'query' if found[0] == '?' else 'fragment'}, which hosts of files do not look at."
        path = text[: found.start()]
        raise InvalidValue(what, English("Write %(path)s if no other page had that; otherwise delete it.", path=path))
    if _UNCLEAR_ESCAPE.search(text):
        what = f"{quoted} has a percent sign that servers read in different ways."
        raise InvalidValue(what, "Delete it: it cannot be kept.")
    try:
        path = unicodedata.normalize("NFC", unquote(text, errors="strict"))
    except UnicodeDecodeError:
        hint = "Write its letters as they are, without percent signs."
        raise InvalidValue(f"{quoted} is not in UTF-8.", hint) from None
    inner = path.removeprefix("/").removesuffix("/")
    too_long = len(path.encode()) > _MAX_BYTES or any(len(name.encode()) > _MAX_NAME_BYTES for name in path.split("/"))
    is_device = any(is_device_name(name.partition(".")[0].casefold()) for name in inner.split("/"))
    is_unusable = is_device or too_long or _UNUSABLE.search(inner) or _OF_HOSTS.match(inner)
    if (inner and unsafe_path_reason(inner)) or is_unusable:
        what = f"No file can be at {quoted} on every host."
        raise InvalidValue(what, "Write names with one slash between them, without dots at their ends, or delete it.")
    return path
