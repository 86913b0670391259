"""The moment to show by a computer's clock, which may be wrong: a wrong date must not hide an outage."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from statusgen.content.posts.due_times import CLOCK_TOLERANCE, MAX_AHEAD
from statusgen.model.posts import Incident, Update
from statusgen.model.times import When
from statusgen.model.whole_site import Site


@dataclass(frozen=True)
class ClockReading:
    """The site as it is to be shown by the `clock`, and the moment to show it at.

    Without an embargo, an update dated up to a day ahead is shown at once. It is among `early`, and `moment` is that of
    the last one.
    """

    site: Site
    moment: datetime
    clock: datetime
    early: tuple[tuple[Incident, Update], ...] = ()

    @property
    def suspicious(self) -> tuple[tuple[Incident, Update], ...]:
        """Those that are dated so far ahead that a date or a clock is wrong.

        The second of two that were written in one minute is dated a minute ahead, and that is in order.
        """
        return tuple((post, update) for post, update in self.early if update.time.start > self.clock + CLOCK_TOLERANCE)


def read_clock(site: Site, clock: datetime, drafts: bool = False) -> ClockReading:
    """Return the site and the moment to show by the clock; posts marked as drafts count only with `drafts`."""
    early = tuple(
        (incident, update)
        for incident in site.incidents
        if drafts or not incident.draft
        for update in list_unembargoed(incident, clock)
        if update.time.start <= clock + MAX_AHEAD
    )
    moment = max((clock, *(update.time.start for _, update in early)))
    if early:
        site = replace(site, incidents=tuple(_keep_embargoes(incident, clock, moment) for incident in site.incidents))
    return ClockReading(site, moment, clock, early)


def list_unembargoed(incident: Incident, clock: datetime) -> Iterator[Update]:
    """Yield the updates that are dated ahead of the clock though nobody asked to keep them back."""
    for update in incident.updates:
        if update.time.start > clock:
            if update.embargo:
                return  # what follows in the same post waits with it
            yield update


def _keep_embargoes(incident: Incident, clock: datetime, moment: datetime) -> Incident:
    """Return the incident with the updates under an embargo dated after `moment`, so that none is shown with others."""
    is_kept, updates = False, []
    for update in incident.updates:
        is_kept = is_kept or (update.embargo and update.time.start > clock)
        is_early = is_kept and update.time.start <= moment
        updates.append(replace(update, time=When.moment(moment + timedelta(seconds=1))) if is_early else update)
    return replace(incident, updates=tuple(updates)) if is_kept else incident
