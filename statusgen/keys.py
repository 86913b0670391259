"""How a key of the format is declared: once, beside the value of the model that it becomes.

From these declarations come the reading of the key, its JSON Schema and its row of docs/writers/format.md, its
translation, its place in the published data, its name in a comparison, and the details that residents are told.
"""

from dataclasses import MISSING, dataclass, fields
from types import NoneType, UnionType
from typing import Annotated, Union, get_args, get_origin, get_type_hints

# What a text has to be, if not just any text.
Id = Annotated[str, "an id"]
Link = Annotated[str, "an address that a link may have"]
Phone = Annotated[str, "a phone number"]
ServiceId = Annotated[str, "the id of a service"]


@dataclass(frozen=True, slots=True)
class Deprecation:
    """A key that still works, and will not forever: since which version of statusgen, and in which it is gone.

    `instead` is a sentence that says what to write. `check` advises on each use; the schema and the
    reference say it, too.
    """

    since: str
    gone_in: str
    instead: str

    def __str__(self) -> str:
        return f"Deprecated since statusgen {self.since}, gone in {self.gone_in}. {self.instead}"


@dataclass(frozen=True, slots=True)
class Key:
    """What a key says to a writer (`doc`) and, if that differs, to a reader of the data (`data`).

    `written` is how it is written, if that is not the name of the field. `label` is what a sentence about a change
    calls it ("the phone number"). `example` is what to write, if the key is required. A `fallback` key may be left
    out, though the model always has it: it is then made from another key. One that is `deprecated` will go.
    """

    doc: str
    data: str = ""
    written: str = ""
    label: str = ""
    example: str = ""
    fallback: bool = False
    deprecated: Deprecation | None = None


@dataclass(frozen=True, slots=True)
class DeclaredKey:
    """A key and the type of its value; that may be None (`optional`), or is a tuple of such values (`many`)."""

    name: str
    key: Key
    type: object
    optional: bool
    many: bool
    default: object

    @property
    def is_required(self) -> bool:
        """Whether it is required."""
        return self.default is MISSING and not self.key.fallback

    @property
    def written(self) -> str:
        """How it is written in the files, and in the data."""
        return self.key.written or self.name


_DECLARED: dict[type, dict[str, DeclaredKey]] = {}


def declared_keys(kind: type) -> dict[str, DeclaredKey]:
    """Return the keys that a dataclass of the model declares, by the names of its fields, in their order."""
    if kind not in _DECLARED:
        _DECLARED[kind] = _read_declarations(kind)
    return _DECLARED[kind]


def _read_declarations(kind: type) -> dict[str, DeclaredKey]:
    hints = get_type_hints(kind, include_extras=True)
    found = {}
    for field in fields(kind):
        base, *marks = get_args(hints[field.name]) if get_origin(hints[field.name]) is Annotated else [None]
        key = next((mark for mark in marks if isinstance(mark, Key)), None)
        if key:
            others = tuple(mark for mark in marks if mark is not key)
            value = Annotated[(base, *others)] if others else base
            found[field.name] = _declare(field.name, key, value, field.default)
    return found


def _declare(name: str, key: Key, value: object, default: object) -> DeclaredKey:
    optional = get_origin(value) in (Union, UnionType) and NoneType in get_args(value)
    if optional:
        (value,) = (part for part in get_args(value) if part is not NoneType)
    many = get_origin(value) is tuple
    return DeclaredKey(name, key, get_args(value)[0] if many else value, optional, many, default)
