"""A site that asks for two pairs of eyes: nothing is published that nobody else is said to have read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from statusgen.cli.main import main
from statusgen.desk.publishing.job import JobState
from tests.support.publications import shown_by
from tests.support.two_laptops import Laptop, Server, home
from tests.support.web_server import serve_folder
from tests.support.writer import Writer, at_the_desk, make_services

TITLE = "Trash is not picked up"


@pytest.fixture
def dana(tmp_path: Path) -> Iterator[Laptop]:
    """The laptop of someone whose town asks for two pairs of eyes."""
    with home(tmp_path / "home"), serve_folder(tmp_path / "main" / "current") as url:
        laptop = Server(tmp_path).laptop("Dana Whitfield")
        services = make_services(url, {"main": tmp_path / "main"})
        laptop.write("services.yaml", services.replace("site: {", "site: {review: two, "))
        laptop.share()
        yield laptop


@pytest.fixture
def desk(dana: Laptop) -> Iterator[Writer]:
    with at_the_desk(dana.site) as writer:
        yield writer


def readers(laptop: Laptop) -> str:
    """Return who has read the last change, as git tells it."""
    return laptop.git("log", "-1", "--no-merges", "--format=%(trailers:key=Reviewed-by,valueonly)").strip()


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({}, "Someone else has to read it first."),
        ({"reader": "Jo Lindqvist"}, "Someone else has to read it first."),
        ({"read": "yes"}, "Someone else has to read it first."),
        ({"read": "yes", "reader": " dana  WHITFIELD"}, "dana WHITFIELD is you. Someone else has to read it."),
    ],
)
def test_nothing_is_published_that_nobody_else_has_read(desk: Writer, said: dict[str, str], answer: str) -> None:
    draft = desk.report()
    assert "On this site, someone else has to read it before it is published." in desk.words
    words = desk.press(f"drafts/{draft}/publish", stamp=desk.hidden("stamp"), pause="30", **said)
    assert "Nothing was published" in words
    assert answer in words
    assert "<title>Problem: Look and publish" in desk.page
    assert f'value="{said.get("reader", "")}"' in desk.page
    assert '<option value="30" selected>' in desk.page
    assert desk.desk.jobs.list_all() == []


def test_who_has_read_it_stands_beside_the_change(desk: Writer, dana: Laptop) -> None:
    job = desk.publish(desk.report(), read="yes", reader="Jo \n Lindqvist")
    assert desk.await_job(job.id).state is JobState.PUBLISHED, desk.job(job.id).entries
    assert readers(dana) == "Jo Lindqvist"
    assert TITLE in shown_by(job.plan.url, "index.html")


def test_a_site_that_asks_for_nobody_says_so(writer: Writer) -> None:
    writer.report()
    assert "Not required." in writer.words


def run(laptop: Laptop, *words: str, **said: str) -> Result:
    command, *more = words
    return CliRunner().invoke(main, [command, "--source", str(laptop.site), *more], env=said, catch_exceptions=False)


def write(laptop: Laptop, text: str) -> str:
    """Write a post by hand; return its file."""
    file = "incidents/2024-05-06-permits.md"
    laptop.write(file, f"---\ntitle: Permits\nstarted: 2024-05-06 08:00\nservices: {{permits: down}}\n---\n{text}\n")
    return file


def test_the_command_asks_who_has_read_it(dana: Laptop) -> None:
    write(dana, "We look into it.")
    before = dana.messages()
    for said in ([], ["--read-by", "Dana Whitfield"], ["--no-git"]):
        refused = run(dana, "publish", *said)
        assert refused.exit_code == 1
        assert "Someone else has to read what you wrote before it is published" in refused.stderr
        assert dana.messages() == before
    assert run(dana, "publish", "--read-by", "Jo", "--no-git").exit_code == 2
    done = run(dana, "publish", "--read-by", "Jo Lindqvist")
    assert done.exit_code == 0, done.output
    assert readers(dana) == "Jo Lindqvist"


def test_what_is_kept_already_is_published_again_without_a_question(dana: Laptop) -> None:
    assert run(dana, "publish").exit_code == 0


def test_outside_of_git_each_publication_is_asked_about(tmp_path: Path) -> None:
    city = tmp_path / "city"
    (city / "incidents").mkdir(parents=True)
    with serve_folder(tmp_path / "main" / "current") as url:
        services = make_services(url, {"main": tmp_path / "main"})
        (city / "services.yaml").write_text(services.replace("site: {", "site: {review: two, "), encoding="utf-8")
        folder = Laptop(city, "Nobody")
        assert run(folder, "publish").exit_code == 1
        assert run(folder, "publish", "--read-by", "Jo Lindqvist").exit_code == 0


def test_a_form_of_the_host_cannot_ask_and_publishes_nothing(dana: Laptop) -> None:
    before = dana.messages()
    said = {"FORM_WHAT": "A new problem", "FORM_HAPPENED": TITLE, "FORM_SERVICE": "Trash pickup", "FORM_STATUS": "down"}
    answer = run(dana, "submit", **said)
    assert answer.exit_code == 1
    assert "Someone else has to read what is published on this site" in answer.output
    assert dana.messages() == before
    assert not list((dana.site / "incidents").glob("*trash-is-not*"))
