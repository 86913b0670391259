"""How the value under one key is read: texts, words in several languages, lists, names that other files define.

Each reader takes what YAML made of the value and raises pydantic's error with a sentence for the writer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, PlainValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from statusgen.errors import did_you_mean
from statusgen.model import Status, When, Words
from statusgen.reading import misdated, values
from statusgen.reading.values import Wrong, quoted

MAX_WORDS = 2_000

# What editors are told of a value, for the JSON Schema: YAML has numbers where we read text, such as a phone's.
Scalar = Annotated[str, WithJsonSchema({"type": ["string", "number"]})]
Translations = Annotated[dict[str, str], WithJsonSchema({"type": "object", "additionalProperties": {"type": "string"}})]
_Words = Scalar | Translations


@dataclass(frozen=True)
class Names:
    """What the other files define. `services` maps each service's id to the ids of its channels.

    None stands for "not known", where no service can be read: nothing is checked against it then. `known` is
    false where services.yaml as a whole cannot be read, so that even the languages are not known. `posts` are
    the ids of all posts.
    """

    languages: tuple[str, ...] = ("en",)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    services: dict[str, tuple[str, ...]] | None = None
    operators: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    known: bool = False


def carried(wrong: Wrong, *below: str) -> PydanticCustomError:
    """The mistake as pydantic carries it; `below` leads from the value to where in it the mistake is."""
    return PydanticCustomError("content", "{what}", {"what": wrong.what, "wrong": wrong, "below": below})


def reader(read: Callable[[str, Names], Any], shown: Any = Scalar) -> PlainValidator:
    """A validator from a function that reads text or raises `Wrong`; `shown` is its type for editors."""

    def validate(value: Any, info: ValidationInfo[Names]) -> Any:
        try:
            return read(text_of(value), info.context)
        except Wrong as wrong:
            raise carried(wrong) from None

    return PlainValidator(validate, json_schema_input_type=shown)


def plain(read: Callable[[str], Any], shown: Any = Scalar) -> PlainValidator:
    """The same, where no other file matters."""
    return reader(lambda text, _names: read(text), shown)


def word(kinds: type[Enum], noun: str) -> PlainValidator:
    """The same, for one of the words that `kinds` lists; `noun` says what they are."""
    words = [kind.value for kind in kinds]
    return plain(lambda text: values.one_of(kinds, text, noun), Annotated[str, WithJsonSchema({"enum": words})])


def text_of(value: Any) -> str:
    """A text on one line; raises Wrong."""
    if isinstance(value, bool):
        value = "true" if value else "false"
    if value is None:
        raise Wrong("There is nothing here.", "Write a text, or delete the key.")
    if not isinstance(value, str):
        kind = "a list" if isinstance(value, list) else "keys of its own"
        raise Wrong(f"A text is expected here, not {kind}.", "Write it on the line of its key.")
    text = re.sub(r"[ \t\n]+", " ", value).strip()
    if not text:
        raise Wrong("There is nothing here.", "Write a text, or delete the key.")
    if len(text) > MAX_WORDS:
        raise Wrong(f"This is longer than {MAX_WORDS:,} characters.", "Write it into the text of an update.")
    return text


def words_of(value: Any, info: ValidationInfo[Names]) -> Words:
    """Words, which are a text in the first language or one in each of several."""
    try:
        if not isinstance(value, dict):
            return Words(((info.context.languages[0], text_of(value)),))
    except Wrong as wrong:
        raise carried(wrong) from None
    texts = {language: _in_language(language, value[language], info.context) for language in value}
    languages = info.context.languages if info.context.known else tuple(texts)
    if not languages or languages[0] not in texts:
        what = f'The words in "{info.context.languages[0]}" are missing.'
        raise carried(Wrong(what, "Every text needs the first language."))
    return Words(tuple((language, texts[language]) for language in languages if language in texts))


def _in_language(language: str, value: Any, names: Names) -> str:
    try:
        if names.known:
            _known_language(language, names)
        return text_of(value)
    except Wrong as wrong:
        raise carried(wrong, language) from None


def _known_language(language: str, names: Names) -> None:
    try:
        values.known_name(language, names.languages, "language")
    except Wrong as wrong:
        if re.fullmatch(r"[a-z]{2,3}([-_]\w+)?", language):
            raise
        hint = f"{wrong.hint} A text with a colon in it needs quotes around it."
        raise Wrong(wrong.what, hint) from None


def keywords_of(value: Any, info: ValidationInfo[Names]) -> Words:
    """Words that a list may be written for."""

    def joined(words: Any) -> Any:
        return ", ".join(text_of(word) for word in words) if isinstance(words, list) and words else words

    try:
        whole = {key: joined(words) for key, words in value.items()} if isinstance(value, dict) else joined(value)
    except Wrong as wrong:
        raise carried(wrong) from None
    return words_of(whole, info)


def flag_of(value: Any) -> bool:
    """True or false."""
    if isinstance(value, bool):
        return value
    try:
        words = quoted(text_of(value))
    except Wrong as wrong:
        raise carried(wrong) from None
    raise carried(Wrong(f"{words} is neither true nor false.", "Write true or false."))


def listed(value: Any) -> Any:
    """A list, whose entries pydantic reads."""
    if isinstance(value, list):
        return value
    if value is None:
        raise carried(Wrong("There is nothing here.", "Write a list, or delete the key."))
    hint = "Write it in brackets: [one, two]." if isinstance(value, str) else "Begin each entry with a dash."
    if isinstance(value, str) and re.match("[-•●▪\u2013*]", value):
        hint = "Begin each entry with a plain dash and a space."
    raise carried(Wrong("A list is expected here.", hint))


def one_or_more(value: Any) -> Any:
    """A list, for which its only entry may stand alone."""
    return [value] if isinstance(value, str) else listed(value)


def at_least_one(noun: str, example: str) -> BeforeValidator:
    """A validator of a list that must not be empty."""

    def filled(value: Any) -> Any:
        if value == []:
            raise carried(Wrong(f"There is no {noun} here.", f"Write at least one: {example}"))
        return listed(value)

    return BeforeValidator(filled)


def mapped(value: Any) -> Any:
    """Keys with values, which pydantic reads."""
    if isinstance(value, dict):
        return value
    if value is None:
        raise carried(Wrong("There is nothing here.", "Write keys with values below it, or delete it."))
    if isinstance(value, str) and re.match(r"[\w-]+:[^\s/]", value):
        raise carried(Wrong("A space is missing after the colon.", "Write it like key: value."))
    kind = "a list" if isinstance(value, list) else f"the text {quoted(str(value))}"
    raise carried(Wrong(f"Keys with values are expected here, not {kind}.", "Write them like key: value."))


def service_key(key: str, info: ValidationInfo[Names]) -> str:
    """The id of a service, or of a service and one of its channels, joined by a slash."""
    known = info.context.services
    if known is None:
        return key
    service, slash, channel = key.partition("/")
    try:
        values.known_name(service, known, "service")
        if slash and channel not in known[service]:
            hint = did_you_mean(channel, known[service]) or "It has no channels in services.yaml."
            raise Wrong(f'The service "{service}" has no channel "{channel}".', hint)
    except Wrong as wrong:
        raise carried(wrong) from None
    return key


def service_id(value: Any, info: ValidationInfo[Names]) -> str:
    """The id of a whole service."""
    try:
        text = text_of(value)
    except Wrong as wrong:
        raise carried(wrong) from None
    if "/" in text:
        raise carried(Wrong("A whole service is named here, not a channel.", f'Write "{text.split("/")[0]}".'))
    return service_key(text, info)


def post_id(text: str, names: Names) -> str:
    """The id of a post, or the name of its file."""
    return values.known_name(text.removesuffix(".md"), names.posts, "post")


def status_alone(value: Any) -> Any:
    """A status alone stands for an entry that names nothing else."""
    return {"status": value} if isinstance(value, str | bool) else value


def no_status(value: Any) -> Any:
    """An entry of a translation, which has no status to name."""
    if isinstance(value, str | bool):
        hint = "Delete it, or translate the words of the original, like do: or where:."
        raise carried(Wrong("A translation cannot say how a service stands.", hint))
    return value


def reports_of(value: Any) -> Any:
    """Planned work may list its services: their status is the kind's own."""
    if not isinstance(value, list):
        return mapped(value)
    if all(isinstance(key, str) for key in value):
        return {key: {} for key in value}
    raise carried(Wrong("A list cannot say how services stand.", "Write them without the dashes, like trash: down."))


def estimate_alone(value: Any) -> Any:
    """A date, or the word unknown, stands for an estimate that names nothing else."""
    if not isinstance(value, str):
        return value
    if value.strip().casefold() == "unknown":
        return {"unknown": True}
    if value.strip() and not values.TIME.match(value.strip()):
        hint = "Write unknown, a date like 2024-05-20, or words: {words: in a few weeks}."
        raise carried(Wrong(f"{quoted(value)} is not a date.", hint))
    return {"on": value}


def read_when(text: str, names: Names) -> When:
    """A time on the clocks of the site."""
    return values.when(text, names.zone)


def end_of(value: Any, info: ValidationInfo[Names]) -> When | Words:
    """A date where it is one, or else words such as "online payment works again"."""
    if isinstance(value, str) and values.TIME.match(value):
        try:
            return values.when(value, info.context.zone)
        except Wrong as wrong:
            raise carried(wrong) from None
    if isinstance(value, str) and misdated.is_a_day(value):
        raise carried(Wrong(f"{values.quoted(value)} is not a time.", misdated.otherwise(value)))
    return words_of(value, info)


T = TypeVar("T")
Text = Annotated[str, plain(lambda text: text)]
Id = Annotated[str, plain(values.identifier)]
Phone = Annotated[str, plain(values.phone)]
Link = Annotated[str, plain(values.address, Annotated[str, WithJsonSchema({"type": "string", "format": "uri"})])]
Time = Annotated[
    str, WithJsonSchema({"type": "string", "pattern": f"^{re.sub(r'[(][?]P<[a-z]+>', '(', values.TIME.pattern)}$"})
]
Moment = Annotated[When, reader(read_when, Time)]
Language = Annotated[str, reader(lambda text, names: values.known_name(text, names.languages, "language"))]
Phrase = Annotated[Words, PlainValidator(words_of, json_schema_input_type=_Words)]
Keywords = Annotated[
    Words, PlainValidator(keywords_of, json_schema_input_type=_Words | list[Scalar] | dict[str, list[Scalar]])
]
End = Annotated[When | Words, PlainValidator(end_of, json_schema_input_type=_Words)]
Flag = Annotated[bool, PlainValidator(flag_of, json_schema_input_type=bool)]
Listed = Annotated[tuple[T, ...], BeforeValidator(listed)]
ServiceKey = Annotated[str, AfterValidator(service_key)]
ServiceId = Annotated[str, PlainValidator(service_id, json_schema_input_type=str)]
StatusWord = Annotated[Status, word(Status, "status")]
