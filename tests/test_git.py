"""The record of what was public, read from a city's git repository."""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser

from statusgen import git
from statusgen.board.board import make_board
from statusgen.cli.main import main
from statusgen.content.format.values import parse_time
from statusgen.content.reader import read_content
from statusgen.lint.registry import find_advice
from statusgen.model.record import RecordCoverage
from statusgen.model.whole_site import Site
from statusgen.outputs.registry import all_files
from statusgen.problems import GitError
from statusgen.theme.renderer import Renderer
from tests.support.checkers import check_accessibility
from tests.support.repository import SERVICES, Repository
from tests.support.sample_sites import Page

POST = """\
---
title: Trash is late
started: 2024-05-05 08:00
services: {trash: {status: degraded, do: Wait.}}
---
Pickup is a day late.
"""
SECOND = "\n## 2024-05-05 12:00 Identified\nknown: [Two trucks broke down]\n\nTwo trucks broke down.\n"
FILE = "incidents/2024-05-05-trash.md"


@pytest.fixture
def city(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "city")


def read_city(folder: Path) -> Site:
    content = read_content(folder, ("en", "es"))
    assert content.problems == []
    assert content.site
    return content.site


def page_text(folder: Path, at: str = "2024-06-01", path: str = "incidents/2024-05-05-trash/index.html") -> str:
    sound = read_city(folder)
    files = all_files(make_board(sound, parse_time(at, sound.zone).last_minute), Renderer(folder))
    return Page(next(file.content for file in files if file.path == path).decode()).words


def test_the_page_says_when_each_update_was_first_published(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST})
    city.commit("2024-05-05 12:05", {FILE: POST + SECOND})
    words = page_text(city.folder)
    assert "First published: Sun, May 5, 8:20 AM." in words
    assert "First published: Sun, May 5, 12:05 PM." in words
    assert "Changed on" not in words


def test_the_page_shows_what_was_changed_with_the_old_words(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST})
    city.commit("2024-05-06 09:30", {FILE: POST.replace("a day late", "two days late")})
    words = page_text(city.folder)
    assert "Changed on Mon, May 6, 9:30 AM" in words
    assert "Before:Pickup is a day late.After:Pickup is two days late." in words


def test_a_change_is_not_known_before_it_was_made(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST})
    before = page_text(city.folder, at="2024-05-05 20:00")
    city.commit("2024-05-06 09:30", {FILE: POST.replace("a day late", "two days late")})
    assert "Changed on" not in page_text(city.folder, at="2024-05-05 20:00")
    assert "First published: Sun, May 5, 8:20 AM." in before


def test_an_update_that_was_taken_out_stays_on_the_record(city: Repository) -> None:
    city.commit("2024-05-05 12:05", {FILE: POST + SECOND})
    city.commit("2024-05-05 13:00", {FILE: POST})
    words = page_text(city.folder)
    assert "Removed updates Removed on Sun, May 5, 1 PM" in words
    assert "Two trucks broke down." in words


def test_layout_and_comments_are_no_change(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST})
    spaced = POST.replace("started:", "# asked twice\nstarted:").replace("Pickup is a", "Pickup is\na")
    city.commit("2024-05-05 09:00", {FILE: spaced})
    assert "Changed on" not in page_text(city.folder)


def test_work_that_is_not_committed_is_not_on_the_record(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST})
    (city.folder / FILE).write_text(POST + SECOND, encoding="utf-8")
    words = page_text(city.folder)
    assert words.count("First published") == 1


def test_a_draft_is_published_when_it_ceases_to_be_one(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST.replace("started:", "draft: true\nstarted:")})
    city.commit("2024-05-05 10:00", {FILE: POST.replace("a day", "some days")})
    words = page_text(city.folder)
    assert "First published: Sun, May 5, 10 AM." in words
    assert "Changed on" not in words


def test_what_is_embargoed_is_published_at_its_time(city: Repository) -> None:
    city.commit("2024-05-04 08:20", {FILE: POST.replace("started:", "embargo: true\nstarted:")})
    assert "First published: Sun, May 5, 8 AM." in page_text(city.folder)


def test_what_is_dated_ahead_by_less_than_a_day_is_published_at_once(city: Repository) -> None:
    city.commit("2024-05-04 08:20", {FILE: POST})
    assert "First published: Sat, May 4, 8:20 AM." in page_text(city.folder)


def test_a_branch_is_published_when_it_is_merged(city: Repository) -> None:
    city.git("checkout", "--quiet", "-b", "draft")
    city.commit("2024-05-05 08:20", {FILE: POST})
    city.git("checkout", "--quiet", "main")
    city.commit("2024-05-05 09:00", {"README.md": "Our page\n"})
    city.git("merge", "--quiet", "--no-ff", "--message=Publish", "draft", at="2024-05-05 09:45")
    assert "First published: Sun, May 5, 9:45 AM." in page_text(city.folder)


def test_a_post_that_moves_to_a_folder_of_its_year_keeps_its_record(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST})
    city.commit("2025-01-01 08:00", {FILE: None, "incidents/2024/2024-05-05-trash.md": POST})
    words = page_text(city.folder, at="2025-02-01")
    assert "First published: Sun, May 5, 2024, 8:20 AM." in words
    assert "Taken out" not in words
    assert read_city(city.folder).deleted_ids == ()


def test_without_git_there_is_no_record_and_no_word_of_one(city: Repository, tmp_path: Path) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST})
    (city.folder / ".git").rename(tmp_path / "git")
    assert read_city(city.folder).record_coverage is None
    assert "First published" not in page_text(city.folder)


def test_a_shallow_copy_says_that_its_record_is_not_whole(city: Repository, tmp_path: Path) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST})
    city.commit("2024-05-05 12:05", {FILE: POST + SECOND})
    city.commit("2024-05-06 09:30", {FILE: (POST + SECOND).replace("a day", "two days")})
    copy = tmp_path / "copy"
    subprocess.run(["git", "clone", "--quiet", "--depth=2", city.folder.as_uri(), str(copy)], check=True)
    assert read_city(copy).record_coverage is RecordCoverage.PARTIAL
    words = page_text(copy)
    assert "Changed on Mon, May 6, 9:30 AM" in words
    assert "First published" not in words  # what the oldest commit here has may be older
    assert "a copy with an incomplete history, so earlier changes may be missing here" in words


def test_a_translation_has_a_record_of_its_own_and_can_be_left_behind(city: Repository) -> None:
    spanish = "---\ntitle: La basura se retrasa\nservices: {trash: {do: Espere.}}\n---\nUn día de retraso.\n"
    city.commit("2024-05-05 08:20", {FILE: POST, FILE.replace(".md", ".es.md"): spanish})
    city.commit("2024-05-06 09:30", {FILE: POST.replace("a day", "two days")})
    left = page_text(city.folder, path="es/incidents/2024-05-05-trash/index.html")
    assert [update.outdated_languages for update in read_city(city.folder).incidents[0].updates] == [("es",)]
    assert "Pickup is a day late." in left
    content = read_content(city.folder, ("en", "es"))
    assert content.site
    now = make_board(content.site, parse_time("2024-05-07", content.site.zone).last_minute)
    told = list(find_advice(content.site, content.texts, now))
    assert f"{FILE[:-3]}.es.md:1" in [str(problem.place) for problem in told if problem.rule == "outdated"]
    city.commit("2024-05-06 10:00", {FILE.replace(".md", ".es.md"): spanish.replace("Un día", "Dos días")})
    assert read_city(city.folder).incidents[0].updates[0].outdated_languages == ()
    assert "Un día de retraso." in page_text(city.folder, path="es/incidents/2024-05-05-trash/index.html")
    assert "Un día" not in page_text(city.folder)


def test_a_post_that_was_deleted_is_advised_against(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST})
    city.commit("2024-05-05 09:00", {FILE: None})
    content = read_content(city.folder, ("en", "es"))
    assert content.site
    now = make_board(content.site, parse_time("2024-05-07", content.site.zone).last_minute)
    told = list(find_advice(content.site, content.texts, now))
    assert [problem.place.file for problem in told if problem.rule == "deleted"] == [FILE]


def test_the_record_depends_on_commits_and_not_on_who_asks(city: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST})
    moved = FILE.replace("trash", "garbage")
    city.commit("2024-05-06 08:20", {FILE: None, moved: POST, "services.yaml": SERVICES + "  - name: Water\n"})
    path = "incidents/2024-05-05-garbage/index.html"
    before = page_text(city.folder, path=path)
    assert "First published: Sun, May 5, 8:20 AM." in before
    city.git("config", "log.showSignature", "true")
    city.git("config", "log.date", "relative")
    city.git("config", "log.showRoot", "false")
    city.git("config", "diff.renames", "false")
    city.git("config", "diff.renameLimit", "1")
    city.git("config", "diff.orderFile", "/nonexistent")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert page_text(city.folder, path=path) == before


SECRET = POST.replace("Pickup", "The password is Summer2024!x today.\n\nPickup")


def test_a_version_that_a_secret_kept_from_being_built_is_not_on_the_record(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: SECRET})
    city.commit("2024-05-05 08:40", {FILE: POST.replace("a day", "two days")})
    for language in ("", "es/"):
        words = page_text(city.folder, path=f"{language}incidents/2024-05-05-trash/index.html")
        assert "Summer2024" not in words
        assert "Pickup is a day late." not in words
    words = page_text(city.folder)
    assert "First published: Sun, May 5, 8:40 AM." in words
    assert "Changed on" not in words


def test_what_must_not_be_public_is_left_out_of_the_record(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: SECRET.replace("started:", "silence: [password]\nstarted:")})
    city.commit("2024-05-05 08:40", {FILE: POST.replace("a day", "two days")})
    for language in ("", "es/"):
        words = page_text(city.folder, path=f"{language}incidents/2024-05-05-trash/index.html")
        assert "Summer2024" not in words
        assert "Pickup is a day late." in words
    assert "Some words are left out here because they cannot be made public." in page_text(city.folder)


def test_a_post_can_withhold_the_old_words(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST + SECOND})
    kept = POST.replace("started:", "withhold: true\nstarted:").replace("a day late", "late")
    city.commit("2024-05-06 09:30", {FILE: kept})
    words = page_text(city.folder)
    assert "Changed on Mon, May 6, 9:30 AM Some words are left out here" in words
    assert "Removed on Mon, May 6, 9:30 AM Some words are left out here" in words
    assert "a day late" not in words
    assert "Two trucks" not in words


def test_a_post_that_moved_goes_on_being_recorded(city: Repository) -> None:
    moved = "incidents/2024/2024-05-05-trash.md"
    city.commit("2024-05-05 08:20", {FILE: POST})
    city.commit("2024-05-06 08:00", {FILE: None, moved: POST})
    city.commit("2024-05-06 09:30", {moved: POST.replace("a day late", "two days late")})
    assert "Changed on Mon, May 6, 9:30 AM" in page_text(city.folder)


def test_git_that_does_not_answer_is_no_folder_without_history(
    city: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST})
    monkeypatch.setattr(git, "TIMEOUT", 0)
    with pytest.raises(GitError, match=r"without \.git"):
        read_city(city.folder)


def test_nothing_that_the_repository_names_is_run_to_fetch_what_it_lacks(city: Repository, tmp_path: Path) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST})
    city.commit("2024-05-05 09:20", {FILE: POST.replace("a day", "two days")})
    blob = city.git("rev-parse", f"HEAD~1:{FILE}").strip()
    (city.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    proof = tmp_path / "run"
    for key, value in (
        ("extensions.partialClone", "origin"),
        ("core.repositoryFormatVersion", "1"),
        ("remote.origin.url", f"ext::sh -c touch% {proof}"),
        ("remote.origin.promisor", "true"),
        ("protocol.ext.allow", "always"),
    ):
        city.git("config", key, value)
    read_content(city.folder, ("en", "es"))
    assert not proof.exists()


def test_the_record_is_accessible(city: Repository, browser: Browser) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST + SECOND})
    city.commit("2024-05-06 09:30", {FILE: POST.replace("a day late", "two days late")})
    built = CliRunner().invoke(main, ["build", "--source", str(city.folder), "--at", "2024-05-07"])
    assert built.exit_code == 0, built.output
    page = browser.new_page()
    page.goto((city.folder / "site" / "incidents" / "2024-05-05-trash" / "index.html").as_uri())
    page.eval_on_selector_all("details.edit", "all => all.forEach(one => one.open = true)")
    assert page.locator("details.edit").count() == 2
    assert check_accessibility(page) == []
    page.close()
