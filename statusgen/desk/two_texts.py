"""What somebody else wrote about a post while a draft about it was open, beside the draft."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from statusgen.board.board import make_board
from statusgen.board.model.whole_board import Board
from statusgen.cli.write_report import read_update_clock
from statusgen.content.reader import read_content
from statusgen.desk.changes import list_changes
from statusgen.desk.desk import Desk, Outcome, SiteNow
from statusgen.desk.drafts import Draft
from statusgen.desk.forms.form import STATUS
from statusgen.desk.words import DeskWords
from statusgen.git import run_git
from statusgen.model.posts import Incident, Update
from statusgen.model.states import State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.whole_site import Site
from statusgen.model.words import Words
from statusgen.speed.cache import Cache
from statusgen.text import printable
from statusgen.wording.interface import available_languages
from statusgen.wording.vocabulary import Vocabulary

_MAX_NAME = 60
_STAGES = (
    State.IDENTIFIED,
    State.MONITORING,
    State.IN_PROGRESS,
    State.VERIFYING,
    State.RESOLVED,
    State.COMPLETED,
    State.CANCELLED,
)


@dataclass(frozen=True)
class Author:
    """Who changed a post last, and when; the name is empty if it is not known."""

    name: str
    at: datetime | None


@dataclass(frozen=True)
class Dispute:
    """A fact of which the two say different things, each in words; `field` is the form's name of it."""

    field: str
    label: str
    mine: str
    theirs: str


@dataclass(frozen=True)
class TwoTexts:
    """Both sides: the words of the new updates, and what changes for residents by each, in sentences."""

    author: Author
    their_words: tuple[str, ...]
    my_words: tuple[str, ...]
    their_changes: tuple[str, ...]
    my_changes: tuple[str, ...]
    disputes: tuple[Dispute, ...]


def find_author(desk: Desk, now: SiteNow, draft: Draft) -> Author:
    """Return who changed last what a draft is about, as git has it."""
    post = now.board.incident_by_id.get(draft.post)
    file = post.incident.place.file if post else f"incidents/{draft.post}.md"
    is_kept = run_git(desk.source, "status", "--porcelain", "--", file) == b""
    answer = run_git(desk.source, "log", "-1", "--format=%an%x00%aI", "--", file)
    if not (is_kept and answer):
        return Author("", None)
    name, _, at = answer.decode(errors="replace").strip().partition("\0")
    return Author(printable(name)[:_MAX_NAME], _read_time(at, now.site.zone))


def _read_time(words: str, zone: ZoneInfo) -> datetime | None:
    """Return when a commit was made, as it says itself; None if that is no time of a calendar."""
    try:
        return datetime.fromisoformat(words).astimezone(zone)
    except (ValueError, OverflowError):
        return None


def compare(desk: Desk, now: SiteNow, draft: Draft, outcome: Outcome, words: DeskWords) -> TwoTexts:
    """Return what was written meanwhile beside what the draft says."""
    post = now.board.incident_by_id[draft.post].incident
    before = _read_before(desk, post, desk.contents.find(draft.base))
    report = outcome.rehearsal.report
    theirs = _find_new(before, post)
    mine = _find_new(post, report.post) if report and report.post else []
    here, moment = now.workspace.site, desk.now(now.site)

    def describe(one: Site, other: Site) -> tuple[str, ...]:
        return tuple(list_changes(desk.source, _make_board(one, moment), _make_board(other, moment), words))

    return TwoTexts(
        find_author(desk, now, draft),
        tuple(map(_text, theirs)),
        tuple(map(_text, mine)),
        describe(_replace(here, before), here) if before else (),
        describe(here, report.dry_run.site) if report else (),
        tuple(_find_disputes(now, theirs, mine, words)),
    )


def _read_before(desk: Desk, post: Incident, text: bytes | None) -> Incident | None:
    """Return the post as it was when the form was opened; None if that is not known."""
    if text is None:
        return None
    content = read_content(desk.source, available_languages(), {post.place.file: text}, Cache(desk.source))
    found = content.site.incidents if content.site else ()
    return next((each for each in found if each.id == post.id), None)


def _replace(site: Site, post: Incident) -> Site:
    return replace(site, incidents=tuple(post if each.id == post.id else each for each in site.incidents))


def _make_board(site: Site, moment: datetime) -> Board:
    reading = read_update_clock(site, moment, None)
    return make_board(reading.site, reading.moment, with_next_change=False)


def _find_new(before: Incident | None, after: Incident) -> list[Update]:
    """Return the updates that are new, or say something else than before."""
    known = {update.id: (update.texts, _facts([update])) for update in before.updates} if before else {}
    return [update for update in after.updates if known.get(update.id) != (update.texts, _facts([update]))]


def _text(update: Update) -> str:
    return update.texts[0].text if update.texts else ""


def _facts(updates: Sequence[Update]) -> Mapping[str, object]:
    """Return what updates say that only one of two can be right about, by the form's name of it."""
    found: dict[str, object] = {}
    for update in updates:
        for report in update.reports:
            if report.status:
                found[STATUS + "/".join(filter(None, (report.service, report.channel)))] = report.status
        if update.next_update:
            found["next"] = update.next_update
        if update.state in _STAGES:
            found["state"] = update.state
        if update.do:
            found["do"] = update.do
    return found


def _find_disputes(
    now: SiteNow, theirs: Sequence[Update], mine: Sequence[Update], words: DeskWords
) -> Iterator[Dispute]:
    site = now.site
    vocabulary = words.vocabulary(site)
    one, other = _facts(mine), _facts(theirs)
    for field in one.keys() & other.keys():
        if one[field] != other[field]:
            said = [_say(each[field], vocabulary, words, now.board.moment) for each in (one, other)]
            yield Dispute(field, _label(field, site, vocabulary, words), *said)


def _say(value: object, vocabulary: Vocabulary, words: DeskWords, now: datetime) -> str:
    if isinstance(value, When):
        return words.moment(value.start, now)
    if isinstance(value, Status):
        return vocabulary.status(value)
    if isinstance(value, State):
        return vocabulary.state(value)
    return vocabulary.say(value) if isinstance(value, Words) else str(value)


def _label(field: str, site: Site, vocabulary: Vocabulary, words: DeskWords) -> str:
    _ = words.gettext
    if field.startswith(STATUS):
        key, _slash, way = field.removeprefix(STATUS).partition("/")
        service = next(each for each in site.services if each.id == key)
        ways = [vocabulary.channel(each) for each in service.channels if each.id == way]
        return ": ".join([vocabulary.say(service.name), *ways])
    return {
        "next": _("When you will say more"),
        "state": _("The stage"),
        "do": _("What people can do meanwhile"),
    }[field]
