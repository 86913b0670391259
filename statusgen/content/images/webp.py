"""WebP (RFC 9649): the chunks that a picture is made of, up to the length that it says."""

from collections.abc import Iterator

from statusgen.content.images.color_profile import clean_profile
from statusgen.content.images.exif import make_exif
from statusgen.content.images.picture import DAMAGED, CleanPicture, UnreadablePicture, limit_parts

_EXTENDED, _LOSSY, _LOSSLESS, _ALPHA, _FRAME = b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANMF"
_PROFILE_FLAG, _ALPHA_FLAG, _EXIF_FLAG, _ANIMATION_FLAG = 0x20, 0x10, 0x08, 0x02
_FRAME_HEADER_BYTES = 16


def clean_webp(content: bytes) -> CleanPicture:
    """Return a picture without anything that is not needed to show it; raises UnreadablePicture."""
    end = 8 + _number(content, 4, 4)
    if end > len(content):
        raise UnreadablePicture(DAMAGED)
    chunks = [*limit_parts(_read_chunks(content[12:end]))]
    kind, data = chunks[0] if chunks else (b"", b"")
    steps = 1
    if kind == _EXTENDED and len(data) == 10:
        body, size = _clean_extended(chunks)
        steps = max(1, sum(kind == _FRAME for kind, _ in chunks))
    else:
        size = _read_size(kind, data)
        body = _make_chunk(kind, data)
    return CleanPicture(b"RIFF" + (4 + len(body)).to_bytes(4, "little") + b"WEBP" + body, *size, steps)


def _clean_extended(chunks: list[tuple[bytes, bytes]]) -> tuple[bytes, tuple[int, int]]:
    """Return the chunks of a picture that has more than pixels, and its size."""
    head = chunks[0][1]
    size = _number(head, 4, 3) + 1, _number(head, 7, 3) + 1
    by_kind: dict[bytes, bytes] = {}
    for kind, data in chunks[1:]:
        by_kind.setdefault(kind, data)
    profile, exif = clean_profile(by_kind.get(b"ICCP", b"")), make_exif(by_kind.get(b"EXIF", b""))
    flags = head[0] & (_ALPHA_FLAG | _ANIMATION_FLAG)
    flags |= (_PROFILE_FLAG if profile else 0) | (_EXIF_FLAG if exif else 0)
    if flags & _ANIMATION_FLAG:
        frames = [data for kind, data in chunks if kind == _FRAME]
        if len(by_kind.get(b"ANIM", b"")) != 6 or not frames:
            raise UnreadablePicture(DAMAGED)
        image = _make_chunk(b"ANIM", by_kind[b"ANIM"]) + b"".join(_clean_frame(frame, size) for frame in frames)
    else:
        image, image_size = _clean_image(chunks[1:])
        if image_size != size:
            raise UnreadablePicture(DAMAGED)
    first = _make_chunk(_EXTENDED, bytes([flags, 0, 0, 0]) + head[4:])
    before, after = (_make_chunk(name, data) if data else b"" for name, data in ((b"ICCP", profile), (b"EXIF", exif)))
    return first + before + image + after, size


def _clean_frame(frame: bytes, canvas: tuple[int, int]) -> bytes:
    """Return one frame of an animation; its place is in steps of two pixels."""
    image, size = _clean_image([*limit_parts(_read_chunks(frame[_FRAME_HEADER_BYTES:]))])
    x, y = 2 * _number(frame, 0, 3), 2 * _number(frame, 3, 3)
    is_outside = x + size[0] > canvas[0] or y + size[1] > canvas[1]
    if is_outside or size != (_number(frame, 6, 3) + 1, _number(frame, 9, 3) + 1):
        raise UnreadablePicture(DAMAGED)
    return _make_chunk(_FRAME, frame[:_FRAME_HEADER_BYTES] + image)


def _clean_image(chunks: list[tuple[bytes, bytes]]) -> tuple[bytes, tuple[int, int]]:
    """Return the pixels of one picture, with what says how transparent they are, and its size."""
    kind, pixels = next(((kind, data) for kind, data in chunks if kind in (_LOSSY, _LOSSLESS)), (b"", b""))
    alpha = next((data for name, data in chunks if name == _ALPHA and kind == _LOSSY), b"")
    size = _read_size(kind, pixels)
    return (_make_chunk(_ALPHA, alpha) if alpha else b"") + _make_chunk(kind, pixels), size


def _read_size(kind: bytes, data: bytes) -> tuple[int, int]:
    """Return the size of pixels as they are stored (RFC 6386, section 9.1; RFC 9649, section 3.4)."""
    if kind == _LOSSY and data[3:6] == b"\x9d\x01\x2a" and len(data) > 10 and not data[0] & 1:
        if 10 + (_number(data, 0, 3) >> 5) <= len(data):
            return _number(data, 6, 2) & 0x3FFF, _number(data, 8, 2) & 0x3FFF
    elif kind == _LOSSLESS and data[:1] == b"\x2f" and len(data) > 5:
        bits = _number(data, 1, 4)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise UnreadablePicture(DAMAGED)


def _read_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the type and the data of each chunk."""
    at = 0
    while at < len(content):
        kind, length = content[at : at + 4], _number(content, at + 4, 4)
        data = content[at + 8 : at + 8 + length]
        if len(data) != length or len(kind) < 4:
            raise UnreadablePicture(DAMAGED)
        yield kind, data
        at += 8 + length + length % 2


def _make_chunk(kind: bytes, data: bytes) -> bytes:
    return kind + len(data).to_bytes(4, "little") + data + bytes(len(data) % 2)


def _number(data: bytes, at: int, length: int) -> int:
    return int.from_bytes(data[at : at + length], "little")
