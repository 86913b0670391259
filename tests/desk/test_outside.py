"""What the desk knows of residents' page and of colleagues; what nobody was asked about, it does not tell."""

from pathlib import Path

import pytest

from statusgen.desk.desk import Desk
from statusgen.desk.outside import Outside, look_outside
from tests.support.two_laptops import SERVICES, Server, home

SILENT = SERVICES.replace("https://springfield.example/", "http://127.0.0.1:9/")


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


def test_a_page_that_does_not_answer_is_told(tmp_path: Path) -> None:
    found = look(write_site(tmp_path / "city"))
    assert found.asked_at
    assert not found.is_reached


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
