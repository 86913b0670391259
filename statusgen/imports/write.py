"""What a source tells → the files of a site of ours, checked as `statusgen check` does before any of them is placed."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from statusgen import scaffold
from statusgen.content.format.old_addresses import parse_old_page
from statusgen.content.reader import Content, read_content
from statusgen.content.services import SERVICES_FILE
from statusgen.editor.posts import make_post_id
from statusgen.editor.save import save_file
from statusgen.imports.names import describe_made
from statusgen.imports.own_links import OwnLinks
from statusgen.imports.post_text import PostFiles, PostWriter
from statusgen.imports.report import REPORT_FILE, Report, make_report
from statusgen.imports.services_text import add_services, make_services
from statusgen.imports.texts import LINK, clean_line
from statusgen.imports.told import Note, NoteKind, Told, ToldPost
from statusgen.lint.clock import find_distant_updates
from statusgen.lint.mistakes import find_mistakes
from statusgen.model.whole_site import Site
from statusgen.problems import ContentError, InvalidValue, Place, Problem, StatusgenError
from statusgen.speed.parallel import processor_count
from statusgen.text import decode_text, printable

_ORIGIN = re.compile(r"---\n# (?P<source>[a-z]+): (?P<key>.+)\n")
_WAS = re.compile(rb"^was:\n(?:  - .+\n)+", re.MULTILINE)
_MOST_ATTEMPTS = 3
_CHANGED = (
    "has been changed since it was imported, here or in its source, so it was left alone. What the source says now may "
    "not be in it."
)


@dataclass(frozen=True)
class Origin:
    """Where a site comes from: the name of the kind of source on the command line, its title, what was named."""

    name: str
    title: str
    source: str


@dataclass(frozen=True)
class SitePlan:
    """The files that an import writes, each with what is there now (None if it is new), and its report."""

    files: Mapping[str, bytes]
    old: Mapping[str, bytes | None]
    report: Report
    is_new: bool

    @property
    def changed(self) -> list[str]:
        """The files that are not yet as they will be."""
        return [path for path, content in self.files.items() if self.old[path] != content]

    def place(self, folder: Path) -> None:
        """Write the files into a folder, all of them or none; raise StatusgenError."""
        if self.is_new:
            _place_new(self.files, folder)
            return
        _refuse_links(self.changed, folder)
        placed: list[str] = []
        try:
            for path in self.changed:
                save_file(folder / path, self.files[path], self.old[path])
                placed.append(path)
        except StatusgenError:
            for path in placed:
                with suppress(OSError, StatusgenError):
                    before = self.old[path]
                    # On a full disk, what is there stays whole.
                    (folder / path).unlink() if before is None else save_file(folder / path, before, self.files[path])
            raise


def _place_new(files: Mapping[str, bytes], folder: Path) -> None:
    """Write a new site. Where there is no folder yet, it appears with everything in it."""
    if folder.exists():
        scaffold.write_files(files, folder)
        return
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{folder.name[:50]}.", dir=folder.parent) as around:
            scaffold.write_files(files, Path(around) / "site")
            (Path(around) / "site").rename(folder)
    except OSError as error:
        raise StatusgenError(f"{folder} cannot be written ({error.strerror}). Nothing was left behind.") from None


def _refuse_links(paths: Iterable[str], folder: Path) -> None:
    """Raise StatusgenError if a file is to be written where a link leads out of the folder."""
    whole = folder.resolve()
    outside = [path for path in paths if not (folder / path).resolve().is_relative_to(whole)]
    if outside:
        listed = ", ".join(map(printable, outside))
        what = f"A link in {printable(str(folder))} leads out of it, so these cannot be written there: {listed}."
        raise StatusgenError(f"{what} Replace the link with what it leads to. Nothing was written.")


def plan_site(
    told: Told,
    origin: Origin,
    folder: Path,
    interface_languages: tuple[str, ...],
    now: datetime,
    make_scaffold: Callable[[bytes], Mapping[str, bytes]],
) -> SitePlan:
    """Return what an import writes into a folder: a new site, or what one of ours there lacks.

    Raises SourceError if there is nothing to import, and ContentError if services.yaml has mistakes.
    """
    is_new = not (folder / SERVICES_FILE).exists()
    before = Content(None, [], {}) if is_new else read_content(folder, interface_languages)
    if not is_new and before.site is None:
        raise ContentError(before.problems)
    notes: list[Note] = list(told.notes)
    languages = _choose_languages(told, before.site, interface_languages, notes)
    services = (
        add_services(told, before.site, before.texts[SERVICES_FILE]) if before.site else make_services(told, languages)
    )
    # That a service was made of a name is not so where people merged that into another one.
    made = tuple(describe_made(name) for name in services.merged)
    notes = [note for note in notes if not (made and note.what.startswith(made))]
    notes += services.notes
    zone = before.site.zone if before.site else ZoneInfo(told.timezone)
    taken = {old.address for old in services.was}
    named = list(_name_posts(told, origin.name, zone, before, taken, notes))
    links = OwnLinks(told.url, {path: id for post, id in named if not post.unpublished for path in post.was})
    writer = PostWriter(origin.name, zone, languages, services.ids, now, links)
    posts = [_write_post(post, id, writer, before, folder) for post, id in named]
    content = services.text.encode()
    fixed = dict(make_scaffold(content)) if is_new else {SERVICES_FILE: content}
    checker = _Checker(folder, interface_languages, now)
    sound = checker.leave_out_mistakes(posts, {SERVICES_FILE: content}, is_new)
    notes += [note for written in sound for note in written.notes]
    files = {**fixed}
    for written in sound:
        files |= written.files
    there = None if is_new else _read_if_exists(folder / REPORT_FILE)
    earlier = None if there is None else decode_text(there, REPORT_FILE)[0]
    report = make_report(told, origin.title, origin.source, notes, earlier)
    files[REPORT_FILE] = report.text.encode()
    old = {path: _read_if_exists(folder / path) for path in files}
    return SitePlan(files, old, report, is_new)


def _choose_languages(
    told: Told, site: Site | None, interface_languages: tuple[str, ...], notes: list[Note]
) -> tuple[str, ...]:
    """Return the languages of the site, the one of its posts first."""
    place = Place(SERVICES_FILE)
    if site:
        if told.languages[0] != site.languages[0]:
            what = f'The source is written in "{told.languages[0]}", and posts here are in "{site.languages[0]}". '
            what += "Which posts have to be translated?"
            notes.append(Note(place, NoteKind.QUESTION, what))
        return site.languages
    known = tuple(language for language in told.languages if language in interface_languages)
    for language in told.languages:
        if language not in known:
            what = f'Pages cannot be made in "{language}" yet. Who translates the words of the pages? '
            what += f"`statusgen language {language}` lays them out."
            notes.append(Note(place, NoteKind.QUESTION, what))
    if told.languages[0] in known:
        return known
    return ("en", *(language for language in known if language != "en"))


def _name_posts(
    told: Told, name: str, zone: ZoneInfo, before: Content, addresses: set[str], notes: list[Note]
) -> Iterator[tuple[ToldPost, str]]:
    """Yield each post with its id; one that an earlier import wrote keeps its own. `addresses` lead elsewhere."""
    known = dict(_find_imported(before.texts, name))
    taken = {Path(path).name.partition(".")[0] for path in before.texts}
    counts: dict[str, int] = {}
    for told_post in sorted(told.posts, key=lambda post: (post.started.start, post.key)):
        # Two posts can claim one old address, which leads to the first.
        post = replace(told_post, key=clean_line(told_post.key), was=_take_addresses(told_post, addresses, notes))
        id = known.get(post.key) or _make_id(post, zone, taken, counts)
        taken.add(id)
        yield post, id


def _write_post(post: ToldPost, id: str, writer: PostWriter, before: Content, folder: Path) -> PostFiles:
    """Return the files of a post; what people wrote in it since an earlier import stays."""
    text = before.texts.get(f"incidents/{id}.md", "")
    return _keep_changed(writer.write(post, id, text), folder, post) if text else writer.write(post, id)


def _take_addresses(post: ToldPost, taken: set[str], notes: list[Note]) -> tuple[str, ...]:
    """Return the old addresses that can lead to a post, and that lead nowhere else."""
    found = []
    for written in dict.fromkeys(post.was):
        try:
            address = parse_old_page(written)
        except InvalidValue as error:
            notes.append(Note(post.place, NoteKind.LOSS, f"Its old address cannot be kept: {error.what}"))
            continue
        if address not in taken:
            found.append(written)
            taken.add(address)
    return tuple(found)


def _find_imported(texts: Mapping[str, str], name: str) -> Iterator[tuple[str, str]]:
    """Yield the key and the id of each post that was imported from this kind of source."""
    for path, text in texts.items():
        found = _ORIGIN.match(text)
        if found and found["source"] == name:
            yield found["key"], Path(path).name.partition(".")[0]


def _make_id(post: ToldPost, zone: ZoneInfo, taken: Collection[str], counts: dict[str, int]) -> str:
    """Return an id that is not taken; `counts` are how many posts had the same title and day so far."""
    base = id = make_post_id(clean_line(post.title), f"{post.started.start.astimezone(zone):%Y-%m-%d}")
    while id in taken:
        counts[base] = counts.get(base, 1) + 1
        id = f"{base}-{counts[base]}"
    return id


def _only_adds(content: bytes, there: bytes) -> bool:
    """Return whether a file has all of another, and more at its end; or more old addresses in its front matter."""
    is_longer = _WAS.sub(b"", content, count=1).startswith(_WAS.sub(b"", there, count=1))
    return is_longer and {*_find_was(there)} <= {*_find_was(content)}


def _find_was(content: bytes) -> list[bytes]:
    found = _WAS.search(content)
    return found[0].splitlines() if found else []


def _keep_changed(written: PostFiles, folder: Path, post: ToldPost) -> PostFiles:
    """Return the files of a post that was imported before: those that begin with what is there, or are as they were."""
    files = {}
    notes = [*written.notes]
    for path, content in written.files.items():
        there = _read_if_exists(folder / path)
        if there is None or _only_adds(content, there):
            files[path] = content
        else:
            files[path] = there
            notes.append(Note(post.place, NoteKind.LOSS, f"{path} {_CHANGED}"))
    return PostFiles(written.place, files, tuple(notes))


@dataclass(frozen=True)
class _Checker:
    """Checks a site as it would be with more files."""

    folder: Path
    interface_languages: tuple[str, ...]
    now: datetime

    def leave_out_mistakes(self, posts: list[PostFiles], fixed: Mapping[str, bytes], is_new: bool) -> list[PostFiles]:
        """Return the posts, those without their files that would be a mistake: why is asked in a note.

        Old addresses that cannot lead here go alone. Mistakes that the site has already are not those of an import.
        Raise ContentError for what no post can help.
        """
        earlier: frozenset[Problem] | None = frozenset() if is_new else None
        for _ in range(_MOST_ATTEMPTS):
            files = {**fixed}
            for written in posts:
                files |= written.files
            if all(_read_if_exists(self.folder / path) == content for path, content in files.items()):
                break
            earlier = frozenset(self.find_problems({})) if earlier is None else earlier
            problems = [problem for problem in self.find_problems(files) if problem not in earlier]
            if not problems:
                break
            by_file: dict[str, list[Problem]] = {}
            for problem in problems:
                by_file.setdefault(problem.place.file, []).append(problem)
            if not any(by_file.keys() & written.files.keys() for written in posts):
                raise ContentError(problems)
            left = [_leave_out(written, by_file) for written in posts]
            # What links to one that goes now must not be a mistake next time.
            gone = {
                Path(path).name for each, now in zip(posts, left, strict=True) for path in {*each.files} - {*now.files}
            }
            posts = [_unlink(written, gone) for written in left] if gone else left
        else:
            raise ContentError(problems)
        return posts

    def find_problems(self, files: Mapping[str, bytes]) -> list[Problem]:
        """Return the mistakes in a site with these files in place of those that it has."""
        content = read_content(self.folder, self.interface_languages, files, processes=processor_count())
        if content.site is None:
            return content.problems
        between = find_mistakes(content.site, content.texts, content.problems)
        distant = find_distant_updates(content.site, self.now, content.texts)
        # Without the time on the clock, which is another one each time.
        ahead = [Problem(problem.place, "It is dated in the future.") for problem in distant]
        return [*content.problems, *between, *ahead]


def _leave_out(written: PostFiles, by_file: Mapping[str, list[Problem]]) -> PostFiles:
    problems = [problem for path in written.files for problem in by_file.get(path, ())]
    if not problems:
        return written
    if without := _drop_old_addresses(written, problems):
        return without
    reasons = " ".join(dict.fromkeys(problem.what for problem in problems))
    what = f"This was left out, because a post of ours cannot say it as it is: {printable(reasons)} What should it say?"
    return PostFiles(written.place, {}, (*written.notes, Note(written.place, NoteKind.QUESTION, what)))


def _drop_old_addresses(written: PostFiles, problems: Sequence[Problem]) -> PostFiles | None:
    """Return a post without the old addresses that are mistakes; None if there are other mistakes in it."""
    file = problems[0].place.file
    lines = written.files[file].splitlines(keepends=True)
    found = _WAS.search(written.files[file])
    first = written.files[file].count(b"\n", 0, found.start()) + 1 if found else 0  # the line of the key
    addresses = range(first + 1, first + (found[0].count(b"\n") if found else 0))
    wrong = {problem.place.line for problem in problems}
    if any(problem.place.file != file for problem in problems) or not wrong <= {*addresses}:
        return None
    dropped = {*wrong, first} if wrong == {*addresses} else wrong
    content = b"".join(line for number, line in enumerate(lines, 1) if number not in dropped)
    reasons = " ".join(dict.fromkeys(problem.what for problem in problems))
    note = Note(written.place, NoteKind.LOSS, f"An old address does not lead here: {printable(reasons)}")
    return PostFiles(written.place, {**written.files, file: content}, (*written.notes, note))


def _unlink(written: PostFiles, gone: Collection[str]) -> PostFiles:
    """Return a post in which links to posts that are `gone`, by the names of their files, are words."""

    def write(found: re.Match[str]) -> str:
        return found["words"] if found["target"] in gone else found[0]

    texts = {path: content.decode() for path, content in written.files.items() if path.endswith(".md")}
    files = {path: LINK.sub(write, text).encode() for path, text in texts.items()}
    if all(written.files[path] == content for path, content in files.items()):
        return written
    note = Note(written.place, NoteKind.LOSS, "A link to a post that was left out became words.")
    return PostFiles(written.place, {**written.files, **files}, (*written.notes, note))


def _read_if_exists(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
