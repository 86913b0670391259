"""JSON of another status page: its values, and the lines on which things with an id are."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from statusgen.imports.told import Note, NoteKind
from statusgen.problems import Place
from statusgen.text import printable

_ID = re.compile(r'"(?:id|number)"\s*:\s*"?([\w-]+)')
_SPACE = re.compile(r"\s*")
_MAX_DEPTH = 100

ShapeT = TypeVar("ShapeT", bound=BaseModel)


class NotJson(Exception):
    """A text that is no JSON; `line` is where that was found out."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@dataclass(frozen=True)
class JsonText:
    """A file of JSON: one value, or several one behind the other, as `gh api --paginate` writes the pages of a list."""

    path: str
    text: str

    def read_values(self) -> Iterator[object]:
        """Yield its values; raise NotJson."""
        decoder = json.JSONDecoder()
        position, end = 0, len(self.text.rstrip())
        while True:
            found = _SPACE.match(self.text, position)
            position = found.end() if found else position
            try:
                value, position = decoder.raw_decode(self.text, position)
            except json.JSONDecodeError as error:
                raise NotJson(error.lineno) from None
            except (RecursionError, ValueError):  # nested without end; a number with too many digits
                raise NotJson(self.text.count("\n", 0, position) + 1) from None
            if _is_deep(value):
                raise NotJson(1)
            yield _replace_halves(value)
            if position >= end:
                return

    def place(self, id: object) -> Place:
        """Return the place of what has this id (or number), or else the beginning of the file."""
        return Place(self.path, self._lines.get(str(id), 1))

    @cached_property
    def _lines(self) -> Mapping[str, int]:
        """The line on which each id is said first."""
        lines: dict[str, int] = {}
        line, done = 1, 0
        for found in _ID.finditer(self.text):
            line += self.text.count("\n", done, found.start())
            done = found.start()
            lines.setdefault(found[1], line)
        return lines

    def fit(self, value: object, shape: type[ShapeT], notes: list[Note]) -> ShapeT | None:
        """Return a value as its shape; None, with a question, if it is otherwise than such things are."""
        try:
            return shape.model_validate(value)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            id = value.get("id") if isinstance(value, dict) else None
            what = f"This is not as it should be, so it was left out. At {where}: {first['msg']}. What does it say?"
            notes.append(Note(self.place(id), NoteKind.QUESTION, printable(what)))
            return None


def list_objects(value: object) -> Iterator[dict[str, object]]:
    """Yield the objects of a value: itself, those of an array, and those of an array of arrays."""
    if isinstance(value, dict):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from list_objects(each)


def _replace_halves(value: object) -> object:
    """Return a value without halves of characters (`\\ud800` alone), which JSON can say and no file can have."""
    if isinstance(value, dict):
        return {_replace_halves(key): _replace_halves(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replace_halves(inner) for inner in value]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _is_deep(value: object) -> bool:
    """Return whether a value is nested deeper than any document of a status page."""
    level: list[object] = [value]
    for _ in range(_MAX_DEPTH):
        inner = [each for each in level if isinstance(each, (dict, list))]
        if not inner:
            return False
        level = [each for group in inner for each in (group.values() if isinstance(group, dict) else group)]
    return True
