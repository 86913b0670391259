"""A post taken apart into what two people can write without touching the other's: its beginning, and its updates."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from statusgen.content.format.values import TIME_PATTERN, parse_enum, parse_time
from statusgen.content.posts.split import RawUpdate, split_post
from statusgen.content.posts.update_ids import make_update_id
from statusgen.content.yaml.documents import read_yaml
from statusgen.editor.times import format_time
from statusgen.model.states import State
from statusgen.model.times import When
from statusgen.problems import InvalidValue

_BYTE_ORDER_MARK = "\ufeff"
_CORRECTS = re.compile(
    rf"^(?P<key>[ \t]*[\"']?corrects[\"']?\s*:\s*[\"']?)(?P<time>{TIME_PATTERN.pattern})", re.MULTILINE
)


class NotTakenApartError(Exception):
    """A post cannot be taken apart; says why."""


@dataclass(frozen=True)
class Part:
    """An update with its lines, or the beginning of a post with the first one (`id` and `time` are None there).

    `text` has newlines only, and no empty lines at its end.
    """

    id: str | None
    time: When | None
    text: str
    state: State | None = None
    covers_all: bool = False


def start_of(part: Part) -> float:
    """Return what the parts of a post are sorted by: when an update was published; its beginning comes first."""
    return part.time.start.timestamp() if part.time else float("-inf")


def decode(content: bytes) -> str:
    """Return the text of a post with newlines only; raise NotTakenApartError if it is none."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotTakenApartError("it is not in UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def take_apart(text: str, zone: ZoneInfo) -> dict[str | None, Part]:
    """Return the parts of a post by their ids, in order; raise NotTakenApartError if one has no time of its own."""
    raw, _ = split_post(text, "")
    if raw is None:
        raise NotTakenApartError("its front matter cannot be read")
    lines = text.split("\n")
    begins = [update.heading.line - 1 for update in raw.updates]
    bounds = [*begins, len(lines)]
    parts: dict[str | None, Part] = {None: Part(None, None, _join(lines[: bounds[0]]))}
    for update, begin, end in zip(raw.updates, begins, bounds[1:], strict=True):
        part = _read_part(update, _join(lines[begin:end]), zone)
        if part.id in parts:
            raise NotTakenApartError(f"two of its updates have the time {update.heading.content[:40]}")
        parts[part.id] = part
    return parts


def _join(lines: list[str]) -> str:
    return "\n".join(lines).rstrip()


def _read_part(update: RawUpdate, text: str, zone: ZoneInfo) -> Part:
    heading = update.heading.content
    found = TIME_PATTERN.match(heading)
    try:
        if not found:
            raise InvalidValue(heading)
        time = parse_time(found[0], zone)
    except InvalidValue:
        raise NotTakenApartError(f'the heading "{heading[:40]}" has no time that can be read') from None
    try:
        words = heading.removeprefix(found[0]).strip(" :.-\u2013\u2014")
        state = parse_enum(State, words, "state") if words else None
    except InvalidValue:
        state = None
    covers_all = bool(state and state.is_terminal) or _confirms_all(update.facts.content)
    return Part(make_update_id(time, zone), time, text, state, covers_all)


def _confirms_all(facts: str) -> bool:
    """Return whether the facts of an update confirm what was said before; of those that nobody can read, perhaps."""
    value = read_yaml(facts, "")[0].value
    return bool(value.get("unchanged")) if isinstance(value, dict) else "unchanged" in facts


def put_together(parts: Iterable[Part], like: bytes) -> bytes:
    """Return a post made of parts, in their order, with the line ends and the byte order mark of another version."""
    text = "\n\n".join(part.text for part in sorted(parts, key=start_of)) + "\n"
    if like.startswith(_BYTE_ORDER_MARK.encode()):
        text = _BYTE_ORDER_MARK + text
    newline = "\r\n" if like.count(b"\r\n") * 2 > like.count(b"\n") else "\n"
    return text.replace("\n", newline).encode()


def move_part(part: Part, time: When, zone: ZoneInfo) -> Part:
    """Return an update with another time in its heading."""
    heading, newline, rest = part.text.partition("\n")
    found = TIME_PATTERN.search(heading)
    assert found  # it was read from there
    moved = f"{heading[: found.start()]}{format_time(time, zone)}{_gap(found[0])}{heading[found.end() :]}"
    return replace(part, id=make_update_id(time, zone), time=time, text=f"{moved}{newline}{rest}")


def _gap(words: str) -> str:
    """Return the space at the end of a time, which its pattern may include."""
    return words[len(words.rstrip()) :]


def next_minute(time: When) -> When:
    """Return the time one minute later."""
    return When.moment(time.start + timedelta(minutes=1))


def follow_moves(part: Part, moves: Mapping[str, When], zone: ZoneInfo) -> Part:
    """Return an update that corrects the others where they are now."""

    def follow(found: re.Match[str]) -> str:
        try:
            id = make_update_id(parse_time(found["time"], zone), zone)
        except InvalidValue:
            return found[0]
        if id not in moves:
            return found[0]
        return f"{found['key']}{format_time(moves[id], zone)}{_gap(found['time'])}"

    return replace(part, text=_CORRECTS.sub(follow, part.text)) if part.state is State.CORRECTION else part
