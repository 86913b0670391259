"""How a publication stands, in words: its steps, and if it does not go on, what is true, what is safe, what to do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from statusgen.desk.publishing.job import (
    HOLD,
    Choice,
    Entry,
    Job,
    JobState,
    Step,
    StepKind,
    StepState,
    Trouble,
)
from statusgen.desk.words import DeskWords
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
class Act:
    """A button: what it does, by the name that the form sends, and its words."""

    name: str
    value: str
    words: str


@dataclass(frozen=True)
class Failure:
    """Why it does not go on, in one sentence, and what to do; the acts that help, the best first."""

    what: str
    do: str
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True)
class Progress:
    """A publication in words, at the moment `now`."""

    job: Job
    words: DeskWords
    now: datetime

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
            return _("Residents see it. Live since %s.") % self.words.moment(job.live_since, self.now)
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
    def told(self) -> str:
        """Whether anybody was told; "" if nobody is ever told."""
        _ = self.words.gettext
        if self.job.live_since or not self.job.kinds(StepKind.TELL):
            return ""
        return _("Nobody was told. No message goes out before residents can see the page.")

    @cached_property
    def failure(self) -> Failure | None:
        """Why it does not go on; None if it does."""
        if self.job.is_over or self.job.is_alive:
            return None
        if self.job.trouble is None:
            _ = self.words.gettext
            what = _("The program that publishes was ended, or this computer was off.")
            return Failure(what, _("Go on: what is done already is not done twice."), (self.again(_("Go on")),))
        return _Failures(self).describe(self.job.trouble)

    @property
    def repeats(self) -> bool:
        """Whether the desk tries again by itself."""
        return self.job.state is JobState.WAITING

    def again(self, words: str = "") -> Act:
        """Return the button that tries again."""
        return Act("retry", "", words or self.words.gettext("Try again"))

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
            StepState.TO_COME: _("To come"),
            StepState.FAILED: _("Failed"),
            StepState.UNKNOWN: _("Not known"),
        }
        return Line(state.value, _SIGNS[state], hidden[state], words, time)

    def _describe(self, step: Step, entry: Entry | None) -> str:
        """Return what a step is or, with the entry of one that is done, what it came to."""
        _, more = self.words.gettext, entry.more if entry else {}
        where = self.job.plan.places.get(step.id, "").partition("://")[2].rstrip("/")
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
            StepKind.TELL: _("Those who asked for it are told"),
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
        found = self.job.told
        if entry.more.get("why"):
            yield self._line(StepState.FAILED, _("Nobody could be told."), time)
        elif not found:
            yield self._line(StepState.DONE, _("Nobody has to be told now"), time)
        for each in found:
            channel = str(each.get("channel"))
            if each.get("event") == Event.SENT.value:
                yield self._line(StepState.DONE, _("%s has it") % channel, time)
            elif each.get("event") == Event.NOT_SENT.value:
                yield self._line(StepState.FAILED, _("%s: it was not sent") % channel, time)
            else:
                words = _("%s: nobody can tell whether it went out, so it is not sent again by itself.") % channel
                yield self._line(StepState.UNKNOWN, words, time)

    @property
    def untold(self) -> list[Act]:
        """What can be sent again, each to one channel: it was not sent, or nobody can tell."""
        _ = self.words.gettext
        left = [each for each in self.job.told if each.get("event") != Event.SENT.value] if self.job.is_over else []
        return [
            Act("again", f"{each['channel']} {each['update']}", _("Send to %s again") % each["channel"])
            for each in left
        ]

    @property
    def technical(self) -> str:
        """What programs and hosts said, for the person who looks after them."""
        told = self.job.entry(StepKind.TELL)
        more = told.more if told else {}
        said = [f"{each.get('channel')}: {each.get('why')}" for each in self.job.told if each.get("why")]
        lines = "\n".join([self.job.technical, str(more.get("why", "")), *said]).splitlines()
        return "\n".join(printable(line) for line in lines if line.strip())

    @property
    def is_held(self) -> bool:
        """Whether it waits until somebody sends it."""
        return self.job.plan.pause == HOLD


_Table = Mapping[Trouble, tuple[str, str, tuple[Act, ...]]]
"""What each trouble is, what to do, and the buttons that help."""


@dataclass(frozen=True)
class _Failures:
    """What each trouble is in words."""

    progress: Progress

    def describe(self, trouble: Trouble) -> Failure:
        """Return what a trouble is, and what to do about it."""
        entry, choices = self.progress.job.entries[-1], self.progress.job.choices
        if trouble is Trouble.WAITED_LONG:
            return self._waited(entry)
        if trouble is Trouble.CLOCK:
            return self._clock(entry)
        if trouble is Trouble.OTHER_MISTAKE and Choice.WITHOUT_BROKEN_POSTS in choices:
            return self._unclear()
        known = {**self._of_sharing(), **self._of_post(), **self._of_place(entry)}
        return Failure(*known.get(trouble, known[Trouble.UNEXPECTED]))

    def _unclear(self) -> Failure:
        _ = self.progress.words.gettext
        what = _("Another post cannot be read, and nobody can tell which services it is about.")
        do = _("Without it they might wrongly be shown as working. Have it put right, or moved away.")
        return Failure(what, do, (self.progress.again(),))

    @property
    def _technician(self) -> str:
        _ = self.progress.words.gettext
        return _("Ask the person who looks after it; what was said is below. Nothing is lost meanwhile.")

    def _of_sharing(self) -> _Table:
        _, technician = self.progress.words.gettext, self._technician
        again, shared = (self.progress.again(),), (self._without_shared_copy(),)
        return {
            Trouble.NO_NETWORK: (
                _("The shared copy cannot be reached. There may be no network."),
                _("The desk tries again every 30 seconds. If it takes long, connect this computer to a phone."),
                (*again, *shared),
            ),
            Trouble.SHARED_COPY_REFUSES: (
                _("The shared copy does not take what this computer sends, or does not know it."),
                _("Publish without it, and a colleague may not see your post; or ask the person who looks after it."),
                (*again, *shared),
            ),
            Trouble.SHARED_COPY_BUSY: (
                _("Somebody else is writing at the very same time."),
                _("The desk tries again in 30 seconds."),
                again,
            ),
            Trouble.NOT_SHARED: (
                _("What is in this folder cannot be joined with what colleagues have."),
                technician,
                (*again, *shared),
            ),
            Trouble.NO_NAME: (
                _("This computer does not know your name, which stands beside each change."),
                _("Ask the person who looks after this computer to set it once; how is below."),
                again,
            ),
        }

    def _of_post(self) -> _Table:
        _, technician = self.progress.words.gettext, self._technician
        again = (self.progress.again(),)
        return {
            Trouble.TWO_TEXTS: (
                _("Somebody else wrote about this while you did. Neither text is lost, and nothing was overwritten."),
                _("Look at both texts, and choose what residents should read."),
                (Act("reopen", "both", _("Look at both texts")),),
            ),
            Trouble.MISTAKE: (
                _("There is a mistake in it, as the site is now."),
                _("Read it again: the form shows what is wrong."),
                (self._reopen(),),
            ),
            Trouble.OTHER_MISTAKE: (
                _("Another post cannot be read. Yours is sound."),
                _("Publish yours, and the page says that a report is missing; or have the other one put right."),
                (
                    Act("choice", Choice.WITHOUT_BROKEN_POSTS.value, _("Publish without the other post")),
                    *again,
                ),
            ),
            Trouble.SERVICES_MISTAKE: (
                _("The list of the services has a mistake, so no page can be made."),
                _("Ask the person who set it up to put it right; what is wrong is below. Then try again."),
                again,
            ),
            Trouble.DISK_FULL: (
                _("This computer is full."),
                _("Make room, by emptying the trash say. Do not close windows in which you wrote something."),
                again,
            ),
            Trouble.PROMISE_PASSED: (
                _("It promises more by a time that has passed meanwhile."),
                _("Read it again, and promise another time."),
                (self._reopen(),),
            ),
            Trouble.UNEXPECTED: (_("Something went wrong in this program."), technician, again),
        }

    def _of_place(self, entry: Entry) -> _Table:
        _, technician = self.progress.words.gettext, self._technician
        again, look_again = (self.progress.again(),), (self.progress.again(_("Look again")),)
        where = self.progress.job.plan.places.get(entry.step.id) or self.progress.job.plan.url
        where = where.partition("://")[2].rstrip("/")
        return {
            Trouble.HOST_PASSWORD: (_("%s refused the password or the key.") % where, technician, again),
            Trouble.HOST_REFUSES: (_("%s does not take the page.") % where, technician, again),
            Trouble.HOST_FULL: (_("%s is full.") % where, technician, again),
            Trouble.HOST_SILENT: (
                _("%s does not answer. There may be no network.") % where,
                _("The desk tries again every 30 seconds. Only what is missing is sent."),
                again,
            ),
            Trouble.NEWER_THERE: (
                _("%s shows a newer page than this computer could make.") % where,
                technician,
                again,
            ),
            Trouble.HALF_THERE: (
                _("%s has a part of it.") % where,
                _("Try again: only what is missing is sent."),
                again,
            ),
            Trouble.OLD_PAGE: (
                _("It was sent, and %s still shows an older page.") % where,
                self._cached(entry),
                look_again,
            ),
            Trouble.NOT_YET: (
                _("The host of %s has it, and has not made the page yet.") % where,
                _("Residents will see it in a few minutes, unless the host is disturbed; the desk looks again."),
                look_again,
            ),
        }

    def _without_shared_copy(self) -> Act:
        words = self.progress.words.gettext("Publish without the shared copy")
        return Act("choice", Choice.WITHOUT_SHARED_COPY.value, words)

    def _reopen(self) -> Act:
        return Act("reopen", "", self.progress.words.gettext("Read it again"))

    def _cached(self, entry: Entry) -> str:
        _, minutes = self.progress.words.gettext, entry.more.get("minutes")
        if isinstance(minutes, int) and minutes:
            length = self.progress.words.length(minutes * 60)
            return _("The host may show the old one for %s more. The desk looks again.") % length
        return _("The desk looks again every 30 seconds.")

    def _waited(self, entry: Entry) -> Failure:
        _, words = self.progress.words.gettext, self.progress.words
        minutes = entry.more.get("minutes")
        said = {
            "time": words.moment(self.progress.job.plan.at, self.progress.now),
            "length": words.length((minutes if isinstance(minutes, int) else 0) * 60),
        }
        still = Act("choice", Choice.STILL_TRUE.value, _("It is still true: publish it"))
        what = _("Written at %(time)s, it waited %(length)s. Is it still true?") % said
        return Failure(what, _("Publish it as it is, or read it again."), (still, self._reopen()))

    def _clock(self, entry: Entry) -> Failure:
        _, words = self.progress.words.gettext, self.progress.words
        ours, theirs = (datetime.fromisoformat(str(entry.more[name])) for name in ("ours", "theirs"))
        said = {"ours": words.moment(ours, ours), "theirs": words.moment(theirs, ours)}
        what = _("This computer's clock says %(ours)s, and that of the host %(theirs)s.") % said
        right = Act("choice", Choice.CLOCK_IS_RIGHT.value, _("This computer's clock is right: publish it"))
        do = _("Put this computer's clock right and read the post again, for its times are by that clock.")
        return Failure(what, do, (self._reopen(), right))
