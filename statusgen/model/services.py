"""What residents use, in which ways, and who runs it."""

from dataclasses import dataclass
from typing import Annotated

from statusgen.english import English
from statusgen.keys import Id, Key, Link, Phone
from statusgen.model.format_enum import FormatEnum
from statusgen.model.times import When
from statusgen.model.words import Words
from statusgen.problems import Place

# What an update can change of a channel for a while.
CHANGEABLE_KEYS = ("accepts", "hours", "address", "phone", "url", "bring", "fee")


# Instead of the id of a channel: all channels of a service.
EVERY_WAY = "*"


class ChannelKind(FormatEnum):
    """The way in which a channel is used."""

    ONLINE = "online"
    PHONE = "phone"
    IN_PERSON = "in_person"
    MAIL = "mail"
    DROP_BOX = "drop_box"
    EMAIL = "email"
    AUTOMATIC = "automatic"
    OTHER = "other"


class Tender(FormatEnum):
    """What a counter takes as payment."""

    CASH = "cash"
    CHECK = "check"
    MONEY_ORDER = "money_order"
    CARD = "card"


class OperatorKind(FormatEnum):
    """Who an operator answers to."""

    CITY = "city"
    COUNTY = "county"
    STATE = "state"
    FEDERAL = "federal"
    PRIVATE = "private"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs a service, where that is not the publisher of the site."""

    id: Annotated[Id, Key("The name by which services choose them.", data="The operator's id.")]
    name: Annotated[Words, Key("What they are called.", data="The operator's name.", example="Water department")]
    kind: Annotated[OperatorKind, Key("What they are.", data="Whom the operator answers to.")] = OperatorKind.CITY
    phone: Annotated[Phone | None, Key("Their number.", data="The operator's telephone number.")] = None
    url: Annotated[Link | None, Key("Their own page.", data="The operator's address on the web.")] = None


@dataclass(frozen=True, slots=True)
class Group:
    """A heading under which services are together."""

    id: Annotated[Id, Key("The name by which services choose it.", data="The group's id.", example="bills")]
    name: Annotated[Words, Key("The heading.", data="The group's name.", example="Bills and payments")]
    staff: Annotated[
        bool,
        Key(
            "Whether only the city's own staff use these services: they come last, and the poster leaves them out.",
            data="Whether only the city's own staff use these services.",
        ),
    ] = False


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to use a service. `opens` and `closes` bound a channel that was set up for a while only.

    Without `kind_given`, the kind is not known yet: the entry changes a channel that an earlier one set up.
    """

    id: Annotated[
        Id,
        Key(
            "The name by which posts speak of it; otherwise its kind.",
            data="Its id, unique in the service.",
            fallback=True,
        ),
    ]
    kind: Annotated[
        ChannelKind,
        Key(
            "What kind of channel it is.",
            data="What kind of way it is.",
            label=English("its kind"),
            example="in_person",
        ),
    ]
    place: Place
    name: Annotated[
        Words | None,
        Key(
            "What people call it; otherwise the word for its kind.",
            data="Its name or, where it has none, its kind in words.",
            label=English("its name"),
        ),
    ] = None
    url: Annotated[Link | None, Key("Its address on the web.", label=English("the address on the web"))] = None
    phone: Annotated[
        Phone | None,
        Key("Its number.", data="Its telephone number, as people write it.", label=English("the phone number")),
    ] = None
    address: Annotated[Words | None, Key("Where it is.", label=English("the address"))] = None
    hours: Annotated[
        Words | None, Key("When it is open, in words.", data="When it is open.", label=English("the hours"))
    ] = None
    accepts: Annotated[
        tuple[Tender, ...], Key("What can be paid with there.", label=English("the means of payment"))
    ] = ()
    bring: Annotated[Words | None, Key("What to bring.", label=English("what to bring"))] = None
    fee: Annotated[Words | None, Key("What it costs to use it.", data="What it costs.", label=English("the fee"))] = (
        None
    )
    opens: Annotated[
        When | None,
        Key(
            "From when it is there; otherwise from this update on.",
            data="When it opens, if it was set up for a while.",
            written="from",
            label=English("its opening"),
        ),
    ] = None
    closes: Annotated[
        When | None,
        Key(
            "Until when it is there.",
            data="When it closes, if it was set up for a while.",
            written="until",
            label=English("its closing"),
        ),
    ] = None
    kind_given: bool = True


@dataclass(frozen=True, slots=True)
class Service:
    """Something that residents use. Without `operator` the publisher of the site runs it.

    Work that repeats does not take place on its
    `skipped_days`. `silence` names the advice that the writer does not want about it.
    """

    id: Annotated[
        Id,
        Key(
            "The name by which posts speak of it; otherwise made from its name.",
            data="Its id, part of its address.",
            fallback=True,
        ),
    ]
    name: Annotated[
        Words, Key("What residents call it.", data="Its name.", label=English("its name"), example="Trash pickup")
    ]
    place: Place
    summary: Annotated[
        Words | None, Key("What it is, in a sentence.", data="What it is.", label=English("its summary"))
    ] = None
    group: Annotated[
        str | None, Key("The group that it belongs to.", data="The id of its group.", label=English("its group"))
    ] = None
    operator: Annotated[
        Operator | None,
        Key(
            "Who runs it; otherwise the publisher.",
            data="Who runs it; null where the publisher of the site does.",
            label=English("its operator"),
        ),
    ] = None
    keywords: Annotated[
        Words | None,
        Key(
            "Other words by which people look for it.",
            data="Words by which people look for it.",
            label=English("its keywords"),
        ),
    ] = None
    code: Annotated[str | None, Key("Its Open311 service code.", label=English("its Open311 code"))] = None
    essential: Annotated[
        bool,
        Key(
            "Whether it leads the list of what still works.",
            data="Whether the city calls it essential.",
            label=English("the mark as essential"),
        ),
    ] = False
    channels: Annotated[
        tuple[Channel, ...], Key("The ways to use it; each has a status of its own.", data="The ways to use it.")
    ] = ()
    silence: Annotated[tuple[str, ...], Key("Advice to silence for it, by name.")] = ()

    @property
    def is_ours(self) -> bool:
        """Whether the publisher runs it, or another office of the same city."""
        return self.operator is None or self.operator.kind is OperatorKind.CITY
