"""Pictures beside the posts, and the site's logo: that they exist, and are what their names say."""

from pathlib import Path, PurePosixPath

from statusgen.errors import Place, did_you_mean
from statusgen.model import Image
from statusgen.reading.values import Wrong

MAX_BYTES = 5_000_000
# How each kind of picture begins.
SIGNATURES = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".webp": (b"RIFF",),
}


def picture(folder: Path, path: PurePosixPath, below: str, place: Place) -> Image:
    """The picture at `path`, which must lie below the folder `below` of the site."""
    shown = f'"{path}"'
    kind = path.suffix.lower()
    if kind not in SIGNATURES and not (kind == ".svg" and not below):
        raise Wrong(f"{shown} is not a picture that can be shown.", "Use a PNG, JPEG or WebP file.")
    file = folder / below / path
    if not file.resolve().is_relative_to((folder / below).resolve()):
        raise Wrong(f"{shown} lies outside of this site.", "Put it beside the posts, in files/.")
    try:
        content = file.read_bytes()
    except OSError:
        beside = sorted(known.relative_to(folder / below).as_posix() for known in file.parent.glob("*.*"))
        raise Wrong(f"There is no picture {shown}.", did_you_mean(str(path), beside)) from None
    if kind in SIGNATURES and not content.startswith(SIGNATURES[kind]):
        raise Wrong(f"{shown} is not the kind of picture that its name says.", "Save it again as PNG, JPEG or WebP.")
    if len(content) > MAX_BYTES:
        raise Wrong(f"{shown} is larger than {MAX_BYTES // 1_000_000} MB.", "Save it smaller.")
    return Image((PurePosixPath(below) / path).as_posix(), content, place)
