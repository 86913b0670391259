"""A site's folder → everything that the city said, and every mistake in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath

from statusgen.errors import Place, Problem, did_you_mean
from statusgen.model import Image, Incident, Site
from statusgen.reading import services
from statusgen.reading.documents import decode
from statusgen.reading.incidents import Post, PostReader, Source
from statusgen.reading.pictures import SIGNATURES, picture
from statusgen.reading.rules import post_rules
from statusgen.reading.shapes import Names
from statusgen.reading.values import Wrong, identifier

INCIDENTS = "incidents"
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?")


@dataclass
class Content:
    """What a folder holds: the site, where services.yaml could be read, and the mistakes of all files."""

    site: Site | None
    problems: list[Problem]


def read(folder: Path, interface: tuple[str, ...]) -> Content:
    """Read services.yaml and incidents/ below `folder`; `interface` lists the languages pages can be made in."""
    text, problems = _text(folder, folder / services.FILE)
    if text is None:
        return Content(None, problems)
    site, names, misread = services.read_services(text, folder, interface)
    problems += misread
    reader = _Incidents(folder, names)
    incidents = tuple(reader.read())
    problems += reader.problems
    if site is None:
        return Content(None, problems)
    return Content(replace(site, incidents=incidents, images=tuple(reader.images.values())), problems)


def sources(folder: Path) -> Iterator[Path]:
    """Every file that a site is read from, whether or not it is there now."""
    yield folder / services.FILE
    for name in (INCIDENTS, "templates", "static"):
        yield from sorted(path for path in (folder / name).rglob("*") if path.is_file())


def _text(folder: Path, path: Path) -> tuple[str | None, list[Problem]]:
    name = path.relative_to(folder).as_posix()
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        hint = "Write one, with site: and services:, or name the folder that has it with --source."
        return None, [Problem(Place(name), f"There is no {name} in this folder.", hint)]
    except OSError as error:
        return None, [Problem(Place(name), f"This file cannot be read ({error.strerror}).", "Check who may read it.")]
    text, problems = decode(content, name)
    return (None if problems else text), problems


@dataclass
class _Incidents:
    """Reads every post below incidents/."""

    folder: Path
    names: Names
    problems: list[Problem] = field(default_factory=list)
    images: dict[str, Image] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)

    def read(self) -> Iterator[Incident]:
        posts = self.posts()
        self.ids = {post.id for post in posts}
        for post in posts:
            reader = PostReader(post, self.names, partial(self.resolve, post))
            incident = reader.read()
            self.problems += reader.problems
            if incident:
                self.problems += post_rules(incident, self.names, whole=not reader.problems)
                yield incident

    def posts(self) -> list[Post]:
        """The posts in the order of their ids, each with its translations."""
        originals: dict[str, Source] = {}
        translations: dict[str, dict[str, Source]] = {}
        for path in self.files():
            text, problems = _text(self.folder, path)
            self.problems += problems
            source = Source(path.relative_to(self.folder).as_posix(), text or "")
            id, language = self.named(path, source)
            if text is None or id is None:
                continue
            if language:
                translations.setdefault(id, {})[language] = source
            elif id in originals:
                what = f'{originals[id].file} has the address "{id}" as well.'
                self.problems.append(Problem(Place(source.file), what, "Give one of the two files another name."))
            else:
                originals[id] = source
        self.orphans(originals, translations)
        return [Post(id, originals[id], dict(sorted(translations.get(id, {}).items()))) for id in sorted(originals)]

    def files(self) -> Iterator[Path]:
        root = self.folder / INCIDENTS
        for path in sorted(root.rglob("*"), key=lambda path: path.relative_to(root).as_posix()):
            hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
            if hidden or path.is_dir():
                continue
            if path.suffix == ".md":
                yield path
            elif path.suffix.lower() not in SIGNATURES:
                place = Place(path.relative_to(self.folder).as_posix())
                hint = "A post's name ends in .md, a picture's in .png, .jpg or .webp; move others elsewhere."
                self.problems.append(Problem(place, "This file is neither a post nor a picture.", hint))

    def named(self, path: Path, source: Source) -> tuple[str | None, str | None]:
        """The id and, for a translation, the language that a file's name tells."""
        stem, dot, language = path.stem.rpartition(".")
        stem, language = (stem, language) if dot and _LANGUAGE.fullmatch(language) else (path.stem, "")
        place = Place(source.file)
        try:
            id = identifier(stem)
        except Wrong as wrong:
            hint = wrong.hint.replace('."', f'{path.suffix}"') if language else wrong.hint
            self.problems.append(Problem(place, f"{wrong.what} It becomes the post's address.", hint))
            return None, None
        if not language:
            return id, None
        if language == self.names.languages[0]:
            what = f'Posts are in "{language}" already.'
            self.problems.append(Problem(place, what, f"Name this file {stem}.md."))
            return None, None
        if language not in self.names.languages:
            what = f'This site is not published in "{language}".'
            hint = f"Add it to languages: in {services.FILE}, or delete this file."
            self.problems.append(Problem(place, what, hint))
            return None, None
        return id, language

    def orphans(self, originals: dict[str, Source], translations: dict[str, dict[str, Source]]) -> None:
        for id, sources in translations.items():
            if id not in originals:
                for source in sources.values():
                    hint = did_you_mean(id, originals) or "Write the original first."
                    self.problems.append(Problem(Place(source.file), f"There is no post {id}.md to translate.", hint))

    def resolve(self, post: Post, target: str, image: bool) -> str:
        """The path on the site of what a post links to or shows; raises Wrong."""
        inside = PurePosixPath(post.original.file).parent.relative_to(INCIDENTS)
        if image:
            place = Place(post.original.file)
            shown = picture(self.folder, _flat(inside / target), INCIDENTS, place)
            self.images[shown.path] = shown
            return shown.path
        name, _, fragment = target.partition("#")
        if not name.endswith(".md"):
            hint = "Write a whole address, like https://www.example.org/page, or the name of a post, like name.md."
            raise Wrong(f'The link "{target}" leads nowhere.', hint)
        id = PurePosixPath(name).stem
        if id not in self.ids:
            raise Wrong(f'There is no post "{name}" to link to.', did_you_mean(id, sorted(self.ids)))
        return f"{INCIDENTS}/{id}/" + (f"#{fragment}" if fragment else "")


def _flat(path: PurePosixPath) -> PurePosixPath:
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts:
            parts.pop()
        else:
            parts.append(part)
    return PurePosixPath(*parts)
