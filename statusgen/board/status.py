"""The status of a service, from what was said of it and of the ways to use it."""

from collections.abc import Iterable, Sequence

from statusgen.model.statuses import Status

_CLOSED = (Status.DOWN, Status.MAINTENANCE)


def worst_status(statuses: Iterable[Status]) -> Status:
    """Return the worst of several statuses of one thing; NOT_SAID if there are none."""
    return max(statuses, key=lambda status: status.severity, default=Status.NOT_SAID)


def combine_words(statuses: Sequence[Status]) -> Status:
    """Return the status of one way, of which several incidents speak: the worst, and what works only if all say so."""
    problems = [status for status in statuses if status.is_stated_problem]
    if problems:
        return worst_status(problems)
    return Status.WORKING if Status.WORKING in statuses and Status.NOT_SAID not in statuses else Status.NOT_SAID


def derive_status(own: Status | None, ways: Sequence[Status], temporary: Sequence[Status] = ()) -> Status:
    """Return the status of a service.

    `own` is what was said of it as such, `ways` are the statuses of its ways, of which nothing may have been said, and
    `temporary` those of ways that an incident set up. What was said of the service counts, unless no way of it can be
    used. Without such a word, it is down only if every way is; if some are and others work, it works in parts; and it
    works only if somebody said so of every way.
    """
    if not ways:
        return _with_temporary(own or Status.NOT_SAID, temporary)
    said = [status for status in (*ways, *temporary) if status is not Status.NOT_SAID]
    if own is Status.WORKING and any(status.is_stated_problem for status in ways):
        own = None  # that it works was said before somebody said of a way that it does not
    all_closed = all(status in _CLOSED for status in (*ways, *temporary))
    if own and own is not Status.NOT_SAID and not all_closed:
        return own
    if all_closed:
        return worst_status(ways)
    if Status.DOWN in said:
        return Status.LIMITED if any(status.is_usable for status in said) else Status.PARTLY_DOWN
    problems = [status for status in said if status.is_stated_problem]
    if problems:
        return worst_status(problems)
    return Status.WORKING if all(status is Status.WORKING for status in ways) else Status.NOT_SAID


def _with_temporary(own: Status, temporary: Sequence[Status]) -> Status:
    """Return the status of a service without ways of its own: what is set up for a while makes it work in parts."""
    return Status.LIMITED if own is Status.DOWN and temporary else own
