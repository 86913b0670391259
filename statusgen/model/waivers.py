"""What does not apply for a while, and dates that residents must know."""

from dataclasses import dataclass
from typing import Annotated

from statusgen.keys import Id, Key, ServiceId
from statusgen.model.times import When
from statusgen.model.words import Words
from statusgen.problems import Place


@dataclass(frozen=True, slots=True)
class Waiver:
    """A fee, penalty or deadline that does not apply for a while. A later one with its id fills in or changes it."""

    id: Annotated[
        Id,
        Key(
            "The name by which later updates speak of it.", data="Its id, unique in its incident.", example="late-fees"
        ),
    ]
    place: Place
    what: Annotated[Words | None, Key("What does not apply for now.", data="What does not apply.")] = None
    by: Annotated[Words | None, Key("Who granted it.")] = None
    services: Annotated[
        tuple[ServiceId, ...],
        Key(
            "The services that it is about; otherwise all that the post has named by then.",
            data="The ids of the services that it is about.",
        ),
    ] = ()
    begins: Annotated[
        When | None, Key("From when; otherwise from this update on.", data="The first day.", written="from")
    ] = None
    until: Annotated[When | None, Key("Its last day, or words for what ends it.", data="The last day.")] = None
    until_words: Annotated[
        Words | None,
        Key("What ends it.", data="Until when, where no day was said: “online payment works again”."),
    ] = None
    how: Annotated[
        Words | None,
        Key("How to get it; `automatic` if nobody has to ask.", data="How one gets it."),
    ] = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date that residents must know. A later one with its id changes it."""

    id: Annotated[
        Id,
        Key(
            "The name by which later updates speak of it.",
            data="Its id, unique in its incident.",
            example="last-day-to-appeal",
        ),
    ]
    place: Place
    on: Annotated[When | None, Key("The date.")] = None
    what: Annotated[Words | None, Key("What is due, or ends, on that date.", data="What it is about.")] = None
    services: Annotated[
        tuple[ServiceId, ...],
        Key("The services that it is about.", data="The ids of the services that it is about."),
    ] = ()
