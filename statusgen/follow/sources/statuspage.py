"""Atlassian Statuspage, and incident.io, which publishes the same document: /api/v2/summary.json.

https://support.atlassian.com/statuspage/docs/what-are-the-different-apis-under-statuspage/
"""

from collections.abc import Iterable, Sequence

from statusgen.follow.seen import WHOLE_PAGE, Seen, translate_word
from statusgen.follow.sources.shape import Id, Name, Published, Source, Time, below, parse_document
from statusgen.imports.statuspage.shapes import COMPONENT_STATUSES
from statusgen.model.statuses import Status

_INDICATORS = {
    "none": Status.WORKING,
    "minor": Status.DEGRADED,
    "major": Status.LIMITED,
    "critical": Status.DOWN,
    "maintenance": Status.MAINTENANCE,
}
_UNDER_WAY = ("in_progress", "verifying")


class _Component(Published):
    id: Id
    name: Name
    status: str


class _Named(Published):
    id: Id = ""


class _Incident(Published):
    name: Name = ""
    status: str = ""
    created_at: Time = None
    started_at: Time = None
    scheduled_for: Time = None
    shortlink: str | None = None
    components: tuple[_Named, ...] = ()


class _Overall(Published):
    indicator: str


class _Summary(Published):
    status: _Overall
    components: tuple[_Component, ...]
    incidents: tuple[_Incident, ...] = ()
    scheduled_maintenances: tuple[_Incident, ...] = ()


def _read(documents: Sequence[bytes]) -> list[Seen]:
    """Return each component, with the incident that names it, and the page as a whole."""
    summary = parse_document(_Summary, documents[0])
    works = [each for each in summary.scheduled_maintenances if each.status in _UNDER_WAY]
    whole = _describe(WHOLE_PAGE, *translate_word(summary.status.indicator, _INDICATORS), summary.incidents, works)
    incidents, own_works = (_sort_by_component(some) for some in (summary.incidents, works))
    components = (
        _describe(
            each.name,
            *translate_word(each.status, COMPONENT_STATUSES),
            incidents.get(each.id, ()),
            own_works.get(each.id, ()),
            each.id,
        )
        for each in summary.components
    )
    return [whole, *components]


def _sort_by_component(incidents: Iterable[_Incident]) -> dict[str, list[_Incident]]:
    """Return the incidents that name a component, by its id."""
    found: dict[str, list[_Incident]] = {}
    for incident in incidents:
        for id in {component.id for component in incident.components}:
            found.setdefault(id, []).append(incident)
    return found


def _describe(
    name: str, status: Status, word: str, incidents: Sequence[_Incident], works: Sequence[_Incident], id: str = ""
) -> Seen:
    """Return how something stands, since the first of its incidents, or of its planned work, began."""
    about = [*works] if status is Status.MAINTENANCE else [*incidents] if status is not Status.WORKING else []
    starts = [each.scheduled_for or each.started_at or each.created_at for each in about]
    since = min((start for start in starts if start), default=None)
    named = about[0] if about else _Incident()
    return Seen(name, status, since, named.name, named.shortlink or "", id, word)


STATUSPAGE = Source(lambda source: [below(source, "api/v2/summary.json")], _read)
