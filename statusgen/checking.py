"""Rules between files, and advice to the writer: every problem at once."""

import re
from collections.abc import Iterator
from datetime import datetime

from statusgen.errors import Problem
from statusgen.model import Image, Incident, Site, Status
from statusgen.status.board import board
from statusgen.status.standing import Board, Phase

# A link to a post, as it stands in a text's HTML.
_LINKED = re.compile(r'href="site:incidents/([^/"]+)/')


def mistakes(site: Site) -> Iterator[Problem]:
    """What is wrong between files, each of which may read well by itself."""
    yield from _drafts(site)
    yield from _too_early(site)
    yield from _pictures(site)


def _too_early(site: Site) -> Iterator[Problem]:
    """Links to posts that are published later than the link, which would lead nowhere until then."""
    published = {incident.id: incident.updates[0].time.start for incident in site.incidents}
    for incident in site.incidents:
        for update in incident.updates:
            for id in sorted({id for text in update.texts for id in _LINKED.findall(text.html)}):
                if id in published and published[id] > update.time.start:
                    what = f'This update leads to "{id}", which is published later.'
                    yield Problem(update.place, what, "Put the link into a later update.")


def _drafts(site: Site) -> Iterator[Problem]:
    """Published posts that lead to a draft, whose page nobody would find."""
    drafts = {incident.id for incident in site.incidents if incident.draft}
    for incident in site.incidents if drafts else ():
        for update in incident.updates if not incident.draft else ():
            linked = {id for text in update.texts for id in _LINKED.findall(text.html)}
            for id in sorted(drafts & (linked | set(update.unrelated_to))):
                what = f'This update leads to "{id}", which is a draft and has no page yet.'
                yield Problem(update.place, what, "Publish that post too, or take the link out.")


def _pictures(site: Site) -> Iterator[Problem]:
    """Pictures whose names are one and the same to many a disk and web host."""
    first: dict[str, Image] = {}
    for image in site.images:
        folded = image.path.casefold()
        other = first.setdefault(folded, image)
        if other is not image:
            what = f'The names "{image.path}" and "{other.path}" differ only in small and capital letters.'
            yield Problem(image.place, what, "Give one of the two pictures another name.")


def advice(site: Site, moment: datetime) -> Iterator[Problem]:
    """What could serve readers better, at `moment`."""
    now = board(site, moment)
    for incident in site.incidents:
        yield from _untranslated(incident, site)
    yield from _not_yet(site, moment)
    yield from _overdue(now)
    yield from _endless_waivers(now)
    yield from _nothing_to_do(now)


def _untranslated(incident: Incident, site: Site) -> Iterator[Problem]:
    for language in site.languages[1:]:
        if language not in incident.translated:
            hint = f"Write {incident.place.file.removesuffix('.md')}.{language}.md."
            yield Problem(incident.place, f'This post is not translated to "{language}".', hint, advice=True)
            continue
        for update in incident.updates:
            if update.texts and language not in {text.language for text in update.texts}:
                what = f'This update is not translated to "{language}".'
                yield Problem(update.place, what, "Readers see the original, marked as such.", advice=True)


def _not_yet(site: Site, moment: datetime) -> Iterator[Problem]:
    """Updates dated ahead, which may be meant so, or may be a slip that hides an outage."""
    for incident in site.incidents:
        for update in incident.updates:
            if update.time.start > moment:
                local = update.time.start.astimezone(site.zone)
                what = f"This is dated {local:%Y-%m-%d %H:%M} and is not shown before."
                yield Problem(update.place, what, "If it should be shown now, mend the date.", advice=True)
                break


def _overdue(now: Board) -> Iterator[Problem]:
    for standing in now.incidents:
        if standing.promise and standing.promise.overdue:
            promised = [update for update in standing.updates if update.next_update]
            what = "The next update was promised for before now, and has not come."
            yield Problem(promised[-1].place, what, "Write one, if only to say when the next will come.", advice=True)


def _endless_waivers(now: Board) -> Iterator[Problem]:
    for standing in now.past:
        for waiver in standing.waivers:
            if waiver.phase is Phase.OPEN and waiver.waiver.until is None:
                what = f'The waiver "{waiver.waiver.id}" has no last day, though the incident is over.'
                yield Problem(waiver.waiver.place, what, "Give it one with until:.", advice=True)


def _nothing_to_do(now: Board) -> Iterator[Problem]:
    for service in now.services:
        silent = not service.open_channels and not service.advice
        if service.problem and silent and service.status is not Status.UNKNOWN:
            for incident in service.incidents:
                what = f'"{service.id}" does not work, and nothing says what to do instead.'
                place = now.incident[incident].incident.place
                yield Problem(place, what, "Write do:, or a channel that is open.", advice=True)
