"""`services.csv`: one line for each service, for spreadsheets (RFC 4180, in UTF-8).

It begins with a byte order mark: without it Excel takes the file for its own old encoding and garbles every accent.
LibreOffice and Google Sheets know the mark; programs should read the JSON. No cell can become a formula.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator

from statusgen import addresses
from statusgen.board.model import Board, ChannelStatus, ServiceStatus
from statusgen.files import File
from statusgen.outputs.open_data.builder import DocumentBuilder
from statusgen.theme.renderer import Renderer

# Keys rather than words, the same in every language, so that a formula which looks for one works in all.
COLUMNS = (
    "id",
    "name",
    "group",
    "operator",
    "status",
    "status_words",
    "since",
    "since_before",
    "what_to_do",
    "open_ways",
    "expected",
    "next_update",
    "overdue",
    "checked",
    "page",
    "at",
    "demonstration",
)
_BYTE_ORDER_MARK = "\ufeff"
# Where spreadsheets may see a formula begin: at the beginning of a cell or, where semicolons divide cells (as in much
# of Europe and Latin America, whatever the quotes say), after one of those. Characters that nobody sees may come first;
# the last four are the same signs at full width.
_FORMULA = re.compile('(^|;)([ "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*)(?=[=+@\\-\uff0b\uff0d\uff1d\uff20])')


def files(board: Board, renderer: Renderer) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """`services.csv` in every language."""
    for language in board.site.languages:
        address = addresses.in_language(addresses.services_table(), language, board.site)
        yield File(address, make_csv(board, language))


def make_csv(board: Board, language: str) -> bytes:
    """The bytes of `services.csv` in one language."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    builder = DocumentBuilder(board, language)
    for service in board.services:
        row = _row(service, builder)
        writer.writerow(clean_cell(row[column]) for column in COLUMNS)
    return (_BYTE_ORDER_MARK + table.getvalue()).encode()


def clean_cell(text: str) -> str:
    """A text on one line, without control characters, and with an apostrophe before whatever could be a formula."""
    line = " ".join(text.split())
    visible = "".join(character for character in line if unicodedata.category(character) != "Cc")
    return _FORMULA.sub(r"\1\2'", visible)


def _row(service_status: ServiceStatus, builder: DocumentBuilder) -> dict[str, str]:
    service, phrasing, site = service_status.service, builder.phrasing, builder.site
    groups = {group.id: group.name for group in site.groups}
    advice = [words for each in service_status.workarounds for words in (each.do, each.where) if words]
    since, promise = service_status.since, service_status.promise
    return {
        "id": service_status.id,
        "name": phrasing.say(service.name),
        "group": phrasing.say(groups[service.group]) if service.group else "",
        "operator": phrasing.say(service.operator.name if service.operator else site.publisher),
        "status": service_status.status.value,
        "status_words": phrasing.status(service_status.status),
        "since": builder.time(since.when) if since else "",
        "since_before": _format_bool(bool(since and since.is_before)),
        "what_to_do": phrasing.join(phrasing.as_sentence(words) for words in advice),
        "open_ways": " | ".join(_channel(channel, builder) for channel in service_status.usable_channels),
        "expected": phrasing.estimate(service_status.estimate.estimate, service_status.late)
        if service_status.estimate
        else "",
        "next_update": builder.time(promise.due) if promise else "",
        "overdue": _format_bool(bool(promise and promise.overdue)),
        "checked": builder.time_or_none(service_status.confirmed_at) or "",
        "page": builder.url(addresses.service(service_status.id)),
        "at": builder.moment(builder.board.moment),
        "demonstration": builder.text_or_none(site.demonstration) or "",
    }


def _channel(channel_status: ChannelStatus, builder: DocumentBuilder) -> str:
    """A way with what one needs to take it."""
    channel, phrasing = channel_status.channel, builder.phrasing
    details = (channel.phone, channel.url, builder.text_or_none(channel.address), builder.text_or_none(channel.hours))
    return ", ".join([phrasing.channel(channel), *(each for each in details if each)])


def _format_bool(value: bool) -> str:
    """As spreadsheets write it themselves."""
    return "TRUE" if value else "FALSE"
