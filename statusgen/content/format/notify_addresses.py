"""Reads the addresses of channels that tell people of updates, and refuses those that are secrets themselves."""

import re
from urllib.parse import urlsplit

from statusgen.content.format.values import CREDENTIALS_MISTAKE, parse_link
from statusgen.problems import InvalidValue
from statusgen.text import quote_text

# Anybody who knows such an address can write there: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks,
# https://docs.discord.com/developers/resources/webhook, and the webhooks and workflows of Microsoft Teams.
_SECRET_ADDRESS = re.compile(
    r"hooks\.slack\.com|discord(?:app)?\.com/api/webhooks|(?:outlook|[\w-]+\.webhook)\.office(?:365)?\.com"
    r"|logic\.azure\.com|powerplatform\.com|chat\.googleapis\.com|api\.telegram\.org/bot",
    re.IGNORECASE,
)
_IN_ENVIRONMENT = "Delete it here, and put it into the environment of the command (docs/hosts/notifications.md)."
# The local part and the domain of RFC 5321 as people have them; what needs quotes there is not for lists.
_MAIL = re.compile(
    r"[\w!#$%&'*+/=?^`{|}~.-]{1,64}@(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*)", re.ASCII
)


def parse_notify_address(text: str) -> str:
    """Return an address that is no secret: an email address or a web address; raise InvalidValue."""
    if "://" not in text and "@" in text:
        return _check_mail(text, text)
    if _SECRET_ADDRESS.search(text):
        what = "This address is a secret: anyone who knows it can write there in your name."
        raise InvalidValue(what, _IN_ENVIRONMENT)
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.password:
        raise InvalidValue(f"This address {CREDENTIALS_MISTAKE}", _IN_ENVIRONMENT)
    if parts.scheme not in ("http", "https"):
        hint = "Write an email address, or one that begins with https://; what is secret belongs into the environment."
        raise InvalidValue(f"{quote_text(text)} is not an address that something can be sent to.", hint)
    return parse_link(text)


def parse_mail_sender(text: str) -> str:
    """Return an email address, with a name before it or not: `Water <water@example.org>`; raise InvalidValue."""
    from email.utils import parseaddr  # it brings the network's modules along, and most sites have no such sender

    _, address = parseaddr(text)
    return _check_mail(text, address)


def _check_mail(text: str, address: str) -> str:
    if not _MAIL.fullmatch(address):
        raise InvalidValue(f"{quote_text(text)} is not an email address.", "Write it like status@springfield.example.")
    return text


def parse_list_id(text: str) -> str:
    """Return the id of a list as RFC 2919 has it, without the brackets; raise InvalidValue."""
    if not re.fullmatch(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}", text):
        hint = "Write it like water-list.springfield.example, without a name and without < and >."
        raise InvalidValue(f"{quote_text(text)} is not the id of a list.", hint)
    return text
