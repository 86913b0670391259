"""The first screen: what is open now, what waits for somebody, and the worst of it as a headline."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.spans import Phase
from statusgen.desk.desk import SiteNow
from statusgen.desk.drafts import Draft
from statusgen.desk.forms.form import next_times
from statusgen.desk.forms.small_updates import nothing_new
from statusgen.desk.kinds import FormKind
from statusgen.desk.outside import Outside
from statusgen.desk.questions import Choice
from statusgen.desk.words import DeskWords, show_address
from statusgen.editor.find_incident import unfinished_incidents
from statusgen.editor.times import TimeParser
from statusgen.model.states import Kind
from statusgen.notify.reminders import ReminderWriter
from statusgen.wording.phrasing import Phrasing


@dataclass(frozen=True)
class Clock:
    """How long ago something was, or how long it is until then, in words; `detail` says when. `is_late`: it is due."""

    words: str
    detail: str
    is_late: bool = False


@dataclass(frozen=True)
class Card:
    """One open post: who wrote last, and what was promised."""

    post: str
    title: str
    status: str
    last_word: Clock
    promise: Clock | None
    untranslated: str
    is_planned: bool
    is_open: bool
    can_be_confirmed: bool = False
    next_words: tuple[Choice, ...] = ()
    """When there could be more to say, if a promise is late and there is nothing new."""

    @property
    def needs_words(self) -> bool:
        """Whether people wait for an update of it: it is late, or nothing is promised."""
        return not self.is_planned and (self.promise is None or self.promise.is_late)


@dataclass(frozen=True)
class Waiting:
    """Something that waits for somebody, in one sentence, and what does it.

    That is `act`: a link to an address below the desk's, or a form of a `kind` about a `post`; nothing if both are "".
    The form goes on with the draft of a command if that has `begun` it.
    """

    words: str
    act: str = ""
    link: str = ""
    kind: FormKind | None = None
    post: str = ""
    begun: str = ""


@dataclass(frozen=True)
class Home:
    """All of the first screen."""

    headline: str
    cards: tuple[Card, ...]
    """Open posts, then planned work that has not begun, and posts that are drafts."""
    waiting: tuple[Waiting, ...]
    nothing: str
    """What stands there if nothing is open."""

    @property
    def open_count(self) -> int:
        """How many posts are open, and can be read by residents."""
        return sum(card.is_open for card in self.cards)


def make_home(
    now: SiteNow,
    drafts: Sequence[Draft],
    begun: Sequence[Waiting],
    suggested: int,
    outside: Outside,
    moment: datetime,
    words: DeskWords,
) -> Home:
    """Return the first screen at a moment.

    `begun` is what commands were broken off at, and `suggested` how many suggestions wait because of what others say.
    """
    maker = _Maker(now, moment, words)
    made = (maker.card(incident) for incident in unfinished_incidents(now.board))
    cards = tuple(sorted(made, key=lambda card: (not card.is_open, not (card.promise and card.promise.is_late))))
    waiting = (*maker.drafts(drafts), *begun, *maker.mistakes(), *maker.reminders(), *maker.outside(outside))
    return Home(maker.headline(cards, suggested, len(drafts) + len(begun)), cards, waiting, maker.nothing)


@dataclass(frozen=True)
class _Maker:
    now: SiteNow
    moment: datetime
    words: DeskWords

    @cached_property
    def vocabulary(self) -> Phrasing:
        return self.words.vocabulary(self.now.site)

    def headline(self, cards: Sequence[Card], suggested: int, drafts: int) -> str:
        """Return the worst that holds."""
        ngettext = self.words.ngettext
        late = [card.promise for card in cards if card.promise and card.promise.is_late]
        unread, is_open = len(self._unread_files), sum(card.is_open for card in cards)
        if late:
            return ngettext("%d promise is late.", "%d promises are late.", len(late)) % len(late)
        if unread:
            return ngettext("%d file cannot be read.", "%d files cannot be read.", unread) % unread
        if suggested:
            return count_suggestions(suggested, self.words)
        if drafts:
            return ngettext("%d draft waits for you.", "%d drafts wait for you.", drafts) % drafts
        if not is_open:
            return self.words.gettext("Nothing is open.")
        return ngettext("%d thing is open.", "%d things are open.", is_open) % is_open

    @property
    def nothing(self) -> str:
        """What can be said if there is no card: a post that cannot be read may well be open."""
        _ = self.words.gettext
        return _("No post that can be read is open.") if self._unread_files else _("Nothing is open.")

    def card(self, incident: IncidentStatus) -> Card:
        """Return the card of a post."""
        _, post = self.words.gettext, incident.incident
        is_open = incident.phase is Phase.OPEN
        missing = [code for code in self.now.site.languages[1:] if _lacks(incident, code)]
        return Card(
            post.id,
            self.vocabulary.say(post.title),
            _("A draft: it is not published.") if post.draft else self._state(incident),
            self._last_word(incident),
            self._promise(incident),
            self.vocabulary.language_names(missing) if missing else "",
            is_planned=incident in self.now.board.planned_work,
            is_open=is_open and not post.draft,
            can_be_confirmed=is_open,
            next_words=self._next_words(incident),
        )

    def _state(self, incident: IncidentStatus) -> str:
        is_said = incident.is_state_said and incident.incident.kind is not Kind.NOTICE
        return self.vocabulary.state(incident.state) if is_said else ""

    def _last_word(self, incident: IncidentStatus) -> Clock:
        last = incident.last_update.time
        if last.is_whole_day:  # nobody said how many hours ago
            return Clock(self.words.day(last.start), "")
        ago = self.words.ago((self.moment - last.start).total_seconds())
        return Clock(ago, self.words.moment(last.start, self.moment))

    def _next_words(self, incident: IncidentStatus) -> tuple[Choice, ...]:
        if not (incident.promise and incident.promise.overdue and nothing_new(self.now.site)):
            return ()
        return next_times(self.words, TimeParser(self.moment, self.now.site.zone))

    def _promise(self, incident: IncidentStatus) -> Clock | None:
        _, promise = self.words.gettext, incident.promise
        if promise is None:
            return None
        due = promise.due.end
        shown = _("By %s") % self.words.time(promise.due, self.moment)
        if promise.overdue:
            late = _("%s late.") % self.words.length((self.moment - due).total_seconds())
            said = "" if incident.incident.draft else _("The page says so as soon as it is built again.")
            return Clock(shown, f"{late} {said}".strip(), is_late=True)
        if promise.due.is_whole_day:
            return Clock(shown, "")
        return Clock(shown, _("In %s.") % self.words.length((due - self.moment).total_seconds()))

    def drafts(self, drafts: Sequence[Draft]) -> Iterator[Waiting]:
        """Yield the drafts that were begun here."""
        _ = self.words.gettext
        for draft in drafts:
            post = self.now.board.incident_by_id.get(draft.post)
            about = draft.first("title") or (
                self.vocabulary.say(post.incident.title) if post else kind_name(draft.kind, self.words)
            )
            kept = self.words.moment(draft.kept_at, self.moment)
            yield Waiting(
                _("Not published yet: %(about)s, kept %(when)s.") % {"about": self.words.quote(about), "when": kept},
                _("Continue writing"),
                f"drafts/{draft.id}",
            )

    def mistakes(self) -> Iterator[Waiting]:
        """Yield the posts that cannot be read."""
        _ = self.words.gettext
        for file in self._unread_files:
            yield Waiting(_("%s cannot be read. Nothing here counts what it says.") % self.words.quote(file))

    @property
    def _unread_files(self) -> list[str]:
        return sorted({problem.place.file for problem in self.now.workspace.problems})

    def reminders(self) -> Iterator[Waiting]:
        """Yield what open posts say that is old, or whose time has passed; the cards have the promises."""
        _ = self.words.gettext
        own = ReminderWriter(self.now.board, self.vocabulary)
        drafts = {each.id for each in self.now.site.incidents if each.draft}  # residents read nothing of them
        for reminder in (*own.estimates(), *own.stale_statements()):
            if reminder.post not in drafts:
                sentence = self.words.say(reminder.sentence)
                yield Waiting(sentence, _("Post an update"), kind=FormKind.UPDATE, post=reminder.post)

    def outside(self, outside: Outside) -> Iterator[Waiting]:
        """Yield what colleagues wrote, and the copies that are behind."""
        _, quote = self.words.gettext, self.words.quote
        for change in outside.news:
            yield Waiting(_("%(who)s wrote: %(what)s") % {"who": change.author, "what": quote(change.subject)})
        if outside.news_waits:
            yield Waiting(_("It is brought together with yours when you publish."))
        for url in outside.behind:
            yield Waiting(_("%s shows an older page than the others.") % show_address(url))
        for url in outside.silent if outside.is_reached else ():
            yield Waiting(_("%s does not answer, so residents read nothing there.") % show_address(url))


def _lacks(incident: IncidentStatus, language: str) -> bool:
    """Return whether a post, or its last update, is not in a language."""
    is_there = language in incident.incident.translation_languages
    return not is_there or language not in dict(incident.last_update.translations)


def count_suggestions(number: int, words: DeskWords) -> str:
    """Return that so many suggestions wait because of what others say."""
    return words.ngettext("%d report of others waits for you.", "%d reports of others wait for you.", number) % number


def kind_name(kind: FormKind, words: DeskWords) -> str:
    """Return what a form is called, as its button says it."""
    _ = words.gettext
    return {
        FormKind.PROBLEM: _("Report a problem"),
        FormKind.PLANNED_WORK: _("Planned work"),
        FormKind.NOTICE: _("Notice"),
        FormKind.UPDATE: _("Post an update"),
        FormKind.CORRECTION: _("Correct an update"),
        FormKind.WAIVER: _("Waive a fee or deadline"),
        FormKind.END: _("Close"),
        FormKind.TRANSLATION: _("Translate"),
        FormKind.PROMISE: _("Nothing new yet"),
        FormKind.CONFIRM: _("All of this is still true"),
    }[kind]
