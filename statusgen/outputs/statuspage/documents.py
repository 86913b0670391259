"""The documents, and what each of them holds."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from statusgen import addresses
from statusgen.files import File
from statusgen.model import Kind
from statusgen.outputs.statuspage.values import Values
from statusgen.status.standing import Board, IncidentStanding, Phase
from statusgen.theme.look import Look

# The documents of all incidents and of all planned work hold no more than so many, the newest.
MOST = 50
# What a browser would take for the beginning of a tag, should a program put the text into a page as it is.
_TAG = re.compile("<(?=[A-Za-z/!?])")


def files(board: Board, look: Look) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """The eight documents, in the city's first language."""
    for name, document in documents(board):
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        yield File(addresses.statuspage(name), _TAG.sub("< ", text).encode("utf-8", "replace"))


def documents(board: Board) -> Iterator[tuple[str, dict[str, Any]]]:
    """The documents by their names; incidents newest first, planned work ahead soonest first."""
    values = Values(board)
    page, status, components = {"page": values.page()}, {"status": values.status()}, {"components": [*values.tree()]}
    newest = _newest(board)
    incidents = [values.incident(standing) for standing in newest[:MOST]]
    unresolved = [values.incident(standing) for standing in newest if standing.phase is not Phase.PAST]
    works = [values.maintenance(standing) for standing in _latest(board)[:MOST]]
    active = [values.maintenance(standing) for standing in board.planned if standing.phase is Phase.OPEN]
    upcoming = [values.maintenance(standing) for standing in board.planned if standing.phase is Phase.PLANNED]
    ahead = {"incidents": unresolved, "scheduled_maintenances": [*active, *upcoming]}
    yield "summary", {**page, **components, **ahead, **status}
    yield "status", {**page, **status}
    yield "components", {**page, **components}
    yield "incidents", {**page, "incidents": incidents}
    yield "incidents/unresolved", {**page, "incidents": unresolved}
    yield "scheduled-maintenances", {**page, "scheduled_maintenances": works}
    yield "scheduled-maintenances/upcoming", {**page, "scheduled_maintenances": upcoming}
    yield "scheduled-maintenances/active", {**page, "scheduled_maintenances": active}


def _newest(board: Board) -> list[IncidentStanding]:
    """Incidents and notices, the last to be published first."""

    def published(standing: IncidentStanding) -> tuple[datetime, str]:
        return (standing.updates[0].time.start, standing.id)

    incidents = [standing for standing in board.incidents if standing.incident.kind is not Kind.MAINTENANCE]
    return sorted(incidents, key=published, reverse=True)


def _latest(board: Board) -> list[IncidentStanding]:
    """Planned work, the last to begin first."""

    def begins(standing: IncidentStanding) -> tuple[datetime, str]:
        window = standing.announced
        return (window.start.start if window else standing.incident.started.start, standing.id)

    works = [standing for standing in board.incidents if standing.incident.kind is Kind.MAINTENANCE]
    return sorted(works, key=begins, reverse=True)
