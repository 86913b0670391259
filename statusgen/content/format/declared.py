"""From the keys that the model declares to shapes: how each key is read, what it means, and how it is translated."""

from collections.abc import Callable, Iterator
from dataclasses import MISSING
from enum import Enum
from inspect import get_annotations
from keyword import iskeyword
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, create_model

from statusgen.content.format import fields
from statusgen.content.format.fields import enum_parser
from statusgen.content.format.validation import Shape, TranslatedShape, describe_key
from statusgen.keys import DeclaredKey, Id, Link, Phone, ServiceId, declared_keys
from statusgen.model.channels import NotifyKind
from statusgen.model.following import FollowKind
from statusgen.model.posts import Topic
from statusgen.model.services import ChannelKind, OperatorKind, Tender
from statusgen.model.states import Kind
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.words import Words

S = TypeVar("S", bound=Shape)
T = TypeVar("T", bound=TranslatedShape)
V = TypeVar("V")

_NOUNS: dict[type[Enum], str] = {
    Status: "status",
    ChannelKind: "kind of channel",
    OperatorKind: "kind of operator",
    Tender: "way to pay",
    Kind: "kind of post",
    Topic: "topic",
    NotifyKind: "kind of channel",
    FollowKind: "kind of page or monitor",
}
_READERS: dict[object, object] = {
    str: fields.Text,
    Id: fields.Id,
    Link: fields.Link,
    Phone: fields.Phone,
    ServiceId: fields.ServiceId,
    bool: fields.Flag,
    Words: fields.Phrase,
    When: fields.Moment,
    **{kind: Annotated[kind, enum_parser(kind, noun)] for kind, noun in _NOUNS.items()},
}


def keys_of(kind: type, without: tuple[str, ...] = ()) -> Callable[[type[S]], type[S]]:
    """Decorate a shape: it has the keys that `kind` of the model declares, except those in `without`, and its own.

    An annotation in the body of the shape says how a declared key is read if its type alone does not tell, or
    repeats it for code that asks for the key by name. Required keys come first, those that only the body has
    last.
    """

    def decorate(shape: type[S]) -> type[S]:
        own, declared = _body(shape), [key for name, key in declared_keys(kind).items() if name not in without]
        declared.sort(key=lambda key: not key.is_required)
        found = {attribute_of(key): (own.get(attribute_of(key)) or _annotation(key), _field(key)) for key in declared}
        return _rebuild(shape, found, describes=kind)

    return decorate


def words_of(original: type[Shape], without: tuple[str, ...] = ()) -> Callable[[type[T]], type[T]]:
    """Decorate the shape of a translation: it has every key of the original whose value is words, and its id."""

    def decorate(shape: type[T]) -> type[T]:
        found = dict(_translated_keys(original, without))
        own = _body(shape)
        found |= {name: (own[name], field) for name, (_, field) in found.items() if name in own}
        return _rebuild(shape, found, original=original)

    return decorate


def _translated_keys(original: type[Shape], without: tuple[str, ...]) -> Iterator[tuple[str, tuple[object, object]]]:
    assert original.describes, "only what the model declares can be translated by itself"
    noun = original.describes.__name__.lower()
    for name, key in declared_keys(original.describes).items():
        if name == "id":
            field = Field(description=f"The {noun}, as the original names it.", examples=[key.key.example or "tent"])
            yield "id", (fields.Id, field)
        elif key.type is Words and name not in without:
            doc = f"{key.key.doc[:-1]}, as many entries as in the original." if key.many else key.key.doc
            annotation = fields.ListOf[fields.Phrase] if key.many else fields.Phrase | None
            yield (
                attribute_of(key),
                (annotation, Field(default=() if key.many else None, **describe_key(doc, key.key.deprecated))),
            )


def attribute_of(key: DeclaredKey) -> str:
    """Return the name under which a shape has a key: as it is written, unless Python needs that word for itself."""
    return key.name if iskeyword(key.written) else key.written


def make_fact(kind: type[V], shape: Shape, words: Callable[[str], Words | None], /, **given: object) -> V:
    """Return a value of the model: what is `given`, and every other key that `kind` declares as the shape has it.

    `words` gives the value of a key in all languages.
    """
    values = dict(given)
    for name, key in declared_keys(kind).items():
        attribute = attribute_of(key)
        if name not in given and attribute in type(shape).model_fields:
            values[name] = words(attribute) if key.type is Words and not key.many else getattr(shape, attribute)
    make: Callable[..., V] = kind
    return make(**values)


def _annotation(key: DeclaredKey) -> object:
    reader: Any = _READERS[key.type]
    if key.many:
        return Annotated[tuple[reader, ...], BeforeValidator(fields.check_list)]
    return reader | None if key.optional or key.key.fallback else reader


def _field(key: DeclaredKey) -> object:
    examples = [key.key.example] if key.key.example else None
    alias = key.written if iskeyword(key.written) else None
    if key.is_required:
        return Field(alias=alias, examples=examples, **describe_key(key.key.doc, key.key.deprecated))
    default = None if key.default is MISSING else key.default
    return Field(default=default, alias=alias, **describe_key(key.key.doc, key.key.deprecated))


def _body(shape: type[Shape]) -> dict[str, Any]:
    """Return the annotations in the body of a class alone, without those of its parents."""
    return dict(get_annotations(shape))  # from Python 3.14 on, a class works them out when it is asked


def _rebuild(shape: type[S], found: dict[str, tuple[Any, Any]], **attributes: object) -> type[S]:
    """Make the class again, with these fields before those that only its body has."""
    own = {name: (annotation, shape.model_fields[name]) for name, annotation in _body(shape).items()}
    merged = found | {name: field for name, field in own.items() if name not in found or not field[1].is_required()}
    (base,) = shape.__bases__
    made: type[S] = create_model(
        shape.__name__, __base__=base, __doc__=shape.__doc__, __module__=shape.__module__, **merged
    )
    for name, value in attributes.items():
        setattr(made, name, value)
    return made
