"""Whatever cameras, phones and programs put into and behind a picture is left out, and it looks as it did."""

import base64
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from playwright.sync_api import Browser

from statusgen.content.images import images
from statusgen.content.images.color_profile import clean_profile
from statusgen.content.images.images import MAX_CLEAN_BYTES, read_image
from statusgen.content.images.jpeg import clean_jpeg
from statusgen.content.images.picture import CleanPicture, UnreadablePicture
from statusgen.content.images.png import clean_png
from statusgen.content.images.webp import clean_webp
from statusgen.model.whole_site import Image
from statusgen.problems import InvalidValue, Place
from tests.support.pictures import chunk, compare_in_browser, make_interlaced_png, make_png, make_webp, segment

PICTURES = Path(__file__).parent / "pictures"
BASELINE, PROGRESSIVE, CMYK, RGB = (
    (PICTURES / f"{name}.jpg").read_bytes() for name in ("baseline", "progressive", "cmyk", "rgb")
)
PHOTO, LOSSY, ANIMATED_WEBP = ((PICTURES / name).read_bytes() for name in ("photo.png", "plain.webp", "animated.webp"))
OWNER = b"Ada Secretary, 12 Main Street"
CLEANERS: dict[str, Callable[[bytes], CleanPicture]] = {"png": clean_png, "jpeg": clean_jpeg, "webp": clean_webp}


def add_segments(jpeg: bytes, *segments: bytes, behind: bytes = b"") -> bytes:
    return jpeg[:2] + b"".join(segments) + jpeg[2:] + behind


def add_chunks(png: bytes, before: list[bytes], after: list[bytes]) -> bytes:
    """Return a PNG with more chunks after its header, and before its end."""
    return png[:33] + b"".join(before) + png[33:-12] + b"".join(after) + png[-12:]


EXIF = b"MM\0*\0\0\0\x08\0\x01\x01\x3b\0\x02" + len(OWNER).to_bytes(4) + b"\0\0\0\x1a" + bytes(4) + OWNER


def every_chunk() -> bytes:
    """Return a PNG with each chunk of the standard and of its extensions that says something."""
    packed = zlib.compress(OWNER)
    texts = [
        chunk(b"tEXt", b"Author\0" + OWNER),
        chunk(b"zTXt", b"Author\0\0" + packed),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + OWNER),
        chunk(b"tIME", struct.pack(">H5B", 2024, 5, 5, 8, 0, 0)),
        chunk(
            b"eXIf", b"MM\0*\0\0\0\x08\0\x01\x01\x3b\0\x02" + len(OWNER).to_bytes(4) + b"\0\0\0\x1a" + bytes(4) + OWNER
        ),
        chunk(b"caBX", OWNER),
        chunk(b"dSIG", OWNER),
        chunk(b"oFFs", bytes(9)),
        chunk(b"pCAL", OWNER + b"\0" + bytes(10)),
        chunk(b"sCAL", b"\x01" + OWNER),
        chunk(b"sPLT", OWNER + b"\0\x08"),
        chunk(b"sTER", b"\0"),
        chunk(b"gIFx", OWNER),
        chunk(b"prVW", OWNER),
        chunk(b"mkBF", OWNER),
        chunk(b"iDOT", OWNER),
        chunk(b"npTc", OWNER),
        chunk(b"vpAg", bytes(9)),
    ]
    return add_chunks(make_interlaced_png(24, 16), [*texts, chunk(b"pHYs", bytes(8) + b"\1")], texts) + PHOTO + OWNER


# An index of several pictures in one file (CIPA DC-007), as in those with gain maps (Ultra HDR, Apple).
MPF = segment(0xE2, b"MPF\0MM\0*\0\0\0\x08\0\x01\xb0\0\0\x07\0\0\0\x040100" + bytes(4) + OWNER)
GAIN_MAP = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x hdrgm:Version='1.0' Item:Semantic='GainMap'/>" + OWNER)
FILM = struct.pack(">I", 24) + b"ftypmp42" + bytes(12) + struct.pack(">I", 8 + len(OWNER)) + b"mdat" + OWNER
THUMBNAIL = segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\x0e\0\0" + RGB + OWNER)
ANIMATED_PNG = (PICTURES / "animated.png").read_bytes()
FILES = {
    "every-chunk.png": every_chunk(),
    "interlaced.png": add_chunks(make_interlaced_png(40, 30), [chunk(b"tEXt", b"Author\0" + OWNER)], []),
    "animated.png": add_chunks(ANIMATED_PNG, [chunk(b"tEXt", b"Author\0" + OWNER)], [chunk(b"iTXt", b"\0" + OWNER)]),
    "several-pictures.jpg": add_segments(BASELINE, MPF, behind=add_segments(RGB, segment(0xFE, OWNER))),
    "gain-map.jpg": add_segments(BASELINE, GAIN_MAP, MPF, behind=add_segments(RGB, GAIN_MAP)),
    "progressive-gain-map.jpg": add_segments(PROGRESSIVE, GAIN_MAP, MPF, behind=add_segments(PROGRESSIVE, GAIN_MAP)),
    "film.jpg": add_segments(BASELINE, GAIN_MAP, behind=FILM),
    "maker.jpg": add_segments(BASELINE, behind=OWNER + b"SEFH" + bytes(40) + b"SEFT"),
    "thumbnail.jpg": add_segments(BASELINE, THUMBNAIL),
    "small-copies.jpg": add_segments(
        BASELINE,
        segment(0xE0, b"JFIF\0\1\2\0\0\1\0\1\3\1" + OWNER[:9]),
        segment(0xE0, b"JFXX\0\x10" + RGB + OWNER),
        segment(0xE0, b"JFXX\0\x13\3\1" + OWNER[:9]),
    ),
    "programs.jpg": add_segments(
        BASELINE, *(segment(marker, OWNER) for marker in (*range(0xE0, 0xF0), 0xFE)), segment(0xED, b"8BIM" + OWNER)
    ),
    "four-inks.jpg": add_segments(CMYK, segment(0xFE, OWNER), segment(0xED, OWNER), behind=OWNER),
    "red-green-blue.jpg": add_segments(RGB, segment(0xFE, OWNER)),
    "lossy.webp": make_webp((b"VP8X", b"\x0c\0\0\0\x17\0\0\x0f\0\0"), (LOSSY[12:16], LOSSY[20:]), (b"EXIF", OWNER)),
    "strange.webp": LOSSY + OWNER,
    "animated.webp": ANIMATED_WEBP + OWNER,
}


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_left_and_a_browser_shows_the_same(browser: Browser, name: str) -> None:
    content, kind = FILES[name], name.rpartition(".")[2].replace("jpg", "jpeg")
    clean = CLEANERS[kind](content).content
    for private in (OWNER[:8], b"MPF", b"hdrgm", b"ftyp", b"JFXX", b"tIME", b"caBX", b"SEFH", b"Secretary"):
        assert private not in clean
    assert clean.count(b"\xff\xd8\xff") == (1 if kind == "jpeg" else 0)
    assert CLEANERS[kind](clean).content == clean
    size, colors, is_same = compare_in_browser(browser, kind, content, clean)
    assert is_same
    assert colors > 20, size


@pytest.mark.parametrize(
    "content",
    [
        CMYK.replace(b"Adobe\0d\0\0\0\0\0", b"Adobe\0d\0\0\0\0\2"),
        RGB.replace(b"\3R\x11\0G\x11\0B\x11\0", b"\3\1\x11\0\2\x11\0\3\x11\0").replace(
            b"\3R\0G\0B\0", b"\3\1\0\2\0\3\0"
        ),
    ],
    ids=["four inks", "red, green, blue"],
)
def test_how_colors_are_stored_is_kept(browser: Browser, content: bytes) -> None:
    """Without Adobe's segment, a browser would take the numbers for other colors."""
    assert content not in (CMYK, RGB)
    clean = clean_jpeg(content).content
    assert compare_in_browser(browser, "jpeg", content, clean)[2]
    at = clean.index(b"\xff\xee\0\x0eAdobe")
    assert not compare_in_browser(browser, "jpeg", content, clean[:at] + clean[at + 16 :])[2]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda jpeg: jpeg.replace(b"\xff\xc0\0\x11\x08", b"\xff\xc1\0\x11\x0c"), "browsers cannot show"),  # 12 bits
        (lambda jpeg: jpeg.replace(b"\xff\xc0\0\x11", b"\xff\xc9\0\x11"), "browsers cannot show"),  # arithmetic codes
        (lambda jpeg: jpeg.replace(b"\xff\xc0\0\x11", b"\xff\xc3\0\x11"), "browsers cannot show"),  # lossless
        (lambda jpeg: add_segments(jpeg, segment(0xDD, OWNER)), "damaged"),  # words for a number
        (lambda jpeg: jpeg[: jpeg.rindex(b"\xff\xd9")], "before its last byte"),
        (lambda jpeg: jpeg[: jpeg.rindex(b"\xff\xd9") - 40], "before its last byte"),
        (lambda jpeg: jpeg[: jpeg.rindex(b"\xff\xd9") + 1], "before its last byte"),
    ],
    ids=["12 bits", "arithmetic", "lossless", "words for a number", "no end", "half of it", "half of its end"],
)
def test_what_cannot_be_shown_whole_is_refused_in_words(
    tmp_path: Path, change: Callable[[bytes], bytes], words: str
) -> None:
    with pytest.raises(InvalidValue, match=words) as error:
        read(tmp_path, "street.jpg", change(BASELINE))
    assert "save it again" in error.value.hint


def read(folder: Path, name: str, content: bytes) -> Image:
    (folder / name).write_bytes(content)
    return read_image(folder, PurePosixPath(name), "", Place("services.yaml", 1))


def make_profile(**tags: bytes) -> bytes:
    """Return a color profile of these tags."""
    table, content = len(tags).to_bytes(4), b""
    begin = 132 + 12 * len(tags)
    for name, value in tags.items():
        table += name.encode() + (begin + len(content)).to_bytes(4) + len(value).to_bytes(4)
        content += value
    size = (begin + len(content)).to_bytes(4)
    header = size + b"appl\2\x20\0\0mntrRGB XYZ " + bytes(12) + b"acspAPPL\0\0\0\0" + OWNER[:8]
    return header.ljust(128, b"\0") + table + content


def test_a_profile_loses_whose_screen_it_is() -> None:
    names = (
        "desc",
        "dscm",
        "mmod",
        "vcgt",
        "ndin",
        "meta",
        "dmnd",
        "dmdd",
        "cprt",
        "targ",
        "aarg",
        "pseq",
        "calt",
        "Ada1",
    )
    private = dict.fromkeys(names, b"text\0\0\0\0Ada's iMac, calibrated")
    clean = clean_profile(make_profile(**private, wtpt=b"XYZ \0\0\0\0" + bytes(12), rTRC=b"curv\0\0\0\0\0\0\0\0"))
    assert b"Ada" not in clean
    assert b"iMac" not in clean
    for name in names[1:]:
        assert name == "cprt" or name.encode() not in clean
    assert clean.count(b"wtpt") == clean.count(b"rTRC") == 1
    for content in (
        make_png(chunk(b"iCCP", b"Ada's iMac\0\0" + zlib.compress(make_profile(**private, wtpt=b"XYZ ")))),
        add_segments(RGB, segment(0xE2, b"ICC_PROFILE\0\1\1" + make_profile(**private, wtpt=b"XYZ "))),
    ):
        clean = (clean_png if content[:1] == b"\x89" else clean_jpeg)(content).content
        assert b"wtpt" in clean
        assert b"iMac" not in clean


@pytest.mark.parametrize(("size", "is_kept"), [(60_000, True), (254 * 65_519, True), (256 * 65_519 - 400, False)])
def test_a_color_profile_of_more_parts_than_can_be_counted_is_left_out(size: int, is_kept: bool) -> None:
    """A JPEG counts the parts of a profile in one byte; the picture is shown without it."""
    profile = make_profile(wtpt=b"XYZ \0\0\0\0" + bytes(12), A2B0=b"mft2" + bytes(size - 404))
    parts = [profile[at : at + 65_519] for at in range(0, len(profile), 65_519)]
    content = add_segments(
        RGB, *(segment(0xE2, b"ICC_PROFILE\0" + bytes([at, len(parts) % 256]) + part) for at, part in enumerate(parts))
    )
    clean = clean_jpeg(content).content
    assert (b"ICC_PROFILE" in clean) is is_kept
    assert clean_jpeg(clean).content == clean


@pytest.mark.parametrize(("size", "is_refused"), [(MAX_CLEAN_BYTES, False), (MAX_CLEAN_BYTES + 1, True)])
def test_a_picture_that_becomes_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, is_refused: bool
) -> None:
    monkeypatch.setitem(images._CLEANERS, ".png", lambda content: replace(clean_png(content), content=bytes(size)))
    content = make_png(chunk(b"tEXt", b"size\0" + str(size).encode()))
    if is_refused:
        with pytest.raises(InvalidValue, match="becomes too large when its details are removed"):
            read(tmp_path, "logo.png", content)
    else:
        assert len(read(tmp_path, "logo.png", content).content) == size


def make_animated_png(frames: int, width: int, height: int) -> bytes:
    """Return an animation that is far larger when it is drawn."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    control = struct.pack(">5I2H2B", 0, width, height, 0, 0, 1, 10, 0, 0)
    chunks = [chunk(b"IHDR", head), chunk(b"acTL", struct.pack(">II", frames, 0))]
    chunks += [chunk(b"fcTL", control)] * frames
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def make_animated_webp(frames: int, width: int, height: int, x: int = 0) -> bytes:
    def number(value: int) -> bytes:
        return value.to_bytes(3, "little")

    pixels = b"\x2f" + (width - 1 | (height - 1) << 14).to_bytes(4, "little") + bytes(4)
    image = b"VP8L" + len(pixels).to_bytes(4, "little") + pixels + bytes(len(pixels) % 2)
    frame = number(x // 2) + number(0) + number(width - 1) + number(height - 1) + number(100) + b"\0" + image
    head = b"\2\0\0\0" + number(width - 1) + number(height - 1)
    return make_webp((b"VP8X", head), (b"ANIM", bytes(6)), *[(b"ANMF", frame)] * frames)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.png", make_animated_png(26, 5_000, 4_000)),
        ("logo.png", make_animated_png(5_001, 400, 250)),
        ("logo.webp", make_animated_webp(26, 5_000, 4_000)),
        ("logo.jpg", RGB.replace(b"\xff\xc0\0\x11\x08\0\x18\0\x10", b"\xff\xc0\0\x11\x08\x10\0\x13\x88")[:-2]
         + (segment(0xDA, b"\1R\0\0\x3f\0") + b"\0") * 25 + b"\xff\xd9"),
    ],
    ids=["frames", "many small frames", "frames in WebP", "scans"],
)  # fmt: skip
def test_a_picture_that_is_drawn_too_often_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(InvalidValue, match=r"steps of .* pixels, which many phones cannot show") as error:
        read(tmp_path, name, content)
    assert error.value.hint == "Make it smaller, or save it as a picture that does not move."


def test_an_animation_of_ordinary_size_is_kept(tmp_path: Path) -> None:
    assert read(tmp_path, "logo.png", make_animated_png(200, 640, 480)).content
    assert read(tmp_path, "logo.webp", make_animated_webp(200, 640, 480)).content


TRUE_COLOR = make_interlaced_png(4, 4)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", add_chunks(TRUE_COLOR, [], [chunk(b"fdAT", OWNER)])),
        ("a.png", add_chunks(TRUE_COLOR, [chunk(b"PLTE", OWNER + b"!")], [])),
        ("a.png", add_chunks(TRUE_COLOR, [chunk(b"tRNS", OWNER)], [])),
        ("a.png", make_png(chunk(b"PLTE", OWNER + b"!"), chunk(b"tRNS", OWNER))),
        ("a.png", make_png(chunk(b"iCCP", b"a\0\0" + zlib.compress(make_profile(wtpt=b"text\0\0\0\0" + OWNER))))),
    ],
    ids=["frames without an animation", "suggested colors", "transparency", "palette of grays", "words for colors"],
)
def test_what_browsers_do_not_look_at_is_left_out(tmp_path: Path, name: str, content: bytes) -> None:
    assert OWNER[:8] not in read(tmp_path, name, content).content


@pytest.mark.parametrize(
    "content",
    [
        RGB.replace(b"\xff\xda\0\x0c\3", b"\xff\xda" + (12 + len(OWNER)).to_bytes(2) + b"\3").replace(
            b"\0\x3f\0", b"\0\x3f\0" + OWNER, 1
        ),
        add_segments(BASELINE, segment(0xDB, OWNER)),
        add_segments(BASELINE, segment(0xDB, bytes(65) + OWNER)),
        add_segments(BASELINE, segment(0xC4, bytes(17) + OWNER)),
        add_segments(BASELINE, segment(0xDA, b"")),
    ],
    ids=["scan", "words for a table", "behind a table", "behind codes", "empty scan"],
)
def test_nothing_stands_behind_the_tables_of_a_jpeg(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InvalidValue, match="damaged"):
        read(tmp_path, "street.jpg", content)


def test_a_frame_lies_inside_of_its_picture() -> None:
    inside = make_animated_png(1, 40, 40)
    outside = make_png(chunk(b"acTL", bytes(8)), chunk(b"fcTL", struct.pack(">5I2H2B", 0, 1, 1, 1, 0, 1, 10, 0, 0)))
    assert clean_png(inside).steps == 1
    for clean, content in ((clean_png, outside), (clean_webp, make_animated_webp(1, 40, 40, x=2))):
        with pytest.raises(UnreadablePicture):
            clean(content)


def test_pictures_are_the_same_in_each_build() -> None:
    for name, content in FILES.items():
        clean = CLEANERS[name.rpartition(".")[2].replace("jpg", "jpeg")]
        assert base64.b64encode(clean(content).content) == base64.b64encode(clean(bytes(content)).content)
