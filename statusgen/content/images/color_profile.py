"""A color profile without its names (ICC.1:2022): those of a screen tell whose it is, and its serial number."""

# The tags that say how colors are meant; all others are for people and for other programs.
_COLOR_TAGS = frozenset(
    b"wtpt bkpt chad rXYZ gXYZ bXYZ rTRC gTRC bTRC kTRC gamt lumi cicp A2B0 A2B1 A2B2 A2B3 B2A0 B2A1 B2A2 B2A3 "
    b"D2B0 D2B1 D2B2 D2B3 B2D0 B2D1 B2D2 B2D3".split()
)
# The types of their values: numbers, curves and tables, no texts.
_COLOR_TYPES = (b"XYZ ", b"curv", b"para", b"sf32", b"cicp", b"mft1", b"mft2", b"mAB ", b"mBA ", b"mpet")
_HEADER_BYTES, _ENTRY_BYTES, _MAX_TAGS = 128, 12, 200
_NAME = "Color profile"
_DATE = b"".join(number.to_bytes(2) for number in (2000, 1, 1, 0, 0, 0))


def clean_profile(profile: bytes) -> bytes:
    """Return a profile that has only colors, under a name that says nothing; empty if it is not one."""
    count = int.from_bytes(profile[_HEADER_BYTES : _HEADER_BYTES + 4])
    if profile[36:40] != b"acsp" or not 1 <= count <= _MAX_TAGS:
        return b""
    make_text = _make_localized if profile[8] >= 4 else _make_plain
    kept = {b"desc": make_text(b"desc"), b"cprt": make_text(b"text")}
    places: set[tuple[int, int]] = set()
    for index in range(count):
        begin = _HEADER_BYTES + 4 + index * _ENTRY_BYTES
        tag, at, size = profile[begin : begin + 4], *_numbers(profile[begin + 4 : begin + _ENTRY_BYTES])
        if tag in _COLOR_TAGS and profile[at : at + 4] in _COLOR_TYPES:
            kept[tag] = profile[at : at + size]
            places.add((at, size))
            # Tags may share a place, but places that overlap would make much out of little.
            if len(kept[tag]) != size or sum(size for _, size in places) > len(profile):
                return b""
    return _assemble(profile[:_HEADER_BYTES], kept)


def _assemble(header: bytes, tags: dict[bytes, bytes]) -> bytes:
    """Return a profile of these tags; equal ones are stored once. Its digest is left out, as the standard allows."""
    table, data = len(tags).to_bytes(4), b""
    begin = _HEADER_BYTES + 4 + len(tags) * _ENTRY_BYTES
    offsets: dict[bytes, int] = {}
    for tag, content in tags.items():
        if content not in offsets:
            offsets[content] = begin + len(data)
            data += content + bytes(-len(content) % 4)
        table += tag + offsets[content].to_bytes(4) + len(content).to_bytes(4)
    size = (begin + len(data)).to_bytes(4)
    # Besides the digest, who made the profile and when, and of which device it is.
    return size + header[4:24] + _DATE + header[36:48] + bytes(8) + header[56:80] + bytes(48) + table + data


def _numbers(entry: bytes) -> tuple[int, int]:
    return int.from_bytes(entry[:4]), int.from_bytes(entry[4:])


def _make_plain(kind: bytes) -> bytes:
    """Return a text of version 2 of the standard: of the type `text`, or a description."""
    words = _NAME.encode() + b"\0"
    if kind == b"text":
        return b"text" + bytes(4) + words
    return b"desc" + bytes(4) + len(words).to_bytes(4) + words + bytes(4 + 4 + 2 + 1 + 67)


def _make_localized(_kind: bytes) -> bytes:
    words = _NAME.encode("utf-16-be")
    return b"mluc" + bytes(4) + b"\0\0\0\x01\0\0\0\x0cenUS" + len(words).to_bytes(4) + b"\0\0\0\x1c" + words
