"""The shape of what a city writes: every key of services.yaml and of a post, with what it means.

What a key says about a service, a channel, an update, a waiver and so on is declared in the model; the shapes here add
how the files are laid out, and how a key is read whose type does not tell.
"""

from datetime import time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from statusgen.content.format import colors, values
from statusgen.content.format.declared import keys_of, words_of
from statusgen.content.format.fields import (
    MAX_SHORT_LENGTH,
    ChannelWord,
    ExactMoment,
    Flag,
    Id,
    Keywords,
    Language,
    Link,
    ListOf,
    Moment,
    Phone,
    Phrase,
    ServiceKey,
    ServiceOrChannel,
    ShortPhrase,
    StatusWord,
    Text,
    TimeInput,
    TimeOrWords,
    VagueMoment,
    WebAddress,
    at_least_one,
    check_mapping,
    context_parser,
    drop_blank_services,
    enum_parser,
    expand_advice,
    expand_estimate,
    expand_reports,
    expand_status,
    expand_translated_estimate,
    known_name,
    one_or_more,
    parse_moment,
    parse_post_id,
    parse_since,
    parser,
    reject_status,
)
from statusgen.content.format.follow_addresses import parse_follow_address
from statusgen.content.format.notify_addresses import parse_list_id, parse_mail_sender, parse_notify_address
from statusgen.content.format.old_addresses import parse_old_page
from statusgen.content.format.target_addresses import parse_target_address
from statusgen.content.format.validation import Shape, TranslatedShape, describe_key
from statusgen.keys import Deprecation, declared_keys
from statusgen.model.channels import NotifyChannel
from statusgen.model.contacts import AccessibilityContact, Contact, FeedbackContact
from statusgen.model.following import Dependence, Followed
from statusgen.model.posts import Scope, Topic, Update
from statusgen.model.reports import Estimate, ServiceReport
from statusgen.model.services import Channel, Group, Operator, Service, Tender
from statusgen.model.states import Kind
from statusgen.model.statuses import Status
from statusgen.model.targets import Target, TargetAddress
from statusgen.model.times import When
from statusgen.model.waivers import Deadline, Waiver
from statusgen.model.whole_site import Review


def optional_key(meaning: str, default: Any = None, deprecated: Deprecation | None = None) -> Any:
    """Declare a key that may be left out."""
    return Field(default=default, **describe_key(meaning, deprecated))


def required_key(meaning: str, example: str) -> Any:
    """A required key."""
    return Field(description=meaning, examples=[example])


@keys_of(Contact)
class ContactShape(Shape):
    """Somebody to call."""


@keys_of(AccessibilityContact)
class AccessibilityShape(Shape):
    """`accessibility:` of the site: who helps people that cannot use a page, and the city's statement about that."""


class AlertsShape(Shape):
    """`alerts:` of the site: alerts in the Common Alerting Protocol, version 1.2."""

    sender: Annotated[str, parser(values.parse_alert_sender)] = required_key(
        "Who sends them: an email address or a host name.", "status@springfield.example"
    )
    area: Phrase = required_key("The place that they are for.", "City of Springfield")
    codes: Annotated[dict[Text, Text], BeforeValidator(check_mapping)] = optional_key(
        "The code of that place in each system, such as SAME.", {}
    )


class SecurityShape(Shape):
    """`security:` of the site: whom to tell about a vulnerability (RFC 9116)."""

    contact: Annotated[tuple[Link, ...], BeforeValidator(one_or_more)] = required_key(
        "Where to write or to call; one address, or a list.", "mailto:security@springfield.example"
    )
    expires: Moment = required_key("Until when these addresses are good.", "2027-01-01")
    policy: Link | None = optional_key("What is promised to people who report one.")


class SiteShape(Shape):
    """`site:` in services.yaml."""

    title: Phrase = required_key("What the page is called.", "Springfield service status")
    url: Annotated[str, parser(values.parse_site_url)] = required_key(
        "Where it will be published; it may have a path.", "https://status.example.org/"
    )
    timezone: Annotated[ZoneInfo, parser(values.parse_zone)] = required_key(
        "The zone of all its times, by its IANA name.", "America/Chicago"
    )
    publisher: Phrase | None = optional_key("Who publishes it; otherwise the title.")
    languages: Annotated[tuple[Text, ...], at_least_one("language", "[en]")] = optional_key(
        "The languages of the site, as codes; the first is the one that posts are written in.", ("en",)
    )
    fallback: Annotated[dict[Language, Language], BeforeValidator(check_mapping)] = optional_key(
        "For a language, the one that is shown for what is not translated, like `{ht: fr}`; otherwise the first.", {}
    )
    emergency: Phrase | None = optional_key("What is at the top of every page.")
    demonstration: Phrase | None = optional_key(
        "The words of a bar on every page that says that this is not the city's own."
    )
    contacts: ListOf[ContactShape] = optional_key("Whom to call.", ())
    accessibility: AccessibilityShape | None = optional_key(
        "Who helps people that cannot use a page, and where the city's accessibility statement is."
    )
    feedback: Annotated[FeedbackContact | None, parser(values.parse_feedback, str)] = optional_key(
        "Where residents say that a page is wrong: an email address, a phone number, or a link, in whose query "
        "`{address}` stands for that of the page."
    )
    stale_after: Annotated[timedelta, parser(values.parse_duration)] = optional_key(
        "After how long without an update a problem is marked as not checked.", timedelta(days=7)
    )
    accent: Annotated[str, parser(colors.parse_accent)] = optional_key(
        "The color of links; it must be readable on white.", "#0b5394"
    )
    logo: Text | None = optional_key("A picture below the site's folder.")
    hub: WebAddress | None = optional_key("A WebSub hub, which notifies subscribers of the feeds.")
    alerts: AlertsShape | None = optional_key("Alerts in the Common Alerting Protocol; without this there are none.")
    security: SecurityShape | None = optional_key("Where to report a vulnerability of the site; makes a security.txt.")
    review: Annotated[Review, enum_parser(Review, "review")] = optional_key(
        "`two` if someone else has to have read what a person wrote before it is published from their computer; "
        "otherwise `one`.",
        Review.ONE,
    )
    silence: Annotated[tuple[Text, ...], BeforeValidator(one_or_more)] = optional_key(
        "Advice to silence for the whole site, by name.", ()
    )
    was: Annotated[dict[Text, Text], BeforeValidator(check_mapping)] = optional_key(
        "Addresses of pages and feeds on an earlier site, each with the address here that it leads to, like "
        "`{/index.xml: /feed.xml}`.",
        {},
    )
    as_of: Annotated[
        When | Literal["last update"] | None,
        context_parser(
            lambda text, names: "last update" if text.casefold() == "last update" else parse_moment(text, names),
            TimeInput | Literal["last update"],
        ),
    ] = optional_key("For demonstrations: the moment that is shown, a time or `last update`.")


@keys_of(Operator, without=("id",))
class OperatorShape(Shape):
    """One of `operators:` in services.yaml: who runs services, where that is not the publisher."""


@keys_of(Group)
class GroupShape(Shape):
    """One of `groups:` in services.yaml: a heading on the front page."""


@keys_of(Channel, without=("opens", "closes"))
class ChannelShape(Shape):
    """One way to use a service."""

    id: Id | None
    kind: ChannelWord


@keys_of(Channel, without=("kind",))
class TemporaryChannelShape(Shape):
    """A channel that was set up for the time being, and until when; a later one with its id changes it."""

    id: Id | None
    kind: ChannelWord | None = optional_key("What kind of channel it is; only the first one with its id needs it.")


@keys_of(Service)
class ServiceShape(Shape):
    """One of `services:` in services.yaml."""

    name: Phrase
    id: Id | None
    group: Annotated[str, known_name("group", lambda names: names.groups)] | None
    operator: Annotated[str, known_name("operator", lambda names: names.operators)] | None
    keywords: Keywords | None
    channels: ListOf[ChannelShape]
    silence: Annotated[tuple[Text, ...], BeforeValidator(one_or_more)]


@keys_of(Target)
class TargetShape(Shape):
    """One of `publish:` in services.yaml: a place that the site is published at."""

    to: Annotated[TargetAddress, parser(parse_target_address, str)]
    url: Annotated[str, parser(values.parse_site_url)] | None
    endpoint: WebAddress | None


@keys_of(NotifyChannel)
class NotifyChannelShape(Shape):
    """One of `channels:` under `notify:` in services.yaml: where updates are sent, and which."""

    since: ExactMoment
    to: Annotated[str, parser(parse_notify_address)] | None
    sender: Annotated[str, parser(parse_mail_sender)] | None
    list_id: Annotated[str, parser(parse_list_id)] | None
    language: Language | None
    groups: ListOf[Annotated[str, known_name("group", lambda names: names.groups)]]


class NotifyShape(Shape):
    """`notify:` in services.yaml: how people who asked for it are told of updates."""

    channels: Annotated[tuple[NotifyChannelShape, ...], at_least_one("channel", "- {id: …, kind: mail, …}")] = (
        required_key("Where updates are sent.", "channels:, and below it - {id: water-list, kind: mail, since: …}")
    )
    quiet: Annotated[tuple[time, time], parser(values.parse_hours)] | None = optional_key(
        "The hours in which nobody is notified of planned work, like `22:00-07:00`."
    )
    at_most: Annotated[int, parser(values.parse_count, int)] = optional_key(
        "How many messages can be sent at once unless someone says `--yes`; otherwise 20.", 20
    )
    show: Flag = optional_key("Whether the pages say what was sent where, and when.", False)


@keys_of(Dependence)
class DependenceShape(Shape):
    """One of `for:` under `follow:`: what of ours depends on something of theirs."""

    services: Annotated[tuple[ServiceOrChannel, ...], at_least_one("service", "services: [permits]")]


@keys_of(Followed)
class FollowedShape(Shape):
    """One of `follow:` in services.yaml: a status page, a feed or a monitor of somebody else."""

    dependences: Annotated[tuple[DependenceShape, ...], at_least_one("service", "- services: [permits]")]
    source: Annotated[str, parser(parse_follow_address)] | None


class ServicesShape(Shape):
    """The whole of services.yaml."""

    site: SiteShape = required_key("What applies to the whole site.", "site:, and below it title:, url: and timezone:")
    services: Annotated[tuple[ServiceShape, ...], at_least_one("service", "- name: Trash pickup")] = required_key(
        "Everything that residents use, in the order of the page.", "services:, and below it - name: Trash pickup"
    )
    operators: Annotated[dict[Id, OperatorShape], BeforeValidator(check_mapping)] = optional_key(
        "Who else runs services, each under a name of your choice.", {}
    )
    groups: ListOf[GroupShape] = optional_key("The headings of services, in the order of the page.", ())
    publish: ListOf[TargetShape] = optional_key(
        "Where `statusgen publish` sends the site: one place after the other.", ()
    )
    notify: NotifyShape | None = optional_key(
        "How people who asked for it are notified of updates by `statusgen notify`."
    )
    follow: ListOf[FollowedShape] = optional_key(
        "The status pages and monitors of others that services depend on, at which `statusgen follow` looks.", ()
    )


@keys_of(Estimate)
class EstimateShape(Shape):
    """`expected:` written out; `unknown` or a date alone is short for one."""

    on: VagueMoment | None = optional_key("The day, or the month.")
    not_before: VagueMoment | None
    by: VagueMoment | None


EstimateField = Annotated[
    EstimateShape,
    BeforeValidator(expand_estimate, json_schema_input_type=EstimateShape | TimeInput | Literal["unknown"]),
]


class AdviceShape(Shape):
    """`do:` written out; words alone are short for it."""

    words: Phrase = required_key("What people can do.", "Pay at the counter.")
    short: ShortPhrase | None = optional_key(
        f"The same in at most {MAX_SHORT_LENGTH} letters, for the list at the top of the front page."
    )
    until: Moment | None = optional_key("Until when that holds.")


AdviceField = Annotated[
    AdviceShape, BeforeValidator(expand_advice, json_schema_input_type=AdviceShape | str | dict[str, str])
]


@keys_of(ServiceReport)
class ReportShape(Shape):
    """What an update says about one service or channel; a status word alone is short for one."""

    status: StatusWord | None
    do: AdviceField | None
    expected: EstimateField | None
    channels: ListOf[TemporaryChannelShape]
    since: Annotated[When | Literal["incident"] | None, context_parser(parse_since, TimeInput)] = optional_key(
        "Since when it is so: a time, a day, a month, or `incident` for the beginning of the incident."
    )
    accepts: ListOf[Annotated[Tender, enum_parser(Tender, "way to pay")]] = optional_key(
        "Of a channel: what can be paid with there for now.", ()
    )
    hours: Phrase | None = optional_key("Of a channel: when it is open for now.")
    address: Phrase | None = optional_key("Of a channel: where it is for now.")
    phone: Phone | None = optional_key("Of a channel: its number for now.")
    url: Link | None = optional_key("Of a channel: its address on the web for now.")
    bring: Phrase | None = optional_key("Of a channel: what to bring for now.")
    fee: Phrase | None = optional_key("Of a channel: what it costs for now.")
    opens: Moment | None = Field(default=None, alias="from", description="From when that is so; otherwise from now.")
    until: Moment | None = optional_key("Until when that is so.")


@keys_of(Waiver, without=("until_words",))
class WaiverShape(Shape):
    """One of `waivers:`; a later one with the same id changes the keys that it names."""

    id: Id
    until: TimeOrWords | None


@keys_of(Deadline)
class DeadlineShape(Shape):
    """One of `deadlines:`; a later one with the same id changes the keys that it names."""

    id: Id


ReportsField = Annotated[
    dict[
        ServiceKey,
        Annotated[ReportShape, BeforeValidator(expand_status, json_schema_input_type=ReportShape | StatusWord)],
    ],
    BeforeValidator(expand_reports, json_schema_input_type=dict[str, ReportShape | StatusWord] | list[str]),
]


@keys_of(Update)
class FactsShape(Shape):
    """The block of facts under an update's heading."""

    by: Phrase | None
    services: ReportsField = optional_key(declared_keys(Update)["reports"].key.doc, {})
    do: AdviceField | None
    expected: EstimateField | None
    waivers: ListOf[WaiverShape]
    deadlines: ListOf[DeadlineShape]
    unrelated_to: ListOf[Annotated[str, context_parser(parse_post_id, str)]]
    starts: Moment | None
    others: Annotated[Status, enum_parser((Status.WORKING, Status.UNKNOWN), "status of all other services")] | None = (
        optional_key(
            "The status, `unknown` or `working`, of every service that no open post has said anything about.", None
        )
    )
    scope: Annotated[Scope, enum_parser(Scope, "scope")] | None = optional_key(
        "`wider` if it may affect services that it does not name, `named` if not."
    )
    unchanged: Flag = optional_key("Whether everything that the post last said is still true.", False)
    embargo: Flag = optional_key("Whether it is kept back until its time, if that is still to come.", False)
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
    except_: Annotated[tuple[Moment, ...], BeforeValidator(one_or_more)] = Field(
        default=(), alias="except", description="The days on which work that repeats does not take place."
    )
    draft: Flag = optional_key("Whether it is a draft, left out unless `--drafts` or the preview shows it.", False)
    withhold: Flag = optional_key("Whether the record of its changes leaves out the old words.", False)
    silence: Annotated[tuple[Text, ...], BeforeValidator(one_or_more)] = optional_key(
        "Advice to silence for it, by name.", ()
    )
    was: Annotated[tuple[Annotated[str, parser(parse_old_page)], ...], BeforeValidator(one_or_more)] = optional_key(
        "The addresses that it had on an earlier site, like `/issues/flood/`; they lead to it.", ()
    )


@words_of(TemporaryChannelShape)
class TranslatedChannelShape(TranslatedShape):
    """The words of a temporary channel, translated."""


@words_of(EstimateShape)
class TranslatedEstimateShape(TranslatedShape):
    """The words of an estimate, translated."""


class TranslatedAdviceShape(TranslatedShape):
    """What people can do, translated; words alone are short for it."""

    original = AdviceShape
    words: Phrase = required_key("What people can do.", "Pay at the counter.")
    short: ShortPhrase | None = optional_key(f"The same in at most {MAX_SHORT_LENGTH} letters.")


TranslatedAdviceField = Annotated[
    TranslatedAdviceShape, BeforeValidator(expand_advice, json_schema_input_type=TranslatedAdviceShape | str)
]


TranslatedEstimateField = Annotated[
    TranslatedEstimateShape,
    BeforeValidator(expand_translated_estimate, json_schema_input_type=TranslatedEstimateShape | str),
]


@words_of(ReportShape)
class TranslatedReportShape(TranslatedShape):
    """The words of a service entry, translated."""

    do: TranslatedAdviceField | None = optional_key("What people can do meanwhile.")
    hours: Phrase | None = optional_key("When the channel is open for now.")
    address: Phrase | None = optional_key("Where the channel is for now.")
    bring: Phrase | None = optional_key("What to bring for now.")
    fee: Phrase | None = optional_key("What the channel costs for now.")
    channels: ListOf[TranslatedChannelShape] = optional_key("The words of temporary channels, by their ids.", ())
    expected: TranslatedEstimateField | None = optional_key("The words of the estimate.")


@words_of(WaiverShape, without=("until_words",))
class TranslatedWaiverShape(TranslatedShape):
    """The words of a waiver, translated."""

    until: Phrase | None = optional_key("What ends it.")


@words_of(DeadlineShape)
class TranslatedDeadlineShape(TranslatedShape):
    """The words of a deadline, translated."""


@words_of(FactsShape)
class TranslatedFactsShape(TranslatedShape):
    """The block of facts in a translation: the words only, never a status, a time or a name."""

    do: TranslatedAdviceField | None = optional_key("What everybody can do.")
    title: Phrase | None
    services: Annotated[
        dict[ServiceKey, Annotated[TranslatedReportShape, BeforeValidator(reject_status)]],
        BeforeValidator(drop_blank_services),
    ] = optional_key("The words of the service entries.", {})
    expected: TranslatedEstimateField | None = optional_key("The words of the estimate.")
    waivers: ListOf[TranslatedWaiverShape] = optional_key("The words of the waivers, by their ids.", ())
    deadlines: ListOf[TranslatedDeadlineShape] = optional_key("The words of the deadlines, by their ids.", ())
    wrong: Phrase | None = optional_key("What was wrong in the corrected update.")
    right: Phrase | None = optional_key("What is right.")


def _parse_translator(text: str) -> str:
    return values.check_known_name(text, ("human", "machine"), "kind of translation")


@words_of(PostShape)
class TranslationShape(TranslatedFactsShape):
    """The front matter of a translation."""

    translated: Annotated[str, parser(_parse_translator, Literal["human", "machine"])] = optional_key(
        "Who translated it: human or machine.", "human"
    )
