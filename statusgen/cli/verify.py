"""`statusgen verify`: whether a copy of the site is what was published."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from statusgen.cli.shared import clock, explained
from statusgen.errors import NotGenuine

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_MOST_TOLD = 200
_OWN_LIST = (
    "The list came from the copy itself, so whoever changed its files could have changed the list as well. "
    "Compare with a build of your own (--against), or ask for a signature (--signers, --minisign-key)."
)
_UNSEEN = "A file that was added, and that no page leads to, cannot be seen from outside: verify the folder for that."


@click.command()
@click.argument("where", metavar="FOLDER|URL")
@click.option(
    "--against",
    metavar="FOLDER",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A build that you trust. Default: the list of files that the copy itself has.",
)
@click.option("--manifest", metavar="FILE", type=_FILE, help="The manifest.json of a build that you trust.")
@click.option("--signers", metavar="FILE", type=_FILE, help="Whose SSH signatures count (ALLOWED SIGNERS, ssh-keygen).")
@click.option("--identity", metavar="WHO", help="With --signers: who of them has to have signed.")
@click.option("--minisign-key", metavar="KEY", help="The minisign key that has to have signed, or a file with it.")
@click.option("--at", metavar="TIME", help='The time to judge its age by, like "2024-05-15 16:00". Default: now.')
@click.option("--grace", metavar="MINUTES", default=15, show_default=True, help="How late a newer build may be.")
@click.option("--max-age", metavar="MINUTES", type=int, help="How old the site may be. Default: until its next change.")
@click.option("--ignore", metavar="PATH", multiple=True, help="A file that the copy may have, or have otherwise.")
@explained
def verify(
    where: str,
    against: Path | None,
    manifest: Path | None,
    signers: Path | None,
    identity: str | None,
    minisign_key: str | None,
    at: str | None,
    grace: int,
    max_age: int | None,
    ignore: tuple[str, ...],
) -> None:
    """Compare a copy of the site with its manifest, and name what differs, is missing or was added."""
    from statusgen import addresses
    from statusgen.verifying import comparison, listing
    from statusgen.verifying.copies import Copy, InFolder, OnTheWeb

    if identity and not signers:
        raise click.UsageError("--identity goes with --signers alone.")
    if against and manifest:
        raise click.UsageError("Give --against or --manifest, not both.")
    is_live = where.startswith(("http://", "https://"))
    copy: Copy = OnTheWeb(where) if is_live else InFolder(_folder(where))
    name = addresses.manifest()
    origin = InFolder(against) if against else copy
    if manifest:
        origin, name = InFolder(manifest.resolve().parent), manifest.resolve().name
    content = _read(origin, name)
    expected = listing.read(content, f"{origin.name}: {name}")
    now = _moment(at, expected.zone)
    signer = _signer(origin, name, content, Keys(signers, identity, minisign_key), now)
    found = [*comparison.findings(copy, expected, ignore)]
    if origin is not copy:
        others = {path: comparison.content(origin, path) for path in listing.UNLISTED} if against else {}
        found += comparison.same_lists(copy, {**others, addresses.manifest(): content}, expected)
    found += comparison.late(expected, now, timedelta(minutes=grace), _minutes(max_age))
    for finding in found[:_MOST_TOLD]:
        click.echo(str(finding))
    if len(found) > _MOST_TOLD:
        click.echo(f"And {len(found) - _MOST_TOLD} more.")
    click.echo(_told(expected, signer, len(found)))
    if origin is copy and not signer:
        click.echo(_OWN_LIST)
    if is_live:
        click.echo(_UNSEEN)
    if found:
        raise SystemExit(1)


@dataclass(frozen=True)
class Keys:
    """By whom a manifest has to be signed; nobody, where there is neither a file of signers nor a minisign key."""

    signers: Path | None
    identity: str | None
    minisign: str | None


def _folder(where: str) -> Path:
    if not Path(where).is_dir():
        raise click.BadParameter(
            f"There is no folder {where}, and an address begins with https://.", param_hint="WHERE"
        )
    return Path(where)


def _moment(at: str | None, zone: ZoneInfo) -> datetime:
    from statusgen.reading.values import Wrong, when

    try:
        return when(at, zone).last_minute if at else clock()
    except Wrong as wrong:
        raise click.BadParameter(f"{wrong.what} {wrong.hint}", param_hint="--at") from None


def _minutes(number: int | None) -> timedelta | None:
    return None if number is None else timedelta(minutes=number)


def _read(copy: Any, path: str) -> bytes:
    """A file without which nothing can be verified."""
    from statusgen.verifying.copies import Missing, Unreadable
    from statusgen.verifying.listing import MOST_BYTES

    try:
        content: bytes = copy.read(path, MOST_BYTES)
    except Missing:
        raise NotGenuine(f"{copy.name} has no {path}, so nobody can tell whether it is genuine.") from None
    except Unreadable as error:
        raise NotGenuine(f"{copy.name}: {path} {error}.") from None
    return content


def _signer(copy: Any, name: str, content: bytes, keys: Keys, now: datetime) -> str:
    """Who signed the manifest; empty where nobody asked. Raises NotGenuine where it is not signed as it has to be."""
    from statusgen import signatures

    who = ""
    try:
        if keys.signers:
            signature = _read(copy, name + signatures.SSH)
            who = signatures.Signers(keys.signers, identity=keys.identity).signer(content, signature, now)
        if keys.minisign:
            signatures.check_minisign(content, _read(copy, name + signatures.MINISIGN), keys.minisign)
            who = who or "that minisign key"
    except NotGenuine as error:
        words = str(error)
        raise NotGenuine(words if words.endswith(".") else f"{copy.name}: {name} {words}.") from None
    return who


def _told(expected: Any, signer: str, wrong: int) -> str:
    """The last line but the remarks: what was found, and of what."""
    shows = f"It shows {expected.told(expected.at)}"
    made = f", made from revision {expected.revision}" if expected.revision else ""
    signed = f". Signed by {signer}" if signer else ""
    files = f"{len(expected.files)} files"
    found = f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong" if wrong else "all are as published"
    return f"{files} listed: {found}. {shows}{made}{signed}."
