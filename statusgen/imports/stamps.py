"""Times that a program wrote, so that each should say its zone; people edit them all the same."""

import re
from zoneinfo import ZoneInfo

from statusgen.imports.times import read_time
from statusgen.imports.told import Note, NoteKind
from statusgen.model.times import When
from statusgen.problems import InvalidValue, Place

_ZONE_AT_END = re.compile(r"(?:Z|UTC|GMT|[+-]\d\d:?\d\d)\s*\Z", re.IGNORECASE)


def read_stamp(written: str | None, zone: ZoneInfo, place: Place, notes: list[Note]) -> When | None:
    """Return when it was, and note what was guessed; None if there is no time; one with a mistake is noted too."""
    if not written or not written.strip():
        return None
    try:
        time = read_time(written, zone)
    except InvalidValue as error:
        notes.append(Note(place, NoteKind.LOSS, f"{error.what} It was read as if it were not there."))
        return None
    if not time.when.is_whole_day and not _ZONE_AT_END.search(written):
        what = f"A time here does not say its zone. It was taken for one of {zone.key}."
        notes.append(Note(place, NoteKind.GUESS, what))
    if time.guess:
        notes.append(Note(place, NoteKind.GUESS, time.guess))
    return time.when
