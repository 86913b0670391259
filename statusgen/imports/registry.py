"""The status pages that can be imported, by their names on the command line."""

from collections.abc import Callable
from dataclasses import dataclass

from statusgen.imports import table
from statusgen.imports.cstate import page as cstate
from statusgen.imports.source import Answers, Source
from statusgen.imports.statuspage import page as statuspage
from statusgen.imports.told import Told
from statusgen.imports.upptime import page as upptime


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


_STATUSPAGE = "its address, or a folder with what its API answers"

SOURCES = {
    "cstate": SourceKind("cState", "its folder, with config.yml and content/issues/", cstate.read),
    "upptime": SourceKind("Upptime", "the folder of its repository, with issues.json and comments.json", upptime.read),
    "statuspage": SourceKind("Atlassian Statuspage", _STATUSPAGE, statuspage.read, is_on_web=True),
    "incidentio": SourceKind("incident.io", _STATUSPAGE, statuspage.read_incident_io, is_on_web=True),
    "csv": SourceKind("a table", "a file of CSV, one row for each outage", table.read),
}
