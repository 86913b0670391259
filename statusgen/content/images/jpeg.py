"""JPEG (ITU-T T.81): the segments that a picture is made of, up to its end marker."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from statusgen.content.images.color_profile import clean_profile
from statusgen.content.images.exif import make_exif
from statusgen.content.images.picture import DAMAGED, SAVE_AGAIN, CleanPicture, UnreadablePicture, limit_parts

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
# The frames that browsers show: baseline, extended and progressive; and all frames.
_SHOWN_FRAMES = (0xC0, 0xC1, 0xC2)
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Tables for Huffman codes, quantization, the restart interval, the number of lines; the last two are one number.
_TABLES, _NUMBERS = (0xC4, 0xDB, 0xDD, 0xDC), (0xDD, 0xDC)
_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
# What ends the data of a scan: a marker that is no escape, no restart, and no filling.
_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_JFIF, _EXIF, _ICC, _ADOBE = b"JFIF\0", b"Exif\0\0", b"ICC_PROFILE\0", b"Adobe"
_ICC_PART_BYTES = 65_519
_MAX_PROFILE_BYTES = 255 * _ICC_PART_BYTES
# To know whether only the two bytes of its end are missing or half of the street, all of it would have to be decoded.
_WITHOUT_END = (
    "ends before its last byte, so a part of the picture may be missing.",
    "Copy it again from where it comes from. If it still looks whole there, open it and save it again as JPEG or PNG; "
    "a screenshot of it will do.",
)
_MAX_SCANS = 100  # a browser goes over the whole picture for each


@dataclass
class _Details:
    """What is kept of the segments that are for programs."""

    jfif: bytes = b""
    exif: bytes | None = None
    adobe: bytes = b""
    profile_parts: dict[int, bytes] = field(default_factory=dict)

    def read(self, marker: int, data: bytes) -> None:
        """Take what is needed from a segment."""
        if marker == _APP0 and data.startswith(_JFIF) and len(data) >= 14 and not self.jfif:
            self.jfif = _make_segment(_APP0, data[:12] + bytes(2))  # without its small copy of the picture
        elif marker == _APP1 and data.startswith(_EXIF) and self.exif is None:  # browsers look at the first
            exif = make_exif(data)
            self.exif = _make_segment(_APP1, _EXIF + exif) if exif else b""
        elif marker == _APP2 and data.startswith(_ICC) and len(data) > 14:
            self.profile_parts.setdefault(data[12], data[14:])
        elif marker == _APP14 and data.startswith(_ADOBE) and len(data) >= 12 and not self.adobe:
            self.adobe = _make_segment(_APP14, data[:12])

    def segments(self) -> Iterator[bytes]:
        """Yield the segments with which the picture begins."""
        profile = clean_profile(b"".join(self.profile_parts[part] for part in sorted(self.profile_parts)))
        if len(profile) > _MAX_PROFILE_BYTES:
            profile = b""
        parts = [profile[at : at + _ICC_PART_BYTES] for at in range(0, len(profile), _ICC_PART_BYTES)]
        yield self.jfif
        yield self.exif or b""
        for number, part in enumerate(parts, 1):
            yield _make_segment(_APP2, _ICC + bytes([number, len(parts)]) + part)
        yield self.adobe


def clean_jpeg(content: bytes) -> CleanPicture:
    """Return a picture without anything that is not needed to show it; raises UnreadablePicture."""
    details, kept, scans = _Details(), [], 0
    frame = b""
    for marker, data, scan in limit_parts(_read_segments(content)):
        if marker in _FRAMES:
            _check_frame(marker, data, frame)
            frame = data
        elif marker == _SCAN:
            scans += 1
            if not frame or scans > _MAX_SCANS or len(data) != 4 + 2 * int.from_bytes(data[:1]):
                raise UnreadablePicture(DAMAGED)
        elif not _is_whole(marker, data):
            raise UnreadablePicture(DAMAGED)
        elif marker not in _TABLES:
            details.read(marker, data)
            continue
        kept.append(_make_segment(marker, data) + scan)
    if not scans:
        raise UnreadablePicture(DAMAGED)
    whole = b"".join([b"\xff\xd8", *details.segments(), *kept, b"\xff\xd9"])
    return CleanPicture(whole, int.from_bytes(frame[3:5]), int.from_bytes(frame[1:3]), scans)


def _measure_quantization(data: bytes) -> int:
    """Return how long the table is that begins here (section B.2.4.1)."""
    return 1 + 64 * (1 + (data[0] >> 4))


def _measure_codes(data: bytes) -> int:
    """Return how long the table of Huffman codes is that begins here (section B.2.4.2)."""
    return 17 + sum(data[1:17])


_LENGTHS = {0xDB: _measure_quantization, 0xC4: _measure_codes}


def _is_whole(marker: int, data: bytes) -> bool:
    """Return whether there is a number, or are only whole tables, in a segment that has them, and nothing behind."""
    if marker in _NUMBERS:
        return len(data) == 2
    at = 0
    while marker in _LENGTHS and at < len(data):
        at += _LENGTHS[marker](data[at : at + 17])
    return marker not in _LENGTHS or at == len(data)


def _check_frame(marker: int, data: bytes, earlier: bytes) -> None:
    if marker not in _SHOWN_FRAMES or data[:1] not in (b"", b"\x08"):  # and of eight bits
        raise UnreadablePicture("is a kind of JPEG that browsers cannot show.", SAVE_AGAIN)
    if earlier or len(data) < 9 or len(data) != 6 + 3 * data[5]:
        raise UnreadablePicture(DAMAGED)


def _read_segments(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield the marker and the data of each segment up to the end marker, and of a scan what follows it."""
    at = 2
    while True:
        while content[at : at + 2] == b"\xff\xff":  # filling
            at += 1
        if len(content) < at + 2 or content[at] != 0xFF:
            raise UnreadablePicture(DAMAGED)
        marker = content[at + 1]
        if marker == _END:
            return
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if marker < 0xC0 or 0xD0 <= marker <= _START or end < at + 4 or end > len(content):
            raise UnreadablePicture(DAMAGED)
        data, at = content[at + 4 : end], end
        if marker == _SCAN:
            found = _SCAN_END.search(content, at)
            if not found:
                raise UnreadablePicture(*_WITHOUT_END)
            at = found.start()
        yield marker, data, content[end:at]


def _make_segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(data) + 2).to_bytes(2) + data
