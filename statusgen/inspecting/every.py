"""Every file of a site, looked at as it passes, and all of them together at the end."""

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace

from statusgen import addresses
from statusgen.errors import Place, Unsound
from statusgen.files import File
from statusgen.inspecting.facts import Facts, Fault, LookedAt
from statusgen.inspecting.kinds import facts
from statusgen.inspecting.unpublished import secrets, told
from statusgen.model import Site, Status
from statusgen.status.standing import Board

# So many different faults are enough to see what is wrong.
_MOST = 20


def inspected(files: Iterable[File], board: Board, site: Site, drafts: bool = False) -> Iterator[File]:
    """Pass the files on; raise Unsound, at the latest after the last, where they must not be published.

    `site` is all that was read, with what nobody may see yet; with `drafts`, posts that are marked so may be seen.
    """
    inspection = Inspection(board, site, drafts)
    try:
        for file in files:
            inspection.take(file)
            yield file
        inspection.finish()
    finally:
        # An error that somebody keeps keeps its frames too, and with them the processes that make the files.
        if isinstance(files, Generator):
            files.close()


@dataclass(frozen=True)
class _From:
    """The line of a file, and the line of the city's own files that asked for it."""

    path: str
    source: Place | None
    line: int = 1


def _nearness(origin: _From) -> int:
    """In which order files tell best who wrote what is wrong: pages of posts, other pages, the rest."""
    return 2 if origin.source is None else not origin.source.file.startswith("incidents/")


class Inspection:
    """What is known of the files that have passed: their paths, the ids in pages, and what leads to files to come.

    A site can have a hundred thousand files, so no more than that is kept.
    """

    def __init__(self, board: Board, site: Site, drafts: bool) -> None:
        self.board, self.url = board, board.site.url
        self.secrets = secrets(site, board.moment, drafts)
        self.faults: dict[str, list[_From]] = {}
        self.ids: dict[str, str] = {}
        self.wanted: dict[str, _From] = {}
        self.fragments: dict[str, _From] = {}
        self.unlisted = dict.fromkeys(self._lists())

    def _lists(self) -> Iterator[str]:
        for language in self.board.site.languages:
            for address in (addresses.file(addresses.front()), addresses.status_data()):
                yield addresses.in_language(address, language, self.board.site)

    def take(self, file: File) -> None:
        """Look at one file, if nobody has yet."""
        found = file.facts if isinstance(file, LookedAt) else facts(file.path, file.content, self.url)
        origin = _From(file.path, file.source)
        for fault in (*found.faults, *self.told(file)):
            self.note(replace(origin, line=fault.line), fault.what)
        self.ids[file.path] = "\n".join(("", *found.ids, ""))
        self.wanted.pop(file.path, None)
        for target in found.links:
            self.follow(target, origin)
        if file.path in self.unlisted:
            del self.unlisted[file.path]
            self.compare(found, origin)

    def told(self, file: File) -> Iterator[Fault]:
        """The secrets that a file tells. What a key of the data means is told in the program's own words."""
        return iter(()) if file.path.startswith("schema/") else told(file.content, self.secrets)

    def follow(self, target: str, origin: _From) -> None:
        """Note what a link leads to, where it is not known to be there already."""
        if target in self.ids:
            return
        path, hash, id = target.partition("#")
        if path not in self.ids:
            self.wanted.setdefault(path, origin)
            if hash:
                self.fragments.setdefault(target, origin)
        elif hash and f"\n{id}\n" not in self.ids[path]:
            self.fragments.setdefault(target, origin)

    def compare(self, found: Facts, origin: _From) -> None:
        """Hold a list of the services against how they stand: the front page, or its data."""
        shown = dict(found.standings)
        front = origin.path.endswith(".html")
        for standing in self.board.services:
            page = addresses.file(addresses.service(standing.id))
            language = origin.path.rpartition("/")[0]
            own = f"{language}/{page}" if language else page
            is_there = own in found.links if front else standing.id in shown
            status = shown.get(standing.id, standing.status.value)
            if standing.status is not Status.WORKING and not is_there:
                self.note(origin, f'The service "{standing.id}" is not on it, though it is "{standing.status.value}".')
            elif status != standing.status.value:
                what = f'The service "{standing.id}" is shown as "{status}", though it is "{standing.status.value}".'
                self.note(origin, what)

    def note(self, origin: _From, what: str) -> None:
        """Remember a fault; raise Unsound where there are more than anybody reads."""
        self.faults.setdefault(what, []).append(origin)
        if len(self.faults) >= _MOST:
            raise Unsound(self.sentences())

    def sentences(self) -> Iterator[str]:
        """Each fault once, with a file that has it: with a post's own page, if there is any."""
        for what, origins in self.faults.items():
            first = min(origins, key=_nearness)
            made = f" (made from {first.source})" if first.source else ""
            others = f" (and in {len(origins) - 1} more places)" if len(origins) > 1 else ""
            yield f"{first.path}:{first.line}: {what}{others}{made}"

    def finish(self) -> None:
        """What can only be told when all files have passed; raise Unsound if anything was found."""
        for path, origin in self.wanted.items():
            self.note(origin, f'A link leads to "{path}", which is not part of the site.')
        for target, origin in self.fragments.items():
            path, _, id = target.partition("#")
            if path in self.ids and f"\n{id}\n" not in self.ids[path]:
                self.note(origin, f'A link leads to "{target}", but nothing on that page has the id "{id}".')
        for path in self.unlisted:
            self.note(_From(path, None), "This file is missing.")
        if self.faults:
            raise Unsound(self.sentences())
