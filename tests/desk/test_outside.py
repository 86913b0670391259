"""What the desk knows of residents' page and of colleagues; what nobody was asked about, it does not tell."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from statusgen.cli.main import main
from statusgen.desk.desk import Desk
from statusgen.desk.outside import Outside, look_outside
from statusgen.desk.words import show_address
from tests.support.two_laptops import SERVICES, Server, home
from tests.support.web_server import serve_folder
from tests.support.writer import at_the_desk, make_services

# Nothing listens there, and to the other no network has a way.
REFUSED, NOWHERE = "http://127.0.0.1:9/", "http://255.255.255.255/"
SILENT = SERVICES.replace("https://springfield.example/", NOWHERE)


def look(folder: Path, before: Outside = Outside()) -> Outside:  # noqa: B008 - it cannot be changed
    desk = Desk(folder)
    return look_outside(folder, lambda: desk.read_site().site, before)


def write_site(folder: Path, more: str = "") -> Path:
    """Write a site whose page does not answer; `more` is more about it."""
    folder.mkdir()
    (folder / "services.yaml").write_text(SILENT.replace("site: {", f"site: {{{more}"), encoding="utf-8")
    return folder


def test_a_demonstration_on_one_computer_says_nothing_of_the_network(tmp_path: Path) -> None:
    assert look(write_site(tmp_path / "city", "demonstration: Only an example, ")) == Outside()


def words_of(folder: Path) -> str:
    """Return what the head of the desk, and its first screen, say."""
    with at_the_desk(folder) as writer:
        writer.desk.watcher.outside = look(folder)
        return writer.open("")


def make_city(folder: Path, url: str, copy: str = "") -> Path:
    """Write a site, with a second place whose address is `copy`."""
    (folder / "incidents").mkdir(parents=True)
    services = make_services(url, {"main": folder.parent / "main", "spare": folder.parent / "spare"} if copy else {})
    services = services.replace(
        f"'file://{folder.parent / 'spare'}'", f"'file://{folder.parent / 'spare'}', url: '{copy}'"
    )
    (folder / "services.yaml").write_text(services, encoding="utf-8")
    return folder


def test_without_a_way_to_anybody_there_is_no_network(tmp_path: Path) -> None:
    words = words_of(make_city(tmp_path / "city", NOWHERE))
    assert "No network. What you write is kept here." in words
    assert "does not answer" not in words


def test_a_page_that_does_not_answer_is_no_missing_network(tmp_path: Path) -> None:
    words = words_of(make_city(tmp_path / "city", REFUSED))
    assert "127.0.0.1:9 does not answer. What you write is kept here." in words
    assert "No network" not in words


def test_a_page_that_was_never_published_is_no_trouble(tmp_path: Path) -> None:
    with serve_folder(tmp_path) as url:
        words = words_of(make_city(tmp_path / "city", url))
    assert "No network" not in words
    assert "does not answer" not in words


def test_a_copy_that_answers_is_named(tmp_path: Path) -> None:
    (tmp_path / "spare").mkdir()
    with serve_folder(tmp_path / "spare" / "current") as copy:
        city = make_city(tmp_path / "city", REFUSED, copy)
        published = CliRunner().invoke(main, ["publish", "spare", "--source", str(city)])
        assert published.exit_code == 0, published.output
        words = words_of(city)
    assert f"127.0.0.1:9 does not answer; {show_address(copy)} does. Residents see the page of " in words
    assert "127.0.0.1:9 does not answer, so residents read nothing there." in words
    assert "No network" not in words


@pytest.mark.parametrize("is_there", [True, False])
def test_colleagues_are_asked_too(tmp_path: Path, is_there: bool) -> None:
    with home(tmp_path / "home"):
        server = Server(tmp_path)
        ann, ben = server.laptop("Ann"), server.laptop("Ben")
        ben.write("services.yaml", SILENT)
        ben.share()
        ann.share()
        ann.add("2024-05-05 09:00", "The second truck is out.")
        ann.share()
        if not is_there:
            server.origin.rename(tmp_path / "moved.git")
        found = look(ben.site)
        assert found.is_reached == is_there
        assert [change.author for change in found.news] == (["Ann"] if is_there else [])
