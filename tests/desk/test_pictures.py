"""Pictures come with a post, say what they show, and say nothing of where and by whom they were taken."""

import re
from pathlib import Path

import pytest

from tests.support.desk import BROWSER
from tests.support.desk_forms import DeskUser, Writing
from tests.support.office import NOW, POST, Office
from tests.support.pictures import chunk, make_png

PHOTOS = Path(__file__).parent.parent / "content" / "pictures"
PHOTO = PHOTOS / "baseline.jpg"
SHOWS = "A line of people in front of City Hall"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(NOW))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "site").mkdir()
    return Office(tmp_path / "site", POST)


@pytest.fixture
def user(office: Office) -> DeskUser:
    return DeskUser(office.folder)


@pytest.fixture
def writing(user: DeskUser) -> Writing:
    return user.begin("update", "post-1").fill({"text": "There is a line."})


def test_a_picture_is_shown_below_the_text_and_written_with_the_post(office: Office, writing: Writing) -> None:
    before = office.files()
    writing.attach("IMG_2041.JPG", PHOTO.read_bytes(), **{"new-shows": SHOWS})
    assert "We removed where it was taken" in writing.form.text
    files = writing.written()
    assert list(files) == ["incidents/post-1.md", f"incidents/files/{writing.form.values['pictures'][0]}"]
    post, picture = files.values()
    name = writing.form.values["pictures"][0]
    assert re.fullmatch(r"2024-05-05-a-line-of-people-in-front-of-city-hall-\w{8}\.jpg", name)
    assert post.decode().endswith(f"\n\nThere is a line.\n\n![{SHOWS}](files/{name})\n")
    assert PHOTO.read_bytes() != picture
    for private in (b"Ada", b"GPS", b"Exif\0\0II", b"Photoshop"):
        assert private not in picture
    assert f'alt="{SHOWS}"' in writing.preview("incidents/post-1/")
    # Nothing is in the site's folder before it is published.
    assert office.files() == before


def test_what_it_keeps_is_on_the_disk_without_details(user: DeskUser, writing: Writing) -> None:
    writing.attach("photo.jpg", PHOTO.read_bytes(), **{"new-shows": SHOWS})
    kept = [path for path in user.desk.folder.rglob("*") if path.is_file()]
    assert not any(b"Ada" in path.read_bytes() or b"GPS" in path.read_bytes() for path in kept)
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept if path.parent.parent.name == "pictures")
    again = DeskUser(user.desk.source)
    name = writing.form.values["pictures"][0]
    picture = again.client.get(f"{again.home}drafts/{writing.id}/pictures/{name}")
    assert picture.content_type == "image/jpeg"


@pytest.mark.parametrize("shows", ["Очередь людей", "市役所", "Øresund", "../../x", "ø" * 60])
def test_what_it_shows_may_be_said_in_any_letters(writing: Writing, shows: str) -> None:
    writing.attach("photo.png", make_png(), **{"new-shows": shows})
    name = writing.form.values["pictures"][0]
    assert re.fullmatch(r"2024-05-05-[a-z-]+-\w{8}\.png", name)
    assert list(writing.written()) == ["incidents/post-1.md", f"incidents/files/{name}"]


def test_words_for_people_who_cannot_see_it_are_required(writing: Writing) -> None:
    writing.attach("photo.png", make_png(chunk(b"tEXt", b"Author\0Ada")))
    assert "We removed what it said about how it was made" in writing.form.text
    name = writing.form.values["pictures"][0]
    assert list(writing.written()) == ["incidents/post-1.md"]
    writing.press("look")
    assert "Say what the picture shows, for people who cannot see it." in writing.form.find("problems")
    assert "There is a problem: 1 answer is missing" in writing.form.text
    writing.fill({f"shows/{name}": "A map [north] of *Main*"})
    assert f"![A map \\[north\\] of \\*Main\\*](files/{name})" in writing.written()["incidents/post-1.md"].decode()
    assert 'alt="A map [north] of *Main*"' in writing.preview("incidents/post-1/")


def test_a_picture_can_be_taken_away(writing: Writing) -> None:
    writing.attach("photo.png", make_png(), **{"new-shows": "A map"})
    assert "It said nothing about where and when it was taken." in writing.form.text
    writing.attach("again.jpg", PHOTO.read_bytes(), **{"new-shows": "A street"})
    first, second = writing.form.values["pictures"]
    writing.post_to("pictures", drop=first)
    assert writing.form.values["pictures"] == [second]
    assert "A map" not in writing.form.text
    assert list(writing.written()) == ["incidents/post-1.md", f"incidents/files/{second}"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Choose a picture first."),
        (b"GIF89a" + bytes(50), "This file is no picture that can be shown. Use a PNG, JPEG, or WebP file."),
        (b"<svg onload='alert(1)' xmlns='http://www.w3.org/2000/svg'/>", "This file is no picture that can be shown."),
        (b"\xff\xd8\xff" + b"<script>alert(1)</script>", "The picture is damaged, or was not copied completely."),
        (PHOTO.read_bytes()[:900], "The picture is damaged"),
        (b"\xff\xd8\xff" + bytes(10 * 1024 * 1024), "This file is larger than 10 MB. Make it smaller."),
        (make_png().replace(b"\0\0\0\1\0\0\0\1", b"\0\0\x7f\xff\0\0\x7f\xff", 1), "The picture"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(writing: Writing, content: bytes, words: str) -> None:
    writing.attach("photo.jpg", content, **{"new-shows": SHOWS, "text": "Typed just now."})
    assert words in writing.form.find("pictures")
    assert "pictures" not in writing.form.values
    # Nothing that was typed is lost.
    assert writing.draft.first("text") == "Typed just now."
    assert writing.form.values["new-shows"] == [SHOWS]


def test_a_name_cannot_lead_anywhere_else(user: DeskUser, writing: Writing) -> None:
    writing.press(pictures=["../../site/services.yaml", "..%2f..%2fx.jpg"], **{"shows/../../site/services.yaml": "X"})
    assert list(writing.written()) == []
    address = f"{user.home}drafts/{writing.id}/pictures/..%2f..%2fsite%2fservices.yaml"
    assert user.client.get(address).status_code == 404


def test_a_form_can_be_no_larger_than_before(user: DeskUser, writing: Writing) -> None:
    answer = user.client.post(
        f"{user.home}drafts/{writing.id}",
        data={"form-token": user.guard.form_token, "text": "x" * 300_000},
        headers=BROWSER,
    )
    assert answer.status_code == 413
