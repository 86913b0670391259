"""What search engines read in the pages: JSON-LD 1.1 in the vocabulary of schema.org.

It has only facts that schema.org has terms for. It has none for a service's status, so that is left to the page; a
channel that is closed is not listed among those that can be used. A demonstration has no such data: nobody provides its
services, and search engines are kept away from it.
"""

import json
from collections.abc import Iterator, Mapping

from markupsafe import Markup

from statusgen import addresses
from statusgen.board.model.services import ChannelStatus, ServiceStatus
from statusgen.board.model.whole_board import Board
from statusgen.model.contacts import Contact
from statusgen.model.services import Operator, OperatorKind
from statusgen.model.whole_site import Site
from statusgen.model.words import Words
from statusgen.text import Json
from statusgen.wording.phrasing import Phrasing

# Characters that could end the element or begin a comment in HTML, and two that old scripts take for line ends.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
_PRIVATE_KINDS = (OperatorKind.PRIVATE, OperatorKind.OTHER)


def front_page(board: Board, phrasing: Phrasing) -> Markup:
    """Return the site and who publishes it; empty for a demonstration."""
    site = board.site
    if site.demonstration:
        return Markup("")
    publisher: dict[str, Json] = {
        "@type": "GovernmentOrganization",
        "name": phrasing.as_plain_text.say(site.publisher),
        "contactPoint": [_contact(contact, phrasing.as_plain_text) for contact in site.contacts],
    }
    return _json_ld(
        {
            "@type": "WebSite",
            "name": phrasing.as_plain_text.say(site.title),
            "url": _url(addresses.front(), phrasing),
            "inLanguage": phrasing.language,
            "publisher": publisher,
        }
    )


def service_page(service_status: ServiceStatus, board: Board, phrasing: Phrasing) -> Markup:
    """Return a service with the channels that can be used now; empty for a demonstration."""
    if board.site.demonstration:
        return Markup("")
    service, say = service_status.service, phrasing.as_plain_text.say
    operator = service.operator
    public = operator is None or operator.kind not in _PRIVATE_KINDS
    return _json_ld(
        {
            "@type": "GovernmentService" if public else "Service",
            "name": say(service.name),
            "url": _url(addresses.service(service.id), phrasing),
            "description": say(service.summary),
            "category": next((say(group.name) for group in board.site.groups if group.id == service.group), ""),
            "provider": _provider(operator, board.site, phrasing.as_plain_text),
            "availableChannel": [
                _channel(channel, phrasing.as_plain_text) for channel in service_status.usable_channels
            ],
        }
    )


def _provider(operator: Operator | None, site: Site, phrasing: Phrasing) -> dict[str, Json]:
    if operator is None:
        return {"@type": "GovernmentOrganization", "name": phrasing.say(site.publisher)}
    return {
        "@type": "Organization" if operator.kind in _PRIVATE_KINDS else "GovernmentOrganization",
        "name": phrasing.say(operator.name),
        "telephone": operator.phone,
        "url": operator.url,
    }


def _channel(channel_status: ChannelStatus, phrasing: Phrasing) -> dict[str, Json]:
    channel = channel_status.channel
    return {
        "@type": "ServiceChannel",
        "name": phrasing.channel(channel),
        "description": _opening_hours(channel.hours, phrasing),
        "serviceUrl": channel.url,
        "servicePhone": {"@type": "ContactPoint", "telephone": channel.phone} if channel.phone else None,
        "serviceLocation": {"@type": "Place", "address": phrasing.say(channel.address)} if channel.address else None,
    }


def _contact(contact: Contact, phrasing: Phrasing) -> dict[str, Json]:
    return {
        "@type": "ContactPoint",
        "name": phrasing.say(contact.name),
        "description": _opening_hours(contact.hours, phrasing),
        "telephone": contact.phone,
        "url": contact.url,
        "availableLanguage": list(contact.languages),
    }


def _opening_hours(hours: Words | None, phrasing: Phrasing) -> str:
    """Return the hours in words; schema.org's own format cannot say "except on election day"."""
    return phrasing.format(phrasing.interface.gettext("Hours: %(hours)s"), hours=phrasing.say(hours)) if hours else ""


def _url(address: str, phrasing: Phrasing) -> str:
    return addresses.absolute_url(addresses.in_language(address, phrasing.language, phrasing.site), phrasing.site)


def _json_ld(data: Mapping[str, Json]) -> Markup:
    """Return the data without empty values, safe inside an HTML `script` element (HTML section 4.12.1.3)."""
    document = {"@context": "https://schema.org", **dict(_without_empty(data))}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_ESCAPES))


def _without_empty(data: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    for name, value in data.items():
        if isinstance(value, dict):
            yield name, dict(_without_empty(value))
        elif isinstance(value, list) and value:
            yield name, [dict(_without_empty(each)) if isinstance(each, dict) else each for each in value]
        elif value:
            yield name, value
