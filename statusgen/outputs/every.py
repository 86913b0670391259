"""The list of all forms in which a site is published."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from statusgen.files import File, one_owner_each
from statusgen.outputs import badges, host, pages, pictures, plain
from statusgen.outputs.alerts import documents as alerts
from statusgen.outputs.feeds import subscriptions
from statusgen.outputs.open_data import history, incidents, manifest, services_table, status
from statusgen.outputs.statuspage import documents as statuspage
from statusgen.status.standing import Board, IncidentStanding
from statusgen.theme.look import Look
from statusgen.workers import Task, pieces, shared_out


def _calendars(board: Board, look: Look) -> Iterable[File]:
    # Its library takes longer to be imported than calendars to be made: only the process that makes them needs it.
    from statusgen.outputs import calendars

    return calendars.files(board, look)


OUTPUTS: tuple[Callable[[Board, Look], Iterable[File]], ...] = (
    pages.of_services,
    subscriptions.files,
    pages.files,
    pages.of_archive,
    history.files,
    _calendars,
    plain.files,
    badges.files,
    pages.assets,
    pictures.files,
    alerts.files,
    status.files,
    incidents.schema,
    services_table.files,
    manifest.files,
    statuspage.files,
    host.files,
)

"""What is published of the whole site; what takes longest comes first, so that all processors have their share."""

Writer = Callable[[IncidentStanding], Iterable[File]]
OF_INCIDENT: tuple[Callable[[Board, Look], Writer], ...] = (
    pages.of_incident,
    subscriptions.of_incident,
    incidents.of_incident,
)
"""What is published of each incident, which is nearly all of a site of many years: each makes what writes it."""

Make = Callable[[], Iterable[File]]
Through = Callable[[IncidentStanding | None, Make], Iterable[File]]
"""What files go through where they are made: those of an incident, or of the whole site."""

# So many incidents are one piece of work.
_PIECE = 25


def anew(_standing: IncidentStanding | None, make: Make) -> Iterable[File]:
    """The files as they are made."""
    return make()


def every_file(board: Board, look: Look, processes: int = 1, through: Through = anew) -> Iterator[File]:
    """All files of the site, made in so many processes; raises ContentError where two of them want one path."""
    writers = [output(board, look) for output in OF_INCIDENT]
    of_site: list[Task[File]] = [partial(through, None, partial(output, board, look)) for output in OUTPUTS]
    of_incidents: list[Task[File]] = [
        partial(_of_incidents, piece, writers, through) for piece in pieces(board.incidents, _PIECE)
    ]
    yield from one_owner_each(shared_out([*of_site, *of_incidents], processes))


def _of_incidents(piece: Sequence[IncidentStanding], writers: Sequence[Writer], through: Through) -> Iterator[File]:
    for standing in piece:
        yield from through(standing, partial(_of_incident, standing, writers))


def _of_incident(standing: IncidentStanding, writers: Sequence[Writer]) -> Iterator[File]:
    return (file for write in writers for file in write(standing))
