"""The flags of `build` with which a site can be proved genuine, and what they do."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from statusgen import __version__
from statusgen.cli.shared import clock

F = TypeVar("F", bound=Callable[..., Any])
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _kinds(_context: click.Context, _option: click.Parameter, words: str) -> tuple[str, ...]:
    """The kinds of compression that a list with commas names."""
    kinds = tuple(dict.fromkeys(word.strip() for word in words.split(",") if word.strip()))
    if unknown := [kind for kind in kinds if kind not in ("gzip", "brotli")]:
        raise click.BadParameter(f'"{unknown[0]}" is not one of gzip, brotli.')
    return kinds


def flags(command: F) -> F:
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
            callback=_kinds,
            help="Add compressed copies for web servers: gzip, brotli or gzip,brotli.",
        ),
    ):
        command = option(command)
    return command


@contextmanager
def content(source: Path, output: Path, allowed: Path | None, since: str | None) -> Iterator[Path]:
    """The folder to build from, until the end of the block: the source or, where it has to be signed, its commit."""
    if allowed is None:
        if since is not None:
            raise click.UsageError("--since goes with --require-signed alone.")
        yield source
        return
    from statusgen.approving import gate

    last = since or gate.published_revision(output)
    with gate.approved(source, allowed, last, clock()) as approved:
        yield approved.folder
        click.echo(f"It is made from commit {approved.commit[:10]}, signed by {approved.signer}.")
        if approved.left_out:
            told = ", ".join(approved.left_out[:5]) + (" …" if len(approved.left_out) > 5 else "")
            click.echo(f"Not published, because the commit does not have it so: {told}")


def finished(files: Iterable[Any], board: Any, content: Path, kinds: Sequence[str], keys: Sequence[Path]) -> Any:
    """The files, their compressed copies, the manifest of all and its signatures: what a folder has to take at once."""
    from statusgen.outputs.compression import compressed
    from statusgen.outputs.open_data import manifest
    from statusgen.reading.revision import whole_revision

    revision = whole_revision(content, board.site.revision)
    return _signed(manifest.listed(compressed(files, kinds), board, revision, __version__), keys)


def _signed(files: Iterable[Any], keys: Sequence[Path]) -> Iterator[Any]:
    """The files and, after the last, a signature of it by each key."""
    from statusgen.files import File, one_owner_each
    from statusgen.signatures import sign

    last = None
    for last in files:
        yield last
    assert last
    made = ((key, *sign(last.content, key, _password)) for key in keys)
    yield from one_owner_each(File(f"{last.path}{ending}", content) for _, ending, content in made)


def _password() -> str:
    asked: str = click.prompt("Password of the minisign key", hide_input=True, err=True)
    return asked
