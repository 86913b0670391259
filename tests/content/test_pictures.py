"""Pictures are published without where, when and by whom they were made, and look as they did."""

import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from statusgen.cli.main import main
from statusgen.content.images import images
from statusgen.content.images.color_profile import clean_profile
from statusgen.content.images.exif import read_orientation
from statusgen.content.images.images import MAX_IMAGE_BYTES
from statusgen.content.images.jpeg import clean_jpeg
from statusgen.content.images.picture import CleanPicture, UnreadablePicture
from statusgen.content.images.png import clean_png
from statusgen.content.images.webp import clean_webp
from statusgen.content.reader import Content, read_content
from statusgen.wording.interface import available_languages
from tests.support.pictures import chunk, compare_in_browser, make_png

# Made by Pillow, each with a place, a name and a phone in Exif, XMP, IPTC, comments, texts and behind its end, a color
# profile, and turned by its Exif data.
PICTURES = sorted(path for path in (Path(__file__).parent / "pictures").iterdir() if path.stem not in ("plain", "rgb"))
PRIVATE = (b"Ada", b"ecret", b"GPS", b"2024:05:05", b"xmpmeta", b"8BIM", b"tIME", b"tEXt", b"Photoshop", b"Little CMS")
CLEANERS: dict[str, Callable[[bytes], CleanPicture]] = {".png": clean_png, ".jpg": clean_jpeg, ".webp": clean_webp}
SERVICES = """site:
  title: Springfield service status
  url: https://status.springfield.example/
  timezone: America/Chicago
services:
  - {name: Trash pickup, id: trash}
"""
POST = """---
title: Trash is late
started: 2024-05-05 08:00
services: {trash: limited}
---
"""


def write_city(folder: Path, *pictures: tuple[str, bytes], services: str = SERVICES) -> None:
    (folder / "incidents/files").mkdir(parents=True)
    (folder / "services.yaml").write_text(services)
    (folder / "incidents/trash.md").write_text(POST + "\n\n".join(f"![A street](files/{name})" for name, _ in pictures))
    for name, content in pictures:
        (folder / "incidents/files" / name).write_bytes(content)


def read_city(folder: Path) -> Content:
    return read_content(folder, available_languages())


def published(folder: Path, picture: Path) -> bytes:
    """Return a picture as it is published."""
    write_city(folder, (picture.name, picture.read_bytes()))
    found = read_city(folder)
    assert found.site
    assert not found.problems
    (image,) = found.site.images
    return image.content


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.name)
def test_nothing_private_is_left(tmp_path: Path, picture: Path) -> None:
    assert [word for word in PRIVATE if word in picture.read_bytes()]
    clean = published(tmp_path, picture)
    assert [word for word in PRIVATE if word in clean] == []
    assert CLEANERS[picture.suffix](clean).content == clean, "a clean picture stays as it is"


@pytest.mark.parametrize(
    "picture", [path for path in PICTURES if "animated.png" not in path.name], ids=lambda p: p.name
)
def test_which_side_is_up_is_kept(tmp_path: Path, picture: Path) -> None:
    clean = published(tmp_path, picture)
    assert read_orientation(clean[clean.index(b"MM\0*") :]) == 6


@pytest.mark.parametrize(
    "picture", [path for path in PICTURES if path.stem not in ("animated", "cmyk")], ids=lambda path: path.name
)
def test_the_color_profile_is_kept_without_its_names(tmp_path: Path, picture: Path) -> None:
    clean = published(tmp_path, picture)
    begin = clean.index(b"acsp") - 36
    size = int.from_bytes(clean[begin : begin + 4])
    profile = clean[begin : begin + size]
    tags = [profile[at : at + 4] for at in range(132, 132 + 12 * int.from_bytes(profile[128:132]), 12)]
    assert tags == [b"desc", b"cprt", b"wtpt", b"chad", *(b"rXYZ bXYZ gXYZ rTRC gTRC bTRC".split())]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.name)
def test_a_browser_shows_the_same_pixels(tmp_path: Path, browser: Browser, picture: Path) -> None:
    kind = picture.suffix[1:].replace("jpg", "jpeg")
    both = (picture.read_bytes(), published(tmp_path, picture))
    size, colors, is_same = compare_in_browser(browser, kind, *both)
    assert is_same
    # Chromium turns neither pictures in WebP nor one that does not say so.
    assert size == ([24, 16] if picture.suffix == ".webp" or picture.name == "animated.png" else [16, 24])
    assert colors > 20, "there is something to compare"


def test_the_build_says_what_was_removed(tmp_path: Path) -> None:
    plain = (Path(__file__).parent / "pictures/plain.webp").read_bytes()
    write_city(tmp_path, ("plain.webp", plain))
    done = CliRunner().invoke(main, ["build", "--source", str(tmp_path), "--at", "2024-05-06"])
    assert done.exit_code == 0, done.output
    assert "Removed" not in done.output
    assert (tmp_path / "site/incidents/files/plain.webp").read_bytes() == plain
    for name in ("photo.png", "baseline.jpg"):
        (tmp_path / "incidents/files" / name).write_bytes((Path(__file__).parent / "pictures" / name).read_bytes())
        with (tmp_path / "incidents/trash.md").open("a") as file:
            file.write(f"\n\n![Another street](files/{name})\n")
    done = CliRunner().invoke(main, ["build", "--source", str(tmp_path), "--at", "2024-05-06"])
    assert "Removed location and other details from 2 pictures.\n" in done.output
    for path in (tmp_path / "site").rglob("*"):
        assert not path.is_file() or b"Ada Secretary" not in path.read_bytes()


def test_a_logo_loses_its_details_too(tmp_path: Path) -> None:
    write_city(tmp_path, services=SERVICES.replace("services:", "  logo: static/logo.png\nservices:"))
    (tmp_path / "static").mkdir()
    (tmp_path / "static/logo.png").write_bytes((Path(__file__).parent / "pictures/photo.png").read_bytes())
    site = read_city(tmp_path).site
    assert site
    assert site.logo
    assert site.logo.had_details
    assert b"Ada" not in site.logo.content


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.name)
def test_a_picture_that_was_cut_short_is_refused(picture: Path) -> None:
    content, clean = picture.read_bytes(), CLEANERS[picture.suffix]
    whole, accepted = clean(content), 0
    for length in range(len(content)):
        try:
            assert clean(content[:length]) == whole, "all that is missing is behind its end"
            accepted += 1
        except UnreadablePicture:
            assert not accepted
    assert accepted <= 30


@given(st.sampled_from(PICTURES), st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=4)), max_size=4))
def test_a_damaged_picture_is_refused_or_clean(picture: Path, changes: list[tuple[int, bytes]]) -> None:
    content = picture.read_bytes()
    for at, planted in changes:
        content = content[: min(at, len(content))] + planted + content[at + len(planted) :]
    try:
        clean = CLEANERS[picture.suffix](content)
    except UnreadablePicture:
        return
    assert CLEANERS[picture.suffix](clean.content) == clean


def test_words_in_what_is_kept_for_numbers_are_refused_or_left_out() -> None:
    """A chunk that has a fixed length cannot carry a text."""
    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    end = chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    with pytest.raises(UnreadablePicture):
        clean_png(head + chunk(b"pHYs", b"Ada Secretary") + end)
    assert b"Ada" not in clean_png(head + chunk(b"eXIf", b"MM\0*\0\0\0\x08\0\0 Ada Secretary") + end).content
    assert b"Ada" not in clean_png(head + chunk(b"iCCP", b"Ada\0\0" + zlib.compress(b"Ada" * 99)) + end).content


def overlapping_profile(size: int) -> bytes:
    """Return a profile whose color tags each take a little less of the same bytes."""
    tags = [b"wtpt", b"bkpt", b"chad", b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"gamt", b"lumi"]
    tags += [kind + bytes([digit]) for kind in (b"A2B", b"B2A", b"D2B", b"B2D") for digit in b"0123"]
    table = b"".join(tag + (400 + 4 * at).to_bytes(4) + (size - 800).to_bytes(4) for at, tag in enumerate(tags))
    head = bytes(36) + b"acsp" + bytes(88) + len(tags).to_bytes(4) + table
    return head + b"XYZ " * ((size - len(head)) // 4)


def test_no_profile_makes_much_out_of_little() -> None:
    profile = overlapping_profile(1_000_000)
    content = make_png(chunk(b"iCCP", b"x\0\0" + zlib.compress(profile)))
    assert clean_png(content).content == make_png()
    cmyk = (Path(__file__).parent / "pictures/cmyk.jpg").read_bytes()
    parts = [profile[at : at + 65_000] for at in range(0, len(profile), 65_000)]
    segments = [b"ICC_PROFILE\0" + bytes([number, len(parts)]) + part for number, part in enumerate(parts, 1)]
    planted = b"".join(b"\xff\xe2" + (len(segment) + 2).to_bytes(2) + segment for segment in segments)
    assert len(clean_jpeg(cmyk[:2] + planted + cmyk[2:]).content) <= len(cmyk)


def test_a_profile_does_not_say_when_it_was_made() -> None:
    tag = b"wtpt" + b"\0\0\0\x90\0\0\0\x0c" + b"XYZ \0\0\0\0abcd"
    profile = bytes(24) + b"When I did.." + b"acsp" + bytes(88) + b"\0\0\0\1" + tag
    assert b"abcd" in clean_profile(profile)
    assert b"When" not in clean_profile(profile)


def test_a_picture_that_many_posts_show_is_cleaned_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content, calls = make_png(chunk(b"tEXt", b"once")), list[bytes]()

    def clean(content: bytes) -> CleanPicture:
        calls.append(content)
        return clean_png(content)

    monkeypatch.setitem(images._CLEANERS, ".png", clean)
    write_city(tmp_path, ("map.png", content))
    (tmp_path / "incidents/other.md").write_text((tmp_path / "incidents/trash.md").read_text())
    assert not read_city(tmp_path).problems
    assert len(calls) == 1


def test_a_picture_of_too_many_pieces_is_refused() -> None:
    with pytest.raises(UnreadablePicture, match="pieces"):
        clean_png(make_png(chunk(b"IDAT", b"") * 10_001))
    assert clean_png(make_png(chunk(b"IDAT", b"") * 100)).width == 1


SLOW = [
    (clean_jpeg, b"\xff\xd8\xff", b"\xff"),
    (clean_jpeg, b"\xff\xd8", b"\xff\xe1\0\2"),
    (clean_jpeg, (Path(__file__).parent / "pictures/cmyk.jpg").read_bytes()[:-2], b"\xff\0"),
    (clean_jpeg, (Path(__file__).parent / "pictures/cmyk.jpg").read_bytes()[:-2], b"\xff"),
    (clean_webp, b"RIFF" + (MAX_IMAGE_BYTES - 8).to_bytes(4, "little") + b"WEBP", b"VP8X\0\0\0\0"),
    (clean_png, b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)), chunk(b"IDAT", b"")),
]


@pytest.mark.parametrize(("clean", "begin", "unit"), SLOW)
def test_no_picture_takes_long(clean: Callable[[bytes], CleanPicture], begin: bytes, unit: bytes) -> None:
    content = begin + unit * ((MAX_IMAGE_BYTES - len(begin)) // len(unit))
    began = time.process_time()
    with pytest.raises(UnreadablePicture):
        clean(content)
    assert time.process_time() - began < 5
