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
from statusgen.files import File
from statusgen.outputs.open_data.wording import Wording
from statusgen.status.standing import Board, ChannelStanding, ServiceStanding
from statusgen.theme.look import Look

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


def files(board: Board, look: Look) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """`services.csv` in every language."""
    for language in board.site.languages:
        address = addresses.in_language(addresses.services_table(), language, board.site)
        yield File(address, written(board, language))


def written(board: Board, language: str) -> bytes:
    """The bytes of `services.csv` in one language."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    wording = Wording(board, language)
    for standing in board.services:
        row = _row(standing, wording)
        writer.writerow(cell(row[column]) for column in COLUMNS)
    return (_BYTE_ORDER_MARK + table.getvalue()).encode()


def cell(text: str) -> str:
    """A text on one line, without control characters, and with an apostrophe before whatever could be a formula."""
    line = " ".join(text.split())
    seen = "".join(character for character in line if unicodedata.category(character) != "Cc")
    return _FORMULA.sub(r"\1\2'", seen)


def _row(standing: ServiceStanding, wording: Wording) -> dict[str, str]:
    service, speech, site = standing.service, wording.speech, wording.site
    groups = {group.id: group.name for group in site.groups}
    advice = [words for each in standing.advice for words in (each.do, each.where) if words]
    since, promise = standing.since, standing.promise
    return {
        "id": standing.id,
        "name": speech.say(service.name),
        "group": speech.say(groups[service.group]) if service.group else "",
        "operator": speech.say(service.operator.name if service.operator else site.publisher),
        "status": standing.status.value,
        "status_words": speech.status(standing.status),
        "since": wording.time(since.when) if since else "",
        "since_before": _truth(bool(since and since.before)),
        "what_to_do": speech.join(speech.whole(words) for words in advice),
        "open_ways": " | ".join(_way(way, wording) for way in standing.open_channels),
        "expected": speech.estimate(standing.estimate.estimate, standing.late) if standing.estimate else "",
        "next_update": wording.time(promise.due) if promise else "",
        "overdue": _truth(bool(promise and promise.overdue)),
        "checked": wording.time_if(standing.confirmed) or "",
        "page": wording.link(addresses.service(standing.id)),
        "at": wording.moment(wording.board.moment),
        "demonstration": wording.said(site.demonstration) or "",
    }


def _way(way: ChannelStanding, wording: Wording) -> str:
    """A way with what one needs to take it."""
    channel, speech = way.channel, wording.speech
    details = (channel.phone, channel.url, wording.said(channel.address), wording.said(channel.hours))
    return ", ".join([speech.channel(channel), *(each for each in details if each)])


def _truth(true: bool) -> str:
    """As spreadsheets write it themselves."""
    return "TRUE" if true else "FALSE"
