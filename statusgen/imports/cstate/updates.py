"""The messages of an issue of cState, and when it was resolved → the updates of a post."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from statusgen.imports.cstate.blocks import Block
from statusgen.imports.told import Note, NoteKind, ToldUpdate
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.problems import Place

if TYPE_CHECKING:
    from statusgen.imports.cstate.issue import IssueReader

_SAID_BESIDE = "This names another state than resolvedWhen gives for its time, so it is in the text only."
_BY_COMMIT = "This has no time of its own; it is dated by the commit that added it."


@dataclass
class UpdatesMaker:
    """Makes the updates of one issue from its messages and from when it was resolved."""

    issue: "IssueReader"
    kind: Kind
    started: When
    end: When | None
    affected: tuple[str, ...]
    statuses: Mapping[str, Status]

    def make(self, blocks: list[Block]) -> list[ToldUpdate]:
        """Return the updates, oldest first."""
        is_resolved = bool(self.issue.fields.flag("resolved"))
        end = self.find_end(blocks) if is_resolved else None
        place = Place(self.issue.path, self.issue.page.line)
        has_opening = bool(blocks) and blocks[0].state not in (State.RESOLVED, State.POSTMORTEM)
        opening = blocks[0] if has_opening else Block("", None, True, None, "", place)
        first = self.make_opening(opening)
        later = [self.make_update(block, first.time, end, is_resolved) for block in blocks[has_opening:]]
        closing = [update for update in later if update.state is State.RESOLVED]
        others = [update for update in later if update not in closing]
        if is_resolved:
            position = next((number for number, update in enumerate(later) if update in closing), len(others))
            others.insert(position, self.make_closing(closing, end))
        return [first, *_sort_by_time(others)]

    def find_end(self, blocks: Sequence[Block]) -> When | None:
        """Return since when it is resolved: by its front matter, by a message, or by git."""
        if self.end:
            return self.end
        said = [block.time for block in blocks if block.state is State.RESOLVED and block.time]
        if said:
            return said[-1]
        found = self.issue.find_resolution()
        if found and found.start >= self.started.start:
            what = "It does not say when it was resolved; the time of the commit that says so was taken."
            self.issue.note("resolved", NoteKind.GUESS, what)
            return found
        return None

    def make_opening(self, block: Block) -> ToldUpdate:
        """Return the first update, with what is affected."""
        time = block.time or self.started
        if self.kind is Kind.MAINTENANCE and not block.time:
            committed = [version.time for version in self.issue.versions if version.time][:1]
            time = min([self.started, *map(When.moment, committed)], key=lambda when: when.start)
        elif self.kind is not Kind.MAINTENANCE and time.end < self.started.start:
            what = "This message is dated before the date of its issue; that date was taken."
            self.issue.notes.append(Note(block.place, NoteKind.GUESS, what))
            time = self.started
        is_said = block.state in (None, State.INVESTIGATING)
        update = self.describe(block, time, None, with_label=not is_said)
        is_notice = self.kind is Kind.NOTICE
        return replace(update, statuses=self.statuses, about=self.affected if is_notice else ())

    def make_update(self, block: Block, first: When, end: When | None, is_resolved: bool) -> ToldUpdate:
        """Return what a message becomes."""
        time, state = block.time, block.state
        if state is State.RESOLVED:
            is_end = is_resolved and (time is None or (end is not None and _minute(time) == _minute(end)))
            if not is_resolved:
                what = "The text says that it is resolved, and `resolved` does not. Is it over?"
                self.issue.notes.append(Note(block.place, NoteKind.QUESTION, what))
            if is_end:
                return self.describe(block, time or first, state)
            state = None
        if time is None and (found := self.issue.find_addition(block.text)):
            self.issue.notes.append(Note(block.place, NoteKind.GUESS, _BY_COMMIT))
            time = found
        is_known = time is not None
        time = time or self.some_day
        if end and time.start > end.start and state is not State.POSTMORTEM:
            state = None
        is_said = state is block.state
        if not is_said and is_resolved:
            self.issue.notes.append(Note(block.place, NoteKind.GUESS, _SAID_BESIDE))
        return replace(self.describe(block, time, state, with_label=not is_said), is_time_known=is_known)

    @property
    def some_day(self) -> When:
        """A day on which something can have been of which nobody says when it was."""
        return When.day(self.started.start.astimezone(self.issue.config.zone).date(), self.issue.config.zone)

    def make_closing(self, messages: Sequence[ToldUpdate], end: When | None) -> ToldUpdate:
        """Return the update by which it is over."""
        languages = sorted({language for message in messages for language in message.translations})
        return ToldUpdate(
            time=end or self.some_day,
            is_time_known=end is not None,
            state=State.RESOLVED,
            text="\n\n".join(message.text for message in messages if message.text),
            place=messages[0].place if messages else self.issue.fields.place("resolved"),
            statuses=dict.fromkeys(self.statuses, Status.WORKING),
            translations={
                language: "\n\n".join(message.translations.get(language, "") for message in messages)
                for language in languages
            },
        )

    def describe(self, block: Block, time: When, state: State | None, with_label: bool = False) -> ToldUpdate:
        """Return a message as an update, with its label in its text if nothing else says that."""
        text = block.labeled_text if with_label else block.text
        return ToldUpdate(time, state, text, block.place, translations=block.translations)


def _minute(when: When) -> datetime:
    return when.start.replace(second=0, microsecond=0)


def _sort_by_time(updates: Sequence[ToldUpdate]) -> list[ToldUpdate]:
    """Return updates in the order of their times; one of a day, or of no known time, stays behind what is above it."""
    keyed: list[tuple[datetime, ToldUpdate]] = []
    last = datetime.min.replace(tzinfo=UTC)
    for update in updates:
        time = update.time
        if update.is_time_known and not (time.is_whole_day and time.start <= last < time.end):
            last = time.start
        keyed.append((last, update))
    return [update for _, update in sorted(keyed, key=lambda entry: entry[0])]
