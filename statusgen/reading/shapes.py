"""The shape of what a city writes: every key of services.yaml and of a post, declared once.

pydantic checks a whole document against these shapes and reports every mistake with its path; `problems`
turns the paths into lines and the messages into sentences for the writer. The names that one file uses and
another defines (services, languages, the time zone) come in as `Names`, the validation's context.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any, Literal, Self, TypeVar
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PlainValidator,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from statusgen.errors import Problem, did_you_mean
from statusgen.model import ChannelKind, Kind, OperatorKind, Status, Tender, Topic, When, Words
from statusgen.reading import values
from statusgen.reading.documents import Document
from statusgen.reading.values import Wrong

MAX_WORDS = 2_000


@dataclass(frozen=True)
class Names:
    """What the other files define. `services` maps each service's id to the ids of its channels.

    None stands for "not known", where services.yaml itself cannot be read: nothing is checked against it.
    """

    languages: tuple[str, ...] = ("en",)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    services: dict[str, tuple[str, ...]] | None = None
    operators: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def _wrong(wrong: Wrong) -> PydanticCustomError:
    return PydanticCustomError("content", "{what} {hint}", {"what": wrong.what, "hint": wrong.hint})


def _reader(read: Callable[[str, Names], Any]) -> PlainValidator:
    """A validator from a function that reads text or raises `Wrong`."""

    def validate(value: Any, info: ValidationInfo[Names]) -> Any:
        try:
            return read(_text(value), info.context)
        except Wrong as wrong:
            raise _wrong(wrong) from None

    return PlainValidator(validate)


def _plain(read: Callable[[str], Any]) -> PlainValidator:
    """The same, where no other file matters."""
    return _reader(lambda text, _names: read(text))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        value = "true" if value else "false"
    if value is None:
        raise Wrong("There is nothing here.", "Write a text, or delete the key.")
    if not isinstance(value, str):
        kind = "a list" if isinstance(value, list) else "keys of its own"
        raise Wrong(f"A text is expected here, not {kind}.", "Write it on the line of its key.")
    if not value.strip():
        raise Wrong("There is nothing here.", "Write a text, or delete the key.")
    if len(value) > MAX_WORDS:
        raise Wrong(f"This is longer than {MAX_WORDS:,} characters.", "Write it into the text of an update.")
    return value.strip()


def _words(value: Any, info: ValidationInfo[Names]) -> Words:
    languages = info.context.languages
    try:
        if not isinstance(value, dict):
            return Words(((languages[0], _text(value)),))
        for language in value:
            values.known_name(language, languages, "language")
        if languages[0] not in value:
            raise Wrong(f'The words in "{languages[0]}" are missing.', "Every text needs the first language.")
        return Words(tuple((language, _text(value[language])) for language in languages if language in value))
    except Wrong as wrong:
        raise _wrong(wrong) from None


def _keywords(value: Any, info: ValidationInfo[Names]) -> Words:
    def joined(words: Any) -> Any:
        return ", ".join(_text(word) for word in words) if isinstance(words, list) else words

    try:
        if isinstance(value, dict):
            return _words({language: joined(words) for language, words in value.items()}, info)
        return _words(joined(value), info)
    except Wrong as wrong:
        raise _wrong(wrong) from None


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise _wrong(Wrong(f'"{value}" is neither true nor false.', "Write true or false."))


def _listed(value: Any) -> Any:
    if value is None or isinstance(value, list):
        return value or []
    hint = "Write it in brackets: [one, two]." if isinstance(value, str) else "Begin each entry with a dash."
    raise _wrong(Wrong("A list is expected here.", hint))


def _service_key(key: str, info: ValidationInfo[Names]) -> str:
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
        raise _wrong(wrong) from None
    return key


def _service_id(value: Any, info: ValidationInfo[Names]) -> str:
    try:
        text = _text(value)
    except Wrong as wrong:
        raise _wrong(wrong) from None
    if "/" in text:
        raise _wrong(Wrong("A whole service is named here, not a channel.", f'Write "{text.split("/")[0]}".'))
    return _service_key(text, info)


def _status_alone(value: Any) -> Any:
    return {"status": value} if isinstance(value, str | bool) else value


def _reports(value: Any) -> Any:
    """Planned work may list its services: their status is the kind's own."""
    return {key: {} for key in value if isinstance(key, str)} if isinstance(value, list) else value


def _estimate_alone(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return {"unknown": True} if value.strip().casefold() == "unknown" else {"on": value}


def _read_when(text: str, names: Names) -> When:
    return values.when(text, names.zone)


def _end(value: Any, info: ValidationInfo[Names]) -> When | Words:
    """A date where it is one, or else words such as "online payment works again"."""
    if isinstance(value, str) and values.TIME.match(value):
        try:
            return values.when(value, info.context.zone)
        except Wrong as wrong:
            raise _wrong(wrong) from None
    return _words(value, info)


T = TypeVar("T")
Text = Annotated[str, _plain(lambda text: text)]
Id = Annotated[str, _plain(values.identifier)]
Link = Annotated[str, _plain(values.address)]
Moment = Annotated[When, _reader(_read_when)]
Language = Annotated[str, _reader(lambda text, names: values.known_name(text, names.languages, "language"))]
Phrase = Annotated[Words, PlainValidator(_words)]
Keywords = Annotated[Words, PlainValidator(_keywords)]
Flag = Annotated[bool, PlainValidator(_flag)]
Listed = Annotated[tuple[T, ...], BeforeValidator(_listed)]
ServiceKey = Annotated[str, AfterValidator(_service_key)]
ServiceId = Annotated[str, PlainValidator(_service_id)]
StatusWord = Annotated[Status, _plain(lambda text: values.one_of(Status, text, "status"))]


class Shape(BaseModel):
    """A mapping whose keys are all known; an unknown one is a mistake of its own, beside all others."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=False)

    @model_validator(mode="wrap")
    @classmethod
    def _unknown_keys(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if isinstance(value, cls) or not isinstance(value, dict):
            return handler(value)
        known = [fields.alias or name for name, fields in cls.model_fields.items()]
        errors = [
            InitErrorDetails(
                type=_wrong(Wrong(f'There is no key "{key}" here.', did_you_mean(key, known))), loc=(key,), input=0
            )
            for key in value
            if key not in known
        ]
        try:
            shape = handler({key: value[key] for key in value if key in known})
        except ValidationError as error:
            errors += [_again(details) for details in error.errors(include_url=False)]
        if errors:
            raise ValidationError.from_exception_data(cls.__name__, errors)
        return shape


def _again(details: Any) -> InitErrorDetails:
    if details["type"] == "content":
        kind: Any = PydanticCustomError("content", "{what} {hint}", details["ctx"])
    else:
        kind = details["type"]
    return InitErrorDetails(type=kind, loc=details["loc"], input=details["input"], ctx=details.get("ctx", {}))


class ContactShape(Shape):
    """Somebody to call."""

    name: Phrase
    phone: Text | None = None
    url: Link | None = None
    hours: Phrase | None = None
    languages: Listed[Text] = ()


class SiteShape(Shape):
    """`site:` in services.yaml."""

    title: Phrase = Field(examples=["Springfield service status"])
    url: Annotated[str, _plain(values.site_address)] = Field(examples=["https://status.example.org/"])
    timezone: Annotated[ZoneInfo, _plain(values.zone)] = Field(examples=["America/Chicago"])
    publisher: Phrase | None = None
    languages: Listed[Text] = ("en",)
    emergency: Phrase | None = None
    demonstration: Phrase | None = None
    contacts: Listed[ContactShape] = ()
    stale_after: Annotated[timedelta, _plain(values.duration)] = timedelta(days=7)
    accent: Annotated[str, _plain(values.colour)] = "#0b5394"
    logo: Text | None = None
    as_of: Annotated[
        When | Literal["last update"] | None,
        _reader(lambda text, names: text if text == "last update" else _read_when(text, names)),
    ] = None


class OperatorShape(Shape):
    """One of `operators:` in services.yaml."""

    name: Phrase
    kind: Annotated[OperatorKind, _plain(lambda text: values.one_of(OperatorKind, text, "kind of operator"))] = (
        OperatorKind.CITY
    )
    phone: Text | None = None
    url: Link | None = None


class GroupShape(Shape):
    """One of `groups:` in services.yaml."""

    id: Id
    name: Phrase


class ChannelShape(Shape):
    """One way to use a service; `from` and `until` where it was set up for a while only."""

    kind: Annotated[ChannelKind, _plain(lambda text: values.one_of(ChannelKind, text, "kind of channel"))] = Field(
        examples=["in_person"]
    )
    id: Id | None = None
    name: Phrase | None = None
    url: Link | None = None
    phone: Text | None = None
    address: Phrase | None = None
    hours: Phrase | None = None
    accepts: Listed[Annotated[Tender, _plain(lambda text: values.one_of(Tender, text, "way to pay"))]] = ()
    bring: Phrase | None = None
    fee: Phrase | None = None
    opens: Moment | None = Field(default=None, alias="from")
    closes: Moment | None = Field(default=None, alias="until")


class ServiceShape(Shape):
    """One of `services:` in services.yaml."""

    name: Phrase = Field(examples=["Trash pickup"])
    id: Id | None = None
    summary: Phrase | None = None
    group: Annotated[str, _reader(lambda text, names: values.known_name(text, names.groups, "group"))] | None = None
    operator: (
        Annotated[str, _reader(lambda text, names: values.known_name(text, names.operators, "operator"))] | None
    ) = None
    keywords: Keywords | None = None
    code: Text | None = None
    essential: Flag = False
    channels: Listed[ChannelShape] = ()


class ServicesShape(Shape):
    """The whole of services.yaml."""

    site: SiteShape
    services: Annotated[tuple[ServiceShape, ...], BeforeValidator(_listed)] = Field(min_length=1)
    operators: dict[Id, OperatorShape] = {}
    groups: Listed[GroupShape] = ()


class EstimateShape(Shape):
    """`expected:` written out; `unknown` or a date alone stand for a whole one."""

    unknown: Flag = False
    on: Moment | None = None
    not_before: Moment | None = None
    by: Moment | None = None
    words: Phrase | None = None
    basis: Phrase | None = None
    services: Listed[ServiceId] = ()


EstimateField = Annotated[EstimateShape, BeforeValidator(_estimate_alone)]


class ReportShape(Shape):
    """What an update says of one service or channel; a status word alone stands for a whole one."""

    status: StatusWord | None = None
    do: Phrase | None = None
    where: Phrase | None = None
    started_before: Moment | None = None
    expected: EstimateField | None = None
    channels: Listed[ChannelShape] = ()


class WaiverShape(Shape):
    """One of `waivers:`; a later one with the same id changes the keys that it names."""

    id: Id
    services: Listed[ServiceId] = ()
    what: Phrase | None = None
    by: Phrase | None = None
    begins: Moment | None = Field(default=None, alias="from")
    until: Annotated[When | Words, PlainValidator(_end)] | None = None
    how: Phrase | None = None


class DeadlineShape(Shape):
    """One of `deadlines:`; a later one with the same id changes the keys that it names."""

    id: Id
    on: Moment | None = None
    what: Phrase | None = None
    services: Listed[ServiceId] = ()


ReportsField = Annotated[
    dict[ServiceKey, Annotated[ReportShape, BeforeValidator(_status_alone)]], BeforeValidator(_reports)
]


class FactsShape(Shape):
    """The block of facts under an update's heading."""

    title: Phrase | None = None
    by: Phrase | None = None
    known: Listed[Phrase] = ()
    not_known: Listed[Phrase] = ()
    doing: Listed[Phrase] = ()
    services: ReportsField = {}
    expected: EstimateField | None = None
    next_update: Moment | None = None
    waivers: Listed[WaiverShape] = ()
    deadlines: Listed[DeadlineShape] = ()
    unrelated_to: Listed[Text] = ()
    starts: Moment | None = None
    ends: Moment | None = None
    corrects: Moment | None = None
    wrong: Phrase | None = None
    right: Phrase | None = None


class PostShape(FactsShape):
    """The front matter of a post: the facts of its first update, and what the whole post is."""

    title: Phrase = Field(examples=["Online water bill payment is down"])
    started: Moment | None = None
    posted: Moment | None = None
    kind: Annotated[Kind, _plain(lambda text: values.one_of(Kind, text, "kind of post"))] = Kind.INCIDENT
    topic: Annotated[Topic, _plain(lambda text: values.one_of(Topic, text, "topic"))] | None = None
    repeats: Text | None = None
    draft: Flag = False


class TranslatedReportShape(Shape):
    """The words of a service entry, translated."""

    do: Phrase | None = None
    where: Phrase | None = None
    channels: Listed["TranslatedChannelShape"] = ()
    expected: "TranslatedEstimateShape | None" = None


class TranslatedChannelShape(Shape):
    """The words of a temporary channel, translated."""

    id: Id
    name: Phrase | None = None
    address: Phrase | None = None
    hours: Phrase | None = None
    bring: Phrase | None = None
    fee: Phrase | None = None


class TranslatedEstimateShape(Shape):
    """The words of an estimate, translated."""

    words: Phrase | None = None
    basis: Phrase | None = None


class TranslatedWaiverShape(Shape):
    """The words of a waiver, translated."""

    id: Id
    what: Phrase | None = None
    by: Phrase | None = None
    until: Phrase | None = None
    how: Phrase | None = None


class TranslatedDeadlineShape(Shape):
    """The words of a deadline, translated."""

    id: Id
    what: Phrase | None = None


class TranslatedFactsShape(Shape):
    """The block of facts in a translation: the words only, never a status, a time or a name."""

    title: Phrase | None = None
    by: Phrase | None = None
    known: Listed[Phrase] = ()
    not_known: Listed[Phrase] = ()
    doing: Listed[Phrase] = ()
    services: dict[ServiceKey, TranslatedReportShape] = {}
    expected: TranslatedEstimateShape | None = None
    waivers: Listed[TranslatedWaiverShape] = ()
    deadlines: Listed[TranslatedDeadlineShape] = ()
    wrong: Phrase | None = None
    right: Phrase | None = None


def _human_or_machine(text: str) -> str:
    return values.known_name(text, ("human", "machine"), "kind of translation")


class TranslationShape(TranslatedFactsShape):
    """The front matter of a translation."""

    translated: Annotated[str, _plain(_human_or_machine)] = "human"


S = TypeVar("S", bound=Shape)


def fit(shape: type[S], document: Document, names: Names) -> tuple[S | None, list[Problem]]:
    """The document as `shape`, or every mistake that keeps it from being one."""
    value = {} if document.value is None else document.value
    try:
        return shape.model_validate(value, context=names), []
    except ValidationError as error:
        return None, [_problem(details, document) for details in error.errors(include_url=False)]


def _problem(details: Any, document: Document) -> Problem:
    # pydantic marks a mistake in a key itself with "[key]" at the end of its path.
    path = tuple(step for step in details["loc"] if step != "[key]")
    match details["type"]:
        case "content":
            what, hint = details["ctx"]["what"], details["ctx"]["hint"]
        case "missing":
            path, missing = path[:-1], path[-1]
            inside = f' in "{path[-1]}"' if path and isinstance(path[-1], str) else ""
            what, hint = f'The key "{missing}" is missing{inside}.', _example(missing)
        case "too_short":
            what, hint = "There is no service here.", "Write at least one: - name: Trash pickup."
        case _:
            what, hint = "Keys with values are expected here.", "Write them like key: value, one on each line."
    return Problem(document.place(path), what, hint)


_EXAMPLES = {
    key: fields.examples[0]
    for shape in (SiteShape, ChannelShape, ServiceShape, PostShape)
    for key, fields in shape.model_fields.items()
    if fields.examples
}


def _example(key: str) -> str:
    return f"Write for example {key}: {_EXAMPLES[key]}" if key in _EXAMPLES else "Add it."
