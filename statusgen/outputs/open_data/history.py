"""`history.json`: how each service stood over time, and from when to when each incident lasted."""

from collections.abc import Iterator
from typing import Annotated

from statusgen import addresses
from statusgen.files import File
from statusgen.outputs.open_data import shapes
from statusgen.outputs.open_data.schemas import Form
from statusgen.outputs.open_data.shapes import Address, Moment, Shape, means, shape
from statusgen.outputs.open_data.wording import Wording
from statusgen.status.standing import Board, ChannelStanding, ServiceStanding
from statusgen.theme.look import Look


@shape
class ChannelTimeline(Shape):
    """A channel: one way to use a service, and how it stood."""

    id: Annotated[str, means("Its id, unique in the service.")]
    name: Annotated[str, means("Its name.")]
    timeline: Annotated[
        tuple[shapes.Interval, ...], means("How it stood, the oldest first; the last interval goes on.")
    ]


@shape
class ServiceTimeline(Shape):
    """A service, and how it stood."""

    id: Annotated[str, means("Its id, part of its address.")]
    name: Annotated[str, means("Its name.")]
    page: Annotated[Address, means("Its page.")]
    timeline: Annotated[
        tuple[shapes.Interval, ...], means("How it stood, the oldest first; the last interval goes on.")
    ]
    channels: Annotated[tuple[ChannelTimeline, ...], means("The ways to use it that are not just set up for a while.")]


@shape
class HistoryDocument(shapes.Document):
    """How each service stood over time, and every incident."""

    at: Annotated[Moment, means("The moment up to which this goes.")]
    services: Annotated[tuple[ServiceTimeline, ...], means("Every service, in the order of the city.")]
    incidents: Annotated[
        tuple[shapes.Incident, ...],
        means("Every incident, notice and planned work: the newest word of each phase first."),
    ]


FORM = Form("history", HistoryDocument)


def files(board: Board, look: Look) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """`history.json` in every language, and its schema."""
    yield FORM.schema(board)
    for language in board.site.languages:
        address = addresses.in_language(addresses.history_data(), language, board.site)
        yield File(address, FORM.written(_document(board, Wording(board, language))))


def _document(board: Board, wording: Wording) -> HistoryDocument:
    return HistoryDocument(
        **vars(wording.head(addresses.history_data(), addresses.archive(), FORM.address)),
        at=wording.moment(board.moment),
        services=tuple(_service(standing, wording) for standing in board.services),
        incidents=tuple(wording.incident(standing) for standing in board.incidents),
    )


def _service(standing: ServiceStanding, wording: Wording) -> ServiceTimeline:
    return ServiceTimeline(
        id=standing.id,
        name=wording.speech.say(standing.service.name),
        page=wording.link(addresses.service(standing.id)),
        timeline=tuple(wording.interval(interval) for interval in standing.timeline),
        channels=tuple(_channel(way, wording) for way in standing.channels if not way.temporary),
    )


def _channel(way: ChannelStanding, wording: Wording) -> ChannelTimeline:
    timeline = tuple(wording.interval(interval) for interval in way.timeline)
    return ChannelTimeline(way.channel.id, wording.speech.channel(way.channel), timeline)
