"""Sources that want to run something, read or write elsewhere, or take all the time: none of them gets far."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from zoneinfo import ZoneInfo

import pytest

from statusgen.imports import source as source_module
from statusgen.imports.cstate.blocks import read_blocks
from statusgen.imports.fields import read_page
from statusgen.imports.html_texts import to_markdown
from statusgen.imports.texts import clean_line, fit_text
from statusgen.model.times import When
from statusgen.problems import InvalidValue, Place
from tests.support.importing import copy_sample, import_whole, link_to, read_files, read_post, read_report, run_import
from tests.support.repository import Repository

ZONE = ("--timezone", "America/Chicago")
CONFIG = "title: Odd\nbaseURL: https://status.odd.example/\nparams: {systems: [{name: A}]}\n"
FRONT = "title: The lift is down\ndate: 2024-05-05 10:00:00\nresolved: false\nseverity: down\naffected: [A]\n"
SECONDS = 2  # of the processor, on a slow machine
PLACE = Place("a.md")


def write_cstate(folder: Path, config: str = CONFIG, **issues: str) -> Path:
    """Write a page with these issues, by the names of their files."""
    (folder / "content" / "issues").mkdir(parents=True)
    (folder / "config.yml").write_text(config, encoding="utf-8")
    for name, text in issues.items():
        (folder / "content" / "issues" / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def issue(text: str, more: str = "") -> str:
    return f"---\n{FRONT}{more}---\n{text}\n"


def blocks(text: str) -> None:
    read_blocks(text, PLACE, ZoneInfo("UTC"), ZoneInfo("UTC"), When.moment(datetime(2024, 5, 5, tzinfo=UTC)))


def front_matter(text: str) -> None:
    with suppress(InvalidValue):
        read_page(f"+++\n{text}\n+++\n", "a.md")


SLOW: dict[str, tuple[Callable[[str], object], str]] = {
    "marks on one letter": (clean_line, "\u0301" * 10_000),
    "stars without end": (clean_line, "&a *a " * 7_000),
    "shortcodes without end": (blocks, "{{<" * 13_000),
    "a track of spaces": (blocks, "{{< track " + " " * 40_000),
    "figures without end": (blocks, "{{< figure " * 4_000),
    "tags without end": (lambda text: to_markdown(text, PLACE), "<p>" + "<a " * 7_000),
    "spaces in HTML": (lambda text: to_markdown(text, PLACE), "<p>" + " " * 20_000 + "x"),
    "a key of many parts": (front_matter, "a." * 20_000 + "b = 1"),
    "a table of many parts": (front_matter, "[a" + ".a" * 20_000 + "]\n" + "b = 1\n"),
}


@pytest.mark.parametrize("name", SLOW)
def test_no_text_takes_more_than_its_time(name: str) -> None:
    read, text = SLOW[name]
    began = process_time()
    read(text)
    assert process_time() - began < SECONDS


def test_a_number_that_is_too_long_leaves_out_one_issue(tmp_path: Path) -> None:
    long_number = f'+++\ntitle = "T"\nx = 0x{"f" * 5_000}\n+++\n'
    city = import_whole(
        "cstate",
        write_cstate(tmp_path / "old", a=issue("Text"), b=long_number),
        tmp_path / "new",
        *ZONE,
        questions=True,
    )
    assert [each.title.texts[0][1] for each in city.site.incidents] == ["The lift is down"]
    assert "`content/issues/b.md:1`: This was left out, because it cannot be read" in read_report(city)


@pytest.mark.parametrize("address", ["http://[", "//[x", "https://[::1", "http://a\u2100b/"])
def test_an_address_that_is_none_stops_nothing(tmp_path: Path, address: str) -> None:
    text = f"Read [this]({address}) or ![that]({address}) or {address}"
    config = CONFIG.replace("https://status.odd.example/", address)
    for name, setting in (("one", CONFIG), ("two", config)):
        old = write_cstate(tmp_path / name, setting, a=issue(text, f"aliases: ['{address}']\n"))
        assert run_import("cstate", old, tmp_path / f"new-{name}", *ZONE).exit_code in (0, 3)
    page = {"id": "p", "name": "N", "domain": address.removeprefix("https:"), "time_zone": "UTC"}
    update = {
        "id": "u",
        "status": "investigating",
        "created_at": "2024-01-01T00:00:00Z",
        "body": f"<p><a href='{address}'>x",
    }
    incident = {"id": "i", "name": "T", "status": "investigating", "created_at": "2024-01-01T00:00:00Z"}
    component = {"id": "c", "name": "C", "status": "operational"}
    document = {"page": page, "components": [component], "incidents": [{**incident, "incident_updates": [update]}]}
    (tmp_path / "all.json").write_text(json.dumps(document), encoding="utf-8")
    assert run_import("statuspage", tmp_path / "all.json", tmp_path / "new-three").exit_code == 3


def test_an_old_address_that_cannot_lead_here_does_not_cost_the_post(tmp_path: Path) -> None:
    aliases = "aliases: [/lift/, /index.html, /.well-known/x/, '//evil.example/admin', /about/]\n"
    old = write_cstate(tmp_path / "old", a=issue("Text", aliases), b=issue("Text", "aliases: [/incidents/]\n"))
    city = import_whole("cstate", old, tmp_path / "new", *ZONE)
    assert "was:\n  - /issues/a/\n  - /lift/\n---\n" in read_post(city, "the-lift-is-down")
    report = read_report(city)
    for reason in (
        "the address of the front page",
        'No file can be at "/.well-known/x/"',
        '"/about" is this site\'s own',
    ):
        assert reason in report
    assert '"//evil.example/admin" is no address of the old page, so it does not lead here.' in report


def test_posts_that_link_to_one_that_is_left_out_stay(tmp_path: Path) -> None:
    number = 8
    texts = {f"p{n}": issue(f"See [the next](https://status.odd.example/issues/p{n + 1}/).") for n in range(number)}
    secret = issue("The password: hunter2hunter2 and the key AKIAIOSFODNN7EXAMPLE")  # nobody's: the maker's example
    texts = {name: text.replace("The lift", f"Lift {name}") for name, text in texts.items()}
    old = write_cstate(tmp_path / "old", **texts, **{f"p{number}": secret})
    city = import_whole("cstate", old, tmp_path / "new", *ZONE, questions=True)
    assert len(city.site.incidents) == number
    assert "See [the next](2024-05-05-lift-p2-is-down.md)." in read_post(city, "lift-p1-is-down")
    assert "See the next." in read_post(city, "lift-p7-is-down")
    assert "A link to a post that was left out became words." in read_report(city)
    assert not any(b"AKIA" in content for content in read_files(city.folder).values())


def test_a_text_with_an_address_that_cannot_be_linked_to_is_kept() -> None:
    text, notes = fit_text('<iframe src="https://evil.example"></iframe> and www.evil.example">', "en", PLACE, ())
    assert text == '\\<iframe src="https&#58;//evil.example"\\>\\</iframe\\> and www&#46;evil.example"\\>'
    assert "shown as it was written" in notes[0].what


def test_what_the_report_quotes_is_no_markup(tmp_path: Path) -> None:
    old = write_cstate(tmp_path / "old", a=issue("Text").replace("[A]", "['![x](https://track.example/x.png) @all']"))
    city = import_whole("cstate", old, tmp_path / "new", *ZONE)
    assert "track.example" in read_report(city)
    assert "](" not in read_report(city)
    assert "@all" not in read_report(city)


def test_nothing_is_written_through_a_link_out_of_the_folder(tmp_path: Path) -> None:
    old = copy_sample("cstate-harbor", tmp_path)
    folder, elsewhere = tmp_path / "new", tmp_path / "elsewhere"
    assert run_import("cstate", old, folder, *ZONE).exit_code == 0
    (folder / "incidents").rename(elsewhere)
    (elsewhere / "2025-02-11-tickets-cannot-be-paid.md").unlink()
    if not link_to(elsewhere, folder / "incidents"):
        pytest.skip("this system makes no links")
    before = read_files(elsewhere)
    result = run_import("cstate", old, folder, *ZONE)
    assert result.exit_code == 1
    assert "A link in" in result.output
    assert "Nothing was written." in result.output
    assert read_files(elsewhere) == before


def test_a_new_site_appears_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = copy_sample("cstate-harbor", tmp_path)
    real = Path.open
    opened: list[Path] = []

    def interrupted(path: Path, mode: str = "r", *rest: object, **others: object) -> object:
        if mode == "xb":
            opened.append(path)
            assert not (tmp_path / "new").exists(), "nobody may see a part of it"
        return real(path, mode, *rest, **others)  # type: ignore[call-overload]  # as it was called

    monkeypatch.setattr(Path, "open", interrupted)
    assert run_import("cstate", old, tmp_path / "new", *ZONE).exit_code == 0
    assert len(opened) > 10
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".new")]


def test_a_history_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "_MAX_HISTORY_BYTES", 100)
    old = write_cstate(tmp_path / "old", a=issue("Text").replace("resolved: false", "resolved: true"))
    Repository(tmp_path / "git").commit(
        "2024-05-05 10:00", {"content/issues/a.md": issue("Earlier"), "config.yml": CONFIG}
    )
    (tmp_path / "git" / ".git").rename(old / ".git")
    city = import_whole("cstate", old, tmp_path / "new", *ZONE, questions=True)
    assert "The texts in the history of git are more than" in read_report(city)
