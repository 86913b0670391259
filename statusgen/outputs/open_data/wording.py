"""Values of the Board → the shapes of the documents, in one language."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property

from statusgen import addresses
from statusgen.languages.speech import Speech
from statusgen.model import Channel, Deadline, Estimate, Operator, Waiver, When, Words
from statusgen.outputs.open_data import shapes
from statusgen.status.standing import (
    Board,
    IncidentStanding,
    Interval,
    Promise,
    SaidEstimate,
    Source,
    Transition,
    Window,
)


class Wording:
    """Puts the facts of a Board into shapes; words are plain text in `language`."""

    def __init__(self, board: Board, language: str) -> None:
        self.board, self.site, self.language = board, board.site, language
        self.speech = Speech(board.site, language, plain=True)

    @cached_property
    def channels(self) -> Mapping[tuple[str, str | None], Channel]:
        """Every channel by its own id and its service's, those included that an incident set up for a while."""
        found: dict[tuple[str, str | None], Channel] = {
            (each.service, each.channel.id): each.channel
            for incident in self.board.incidents
            for each in incident.channels
        }
        return found | {(service.id, way.id): way for service in self.site.services for way in service.channels}

    @cached_property
    def held_back(self) -> Mapping[str, tuple[str, ...]]:
        """For the id of each incident, the ids of the services that it keeps from working as usual."""
        found: dict[str, tuple[str, ...]] = {}
        for service in self.board.services:
            for incident in service.incidents:
                found[incident] = (*found.get(incident, ()), service.id)
        return found

    def head(self, address: str, page: str, schema: str) -> shapes.Document:
        """What a document at `address` begins with; people read `page` instead, and `schema` describes it."""
        site = self.site
        editions = (
            shapes.Edition(other, addresses.absolute(addresses.in_language(address, other, site), site))
            for other in site.languages
        )
        return shapes.Document(
            schema=addresses.absolute(schema, site),
            version=shapes.VERSION,
            url=self.link(address),
            page=self.link(page),
            language=self.language,
            languages=tuple(editions),
            site=shapes.Publisher(
                self.speech.say(site.title), self.speech.say(site.publisher), site.url, site.zone.key
            ),
            demonstration=self.said(site.demonstration),
        )

    def link(self, address: str) -> str:
        """The whole URL of an address in this language."""
        return addresses.absolute(addresses.in_language(address, self.language, self.site), self.site)

    def said(self, words: Words | None) -> str | None:
        """Words of the city; None where there are none."""
        return self.speech.say(words) if words else None

    def all_said(self, several: Iterable[Words]) -> tuple[str, ...]:
        """Several words of the city."""
        return tuple(self.speech.say(words) for words in several)

    def moment(self, moment: datetime) -> str:
        """A moment with its offset (RFC 3339)."""
        return moment.astimezone(self.site.zone).isoformat(timespec="seconds")

    def time(self, when: When) -> str:
        """A moment with its offset, or a date where the hour is not known (RFC 3339)."""
        return self.site.local_day(when.start).isoformat() if when.whole_day else self.moment(when.start)

    def time_if(self, when: When | None) -> str | None:
        """A time; None where there is none."""
        return self.time(when) if when else None

    def source(self, source: Source) -> shapes.Source:
        """An update that said something."""
        url = self.link(addresses.update(source.incident, source.update))
        return shapes.Source(source.incident, source.update, url)

    def source_if(self, source: Source | None) -> shapes.Source | None:
        """The same; None where it was the clock."""
        return self.source(source) if source else None

    def promise(self, promise: Promise | None) -> shapes.Promise | None:
        """When the next word is due."""
        return shapes.Promise(self.time(promise.due), promise.overdue, promise.incident) if promise else None

    def interval(self, interval: Interval) -> shapes.Interval:
        """A stretch of time at one status."""
        since = interval.since
        return shapes.Interval(
            status=interval.status,
            status_words=self.speech.status(interval.status),
            begins=self.time(since.when) if since else None,
            begins_before=bool(since and since.before),
            until=self.time_if(interval.until),
            opened_by=self.source_if(interval.opened_by),
            closed_by=self.source_if(interval.closed_by),
        )

    def names(self, service: str, channel: str | None) -> tuple[str, str | None]:
        """The name of a service, and of one of its channels."""
        way = self.channels.get((service, channel))
        return self.speech.say(self.site.by_id[service].name), self.speech.channel(way) if way else channel

    def change(self, change: Transition) -> shapes.Change:
        """What a service or a channel went from and to."""
        service_name, channel_name = self.names(change.service, change.channel)
        return shapes.Change(
            service=change.service,
            service_name=service_name,
            channel=change.channel,
            channel_name=channel_name,
            before=change.before,
            before_words=self.speech.status(change.before),
            after=change.after,
            after_words=self.speech.status(change.after),
            at=self.time(change.published),
            source=self.source_if(change.source),
        )

    def said_estimate(self, said: SaidEstimate, late: bool = False) -> shapes.Estimate:
        """An estimate of all that an incident holds, of some services, or of one cell; `late` if it has passed."""
        services = (said.cell[0],) if said.cell else said.estimate.services
        channel = said.cell[1] if said.cell else None
        return self.estimate(said.estimate, said.said, said.source, services, channel, late)

    def estimate(
        self,
        estimate: Estimate,
        said: When,
        source: Source,
        services: tuple[str, ...],
        channel: str | None,
        late: bool = False,
    ) -> shapes.Estimate:
        """An estimate that an update gave of these services, or of one channel."""
        return shapes.Estimate(
            said=self.time(said),
            source=self.source(source),
            services=services,
            channel=channel,
            unknown=estimate.unknown,
            not_before=self.time_if(estimate.not_before),
            by=self.time_if(estimate.by),
            words=self.said(estimate.words),
            basis=self.said(estimate.basis),
            sentence=self.speech.estimate(estimate, late),
        )

    def waiver(self, waiver: Waiver, incident: str) -> shapes.Waiver:
        """A waiver with all that was said of it."""
        return shapes.Waiver(
            id=waiver.id,
            what=self.said(waiver.what),
            granted_by=self.said(waiver.by),
            services=waiver.services,
            begins=self.time_if(waiver.begins),
            until=self.time_if(waiver.until),
            until_words=self.said(waiver.until_words),
            how=self.said(waiver.how),
            sentence=self.speech.waiver(waiver),
            incident=incident,
        )

    def deadline(self, deadline: Deadline, incident: str) -> shapes.Deadline:
        """A date that residents must know."""
        return shapes.Deadline(
            deadline.id, self.time_if(deadline.on), self.said(deadline.what), deadline.services, incident
        )

    def channel(self, channel: Channel) -> shapes.Channel:
        """One way to use a service."""
        return shapes.Channel(
            id=channel.id,
            kind=channel.kind,
            name=self.speech.channel(channel),
            url=channel.url,
            phone=channel.phone,
            address=self.said(channel.address),
            hours=self.said(channel.hours),
            accepts=channel.accepts,
            accepts_words=self.speech.accepts(channel) if channel.accepts else None,
            bring=self.said(channel.bring),
            fee=self.said(channel.fee),
            opens=self.time_if(channel.opens),
            closes=self.time_if(channel.closes),
        )

    def window(self, window: Window) -> shapes.Window:
        """One stretch of planned work."""
        return shapes.Window(
            begins=self.time(window.start),
            until=self.time_if(window.end),
            opened_by=self.source_if(window.opened_by),
            closed_by=self.source_if(window.closed_by),
        )

    def incident(self, standing: IncidentStanding) -> shapes.Incident:
        """An incident, planned work or a notice, in short."""
        incident, speech = standing.incident, self.speech
        return shapes.Incident(
            id=incident.id,
            kind=incident.kind,
            kind_words=speech.kind_of(incident),
            topic=incident.topic,
            title=speech.say(incident.title),
            state=standing.state,
            state_words=speech.state(standing.state),
            phase=standing.phase,
            started=self.time(incident.started),
            ended=self.time_if(standing.ended),
            services=standing.services,
            opened_by=self.source(Source(incident.id, standing.updates[0].id)),
            closed_by=self.source_if(standing.closed_by),
            page=self.link(addresses.incident(incident.id)),
            data=self.link(addresses.incident_data(incident.id)),
        )

    def incident_facts(self, standing: IncidentStanding) -> shapes.IncidentFacts:
        """An incident, planned work or a notice, with what is true of it."""
        return shapes.IncidentFacts(
            **vars(self.incident(standing)),
            number_of_updates=len(standing.updates),
            last_update=self.time(standing.last.time),
            next_update=self.promise(standing.promise),
            holds_back=self.held_back.get(standing.id, ()),
            known=self.all_said(standing.known),
            not_known=self.all_said(standing.not_known),
            doing=self.all_said(standing.doing),
            unrelated_to=standing.unrelated_to,
            ends=self.time_if(standing.ends),
            window=self.window(standing.window) if standing.window else None,
            repeats=standing.incident.repeats,
        )

    def operator(self, operator: Operator) -> shapes.Operator:
        """Who runs a service."""
        return shapes.Operator(
            id=operator.id,
            name=self.speech.say(operator.name),
            kind=operator.kind,
            kind_words=self.speech.operator_kind(operator.kind),
            phone=operator.phone,
            url=operator.url,
        )
