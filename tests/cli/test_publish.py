"""`statusgen publish`: built, sent, and read back as residents see it."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from statusgen.cli.main import main
from tests.support.publications import CATALOG_IS_DOWN, shown_by
from tests.support.web_server import QuietHandler, serve, serve_folder

NOON = 1_714_928_400  # 2024-05-05 12:00 in Chicago


@dataclass
class Publisher:
    """Someone who publishes a small site, with a web server for each of two targets."""

    folder: Path
    urls: tuple[str, str]

    def write_services(self, publish: str = "") -> None:
        (self.folder / "city" / "incidents").mkdir(parents=True, exist_ok=True)
        (self.folder / "city" / "services.yaml").write_text(
            f"site: {{title: Springfield, url: '{self.urls[0]}', timezone: America/Chicago}}\n"
            f"services:\n  - {{id: catalog, name: Catalog}}\n{publish}",
            encoding="utf-8",
        )

    def write_post(self, text: str = CATALOG_IS_DOWN) -> None:
        (self.folder / "city" / "incidents" / "2024-05-05-catalog.md").write_text(text, encoding="utf-8")

    def run(self, *words: str, minutes: int = 0, source: str = "city") -> Result:
        asked = ["publish", *words, "--source", str(self.folder / source), "--wait", "0"]
        environment = {"SOURCE_DATE_EPOCH": str(NOON + 60 * minutes)}
        return CliRunner().invoke(main, asked, env=environment, catch_exceptions=False)

    @property
    def both(self) -> str:
        return (
            f"publish:\n  - {{id: main, to: 'file://{self.folder}/main'}}\n"
            f"  - {{id: spare, to: 'file://{self.folder}/spare', url: '{self.urls[1]}'}}\n"
        )


@pytest.fixture
def publisher(tmp_path: Path) -> Iterator[Publisher]:
    with (
        serve_folder(tmp_path / "main" / "current") as main_url,
        serve_folder(tmp_path / "spare" / "current") as spare_url,
    ):
        made = Publisher(tmp_path, (main_url, spare_url))
        made.write_services(made.both)
        made.write_post()
        yield made


def test_it_builds_sends_and_says_since_when_residents_see_it(publisher: Publisher) -> None:
    result = publisher.run()
    assert result.exit_code == 0, result.output
    assert f"Residents see it at {publisher.urls[0]} since 12:00 PM.\n" in result.output
    assert result.output.endswith(f"Residents see it at {publisher.urls[1]} since 12:00 PM.\n")
    assert "The catalog is down" in shown_by(publisher.urls[1], "index.html")


def test_what_is_there_already_is_not_sent_again_nor_said_to_be_new(publisher: Publisher) -> None:
    publisher.run()
    result = publisher.run()
    assert "main: nothing changed since it was sent last.\n" in result.output
    assert f"Residents see it at {publisher.urls[0]}.\n" in result.output
    assert "since 12" not in result.output


def test_one_target_is_named_by_its_id_or_by_its_address(publisher: Publisher) -> None:
    for name in ("spare", f"file://{publisher.folder}/spare"):
        result = publisher.run(name)
        assert result.exit_code == 0, result.output
        assert "spare: " in result.output
        assert publisher.urls[1] in result.output
    assert not (publisher.folder / "main").exists()


def test_an_error_names_an_address_once(publisher: Publisher) -> None:
    publisher.write_services()
    (publisher.folder / "taken").write_text("no folder", encoding="utf-8")
    result = publisher.run(address := f"file://{publisher.folder}/taken")
    assert result.exit_code == 1
    assert result.output.count(address) == 1, result.output


def test_an_address_that_services_yaml_does_not_name_is_looked_at_where_the_site_is(publisher: Publisher) -> None:
    publisher.write_services()
    result = publisher.run(f"file://{publisher.folder}/main")
    assert result.exit_code == 0, result.output
    assert f"Residents see it at {publisher.urls[0]} since" in result.output


def test_the_second_target_waits_for_the_first(publisher: Publisher) -> None:
    publisher.write_services(publisher.both.replace("to: 'file", "url: 'http://127.0.0.1:1/', to: 'file", 1))
    result = publisher.run()
    assert result.exit_code == 4
    assert (
        "Sent, but residents do not see it yet: http://127.0.0.1:1/: manifest.json cannot be fetched" in result.output
    )
    assert "Nothing was sent to spare, because the one before it comes first." in result.output
    assert "statusgen publish spare\n" in result.output
    assert not (publisher.folder / "spare").exists()


def test_a_file_that_is_not_what_was_sent_is_named(publisher: Publisher) -> None:
    publisher.run("main")
    (publisher.folder / "main" / "current" / "index.html").write_text("Hacked.", encoding="utf-8")
    result = publisher.run("main")
    assert result.exit_code == 4
    assert "index.html is not what was published" in result.output
    assert "residents do not see all of it" in result.output


def test_a_host_that_does_not_know_the_page_of_a_folder_is_explained(publisher: Publisher) -> None:
    class Bucket(QuietHandler):
        def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
            file = publisher.folder / "main" / "current" / self.path.lstrip("/")
            self.send_response(200 if file.is_file() else 403)
            self.end_headers()
            self.wfile.write(file.read_bytes() if file.is_file() else b"")

    with serve(Bucket) as url:
        publisher.write_services(publisher.both.replace("to: 'file", f"url: '{url}', to: 'file", 1))
        result = publisher.run("main")
        assert result.exit_code == 4
        assert "does not answer the addresses of folders with their index.html" in result.output
        result = publisher.run("main", "--check")
        assert result.exit_code == 4
        assert f"{url} shows 2024-05-05 12:00 CDT, but its index.html is answered with status 403." in result.output


def test_a_place_that_fails_says_how_to_publish_at_the_next_one(publisher: Publisher) -> None:
    (publisher.folder / "main").write_text("in the way")
    result = publisher.run()
    assert result.exit_code == 1
    assert f"main: file://{publisher.folder}/main: That folder cannot be written." in result.output
    assert "To send it there anyway: statusgen publish spare\n" in result.output


def test_a_folder_with_other_files_is_no_target(publisher: Publisher) -> None:
    (publisher.folder / "main").mkdir()
    (publisher.folder / "main" / "passwd").write_text("precious")
    result = publisher.run("main")
    assert result.exit_code == 1
    assert "That folder has other files in it." in result.output
    assert [each.name for each in (publisher.folder / "main").iterdir()] == ["passwd"]


def test_an_older_site_never_takes_the_place_of_a_newer_one(publisher: Publisher) -> None:
    publisher.run(minutes=10)
    result = publisher.run(minutes=5)
    assert result.exit_code == 1
    assert "shows 2024-05-05 12:10 CDT already, and this site only 2024-05-05 12:05 CDT" in result.output
    assert "Nothing was sent." in result.output
    assert publisher.run("--force", minutes=5).exit_code == 0


def test_a_dry_run_says_what_would_change_and_sends_nothing(publisher: Publisher) -> None:
    publisher.run()
    publisher.write_post(
        CATALOG_IS_DOWN + "\n## 2024-05-05 12:20 Resolved\n\n```yaml\nservices: {catalog: working}\n```\nIt is back.\n"
    )
    before = shown_by(publisher.urls[0], "status.json")
    result = publisher.run("main", "--dry-run", minutes=30)
    assert result.exit_code == 0, result.output
    assert f"main, which residents see at {publisher.urls[0]}:\n- " in result.output
    assert "Catalog" in result.output.partition("residents see")[2]
    assert "Would send " in result.output
    assert "badge.json" in result.output
    assert shown_by(publisher.urls[0], "status.json") == before
    assert "It is back." not in (publisher.folder / "city" / "site" / "feed.xml").read_text(encoding="utf-8")


def test_a_mirror_that_is_dated_ahead_says_nothing_of_the_others(publisher: Publisher) -> None:
    publisher.run("main")
    publisher.run("spare", minutes=60 * 24)
    result = publisher.run("--check")
    assert result.exit_code == 4
    assert f"{publisher.urls[0]} shows 2024-05-05 12:00 CDT.\n" in result.output
    assert "has a time that is still to come, so one of two clocks is wrong" in result.output


def test_check_says_which_mirror_is_behind(publisher: Publisher) -> None:
    publisher.run()
    result = publisher.run("--check")
    assert result.exit_code == 0, result.output
    publisher.run("main", minutes=5)
    result = publisher.run("--check", minutes=5)
    assert result.exit_code == 4
    assert f"{publisher.urls[0]} shows 2024-05-05 12:05 CDT.\n" in result.output
    assert f"{publisher.urls[1]} shows 2024-05-05 12:00 CDT and is behind.\n" in result.output


def test_check_says_that_a_page_is_too_old_or_gone(publisher: Publisher) -> None:
    publisher.run("main")
    result = publisher.run("--check", minutes=60 * 24 * 3)
    assert result.exit_code == 4
    assert "should have been built again by" in result.output
    assert f"{publisher.urls[1]} cannot be judged: manifest.json is missing there.\n" in result.output


def test_a_mistake_sends_nothing(publisher: Publisher) -> None:
    publisher.run()
    publisher.write_post(CATALOG_IS_DOWN.replace("catalog: down", "catalogue: down"))
    result = publisher.run(minutes=5)
    assert result.exit_code == 1
    assert "incidents/2024-05-05-catalog.md:4: " in result.output
    assert "The catalog is down" in shown_by(publisher.urls[0], "index.html")


def test_a_post_that_was_left_out_is_reported_by_the_exit_code(publisher: Publisher) -> None:
    broken = publisher.folder / "city" / "incidents" / "2024-05-05-broken.md"
    broken.write_text("---\ntitle: Broken\nstarted: 2024-05-05\nservices: {catalog: brokken}\n---\n", encoding="utf-8")
    result = publisher.run("--quarantine")
    assert result.exit_code == 3, result.output
    assert f"Residents see it at {publisher.urls[1]}" in result.output


def test_drafts_are_never_published(publisher: Publisher) -> None:
    result = publisher.run("--drafts")
    assert result.exit_code == 2
    assert "No such option" in result.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["mian"], 'There is no target "mian". Did you mean "main"?'),
        (["ftp://example.org/x"], 'Nothing can be published to "ftp://example.org/x".'),
        (["ssh://web:secret@example.org/x"], "This address contains a user name or password."),
        (["--check", "--force"], "--check sends nothing"),
    ],
)
def test_a_target_that_cannot_be_meant_is_refused(publisher: Publisher, words: list[str], message: str) -> None:
    result = publisher.run(*words)
    assert result.exit_code == 2
    assert message in result.output
    assert "secret" not in result.output


def test_without_a_target_it_says_how_to_name_one(publisher: Publisher) -> None:
    publisher.write_services()
    result = publisher.run()
    assert result.exit_code == 2
    assert "write publish: into services.yaml" in result.output


def test_the_pages_and_status_json_name_the_mirrors(publisher: Publisher) -> None:
    publisher.run()
    page = shown_by(publisher.urls[0], "services/catalog/index.html")
    assert all(f'href="{url}"' in page for url in publisher.urls)
    assert f'"mirrors": [\n    "{publisher.urls[1]}"\n  ]' in shown_by(publisher.urls[0], "status.json")
    publisher.write_services()
    publisher.run(f"file://{publisher.folder}/main", minutes=1)
    assert "The same pages are at" not in shown_by(publisher.urls[0], "index.html")


def test_what_a_colleague_published_stays_whatever_the_clock_says(publisher: Publisher) -> None:
    city, colleague = publisher.folder / "city", publisher.folder / "colleague"
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message=Begin"]):
        git(city, *words)
    git(publisher.folder, "clone", "--quiet", str(city), str(colleague))
    (colleague / "incidents" / "2024-05-05-catalog.md").write_text(
        f"{CATALOG_IS_DOWN}\n## 2024-05-05 09:00\nCall us at noon.\n"
    )
    published = publisher.run("main", source="colleague")
    assert published.exit_code == 0, published.output
    result = publisher.run("main", "--no-git", minutes=5)
    assert result.exit_code == 1
    assert "which is not in the history here" in result.output
    assert "Call us at noon." in shown_by(publisher.urls[0], "incidents/2024-05-05-catalog/index.html")
    assert publisher.run("main", "--no-git", "--force", minutes=5).exit_code == 0


def test_what_was_published_from_here_is_corrected_though_no_colleague_has_it(publisher: Publisher) -> None:
    city = publisher.folder / "city"
    post = city / "incidents" / "2024-05-05-catalog.md"
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message=Begin"]):
        git(city, *words)
    post.write_text(f"{CATALOG_IS_DOWN}\n## 2024-05-05 09:00\nCall us at noon.\n", encoding="utf-8")
    git(city, "commit", "--quiet", "--all", "--message=Call")
    assert publisher.run("main", "--no-git").exit_code == 0
    result = CliRunner().invoke(main, ["undo", "--source", str(city), "--yes"])
    assert "Residents may have read this, so it is not taken out" in result.output
    assert "Call us at noon." in post.read_text(encoding="utf-8")


def test_what_was_published_before_it_was_committed_is_corrected_too(publisher: Publisher) -> None:
    city = publisher.folder / "city"
    post = city / "incidents" / "2024-05-05-catalog.md"
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message=Begin"]):
        git(city, *words)
    post.write_text(f"{CATALOG_IS_DOWN}\n## 2024-05-05 09:00\nCall us at noon.\n", encoding="utf-8")
    assert publisher.run("main", "--no-git").exit_code == 0
    undo = ["undo", "--source", str(city), "--yes"]
    said = CliRunner().invoke(main, undo).output
    assert "Residents may have read this, so it is not taken out" in said
    assert 'statusgen correct 2024-05-05-catalog --update "2024-05-05 09:00"' in said
    git(city, "commit", "--quiet", "--all", "--message=Call")
    assert "Residents may have read this, so it is not taken out" in CliRunner().invoke(main, undo).output
    assert "Call us at noon." in post.read_text(encoding="utf-8")
    # What was written since has been read by nobody.
    post.write_text(f"{post.read_text()}\n## 2024-05-05 10:00\nA slip.\n", encoding="utf-8")
    assert "Taken back." in CliRunner().invoke(main, undo).output
    assert "A slip." not in post.read_text(encoding="utf-8")


def git(folder: Path, *words: str) -> None:
    """Run git as a clerk."""
    who = ("-c", "user.name=Clerk", "-c", "user.email=clerk@springfield.example")
    subprocess.run(["git", *who, "-C", str(folder), *words], check=True, capture_output=True)
