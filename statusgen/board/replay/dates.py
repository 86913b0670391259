"""Waivers and deadlines, each put together from all updates about it."""

from dataclasses import replace

from statusgen.model.times import When
from statusgen.model.waivers import Deadline, Waiver


def merge_waiver(old: Waiver | None, new: Waiver, today: When) -> Waiver:
    """Return a waiver with what a later update says of it; one that is new begins `today` if nobody says when."""
    if old is None:
        return new if new.begins else replace(new, begins=today)
    ends = new if new.until or new.until_words else old
    return Waiver(
        id=old.id,
        place=new.place,
        services=new.services or old.services,
        what=new.what or old.what,
        by=new.by or old.by,
        begins=new.begins or old.begins,
        until=ends.until,
        until_words=ends.until_words,
        how=new.how or old.how,
    )


def merge_deadline(old: Deadline | None, new: Deadline) -> Deadline:
    """Return a deadline with what a later update says of it."""
    if old is None:
        return new
    return Deadline(old.id, new.place, new.on or old.on, new.what or old.what, new.services or old.services)
