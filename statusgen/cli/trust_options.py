"""The flags of `build` with which a site can be proved genuine, and what they do."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from statusgen import __version__
from statusgen.cli.shared import current_time

if TYPE_CHECKING:
    from statusgen.board.model import Board
    from statusgen.files import File


F = TypeVar("F", bound=Callable[..., Any])
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _parse_compressions(_context: click.Context, _option: click.Parameter, words: str) -> tuple[str, ...]:
    """The kinds of compression that a list with commas names."""
    kinds = tuple(dict.fromkeys(word.strip() for word in words.split(",") if word.strip()))
    if unknown := [kind for kind in kinds if kind not in ("gzip", "brotli")]:
        raise click.BadParameter(f'"{unknown[0]}" is not one of gzip, brotli.')
    return kinds


def add_options(command: F) -> F:
    """Add the flags to a command."""
    for option in (
        click.option("--since", metavar="REVISION", help="With --require-signed: the revision published last."),
        click.option(
            "--require-signed",
            metavar="FILE",
            type=_FILE,
            help="Build from the last commit, if it and all since the last publication are signed by who is in FILE.",
        ),
        click.option(
            "--sign", "keys", metavar="KEY", type=_FILE, multiple=True, help="Sign with an SSH key or a minisign key."
        ),
        click.option(
            "--compress",
            metavar="KINDS",
            default="",
            callback=_parse_compressions,
            help="Add compressed copies for web servers: gzip, brotli or gzip,brotli.",
        ),
    ):
        command = option(command)
    return command


@contextmanager
def verified_source(source: Path, output: Path, signers_file: Path | None, since: str | None) -> Iterator[Path]:
    """The folder to build from, until the end of the block: the source or, where it has to be signed, its commit."""
    if signers_file is None:
        if since is not None:
            raise click.UsageError("--since goes with --require-signed alone.")
        yield source
        return
    from statusgen.trust import approval

    last = since or approval.published_revision(output)
    with approval.checkout_approved(source, signers_file, last, current_time()) as approved:
        yield approved.folder
        click.echo(f"It is made from commit {approved.commit[:10]}, signed by {approved.signer}.")
        if approved.uncommitted_files:
            files = ", ".join(approved.uncommitted_files[:5]) + (" …" if len(approved.uncommitted_files) > 5 else "")
            click.echo(f"Not published, because the commit does not have it so: {files}")


def finalize_files(
    files: "Iterable[File]", board: "Board", content: Path, compressions: Sequence[str], keys: Sequence[Path]
) -> "Iterator[File]":
    """The files, their compressed copies, the manifest of all and its signatures: what a folder has to take at once."""
    from statusgen.git import read_full_revision
    from statusgen.outputs.compression import add_compressed_copies
    from statusgen.outputs.open_data import manifest

    revision = read_full_revision(content, board.site.revision)
    return _append_signatures(
        manifest.add_manifest(add_compressed_copies(files, compressions), board, revision, __version__), keys
    )


def _append_signatures(files: "Iterable[File]", keys: Sequence[Path]) -> "Iterator[File]":
    """The files and, after the last, a signature of it by each key."""
    from statusgen.files import File, one_owner_each
    from statusgen.trust.signatures import sign

    last = None
    for last in files:
        yield last
    assert last
    signatures = ((key, *sign(last.content, key, _ask_password)) for key in keys)
    yield from one_owner_each(File(f"{last.path}{ending}", content) for _, ending, content in signatures)


def _ask_password() -> str:
    password: str = click.prompt("Password of the minisign key", hide_input=True, err=True)
    return password
