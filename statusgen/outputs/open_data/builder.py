"""Values of the Board → the shapes of the documents, in one language."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from statusgen import addresses
from statusgen.board.model.dates import Window
from statusgen.board.model.estimates import Promise, PublishedEstimate
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.news import Transition
from statusgen.board.model.spans import Interval, Source
from statusgen.board.model.whole_board import Board
from statusgen.keys import declared_keys
from statusgen.model.posts import Update
from statusgen.model.reports import Estimate
from statusgen.model.services import Channel, Operator
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.waivers import Deadline, Waiver
from statusgen.model.words import Words
from statusgen.outputs.open_data import shapes
from statusgen.wording.phrasing import Phrasing


class DocumentBuilder:
    """A maker of shapes from the facts of a Board; words are plain text in `language`."""

    def __init__(self, board: Board, language: str) -> None:
        self.board, self.site, self.language = board, board.site, language
        self.phrasing = Phrasing(board.site, language, plain=True)

    @cached_property
    def channels(self) -> Mapping[tuple[str, str | None], Channel]:
        """Every channel by its service's id and its own, including those that an incident set up for a while."""
        found: dict[tuple[str, str | None], Channel] = {
            (each.service, each.channel.id): each.channel
            for incident in self.board.incidents
            for each in incident.temporary_channels
        }
        return found | {
            (service.id, channel.id): channel for service in self.site.services for channel in service.channels
        }

    @cached_property
    def affected_services(self) -> Mapping[str, tuple[str, ...]]:
        """By the id of each incident, the ids of the services that it keeps from working as usual."""
        found: dict[str, tuple[str, ...]] = {}
        for service in self.board.services:
            for incident in service.incidents:
                found[incident] = (*found.get(incident, ()), service.id)
        return found

    def head(self, address: str, page: str, schema: str) -> shapes.Document:
        """Return what a document at `address` begins with; people read `page` instead, and `schema` describes it."""
        site = self.site
        editions = (
            shapes.Edition(other, addresses.absolute_url(addresses.in_language(address, other, site), site))
            for other in site.languages
        )
        return shapes.Document(
            schema=addresses.absolute_url(schema, site),
            version=shapes.VERSION,
            url=self.url(address),
            page=self.url(page),
            language=self.language,
            languages=tuple(editions),
            site=shapes.Publisher(
                self.phrasing.say(site.title), self.phrasing.say(site.publisher), site.url, site.zone.key
            ),
            demonstration=self.text_or_none(site.demonstration),
        )

    def url(self, address: str) -> str:
        """Return the whole URL of an address in this language."""
        return addresses.absolute_url(addresses.in_language(address, self.language, self.site), self.site)

    def text_or_none(self, words: Words | None) -> str | None:
        """Return words of the city as text; None if there are none."""
        return self.phrasing.say(words) if words else None

    def texts(self, several: Iterable[Words]) -> tuple[str, ...]:
        """Return several words of the city as texts."""
        return tuple(self.phrasing.say(words) for words in several)

    def moment(self, moment: datetime) -> str:
        """Format a moment with its offset (RFC 3339)."""
        return moment.astimezone(self.site.zone).isoformat(timespec="seconds")

    def time(self, when: When) -> str:
        """Format a moment with its offset, a date if the hour is not known (RFC 3339), or a month (ISO 8601)."""
        if when.is_whole_month:
            return f"{self.site.local_day(when.start):%Y-%m}"
        return self.site.local_day(when.start).isoformat() if when.is_whole_day else self.moment(when.start)

    def time_or_none(self, when: When | None) -> str | None:
        """Format a time; None if there is none."""
        return self.time(when) if when else None

    def source(self, source: Source) -> shapes.Source:
        """Describe an update that said something."""
        url = self.url(addresses.update(source.incident, source.update))
        return shapes.Source(source.incident, source.update, url)

    def source_or_none(self, source: Source | None) -> shapes.Source | None:
        """Describe an update that said something; None if it was the clock."""
        return self.source(source) if source else None

    def promise(self, promise: Promise | None) -> shapes.Promise | None:
        """Describe when the next update is due."""
        return shapes.Promise(self.time(promise.due), promise.overdue, promise.incident) if promise else None

    def interval(self, interval: Interval) -> shapes.Interval:
        """Describe a stretch of time at one status."""
        since = interval.since
        return shapes.Interval(
            status=interval.status,
            status_words=self.phrasing.status(interval.status),
            begins=self.time(since.when) if since else None,
            begins_before=bool(since and since.is_before),
            begins_reported=bool(since and since.is_report),
            until=self.time_or_none(self.phrasing.last_time(interval)),
            opened_by=self.source_or_none(interval.opened_by),
            closed_by=self.source_or_none(interval.closed_by),
            said=tuple(self.time(when) for when in interval.said),
        )

    def names(self, service: str, channel: str | None) -> tuple[str, str | None]:
        """Return the name of a service, and of one of its channels."""
        known = self.channels.get((service, channel))
        return self.phrasing.say(self.site.service_by_id[service].name), self.phrasing.channel(
            known
        ) if known else channel

    def change(self, change: Transition) -> shapes.Change:
        """Describe from which status to which a service or a channel went."""
        service_name, channel_name = self.names(change.service, change.channel)
        before = None if change.before is Status.NOT_SAID else change.before
        return shapes.Change(
            service=change.service,
            service_name=service_name,
            channel=change.channel,
            channel_name=channel_name,
            before=before,
            before_words=self.phrasing.status(before) if before else None,
            after=change.after,
            after_words=self.phrasing.status(change.after),
            at=self.time(change.published_at),
            source=self.source_or_none(change.source),
        )

    def given_estimate(
        self, given: PublishedEstimate, late: bool = False, status: Status | None = None
    ) -> shapes.Estimate:
        """Describe an estimate for an incident as a whole, or for a service of this status; `late` if it has passed."""
        services = (given.key[0],) if given.key else given.estimate.services
        channel = given.key[1] if given.key else None
        return self.estimate(given.estimate, given.said_at, given.source, services, channel, late, status)

    def estimate(
        self,
        estimate: Estimate,
        time: When,
        source: Source,
        services: tuple[str, ...],
        channel: str | None,
        late: bool = False,
        status: Status | None = None,
    ) -> shapes.Estimate:
        """Describe an estimate that an update gave for these services, or for one channel, of this status."""
        return shapes.Estimate(
            **self.declared(estimate, without=("services",)),
            said=self.time(time),
            source=self.source(source),
            services=services,
            channel=channel,
            sentence=self.phrasing.estimate_for(estimate, status, late),
        )

    def waiver(self, waiver: Waiver, incident: str) -> shapes.Waiver:
        """Describe a waiver, with everything that updates said about it."""
        return shapes.Waiver(**self.declared(waiver), sentence=self.phrasing.waiver(waiver), incident=incident)

    def deadline(self, deadline: Deadline, incident: str) -> shapes.Deadline:
        """Describe a date that residents must know."""
        return shapes.Deadline(**self.declared(deadline), incident=incident)

    def channel(self, channel: Channel) -> shapes.Channel:
        """Describe a channel: one way to use a service."""
        return shapes.Channel(
            **self.declared(channel, without=("name",)),
            name=self.phrasing.channel(channel),
            accepts_words=self.phrasing.payment_methods(channel) if channel.accepts else None,
        )

    def window(self, window: Window) -> shapes.Window:
        """Describe one stretch of planned work."""
        return shapes.Window(
            begins=self.time(window.start),
            until=self.time_or_none(window.end),
            opened_by=self.source_or_none(window.opened_by),
            closed_by=self.source_or_none(window.closed_by),
        )

    def incident(self, incident_status: IncidentStatus) -> shapes.Incident:
        """Describe an incident, planned work or a notice, in short."""
        incident, phrasing = incident_status.incident, self.phrasing
        return shapes.Incident(
            id=incident.id,
            kind=incident.kind,
            kind_words=phrasing.kind_of(incident),
            topic=incident.topic,
            title=phrasing.say(incident.title),
            state=incident_status.state,
            state_words=phrasing.incident_state(incident_status),
            phase=incident_status.phase,
            started=self.time(incident.started),
            began_before=incident.is_started_before,
            ended=self.time_or_none(incident_status.ended),
            services=incident_status.services,
            opened_by=self.source(Source(incident.id, incident_status.updates[0].id)),
            closed_by=self.source_or_none(incident_status.closed_by),
            page=self.url(addresses.incident(incident.id)),
            data=self.url(addresses.incident_data(incident.id)),
        )

    def incident_facts(self, incident: IncidentStatus) -> shapes.IncidentFacts:
        """Describe an incident, planned work or a notice, with what is true of it."""
        return shapes.IncidentFacts(
            **vars(self.incident(incident)),
            number_of_updates=len(incident.updates),
            last_update=self.time(incident.last_update.time),
            next_update=self.promise(incident.promise),
            holds_back=self.affected_services.get(incident.id, ()),
            do=self.text_or_none(incident.do.words if incident.do else None),
            do_short=self.text_or_none(incident.do.short if incident.do else None),
            do_said=self.time_or_none(incident.do.said_at if incident.do else None),
            do_until=self.time_or_none(incident.do.until if incident.do else None),
            told=self.list_told(incident.last_update),
            may_reach_further=incident.may_reach_further,
            known=self.texts(incident.known),
            not_known=self.texts(incident.not_known),
            doing=self.texts(incident.doing),
            unrelated_to=incident.unrelated_to,
            ends=self.time_or_none(incident.ends),
            window=self.window(incident.window) if incident.window else None,
            repeats=incident.incident.repeats,
            was=tuple(addresses.absolute_url(old.address, self.site) for old in incident.incident.was),
        )

    def list_told(self, update: Update) -> tuple[shapes.Told, ...]:
        """Describe where an update was sent."""
        return tuple(
            shapes.Told(
                channel=self.phrasing.say(told.channel),
                at=self.time(told.at),
                known=told.is_known,
                sentence=self.phrasing.where_told(told, update),
            )
            for told in update.told
        )

    def operator(self, operator: Operator) -> shapes.Operator:
        """Describe who runs a service."""
        return shapes.Operator(**self.declared(operator), kind_words=self.phrasing.operator_kind(operator.kind))

    def declared(self, fact: object, without: tuple[str, ...] = ()) -> dict[str, Any]:
        """Return every key that the model declares of a fact but those in `without`, words and times as text."""
        return {name: self.value(getattr(fact, name)) for name in declared_keys(type(fact)) if name not in without}

    def value(self, value: object) -> object:
        """Return a value of the model as the data has it."""
        match value:
            case Words():
                return self.phrasing.say(value)
            case When():
                return self.time(value)
            case tuple():
                return tuple(map(self.value, value))
        return value
