"""The list of all forms in which a site is published."""

from collections.abc import Callable, Iterable, Iterator

from statusgen.files import File, one_owner_each
from statusgen.outputs import badges, calendars, host, pages, pictures, plain
from statusgen.outputs.alerts import documents as alerts
from statusgen.outputs.feeds import subscriptions
from statusgen.outputs.open_data import history, incidents, services_table, status
from statusgen.outputs.statuspage import documents as statuspage
from statusgen.status.standing import Board
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
    incidents.files,
    history.files,
    services_table.files,
    statuspage.files,
    host.files,
)


def every_file(board: Board, look: Look) -> Iterator[File]:
    """All files of the site; raises ContentError where two of them want one path."""
    return one_owner_each(file for output in OUTPUTS for file in output(board, look))
