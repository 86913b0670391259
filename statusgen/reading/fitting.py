"""A YAML document → a shape, and every mistake that keeps it from being one, with its line."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from types import NoneType
from typing import Any, ClassVar, Self, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, ValidationInfo, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from statusgen.errors import Problem, did_you_mean
from statusgen.reading.documents import Document, Path
from statusgen.reading.fields import Names, carried, mapped
from statusgen.reading.synonyms import meant
from statusgen.reading.values import Wrong, quoted


class Shape(BaseModel):
    """A mapping whose keys are all known; unknown and missing ones are mistakes of their own, beside all others."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=False, defer_build=True
    )

    @model_validator(mode="wrap")
    @classmethod
    def _all_mistakes(cls, value: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo[Any]) -> Self:
        value, known = mapped(value), cls.written()
        errors = list(islice(cls._own_mistakes(value, info.context), MOST_MISTAKES + 1))
        try:
            shape = handler({key: value[key] for key in value if key in known})
        except ValidationError as error:
            errors += [_again(details) for details in error.errors(include_url=False) if details["type"] != "missing"]
        if errors:
            raise ValidationError.from_exception_data(cls.__name__, errors)
        return shape

    @classmethod
    def _own_mistakes(cls, value: dict[str, Any], names: Names) -> Iterator[InitErrorDetails]:
        meant = set()
        for key in value:
            if key not in cls.written():
                wrong = cls.stray(key, names)
                if value[key] is None and not re.fullmatch("[a-z_]+", key):
                    wrong = Wrong(wrong.what, "A text with a comma in it needs quotes, within brackets.")
                meant.add(wrong.hint)
                yield InitErrorDetails(type=carried(wrong), loc=(key,), input=0)
        for key in cls._empty(value):
            wrong = Wrong("There is nothing here.", "Write a text, or delete the key.")
            yield InitErrorDetails(type=carried(wrong), loc=(key,), input=0)
        for key, field in cls.model_fields.items():
            if field.is_required() and key not in value and f'Did you mean "{key}"?' not in meant:
                wrong = Wrong(f'The key "{key}" is missing here.', cls._example(key))
                yield InitErrorDetails(type=carried(wrong), loc=(), input=0)

    @classmethod
    def _empty(cls, value: dict[str, Any]) -> list[str]:
        """The keys with nothing behind them that pydantic would take for ones that were left out."""
        fields = {field.alias or name: field for name, field in cls.model_fields.items()}
        return [
            key
            for key in value
            if value[key] is None and key in fields and NoneType in get_args(fields[key].annotation)
        ]

    @classmethod
    def _example(cls, key: str) -> str:
        examples = cls.model_fields[key].examples
        if not examples:
            return "Write it as in the original."
        return f"Write for example {examples[0] if examples[0].startswith(key) else f'{key}: {examples[0]}'}"

    @classmethod
    def written(cls) -> list[str]:
        """The keys as a city writes them."""
        return [field.alias or name for name, field in cls.model_fields.items()]

    @classmethod
    def stray(cls, key: str, names: Names) -> Wrong:
        """What is wrong with a key that does not belong here."""
        if "services" in cls.model_fields and key.partition("/")[0] in (names.services or ()):
            return Wrong(f"The service {quoted(key)} cannot stand here.", "Write it below services:, further in.")
        near = did_you_mean(meant(key, cls.written())[:100], cls.written())
        hint = near if near.startswith("Did") else f"Choose from: {', '.join(cls.written())}."
        return Wrong(f"There is no key {quoted(key)} here.", hint)


class Translated(Shape):
    """The words of a shape, translated. `original` is that shape: its other keys are said once, in the original."""

    original: ClassVar[type[Shape]]

    @classmethod
    def stray(cls, key: str, names: Names) -> Wrong:
        """What is wrong with a key that does not belong here."""
        if key in cls.original.written():
            return Wrong(f'A translation cannot set "{key}".', "Delete it here; what the original says holds.")
        return super().stray(key, names)


def _again(details: Any) -> InitErrorDetails:
    """An error of something further in, to be raised again; its sentence is in `ctx`."""
    kind = PydanticCustomError("content", "{what}", details["ctx"])
    return InitErrorDetails(type=kind, loc=details["loc"], input=details["input"])


MOST_MISTAKES = 200
"""As many of one file are told at once; what has more is no text that somebody wrote by hand."""

S = TypeVar("S", bound=Shape)
# Each takes away the next larger part around a mistake, and no shape is nested deeper.
_MOST_PRUNINGS = 6


def fit(shape: type[S], document: Document, names: Names) -> tuple[S | None, list[Problem]]:
    """The document as `shape`, and every mistake that keeps it from being one.

    With mistakes the shape lacks what is wrong, so that the rest of it can be checked further; it is None
    where too little is left. Of more mistakes than anybody reads at once only the first are told.
    """
    value = {} if document.value is None else document.value
    problems: list[Problem] = []
    for _ in range(_MOST_PRUNINGS):
        try:
            return shape.model_validate(value, context=names), problems
        except ValidationError as error:
            details = error.errors(include_url=False)
            problems = problems or [_problem(detail, document) for detail in details[: MOST_MISTAKES + 1]]
            value = _without(value, [detail["loc"] for detail in details])
    return None, problems


def _problem(details: Any, document: Document) -> Problem:
    # pydantic marks a mistake in a key itself with "[key]" at the end of its path.
    path: Path = tuple(step for step in details["loc"] if step != "[key]")
    wrong: Wrong = details["ctx"]["wrong"]
    return Problem(document.place((*path, *details["ctx"]["below"])), wrong.what, wrong.hint)


def _without(value: Any, paths: Iterable[Path]) -> Any:
    """A copy of `value` that lacks the nearest key around each of `paths`, so that no list's numbers change."""
    wrong: dict[int | str, list[Path]] = {}
    for path in paths:
        if path:
            wrong.setdefault(path[0], []).append(path[1:])
    if isinstance(value, list):
        return [_without(item, wrong.get(index, ())) for index, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    return {
        key: _without(item, wrong.get(key, ()))
        for key, item in value.items()
        if not any(_stops_here(item, rest) for rest in wrong.get(key, ()))
    }


def _stops_here(value: Any, path: Path) -> bool:
    """Whether no key within `value` leads on along `path`."""
    for step in path:
        if isinstance(value, dict):
            return step not in value
        if not isinstance(value, list) or not isinstance(step, int) or step >= len(value):
            return True
        value = value[step]
    return True
