"""The facts of the Board as sentences, the same in every output; each is a message of the catalog."""

import re
from collections.abc import Iterable
from functools import cached_property

from statusgen.board.model.services import ServiceStatus
from statusgen.model.words import Markup, Words
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

    def first_sentence(self, markup: Markup) -> str:
        """Return the first sentence of a text, in the language that it is in."""
        return self.split_first_sentence(Words(((markup.language, markup.text.split("\n")[0]),)))[0]

    def split_first_sentence(self, words: Words) -> tuple[str, str]:
        """Return the first sentence of words, and the rest; an abbreviation ("St. ") ends none."""
        found = _FIRST_SENTENCE.match(words.in_language(*self.languages).text)
        if not found:
            return self.say(words), ""
        return self.say_part(words, 0, found.end(1)), self.say_part(words, found.end(), None)

    def service_summary(self, service: ServiceStatus) -> str:
        """Return what to tell a caller who asks about a service, in one or two breaths."""
        return self.join(self.service_summary_sentences(service))

    def service_summary_sentences(self, service: ServiceStatus) -> list[str]:
        """Return the sentences of `service_summary`: the status, then what to do, then when it is expected back."""
        parts = [self.end_sentence(self.standing(service.standing))]
        parts += self.workaround_sentences(service)
        if service.usable_channels and (service.unusable_channels or service.unconfirmed_channels):
            parts.append(self.open_channels(service))
        parts += [self._waiver_summary(waiver) for waiver in service.waivers if waiver.waiver.what]
        parts += [self.coming_channel(coming) for coming in service.coming_channels]
        parts += [
            self.with_label(self.time(each.deadline.on), self.as_sentence(each.deadline.what))
            for each in service.deadlines
            if each.deadline.on and each.deadline.what
        ]
        return [*parts, *self.estimate_sentences(service), *self.last_checked(service)]

    def last_checked(self, service: ServiceStatus) -> list[str]:
        """Return when somebody last spoke of a problem, if that is later than its beginning and not long ago."""
        said_at, since = service.confirmed_at, service.since
        if not service.is_unusual or service.stale or not said_at or not since or said_at.start <= since.when.start:
            return []
        return [self.format(self.interface.gettext("Last checked on %(time)s."), time=self.time(said_at))]

    def sort_by_name(self, services: Iterable[ServiceStatus]) -> list[ServiceStatus]:
        """Return services from A to Z, ignoring accents and capital letters."""
        return sorted(services, key=lambda service: slugify(self.local_text(service.service.name).text))
