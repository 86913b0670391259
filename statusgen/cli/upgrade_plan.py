"""What a site needs after a new version of statusgen: each of its files beside what `init` would create now.

A file is known by the SHA-256 of what a release created, so that one that no one edited is replaced, and one that
someone edited is only shown. What `init` fills in (the services, in the forms of a host) is taken out before.
"""

import hashlib
import json
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from pathlib import Path, PurePosixPath

from packaging.version import InvalidVersion, Version

from statusgen import __version__, scaffold
from statusgen.cli.init import Installation
from statusgen.cli.requirements import REQUIREMENTS_FILE
from statusgen.cli.upgrade_pins import find_other_pins, read_version, renew_pins, renew_version
from statusgen.content.disk import read_file
from statusgen.content.services import SERVICES_FILE
from statusgen.editor.workspace import Workspace
from statusgen.forms import FILES as FORM_FILES
from statusgen.forms import empty_choices, fill_choices, has_own_lines
from statusgen.problems import InvalidValue, OutputError, StatusgenError
from statusgen.text import MAX_TEXT_BYTES
from statusgen.wording.interface import available_languages

README = "README.md"
_POSTS = "templates/posts"


class Ownership(Enum):
    """Whose a file is, which says how `statusgen upgrade` treats it."""

    OURS = auto()
    """No one edited it since it was created, so it is replaced."""
    EDITED = auto()
    """Someone edited it, so it is replaced only if it is named."""
    MISSING = auto()
    """It is not in the folder, and created only if it is named."""
    THEIRS = auto()
    """It is the content of the site, so it is shown and never written."""


@dataclass(frozen=True)
class Change:
    """A file of a site that differs from what this version creates: what it has now, or None, and what it would have.

    `has_news` is false if statusgen's own has been the same in all releases, so that all that differs is the site's.
    """

    path: str
    ownership: Ownership
    old: bytes | None
    new: bytes
    has_news: bool = True


def hash_source(content: bytes) -> str:
    """Return the SHA-256 by which a file of `starter/` is known, with any ends of lines."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def find_hosts(folder: Path) -> list[str]:
    """Return those of `scaffold.HOSTS` that a site is set up for: the first file of each is only its own."""
    return [name for name, host in scaffold.HOSTS.items() if (folder / next(iter(host.files))).is_file()]


@dataclass(frozen=True)
class SiteFiles:
    """The files of a site in a folder, beside those that this version creates for its hosts."""

    folder: Path

    @cached_property
    def hosts(self) -> list[str]:
        """The hosts that it is set up for."""
        return find_hosts(self.folder)

    @cached_property
    def _released(self) -> dict[str, dict[str, str]]:
        record: dict[str, dict[str, str]] = json.loads(scaffold.RELEASED_FILE.read_text(encoding="utf-8"))
        return record

    def read(self, path: str) -> bytes | None:
        """Return what a file contains; None if there is none. Raises OutputError if it must not be read."""
        try:
            return read_file(self.folder, self.folder / path, MAX_TEXT_BYTES)
        except FileNotFoundError:
            return None
        except InvalidValue as wrong:
            raise OutputError(f"{path}: {wrong.message} Nothing was written.") from None

    def read_text(self, path: str) -> str | None:
        """Return the text of a file, or None; `_encode` makes the same bytes of it, also of those that are no text."""
        content = self.read(path)
        return None if content is None else content.decode(errors="surrogateescape")

    def find_changes(self) -> Iterator[Change]:
        """Yield each file that differs from what this version creates; requirements.txt is not among them."""
        yield from self._compare_schema()
        for path, source in scaffold.list_sources(self.hosts).items():
            if path not in (README, REQUIREMENTS_FILE):
                yield from self._compare(path, source)
        yield from self._compare_content()

    def _compare_schema(self) -> Iterator[Change]:
        old, new = self.read(scaffold.SCHEMA_FILE), scaffold.make_schema_file()
        if old is None:
            yield Change(scaffold.SCHEMA_FILE, Ownership.MISSING, None, new)
        elif _use_newlines(old) != new:
            yield Change(scaffold.SCHEMA_FILE, Ownership.OURS, old, new)

    def _compare(self, path: str, source: str) -> Iterator[Change]:
        """Compare a file that is the same on every site, but for what is filled in."""
        old, current = self.read(path), scaffold.read_source(source)
        if old is None:
            yield Change(path, Ownership.MISSING, None, self._fill(path, current))
            return
        plain = empty_choices(_use_newlines(old).decode(errors="replace")).encode()
        if hash_source(plain) != hash_source(current):
            known = hash_source(plain) in self._released.get(source, {})
            whose = Ownership.OURS if known and not self._has_own_lines(path, old) else Ownership.EDITED
            new = _end_lines_like(old, self._fill(path, current))
            yield Change(path, whose, old, new, known or self._has_changed(source))

    def _compare_content(self) -> Iterator[Change]:
        """Compare what a starter only began: services.yaml, the prepared texts, and the README."""
        posts = self._fitting_posts()
        for post in posts:
            source = post.relative_to(scaffold.STARTER_FOLDER).as_posix()
            yield from self._compare_their(f"{_POSTS}/{post.name}", [source])
        services = [f"services/{starter}.yaml" for starter in scaffold.STARTERS]
        old = self.read(SERVICES_FILE) or b""
        # Of a file that was edited, nobody knows which starter it began as.
        if begun := [name for name in services if hash_source(old) in self._released.get(name, {})]:
            yield from self._compare_their(SERVICES_FILE, begun)
        here = {post.name for post in posts if self._has_post(post)}
        names = [name.removesuffix(".md") for name in sorted(here) if "." not in name.removesuffix(".md")]
        readme = scaffold.fill_readme(names, self.hosts)
        sources = ["common/README.md", *(f"hosts/{host}.md" for host in self.hosts)]
        yield from self._compare_their(README, sources, readme)

    def _fitting_posts(self) -> list[Path]:
        """Return the prepared texts for every site, and those for the kinds of publisher of which the site has any."""
        special = (folder for folder in sorted(scaffold.TEMPLATE_FOLDER.iterdir()) if folder.is_dir())
        has_any = (folder for folder in special if any(map(self._has_post, folder.glob("*.md"))))
        folders = (scaffold.TEMPLATE_FOLDER, *has_any)
        return sorted((post for folder in folders for post in folder.glob("*.md")), key=lambda post: post.name)

    def _has_post(self, post: Path) -> bool:
        return (self.folder / _POSTS / post.name).is_file()

    def _compare_their(self, path: str, sources: list[str], new: bytes = b"") -> Iterator[Change]:
        old, new = self.read(path), new or scaffold.read_source(sources[0])
        if old is None:
            yield Change(path, Ownership.MISSING, None, new)
        elif _use_newlines(old) != new:
            yield Change(path, Ownership.THEIRS, old, new, any(map(self._has_changed, sources)))

    def _has_changed(self, source: str) -> bool:
        """Return whether some release had another version of a file of `starter/` than this one has."""
        current = hash_source(scaffold.read_source(source))
        return any(released != current for released in self._released.get(source, {}))

    def _fill(self, path: str, source: bytes) -> bytes:
        return fill_choices(source.decode(), self._workspace.site, path).encode() if path in FORM_FILES else source

    def _has_own_lines(self, path: str, form: bytes) -> bool:
        text = _use_newlines(form).decode(errors="replace")
        return path in FORM_FILES and has_own_lines(text, self._workspace.site, path)

    @cached_property
    def _workspace(self) -> Workspace:
        return Workspace(self.folder, available_languages())


def _encode(text: str) -> bytes:
    return text.encode(errors="surrogateescape")


def _use_newlines(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n")


def _end_lines_like(old: bytes, new: bytes) -> bytes:
    return _use_newlines(new).replace(b"\n", b"\r\n") if b"\r\n" in old else new


def _read_pinning_texts(site: SiteFiles) -> dict[str, str]:
    """Return the files in which a host or a hook can be told which statusgen to install, by their paths."""
    paths: Iterable[Path] = (
        *sorted((site.folder / ".github/workflows").glob("*.y*ml")),
        *(site.folder / name for name in (".gitlab-ci.yml", ".pre-commit-config.yaml", "netlify.toml", "Dockerfile")),
    )
    found = {path.relative_to(site.folder).as_posix(): path for path in paths if path.is_file()}
    return {name: site.read_text(name) or "" for name in found}


@dataclass(frozen=True)
class Plan:
    """What a site needs: the version that it installs, its hosts, what differs, and what is left to do by hand."""

    installs: str
    hosts: tuple[str, ...]
    changes: tuple[Change, ...]
    remarks: tuple[str, ...]


def plan_upgrade(folder: Path, here: Installation) -> Plan:
    """Return what the site in a folder needs; `here` is where the statusgen that is running came from.

    Raises StatusgenError if there is no site, or if it cannot be read as far as that takes.
    """
    site = SiteFiles(folder)
    if site.read(SERVICES_FILE) is None:
        hint = "Go to the folder of the site, or name it with --source."
        raise StatusgenError(f"There is no {SERVICES_FILE} in {folder}. {hint}")
    installs = read_version(site.read_text(REQUIREMENTS_FILE) or "")
    if _is_newer(installs):
        hint = f"Install {installs} here, too. Nothing was written."
        raise StatusgenError(f"The site installs {installs}, which is newer than this statusgen, {__version__}. {hint}")
    changes = {change.path: change for change in site.find_changes()}
    required, remarks = _plan_requirements(site, here)
    changes |= {change.path: change for change in required}
    texts = _read_pinning_texts(site)
    for path, text in texts.items():
        renewed = renew_version(text)
        if renewed != text and not (path in changes and changes[path].has_news):
            changes[path] = Change(path, Ownership.EDITED, _encode(text), _encode(renewed))
    return Plan(installs, tuple(site.hosts), tuple(changes.values()), (*remarks, *find_other_pins(texts)))


def _is_newer(installs: str) -> bool:
    try:
        return Version(installs) > Version(__version__)
    except InvalidVersion:  # an address, or nothing
        return False


def _plan_requirements(site: SiteFiles, here: Installation) -> tuple[list[Change], list[str]]:
    """Return what changes in requirements.txt and beside it, and what is left to do there by hand."""
    text = site.read_text(REQUIREMENTS_FILE)
    if text is None:
        return [], [f"There is no {REQUIREMENTS_FILE}, so nothing here says what a host installs."]
    pins, changes, remarks = renew_pins(text, here.requirement), [], []
    if pins.text != text:
        changes.append(Change(REQUIREMENTS_FILE, Ownership.OURS, _encode(text), _encode(pins.text)))
    for wheel in pins.wheels:
        if not (site.folder / wheel).exists():
            path = PurePosixPath(wheel)
            changes += [Change(path.as_posix(), Ownership.OURS, None, content) for content in here.files.values()]
            remarks += [_say_how_to_get(path.parent, site.folder, here.remark)] if here.remark else []
    return changes, [*remarks, *pins.remarks]


def _say_how_to_get(place: PurePosixPath, folder: Path, remark: str) -> str:
    """Return a remark of `Installation` for a wheel that has its place within the folder of the site."""
    if place.parts:
        remark = remark.replace("this folder", f"{place}/")
    return remark.replace("DIR", shlex.quote(str(folder / place)))
