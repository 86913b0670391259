"""Pictures beside the posts, and the site's logo: that they exist, and are what their names say."""

import re
from pathlib import Path, PurePosixPath

from statusgen.errors import Place, did_you_mean
from statusgen.model import Image
from statusgen.reading.disk import content
from statusgen.reading.values import Wrong, quoted

MAX_BYTES = 5_000_000
# How each kind of picture begins.
SIGNATURES = {
    ".png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    ".jpg": re.compile(rb"\xff\xd8\xff"),
    ".jpeg": re.compile(rb"\xff\xd8\xff"),
    ".webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
}
_KINDS = "Use a PNG, JPEG or WebP file."
_ABOUT = "Put it into a folder beside services.yaml, like static/logo.svg."
_BESIDE = "Put it beside the posts, in incidents/files/."


def picture(folder: Path, path: PurePosixPath, below: str, place: Place) -> Image:
    """The picture at `path`, which must lie below the folder `below` of the site; raises Wrong."""
    shown = quoted(str(path))
    kind = path.suffix.lower()
    if kind not in SIGNATURES and not (kind == ".svg" and not below):
        raise Wrong(f"{shown} is not a picture that can be shown.", _KINDS if below else f"{_KINDS[:-1]}, or SVG.")
    if path.is_absolute() or ".." in path.parts:
        raise Wrong(f"{shown} lies outside of {below or 'this site'}.", _BESIDE if below else _ABOUT)
    if re.search(r"[\\:*?\"<>|&]", str(path)) or not str(path).isprintable():
        raise Wrong(f"{shown} has a character in its name that some systems cannot read.", "Give it another name.")
    file = folder / below / path
    try:
        bytes = content(folder, file, MAX_BYTES)
    except FileNotFoundError:
        known = (found for found in _names(file.parent) if found.lower().endswith(tuple(SIGNATURES)))
        beside = [(path.parent / name).as_posix() for name in known]
        near = did_you_mean(str(path)[:100], beside)
        hint = near if near.startswith("Did") else _BESIDE if below else _ABOUT
        raise Wrong(f"There is no picture {shown}.", hint) from None
    except Wrong as wrong:
        raise Wrong(f"The picture {shown} cannot be used: {wrong.what}", wrong.hint) from None
    if kind in SIGNATURES and not SIGNATURES[kind].match(bytes):
        raise Wrong(f"{shown} is not the kind of picture that its name says.", "Save it again as PNG, JPEG or WebP.")
    return Image((PurePosixPath(below) / path).as_posix(), bytes, place)


def _names(folder: Path) -> list[str]:
    try:
        return sorted(file.name for file in folder.iterdir() if file.name.isprintable())
    except OSError:
        return []
