"""`statusgen diff` tells in sentences what residents will see change, against whatever is published now."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from statusgen.cli.main import main
from tests.cities import town
from tests.served import served
from tests.test_record import Repository

SERVICES = """\
  - name: Trash
  - name: Pay a bill
    channels: [{kind: online}, {kind: phone, phone: 555-0100}]
"""
POST = """\
---
title: Bills cannot be paid online
started: 2024-05-05 08:00
services:
  pay-a-bill/online: {status: down, do: Call us.}
waivers: [{id: fees, services: [pay-a-bill], what: No late fees}]
---
We are looking into it.
"""
NEXT = """\

## 2024-05-05 12:00 Identified
services: {pay-a-bill/phone: down}
expected: {by: 2024-05-09, basis: the vendor}

The phone line is down too.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return town(tmp_path, SERVICES, POST).folder


def run(*words: str, code: int = 0) -> list[str]:
    result = CliRunner().invoke(main, words)
    assert result.exit_code == code, result.output
    return result.output.splitlines()


def said(folder: Path, *words: str) -> list[str]:
    """The sentences, without the line that says what was compared."""
    return run("diff", "--source", str(folder), "--at", "2024-05-05 20:00", *words)[1:]


def build(folder: Path) -> Path:
    run("build", "--source", str(folder), "--at", "2024-05-05 20:00")
    return folder / "site"


def change(folder: Path, text: str) -> None:
    (folder / "incidents" / "post-1.md").write_text(text, encoding="utf-8")


EXPECTED = [
    "- Pay a bill: Not available (before: Partly working).",
    "- Pay a bill, By phone: Not available (before: Working).",
    "- Pay a bill: Expected back by May 9, 2024. Based on: the vendor.",
    '- Bills cannot be paid online: new update of 2024-05-05T12:00:00-05:00, "The phone line is down too.".',
    "- Bills cannot be paid online: Cause found (before: Investigating).",
]


def test_against_the_site_that_was_built_before(folder: Path) -> None:
    build(folder)
    change(folder, POST + NEXT)
    assert said(folder) == EXPECTED


def test_against_a_live_site(folder: Path, tmp_path: Path) -> None:
    live = shutil.move(build(folder), tmp_path / "live")
    change(folder, POST + NEXT)
    with served(Path(live)) as address:
        assert said(folder, "--against", address) == EXPECTED


def test_against_a_revision(tmp_path: Path) -> None:
    city = Repository(tmp_path / "city")
    town_folder = tmp_path / "town"
    town_folder.mkdir()
    services = town(town_folder, SERVICES).folder / "services.yaml"
    files: dict[str, str | None] = {
        "services.yaml": services.read_text(encoding="utf-8"),
        "incidents/post-1.md": POST,
    }
    city.commit("2024-05-05 08:20", files)
    change(city.folder, POST + NEXT)
    assert said(city.folder) == EXPECTED  # nothing was built, so it is the last commit
    assert said(city.folder, "--against", "HEAD") == EXPECTED
    run("diff", "--source", str(city.folder), "--against", "no-such-thing", code=1)
    run("diff", "--source", str(city.folder), "--against", "--output=/tmp/x", code=1)


def test_nothing_to_tell(folder: Path) -> None:
    build(folder)
    assert said(folder) == ["Residents will see no change."]


def test_words_that_were_changed_and_updates_that_were_taken_out(folder: Path) -> None:
    change(folder, POST + NEXT)
    build(folder)
    change(folder, POST.replace("looking into it", "working on it").replace("Call us", "Call 555-0100"))
    told = said(folder)
    title = "- Bills cannot be paid online"
    assert f"{title}: the update of 2024-05-05T08:00:00-05:00 is changed: its text, what it says of services." in told
    assert f"{title}: the update of 2024-05-05T12:00:00-05:00 is taken out." in told
    assert '- Pay a bill: what to do is now "Call 555-0100.".' in told


def test_services_posts_and_waivers_that_come_and_go(folder: Path) -> None:
    build(folder)
    file = folder / "services.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("  - name: Trash\n", "  - name: Permits\n"), encoding="utf-8")
    change(folder, POST.replace("waivers: [{id: fees, services: [pay-a-bill], what: No late fees}]\n", ""))
    (folder / "incidents" / "post-2.md").write_text(POST.replace("paid online", "sent"), encoding="utf-8")
    told = said(folder)
    assert "- New service: Permits (Working)." in told
    assert "- No longer listed: Trash." in told
    assert "- New post: Bills cannot be sent." in told
    (folder / "incidents" / "post-1.md").unlink()
    assert "- Gone, with its page: Bills cannot be paid online." in said(folder)


def test_what_cannot_be_read_is_told_in_words(folder: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    [line] = run("diff", "--source", str(folder), "--against", str(empty), code=1)
    assert line.startswith(f"{empty} is no built site of this version")
    [line] = run("diff", "--source", str(folder), "--against", "http://127.0.0.1:9/", code=1)
    assert line.startswith("http://127.0.0.1:9/history.json cannot be read")
