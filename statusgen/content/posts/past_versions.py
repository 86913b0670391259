"""Judges whether an earlier version of a post was published: whether a build of that time took it.

It is read as posts are, with services.yaml as it was at that commit. Versions share most of their updates, so each
part is read once.

What this does not look at, because it would take long, counts as sound: mistakes of other posts, which may have kept
the whole site from being built (unless with --quarantine), links to posts that came later, what is in pictures, a
missing logo, and templates. What it takes for a mistake though an earlier statusgen did not is lost to the record: an
edit by which words went that are refused today.
"""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeVar

from statusgen.content.confidential import find_all
from statusgen.content.format.fields import Names
from statusgen.content.format.shapes import PostShape
from statusgen.content.format.validation import Shape
from statusgen.content.format.values import parse_id
from statusgen.content.images.images import SIGNATURES
from statusgen.content.posts.comments import find_note
from statusgen.content.posts.due_times import find_due_times
from statusgen.content.posts.incidents import PostFiles, PostReader, SourceFile, TranslatedPost
from statusgen.content.posts.links import find_image_path, parse_post_link
from statusgen.content.posts.rules import check_post
from statusgen.content.posts.split import RawUpdate, Section
from statusgen.content.posts.version_cache import SoundVersion, Target, Versions, remember_versions
from statusgen.content.services import read_past_names
from statusgen.content.yaml.comments import strip_comments
from statusgen.content.yaml.documents import Document
from statusgen.model.posts import Incident, Update
from statusgen.model.states import Kind
from statusgen.model.words import Markup
from statusgen.problems import InvalidValue
from statusgen.speed.cache import digest, time_zone_digest

F = TypeVar("F", bound=Shape)
_SECTION_START = re.compile(r"^(?=## \d)", re.MULTILINE)


def find_target(target: Target, file: str) -> str:
    """Return the id of the post, or the path of the picture below incidents/, that `file` leads to; "" if it cannot."""
    if target.is_image:
        path = find_image_path(file, target.written)
        return path.as_posix() if path.suffix.lower() in SIGNATURES else ""
    try:
        return parse_post_link(target.written, _AnyPost())[0]
    except InvalidValue:
        return ""


class VersionJudge:
    """Tells which versions were sound, and reads none twice, nor one that a build before this one read."""

    def __init__(self, contents: Mapping[str, str], languages: tuple[str, ...], versions: Versions | None) -> None:
        self.contents, self.interface_languages, self.versions = contents, languages, versions or remember_versions()
        self.sections: list[_Sections] = []
        self.sections_for = functools.cache(self._find_sections)

    def names(self, services: str) -> Names | None:
        """Return what posts could name while services.yaml had this content; None if it had a mistake."""
        sections = self.sections_for(services)
        return sections.names if sections else None

    def _find_sections(self, services: str) -> "_Sections | None":
        names = read_past_names(self.contents.get(services, ""), self.interface_languages)
        if not names:
            return None
        # Few changes of services.yaml matter to posts. Which of the posts there were, `Target` asks.
        sections = next((known for known in self.sections if known.own_names == names), None)
        if not sections:
            sections = _Sections(names)
            self.sections.append(sections)
        return sections

    def find_sound(self, id: str, contents: Mapping[str, str], services: str) -> SoundVersion | None:
        """Return what a version says of itself; None if a mistake kept it from being built."""
        sections = self.sections_for(services)
        if sections is None or "" not in contents:
            return None
        files = sorted(contents.items())
        return self.versions.find(
            (sections.key, id, *(part for file in files for part in file)), lambda: self._read(id, contents, sections)
        )

    def _read(self, id: str, contents: Mapping[str, str], sections: "_Sections") -> SoundVersion | None:
        sources = {language: SourceFile("", self.contents.get(name, "")) for language, name in contents.items()}
        post = PostFiles(id, sources.pop(""), MappingProxyType(sources))
        if not sources.keys() <= set(sections.names.languages[1:]):
            return None
        try:
            parse_id(id)
            reader = _PastReader(post, sections)
            incident = reader.read()
        except (_HasMistake, InvalidValue):
            return None
        if incident is None or reader.problems or any(check_post(incident, sections.names, reader, is_complete=True)):
            return None
        if {*self._find_secrets(incident, contents)} - {*incident.silence, *sections.names.silence}:
            return None
        return _make_sound_version(incident, reader.targets)

    def _find_secrets(self, incident: Incident, contents: Mapping[str, str]) -> Iterator[str]:
        """Yield the name of each kind of secret in a version, as it was written and as it was shown."""
        for content in contents.values():
            # By their parts, since most are the same as in the version before.
            for part in _SECTION_START.split(self.contents.get(content, "")):
                yield from _find_secret_names(part)
        for text in (text for update in incident.updates for text in update.texts):
            yield from _find_secret_names(text.text)


@functools.lru_cache(maxsize=10_000)
def _find_secret_names(text: str) -> frozenset[str]:
    return frozenset(secret.name for secret, _ in find_all(text))


def _make_sound_version(incident: Incident, targets: frozenset[Target]) -> SoundVersion:
    unrelated = {Target(f"{id}.md", is_image=False) for update in incident.updates for id in update.unrelated_to}
    first, *later = find_due_times(incident)
    due = {update.id: time for update, time in zip(incident.updates[1:], later, strict=True)}
    return SoundVersion(incident.started.start, None if incident.draft else first, due, targets | unrelated)


class _HasMistake(Exception):
    """A version has a mistake; which one, nobody asks."""


class _AnyPost(tuple[str, ...]):
    """All names: which posts there were depends on the commit, and `find_target` tells which were meant."""

    __slots__ = ()

    def __contains__(self, _: object) -> bool:
        return True


class _Sections:
    """The parts of posts that were read with the same names: facts by their place, texts by their words."""

    def __init__(self, names: Names) -> None:
        self.own_names, self.names = names, replace(names, posts=_AnyPost())
        self.key = digest([repr(names), time_zone_digest(names.zone.key)])
        self.shapes: dict[tuple[object, ...], tuple[Any, Document] | None] = {}
        self.texts: dict[tuple[str, str], tuple[Markup | None, frozenset[Target]] | None] = {}
        self.updates: dict[tuple[RawUpdate, Kind | None], tuple[Update, frozenset[Target], Document]] = {}


class _PastReader(PostReader):
    """Reads a version of a post until the first mistake; its parts are taken from those that were read before."""

    def __init__(self, post: PostFiles, sections: _Sections) -> None:
        super().__init__(post, sections.names, self.note_target)
        self.sections = sections
        self.targets: frozenset[Target] = frozenset()
        self.noted: set[Target] = set()

    def note_target(self, target: str, is_image: bool) -> str:
        """Remember where a link leads: which posts and pictures there were depends on the commit."""
        self.noted.add(Target(target, is_image))
        return target

    def read_shape(self, shape: type[F], part: Section, file: str, names: Names) -> tuple[F | None, Document]:
        """Read a part of a file as `shape`, once."""
        known, key = self.sections.shapes, (shape, part, names.languages)
        if key not in known:
            before = len(self.problems)
            value = super().read_shape(shape, part, file, names)
            is_sound = len(self.problems) == before and not find_note(strip_comments(part.content))
            known[key] = value if is_sound else None
        found = known[key]
        if found is None:
            raise _HasMistake
        return found

    def convert_text(self, part: Section, language: str, file: str) -> Markup | None:
        """Convert a text, once."""
        known, key = self.sections.texts, (part.content, language)
        if key not in known:
            self.noted, before = set(), len(self.problems)
            text = super().convert_text(part, language, file)
            known[key] = (text, frozenset(self.noted)) if len(self.problems) == before else None
        found = known[key]
        if found is None:
            raise _HasMistake
        self.targets |= found[1]
        return found[0]

    def read_later_update(
        self, update: RawUpdate, front: PostShape | None, translations: Mapping[str, TranslatedPost]
    ) -> Update | None:
        """Read an update, once if it is not translated."""
        if translations:
            return super().read_later_update(update, front, translations)
        known, key = self.sections.updates, (update, front.kind if front else None)
        if key not in known:
            outer, before, self.targets = self.targets, len(self.problems), frozenset()
            found = super().read_later_update(update, front, translations)
            if found is None or len(self.problems) > before:
                raise _HasMistake
            known[key] = found, self.targets, self.documents[found.place]
            self.targets = outer
        found, targets, document = known[key]
        self.documents[found.place] = document
        self.targets |= targets
        return found
