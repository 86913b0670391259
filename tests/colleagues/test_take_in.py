"""What colleagues share comes into a folder that nobody writes in, and into no other."""

from pathlib import Path

import pytest

from statusgen.colleagues.take_in import take_in
from tests.support.two_laptops import FILE, Laptop, Server


def say_more(laptop: Laptop) -> None:
    laptop.add("2024-05-05 09:00", "The second truck is out.")
    laptop.share()


def test_what_a_colleague_shared_comes_in(ann: Laptop, ben: Laptop) -> None:
    say_more(ann)
    news = take_in(ben.site)
    assert news
    assert news.is_here
    assert [change.author for change in news.changes] == ["Ann"]
    assert ben.read() == ann.read()
    assert ben.git("status", "--porcelain") == ""
    again = take_in(ben.site)
    assert again
    assert again.changes == ()


@pytest.mark.parametrize("is_committed", [False, True])
def test_a_folder_that_somebody_wrote_in_stays_as_it_is(ann: Laptop, ben: Laptop, is_committed: bool) -> None:
    say_more(ann)
    ben.write("incidents/2024-05-05-water.md", ben.read().replace("Trash", "Water"))
    if is_committed:
        ben.git("add", "--all")
        ben.git("commit", "--quiet", "--message=Water")
    before = ben.git("rev-parse", "HEAD"), ben.git("status", "--porcelain")
    news = take_in(ben.site)
    assert news
    assert not news.is_here
    assert [change.author for change in news.changes] == ["Ann"]
    assert "second truck" not in ben.read(FILE)
    assert (ben.git("rev-parse", "HEAD"), ben.git("status", "--porcelain")) == before


def test_colleagues_who_cannot_be_reached_are_named_as_such(server: Server, ben: Laptop) -> None:
    server.origin.rename(server.folder / "moved.git")
    before = ben.git("rev-parse", "HEAD")
    news = take_in(ben.site)
    assert news
    assert news.why
    assert ben.git("rev-parse", "HEAD") == before


def test_a_folder_without_git_has_no_colleagues(tmp_path: Path) -> None:
    (tmp_path / "alone").mkdir()
    assert take_in(tmp_path / "alone") is None
