"""The decorators of the writer's commands: they declare the flags that all of these share, and start the session."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from statusgen.cli import completion
from statusgen.cli.flags import SOURCE, Option, make_command, options_of

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from statusgen.cli.write_session import WriteSession
    from statusgen.model.posts import Incident
    from statusgen.problems import StatusgenError

F = TypeVar("F", bound="DataclassInstance")
Values = Mapping[str, object]
"""What flags and arguments say, by their names."""

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
        def call(session: "WriteSession", values: Values) -> None:
            function(session, flags(**values))

        return make_command(function, _make_run(call), [SOURCE, *options_of(flags), *_SHARED_OPTIONS], name)

    return make


def incident_command(
    flags: type[F], argument: Option = INCIDENT, is_dated: bool = True
) -> Callable[[Callable[["WriteSession", "Incident", F], None]], click.Command]:
    """Make a writer's command whose argument INCIDENT names a post: the function takes that post, too.

    One that writes no update, which would have a time, is not dated.
    """
    shared = _SHARED_OPTIONS if is_dated else _SHARED_OPTIONS[1:]

    def make(function: Callable[["WriteSession", "Incident", F], None]) -> click.Command:
        def call(session: "WriteSession", values: Values) -> None:
            from statusgen.cli.drafts import note_post

            words = values["incident"]
            post = session.find_incident(words if isinstance(words, str) else None)
            note_post(post.id)
            function(session, post, flags(**{name: value for name, value in values.items() if name != "incident"}))

        return make_command(function, _make_run(call), [argument, SOURCE, *options_of(flags), *shared])

    return make


def _make_run(call: Callable[["WriteSession", Values], None]) -> Callable[..., None]:
    """Return what click calls: it starts the session, and keeps the answers until they are written."""

    def run(source: Path, edit: bool, yes: bool, build: bool, **values: object) -> None:
        from statusgen.cli.write_session import WriteSession

        def start(values: Values) -> None:
            given = dict(values)
            at = given.pop("at", None)
            call(WriteSession(source, str(at) if at else None, edit=edit, yes=yes, build=build), given)

        from statusgen.cli.prompts import is_interactive

        if yes or not is_interactive():
            start(values)
        else:
            _run_with_draft(start, source, values)

    return run


def _run_with_draft(start: Callable[[Values], None], source: Path, values: Values) -> None:
    """Run a command for somebody who can be asked: what is mistyped is offered, and what is answered is kept."""
    from statusgen.cli.drafts import open_draft
    from statusgen.cli.moments import current_time
    from statusgen.problems import StatusgenError

    context = click.get_current_context()
    draft = open_draft(source, context, values, current_time())
    given: Values = {**values, **draft.values}
    try:
        while True:
            try:
                return start(given)
            except (click.BadParameter, StatusgenError) as error:
                given = _correct_mistyped(context, error, given)
                draft.start_again()
    finally:
        draft.tell()


def _correct_mistyped(context: click.Context, error: "click.BadParameter | StatusgenError", values: Values) -> Values:
    """Return what flags say with the word that was meant, if somebody accepts that; otherwise raise the error."""
    from statusgen.cli.prompts import replace_mistyped
    from statusgen.problems import InvalidValue

    cause = error.__cause__
    if isinstance(cause, InvalidValue) and cause.mistyped:
        blamed = error.param_hint if isinstance(error, click.BadParameter) else None
        name = (
            _find_name(context, blamed) if blamed else next((n for n, v in values.items() if v == cause.mistyped), "")
        )
        said = values.get(name)
        parts = said if isinstance(said, tuple) else (said,)
        fixed = tuple(replace_mistyped(part, cause) or part for part in parts if isinstance(part, str))
        if fixed not in (parts, ()) and click.confirm(f"{cause.what} {cause.hint}", default=True):
            return {**values, name: fixed if isinstance(said, tuple) else fixed[0]}
    raise error


def _find_name(context: click.Context, hint: object) -> str:
    """Return the name of the flag, or of the argument, that an error blames."""
    names = (each.name for each in context.command.params if hint in each.opts or str(hint).casefold() == each.name)
    return next(filter(None, names), "")
