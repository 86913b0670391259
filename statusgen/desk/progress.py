"""How a publication stands, in words: its steps, and if it does not go on, what is true and what is safe."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from statusgen.desk.failures import Act, Failure, Failures
from statusgen.desk.publishing.job import (
    HOLD,
    Entry,
    Job,
    JobState,
    Step,
    StepKind,
    StepState,
)
from statusgen.desk.words import DeskWords, show_address
from statusgen.notify.ledger import Event
from statusgen.text import printable

_SIGNS = {
    StepState.DONE: "✓",
    StepState.NOW: "…",
    StepState.TO_COME: "·",
    StepState.FAILED: "✗",
    StepState.UNKNOWN: "?",
}


@dataclass(frozen=True)
class Line:
    """One step: how it stands as a word for all and as a sign, what it is, and when that was."""

    state: str
    sign: str
    hidden: str
    words: str
    time: str


@dataclass(frozen=True)
class Progress:
    """A publication in words, at the moment `now`; `channels` are the names of those that have one, by their ids."""

    job: Job
    words: DeskWords
    now: datetime
    channels: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What the page is called."""
        _ = self.words.gettext
        return {
            JobState.RUNNING: _("On its way"),
            JobState.PUBLISHED: _("Published"),
            JobState.KEPT: _("Kept on this computer"),
        }.get(self.job.state, _("Published, but not everywhere") if self.job.live_since else _("Not published"))

    @property
    def headline(self) -> str:
        """What is true now."""
        _, job = self.words.gettext, self.job
        if job.live_since:
            since = self.words.moment(job.live_since, self.now)
            if not job.is_at_first_place:
                said = {"where": show_address(job.live_url), "since": since}
                return _("Residents see it at %(where)s only. Live there since %(since)s.") % said
            return _("Residents see it. Live since %s.") % since
        if job.state is JobState.KEPT:
            return _("Only this computer has it.")
        if job.state is JobState.RUNNING:
            return self._way if job.has_left else self._leaving
        if job.state is JobState.HALF_WAY:
            return self._half_way
        return self._not_out

    @property
    def _way(self) -> str:
        return self.words.gettext("It is on its way.")

    @property
    def _leaving(self) -> str:
        _, leaves = self.words.gettext, self.job.plan.leaves
        if leaves is None:
            return _("It waits until you send it.")
        return _("It leaves at %s.") % self.words.exact_clock(datetime.fromtimestamp(leaves, UTC))

    @property
    def _half_way(self) -> str:
        _ = self.words.gettext
        done = [entry for entry in self.job.entries if entry.state is StepState.DONE]
        if not done:
            return _("Publishing stopped before anything left this computer.")
        return _("Publishing stopped after this: %s") % self.words.quote(self._describe(done[-1].step, done[-1]))

    @property
    def _not_out(self) -> str:
        _, entry = self.words.gettext, self.job.entries[-1] if self.job.entries else None
        shown = entry.more.get("shown") if entry else None
        if shown:
            then = self.words.moment(datetime.fromisoformat(str(shown)), self.now)
            return _("Residents still see the page of %s.") % then
        return _("Residents do not see it yet.")

    @property
    def safe(self) -> str:
        """What is safe."""
        _, job = self.words.gettext, self.job
        if not job.is_written:
            return _("Your post is kept on this computer. Nobody else has it yet.")
        share = job.entry(StepKind.SHARE)
        if share and share.state is StepState.DONE and not share.more.get("here"):
            return _("Your post is kept on this computer and in the shared copy, so colleagues have it.")
        return _("Your post is kept on this computer, in the folder of the site.")

    @property
    def who_was_told(self) -> str:
        """Whether anybody was told; "" if nobody is ever told."""
        _ = self.words.gettext
        if not self.job.kinds(StepKind.TELL) or self.job.is_at_first_place:
            return ""
        if self.job.live_since:
            return _("Nobody was notified yet, because messages link to %s.") % show_address(self.job.plan.url)
        return _("Nobody was notified. No message goes out before residents can see the page.")

    @cached_property
    def failure(self) -> Failure | None:
        """Why it does not go on; None if it does."""
        if self.job.is_over or self.job.is_alive:
            return None
        if self.job.trouble is None:
            _ = self.words.gettext
            what = _("The program that publishes was ended, or this computer was off.")
            go_on = Act("retry", "", _("Go on"))
            return Failure(what, _("Continue: what is done already is not done twice."), (go_on,))
        return Failures(self.job, self.words, self.now).describe(self.job.trouble)

    @property
    def repeats(self) -> bool:
        """Whether the desk tries again by itself."""
        return self.job.state is JobState.WAITING

    @property
    def lines(self) -> list[Line]:
        """The steps, in order."""
        _ = self.words.gettext
        first = Line(
            "done", _SIGNS[StepState.DONE], _("Done"), _("Kept on this computer"), self._clock(self.job.plan.at)
        )
        return [first, *(line for step in self.job.plan.steps for line in self._list(step))]

    def _clock(self, moment: datetime) -> str:
        return self.words.exact_clock(moment)

    def _list(self, step: Step) -> Iterator[Line]:
        entry, state = self.job.last.get(step), self.job.state_of(step)
        if state is StepState.NOW and not self.job.is_alive:
            state = StepState.TO_COME
        if step.kind is StepKind.TELL and entry and state is StepState.DONE:
            yield from self._list_channels(entry)
            return
        time = self._clock(entry.at) if entry and state not in (StepState.TO_COME, StepState.NOW) else ""
        yield self._line(state, self._describe(step, entry if state is StepState.DONE else None), time)

    def _line(self, state: StepState, words: str, time: str) -> Line:
        _ = self.words.gettext
        hidden = {
            StepState.DONE: _("Done"),
            StepState.NOW: _("Now"),
            StepState.TO_COME: _("Not started"),
            StepState.FAILED: _("Failed"),
            StepState.UNKNOWN: _("Not known"),
        }
        return Line(state.value, _SIGNS[state], hidden[state], words, time)

    def _describe(self, step: Step, entry: Entry | None) -> str:
        """Return what a step is or, with the entry of one that is done, what it came to."""
        _, more = self.words.gettext, entry.more if entry else {}
        where = show_address(self.job.plan.places.get(step.id, ""))
        if step.kind is StepKind.JOIN:
            return self._describe_join(more) if entry else _("Joined with what colleagues wrote")
        if step.kind is StepKind.SHARE:
            return self._describe_share(more) if entry else _("Kept in the shared copy")
        if step.kind is StepKind.SEND:
            files = more.get("files")
            if entry and isinstance(files, int):
                sent = self.words.ngettext("%d file", "%d files", files) % files
                return _("Sent to %(where)s: %(files)s") % {"where": where, "files": sent}
            return _("Sent to %s") % where
        if step.kind is StepKind.READ:
            if more.get("nobody"):
                return _("Nobody but this computer has it")
            return (
                _("Read back from %s: your words are there") % where
                if entry
                else _("Read back from %s, as a resident would") % where
            )
        return {
            StepKind.CHECK: _("Checked: nothing in the way") if entry else _("Checked"),
            StepKind.WAIT: _("Waited, in case you want it back") if entry else _("Waiting, in case you want it back"),
            StepKind.KEEP: _("Written into the folder of the site"),
            StepKind.BUILD: _("The page is made"),
            StepKind.TELL: _("Those who asked for it are notified"),
        }[step.kind]

    def _describe_join(self, more: Mapping[str, object]) -> str:
        _ = self.words.gettext
        if more.get("skipped"):
            return _("Not joined with what colleagues wrote, as you decided")
        authors = more.get("authors")
        if isinstance(authors, list) and authors:
            names = ", ".join(map(str, authors))
            return _("Joined with a change by %s to something else. Both are in.") % names
        return _("Joined with what colleagues wrote: nothing new")

    def _describe_share(self, more: Mapping[str, object]) -> str:
        _ = self.words.gettext
        if more.get("moves"):
            return _("Kept in the shared copy. A colleague wrote in the same minute: yours is a minute later.")
        return _("Kept in the history of this folder") if more.get("here") else _("Kept in the shared copy")

    def _list_channels(self, entry: Entry) -> Iterator[Line]:
        _, time = self.words.gettext, self._clock(entry.at)
        found = self.job.tellings
        if entry.more.get("why"):
            yield self._line(StepState.FAILED, _("Nobody could be notified."), time)
        elif not found:
            yield self._line(StepState.DONE, _("Nobody has to be notified now"), time)
        for each in found:
            channel = self._name_channel(each)
            if each.get("event") == Event.SENT.value:
                yield self._line(StepState.DONE, _("%s has it") % channel, time)
            elif each.get("event") == Event.NOT_SENT.value:
                yield self._line(StepState.FAILED, _("%s: it was not sent") % channel, time)
            else:
                words = _("%s: it is not known whether it went out, so it is not sent again automatically.") % channel
                yield self._line(StepState.UNKNOWN, words, time)

    def _name_channel(self, told: Mapping[str, object]) -> str:
        id = str(told.get("channel"))
        return self.channels.get(id, id)

    @property
    def untold(self) -> list[Act]:
        """What can be sent again, each to one channel: it was not sent, or nobody can tell."""
        _ = self.words.gettext
        left = [each for each in self.job.tellings if each.get("event") != Event.SENT.value] if self.job.is_over else []
        return [
            Act("again", f"{each['channel']} {each['update']}", _("Send to %s again") % self._name_channel(each))
            for each in left
        ]

    @property
    def technical(self) -> str:
        """What programs and hosts said, for the person who looks after them."""
        told = self.job.entry(StepKind.TELL)
        more = told.more if told else {}
        said = [f"{each.get('channel')}: {each.get('why')}" for each in self.job.tellings if each.get("why")]
        lines = "\n".join([self.job.technical, str(more.get("why", "")), *said]).splitlines()
        return "\n".join(printable(line) for line in lines if line.strip())

    @property
    def is_held(self) -> bool:
        """Whether it waits until somebody sends it."""
        return self.job.plan.pause == HOLD
