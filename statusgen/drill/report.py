"""The report of a drill: what residents saw, for how long it was wrong, and what was promised. It gives no grade."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from statusgen.drill.cast import name_parts
from statusgen.drill.compare import (
    Promise,
    Wrong,
    compare_service,
    find_longest_silence,
    list_news,
    list_promises,
    list_shown,
    list_truth,
    list_updates,
)
from statusgen.drill.folder import Drill
from statusgen.drill.residents import Publication
from statusgen.drill.story import Story, fill_in
from statusgen.model.whole_site import Site
from statusgen.problems import Problem

_MAX_SENTENCE = 240


@dataclass(frozen=True)
class DrillResult:
    """A drill that is over: what was published in it, and what its posts lack in other languages."""

    drill: Drill
    story: Story
    site: Site
    publications: Sequence[Publication]
    untranslated: Sequence[Problem]
    ended: datetime

    @property
    def updates(self) -> list[datetime]:
        """The moments at which residents read something new."""
        return list_updates(self.publications)

    def format_report(self) -> str:
        """Return the report, in Markdown that can be read as it is."""
        name = self.story.name.in_language(*self.site.languages).text
        sections = (
            ("What residents saw", self._list_pages()),
            ("How soon, and how often", self._describe_times()),
            ("For how long the page was wrong", self._list_services()),
            ("Promises of the next update", self._list_promises()),
            ("Not translated", self._list_untranslated()),
            ("The news", self._list_news()),
        )
        lines = [f"# Drill report: {name}", "", *self._introduce()]
        for heading, items in sections:
            lines += ["", f"## {heading}", "", *items]
        return "\n".join(lines) + "\n"

    def _introduce(self) -> Iterator[str]:
        begins, held = self.drill.clock.begins, self.drill.clock.settings[0][0].astimezone(self.site.zone)
        yield f"Held on {held:%Y-%m-%d}, {self.drill.clock.speed:g} times as fast as real time."
        yield f"It lasted from {self._time(begins)} to {self._time(self.ended)}. All times are by its own clock."
        yield "This compares what was published with the story. It gives no grade."

    def _list_pages(self) -> Iterator[str]:
        for number, publication in enumerate(self.publications):
            when = f"{self._time(publication.at)}" if number else "Before the drill"
            sentence = publication.status["sentence"]
            shown = sentence if len(sentence) <= _MAX_SENTENCE else f"{sentence[: _MAX_SENTENCE - 1]}…"
            yield f"- {when}: {shown}"
        if len(self.publications) == 1:
            yield "- Nothing was published in the drill."

    def _describe_times(self) -> Iterator[str]:
        if not self.drill.heard:
            yield "- The drill ended before the first news."
            return
        first = self.drill.heard[0]
        yield f"- The first news came at {self._time(first)}."
        after = [at for at in self.updates if at >= first]
        if not after:
            yield "- Residents read no update after it."
            return
        yield f"- Residents read the first update at {self._time(after[0])}, {_span(after[0] - first)} later."
        start, end = find_longest_silence(after, first, self.ended)
        what = f"from {self._time(start)} to {self._time(end)}"
        yield f"- The longest time without anything new: {_span(end - start)}, {what}."

    def _list_services(self) -> Iterator[str]:
        names, begins = name_parts(self.story, self.site, self.drill.cast), self.drill.clock.begins
        early = []
        yield "Counted from when the news had said how it was:"
        yield ""
        for part, key in self.drill.cast.items():
            truth = list_truth(self.story, part, begins)
            news = list_news(self.story, part, self.drill.heard)
            found = compare_service(truth, news, list_shown(self.publications, key), begins, self.ended)
            yield f"- {names[part]}: {_describe_wrong(found.known) or 'never wrong'}"
            if found.unknown:
                early.append(f"- {names[part]}: {_describe_wrong(found.unknown)}")
        if early:
            yield from ("", "While the news had not said how it was, or said it wrong:", "", *early)

    def _list_promises(self) -> Iterator[str]:
        promises = [*list_promises(self.publications)]
        for promise in promises:
            yield f"- {promise.title}, by {self._time(promise.due)}: {self._describe_promise(promise)}"
        if not promises:
            yield "- None was made."

    def _describe_promise(self, promise: Promise) -> str:
        kept_at = promise.kept_at
        if kept_at is None:
            return "missed, no update came" if promise.due <= self.ended else "not due before the end of the drill"
        if promise.is_kept:
            return f"kept, at {self._time(kept_at)}"
        return f"missed, the update came at {self._time(kept_at)}, {_span(kept_at - promise.due)} later"

    def _list_untranslated(self) -> Iterator[str]:
        for problem in self.untranslated:
            yield f"- {problem.place}: {problem.what}"
        if not self.updates:
            yield "- No update was published."
        elif not self.untranslated:
            only = "The site has one language." if len(self.site.languages) == 1 else "All posts of it are translated."
            yield f"- {only}"

    def _list_news(self) -> Iterator[str]:
        for number, at in enumerate(self.drill.heard):
            yield f"- {self._time(at)} {format_news(self.story, number, self.site, self.drill.cast)}"

    def _time(self, moment: datetime) -> str:
        """Return the time of day, with the day if it is not that on which the drill begins."""
        local, first = moment.astimezone(self.site.zone), self.drill.clock.begins.astimezone(self.site.zone)
        return f"{local:%H:%M}" if local.date() == first.date() else f"{local:%Y-%m-%d %H:%M}"


def format_news(story: Story, number: int, site: Site, cast: Mapping[str, str]) -> str:
    """Return a piece of news with who says it, in the first language of the site."""
    news, names = story.news[number], name_parts(story, site, cast)
    sender, text = (fill_in(words.in_language(*site.languages).text, names) for words in (news.sender, news.text))
    return f"{sender}: {text}"


def _describe_wrong(times: Mapping[Wrong, timedelta]) -> str:
    return "; ".join(f"{_span(time)}, {wrong.value}" for wrong, time in times.items())


def _span(time: timedelta) -> str:
    """Return how long something took, to the nearest minute; nothing took less than one."""
    minutes = max(1, round(time.total_seconds() / 60))
    hours, rest = divmod(minutes, 60)
    words = ([f"{hours} h"] if hours else []) + ([f"{rest} min"] if rest or not hours else [])
    return " ".join(words)
