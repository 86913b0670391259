"""The shape of what a city writes: every key of services.yaml and of a post, declared once, with what it means."""

from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from statusgen.model import ChannelKind, Kind, OperatorKind, Tender, Topic, When
from statusgen.reading import colours, values
from statusgen.reading.fields import (
    End,
    Flag,
    Id,
    Keywords,
    Link,
    Listed,
    Moment,
    Phone,
    Phrase,
    ServiceId,
    ServiceKey,
    StatusWord,
    Text,
    Time,
    at_least_one,
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
    word,
)
from statusgen.reading.fitting import Shape, Translated


def key(meaning: str, default: Any = None, alias: str | None = None) -> Any:
    """A key that may be left out; `alias` is how it is written, where Python needs that word for itself."""
    return Field(default=default, alias=alias, description=meaning)


def needed(meaning: str, example: str) -> Any:
    """A key that must be there."""
    return Field(description=meaning, examples=[example])


class ContactShape(Shape):
    """Somebody to call."""

    name: Phrase = needed("Who answers.", "311 service line")
    phone: Phone | None = key("The number, as one dials it.")
    url: Link | None = key("Where to write or to read more.")
    hours: Phrase | None = key("When somebody answers, in words.")
    languages: Listed[Text] = key("The languages spoken there, as codes like es.", ())


class AlertsShape(Shape):
    """`alerts:` of the site: alerts in the Common Alerting Protocol, version 1.2."""

    sender: Annotated[str, plain(values.sender)] = needed(
        "Who sends them: an e-mail address or a host name.", "status@springfield.example"
    )
    area: Phrase = needed("The place that they are for.", "City of Springfield")
    codes: Annotated[dict[Text, Text], BeforeValidator(mapped)] = key(
        "The same place in systems of codes, such as SAME.", {}
    )


class SecurityShape(Shape):
    """`security:` of the site: whom to tell of a hole in it (RFC 9116)."""

    contact: Annotated[tuple[Link, ...], BeforeValidator(one_or_more)] = needed(
        "Where to write or to call; one address, or a list.", "mailto:security@springfield.example"
    )
    expires: Moment = needed("Until when that holds.", "2027-01-01")
    policy: Link | None = key("What is promised to those who tell.")


class SiteShape(Shape):
    """`site:` in services.yaml."""

    title: Phrase = needed("What the page is called.", "Springfield service status")
    url: Annotated[str, plain(values.site_address)] = needed(
        "Where it will be published; it may have a path.", "https://status.example.org/"
    )
    timezone: Annotated[ZoneInfo, plain(values.zone)] = needed(
        "The zone of all its times, by its IANA name.", "America/Chicago"
    )
    publisher: Phrase | None = key("Who publishes it; otherwise the title stands for them.")
    languages: Annotated[tuple[Text, ...], at_least_one("language", "[en]")] = key(
        "The languages of the site, as codes; the first is the one that posts are written in.", ("en",)
    )
    emergency: Phrase | None = key("What stands at the top of every page.")
    demonstration: Phrase | None = key(
        "The words of a bar on every page that says that this is none of the city's own."
    )
    contacts: Listed[ContactShape] = key("Whom to call.", ())
    stale_after: Annotated[timedelta, plain(values.duration)] = key(
        "After how long without a word a problem is marked as not checked.", timedelta(days=7)
    )
    accent: Annotated[str, plain(colours.accent)] = key("The colour of links; it must be readable on white.", "#0b5394")
    logo: Text | None = key("A picture below the site's folder.")
    hub: Link | None = key("A WebSub hub, which tells subscribers of the feeds.")
    alerts: AlertsShape | None = key("Alerts in the Common Alerting Protocol; without this there are none.")
    security: SecurityShape | None = key("Whom to tell of a hole in the site; makes a security.txt.")
    silence: Annotated[tuple[Text, ...], BeforeValidator(one_or_more)] = key(
        "Advice that nobody wants for this site, by its names.", ()
    )
    as_of: Annotated[
        When | Literal["last update"] | None,
        reader(
            lambda text, names: "last update" if text.casefold() == "last update" else read_when(text, names),
            Time | Literal["last update"],
        ),
    ] = key("For demonstrations: the moment that is shown, a time or `last update`.")


class OperatorShape(Shape):
    """One of `operators:` in services.yaml: who runs services, where that is not the publisher."""

    name: Phrase = needed("What they are called.", "Water department")
    kind: Annotated[OperatorKind, word(OperatorKind, "kind of operator")] = key("What they are.", OperatorKind.CITY)
    phone: Phone | None = key("Their number.")
    url: Link | None = key("Their own page.")


class GroupShape(Shape):
    """One of `groups:` in services.yaml: a heading on the front page."""

    id: Id = needed("The name by which services choose it.", "bills")
    name: Phrase = needed("The heading.", "Bills and payments")


class ChannelShape(Shape):
    """One way to use a service."""

    kind: Annotated[ChannelKind, word(ChannelKind, "kind of channel")] = needed("In what way it is used.", "in_person")
    id: Id | None = key("The name by which posts speak of it; otherwise its kind.")
    name: Phrase | None = key("What people call it; otherwise the word for its kind.")
    url: Link | None = key("Its address on the web.")
    phone: Phone | None = key("Its number.")
    address: Phrase | None = key("Where it is.")
    hours: Phrase | None = key("When it is open, in words.")
    accepts: Listed[Annotated[Tender, word(Tender, "way to pay")]] = key("What can be paid with there.", ())
    bring: Phrase | None = key("What to bring.")
    fee: Phrase | None = key("What it costs to use it.")


class TemporaryChannelShape(ChannelShape):
    """A channel that was set up for the time being, and until when."""

    opens: Moment | None = key("From when it is there; otherwise from this update on.", alias="from")
    closes: Moment | None = key("Until when it is there.", alias="until")


class ServiceShape(Shape):
    """One of `services:` in services.yaml."""

    name: Phrase = needed("What residents call it.", "Trash pickup")
    id: Id | None = key("The name by which posts speak of it; otherwise made from its name.")
    summary: Phrase | None = key("What it is, in a sentence.")
    group: Annotated[str, reader(lambda text, names: values.known_name(text, names.groups, "group"), str)] | None = key(
        "The group that it stands in."
    )
    operator: (
        Annotated[str, reader(lambda text, names: values.known_name(text, names.operators, "operator"), str)] | None
    ) = key("Who runs it; otherwise the publisher.")
    keywords: Keywords | None = key("Other words by which people look for it.")
    code: Text | None = key("Its Open311 service code.")
    essential: Flag = key("Whether it leads the list of what still works.", False)
    channels: Listed[ChannelShape] = key("The ways to use it; each has a status of its own.", ())
    silence: Annotated[tuple[Text, ...], BeforeValidator(one_or_more)] = key(
        "Advice that nobody wants about it, by its names.", ()
    )


class ServicesShape(Shape):
    """The whole of services.yaml."""

    site: SiteShape = needed("What holds for the whole site.", "site:, and below it title:, url: and timezone:")
    services: Annotated[tuple[ServiceShape, ...], at_least_one("service", "- name: Trash pickup")] = needed(
        "Everything that residents use, in the order of the page.", "services:, and below it - name: Trash pickup"
    )
    operators: Annotated[dict[Id, OperatorShape], BeforeValidator(mapped)] = key(
        "Who else runs services, each under a name of your choice.", {}
    )
    groups: Listed[GroupShape] = key("The headings under which services stand, in the order of the page.", ())


class EstimateShape(Shape):
    """`expected:` written out; `unknown` or a date alone stand for a whole one."""

    unknown: Flag = key("Whether nobody can tell.", False)
    on: Moment | None = key("The day.")
    not_before: Moment | None = key("Not earlier than this.")
    by: Moment | None = key("Not later than this.")
    words: Phrase | None = key("What was said, in words.")
    basis: Phrase | None = key("On what ground.")
    services: Listed[ServiceId] = key("The services that it is about; otherwise all that the post holds.", ())


EstimateField = Annotated[
    EstimateShape, BeforeValidator(estimate_alone, json_schema_input_type=EstimateShape | Time | Literal["unknown"])
]


class ReportShape(Shape):
    """What an update says of one service or channel; a status word alone stands for a whole one."""

    status: StatusWord | None = key("How it stands.")
    do: Phrase | None = key("What people can do meanwhile.")
    where: Phrase | None = key("Where they can go instead.")
    started_before: Moment | None = key("For what began earlier than is known: before when.")
    expected: EstimateField | None = key("When it is expected back.")
    channels: Listed[TemporaryChannelShape] = key("Ways to use it that were set up for the time being.", ())


class WaiverShape(Shape):
    """One of `waivers:`; a later one with the same id changes the keys that it names."""

    id: Id = needed("The name by which later updates speak of it.", "late-fees")
    services: Listed[ServiceId] = key("The services that it is about.", ())
    what: Phrase | None = key("What does not apply for now.")
    by: Phrase | None = key("Who granted it.")
    begins: Moment | None = key("From when; otherwise from this update on.", alias="from")
    until: End | None = key("Its last day, or words for what ends it.")
    how: Phrase | None = key("How one gets it; `automatic` where nobody has to ask.")


class DeadlineShape(Shape):
    """One of `deadlines:`; a later one with the same id changes the keys that it names."""

    id: Id = needed("The name by which later updates speak of it.", "last-day-to-appeal")
    on: Moment | None = key("The date.")
    what: Phrase | None = key("What is due, or ends, on that date.")
    services: Listed[ServiceId] = key("The services that it is about.", ())


ReportsField = Annotated[
    dict[
        ServiceKey,
        Annotated[ReportShape, BeforeValidator(status_alone, json_schema_input_type=ReportShape | StatusWord)],
    ],
    BeforeValidator(reports_of, json_schema_input_type=dict[str, ReportShape | StatusWord] | list[str]),
]


class FactsShape(Shape):
    """The block of facts under an update's heading."""

    title: Phrase | None = key("What this update is called, where its state alone says too little.")
    by: Phrase | None = key("Who says this; makes it a statement.")
    known: Listed[Phrase] = key("What is known.", ())
    not_known: Listed[Phrase] = key("What is not known yet.", ())
    doing: Listed[Phrase] = key("What is being done.", ())
    services: ReportsField = key("How services and their channels stand now.", {})
    expected: EstimateField | None = key("When all that the post holds is expected back.")
    next_update: Moment | None = key("When the next word will come.")
    waivers: Listed[WaiverShape] = key("Fees, penalties and deadlines that do not apply for now.", ())
    deadlines: Listed[DeadlineShape] = key("Dates that residents must know.", ())
    unrelated_to: Listed[Annotated[str, reader(post_id, str)]] = key(
        "Posts that people may take for the same thing, and that are not.", ()
    )
    starts: Moment | None = key("When planned work begins.")
    ends: Moment | None = key("When planned work, or a notice, ends.")
    corrects: Moment | None = key("The time of the update that this one corrects.")
    wrong: Phrase | None = key("What was wrong in it.")
    right: Phrase | None = key("What is right.")


class PostShape(FactsShape):
    """The front matter of a post: the facts of its first update, and what the whole post is."""

    title: Phrase = needed("What it is about, in a few words.", "Online water bill payment is down")
    started: Moment | None = key("When it began.")
    posted: Moment | None = key("When its first text was published; otherwise when it began.")
    kind: Annotated[Kind, word(Kind, "kind of post")] = key("What kind of post it is.", Kind.INCIDENT)
    topic: Annotated[Topic, word(Topic, "topic")] | None = key("The subject of a notice.")
    repeats: Text | None = key("How planned work repeats: an iCalendar RRULE.")
    draft: Flag = key("Whether it appears nowhere but in the preview.", False)
    withhold: Flag = key("Whether the record of its changes leaves out the old words.", False)
    silence: Annotated[tuple[Text, ...], BeforeValidator(one_or_more)] = key(
        "Advice that nobody wants about it, by its names.", ()
    )


class TranslatedReportShape(Translated):
    """The words of a service entry, translated."""

    original = ReportShape

    do: Phrase | None = key("What people can do meanwhile.")
    where: Phrase | None = key("Where they can go instead.")
    channels: Listed["TranslatedChannelShape"] = key("The words of channels for the time being, by their ids.", ())
    expected: "TranslatedEstimateShape | None" = key("The words of the estimate.")


class TranslatedChannelShape(Translated):
    """The words of a temporary channel, translated."""

    original = ChannelShape

    id: Id = needed("The channel, as the original names it.", "tent")
    name: Phrase | None = key("What people call it.")
    address: Phrase | None = key("Where it is.")
    hours: Phrase | None = key("When it is open, in words.")
    bring: Phrase | None = key("What to bring.")
    fee: Phrase | None = key("What it costs to use it.")


class TranslatedEstimateShape(Translated):
    """The words of an estimate, translated."""

    original = EstimateShape

    words: Phrase | None = key("What was said, in words.")
    basis: Phrase | None = key("On what ground.")


class TranslatedWaiverShape(Translated):
    """The words of a waiver, translated."""

    original = WaiverShape

    id: Id = needed("The waiver, as the original names it.", "late-fees")
    what: Phrase | None = key("What does not apply for now.")
    by: Phrase | None = key("Who granted it.")
    until: Phrase | None = key("What ends it.")
    how: Phrase | None = key("How one gets it.")


class TranslatedDeadlineShape(Translated):
    """The words of a deadline, translated."""

    original = DeadlineShape

    id: Id = needed("The deadline, as the original names it.", "last-day-to-appeal")
    what: Phrase | None = key("What is due, or ends, on that date.")


class TranslatedFactsShape(Translated):
    """The block of facts in a translation: the words only, never a status, a time or a name."""

    original: ClassVar[type[Shape]] = FactsShape

    title: Phrase | None = key("What this update is called.")
    by: Phrase | None = key("Who says this.")
    known: Listed[Phrase] = key("What is known, as many entries as in the original.", ())
    not_known: Listed[Phrase] = key("What is not known yet, as many entries as in the original.", ())
    doing: Listed[Phrase] = key("What is being done, as many entries as in the original.", ())
    services: Annotated[
        dict[ServiceKey, Annotated[TranslatedReportShape, BeforeValidator(no_status)]], BeforeValidator(mapped)
    ] = key("The words of the service entries.", {})
    expected: TranslatedEstimateShape | None = key("The words of the estimate.")
    waivers: Listed[TranslatedWaiverShape] = key("The words of the waivers, by their ids.", ())
    deadlines: Listed[TranslatedDeadlineShape] = key("The words of the deadlines, by their ids.", ())
    wrong: Phrase | None = key("What was wrong in the corrected update.")
    right: Phrase | None = key("What is right.")


def _human_or_machine(text: str) -> str:
    return values.known_name(text, ("human", "machine"), "kind of translation")


class TranslationShape(TranslatedFactsShape):
    """The front matter of a translation."""

    original = PostShape

    translated: Annotated[str, plain(_human_or_machine, Literal["human", "machine"])] = key(
        "Who translated it: human or machine.", "human"
    )
