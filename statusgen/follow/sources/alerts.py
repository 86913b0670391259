"""What the webhooks of Prometheus Alertmanager (version 4) and of Grafana send: alerts that fire, and that are over.

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
"""

from collections.abc import Sequence

from pydantic import Field

from statusgen.follow.seen import WHOLE_PAGE, Seen, summarize, worst_of
from statusgen.follow.sources.shape import Name, Published, Source, Time, parse_document
from statusgen.model.statuses import Status

# An alert says how much it matters, not how a service is: the words that are in use for the worst.
_WORST = ("critical", "page", "emergency", "fatal")
_STATUSES = ("firing", "resolved")


class _Alert(Published):
    status: str
    labels: dict[str, Name] = Field(default_factory=dict)
    annotations: dict[str, Name] = Field(default_factory=dict)
    startsAt: Time = None  # noqa: N815 - as the document names it


class _Message(Published):
    alerts: tuple[_Alert, ...]


def _read(documents: Sequence[bytes]) -> list[Seen]:
    """Return each alert by its name (`alertname`), by its `service` if it has that label, and all of them together."""
    alerts = [(each, _describe(each)) for each in parse_document(_Message, documents[0]).alerts]
    by_name: dict[str, list[Seen]] = {}
    for alert, seen in alerts:
        for name in {alert.labels.get("alertname", ""), alert.labels.get("service", "")} - {""}:
            by_name.setdefault(name, []).append(seen)
    named = [_rename(worst_of(several), name) for name, several in sorted(by_name.items())]
    return [_rename(summarize(seen for _, seen in alerts), WHOLE_PAGE), *named]


def _describe(alert: _Alert) -> Seen:
    words = alert.annotations
    title = words.get("summary") or words.get("description") or alert.labels.get("alertname", "")
    if alert.status not in _STATUSES:
        return Seen("", Status.NOT_SAID, word=alert.status)
    if alert.status == "resolved":
        return Seen("", Status.WORKING)
    is_worst = alert.labels.get("severity", "").casefold() in _WORST
    return Seen("", Status.DOWN if is_worst else Status.DEGRADED, alert.startsAt, title)


def _rename(seen: Seen, name: str) -> Seen:
    return Seen(name, seen.status, seen.since, seen.title, seen.url, name, seen.word)


ALERTS = Source(lambda _source: [], _read)
