"""The pages in docs/hosts/ on publishing and notifications: their settings, and what they say comes of a command."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from statusgen.cli.main import main
from tests.support.documentation import code_blocks
from tests.support.mail_server import MailServer, mail_server
from tests.support.notifying import BILL, LIST, NotifyingTown
from tests.support.paths import DOCS, ROOT
from tests.support.publications import publish, shown_edition
from tests.support.real_servers import SERVERS, Server, run_server
from tests.support.web_server import serve_folder

HOSTS = DOCS / "hosts"
PUBLISHING, CHANNELS = HOSTS / "publishing.md", HOSTS / "notification-channels.md"
NOTIFYING = HOSTS / "notifications.md"
PAGES = sorted(HOSTS.glob("*.md"))
NOW = "2024-05-05 08:10"
SERVICES = """\
site: {title: Springfield, url: 'https://status.springfield.example/', timezone: America/Chicago, languages: [en, es]}
services:
  - {id: water-bill, name: {en: Pay a water bill, es: Pagar el agua}}
"""


HEADINGS = ["What you need", "Set up", "Publish", "What residents get", "Limits", "Check"]
ANSWERS = ["Headers", "Cache", "HTTPS", "404", "All at once"]
# The pages that the table of hosts names.
ONE_HOST = re.findall(r"\]\((\w+\.md)\)(?=.*\|$)", (HOSTS / "index.md").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("name", ONE_HOST)
def test_the_page_of_each_host_answers_the_same_questions(name: str) -> None:
    assert len(ONE_HOST) >= 12
    text = (HOSTS / name).read_text(encoding="utf-8")
    assert re.findall("^## (.+)$", text, re.MULTILINE) == HEADINGS
    answers = text.partition("## What residents get\n")[2].partition("\n## ")[0]
    assert re.findall(r"^- \*\*(.+?):\*\*", answers, re.MULTILINE)[:5] == ANSWERS


def settings(page: Path) -> list[str]:
    """Return the blocks of a page that go into services.yaml."""
    return [block for block in code_blocks(page, "yaml") if re.match(r"(publish|notify):", block)]


@pytest.mark.parametrize(
    "block",
    [pytest.param(block, id=f"{page.stem} {i}") for page in PAGES for i, block in enumerate(settings(page))],
)
def test_the_settings_that_a_page_shows_have_no_mistake(block: str, tmp_path: Path) -> None:
    (tmp_path / "incidents").mkdir()
    (tmp_path / "services.yaml").write_text(f"{SERVICES}{block}", encoding="utf-8")
    checked = CliRunner().invoke(main, ["check", "--source", str(tmp_path), "--at", NOW])
    assert checked.exit_code == 0, checked.output
    (tmp_path / "services.yaml").write_text(f"{SERVICES}{block.replace('id:', 'idd:')}", encoding="utf-8")
    assert CliRunner().invoke(main, ["check", "--source", str(tmp_path), "--at", NOW]).exit_code == 1


def test_every_block_of_settings_is_played() -> None:
    for page in PAGES:
        begun = re.findall(r"^ *(?:publish|notify):", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert len(begun) == len(settings(page)), page


def test_the_message_of_a_webhook_is_what_its_schema_says() -> None:
    [message] = code_blocks(CHANNELS, "json")
    schema = json.loads((ROOT / "statusgen" / "notify" / "webhook.schema.json").read_text(encoding="utf-8"))
    assert [*Draft202012Validator(schema).iter_errors(json.loads(message))] == []


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder that others may read: Apache's workers are someone else where the tests are run by root."""
    with TemporaryDirectory(prefix="statusgen-") as name:
        Path(name).chmod(0o755)
        yield Path(name).resolve()


def apache_with_htaccess_above(current: Path, scratch: Path, port: int) -> list[str]:
    """Return the setup of Apache on a host that is shared, with `.htaccess` in the folder above `current`."""
    command = SERVERS["apache-htaccess"](current.parent, scratch, port)
    file = scratch / "apache.conf"
    text = file.read_text().replace(f"DocumentRoot {current.parent}", f"DocumentRoot {current}")
    file.write_text(text.replace("Options None", "Options FollowSymLinks"))  # what Apache does by itself
    return command


@pytest.mark.parametrize("name", SERVERS)
def test_with_each_configuration_a_server_shows_what_was_sent_last(name: str, scratch: Path) -> None:
    setup = apache_with_htaccess_above if name == "apache-htaccess" else SERVERS[name]
    base = scratch / "srv"
    publish(f"file://{base}", scratch / "editions", 1)
    with run_server(setup, base / "current", scratch) as port:
        server = Server(port)
        assert server.ask("/").status == 200
        publish(f"file://{base}", scratch / "editions", 2)
        answer = server.ask("/")
        assert answer.body == (base / "current" / "index.html").read_bytes()
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert server.ask("/nothing").body == (base / "current" / "404.html").read_bytes()
    assert shown_edition(base / "current") == 2


# Exit codes.


def exit_codes(page: Path) -> set[int]:
    """Return the exit codes in the table of a page."""
    table = page.read_text(encoding="utf-8").partition("| exit code |")[2]
    return {int(code) for code in re.findall(r"^\| (\d) \|", table, re.MULTILINE)}


class Village:
    """A town whose page is published in a folder and served, and which tells one list."""

    def __init__(self, folder: Path, address: str, post_office: MailServer) -> None:
        self.address = address
        self.post_office = post_office
        self.srv = folder / "srv"
        self.town = NotifyingTown(folder / "town", {"STATUSGEN_SMTP": post_office.address})
        self.town.set_up(LIST)
        self.services = self.town.folder / "services.yaml"
        self.change("https://status.springfield.example/", address)
        self.town.write("bill", BILL)

    def change(self, old: str, new: str) -> None:
        """Write something else into services.yaml."""
        text = self.services.read_text(encoding="utf-8")
        assert old in text
        self.services.write_text(text.replace(old, new), encoding="utf-8")

    def write(self, old: str = "", new: str = "") -> None:
        """Write the post, with something else in it."""
        self.town.write("bill", BILL.replace(old, new))

    def run(self, command: str, *words: str) -> int:
        """Run a command at the moment; return its exit code."""
        arguments = [command, "--source", str(self.town.folder), *words, "--at", NOW]
        ran = CliRunner().invoke(main, arguments, env=self.town.environment, catch_exceptions=False)
        return ran.exit_code

    def publish(self, *words: str) -> int:
        """Publish it."""
        return self.run("publish", f"file://{self.srv}", "--wait", "0", *words)


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    with mail_server() as post_office, serve_folder(tmp_path / "srv" / "current") as address:
        yield Village(tmp_path, address, post_office)


def _publish_a_mistake(village: Village) -> int:
    village.write("down", "dwon")
    return village.publish()


def _publish_without_a_post(village: Village) -> int:
    village.town.write("other", BILL.replace("down", "dwon"))
    return village.publish("--quarantine")


def _publish_where_nobody_looks(village: Village) -> int:
    village.change(village.address, f"{village.address}elsewhere/")
    return village.publish()


PUBLICATIONS: dict[int, Callable[[Village], int]] = {
    0: lambda village: village.publish(),
    1: _publish_a_mistake,
    2: lambda village: village.publish("--check", "--force"),
    3: _publish_without_a_post,
    4: _publish_where_nobody_looks,
}


@pytest.mark.parametrize("code", PUBLICATIONS)
def test_publish_ends_with_the_code_of_the_table(code: int, village: Village) -> None:
    assert exit_codes(PUBLISHING) == PUBLICATIONS.keys()
    assert PUBLICATIONS[code](village) == code


def test_a_look_at_a_place_that_is_gone_ends_as_the_table_says(village: Village) -> None:
    village.change("services:", "publish: [{id: main, to: 'file:///srv/status'}]\nservices:")
    assert village.run("publish", "--check") == 4


def _tell_nobody_as_a_setting_is_missing(village: Village) -> int:
    village.town.environment["STATUSGEN_SMTP"] = ""
    return village.run("notify")


def _tell_in_vain(village: Village) -> int:
    village.post_office.on_recipient = lambda: "451 Later"
    return village.run("notify")


def _remind_nobody(village: Village) -> int:
    village.write("---\nWe", "next_update: 2024-05-05 08:05\n---\nWe")
    return village.run("remind", "--dry-run")


MESSAGES: dict[int, Callable[[Village], int]] = {
    0: lambda village: village.run("notify"),
    1: _tell_nobody_as_a_setting_is_missing,
    4: _tell_in_vain,
    5: _remind_nobody,
}


@pytest.mark.parametrize("code", MESSAGES)
def test_notify_and_remind_end_with_the_code_of_the_table(code: int, village: Village) -> None:
    assert exit_codes(NOTIFYING) == MESSAGES.keys()
    assert village.publish() == 0
    assert MESSAGES[code](village) == code
