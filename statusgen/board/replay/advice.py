"""What people can do meanwhile and where they can go, as the updates of an incident say, and until when that holds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from statusgen.board.model.advice import Advice, LapsedAdvice, Workaround
from statusgen.board.model.spans import ChannelKey, Source
from statusgen.board.replay.spreading import own_way
from statusgen.model.posts import Update
from statusgen.model.reports import ServiceReport
from statusgen.model.times import When
from statusgen.model.words import Words


@dataclass
class AdviceLog:
    """The advice of an incident: `workarounds` for services and channels, and `do` for everybody.

    `lapsed` is what updates let go.
    """

    incident: str
    workarounds: dict[ChannelKey, Workaround] = field(default_factory=dict)
    lapsed: list[LapsedAdvice] = field(default_factory=list)
    do: Advice | None = None

    def sorted_workarounds(self) -> tuple[Workaround, ...]:
        """Return what to do meanwhile, in an order that does not depend on that of the files."""
        return tuple(self.workarounds[key] for key in sorted(self.workarounds, key=lambda key: (key[0], key[1] or "")))

    def apply_for_all(self, update: Update, source: Source) -> None:
        """Keep what everybody can do."""
        if update.do:
            self.do = _make_advice(update, self.do, update.time, source)

    def apply(self, update: Update, source: Source, improved: set[ChannelKey]) -> None:
        """Keep what to do meanwhile, and let go what was said before something got better and is not said again."""
        said = sorted(update.reports, key=lambda report: (report.service, report.channel or ""))
        for key, old in [*self.workarounds.items()]:
            if key in improved or (key[1] is None and any(better[0] == key[0] for better in improved)):
                own = [report for report in said if (report.service, own_way(report)) == key]
                do = old.do if any(report.do for report in own) else None
                where = old.where if any(report.where for report in own) else None
                lost = [each for each, kept in ((old.do, do), (old.where, where)) if each and not kept]
                self.lapsed += [LapsedAdvice(advice, key, source) for advice in lost]
                self.workarounds[key] = replace(old, do=do, where=where)
        for report in said:
            self._add_workaround((report.service, own_way(report)), report, update.time, source)
        self.workarounds = {key: each for key, each in self.workarounds.items() if each.do or each.where}

    def _add_workaround(self, key: ChannelKey, report: ServiceReport, now: When, source: Source) -> None:
        """Keep what to do meanwhile, and where to go."""
        old = self.workarounds.get(key, Workaround(self.incident, *key, None, None))
        do, where = old.do, old.where
        if report.do:
            do = _make_advice(report, old.do, now, source)
        if report.where:
            where = Advice(_keep_translations(report.where, old.where), now, source)
        self.workarounds[key] = replace(old, do=do, where=where)

    def confirm_all(self, now: When) -> None:
        """Confirm all that holds."""
        self.do = self.do and replace(self.do, said_at=now)
        for key, old in self.workarounds.items():
            do, where = (advice and replace(advice, said_at=now) for advice in (old.do, old.where))
            self.workarounds[key] = replace(old, do=do, where=where)

    def end_all(self) -> None:
        """Let go all of it, because the incident is over."""
        self.workarounds, self.do = {}, None


def list_holding(workarounds: Iterable[Workaround], moment: datetime) -> Iterator[Workaround]:
    """Yield the advice whose time has not run out."""
    for each in workarounds:
        do, where = (advice if advice and advice.holds_at(moment) else None for advice in (each.do, each.where))
        if do or where:
            yield replace(each, do=do, where=where)


def _make_advice(said: Update | ServiceReport, old: Advice | None, now: When, source: Source) -> Advice:
    """Return what an update says that people can do; the same words again keep their short form."""
    assert said.do, "only what says something is advice"
    is_same = old is not None and old.words.texts[0] == said.do.texts[0]
    short = said.do_short or (old.short if old and is_same else None)
    return Advice(_keep_translations(said.do, old), now, source, said.do_until, short)


def _keep_translations(words: Words, old: Advice | None) -> Words:
    """Return words with the translations that they had when they were last said, letter for letter."""
    if old and old.words.texts[0] == words.texts[0]:
        return old.words.with_translations([words])
    return words
