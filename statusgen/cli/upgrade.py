"""`statusgen upgrade`: what a site needs after a new version, shown or done."""

import os
from collections.abc import Collection, Sequence
from difflib import unified_diff
from pathlib import Path

import click

from statusgen import __version__, scaffold
from statusgen.cli.ending import ending_orderly
from statusgen.cli.errors import NOTHING_WRITTEN, handle_errors
from statusgen.cli.flags import SOURCE
from statusgen.cli.init import find_installation
from statusgen.cli.upgrade_plan import Change, Ownership, Plan, plan_upgrade
from statusgen.problems import StatusgenError

HAS_CHANGES = 3
"""The exit code if --write would change something."""


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1)
@SOURCE
@click.option("--write", is_flag=True, help="Write what no one edited; with FILE, those files alone.")
@handle_errors
def upgrade(files: tuple[str, ...], source: Path, write: bool) -> None:
    """Show what a site needs after a new version of statusgen; with --write, do it.

    It looks at what `init` created: the workflows of the hosts, the settings of editors, the schema of services.yaml,
    and the version in requirements.txt. A file that no one edited is replaced. One that someone edited is shown as a
    diff, and replaced only if you name it. Content (services.yaml, prepared texts, the README) is never written.

    The exit code is 3 if --write, with the same files, would change something.
    """
    plan = plan_upgrade(source, find_installation())
    titles = " and ".join(scaffold.HOSTS[host].title for host in plan.hosts) or "no host that init knows"
    installs = plan.installs or "no fixed version"
    click.echo(f"This is statusgen {__version__}. The site installs {installs}, and is set up for {titles}.")
    named = {_find_path(file, source, plan) for file in files}
    _check_names(named, plan, write)
    unedited = [change for change in plan.changes if change.ownership is Ownership.OURS]
    chosen = [change for change in plan.changes if change.path in named] if named else unedited
    if not write:
        _show(plan, named)
    else:
        with ending_orderly():
            scaffold.replace_files({change.path: (change.old, change.new) for change in chosen}, source)
    left = [change for change in plan.changes if not write or change not in chosen]
    if write and chosen:
        _list("Written:", [change.path for change in chosen])
    _list_by_ownership(left)
    if not (write and chosen) and not any(change.ownership is Ownership.OURS for change in left):
        click.echo("There is nothing to write.")
    for remark in plan.remarks:
        click.echo(remark)
    if not write and any(change.ownership is not Ownership.THEIRS for change in chosen):
        raise SystemExit(HAS_CHANGES)


def _find_path(file: str, source: Path, plan: Plan) -> str:
    """Return the path within the site of a file that was named from there, or from the current folder."""
    within = Path(os.path.normpath(file)).as_posix()
    typed, root = Path(os.path.abspath(file)), source.resolve()  # noqa: PTH100 - resolve() would follow a link of a file
    place = typed.parent.resolve() / typed.name
    if all(change.path != within for change in plan.changes) and place.is_relative_to(root):
        return place.relative_to(root).as_posix()
    return within


def _check_names(named: Collection[str], plan: Plan, write: bool) -> None:
    """Raise StatusgenError if a file that was named does not differ, or must not be written."""
    known = {change.path: change.ownership for change in plan.changes}
    wrong = [f"{name} has nothing to upgrade." for name in sorted(named) if name not in known]
    if write:
        theirs = (name for name in sorted(named) if known.get(name) is Ownership.THEIRS)
        wrong += [f"{name} is yours: copy by hand what you want of the diff." for name in theirs]
    if wrong:
        raise StatusgenError("\n".join([*wrong, NOTHING_WRITTEN]))


def _show(plan: Plan, named: Collection[str]) -> None:
    """Print the differences: of what was named, or else of what is new."""
    for change in plan.changes:
        is_text = change.old is not None and change.path != scaffold.SCHEMA_FILE  # nobody writes, or reads, that one
        if change.path in named or (not named and change.has_news and is_text):
            old, new = ((content or b"").decode(errors="replace") for content in (change.old, change.new))
            lines = unified_diff(
                old.splitlines(), new.splitlines(), f"a/{change.path}", f"b/{change.path}", lineterm=""
            )
            click.echo("\n".join(lines))


_TO_NAME = "Name one to replace it, with what was edited in it: statusgen upgrade --write FILE"
_TO_SEE = "Name one to see the difference"
# By whose a file is, and by whether its starter has something new.
_HEADINGS = {
    (Ownership.OURS, True): "Not edited here. statusgen upgrade --write replaces them:",
    (Ownership.EDITED, True): f"Edited here, and statusgen has something new. {_TO_NAME}",
    (Ownership.EDITED, False): f"Edited here; statusgen's own is the same in all releases. {_TO_SEE}:",
    (Ownership.MISSING, True): "Not here. Name one to create it: statusgen upgrade --write FILE",
    (Ownership.THEIRS, True): "Yours. Their starter has changed; copy what you want:",
    (Ownership.THEIRS, False): f"Yours; their starter is the same in all releases. {_TO_SEE}:",
}


def _list_by_ownership(left: Sequence[Change]) -> None:
    """Print the files that are left, under what is done with them."""
    for (ownership, has_news), heading in _HEADINGS.items():
        _list(heading, [each.path for each in left if each.ownership is ownership and each.has_news is has_news])


def _list(heading: str, paths: Sequence[str]) -> None:
    if paths:
        click.echo("\n  ".join([heading, *paths]))
