"""Why a publication does not go on, in words: what it is, what to do, and the buttons that help."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from statusgen.desk.publishing.job import Decision, Entry, Job, Trouble
from statusgen.desk.words import DeskWords, show_address


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


_Table = Mapping[Trouble, tuple[str, str, tuple[Act, ...]]]
"""What each trouble is, what to do, and the buttons that help."""


@dataclass(frozen=True)
class Failures:
    """What each trouble of a publication is, in words, at the moment `now`."""

    job: Job
    words: DeskWords
    now: datetime

    def describe(self, trouble: Trouble) -> Failure:
        """Return what a trouble is, and what to do about it."""
        entry, decisions = self.job.entries[-1], self.job.decisions
        if trouble is Trouble.WAITED_LONG:
            return self._waited(entry)
        if trouble is Trouble.CLOCK:
            return self._clock(entry)
        if trouble is Trouble.OTHER_MISTAKE and Decision.WITHOUT_BROKEN_POSTS in decisions:
            return self._unclear()
        known = {**self._of_sharing(), **self._of_post(), **self._of_place(entry)}
        return Failure(*known.get(trouble, known[Trouble.UNEXPECTED]))

    def _unclear(self) -> Failure:
        _ = self.words.gettext
        what = _("Another post cannot be read, so it is not known which services it is about.")
        do = _("Without it they might wrongly be shown as working. Have it fixed, or moved away.")
        return Failure(what, do, (self._again(),))

    def _again(self, words: str = "") -> Act:
        """Return the button that tries again."""
        return Act("retry", "", words or self.words.gettext("Try again"))

    @property
    def _technician(self) -> str:
        _ = self.words.gettext
        return _("Ask the person who manages it; what was said is below. Nothing is lost meanwhile.")

    def _of_sharing(self) -> _Table:
        _, technician = self.words.gettext, self._technician
        again, shared = (self._again(),), (self._without_shared_copy(),)
        return {
            Trouble.NO_NETWORK: (
                _("The shared copy cannot be reached. There may be no network."),
                _("The desk tries again every 30 seconds. If it takes long, connect this computer to a phone."),
                (*again, *shared),
            ),
            Trouble.SHARED_COPY_REFUSES: (
                _("The shared copy does not accept what this computer sends, or does not recognize it."),
                _("Publish without it, and a colleague may not see your post; or ask the person who manages it."),
                (*again, *shared),
            ),
            Trouble.SHARED_COPY_BUSY: (
                _("Someone else is writing at the same time."),
                _("The desk tries again in 30 seconds."),
                again,
            ),
            Trouble.NOT_SHARED: (
                _("What is in this folder cannot be joined with what colleagues have."),
                technician,
                (*again, *shared),
            ),
            Trouble.NO_NAME: (
                _("This computer does not know your name, which is kept with each change."),
                _("Ask the person who manages this computer to set it once; how is below."),
                again,
            ),
        }

    def _of_post(self) -> _Table:
        _, technician = self.words.gettext, self._technician
        again = (self._again(),)
        return {
            Trouble.TWO_TEXTS: (
                _("Someone else wrote about this while you did. Neither text is lost, and nothing was overwritten."),
                _("Look at both texts, and choose what residents should read."),
                (Act("reopen", "both", _("Look at both texts")),),
            ),
            Trouble.MISTAKE: (
                _("It has a mistake, given what the site says now."),
                _("Read it again: the form shows what is wrong."),
                (self._reopen(),),
            ),
            Trouble.OTHER_MISTAKE: (
                _("Another post cannot be read. Yours is sound."),
                _("Publish yours, and the page says that a report is missing; or have the other one fixed."),
                (
                    Act("decision", Decision.WITHOUT_BROKEN_POSTS.value, _("Publish without the other post")),
                    *again,
                ),
            ),
            Trouble.SERVICES_MISTAKE: (
                _("The list of the services has a mistake, so no page can be made."),
                _("Ask the person who set it up to fix it; what is wrong is below. Then try again."),
                again,
            ),
            Trouble.DISK_FULL: (
                _("This computer is full."),
                _(
                    "Free some space, for example by emptying the trash. Do not close windows in which you wrote "
                    "something."
                ),
                again,
            ),
            Trouble.PROMISE_PASSED: (
                _("It promises the next update by a time that has passed."),
                _("Read it again, and promise another time."),
                (self._reopen(),),
            ),
            Trouble.NO_KEY: (
                _("The page is signed, so that people can check that it is genuine. This desk has no key for that."),
                _("Unsigned, it would look forged, so nothing goes out. Call someone who has the key."),
                again,
            ),
            Trouble.KEY_FAILS: (
                _("The key with which the page is signed cannot be used here."),
                technician,
                again,
            ),
            Trouble.UNEXPECTED: (_("Something went wrong in this program."), technician, again),
        }

    def _of_place(self, entry: Entry) -> _Table:
        _, technician = self.words.gettext, self._technician
        again, look_again = (self._again(),), (self._again(_("Check again")),)
        plan = self.job.plan
        where = show_address(plan.places.get(entry.step.id) or plan.url)
        return {
            Trouble.HOST_PASSWORD: (_("%s refused the password or the key.") % where, technician, again),
            Trouble.HOST_REFUSES: (_("%s does not accept the page.") % where, technician, again),
            Trouble.HOST_FULL: (_("%s is full.") % where, technician, again),
            Trouble.HOST_SILENT: (
                self._silent(where),
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
                _("Residents will see it in a few minutes, unless the host has trouble; the desk checks again."),
                look_again,
            ),
        }

    def _silent(self, where: str) -> str:
        _, job = self.words.gettext, self.job
        if job.live_since:  # so there is a network
            return _("%s does not answer.") % where
        if len(job.plan.places) > 1:
            return _("No place answers to which the page is sent. There may be no network.")
        return _("%s does not answer. There may be no network.") % where

    def _without_shared_copy(self) -> Act:
        words = self.words.gettext("Publish without the shared copy")
        return Act("decision", Decision.WITHOUT_SHARED_COPY.value, words)

    def _reopen(self) -> Act:
        return Act("reopen", "", self.words.gettext("Read it again"))

    def _cached(self, entry: Entry) -> str:
        _, minutes = self.words.gettext, entry.more.get("minutes")
        if isinstance(minutes, int) and minutes:
            length = self.words.length(minutes * 60)
            return _("The host may show the old one for %s more. The desk checks again.") % length
        return _("The desk checks again every 30 seconds.")

    def _waited(self, entry: Entry) -> Failure:
        _, words = self.words.gettext, self.words
        minutes = entry.more.get("minutes")
        said = {
            "time": words.moment(self.job.plan.at, self.now),
            "length": words.length((minutes if isinstance(minutes, int) else 0) * 60),
        }
        still = Act("decision", Decision.STILL_TRUE.value, _("It is still true: publish it"))
        what = _("Written at %(time)s, it waited %(length)s. Is it still true?") % said
        return Failure(what, _("Publish it as it is, or read it again."), (still, self._reopen()))

    def _clock(self, entry: Entry) -> Failure:
        _, words = self.words.gettext, self.words
        ours, theirs = (datetime.fromisoformat(str(entry.more[name])) for name in ("ours", "theirs"))
        said = {"ours": words.moment(ours, ours), "theirs": words.moment(theirs, ours)}
        what = _("This computer's clock says %(ours)s, and that of the host %(theirs)s.") % said
        right = Act("decision", Decision.CLOCK_IS_RIGHT.value, _("This computer's clock is right: publish it"))
        do = _(
            "Set this computer's clock, and read the post again, because its times are by that clock. On Windows: "
            "Settings, Time & language, Date & time, Sync now. On a Mac: System Settings, General, Date & Time."
        )
        return Failure(what, do, (self._reopen(), right))
