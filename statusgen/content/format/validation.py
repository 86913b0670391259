"""A YAML document → a shape, and every mistake that keeps it from being one, with its line."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from types import NoneType
from typing import Any, ClassVar, Self, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, ValidationInfo, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from statusgen.content.format.fields import Names, check_mapping, to_pydantic_error
from statusgen.content.format.synonyms import resolve_synonym
from statusgen.content.yaml.documents import Document, KeyPath
from statusgen.keys import Deprecation
from statusgen.problems import InvalidValue, Problem
from statusgen.text import did_you_mean, quote_text


def describe_key(doc: str, deprecated: Deprecation | None) -> dict[str, Any]:
    """Return what pydantic's `Field` takes of what a key says, and of when it goes.

    Pydantic's own `deprecated` would warn whenever our code reads the value. `deprecationMessage` is what editors show
    (https://github.com/redhat-developer/yaml-language-server).
    """
    if deprecated is None:
        return {"description": doc}
    extra = {"deprecated": True, "deprecationMessage": str(deprecated)}
    return {"description": f"{doc} {deprecated}", "json_schema_extra": extra}


class Shape(BaseModel):
    """A mapping whose keys are all known; unknown and missing ones are mistakes of their own, beside all others.

    `describes` is the class of the model that declares its keys, if there is one.
    """

    describes: ClassVar[type | None] = None

    model_config = ConfigDict(
        extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=False, defer_build=True
    )

    @model_validator(mode="wrap")
    @classmethod
    def _validate_all(cls, value: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo[Any]) -> Self:
        value, known = check_mapping(value), cls.key_names()
        errors = list(islice(cls._find_key_mistakes(value, info.context), MAX_MISTAKES + 1))
        try:
            shape = handler({key: value[key] for key in value if key in known})
        except ValidationError as error:
            errors += [
                _to_error_details(details)
                for details in error.errors(include_url=False)
                if details["type"] != "missing"
            ]
        if errors:
            raise ValidationError.from_exception_data(cls.__name__, errors)
        return shape

    @classmethod
    def _find_key_mistakes(cls, value: dict[str, object], names: Names) -> Iterator[InitErrorDetails]:
        meant = set()
        for key in value:
            if key not in cls.key_names():
                wrong = cls.unknown_key_error(key, names)
                if value[key] is None and not re.fullmatch("[a-z_]+", key):
                    wrong = InvalidValue(wrong.what, "Inside brackets, text that contains a comma needs quotes.")
                meant.add(wrong.hint)
                yield InitErrorDetails(type=to_pydantic_error(wrong), loc=(key,), input=0)
        for key in cls._empty_keys(value):
            wrong = InvalidValue("There is nothing here.", "Write a text, or delete the key.")
            yield InitErrorDetails(type=to_pydantic_error(wrong), loc=(key,), input=0)
        for key, field in zip(cls.key_names(), cls.model_fields.values(), strict=True):
            if field.is_required() and key not in value and f'Did you mean "{key}"?' not in meant:
                wrong = InvalidValue(f'The key "{key}" is missing here.', cls._example(key, field.examples))
                yield InitErrorDetails(type=to_pydantic_error(wrong), loc=(), input=0)

    @classmethod
    def _empty_keys(cls, value: dict[str, object]) -> list[str]:
        """Return the keys with nothing behind them that pydantic would take for ones that were left out."""
        fields = {field.alias or name: field for name, field in cls.model_fields.items()}
        return [
            key
            for key in value
            if value[key] is None and key in fields and NoneType in get_args(fields[key].annotation)
        ]

    @classmethod
    def _example(cls, key: str, examples: list[Any] | None) -> str:
        if not examples:
            return "Write it as in the original."
        return f"Write it like {examples[0] if examples[0].startswith(key) else f'{key}: {examples[0]}'}"

    @classmethod
    def key_names(cls) -> list[str]:
        """Return the keys as a city writes them."""
        return [field.alias or name for name, field in cls.model_fields.items()]

    @classmethod
    def unknown_key_error(cls, key: str, names: Names) -> InvalidValue:
        """Return what is wrong with a key that does not belong here."""
        if "services" in cls.model_fields and key.partition("/")[0] in (names.services or ()):
            return InvalidValue(
                f"The service {quote_text(key)} does not belong here.", "Move it under services:, indented."
            )
        near = did_you_mean(resolve_synonym(key, cls.key_names())[:100], cls.key_names())
        hint = near if near.startswith("Did") else f"Choose from: {', '.join(cls.key_names())}."
        return InvalidValue(f"There is no key {quote_text(key)} here.", hint)


class TranslatedShape(Shape):
    """The words of a shape, translated. `original` is that shape: its other keys are said once, in the original."""

    original: ClassVar[type[Shape]]

    @classmethod
    def unknown_key_error(cls, key: str, names: Names) -> InvalidValue:
        """Return what is wrong with a key that does not belong here."""
        if key in cls.original.key_names():
            return InvalidValue(
                f'A translation cannot set "{key}".', "Delete it here: the original sets it for every language."
            )
        return super().unknown_key_error(key, names)


def _to_error_details(details: ErrorDetails) -> InitErrorDetails:
    """Return an error of something further in, to be raised again; its sentence is in `ctx`."""
    kind = PydanticCustomError("content", "{what}", details["ctx"])
    return InitErrorDetails(type=kind, loc=details["loc"], input=details["input"])


MAX_MISTAKES = 200
"""Only so many of one file are reported; a file with more was not written by hand."""

S = TypeVar("S", bound=Shape)
# Each takes away the next larger part around a mistake, and no shape is nested deeper.
_MAX_PRUNINGS = 6


def validate_document(shape: type[S], document: Document, names: Names) -> tuple[S | None, list[Problem]]:
    """Return the document as `shape`, and every mistake that keeps it from being one.

    With mistakes the shape lacks what is wrong, so that the rest of it can be checked further; it is None
    if too little is left. Only the first mistakes are reported, as many as anybody reads at once.
    """
    value: object = {} if document.value is None else document.value
    problems: list[Problem] = []
    for _ in range(_MAX_PRUNINGS):
        try:
            return shape.model_validate(value, context=names), problems
        except ValidationError as error:
            details = error.errors(include_url=False)
            problems = problems or [_make_problem(detail, document) for detail in details[: MAX_MISTAKES + 1]]
            value = _prune(value, [detail["loc"] for detail in details])
    return None, problems


def _make_problem(details: ErrorDetails, document: Document) -> Problem:
    # pydantic marks a mistake in a key itself with "[key]" at the end of its path.
    path: KeyPath = tuple(step for step in details["loc"] if step != "[key]")
    wrong: InvalidValue = details["ctx"]["wrong"]
    return Problem(document.place((*path, *details["ctx"]["below"])), wrong.what, wrong.hint)


def _prune(value: object, paths: Iterable[KeyPath]) -> object:
    """Return a copy of `value` that lacks the nearest key around each of `paths`, so that no list's numbers change."""
    wrong: dict[int | str, list[KeyPath]] = {}
    for path in paths:
        if path:
            wrong.setdefault(path[0], []).append(path[1:])
    if isinstance(value, list):
        return [_prune(item, wrong.get(index, ())) for index, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    return {
        key: _prune(item, wrong.get(key, ()))
        for key, item in value.items()
        if not any(_is_dead_end(item, rest) for rest in wrong.get(key, ()))
    }


def _is_dead_end(value: object, path: KeyPath) -> bool:
    """Return whether no key within `value` leads on along `path`."""
    for step in path:
        if isinstance(value, dict):
            return step not in value
        if not isinstance(value, list) or not isinstance(step, int) or step >= len(value):
            return True
        value = value[step]
    return True
