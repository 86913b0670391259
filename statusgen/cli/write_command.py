"""The decorators of the writer's commands: they declare the flags that all of these share, and start the session."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from statusgen.cli import completion
from statusgen.cli.flags import SOURCE, Option, make_command, options_of

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from statusgen.cli.write_session import WriteSession
    from statusgen.model.posts import Incident

F = TypeVar("F", bound="DataclassInstance")

INCIDENT = click.argument("incident", required=False, shell_complete=completion.incidents)
_SHARED_OPTIONS = (
    click.option(
        "--at", metavar="TIME", help='The time of the update, like "9:40" or "2024-05-15 16:00". Default: now.'
    ),
    click.option("--edit", is_flag=True, help="Open it in your editor ($EDITOR) before it is written."),
    click.option("--yes", "-y", is_flag=True, help="Never ask; name the flags that are missing instead."),
    click.option("--build", is_flag=True, help="Then build the site, as statusgen build does."),
)


def write_command(
    flags: type[F], name: str | None = None
) -> Callable[[Callable[["WriteSession", F], None]], click.Command]:
    """Make a writer's command of a function that takes the session and what the command's own flags say."""

    def make(function: Callable[["WriteSession", F], None]) -> click.Command:
        def run(source: Path, at: str | None, edit: bool, yes: bool, build: bool, **values: object) -> None:
            function(_start_session(source, at, edit, yes, build), flags(**values))

        return make_command(function, run, [SOURCE, *options_of(flags), *_SHARED_OPTIONS], name)

    return make


def incident_command(
    flags: type[F], argument: Option = INCIDENT
) -> Callable[[Callable[["WriteSession", "Incident", F], None]], click.Command]:
    """Make a writer's command whose argument INCIDENT names a post: the function takes that post, too."""

    def make(function: Callable[["WriteSession", "Incident", F], None]) -> click.Command:
        def run(
            incident: str | None, source: Path, at: str | None, edit: bool, yes: bool, build: bool, **values: object
        ) -> None:
            session = _start_session(source, at, edit, yes, build)
            function(session, session.find_incident(incident), flags(**values))

        return make_command(function, run, [argument, SOURCE, *options_of(flags), *_SHARED_OPTIONS])

    return make


def _start_session(source: Path, at: str | None, edit: bool, yes: bool, build: bool) -> "WriteSession":
    from statusgen.cli.write_session import WriteSession

    return WriteSession(source, at, edit=edit, yes=yes, build=build)
