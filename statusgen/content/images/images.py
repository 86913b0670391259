"""Reads the pictures of posts and the site's logo, and checks that they are what their names say and safe to show."""

import re
from pathlib import Path, PurePosixPath

from statusgen.content.disk import read_file
from statusgen.content.images.svg import NOT_SVG, find_active_content
from statusgen.model import Image
from statusgen.problems import InvalidValue, Place
from statusgen.text import did_you_mean, quote_text

MAX_IMAGE_BYTES = 5_000_000
MAX_SVG_BYTES = 500_000
# More than the camera of any phone makes; a browser takes four bytes of memory for each.
MAX_PIXELS = 100_000_000
# How each type of picture begins.
SIGNATURES = {
    ".png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    ".jpg": re.compile(rb"\xff\xd8\xff"),
    ".jpeg": re.compile(rb"\xff\xd8\xff"),
    ".webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
}
_FORMATS_HINT = "Use a PNG, JPEG, or WebP file."
_LOGO_FORMATS_HINT = "Use a PNG, JPEG, WebP, or SVG file."
_LOGO_HINT = "Put it in a folder next to services.yaml, like static/logo.svg."
_POST_IMAGE_HINT = "Put it in incidents/files/."


def read_image(folder: Path, path: PurePosixPath, root: str, place: Place) -> Image:
    """Read the picture at `path` below the folder `root` of the site; an empty root is the logo's, which may be an SVG.

    Raises InvalidValue if there is no such picture, or if it cannot be shown.
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
        content = read_file(folder, file, MAX_IMAGE_BYTES)
    except FileNotFoundError:
        pictures = (name for name in _list_names(file.parent) if name.lower().endswith(tuple(SIGNATURES)))
        near = did_you_mean(str(path)[:100], [(path.parent / name).as_posix() for name in pictures])
        hint = near if near.startswith("Did") else folder_hint
        raise InvalidValue(f"There is no picture {shown}.", hint) from None
    except InvalidValue as error:
        raise InvalidValue(f"The picture {shown} cannot be used. {error.what}", error.hint) from None
    _check_image(shown, suffix, content)
    return Image((PurePosixPath(root) / path).as_posix(), content, place)


def _check_image(shown: str, suffix: str, content: bytes) -> None:
    """Raise InvalidValue unless a file is the type of picture that its name says, and safe to show."""
    if content.startswith(b"version https://git-lfs.github.com/"):
        what = f"{shown} is only a pointer to a picture in Git LFS."
        raise InvalidValue(what, "Download the picture with: git lfs pull")
    if suffix == ".svg":
        _check_svg(shown, content)
    elif not SIGNATURES[suffix].match(content):
        what = f"{shown} is not the type of picture that its name says."
        raise InvalidValue(what, "Save it again as PNG, JPEG, or WebP.")
    elif (size := _read_size(content)) and not 1 <= size[0] * size[1] <= MAX_PIXELS:
        what = f"{shown} is {size[0]:,} by {size[1]:,} pixels, which browsers cannot show."
        raise InvalidValue(what, "Save it again, no more than 2,000 pixels wide.")


def _check_svg(shown: str, content: bytes) -> None:
    if len(content) > MAX_SVG_BYTES:
        what = f"{shown} is larger than {MAX_SVG_BYTES // 1_000} kB."
        raise InvalidValue(what, "Save it as PNG, or simplify the drawing.")
    if active := find_active_content(content):
        if active == NOT_SVG:
            what = f"{shown} is not the type of picture that its name says."
            raise InvalidValue(what, "Save it again as SVG or PNG.")
        what = f"{shown} contains {active}, which is not allowed in a picture."
        raise InvalidValue(what, "Remove that, or save it as PNG.")


def _read_size(content: bytes) -> tuple[int, int] | None:
    """Return the width and height that a picture claims, or None if its first bytes do not say."""
    if content.startswith(b"\x89PNG") and len(content) >= 24:
        return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])  # PNG, section 11.2.1
    if content.startswith(b"RIFF") and content[12:16] == b"VP8X" and len(content) >= 30:
        return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
    if content.startswith(b"\xff\xd8"):
        return _read_jpeg_size(content)
    return None


def _read_jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Return the size in the first frame header (ITU-T T.81, section B.2.2), skipping the segments before it."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(content[at + 7 : at + 9]), int.from_bytes(content[at + 5 : at + 7])
        at += 2 + max(length, 2)
    return None


def _list_names(folder: Path) -> list[str]:
    try:
        return sorted(file.name for file in folder.iterdir() if file.name.isprintable())
    except OSError:
        return []
