"""How to build a site: the flags of `statusgen build`."""

from dataclasses import dataclass
from pathlib import Path

import click

from statusgen.cli.flags import SOURCE, flag
from statusgen.cli.moments import AT

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _parse_compressions(_context: click.Context, _option: click.Parameter, words: str) -> tuple[str, ...]:
    """Return the kinds of compression in a list with commas."""
    kinds = tuple(dict.fromkeys(word.strip() for word in words.split(",") if word.strip()))
    if unknown := [kind for kind in kinds if kind not in ("gzip", "brotli")]:
        raise click.BadParameter(f'"{unknown[0]}" is not one of gzip, brotli.')
    return kinds


@dataclass(frozen=True)
class BuildOptions:
    """How to build a site. The defaults are those of the command."""

    source: Path = flag(Path(), SOURCE)
    output: Path | None = flag(
        None, "--output", type=click.Path(path_type=Path), help="The folder for the site. Default: site/ in the source."
    )
    at: str | None = flag(None, AT)
    no_cache: bool = flag(
        False, "--no-cache", help="Make everything again. The result is the same, but it takes longer."
    )
    drafts: bool = flag(False, "--drafts", help="Include the posts that are marked as drafts.")
    compressions: tuple[str, ...] = flag(
        (),
        "--compress",
        "compressions",
        metavar="KINDS",
        default="",
        multiple=False,
        callback=_parse_compressions,
        help="Add compressed copies for web servers: gzip, brotli or gzip,brotli.",
    )
    keys: tuple[Path, ...] = flag(
        (), "--sign", "keys", metavar="KEY", type=_FILE, help="Sign with an SSH key or a minisign key."
    )
    require_signed: Path | None = flag(
        None,
        "--require-signed",
        metavar="FILE",
        type=_FILE,
        help="Build from the last commit, if it and all since the last publication are signed by people in FILE.",
    )
    since: str | None = flag(
        None, "--since", metavar="REVISION", help="With --require-signed: the revision published last."
    )
    quarantine: bool = flag(
        False, "--quarantine", help="Leave out posts with mistakes, say so on every page, and exit with 3."
    )
    allow_empty: bool = flag(False, "--allow-empty", help="Publish the site even though all posts are gone.")

    @property
    def target(self) -> Path:
        """The folder for the site."""
        return self.output if self.output is not None else self.source / "site"
