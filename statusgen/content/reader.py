"""Reads the folder of a site: everything that the city said, and every mistake in it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from types import MappingProxyType

from babel import localedata

from statusgen.content import services
from statusgen.content.disk import list_files, read_file, walk_files
from statusgen.content.format.fields import Names
from statusgen.content.format.validation import MAX_MISTAKES
from statusgen.content.format.values import parse_id
from statusgen.content.images.images import SIGNATURES, read_image
from statusgen.content.languages import CATALOG_ENDING, CATALOGS_FOLDER, english_name, is_language
from statusgen.content.post_cache import PostCache
from statusgen.content.posts.blanks import find_blanks, merge_blanks
from statusgen.content.posts.incidents import PostFiles, PostReader, SourceFile
from statusgen.content.posts.links import INCIDENTS_FOLDER, find_image_path, parse_post_link
from statusgen.content.posts.record import add_record
from statusgen.content.posts.rules import check_post
from statusgen.git import explain_missing_history, read_revision
from statusgen.model.catalogs import Catalog
from statusgen.model.posts import Incident
from statusgen.model.record import RecordCoverage
from statusgen.model.whole_site import Image, Site
from statusgen.problems import InvalidValue, Place, Problem
from statusgen.speed.cache import Cache
from statusgen.speed.parallel import chunks, run_ordered
from statusgen.text import MAX_TEXT_BYTES, decode_text, did_you_mean, quote_text, slugify

# How many posts are one task for a process.
_CHUNK_SIZE = 50
# What catalog editors write beside a catalog.
_MADE_OF_CATALOGS = frozenset((".mo", ".pot"))
_LANGUAGE_CODE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{2,4})?")
_FILE_HINT = "Posts end in .md, and pictures in .png, .jpg, or .webp. Move other files elsewhere."
# Nothing is removed from documents, and they say who wrote them, on which computer, and often what was there before.
_DOCUMENTS = frozenset((".pdf", ".doc", ".docx", ".odt", ".rtf", ".xls", ".xlsx", ".ods", ".ppt", ".pptx", ".pages"))
_DOCUMENT_HINT = (
    "Posts end in .md: write in one what this says. Or publish it elsewhere, without its author's name in it, and "
    "link to it there: nothing is removed from documents."
)


# What editors and git leave beside a file that was changed, and Word beside one that is open.
_LEFTOVER = re.compile(r"~\$.*|#.*#|.*(?:~|\.orig|\.rej|\.bak|\.swp)", re.IGNORECASE)
# What file managers and browsers call a second copy.
_COPY = re.compile(r"(?P<name>.+?)(?: \(\d+\)| - copy(?: \(\d+\))?| copy(?: \d+)?)", re.IGNORECASE)


@dataclass
class Content:
    """What a folder contains: the site, if services.yaml could be read, and the mistakes in all files.

    `texts` has every text file that could be read, by its path within the folder, with newlines only.
    """

    site: Site | None
    problems: list[Problem]
    texts: dict[str, str]


def read_content(
    folder: Path,
    interface_languages: tuple[str, ...],
    unsaved: Mapping[str, bytes] = MappingProxyType({}),
    cache: Cache | None = None,
    quarantined: frozenset[str] = frozenset(),
    processes: int = 1,
) -> Content:
    """Read services.yaml, incidents/ and languages/ below `folder`.

    Pages can be made in `interface_languages`, and in those that have a catalog in languages/.

    `unsaved` has texts and pictures as they are going to be, by their paths within the folder: they are read instead of
    those on the disk. Files in `quarantined` are not read, but links to the posts among them are valid.
    """
    disk = _TextFiles(folder, unsaved)
    text, problems = disk.read_text(folder / services.SERVICES_FILE)
    catalogs = _CatalogsReader(disk, interface_languages)
    catalogs.read()
    interface_languages = (*interface_languages, *catalogs.by_language)
    site, names = None, Names()
    if text is not None:
        site, names, service_problems = services.read_services(text, folder, interface_languages)
        problems += [*service_problems, *catalogs.list_problems(names.languages)]
    post_cache = PostCache(cache, [text or "", *interface_languages], site.zone) if cache and site else None
    reader = _IncidentsReader(disk, names, post_cache, quarantined)
    incidents = tuple(reader.read(processes))
    if post_cache:
        post_cache.keep_only(incident.id for incident in incidents)
    # In a translation, a blank is what has no translation yet.
    originals = [(file, post) for file, post in reader.texts.items() if file not in reader.translation_files]
    blanks = [blank for file, post in originals for blank in find_blanks(post, file)]
    problems = list(_limit_mistakes(merge_blanks(problems + reader.problems, blanks)))
    texts = {services.SERVICES_FILE: text or "", **reader.texts}
    if site is None:
        return Content(None, problems, texts)
    logo = site.logo.path if site.logo else None
    images = tuple(image for path, image in reader.images.items() if path != logo)
    own = tuple(catalogs.by_language[code] for code in site.languages if code in catalogs.by_language)
    site = replace(site, incidents=incidents, images=images, catalogs=own, revision=read_revision(folder))
    site = add_record(site, folder, texts, interface_languages, cache)
    if site.record_coverage is not RecordCoverage.COMPLETE:
        site = replace(site, history_gap=explain_missing_history(folder))
    return Content(site, problems, texts)


def _limit_mistakes(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the problems in order, but only the first of a file that has too many."""
    for _, group in groupby(sorted(set(problems)), key=lambda problem: problem.place.file):
        first = list(islice(group, MAX_MISTAKES + 1))
        yield from first[:MAX_MISTAKES]
        if len(first) > MAX_MISTAKES:
            what = f"Only the first {MAX_MISTAKES} mistakes in this file are shown."
            yield Problem(first[-2].place, what, "Fix them and check again.")


def list_source_files(folder: Path) -> Iterator[Path]:
    """Yield every file that a site is read from; services.yaml even if it does not exist."""
    yield folder / services.SERVICES_FILE
    for name in (INCIDENTS_FOLDER, CATALOGS_FOLDER, "templates", "static"):
        yield from sorted(path for path in walk_files(folder / name) if path.is_file())


@dataclass(frozen=True)
class _TextFiles:
    """The text files in a folder, with those in `unsaved` as they are going to be."""

    folder: Path
    unsaved: Mapping[str, bytes]

    def read_text(self, path: Path) -> tuple[str | None, list[Problem]]:
        """Return the text of a file, or what keeps it from being read."""
        name = path.relative_to(self.folder).as_posix()
        try:
            content = self.unsaved[name] if name in self.unsaved else read_file(self.folder, path, MAX_TEXT_BYTES)
        except FileNotFoundError:
            if name != services.SERVICES_FILE:  # it was listed a moment ago
                hint = "Check again; if another program is changing the folder, wait until it is done."
                return None, [Problem(Place(name), "This file vanished while it was being read.", hint)]
            hint = "Create one with site: and services:, or name the folder that has it with --source."
            if path.with_suffix(".yml").is_file():
                hint = f"Rename {path.stem}.yml: its name must end in .yaml."
            return None, [Problem(Place(name), f"There is no {name} in this folder.", hint)]
        except InvalidValue as error:
            return None, [Problem(Place(name), error.what, error.hint)]
        text, problems = decode_text(content, name)
        return (None if problems else text), problems

    def list_files(self, name: str) -> Iterator[Path | Problem]:
        """Yield every file below a folder, new ones last, and what keeps others from being read."""
        saved = set()
        for path in list_files(self.folder, name):
            saved.add(path)
            yield path
        unsaved = (self.folder / file for file in self.unsaved if file.startswith(f"{name}/"))
        yield from (path for path in unsaved if path not in saved)


@dataclass
class _CatalogsReader:
    """Reads every catalog below languages/, whether the site is published in its language or not yet."""

    files_on_disk: _TextFiles
    interface_languages: tuple[str, ...]
    by_language: dict[str, Catalog] = field(default_factory=dict)
    problems: dict[str, list[Problem]] = field(default_factory=dict)
    misplaced: list[Problem] = field(default_factory=list)

    def read(self) -> None:
        """Read what there is."""
        for path in self.files_on_disk.list_files(CATALOGS_FOLDER):
            if isinstance(path, Problem):
                self.misplaced.append(path)
            elif path.suffix not in _MADE_OF_CATALOGS and not _LEFTOVER.fullmatch(path.name):
                self.read_file(path)

    def read_file(self, path: Path) -> None:
        """Read one catalog, or say why it is none."""
        file, language = path.relative_to(self.files_on_disk.folder).as_posix(), path.stem
        if file != f"{CATALOGS_FOLDER}/{language}{CATALOG_ENDING}" or not is_language(language):
            hint = (
                f"Name it like {CATALOGS_FOLDER}/so{CATALOG_ENDING} by the code of its language, or move it elsewhere."
            )
            self.misplaced.append(Problem(Place(file), "This file is not the catalog of a language.", hint))
        elif {language, language.partition("-")[0]} & {*self.interface_languages}:
            what = f"statusgen has its own words for {english_name(language)}, so nobody would see these."
            self.misplaced.append(Problem(Place(file), what, "Delete this file."))
        else:
            # Most sites have no catalog, and what reads one takes a while to import.
            from statusgen.content.catalogs import parse_catalog

            text, problems = self.files_on_disk.read_text(path)
            catalog, more = parse_catalog(text or "", language, file) if text else (Catalog(language, ()), ())
            self.by_language[language], self.problems[language] = catalog, [*problems, *more]

    def list_problems(self, languages: Iterable[str]) -> Iterator[Problem]:
        """Yield the mistakes in the catalogs of `languages`; one that is not published yet may be full of them."""
        yield from self.misplaced
        for language in languages:
            yield from self.problems.get(language, ())


@dataclass
class _PostResult:
    """What was read in one post, its images too, and whether it links to anything else in the folder."""

    incident: Incident | None = None
    problems: list[Problem] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    has_links: bool = False


@dataclass
class _IncidentsReader:
    """Reads every post below incidents/."""

    files_on_disk: _TextFiles
    names: Names
    post_cache: PostCache | None = None
    quarantined: frozenset[str] = frozenset()
    problems: list[Problem] = field(default_factory=list)
    images: dict[str, Image] = field(default_factory=dict)
    unreadable_ids: set[str] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)
    translation_files: set[str] = field(default_factory=set)

    def read(self, processes: int) -> list[Incident]:
        """Return the posts that could be read, in the order of their ids; `processes` share the work on new ones."""
        posts = self.collect_posts()
        self.names = replace(self.names, posts=(*(post.id for post in posts), *sorted(self.unreadable_ids)))
        known = {post.id: self.post_cache.get(post) if self.post_cache else None for post in posts}
        new = [post for post in posts if known[post.id] is None]
        tasks = [partial(self.read_posts, chunk) for chunk in chunks(new, _CHUNK_SIZE)]
        for post, result in zip(new, run_ordered(tasks, processes), strict=True):
            known[post.id] = result.incident
            self.problems += result.problems
            self.images |= {image.path: image for image in result.images}
        return [incident for incident in known.values() if incident]

    def read_posts(self, posts: Sequence[PostFiles]) -> Iterator[_PostResult]:
        """Yield posts as read from their texts; one that is sound and links to nothing is kept in the cache."""
        for post in posts:
            result = _PostResult()
            reader = PostReader(post, self.names, partial(self.resolve_target, post, result))
            result.incident = reader.read()
            result.problems = [*reader.problems]
            if result.incident:
                result.problems += check_post(result.incident, self.names, reader, is_complete=not reader.problems)
                if self.post_cache and not result.problems and not result.has_links:
                    self.post_cache.put(post, result.incident)
            yield result

    def collect_posts(self) -> list[PostFiles]:
        """Return the posts in the order of their ids, each with its translations."""
        originals: dict[str, SourceFile] = {}
        translations: dict[str, dict[str, SourceFile]] = {}
        for path in self.list_post_files():
            text, problems = self.files_on_disk.read_text(path)
            self.problems += problems
            source = SourceFile(path.relative_to(self.files_on_disk.folder).as_posix(), text or "")
            self.texts[source.file] = source.content
            id, language = self.parse_file_name(path, source)
            if id is None:
                continue
            if language:
                self.translation_files.add(source.file)
            if text is None:
                self.unreadable_ids.add(id)
            elif language and language in translations.get(id, {}):
                what = f'{translations[id][language].file} also translates "{id}" into "{language}".'
                self.problems.append(Problem(Place(source.file), what, "Keep only one of the two files."))
            elif language:
                translations.setdefault(id, {})[language] = source
            elif id in originals:
                what = f'{originals[id].file} also has the address "{id}".'
                self.problems.append(Problem(Place(source.file), what, "Rename one of the two files."))
            else:
                originals[id] = source
        self.check_orphans(originals, translations)
        return [
            PostFiles(id, originals[id], dict(sorted(translations.get(id, {}).items()))) for id in sorted(originals)
        ]

    def list_post_files(self) -> Iterator[Path]:
        """Yield the files of posts and translations, and collect what else there is below incidents/."""
        for path in self.files_on_disk.list_files(INCIDENTS_FOLDER):
            if isinstance(path, Problem):
                self.problems.append(path)
            elif _LEFTOVER.fullmatch(path.name):
                continue
            elif path.relative_to(self.files_on_disk.folder).as_posix() in self.quarantined:
                self.unreadable_ids |= {path.stem} if path.suffix == ".md" and "." not in path.stem else set()
            elif path.suffix == ".md":
                yield path
            elif path.suffix.lower() not in SIGNATURES:
                place = Place(path.relative_to(self.files_on_disk.folder).as_posix())
                is_document = path.suffix.lower() in _DOCUMENTS
                hint = _DOCUMENT_HINT if is_document else _FILE_HINT
                self.problems.append(Problem(place, "This file is neither a post nor a picture.", hint))

    def parse_file_name(self, path: Path, source: SourceFile) -> tuple[str | None, str | None]:
        """Return the id and, for a translation, the language in a file's name; None, with a mistake, if it has none."""
        stem, dot, language = path.stem.rpartition(".")
        stem, language = (stem, language) if dot and self.is_language(language) else (path.stem, "")
        place = Place(source.file)
        try:
            id = parse_id(stem)
        except InvalidValue as error:
            what = "Every .md file here is a post whose name becomes its address, and"
            what = f"{what} {quote_text(stem)} cannot be an address."
            usable = slugify(stem)
            suffix = f".{language}.md" if language else ".md"
            hint = f'Rename it to "{usable}{suffix}".' if usable and usable != stem else error.hint
            if copy := _COPY.fullmatch(path.stem):
                what = f"Is this a copy of {quote_text(copy['name'] + '.md')}? Only one of the two can be meant."
                hint = f"Keep the right one under that name and delete the other. If this is another post: {hint}"
            self.problems.append(Problem(place, what, hint))
            return None, None
        if not language or not self.names.is_known:
            return id, language or None
        if language == self.names.languages[0]:
            what = f'Posts are already in "{language}".'
            self.problems.append(Problem(place, what, f"Rename this file to {stem}.md."))
            return None, None
        if language not in self.names.languages:
            what = f'This site is not published in "{language}".'
            hint = f"Add it to languages: in {services.SERVICES_FILE}, or delete this file."
            if language.casefold() in self.names.languages:
                hint = f"Rename this file to {stem}.{language.casefold()}.md."
            self.problems.append(Problem(place, what, hint))
            return None, None
        return id, language

    def is_language(self, ending: str) -> bool:
        """Return whether the ending of a name is the code of a language, and not just a part of the name."""
        known = ending in self.names.languages or localedata.exists(ending.replace("-", "_"))
        return known and bool(_LANGUAGE_CODE.fullmatch(ending))

    def check_orphans(self, originals: dict[str, SourceFile], translations: dict[str, dict[str, SourceFile]]) -> None:
        """Collect translations of posts that do not exist."""
        for id, sources in translations.items():
            if id not in originals and id not in self.unreadable_ids:
                for source in sources.values():
                    hint = did_you_mean(id, originals) or "Write the original first."
                    self.problems.append(Problem(Place(source.file), f"There is no post {id}.md to translate.", hint))

    def resolve_target(self, post: PostFiles, result: _PostResult, target: str, is_image: bool) -> str:
        """Return the path on the site of what a post links to or shows; raises InvalidValue if it does not exist."""
        result.has_links = True
        if is_image:
            path = find_image_path(post.original.file, target)
            disk, place = self.files_on_disk, Place(post.original.file)
            image = read_image(disk.folder, path, INCIDENTS_FOLDER, place, disk.unsaved)
            result.images.append(image)
            return image.path
        id, fragment = parse_post_link(target, self.names.posts)
        # The updates of a post that cannot be read are not known, so the link leads to the post as a whole.
        return f"{INCIDENTS_FOLDER}/{id}/" + (f"#{fragment}" if fragment and id not in self.unreadable_ids else "")
