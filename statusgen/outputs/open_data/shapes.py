"""What the parts of the JSON documents are, each key declared once: schemas and their reference come from this.

A key is always there: null, or an empty list, where there is nothing to say. `*_words` and `sentence` are for people
and in the language of the document; the other values are the same in every language. A key may be added within a
version; one that goes, or changes what it means, makes a new version. So a reader ignores keys that it does not know,
and takes a key that an older release did not write yet for null or an empty list, where it may be that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import get_annotations
from types import NoneType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Literal,
    TypeVar,
    dataclass_transform,
    get_args,
    get_origin,
)

from pydantic import ConfigDict, FailFast, Field, WithJsonSchema

from statusgen.board.model.spans import Phase
from statusgen.keys import DeclaredKey, Id, Link, Phone, ServiceId, declared_keys
from statusgen.model import reports as model_reports
from statusgen.model import services as model_services
from statusgen.model import waivers as model_waivers
from statusgen.model.posts import Topic
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.words import Words

VERSION: Literal[1] = 1


def describe(text: str, key: str | None = None, absent: object = None) -> Any:
    """Return what a key means; `key` is how it is written where Python allows no such name.

    `absent` is what a document says that was made before there was the key; it is not needed if the key may be null.
    """
    return Field(description=text, alias=key) if absent is None else Field(absent, description=text, alias=key)


# RFC 3339, section 5.6: a moment with its offset, and a date alone where the hour is not known.
Moment = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
Time = Annotated[
    str, WithJsonSchema({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]})
]
# Where a month may be said as well (ISO 8601), it is written as one: its first day was said by nobody.
VagueTime = Annotated[
    str,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "date-time"},
                {"type": "string", "format": "date"},
                {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"},
            ]
        }
    ),
]
# No "format": addresses may have letters beyond ASCII (RFC 3987), which "uri" forbids and few validators know.
Address = Annotated[str, WithJsonSchema({"type": "string", "pattern": "^https?://"})]
Ids = tuple[str, ...]


class Shape:
    """Something that has these keys and no others; two with the same values are the same."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid", json_schema_serialization_defaults_required=True
    )

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)


S = TypeVar("S", bound=Shape)

if TYPE_CHECKING:
    Declared = Any
else:

    class Declared:
        """Marks a key whose type and meaning the model declares; under a name that is no key, all others of them."""


# How a value of the model is written in a document.
_TYPES: dict[object, object] = {Words: str, When: Time, Id: str, Link: str, Phone: str, ServiceId: str}


@dataclass_transform()
def shape(body: type[S]) -> type[S]:
    """Make a dataclass that can be made and read, and nothing else: what else Python adds to one takes long to make."""
    body.__annotations__ = {name: _allow_absence(hint) for name, hint in get_annotations(body).items()}
    return dataclass(eq=False, repr=False)(body)


def _allow_absence(annotation: Any) -> Any:
    """Let a document that is read lack a key that may be null or an empty list; one that is made must have them all.

    The first mistake in a list is enough: a hostile document could have millions.
    """
    value = get_args(annotation)[0]
    if get_origin(value) is tuple:
        return Annotated[annotation, Field(default=()), FailFast()]
    return Annotated[annotation, Field(default=None)] if NoneType in get_args(value) else annotation


@dataclass_transform()
def shape_of(kind: type, without: tuple[str, ...] = ()) -> Callable[[type[S]], type[S]]:
    """Decorate a shape with keys that `kind` of the model declares, at the places where its body says `Declared`."""

    def decorate(body: type[S]) -> type[S]:
        keys, own = declared_keys(kind), get_annotations(body)
        others = {name: _annotation(key) for name, key in keys.items() if name not in own and name not in without}
        annotations: dict[str, object] = {}
        for name, annotation in own.items():
            if annotation is not Declared:
                annotations[name] = annotation
            else:
                annotations |= {name: _annotation(keys[name])} if name in keys else others
        body.__annotations__ = annotations
        return shape(body)

    return decorate


def _annotation(key: DeclaredKey) -> object:
    value: Any = _TYPES.get(key.type, key.type)
    value = tuple[value, ...] if key.many else value
    # A document made before there was a flag says what a file says that leaves it out.
    absent = False if key.default is False else None
    return Annotated[value | None if key.optional else value, describe(key.key.data or key.key.doc, absent=absent)]


@shape
class Publisher(Shape):
    """The site that the document belongs to."""

    title: Annotated[str, describe("The title of the site.")]
    publisher: Annotated[str, describe("Whose services these are.")]
    url: Annotated[Address, describe("Its front page, in its first language.")]
    timezone: Annotated[str, describe("The time zone of all times and days (IANA name).")]


@shape
class Edition(Shape):
    """The same document in one of the site's languages."""

    language: Annotated[str, describe("The language (BCP 47).")]
    url: Annotated[Address, describe("The document in that language.")]


@shape
class Document(Shape):
    """What every document begins with."""

    schema: Annotated[Address, describe("The JSON Schema of this document.", key="$schema")]
    version: Annotated[Literal[1], describe("The version of the format.")]
    url: Annotated[Address, describe("This document.")]
    page: Annotated[Address, describe("The page that shows the same to people.")]
    language: Annotated[
        str, describe("The language of the words (BCP 47). Words that nobody translated are in the first.")
    ]
    languages: Annotated[
        tuple[Edition, ...], describe("The document in every language of the site, the first one first.")
    ]
    site: Annotated[Publisher, describe("Whose document it is.")]
    demonstration: Annotated[str | None, describe("What people must know where all of this is a drill or an example.")]


@shape
class Source(Shape):
    """The update that said something."""

    incident: Annotated[str, describe("The id of its incident.")]
    update: Annotated[str, describe("Its own id, unique in the incident.")]
    url: Annotated[Address, describe("The update on its page.")]


@shape
class Promise(Shape):
    """When the next update was promised."""

    by: Annotated[Time, describe("When it is due.")]
    overdue: Annotated[bool, describe("Whether that has passed in silence.")]
    incident: Annotated[str, describe("The id of the incident about which it was promised.")]


@shape
class Told(Shape):
    """Where an update was sent. Addresses are never published."""

    channel: Annotated[str, describe("What residents call the channel.")]
    at: Annotated[Time, describe("When it was sent or, if that is not known, tried.")]
    known: Annotated[bool, describe("Whether it was sent for certain; otherwise nobody knows.")]
    sentence: Annotated[str, describe("The same as a sentence.")]


@shape
class Interval(Shape):
    """A stretch of time at one status."""

    status: Annotated[Status, describe("The status.")]
    status_words: Annotated[str, describe("The status in words.")]
    begins: Annotated[
        VagueTime | None, describe("Since when; null where it was so before anything was said.", key="from")
    ]
    begins_before: Annotated[bool, describe("Whether it began at an unknown time before `from`.", key="from_before")]
    begins_reported: Annotated[
        bool,
        describe(
            "Whether `from` is only when it was reported: nobody said when it began.", key="from_reported", absent=False
        ),
    ]
    until: Annotated[VagueTime | None, describe("Until when; null where it goes on.")]
    opened_by: Annotated[Source | None, describe("The update that began it; null where the clock did.")]
    closed_by: Annotated[Source | None, describe("The update that ended it; null where the clock did, or it goes on.")]
    said: Annotated[
        tuple[Time, ...], describe("Of a problem, when updates said so, oldest first; nobody checked in between.")
    ]


@shape
class Change(Shape):
    """A service, or one of its channels, went from one status to another."""

    service: Annotated[str, describe("The id of the service.")]
    service_name: Annotated[str, describe("Its name.")]
    channel: Annotated[str | None, describe("The id of the channel; null where it is the whole service.")]
    channel_name: Annotated[str | None, describe("Its name.")]
    before: Annotated[Status | None, describe("The status before; null where nothing was said of it.")]
    before_words: Annotated[str | None, describe("The status before, in words.")]
    after: Annotated[Status, describe("The status after.")]
    after_words: Annotated[str, describe("The status after, in words.")]
    at: Annotated[Time, describe("When an update said so, or when the clock did it.")]
    source: Annotated[Source | None, describe("The update that said so; null where the clock did it.")]


@shape_of(model_reports.Estimate)
class Estimate(Shape):
    """When something is expected back, as it was said once."""

    said: Annotated[Time, describe("When it was said.")]
    source: Annotated[Source, describe("The update that said it.")]
    services: Declared
    channel: Annotated[str | None, describe("The id of the channel that it was said of, where it was one alone.")]
    unknown: Declared
    not_before: Annotated[VagueTime | None, describe("The earliest time.")]
    by: Annotated[VagueTime | None, describe("The latest time.")]
    others: Declared
    sentence: Annotated[str, describe("All of it as a sentence.")]


@shape_of(model_waivers.Waiver)
class Waiver(Shape):
    """A fee, penalty or deadline that does not apply for a while."""

    id: Declared
    what: Declared
    by: Declared
    services: Declared
    begins: Annotated[Time | None, describe("The first day.", key="from")]
    others: Declared
    sentence: Annotated[str, describe("All of it in sentences.")]
    incident: Annotated[str, describe("The id of the incident that granted it.")]


@shape
class WaiverNow(Waiver):
    """A waiver that holds, or will."""

    phase: Annotated[Phase, describe("`open` where it holds at the moment, `planned` where it will.")]


@shape_of(model_waivers.Deadline)
class Deadline(Shape):
    """A date that residents must know."""

    id: Declared
    on: Declared
    what: Declared
    others: Declared
    incident: Annotated[str, describe("The id of the incident that named it.")]


@shape_of(model_services.Channel)
class Channel(Shape):
    """A channel: one way to use a service."""

    id: Declared
    kind: Declared
    name: Annotated[str, describe("Its name or, where it has none, its kind in words.")]
    url: Declared
    phone: Declared
    address: Declared
    hours: Declared
    accepts: Declared
    accepts_words: Annotated[str | None, describe("The same in words.")]
    others: Declared


@shape
class Window(Shape):
    """One stretch of planned work."""

    begins: Annotated[Time, describe("When it begins.", key="from")]
    until: Annotated[Time | None, describe("When it ends; null where nobody knows.")]
    opened_by: Annotated[Source | None, describe("The update that began it; null where the clock does.")]
    closed_by: Annotated[Source | None, describe("The update that ended it; null where the clock does.")]


@shape_of(model_services.Operator)
class Operator(Shape):
    """Who runs a service, where that is not the publisher of the site."""

    id: Declared
    name: Declared
    kind: Declared
    kind_words: Annotated[str, describe("The same in words.")]
    others: Declared


@shape
class Incident(Shape):
    """An incident, planned work or a notice, in short."""

    id: Annotated[str, describe("Its id, part of its address.")]
    kind: Annotated[Kind, describe("What it is.")]
    kind_words: Annotated[str, describe("The same in words; of a notice, its subject.")]
    topic: Annotated[Topic | None, describe("The subject of a notice.")]
    title: Annotated[str, describe("Its title.")]
    state: Annotated[State, describe("How far it has come.")]
    state_words: Annotated[str, describe("The same in words.")]
    phase: Annotated[Phase, describe("Whether it is still to come, open, or past.")]
    started: Annotated[Time, describe("When it began.")]
    began_before: Annotated[
        bool, describe("Whether it began at an unknown time before `started`; then no days are counted from that.")
    ]
    ended: Annotated[Time | None, describe("When it was over; null while it is not.")]
    services: Annotated[Ids, describe("The ids of the services that it is about.")]
    opened_by: Annotated[Source, describe("Its first update.")]
    closed_by: Annotated[Source | None, describe("The update that ended it; null where the clock did, or none has.")]
    page: Annotated[Address, describe("Its page.")]
    data: Annotated[Address, describe("All of it, as JSON.")]


@shape
class IncidentFacts(Incident):
    """An incident, planned work or a notice, with what is true of it."""

    number_of_updates: Annotated[int, describe("How many updates there are.")]
    last_update: Annotated[Time, describe("When the newest of them was published.")]
    next_update: Annotated[Promise | None, describe("When the next is due.")]
    holds_back: Annotated[Ids, describe("The ids of the services that it keeps from working as usual.")]
    do: Annotated[str | None, describe("What everybody can do, as last said.")]
    do_short: Annotated[str | None, describe("The same in few words; null where nobody gave any.")]
    do_said: Annotated[Time | None, describe("When that was last said.")]
    do_until: Annotated[Time | None, describe("Until when it holds; null where nobody said.")]
    told: Annotated[tuple[Told, ...], describe("Where its newest update was sent, if the site shows that.", absent=())]
    may_reach_further: Annotated[
        bool, describe("Whether it may affect services of which nothing is said.", absent=False)
    ]
    known: Annotated[Ids, describe("What is known, as last said.")]
    not_known: Annotated[Ids, describe("What is not known, as last said.")]
    doing: Annotated[Ids, describe("What is being done, as last said.")]
    unrelated_to: Annotated[Ids, describe("The ids of incidents that it was said to have nothing to do with.")]
    ends: Annotated[Time | None, describe("When a notice is over by the clock.")]
    window: Annotated[
        Window | None, describe("Of planned work, the stretch that matters: running, else next, else last.")
    ]
    repeats: Annotated[str | None, describe("How planned work repeats (RRULE of RFC 5545).")]
    was: Annotated[
        tuple[Address, ...], describe("Its addresses on an earlier site, which lead to its page.", absent=())
    ]
