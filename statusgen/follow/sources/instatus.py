"""Instatus: /summary.json for the page and its incidents, /v2/components.json for the components."""

from collections.abc import Sequence

from statusgen.follow.seen import WHOLE_PAGE, Seen, translate_word
from statusgen.follow.sources.shape import Id, Name, Published, Source, Time, below, parse_document
from statusgen.model.statuses import Status

_COMPONENTS = {
    "operational": Status.WORKING,
    "degradedperformance": Status.DEGRADED,
    "minoroutage": Status.DEGRADED,
    "partialoutage": Status.LIMITED,
    "majoroutage": Status.DOWN,
    "undermaintenance": Status.MAINTENANCE,
}
_PAGES = {"up": Status.WORKING, "hasissues": Status.DEGRADED, "undermaintenance": Status.MAINTENANCE}


class _Page(Published):
    status: str


class _Incident(Published):
    name: Name = ""
    started: Time = None
    start: Time = None
    impact: str = ""
    url: str = ""
    status: str = ""


class _Summary(Published):
    page: _Page
    activeIncidents: tuple[_Incident, ...] = ()  # noqa: N815 - as the document names it
    activeMaintenances: tuple[_Incident, ...] = ()  # noqa: N815 - likewise


class _Component(Published):
    id: Id
    name: Name
    status: str


class _Components(Published):
    components: tuple[_Component, ...]


def _read(documents: Sequence[bytes]) -> list[Seen]:
    """Return the page as a whole and each component; the documents do not say which incident is about which."""
    summary = parse_document(_Summary, documents[0])
    listed = parse_document(_Components, documents[1]).components if len(documents) > 1 else ()
    whole = _describe_page(summary)
    return [whole, *(_describe(each, summary) for each in listed)]


def _describe_page(summary: _Summary) -> Seen:
    status, word = translate_word(summary.page.status, _PAGES)
    if status is Status.MAINTENANCE:
        return _with_incident(WHOLE_PAGE, status, [i for i in summary.activeMaintenances if i.status == "INPROGRESS"])
    impacts = [_COMPONENTS.get(each.impact.casefold(), status) for each in summary.activeIncidents]
    if status is Status.DEGRADED and impacts:
        status = max(impacts, key=lambda each: each.severity)
    incidents = summary.activeIncidents if status is not Status.WORKING else ()
    return _with_incident(WHOLE_PAGE, status, incidents, word=word)


def _describe(component: _Component, summary: _Summary) -> Seen:
    """Return a component; with its incident, if there is only one that it can be."""
    status, word = translate_word(component.status, _COMPONENTS)
    is_plain = status in (Status.WORKING, Status.MAINTENANCE) or len(summary.activeIncidents) != 1
    return _with_incident(component.name, status, () if is_plain else summary.activeIncidents, component.id, word)


def _with_incident(name: str, status: Status, incidents: Sequence[_Incident], id: str = "", word: str = "") -> Seen:
    starts = [start for each in incidents if (start := each.started or each.start)]
    first = incidents[0] if incidents else _Incident()
    return Seen(name, status, min(starts, default=None), first.name, first.url, id, word)


INSTATUS = Source(lambda source: [below(source, "summary.json"), below(source, "v2/components.json")], _read)
