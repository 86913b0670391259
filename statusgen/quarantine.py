"""What can be published while some posts are broken: everything else, and in place of each of those a word of it.

Nothing turns green by it. A service of which a broken post speaks, or which it held back when the site was last
published, is shown as "We do not know yet" until somebody mends the post; where that cannot be told, nothing is
published. In place of the post stands one of a few words, at its own address, so that no link to it breaks.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Any

from markupsafe import escape

from statusgen import addresses
from statusgen.errors import ContentError, Place, Problem
from statusgen.languages.interface import Interface
from statusgen.model import Incident, Kind, Markup, Report, Site, State, Status, Topic, Update, When, Words
from statusgen.reading.content import INCIDENTS, Content
from statusgen.reading.documents import read_yaml
from statusgen.reading.posts import RawPost, split
from statusgen.reading.values import TIME, Wrong, identifier, slug, when

UPDATE = "left-out"
"""The id of the one update of a post that stands in for a broken one: no other has it, whatever comes later."""

_HEADING = re.compile(rf"^##[ \t]+(?P<time>{TIME.pattern})(?P<rest>.*)$", re.MULTILINE)
_DRAFT = re.compile(r"^draft[ \t]*:(?![ \t]*false\b)", re.MULTILINE)
_NOTICE = re.compile(r"^kind[ \t]*:[ \t]*notice\b", re.MULTILINE)
_PLANNED = re.compile(r"^kind[ \t]*:[ \t]*maintenance\b", re.MULTILINE)
# A name where facts have one: as a key, or in a list. What is said to work is not held back.
_NAMED = re.compile(
    r"(?:^|[\[{,-])[ \t]*[\"']?(?P<name>[a-z0-9][\w-]*)(?:/[\w-]+)?[\"']?[ \t]*(?=[:,\]}]|$)(?!:[ \t]*working\b)",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Sound:
    """What is left when the files in `aside` are not read, and every mistake that was found on the way."""

    site: Site
    aside: frozenset[str]
    problems: tuple[Problem, ...]


Read = Callable[[frozenset[str]], tuple[Content, list[Problem]]]


def sound(read: Read) -> tuple[Sound, Mapping[str, str]]:
    """What can be read without the broken posts and translations, and the texts of all; raises ContentError.

    `read` reads the site without some files, and tells every mistake in the others. A mistake in any other file than
    a post or a translation stops everything.
    """
    aside: frozenset[str] = frozenset()
    content, problems = read(aside)
    texts, told = content.texts, [*problems]
    while problems or content.site is None:
        broken = {problem.place.file for problem in problems}
        if content.site is None or broken <= aside or not all(map(_is_of_a_post, broken)):
            raise ContentError(told)
        aside |= broken
        content, problems = read(aside)
        told += problems
    return Sound(content.site, aside, tuple(sorted(set(told)))), texts


def _is_of_a_post(file: str) -> bool:
    return file.startswith(f"{INCIDENTS}/") and file.casefold().endswith(".md")


def standing_in(sound: Sound, texts: Mapping[str, str], moment: datetime, published: Path) -> Site:
    """The site with a word in place of each broken post that would be public; raises ContentError.

    `published` is the folder of the site as it was last published, if it ever was.
    """
    held = _held_when_published(published)
    files = sorted(file for file in sound.aside if not _is_translation(file))
    missing = [_Missing(file, texts.get(file, ""), sound.site, moment) for file in files]
    public = [one for one in missing if not one.hidden]
    taken = Counter([one.id for one in public] + [incident.id for incident in sound.site.incidents])
    untold = [one.file for one in public if not one.can_be_told or taken[one.id] > 1]
    if untold:
        what = "Nobody can tell of which services this post speaks, and they could seem to work."
        hint = "Mend it, or move it away."
        raise ContentError([*sound.problems, *(Problem(Place(file), what, hint) for file in untold)])
    incidents = (*sound.site.incidents, *(one.incident(held.get(one.id, ())) for one in public))
    left_out = tuple(one.id for one in public)
    return replace(
        sound.site,
        incidents=tuple(sorted(incidents, key=lambda incident: incident.id)),
        left_out=left_out,
        deleted=tuple(id for id in sound.site.deleted if id not in {one.id for one in missing}),
    )


def _is_translation(file: str) -> bool:
    """Whether its name ends in a language: without a translation, its post is shown as it was written."""
    _, dot, language = PurePosixPath(file).stem.rpartition(".")
    return bool(dot) and bool(re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z]{2,4})?", language))


def _held_when_published(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """The services that each post held back, by the data of the site that is published now."""
    try:
        services = json.loads((folder / addresses.status_data()).read_bytes())["services"]
        pairs = [(id, service["id"]) for service in services for id in service["incidents"]]
    except (OSError, ValueError, LookupError, TypeError):
        return {}
    return {id: tuple(service for one, service in pairs if one == id) for id, _ in pairs}


class _Missing:
    """A broken post: what can be told of it from its text, though it cannot be read."""

    def __init__(self, file: str, text: str, site: Site, moment: datetime) -> None:
        self.file, self.text, self.site, self.moment = file, text, site, moment
        self.id = _address(PurePosixPath(file).stem)
        self.unknown: list[str] = []
        self.named = {name for name in _NAMED.findall(text) if name in site.by_id} | set(self.misspelt())

    def misspelt(self) -> Iterator[str]:
        """The services that were probably meant by names that no service has."""
        post, _ = split(self.text, self.file)
        blocks = [post.front, *(update.facts for update in post.updates)] if isinstance(post, RawPost) else []
        for block in blocks:
            value = read_yaml(block.content, self.file, block.line)[0].value
            meant = get_close_matches("services", value, n=1) if isinstance(value, dict) else []
            services = value[meant[0]] if meant else None
            for key in _keys(services):
                name = key.partition("/")[0]
                near = get_close_matches(name.casefold(), self.site.by_id, n=1, cutoff=0.6)
                if name not in self.site.by_id:
                    yield from near
                    self.unknown += [] if near else [name]

    @property
    def can_be_told(self) -> bool:
        """Whether the services that it speaks of are known."""
        speaks_of_none = self.over or _NOTICE.search(self.text)
        return bool(self.text.strip()) and not self.unknown and bool(self.named or speaks_of_none)

    @property
    def hidden(self) -> bool:
        """Whether nobody may know of it yet."""
        posted = self.fact("posted") or (None if _PLANNED.search(self.text) else self.fact("started"))
        return bool(_DRAFT.search(self.text)) or bool(posted and posted.start > self.moment)

    @property
    def over(self) -> bool:
        """Whether what it tells of has ended, or not begun: as planned work that is to come."""
        starts = self.fact("starts") if _PLANNED.search(self.text) else None
        if starts and starts.start > self.moment:
            return True
        headings = [(self.time(found["time"]), found["rest"]) for found in _HEADING.finditer(self.text)]
        said = [(time, rest) for time, rest in headings if time is None or time.start <= self.moment]
        if not said or said[-1][0] is None:
            return False
        return said[-1][1].strip(" :.-\u2013\u2014").casefold() in {state.value for state in State if state.ends}

    def fact(self, key: str) -> When | None:
        """A time that its front matter gives."""
        found = re.search(rf"^{key}[ \t]*:[ \t]*[\"']?(?P<time>{TIME.pattern})", self.text, re.MULTILINE)
        return self.time(found["time"]) if found else None

    def time(self, words: str) -> When | None:
        try:
            return when(words.strip(), self.site.zone)
        except Wrong:
            return None

    @property
    def told(self) -> When:
        """When it last said something, as far as that can be read."""
        times = [self.fact("started"), self.fact("posted"), self.time(self.id[:10])]
        times += [self.time(found["time"]) for found in _HEADING.finditer(self.text)]
        past = [time for time in times if time and time.start <= self.moment]
        return max(past, key=lambda time: time.start, default=When.moment(self.moment))

    def incident(self, held: Iterable[str]) -> Incident:
        """What stands in for it; `held` are services that it held back when it was last published."""
        services = {id for id in held if id in self.site.by_id} | (set() if self.over else self.named)
        place = Place(self.file)
        reports = tuple(Report(id, None, place, Status.UNKNOWN) for id in self.site.by_id if id in services)
        words = [_words(language, self.site) for language in self.site.languages]
        update = Update(
            id=UPDATE,
            time=self.told,
            state=State.INVESTIGATING,
            place=place,
            texts=tuple(Markup(f"<p>{escape(text)}</p>", text, language) for language, _, text in words),
            reports=reports,
            ends=None if reports else self.told,
        )
        return Incident(
            id=self.id,
            kind=Kind.INCIDENT if reports else Kind.NOTICE,
            title=Words(tuple((language, title) for language, title, _ in words)),
            started=self.told,
            updates=(update,),
            place=place,
            topic=None if reports else Topic.OTHER,
            translated=self.site.languages[1:],
        )


def _keys(services: Any) -> Iterator[str]:
    """The names that stand in a mapping or, in a list, as its entries or as their keys."""
    for entry in services if isinstance(services, dict | list) else ():
        yield from entry if isinstance(entry, dict) else (str(entry),)


def _address(name: str) -> str:
    """The id of a post whose file has this name, be it one that no address can have."""
    try:
        return identifier(name)
    except Wrong:
        return slug(name)


def _words(language: str, site: Site) -> tuple[str, str, str]:
    """A language, and the title and the text that stand in for a broken post in it."""
    _ = Interface(language, site.zone.key).gettext
    text = _("There are mistakes in the file of this report, so it cannot be shown. We are mending it.")
    return language, _("A report that is being mended"), text
