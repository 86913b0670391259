"""The result of checking one file: its faults, and what can only be judged together with all other files."""

from dataclasses import dataclass

from statusgen.files import File


@dataclass(frozen=True)
class Fault:
    """Why a file must not be published, in a sentence or two, and the line where it says so.

    `words` are what a writer may have typed, so that the line of a post can be found; empty if no writer can.
    """

    what: str
    line: int = 1
    words: str = ""


@dataclass(frozen=True)
class FileResult:
    """What is in one file; it depends only on the file's path and bytes and the URL of the site.

    `links` are the files of the site that it links to or loads, each with its fragment if it has one
    (`services/trash/index.html#now`). `ids` are those of a page's elements. `statuses` are, for files that list the
    services, the id and the shown status of each. `moved_to` is the file of the site that a page leads to by itself.
    """

    faults: tuple[Fault, ...] = ()
    links: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    statuses: tuple[tuple[str, str], ...] = ()
    moved_to: str | None = None


@dataclass(frozen=True)
class AuditedFile(File):
    """A file that was already checked where it was made; `part` is the name of the part that it belongs to, if any."""

    result: FileResult = FileResult()
    part: str = ""
