"""What was sent where is public, if the site wants that; addresses never are."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from statusgen.cli.load import load_site
from statusgen.cli.main import main
from statusgen.notify.told import add_told
from tests.support.mail_server import MailServer, agree
from tests.support.notifying import BILL, LIST, NotifyingTown, moment
from tests.support.sample_sites import Page

MASTODON = LIST.replace("water-list", "second").replace("the water-bill list", "{en: Neighbors, es: Vecinos}")
UNNAMED = LIST.replace("water-list", "third").replace("name: the water-bill list, ", "")


def build(town: NotifyingTown, at: str) -> dict[str, bytes]:
    """Build the site, and return its files."""
    environment = {"SOURCE_DATE_EPOCH": str(int(moment(at).timestamp()))}
    target = town.folder.parent / f"built-{at[-5:]}"
    result = CliRunner().invoke(main, ["build", "--source", str(town.folder), "--output", str(target)], env=environment)
    assert result.exit_code == 0, result.output
    return {path.relative_to(target).as_posix(): path.read_bytes() for path in target.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def told_town(tmp_path_factory: pytest.TempPathFactory, running_mail_server: MailServer) -> NotifyingTown:
    """A town that has told two lists, one of them perhaps."""
    post_office = running_mail_server
    town = NotifyingTown(tmp_path_factory.mktemp("told") / "town", {"STATUSGEN_SMTP": post_office.address})
    town.set_up(LIST, MASTODON, UNNAMED, settings="show: true", site="languages: [en, es]")
    town.write("bill", BILL)
    town.publish("2024-05-05 16:00")
    town.notify("--channel", "water-list", at="2024-05-05 16:02")
    town.notify("--channel", "third", at="2024-05-05 16:02")
    post_office.after_taking = hang_up
    town.notify("--channel", "second", at="2024-05-05 16:03")
    post_office.after_taking = agree
    return town


def hang_up() -> str:
    raise ConnectionResetError


@pytest.fixture(scope="module")
def files(told_town: NotifyingTown) -> Mapping[str, bytes]:
    """The site of that town."""
    return build(told_town, "2024-05-05 17:00")


def test_the_page_of_the_update_says_it(files: Mapping[str, bytes]) -> None:
    words = Page(files["incidents/bill/index.html"].decode()).words
    assert "Sent to the water-bill list: 4:02 PM. Neighbors: it is not known whether this was sent." in words
    spanish = Page(files["es/incidents/bill/index.html"].decode()).words
    assert "Vecinos: no se sabe si se envió." in spanish


def test_the_data_says_it(files: Mapping[str, bytes]) -> None:
    (update,) = json.loads(files["incidents/bill/incident.json"])["updates"]
    sent, unknown = update["told"]
    assert (sent["channel"], sent["known"], sent["at"]) == ("the water-bill list", True, "2024-05-05T16:02:00-05:00")
    assert (unknown["channel"], unknown["known"]) == ("Neighbors", False)
    (incident,) = json.loads(files["status.json"])["incidents"]
    assert incident["told"] == [sent, unknown]


def test_no_address_is_published(files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        assert b"water@lists" not in content, path
        assert b"status@springfield" not in content, path
        assert b"water-list" not in content, path


def test_a_moment_before_it_was_sent_does_not_say_it(told_town: NotifyingTown) -> None:
    assert b"Sent to" not in build(told_town, "2024-05-05 16:01")["incidents/bill/index.html"]


def test_a_site_that_does_not_want_it_says_nothing(town: NotifyingTown) -> None:
    town.set_up(LIST)
    town.write("bill", BILL)
    town.tell(at="2024-05-05 16:02")
    site = add_told(load_site(town.folder), town.folder)
    assert [update.told for update in site.incidents[0].updates] == [()]


def test_a_build_from_a_fresh_clone_knows_it(town: NotifyingTown, tmp_path: Path) -> None:
    town.set_up(LIST, settings="show: true")
    town.write("bill", BILL)
    town.share(tmp_path / "origin.git")
    town.tell(at="2024-05-05 16:02")
    clone = town.clone(tmp_path / "origin.git", tmp_path / "clone")
    page = Page(build(clone, "2024-05-05 17:00")["incidents/bill/index.html"].decode())
    assert "Sent to the water-bill list: 4:02 PM." in page.words


@pytest.mark.parametrize("what", ["pipe", "link", "folder behind a link"])
def test_what_is_no_record_neither_holds_up_nor_is_written(what: str, tmp_path: Path) -> None:
    town = NotifyingTown(tmp_path / "town", {"STATUSGEN_SMTP": "smtp://127.0.0.1:1"})
    town.set_up(LIST, settings="show: true")
    town.write("bill", BILL)
    town.publish("2024-05-05 08:10")
    folder, elsewhere = town.folder / ".statusgen-sent", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "sent.jsonl").write_text("precious")
    if what == "folder behind a link":
        folder.symlink_to(elsewhere)
    else:
        folder.mkdir()
        if what == "pipe":
            os.mkfifo(folder / "sent.jsonl")
        else:
            (folder / "sent.jsonl").symlink_to(elsewhere / "sent.jsonl")
    built = CliRunner().invoke(main, ["build", "--source", str(town.folder), "--output", str(tmp_path / "built")])
    for result in (built, town.notify(at="2024-05-05 08:10")):
        assert result.exit_code == 1
        assert ".statusgen-sent/sent.jsonl cannot be opened" in result.output
    assert [each.name for each in elsewhere.iterdir()] == ["sent.jsonl"]
    assert (elsewhere / "sent.jsonl").read_text() == "precious"
