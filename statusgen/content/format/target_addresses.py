"""Reads the address of a place to publish at: `ssh://web@host/var/www/status`, `s3://bucket/prefix` and the like."""

import re
from typing import get_args
from urllib.parse import SplitResult, unquote, urlsplit

from statusgen.content.format.values import CREDENTIALS_MISTAKE
from statusgen.model.targets import Scheme, TargetAddress
from statusgen.problems import InvalidValue
from statusgen.text import quote_text

_SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
_EXAMPLES: dict[str, str] = {
    "file": "file:///var/www/status",
    "ssh": "ssh://web@host.example.org/var/www/status",
    "s3": "s3://bucket/folder",
    "az": "az://$web",
    "gs": "gs://bucket/folder",
    "git+ssh": "git+ssh://git@git.example.org/city/status.git#pages",
    "git+https": "git+https://git.example.org/city/status.git#pages",
    "git+file": "git+file:///srv/status.git#pages",
}
DEFAULT_BRANCH = "gh-pages"
# Names that begin with a hyphen would be taken for flags by ssh, rsync and git.
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\]")
# The one container that Azure serves as a website.
_AZURE_WEBSITE = "$web"
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,63}")
# None of these characters means anything to a shell, also where an old rsync lets the host's shell read the path.
_PATH = re.compile(r"(?:/[^\x00-\x20\x7f\"'`$\\*?;&|<>()\[\]{}!^]*)?")
# The parts of a branch's name that git takes (git-check-ref-format), and no more than people use.
_BRANCH = re.compile(r"(?!.*(?:\.\.|//|/\.|\.lock(?:/|$)))[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}(?<![./])")


def parse_target_address(text: str) -> TargetAddress:
    """Return the parts of an address to publish at; raise InvalidValue."""
    text = text.strip()
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise _invalid(text, "") from None
    scheme = next((scheme for scheme in _SCHEMES if scheme == parts.scheme), None)
    if scheme is None:
        raise InvalidValue(
            f"Nothing can be published to {quote_text(text)}.", f"Begin with one of: {', '.join(_SCHEMES)}."
        )
    if parts.password is not None or (parts.username and scheme in ("s3", "az", "gs")):
        hint = "Leave it out: it comes from the environment, a profile or an agent (docs/hosts/publishing.md)."
        raise InvalidValue(f"This address {CREDENTIALS_MISTAKE}", hint)
    address = _split_address(parts, scheme, text, port)
    if not address:
        raise _invalid(text, scheme)
    return address


def _split_address(parts: SplitResult, scheme: Scheme, text: str, port: int | None) -> TargetAddress | None:
    """Return the parts of an address if each is what its scheme needs."""
    on_this_computer = scheme in ("file", "git+file")
    host = parts.netloc.rpartition("@")[2] if port is None else parts.netloc.rpartition("@")[2].rpartition(":")[0]
    path, branch = unquote(parts.path), unquote(parts.fragment)
    user = parts.username or ""
    is_repository = scheme.startswith("git+")
    in_bucket = scheme in ("s3", "az", "gs")
    sound = (
        not parts.query
        and (not host if on_this_computer else _is_host(host, scheme))
        and (not user or _USER.fullmatch(user))
        and _PATH.fullmatch(path)
        and not {".", ".."}.intersection(path.split("/"))
        and (in_bucket or path.strip("/"))
        and (port is None or not (in_bucket or on_this_computer))
        and (not branch or (is_repository and _BRANCH.fullmatch(branch)))
    )
    if not sound:
        return None
    path = path.strip("/") if in_bucket else path.rstrip("/")
    return TargetAddress(scheme, host, path, text, user, port, (branch or DEFAULT_BRANCH) if is_repository else "")


def _is_host(host: str, scheme: Scheme) -> bool:
    return bool(_HOST.fullmatch(host)) or (scheme == "az" and host == _AZURE_WEBSITE)


def _invalid(text: str, scheme: str) -> InvalidValue:
    example = _EXAMPLES.get(scheme, _EXAMPLES["ssh"])
    return InvalidValue(f"{quote_text(text)} is not an address to publish to.", f"Write it like {example}.")
