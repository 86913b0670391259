"""Makes a site that can be published while some posts are broken: everything else, and a short notice for each of them.

Nothing turns green because of it. A service that a broken post names, or that it affected when the site was last
published, is shown as "We do not know yet" until somebody fixes the post. If the services cannot be found out, nothing
is published. The notice stands in for the post at its own address, so that no link to it breaks.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path, PurePosixPath

from markupsafe import escape

from statusgen import addresses
from statusgen.content.format.values import TIME_PATTERN, parse_id, parse_time
from statusgen.content.posts.links import INCIDENTS_FOLDER
from statusgen.content.posts.split import split_post
from statusgen.content.reader import Content
from statusgen.content.yaml.documents import YamlValue, read_yaml
from statusgen.model.posts import Incident, Topic, Update
from statusgen.model.reports import ServiceReport
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.whole_site import Site
from statusgen.model.words import Markup, Words
from statusgen.problems import ContentError, InvalidValue, Place, Problem
from statusgen.text import slugify
from statusgen.wording.interface import InterfaceLanguage

STAND_IN_UPDATE_ID = "left-out"
"""The id of the only update of a stand-in. No other update has it, since theirs are times."""

_HEADING = re.compile(rf"^##[ \t]+(?P<time>{TIME_PATTERN.pattern})(?P<rest>.*)$", re.MULTILINE)
_EMBARGO = re.compile(r"^embargo[ \t]*:(?![ \t]*false\b)", re.MULTILINE)
_DRAFT = re.compile(r"^draft[ \t]*:(?![ \t]*false\b)", re.MULTILINE)
_NOTICE = re.compile(r"^kind[ \t]*:[ \t]*notice\b", re.MULTILINE)
_MAINTENANCE = re.compile(r"^kind[ \t]*:[ \t]*maintenance\b", re.MULTILINE)
# A name where the name of a service can be: as a key, or in a list. One that is said to work is not affected.
_SERVICE_NAME = re.compile(
    r"(?:^|[\[{,-])[ \t]*[\"']?(?P<name>[a-z0-9][\w-]*)(?:/[\w-]+)?[\"']?[ \t]*(?=[:,\]}]|$)(?!:[ \t]*working\b)",
    re.MULTILINE,
)


@dataclass(frozen=True)
class PartialContent:
    """What is left when `skipped_files` are not read, and every mistake that was found on the way."""

    site: Site
    quarantined_files: frozenset[str]
    problems: tuple[Problem, ...]


# Reads the site without some files; returns its content and every mistake in the other files.
ReadContent = Callable[[frozenset[str]], tuple[Content, list[Problem]]]


def read_without_broken_files(read: ReadContent) -> tuple[PartialContent, Mapping[str, str]]:
    """Read the site without its broken posts and translations; return it with the texts of all files.

    It is read again until no further file is broken, since leaving out one may bring up mistakes in another. Raises
    ContentError if there is a mistake in any file that is not a post or a translation.
    """
    skipped: frozenset[str] = frozenset()
    content, problems = read(skipped)
    texts, all_problems = content.texts, [*problems]
    while problems or content.site is None:
        broken = {problem.place.file for problem in problems}
        if content.site is None or broken <= skipped or not all(map(_is_post_file, broken)):
            raise ContentError(all_problems)
        skipped |= broken
        content, problems = read(skipped)
        all_problems += problems
    return PartialContent(content.site, skipped, tuple(sorted(set(all_problems)))), texts


def _is_post_file(file: str) -> bool:
    return file.startswith(f"{INCIDENTS_FOLDER}/") and file.casefold().endswith(".md")


def add_stand_ins(
    content: PartialContent,
    texts: Mapping[str, str],
    moment: datetime,
    published_folder: Path,
    clock: datetime | None = None,
) -> Site:
    """Return the site with a stand-in for each broken post that would be public.

    `published_folder` has the site as it was last published, if it ever was. `clock` is what the clock says, if the
    moment is the clock's: then only an embargo keeps a post back. Raises ContentError if it cannot be found
    out which services a post affects.
    """
    published_services = _affected_when_published(published_folder)
    files = sorted(file for file in content.quarantined_files if not _is_translation(file))
    broken = [_BrokenPost(file, texts.get(file, ""), content.site, moment, clock) for file in files]
    public = [post for post in broken if not post.is_hidden]
    # Of two posts with one id, it is not known which the published site meant.
    id_counts = Counter([post.id for post in public] + [incident.id for incident in content.site.incidents])
    unclear = [post.file for post in public if not post.has_known_services or id_counts[post.id] > 1]
    if unclear:
        what = "This post does not say which services it affects, so they might wrongly show as working."
        hint = "Fix it, or move it out of incidents/."
        raise ContentError([*content.problems, *(Problem(Place(file), what, hint) for file in unclear)])
    stand_ins = (post.make_stand_in(published_services.get(post.id, ())) for post in public)
    return replace(
        content.site,
        incidents=tuple(sorted((*content.site.incidents, *stand_ins), key=lambda incident: incident.id)),
        quarantined_ids=tuple(post.id for post in public),
        deleted_ids=tuple(id for id in content.site.deleted_ids if id not in {post.id for post in broken}),
    )


def _is_translation(file: str) -> bool:
    """Return whether a file's name ends in a language."""
    _, dot, language = PurePosixPath(file).stem.rpartition(".")
    return bool(dot) and bool(re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z]{2,4})?", language))


def _affected_when_published(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """Return the services that each post affects, by its id, according to the data of the published site."""
    try:
        services = json.loads((folder / addresses.status_data()).read_bytes())["services"]
        pairs = [(id, service["id"]) for service in services for id in service["incidents"]]
    except (OSError, ValueError, LookupError, TypeError):
        return {}
    return {id: tuple(service for incident, service in pairs if incident == id) for id, _ in pairs}


class _BrokenPost:
    """What can be found in the text of a post that cannot be read.

    Every guess errs on the side of caution: a name counts as a service's even if it is mistyped or in the text, and
    a post counts as public and open unless it says otherwise.
    """

    def __init__(self, file: str, text: str, site: Site, moment: datetime, clock: datetime | None) -> None:
        self.file, self.text, self.site, self.moment, self.clock = file, text, site, moment, clock
        self.id = _post_id(PurePosixPath(file).stem)
        known = site.service_by_id
        mistyped = {name for name in self.find_service_names() if name not in known}
        meant = {name: get_close_matches(name.casefold(), known, n=1, cutoff=0.6) for name in mistyped}
        self.unknown_names = {name for name in mistyped if not meant[name]}
        self.named_services = {name for name in _SERVICE_NAME.findall(text) if name in known}
        self.named_services |= {service for near in meant.values() for service in near}

    def find_service_names(self) -> Iterator[str]:
        """Yield the names under `services:` in each block of facts, as far as those can be read."""
        post, _ = split_post(self.text, self.file)
        blocks = [post.front_matter, *(update.facts for update in post.updates)] if post else []
        for block in blocks:
            facts = read_yaml(block.content, self.file, block.line)[0].value
            if isinstance(facts, dict):
                for key in get_close_matches("services", facts, n=1):
                    yield from (name.partition("/")[0] for name in _find_names(facts[key]))

    @property
    def has_known_services(self) -> bool:
        """Whether it is known which services it affects."""
        affects_none = self.is_over or _NOTICE.search(self.text)
        return bool(self.text.strip()) and not self.unknown_names and bool(self.named_services or affects_none)

    @property
    def is_hidden(self) -> bool:
        """Whether it is not public yet: a draft, or dated ahead and, by the clock, under an embargo."""
        posted = self.front_matter_time("posted") or (
            None if _MAINTENANCE.search(self.text) else self.front_matter_time("started")
        )
        if _DRAFT.search(self.text):
            return True
        if self.clock:
            return bool(_EMBARGO.search(self.text) and posted and posted.start > self.clock)
        return bool(posted and posted.start > self.moment)

    @property
    def is_over(self) -> bool:
        """Whether it affects nothing now, because it has ended, or is planned work that has not begun."""
        starts = self.front_matter_time("starts") if _MAINTENANCE.search(self.text) else None
        if starts and starts.start > self.moment:
            return True
        headings = [(self.parse_time(found["time"]), found["rest"]) for found in _HEADING.finditer(self.text)]
        public = [(time, rest) for time, rest in headings if time is None or time.start <= self.moment]
        if not public or public[-1][0] is None:
            return False
        return public[-1][1].strip(" :.-\u2013\u2014").casefold() in {
            state.value for state in State if state.is_terminal
        }

    def front_matter_time(self, key: str) -> When | None:
        """Return the time under a key of its front matter, if it can be read."""
        found = re.search(rf"^{key}[ \t]*:[ \t]*[\"']?(?P<time>{TIME_PATTERN.pattern})", self.text, re.MULTILINE)
        return self.parse_time(found["time"]) if found else None

    def parse_time(self, text: str) -> When | None:
        """Return a time, or None if it cannot be read."""
        try:
            return parse_time(text.strip(), self.site.zone)
        except InvalidValue:
            return None

    @property
    def last_update_at(self) -> When:
        """The time of its last public update, as far as that can be read."""
        times = [self.front_matter_time("started"), self.front_matter_time("posted"), self.parse_time(self.id[:10])]
        times += [self.parse_time(found["time"]) for found in _HEADING.finditer(self.text)]
        past = [time for time in times if time and time.start <= self.moment]
        return max(past, key=lambda time: time.start, default=When.moment(self.moment))

    def make_stand_in(self, affected: Iterable[str]) -> Incident:
        """Return what stands in for it; `affected` are the services that it affected when last published."""
        services = {id for id in affected if id in self.site.service_by_id} | (
            set() if self.is_over else self.named_services
        )
        place = Place(self.file)
        reports = tuple(
            ServiceReport(id, None, place, Status.UNKNOWN) for id in self.site.service_by_id if id in services
        )
        words = [_stand_in_words(language, self.site) for language in self.site.languages]
        update = Update(
            id=STAND_IN_UPDATE_ID,
            time=self.last_update_at,
            state=State.INVESTIGATING,
            place=place,
            texts=tuple(Markup(f"<p>{escape(text)}</p>", text, language) for language, _, text in words),
            reports=reports,
            ends=None if reports else self.last_update_at,
        )
        return Incident(
            id=self.id,
            kind=Kind.INCIDENT if reports else Kind.NOTICE,
            title=Words(tuple((language, title) for language, title, _ in words)),
            started=self.last_update_at,
            updates=(update,),
            place=place,
            topic=None if reports else Topic.OTHER,
            translation_languages=self.site.languages[1:],
        )


def _find_names(services: YamlValue) -> Iterator[str]:
    """Yield the names in a mapping or a list; an entry of a list may be a mapping of its own."""
    for entry in services if isinstance(services, dict | list) else ():
        yield from entry if isinstance(entry, dict) else (str(entry),)


def _post_id(name: str) -> str:
    """Return the id of a post whose file has this name, even if that cannot be part of an address."""
    try:
        return parse_id(name)
    except InvalidValue:
        return slugify(name)


def _stand_in_words(language: str, site: Site) -> tuple[str, str, str]:
    """Return a language, and in it the title and the text that stand in for a broken post."""
    _ = InterfaceLanguage(language, site.zone.key).gettext
    text = _("There are mistakes in the file of this report, so it cannot be shown. We are fixing it.")
    return language, _("A report that is being fixed"), text
