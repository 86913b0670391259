"""What subscribers notice: one new item for each update, and nothing else, ever, in two feed readers."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from reader import make_reader

from tests.support.feeds import NETWORK, NETWORK_FILE, TRASH, TRASH_FILE, Springfield, entry_ids
from tests.support.web_server import serve_folder


class Reader:
    """`reader`, a library that feed readers for the web are made with; it follows one feed in several formats."""

    def __init__(self, *urls: str) -> None:
        self.reader = make_reader(":memory:")
        for url in urls:
            self.reader.add_feed(url)

    def close(self) -> None:
        self.reader.close()

    def new(self) -> int:
        """Fetch the feed; return how many items are unread, and mark them as read."""
        updates = list(self.reader.update_feeds_iter(scheduled=False))
        assert not [update for update in updates if isinstance(update.value, Exception)]
        entries = list(self.reader.get_entries(read=False))
        for entry in entries:
            self.reader.mark_entry_as_read(entry)
        (new,) = {sum(entry.feed_url == url for entry in entries) for url, _ in updates}
        return new


class Newsboat:
    """Newsboat, a reader for the terminal."""

    def __init__(self, folder: Path, *urls: str) -> None:
        self.folder, self.site = folder, folder / "site"
        (folder / "urls").write_text("".join(f"{url}\n" for url in urls), encoding="utf-8")
        (folder / "config").touch()

    def new(self) -> int:
        """Fetch the feed; return how many items are unread, and mark them as read."""
        assert self.run("--execute=reload") == ""
        unread = self.run("--execute=print-unread")
        read = entry_ids((self.site / "feed.xml").read_bytes())
        (self.folder / "read").write_text("".join(f"{id}\n" for id in read), encoding="utf-8")
        self.run("--import-from-file=read")
        found = re.fullmatch(r"(\d+) unread articles\n", unread)
        assert found, unread
        return int(found[1])

    def run(self, argument: str) -> str:
        program = shutil.which("newsboat")
        assert program, "`make test` installs it"
        ran = subprocess.run(
            [program, "--url-file=urls", "--cache-file=cache.db", "--config-file=config", argument],
            cwd=self.folder,
            env={**os.environ, "HOME": str(self.folder)},
            capture_output=True,
            check=True,
            encoding="utf-8",
        )
        return ran.stdout


class Subscription:
    """A subscriber of the feeds of a small city."""

    def __init__(self, city: Springfield, client: Reader | Newsboat) -> None:
        self.city, self.client = city, client

    def new(self, at: str = "2024-06-01T00:00-05:00") -> int:
        """Publish the site at this moment; return how many items are new."""
        self.city.publish(at)
        return self.client.new()


@pytest.fixture(params=["reader", "newsboat"])
def subscription(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Subscription]:
    city = Springfield(tmp_path)
    with serve_folder(city.publish()) as url:
        if request.param == "newsboat":
            yield Subscription(city, Newsboat(tmp_path, f"{url}feed.xml"))
        else:
            with closing(Reader(f"{url}feed.xml", f"{url}atom.xml", f"{url}feed.json")) as reader:
                yield Subscription(city, reader)


def test_a_subscriber_has_every_item_once(subscription: Subscription) -> None:
    assert subscription.new() == 6
    assert subscription.new() == 0


def test_a_new_update_is_exactly_one_new_item(subscription: Subscription) -> None:
    subscription.new()
    subscription.city.write(TRASH_FILE, TRASH + "\n## 2024-05-10 12:00 Update\n\nStill late.\n")
    assert subscription.new() == 1
    assert subscription.new() == 0


def test_a_correction_is_one_too(subscription: Subscription) -> None:
    subscription.new()
    correction = "\n## 2024-05-10 12:00 Correction\ncorrects: 2024-05-05\nwrong: Late.\nright: Not late.\n"
    subscription.city.write(TRASH_FILE, TRASH + correction)
    assert subscription.new() == 1


def test_a_fixed_typo_is_not_an_item(subscription: Subscription) -> None:
    subscription.new()
    fixed = NETWORK.replace("The network is down", "The whole network is down").replace("work on it", "work hard")
    subscription.city.write(NETWORK_FILE, fixed)
    assert subscription.new() == 0


def test_a_build_at_a_later_moment_is_none(subscription: Subscription) -> None:
    subscription.new()
    assert subscription.new("2025-01-01T00:00-06:00") == 0


def test_an_update_dated_ahead_is_new_when_its_time_has_come(subscription: Subscription) -> None:
    assert subscription.new("2024-05-08T11:59-05:00") == 4
    assert subscription.new("2024-05-08T12:00-05:00") == 1


def test_newsboat_shows_an_update_once_to_those_who_follow_several_feeds(tmp_path: Path) -> None:
    city = Springfield(tmp_path)
    with serve_folder(city.publish()) as url:
        feeds = ("feed.xml", "es/atom.xml", "groups/hall/feed.xml", "incidents/2024-05-04-network/atom.xml")
        client = Newsboat(tmp_path, *(url + feed for feed in feeds))
        assert client.new() == 6
        city.write(NETWORK_FILE, NETWORK + "\n## 2024-05-10 12:00 Postmortem\n\nIt was a disk.\n")
        city.publish()
        assert client.new() == 1


def test_newsboat_imports_the_list_of_all_feeds(tmp_path: Path) -> None:
    site = Springfield(tmp_path).publish()
    client = Newsboat(tmp_path)
    client.run(f"--import-from-opml={site / 'feeds.opml'}")
    assert (tmp_path / "urls").read_text(encoding="utf-8").splitlines() == [
        "https://example.org/springfield/feed.xml",
        'https://example.org/springfield/groups/hall/feed.xml "City Hall"',
        'https://example.org/springfield/services/water-bill/feed.xml "City Hall"',
        'https://example.org/springfield/services/permits/feed.xml "City Hall"',
        'https://example.org/springfield/services/trash/feed.xml "Services"',
    ]
