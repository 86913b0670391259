"""Pictures beside the posts, and the site's logo: that they exist, are what their names say, and can be shown."""

import re
from pathlib import Path, PurePosixPath

from statusgen.content.disk import read_file
from statusgen.content.images.svg import find_active_content
from statusgen.model import Image
from statusgen.problems import InvalidValue, Place
from statusgen.text import did_you_mean, quote_text

MAX_IMAGE_BYTES = 5_000_000
MAX_SVG_BYTES = 500_000
# More than any phone's camera makes; a browser takes four bytes of memory for each.
MAX_PIXELS = 100_000_000
# How each kind of picture begins.
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
    """The picture at `path`, which must lie below the folder `below` of the site; raises Wrong."""
    shown = quote_text(str(path))
    kind = path.suffix.lower()
    if kind not in SIGNATURES and not (kind == ".svg" and not root):
        what = f"{shown} is not a type of picture that can be shown."
        raise InvalidValue(what, _FORMATS_HINT if root else _LOGO_FORMATS_HINT)
    if path.is_absolute() or ".." in path.parts:
        raise InvalidValue(
            f"{shown} is outside {f'{root}/' if root else 'this site'}.", _POST_IMAGE_HINT if root else _LOGO_HINT
        )
    if re.search(r"[\\:*?\"<>|&#]", str(path)) or not str(path).isprintable():
        what = f"{shown} has a character in its name that web addresses or some computers do not allow."
        raise InvalidValue(what, "Rename it.")
    file = folder / root / path
    try:
        bytes = read_file(folder, file, MAX_IMAGE_BYTES)
    except FileNotFoundError:
        known = (found for found in _list_names(file.parent) if found.lower().endswith(tuple(SIGNATURES)))
        beside = [(path.parent / name).as_posix() for name in known]
        near = did_you_mean(str(path)[:100], beside)
        hint = near if near.startswith("Did") else _POST_IMAGE_HINT if root else _LOGO_HINT
        raise InvalidValue(f"There is no picture {shown}.", hint) from None
    except InvalidValue as wrong:
        raise InvalidValue(f"The picture {shown} cannot be used. {wrong.what}", wrong.hint) from None
    _check_image(shown, kind, bytes)
    return Image((PurePosixPath(root) / path).as_posix(), bytes, place)


def _check_image(quoted_path: str, kind: str, bytes: bytes) -> None:
    """Raise Wrong unless a file is the picture that its name says, and no harm."""
    if bytes.startswith(b"version https://git-lfs.github.com/"):
        raise InvalidValue(
            f"{quoted_path} is only a pointer to a picture in Git LFS.", "Download the picture with: git lfs pull"
        )
    if kind == ".svg" and len(bytes) > MAX_SVG_BYTES:
        raise InvalidValue(
            f"{quoted_path} is larger than {MAX_SVG_BYTES // 1_000} kB.", "Save it as PNG, or simplify the drawing."
        )
    if kind == ".svg" and (found := find_active_content(bytes)):
        if found == "no drawing":
            raise InvalidValue(
                f"{quoted_path} is not the type of picture that its name says.", "Save it again as SVG or PNG."
            )
        raise InvalidValue(
            f"{quoted_path} contains {found}, which is not allowed in a picture.", "Remove that, or save it as PNG."
        )
    if kind in SIGNATURES and not SIGNATURES[kind].match(bytes):
        raise InvalidValue(
            f"{quoted_path} is not the type of picture that its name says.", "Save it again as PNG, JPEG, or WebP."
        )
    if (size := _read_size(bytes)) and not 1 <= size[0] * size[1] <= MAX_PIXELS:
        what = f"{quoted_path} is {size[0]:,} by {size[1]:,} pixels, which browsers cannot show."
        raise InvalidValue(what, "Save it again, no more than 2,000 pixels wide.")


def _read_size(bytes: bytes) -> tuple[int, int] | None:
    """The width and height that a picture says it has; None where its first bytes do not tell."""
    if bytes.startswith(b"\x89PNG") and len(bytes) >= 24:
        return int.from_bytes(bytes[16:20]), int.from_bytes(bytes[20:24])  # PNG, section 11.2.1
    if bytes.startswith(b"RIFF") and bytes[12:16] == b"VP8X" and len(bytes) >= 30:
        return int.from_bytes(bytes[24:27], "little") + 1, int.from_bytes(bytes[27:30], "little") + 1
    if bytes.startswith(b"\xff\xd8"):
        return _read_jpeg_size(bytes)
    return None


def _read_jpeg_size(bytes: bytes) -> tuple[int, int] | None:
    """As the first frame header says it (ITU-T T.81, section B.2.2)."""
    at = 2
    while at + 9 <= len(bytes) and bytes[at] == 0xFF:
        marker, length = bytes[at + 1], int.from_bytes(bytes[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(bytes[at + 7 : at + 9]), int.from_bytes(bytes[at + 5 : at + 7])
        at += 2 + max(length, 2)
    return None


def _list_names(folder: Path) -> list[str]:
    try:
        return sorted(file.name for file in folder.iterdir() if file.name.isprintable())
    except OSError:
        return []
