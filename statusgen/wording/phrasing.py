"""The facts of the Board as sentences, the same in every output; each is a message of the catalog."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from statusgen.board.model.services import ChannelStatus, ServiceStatus
from statusgen.board.model.whole_board import Board
from statusgen.model.services import OperatorKind
from statusgen.model.statuses import Status
from statusgen.model.words import Words
from statusgen.text import slugify
from statusgen.wording.advice import AdvicePhrasing
from statusgen.wording.estimates import EstimatePhrasing
from statusgen.wording.headlines import HeadlinePhrasing
from statusgen.wording.incidents import IncidentPhrasing
from statusgen.wording.news import NewsPhrasing
from statusgen.wording.standings import StandingPhrasing
from statusgen.wording.waivers import WaiverPhrasing

# A word of four letters or more, its mark, and what follows.
_FIRST_SENTENCE = re.compile(r"(.*?\w{4,}[.!?؟])\s+(?=\S)", re.DOTALL)


class Phrasing(
    HeadlinePhrasing, StandingPhrasing, EstimatePhrasing, AdvicePhrasing, WaiverPhrasing, IncidentPhrasing, NewsPhrasing
):
    """Puts the facts of the Board into sentences in one language."""

    @cached_property
    def as_plain_text(self) -> "Phrasing":
        """The same phrasing as plain text, for places where there can be no markup."""
        return self if self.plain else Phrasing(self.site, self.language, plain=True)

    def split_first_sentence(self, words: Words) -> tuple[str, str]:
        """Return the first sentence of words, and the rest; an abbreviation ("St. ") ends none."""
        found = _FIRST_SENTENCE.match(words.in_language(self.language).text)
        if not found:
            return self.say(words), ""
        return self.say_part(words, 0, found.end(1)), self.say_part(words, found.end(), None)

    def service_summary(self, service: ServiceStatus) -> str:
        """Return how a service stands, what to do, and when it is expected back."""
        return self.join(self.service_summary_sentences(service))

    def service_summary_sentences(self, service: ServiceStatus) -> list[str]:
        """Return the sentences of `service_summary`: the status, then what to do, then when it is expected back."""
        parts = [self.format("%(status)s.", status=self.standing(service.standing))]
        parts += self.workaround_sentences(service)
        if service.usable_channels and (service.unusable_channels or service.unconfirmed_channels):
            parts.append(self.open_channels(service))
        return [*parts, *self._dates(service), *self.estimate_sentences(service), *self.last_checked(service)]

    def _dates(self, service: ServiceStatus) -> list[str]:
        """Return what is waived, what will open, and the dates to know."""
        parts = [self._waiver_summary(waiver) for waiver in service.waivers if waiver.waiver.what]
        parts += [self.coming_channel(coming) for coming in service.coming_channels]
        parts += [
            self.with_label(self.time(each.deadline.on), self.as_sentence(each.deadline.what))
            for each in service.deadlines
            if each.deadline.on and each.deadline.what
        ]
        return parts

    def say_this(self, service: ServiceStatus, board: Board) -> str:
        """Return what to tell a caller who asks about a service, besides its status: first what to do now."""
        _, operator = self.interface.gettext, service.service.operator
        parts = self.workaround_sentences(service)
        if service.is_never_mentioned:
            ways = self.join_words(map(self._way, service.channels), _("; "))
            parts += [self.with_label(_("How to use it"), self.format("%(ways)s.", ways=ways))] if ways else []
        else:
            parts += self._ways_by_standing(service)
        parts += [*self._dates(service), *self.estimate_sentences(service)]
        parts += [self.contrary_word(contrary, board) for contrary in service.contrary_words]
        windows = [board.incident_by_id[id].window for id in service.planned_work]
        parts += [self.planned_work(window) for window in windows if window]
        parts += self.last_checked(service)
        if operator and operator.kind is not OperatorKind.CITY and not service.is_working:
            parts.append(self.ask_operator(operator))
        return self.join(each for each in parts if each)

    def _ways_by_standing(self, service: ServiceStatus) -> Iterator[str]:
        """Yield the ways to use a service, first those that work, each with its details; then the others."""
        for each in service.usable_channels:
            is_plain = each.status is Status.WORKING and not each.standing.restored_at
            way = self._way(each)
            yield self.format("%(way)s.", way=way) if is_plain else self._with_standing([way], each)
        others = (*service.unconfirmed_channels, *service.unusable_channels, *service.automatic_channels)
        by_standing: dict[str, list[ChannelStatus]] = {}
        for each in others:
            by_standing.setdefault(self.standing(each.standing, of_channel=True), []).append(each)
        for alike in by_standing.values():
            yield self._with_standing([self._way(each) for each in alike], alike[0])

    def _with_standing(self, ways: Sequence[str], of: ChannelStatus) -> str:
        standing = self.standing(of.standing, of_channel=True)
        return self.format("%(words)s.", words=self.with_label(self.format_list(ways), standing))

    def _way(self, channel: ChannelStatus) -> str:
        """Return a way to use a service; with what people need to know to use it, unless they cannot."""
        details = self.details(channel.channel, channel.changed_keys)
        if channel.status.is_closed or channel.automatic:
            return self.channel(channel.channel)
        words = [self.channel(channel.channel), *(each.words for each in details)]
        return self.join_words(words, self.interface.gettext(", "))

    def last_checked(self, service: ServiceStatus) -> list[str]:
        """Return when somebody last spoke of a problem, if that is later than its beginning and not long ago."""
        said_at, since = service.confirmed_at, service.since
        if not service.is_unusual or service.stale or not said_at or not since or said_at.start <= since.when.start:
            return []
        return [self.format(self.interface.gettext("Last checked on %(time)s."), time=self.time(said_at))]

    def sort_by_name(self, services: Iterable[ServiceStatus]) -> list[ServiceStatus]:
        """Return services from A to Z, ignoring accents and capital letters."""
        return sorted(services, key=lambda service: slugify(self.local_text(service.service.name).text))
