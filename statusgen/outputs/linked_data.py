"""What search engines read in the pages: JSON-LD 1.1 in the words of schema.org.

Only facts that schema.org has words for are told. It has none for how a service stands, so that is left to the
page; a way that is shut is not listed among those that can be used. A demonstration tells nothing: nobody provides
its services, and search engines are kept away from it.
"""

import json
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from statusgen import addresses
from statusgen.languages.speech import Speech
from statusgen.model import Contact, Operator, OperatorKind, Site, Words
from statusgen.status.standing import Board, ChannelStanding, ServiceStanding

# What would end the element or begin a comment in HTML, and the two that old scripts take for the end of a line.
_ESCAPED = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
_PRIVATE = (OperatorKind.PRIVATE, OperatorKind.OTHER)


def front_page(board: Board, speech: Speech) -> Markup:
    """The site, and who publishes it; empty for a demonstration."""
    site = board.site
    if site.demonstration:
        return Markup("")
    publisher = {
        "@type": "GovernmentOrganization",
        "name": speech.plainly.say(site.publisher),
        "contactPoint": [_contact(contact, speech.plainly) for contact in site.contacts],
    }
    return _written(
        {
            "@type": "WebSite",
            "name": speech.plainly.say(site.title),
            "url": _url(addresses.front(), speech),
            "inLanguage": speech.language,
            "publisher": publisher,
        }
    )


def service_page(standing: ServiceStanding, board: Board, speech: Speech) -> Markup:
    """A service with the ways in which it can be used now; empty for a demonstration."""
    if board.site.demonstration:
        return Markup("")
    service, say = standing.service, speech.plainly.say
    operator = service.operator
    public = operator is None or operator.kind not in _PRIVATE
    return _written(
        {
            "@type": "GovernmentService" if public else "Service",
            "name": say(service.name),
            "url": _url(addresses.service(service.id), speech),
            "description": say(service.summary),
            "category": next((say(group.name) for group in board.site.groups if group.id == service.group), ""),
            "provider": _provider(operator, board.site, speech.plainly),
            "availableChannel": [_channel(way, speech.plainly) for way in standing.open_channels],
        }
    )


def _provider(operator: Operator | None, site: Site, speech: Speech) -> dict[str, Any]:
    if operator is None:
        return {"@type": "GovernmentOrganization", "name": speech.say(site.publisher)}
    return {
        "@type": "Organization" if operator.kind in _PRIVATE else "GovernmentOrganization",
        "name": speech.say(operator.name),
        "telephone": operator.phone,
        "url": operator.url,
    }


def _channel(way: ChannelStanding, speech: Speech) -> dict[str, Any]:
    channel = way.channel
    return {
        "@type": "ServiceChannel",
        "name": speech.channel(channel),
        "description": _opening(channel.hours, speech),
        "serviceUrl": channel.url,
        "servicePhone": {"@type": "ContactPoint", "telephone": channel.phone} if channel.phone else None,
        "serviceLocation": {"@type": "Place", "address": speech.say(channel.address)} if channel.address else None,
    }


def _contact(contact: Contact, speech: Speech) -> dict[str, Any]:
    return {
        "@type": "ContactPoint",
        "name": speech.say(contact.name),
        "description": _opening(contact.hours, speech),
        "telephone": contact.phone,
        "url": contact.url,
        "availableLanguage": list(contact.languages),
    }


def _opening(hours: Words | None, speech: Speech) -> str:
    """The hours in words; schema.org's own way to write them cannot say "except on election day"."""
    return speech.sentence(speech.interface.gettext("Open: %(hours)s"), hours=speech.say(hours)) if hours else ""


def _url(address: str, speech: Speech) -> str:
    return addresses.absolute(addresses.in_language(address, speech.language, speech.site), speech.site)


def _written(thing: dict[str, Any]) -> Markup:
    """The thing as it can stand in an HTML `script` element (HTML section 4.12.1.3), without what is empty."""
    told = {"@context": "https://schema.org", **dict(_told(thing))}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_ESCAPED))


def _told(thing: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in thing.items():
        if isinstance(value, dict):
            yield name, dict(_told(value))
        elif isinstance(value, list) and value:
            yield name, [dict(_told(each)) if isinstance(each, dict) else each for each in value]
        elif value:
            yield name, value
