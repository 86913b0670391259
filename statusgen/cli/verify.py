"""`statusgen verify`: whether a copy of the site is what was published."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import click

from statusgen import addresses
from statusgen.cli.flags import command, flag
from statusgen.cli.moments import current_time, keep_time_of, parse_moment
from statusgen.problems import TrustError
from statusgen.trust import comparison, signatures
from statusgen.trust.copies import Copy, FolderCopy, MissingFileError, UnreadableFileError, WebCopy
from statusgen.trust.manifest import MAX_BYTES, UNLISTED_PATHS, Manifest, read_manifest

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_MAX_SHOWN = 200
_OWN_MANIFEST_REMARK = (
    "The list came from the copy itself, so anyone who changed its files could have changed the list as well. "
    "Compare with your own build (--against), or ask for a signature (--signers, --minisign-key)."
)
_ADDED_FILES_REMARK = (
    "A file that was added, and that no page links to, cannot be seen from outside: verify the folder to find it."
)


@dataclass(frozen=True)
class VerifyFlags:
    """What the argument and the flags of `verify` say.

    Without `signers` and without a `minisign_key`, no signature is asked for.
    """

    where: str = flag("", click.argument("where", metavar="FOLDER|URL"))
    against: Path | None = flag(
        None,
        "--against",
        metavar="FOLDER",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="A build that you trust. Default: the list of files that the copy itself has.",
    )
    manifest: Path | None = flag(
        None, "--manifest", metavar="FILE", type=_FILE, help="The manifest.json of a build that you trust."
    )
    signers: Path | None = flag(
        None, "--signers", metavar="FILE", type=_FILE, help="Whose SSH signatures count (ALLOWED SIGNERS, ssh-keygen)."
    )
    identity: str | None = flag(None, "--identity", metavar="WHO", help="With --signers: who must have signed.")
    minisign_key: str | None = flag(
        None, "--minisign-key", metavar="KEY", help="The minisign key that must have signed, or a file with it."
    )
    at: str | None = flag(
        None, "--at", metavar="TIME", help='The time to judge its age by, like "2024-05-15 16:00". Default: now.'
    )
    grace: int = flag(15, "--grace", metavar="MINUTES", show_default=True, help="How late a newer build can be.")
    max_age: int | None = flag(
        None, "--max-age", metavar="MINUTES", type=int, help="How old the site can be. Default: until its next change."
    )
    ignore: tuple[str, ...] = flag((), "--ignore", metavar="PATH", help="A file that the copy may add or change.")


@command(VerifyFlags)
def verify(flags: VerifyFlags) -> None:
    """Compare a copy of the site with its manifest, and name what differs, is missing or was added."""
    if flags.identity and not flags.signers:
        raise click.UsageError("--identity can only be used with --signers.")
    if flags.against and flags.manifest:
        raise click.UsageError("Use either --against or --manifest, not both.")
    is_live = flags.where.startswith(("http://", "https://"))
    copy = WebCopy(flags.where) if is_live else FolderCopy(_require_folder(flags.where))
    origin, name = _locate_manifest(copy, flags)
    content = _read_required(origin, name)
    manifest = read_manifest(content, f"{origin.name}: {name}")
    keep_time_of(flags.against or Path() if is_live else Path(flags.where))
    now = parse_moment(flags.at, manifest.zone) if flags.at else current_time()
    signer = _verify_signer(origin, name, content, flags, now)
    findings = [*comparison.compare_copy(copy, manifest, flags.ignore)]
    if origin is not copy:
        others = {path: comparison.read_or_none(origin, path) for path in UNLISTED_PATHS} if flags.against else {}
        findings += comparison.compare_manifests(copy, {**others, addresses.manifest(): content}, manifest)
    max_age = None if flags.max_age is None else timedelta(minutes=flags.max_age)
    findings += comparison.check_age(manifest, now, timedelta(minutes=flags.grace), max_age)
    _print_findings(findings)
    click.echo(_format_summary(manifest, signer, len(findings)))
    if origin is copy and not signer:
        click.echo(_OWN_MANIFEST_REMARK)
    if is_live:
        click.echo(_ADDED_FILES_REMARK)
    if findings:
        raise SystemExit(1)


def _require_folder(where: str) -> Path:
    if not Path(where).is_dir():
        what = f"There is no folder {where}. The address of a live site begins with https://."
        raise click.BadParameter(what, param_hint="WHERE")
    return Path(where)


def _locate_manifest(copy: Copy, flags: VerifyFlags) -> tuple[Copy, str]:
    """Return where the manifest to trust is, and its name there."""
    if flags.manifest:
        return FolderCopy(flags.manifest.resolve().parent), flags.manifest.resolve().name
    return FolderCopy(flags.against) if flags.against else copy, addresses.manifest()


def _read_required(copy: Copy, path: str) -> bytes:
    """Return a file without which nothing can be verified."""
    try:
        content: bytes = copy.read(path, MAX_BYTES)
    except MissingFileError:
        raise TrustError(f"{copy.name} has no {path}, so it is not known whether it is genuine.") from None
    except UnreadableFileError as error:
        raise TrustError(f"{copy.name}: {path} {error}.") from None
    return content


def _verify_signer(copy: Copy, name: str, content: bytes, flags: VerifyFlags, now: datetime) -> str:
    """Return who signed the manifest, "" if no signature is asked for; raises TrustError for a missing or wrong one."""
    who = ""
    try:
        if flags.signers:
            signature = _read_required(copy, name + signatures.SSH_SUFFIX)
            allowed = signatures.AllowedSigners(flags.signers, identity=flags.identity)
            who = allowed.find_signer(content, signature, now)
        if flags.minisign_key:
            signature = _read_required(copy, name + signatures.MINISIGN_SUFFIX)
            signatures.verify_minisign(content, signature, flags.minisign_key)
            who = who or "that minisign key"
    except signatures.SignatureError as error:
        raise TrustError(f"{copy.name}: {name} {error}.") from None
    return who


def _print_findings(findings: list[comparison.Finding]) -> None:
    for finding in findings[:_MAX_SHOWN]:
        click.echo(str(finding))
    if len(findings) > _MAX_SHOWN:
        click.echo(f"And {len(findings) - _MAX_SHOWN} more.")


def _format_summary(manifest: Manifest, signer: str, finding_count: int) -> str:
    """Return what was found, and about which build, in one line."""
    shows = f"It shows {manifest.format_time(manifest.moment)}"
    made = f", made from revision {manifest.revision}" if manifest.revision else ""
    signed = f". Signed by {signer}" if signer else ""
    files = f"{len(manifest.files)} files"
    found = (
        f"{finding_count} {'thing is' if finding_count == 1 else 'things are'} wrong"
        if finding_count
        else "all are as published"
    )
    return f"{files} listed: {found}. {shows}{made}{signed}."
