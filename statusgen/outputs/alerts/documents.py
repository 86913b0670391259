"""Alerts in the Common Alerting Protocol 1.2: a file for each message, and an Atom feed (RFC 4287) that lists them.

A site without `alerts:` has none. They are for information, and not for IPAWS, the warning system of the United
States: they lack the code by which it knows its messages, `note` says so, and its own parameter BLOCKCHANNEL too.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from statusgen import addresses
from statusgen.files import File
from statusgen.languages.short import shortened
from statusgen.model import Alerts, Site
from statusgen.outputs.alerts.messages import Message, every_message
from statusgen.outputs.alerts.wording import Wording
from statusgen.outputs.feeds.items import item_id, sound
from statusgen.status.standing import Board
from statusgen.theme.look import Look

CAP = "urn:oasis:names:tc:emergency:cap:1.2"
ATOM = "http://www.w3.org/2005/Atom"
# Those who fetch lists of alerts ask for about 100 kB.
MOST_ENTRIES = 50
SUMMARY = 500
# The ways that IPAWS has to the public: phones, radio and television, weather radio, the internet.
_IPAWS = ("CMAS", "EAS", "NWEM", "PUBLIC")


def files(board: Board, look: Look) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """Every message that was sent, and the list of the newest, where the site has alerts."""
    if board.site.alerts:
        wordings = [Wording(board, language) for language in board.site.languages]
        sent = every_message(board)
        for message in sent:
            yield File(_address(message), _document(message, board.site.alerts, wordings), message.post.update.place)
        yield File(addresses.alerts(), _index(sent[:MOST_ENTRIES], wordings[0]))


def stamp(moment: datetime, site: Site) -> str:
    """A moment on the city's clocks in the form of CAP (section 3.3.2): to the second, and never with a "Z"."""
    local = moment.astimezone(site.zone)
    offset = local.utcoffset()
    if not offset or offset % timedelta(minutes=1):  # offsets had seconds before there were time zones
        return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}-00:00"
    return local.isoformat(timespec="seconds")


def _address(message: Message) -> str:
    return addresses.alert(message.post.incident.id, message.post.update.id)


def _document(message: Message, alerts: Alerts, wordings: Sequence[Wording]) -> bytes:
    site = wordings[0].site
    alert = Element("alert", xmlns=CAP)
    _add(alert, "identifier", message.identifier)
    _add(alert, "sender", alerts.sender)
    _add(alert, "sent", stamp(message.sent, site))
    _add(alert, "status", _status(message, site))
    _add(alert, "msgType", message.kind)
    _add(alert, "scope", "Public")
    _add(alert, "note", wordings[0].note())
    references = (f"{alerts.sender},{other.identifier},{stamp(other.sent, site)}" for other in message.replaces)
    _add_said(alert, "references", " ".join(references))
    _add(alert, "incidents", message.post.incident.id)
    for wording in wordings:
        _info(alert, message, alerts, wording)
    return _written(alert)


def _status(message: Message, site: Site) -> str:
    if message.post.incident.draft:
        return "Draft"
    return "Exercise" if site.demonstration else "Actual"


def _info(alert: Element, message: Message, alerts: Alerts, wording: Wording) -> None:
    """The message in one language."""
    site = wording.site
    info = SubElement(alert, "info")
    _add(info, "language", wording.language)
    _add(info, "category", message.category)
    _add(info, "event", wording.event(message))
    _add(info, "responseType", message.response)
    _add(info, "urgency", message.urgency)
    _add(info, "severity", message.severity)
    _add(info, "certainty", message.certainty)
    _add(info, "effective", stamp(message.sent, site))
    _add(info, "onset", stamp(message.post.incident.started.start, site))
    _add(info, "expires", stamp(message.expires, site))
    _add(info, "senderName", wording.sender())
    _add(info, "headline", wording.headline(message))
    _add(info, "description", wording.description(message))
    _add_said(info, "instruction", wording.instruction(message))
    _add(info, "web", wording.page(message))
    _add_said(info, "contact", wording.contact())
    for service in message.services:
        _pair(info, "parameter", "service", service)
    for way in _IPAWS:
        _pair(info, "parameter", "BLOCKCHANNEL", way)
    area = SubElement(info, "area")
    _add(area, "areaDesc", wording.area())
    for system, code in alerts.codes:
        _pair(area, "geocode", system, code)


def _index(messages: Sequence[Message], wording: Wording) -> bytes:
    """The newest messages, in the first language."""
    site, own = wording.site, addresses.absolute(addresses.alerts(), wording.site)
    feed = Element("feed", {"xmlns": ATOM, "xmlns:cap": CAP, "xml:lang": wording.language})
    _add(feed, "id", own)
    title = wording.speech.interface.gettext("Alerts: %(title)s")
    _add(feed, "title", wording.speech.sentence(title, title=wording.speech.say(site.title)))
    _add(feed, "subtitle", wording.note())
    # A feed needs a date even without entries (RFC 4287, section 4.1.1), and it must not be that of the build.
    _add(feed, "updated", stamp(messages[0].sent if messages else datetime(1970, 1, 1, tzinfo=UTC), site))
    _add(SubElement(feed, "author"), "name", wording.sender())
    _link(feed, "self", "application/atom+xml", own)
    _link(feed, "alternate", "text/html", addresses.absolute(addresses.front(), site))
    for message in messages:
        _entry(feed, message, wording)
    return _written(feed)


def _entry(feed: Element, message: Message, wording: Wording) -> None:
    """One message; by its `cap:` elements a reader sees whether to fetch it."""
    site, post = wording.site, message.post
    entry = SubElement(feed, "entry")
    _add(entry, "id", f"{item_id(post.incident, post.update, site)}/alert")
    _add(entry, "title", wording.headline(message))
    _add(entry, "updated", stamp(message.sent, site))
    _add(entry, "published", stamp(message.sent, site))
    _link(entry, "alternate", "application/cap+xml", addresses.absolute(_address(message), site))
    _link(entry, "related", "text/html", wording.page(message))
    # Plain text: what looks like HTML in it is words (RFC 4287, section 3.1.1.1).
    SubElement(entry, "summary", type="text").text = sound(shortened(wording.description(message), SUMMARY))
    _add(entry, "cap:identifier", message.identifier)
    _add(entry, "cap:status", _status(message, site))
    _add(entry, "cap:msgType", message.kind)
    _add(entry, "cap:category", message.category)
    _add(entry, "cap:event", wording.event(message))
    _add(entry, "cap:urgency", message.urgency)
    _add(entry, "cap:severity", message.severity)
    _add(entry, "cap:certainty", message.certainty)
    _add(entry, "cap:effective", stamp(message.sent, site))
    _add(entry, "cap:expires", stamp(message.expires, site))
    _add(entry, "cap:areaDesc", wording.area())


def _add(parent: Element, name: str, text: str) -> None:
    """An element with a text."""
    SubElement(parent, name).text = sound(text)


def _add_said(parent: Element, name: str, text: str) -> None:
    """The same, where there is something to say."""
    if text:
        _add(parent, name, text)


def _pair(parent: Element, name: str, key: str, value: str) -> None:
    """A name and a value, as CAP writes parameters and codes of places."""
    pair = SubElement(parent, name)
    _add(pair, "valueName", key)
    _add(pair, "value", value)


def _link(parent: Element, relation: str, kind: str, address: str) -> None:
    SubElement(parent, "link", rel=relation, type=kind, href=address)


def _written(root: Element) -> bytes:
    indent(root)
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"
