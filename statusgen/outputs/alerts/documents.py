"""Alerts in the Common Alerting Protocol 1.2: a file for each message, and an Atom feed (RFC 4287) that lists them.

A site without `alerts:` has none. They are for information only, and not for IPAWS, the warning system of the United
States: they lack the code by which it recognizes its messages, `note` says so, and so does its own parameter
BLOCKCHANNEL.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from statusgen import addresses
from statusgen.board.model.whole_board import Board
from statusgen.files import File
from statusgen.model.contacts import AlertSettings
from statusgen.model.whole_site import Site
from statusgen.outputs.alerts.messages import Message, all_messages
from statusgen.outputs.alerts.texts import AlertWriter
from statusgen.outputs.feeds.items import clean_text, item_id
from statusgen.theme.renderer import Renderer
from statusgen.wording.short_forms import shorten

CAP_NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
ATOM_NAMESPACE = "http://www.w3.org/2005/Atom"
# Programs that fetch lists of alerts expect about 100 kB.
MAX_ENTRIES = 50
MAX_SUMMARY_LENGTH = 500
# The channels of IPAWS to the public: phones, radio and television, weather radio, the internet.
_IPAWS_CHANNELS = ("CMAS", "EAS", "NWEM", "PUBLIC")


def files(board: Board, renderer: Renderer) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """Yield every message that was sent, and the list of the newest, if the site has alerts."""
    if board.site.alerts:
        writers = [AlertWriter(board, language) for language in board.site.languages]
        sent = all_messages(board)
        for message in sent:
            yield File(
                _alert_address(message), _alert_document(message, board.site.alerts, writers), message.view.update.place
            )
        yield File(addresses.alerts(), _alert_feed(sent[:MAX_ENTRIES], writers[0]))


def cap_time(moment: datetime, site: Site) -> str:
    """Return a moment in local time in the form of CAP (section 3.3.2): to the second, and never with a "Z"."""
    local = moment.astimezone(site.zone)
    offset = local.utcoffset()
    if not offset or offset % timedelta(minutes=1):  # before there were time zones, offsets had seconds
        return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}-00:00"
    return local.isoformat(timespec="seconds")


def _alert_address(message: Message) -> str:
    return addresses.alert(message.view.incident.id, message.view.update.id)


def _alert_document(message: Message, alerts: AlertSettings, writers: Sequence[AlertWriter]) -> bytes:
    site = writers[0].site
    alert = Element("alert", xmlns=CAP_NAMESPACE)
    _add(alert, "identifier", message.identifier)
    _add(alert, "sender", alerts.sender)
    _add(alert, "sent", cap_time(message.sent, site))
    _add(alert, "status", _cap_status(message, site))
    _add(alert, "msgType", message.kind)
    _add(alert, "scope", "Public")
    _add(alert, "note", writers[0].note())
    references = (f"{alerts.sender},{other.identifier},{cap_time(other.sent, site)}" for other in message.replaces)
    _add_if_any(alert, "references", " ".join(references))
    _add(alert, "incidents", message.view.incident.id)
    for writer in writers:
        _add_info(alert, message, alerts, writer)
    return _serialize(alert)


def _cap_status(message: Message, site: Site) -> str:
    if message.view.incident.draft:
        return "Draft"
    return "Exercise" if site.demonstration else "Actual"


def _add_info(alert: Element, message: Message, alerts: AlertSettings, writer: AlertWriter) -> None:
    """Add the message in one language."""
    site = writer.site
    info = SubElement(alert, "info")
    _add(info, "language", writer.language)
    _add(info, "category", message.category)
    _add(info, "event", writer.event(message))
    _add(info, "responseType", message.response)
    _add(info, "urgency", message.urgency)
    _add(info, "severity", message.severity)
    _add(info, "certainty", message.certainty)
    _add(info, "effective", cap_time(message.sent, site))
    if not message.view.incident.is_started_before:  # optional: CAP 1.2, section 3.2.2
        _add(info, "onset", cap_time(message.view.incident.started.start, site))
    _add(info, "expires", cap_time(message.expires, site))
    _add(info, "senderName", writer.sender())
    _add(info, "headline", writer.headline(message))
    _add(info, "description", writer.description(message))
    _add_if_any(info, "instruction", writer.instruction(message))
    _add(info, "web", writer.page(message))
    _add_if_any(info, "contact", writer.contact())
    for service in message.services:
        _add_pair(info, "parameter", "service", service)
    for channel in _IPAWS_CHANNELS:
        _add_pair(info, "parameter", "BLOCKCHANNEL", channel)
    area = SubElement(info, "area")
    _add(area, "areaDesc", writer.area())
    for system, code in alerts.codes:
        _add_pair(area, "geocode", system, code)


def _alert_feed(messages: Sequence[Message], writer: AlertWriter) -> bytes:
    """Return the newest messages as a feed, in the site's first language."""
    site, feed_url = writer.site, addresses.absolute_url(addresses.alerts(), writer.site)
    feed = Element("feed", {"xmlns": ATOM_NAMESPACE, "xmlns:cap": CAP_NAMESPACE, "xml:lang": writer.language})
    _add(feed, "id", feed_url)
    title = writer.phrasing.interface.gettext("Alerts: %(title)s")
    _add(feed, "title", writer.phrasing.format(title, title=writer.phrasing.say(site.title)))
    _add(feed, "subtitle", writer.note())
    # A feed needs a date even without entries (RFC 4287, section 4.1.1), and it must not be that of the build.
    _add(feed, "updated", cap_time(messages[0].sent if messages else datetime(1970, 1, 1, tzinfo=UTC), site))
    _add(SubElement(feed, "author"), "name", writer.sender())
    _add_link(feed, "self", "application/atom+xml", feed_url)
    _add_link(feed, "alternate", "text/html", addresses.absolute_url(addresses.front(), site))
    for message in messages:
        _add_entry(feed, message, writer)
    return _serialize(feed)


def _add_entry(feed: Element, message: Message, writer: AlertWriter) -> None:
    """Add one message; its `cap:` elements show readers whether to fetch it."""
    site, view = writer.site, message.view
    entry = SubElement(feed, "entry")
    _add(entry, "id", f"{item_id(view.incident, view.update, site)}/alert")
    _add(entry, "title", writer.headline(message))
    _add(entry, "updated", cap_time(message.sent, site))
    _add(entry, "published", cap_time(message.sent, site))
    _add_link(entry, "alternate", "application/cap+xml", addresses.absolute_url(_alert_address(message), site))
    _add_link(entry, "related", "text/html", writer.page(message))
    # Plain text: anything that looks like HTML is text (RFC 4287, section 3.1.1.1).
    SubElement(entry, "summary", type="text").text = clean_text(
        shorten(writer.description(message), MAX_SUMMARY_LENGTH)
    )
    _add(entry, "cap:identifier", message.identifier)
    _add(entry, "cap:status", _cap_status(message, site))
    _add(entry, "cap:msgType", message.kind)
    _add(entry, "cap:category", message.category)
    _add(entry, "cap:event", writer.event(message))
    _add(entry, "cap:urgency", message.urgency)
    _add(entry, "cap:severity", message.severity)
    _add(entry, "cap:certainty", message.certainty)
    _add(entry, "cap:effective", cap_time(message.sent, site))
    _add(entry, "cap:expires", cap_time(message.expires, site))
    _add(entry, "cap:areaDesc", writer.area())


def _add(parent: Element, name: str, text: str) -> None:
    """Add an element with a text."""
    SubElement(parent, name).text = clean_text(text)


def _add_if_any(parent: Element, name: str, text: str) -> None:
    """Add an element with a text, unless the text is empty."""
    if text:
        _add(parent, name, text)


def _add_pair(parent: Element, name: str, key: str, value: str) -> None:
    """Add a name and a value, as CAP writes parameters and codes of places."""
    pair = SubElement(parent, name)
    _add(pair, "valueName", key)
    _add(pair, "value", value)


def _add_link(parent: Element, relation: str, kind: str, address: str) -> None:
    SubElement(parent, "link", rel=relation, type=kind, href=address)


def _serialize(root: Element) -> bytes:
    indent(root)
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"
