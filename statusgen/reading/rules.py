"""The rules within one post: the order of its updates, and what goes with its kind and its states."""

from collections.abc import Iterator
from itertools import pairwise

from dateutil.rrule import rrulestr

from statusgen.errors import Place, Problem
from statusgen.model import Incident, Kind, State, Status, Update
from statusgen.reading.shapes import Names

_TOO_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")


def post_rules(incident: Incident, names: Names, whole: bool) -> Iterator[Problem]:
    """The mistakes in a post that reads well line by line.

    `whole` is false where parts of it could not be read; rules that a missing part would break are left out then.
    """
    yield from _order(incident)
    yield from _kind(incident)
    if whole:
        yield from _corrections(incident)
        yield from _first_mentions(incident)
        yield from _statuses(incident)
    yield from _channels(incident, names)
    for update in incident.updates:
        yield from _resolved(update)


def _order(incident: Incident) -> Iterator[Problem]:
    first = incident.updates[0]
    if incident.kind is Kind.INCIDENT and first.time.end < incident.started.start:
        what = "This was posted before it started."
        yield Problem(first.place, what, "Look at started: and posted: again.")
    for before, after in pairwise(incident.updates):
        if before.id == after.id:
            hint = "Make the later one a minute later." if not after.time.whole_day else "Give one of them an hour."
            yield Problem(after.place, "Two updates have the same time.", hint)
        elif after.time.start < before.time.start:
            what = "This update is older than the one above it."
            yield Problem(after.place, what, "The oldest comes first; move it up, or mend its time.")


def _kind(incident: Incident) -> Iterator[Problem]:
    first = incident.updates[0]
    if incident.kind is Kind.MAINTENANCE:
        yield from _window(incident)
    else:
        for update in incident.updates:
            if update.starts:
                yield Problem(update.place, 'Only planned work has "starts".', "Write kind: maintenance, or delete it.")
            if update.ends and incident.kind is Kind.INCIDENT:
                what = 'Only planned work and notices have "ends".'
                yield Problem(update.place, what, "End an incident with a heading: ## 2024-06-28 09:00 Resolved")
        if incident.repeats:
            yield Problem(first.place, 'Only planned work has "repeats".', "Write kind: maintenance, or delete it.")
    if incident.kind is Kind.NOTICE and incident.topic is None:
        yield Problem(first.place, 'A notice needs a "topic".', "Write topic: fraud, data, health, closure or other.")
    if incident.kind is not Kind.NOTICE and incident.topic is not None:
        yield Problem(first.place, 'Only a notice has a "topic".', "Write kind: notice, or delete it.")


def _window(incident: Incident) -> Iterator[Problem]:
    starts = ends = None
    for update in incident.updates:
        moved = update.starts or update.ends
        starts, ends = update.starts or starts, update.ends or ends
        if moved and starts and ends and ends.end <= starts.start:
            yield Problem(update.place, "This work would end before it starts.", "Look at starts: and ends: again.")
    if not starts or not incident.updates[0].starts:
        yield Problem(incident.place, 'Planned work needs "starts".', "Write for example starts: 2024-05-05 08:00")
    if not ends or not incident.updates[0].ends:
        yield Problem(incident.place, 'Planned work needs "ends".', "Write for example ends: 2024-05-05 12:00")
    if incident.repeats:
        yield from _repetition(incident.repeats, incident.place)


def _repetition(rule: str, place: Place) -> Iterator[Problem]:
    hint = "Write a rule of iCalendar, like FREQ=WEEKLY;BYDAY=SU or FREQ=MONTHLY;BYMONTHDAY=1;COUNT=6."
    try:
        rrulestr(rule)
    except (ValueError, TypeError, AttributeError, KeyError):
        yield Problem(place, f'"{rule}" does not say how the work repeats.', hint)
        return
    if any(word in rule.upper() for word in _TOO_OFTEN) or "FREQ=" not in rule.upper():
        yield Problem(place, f'"{rule}" repeats more often than once a day.', hint)


def _corrections(incident: Incident) -> Iterator[Problem]:
    earlier: set[str] = set()
    for update in incident.updates:
        is_correction = update.state is State.CORRECTION
        if is_correction and update.correction is None:
            hint = "Write corrects: with the time of the update that it puts right, and right: with what is true."
            yield Problem(update.place, "This correction does not say what it corrects.", hint)
        if update.correction and not is_correction:
            what = "Only a correction corrects."
            yield Problem(update.place, what, "Write Correction after the time in the heading.")
        if update.correction and update.correction.corrects not in earlier:
            what = f"No update before this one has the time {update.correction.corrects}."
            yield Problem(update.place, what, f"Choose from: {', '.join(sorted(earlier))}.")
        if update.correction and update.correction.right is None:
            yield Problem(update.place, "This correction does not say what is right.", "Write it after right:")
        earlier.add(update.id)


def _first_mentions(incident: Incident) -> Iterator[Problem]:
    waivers: set[str] = set()
    deadlines: set[str] = set()
    for update in incident.updates:
        for waiver in update.waivers:
            if waiver.id not in waivers and waiver.what is None:
                what = f'The waiver "{waiver.id}" does not say what is waived.'
                yield Problem(waiver.place, what, "Write what: No late fees, for example.")
            waivers.add(waiver.id)
        for deadline in update.deadlines:
            if deadline.id not in deadlines and (deadline.what is None or deadline.on is None):
                what = f'The deadline "{deadline.id}" needs "on" and "what".'
                yield Problem(deadline.place, what, "Write on: 2024-05-20 and what: Last day to appeal, for example.")
            deadlines.add(deadline.id)


def _statuses(incident: Incident) -> Iterator[Problem]:
    spoken: set[str] = set()
    for update in incident.updates:
        spoken |= {report.service for report in update.reports if report.status is not None}
        for report in update.reports:
            if report.service not in spoken and incident.kind is Kind.INCIDENT:
                what = f'How bad it is with "{report.service}" was never said.'
                words = ", ".join(status.value for status in Status)
                yield Problem(report.place, what, f"Write its status: {words}.")


def _channels(incident: Incident, names: Names) -> Iterator[Problem]:
    for update in incident.updates:
        for report in update.reports:
            if report.channel and report.channels:
                what = "Channels belong to a whole service, not to one of its channels."
                yield Problem(report.place, what, f'Write them under "{report.service}".')
            for way in report.channels:
                if way.id in (names.services or {}).get(report.service, ()):
                    what = f'"{report.service}" has a channel "{way.id}" already.'
                    yield Problem(way.place, what, "Give the temporary one an id of its own.")


def _resolved(update: Update) -> Iterator[Problem]:
    if not update.state.ends:
        return
    for report in update.reports:
        if report.status not in (None, Status.WORKING):
            what = f'"{report.service}" is "{report.status.value}" here, though this ends the incident.'
            hint = "Write Monitoring in the heading until all is well, or take the service out."
            yield Problem(report.place, what, hint)
