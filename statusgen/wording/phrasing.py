"""The facts of the Board as sentences, the same in every output; each is a message of the catalog."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from statusgen.board.model.services import ChannelStatus, ServiceStatus
from statusgen.board.model.whole_board import Board
from statusgen.model.posts import Update
from statusgen.model.services import Operator, OperatorKind
from statusgen.model.statuses import Status
from statusgen.model.words import Markup, Words
from statusgen.text import slugify
from statusgen.wording.advice import AdvicePhrasing
from statusgen.wording.estimates import EstimatePhrasing
from statusgen.wording.headlines import HeadlinePhrasing
from statusgen.wording.incidents import IncidentPhrasing
from statusgen.wording.news import NewsPhrasing
from statusgen.wording.standings import StandingPhrasing
from statusgen.wording.waivers import WaiverPhrasing

# So many letters of an update stand in a list of updates.
MAX_OPENING_LENGTH = 160
# The end of a word of four letters or more, its mark, and what follows. ("{4,}" would read a long word again from each
# of its letters.)
_FIRST_SENTENCE = re.compile(r"(.*?\w{4}[.!?؟])\s+(?=\S)", re.DOTALL)


class Phrasing(
    HeadlinePhrasing, StandingPhrasing, EstimatePhrasing, AdvicePhrasing, WaiverPhrasing, IncidentPhrasing, NewsPhrasing
):
    """Puts the facts of the Board into sentences in one language."""

    @cached_property
    def as_plain_text(self) -> "Phrasing":
        """The same phrasing as plain text, for places where there can be no markup."""
        return self if self.plain else Phrasing(self.site, self.language, plain=True)

    def first_sentence(self, markup: Markup) -> str:
        """Return the first sentence of a text, in the language that it is in."""
        return self.split_first_sentence(Words(((markup.language, markup.text.split("\n")[0]),)))[0]

    def opening(self, update: Update) -> str:
        """Return the first sentence of an update for a line of a list; nothing if it is too long for that."""
        markup = update.text(*self.languages)
        words = self.first_sentence(markup) if markup else ""
        return words if len(words) <= MAX_OPENING_LENGTH else ""

    def split_first_sentence(self, words: Words) -> tuple[str, str]:
        """Return the first sentence of words, and the rest; an abbreviation ("St. ") ends none."""
        found = _FIRST_SENTENCE.match(words.in_language(*self.languages).text)
        if not found:
            return self.say(words), ""
        return self.say_part(words, 0, found.end(1)), self.say_part(words, found.end(), None)

    def service_summary(self, service: ServiceStatus) -> str:
        """Return how a service stands, what to do, and when it is expected back."""
        return self.join(self.service_summary_sentences(service))

    def service_summary_sentences(self, service: ServiceStatus, with_ways: bool = True) -> list[str]:
        """Return the sentences of `service_summary`: the status, then what to do, then when it is expected back.

        They say nothing of single ways unless `with_ways`, where these are listed beside it.
        """
        parts = [self.end_sentence(self.standing(service.standing))]
        parts += self.workaround_sentences(service) if with_ways else self.general_advice(service)
        if with_ways and service.usable_channels and (service.unusable_channels or service.unconfirmed_channels):
            parts.append(self.open_channels(service))
        return [*parts, *self._dates(service), *self.estimate_sentences(service), *self.last_checked(service)]

    def _dates(self, service: ServiceStatus) -> list[str]:
        """Return what is waived, what will open, and the dates to know."""
        parts = [self.waiver_summary(waiver) for waiver in service.waivers if waiver.waiver.what]
        parts += [self.coming_channel(coming) for coming in service.coming_channels]
        parts += [
            self.with_label(self.first_time(each.deadline.on), self.as_sentence(each.deadline.what))
            for each in service.deadlines
            if each.deadline.on and each.deadline.what
        ]
        return parts

    def say_this(self, service: ServiceStatus, board: Board) -> str:
        """Return what to tell a caller who asks about a service, beside its status: first what to do now."""
        is_bare = service.is_never_mentioned  # then its ways are named, but nothing is said of one
        advice = self.workaround_sentences(service) if is_bare else self.general_advice(service)
        open_ways = [*self._open_ways(service)]
        parts = [*open_ways, *advice] if service.has_problem else [*advice, *open_ways]
        parts += self._other_ways(service)
        parts += [*self._dates(service), *self.estimate_sentences(service)]
        parts += [self.contrary_word(contrary, board) for contrary in service.contrary_words]
        windows = [board.incident_by_id[id].window for id in service.planned_work]
        parts += [self.planned_work(window) for window in windows if window]
        if operator := self._operator_to_ask(service):
            parts.append(self.ask_operator(operator))
        if not any(parts) and service.is_not_said:
            return self.meaning(Status.NOT_SAID)
        standing = service.standing
        is_dated = standing.is_stale or (standing.restored_at and service.is_working)
        detail = self.short_standing(standing) if is_dated else self.standing_detail(standing)
        parts += [self.format("%(words)s.", words=detail), *self.last_checked(service)] if detail else []
        return self.join(each for each in parts if each)

    def _operator_to_ask(self, service: ServiceStatus) -> Operator | None:
        """Return the agency beside the city that runs a service, unless it works, or a way of it has that number."""
        operator = service.service.operator
        numbers = {channel.channel.phone for channel in service.channels}
        is_city = operator is None or operator.kind is OperatorKind.CITY
        return None if is_city or service.is_working or (operator and operator.phone in numbers) else operator

    def _open_ways(self, service: ServiceStatus) -> Iterator[str]:
        """Yield the ways that can be used, each with its details and what to do about it."""
        for each in service.usable_channels:
            is_plain = each.status is Status.WORKING and not each.standing.restored_at
            way = self._way(each, "" if is_plain else self.way_standing(each, service))
            yield self._with_advice(way, each, service)

    def _other_ways(self, service: ServiceStatus) -> Iterator[str]:
        """Yield the other ways and how they stand; or, if nothing was said of any, how the service is used.

        Those that stand alike, and of which no more is said, are named in one sentence.
        """
        if service.is_never_mentioned:
            ways = [self._way(each) for each in service.channels if not each.automatic]
            if ways:
                yield self.with_label(self.interface.gettext("How to use it"), self.join(ways))
            return
        for each in service.unconfirmed_channels:
            yield self._with_advice(self._way(each, self.way_standing(each, service)), each, service)
        by_words: dict[tuple[str, str], list[str]] = {}
        closed = (*service.unusable_channels, *service.automatic_channels)
        for each in sorted(closed, key=lambda way: not self.channel_advice(service, way.channel)):
            said = (self.way_standing(each, service), self.channel_advice(service, each.channel))
            by_words.setdefault(said, []).append(self.channel(each.channel))
        for (standing, advice), names in by_words.items():
            label = self.format_list(names)
            words = self.format("%(words)s.", words=self.with_label(label, standing) if standing else label)
            yield self.join([words, advice] if advice else [words])

    def _with_advice(self, words: str, way: ChannelStatus, service: ServiceStatus) -> str:
        """Return words about a way, and what to do about it."""
        advice = self.channel_advice(service, way.channel)
        return self.join([words, advice]) if advice else words

    def _way(self, channel: ChannelStatus, standing: str = "") -> str:
        """Return a way to use a service, and what people need to know to use it."""
        details = self.details(channel.channel, channel.changed_keys)
        name = self.channel(channel.channel)
        first = [self.with_label(name, standing) if standing else name]
        first += [each.words for each in details if each.is_clear_without_label]
        sentences = [self.join_words(first, self.interface.gettext(", "))]
        sentences += [each.phrase for each in details if not each.is_clear_without_label]
        return self.join(each if each.endswith(".") else self.format("%(words)s.", words=each) for each in sentences)

    def last_checked(self, service: ServiceStatus) -> list[str]:
        """Return when somebody last spoke of a problem, if that is later than its beginning and not long ago."""
        said_at, since = service.confirmed_at, service.since
        if not service.is_unusual or service.stale or not said_at or not since or said_at.start <= since.when.start:
            return []
        return [self.format(self.interface.gettext("Last checked on %(time)s."), time=self.time(said_at))]

    def sort_by_name(self, services: Iterable[ServiceStatus]) -> list[ServiceStatus]:
        """Return services from A to Z, ignoring accents and capital letters."""
        return sorted(services, key=lambda service: slugify(self.local_text(service.service.name).text))
