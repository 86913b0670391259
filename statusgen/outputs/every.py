"""The list of all forms in which a site is published."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from statusgen.cache import Cache
from statusgen.files import File, one_owner_each
from statusgen.outputs import badges, calendars, host, pages, pictures, plain
from statusgen.outputs.alerts import documents as alerts
from statusgen.outputs.feeds import subscriptions
from statusgen.outputs.kept import Kept
from statusgen.outputs.open_data import history, incidents, manifest, services_table, status
from statusgen.outputs.statuspage import documents as statuspage
from statusgen.outputs.workers import Task, shared_out
from statusgen.status.standing import Board, IncidentStanding
from statusgen.theme.look import Look

OUTPUTS: tuple[Callable[[Board, Look], Iterable[File]], ...] = (
    pages.files,
    subscriptions.files,
    calendars.files,
    plain.files,
    badges.files,
    pictures.files,
    alerts.files,
    status.files,
    incidents.schema,
    history.files,
    services_table.files,
    manifest.files,
    statuspage.files,
    host.files,
)

"""What is published of the whole site."""

Writer = Callable[[IncidentStanding], Iterable[File]]
OF_INCIDENT: tuple[Callable[[Board, Look], Writer], ...] = (
    pages.of_incident,
    subscriptions.of_incident,
    incidents.of_incident,
)
"""What is published of each incident, which is nearly all of a site of many years: each makes what writes it."""

# So many incidents are one piece of work; and with fewer pieces, other processes are not worth their start.
_BATCH, _WORTH_SHARING = 25, 8


def every_file(board: Board, look: Look, processes: int = 1, cache: Cache | None = None) -> Iterator[File]:
    """All files of the site, made in so many processes; raises ContentError where two of them want one path."""
    writers = [output(board, look) for output in OF_INCIDENT]
    kept = Kept(board, look, cache or Cache())
    batches = [board.incidents[first : first + _BATCH] for first in range(0, len(board.incidents), _BATCH)]
    of_site: list[Task[File]] = [partial(output, board, look) for output in OUTPUTS]
    of_incidents: list[Task[File]] = [partial(_of_incidents, batch, writers, kept) for batch in batches]
    tasks = [*of_incidents[:1], *of_site, *of_incidents[1:]]
    yield from one_owner_each(shared_out(tasks, processes if len(batches) >= _WORTH_SHARING else 1))
    kept.forget()


def _of_incidents(batch: Sequence[IncidentStanding], writers: Sequence[Writer], kept: Kept) -> Iterator[File]:
    for standing in batch:
        yield from kept.files(standing, partial(_of_incident, standing, writers))


def _of_incident(standing: IncidentStanding, writers: Sequence[Writer]) -> Iterator[File]:
    return (file for write in writers for file in write(standing))
