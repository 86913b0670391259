"""What others say of their own services, as cards of the first screen: a person decides what our page says of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

from statusgen.board.board import make_board
from statusgen.board.clock import read_clock
from statusgen.cli.moments import current_time
from statusgen.desk.begun import fill_form
from statusgen.desk.desk import Desk, SiteNow
from statusgen.desk.drafts import Answers, Draft
from statusgen.desk.forms.form import DO, STATUS, in_language
from statusgen.desk.home import Waiting
from statusgen.desk.kinds import FormKind
from statusgen.desk.words import DeskWords
from statusgen.editor.times import format_time
from statusgen.follow.draft import Draft as PostDraft
from statusgen.follow.following import recall_suggestions
from statusgen.follow.suggest import Suggestion, SuggestionKind
from statusgen.model.whole_site import Site


@dataclass(frozen=True)
class SuggestionCard:
    """One suggestion: what is the matter, since when by their account, what to decide, and what does it.

    `language` is that of the headline. `act` is what its button says: it opens a form of a `kind` about a `post`, or a
    new one that says what others report if there is no kind; it is a `link` below the desk's address if that form is
    there already. With `act` "", it has no button.
    """

    id: str
    title: str
    language: str
    said: str
    decide: tuple[str, ...]
    source: str
    source_name: str
    act: str = ""
    link: str = ""
    kind: FormKind | None = None
    post: str = ""
    is_aside: bool = False
    is_worse: bool = False
    """Whether it is worse than our page says."""


def list_suggestions(desk: Desk, now: SiteNow) -> list[Suggestion]:
    """Return what a person may want to do because of what others say, by what was seen last; nobody is asked."""
    if not now.site.follow:
        return []
    clock = current_time()
    reading = read_clock(now.workspace.site, clock)
    board = make_board(reading.site, reading.moment, with_next_change=False)
    return recall_suggestions(desk.source, reading.site, board, clock)


def find_suggestion(suggestions: Sequence[Suggestion], id: str) -> Suggestion | None:
    """Return the suggestion with an id; None if it is not there anymore."""
    return next((each for each in suggestions if suggestion_id(each) == id and is_card(each)), None)


def suggestion_id(suggestion: Suggestion) -> str:
    """Return what a card is called in a form: a key can have what a browser would send otherwise."""
    return sha256(suggestion.key.encode()).hexdigest()[:16]


def is_card(suggestion: Suggestion) -> bool:
    """Return whether there is something to decide; of what cannot be read there is not."""
    return suggestion.kind is not SuggestionKind.CANNOT_READ


def is_new_post(suggestion: Suggestion) -> bool:
    """Return whether it takes a post of ours that is not there yet, drafts included."""
    return suggestion.kind is SuggestionKind.REPORT and not suggestion.posts


def count_waiting(suggestions: Sequence[Suggestion]) -> int:
    """Return how many suggestions wait for somebody."""
    return sum(is_card(each) and not each.is_aside for each in suggestions)


def list_unreadable(suggestions: Sequence[Suggestion], words: DeskWords) -> Iterator[Waiting]:
    """Yield what cannot be read, in one sentence each."""
    for each in suggestions:
        if not is_card(each):
            yield Waiting(words.say(each.headline))


def list_cards(
    suggestions: Sequence[Suggestion], drafts: Sequence[Draft], site: Site, moment: datetime, words: DeskWords
) -> list[SuggestionCard]:
    """Return the cards, those that were put aside included; `drafts` are the forms that are being filled in."""
    return [_make_card(each, drafts, site, moment, words) for each in suggestions if is_card(each)]


def write_about(desk: Desk, now: SiteNow, suggestion: Suggestion, more: Answers) -> Draft:
    """Open the form of a new problem that says what is reported, and `more`; or the one that was opened before."""
    assert suggestion.draft
    drafts = desk.drafts.list_all()
    if begun := _find_begun(drafts, suggestion.draft, now.site):
        return begun
    begun = desk.open_draft(FormKind.PROBLEM, "")
    return desk.drafts.change(begun, {**more, **_fill(desk, now, suggestion.draft)}, begun.opened)


def _fill(desk: Desk, now: SiteNow, draft: PostDraft) -> Answers:
    """Return what the fields of a new problem say, and what to do in each language that services.yaml has it in."""
    first, *others = now.site.languages
    instructions = [(each.key, each.do) for each in draft.affected if each.do]
    filled = fill_form(
        desk,
        now,
        "new",
        {
            "title": draft.title,
            "since": (_say_since(draft, now.site),),
            "service": tuple(f"{each.key}={each.status.value}" for each in draft.affected),
            "do": tuple(f"{key}={do.in_language(first).text}" for key, do in instructions),
            "text": draft.text,
        },
    )
    assert filled.kind is FormKind.PROBLEM, "each of these flags has a field there"
    translated = {
        in_language(code, DO + key): (words,) for key, do in instructions for code, words in do.texts if code in others
    }
    return {**filled.answers, **translated}


def _say_since(draft: PostDraft, site: Site) -> str:
    """Return since when it is so, as --since has it."""
    return f"{'before ' if draft.is_before else ''}{format_time(draft.started, site.zone)}"


def _find_begun(drafts: Sequence[Draft], report: PostDraft, site: Site) -> Draft | None:
    """Return the form that was filled with a report before, even if it was changed since."""
    statuses, since = {STATUS + each.key for each in report.affected}, (_say_since(report, site),)
    for draft in drafts:
        first = {change.field: change.new for change in reversed(draft.changes)}
        is_since = since in (first.get("since"), first.get("since-own"))
        if draft.kind is FormKind.PROBLEM and is_since and statuses <= first.keys():
            return draft
    return None


def _make_card(
    suggestion: Suggestion, drafts: Sequence[Draft], site: Site, moment: datetime, words: DeskWords
) -> SuggestionCard:
    _, is_report = words.gettext, suggestion.kind is SuggestionKind.REPORT
    decide = [words.say(each) for each in suggestion.decide]
    act, link, post = _("Post an update"), "", next(iter(suggestion.posts), "")
    file = f"incidents/{post}.md"
    if is_new_post(suggestion):
        assert suggestion.draft
        begun = _find_begun(drafts, suggestion.draft, site)
        act = _("Continue writing") if begun else _("Write about it")
        link = f"drafts/{begun.id}" if begun else ""
    elif not post:
        act = ""
    elif any(each.id == post and each.draft for each in site.incidents):
        act = ""
        decide.append(_("A draft of it is there: %s. It is published without its line draft: true.") % file)
    return SuggestionCard(
        suggestion_id(suggestion),
        # The headline of a report is what a post of ours would say, in the language of posts.
        suggestion.headline if is_report else words.say(suggestion.headline),
        site.languages[0] if is_report else words.language,
        " ".join(_describe(suggestion, moment, words)),
        tuple(decide),
        suggestion.link or "",
        urlsplit(suggestion.link or "").hostname or "",
        act,
        link,
        FormKind.UPDATE if post else None,
        post,
        is_aside=suggestion.is_aside,
        is_worse=is_report or suggestion.kind is SuggestionKind.WORSE,
    )


def _describe(suggestion: Suggestion, moment: datetime, words: DeskWords) -> Iterator[str]:
    """Yield since when it is so by their account, when that was looked at, and what they call it."""
    _ = words.gettext
    if suggestion.since:
        yield _("According to them, since %s.") % words.moment(suggestion.since, moment)
    if suggestion.seen:
        yield _("Last checked: %s.") % words.moment(suggestion.seen, moment)
    if suggestion.report and suggestion.report.title:
        yield _("Their name for it: %s.") % words.quote(suggestion.report.title)
