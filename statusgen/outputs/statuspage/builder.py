"""Values of the Board → Statuspage's objects."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from statusgen import addresses
from statusgen.board.model.incidents import IncidentStatus, UpdateResult
from statusgen.board.model.news import UpdateView
from statusgen.board.model.services import ServiceStatus
from statusgen.board.model.spans import Phase
from statusgen.board.model.whole_board import Board
from statusgen.model.services import Group
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.outputs.feeds.update_blocks import UpdateWriter
from statusgen.outputs.statuspage.terms import COMPONENT_STATUSES, current_state, impact, overall_status, state_after
from statusgen.text import Json
from statusgen.wording.phrasing import Phrasing

# Digits and consonants, as in Atlassian's ids, so that no id is a word.
_ID_CHARACTERS = "0123456789bcdfghjklmnpqrstvwxyz"
_ID_LENGTH = 12
_RUNNING_STATES = (State.IN_PROGRESS, State.VERIFYING)


class StatuspageBuilder:
    """Turns the facts of a Board into Statuspage's objects, in the site's first language.

    `components` are the services by id, in the order of the front page: group by group, then those without one.
    """

    def __init__(self, board: Board) -> None:
        self.board, self.site = board, board.site
        self.writer = UpdateWriter(board, board.site.languages[0])
        self.phrasing = Phrasing(board.site, board.site.languages[0], plain=True)
        # When services were first listed is not known; nothing was published before the first update.
        self.first_published = (
            board.updates[-1].update.time.start if board.updates else datetime(1970, 1, 1, tzinfo=UTC)
        )
        self.views = {(view.incident.id, view.update.id): view for view in board.updates}
        self.page_id = self.make_id("page", "")
        self.groups = [(group, members) for group in self.site.groups if (members := self.group_members(group))]
        self.components = dict(self.service_components())

    def make_id(self, kind: str, id: str) -> str:
        """Return twelve digits and letters that depend only on the site's URL and on our own id."""
        url = urlsplit(self.site.url)
        number = int.from_bytes(hashlib.sha256(f"{url.hostname}{url.path} {kind} {id}".encode()).digest(), "big")
        return "".join(
            _ID_CHARACTERS[number // len(_ID_CHARACTERS) ** place % len(_ID_CHARACTERS)] for place in range(_ID_LENGTH)
        )

    def time(self, moment: datetime) -> str:
        """Return a moment in local time, to the millisecond, with its offset (RFC 3339)."""
        return moment.astimezone(self.site.zone).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def page(self) -> dict[str, Json]:
        """Return the site; it was updated when anything in it was, by an update or by the clock."""
        title = self.phrasing.say(self.site.title)
        # Dashboards show the name, often far from the page that says what it is.
        demonstration = f"{self.phrasing.interface.gettext('Demonstration.')} " if self.site.demonstration else ""
        changes = [self.updated_at(each) for each in self.board.incidents]
        changes += [self.changed_at(each) for each in self.board.services]
        return {
            "id": self.page_id,
            "name": f"{demonstration}{title}",
            "url": self.site.url.rstrip("/"),
            "time_zone": self.site.zone.key,
            "updated_at": self.time(max(changes, default=self.first_published)),
        }

    def status(self) -> dict[str, Json]:
        """Return the status of the whole site; while an incident is open, it is the title of the one that counts."""
        statuses = [
            Status.NOT_SAID if service.stale and service.status is Status.WORKING else service.status
            for service in self.board.services
        ]
        indicator, description = overall_status(statuses, self.phrasing.interface.gettext)
        if self.board.headline.open_incidents:
            main = self.board.incident_by_id[self.board.headline.open_incidents[0]]
            description = self.phrasing.say(main.incident.title)
            indicator = "minor" if indicator in ("none", "maintenance") else indicator
        return {"indicator": indicator, "description": description}

    def component_list(self) -> Iterator[dict[str, Json]]:
        """Yield all components, each group before its own."""
        for position, (group, members) in enumerate(self.groups, 1):
            yield self.group(group, members, position)
            yield from (self.components[service.id] for service in members)
        yield from (component for component in self.components.values() if component["group_id"] is None)

    def group_members(self, group: Group) -> list[ServiceStatus]:
        """Return the services of a group, in the order of services.yaml."""
        return [service for service in self.board.services if service.service.group == group.id]

    def service_components(self) -> Iterator[tuple[str, dict[str, Json]]]:
        """Yield every service as a component, with its id."""
        for group, members in self.groups:
            for position, service in enumerate(members, 1):
                yield service.id, self.component(service, position, group)
        ungrouped = [service for service in self.board.services if service.service.group is None]
        for position, service in enumerate(ungrouped, 1 + len(self.groups)):
            yield service.id, self.component(service, position, None)

    def component(self, service: ServiceStatus, position: int, group: Group | None) -> dict[str, Json]:
        """Return a service."""
        return {
            "id": self.make_id("service", service.id),
            "name": self.phrasing.say(service.service.name),
            "status": COMPONENT_STATUSES[service.status],
            "created_at": self.time(self.first_published),
            "updated_at": self.time(self.changed_at(service)),
            "position": position,
            "description": self.description(service) or None,
            "showcase": False,
            "start_date": None,
            "group_id": self.make_id("group", group.id) if group else None,
            "page_id": self.page_id,
            "group": False,
            "only_show_if_degraded": False,
        }

    def description(self, service: ServiceStatus) -> str:
        """Return what a service is and, where no status of a component says no more than was said, how it stands."""
        is_untold = service.stale or service.status in (Status.NOT_SAID, Status.UNKNOWN)
        standing = self.phrasing.end_sentence(self.phrasing.standing(service.standing)) if is_untold else ""
        return self.phrasing.join(filter(None, (self.phrasing.say(service.service.summary), standing)))

    def group(self, group: Group, members: Sequence[ServiceStatus], position: int) -> dict[str, Json]:
        """Return a group, with the worst status of its services."""
        worst = max((service.status for service in members), key=lambda status: status.severity)
        return {
            "id": self.make_id("group", group.id),
            "name": self.phrasing.say(group.name),
            "status": COMPONENT_STATUSES[worst],
            "created_at": self.time(self.first_published),
            "updated_at": self.time(max(self.changed_at(service) for service in members)),
            "position": position,
            "description": None,
            "showcase": False,
            "start_date": None,
            "group_id": None,
            "page_id": self.page_id,
            "group": True,
            "only_show_if_degraded": False,
            "components": [self.make_id("service", service.id) for service in members],
        }

    def changed_at(self, service: ServiceStatus) -> datetime:
        """Return when an update reported a service's present status, or when the clock began it."""
        published = self.board.published_at(service.timeline[-1])
        return max(published.start, self.first_published) if published else self.first_published

    def updated_at(self, incident: IncidentStatus) -> datetime:
        """Return when the newest update was published, or when the clock began or ended something after that."""
        moments = [incident.last_update.time.start, incident.over_at]
        moments += [moment for window in incident.windows for moment in (window.start.start, window.over_at)]
        return max(moment for moment in moments if moment and moment <= self.board.moment)

    def incident(self, incident: IncidentStatus) -> dict[str, Json]:
        """Return an incident or a notice."""
        fields = self.common_fields(incident)
        # Nobody knows when: then it is the time of the first update, as on pages that Atlassian hosts.
        if not incident.incident.is_started_before:
            fields["started_at"] = self.time(incident.incident.started.start)
        return {**fields, "reminder_intervals": None}

    def maintenance(self, incident: IncidentStatus) -> dict[str, Json]:
        """Return planned work, with its time as far as it is known."""
        window = incident.announced_window
        start = window.start.start if window else incident.incident.started.start
        end = max(start, window.over_at or start) if window else start
        return {**self.common_fields(incident), "scheduled_for": self.time(start), "scheduled_until": self.time(end)}

    def common_fields(self, incident: IncidentStatus) -> dict[str, Json]:
        """Return what incidents and planned work have in common."""
        created = self.time(incident.updates[0].time.start)
        monitoring = [update.time.start for update in incident.updates if update.state is State.MONITORING]
        resolved = (incident.over_at or self.updated_at(incident)) if incident.phase is Phase.PAST else None
        updates = [self.incident_update(incident, number) for number in range(len(incident.update_results))]
        return {
            "id": self.make_id("incident", incident.id),
            "name": self.phrasing.say(incident.incident.title),
            "status": current_state(incident),
            "created_at": created,
            "updated_at": self.time(self.updated_at(incident)),
            "monitoring_at": self.time(monitoring[-1]) if monitoring else None,
            "resolved_at": self.time(resolved) if resolved else None,
            "impact": impact(incident),
            "shortlink": addresses.absolute_url(addresses.incident(incident.id), self.site),
            "started_at": created,
            "page_id": self.page_id,
            "incident_updates": updates[::-1],
            "components": [self.components[id] for id in self.components if id in incident.affected_services],
        }

    def incident_update(self, incident: IncidentStatus, number: int) -> dict[str, Json]:
        """Return an update; it never changes once it is published, so all its times are the same."""
        result = incident.update_results[number]
        time = self.time(result.update.time.start)
        return {
            "id": self.make_id("update", f"{incident.id} {result.update.id}"),
            "status": state_after(incident, result),
            "body": self.body(self.views[incident.id, result.update.id]),
            "incident_id": self.make_id("incident", incident.id),
            "created_at": time,
            "updated_at": time,
            "display_at": time,
            "affected_components": [*self.affected_components(incident, number)] or None,
            "deliver_notifications": True,
            "custom_tweet": None,
            "tweet_id": None,
        }

    def body(self, view: UpdateView) -> str:
        """Return all that an update says, as in the feeds; all but the first begin with their news."""
        blocks = [block.text for block in self.writer.blocks(view)]
        return "\n\n".join(blocks if view.is_first else [self.phrasing.news_title(view, self.board), *blocks])

    def affected_components(self, incident: IncidentStatus, number: int) -> Iterator[dict[str, Json]]:
        """Yield the statuses before and after an update of all services affected so far, by this incident alone."""
        before, after = _affected_before(incident, number), _affected_after(incident, incident.update_results[number])
        affected_ids = {
            service for result in incident.update_results[: number + 1] for service, _ in result.snapshot.affected
        }
        groups = {member.id: group for group, members in self.groups for member in members}
        for id, component in self.components.items():
            if id in affected_ids:
                group = f"{self.phrasing.say(groups[id].name)} - " if id in groups else ""
                yield {
                    "code": component["id"],
                    "name": f"{group}{component['name']}",
                    "old_status": COMPONENT_STATUSES[before.get(id, Status.WORKING)],
                    "new_status": COMPONENT_STATUSES[after.get(id, Status.WORKING)],
                }


def _affected_after(incident: IncidentStatus, result: UpdateResult) -> Mapping[str, Status]:
    """Return the services that did not work as usual after an update; planned work closes them only while it lasts."""
    is_idle = incident.incident.kind is Kind.MAINTENANCE and result.snapshot.state not in _RUNNING_STATES
    return {} if result.snapshot.is_over or is_idle else dict(result.snapshot.affected)


def _affected_before(incident: IncidentStatus, number: int) -> Mapping[str, Status]:
    """Return the services that did not work as usual just before an update."""
    if not number:
        return {}
    earlier, now = incident.update_results[number - 1], incident.update_results[number].update.time.start
    if incident.incident.kind is not Kind.MAINTENANCE:
        return _affected_after(incident, earlier)
    is_running = any(
        each.start.start < now and (each.over_at is None or each.over_at >= now) for each in incident.windows
    )
    return dict(earlier.snapshot.affected) if is_running else {}
