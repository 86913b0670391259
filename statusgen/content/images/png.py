"""PNG (W3C, third edition): the chunks that a picture is made of, up to its last one."""

import zlib
from collections.abc import Iterator

from statusgen.content.images.color_profile import clean_profile
from statusgen.content.images.exif import make_exif
from statusgen.content.images.picture import DAMAGED, CleanPicture, UnreadablePicture, limit_parts

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# The chunks that are kept as they are, and how long each can be.
_ANY = range(0x80000000)
_KEPT = {
    b"IHDR": range(13, 14),
    b"PLTE": range(3, 769),
    b"IDAT": _ANY,
    b"IEND": range(1),
    b"tRNS": range(1, 257),
    b"gAMA": range(4, 5),
    b"cHRM": range(32, 33),
    b"sRGB": range(1, 2),
    b"cICP": range(4, 5),
    b"mDCV": range(24, 25),
    b"cLLI": range(4, 9),
    b"sBIT": range(1, 5),
    b"bKGD": range(1, 7),
    b"pHYs": range(9, 10),
    b"acTL": range(8, 9),
    b"fcTL": range(26, 27),
    b"fdAT": _ANY,
}
_FRAMES = (b"fcTL", b"fdAT")
# How long colors are, by the type of color (PNG, sections 11.2.2 and 11.3.1.1): gray, true color, palette.
_PALETTE = b"\3"
_COLORS: dict[bytes, dict[bytes, range]] = {
    b"PLTE": {},
    b"tRNS": {b"\0": range(2, 3), b"\2": range(6, 7), _PALETTE: range(1, 257)},
}
_REPEATED = (b"IDAT", b"fcTL", b"fdAT")
_MAX_PROFILE_BYTES = 4_000_000


def clean_png(content: bytes) -> CleanPicture:
    """Return a picture without anything that is not needed to show it; raises UnreadablePicture."""
    kept, seen, frames = [_SIGNATURE], set[bytes](), 0
    color_type = content[25:26]
    size = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    for kind, data in limit_parts(_read_chunks(content)):
        if _is_ignored(kind, data, seen, color_type):
            continue
        if kind == b"fcTL":
            frames += 1
            _check_frame(data, size)
        if kind in _KEPT and len(data) in _KEPT[kind]:
            kept.append(_make_chunk(kind, data))
        elif kind == b"iCCP" and (profile := clean_profile(_read_profile(data))):
            kept.append(_make_chunk(kind, b"ICC\0\0" + _store(profile)))
        elif kind == b"eXIf" and (exif := make_exif(data)):
            kept.append(_make_chunk(kind, exif))
        elif kind in _KEPT or kind[0:1].isupper():
            raise UnreadablePicture(DAMAGED)
        seen.add(kind)
    if not {b"IHDR", b"IDAT", b"IEND"} <= seen:
        raise UnreadablePicture(DAMAGED)
    return CleanPicture(b"".join(kept), *size, max(frames, 1))


def _is_ignored(kind: bytes, data: bytes, seen: set[bytes], color_type: bytes) -> bool:
    """Return whether browsers do not look at a chunk: a second one, a frame of no animation, colors of no use."""
    if kind in seen and kind not in _REPEATED:
        return True
    if kind in _FRAMES:
        return b"acTL" not in seen
    is_palette = kind == b"PLTE" and color_type == _PALETTE
    return kind in _COLORS and not is_palette and len(data) not in _COLORS[kind].get(color_type, ())


def _check_frame(data: bytes, size: tuple[int, int]) -> None:
    """Raise UnreadablePicture if a frame of an animation reaches beyond the picture."""
    width, height, x, y = (int.from_bytes(data[at : at + 4]) for at in (4, 8, 12, 16))
    if x + width > size[0] or y + height > size[1]:
        raise UnreadablePicture(DAMAGED)


def _read_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the type and the data of each chunk up to the last one; the first is the header."""
    at, kind = len(_SIGNATURE), b""
    if content[at + 4 : at + 8] != b"IHDR":
        raise UnreadablePicture(DAMAGED)
    while kind != b"IEND":
        end = at + 12 + int.from_bytes(content[at : at + 4])
        kind, data = content[at + 4 : at + 8], content[at + 8 : end - 4]
        if end > len(content) or content[end - 4 : end] != zlib.crc32(content[at + 4 : end - 4]).to_bytes(4):
            raise UnreadablePicture(DAMAGED)
        yield kind, data
        at = end


def _make_chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def _read_profile(data: bytes) -> bytes:
    """Return the profile in a chunk, after its name and the method of compression; empty if it cannot be read."""
    try:
        return zlib.decompressobj().decompress(data.partition(b"\0")[2][1:], _MAX_PROFILE_BYTES)
    except zlib.error:
        return b""


def _store(data: bytes) -> bytes:
    """Return data in the form of zlib (RFC 1950) but not made smaller: the same bytes on every computer."""
    blocks = [data[at : at + 0xFFFF] for at in range(0, len(data), 0xFFFF)]
    lengths = (len(block).to_bytes(2, "little") + (0xFFFF - len(block)).to_bytes(2, "little") for block in blocks)
    last = [*bytes(len(blocks) - 1), 1]
    stored = b"".join(
        bytes([is_last]) + length + block for is_last, length, block in zip(last, lengths, blocks, strict=True)
    )
    return b"\x78\x01" + stored + zlib.adler32(data).to_bytes(4)
