"""`statusgen verify`: whether a copy of the site is what was published."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from statusgen.cli.shared import current_time, handle_errors
from statusgen.problems import TrustError

if TYPE_CHECKING:
    from statusgen.trust.copies import Copy
    from statusgen.trust.manifest import Manifest


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_MAX_SHOWN = 200
_OWN_MANIFEST_REMARK = (
    "The list came from the copy itself, so whoever changed its files could have changed the list as well. "
    "Compare with a build of your own (--against), or ask for a signature (--signers, --minisign-key)."
)
_ADDED_FILES_REMARK = (
    "A file that was added, and that no page leads to, cannot be seen from outside: verify the folder for that."
)


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
@handle_errors
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
    from statusgen.trust import comparison
    from statusgen.trust.copies import Copy, FolderCopy, WebCopy
    from statusgen.trust.manifest import UNLISTED_PATHS, read_manifest

    if identity and not signers:
        raise click.UsageError("--identity goes with --signers alone.")
    if against and manifest:
        raise click.UsageError("Give --against or --manifest, not both.")
    is_live = where.startswith(("http://", "https://"))
    copy: Copy = WebCopy(where) if is_live else FolderCopy(_require_folder(where))
    name = addresses.manifest()
    origin = FolderCopy(against) if against else copy
    if manifest:
        origin, name = FolderCopy(manifest.resolve().parent), manifest.resolve().name
    content = _read_required(origin, name)
    expected = read_manifest(content, f"{origin.name}: {name}")
    now = _parse_moment(at, expected.zone)
    signer = _verify_signer(origin, name, content, TrustedKeys(signers, identity, minisign_key), now)
    found = [*comparison.compare_copy(copy, expected, ignore)]
    if origin is not copy:
        others = {path: comparison.read_or_none(origin, path) for path in UNLISTED_PATHS} if against else {}
        found += comparison.compare_manifests(copy, {**others, addresses.manifest(): content}, expected)
    found += comparison.check_age(expected, now, timedelta(minutes=grace), _to_timedelta(max_age))
    for finding in found[:_MAX_SHOWN]:
        click.echo(str(finding))
    if len(found) > _MAX_SHOWN:
        click.echo(f"And {len(found) - _MAX_SHOWN} more.")
    click.echo(_format_summary(expected, signer, len(found)))
    if origin is copy and not signer:
        click.echo(_OWN_MANIFEST_REMARK)
    if is_live:
        click.echo(_ADDED_FILES_REMARK)
    if found:
        raise SystemExit(1)


@dataclass(frozen=True)
class TrustedKeys:
    """By whom a manifest has to be signed; nobody, where there is neither a file of signers nor a minisign key."""

    signers: Path | None
    identity: str | None
    minisign: str | None


def _require_folder(where: str) -> Path:
    if not Path(where).is_dir():
        raise click.BadParameter(
            f"There is no folder {where}, and an address begins with https://.", param_hint="WHERE"
        )
    return Path(where)


def _parse_moment(at: str | None, zone: ZoneInfo) -> datetime:
    from statusgen.content.format.values import parse_time
    from statusgen.problems import InvalidValue

    try:
        return parse_time(at, zone).last_minute if at else current_time()
    except InvalidValue as wrong:
        raise click.BadParameter(f"{wrong.what} {wrong.hint}", param_hint="--at") from None


def _to_timedelta(number: int | None) -> timedelta | None:
    return None if number is None else timedelta(minutes=number)


def _read_required(copy: "Copy", path: str) -> bytes:
    """A file without which nothing can be verified."""
    from statusgen.trust.copies import MissingFileError, UnreadableFileError
    from statusgen.trust.manifest import MAX_BYTES

    try:
        content: bytes = copy.read(path, MAX_BYTES)
    except MissingFileError:
        raise TrustError(f"{copy.name} has no {path}, so nobody can tell whether it is genuine.") from None
    except UnreadableFileError as error:
        raise TrustError(f"{copy.name}: {path} {error}.") from None
    return content


def _verify_signer(copy: "Copy", name: str, content: bytes, keys: TrustedKeys, now: datetime) -> str:
    """Who signed the manifest; empty where nobody asked. Raises TrustError where it is not signed as it has to be."""
    from statusgen.trust import signatures

    who = ""
    try:
        if keys.signers:
            signature = _read_required(copy, name + signatures.SSH_SUFFIX)
            who = signatures.AllowedSigners(keys.signers, identity=keys.identity).find_signer(content, signature, now)
        if keys.minisign:
            signatures.verify_minisign(content, _read_required(copy, name + signatures.MINISIGN_SUFFIX), keys.minisign)
            who = who or "that minisign key"
    except signatures.SignatureError as error:
        raise TrustError(f"{copy.name}: {name} {error}.") from None
    return who


def _format_summary(expected: "Manifest", signer: str, finding_count: int) -> str:
    """The last line but the remarks: what was found, and of what."""
    shows = f"It shows {expected.format_time(expected.moment)}"
    made = f", made from revision {expected.revision}" if expected.revision else ""
    signed = f". Signed by {signer}" if signer else ""
    files = f"{len(expected.files)} files"
    found = (
        f"{finding_count} {'thing is' if finding_count == 1 else 'things are'} wrong"
        if finding_count
        else "all are as published"
    )
    return f"{files} listed: {found}. {shows}{made}{signed}."
