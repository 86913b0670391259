"""Better Stack: /index.json, a document of JSON:API (https://jsonapi.org/format/1.1/)."""

from collections.abc import Sequence

from statusgen.follow.seen import WHOLE_PAGE, Seen, translate_word
from statusgen.follow.sources.shape import Id, Name, Published, Source, Time, below, parse_document
from statusgen.model.statuses import Status

_STATUSES = {
    "operational": Status.WORKING,
    "resolved": Status.WORKING,
    "degraded": Status.DEGRADED,
    "downtime": Status.DOWN,
    "maintenance": Status.MAINTENANCE,
    "not_monitored": Status.NOT_SAID,
}


class _Affected(Published):
    status_page_resource_id: Id = ""


class _Attributes(Published):
    """Those of the page, of its resources and of its reports together; each kind has some of them."""

    aggregate_state: str = ""
    public_name: Name = ""
    status: str = ""
    title: Name = ""
    starts_at: Time = None
    ends_at: Time = None
    affected_resources: tuple[_Affected, ...] = ()


class _Thing(Published):
    id: Id
    type: str
    attributes: _Attributes


class _Document(Published):
    data: _Thing
    included: tuple[_Thing, ...] = ()


def _read(documents: Sequence[bytes]) -> list[Seen]:
    """Return each resource, with the report that names it, and the page as a whole."""
    document = parse_document(_Document, documents[0])
    reports = [each.attributes for each in document.included if each.type == "status_report"]
    open_reports = [each for each in reports if each.ends_at is None and each.aggregate_state != "resolved"]
    whole = _describe(WHOLE_PAGE, document.data.attributes.aggregate_state, open_reports)
    by_resource: dict[str, list[_Attributes]] = {}
    for report in open_reports:
        for id in {affected.status_page_resource_id for affected in report.affected_resources}:
            by_resource.setdefault(id, []).append(report)
    resources = (
        _describe(each.attributes.public_name, each.attributes.status, by_resource.get(each.id, ()), each.id)
        for each in document.included
        if each.type == "status_page_resource"
    )
    return [whole, *resources]


def _describe(name: str, status_word: str, reports: Sequence[_Attributes], id: str = "") -> Seen:
    status, word = translate_word(status_word, _STATUSES)
    about = reports if status.is_stated_problem else ()
    starts = [each.starts_at for each in about if each.starts_at]
    return Seen(name, status, min(starts, default=None), about[0].title if about else "", "", id, word)


BETTER_STACK = Source(lambda source: [below(source, "index.json")], _read)
