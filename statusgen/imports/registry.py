"""The status pages that can be imported, by their names on the command line."""

from collections.abc import Callable
from dataclasses import dataclass

from statusgen.imports import table
from statusgen.imports.cstate import page as cstate
from statusgen.imports.source import Answers, Source
from statusgen.imports.told import Told


@dataclass(frozen=True)
class SourceKind:
    """A kind of status page: its name, what has to be given of it, and how it is read; also from the web, or not.

    `read` raises SourceError, and works nothing out that the source does not say. What it guesses, loses or has to ask
    is in the notes of what it returns.
    """

    title: str
    takes: str
    read: Callable[[Source, Answers], Told]
    is_on_web: bool = False


SOURCES = {
    "cstate": SourceKind("cState", "its folder, with config.yml and content/issues/", cstate.read),
    "csv": SourceKind("a table", "a file of CSV, one row for each outage", table.read),
}
