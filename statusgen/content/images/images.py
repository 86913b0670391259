"""Reads the pictures of posts and the site's logo: what their names say, safe to show, and without details.

A photo says where, when and by whom it was taken. Only what is needed to show it is published, its pixels untouched.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from statusgen.content.disk import read_file
from statusgen.content.images.jpeg import clean_jpeg
from statusgen.content.images.picture import DAMAGED, MAX_PIXELS, CleanDrawing, CleanPicture, UnreadablePicture
from statusgen.content.images.png import clean_png
from statusgen.content.images.webp import clean_webp
from statusgen.model.whole_site import Image
from statusgen.problems import InvalidValue, Place
from statusgen.text import did_you_mean, quote_text

MAX_IMAGE_BYTES = 5_000_000
# Color profiles of PNG are stored uncompressed.
MAX_CLEAN_BYTES = 2 * MAX_IMAGE_BYTES
MAX_SVG_BYTES = 500_000
# What a phone draws in a few seconds: twenty scans of the largest photo, or eight minutes of a small animation.
MAX_DRAWN_PIXELS = 20 * MAX_PIXELS
# How each type of picture begins.
SIGNATURES = {
    ".png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    ".jpg": re.compile(rb"\xff\xd8\xff"),
    ".jpeg": re.compile(rb"\xff\xd8\xff"),
    ".webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
}
_CLEANERS = {".png": clean_png, ".jpg": clean_jpeg, ".jpeg": clean_jpeg, ".webp": clean_webp}
_FORMATS_HINT = "Use a PNG, JPEG, or WebP file."
_LOGO_FORMATS_HINT = "Use a PNG, JPEG, WebP, or SVG file."
_LOGO_HINT = "Put it in a folder next to services.yaml, like static/logo.svg."
_POST_IMAGE_HINT = "Put it in incidents/files/."


def read_image(
    folder: Path,
    path: PurePosixPath,
    root: str,
    place: Place,
    unsaved: Mapping[str, bytes] = MappingProxyType({}),
) -> Image:
    """Read the picture at `path` below the folder `root` of the site; an empty root is the logo's, which may be an SVG.

    What `unsaved` has, by its path within the site, is read instead of a file on the disk. Raises InvalidValue if there
    is no such picture, or if it cannot be shown.
    """
    shown, suffix, is_logo = quote_text(str(path)), path.suffix.lower(), not root
    folder_hint = _LOGO_HINT if is_logo else _POST_IMAGE_HINT
    if suffix not in SIGNATURES and not (suffix == ".svg" and is_logo):
        what = f"{shown} is not a type of picture that can be shown."
        raise InvalidValue(what, _LOGO_FORMATS_HINT if is_logo else _FORMATS_HINT)
    if path.is_absolute() or ".." in path.parts:
        raise InvalidValue(f"{shown} is outside {'this site' if is_logo else f'{root}/'}.", folder_hint)
    if re.search(r"[\\:*?\"<>|&#]", str(path)) or not str(path).isprintable():
        what = f"{shown} has a character in its name that web addresses or some computers do not allow."
        raise InvalidValue(what, "Rename it.")
    file = folder / root / path
    try:
        name = (PurePosixPath(root) / path).as_posix()
        content = unsaved[name] if name in unsaved else read_file(folder, file, MAX_IMAGE_BYTES)
    except FileNotFoundError:
        pictures = (name for name in _list_names(file.parent) if name.lower().endswith(tuple(SIGNATURES)))
        near = did_you_mean(str(path)[:100], [(path.parent / name).as_posix() for name in pictures])
        hint = near if near.startswith("Did") else folder_hint
        raise InvalidValue(f"There is no picture {shown}.", hint) from None
    except InvalidValue as error:
        raise InvalidValue(f"The picture {shown} cannot be used. {error.what}", error.hint) from None
    clean = _clean_image(shown, suffix, content)
    return Image((PurePosixPath(root) / path).as_posix(), clean.content, place, clean.had_details)


def clean_upload(content: bytes) -> tuple[str, bytes]:
    """Return the ending of the name of a picture, by its bytes, and the picture with what is needed to show it.

    Raises InvalidValue unless it is a picture that a post can show.
    """
    suffix = next((suffix for suffix, signature in SIGNATURES.items() if signature.match(content)), None)
    if suffix is None:
        raise InvalidValue("This file is no picture that can be shown.", _FORMATS_HINT)
    clean = _clean_picture("The picture", suffix, content).content
    if len(clean) > MAX_IMAGE_BYTES:
        what = f"The picture is larger than {MAX_IMAGE_BYTES // 1_000_000} MB."
        raise InvalidValue(what, "Make it smaller: no more than 2,000 pixels wide.")
    return suffix, clean


def _clean_image(shown: str, suffix: str, content: bytes) -> CleanDrawing:
    """Return what is published of a file.

    Raises InvalidValue unless it is the type of picture that its name says, and safe to show.
    """
    if content.startswith(b"version https://git-lfs.github.com/"):
        what = f"{shown} is only a pointer to a picture in Git LFS."
        raise InvalidValue(what, "Download the picture with: git lfs pull")
    if suffix == ".svg":
        return _clean_svg(shown, content)
    if not SIGNATURES[suffix].match(content):
        what = f"{shown} is not the type of picture that its name says."
        raise InvalidValue(what, "Save it again as PNG, JPEG, or WebP.")
    clean = _clean_picture(shown, suffix, content)
    return CleanDrawing(clean.content, clean.content != content)


def _clean_picture(shown: str, suffix: str, content: bytes) -> CleanPicture:
    try:
        clean = _clean_once(suffix, _KeyedContent(content, hashlib.sha256(content).digest()))
        if not clean.width * clean.height:
            raise UnreadablePicture(DAMAGED)
    except UnreadablePicture as error:
        raise InvalidValue(f"{shown} {error}", error.hint) from None
    if clean.width * clean.height > MAX_PIXELS:
        what = f"{shown} is {clean.width:,} by {clean.height:,} pixels, which many phones cannot show."
        raise InvalidValue(what, "Make it smaller: no more than 2,000 pixels wide.")
    if clean.width * clean.height * clean.steps > MAX_DRAWN_PIXELS:
        size = f"{clean.width:,} by {clean.height:,} pixels"
        what = f"{shown} is drawn in {clean.steps:,} steps of {size}, which many phones cannot show."
        raise InvalidValue(what, "Make it smaller, or save it as a picture that does not move.")
    return clean


@dataclass(frozen=True)
class _KeyedContent:
    """The bytes of a picture, known by their digest: only that is compared."""

    content: bytes = field(compare=False, repr=False)
    digest: bytes


@lru_cache(maxsize=8)
def _clean_once(suffix: str, picture: _KeyedContent) -> CleanPicture:
    """Return a clean picture; many posts in a row may show the same."""
    clean = _CLEANERS[suffix](picture.content)
    if len(clean.content) > MAX_CLEAN_BYTES:
        raise UnreadablePicture("becomes too large when its details are removed.")
    return clean


def _clean_svg(shown: str, content: bytes) -> CleanDrawing:
    # Only a logo can be one, and Python's tools for XML bring those for the network along.
    from statusgen.content.images.svg import NOT_SVG, ActiveContent, clean_svg

    if len(content) > MAX_SVG_BYTES:
        what = f"{shown} is larger than {MAX_SVG_BYTES // 1_000} kB."
        raise InvalidValue(what, "Save it as PNG, or simplify the drawing.")
    try:
        return clean_svg(content)
    except UnreadablePicture as error:
        raise InvalidValue(f"{shown} {error}", "Save it as PNG, or simplify the drawing.") from None
    except ActiveContent as active:
        if str(active) == NOT_SVG:
            what = f"{shown} is not the type of picture that its name says."
            raise InvalidValue(what, "Save it again as SVG or PNG.") from None
        what = f"{shown} contains {active}, which is not allowed in a picture."
        raise InvalidValue(what, "Remove that, or save it as PNG.") from None


def _list_names(folder: Path) -> list[str]:
    try:
        return sorted(file.name for file in folder.iterdir() if file.name.isprintable())
    except OSError:
        return []
