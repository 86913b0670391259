"""Does the steps of a publication, one after the other, each noted on the disk before the next.

Each step can be done again: what was fixed is the text of the post, the one that it replaces, and its time. So wherever
a publication ended, another attempt goes on there, and nothing is said or sent twice.
"""

import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from statusgen.cli.moments import current_time
from statusgen.desk.drafts import DraftStore
from statusgen.desk.publishing.check import check_plan
from statusgen.desk.publishing.job import Job, JobState, Plan, Step, StepKind, StepState, Trouble
from statusgen.desk.publishing.jobs import NOW, STOP, JobStore
from statusgen.desk.publishing.keep import keep_post, restore_post
from statusgen.desk.publishing.places import Patience, build, find_shown, read_place, send_place, tell_channels
from statusgen.desk.publishing.sharing import join_colleagues, share_post
from statusgen.desk.publishing.troubles import StoppedError, explain_error
from statusgen.editor.private_folder import private_folder
from statusgen.problems import StatusgenError
from statusgen.text import Json

_POLL_INTERVAL = 0.05  # seconds
_LOCK_ATTEMPTS = 100
_ALONE = (StepKind.JOIN, StepKind.KEEP, StepKind.SHARE, StepKind.BUILD, StepKind.SEND)
More = Mapping[str, Json]
"""What is noted beside a step that is done."""


class _TakenBackError(Exception):
    """Somebody took it back before it left."""


_AS_USUAL = Patience()


def go_on(source: Path, store: JobStore, job: Job, keys: Sequence[Path] = (), patience: Patience = _AS_USUAL) -> None:
    """Go on with a publication as far as it goes now; do nothing if somebody else does, or if it is over.

    The page is signed with `keys`.
    """
    for _ in range(_LOCK_ATTEMPTS):
        # The desk, which looks whether anybody does it, holds it for a moment.
        with store.hold(job.id) as is_ours:
            if is_ours:
                found = store.read(job.id)
                if found and not found.is_over:
                    _Worker(source, store, replace(found, is_alive=True), keys, patience).run()
                return
        time.sleep(_POLL_INTERVAL)  # a lock on a file tells nobody that it is free


class _Worker:
    """One attempt."""

    def __init__(self, source: Path, store: JobStore, job: Job, keys: Sequence[Path], patience: Patience) -> None:
        self.source, self.store, self.job = source, store, job
        self.keys, self.patience = keys, patience
        self.missed: dict[str, tuple[Step, StoppedError]] = {}
        # Hours may lie between two attempts, so the page is made again, until it is everywhere.
        self.renews = not all(job.is_done(step) for step in job.kinds(StepKind.SEND))

    @property
    def plan(self) -> Plan:
        return self.job.plan

    def run(self) -> None:
        """Do what is not done yet, and note how it ended."""
        for step in self.plan.steps:
            if not self._is_needed(step):
                continue
            try:
                self._note(step, StepState.NOW)
                with self._alone(step):
                    self._note(step, StepState.DONE, **self._do(step))
            except _TakenBackError:
                self.store.end(self.job.id, JobState.STOPPED)
                return
            except StoppedError as stop:
                self._stop(step, stop)
                if not (step.id and stop.trouble.is_of_one_place):
                    return
                self.missed[step.id] = step, stop
        if self.missed:
            # Once more, for the last line of the journal is what keeps it from being over.
            self._stop(*next(iter(self.missed.values())))
            return
        is_seen = any(self.job.is_done(step) for step in self.job.kinds(StepKind.READ)) and self.job.live_since
        self.store.end(self.job.id, JobState.PUBLISHED if is_seen else JobState.KEPT)

    def _is_needed(self, step: Step) -> bool:
        if step.kind is StepKind.CHECK:
            return not self.job.is_written
        if step.id in self.missed:
            return False
        if step.kind is StepKind.TELL and self.missed and not self.job.is_at_first_place:
            return False  # messages lead to the first place
        if step.kind in (StepKind.BUILD, StepKind.SEND) and self.renews and not self.missed:
            return True
        if step.kind is StepKind.TELL and self.job.again:
            return True
        if step.kind is StepKind.READ and self._was_sent_since(step):
            return True
        return not self.job.is_done(step)

    def _was_sent_since(self, step: Step) -> bool:
        """Return whether a place was sent another page after it was read back."""
        sent, read = self.job.last.get(Step(StepKind.SEND, step.id)), self.job.last.get(step)
        return bool(sent and read and sent.at > read.at)

    def _note(self, step: Step, state: StepState, **more: Json) -> None:
        self.store.note(self.job.id, step, state, current_time(), **more)
        found = self.store.read(self.job.id)
        assert found
        self.job = found

    def _stop(self, step: Step, stop: StoppedError) -> None:
        shown = find_shown(self.plan.url) if step.kind not in (StepKind.CHECK, StepKind.WAIT) else None
        more: dict[str, Json] = {"shown": shown.isoformat()} if shown else {}
        more |= {"trouble": stop.trouble.value, "technical": stop.technical, **stop.more}
        self._note(step, StepState.FAILED, **more)

    @contextmanager
    def _alone(self, step: Step) -> Iterator[None]:
        """Let no other publication from here be in the middle of what changes the folder or a place."""
        while step.kind in _ALONE:
            with self.store.hold_site() as is_ours:
                if is_ours:
                    yield
                    return
            time.sleep(_POLL_INTERVAL)  # likewise
        yield

    def _do(self, step: Step) -> More:
        """Do a step; raise StoppedError if it does not go."""
        doing: Mapping[StepKind, Callable[[], More]] = {
            StepKind.CHECK: lambda: check_plan(self.source, self.job, self.keys),
            StepKind.WAIT: self._wait,
            StepKind.JOIN: lambda: join_colleagues(self.source, self.job),
            StepKind.KEEP: self._keep,
            StepKind.SHARE: self._share,
            StepKind.BUILD: lambda: build(self.source, self.job, self.keys),
            StepKind.SEND: lambda: send_place(self.source, step.id),
            StepKind.READ: lambda: read_place(self.source, self.job, step.id, self.patience),
            StepKind.TELL: lambda: tell_channels(self.source, self.job),
        }
        try:
            return doing[step.kind]()
        except (StoppedError, _TakenBackError):
            raise
        except (StatusgenError, click.ClickException, OSError) as error:
            words = error.message if isinstance(error, click.ClickException) else str(error)
            raise StoppedError(explain_error(error), words) from error
        except Exception as error:
            # In every case, the person must read where it is, and not a page that waits forever.
            raise StoppedError(Trouble.UNEXPECTED, traceback.format_exc()) from error

    def _wait(self) -> More:
        while True:
            if self.store.is_wished(self.job.id, STOP):
                raise _TakenBackError
            if self.store.is_wished(self.job.id, NOW):
                return {}
            if self.plan.leaves is not None and time.time() >= self.plan.leaves:
                return {}
            time.sleep(_POLL_INTERVAL)  # the desk is another process, and asks it to stop by a file

    def _keep(self) -> More:
        was_begun = sum(entry.step.kind is StepKind.KEEP for entry in self.job.entries) > 1
        keep_post(self.source, self.plan, was_begun)
        draft = self._drafts.read(self.plan.draft)
        # What was written since, in another window say, is not published, and stays to be seen.
        if draft and self.plan.drafted in ("", draft.version):
            self._drafts.discard(draft.id)
        return {}

    def _share(self) -> More:
        try:
            return share_post(self.source, self.job)
        except StoppedError as stop:
            if stop.trouble is Trouble.TWO_TEXTS:
                # A colleague said something else of the same just now. Ours comes back as a draft, beside theirs.
                restore_post(self.source, self.plan)
                self._note(Step(StepKind.KEEP), StepState.TO_COME)
                join_colleagues(self.source, self.job)
                self._drafts.bring_back(self.plan.draft)
            raise

    @property
    def _drafts(self) -> DraftStore:
        return DraftStore(private_folder(self.source))
