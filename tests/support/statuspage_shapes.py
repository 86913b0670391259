"""The documents of Statuspage's public API: every key in its order, and the values that each may have.

They follow Atlassian's documentation of the API (`/api` on a page that it hosts) and what such pages serve.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast

TEXT, YES_OR_NO, NUMBER = "text", "true or false", "number"
ID, MOMENT, URL = "id", "moment", "url"
ONE_OF_COMPONENTS = ("operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance")
STATES = ("investigating", "identified", "monitoring", "resolved", "postmortem")
WORK_STATES = ("scheduled", "in_progress", "verifying", "completed")
IMPACTS = ("none", "minor", "major", "critical", "maintenance")


class Maybe:
    """A value, or null."""

    def __init__(self, shape: object) -> None:
        self.shape = shape


PAGE = {"id": ID, "name": TEXT, "url": URL, "time_zone": TEXT, "updated_at": MOMENT}
STATUS = {"indicator": IMPACTS, "description": TEXT}
COMPONENT = {
    "id": ID,
    "name": TEXT,
    "status": ONE_OF_COMPONENTS,
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "position": NUMBER,
    "description": Maybe(TEXT),
    "showcase": YES_OR_NO,
    "start_date": Maybe(TEXT),
    "group_id": Maybe(ID),
    "page_id": ID,
    "group": YES_OR_NO,
    "only_show_if_degraded": YES_OR_NO,
}
GROUP = {**COMPONENT, "components": [ID]}
AFFECTED = {"code": ID, "name": TEXT, "old_status": ONE_OF_COMPONENTS, "new_status": ONE_OF_COMPONENTS}


def update_shape(states: tuple[str, ...]) -> dict[str, object]:
    return {
        "id": ID,
        "status": states,
        "body": TEXT,
        "incident_id": ID,
        "created_at": MOMENT,
        "updated_at": MOMENT,
        "display_at": MOMENT,
        "affected_components": Maybe([AFFECTED]),
        "deliver_notifications": YES_OR_NO,
        "custom_tweet": Maybe(TEXT),
        "tweet_id": Maybe(TEXT),
    }


def incident_shape(states: tuple[str, ...], impacts: tuple[str, ...]) -> dict[str, object]:
    return {
        "id": ID,
        "name": TEXT,
        "status": states,
        "created_at": MOMENT,
        "updated_at": MOMENT,
        "monitoring_at": Maybe(MOMENT),
        "resolved_at": Maybe(MOMENT),
        "impact": impacts,
        "shortlink": URL,
        "started_at": MOMENT,
        "page_id": ID,
        "incident_updates": [update_shape(states)],
        "components": [COMPONENT],
    }


def work_shape(states: tuple[str, ...]) -> dict[str, object]:
    times = {"scheduled_for": MOMENT, "scheduled_until": MOMENT}
    # An update may have been said when the work was not as far as it is now.
    return {**incident_shape(WORK_STATES, ("maintenance",)), "status": states, **times}


INCIDENT = {**incident_shape(STATES, IMPACTS), "reminder_intervals": Maybe(NUMBER)}
UNRESOLVED = {**INCIDENT, "status": STATES[:3]}
COMPONENTS = [(COMPONENT, GROUP)]

SHAPES: Mapping[str, Mapping[str, object]] = {
    "summary": {
        "page": PAGE,
        "components": COMPONENTS,
        "incidents": [UNRESOLVED],
        "scheduled_maintenances": [work_shape(WORK_STATES[:3])],
        "status": STATUS,
    },
    "status": {"page": PAGE, "status": STATUS},
    "components": {"page": PAGE, "components": COMPONENTS},
    "incidents": {"page": PAGE, "incidents": [INCIDENT]},
    "incidents/unresolved": {"page": PAGE, "incidents": [UNRESOLVED]},
    "scheduled-maintenances": {"page": PAGE, "scheduled_maintenances": [work_shape(WORK_STATES)]},
    "scheduled-maintenances/upcoming": {"page": PAGE, "scheduled_maintenances": [work_shape(WORK_STATES[:1])]},
    "scheduled-maintenances/active": {"page": PAGE, "scheduled_maintenances": [work_shape(WORK_STATES[1:3])]},
}

IS: Mapping[str, Callable[[Any], bool]] = {
    TEXT: lambda value: isinstance(value, str) and value != "",
    YES_OR_NO: lambda value: isinstance(value, bool),
    NUMBER: lambda value: type(value) is int and value > 0,
    ID: lambda value: isinstance(value, str) and re.fullmatch("[0-9a-z]{12}", value) is not None,
    MOMENT: lambda value: (
        re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000(Z|[+-]\d\d:\d\d)", value) is not None
        and datetime.fromisoformat(value).tzinfo is not None
    ),
    URL: lambda value: isinstance(value, str) and value.startswith("https://"),
}


def assert_fits(value: Any, shape: object, where: str) -> None:
    """Assert that the value has the shape, with exactly the same keys in the same order."""
    if isinstance(shape, Maybe):
        if value is not None:
            assert_fits(value, shape.shape, where)
    elif isinstance(shape, str):
        assert IS[shape](value), f"{where} is {value!r}, which is no {shape}"
    elif isinstance(shape, list):
        assert isinstance(value, list), where
        for number, one in enumerate(value):
            assert_fits(one, shape[0], f"{where}/{number}")
    elif isinstance(shape, dict):
        assert list(value) == list(shape), where
        for key, own in shape.items():
            assert_fits(value[key], own, f"{where}/{key}")
    elif shape == (COMPONENT, GROUP):
        assert_fits(value, GROUP if value["group"] else COMPONENT, where)
    else:
        assert value in cast("tuple[str, ...]", shape), f"{where} is {value!r}"
