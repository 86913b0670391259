"""`statusgen upgrade`: what a site needs after a new version, shown or done."""

from collections.abc import Collection, Iterable
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import click

from statusgen import __version__
from statusgen.cli.errors import NOTHING_WRITTEN, handle_errors
from statusgen.cli.flags import SOURCE
from statusgen.problems import StatusgenError

if TYPE_CHECKING:
    from statusgen.cli.upgrade_plan import Change, Plan

HAS_CHANGES = 3
"""The exit code if --write would change something."""


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1)
@SOURCE
@click.option("--write", is_flag=True, help="Write what nobody edited; with FILE, those files alone.")
@handle_errors
def upgrade(files: tuple[str, ...], source: Path, write: bool) -> None:
    """Show what a site needs after a new version of statusgen; with --write, do it.

    It looks at what `init` laid out: the workflows of the hosts, the settings of editors, the schema of services.yaml,
    and the version in requirements.txt. A file that nobody edited is replaced. One that someone edited is shown as a
    diff, and replaced only if you name it. Content (services.yaml, prepared texts, the README) is never written.

    The exit code is 3 if --write would change something.
    """
    from statusgen import scaffold
    from statusgen.cli.init import find_installation
    from statusgen.cli.upgrade_plan import Ownership, plan_upgrade

    plan = plan_upgrade(source, find_installation())
    titles = " and ".join(scaffold.HOSTS[host].title for host in plan.hosts) or "no host that init knows"
    installs = plan.installs or "no fixed version"
    click.echo(f"This is statusgen {__version__}. The site installs {installs}, and is set up for {titles}.")
    named = {Path(file).as_posix() for file in files}
    _check_names(named, plan, write)
    unedited = [change for change in plan.changes if change.ownership is Ownership.OURS]
    chosen = [change for change in plan.changes if change.path in named] if named else unedited
    if not write:
        _show(plan, named)
    else:
        scaffold.replace_files({change.path: (change.old, change.new) for change in chosen}, source)
    left = [change for change in plan.changes if not write or change not in chosen]
    _list_by_ownership(left, written=[change.path for change in chosen] if write else [])
    for remark in plan.remarks:
        click.echo(remark)
    if not write and unedited:
        raise SystemExit(HAS_CHANGES)


def _check_names(named: Collection[str], plan: "Plan", write: bool) -> None:
    """Raise StatusgenError if a file that was named does not differ, or must not be written."""
    from statusgen.cli.upgrade_plan import Ownership

    known = {change.path: change.ownership for change in plan.changes}
    wrong = [f"{name} has nothing to upgrade." for name in sorted(named) if name not in known]
    if write:
        theirs = (name for name in sorted(named) if known.get(name) is Ownership.THEIRS)
        wrong += [f"{name} is yours: take over by hand what you like of the diff." for name in theirs]
    if wrong:
        raise StatusgenError("\n".join([*wrong, NOTHING_WRITTEN]))


def _show(plan: "Plan", named: Collection[str]) -> None:
    """Print the differences: of what was named, or else of what is new."""
    from statusgen.scaffold import SCHEMA_FILE

    for change in plan.changes:
        is_text = change.old is not None and change.path != SCHEMA_FILE  # nobody writes, or reads, that one
        if change.path in named or (not named and change.has_news and is_text):
            old, new = ((content or b"").decode(errors="replace") for content in (change.old, change.new))
            lines = unified_diff(
                old.splitlines(), new.splitlines(), f"a/{change.path}", f"b/{change.path}", lineterm=""
            )
            click.echo("\n".join(lines))


def _list_by_ownership(left: "Iterable[Change]", written: Iterable[str]) -> None:
    """Print the files that were written, and those that are left, under what is done with them."""
    from statusgen.cli.upgrade_plan import Ownership

    to_name = "Name one to replace it, with what was edited in it: statusgen upgrade --write FILE"
    to_see = "Name one to see the difference"
    headings = {
        "Written:": list(written),
        "Not edited here. statusgen upgrade --write replaces them:": _paths(left, Ownership.OURS, True),
        f"Edited here, and statusgen has something new. {to_name}": _paths(left, Ownership.EDITED, True),
        f"Edited here; statusgen's own is the same in all releases. {to_see}:": _paths(left, Ownership.EDITED, False),
        "Not here. Name one to lay it out: statusgen upgrade --write FILE": _paths(left, Ownership.MISSING, True),
        "Yours. Their starter has changed; take over what you like:": _paths(left, Ownership.THEIRS, True),
        f"Yours; their starter is the same in all releases. {to_see}:": _paths(left, Ownership.THEIRS, False),
    }
    for heading, paths in headings.items():
        if paths:
            click.echo("\n  ".join([heading, *paths]))
    if not written and not headings["Not edited here. statusgen upgrade --write replaces them:"]:
        click.echo("There is nothing to write.")


def _paths(changes: "Iterable[Change]", ownership: object, has_news: bool) -> list[str]:
    return [change.path for change in changes if change.ownership is ownership and change.has_news is has_news]
