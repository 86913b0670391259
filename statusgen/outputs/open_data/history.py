"""`history.json`: the status of each service over time, and from when to when each incident lasted."""

from collections.abc import Iterator
from typing import Annotated

from statusgen import addresses
from statusgen.board.model.services import ChannelStatus, ServiceStatus
from statusgen.board.model.whole_board import Board
from statusgen.files import File
from statusgen.outputs.open_data import shapes
from statusgen.outputs.open_data.builder import DocumentBuilder
from statusgen.outputs.open_data.schemas import DocumentType
from statusgen.outputs.open_data.shapes import Address, Moment, Shape, describe, shape
from statusgen.theme.renderer import Renderer


@shape
class ChannelTimeline(Shape):
    """A channel: one way to use a service, and its status over time."""

    id: Annotated[str, describe("Its id, unique in the service.")]
    name: Annotated[str, describe("Its name.")]
    timeline: Annotated[
        tuple[shapes.Interval, ...], describe("Its status over time, the oldest first; the last interval goes on.")
    ]


@shape
class ServiceTimeline(Shape):
    """A service, and its status over time."""

    id: Annotated[str, describe("Its id, part of its address.")]
    name: Annotated[str, describe("Its name.")]
    page: Annotated[Address, describe("Its page.")]
    timeline: Annotated[
        tuple[shapes.Interval, ...], describe("Its status over time, the oldest first; the last interval goes on.")
    ]
    channels: Annotated[
        tuple[ChannelTimeline, ...], describe("The ways to use it that are not just set up for a while.")
    ]


@shape
class HistoryDocument(shapes.Document):
    """The status of each service over time, and every incident."""

    at: Annotated[Moment, describe("The moment up to which this goes.")]
    services: Annotated[tuple[ServiceTimeline, ...], describe("Every service, in the order of the city.")]
    incidents: Annotated[
        tuple[shapes.Incident, ...],
        describe("Every incident, notice and planned work: the newest of each phase first."),
    ]


DOCUMENT_TYPE = DocumentType("history", HistoryDocument)


def files(board: Board, renderer: Renderer) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """Yield `history.json` in every language, and its schema."""
    yield DOCUMENT_TYPE.schema_file(board)
    for language in board.site.languages:
        address = addresses.in_language(addresses.history_data(), language, board.site)
        yield File(address, DOCUMENT_TYPE.serialize(_document(board, DocumentBuilder(board, language))))


def _document(board: Board, builder: DocumentBuilder) -> HistoryDocument:
    return HistoryDocument(
        **vars(builder.head(addresses.history_data(), addresses.archive(), DOCUMENT_TYPE.schema_address)),
        at=builder.moment(board.moment),
        services=tuple(_service(each, builder) for each in board.services),
        incidents=tuple(builder.incident(each) for each in board.incidents),
    )


def _service(service: ServiceStatus, builder: DocumentBuilder) -> ServiceTimeline:
    return ServiceTimeline(
        id=service.id,
        name=builder.phrasing.say(service.service.name),
        page=builder.url(addresses.service(service.id)),
        timeline=tuple(builder.interval(interval) for interval in service.timeline),
        channels=tuple(_channel(channel, builder) for channel in service.channels if not channel.temporary),
    )


def _channel(channel: ChannelStatus, builder: DocumentBuilder) -> ChannelTimeline:
    timeline = tuple(builder.interval(interval) for interval in channel.timeline)
    return ChannelTimeline(channel.channel.id, builder.phrasing.channel(channel.channel), timeline)
