"""What documents of Statuspage and of incident.io have, as far as a site of ours can say it.

- Atlassian Statuspage, public: `/api/v2/summary.json`, `components.json`, `incidents.json` and
  `scheduled-maintenances.json`, each with its `page`. Of incidents and of planned work these have the newest 50.
- Atlassian Statuspage, for its owner: what `api.statuspage.io/v1/pages/ID`, and `incidents`, `components` and
  `component-groups` below that, answer: a page, or arrays of the same things, with the reports after an incident.
- incident.io, public: the same addresses as those of Statuspage, with these differences: `summary.json` has no
  incidents, `scheduled-maintenances.json` and `incidents/unresolved.json` do not exist, incidents have no components
  and updates no `affected_components` and often no `display_at`, ids are ULIDs, components have no groups, the newest
  25 incidents are given, and `shortlink` is the address of the incident on the page itself.
- incident.io, for its owner: `api.incident.io/v2/status_page_incidents`, where things have other names and updates do
  say how components stand (`component_statuses`); these components have ids alone, so their names come from a document
  of the page.

Every key may be missing or null: what a post needs of them is looked for where the post is made.
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from statusgen.model.statuses import Status

COMPONENT_STATUSES = {
    "operational": Status.WORKING,
    "degraded_performance": Status.DEGRADED,
    "partial_outage": Status.LIMITED,
    "major_outage": Status.DOWN,
    "full_outage": Status.DOWN,  # as incident.io says it
    "under_maintenance": Status.MAINTENANCE,
}
"""The words for how a component stands, of which `statusgen follow` looks for the same."""


def _or_nothing(value: object) -> object:
    return () if value is None else value


# What becomes a part of an address, and is in every note.
_Id = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\w-]+$")]

_Address = Annotated[str | None, Field(max_length=1_000)]


class _Shape(BaseModel):
    """Keys that are not named here are not read: subscribers, metrics, tweets, Jira's metadata."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True, populate_by_name=True)


class PageShape(_Shape):
    """The page itself."""

    id: str | None = None
    name: str | None = None
    url: _Address = None
    domain: _Address = None
    subdomain: str | None = None
    time_zone: str | None = None


class ComponentShape(_Shape):
    """A component, or a group of components; the manage API names groups apart, by an array of their ids."""

    id: _Id
    name: str
    status: str | None = None
    description: str | None = None
    group: bool | None = None
    group_id: str | None = None
    components: Annotated[Sequence[str], BeforeValidator(_or_nothing)] = ()
    position: int | None = None
    showcase: bool | None = None
    only_show_if_degraded: bool | None = None

    @property
    def is_group(self) -> bool:
        """Whether it has components, and no status that people said anything of."""
        return bool(self.group) or bool(self.components)


class AffectedShape(_Shape):
    """How a component stands from an update on."""

    code: str | None = Field(None, max_length=100, validation_alias=AliasChoices("code", "component_id"))
    name: str | None = None
    new_status: str | None = Field(None, validation_alias=AliasChoices("new_status", "component_status"))


class UpdateShape(_Shape):
    """One entry of an incident."""

    id: str | None = None
    status: str | None = Field(None, validation_alias=AliasChoices("status", "incident_status"))
    body: str | None = Field(None, validation_alias=AliasChoices("body", "message"))
    created_at: str | None = None
    display_at: str | None = Field(None, validation_alias=AliasChoices("display_at", "published_at"))
    affected: Annotated[Sequence[AffectedShape], BeforeValidator(_or_nothing)] = Field(
        (), validation_alias=AliasChoices("affected_components", "component_statuses")
    )

    @property
    def time(self) -> str | None:
        """When people read it: the time that the page shows, else that at which it was written."""
        return self.display_at or self.created_at


class IncidentShape(_Shape):
    """An incident or planned work, with its updates, the newest first."""

    id: _Id
    name: str = Field("", validation_alias=AliasChoices("name", "title"))
    status: str | None = Field(None, validation_alias=AliasChoices("status", "incident_status"))
    impact: str | None = None
    shortlink: str | None = None
    created_at: str | None = Field(None, validation_alias=AliasChoices("created_at", "published_at"))
    started_at: str | None = None
    resolved_at: str | None = None
    scheduled_for: str | None = None
    scheduled_until: str | None = None
    updates: Annotated[Sequence[UpdateShape], BeforeValidator(_or_nothing)] = Field(
        (), validation_alias=AliasChoices("incident_updates", "updates")
    )
    components: Annotated[Sequence[ComponentShape], BeforeValidator(_or_nothing)] = ()
    postmortem_body: str | None = None
    # A time; the documentation of the manage API says that it is true or false.
    postmortem_published_at: bool | str | None = None
    postmortem_body_last_updated_at: str | None = None
