"""What an update says, statement by statement, and how a correction says one of them otherwise."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.spans import Word
from statusgen.editor.fact_values import BEFORE, Facts, FactValue, drop_empty, name_start
from statusgen.editor.last_words import find_last_words, format_key
from statusgen.editor.times import format_time
from statusgen.english import English
from statusgen.lint.rule import words_in
from statusgen.model.posts import Update
from statusgen.model.reports import Estimate, ServiceReport
from statusgen.model.services import EVERY_WAY
from statusgen.model.times import When
from statusgen.model.waivers import Deadline, Waiver
from statusgen.model.whole_site import Site
from statusgen.model.words import Words
from statusgen.problems import InvalidValue

LISTS = ("known", "not_known", "doing")
_NAMES = {
    "rename": "the headline",
    "next_update": "the next update",
    "claim": "the rumor",
    "fact": "what is true",
    "do": "what everybody can do",
    "expected": "as a whole",
    "waivers": "the waiver",
    "deadlines": "the deadline",
}


@dataclass(frozen=True)
class Statement:
    """One thing that an update says: the keys that lead to it, and what it `said` there, as people read it.

    An entry of a list of words is its own last key. `inside` are the keys that stay beside the words when those are
    replaced, like `until:` of what people can do; `beside` are those that have to be said again in the same entry.
    """

    path: tuple[str, ...]
    said: str
    inside: Mapping[str, FactValue] = field(default_factory=dict)
    beside: Mapping[str, FactValue] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The key that says what it is, like `status` or `until`."""
        return self.path[0] if self.path[0] in LISTS else self.path[-1]

    def __str__(self) -> str:
        """Return what it is about, and what it says."""
        first, *rest = self.path
        if first in LISTS:
            return f"{first.replace('_', ' ')}: {self.said}"
        services = self.inside.get("services")
        if isinstance(services, list):
            return f"{', '.join(map(str, services))}: {self.said}"
        name = " ".join(filter(None, (_NAMES.get(first), *rest[:1])))
        more = "" if not rest or rest[1] in ("status", "what", "expected") else f", {rest[1]}"
        return f"{name}{more}: {self.said}"


@dataclass(frozen=True)
class Statements:
    """What an update says, as far as its post still says so."""

    update: Update
    incident: IncidentStatus
    site: Site
    describe_estimate: Callable[[Estimate], str]

    def __iter__(self) -> Iterator[Statement]:
        """Yield each statement, in the order in which updates have them."""
        update = self.update
        yield from self.words(("claim",), update.claim)
        yield from self.words(("fact",), update.fact)
        yield from self.advice(("do",), update.do, update.do_until)
        for name in LISTS:
            for words in getattr(update, name):
                yield from self.words((name, words.texts[0][1]), words)
        for report in update.reports:
            yield from self.report(report)
        yield from self.estimate(("expected",), update.expected)
        for waiver in update.waivers:
            yield from self.waiver(waiver)
        for deadline in update.deadlines:
            yield from self.deadline(deadline)

    @cached_property
    def standing_texts(self) -> set[str]:
        """All that the post tells people now."""
        post = self.incident
        lists = (post.known, post.not_known, post.doing)
        others = (post.do, post.workarounds, post.waivers, post.deadlines, post.claim, post.fact)
        return {words.texts[0][1] for words in words_in((lists, others))}

    def words(self, path: tuple[str, ...], words: Words | None, **inside: FactValue) -> Iterator[Statement]:
        """Yield words, if people still read them."""
        if words and words.texts[0][1] in self.standing_texts:
            yield Statement(path, words.texts[0][1], drop_empty(inside))

    def advice(self, path: tuple[str, ...], words: Words | None, until: When | None) -> Iterator[Statement]:
        """Yield what people can do, which goes on to end when it was said to end."""
        return self.words(path, words, until=format_time(until, self.site.zone) if until else None)

    def time(self, path: tuple[str, ...], when: When | None) -> Iterator[Statement]:
        """Yield a date."""
        if when:
            yield Statement(path, format_time(when, self.site.zone))

    def estimate(self, path: tuple[str, ...], estimate: Estimate | None) -> Iterator[Statement]:
        """Yield an estimate that stands; it goes on to be about the same services."""
        standing = {(each.key, each.estimate.services): each.estimate for each in self.incident.estimates}
        if estimate and estimate in standing.values():
            services = list(estimate.services)
            yield Statement(path, self.describe_estimate(estimate), drop_empty({"services": services}))

    def report(self, report: ServiceReport) -> Iterator[Statement]:
        """Yield what an update says of a service or of a channel."""
        key = format_key((report.service, report.channel))
        for word in self.standing_words(report)[:1]:
            yield Statement(("services", key, "status"), word.status.value)
            if self.is_start_told(word):
                when = format_time(word.since.when, self.site.zone)
                said = f"{BEFORE}{when}" if word.since.is_before else when
                yield Statement(("services", key, "since"), said, beside={"status": word.status.value})
        yield from self.advice(("services", key, "do"), report.do, report.do_until)
        yield from self.words(("services", key, "where"), report.where)
        yield from self.estimate(("services", key, "expected"), report.expected)

    def standing_words(self, report: ServiceReport) -> list[Word]:
        """Return what a report said of a way, or of a service or each of its ways, as far as it stands."""
        return [
            word
            for word in find_last_words(self.incident)
            if word.status is report.status
            and (word.key == (report.service, report.channel) or self.is_through_service(word, report))
        ]

    def is_through_service(self, word: Word, report: ServiceReport) -> bool:
        """Return whether a way stands so because its whole service was said to."""
        return word.of_service and word.key[0] == report.service and report.channel in (None, EVERY_WAY)

    def is_start_told(self, word: Word) -> bool:
        """Return whether people read since when it is so."""
        return word.status.is_broken and not word.since.is_report

    def waiver(self, waiver: Waiver) -> Iterator[Statement]:
        """Yield what does not apply, until when, and how to get that."""
        yield from self.words(("waivers", waiver.id, "what"), waiver.what)
        yield from self.time(("waivers", waiver.id, "until"), waiver.until)
        yield from self.words(("waivers", waiver.id, "until"), waiver.until_words)
        yield from self.words(("waivers", waiver.id, "how"), waiver.how)

    def deadline(self, deadline: Deadline) -> Iterator[Statement]:
        """Yield what is due, and on which date."""
        yield from self.words(("deadlines", deadline.id, "what"), deadline.what)
        yield from self.time(("deadlines", deadline.id, "on"), deadline.on)


def correct_statement(
    facts: Facts, statement: Statement, value: FactValue, lists: Mapping[str, tuple[str, ...]]
) -> Facts:
    """Return the facts of a correction with what holds now in place of a statement.

    `lists` is what is listed now. Raises InvalidValue if nothing is left: only an entry of a list with others can go.
    """
    first, *rest = statement.path
    if first in LISTS:
        return {**facts, first: _correct_list(facts.get(first) or lists[first], statement, value)}
    if not value:
        raise InvalidValue(
            English("People read the wrong words until others replace them."), English("Say what is true now.")
        )
    value = _with_inside(value, statement)
    if not rest:
        return {**facts, first: value}
    name, key = rest
    if first == "services":
        old = facts.get("services")
        entries = dict(old) if isinstance(old, Mapping) else {}
        entry = entries.get(name, {})
        known = entry if isinstance(entry, Mapping) else {"status": entry}
        entry = name_start({**statement.beside, **known, key: value})
        entries[name] = value if entry.keys() == {"status"} else entry
        return {**facts, "services": entries}
    return {**facts, first: _correct_entry(facts.get(first), name, key, value)}


def _correct_list(entries: FactValue, statement: Statement, value: FactValue) -> list[FactValue]:
    assert isinstance(entries, list | tuple)
    new = [value if entry == statement.said else entry for entry in entries]
    if statement.said not in entries:  # a flag took it from the list already
        new.append(value)
    if not any(new):
        raise InvalidValue(English("Nothing else is listed there."), English("Say what is true now."))
    return [entry for entry in new if entry]


def _correct_entry(entries: FactValue, id: str, key: str, value: FactValue) -> list[FactValue]:
    """Return waivers or deadlines with a key of one of them; those that are there keep their other keys."""
    found = list(entries) if isinstance(entries, list) else []
    for number, entry in enumerate(found):
        if isinstance(entry, Mapping) and entry["id"] == id:
            found[number] = {**entry, key: value}
            return found
    return [*found, {"id": id, key: value}]


def _with_inside(value: FactValue, statement: Statement) -> FactValue:
    """Return a value with the keys that stay beside it."""
    if not statement.inside:
        return value
    if isinstance(value, Mapping):
        return {**value, **statement.inside}
    if statement.kind != "expected":
        return {"words": value, **statement.inside}
    return {**({"unknown": True} if value == "unknown" else {"on": value}), **statement.inside}


@dataclass(frozen=True)
class Standing:
    """A statement that people read now, the newest update that says it, and its name.

    The name has the keys that lead to it, `services.permits.status`; an entry of a list has its number: `known.2`.
    """

    statement: Statement
    update: Update
    name: str


def find_statements(
    incident: IncidentStatus, site: Site, describe_estimate: Callable[[Estimate], str]
) -> list[Standing]:
    """Return all that a post tells people now, besides its texts."""
    found = {statement.path: (statement, update) for statement, update in _whole_post(incident, site)}
    for update in incident.updates:
        for statement in Statements(update, incident, site, describe_estimate):
            found[statement.path] = (statement, update)
    return [Standing(each, update, name) for each, update in found.values() if (name := _name(each, incident))]


def _whole_post(incident: IncidentStatus, site: Site) -> Iterator[tuple[Statement, Update]]:
    """Yield the headline of a post and its times, each with the update that said it last."""
    for name in ("rename", "next_update", "starts", "ends"):
        last = next((update for update in reversed(incident.updates) if getattr(update, name)), None)
        if name == "rename":
            yield Statement((name,), incident.incident.title.texts[0][1]), last or incident.updates[0]
        elif last and (incident.promise or name != "next_update"):
            yield Statement((name,), format_time(getattr(last, name), site.zone)), last


def _name(statement: Statement, incident: IncidentStatus) -> str:
    """Return the name of a statement; "" for an entry that its list no longer has."""
    first, *rest = statement.path
    if first not in LISTS:
        return ".".join(statement.path)
    entries = [words.texts[0][1] for words in getattr(incident, first)]
    return f"{first}.{entries.index(rest[0]) + 1}" if rest[0] in entries else ""
