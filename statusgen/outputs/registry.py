"""The list of all formats in which a site is published."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import partial

from statusgen import addresses
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.spans import Phase
from statusgen.board.model.whole_board import Board
from statusgen.files import File, Part, one_owner_each
from statusgen.outputs import badges, finder, host, images, pages, plain_text, redirects
from statusgen.outputs.alerts import documents as alerts
from statusgen.outputs.feeds import all_feeds
from statusgen.outputs.open_data import history, incidents, manifest, services_table, status
from statusgen.outputs.statuspage import documents as statuspage
from statusgen.problems import Place
from statusgen.speed.parallel import Task, chunks, run_ordered
from statusgen.theme.renderer import Renderer


def _calendars(board: Board, renderer: Renderer) -> Iterable[File]:
    # Importing its library takes longer than making calendars, and only the process that makes them needs it.
    from statusgen.outputs import calendars

    return calendars.files(board, renderer)


OUTPUTS: tuple[Callable[[Board, Renderer], Iterable[File | Part]], ...] = (
    pages.service_pages,
    all_feeds.files,
    pages.files,
    pages.archive_pages,
    pages.moved_pages,
    history.files,
    _calendars,
    plain_text.files,
    badges.files,
    pages.assets,
    finder.files,
    images.files,
    alerts.files,
    status.files,
    incidents.schema_files,
    services_table.files,
    manifest.files,
    statuspage.files,
    host.files,
    redirects.files,
)

"""What is published about the whole site, slowest first, so that all processors are busy to the end."""

IncidentWriter = Callable[[IncidentStatus], Iterable[File]]
INCIDENT_OUTPUTS: tuple[Callable[[Board, Renderer], IncidentWriter], ...] = (
    pages.incident_writer,
    all_feeds.incident_writer,
    incidents.incident_writer,
)
"""What is published about each incident, which is most of a site of many years: each makes a writer of its files."""

FileProvider = Callable[[Iterable[File | Part]], Iterable[File]]
"""Passes files on, and makes those of each part or takes them from a cache."""

# The number of incidents in one task.
_CHUNK_SIZE = 25


def make_parts(made: Iterable[File | Part]) -> Iterator[File]:
    """Yield the files, and those of each part as they are made."""
    for each in made:
        yield from each.make() if isinstance(each, Part) else (each,)


def all_files(
    board: Board, renderer: Renderer, processes: int = 1, provide: FileProvider = make_parts
) -> Generator[File, None, None]:
    """Yield all files of the site, made in that many processes; raise ContentError if two of them have one path."""
    writers = [output(board, renderer) for output in INCIDENT_OUTPUTS]
    site_tasks: list[Task[File]] = [partial(_site_files, output, board, renderer, provide) for output in OUTPUTS]
    incident_tasks: list[Task[File]] = [
        partial(_incident_files, chunk, writers, provide) for chunk in chunks(board.incidents, _CHUNK_SIZE)
    ]
    yield from one_owner_each(run_ordered([*site_tasks, *incident_tasks], processes))


def _site_files(
    output: Callable[[Board, Renderer], Iterable[File | Part]], board: Board, renderer: Renderer, provide: FileProvider
) -> Iterable[File]:
    return provide(output(board, renderer))


def _incident_files(
    incidents: Sequence[IncidentStatus], writers: Sequence[IncidentWriter], provide: FileProvider
) -> Iterable[File]:
    return provide(each for incident in incidents for each in _write_incident(incident, writers))


def _write_incident(incident: IncidentStatus, writers: Sequence[IncidentWriter]) -> Iterable[File | Part]:
    """Return the files of an incident: as a part unless its page says how things stand now."""
    files = (file for write in writers for file in write(incident))
    if incident.phase is not Phase.PAST:
        return files
    source = Place(incident.incident.place.file)
    return (Part(addresses.incident(incident.id), (incident.id,), lambda: files, source=source),)
