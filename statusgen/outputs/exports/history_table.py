"""The history as a table: one line for each time that a service stood in one way in one incident."""

from statusgen import addresses, history
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.whole_board import Board
from statusgen.history import Spell
from statusgen.outputs.open_data.builder import DocumentBuilder
from statusgen.outputs.tables import make_table

COLUMNS = (
    "incident",
    "title",
    "kind",
    "service",
    "service_name",
    "status",
    "from",
    "from_before",
    "reported",
    "to",
    "days",
    "page",
    "demonstration",
)


def make_history_table(board: Board, language: str) -> bytes:
    """Return the table as CSV, oldest incident first, with its words in one language.

    Times are local, with their offset (RFC 3339); days are dates, and months `2024-05`. What nobody said is empty: of
    `from`, `from_before` and `reported` one has a time, and `to` has none while it lasts.
    """
    builder = DocumentBuilder(board, language)
    incidents = sorted(board.incidents, key=lambda each: (each.incident.started.start, each.id))
    rows = (_row(each, spell, builder) for each in incidents for spell in history.spells(each, board))
    return make_table(COLUMNS, rows)


def _row(incident: IncidentStatus, spell: Spell, builder: DocumentBuilder) -> dict[str, str]:
    since, phrasing = spell.interval.since, builder.phrasing
    began = builder.time(since.when) if since else ""
    return {
        "incident": incident.id,
        "title": phrasing.say(incident.incident.title),
        "kind": incident.incident.kind.value,
        "service": spell.service.id,
        "service_name": phrasing.say(spell.service.name),
        "status": spell.interval.status.value,
        "from": began if since and not (since.is_before or since.is_report) else "",
        "from_before": began if since and since.is_before else "",
        "reported": began if since and since.is_report and not since.is_before else "",
        "to": builder.time_or_none(phrasing.last_time(spell.interval)) or "",
        "days": str(spell.days or ""),
        "page": builder.url(addresses.incident(incident.id)),
        "demonstration": builder.text_or_none(builder.site.demonstration) or "",
    }
