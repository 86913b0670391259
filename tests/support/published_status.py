"""Documents in the shapes that status pages and monitors publish, in our own words, and a server that sends them."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from typing import Any

from tests.support.web_server import QuietHandler, serve

# What a town writes that follows a vendor of this kind at this address.
FOLLOW_PAYGOV = """\
follow:
  - id: paygov
    kind: {kind}
    from: {source}
    url: https://status.paygov.example/
    name: {{en: the payment company, es: la empresa de pagos}}
    for:
      - component: Card payments
        services: [water-bill/online]
        do: {{en: Pay by phone., es: Pague por teléfono.}}
"""
PATIENCE = 20.0  # seconds until a stand-in gives up; no test waits for it to pass
STARTED = "2026-11-30T15:10:00.000Z"  # 9:10 AM in Chicago


def statuspage(
    components: Mapping[str, str],
    *,
    incident: str = "",
    started: str = STARTED,
    about: Sequence[str] = (),
    indicator: str = "none",
    work: str = "",
) -> dict[str, Any]:
    """Return a summary.json of Statuspage, version 2, which incident.io publishes as well."""
    listed = [
        {
            "id": f"id-{number}",
            "name": name,
            "status": status,
            "created_at": "2020-01-01T00:00:00.000Z",
            "updated_at": "2026-11-30T15:11:00.000Z",
            "position": number,
            "description": None,
            "showcase": False,
            "group_id": None,
            "page_id": "kctbh9vrtdwd",
            "group": False,
            "only_show_if_degraded": False,
        }
        for number, (name, status) in enumerate(components.items(), 1)
    ]
    named = [each for each in listed if each["name"] in about]
    common = {"id": "p31zjtct2jer", "created_at": started, "updated_at": started, "shortlink": "https://stspg.io/a1"}
    return {
        "page": {
            "id": "kctbh9vrtdwd",
            "name": "PayGov",
            "url": "https://status.paygov.example",
            "time_zone": "Etc/UTC",
        },
        "components": listed,
        "incidents": [
            {
                **common,
                "name": incident,
                "status": "investigating",
                "impact": indicator,
                "started_at": started,
                "incident_updates": [
                    {"status": "investigating", "body": "<b>We look</b> into it.", "display_at": started}
                ],
                "components": named,
            }
        ]
        * bool(incident),
        "scheduled_maintenances": [
            {
                **common,
                "name": work,
                "status": "in_progress",
                "impact": "maintenance",
                "scheduled_for": started,
                "scheduled_until": "2026-11-30T23:00:00.000Z",
                "components": named,
            }
        ]
        * bool(work),
        "status": {"indicator": indicator, "description": "Partial System Outage"},
    }


def instatus(page: str, *incidents: tuple[str, str]) -> dict[str, Any]:
    """Return a summary.json of Instatus; each incident has a name and an impact."""
    return {
        "page": {"name": "PayGov", "url": "https://paygov.instatus.com", "status": page},
        "activeIncidents": [
            {
                "name": name,
                "started": STARTED,
                "status": "INVESTIGATING",
                "impact": impact,
                "url": "https://paygov.instatus.com/clab1",
                "updatedAt": STARTED,
            }
            for name, impact in incidents
        ],
        "activeMaintenances": [],
    }


def instatus_components(components: Mapping[str, str]) -> dict[str, Any]:
    """Return a v2/components.json of Instatus."""
    return {
        "components": [
            {"id": f"cl{number}", "name": name, "description": "", "status": status, "order": number, "isParent": False}
            for number, (name, status) in enumerate(components.items())
        ]
    }


def better_stack(state: str, resources: Mapping[str, str], *reports: tuple[str, Sequence[str]]) -> dict[str, Any]:
    """Return an index.json of Better Stack; each report has a title and the resources that it is about."""
    ids = {name: str(800 + number) for number, name in enumerate(resources)}
    return {
        "data": {
            "id": "1234",
            "type": "status_page",
            "attributes": {"company_name": "PayGov", "aggregate_state": state, "timezone": "UTC"},
            "relationships": {
                "resources": {"data": [{"id": id, "type": "status_page_resource"} for id in ids.values()]}
            },
        },
        "included": [
            *(
                {
                    "id": ids[name],
                    "type": "status_page_resource",
                    "attributes": {
                        "status_page_section_id": 7,
                        "resource_id": 11,
                        "resource_type": "Monitor",
                        "public_name": name,
                        "explanation": "",
                        "status": status,
                        "status_history": [{"day": "2026-11-30", "status": status, "downtime_duration": 60}],
                    },
                }
                for name, status in resources.items()
            ),
            *(
                {
                    "id": f"9{number}",
                    "type": "status_report",
                    "attributes": {
                        "title": title,
                        "report_type": "manual",
                        "starts_at": STARTED,
                        "ends_at": None,
                        "aggregate_state": "downtime",
                        "affected_resources": [
                            {"status_page_resource_id": ids[name], "status": "downtime"} for name in about
                        ],
                    },
                }
                for number, (title, about) in enumerate(reports)
            ),
        ],
    }


def atom(*entries: tuple[str, str, str]) -> bytes:
    """Return an Atom feed; each entry has a title, the HTML of its text, and when it was published and changed."""
    items = "".join(
        f"<entry><id>tag:paygov.example,2005:{number}</id><title>{title}</title><published>{at}</published>"
        f"<updated>{at}</updated><link rel='alternate' href='https://status.paygov.example/incidents/{number}'/>"
        f"<content type='html'>{text.replace('&', '&amp;').replace('<', '&lt;')}</content></entry>"
        for number, (title, text, at) in enumerate(entries)
    )
    head = "<?xml version='1.0' encoding='UTF-8'?><feed xmlns='http://www.w3.org/2005/Atom'><title>PayGov</title>"
    return f"{head}<id>tag:paygov.example,2005:/history</id><updated>{STARTED}</updated>{items}</feed>".encode()


def gatus(endpoints: Mapping[str, Sequence[bool]]) -> list[dict[str, Any]]:
    """Return what Gatus says of endpoints, each with its last results, a minute apart from STARTED on."""
    return [
        {
            "name": name,
            "group": "core",
            "key": f"core_{name}",
            "results": [
                {
                    "status": 200 if success else 503,
                    "hostname": name,
                    "duration": 12345678,
                    "conditionResults": [{"condition": "[STATUS] == 200", "success": success}],
                    "success": success,
                    "timestamp": f"2026-11-30T15:{10 + number}:00.123456789Z",
                }
                for number, success in enumerate(results)
            ],
        }
        for name, results in endpoints.items()
    ]


def uptime_kuma(monitors: Mapping[str, Sequence[int]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the two documents of a status page of Uptime Kuma; each monitor has its last beats, a minute apart."""
    ids = {name: number for number, name in enumerate(monitors, 1)}
    page = {
        "config": {"slug": "city", "title": "City", "description": None, "published": True},
        "incident": None,
        "publicGroupList": [
            {
                "id": 1,
                "name": "Services",
                "weight": 1,
                "monitorList": [{"id": id, "name": name, "sendUrl": 0, "type": "http"} for name, id in ids.items()],
            }
        ],
        "maintenanceList": [],
    }
    beats = {
        "heartbeatList": {
            str(ids[name]): [
                {"status": status, "time": f"2026-11-30 15:{10 + number}:00.000", "msg": "", "ping": None}
                for number, status in enumerate(statuses)
            ]
            for name, statuses in monitors.items()
        },
        "uptimeList": {f"{id}_24": 0.99 for id in ids.values()},
    }
    return page, beats


def uptime_kuma_webhook(name: str, status: int) -> dict[str, Any]:
    """Return what the webhook of Uptime Kuma sends when a monitor changes."""
    return {
        "heartbeat": {
            "monitorID": 1,
            "status": status,
            "time": "2026-11-30 15:10:00.000",
            "msg": "Request failed with status code 503",
            "important": True,
            "duration": 60,
            "timezone": "America/Chicago",
            "timezoneOffset": "-06:00",
            "localDateTime": "2026-11-30 09:10:00",
        },
        "monitor": {"id": 1, "name": name, "type": "http", "active": True},
        "msg": f"[{name}] [Down]",
    }


def alertmanager(*alerts: tuple[str, str, str]) -> dict[str, Any]:
    """Return what Alertmanager sends, version 4; each alert has a name, its status and a severity."""
    return {
        "version": "4",
        "groupKey": '{}:{alertname="Pay"}',
        "truncatedAlerts": 0,
        "status": "firing" if any(status == "firing" for _, status, _ in alerts) else "resolved",
        "receiver": "status",
        "groupLabels": {},
        "commonLabels": {},
        "commonAnnotations": {},
        "externalURL": "http://alertmanager.internal:9093",
        "alerts": [
            {
                "status": status,
                "labels": {"alertname": name, "severity": severity, "instance": "10.0.0.7:9100"},
                "annotations": {"summary": f"{name} fails"},
                "startsAt": STARTED,
                "endsAt": "0001-01-01T00:00:00Z",
                "generatorURL": "http://prometheus.internal/graph",
                "fingerprint": "c0ffee",
            }
            for name, status, severity in alerts
        ],
    }


def grafana(*alerts: tuple[str, str, str]) -> dict[str, Any]:
    """Return what the webhook of Grafana sends."""
    sent = alertmanager(*alerts)
    more = {
        "silenceURL": "https://grafana.internal/s",
        "dashboardURL": "",
        "panelURL": "",
        "valueString": "[ var='A' ]",
    }
    return {
        **sent,
        "version": "1",
        "orgId": 1,
        "title": "[FIRING:1]",
        "state": "alerting",
        "message": "…",
        "alerts": [{**alert, **more} for alert in sent["alerts"]],
    }


def healthchecks(checks: Mapping[str, str]) -> dict[str, Any]:
    """Return the checks of Healthchecks, version 3 of its API, as a read-only key gets them."""
    return {
        "checks": [
            {
                "name": name,
                "slug": name.lower().replace(" ", "-"),
                "tags": "",
                "desc": "",
                "grace": 3600,
                "n_pings": 9,
                "status": status,
                "started": False,
                "last_ping": "2026-11-30T14:00:00+00:00",
                "next_ping": None,
                "manual_resume": False,
                "unique_key": "a6c7b0a8a66bed0df66abfdab3c77736861703ee",
                "timeout": 86400,
            }
            for name, status in checks.items()
        ]
    }


@dataclass
class StatusServer:
    """A stand-in that sends `documents` by their paths; a value can be an answer of its own.

    With `silent` it takes requests and never answers; with `dripping` it sends a byte now and then without end.
    """

    documents: dict[str, object] = field(default_factory=dict)
    silent: bool = False
    dripping: bool = False
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    over: Event = field(default_factory=Event)
    url: str = ""


@dataclass(frozen=True)
class Answered:
    """An answer as it is: its status, its headers and its body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class _Handler(QuietHandler):
    def __init__(self, server: StatusServer, *args: object) -> None:
        self.stand_in = server
        super().__init__(*args)  # type: ignore[arg-type] # what socketserver hands over

    def do_GET(self) -> None:  # noqa: N802 (the name that http.server looks for)
        server = self.stand_in
        server.asked.append((self.path, self.headers.get("X-Api-Key")))
        if server.silent:
            server.over.wait(PATIENCE)
            return
        found = server.documents.get(self.path, Answered(404))
        content = (
            found if isinstance(found, bytes) else json.dumps(found).encode() if isinstance(found, dict | list) else b""
        )
        answer = found if isinstance(found, Answered) else Answered(200, {}, content)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if server.dripping:
            self.end_headers()
            while not server.over.wait(0.02):
                self.wfile.write(b" ")
            return
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def handle(self) -> None:
        """Answer, also if the other end hangs up."""
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True


@contextmanager
def serve_status(
    documents: Mapping[str, object] | None = None, silent: bool = False, dripping: bool = False
) -> Iterator[StatusServer]:
    """Run a stand-in on loopback until the end of the block."""
    server = StatusServer(dict(documents or {}), silent, dripping)
    handler: Callable[..., QuietHandler] = partial(_Handler, server)
    with serve(handler) as address:
        server.url = address.rstrip("/")
        try:
            yield server
        finally:
            server.over.set()
