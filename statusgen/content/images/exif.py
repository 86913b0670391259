"""Which side of a picture is up: all that is kept of its Exif data (CIPA DC-008), which also says where it was made."""

from collections.abc import Iterator

_ORIENTATION, _PLACE, _SHORT = 0x0112, 0x8825, 3
_UPRIGHT = 1
_LITTLE_ENDIAN, _BIG_ENDIAN = b"II*\0", b"MM\0*"


def read_orientation(exif: bytes) -> int:
    """Return how to turn a picture, from 1 (not at all) to 8; 1 if its data does not say so."""
    found = next((value for tag, kind, value in _read_entries(exif) if (tag, kind) == (_ORIENTATION, _SHORT)), _UPRIGHT)
    return found if _UPRIGHT <= found <= 8 else _UPRIGHT


def says_where(exif: bytes) -> bool:
    """Return whether the data says where a picture was taken."""
    return any(tag == _PLACE for tag, _, _ in _read_entries(exif))


def _read_entries(exif: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the tag and the type of each entry of the first directory, and its value if that is a short number."""
    data = exif.removeprefix(b"Exif\0\0")
    if data[:4] not in (_LITTLE_ENDIAN, _BIG_ENDIAN):
        return

    def number(at: int, length: int) -> int:
        return int.from_bytes(data[at : at + length], "little" if data[:4] == _LITTLE_ENDIAN else "big")

    first = number(4, 4)
    for entry in range(first + 2, min(first + 2 + 12 * number(first, 2), len(data) - 11), 12):
        yield number(entry, 2), number(entry + 2, 2), number(entry + 8, 2)


def make_exif(exif: bytes) -> bytes:
    """Return data that says nothing but which side is up; empty if that need not be said."""
    orientation = read_orientation(exif)
    if orientation == _UPRIGHT:
        return b""
    entry = b"".join(value.to_bytes(length) for value, length in ((_ORIENTATION, 2), (_SHORT, 2), (1, 4)))
    return b"MM\0*\0\0\0\x08\0\x01" + entry + orientation.to_bytes(2) + bytes(6)
