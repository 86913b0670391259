"""Whom people can call or write to, and who sends alerts."""

from dataclasses import dataclass
from typing import Annotated

from statusgen.english import English
from statusgen.keys import Key, Link, Phone
from statusgen.model.times import When
from statusgen.model.words import Words


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to call. `languages` are those spoken there."""

    name: Annotated[Words, Key("Who answers.", data="Who it is.", example="311 service line")]
    phone: Annotated[
        Phone | None,
        Key("The number to dial.", data="The telephone number.", label=English("the phone number")),
    ] = None
    url: Annotated[
        Link | None,
        Key("Where to write or to read more.", data="The address on the web.", label=English("the address on the web")),
    ] = None
    hours: Annotated[
        Words | None, Key("When someone answers, in words.", data="When someone answers.", label=English("the hours"))
    ] = None
    languages: Annotated[
        tuple[str, ...],
        Key(
            "The languages spoken there, as codes like es.",
            data="The languages that are spoken there (BCP 47).",
            label=English("the languages"),
        ),
    ] = ()


@dataclass(frozen=True, slots=True)
class AccessibilityContact(Contact):
    """Whom to tell that one cannot use a page, or to ask for another form of it, and what the city says of that."""

    statement: Annotated[
        Link | None,
        Key(
            "The address of the city's accessibility statement.",
            data="The address of the publisher's accessibility statement.",
            label=English("the accessibility statement"),
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """What alerts in the Common Alerting Protocol need besides the posts; a site without it makes none.

    `sender` identifies who sends them, as an email address or a host name. `area` names the place that they are
    for, and `codes` give its code in each system, such as `029095` in `SAME`.
    """

    sender: str
    area: Words
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SecurityContact:
    """Whom to tell about a vulnerability (RFC 9116): addresses (mailto:, https: or tel:), and when they expire."""

    contact: tuple[str, ...]
    expires: When
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class FeedbackContact:
    """Whom residents tell that something on a page is wrong: one of three. `{address}` in `url` is that of the page."""

    email: str | None = None
    url: str | None = None
    phone: str | None = None
