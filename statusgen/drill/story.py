"""The story of a drill: news for the writers, and what is true meanwhile; read from YAML with every mistake at once."""

import re
from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from statusgen.content.format.fields import (
    ChannelWord,
    Id,
    ListOf,
    Names,
    Phrase,
    ServiceOrChannel,
    StatusWord,
    at_least_one,
    check_mapping,
    one_or_more,
    parser,
)
from statusgen.content.format.shapes import optional_key, required_key
from statusgen.content.format.validation import Shape, validate_document
from statusgen.content.yaml.documents import Document, KeyPath, read_yaml
from statusgen.drill.clock import FASTEST
from statusgen.drill.folder import DrillError
from statusgen.model.whole_site import Site
from statusgen.problems import ContentError, InvalidValue, Problem
from statusgen.text import decode_text, did_you_mean, quote_text

STORIES = Path(__file__).parent / "stories"
DEFAULT_STORY = "city-network"
_AFTER = re.compile(r"(\d{1,2}):([0-5]\d)")
_PART = re.compile(r"\{([^{}]*)\}")


def _parse_after(text: str) -> timedelta:
    """Return how long after the beginning of the story something is; raise InvalidValue."""
    found = _AFTER.fullmatch(text)
    if not found:
        hint = "Write hours and minutes after the beginning, like 1:40."
        raise InvalidValue(f"{quote_text(text)} is not a time of a story.", hint)
    return timedelta(hours=int(found[1]), minutes=int(found[2]))


def _parse_clock(text: str) -> time:
    """Return a time of day; raise InvalidValue."""
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text)
    if not found:
        raise InvalidValue(f"{quote_text(text)} is not a time of day.", "Write it like 02:10.")
    return time(int(found[1]), int(found[2]))


def _parse_speed(text: str) -> float:
    """Return how many times as fast as real time something goes; raise InvalidValue."""
    if not re.fullmatch(r"\d{1,2}", text) or not 1 <= int(text) <= FASTEST:
        raise InvalidValue(f"{quote_text(text)} is not a speed.", f"Write a number from 1 to {FASTEST}.")
    return float(text)


After = Annotated[timedelta, parser(_parse_after)]
_Name = Annotated[str, parser(lambda text: text.casefold())]


class Part(Shape):
    """One of `services:` of a story: a service by what it is, or a way to use one, which the site calls otherwise."""

    name: Phrase = required_key("What the news calls it where the site has no such service.", "Payments")
    match: Annotated[tuple[_Name, ...], BeforeValidator(one_or_more)] = optional_key(
        "Words: it is the first service that has one in its id, its name or its keywords.", ()
    )
    way: ChannelWord | None = optional_key("The kind of way to use it that is meant, if the service has one.")
    service: ServiceOrChannel | None = optional_key("Of a story for one site: which service it is.")


class News(Shape):
    """One of `news:` of a story: what the writers hear, and what that says of services."""

    at: After = required_key("When they hear it, in hours and minutes after the beginning.", '"0:40"')
    sender: Phrase = Field(alias="from", description="Who says it.", examples=["The help desk"])
    text: Phrase = required_key("What they say; {payments} stands for the name of that service.", "{payments} is down.")
    says: Annotated[dict[Id, StatusWord], BeforeValidator(check_mapping)] = optional_key(
        "The status of each service that the writers know from then on.", {}
    )


class Truth(Shape):
    """One of `truth:` of a story: a status that a service really has for a while. Otherwise it works as before."""

    service: Id = required_key("Which service.", "payments")
    status: StatusWord = required_key("Its status.", "down")
    begins: After = Field(alias="from", description="From when, after the beginning.", examples=['"0:00"'])
    until: After | None = optional_key("Until when; without it, to the end.")


class Story(Shape):
    """A story."""

    name: Phrase = required_key("What it is about.", "An attack on the city network")
    begins: Annotated[time, parser(_parse_clock)] = required_key("The time of day at which it begins.", '"02:10"')
    ends: After = required_key("When it ends, after the beginning.", '"9:00"')
    speed: Annotated[float, parser(_parse_speed)] = optional_key("How many times as fast as real time it runs.", 10.0)
    parts: Annotated[dict[Id, Part], BeforeValidator(check_mapping)] = Field(
        alias="services", description="The services that it is about.", examples=["payments: {name: Payments}"]
    )
    news: Annotated[ListOf[News], at_least_one("news", '- {at: "0:05", from: …, text: …}')] = required_key(
        "What the writers hear.", '- {at: "0:05", from: The help desk, text: …}'
    )
    truth: ListOf[Truth] = optional_key("What is true meanwhile.", ())


def list_stories() -> list[str]:
    """Return the names of the stories that come with statusgen."""
    return sorted(path.stem for path in STORIES.glob("*.yaml"))


def find_story(name: str) -> Path:
    """Return the file of a story: one that comes with statusgen, by its name, or a file of the site's own."""
    if name in list_stories():
        return STORIES / f"{name}.yaml"
    if Path(name).is_file():
        return Path(name)
    raise DrillError(f"There is no story {quote_text(name)}. {did_you_mean(name, list_stories())} Or name a file.")


def read_story(path: Path, site: Site) -> Story:
    """Return the story in a file; raise ContentError with every mistake in it."""
    text, problems = decode_text(path.read_bytes(), path.name)
    document, found = read_yaml(text, path.name)
    problems = [*problems, *found]
    names = Names(services={each.id: tuple(way.id for way in each.channels) for each in site.services})
    story, found = (None, []) if problems else validate_document(Story, document, names)
    problems += found
    if story and not problems:
        problems += _find_contradictions(story, document)
    if problems or story is None:
        raise ContentError(problems)
    return story


def _find_contradictions(story: Story, document: Document) -> Iterator[Problem]:
    """Yield what does not fit together in a story."""

    def mistake(path: KeyPath, what: str, hint: str) -> Problem:
        return Problem(document.place(path), what, hint)

    for path, name in _list_names(story):
        if name not in story.parts:
            what = f"The story has no service {quote_text(name)}."
            yield mistake(path, what, f"{did_you_mean(name, story.parts)} Or describe it under services:.")
    for number, news in enumerate(story.news):
        if news.at >= story.ends:
            yield mistake(("news", number, "at"), "This is not before the end of the story.", "Write a later ends:.")
        if number and news.at < story.news[number - 1].at:
            yield mistake(("news", number, "at"), "This is earlier than the news above it.", "Put it where it belongs.")
    for number, truth in enumerate(story.truth):
        if truth.until is not None and truth.until <= truth.begins:
            yield mistake(("truth", number, "until"), "This is not after its from:.", "Write a later time.")
        if any(_contradict(each, truth, story) for each in story.truth[:number]):
            hint = "Let one end where the other begins."
            yield mistake(("truth", number), f"Two statuses of {quote_text(truth.service)} at one time.", hint)


def _list_names(story: Story) -> Iterator[tuple[KeyPath, str]]:
    """Yield each mention of a service, and where it is."""
    for number, news in enumerate(story.news):
        yield from ((("news", number, "says", name), name) for name in news.says)
        texts = " ".join(text for _, text in (*news.text.texts, *news.sender.texts))
        yield from ((("news", number, "text"), name) for name in dict.fromkeys(_PART.findall(texts)))
    yield from ((("truth", number, "service"), truth.service) for number, truth in enumerate(story.truth))


def _contradict(one: Truth, other: Truth, story: Story) -> bool:
    """Return whether two truths are of one part at one time, or of two parts that are one service, and not the same."""
    services = [each.service for name in (one.service, other.service) if (each := story.parts.get(name))]
    is_same = len(services) == 2 and services[0] == services[1] is not None and one.status is not other.status
    return (one.service == other.service or is_same) and _overlap(one, other)


def _overlap(one: Truth, other: Truth) -> bool:
    return (one.until is None or other.begins < one.until) and (other.until is None or one.begins < other.until)


def fill_in(text: str, names: dict[str, str]) -> str:
    """Return a text of the story with the names of the services that it is about."""
    return _PART.sub(lambda found: names[found[1]], text)
