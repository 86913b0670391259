"""What one file turned out to be: what is wrong with it, and what can only be judged beside all the others."""

from dataclasses import dataclass

from statusgen.files import File


@dataclass(frozen=True)
class Fault:
    """Why a file must not be published, as a sentence or two, and the line of it that says so."""

    what: str
    line: int = 1


@dataclass(frozen=True)
class FileResult:
    """What one file says, which depends on nothing but its path, its bytes and the address of the site.

    `links` are the files of the site that it leads to or loads, each with its fragment if it has one
    (`services/trash/index.html#now`). `ids` are those of a page's elements. `standings` tells, for files that list
    the services, how each of them stands there: the id of the service and the word for its status.
    """

    faults: tuple[Fault, ...] = ()
    links: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    statuses: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class AuditedFile(File):
    """A file that was read as its readers will read it, where it was made."""

    result: FileResult = FileResult()
