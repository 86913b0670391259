"""`services.csv`: one line for each service, for spreadsheets."""

from collections.abc import Iterator

from statusgen import addresses
from statusgen.board.model.services import ChannelStatus, ServiceStatus
from statusgen.board.model.whole_board import Board
from statusgen.files import File
from statusgen.outputs.open_data.builder import DocumentBuilder
from statusgen.outputs.tables import make_table
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
    "since_reported",
    "what_to_do",
    "open_ways",
    "unconfirmed_ways",
    "expected",
    "next_update",
    "overdue",
    "checked",
    "page",
    "at",
    "demonstration",
)


def files(board: Board, renderer: Renderer) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """Yield `services.csv` in every language."""
    for language in board.site.languages:
        address = addresses.in_language(addresses.services_table(), language, board.site)
        yield File(address, make_csv(board, language))


def make_csv(board: Board, language: str) -> bytes:
    """Return the bytes of `services.csv` in one language."""
    builder = DocumentBuilder(board, language)
    return make_table(COLUMNS, (_row(service, builder) for service in board.services))


def _row(service_status: ServiceStatus, builder: DocumentBuilder) -> dict[str, str]:
    service, phrasing, site = service_status.service, builder.phrasing, builder.site
    groups = {group.id: group.name for group in site.groups}
    advice = [each for both in service_status.workarounds for each in (both.do, both.where) if each]
    since, promise = service_status.since, service_status.promise
    return {
        "id": service_status.id,
        "name": phrasing.say(service.name),
        "group": phrasing.say(groups[service.group]) if service.group else "",
        "operator": phrasing.say(service.operator.name if service.operator else site.publisher),
        "status": service_status.status.value,
        "status_words": phrasing.short_standing(service_status.standing),
        "since": builder.time(since.when) if since else "",
        "since_before": _format_bool(bool(since and since.is_before)),
        "since_reported": _format_bool(bool(since and since.is_report)),
        "what_to_do": phrasing.join(phrasing.advice(each, service_status) for each in advice),
        "open_ways": " | ".join(_channel(channel, builder) for channel in service_status.usable_channels),
        "unconfirmed_ways": " | ".join(
            _channel(channel, builder)
            for channel in service_status.unconfirmed_channels
            if not service_status.is_never_mentioned
        ),
        "expected": phrasing.join(phrasing.estimate_sentences(service_status)),
        "next_update": builder.time(promise.due) if promise else "",
        "overdue": _format_bool(bool(promise and promise.overdue)),
        "checked": builder.time_or_none(service_status.confirmed_at) or "",
        "page": builder.url(addresses.service(service_status.id)),
        "at": builder.moment(builder.board.moment),
        "demonstration": builder.text_or_none(site.demonstration) or "",
    }


def _channel(channel_status: ChannelStatus, builder: DocumentBuilder) -> str:
    """Return a way with what one needs to take it."""
    channel, phrasing = channel_status.channel, builder.phrasing
    return phrasing.interface.gettext(", ").join(
        [
            phrasing.channel(channel),
            *(detail.words for detail in phrasing.details(channel, channel_status.changed_keys)),
        ]
    )


def _format_bool(value: bool) -> str:
    """Return the value as spreadsheets write it."""
    return "TRUE" if value else "FALSE"
