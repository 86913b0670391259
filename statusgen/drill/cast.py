"""Which service of the site plays which part of a story."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from statusgen.drill.folder import DrillError
from statusgen.drill.story import Part, Story
from statusgen.model.services import Service
from statusgen.model.whole_site import Site
from statusgen.text import did_you_mean, quote_text


@dataclass(frozen=True)
class Casting:
    """A part, the service or the way to use one that plays it (None if there are too few), and why that one."""

    part: str
    key: str | None
    why: str


def cast_parts(story: Story, site: Site, chosen: Mapping[str, str]) -> list[Casting]:
    """Return what plays each part; raise DrillError for a part or a service that there is not.

    It is what somebody chose, else what the story names, else the first service with a word of `match`, preferably one
    with the way to use it that is meant, else the first that plays no part yet. No service plays two parts, unless
    somebody chose so.
    """
    _check_chosen(story, site, chosen)
    found = {name: chosen.get(name) or part.service for name, part in story.parts.items()}
    whys = {name: "you chose it" if name in chosen else "the story names it" for name, key in found.items() if key}
    taken = {key.partition("/")[0] for key in found.values() if key}
    for why, candidates in (("its words fit", _list_matching), ("nothing fits, so the next service", _list_all)):
        for name, part in story.parts.items():
            free = (service for service in candidates(part, site) if service.id not in taken)
            if found[name] is None and (service := next(free, None)):
                found[name], whys[name] = _add_way(part, service), why
                taken.add(service.id)
    return [Casting(name, key, whys.get(name, "there are no more services")) for name, key in found.items()]


def _check_chosen(story: Story, site: Site, chosen: Mapping[str, str]) -> None:
    keys = [key for each in site.services for key in (each.id, *(f"{each.id}/{way.id}" for way in each.channels))]
    for part, key in chosen.items():
        if part not in story.parts:
            raise DrillError(f"The story has no service {quote_text(part)}. {did_you_mean(part, story.parts)}")
        if key not in keys:
            raise DrillError(f"The site has no service {quote_text(key)}. {did_you_mean(key, keys)}")


def _list_matching(part: Part, site: Site) -> Iterator[Service]:
    """Yield the services that have a word of a part: first those with the way to use it, then in the words' order."""
    found = [service for word in part.match for service in site.services if word in _read_words(service)]
    yield from sorted(found, key=lambda service: part.way not in (None, *(way.kind for way in service.channels)))


def _list_all(_part: Part, site: Site) -> Iterator[Service]:
    yield from site.services


def _read_words(service: Service) -> set[str]:
    texts = [text for words in (service.name, service.keywords) if words for _, text in words.texts]
    return {*re.findall(r"\w+", " ".join((service.id, *texts)).casefold())}


def _add_way(part: Part, service: Service) -> str:
    """Return the key of a service, or of its first way of the kind that the part is about."""
    ways = [way.id for way in service.channels if way.kind is part.way]
    return f"{service.id}/{ways[0]}" if ways else service.id


def name_parts(story: Story, site: Site, cast: Mapping[str, str]) -> dict[str, str]:
    """Return what the news calls each part, in the first language of the site."""
    names = {}
    for name, part in story.parts.items():
        service_id, _, way_id = cast.get(name, "").partition("/")
        service = site.service_by_id.get(service_id)
        words = [(service.name if service else part.name).in_language(*site.languages).text]
        ways = [way for way in service.channels if way.id == way_id] if service else []
        words += [way.name.in_language(*site.languages).text if way.name else way.kind.value for way in ways]
        names[name] = ": ".join(words)
    return names
