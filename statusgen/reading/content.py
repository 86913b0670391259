"""A site's folder → everything that the city said, and every mistake in it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby, islice
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from urllib.parse import unquote

from babel import localedata

from statusgen.cache import Cache
from statusgen.errors import Place, Problem, did_you_mean
from statusgen.model import Image, Incident, Site
from statusgen.reading import services
from statusgen.reading.blanks import beside_blanks, blanks
from statusgen.reading.disk import below, content
from statusgen.reading.documents import MAX_BYTES, decode
from statusgen.reading.fields import Names
from statusgen.reading.fitting import MOST_MISTAKES
from statusgen.reading.incidents import Post, PostReader, Source
from statusgen.reading.pictures import SIGNATURES, picture
from statusgen.reading.record import recorded
from statusgen.reading.remembered import Remembered
from statusgen.reading.revision import revision
from statusgen.reading.rules import post_rules
from statusgen.reading.values import Wrong, identifier, quoted, slug
from statusgen.workers import pieces, shared_out

INCIDENTS = "incidents"
# So many posts are one piece of work.
_PIECE = 50
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{2,4})?")


@dataclass
class Content:
    """What a folder holds: the site, where services.yaml could be read, and the mistakes of all files.

    `texts` has every file of text that could be read, by its path within the folder, with newlines only.
    """

    site: Site | None
    problems: list[Problem]
    texts: dict[str, str]


def read(
    folder: Path,
    interface: tuple[str, ...],
    unsaved: Mapping[str, bytes] = MappingProxyType({}),
    cache: Cache | None = None,
    aside: frozenset[str] = frozenset(),
    processes: int = 1,
) -> Content:
    """Read services.yaml and incidents/ below `folder`; `interface` lists the languages pages can be made in.

    `unsaved` has files of text as they are going to be, by their paths within the folder: they are read in place
    of those on the disk. Files in `aside` are not read; posts among them count as there, for links to them.
    """
    disk = _Disk(folder, unsaved)
    text, problems = disk.text(folder / services.FILE)
    site, names = None, Names()
    if text is not None:
        site, names, misread = services.read_services(text, folder, interface)
        problems += misread
    remembered = Remembered(cache, [text or "", *interface], site.zone) if cache and site else None
    reader = _Incidents(disk, names, remembered, aside)
    incidents = tuple(reader.read(processes))
    if remembered:
        remembered.forget(incident.id for incident in incidents)
    left = [blank for file, post in reader.texts.items() for blank in blanks(post, file)]
    problems = list(_readable(beside_blanks(problems + reader.problems, left)))
    texts = {services.FILE: text or "", **reader.texts}
    if site is None:
        return Content(None, problems, texts)
    logo = site.logo.path if site.logo else None
    images = tuple(image for path, image in reader.images.items() if path != logo)
    site = replace(site, incidents=incidents, images=images, revision=revision(folder))
    return Content(recorded(site, folder, texts), problems, texts)


def _readable(problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems in order, and of a file with too many of them only the first."""
    for _, group in groupby(sorted(set(problems)), key=lambda problem: problem.place.file):
        told = list(islice(group, MOST_MISTAKES + 1))
        yield from told[:MOST_MISTAKES]
        if len(told) > MOST_MISTAKES:
            what = f"Only the first {MOST_MISTAKES} mistakes of this file are told."
            yield Problem(told[-2].place, what, "Mend them, and check again.")


def sources(folder: Path) -> Iterator[Path]:
    """Every file that a site is read from, whether or not it is there now."""
    yield folder / services.FILE
    for name in (INCIDENTS, "templates", "static"):
        yield from sorted(path for path in (folder / name).rglob("*") if path.is_file())


@dataclass(frozen=True)
class _Disk:
    """The files of text in a folder, with those in `unsaved` as they are going to be."""

    folder: Path
    unsaved: Mapping[str, bytes]

    def text(self, path: Path) -> tuple[str | None, list[Problem]]:
        """The text of a file, or what keeps it from being read."""
        name = path.relative_to(self.folder).as_posix()
        try:
            bytes = self.unsaved[name] if name in self.unsaved else content(self.folder, path, MAX_BYTES)
        except FileNotFoundError:
            hint = "Write one, with site: and services:, or name the folder that has it with --source."
            if path.with_suffix(".yml").is_file():
                hint = f"Rename {path.stem}.yml: its name has to end in .yaml."
            return None, [Problem(Place(name), f"There is no {name} in this folder.", hint)]
        except Wrong as wrong:
            return None, [Problem(Place(name), wrong.what, wrong.hint)]
        text, problems = decode(bytes, name)
        return (None if problems else text), problems

    def below(self, name: str) -> Iterator[Path | Problem]:
        """Every file below a folder, new ones last, and what keeps others from being read."""
        there = set()
        for found in below(self.folder, name):
            there.add(found)
            yield found
        new = (self.folder / file for file in self.unsaved if file.startswith(f"{name}/"))
        yield from (path for path in new if path not in there)


@dataclass
class _Found:
    """What was read in one post: its images too, and whether it leads to anything else in the folder."""

    incident: Incident | None = None
    problems: list[Problem] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    leads: bool = False


@dataclass
class _Incidents:
    """Reads every post below incidents/."""

    disk: _Disk
    names: Names
    remembered: Remembered | None = None
    aside: frozenset[str] = frozenset()
    problems: list[Problem] = field(default_factory=list)
    images: dict[str, Image] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)

    def read(self, processes: int) -> list[Incident]:
        """The posts that could be read, in the order of their ids; so many processes read those that are new."""
        posts = self.posts()
        self.names = replace(self.names, posts=(*(post.id for post in posts), *sorted(self.unreadable)))
        known = {post.id: self.remembered.get(post) if self.remembered else None for post in posts}
        new = [post for post in posts if known[post.id] is None]
        tasks = [partial(self.each, piece) for piece in pieces(new, _PIECE)]
        for post, found in zip(new, shared_out(tasks, processes), strict=True):
            known[post.id] = found.incident
            self.problems += found.problems
            self.images |= {image.path: image for image in found.images}
        return [incident for incident in known.values() if incident]

    def each(self, posts: Sequence[Post]) -> Iterator[_Found]:
        """Posts as they are read from their texts; one that is sound and leads nowhere is remembered."""
        for post in posts:
            found = _Found()
            reader = PostReader(post, self.names, partial(self.resolve, post, found))
            found.incident = reader.read()
            found.problems = [*reader.problems]
            if found.incident:
                found.problems += post_rules(found.incident, self.names, reader, whole=not reader.problems)
                if self.remembered and not found.problems and not found.leads:
                    self.remembered.put(post, found.incident)
            yield found

    def posts(self) -> list[Post]:
        """The posts in the order of their ids, each with its translations."""
        originals: dict[str, Source] = {}
        translations: dict[str, dict[str, Source]] = {}
        for path in self.files():
            text, problems = self.disk.text(path)
            self.problems += problems
            source = Source(path.relative_to(self.disk.folder).as_posix(), text or "")
            self.texts[source.file] = source.content
            id, language = self.named(path, source)
            if id is None:
                continue
            if text is None:
                self.unreadable.add(id)
            elif language and language in translations.get(id, {}):
                what = f'{translations[id][language].file} translates "{id}" into "{language}" as well.'
                self.problems.append(Problem(Place(source.file), what, "Keep one of the two files."))
            elif language:
                translations.setdefault(id, {})[language] = source
            elif id in originals:
                what = f'{originals[id].file} has the address "{id}" as well.'
                self.problems.append(Problem(Place(source.file), what, "Give one of the two files another name."))
            else:
                originals[id] = source
        self.orphans(originals, translations)
        return [Post(id, originals[id], dict(sorted(translations.get(id, {}).items()))) for id in sorted(originals)]

    def files(self) -> Iterator[Path]:
        for path in self.disk.below(INCIDENTS):
            if isinstance(path, Problem):
                self.problems.append(path)
            elif path.relative_to(self.disk.folder).as_posix() in self.aside:
                self.unreadable |= {path.stem} if path.suffix == ".md" and "." not in path.stem else set()
            elif path.suffix == ".md":
                yield path
            elif path.suffix.lower() not in SIGNATURES:
                place = Place(path.relative_to(self.disk.folder).as_posix())
                hint = "A post's name ends in .md, a picture's in .png, .jpg or .webp; move others elsewhere."
                self.problems.append(Problem(place, "This file is neither a post nor a picture.", hint))

    def named(self, path: Path, source: Source) -> tuple[str | None, str | None]:
        """The id and, for a translation, the language that a file's name tells."""
        stem, dot, language = path.stem.rpartition(".")
        stem, language = (stem, language) if dot and self.is_language(language) else (path.stem, "")
        place = Place(source.file)
        try:
            id = identifier(stem)
        except Wrong as wrong:
            what = f"Every .md file here is a post, whose name becomes its address, and {quoted(stem)} cannot be one."
            better = slug(stem)
            hint = (
                f'Name it "{better}{"." + language if language else ""}.md".'
                if better and better != stem
                else wrong.hint
            )
            self.problems.append(Problem(place, what, hint))
            return None, None
        if not language or not self.names.known:
            return id, language or None
        if language == self.names.languages[0]:
            what = f'Posts are in "{language}" already.'
            self.problems.append(Problem(place, what, f"Name this file {stem}.md."))
            return None, None
        if language not in self.names.languages:
            what = f'This site is not published in "{language}".'
            hint = f"Add it to languages: in {services.FILE}, or delete this file."
            if language.casefold() in self.names.languages:
                hint = f"Name this file {stem}.{language.casefold()}.md."
            self.problems.append(Problem(place, what, hint))
            return None, None
        return id, language

    def is_language(self, ending: str) -> bool:
        """Whether the ending of a name is the code of a language, and no other part of the name."""
        known = ending in self.names.languages or localedata.exists(ending.replace("-", "_"))
        return known and bool(_LANGUAGE.fullmatch(ending))

    def orphans(self, originals: dict[str, Source], translations: dict[str, dict[str, Source]]) -> None:
        for id, sources in translations.items():
            if id not in originals and id not in self.unreadable:
                for source in sources.values():
                    hint = did_you_mean(id, originals) or "Write the original first."
                    self.problems.append(Problem(Place(source.file), f"There is no post {id}.md to translate.", hint))

    def resolve(self, post: Post, found: _Found, target: str, image: bool) -> str:
        """The path on the site of what a post links to or shows, which is noted; raises Wrong."""
        found.leads = True
        inside = PurePosixPath(post.original.file).parent.relative_to(INCIDENTS)
        if image:
            place = Place(post.original.file)
            shown = picture(self.disk.folder, _flat(inside / unquote(target)), INCIDENTS, place)
            found.images.append(shown)
            return shown.path
        name, _, fragment = unquote(target).partition("#")
        if not name.endswith(".md") or not re.fullmatch(r"[\w-]*", fragment):
            raise Wrong(f"The link {quoted(target)} leads nowhere.", _link_hint(target))
        id = PurePosixPath(name).stem
        if id not in self.names.posts:
            raise Wrong(f"There is no post {quoted(name)} to link to.", did_you_mean(id[:100], self.names.posts))
        # Of a post that cannot be read, nobody knows the updates.
        return f"{INCIDENTS}/{id}/" + (f"#{fragment}" if fragment and id not in self.unreadable else "")


def _link_hint(target: str) -> str:
    if re.match(r"(www\.|[\w-]+(\.[\w-]+)*\.(org|com|gov|net|us|edu)\b)", target):
        return f'Write "https://{quoted(target)[1:]}.'
    if re.fullmatch(r"[^@\s]+@[^@\s]+", target):
        return f'Write "mailto:{quoted(target)[1:]}.'
    return "Write a whole address, like https://www.example.org/page, or the name of a post, like name.md."


def _flat(path: PurePosixPath) -> PurePosixPath:
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts:
            parts.pop()
        else:
            parts.append(part)
    return PurePosixPath(*parts)
