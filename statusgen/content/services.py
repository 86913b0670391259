"""services.yaml → the site, its operators, groups and services."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path, PurePosixPath

from statusgen import addresses
from statusgen.content.format import shapes, values
from statusgen.content.format.declared import make_fact
from statusgen.content.format.fields import Names
from statusgen.content.format.follow_addresses import FILE
from statusgen.content.format.old_addresses import parse_old_address
from statusgen.content.format.validation import validate_document
from statusgen.content.images.images import read_image
from statusgen.content.languages import is_language
from statusgen.content.yaml.documents import Document, read_yaml
from statusgen.model.channels import HUB, NotifyChannel, NotifyKind, NotifySettings
from statusgen.model.contacts import AccessibilityContact, AlertSettings, Contact, SecurityContact
from statusgen.model.following import Dependence, Followed, FollowKind
from statusgen.model.old_addresses import OldAddress
from statusgen.model.services import Channel, ChannelKind, Group, Operator, Service
from statusgen.model.targets import Target
from statusgen.model.whole_site import Site
from statusgen.model.words import Words
from statusgen.problems import InvalidValue, Place, Problem
from statusgen.text import did_you_mean, quote_text, slugify

SERVICES_FILE = "services.yaml"
# What secrets of a channel are read from is named after it: STATUSGEN_SMTP is the mail server.
_NAMES_OF_VARIABLES = ("smtp", "offline")
MAX_SERVICES = 2_000
"""Each has a page, feeds and a calendar of its own: of 20,000, a build takes minutes and half a gigabyte of memory."""


def read_services(
    text: str, folder: Path, interface_languages: tuple[str, ...]
) -> tuple[Site | None, Names, list[Problem]]:
    """Read services.yaml: the site without its incidents, and the names that posts may use.

    `interface_languages` are those that pages can be made in. The names are as complete as the file allows,
    so that posts can be checked against them though the file has mistakes.
    """
    site, logo, names, document, found = _parse_services(text, interface_languages)
    problems = [*found]
    if site and logo:
        place = document.place(("site", "logo"))
        try:
            site = replace(site, logo=read_image(folder, PurePosixPath(logo), "", place))
        except InvalidValue as wrong:
            problems.append(Problem(place, wrong.what, wrong.hint))
    return site, names, problems


def read_past_names(text: str, interface_languages: tuple[str, ...]) -> Names | None:
    """Return the names that posts could use in an earlier version of services.yaml; None if it has a mistake.

    Its logo is not looked at: the picture of that time may have gone since.
    """
    site, _, names, _, problems = _parse_services(text, interface_languages)
    return names if site and not problems else None


@lru_cache(maxsize=2)  # a writer's command reads the folder before it writes, as it is going to be, and to build it
def _parse_services(
    text: str, interface_languages: tuple[str, ...]
) -> tuple[Site | None, str | None, Names, Document, tuple[Problem, ...]]:
    """Return the site without its logo, the path of that, the names, and the mistakes with where they are."""
    document, problems = read_yaml(text, SERVICES_FILE)
    if problems and document.value is None:
        return None, None, Names(), document, tuple(problems)
    names = _collect_names(document.value)
    if len(_as_list(_as_mapping(document.value).get("services"))) > MAX_SERVICES:
        what = f"There are too many services: the limit of {MAX_SERVICES:,} is reached on this line."
        hint = "Keep the ones that residents ask for, or split them into several sites."
        problems.append(Problem(document.place(("services", MAX_SERVICES)), what, hint))
        return None, None, names, document, tuple(problems)
    problems += _find_language_mistakes(document, names, interface_languages)
    shape, misfits = validate_document(shapes.ServicesShape, document, names)
    problems += misfits
    if shape is None:
        return None, None, names, document, tuple(problems)
    site = _make_site(shape, document)
    problems += _find_duplicates(site, document)
    site = replace(site, was=tuple(_read_old_addresses(shape.site.was, site, document, problems)))
    if shape.site.as_of and not site.demonstration:
        hint = "Delete it, or say under demonstration: that this is not a real page."
        place = document.place(("site", "as_of"))
        problems.append(Problem(place, "Only a demonstration can be fixed at one moment.", hint))
    return site, shape.site.logo, names, document, tuple(problems)


def list_languages(text: str) -> tuple[str, ...]:
    """Return the languages that a possibly faulty services.yaml lists."""
    return _collect_names(read_yaml(text, SERVICES_FILE)[0].value).languages


def _collect_names(value: object) -> Names:
    """Return what a possibly faulty services.yaml defines, as far as that can be told."""
    value = value if isinstance(value, dict) else {}
    site = _as_mapping(value.get("site"))
    try:
        zone = values.parse_zone(str(site.get("timezone")))
    except InvalidValue:
        zone = Names().zone
    languages = _collect_languages(site.get("languages")) or ("en",)
    services = [_as_mapping(item) for item in _as_list(value.get("services"))]
    silence = site.get("silence")
    return Names(
        languages=languages,
        zone=zone,
        services={
            _raw_service_id(service, languages[0]): tuple(
                raw_channel_id(_as_mapping(channel)) for channel in _as_list(service.get("channels"))
            )
            for service in services
        }
        or None,
        operators=tuple(_as_mapping(value.get("operators"))),
        groups=tuple(str(_as_mapping(group).get("id")) for group in _as_list(value.get("groups"))),
        silence=tuple(map(str, _as_list(silence) or [silence])),
        is_known=True,
    )


def _collect_languages(value: object) -> tuple[str, ...]:
    """Return the languages, also where they stand in a text instead of a list: that is one mistake, and no more."""
    words = re.findall(r"[\w-]+", value) if isinstance(value, str) else _as_list(value)
    return tuple(word for word in words if isinstance(word, str))


def _as_mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _raw_service_id(value: dict[str, object], language: str) -> str:
    name = value.get("name")
    name = name.get(language) if isinstance(name, dict) else name
    return str(value.get("id") or slugify(str(name)))


def raw_channel_id(channel: dict[str, object]) -> str:
    """Return the id of a channel as written: its own, or the word for its kind."""
    return str(channel.get("id") or re.sub(r"[\s-]+", "_", str(channel.get("kind", "")).strip().casefold()))


def _find_language_mistakes(document: Document, names: Names, interface_languages: tuple[str, ...]) -> list[Problem]:
    problems = []
    for index, language in enumerate(names.languages):
        place = document.place(("site", "languages", index))
        if not {language, language.partition("-")[0]} & {*interface_languages}:
            known = ", ".join(interface_languages)
            hint = f"Run statusgen language {language} and translate what it writes, or choose from: {known}."
            if not is_language(language):
                hint = f"Choose from: {known}. For others, such as so for Somali, run statusgen language so."
            problems.append(Problem(place, f'Pages cannot be made in "{language}" yet.', hint))
        if language in names.languages[:index]:
            problems.append(Problem(place, f'The language "{language}" appears twice here.', "Keep only one of them."))
    return problems


def _make_site(shape: shapes.ServicesShape, document: Document) -> Site:
    operators = {
        id: make_fact(Operator, operator, partial(getattr, operator), id=id) for id, operator in shape.operators.items()
    }
    site = shape.site
    return Site(
        title=site.title,
        publisher=site.publisher or site.title,
        url=site.url,
        zone=site.timezone,
        languages=site.languages,
        services=tuple(
            _make_service(service, operators, document, index) for index, service in enumerate(shape.services)
        ),
        incidents=(),
        groups=tuple(make_fact(Group, group, partial(getattr, group)) for group in shape.groups),
        contacts=tuple(make_fact(Contact, contact, partial(getattr, contact)) for contact in site.contacts),
        accessibility=_make_accessibility(site.accessibility),
        emergency=site.emergency,
        demonstration=site.demonstration,
        stale_after=site.stale_after,
        accent=site.accent,
        as_of=site.as_of,
        hub=site.hub,
        silence=site.silence,
        alerts=AlertSettings(site.alerts.sender, site.alerts.area, tuple(site.alerts.codes.items()))
        if site.alerts
        else None,
        security=_make_security(site.security),
        feedback=site.feedback,
        fallbacks=tuple(site.fallback.items()),
        targets=tuple(make_fact(Target, target, partial(getattr, target)) for target in shape.publish),
        notify=_make_notify(shape.notify),
        follow=tuple(map(_make_followed, shape.follow)),
        review=site.review,
    )


def _read_old_addresses(
    written: dict[str, str], site: Site, document: Document, problems: list[Problem]
) -> Iterator[OldAddress]:
    """Yield the old addresses of pages and feeds that are no posts; their mistakes are added to `problems`."""
    pages, feeds = [*addresses.lasting_pages(site)], [*addresses.lasting_feeds(site)]
    for key, target in written.items():
        place, to = document.place(("site", "was", key)), target.removeprefix("/")
        try:
            old = OldAddress(parse_old_address(key), to, place)
        except InvalidValue as wrong:
            problems.append(Problem(place, wrong.what, wrong.hint))
            continue
        noun, known = ("feed", feeds) if old.is_feed else ("page", pages)
        if to in known:
            yield old
        else:
            what = f"{quote_text(target)} is not the address of a {noun} here that stays."
            near = did_you_mean(f"/{to}", [f"/{each}" for each in known])
            is_post = to.startswith(addresses.incident("").removesuffix("/"))
            problems.append(Problem(place, what, "Write it under was: of that post." if is_post else near))


def _make_notify(shape: shapes.NotifyShape | None) -> NotifySettings:
    if shape is None:
        return NotifySettings()
    channels = tuple(make_fact(NotifyChannel, channel, partial(getattr, channel)) for channel in shape.channels)
    return NotifySettings(channels, shape.quiet, shape.at_most, shape.show)


def _make_followed(shape: shapes.FollowedShape) -> Followed:
    dependences = tuple(make_fact(Dependence, each, partial(getattr, each)) for each in shape.dependences)
    return make_fact(Followed, shape, partial(getattr, shape), dependences=dependences)


def _make_accessibility(shape: shapes.AccessibilityShape | None) -> AccessibilityContact | None:
    return make_fact(AccessibilityContact, shape, partial(getattr, shape)) if shape else None


def _make_security(shape: shapes.SecurityShape | None) -> SecurityContact | None:
    return SecurityContact(shape.contact, shape.expires, shape.policy) if shape else None


def _make_service(
    shape: shapes.ServiceShape, operators: dict[str, Operator], document: Document, index: int
) -> Service:
    path = ("services", index)
    return make_fact(
        Service,
        shape,
        partial(getattr, shape),
        id=shape.id or slugify(shape.name.texts[0][1]),
        place=document.place(path),
        operator=operators.get(shape.operator or ""),
        channels=tuple(
            make_channel(channel, document.place((*path, "channels", number)), partial(getattr, channel))
            for number, channel in enumerate(shape.channels)
        ),
    )


def make_channel(
    shape: shapes.ChannelShape | shapes.TemporaryChannelShape, place: Place, words: Callable[[str], Words | None]
) -> Channel:
    """Return a channel; `words` gives the value of a key in all languages.

    Without a kind it is `OTHER`, until it is known which channel it changes.
    """
    kind = shape.kind or ChannelKind.OTHER
    given = shape.kind is not None
    return make_fact(Channel, shape, words, id=shape.id or kind.value, kind=kind, kind_given=given, place=place)


def _find_duplicates(site: Site, document: Document) -> list[Problem]:
    """Return ids that two things want, also when they differ only in letter case or in Unicode form."""
    problems = find_same_ids(((service.id, service.place) for service in site.services), "services")
    for service in site.services:
        if not service.id:
            hint = "Give it an id of lowercase letters and digits."
            problems.append(Problem(service.place, "No id can be made from the name of this service.", hint))
        channels = ((channel.id, channel.place) for channel in service.channels)
        problems += find_same_ids(channels, f'channels of "{service.id}"')
    groups = [(group.id, document.place(("groups", index))) for index, group in enumerate(site.groups)]
    targets = [(target.id, document.place(("publish", index))) for index, target in enumerate(site.targets)]
    problems += find_same_ids(targets, "targets")
    problems += _find_notify_mistakes(site, document)
    problems += _find_follow_mistakes(site, document)
    return [*problems, *find_same_ids(groups, "groups"), *_find_shared_ids(site, groups)]


def _find_notify_mistakes(site: Site, document: Document) -> Iterator[Problem]:
    """Yield channels with the id of another, that lack what their kind needs, or have what it does not use."""
    path = ("notify", "channels")
    ids = [(channel.id, document.place((*path, index))) for index, channel in enumerate(site.notify.channels)]
    yield from find_same_ids(ids, "channels of notify")
    settings = _as_mapping(_as_mapping(document.value).get("notify"))
    written = [_as_mapping(each) for each in _as_list(settings.get("channels"))]
    for index, channel in enumerate(site.notify.channels):
        place = document.place((*path, index))
        if channel.id in _NAMES_OF_VARIABLES:
            what = f'The id "{channel.id}" would take a variable of the environment that means something else.'
            yield Problem(place, what, "Give it a different id.")
        if channel.id == HUB:
            hint = "Give this one a different id."
            yield Problem(place, f'The id "{HUB}" stands for the WebSub hub of the site.', hint)
        if channel.kind is NotifyKind.MAIL:
            yield from _find_mail_mistakes(channel, written[index].keys(), place)
        else:
            keys = (("from", channel.sender), ("list_id", channel.list_id), ("unsubscribe", channel.unsubscribe))
            for key in (key for key, value in keys if value):
                what = f'Only mail has "{key}", and this channel is of the kind {channel.kind.value}.'
                yield Problem(document.place((*path, index, key)), what, "Delete it.")


def _find_mail_mistakes(channel: NotifyChannel, written: Collection[str], place: Place) -> Iterator[Problem]:
    if "to" not in written:
        hint = "Write the address of the list, like to: water-list@lists.springfield.example."
        yield Problem(place, "A channel of mail needs an address to send to.", hint)
    elif channel.to and "/" in channel.to:
        hint = "Write it like water-list@lists.springfield.example."
        yield Problem(place, f"{quote_text(channel.to)} is not an email address.", hint)
    if "from" not in written:
        hint = "Write the address that it comes from, like from: status@springfield.example."
        yield Problem(place, "A channel of mail needs an address that its messages come from.", hint)


def _find_follow_mistakes(site: Site, document: Document) -> Iterator[Problem]:
    """Yield pages and monitors with the id of another, or that are nowhere to be read."""
    ids = [(each.id, document.place(("follow", index))) for index, each in enumerate(site.follow)]
    yield from find_same_ids(ids, "entries of follow")
    written = [_as_mapping(each) for each in _as_list(_as_mapping(document.value).get("follow"))]
    for index, followed in enumerate(site.follow):
        # One that was written and is not there was a mistake, which is told already.
        if (followed.source or "from" not in written[index]) and (wrong := _find_source_mistake(followed)):
            yield Problem(document.place(("follow", index, "from")), *wrong)


def _find_source_mistake(followed: Followed) -> tuple[str, str] | None:
    """Return what is wrong with where something is read, and what to write instead; None if that can be."""
    kind, source = followed.kind, followed.source
    example = "https://status.vendor.example"
    if source is None:
        missing = (f"A page of the kind {kind.value} needs an address.", f"Write it like from: {example}.")
        return None if kind.is_monitor else missing
    if source.startswith(FILE) and not kind.is_monitor:
        return (
            f"Only a monitor's document can be in a file, and this is a {kind.value}.",
            f"Write {example}, for example.",
        )
    if kind.is_sent and not source.startswith(FILE):
        hint = "Delete it: what it sends is given to statusgen follow --document. Or write file: and the path of that."
        return f"A monitor of the kind {kind.value} cannot be asked: it only sends.", hint
    if kind is FollowKind.UPTIME_KUMA and not source.startswith(FILE) and "/status/" not in source:
        hint = "Write it like from: https://uptime.springfield.example/status/city."
        return "This is not the address of a status page of Uptime Kuma.", hint
    return None


def _find_shared_ids(site: Site, groups: Iterable[tuple[str, Place]]) -> Iterator[Problem]:
    """Yield groups with the id of a service: a writer who names it could mean either."""
    services = {service.id: service.place for service in site.services}
    for id, place in groups:
        if id in services:
            what = f'A service and a group have the id "{id}", the service at {services[id]}.'
            yield Problem(place, what, "Give the group a different id, there and in its services.")


def find_same_ids(ids: Iterable[tuple[str, Place]], noun: str) -> list[Problem]:
    """Return a problem for each thing whose id one before it has already."""
    first: dict[str, Place] = {}
    problems = []
    for id, place in ids:
        folded = unicodedata.normalize("NFC", id).casefold()
        other = first.setdefault(folded, place)
        if other is not place:
            what = f'Two {noun} have the id "{id}", first at {other}.'
            problems.append(Problem(place, what, "Give one of them a different id: id: …"))
    return problems
