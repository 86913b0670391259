"""Merges what two people wrote in one incident, by updates and their times.

"Ours" is what was written at this computer, and "theirs" what colleagues have shared already. Two people who each add
an update do not conflict: both updates stay, in the order of their times. If both have the same minute, ours moves to
the next one: theirs may have been read. A conflict is what only a person can decide: two versions of one update, and
an update that ends the incident, or confirms all that was said, though its writer could not know the other's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from statusgen.colleagues.post_parts import (
    NotTakenApartError,
    Part,
    decode,
    follow_moves,
    move_part,
    next_minute,
    put_together,
    start_of,
    take_apart,
)
from statusgen.editor.times import format_time
from statusgen.model.times import When

Parts = dict[str | None, Part]
_COPY = "Make this part of your file the same as theirs, and try again. Then say in a new update what is still missing."


@dataclass(frozen=True)
class Conflict:
    """What only a person can decide: what it is, both texts ("" where there is none), and what to do."""

    file: str
    what: str
    ours: str
    theirs: str
    hint: str


@dataclass(frozen=True)
class Move:
    """An update of ours that has another time now."""

    file: str
    old: str
    new: str


class ConflictError(Exception):
    """Two versions cannot be merged."""

    def __init__(self, *conflicts: Conflict) -> None:
        super().__init__()
        self.conflicts = conflicts


@dataclass(frozen=True)
class Versions:
    """Three versions of one file; None where it does not exist. `base` is the last that both writers had."""

    base: bytes | None
    ours: bytes | None
    theirs: bytes | None

    @property
    def is_changed_by_both(self) -> bool:
        """Whether each of the two has changed it, and not in the same way."""
        return self.ours != self.base != self.theirs and self.ours != self.theirs

    @property
    def changed(self) -> bytes | None:
        """The version of the one who has changed it, if not both have."""
        return self.theirs if self.ours == self.base else self.ours


@dataclass(frozen=True)
class MergedIncident:
    """The files of an incident, merged (None: deleted), and the updates that were moved."""

    files: Mapping[str, bytes | None]
    moves: tuple[Move, ...]


def merge_incident(original: str, versions: Mapping[str, Versions], zone: ZoneInfo) -> MergedIncident:
    """Merge the files of an incident, the post itself in the file `original`; raise ConflictError."""
    moves: dict[str, When] = {}
    if (post := versions.get(original)) and post.is_changed_by_both and None not in (post.ours, post.theirs):
        moves = _find_moves(original, post, zone)
    files: dict[str, bytes | None] = {}
    conflicts: list[Conflict] = []
    for file, each in versions.items():
        try:
            files[file] = _merge_file(file, each, moves, zone, file == original)
        except ConflictError as error:
            conflicts += error.conflicts
    if conflicts:
        raise ConflictError(*conflicts)
    noted = tuple(Move(file=original, old=_words(id), new=format_time(time, zone)) for id, time in moves.items())
    return MergedIncident(files, noted)


def _words(id: str) -> str:
    day, clock = id[:10], id[11:]
    return f"{day} {clock[:2]}:{clock[2:]}" if clock else day


def _find_moves(file: str, post: Versions, zone: ZoneInfo) -> dict[str, When]:
    """Return the new times of our updates, by their ids, that have the same as one of theirs.

    Those of ours that follow stay behind them: they may speak of them.
    """
    base, ours, theirs = _take_all_apart(file, post, zone)
    added = [part for id, part in ours.items() if id not in base and part != theirs.get(id)]
    taken = {*theirs}
    moves: dict[str, When] = {}
    last: When | None = None
    for part in sorted(added, key=start_of):
        time = part.time
        if part.id is None or time is None:
            continue
        is_overtaken = last is not None and time.start <= last.start
        if part.id not in theirs and (not is_overtaken or time.is_whole_day):
            continue
        if time.is_whole_day:
            what, hint = f"both wrote an update of {part.id}", "Write the time of day into yours, and try again."
            raise ConflictError(Conflict(file, what, part.text, theirs[part.id].text, hint))
        time = next_minute(last if last is not None and last.start >= time.start else time)
        while make_id(time, zone) in taken:
            time = next_minute(time)
        moves[part.id] = last = time
    return moves


def make_id(time: When, zone: ZoneInfo) -> str:
    """Return the id of an update at a time."""
    return f"{time.start.astimezone(zone):%Y-%m-%d-%H%M}"


def _merge_file(
    file: str, versions: Versions, moves: Mapping[str, When], zone: ZoneInfo, is_original: bool
) -> bytes | None:
    if not versions.is_changed_by_both and not _has_moved(file, versions, moves, zone):
        return versions.changed
    if versions.ours is None or versions.theirs is None:
        if versions.is_changed_by_both or versions.ours is None:
            raise ConflictError(_deletion_conflict(file, versions))
        parts = _apply_moves(_take_apart(file, versions.ours, zone), moves, zone)
        return put_together(parts.values(), versions.ours)
    if versions.base is None and is_original:
        hint = "Give your file another name, or write what you have to say into theirs; then try again."
        what = "both wrote a new post of this name"
        raise ConflictError(Conflict(file, what, _show(versions.ours), _show(versions.theirs), hint))
    base, ours, theirs = _take_all_apart(file, versions, zone)
    ours = _apply_moves(ours, {id: time for id, time in moves.items() if id not in base}, zone)
    merged = _merge_parts(file, base, ours, theirs)
    if is_original:
        _refuse_unseen(file, base, ours, theirs)
    return put_together(merged, versions.theirs)


def _has_moved(file: str, versions: Versions, moves: Mapping[str, When], zone: ZoneInfo) -> bool:
    """Return whether our version of a translation has one of the updates that were moved."""
    return (
        bool(moves)
        and versions.ours is not None
        and not moves.keys().isdisjoint(_take_apart(file, versions.ours, zone))
    )


def _take_all_apart(file: str, versions: Versions, zone: ZoneInfo) -> tuple[Parts, Parts, Parts]:
    base, ours, theirs = (
        _take_apart(file, content, zone) if content is not None else {}
        for content in (versions.base, versions.ours, versions.theirs)
    )
    return base, ours, theirs


def _take_apart(file: str, content: bytes, zone: ZoneInfo) -> Parts:
    try:
        return take_apart(decode(content), zone)
    except NotTakenApartError as error:
        what = f"both changed this file, and one of the versions cannot be taken apart: {error}"
        raise ConflictError(Conflict(file, what, "", _show(content), "See: statusgen check")) from None


def _show(content: bytes) -> str:
    return content.decode(errors="replace")


def _deletion_conflict(file: str, versions: Versions) -> Conflict:
    if versions.ours is None:
        hint = "Copy their file back into its place and try again. If it must go, delete it after that."
        return Conflict(file, "you deleted or renamed it, and they changed it", "", _show(versions.theirs or b""), hint)
    hint = "Give your file another name to keep it, or delete it; then try again."
    return Conflict(file, "they deleted or renamed it, and you changed it", _show(versions.ours), "", hint)


def _apply_moves(parts: Parts, moves: Mapping[str, When], zone: ZoneInfo) -> Parts:
    times = {id: moves.get(id) if id else None for id in parts}
    moved = (move_part(part, time, zone) if (time := times[id]) else part for id, part in parts.items())
    return {part.id: follow_moves(part, moves, zone) for part in moved}


def _merge_parts(file: str, base: Parts, ours: Parts, theirs: Parts) -> list[Part]:
    merged, conflicts = [], []
    for id in dict.fromkeys((*theirs, *ours, *base)):
        texts = [parts[id].text if id in parts else None for parts in (base, ours, theirs)]
        if texts[1] == texts[2] or texts[2] == texts[0]:
            chosen = ours.get(id)
        elif texts[1] == texts[0]:
            chosen = theirs.get(id)
        else:
            what = f"both changed {f'the update of {_words(id)}' if id else 'the beginning, above the first update'}"
            conflicts.append(Conflict(file, what, texts[1] or "", texts[2] or "", _COPY))
            continue
        merged += [chosen] if chosen else []
    if conflicts:
        raise ConflictError(*conflicts)
    return merged


def _refuse_unseen(file: str, base: Parts, ours: Parts, theirs: Parts) -> None:
    """Raise ConflictError if an update speaks for all that was said before it, and its writer had not seen all of that.

    The page would say on their word what they did not say.
    """
    for mine, others, is_ours in ((ours, theirs, True), (theirs, ours, False)):
        final = [part for id, part in mine.items() if id not in base and id not in others and part.covers_all]
        unseen = [part for id, part in others.items() if id and id not in base and id not in mine]
        for part in final:
            before = [each for each in unseen if start_of(each) <= start_of(part)]
            if before and is_ours:
                what = "your update speaks for all that was said before it, and you had not seen theirs"
                hint = "Copy theirs into your file, above yours; change yours if need be, and try again."
                raise ConflictError(Conflict(file, what, part.text, before[0].text, hint))
            if before:
                what = "their update speaks for all that was said before it, and they had not seen yours"
                hint = "If yours is still true, give it a time after theirs; otherwise take it out. Then try again."
                raise ConflictError(Conflict(file, what, before[0].text, part.text, hint))
