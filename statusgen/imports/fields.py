"""Settings and front matter of another status page, in YAML, TOML or JSON, with keys in upper or lower case."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from statusgen.content.yaml.documents import YamlValue, read_yaml
from statusgen.imports.texts import CHANGED_CHARACTERS, is_changed, remove_invisible
from statusgen.imports.told import Note, NoteKind
from statusgen.problems import InvalidValue, Place

_FLAGS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
_DELIMITERS = {"---": "yaml", "+++": "toml"}
_MAX_DEPTH = 20
# The library's time for a key grows with the square of the number of its parts.
_LONG_KEY = re.compile(
    rf"^[ \t]*(?:\[\[?[ \t]*)?(?:(?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*')[ \t]*\.[ \t]*){{{_MAX_DEPTH}}}", re.MULTILINE
)


@dataclass(frozen=True)
class Fields:
    """The values of some keys, and the lines on which they stand."""

    file: str
    values: Mapping[str, YamlValue]
    lines: Mapping[str, int]

    def text(self, key: str) -> str | None:
        """Return a value as one line of text; None if there is none."""
        value = self.values.get(key.casefold())
        return " ".join(value.split()) or None if isinstance(value, str) else None

    def texts(self, key: str) -> list[str]:
        """Return the texts of a list; one alone is a list of one."""
        value = self.values.get(key.casefold())
        entries = value if isinstance(value, list) else [value]
        return [entry for entry in entries if isinstance(entry, str) and entry.strip()]

    def flag(self, key: str) -> bool | None:
        """Return whether something is so, also if the word is in quotes; None if it is not said."""
        value = self.values.get(key.casefold())
        return (
            value
            if isinstance(value, bool)
            else _FLAGS.get(value.strip().casefold())
            if isinstance(value, str)
            else None
        )

    def inner(self, key: str) -> "Fields":
        """Return the keys of a mapping; none if it is not one."""
        return self._make(self.values.get(key.casefold()), key)

    def each(self, key: str) -> Iterator["Fields"]:
        """Yield the keys of each mapping in a list."""
        value = self.values.get(key.casefold())
        for number, entry in enumerate(value if isinstance(value, list) else []):
            yield self._make(entry, f"{key}/{number}")

    def place(self, key: str) -> Place:
        """Return the line of a key, or of what is around it."""
        return Place(self.file, self.lines.get(key.casefold(), self.lines.get("", 1)))

    def _make(self, value: YamlValue, key: str) -> "Fields":
        prefix = f"{key.casefold()}/"
        lines = {path.removeprefix(prefix): line for path, line in self.lines.items() if path.startswith(prefix)}
        lines[""] = self.place(key).line
        found = {name.casefold(): inner for name, inner in value.items()} if isinstance(value, dict) else {}
        return Fields(self.file, found, lines)


def read_fields(text: str, file: str, form: str, first_line: int = 1) -> tuple[Fields, list[Note]]:
    """Read a text in `yaml`, `toml` or `json`; raises InvalidValue if that cannot be read."""
    if form == "toml":
        return _read_toml(text, file, first_line), []
    # JSON is YAML, too, which gives the lines; only tabs are not indentation there.
    visible = remove_invisible(text)
    document, problems = read_yaml(visible, file, first_line)
    if document.value is None and problems:
        raise InvalidValue(f"{problems[0].what} (line {problems[0].place.line})")
    notes = [Note(each.place, NoteKind.GUESS, f"{each.what} It was read anyway.") for each in problems]
    if is_changed(text, visible):
        notes.append(Note(Place(file, first_line), NoteKind.GUESS, CHANGED_CHARACTERS))
    lines = {"/".join(map(str, path)).casefold(): line for path, line in document.lines.items()}
    value = document.value if isinstance(document.value, dict) else {}
    return Fields(file, {key.casefold(): inner for key, inner in value.items()}, lines), notes


def _read_toml(text: str, file: str, first_line: int) -> Fields:
    if _LONG_KEY.search(text):
        raise InvalidValue(f"This is TOML with keys of more than {_MAX_DEPTH} parts, as no settings have them.")
    try:
        values = {key.casefold(): _to_texts(inner, 0) for key, inner in tomllib.loads(text).items()}
    except (ValueError, RecursionError) as error:  # no TOML, or numbers that are too long
        raise InvalidValue(f"This is not valid TOML: {error}.") from None
    lines = {"": first_line}
    for number, line in enumerate(text.split("\n"), first_line):
        if found := re.match(r"\s*([\w-]+)\s*=", line):
            lines.setdefault(found[1].casefold(), number)
    return Fields(file, values, lines)


def _to_texts(value: Any, depth: int) -> YamlValue:
    """Return a value of TOML as our reader of YAML would give it: its numbers and times are texts."""
    if depth > _MAX_DEPTH or isinstance(value, bool):
        return value if isinstance(value, bool) else None
    if isinstance(value, dict):
        return {key: _to_texts(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_to_texts(inner, depth + 1) for inner in value]
    return str(value)


@dataclass(frozen=True)
class Page:
    """A text with front matter: its fields, what stands below them, and the line on which that begins."""

    fields: Fields
    body: str
    line: int
    notes: tuple[Note, ...]


def read_page(text: str, file: str) -> Page:
    """Take a page of Hugo apart; raises InvalidValue if it has no front matter that can be read."""
    lines = text.split("\n")
    start = next((number for number, line in enumerate(lines) if line.strip()), 0)
    mark = lines[start].rstrip()
    if mark in _DELIMITERS:
        end = next((number for number in range(start + 1, len(lines)) if lines[number].rstrip() == mark), None)
        if end is None:
            raise InvalidValue("Its front matter is never closed.")
        fields, notes = read_fields("\n".join(lines[start + 1 : end]), file, _DELIMITERS[mark], start + 2)
        return Page(fields, "\n".join(lines[end + 1 :]), end + 2, tuple(notes))
    if mark.startswith("{"):
        try:
            _, end = json.JSONDecoder().raw_decode(text, text.index("{"))
        except (ValueError, RecursionError):
            raise InvalidValue("Its front matter is not valid JSON.") from None
        fields, notes = read_fields(text[:end], file, "json")
        return Page(fields, text[end:], text.count("\n", 0, end) + 1, tuple(notes))
    raise InvalidValue("It has no front matter.")
