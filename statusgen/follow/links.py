"""The link for residents: to where somebody tells of a problem, if that is on a page of theirs that the city named."""

from urllib.parse import urlsplit

from statusgen.content.format.values import parse_web_address
from statusgen.model.following import Followed
from statusgen.problems import InvalidValue


def choose_link(followed: Followed, theirs: str) -> str | None:
    """Return the address that they give, if it is on the server that the city named, or else the city's own link."""
    named = followed.link or (None if followed.kind.is_monitor else followed.source)
    try:
        address = urlsplit(parse_web_address(theirs))
    except (InvalidValue, ValueError):
        return followed.link
    is_theirs = named is not None and address.hostname == urlsplit(named).hostname and address.scheme == "https"
    return theirs if is_theirs else followed.link
