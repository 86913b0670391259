"""Values of the Board → Statuspage's objects."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from statusgen import addresses
from statusgen.languages.speech import Speech
from statusgen.model import Group, Kind, State, Status
from statusgen.outputs.feeds.content import Writer
from statusgen.outputs.statuspage.words import COMPONENT, blended, impact, state_now, state_then
from statusgen.status.standing import Board, IncidentStanding, Phase, Post, Said, ServiceStanding

# Digits and consonants, as in Atlassian's ids, so that no id is a word.
_SIGNS = "0123456789bcdfghjklmnpqrstvwxyz"
_ID_LENGTH = 12
_AT_WORK = (State.IN_PROGRESS, State.VERIFYING)


class Values:
    """Puts the facts of a Board into Statuspage's objects, in the city's first language.

    `components` are the services by their ids, in the order of the front page: group by group, then those without.
    """

    def __init__(self, board: Board) -> None:
        self.board, self.site = board, board.site
        self.writer = Writer(board, board.site.languages[0])
        self.speech = Speech(board.site, board.site.languages[0], plain=True)
        # When services were first listed is not known; nothing was said of any before the first word.
        self.first_word = board.posts[-1].update.time.start if board.posts else datetime(1970, 1, 1, tzinfo=UTC)
        self.posts = {(post.incident.id, post.update.id): post for post in board.posts}
        self.page_id = self.id("page", "")
        self.groups = [(group, members) for group in self.site.groups if (members := self.members(group))]
        self.components = dict(self.leaves())

    def id(self, kind: str, id: str) -> str:
        """Twelve digits and letters that depend on the site's address and on our own id, and on nothing else."""
        url = urlsplit(self.site.url)
        number = int.from_bytes(hashlib.sha256(f"{url.hostname}{url.path} {kind} {id}".encode()).digest(), "big")
        return "".join(_SIGNS[number // len(_SIGNS) ** place % len(_SIGNS)] for place in range(_ID_LENGTH))

    def time(self, moment: datetime) -> str:
        """A moment on the city's clocks, to the millisecond, with its offset (RFC 3339)."""
        return moment.astimezone(self.site.zone).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def page(self) -> dict[str, Any]:
        """The site; it was updated when anything of it was, by a word or by the clock."""
        title = self.speech.say(self.site.title)
        # Dashboards show the name, often far from the page that says so.
        demonstration = f"{self.speech.interface.gettext('Demonstration.')} " if self.site.demonstration else ""
        changes = [self.updated(standing) for standing in self.board.incidents]
        changes += [self.changed(standing) for standing in self.board.services]
        return {
            "id": self.page_id,
            "name": f"{demonstration}{title}",
            "url": self.site.url.rstrip("/"),
            "time_zone": self.site.zone.key,
            "updated_at": self.time(max(changes, default=self.first_word)),
        }

    def status(self) -> dict[str, Any]:
        """The state of the whole site."""
        statuses = [standing.status for standing in self.board.services]
        indicator, description = blended(statuses, self.speech.interface.gettext)
        return {"indicator": indicator, "description": description}

    def tree(self) -> Iterator[dict[str, Any]]:
        """All components, each group before its own."""
        for position, (group, members) in enumerate(self.groups, 1):
            yield self.group(group, members, position)
            yield from (self.components[standing.id] for standing in members)
        yield from (component for component in self.components.values() if component["group_id"] is None)

    def members(self, group: Group) -> list[ServiceStanding]:
        """The services of a group, in the order of services.yaml."""
        return [standing for standing in self.board.services if standing.service.group == group.id]

    def leaves(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every service as a component, by its id."""
        for group, members in self.groups:
            for position, standing in enumerate(members, 1):
                yield standing.id, self.component(standing, position, group)
        alone = [standing for standing in self.board.services if standing.service.group is None]
        for position, standing in enumerate(alone, 1 + len(self.groups)):
            yield standing.id, self.component(standing, position, None)

    def component(self, standing: ServiceStanding, position: int, group: Group | None) -> dict[str, Any]:
        """A service."""
        return {
            "id": self.id("service", standing.id),
            "name": self.speech.say(standing.service.name),
            "status": COMPONENT[standing.status],
            "created_at": self.time(self.first_word),
            "updated_at": self.time(self.changed(standing)),
            "position": position,
            "description": self.speech.say(standing.service.summary) or None,
            "showcase": False,
            "start_date": None,
            "group_id": self.id("group", group.id) if group else None,
            "page_id": self.page_id,
            "group": False,
            "only_show_if_degraded": False,
        }

    def group(self, group: Group, members: Sequence[ServiceStanding], position: int) -> dict[str, Any]:
        """A group, with the worst status of its services."""
        worst = max((standing.status for standing in members), key=lambda status: status.badness)
        return {
            "id": self.id("group", group.id),
            "name": self.speech.say(group.name),
            "status": COMPONENT[worst],
            "created_at": self.time(self.first_word),
            "updated_at": self.time(max(self.changed(standing) for standing in members)),
            "position": position,
            "description": None,
            "showcase": False,
            "start_date": None,
            "group_id": None,
            "page_id": self.page_id,
            "group": True,
            "only_show_if_degraded": False,
            "components": [self.id("service", standing.id) for standing in members],
        }

    def changed(self, standing: ServiceStanding) -> datetime:
        """When residents were told how a service stands now, or the clock made it stand so."""
        told = self.board.told(standing.timeline[-1])
        return max(told.start, self.first_word) if told else self.first_word

    def updated(self, standing: IncidentStanding) -> datetime:
        """When the newest word was said, or when the clock began or ended something, if that was later."""
        moments = [standing.last.time.start, standing.over]
        moments += [moment for window in standing.windows for moment in (window.start.start, window.over)]
        return max(moment for moment in moments if moment and moment <= self.board.moment)

    def incident(self, standing: IncidentStanding) -> dict[str, Any]:
        """An incident or a notice."""
        started = {"started_at": self.time(standing.incident.started.start)}
        return {**self.shared(standing), **started, "reminder_intervals": None}

    def maintenance(self, standing: IncidentStanding) -> dict[str, Any]:
        """Planned work, with the time that is known of it."""
        window = standing.announced
        start = window.start.start if window else standing.incident.started.start
        end = max(start, window.over or start) if window else start
        return {**self.shared(standing), "scheduled_for": self.time(start), "scheduled_until": self.time(end)}

    def shared(self, standing: IncidentStanding) -> dict[str, Any]:
        """What incidents and planned work have alike."""
        created = self.time(standing.updates[0].time.start)
        monitoring = [update.time.start for update in standing.updates if update.state is State.MONITORING]
        resolved = (standing.over or self.updated(standing)) if standing.phase is Phase.PAST else None
        updates = [self.update(standing, number) for number in range(len(standing.said))]
        return {
            "id": self.id("incident", standing.id),
            "name": self.speech.say(standing.incident.title),
            "status": state_now(standing),
            "created_at": created,
            "updated_at": self.time(self.updated(standing)),
            "monitoring_at": self.time(monitoring[-1]) if monitoring else None,
            "resolved_at": self.time(resolved) if resolved else None,
            "impact": impact(standing),
            "shortlink": addresses.absolute(addresses.incident(standing.id), self.site),
            "started_at": created,
            "page_id": self.page_id,
            "incident_updates": updates[::-1],
            "components": [self.components[id] for id in self.components if id in standing.affected],
        }

    def update(self, standing: IncidentStanding, number: int) -> dict[str, Any]:
        """An update; it is never changed once it was said, so its times are all the same."""
        said = standing.said[number]
        time = self.time(said.update.time.start)
        return {
            "id": self.id("update", f"{standing.id} {said.update.id}"),
            "status": state_then(standing, said),
            "body": self.body(self.posts[standing.id, said.update.id]),
            "incident_id": self.id("incident", standing.id),
            "created_at": time,
            "updated_at": time,
            "display_at": time,
            "affected_components": [*self.affected(standing, number)] or None,
            "deliver_notifications": True,
            "custom_tweet": None,
            "tweet_id": None,
        }

    def body(self, post: Post) -> str:
        """All that an update says, as the feeds tell it; later ones begin with what they are or bring back."""
        blocks = [block.text for block in self.writer.blocks(post)]
        return "\n\n".join(blocks if post.first else [self.speech.post_title(post, self.board), *blocks])

    def affected(self, standing: IncidentStanding, number: int) -> Iterator[dict[str, Any]]:
        """How the services affected so far stood before and after an update, as far as this incident goes."""
        before, after = _held_before(standing, number), _held(standing, standing.said[number])
        so_far = {service for said in standing.said[: number + 1] for service, _ in said.then.held}
        groups = {member.id: group for group, members in self.groups for member in members}
        for id, component in self.components.items():
            if id in so_far:
                group = f"{self.speech.say(groups[id].name)} - " if id in groups else ""
                yield {
                    "code": component["id"],
                    "name": f"{group}{component['name']}",
                    "old_status": COMPONENT[before.get(id, Status.WORKING)],
                    "new_status": COMPONENT[after.get(id, Status.WORKING)],
                }


def _held(standing: IncidentStanding, said: Said) -> Mapping[str, Status]:
    """The services that did not work as usual after an update; planned work closes them only while it goes on."""
    idle = standing.incident.kind is Kind.MAINTENANCE and said.then.state not in _AT_WORK
    return {} if said.then.over or idle else dict(said.then.held)


def _held_before(standing: IncidentStanding, number: int) -> Mapping[str, Status]:
    """The services that did not work as usual just before an update."""
    if not number:
        return {}
    earlier, now = standing.said[number - 1], standing.said[number].update.time.start
    if standing.incident.kind is not Kind.MAINTENANCE:
        return _held(standing, earlier)
    running = any(each.start.start < now and (each.over is None or each.over >= now) for each in standing.windows)
    return dict(earlier.then.held) if running else {}
