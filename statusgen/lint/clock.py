"""What is wrong with updates that are dated ahead: a mistake, or advice where they are shown all the same."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from statusgen.board.clock import list_unembargoed
from statusgen.content.posts.due_times import MAX_AHEAD
from statusgen.lint.rule import LintContext, Rule, make_advice
from statusgen.model.posts import Incident, Update
from statusgen.model.states import Kind
from statusgen.model.whole_site import Site
from statusgen.problems import Place, Problem

_DATE_KEYS = (re.compile(r"posted\s*:"), re.compile(r"started\s*:"))


def find_distant_updates(site: Site, clock: datetime, texts: Mapping[str, str]) -> Iterator[Problem]:
    """Yield the mistake of each update that is dated more than a day ahead of the clock without an embargo."""
    for incident in site.incidents:
        ahead = () if incident.draft else list_unembargoed(incident, clock)
        for update in (update for update in ahead if update.time.start > clock + MAX_AHEAD):
            what = f"This is dated {_local(update.time.start, site)}, but the clock says {_local(clock, site)}."
            hint = "Correct the date, or the clock. To keep it back until then, add embargo: true."
            if update is incident.updates[0] and incident.kind is not Kind.INCIDENT:
                hint = f"{hint} To announce it now, add posted: with the date of today."
            yield Problem(_find_date(incident, update, texts), what, hint)
            break


def find_future_updates(context: LintContext) -> Iterator[Problem]:
    """Find updates that are dated ahead: on purpose, or because a date or a clock is wrong."""
    yield from _find_early_updates(context)
    for incident in context.site.incidents:
        for update in incident.updates:
            if update.time.start > context.board.moment:
                what = f"This is dated {_local(update.time.start, context.site)} and will not be shown before then."
                yield make_advice(update.place, what, "If it should be shown now, correct the date.")
                break


def _find_early_updates(context: LintContext) -> Iterator[Problem]:
    """Yield the updates that are shown now though they are dated ahead of the clock."""
    if (reading := context.reading) is None:
        return
    for incident, update in reading.suspicious:
        clock, dated = (_local(time, context.site) for time in (reading.clock, update.time.start))
        what = f"This is dated {dated}, but the clock says {clock}: one of two clocks is wrong. It is shown at once."
        hint = f"Everything is shown as of {dated}. To keep it back until then, add embargo: true."
        yield make_advice(_find_date(incident, update, context.texts), what, hint)


def _find_date(incident: Incident, update: Update, texts: Mapping[str, str]) -> Place:
    """Return the line that says when an update was published."""
    if update is incident.updates[0]:
        lines = texts.get(update.place.file, "").split("\n")
        for key in _DATE_KEYS:
            for number, line in enumerate(lines, 1):
                if key.match(line):
                    return Place(update.place.file, number)
    return update.place


def _local(moment: datetime, site: Site) -> str:
    return f"{moment.astimezone(site.zone):%Y-%m-%d %H:%M}"


RULES = (Rule("not-yet", "A mistyped date can hide an outage.", find_future_updates),)
