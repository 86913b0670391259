"""The documents, and what each of them contains."""

import json
import re
from collections.abc import Iterator
from datetime import datetime

from statusgen import addresses
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.spans import Phase
from statusgen.board.model.whole_board import Board
from statusgen.files import File
from statusgen.model.states import Kind
from statusgen.outputs.statuspage.builder import StatuspageBuilder
from statusgen.text import Json
from statusgen.theme.renderer import Renderer

# The most incidents, and the most planned work, in the documents with all of them: the newest.
MAX_INCIDENTS = 50
# What a browser would take for the beginning of a tag, if a program put the text into a page as it is.
_TAG = re.compile("<(?=[A-Za-z/!?])")


def files(board: Board, renderer: Renderer) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """Yield the eight documents, in the site's first language."""
    for name, document in documents(board):
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        yield File(addresses.statuspage(name), _TAG.sub("< ", text).encode("utf-8", "replace"))


def documents(board: Board) -> Iterator[tuple[str, dict[str, Json]]]:
    """Yield the documents by name; incidents are newest first, planned work to come is soonest first."""
    builder = StatuspageBuilder(board)
    page: dict[str, Json] = {"page": builder.page()}
    status: dict[str, Json] = {"status": builder.status()}
    components: dict[str, Json] = {"components": [*builder.component_list()]}
    newest = _incidents_newest_first(board)
    incidents = [builder.incident(incident) for incident in newest[:MAX_INCIDENTS]]
    unresolved = [builder.incident(incident) for incident in newest if incident.phase is not Phase.PAST]
    maintenance = [builder.maintenance(incident) for incident in _maintenance_latest_first(board)[:MAX_INCIDENTS]]
    active = [builder.maintenance(incident) for incident in board.planned_work if incident.phase is Phase.OPEN]
    upcoming = [builder.maintenance(incident) for incident in board.planned_work if incident.phase is Phase.PLANNED]
    ahead: dict[str, Json] = {"incidents": unresolved, "scheduled_maintenances": [*active, *upcoming]}
    yield "summary", {**page, **components, **ahead, **status}
    yield "status", {**page, **status}
    yield "components", {**page, **components}
    yield "incidents", {**page, "incidents": incidents}
    yield "incidents/unresolved", {**page, "incidents": unresolved}
    yield "scheduled-maintenances", {**page, "scheduled_maintenances": maintenance}
    yield "scheduled-maintenances/upcoming", {**page, "scheduled_maintenances": upcoming}
    yield "scheduled-maintenances/active", {**page, "scheduled_maintenances": active}


def _incidents_newest_first(board: Board) -> list[IncidentStatus]:
    """Return incidents and notices, the last to be published first."""

    def first_published(incident: IncidentStatus) -> tuple[datetime, str]:
        return (incident.updates[0].time.start, incident.id)

    incidents = [incident for incident in board.incidents if incident.incident.kind is not Kind.MAINTENANCE]
    return sorted(incidents, key=first_published, reverse=True)


def _maintenance_latest_first(board: Board) -> list[IncidentStatus]:
    """Return planned work, the last to begin first."""

    def begins(incident: IncidentStatus) -> tuple[datetime, str]:
        window = incident.announced_window
        return (window.start.start if window else incident.incident.started.start, incident.id)

    maintenance = [incident for incident in board.incidents if incident.incident.kind is Kind.MAINTENANCE]
    return sorted(maintenance, key=begins, reverse=True)
