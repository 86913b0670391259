"""The shape of what a city writes: every key of services.yaml and of a post, declared once."""

from datetime import timedelta
from typing import Annotated, ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, PlainValidator

from statusgen.model import ChannelKind, Kind, OperatorKind, Tender, Topic, When, Words
from statusgen.reading import colours, values
from statusgen.reading.fields import (
    Flag,
    Id,
    Keywords,
    Link,
    Listed,
    Moment,
    Phrase,
    ServiceId,
    ServiceKey,
    StatusWord,
    Text,
    at_least_one,
    end_of,
    estimate_alone,
    mapped,
    no_status,
    one_or_more,
    plain,
    post_id,
    read_when,
    reader,
    reports_of,
    status_alone,
)
from statusgen.reading.fitting import Shape, Translated


class ContactShape(Shape):
    """Somebody to call."""

    name: Phrase = Field(examples=["311 service line"])
    phone: Text | None = None
    url: Link | None = None
    hours: Phrase | None = None
    languages: Listed[Text] = ()


class AlertsShape(Shape):
    """`alerts:` of the site."""

    sender: Annotated[str, plain(values.sender)] = Field(examples=["status@springfield.example"])
    area: Phrase = Field(examples=["City of Springfield"])
    codes: Annotated[dict[Text, Text], BeforeValidator(mapped)] = Field(default={})


class SecurityShape(Shape):
    """`security:` of the site."""

    contact: Annotated[tuple[Link, ...], BeforeValidator(one_or_more)] = Field(
        examples=["mailto:security@springfield.example"]
    )
    expires: Moment = Field(examples=["2027-01-01"])
    policy: Link | None = None


class SiteShape(Shape):
    """`site:` in services.yaml."""

    title: Phrase = Field(examples=["Springfield service status"])
    url: Annotated[str, plain(values.site_address)] = Field(examples=["https://status.example.org/"])
    timezone: Annotated[ZoneInfo, plain(values.zone)] = Field(examples=["America/Chicago"])
    publisher: Phrase | None = None
    languages: Annotated[tuple[Text, ...], at_least_one("language", "[en]")] = ("en",)
    emergency: Phrase | None = None
    demonstration: Phrase | None = None
    contacts: Listed[ContactShape] = ()
    stale_after: Annotated[timedelta, plain(values.duration)] = timedelta(days=7)
    accent: Annotated[str, plain(colours.accent)] = "#0b5394"
    logo: Text | None = None
    hub: Link | None = None
    alerts: AlertsShape | None = None
    security: SecurityShape | None = None
    as_of: Annotated[
        When | Literal["last update"] | None,
        reader(lambda text, names: "last update" if text.casefold() == "last update" else read_when(text, names)),
    ] = None


class OperatorShape(Shape):
    """One of `operators:` in services.yaml."""

    name: Phrase = Field(examples=["Water department"])
    kind: Annotated[OperatorKind, plain(lambda text: values.one_of(OperatorKind, text, "kind of operator"))] = (
        OperatorKind.CITY
    )
    phone: Text | None = None
    url: Link | None = None


class GroupShape(Shape):
    """One of `groups:` in services.yaml."""

    id: Id = Field(examples=["bills"])
    name: Phrase = Field(examples=["Bills and payments"])


class ChannelShape(Shape):
    """One way to use a service."""

    kind: Annotated[ChannelKind, plain(lambda text: values.one_of(ChannelKind, text, "kind of channel"))] = Field(
        examples=["in_person"]
    )
    id: Id | None = None
    name: Phrase | None = None
    url: Link | None = None
    phone: Text | None = None
    address: Phrase | None = None
    hours: Phrase | None = None
    accepts: Listed[Annotated[Tender, plain(lambda text: values.one_of(Tender, text, "way to pay"))]] = ()
    bring: Phrase | None = None
    fee: Phrase | None = None


class TemporaryChannelShape(ChannelShape):
    """A channel that was set up for the time being, and until when."""

    opens: Moment | None = Field(default=None, alias="from")
    closes: Moment | None = Field(default=None, alias="until")


class ServiceShape(Shape):
    """One of `services:` in services.yaml."""

    name: Phrase = Field(examples=["Trash pickup"])
    id: Id | None = None
    summary: Phrase | None = None
    group: Annotated[str, reader(lambda text, names: values.known_name(text, names.groups, "group"))] | None = None
    operator: (
        Annotated[str, reader(lambda text, names: values.known_name(text, names.operators, "operator"))] | None
    ) = None
    keywords: Keywords | None = None
    code: Text | None = None
    essential: Flag = False
    channels: Listed[ChannelShape] = ()


class ServicesShape(Shape):
    """The whole of services.yaml."""

    site: SiteShape = Field(examples=["site:, and below it title:, url: and timezone:"])
    services: Annotated[tuple[ServiceShape, ...], at_least_one("service", "- name: Trash pickup")] = Field(
        examples=["services:, and below it - name: Trash pickup"]
    )
    operators: Annotated[dict[Id, OperatorShape], BeforeValidator(mapped)] = Field(default={})
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


EstimateField = Annotated[EstimateShape, BeforeValidator(estimate_alone)]


class ReportShape(Shape):
    """What an update says of one service or channel; a status word alone stands for a whole one."""

    status: StatusWord | None = None
    do: Phrase | None = None
    where: Phrase | None = None
    started_before: Moment | None = None
    expected: EstimateField | None = None
    channels: Listed[TemporaryChannelShape] = ()


class WaiverShape(Shape):
    """One of `waivers:`; a later one with the same id changes the keys that it names."""

    id: Id = Field(examples=["late-fees"])
    services: Listed[ServiceId] = ()
    what: Phrase | None = None
    by: Phrase | None = None
    begins: Moment | None = Field(default=None, alias="from")
    until: Annotated[When | Words, PlainValidator(end_of)] | None = None
    how: Phrase | None = None


class DeadlineShape(Shape):
    """One of `deadlines:`; a later one with the same id changes the keys that it names."""

    id: Id = Field(examples=["last-day-to-appeal"])
    on: Moment | None = None
    what: Phrase | None = None
    services: Listed[ServiceId] = ()


ReportsField = Annotated[
    dict[ServiceKey, Annotated[ReportShape, BeforeValidator(status_alone)]], BeforeValidator(reports_of)
]


class FactsShape(Shape):
    """The block of facts under an update's heading."""

    title: Phrase | None = None
    by: Phrase | None = None
    known: Listed[Phrase] = ()
    not_known: Listed[Phrase] = ()
    doing: Listed[Phrase] = ()
    services: ReportsField = Field(default={})
    expected: EstimateField | None = None
    next_update: Moment | None = None
    waivers: Listed[WaiverShape] = ()
    deadlines: Listed[DeadlineShape] = ()
    unrelated_to: Listed[Annotated[str, reader(post_id)]] = ()
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
    kind: Annotated[Kind, plain(lambda text: values.one_of(Kind, text, "kind of post"))] = Kind.INCIDENT
    topic: Annotated[Topic, plain(lambda text: values.one_of(Topic, text, "topic"))] | None = None
    repeats: Text | None = None
    draft: Flag = False


class TranslatedReportShape(Translated):
    """The words of a service entry, translated."""

    original = ReportShape

    do: Phrase | None = None
    where: Phrase | None = None
    channels: Listed["TranslatedChannelShape"] = ()
    expected: "TranslatedEstimateShape | None" = None


class TranslatedChannelShape(Translated):
    """The words of a temporary channel, translated."""

    original = ChannelShape

    id: Id
    name: Phrase | None = None
    address: Phrase | None = None
    hours: Phrase | None = None
    bring: Phrase | None = None
    fee: Phrase | None = None


class TranslatedEstimateShape(Translated):
    """The words of an estimate, translated."""

    original = EstimateShape

    words: Phrase | None = None
    basis: Phrase | None = None


class TranslatedWaiverShape(Translated):
    """The words of a waiver, translated."""

    original = WaiverShape

    id: Id
    what: Phrase | None = None
    by: Phrase | None = None
    until: Phrase | None = None
    how: Phrase | None = None


class TranslatedDeadlineShape(Translated):
    """The words of a deadline, translated."""

    original = DeadlineShape

    id: Id
    what: Phrase | None = None


class TranslatedFactsShape(Translated):
    """The block of facts in a translation: the words only, never a status, a time or a name."""

    original: ClassVar[type[Shape]] = FactsShape

    title: Phrase | None = None
    by: Phrase | None = None
    known: Listed[Phrase] = ()
    not_known: Listed[Phrase] = ()
    doing: Listed[Phrase] = ()
    services: Annotated[
        dict[ServiceKey, Annotated[TranslatedReportShape, BeforeValidator(no_status)]], BeforeValidator(mapped)
    ] = Field(default={})
    expected: TranslatedEstimateShape | None = None
    waivers: Listed[TranslatedWaiverShape] = ()
    deadlines: Listed[TranslatedDeadlineShape] = ()
    wrong: Phrase | None = None
    right: Phrase | None = None


def _human_or_machine(text: str) -> str:
    return values.known_name(text, ("human", "machine"), "kind of translation")


class TranslationShape(TranslatedFactsShape):
    """The front matter of a translation."""

    original = PostShape

    translated: Annotated[str, plain(_human_or_machine)] = "human"
