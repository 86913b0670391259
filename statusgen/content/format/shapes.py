"""The shape of what a city writes: every key of services.yaml and of a post, declared once, with what it means."""

from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from statusgen.content.format import colors, values
from statusgen.content.format.fields import (
    Flag,
    Id,
    Keywords,
    Link,
    ListOf,
    Moment,
    Phone,
    Phrase,
    ServiceId,
    ServiceKey,
    StatusWord,
    Text,
    TimeInput,
    TimeOrWords,
    at_least_one,
    check_mapping,
    context_parser,
    enum_parser,
    expand_estimate,
    expand_reports,
    expand_status,
    one_or_more,
    parse_moment,
    parse_post_id,
    parser,
    reject_status,
)
from statusgen.content.format.validation import Shape, TranslatedShape
from statusgen.model import ChannelKind, Kind, OperatorKind, Tender, Topic, When


def optional_key(meaning: str, default: Any = None, alias: str | None = None) -> Any:
    """A key that may be left out; `alias` is how it is written, where Python needs that word for itself."""
    return Field(default=default, alias=alias, description=meaning)


def required_key(meaning: str, example: str) -> Any:
    """A key that must be there."""
    return Field(description=meaning, examples=[example])


class ContactShape(Shape):
    """Somebody to call."""

    name: Phrase = required_key("Who answers.", "311 service line")
    phone: Phone | None = optional_key("The number, as one dials it.")
    url: Link | None = optional_key("Where to write or to read more.")
    hours: Phrase | None = optional_key("When somebody answers, in words.")
    languages: ListOf[Text] = optional_key("The languages spoken there, as codes like es.", ())


class AlertsShape(Shape):
    """`alerts:` of the site: alerts in the Common Alerting Protocol, version 1.2."""

    sender: Annotated[str, parser(values.parse_alert_sender)] = required_key(
        "Who sends them: an e-mail address or a host name.", "status@springfield.example"
    )
    area: Phrase = required_key("The place that they are for.", "City of Springfield")
    codes: Annotated[dict[Text, Text], BeforeValidator(check_mapping)] = optional_key(
        "The same place in systems of codes, such as SAME.", {}
    )


class SecurityShape(Shape):
    """`security:` of the site: whom to tell of a hole in it (RFC 9116)."""

    contact: Annotated[tuple[Link, ...], BeforeValidator(one_or_more)] = required_key(
        "Where to write or to call; one address, or a list.", "mailto:security@springfield.example"
    )
    expires: Moment = required_key("Until when that holds.", "2027-01-01")
    policy: Link | None = optional_key("What is promised to those who tell.")


class SiteShape(Shape):
    """`site:` in services.yaml."""

    title: Phrase = required_key("What the page is called.", "Springfield service status")
    url: Annotated[str, parser(values.parse_site_url)] = required_key(
        "Where it will be published; it may have a path.", "https://status.example.org/"
    )
    timezone: Annotated[ZoneInfo, parser(values.parse_zone)] = required_key(
        "The zone of all its times, by its IANA name.", "America/Chicago"
    )
    publisher: Phrase | None = optional_key("Who publishes it; otherwise the title stands for them.")
    languages: Annotated[tuple[Text, ...], at_least_one("language", "[en]")] = optional_key(
        "The languages of the site, as codes; the first is the one that posts are written in.", ("en",)
    )
    emergency: Phrase | None = optional_key("What stands at the top of every page.")
    demonstration: Phrase | None = optional_key(
        "The words of a bar on every page that says that this is none of the city's own."
    )
    contacts: ListOf[ContactShape] = optional_key("Whom to call.", ())
    stale_after: Annotated[timedelta, parser(values.parse_duration)] = optional_key(
        "After how long without a word a problem is marked as not checked.", timedelta(days=7)
    )
    accent: Annotated[str, parser(colors.parse_accent)] = optional_key(
        "The colour of links; it must be readable on white.", "#0b5394"
    )
    logo: Text | None = optional_key("A picture below the site's folder.")
    hub: Link | None = optional_key("A WebSub hub, which tells subscribers of the feeds.")
    alerts: AlertsShape | None = optional_key("Alerts in the Common Alerting Protocol; without this there are none.")
    security: SecurityShape | None = optional_key("Whom to tell of a hole in the site; makes a security.txt.")
    silence: Annotated[tuple[Text, ...], BeforeValidator(one_or_more)] = optional_key(
        "Advice that nobody wants for this site, by its names.", ()
    )
    as_of: Annotated[
        When | Literal["last update"] | None,
        context_parser(
            lambda text, names: "last update" if text.casefold() == "last update" else parse_moment(text, names),
            TimeInput | Literal["last update"],
        ),
    ] = optional_key("For demonstrations: the moment that is shown, a time or `last update`.")


class OperatorShape(Shape):
    """One of `operators:` in services.yaml: who runs services, where that is not the publisher."""

    name: Phrase = required_key("What they are called.", "Water department")
    kind: Annotated[OperatorKind, enum_parser(OperatorKind, "kind of operator")] = optional_key(
        "What they are.", OperatorKind.CITY
    )
    phone: Phone | None = optional_key("Their number.")
    url: Link | None = optional_key("Their own page.")


class GroupShape(Shape):
    """One of `groups:` in services.yaml: a heading on the front page."""

    id: Id = required_key("The name by which services choose it.", "bills")
    name: Phrase = required_key("The heading.", "Bills and payments")


class ChannelShape(Shape):
    """One way to use a service."""

    kind: Annotated[ChannelKind, enum_parser(ChannelKind, "kind of channel")] = required_key(
        "In what way it is used.", "in_person"
    )
    id: Id | None = optional_key("The name by which posts speak of it; otherwise its kind.")
    name: Phrase | None = optional_key("What people call it; otherwise the word for its kind.")
    url: Link | None = optional_key("Its address on the web.")
    phone: Phone | None = optional_key("Its number.")
    address: Phrase | None = optional_key("Where it is.")
    hours: Phrase | None = optional_key("When it is open, in words.")
    accepts: ListOf[Annotated[Tender, enum_parser(Tender, "way to pay")]] = optional_key(
        "What can be paid with there.", ()
    )
    bring: Phrase | None = optional_key("What to bring.")
    fee: Phrase | None = optional_key("What it costs to use it.")


class TemporaryChannelShape(ChannelShape):
    """A channel that was set up for the time being, and until when."""

    opens: Moment | None = optional_key("From when it is there; otherwise from this update on.", alias="from")
    closes: Moment | None = optional_key("Until when it is there.", alias="until")


class ServiceShape(Shape):
    """One of `services:` in services.yaml."""

    name: Phrase = required_key("What residents call it.", "Trash pickup")
    id: Id | None = optional_key("The name by which posts speak of it; otherwise made from its name.")
    summary: Phrase | None = optional_key("What it is, in a sentence.")
    group: (
        Annotated[str, context_parser(lambda text, names: values.check_known_name(text, names.groups, "group"), str)]
        | None
    ) = optional_key("The group that it stands in.")
    operator: (
        Annotated[
            str, context_parser(lambda text, names: values.check_known_name(text, names.operators, "operator"), str)
        ]
        | None
    ) = optional_key("Who runs it; otherwise the publisher.")
    keywords: Keywords | None = optional_key("Other words by which people look for it.")
    code: Text | None = optional_key("Its Open311 service code.")
    essential: Flag = optional_key("Whether it leads the list of what still works.", False)
    channels: ListOf[ChannelShape] = optional_key("The ways to use it; each has a status of its own.", ())
    silence: Annotated[tuple[Text, ...], BeforeValidator(one_or_more)] = optional_key(
        "Advice that nobody wants about it, by its names.", ()
    )


class ServicesShape(Shape):
    """The whole of services.yaml."""

    site: SiteShape = required_key("What holds for the whole site.", "site:, and below it title:, url: and timezone:")
    services: Annotated[tuple[ServiceShape, ...], at_least_one("service", "- name: Trash pickup")] = required_key(
        "Everything that residents use, in the order of the page.", "services:, and below it - name: Trash pickup"
    )
    operators: Annotated[dict[Id, OperatorShape], BeforeValidator(check_mapping)] = optional_key(
        "Who else runs services, each under a name of your choice.", {}
    )
    groups: ListOf[GroupShape] = optional_key("The headings under which services stand, in the order of the page.", ())


class EstimateShape(Shape):
    """`expected:` written out; `unknown` or a date alone stand for a whole one."""

    unknown: Flag = optional_key("Whether nobody can tell.", False)
    on: Moment | None = optional_key("The day.")
    not_before: Moment | None = optional_key("Not earlier than this.")
    by: Moment | None = optional_key("Not later than this.")
    words: Phrase | None = optional_key("What was said, in words.")
    basis: Phrase | None = optional_key("On what ground.")
    services: ListOf[ServiceId] = optional_key("The services that it is about; otherwise all that the post holds.", ())


EstimateField = Annotated[
    EstimateShape,
    BeforeValidator(expand_estimate, json_schema_input_type=EstimateShape | TimeInput | Literal["unknown"]),
]


class ReportShape(Shape):
    """What an update says of one service or channel; a status word alone stands for a whole one."""

    status: StatusWord | None = optional_key("How it stands.")
    do: Phrase | None = optional_key("What people can do meanwhile.")
    where: Phrase | None = optional_key("Where they can go instead.")
    started_before: Moment | None = optional_key("For what began earlier than is known: before when.")
    expected: EstimateField | None = optional_key("When it is expected back.")
    channels: ListOf[TemporaryChannelShape] = optional_key("Ways to use it that were set up for the time being.", ())


class WaiverShape(Shape):
    """One of `waivers:`; a later one with the same id changes the keys that it names."""

    id: Id = required_key("The name by which later updates speak of it.", "late-fees")
    services: ListOf[ServiceId] = optional_key("The services that it is about.", ())
    what: Phrase | None = optional_key("What does not apply for now.")
    by: Phrase | None = optional_key("Who granted it.")
    begins: Moment | None = optional_key("From when; otherwise from this update on.", alias="from")
    until: TimeOrWords | None = optional_key("Its last day, or words for what ends it.")
    how: Phrase | None = optional_key("How one gets it; `automatic` where nobody has to ask.")


class DeadlineShape(Shape):
    """One of `deadlines:`; a later one with the same id changes the keys that it names."""

    id: Id = required_key("The name by which later updates speak of it.", "last-day-to-appeal")
    on: Moment | None = optional_key("The date.")
    what: Phrase | None = optional_key("What is due, or ends, on that date.")
    services: ListOf[ServiceId] = optional_key("The services that it is about.", ())


ReportsField = Annotated[
    dict[
        ServiceKey,
        Annotated[ReportShape, BeforeValidator(expand_status, json_schema_input_type=ReportShape | StatusWord)],
    ],
    BeforeValidator(expand_reports, json_schema_input_type=dict[str, ReportShape | StatusWord] | list[str]),
]


class FactsShape(Shape):
    """The block of facts under an update's heading."""

    title: Phrase | None = optional_key("What this update is called, where its state alone says too little.")
    by: Phrase | None = optional_key("Who says this; makes it a statement.")
    known: ListOf[Phrase] = optional_key("What is known.", ())
    not_known: ListOf[Phrase] = optional_key("What is not known yet.", ())
    doing: ListOf[Phrase] = optional_key("What is being done.", ())
    services: ReportsField = optional_key("How services and their channels stand now.", {})
    expected: EstimateField | None = optional_key("When all that the post holds is expected back.")
    next_update: Moment | None = optional_key("When the next word will come.")
    waivers: ListOf[WaiverShape] = optional_key("Fees, penalties and deadlines that do not apply for now.", ())
    deadlines: ListOf[DeadlineShape] = optional_key("Dates that residents must know.", ())
    unrelated_to: ListOf[Annotated[str, context_parser(parse_post_id, str)]] = optional_key(
        "Posts that people may take for the same thing, and that are not.", ()
    )
    starts: Moment | None = optional_key("When planned work begins.")
    ends: Moment | None = optional_key("When planned work, or a notice, ends.")
    corrects: Moment | None = optional_key("The time of the update that this one corrects.")
    wrong: Phrase | None = optional_key("What was wrong in it.")
    right: Phrase | None = optional_key("What is right.")


class PostShape(FactsShape):
    """The front matter of a post: the facts of its first update, and what the whole post is."""

    title: Phrase = required_key("What it is about, in a few words.", "Online water bill payment is down")
    started: Moment | None = optional_key("When it began.")
    posted: Moment | None = optional_key("When its first text was published; otherwise when it began.")
    kind: Annotated[Kind, enum_parser(Kind, "kind of post")] = optional_key("What kind of post it is.", Kind.INCIDENT)
    topic: Annotated[Topic, enum_parser(Topic, "topic")] | None = optional_key("The subject of a notice.")
    repeats: Text | None = optional_key("How planned work repeats: an iCalendar RRULE.")
    draft: Flag = optional_key("Whether it appears nowhere but in the preview.", False)
    withhold: Flag = optional_key("Whether the record of its changes leaves out the old words.", False)
    silence: Annotated[tuple[Text, ...], BeforeValidator(one_or_more)] = optional_key(
        "Advice that nobody wants about it, by its names.", ()
    )


class TranslatedReportShape(TranslatedShape):
    """The words of a service entry, translated."""

    original = ReportShape

    do: Phrase | None = optional_key("What people can do meanwhile.")
    where: Phrase | None = optional_key("Where they can go instead.")
    channels: ListOf["TranslatedChannelShape"] = optional_key(
        "The words of channels for the time being, by their ids.", ()
    )
    expected: "TranslatedEstimateShape | None" = optional_key("The words of the estimate.")


class TranslatedChannelShape(TranslatedShape):
    """The words of a temporary channel, translated."""

    original = ChannelShape

    id: Id = required_key("The channel, as the original names it.", "tent")
    name: Phrase | None = optional_key("What people call it.")
    address: Phrase | None = optional_key("Where it is.")
    hours: Phrase | None = optional_key("When it is open, in words.")
    bring: Phrase | None = optional_key("What to bring.")
    fee: Phrase | None = optional_key("What it costs to use it.")


class TranslatedEstimateShape(TranslatedShape):
    """The words of an estimate, translated."""

    original = EstimateShape

    words: Phrase | None = optional_key("What was said, in words.")
    basis: Phrase | None = optional_key("On what ground.")


class TranslatedWaiverShape(TranslatedShape):
    """The words of a waiver, translated."""

    original = WaiverShape

    id: Id = required_key("The waiver, as the original names it.", "late-fees")
    what: Phrase | None = optional_key("What does not apply for now.")
    by: Phrase | None = optional_key("Who granted it.")
    until: Phrase | None = optional_key("What ends it.")
    how: Phrase | None = optional_key("How one gets it.")


class TranslatedDeadlineShape(TranslatedShape):
    """The words of a deadline, translated."""

    original = DeadlineShape

    id: Id = required_key("The deadline, as the original names it.", "last-day-to-appeal")
    what: Phrase | None = optional_key("What is due, or ends, on that date.")


class TranslatedFactsShape(TranslatedShape):
    """The block of facts in a translation: the words only, never a status, a time or a name."""

    original: ClassVar[type[Shape]] = FactsShape

    title: Phrase | None = optional_key("What this update is called.")
    by: Phrase | None = optional_key("Who says this.")
    known: ListOf[Phrase] = optional_key("What is known, as many entries as in the original.", ())
    not_known: ListOf[Phrase] = optional_key("What is not known yet, as many entries as in the original.", ())
    doing: ListOf[Phrase] = optional_key("What is being done, as many entries as in the original.", ())
    services: Annotated[
        dict[ServiceKey, Annotated[TranslatedReportShape, BeforeValidator(reject_status)]],
        BeforeValidator(check_mapping),
    ] = optional_key("The words of the service entries.", {})
    expected: TranslatedEstimateShape | None = optional_key("The words of the estimate.")
    waivers: ListOf[TranslatedWaiverShape] = optional_key("The words of the waivers, by their ids.", ())
    deadlines: ListOf[TranslatedDeadlineShape] = optional_key("The words of the deadlines, by their ids.", ())
    wrong: Phrase | None = optional_key("What was wrong in the corrected update.")
    right: Phrase | None = optional_key("What is right.")


def _parse_translator(text: str) -> str:
    return values.check_known_name(text, ("human", "machine"), "kind of translation")


class TranslationShape(TranslatedFactsShape):
    """The front matter of a translation."""

    original = PostShape

    translated: Annotated[str, parser(_parse_translator, Literal["human", "machine"])] = optional_key(
        "Who translated it: human or machine.", "human"
    )
