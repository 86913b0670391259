"""What must be in published data so that it can be compared: less than a schema asks, for other releases' sites."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

Validator = TypeAdapter[Any]


@dataclass(frozen=True)
class _NamedItem:
    id: str
    name: str


@dataclass(frozen=True)
class _ItemWithStatus(_NamedItem):
    status: str
    status_words: str


@dataclass(frozen=True)
class _Advice:
    do: str | None
    where: str | None


@dataclass(frozen=True)
class _Estimate:
    sentence: str


@dataclass(frozen=True)
class _Service(_ItemWithStatus):
    channels: list[_ItemWithStatus]
    advice: list[_Advice]
    expected: list[_Estimate]


@dataclass(frozen=True)
class _Waiver:
    incident: str
    id: str
    sentence: str


@dataclass(frozen=True)
class _Deadline:
    incident: str
    id: str
    what: str | None
    on: str | None


@dataclass(frozen=True)
class _Contact:
    name: str


@dataclass(frozen=True)
class _Site:
    title: str
    publisher: str
    url: str


@dataclass(frozen=True)
class _Language:
    language: str


@dataclass(frozen=True)
class _StatusDocument:
    version: Literal[1]
    languages: list[_Language]
    site: _Site
    sentence: str
    contacts: list[_Contact]
    services: list[_Service]
    waivers: list[_Waiver]
    deadlines: list[_Deadline]


@dataclass(frozen=True)
class _Promise:
    by: str
    overdue: bool


@dataclass(frozen=True)
class _Incident:
    id: str
    title: str
    state: str
    state_words: str
    next_update: _Promise | None


@dataclass(frozen=True)
class _Correction:
    wrong: str | None
    right: str | None


@dataclass(frozen=True)
class _Update:
    id: str
    time: str
    title: str
    text: str | None
    correction: _Correction | None


@dataclass(frozen=True)
class _Window:
    begins: Annotated[str, Field(validation_alias="from")]
    until: str | None


@dataclass(frozen=True)
class _IncidentDocument:
    version: Literal[1]
    incident: _Incident
    updates: list[_Update]
    windows: list[_Window]


@dataclass(frozen=True)
class _ListedIncident:
    id: str


@dataclass(frozen=True)
class _IncidentListDocument:
    version: Literal[1]
    incidents: list[_ListedIncident]


STATUS_VALIDATOR: Validator = TypeAdapter(_StatusDocument)
INCIDENT_VALIDATOR: Validator = TypeAdapter(_IncidentDocument)
INCIDENT_LIST_VALIDATOR: Validator = TypeAdapter(_IncidentListDocument)
