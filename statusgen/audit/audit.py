"""Every file of a site, checked as it passes, and all of them together at the end."""

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from statusgen import addresses
from statusgen.audit.checkers import check_file
from statusgen.audit.result import AuditedFile, Fault, FileResult
from statusgen.audit.unpublished import find_leaks, find_secrets
from statusgen.audit.writers import OUR_HINT, TEMPLATES_HINT, WRITERS_HINT, find_line, has_templates
from statusgen.board.model.whole_board import Board
from statusgen.files import File
from statusgen.model.whole_site import Site
from statusgen.outputs.redirects import moved_files
from statusgen.problems import AuditError, Place

# This many different faults are enough to see what is wrong.
_MAX_FAULTS = 20


def audit_files(
    files: Iterable[File], board: Board, site: Site, drafts: bool = False, folder: Path | None = None
) -> Iterator[File]:
    """Pass the files on; raise AuditError, at the latest after the last one, if they must not be published.

    `site` is all that was read, including what is not public yet; with `drafts`, posts marked as drafts may be
    published. In `folder`, the lines that writers typed are looked for.
    """
    audit = Audit(board, site, drafts, folder)
    try:
        for file in files:
            audit.add_file(file)
            yield file
        audit.finish()
    finally:
        # If a caller keeps an error, that keeps this frame alive, and with it the processes that make the files.
        if isinstance(files, Generator):
            files.close()


@dataclass(frozen=True)
class _Origin:
    """A line of a file, and the line of the city's own files that it was made from."""

    path: str
    source: Place | None
    line: int = 1


def _source_rank(origin: _Origin) -> int:
    """Return how well a file shows who wrote a mistake: pages of posts come first, then other pages, then the rest."""
    return 2 if origin.source is None else not origin.source.file.startswith("incidents/")


class Audit:
    """What is known about the files that have passed: their paths, the ids in pages, and links to files not seen yet.

    A site can have a hundred thousand files, so nothing more is kept.
    """

    def __init__(self, board: Board, site: Site, drafts: bool, folder: Path | None = None) -> None:
        self.board, self.url, self.folder = board, board.site.url, folder
        self.secrets = find_secrets(site, board.moment, drafts)
        self.faults: dict[str, list[_Origin]] = {}
        self.words_by_fault: dict[str, str] = {}
        self.ids_by_path: dict[str, str] = {}
        self.pending_files: dict[str, _Origin] = {}
        self.pending_fragments: dict[str, _Origin] = {}
        self.moved_files = moved_files(board)
        self.pending_overviews = dict.fromkeys(self._overview_paths())

    def _overview_paths(self) -> Iterator[str]:
        for language in self.board.site.languages:
            for address in (addresses.file_path(addresses.front()), addresses.status_data()):
                yield addresses.in_language(address, language, self.board.site)

    def add_file(self, file: File) -> None:
        """Check one file, unless that was done where it was made."""
        found = file.result if isinstance(file, AuditedFile) else check_file(file.path, file.content, self.url)
        origin = _Origin(file.path, file.source)
        for fault in (*found.faults, *self.find_file_leaks(file)):
            self.add_fault(replace(origin, line=fault.line), fault.what, fault.words)
        if found.moved_to != self.moved_files.get(file.path):
            self.add_fault(origin, self.describe_redirect(file.path, found.moved_to))
        self.ids_by_path[file.path] = "\n".join(("", *found.ids, ""))
        self.pending_files.pop(file.path, None)
        for target in found.links:
            self.add_link(target, origin)
        if file.path in self.pending_overviews:
            del self.pending_overviews[file.path]
            self.compare_statuses(found, origin)

    def describe_redirect(self, path: str, target: str | None) -> str:
        """Return why a page must not lead readers on by itself, or why it should."""
        wanted = self.moved_files.get(path)
        if wanted is None:
            return f'This page leads readers to "{target}", though it is not at an old address of that.'
        return f'This page is at an old address of "{wanted}", and does not lead there.'

    def find_file_leaks(self, file: File) -> Iterator[Fault]:
        """Yield the secrets in a file. Schemas are skipped: they describe keys in the program's own words."""
        return iter(()) if file.path.startswith("schema/") else find_leaks(file.content, self.secrets)

    def add_link(self, target: str, origin: _Origin) -> None:
        """Remember a link whose target has not been seen yet."""
        if target in self.ids_by_path:
            return
        path, hash, id = target.partition("#")
        if path not in self.ids_by_path:
            self.pending_files.setdefault(path, origin)
            if hash:
                self.pending_fragments.setdefault(target, origin)
        elif hash and f"\n{id}\n" not in self.ids_by_path[path]:
            self.pending_fragments.setdefault(target, origin)

    def compare_statuses(self, result: FileResult, origin: _Origin) -> None:
        """Compare the statuses shown on the front page, or in its data, with those of the Board."""
        shown = dict(result.statuses)
        front = origin.path.endswith(".html")
        for service in self.board.services:
            page = addresses.file_path(addresses.service(service.id))
            language = origin.path.rpartition("/")[0]
            own_page = f"{language}/{page}" if language else page
            is_there = own_page in result.links if front else service.id in shown
            status = shown.get(service.id, service.status.value)
            if service.is_unusual and not is_there:
                self.add_fault(
                    origin,
                    f'The service "{service.id}" is missing here, though its status is "{service.status.value}".',
                )
            elif status != service.status.value:
                what = (
                    f'The service "{service.id}" is shown as "{status}", though its status is "{service.status.value}".'
                )
                self.add_fault(origin, what)

    def add_fault(self, origin: _Origin, what: str, words: str = "") -> None:
        """Remember a fault; raise AuditError if there are more than anyone reads."""
        self.faults.setdefault(what, []).append(origin)
        self.words_by_fault.setdefault(what, words)
        if len(self.faults) >= _MAX_FAULTS:
            raise self.make_error()

    def make_error(self) -> AuditError:
        """Return each fault once, with the line that a writer typed, and who can fix them all."""
        lines = {what: self.find_writers_line(what) for what in self.faults}
        messages = [self.fault_message(what, line) for what, line in lines.items()]
        if all(lines.values()):
            return AuditError(messages, WRITERS_HINT)
        is_ours = self.folder is not None and not has_templates(self.folder)
        return AuditError(messages, OUR_HINT if is_ours else TEMPLATES_HINT)

    def find_writers_line(self, what: str) -> Place | None:
        """Return the line of a post that is behind a fault, if one is."""
        words, source = self.words_by_fault[what], min(self.faults[what], key=_source_rank).source
        # A short address stands on many lines.
        if self.folder is None or not words or (words.isascii() and len(words) < 8):
            return None
        return find_line(self.folder, words, source.file if source else None)

    def fault_message(self, what: str, line: Place | None) -> str:
        """Return a fault with one file that has it: the one that a writer typed or, if possible, the page of a post."""
        origins = self.faults[what]
        first = min(origins, key=_source_rank)
        others = f" (and in {len(origins) - 1} more places)" if len(origins) > 1 else ""
        if line:
            return f"{line}: {what} (It is in {first.path}:{first.line}{others.replace(' (and', ' and').rstrip(')')}.)"
        source = f" (made from {first.source})" if first.source else ""
        return f"{first.path}:{first.line}: {what}{others}{source}"

    def finish(self) -> None:
        """Check what can be checked only when all files have passed; raise AuditError if there are any faults."""
        for path, origin in self.pending_files.items():
            self.add_fault(origin, f'A link leads to "{path}", which is not part of the site.')
        for target, origin in self.pending_fragments.items():
            path, _, id = target.partition("#")
            if path in self.ids_by_path and f"\n{id}\n" not in self.ids_by_path[path]:
                what = f'A link leads to "{target}", but nothing on that page has the id "{id}".'
                self.add_fault(origin, what, f"{path.removesuffix('/index.html').rpartition('/')[2]}.md#{id}")
        for path in self.pending_overviews:
            self.add_fault(_Origin(path, None), "This file is missing.")
        if self.faults:
            raise self.make_error()
