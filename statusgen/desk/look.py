"""The look before publishing: what residents will see change, where it goes, and who is told; and the plan for it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from statusgen.board.board import make_board
from statusgen.board.model.estimates import Promise
from statusgen.board.model.whole_board import Board
from statusgen.cli.moments import current_time
from statusgen.cli.write_report import WriteReport, read_update_clock
from statusgen.colleagues.review import is_somebody_else
from statusgen.desk.changes import list_changes, list_unpublished_changes
from statusgen.desk.desk import Desk, Outcome, SiteNow
from statusgen.desk.drafts import Draft
from statusgen.desk.publishing.job import HOLD, Plan, Step, StepKind
from statusgen.desk.publishing.keep import to_text
from statusgen.desk.publishing.more_files import fix_files
from statusgen.desk.publishing.sharing import has_shared_copy
from statusgen.desk.publishing.signing import find_built_signatures, find_lost
from statusgen.desk.words import DeskWords, show_address
from statusgen.git import repository_top
from statusgen.model.channels import NotifyChannel, NotifyKind
from statusgen.model.whole_site import Review, Site
from statusgen.problems import TrustError
from statusgen.wording.vocabulary import Vocabulary

_PAUSES = (0, 10, 30)


@dataclass(frozen=True)
class Destination:
    """Where it goes, or who is told, and when."""

    to: str
    when: str


@dataclass(frozen=True)
class Look:
    """What is to be looked at. `also` is what else they do not see yet: others wrote it, or time made it.

    `stamp` names what was looked at: what is published must be that. With `needs_reader`, somebody else must have read
    it, too. `lacks_key` says that it cannot be published from here, for want of a key.
    """

    changes: tuple[str, ...]
    also: tuple[str, ...]
    destinations: tuple[Destination, ...]
    stamp: str
    needs_reader: bool = False
    lacks_key: bool = False


def list_pauses(desk: Desk) -> list[int]:
    """Return how many seconds a publication can wait before it leaves, and HOLD."""
    return [*sorted({*_PAUSES, desk.pause}), HOLD]


def make_look(desk: Desk, now: SiteNow, draft: Draft, outcome: Outcome, words: DeskWords) -> Look:
    """Return what is to be looked at before a draft is published that could be written."""
    report = outcome.rehearsal.report
    assert report
    site = now.workspace.site
    reading = read_update_clock(site, report.now, report.past)
    before = make_board(reading.site, reading.moment, with_next_change=False)
    changes = [*list_changes(desk.source, before, report.board, words), *_describe_promise(report, words)]
    also = _list_also(desk, before, report, changes, words)
    destinations = tuple(_list_destinations(desk, site, words))
    return Look(
        tuple(changes),
        tuple(also),
        destinations,
        make_stamp(draft, outcome),
        needs_reader=site.review is Review.TWO,
        lacks_key=lacks_key(desk, site),
    )


def lacks_key(desk: Desk, site: Site) -> bool:
    """Return whether the page is signed, as far as is known, with a key that this desk does not have."""
    if not site.targets and has_shared_copy(desk.source):
        return False  # the host makes the page, and signs it
    known = desk.watcher.outside.signatures | find_built_signatures(desk.source)
    try:
        return bool(find_lost(known, desk.keys))
    except TrustError:
        return True


def explain_lacking_key(words: DeskWords) -> str:
    """Return what it means that the desk lacks the key."""
    _ = words.gettext
    return _("The page is signed, and this desk has no key for that. You can write; to publish, someone needs the key.")


def refuse_reader(desk: Desk, site: Site, reader: str, words: DeskWords) -> str:
    """Return why nothing can be published that `reader` has read, "" for nobody; "" if it can."""
    _ = words.gettext
    if site.review is not Review.TWO or is_somebody_else(desk.source, reader):
        return ""
    if reader:
        return _("%s is you. Someone else has to read it.") % reader
    return _("Someone else has to read it first. Check the box that they have, and say who.")


def make_stamp(draft: Draft, outcome: Outcome) -> str:
    """Return the name of what a draft would come to, but for the minute."""
    file = outcome.rehearsal.file
    old = file.old if file and file.old else b""
    path = file.path if file else ""
    parts = [draft.id, path, draft.version, sha256(old).hexdigest()]
    return sha256("\n".join(parts).encode()).hexdigest()[:24]


def _list_also(desk: Desk, before: Board, report: WriteReport, changes: list[str], words: DeskWords) -> list[str]:
    """Return what else is new since the page was made last, and still holds once this is published."""
    also = [each for each in list_unpublished_changes(desk.source, before, words) if each not in changes]
    then = list_unpublished_changes(desk.source, report.board, words) if also else []
    return [each for each in also if each in then]


def _describe_promise(report: WriteReport, words: DeskWords) -> Iterator[str]:
    """Yield the promise that the newest update makes."""
    due = report.post.updates[-1].next_update if report.post else None
    if due:
        yield words.gettext("You promise the next update by %s.") % words.time(due, report.now)


def _list_destinations(desk: Desk, site: Site, words: DeskWords) -> Iterator[Destination]:
    _ = words.gettext
    is_shared = has_shared_copy(desk.source)
    if is_shared:
        yield Destination(_("The shared copy, where colleagues have it"), _("At once"))
    for number, target in enumerate(site.targets):
        shown = show_address(target.url or site.url)
        if number == 0:
            yield Destination(shown, _("At once. It is read back, to be sure."))
        else:
            yield Destination(
                _("%s, another copy") % shown,
                _("After the first, or if that one does not answer. It is read back, too."),
            )
    if not site.targets and is_shared:
        when = _("The host makes the page from the shared copy, in a few minutes. The desk looks until it is there.")
        yield Destination(show_address(site.url), when)
    elif not site.targets:
        yield Destination(_("Only this computer"), _("No place is set up where residents could read it."))
    for channel in list_channels(site):
        yield Destination(name_channel(channel, words.vocabulary(site), words), _("After residents can see it"))
    if site.targets or is_shared:
        yield Destination(_("Feeds and calendars"), _("Automatically"))


def list_channels(site: Site) -> list[NotifyChannel]:
    """Return by which channels residents are told."""
    return [channel for channel in site.notify.channels if not channel.staff]


def name_channel(channel: NotifyChannel, vocabulary: Vocabulary, words: DeskWords) -> str:
    """Return what a channel is called: "the water-bill list, by mail"."""
    _ = words.gettext
    kind = {
        NotifyKind.MAIL: _("by mail"),
        NotifyKind.WEBHOOK: _("another program"),
        NotifyKind.CHAT: _("in a chat"),
        NotifyKind.MASTODON: _("on Mastodon"),
        NotifyKind.CAP: _("warning systems"),
    }[channel.kind]
    return f"{vocabulary.say(channel.name) if channel.name else channel.id}, {kind}"


def make_plan(desk: Desk, now: SiteNow, draft: Draft, outcome: Outcome, reader: str, pause: int) -> Plan:
    """Fix what is published: the post's text and what it replaces, byte for byte."""
    report, file = outcome.rehearsal.report, outcome.rehearsal.file
    assert report
    assert file
    site = now.workspace.site
    steps, places = plan_steps(desk, site)
    incident = report.board.incident_by_id.get(report.id)
    promise = incident.promise if incident else None
    post = report.post
    return Plan(
        draft=draft.id,
        kind=draft.kind.value,
        post=report.id,
        title=post.title.texts[0][1] if post else report.id,
        file=file.path,
        old=to_text(file.old),
        new=to_text(file.new) or "",
        at=report.now,
        leaves=None if pause == HOLD else time.time() + pause,
        pause=pause,
        reader=reader,
        steps=steps,
        places=places,
        promised=_due(promise) if promise else None,
        more=fix_files(desk.folder, outcome.rehearsal.files[1:]),
        drafted=draft.version,
    )


def _due(promise: Promise) -> datetime | None:
    """Return when a promise is due; None if it is broken already, which the page says."""
    return promise.due.end if promise.due.end > current_time() else None


def plan_steps(desk: Desk, site: Site) -> tuple[tuple[Step, ...], dict[str, str]]:
    """Return what has to be done so that residents see a post, and the addresses where they do."""
    is_shared, is_in_git = has_shared_copy(desk.source), repository_top(desk.source) is not None
    steps = [Step(StepKind.CHECK), Step(StepKind.WAIT)]
    steps += [Step(StepKind.JOIN)] if is_shared else []
    steps += [Step(StepKind.KEEP)]
    steps += [Step(StepKind.SHARE)] if is_in_git else []
    steps += [Step(StepKind.BUILD)] if site.targets or not is_shared else []
    for target in site.targets:
        steps += [Step(StepKind.SEND, target.id), Step(StepKind.READ, target.id)]
    steps += [Step(StepKind.READ)] if not site.targets else []
    steps += [Step(StepKind.TELL)] if list_channels(site) or site.hub else []
    return tuple(steps), {target.id: target.url or site.url for target in site.targets} or {"": site.url}
