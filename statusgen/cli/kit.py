"""`statusgen kit`: all that a strange laptop needs to publish, as one zip."""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

import click

from statusgen import __version__
from statusgen.cli.errors import NOTHING_WRITTEN, parse_flag_value
from statusgen.cli.flags import SOURCE, command, flag
from statusgen.kit.gather import Gathered, gather_from_folder, gather_from_index, list_targets
from statusgen.kit.systems import SYSTEMS, format_python
from statusgen.kit.wheels import KitError
from statusgen.problems import InvalidValue

if TYPE_CHECKING:
    from statusgen.kit.index import Index
    from statusgen.kit.systems import Target

NEWEST_PYTHON = (3, 14)
"""The newest Python for which all that statusgen needs was to be had when this version of it was made."""
IS_USELESS_SOMEWHERE = 3
"""The exit code of a kit that was made, and from which statusgen cannot be installed on one of its systems."""
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True)
class KitFlags:
    """What the flags of `kit` say."""

    source: Path = flag(Path(), SOURCE)
    output: Path | None = flag(
        None,
        "--output",
        metavar="FILE",
        type=click.Path(dir_okay=False, path_type=Path),
        help="The zip to write. Default: status-kit-DATE.zip, here.",
    )
    force: bool = flag(False, "--force", help="Write over a zip that is there.")
    contacts: tuple[str, ...] = flag(
        (), "--contact", "contacts", metavar="TEXT", help='Whom to call, like "Ada, web: 555-0100". Can be repeated.'
    )
    contact_file: Path | None = flag(
        None, "--contacts", "contact_file", metavar="FILE", type=_FILE, help="Whom to call, a line for each."
    )
    systems: tuple[str, ...] = flag(
        (), "--system", "systems", type=click.Choice([*SYSTEMS]), help="What it is for. Can be repeated. Default: all."
    )
    pythons: tuple[str, ...] = flag(
        (),
        "--python",
        "pythons",
        metavar="VERSION",
        help=f"A Python that it is for. Can be repeated. Default: this one and {format_python(NEWEST_PYTHON)}.",
    )
    wheels: Path | None = flag(
        None, "--wheels", metavar="FOLDER", type=_FOLDER, help="Take wheels from this folder, not from an index."
    )
    statusgen: Path | None = flag(
        None,
        "--statusgen",
        metavar="FILE",
        type=_FILE,
        help="The wheel of statusgen. Default: the one that is running.",
    )
    no_history: bool = flag(False, "--no-history", help="Leave the history in git out.")


@command(KitFlags)
def kit(flags: KitFlags) -> None:
    """Make one zip with everything that any laptop needs to publish, for a night when your network is off.

    It has statusgen and all that it needs, for several systems; the site with its history; what installs them without a
    network; and a card to print. Python itself, passwords and keys are not in it.

    Exit codes: 0, it was made; 1, it was not; 3, it was made, and does not work on one of the systems.
    """
    from statusgen.cli.load import load_site
    from statusgen.cli.moments import current_time
    from statusgen.kit.make import Kit
    from statusgen.kit.ready import note_kit
    from statusgen.kit.site_files import read_site_files

    pythons = [parse_flag_value("--python", text, _parse_python) for text in flags.pythons]
    pythons = sorted({*pythons} or {sys.version_info[:2], NEWEST_PYTHON})
    systems = flags.systems or (*SYSTEMS,)
    moment = current_time()
    site = load_site(flags.source)
    output = flags.output or Path(f"status-kit-{moment.astimezone(site.zone):%Y-%m-%d}.zip")
    if output.exists() and not flags.force:
        raise KitError(f"{output} is there already. Name another file with --output, or add --force. {NOTHING_WRITTEN}")
    site_files = read_site_files(flags.source, with_history=not flags.no_history)
    with tempfile.TemporaryDirectory(prefix="statusgen-kit-") as scratch:
        gathered = _gather(flags, list_targets(systems, pythons), Path(scratch), moment)
        chosen = [system for name, system in SYSTEMS.items() if name in systems]
        made = Kit(site, site_files, gathered, chosen, pythons, _read_contacts(flags), __version__, moment)
        digest = made.write(output)
    note_kit(flags.source, moment)
    _report(output, gathered, site_files.left_out, digest)
    if any(gathered.is_useless(system, pythons) for system in chosen):
        raise SystemExit(IS_USELESS_SOMEWHERE)


def _parse_python(text: str) -> tuple[int, int]:
    """Return a version of Python; raise InvalidValue."""
    major, _, minor = text.partition(".")
    if major != "3" or not minor.isdecimal() or int(minor) < 11:
        raise InvalidValue(
            f'"{text}" is not a version that statusgen works with.', "Write one like 3.14, from 3.11 on."
        )
    return 3, int(minor)


def _read_contacts(flags: KitFlags) -> list[str]:
    lines = flags.contact_file.read_text(encoding="utf-8-sig").splitlines() if flags.contact_file else []
    return [line.strip() for line in (*lines, *flags.contacts) if line.strip()]


def _gather(flags: KitFlags, targets: "Sequence[Target]", scratch: Path, moment: datetime) -> Gathered:
    """Return the wheels: from the folder that was named, or from a package index."""
    from statusgen.kit.index import Index

    if flags.wheels:
        return gather_from_folder(flags.wheels, flags.statusgen or _make_own_wheel(None, scratch, moment), targets)
    index = Index(scratch)
    own = flags.statusgen or _make_own_wheel(index, scratch, moment)
    return gather_from_index(index, own, targets, lambda line: click.echo(line, err=True))


def _make_own_wheel(index: "Index | None", scratch: Path, moment: datetime) -> Path:
    """Return the wheel of the statusgen that is running."""
    from statusgen.kit.own_wheel import find_checkout, rebuild_wheel

    hint = "Build its wheel (pip wheel --no-deps FOLDER), and name that with --statusgen FILE."
    try:
        installed = distribution("statusgen")
    except PackageNotFoundError:
        raise KitError(f"This statusgen was not installed. {hint}") from None
    checkout = find_checkout(installed)
    if checkout is None:
        return rebuild_wheel(installed, scratch, moment)
    if index is None:
        raise KitError(f"This statusgen runs from {checkout}, where it is written. {hint}")
    return index.build(checkout)


def _report(output: Path, gathered: Gathered, left_out: Sequence[str], digest: str) -> None:
    """Say what was made, how large it is, and what is not in it."""
    size = output.stat().st_size / 1_000_000
    click.echo(f"Wrote {output}: {size:.0f} MB, {len(gathered.wheels)} wheels.")
    for gap in gathered.gaps:
        click.echo(f"Not in it: {gap}")
    if left_out:
        click.echo(f"Left out of the site: {', '.join(left_out)}")
    click.echo(f"SHA-256: {digest}")
    click.echo("Print CARD.html from it, fill in its blanks, and keep both where the city's network is not needed.")
