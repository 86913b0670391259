"""`statusgen undo`: the last change, taken back."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from statusgen.cli.errors import handle_errors
from statusgen.cli.flags import SOURCE

if TYPE_CHECKING:
    from statusgen.colleagues.trees import Changes
    from statusgen.colleagues.undo import Correction
    from statusgen.colleagues.work_tree import WorkTree

_EXPLANATION = "Residents may have read this, so it is not taken out: an update says what was wrong, and what is right."


@click.command()
@SOURCE
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.pass_context
@handle_errors
def undo(context: click.Context, source: Path, yes: bool) -> None:
    """Take back the last change; what residents may have read is corrected instead.

    What is not committed is moved into a folder, which is named. A commit is taken back by another one.
    """
    from statusgen.cli.moments import drill_time
    from statusgen.colleagues.move import recover
    from statusgen.colleagues.work_tree import NotSharedError, open_work_tree
    from statusgen.problems import StatusgenError

    try:
        with open_work_tree(source, drill_time()) as tree:
            recover(tree)
            corrections = _take_back(tree, yes)
    except NotSharedError as error:
        raise StatusgenError(
            f"{error} Nothing can be taken back here: correct what was said with statusgen correct, or at the desk."
        ) from None
    if corrections:
        _correct(context, source, corrections, yes)


def _take_back(tree: "WorkTree", yes: bool) -> "Sequence[Correction]":
    """Take back the last change, or return what is to be corrected if residents may have read it."""
    from statusgen.colleagues.undo import (
        TAKEN_BACK,
        find_last_change,
        find_published,
        find_uncommitted,
        take_back_commit,
    )
    from statusgen.problems import StatusgenError

    if changes := find_uncommitted(tree):
        if corrections := find_published(tree, changes):
            click.echo("What was changed here last is not committed, and it was published.")
            return corrections
        _take_back_uncommitted(tree, changes, yes)
        return ()
    change = find_last_change(tree)
    if change is None:
        raise StatusgenError("Nothing was changed here since the first commit, so there is nothing to take back.")
    click.echo(f'The last change is "{change.subject}", by {change.author}, {change.when}.')
    if change.subject.startswith(TAKEN_BACK):
        raise StatusgenError("That took something back already. To say it again, write it once more.")
    if change.corrections and change.is_public:
        return change.corrections
    _confirm("Take it back?", yes)
    for line in take_back_commit(tree, change):
        click.echo(f"Taken back: {line}")
    click.echo("Your colleagues get this when you publish the next time.")
    return ()


def _take_back_uncommitted(tree: "WorkTree", changes: "Changes", yes: bool) -> None:
    from statusgen.cli.print_diff import print_diff
    from statusgen.colleagues.undo import describe_lines, take_back_uncommitted
    from statusgen.problems import StatusgenError

    click.echo("This was changed and not committed yet:")
    try:
        print_diff(tree.site, None, "HEAD")
    except StatusgenError:  # what is to be taken back may be a mistake
        for line in describe_lines(tree, changes):
            click.echo(line)
    _confirm("Take it back?", yes)
    place = take_back_uncommitted(tree, changes)
    click.echo(f"Taken back. What you had written is kept in {place}")


def _confirm(question: str, yes: bool) -> None:
    from statusgen.cli.prompts import is_interactive

    if yes:
        return
    if not is_interactive():
        raise click.UsageError("Nobody can be asked here. Add --yes to take it back.")
    click.confirm(question, abort=True)


def _correct(context: click.Context, source: Path, corrections: "Sequence[Correction]", yes: bool) -> None:
    """Name the commands that correct a change, or open the one for it."""
    from statusgen.cli.prompts import choose, is_interactive

    click.echo(_EXPLANATION)
    ways = [way for each in corrections for way in _list_ways(each)]
    if yes or not is_interactive():
        click.echo("Fill in what is true, and run:")
        for words, *_ in ways:
            click.echo(f"  {words}")
        return
    _, name, flags = ways[choose("Which of these?", [words for words, *_ in ways])]
    command = context.find_root().command
    assert isinstance(command, click.Group)
    opened = command.get_command(context, name)
    assert opened
    context.invoke(opened, source=source, **flags)


def _list_ways(correction: "Correction") -> "Iterator[tuple[str, str, dict[str, str | bool | None]]]":
    """Yield what can be typed to correct something, and the command and its flags to open it."""
    post, time = correction.post, correction.time
    if correction.is_new:
        words = f'statusgen resolve {post} --withdraw --text "…"'
        yield words, "resolve", {"incident": post, "withdraw": True}
    update = f' --update "{time}"' if time else ""
    words = f'statusgen correct {post}{update} --wrong "…" --right "…"'
    yield words, "correct", {"incident": post, "time": time}
