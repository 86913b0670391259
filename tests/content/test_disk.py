"""Files that are missing, unreadable or links elsewhere are reported; nothing hangs or is skipped silently."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from statusgen.cli.main import main
from statusgen.content import disk, reader
from statusgen.content.disk import read_file as content_of
from statusgen.content.images.images import MAX_IMAGE_BYTES
from statusgen.content.reader import Content, read_content
from statusgen.git import read_revision
from statusgen.lint.mistakes import find_mistakes
from statusgen.problems import InvalidValue
from statusgen.wording.interface import available_languages

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
services: {trash: degraded}
---
"""
PNG = (Path(__file__).parent / "pictures/photo.png").read_bytes()
PATIENCE = 60  # seconds until a hanging test is given up; no test waits for it to pass

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


@pytest.fixture
def city(tmp_path: Path) -> Path:
    folder = tmp_path / "city"
    write(folder, "services.yaml", SERVICES)
    write(folder, "incidents/2024-05-05-trash.md", POST)
    return folder


def write(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def read_city(city: Path) -> Content:
    return read_content(city, available_languages())


def find_messages(city: Path) -> list[str]:
    found = read_city(city)
    problems = found.problems + (list(find_mistakes(found.site, found.texts)) if found.site else [])
    return [str(problem) for problem in problems]


def incident_ids(city: Path) -> list[str]:
    site = read_city(city).site
    assert site
    return [incident.id for incident in site.incidents]


def test_a_sound_folder_has_nothing_to_tell(city: Path) -> None:
    assert find_messages(city) == []


def test_posts_may_lie_in_folders_of_their_own(city: Path) -> None:
    write(city, "incidents/2023/storm/2023-01-01-snow.md", POST)
    assert incident_ids(city) == ["2023-01-01-snow", "2024-05-05-trash"]
    assert find_messages(city) == []


def test_hidden_files_and_what_file_browsers_leave_is_passed_over(city: Path) -> None:
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", ".2024-05-05-trash.md.swp", ".git/notes.md"):
        write(city, f"incidents/{name}", b"\xff")
    assert find_messages(city) == []


# Links


@posix
def test_links_within_the_site_are_followed(city: Path) -> None:
    write(city, "shared/services.yaml", SERVICES)
    write(city, "shared/snow.md", POST)
    (city / "services.yaml").unlink()
    (city / "services.yaml").symlink_to("shared/services.yaml")
    (city / "incidents/2024-05-06-snow.md").symlink_to("../shared/snow.md")
    assert incident_ids(city) == ["2024-05-05-trash", "2024-05-06-snow"]
    assert find_messages(city) == []


@posix
def test_a_link_out_of_the_site_is_not_followed(city: Path) -> None:
    secret = write(city.parent, "secret.md", POST)
    (city / "incidents/secret.md").symlink_to(secret)
    assert find_messages(city) == [
        "incidents/secret.md:1: This is a link to a file outside this site. Replace it with the file itself."
    ]


def test_a_path_of_its_own_is_not_followed(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = write(city.parent, "secret.md", POST)
    monkeypatch.chdir(city)
    for folder, file in ((Path(), secret), (city, city / "../secret.md"), (city, secret)):
        with pytest.raises(InvalidValue, match="outside this site"):
            content_of(folder, file, 1000)


@posix
@pytest.mark.parametrize("target", ["nowhere.md", "loop.md"])
def test_a_link_that_leads_nowhere_is_told(city: Path, target: str) -> None:
    (city / "incidents/loop.md").symlink_to(target)
    assert find_messages(city) == [
        "incidents/loop.md:1: This is a link that leads nowhere. Replace it with the file itself."
    ]


@posix
@pytest.mark.parametrize("target", ["/", "..", "."])
def test_a_link_to_a_folder_is_not_followed(city: Path, target: str) -> None:
    (city / "incidents/all").symlink_to(target)
    assert find_messages(city) == [
        "incidents/all:1: This is a link, and links to folders are not followed. Replace it with the folder itself."
    ]


@posix
def test_a_picture_behind_a_link_out_of_the_site_is_not_published(city: Path) -> None:
    write(city.parent, "map.png", PNG)
    write(city, "incidents/2024-05-05-trash.md", f"{POST}![The map](files/map.png)\n\n![The map](far/map.png)\n")
    (city / "incidents/files").mkdir()
    (city / "incidents/files/map.png").symlink_to("../../../map.png")
    (city / "incidents/far").symlink_to(city.parent)
    site = read_city(city)
    assert site.site
    assert site.site.images == ()
    assert [str(problem) for problem in site.problems] == [
        'incidents/2024-05-05-trash.md:6: The picture "files/map.png" cannot be used. This is a link to a file outside '
        "this site. Replace it with the file itself.",
        'incidents/2024-05-05-trash.md:8: The picture "far/map.png" cannot be used. This is a link to a file outside '
        "this site. Replace it with the file itself.",
        "incidents/far:1: This is a link, and links to folders are not followed. Replace it with the folder itself.",
    ]


@posix
def test_a_link_to_a_hidden_file_is_not_followed(city: Path) -> None:
    """Git's configuration has the password of the person who fetched the folder."""
    write(city, ".git/config", "secret")
    (city / "incidents/secret.md").symlink_to("../.git/config")
    assert find_messages(city) == [
        "incidents/secret.md:1: This is a link to a hidden file. Replace it with the file itself."
    ]


@posix
@pytest.mark.parametrize("swapped", ["incidents/snow.md", "incidents", "incidents/2024"])
@pytest.mark.parametrize("is_link", [False, True])
def test_a_file_that_becomes_a_link_while_it_is_read_leads_nowhere(
    city: Path, swapped: str, is_link: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The moment between looking at a file and opening it is when a program of an attacker puts a link there."""
    name = "incidents/2024/snow.md" if swapped == "incidents/2024" else "incidents/snow.md"
    for folder in (city, city.parent / "elsewhere"):
        write(folder, name, POST if folder == city else "secret")
    file, whole = city / name, disk.open_inside
    if is_link:
        file = city / "services.yaml"
        file.unlink()
        file.symlink_to(name)

    def swap_before(root: str, inner: Sequence[str]) -> int:
        (city / swapped).rename(city / "away")
        (city / swapped).symlink_to(city.parent / "elsewhere" / swapped)
        return whole(root, inner)

    monkeypatch.setattr(disk, "open_inside", swap_before)
    with pytest.raises(InvalidValue, match="cannot be read"):
        content_of(city, file, 1000)


@posix
def test_a_file_that_becomes_a_pipe_while_it_is_read_is_not_waited_for(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = disk.open_inside

    def swap_before(root: str, inner: Sequence[str]) -> int:
        Path(root, *inner).unlink()
        os.mkfifo(Path(root, *inner))
        return whole(root, inner)

    monkeypatch.setattr(disk, "open_inside", swap_before)
    with pytest.raises(InvalidValue, match="not an ordinary file"):
        content_of(city, city / "services.yaml", 1000)


@posix
@pytest.mark.parametrize("room", ["incidents", "templates", "static"])
def test_folders_within_each_other_without_end(city: Path, room: str) -> None:
    place = os.open(city, os.O_RDONLY)
    for name in (room, *["d"] * 1000):
        with suppress(FileExistsError):
            os.mkdir(name, dir_fd=place)
        outer, place = place, os.open(name, os.O_RDONLY, dir_fd=place)
        os.close(outer)
    os.close(os.open("deep.md", os.O_CREAT | os.O_WRONLY, dir_fd=place))
    os.close(place)
    for words in (["check"], ["build", "--output", str(city.parent / "site")]):
        said = CliRunner().invoke(main, [*words, "--source", str(city)], catch_exceptions=False).output
        # `check` does not read templates, and nothing reads folders in static/.
        is_read = room == "incidents" or (room == "templates" and words[0] == "build")
        assert ("More than 30 folders are nested inside each other here." in said) == is_read
    assert len(list(reader.list_source_files(city))) == 3
    subprocess.run(["rm", "-r", str(city / room)], check=True)  # pytest could not


# What is no file


@posix
@pytest.mark.parametrize("name", ["services.yaml", "incidents/pipe.md", "incidents/files/map.png", "static/logo.png"])
def test_a_pipe_is_told_and_not_waited_for(city: Path, name: str) -> None:
    write(city, "services.yaml", SERVICES.replace("services:", "  logo: static/logo.png\nservices:"))
    write(city, "static/logo.png", PNG)
    write(city, "incidents/files/map.png", PNG)
    write(city, "incidents/2024-05-05-trash.md", f"{POST}![The map](files/map.png)\n")
    (city / name).unlink(missing_ok=True)
    os.mkfifo(city / name)
    command = [sys.executable, "-m", "statusgen", "check", "--source", str(city)]
    result = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False)
    assert result.returncode == 1
    assert "This is not an ordinary file. Delete it, or replace it with an ordinary file." in result.stdout
    assert result.stderr == ""


def test_a_folder_instead_of_the_services_is_told(city: Path) -> None:
    (city / "services.yaml").unlink()
    (city / "services.yaml").mkdir()
    assert find_messages(city) == [
        "services.yaml:1: This is a folder, not a file. Give it a name without an extension, or delete it."
    ]


def test_a_folder_instead_of_a_picture_is_told(city: Path) -> None:
    (city / "incidents/map.png").mkdir()
    write(city, "incidents/2024-05-05-trash.md", f"{POST}![The map](map.png)\n")
    assert [re.sub(r": .* cannot be used\. ", ": ", message) for message in find_messages(city)] == [
        "incidents/2024-05-05-trash.md:6: This is a folder, not a file. "
        "Give it a name without an extension, or delete it."
    ]


# What cannot be read

as_somebody = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="the administrator may read everything"
)


@as_somebody
def test_a_post_that_may_not_be_read_is_told(city: Path) -> None:
    (city / "incidents/2024-05-05-trash.md").chmod(0)
    assert find_messages(city) == [
        "incidents/2024-05-05-trash.md:1: This file cannot be read (Permission denied). "
        "Check its name and its permissions."
    ]


@as_somebody
def test_a_folder_that_may_not_be_read_is_told(city: Path) -> None:
    (city / "incidents").chmod(0)
    messages = find_messages(city)
    (city / "incidents").chmod(0o755)
    assert messages == [
        "incidents:1: This folder cannot be read (Permission denied). "
        "Make sure that it is a folder, and check its permissions."
    ]


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(5, "Input/output error")])
def test_whatever_the_disk_refuses_is_told(city: Path, error: OSError, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = disk.open_inside

    def refuse(root: str, inner: Sequence[str]) -> int:
        if inner[-1] == "2024-05-05-trash.md":
            raise error
        return whole(root, inner)

    monkeypatch.setattr(disk, "open_inside", refuse)
    assert find_messages(city) == [
        f"incidents/2024-05-05-trash.md:1: This file cannot be read ({error.strerror}). "
        "Check its name and its permissions."
    ]


def test_a_file_that_is_too_large_is_not_read(city: Path) -> None:
    with (city / "incidents/large.md").open("wb") as file:
        file.truncate(3_000_000_000)
    with write(city, "incidents/map.png", PNG).open("r+b") as file:
        file.truncate(MAX_IMAGE_BYTES + 1)
    write(city, "incidents/2024-05-05-trash.md", f"{POST}![The map](map.png)\n")
    assert find_messages(city) == [
        'incidents/2024-05-05-trash.md:6: The picture "map.png" cannot be used. This file is larger than 5 MB. '
        "Make it smaller.",
        "incidents/large.md:1: This file is larger than 2 MB. Make it smaller, or split it.",
    ]


# Names


@posix
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"a\nb.md", "a\\nb.md"),
        (b"caf\xe9.md", "caf\\udce9.md"),
        (b"\x1b[31m.md", "\\x1b[31m.md"),
        ("\u202edm.x".encode(), "\\u202edm.x"),
    ],
)
def test_a_name_that_cannot_be_shown_is_told_in_letters_that_can(city: Path, name: bytes, shown: str) -> None:
    try:
        Path(os.fsdecode(os.fsencode(city / "incidents") + b"/" + name)).write_text(POST)
    except OSError:
        pytest.skip("this disk stores no such names")
    what = "The name of this file contains characters that cannot be shown. Rename it."
    assert find_messages(city) == [f"incidents/{shown}:1: {what}"]


@posix
@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("a:b.md", "a-b.md"),
        ("what?.md", "what.md"),
        ("<script>.md", "script.md"),
        ('"quoted".md', "quoted.md"),
        ("a*b.md", "a-b.md"),
        ("a|b.md", "a-b.md"),
        ("a\\b.md", "a-b.md"),
        (" water .md", "water.md"),
        ("water;rm -rf ~.md", "water-rm-rf.md"),
        ("$(reboot).md", "reboot.md"),
        ("{{ x }}.md", "x.md"),
        ("=1+1.md", "1-1.md"),
        ("-rf.md", "rf.md"),
    ],
)
def test_a_name_that_other_systems_or_programs_would_misread_is_told(city: Path, name: str, better: str) -> None:
    write(city, f"incidents/{name}", POST)
    assert len(find_messages(city)) == 1
    assert "whose name becomes its address" in find_messages(city)[0]
    assert find_messages(city)[0].endswith(f'cannot be an address. Rename it to "{better}".')


@pytest.mark.parametrize("name", ["con", "prn", "aux", "nul", "com1", "lpt9"])
def test_a_name_that_windows_keeps_for_itself_is_told(city: Path, name: str) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows makes no such files")
    write(city, f"incidents/{name}.md", POST)
    what = f'Every .md file here is a post whose name becomes its address, and "{name}" cannot be an address.'
    assert find_messages(city) == [f'incidents/{name}.md:1: {what} Rename it to "{name}-1.md".']


def test_a_name_that_is_too_long_is_told(city: Path) -> None:
    write(city, f"incidents/{'w' * 240}.md", POST)
    assert len(find_messages(city)) == 1
    assert find_messages(city)[0].endswith(f'Rename it to "{"w" * 100}.md".')


def test_fifty_thousand_files_that_are_none_of_ours_are_told(city: Path) -> None:
    for number in range(50_000):
        os.close(os.open(city / "incidents" / f"{number}.txt", os.O_CREAT | os.O_WRONLY))
    messages = find_messages(city)
    assert len(messages) == 50_000
    assert all("neither a post nor a picture" in message for message in messages)


def test_names_are_the_same_however_their_accents_are_written(city: Path) -> None:
    write(city, "incidents/2024/2024-05-06-agua-fri\u0301a.md", POST)
    assert incident_ids(city) == ["2024-05-05-trash", "2024-05-06-agua-fr\u00eda"]
    write(city, "incidents/2025/2024-05-06-agua-fr\u00eda.md", POST)
    assert len(find_messages(city)) == 1
    assert "Rename one of the two files." in find_messages(city)[0]


def test_pictures_whose_names_differ_only_in_capital_letters_are_told(city: Path) -> None:
    write(city, "incidents/map.png", PNG)
    write(city, "incidents/Map.png", PNG)
    if len(list((city / "incidents").glob("*.png"))) == 1:
        pytest.skip("this disk takes the two names for one")
    write(city, "incidents/2024-05-05-trash.md", f"{POST}![The map](map.png) ![The map](Map.png)\n")
    assert find_messages(city) == [
        'incidents/2024-05-05-trash.md:1: The names "incidents/Map.png" and "incidents/map.png" differ only in upper '
        "and lower case. Rename one of the two pictures."
    ]


def test_a_picture_may_have_a_space_in_its_name(city: Path) -> None:
    write(city, "incidents/files/the map.png", PNG)
    write(city, "incidents/2024-05-05-trash.md", f"{POST}![One](files/the%20map.png) ![Two](<files/the map.png>)\n")
    site = read_city(city).site
    assert site
    assert [image.path for image in site.images] == ["incidents/files/the map.png"]
    assert find_messages(city) == []


def test_the_logo_may_be_a_picture_of_a_post(city: Path) -> None:
    write(city, "incidents/files/map.png", PNG)
    write(city, "services.yaml", SERVICES.replace("services:", "  logo: incidents/files/map.png\nservices:"))
    write(city, "incidents/2024-05-05-trash.md", f"{POST}![The map](files/map.png)\n")
    site = read_city(city).site
    assert site
    assert site.logo
    assert site.images == ()
    assert find_messages(city) == []


def test_a_site_needs_no_incidents(city: Path) -> None:
    shutil.rmtree(city / "incidents")
    assert incident_ids(city) == []
    assert find_messages(city) == []


def test_the_revision_is_that_of_the_content(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, "-C", str(tmp_path), *arguments], check=True, capture_output=True)

    services = tmp_path / "services.yaml"
    services.write_text("services: []\n", encoding="utf-8")
    assert read_revision(tmp_path) is None
    git("init")
    git("add", ".")
    git("commit", "-m", "Begin.")
    first = read_revision(tmp_path)
    assert first is not None
    assert re.fullmatch("[0-9a-f]{10}", first)
    (tmp_path / "notes.txt").write_text("Not content.\n", encoding="utf-8")
    git("add", ".")
    git("commit", "-m", "Take notes.")
    assert read_revision(tmp_path) == first
    services.write_text("services: [] # changed\n", encoding="utf-8")
    assert read_revision(tmp_path) == f"{first}+"


def test_a_post_that_vanishes_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "services.yaml").write_text(SERVICES)
    (tmp_path / "incidents").mkdir()
    post = tmp_path / "incidents" / "post-1.md"
    post.write_text(POST)

    def delete_first(folder: Path, file: Path, max_bytes: int) -> bytes:
        if file == post:
            post.unlink()
        return content_of(folder, file, max_bytes)

    monkeypatch.setattr(reader, "read_file", delete_first)
    problems = reader.read_content(tmp_path, ("en",)).problems
    assert [str(problem) for problem in problems] == [
        "incidents/post-1.md:1: This file vanished while it was being read. "
        "Check again; if another program is changing the folder, wait until it is done."
    ]
