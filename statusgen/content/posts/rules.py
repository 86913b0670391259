"""Checks the rules within one post: the order of its updates, and which keys go with its kind and its states."""

import unicodedata
from collections.abc import Iterator
from datetime import datetime
from difflib import get_close_matches
from itertools import pairwise
from typing import Protocol
from zoneinfo import ZoneInfo

from statusgen.content.format.fields import Names
from statusgen.content.format.recurrence import check_first_day, check_no_overlap, check_recurrence, check_skipped_day
from statusgen.content.posts.update_ids import heading_time
from statusgen.content.services import find_same_ids
from statusgen.english import English
from statusgen.keys import declared_keys
from statusgen.model.posts import Incident, Topic, Update
from statusgen.model.states import Kind, State
from statusgen.model.statuses import WRITTEN_STATUSES
from statusgen.model.times import When
from statusgen.model.words import Markup
from statusgen.problems import InvalidValue, Place, Problem


class FactPlaces(Protocol):
    """Knows where the facts of an update are written."""

    def place(self, update: Update, *keys: str) -> Place:
        """Return the line of the first of these keys that is there, or of the update if all are missing."""

    def has_key(self, update: Update, key: str) -> bool:
        """Return whether the update has the key."""


def check_post(incident: Incident, names: Names, facts: FactPlaces, is_complete: bool) -> Iterator[Problem]:
    """Yield the mistakes in a post whose parts are sound one by one.

    If parts of it could not be read, `is_complete` is false: the rules that a missing part would break are skipped.
    """
    yield from _check_order(incident, facts)
    yield from _check_kind(incident, facts, names.zone)
    for update in incident.updates:
        yield from _check_times(update, facts)
        yield from _check_duplicates(update)
        yield from _check_channels(update, names)
    if is_complete:
        yield from _check_silent_updates(incident)
        yield from _check_corrections(incident, facts)
        yield from _check_first_mentions(incident)
        yield from _check_statuses(incident)


def _check_silent_updates(incident: Incident) -> Iterator[Problem]:
    """Yield later updates that say nothing: each would seem to keep the promise of one."""
    for update in incident.updates[1:]:
        if not (update.state is not State.UPDATE or _has_facts(update) or any(map(says_something, update.texts))):
            what = English("This update says nothing: it has no state, no facts, and no text.")
            yield Problem(update.place, what, English("Write below it what is new, or delete the heading."))


def _has_facts(update: Update) -> bool:
    """Return whether an update has a fact besides who says it."""
    said = (update.correction, update.others, update.scope, update.unchanged)
    return any(said) or any(getattr(update, key) for key in declared_keys(Update) if key != "by")


def says_something(text: Markup) -> bool:
    """Return whether a text has more than lines, dots and spaces: a word, a sign or a picture."""
    return "<img" in text.html or any(unicodedata.category(char)[0] in "LNS" for char in text.text)


def _check_order(incident: Incident, facts: FactPlaces) -> Iterator[Problem]:
    """Yield updates that are out of order, or that have the same time and so the same address."""
    first = incident.updates[0]
    if incident.kind is Kind.INCIDENT and first.time.end < incident.started.start:
        yield Problem(
            facts.place(first, "posted"),
            English("This was posted before it started."),
            English("Check started: and posted: again."),
        )
    for before, after in pairwise(incident.updates):
        if before.id == after.id:
            hint = English("Make the second one a minute later.")
            if after.time.is_whole_day:
                hint = English("Add a time of day to one of them.")
            yield Problem(after.place, English("Two updates have the same time."), hint)
        elif after.time.start < before.time.start:
            hint = English("Updates go oldest first: move this one up, or correct its time.")
            yield Problem(after.place, English("This update is earlier than the one above it."), hint)


def _check_kind(incident: Incident, facts: FactPlaces, zone: ZoneInfo) -> Iterator[Problem]:
    """Yield keys that do not go with the kind of the post, or that it lacks."""
    first = incident.updates[0]
    if incident.kind is Kind.MAINTENANCE:
        yield from _check_window(incident, facts, zone)
    else:
        yield from _check_unplanned(incident, facts)
    if incident.kind is Kind.NOTICE and incident.topic is None and not facts.has_key(first, "topic"):
        place = facts.place(first, "kind")
        yield Problem(place, 'A notice needs a "topic".', "Add topic: fraud (or data, health, closure, rumor, other).")
    yield from _check_rumor(incident, facts)
    yield from _check_scope(incident, facts)
    if incident.kind is not Kind.NOTICE and incident.topic is not None:
        what = 'Only a notice can have a "topic".'
        yield Problem(facts.place(first, "topic"), what, "Delete it, or make this kind: notice.")


def _check_scope(incident: Incident, facts: FactPlaces) -> Iterator[Problem]:
    """Yield how far something may reach in a post that is about no incident: nothing would come of it."""
    for update in incident.updates if incident.kind is not Kind.INCIDENT else ():
        if update.scope:
            what = 'Only an incident can have "scope".'
            yield Problem(facts.place(update, "scope"), what, "Delete it, or leave out kind:.")


def _check_rumor(incident: Incident, facts: FactPlaces) -> Iterator[Problem]:
    """Yield what a notice about a rumor lacks, and what only such a notice can say."""
    first = incident.updates[0]
    if incident.topic is Topic.RUMOR:
        for key, example in (("claim", "The water is poisoned."), ("fact", "The water is safe to drink.")):
            if not facts.has_key(first, key):
                place = facts.place(first, "claim", "fact", "topic")
                yield Problem(
                    place,
                    English('A notice about a rumor needs "%(key)s".', key=key),
                    English("Write it like %(key)s: %(example)s", key=key, example=example),
                )
        return
    for update in incident.updates:
        for key in ("claim", "fact"):
            if facts.has_key(update, key):
                what = English('Only a notice about a rumor can have "%(key)s".', key=key)
                yield Problem(facts.place(update, key), what, English("Delete it, or write topic: rumor."))


def _check_unplanned(incident: Incident, facts: FactPlaces) -> Iterator[Problem]:
    first = incident.updates[0]
    for update in incident.updates:
        if update.starts:
            place = facts.place(update, "starts")
            yield Problem(
                place,
                English('Only planned work can have "starts".'),
                English("Delete it, or make this kind: maintenance."),
            )
        if update.ends and incident.kind is Kind.INCIDENT:
            what = English('Only planned work and notices can have "ends".')
            hint = English("End an incident with a heading: ## 2024-06-28 09:00 Resolved")
            yield Problem(facts.place(update, "ends"), what, hint)
        elif update.ends and update.ends.end <= incident.started.start:
            what = English("This notice would end before it begins.")
            yield Problem(facts.place(update, "ends"), what, English("Check started: and ends: again."))
    if incident.repeats:
        place = facts.place(first, "repeats")
        yield Problem(
            place,
            English('Only planned work can have "repeats".'),
            English("Delete it, or make this kind: maintenance."),
        )


def _check_window(incident: Incident, facts: FactPlaces, zone: ZoneInfo) -> Iterator[Problem]:
    """Yield what is wrong with the times of planned work, which each update may move."""
    starts = ends = None
    first = incident.updates[0]
    repeats, repeat_mistakes = _check_repeats(incident, facts, zone)
    for update in incident.updates:
        moved = update.starts or update.ends
        starts, ends = update.starts or starts, update.ends or ends
        if moved and starts and ends and ends.end <= starts.start:
            what = English("This work would end before it starts.")
            yield Problem(facts.place(update, "ends"), what, English("Check starts: and ends: again."))
        elif moved and starts and ends and repeats:
            try:
                check_no_overlap(repeats, _local_time(starts.start, zone), _local_time(ends.end, zone), zone)
            except InvalidValue as error:
                yield Problem(facts.place(update, "ends"), error.what, error.hint)
        if update.starts and repeats:
            try:
                check_first_day(repeats, _local_time(update.starts.start, zone), zone)
            except InvalidValue as error:
                yield Problem(facts.place(update, "starts"), error.what, error.hint)
    for key, example in (("starts", "2024-05-05 08:00"), ("ends", "2024-05-05 12:00")):
        if not facts.has_key(first, key):
            place = facts.place(first, "starts", "ends", "kind")
            yield Problem(
                place,
                English('Planned work needs "%(key)s".', key=key),
                English("Write it like %(key)s: %(example)s", key=key, example=example),
            )
    yield from repeat_mistakes
    yield from _check_skipped_days(incident, facts, repeats, zone)


def _check_skipped_days(
    incident: Incident, facts: FactPlaces, repeats: str | None, zone: ZoneInfo
) -> Iterator[Problem]:
    """Yield days that are left out though no work that is planned would begin on them."""
    place = facts.place(incident.updates[0], "except")
    if incident.skipped_days and not incident.repeats:
        yield Problem(place, 'Only work that repeats can have "except".', "Delete it, or add repeats:.")
    starts = [_local_time(update.starts.start, zone) for update in incident.updates if update.starts]
    if not repeats or not starts:
        return
    for day in incident.skipped_days:
        mistakes = []
        for start in starts:
            try:
                check_skipped_day(repeats, start, day, zone)
            except InvalidValue as error:
                mistakes.append(Problem(place, error.what, error.hint))
        if len(mistakes) == len(starts):
            yield mistakes[-1]


def _check_repeats(incident: Incident, facts: FactPlaces, zone: ZoneInfo) -> tuple[str | None, list[Problem]]:
    """Return the rule by which the work repeats, if it is valid, and what is wrong with it."""
    first = incident.updates[0]
    try:
        if incident.repeats:
            check_recurrence(incident.repeats, _local_time((first.starts or first.time).start, zone), zone)
    except InvalidValue as error:
        return None, [Problem(facts.place(first, "repeats"), error.what, error.hint)]
    return incident.repeats, []


def _local_time(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _check_times(update: Update, facts: FactPlaces) -> Iterator[Problem]:
    """Yield pairs of times that cannot both be right."""
    if update.next_update and update.next_update.end <= update.time.start:
        what = English("This promises the next update for a time before this update.")
        yield Problem(facts.place(update, "next_update"), what, English("Check next_update: again."))
    if update.expected:
        yield from _check_time_order(
            update.expected.not_before, update.expected.by, facts.place(update, "expected"), "not_before", "by"
        )
    for report in update.reports:
        if report.expected:
            yield from _check_time_order(
                report.expected.not_before, report.expected.by, report.place, "not_before", "by"
            )
        for channel in filter(None, (*report.channels, report.for_now)):
            yield from _check_time_order(channel.opens, channel.closes, channel.place, "from", "until")
    for waiver in update.waivers:
        yield from _check_time_order(waiver.begins, waiver.until, waiver.place, "from", "until")


def _check_time_order(
    first: When | None, last: When | None, place: Place, first_key: str, last_key: str
) -> Iterator[Problem]:
    if first and last and (last.end < first.start or last.start < first.start):
        yield Problem(
            place,
            English('"%(last_key)s" is before "%(first_key)s" here.', last_key=last_key, first_key=first_key),
            English("Check the two times again."),
        )


def _check_duplicates(update: Update) -> Iterator[Problem]:
    """Yield entries of one list that share an id, so that one of them would be lost."""
    for noun, entries in (("waivers", update.waivers), ("deadlines", update.deadlines)):
        yield from find_same_ids(((entry.id, entry.place) for entry in entries), f"{noun} in this update")
    for report in update.reports:
        channels = ((channel.id, channel.place) for channel in report.channels)
        yield from find_same_ids(channels, f'channels of "{report.service}"')


def _check_corrections(incident: Incident, facts: FactPlaces) -> Iterator[Problem]:
    """Yield corrections that lack something, and keys of corrections in other updates."""
    earlier: dict[str, Update] = {}
    for update in incident.updates:
        is_correction = update.state is State.CORRECTION
        if is_correction and update.correction is None:
            hint = "Write corrects: with the time of the update it corrects, and right: with what is true."
            place = facts.place(update, "corrects", "wrong", "right")
            yield Problem(place, "This correction does not say what it corrects.", hint)
        if update.correction and not is_correction:
            what = 'Only a correction can have "corrects".'
            hint = "Write Correction after the time in the heading."
            yield Problem(facts.place(update, "corrects"), what, hint)
        if update.correction and update.correction.corrects not in earlier:
            what = f"No update before this one has the time {heading_time(update.correction.corrects)}."
            hint = f"Choose from: {', '.join(heading_time(id) for id in sorted(earlier))}."
            yield Problem(facts.place(update, "corrects"), what, hint)
        if update.correction and update.correction.right is None:
            place = facts.place(update, "right", "wrong", "corrects")
            yield Problem(place, "This correction lacks the correct information.", "Write it after right:")
        if (
            not update.correction
            and not is_correction
            and (facts.has_key(update, "wrong") or facts.has_key(update, "right"))
        ):
            what = 'Only a correction can have "wrong" and "right".'
            hint = "Write corrects: with the time of the update it corrects."
            yield Problem(facts.place(update, "wrong", "right"), what, hint)
        earlier[update.id] = update


def _check_first_mentions(incident: Incident) -> Iterator[Problem]:
    """Yield waivers and deadlines that do not say what they are when they first appear; later they need not."""
    waivers: set[str] = set()
    deadlines: set[str] = set()
    for update in incident.updates:
        for waiver in update.waivers:
            if waiver.id not in waivers and waiver.what is None:
                what = f'The waiver "{waiver.id}" does not say what is waived.'
                near = get_close_matches(waiver.id, waivers, n=1)
                hint = f'Did you mean "{near[0]}"?' if near else "Write it like what: No late fees"
                yield Problem(waiver.place, what, hint)
            waivers.add(waiver.id)
        for deadline in update.deadlines:
            if deadline.id not in deadlines and (deadline.what is None or deadline.on is None):
                missing = " and ".join(f'"{key}"' for key in ("on", "what") if getattr(deadline, key) is None)
                what = f'The deadline "{deadline.id}" needs {missing}.'
                yield Problem(deadline.place, what, "Write them like on: 2024-05-20 and what: Last day to appeal")
            deadlines.add(deadline.id)


def _check_statuses(incident: Incident) -> Iterator[Problem]:
    """Yield services that an incident names without ever giving their status."""
    known: set[str] = set()
    for update in incident.updates:
        known |= {report.service for report in update.reports if report.status is not None}
        for report in update.reports:
            if report.service not in known and incident.kind is Kind.INCIDENT:
                what = f'The status of "{report.service}" is never given.'
                words = ", ".join(status.value for status in WRITTEN_STATUSES)
                yield Problem(report.place, what, f"Write one of: {words}.")


def _check_channels(update: Update, names: Names) -> Iterator[Problem]:
    """Yield temporary channels in the wrong place, or with the id of a permanent one."""
    for report in update.reports:
        if report.channel and report.channels:
            what = "Channels belong to a whole service, not to one of its channels."
            yield Problem(report.place, what, f'Move them under "{report.service}".')
        for channel in report.channels:
            if channel.id in (names.services or {}).get(report.service, ()):
                what = f'"{report.service}" already has a channel "{channel.id}".'
                yield Problem(channel.place, what, "Give the temporary one a different id.")
