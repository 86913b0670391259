"""Reads where the status of others is: an address on the web, or `file:` and the path of a monitor's document."""

from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import urlsplit

from statusgen.content.format.values import parse_web_address
from statusgen.problems import InvalidValue
from statusgen.text import quote_text

FILE = "file:"


def parse_follow_address(text: str) -> str:
    """Return a web address without its fragment, or `file:` and an absolute path; raise InvalidValue."""
    if not text.startswith(FILE):
        return urlsplit(parse_web_address(text))._replace(fragment="").geturl()
    path = text.removeprefix(FILE)
    path = path.removeprefix("//") if path.startswith("///") else path
    if not (PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()):
        hint = "Write the whole path, like file:/srv/monitor/alerts.json."
        raise InvalidValue(f"{quote_text(text)} is not the whole path of a file.", hint)
    return FILE + path
