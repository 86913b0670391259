"""What leads from old addresses to those of this site: `_redirects`, and lines for the configuration of a web server.

Where a host knows neither, the pages and the copies of feeds at the old addresses do it (`pages`, `feeds`).
"""

import re
from collections.abc import Callable, Iterator
from urllib.parse import quote, unquote, urlsplit

from statusgen import addresses
from statusgen.board.model.whole_board import Board
from statusgen.files import File
from statusgen.model.old_addresses import OldAddress
from statusgen.theme.renderer import Renderer

# Browsers send these as they are (WHATWG URL, "path percent-encode set").
_NOT_QUOTED = "/!$&'()+,;=@~"


def files(board: Board, renderer: Renderer) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """Yield `_redirects`, if anything leads here."""
    if found := old_addresses(board):
        yield File(addresses.redirects(), _redirects_file(found, board).encode())


def old_addresses(board: Board) -> tuple[OldAddress, ...]:
    """Return every old address that leads to what is published: those of the site first, then those of its posts."""
    return (*board.site.was, *(old for each in board.incidents for old in each.incident.was))


def moved_files(board: Board) -> dict[str, str]:
    """Return which file each page at an old address leads to, by its own path."""
    return {
        addresses.file_path(old.address): addresses.file_path(old.to) for old in old_addresses(board) if not old.is_feed
    }


def _redirects_file(found: tuple[OldAddress, ...], board: Board) -> str:
    """Return the redirects in the format of Netlify and Cloudflare Pages.

    Netlify sends the file at an old address unless the status has a `!`. Cloudflare passes over such a line, so each is
    there without it as well: Netlify takes the first line that fits.
    """
    lines = [f"/{_quote(old.address)} {_root(board)}{_quote(old.to)} 301" for old in found]
    return "".join(f"{line}!\n{line}\n" for line in lines)


def _root(board: Board) -> str:
    return urlsplit(board.site.url).path


def _quote(address: str) -> str:
    return quote(address, safe=_NOT_QUOTED)


def server_lines(server: str, board: Board) -> str:
    """Return the redirects as lines for the configuration of one of `SERVERS`; an old folder also without its slash."""
    root = unquote(_root(board))  # as the addresses are
    write = SERVERS[server]
    return "".join(f"{write(root + old.address, root + old.to)}\n" for old in old_addresses(board))


def _quote_sign(address: str) -> str:
    """Return an address in which no dollar sign begins a variable."""
    return _quote(address).replace("$", "%24")


def _nginx(old: str, new: str) -> str:
    paths = dict.fromkeys((old, old.removesuffix("/")))
    return "\n".join(f'location = "{path}" {{ return 301 "{_quote_sign(new)}"; }}' for path in paths)


def _apache(old: str, new: str) -> str:
    # Apache itself quotes what it sends.
    pattern = re.escape(old.removesuffix("/")) + ("/?" if old.endswith("/") else "")
    target = re.sub(r"[$&]", r"\\\g<0>", new)  # these stand for what the pattern matched
    return f'RedirectMatch 301 "^{pattern}$" "{target}"'


def _caddy(old: str, new: str) -> str:
    paths = dict.fromkeys((old, old.removesuffix("/")))
    return "\n".join(f'redir "{_quote_braces(path)}" "{_quote(new)}" 301' for path in paths)


def _quote_braces(path: str) -> str:
    """Return a path in which no brace begins a placeholder."""
    return path.replace("{", "%7B").replace("}", "%7D")


SERVERS: dict[str, Callable[[str, str], str]] = {"nginx": _nginx, "apache": _apache, "caddy": _caddy}
"""What writes a redirect from a path to another for each server, by the server's name."""
