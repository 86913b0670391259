"""How the value under one key is read: texts, words in several languages, lists, names that other files define.

Each reader takes what YAML made of the value and raises pydantic's error with a sentence for the writer.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, PlainValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from statusgen.content.format import date_hints, values
from statusgen.content.posts.blanks import BLANK
from statusgen.english import English
from statusgen.model.services import EVERY_WAY, ChannelKind
from statusgen.model.statuses import WRITTEN_STATUSES, Status
from statusgen.model.times import When
from statusgen.model.words import Words
from statusgen.problems import InvalidValue
from statusgen.text import did_you_mean, quote_text

MAX_TEXT_LENGTH = 2_000
# Of an answer in a list on a phone: about a line and a half.
MAX_SHORT_LENGTH = 60

# What the JSON Schema tells editors about a value: YAML has numbers where we read text, such as a phone's.
Scalar = Annotated[str, WithJsonSchema({"type": ["string", "number"]})]
Translations = Annotated[dict[str, str], WithJsonSchema({"type": "object", "additionalProperties": {"type": "string"}})]
_WordsInput = Scalar | Translations


@dataclass(frozen=True)
class Names:
    """What the other files define. `services` maps each service's id to the ids of its channels.

    It is None, for "not known", if no service can be read; nothing is checked against it then. `is_known` is
    false if services.yaml as a whole cannot be read, so that even the languages are not known. `posts` are the
    ids of all posts. `silence` has what is silenced for the whole site. `is_translation` is true while a translation
    is read, which has words in one language and nothing else.
    """

    languages: tuple[str, ...] = ("en",)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    services: dict[str, tuple[str, ...]] | None = None
    operators: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    silence: tuple[str, ...] = ()
    is_known: bool = False
    is_translation: bool = False


def to_pydantic_error(error: InvalidValue, *keys: str) -> PydanticCustomError:
    """Return the mistake as pydantic carries it; `keys` lead from the value to where in it the mistake is."""
    return PydanticCustomError("content", "{what}", {"what": error.what, "wrong": error, "below": keys})


def context_parser(parse: Callable[[str, Names], object], editor_type: object = Scalar) -> PlainValidator:
    """Return a validator from a function that reads text or raises InvalidValue; `editor_type` is for the schema."""

    def validate(value: object, info: ValidationInfo[Names]) -> object:
        try:
            return parse(parse_text(value), info.context)
        except InvalidValue as wrong:
            raise to_pydantic_error(wrong) from None

    return PlainValidator(validate, json_schema_input_type=editor_type)


def parser(parse: Callable[[str], object], editor_type: object = Scalar) -> PlainValidator:
    """Return such a validator for a function that needs no other file."""
    return context_parser(lambda text, _names: parse(text), editor_type)


def enum_parser(members: Iterable[Enum], noun: str) -> PlainValidator:
    """Return a validator for one of the words of these members of an enum; `noun` says what they are."""
    members = tuple(members)
    words = [kind.value for kind in members]
    return parser(lambda text: values.parse_enum(members, text, noun), Annotated[str, WithJsonSchema({"enum": words})])


def known_name(noun: str, names: Callable[[Names], Collection[str]]) -> PlainValidator:
    """Return a validator for a name that services.yaml defines; `names` says which names there are."""
    return context_parser(lambda text, known: values.check_known_name(text, names(known), noun), str)


def parse_text(value: object) -> str:
    """Return a text on one line; raise InvalidValue if it is not text."""
    if isinstance(value, bool):
        value = "true" if value else "false"
    if value is None:
        raise InvalidValue(English("There is nothing here."), English("Write a text, or delete the key."))
    if not isinstance(value, str):
        kind = "a list" if isinstance(value, list) else "keys of its own"
        raise InvalidValue(
            English("This should be text, not %(kind)s.", kind=kind), English("Write it on the same line as its key.")
        )
    text = re.sub(r"[ \t\n]+", " ", value).strip()
    if not text:
        raise InvalidValue(English("There is nothing here."), English("Write a text, or delete the key."))
    if len(text) > MAX_TEXT_LENGTH:
        raise InvalidValue(
            English("This is longer than %(most)s characters.", most=f"{MAX_TEXT_LENGTH:,}"),
            English("Move it into the text of an update."),
        )
    return text


def parse_words(value: object, info: ValidationInfo[Names]) -> Words:
    """Return words, which are a text in the first language or one in each of several."""
    try:
        if not isinstance(value, dict):
            text = parse_text(value)
            # What is still a blank is not translated: the original stands in for it.
            is_blank = info.context.is_translation and BLANK.search(text)
            return Words(() if is_blank else ((info.context.languages[0], text),))
    except InvalidValue as wrong:
        raise to_pydantic_error(wrong) from None
    if facts := [key for key in ("words", "short", "until") if key in value]:
        raise to_pydantic_error(_written_out_error(facts, info.context), facts[-1])
    texts = {language: _parse_translation(language, value[language], info.context) for language in value}
    languages = info.context.languages if info.context.is_known else tuple(texts)
    if not languages or languages[0] not in texts:
        what = f'The words in "{info.context.languages[0]}" are missing.'
        raise to_pydantic_error(InvalidValue(what, "Every text must be given in the first language."))
    return Words(tuple((language, texts[language]) for language in languages if language in texts))


def parse_short_words(value: object, info: ValidationInfo[Names]) -> Words:
    """Return words that fit into one line of a list, in every language that they are in."""
    words = parse_words(value, info)
    try:
        for _, text in words.texts:
            check_short_length(text)
    except InvalidValue as wrong:
        raise to_pydantic_error(wrong) from None
    return words


def check_short_length(text: str) -> None:
    """Raise InvalidValue if a short answer has more letters than fit into one line of a list."""
    if len(text) > MAX_SHORT_LENGTH:
        what = English(
            "These words have %(number)s letters; a short answer has at most %(most)s.",
            number=len(text),
            most=MAX_SHORT_LENGTH,
        )
        raise InvalidValue(
            what, English("Say only what helps most; what else people can do is said in full beside it.")
        )


def _written_out_error(facts: list[str], names: Names) -> InvalidValue:
    """Return what is wrong with words that are written out like `do: {words: …, until: …}` where only words belong."""
    hint = "Write the words on the same line as their key."
    if names.is_translation:
        said_once = " The original says until: once, for every language." if "until" in facts else ""
        return InvalidValue("A translation gives the words alone here.", f"{hint}{said_once}")
    return InvalidValue(f'There is no key "{facts[-1]}" here: these are words alone.', hint)


def _parse_translation(language: str, value: object, names: Names) -> str:
    try:
        if names.is_known:
            _check_language(language, names)
        return parse_text(value)
    except InvalidValue as wrong:
        raise to_pydantic_error(wrong, language) from None


def _check_language(language: str, names: Names) -> None:
    try:
        values.check_known_name(language, names.languages, "language")
    except InvalidValue as wrong:
        if re.fullmatch(r"[a-z]{2,3}([-_]\w+)?", language):
            raise
        hint = f"{wrong.hint} Text that contains a colon needs quotes."
        raise InvalidValue(wrong.what, hint) from None


def parse_keywords(value: object, info: ValidationInfo[Names]) -> Words:
    """Return words that a list may be written for."""

    def joined(words: object) -> object:
        return ", ".join(parse_text(word) for word in words) if isinstance(words, list) and words else words

    try:
        whole = {key: joined(words) for key, words in value.items()} if isinstance(value, dict) else joined(value)
    except InvalidValue as wrong:
        raise to_pydantic_error(wrong) from None
    return parse_words(whole, info)


def parse_flag(value: object) -> bool:
    """Return true or false."""
    if isinstance(value, bool):
        return value
    try:
        words = quote_text(parse_text(value))
    except InvalidValue as wrong:
        raise to_pydantic_error(wrong) from None
    raise to_pydantic_error(InvalidValue(f"{words} is neither true nor false.", "Write true or false."))


def check_list(value: object) -> object:
    """Return a list, whose entries pydantic reads."""
    if isinstance(value, list):
        return value
    if value is None:
        raise to_pydantic_error(InvalidValue("There is nothing here.", "Write a list, or delete the key."))
    hint = "Write it in brackets: [one, two]." if isinstance(value, str) else "Begin each entry with a dash."
    if isinstance(value, str) and re.match("[-•●▪\u2013*]", value):
        hint = "Begin each entry with a plain dash and a space."
    raise to_pydantic_error(InvalidValue("This should be a list.", hint))


def one_or_more(value: object) -> object:
    """Return a list; a single entry may be written without it."""
    return [value] if isinstance(value, str) else check_list(value)


def at_least_one(noun: str, example: str) -> BeforeValidator:
    """Return a validator of a list that must not be empty."""

    def filled(value: object) -> object:
        if value == []:
            raise to_pydantic_error(InvalidValue(f"There is no {noun} here.", f"Write at least one: {example}"))
        return check_list(value)

    return BeforeValidator(filled)


def check_mapping(value: object) -> dict[str, object]:
    """Return keys with values, which pydantic reads."""
    if isinstance(value, dict):
        return value
    if value is None:
        raise to_pydantic_error(
            InvalidValue("There is nothing here.", "Write keys with values below it, or delete it.")
        )
    if isinstance(value, str) and re.match(r"[\w-]+:[^\s/]", value):
        raise to_pydantic_error(InvalidValue("A space is missing after the colon.", "Write it like key: value."))
    kind = "a list" if isinstance(value, list) else f"the text {quote_text(str(value))}"
    raise to_pydantic_error(
        InvalidValue(f"This should be keys with values, not {kind}.", "Write them like key: value.")
    )


def check_service_key(key: str, info: ValidationInfo[Names]) -> str:
    """Return the id of a service, or of a service and one of its channels, joined by a slash."""
    known = info.context.services
    if known is None:
        return key
    service, slash, channel = key.partition("/")
    try:
        if slash and service in ("all", "group") and service not in known:
            what = f'"{service}/" means several services in commands only.'
            raise InvalidValue(what, "Write the name of each service here.")
        values.check_known_name(service, known, "service")
        if slash and channel not in (*known[service], EVERY_WAY):
            hint = did_you_mean(channel, known[service]) or "It has no channels in services.yaml."
            raise InvalidValue(f'The service "{service}" has no channel "{channel}".', hint)
    except InvalidValue as wrong:
        raise to_pydantic_error(wrong) from None
    return key


def parse_service_key(value: object, info: ValidationInfo[Names]) -> str:
    """Return the id of a service, or of a service and one of its channels, where it is a value."""
    try:
        text = parse_text(value)
    except InvalidValue as wrong:
        raise to_pydantic_error(wrong) from None
    return check_service_key(text, info)


def parse_service_id(value: object, info: ValidationInfo[Names]) -> str:
    """Return the id of a whole service."""
    try:
        text = parse_text(value)
    except InvalidValue as wrong:
        raise to_pydantic_error(wrong) from None
    if "/" in text:
        raise to_pydantic_error(
            InvalidValue("This must name a whole service, not a channel.", f'Write "{text.split("/")[0]}".')
        )
    return check_service_key(text, info)


def parse_post_id(text: str, names: Names) -> str:
    """Return the id of a post, or the name of its file."""
    return values.check_known_name(text.removesuffix(".md"), names.posts, "post")


def expand_status(value: object) -> object:
    """Return an entry; a status alone is short for an entry that says nothing else."""
    return {"status": value} if isinstance(value, str | bool) else value


def reject_status(value: object) -> object:
    """Return an entry of a translation; raise an error if it gives a status."""
    if isinstance(value, str | bool):
        hint = "Delete it, or translate the words of the original, like do: or where:."
        raise to_pydantic_error(InvalidValue("A translation cannot give the status of a service.", hint))
    return value


def drop_blank_services(value: object) -> object:
    """Return the entries of a translation without those whose service a template leaves blank."""
    return {key: entry for key, entry in check_mapping(value).items() if not BLANK.search(key)}


def expand_translated_estimate(value: object) -> object:
    """Return an estimate of a translation; words alone are short for it. Raise an error if it says when."""
    expanded = expand_estimate(value)
    if not isinstance(value, str) or (isinstance(expanded, dict) and "words" in expanded):
        return expanded
    hint = "Delete it here: the original says it for every language."
    raise to_pydantic_error(InvalidValue("A translation cannot say when something is expected back.", hint))


def expand_reports(value: object) -> object:
    """Return entries by service; planned work may list its services, whose status follows from its kind."""
    if not isinstance(value, list):
        return check_mapping(value)
    if all(isinstance(key, str) for key in value):
        return {key: {} for key in value}
    raise to_pydantic_error(
        InvalidValue("A list cannot give the status of services.", "Write them without the dashes, like trash: down.")
    )


def expand_advice(value: object) -> object:
    """Return advice; words alone are short for advice without an end."""
    is_written_out = isinstance(value, dict) and not {"words", "short", "until"}.isdisjoint(value)
    return value if is_written_out else {"words": value}


def parse_since(text: str, names: Names) -> When | Literal["incident"]:
    """Return since when something is so: a time, a day, a month, or `incident` for the beginning of the incident."""
    if text.casefold() == "incident":
        return "incident"
    try:
        return values.parse_time_or_month(text, names.zone)
    except InvalidValue as wrong:
        if any(char.isdigit() for char in text):
            raise
        raise InvalidValue(wrong.what, "Write a date like 2024-05-15, a month like 2024-05, or incident.") from None


def parse_vague_moment(text: str, names: Names) -> When:
    """Return a time on the clocks of the site, a day, or a month."""
    return values.parse_time_or_month(text, names.zone)


def expand_estimate(value: object) -> object:
    """Return an estimate; a date, words, or the word unknown, is short for an estimate that says nothing else.

    What has no letter is taken for a date that was mistyped.
    """
    if not isinstance(value, str):
        return value
    if value.strip().casefold() == "unknown":
        return {"unknown": True}
    is_time = values.VAGUE_TIME_PATTERN.match(value.strip()) or date_hints.is_date_like(value)
    return {"on": value} if is_time or not any(map(str.isalpha, value)) else {"words": value}


def parse_moment(text: str, names: Names) -> When:
    """Return a time on the clocks of the site."""
    return values.parse_time(text, names.zone)


def parse_exact_moment(text: str, names: Names) -> When:
    """Return a time on the clocks of the site; raise InvalidValue for a date alone."""
    when = values.parse_time(text, names.zone)
    if when.is_whole_day:
        what = f"{quote_text(text)} has no time of day, so it is not known which updates are older."
        raise InvalidValue(what, f"Write the time, too, like {text.strip()} 09:00.")
    return when


def parse_end(value: object, info: ValidationInfo[Names]) -> When | Words:
    """Return a date, or words such as "online payment works again"."""
    if isinstance(value, str) and values.TIME_PATTERN.match(value):
        try:
            return values.parse_time(value, info.context.zone)
        except InvalidValue as wrong:
            raise to_pydantic_error(wrong) from None
    if isinstance(value, str) and date_hints.is_date_like(value):
        raise to_pydantic_error(
            InvalidValue(f"{quote_text(value)} is not a valid date or time.", date_hints.time_hint(value))
        )
    return parse_words(value, info)


T = TypeVar("T")
Text = Annotated[str, parser(lambda text: text)]
Id = Annotated[str, parser(values.parse_id)]
Phone = Annotated[str, parser(values.parse_phone)]
Link = Annotated[str, parser(values.parse_link, Annotated[str, WithJsonSchema({"type": "string", "format": "uri"})])]
WebAddress = Annotated[
    str, parser(values.parse_web_address, Annotated[str, WithJsonSchema({"type": "string", "format": "uri"})])
]
TimeInput = Annotated[
    str,
    WithJsonSchema({"type": "string", "pattern": f"^{re.sub(r'[(][?]P<[a-z]+>', '(', values.TIME_PATTERN.pattern)}$"}),
]
Moment = Annotated[When, context_parser(parse_moment, TimeInput)]
ExactMoment = Annotated[When, context_parser(parse_exact_moment, TimeInput)]
Language = Annotated[
    str, context_parser(lambda text, names: values.check_known_name(text, names.languages, "language"))
]
Phrase = Annotated[Words, PlainValidator(parse_words, json_schema_input_type=_WordsInput)]
ShortPhrase = Annotated[Words, PlainValidator(parse_short_words, json_schema_input_type=_WordsInput)]
Keywords = Annotated[
    Words, PlainValidator(parse_keywords, json_schema_input_type=_WordsInput | list[Scalar] | dict[str, list[Scalar]])
]
TimeOrWords = Annotated[When | Words, PlainValidator(parse_end, json_schema_input_type=_WordsInput)]
Flag = Annotated[bool, PlainValidator(parse_flag, json_schema_input_type=bool)]
ListOf = Annotated[tuple[T, ...], BeforeValidator(check_list)]
ServiceKey = Annotated[str, AfterValidator(check_service_key)]
ServiceOrChannel = Annotated[str, PlainValidator(parse_service_key, json_schema_input_type=str)]
ServiceId = Annotated[str, PlainValidator(parse_service_id, json_schema_input_type=str)]
StatusWord = Annotated[Status, enum_parser(WRITTEN_STATUSES, "status")]
VagueMoment = Annotated[When, context_parser(parse_vague_moment, TimeInput)]
ChannelWord = Annotated[ChannelKind, enum_parser(ChannelKind, "kind of channel")]
