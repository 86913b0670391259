"""What staff have to be reminded of: promises, estimates and statements whose time runs out, as the Board has them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from statusgen import addresses
from statusgen.board.model.estimates import PublishedEstimate
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.services import ServiceStatus
from statusgen.board.model.spans import Phase
from statusgen.board.model.whole_board import Board
from statusgen.english import English, SeveralTexts
from statusgen.model.times import When
from statusgen.wording.phrasing import Phrasing

LANGUAGE = "en"
"""The language of staff, who have the commands in it."""
_MOST_NAMES = 5


@dataclass(frozen=True)
class Reminder:
    """One thing that somebody has to do.

    `key` is the same for as long as it is the same thing, so that nobody is reminded twice. `title` says in few words
    what it is and `sentence` in more; `command` is what answers it, and `url` where residents read it. `post` is the id
    of the post that it is about, "" for a copy of the site.
    """

    key: str
    title: str
    sentence: str
    command: str
    url: str
    post: str = ""

    def __str__(self) -> str:
        return f"{self.sentence} Answer with: {self.command}"


def list_reminders(board: Board, before: timedelta) -> list[Reminder]:
    """Return what staff have to do at the moment of the Board; a promise is due from `before` it falls due."""
    writer = ReminderWriter(board)
    return [*writer.promises(before), *writer.estimates(), *writer.stale_statements()]


class ReminderWriter:
    """Writes reminders about the posts of a Board; with another `phrasing`, what they quote is in its language."""

    def __init__(self, board: Board, phrasing: Phrasing | None = None) -> None:
        self.board = board
        self.phrasing = phrasing or Phrasing(board.site, LANGUAGE, plain=True)

    def promises(self, before: timedelta) -> Iterator[Reminder]:
        """Yield the promised updates that are due soon, and those that are overdue.

        One that was promised for a day, without an hour, is due on that whole day.
        """
        for incident in self.board.incidents:
            if incident.promise is None:
                continue
            due = incident.promise.due
            first = due.start if due.is_whole_day else due.start - before
            words = f"an update was promised for {self.phrasing.time(due)}"
            if incident.promise.overdue:
                words = f"{words} and has not come. If there is nothing new yet, promise another time."
                yield self._remind(
                    incident, "An update is overdue", due.end.isoformat(), words, f"promise {incident.id} TIME"
                )
            elif first <= self.board.moment:
                yield self._remind(
                    incident, "An update is due", due.end.isoformat(), f"{words}.", f"update {incident.id}"
                )

    def estimates(self) -> Iterator[Reminder]:
        """Yield the estimates that still count, and whose time has passed."""
        services: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for service in self.board.services:
            for published in _late_estimates(service):
                words = self.phrasing.estimate(published.estimate)
                services[published.source.incident, published.source.update, words].append(service.id)
        for (id, update, words), ids in services.items():
            said = English(
                'it says about %(services)s: "%(words)s" That time has passed, and nobody said what is true now.',
                services=self._name_services(ids),
                words=words,
            )
            yield self._remind(
                self.board.incident_by_id[id], "An estimate has passed", f"{update} {words}", said, f"update {id}"
            )

    def stale_statements(self) -> Iterator[Reminder]:
        """Yield what open posts say, and have not said again for so long that residents are told so."""
        for incident in self.board.incidents:
            if incident.phase is not Phase.OPEN:
                continue
            for said_at, names in sorted(self._stale_names(incident).items(), key=lambda each: each[0].start):
                words = English(
                    "it last spoke of %(names)s on %(time)s, so residents see it marked as old. "
                    "Check whether it is still true.",
                    names=self._join(names),
                    time=self.phrasing.time(said_at),
                )
                yield self._remind(
                    incident, "Nobody confirmed it lately", said_at.start.isoformat(), words, f"confirm {incident.id}"
                )

    def _stale_names(self, incident: IncidentStatus) -> dict[When, list[str]]:
        """Return what an open post says that is stale, by when it was last said."""
        found: dict[When, list[str]] = defaultdict(list)
        lasting = {word.key for word in incident.words if word.until is None}
        lasting |= {(each.service, each.channel.id) for each in incident.temporary_channels}
        for service in self.board.services:
            standings = [(None, service.standing), *((each.channel.id, each.standing) for each in service.channels)]
            for channel, standing in standings:
                if (service.id, channel) in lasting and standing.is_stale and standing.said_at:
                    found[standing.said_at].append(self._name_services([service.id]))
        if incident.do and incident.do.is_stale:
            found[incident.do.said_at].append(English("what everybody can do"))
        if incident in self.board.notices and self.board.is_notice_stale(incident):
            found[incident.last_update.time].append(English("this"))
        return found

    def _remind(self, incident: IncidentStatus, what: str, which: str, words: str, command: str) -> Reminder:
        title = self.phrasing.say(incident.incident.title)
        url = addresses.absolute_url(addresses.incident(incident.id), self.board.site)
        key = f"{incident.id}: {what}: {which}"
        sentence = English('"%(title)s": %(words)s', title=title, words=words)
        return Reminder(key, f"{what}: {title}", sentence, f"statusgen {command}", url, incident.id)

    def _name_services(self, ids: list[str]) -> str:
        return self._join([self.phrasing.say(self.board.service_by_id[id].service.name) for id in ids])

    def _join(self, names: list[str]) -> str:
        """Return names as an enumeration that can be read at a glance."""
        distinct = [*dict.fromkeys(names)]
        more = len(distinct) - _MOST_NAMES
        shown = distinct if more <= 0 else [*distinct[:_MOST_NAMES], English("%(number)d more", number=more)]
        if len(shown) == 1:
            return shown[0]
        return English("%(names)s and %(last)s", names=SeveralTexts(*shown[:-1], separator=", "), last=shown[-1])


def _late_estimates(service: ServiceStatus) -> Iterator[PublishedEstimate]:
    yield from (each for each in service.current_estimates if each.is_late)
    if service.outage_estimate and service.is_outage_estimate_late:
        yield service.outage_estimate
