"""The record from git has no word that no resident could ever have read."""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from statusgen.audit.audit import audit_files
from statusgen.board.board import make_board
from statusgen.board.clock import read_clock
from statusgen.cli.load import load_site
from statusgen.cli.moments import resolve_moment
from statusgen.content.reader import read_content
from statusgen.lint.clock import find_distant_updates
from statusgen.model.record import Edit
from statusgen.model.times import When
from statusgen.model.whole_site import Site
from statusgen.outputs.registry import all_files
from statusgen.problems import AuditError
from statusgen.speed.cache import Cache
from statusgen.theme.renderer import Renderer
from tests.support.repository import SERVICES, Repository

POST = "---\ntitle: Trash is late\nstarted: 2024-05-05 08:00\nservices: {trash: degraded}\n---\nPickup is a day late.\n"
AHEAD = "\n## 2024-05-10 09:00 Identified\nknown: [The strike ends on Friday]\n\nThe mayor resigns over this.\n"
EMBARGOED = AHEAD.replace("known:", "embargo: true\nknown:")
FILE = "incidents/2024-05-05-trash.md"
SPANISH = FILE.replace(".md", ".es.md")
SECRET = re.compile("resigns|strike|dimite")


@pytest.fixture
def city(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "city")


def read_site(folder: Path) -> Site:
    content = read_content(folder, ("en", "es"))
    assert content.problems == []
    assert content.site
    return content.site


def built_words(folder: Path, at: str = "2024-06-01") -> str:
    """Return every file of the site, made and audited as `build` does it, and not written."""
    site = load_site(folder, at=at)
    reading = resolve_moment(at, site)
    board = make_board(reading.site, reading.moment)
    files = audit_files(all_files(board, Renderer(folder)), board, site)
    return "\n".join(file.content.decode(errors="replace") for file in files)


def test_an_update_that_was_taken_out_before_its_time(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST})
    city.commit("2024-05-06 08:20", {FILE: POST + AHEAD})
    city.commit("2024-05-07 08:20", {FILE: POST})
    words = built_words(city.folder)
    assert not SECRET.search(words)
    assert "Removed updates" not in words


def test_an_update_that_was_moved_and_reworded_before_its_time(city: Repository) -> None:
    city.commit("2024-05-06 08:20", {FILE: POST + AHEAD})
    moved = AHEAD.replace("05-10", "05-12").replace("strike", "walkout")
    city.commit("2024-05-07 08:20", {FILE: POST + moved})
    city.commit("2024-05-08 08:20", {FILE: POST + moved.replace("resigns", "apologizes")})
    words = built_words(city.folder)
    assert not SECRET.search(words)
    assert "The mayor apologizes over this." in words


def test_an_update_that_was_taken_out_after_its_time_stays_on_the_record(city: Repository) -> None:
    city.commit("2024-05-06 08:20", {FILE: POST + AHEAD})
    city.commit("2024-05-10 09:30", {FILE: POST})
    assert "The mayor resigns over this." in built_words(city.folder)


def test_an_update_dated_ahead_by_less_than_a_day_was_public_at_once(city: Repository) -> None:
    city.commit("2024-05-09 12:20", {FILE: POST + AHEAD})
    city.commit("2024-05-09 14:20", {FILE: POST + AHEAD.replace("strike", "walkout")})
    words = built_words(city.folder)
    assert "The strike ends on Friday" in words
    published = read_site(city.folder).incidents[0].updates[1].committed_at
    assert published == When.moment(datetime.fromisoformat("2024-05-09T12:20-05:00"))


def test_an_update_dated_ahead_and_taken_out_within_a_day_stays_on_the_record(city: Repository) -> None:
    city.commit("2024-05-09 12:20", {FILE: POST + AHEAD})
    city.commit("2024-05-09 14:20", {FILE: POST})
    assert "The mayor resigns over this." in built_words(city.folder)


def test_an_embargoed_update_that_was_changed_within_a_day_of_its_time(city: Repository) -> None:
    after = "\n## 2024-05-10 09:30\n\nThe mayor resigns again.\n"
    city.commit("2024-05-09 12:20", {FILE: POST + EMBARGOED + after})
    city.commit("2024-05-09 14:20", {FILE: POST + EMBARGOED.replace("strike", "walkout").replace("resigns", "went")})
    assert not SECRET.search(built_words(city.folder))


def test_no_build_took_a_post_with_an_update_more_than_a_day_ahead(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST.replace("Pickup", "The strike goes on. Pickup") + AHEAD})
    city.commit("2024-05-06 08:20", {FILE: POST})
    assert not SECRET.search(built_words(city.folder))


def test_a_post_that_was_dated_ahead_and_changed_before_its_time(city: Repository) -> None:
    ahead = POST.replace("started:", "posted: 2024-05-10 09:00\nstarted:")
    city.commit("2024-05-06 08:20", {FILE: ahead + "\n## 2024-05-11 09:00 Identified\n\nThe mayor resigns.\n"})
    city.commit("2024-05-07 08:20", {FILE: ahead.replace("Pickup", "The strike ends. Pickup")})
    city.commit("2024-05-08 08:20", {FILE: ahead})
    words = built_words(city.folder)
    assert not SECRET.search(words)
    assert "First published: <time" in words
    assert "Changed on" not in words


DRAFT_MARKS = [
    "draft: true", '"draft": true', "'draft': true", "draft : true", "draft:   true", "draft: true  # not yet",
    "? draft\n: true", r'"dr\u0061ft": true', "draft:\n  true", "draft: !!bool true", "draft: yes", "draft: True",
    '"draft" : true',
]  # fmt: skip


@pytest.mark.parametrize("mark", DRAFT_MARKS)
def test_drafts_in_every_spelling(city: Repository, mark: str) -> None:
    draft = POST.replace("started:", f"{mark}\nstarted:") + AHEAD.replace("05-10", "05-05")
    city.commit("2024-05-05 08:20", {FILE: draft})
    city.commit("2024-05-06 08:20", {FILE: POST})
    words = built_words(city.folder)
    assert not SECRET.search(words)
    assert "Removed updates" not in words


@pytest.mark.parametrize(
    "front",
    [
        "\n---\ndraft: true\ntitle: Trash is late\nstarted: 2024-05-05 08:00\n---\n",
        "\n \n---  \ndraft: true\ntitle: Trash is late\nstarted: 2024-05-05 08:00\n---\n",
        "\ufeff---\ndraft: true\ntitle: Trash is late\nstarted: 2024-05-05 08:00\n---\n",
        "---\n{draft: true, title: Trash is late, started: 2024-05-05 08:00}\n---\n",
        '---\n{title: Trash is late, started: 2024-05-05 08:00,\n "draft":true}\n---\n',
        "---\n{\ntitle: Trash is late\n,\ndraft\n:\ntrue, started: 2024-05-05 08:00}\n---\n",
        "---\ntitle: &yes true\ndraft: *yes\nstarted: 2024-05-05 08:00\n---\n",
        "---\ntitle: Trash is late\nstarted: soon\n---\n",
        "title: Trash is late\nstarted: 2024-05-05 08:00\n---\n",
        "---\ntitle: [Trash\n---\n",
        "---\rtitle: Trash is late\rdraft: true\rstarted: 2024-05-05 08:00\r---\r",
    ],
)
def test_drafts_in_every_layout_and_versions_that_could_not_be_built(city: Repository, front: str) -> None:
    city.commit("2024-05-05 08:20", {FILE: front + "The mayor resigns.\n" + AHEAD.replace("05-10", "05-05")})
    city.commit("2024-05-06 08:20", {FILE: POST})
    assert not SECRET.search(built_words(city.folder))


def test_a_translation_that_was_written_while_its_post_was_a_draft(city: Repository) -> None:
    spanish = "---\ntitle: La basura\n---\nEl alcalde dimite.\n"
    city.commit("2024-05-05 08:20", {FILE: POST.replace("started:", "draft: true\nstarted:"), SPANISH: spanish})
    city.commit("2024-05-05 09:20", {SPANISH: spanish.replace("dimite", "se disculpa")})
    city.commit("2024-05-06 08:20", {FILE: POST})
    words = built_words(city.folder)
    assert not SECRET.search(words)
    assert "Changed on" not in words
    assert read_site(city.folder).incidents[0].updates[0].outdated_languages == ()


def test_a_translation_of_an_update_that_was_dated_ahead(city: Repository) -> None:
    spanish = "---\ntitle: La basura\n---\nUn día.\n\n## 2024-05-10 09:00\n\nEl alcalde dimite.\n"
    city.commit("2024-05-06 08:20", {FILE: POST + AHEAD, SPANISH: spanish})
    city.commit("2024-05-07 08:20", {FILE: POST, SPANISH: "---\ntitle: La basura\n---\nUn día.\n"})
    assert not SECRET.search(built_words(city.folder))


def test_a_post_that_nobody_publishes_because_its_folder_is_hidden(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {"incidents/.drafts/2024-05-05-trash.md": POST + AHEAD.replace("05-10", "05-05")})
    city.commit("2024-05-06 08:20", {"incidents/.drafts/2024-05-05-trash.md": None, FILE: POST})
    words = built_words(city.folder)
    assert not SECRET.search(words)
    published = read_site(city.folder).incidents[0].updates[0].committed_at
    assert published == When.moment(datetime.fromisoformat("2024-05-06T08:20-05:00"))


def test_two_files_of_one_post_were_in_no_build(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST})
    copy = "incidents/2024/2024-05-05-trash.md"
    city.commit("2024-05-05 09:20", {copy: POST + AHEAD.replace("05-10", "05-05")})
    city.commit("2024-05-06 08:20", {copy: None})
    words = built_words(city.folder)
    assert not SECRET.search(words)
    assert read_site(city.folder).incidents[0].removed_updates == ()


@pytest.mark.parametrize(
    ("old", "noted"),
    [
        ("title: Trash is late", "title: Trash is late # the mayor resigns"),
        ("title: Trash is late", "title: 'Trash is late' # the mayor resigns"),
        ("title: Trash is late", "# the mayor resigns\ntitle: Trash is late"),
        ("services: {trash: degraded}", "services: {trash: degraded} # strike # resigns"),
        ("title: Trash is late", "title: > # the mayor resigns\n  Trash is late"),
        ("title: Trash is late", 'title: "Trash is late"#the mayor resigns'),
        ("services: {trash: degraded}", "services: {trash: degraded,#the mayor resigns\n}"),
        ("Pickup is", "> [//]: # (The mayor resigns)\n\nPickup is"),
        ("Pickup is", "- [//]: # (The mayor resigns)\n\nPickup is"),
        ("Pickup is", "[note]:\n  # (The mayor resigns)\n\nPickup is"),
        ("Pickup is", "[no\nte]: # (The mayor resigns)\n\nPickup is"),
        ("Pickup is", "[the mayor\nresigns]: <>\n\nPickup is"),
        ("Pickup is", "[//]: # (The mayor resigns)\n\nPickup is"),
        ("Pickup is", "[the mayor resigns]: <>\n\nPickup is"),
        ("Pickup is", "[//]: #\n'The mayor resigns'\n\nPickup is"),
    ],
)
def test_notes_that_no_page_shows(city: Repository, old: str, noted: str) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST.replace(old, noted)})
    city.commit("2024-05-06 08:20", {FILE: POST.replace("late", "overdue")})
    words = built_words(city.folder)
    assert "Changed on" in words
    assert not SECRET.search(words)


LABELS = [
    ("[the page][the mayor resigns]", "[the page](https://kcmo.gov/)"),
    ("[the page] [the\nMayor resigns]", "[the page](https://kcmo.gov/)"),
    ("[[the] page][the mayor resigns]", "[[the] page](https://kcmo.gov/)"),
    ("`[the page][the mayor resigns]`", "`[the page]`"),
    ("\\`[the page][the mayor resigns]\\`", "[the page](https://kcmo.gov/)"),
    ("![the page][the mayor resigns]", None),
]


@pytest.mark.parametrize(("used", "shown"), LABELS)
def test_labels_that_no_page_shows(city: Repository, used: str, shown: str | None) -> None:
    defined = f"See {used} today.\n\n[the mayor resigns]: https://kcmo.gov/\n\nPickup"
    city.commit("2024-05-05 08:20", {FILE: POST.replace("Pickup", defined)})
    city.commit("2024-05-06 08:20", {FILE: POST})
    words = built_words(city.folder)
    assert not SECRET.search(words)
    assert ("Changed on" in words) == (shown is not None)
    assert shown is None or shown in words


@pytest.mark.parametrize("used", ["[The page]", "[The page][]", "[The page] []", "[it][the page]"])
def test_of_two_addresses_under_one_label_readers_get_the_last(city: Repository, used: str) -> None:
    defined = (
        f"See {used}.\n\n[the page]: https://kcmo.gov/the-mayor-resigns\n\n[The Page]: <https://kcmo.gov/>\n\nPickup"
    )
    city.commit("2024-05-05 08:20", {FILE: POST.replace("Pickup", defined)})
    city.commit("2024-05-06 08:20", {FILE: POST})
    words = built_words(city.folder)
    assert not SECRET.search(words)
    assert "](https://kcmo.gov/)." in words


@pytest.mark.parametrize(
    "used", ["\\[the page]", "[the page](https://kcmo.gov/)", "`[it][the page]`", "[it](https://a.gov/)"]
)
def test_an_address_that_no_link_has(city: Repository, used: str) -> None:
    defined = f"See {used}.\n\n[the page]: https://kcmo.gov/the-mayor-resigns\n\nPickup"
    city.commit("2024-05-05 08:20", {FILE: POST.replace("Pickup", defined)})
    city.commit("2024-05-06 08:20", {FILE: POST})
    words = built_words(city.folder)
    assert "Changed on" in words
    assert not SECRET.search(words)


def test_an_address_that_changes_is_a_change(city: Repository) -> None:
    defined = "See [the page][page].\n\n[page]: https://kcmo.gov/old\n\nPickup"
    city.commit("2024-05-05 08:20", {FILE: POST.replace("Pickup", defined)})
    city.commit("2024-05-06 08:20", {FILE: POST.replace("Pickup", defined.replace("old", "new"))})
    assert "See [the page](https://kcmo.gov/old)." in built_words(city.folder)


def test_a_public_edit_stays_on_the_record_though_a_clock_was_slow(city: Repository) -> None:
    post = POST.replace("08:00", "09:00")
    city.commit("2024-05-05 09:20", {FILE: post.replace("late", "overdue")})
    city.commit("2024-05-05 08:50", {FILE: post})
    assert "Pickup is a day overdue." in built_words(city.folder)


# Histories that were written again (git rebase)


def test_what_was_committed_in_one_second_was_never_public(city: Repository) -> None:
    city.commit("2024-05-05 09:20", {FILE: POST.replace("Pickup", "The mayor resigns. Pickup")})
    city.commit("2024-05-05 09:20", {FILE: POST})
    words = built_words(city.folder)
    assert not SECRET.search(words)
    assert "Changed on" not in words


@pytest.mark.parametrize("seconds", [0, 1, 40, 7200])
def test_an_embargo_holds_though_the_branch_was_rebased(city: Repository, seconds: int) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST})
    ahead = POST + AHEAD.replace("05-10", "05-08")
    city.commit("2024-05-09 08:20", {FILE: ahead}, authored="2024-05-06 08:20")
    done = datetime(2024, 5, 9, 8, 20, tzinfo=UTC) + timedelta(seconds=seconds)
    city.commit(f"{done:%Y-%m-%d %H:%M:%S}", {FILE: POST}, authored="2024-05-07 08:20")
    words = built_words(city.folder)
    assert not SECRET.search(words)
    assert "Removed updates" not in words


def test_a_post_dated_ahead_that_was_deleted_in_a_rebased_branch(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST})
    other = "incidents/2024-05-10-mayor.md"
    ahead = POST.replace("started:", "posted: 2024-05-10 09:00\nstarted:").replace(
        "Pickup", "The mayor resigns. Pickup"
    )
    city.commit("2024-05-20 08:20", {other: ahead}, authored="2024-05-06 08:20")
    city.commit("2024-05-20 08:21", {other: None}, authored="2024-05-07 08:20")
    assert read_site(city.folder).deleted_ids == ()
    assert not SECRET.search(built_words(city.folder))


def test_git_rebase_itself(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST})
    city.git("checkout", "--quiet", "-b", "branch")
    city.commit("2024-05-06 08:20", {FILE: POST + AHEAD.replace("05-10", "05-08")})
    city.commit("2024-05-07 08:20", {FILE: POST})
    city.git("checkout", "--quiet", "main")
    city.commit("2024-05-07 12:00", {"README.md": "Our page\n"})
    city.git("checkout", "--quiet", "branch")
    city.git("rebase", "--quiet", "main", at="2024-05-09 08:20")
    assert not SECRET.search(built_words(city.folder))


def test_a_change_that_was_written_early_and_committed_late_hides_nothing_that_was_public(city: Repository) -> None:
    city.commit("2024-05-06 08:20", {FILE: POST + AHEAD})
    city.commit("2024-05-12 08:20", {FILE: POST}, authored="2024-05-02 08:20")
    assert "The mayor resigns over this." in built_words(city.folder)


def test_what_was_due_by_a_clock_that_was_wrong(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST})
    city.commit("2024-05-22 08:20", {FILE: POST + AHEAD})
    city.commit("2024-05-07 08:20", {FILE: POST})
    assert not SECRET.search(built_words(city.folder))


@pytest.mark.parametrize(
    ("old", "refused"),
    [
        ("started:", "Draft: true\nstarted:"),
        ("started:", "drafts: true\nstarted:"),
        ("started:", "status: draft\nstarted:"),
        ("started:", "note: ask Jim\nstarted:"),
        ("Pickup", "<!-- The strike goes on -->\n\nPickup"),
        ("Pickup", "<!-- Ask Jim\nwhether the strike goes on -->\n\nPickup"),
        ("Pickup", "&lt;!-- The strike goes on --&gt;\n\nPickup"),
        ("Pickup", "[//]: # (The strike\ngoes on)\n\nPickup"),
        ("late.\n", "late.\n\n##2024-05-05 09:00 Resolved\n\nOver.\n"),
        ("late.\n", "late.\n\n### 2024-05-05 09:00 Resolved\n\nOver.\n"),
        ("late.\n", "late.\n\n## 2024-05-05 09:00 Solved it\n\nOver.\n"),
        ("late.\n", "late.\n\n## 2024-05-05 09:00\nnote: ask Jim\n\nOver.\n"),
    ],
)
def test_versions_that_the_build_refused_were_never_public(city: Repository, old: str, refused: str) -> None:
    noted = POST.replace("Pickup", "The mayor resigns. Pickup").replace(old, refused)
    city.commit("2024-05-05 08:20", {FILE: noted})
    city.commit("2024-05-06 08:20", {FILE: POST})
    words = built_words(city.folder)
    assert not SECRET.search(words)
    assert "Changed on" not in words


@pytest.mark.parametrize("heading", ["##2024-12-24 09:00 Resolved", "### 2024-12-24 09:00 Resolved"])
def test_a_mistyped_heading_of_an_update_that_is_still_ahead(city: Repository, heading: str) -> None:
    ahead = POST + "\n%s\n\nThe mayor resigns over this, as was said in May.\n"
    city.commit("2024-05-05 08:20", {FILE: POST})
    city.commit("2024-05-06 08:20", {FILE: ahead % heading})
    city.commit("2024-05-06 09:20", {FILE: ahead % "## 2024-12-24 09:00 Resolved"})
    assert not SECRET.search(built_words(city.folder))


def test_a_translation_that_the_build_refused(city: Repository) -> None:
    spanish = "---\ntitle: La basura\n---\nUn día.\n"
    city.commit("2024-05-05 08:20", {FILE: POST, SPANISH: spanish})
    city.commit("2024-05-06 08:20", {SPANISH: spanish.replace("title:", "nota: x\ntitle:") + "El alcalde dimite.\n"})
    city.commit("2024-05-06 09:20", {SPANISH: spanish})
    assert not SECRET.search(built_words(city.folder))


def test_names_that_have_gone_since_make_no_mistake_of_an_earlier_version(city: Repository) -> None:
    named = POST.replace("started:", "unrelated_to: [2024-05-04-gone]\nstarted:").replace(
        "{trash:", "{gone: down, trash:"
    )
    gone = "incidents/2024-05-04-gone.md"
    before = {"services.yaml": SERVICES + "  - name: Gone\n"}
    city.commit("2024-05-05 08:20", {FILE: named.replace("Pickup", "Garbage"), gone: POST, **before})
    city.commit("2024-05-06 08:20", {FILE: POST, gone: None, "services.yaml": SERVICES})
    assert "Garbage is a day late." in built_words(city.folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Pickup", "See [the plan](2024-05-04-plan.md). Pickup"),
        ("Pickup", "![A truck](files/truck.png)\n\nPickup"),
        ("Pickup", "See [the plan](javascript:plan). Pickup"),
        ("Pickup", "\n\n| A | B |\n|---|---|\n| 1 | 2 | 3 |\n\nPickup"),
        ("Pickup", "Password: hunter2Xq9\n\nPickup"),
        ("Pickup", "[Pass](https://kcmo.gov)word: hunter2Xq9\n\nPickup"),
        ("started:", "silence: [card-number]\nby: 'Password: hunter2Xq9'\nstarted:"),
        ("Pickup", "See [https://www.kcmo.gov](https://evil.example/). Pickup"),
        ("{trash: degraded}", "{trash: degraded, water: down}"),
        ("{trash: degraded}", "{trash: slow-ish}"),
        ("{trash: degraded}", "{trash: {do: Wait}}"),
        ("title: Trash is late", "title: Trash <!-- ask Jim --> is late"),
        ("started:", "topic: fraud\nstarted:"),
        ("started:", "unrelated_to: [2024-05-04-plan]\nstarted:"),
        ("started:", "next_update: 2024-05-04 08:00\nstarted:"),
        ("late.\n", "late.\n\n## 2024-05-05 08:10\n\n...\n"),
        ("late.\n", "late.\n\n## 2024-05-05 08:10\n\nOne.\n\n## 2024-05-05 08:10\n\nTwo.\n"),
        ("late.\n", "late.\n\n## 2024-05-05 08:10\n\nOne.\n\n## 2024-05-05 08:05\n\nTwo.\n"),
        ("late.\n", "late.\n\n## 2024-05-05 08:10 Correction\n\nOne.\n"),
        ("late.\n", "late.\n\n" + "> " * 30 + "One.\n"),
        ("late.\n", "late. [[when?]]\n\n" + "[" * 501 + "\n"),
    ],
)
def test_versions_with_a_mistake_of_any_kind_were_never_public(city: Repository, old: str, new: str) -> None:
    noted = POST.replace("Pickup", "The mayor resigns. Pickup").replace(old, new)
    city.commit("2024-05-05 08:20", {FILE: POST})
    city.commit("2024-05-05 08:30", {FILE: noted})
    city.commit("2024-05-06 08:20", {FILE: POST})
    words = built_words(city.folder)
    assert not SECRET.search(words)
    assert "Changed on" not in words


@pytest.mark.parametrize(
    ("old", "new"),
    [("started:", "unrelated_to: [2024-05-04-plan]\nstarted:"), ("Pickup", "[It](2024-05-04-plan.md)")],
)
@pytest.mark.parametrize("plan", ["draft: true\nstarted:", "draft: true\nnote: x\nstarted:"])
def test_a_version_that_led_to_a_draft_was_never_public(city: Repository, old: str, new: str, plan: str) -> None:
    noted = POST.replace("Pickup", "The mayor resigns. Pickup").replace(old, new)
    city.commit("2024-05-05 08:20", {FILE: POST})
    draft = POST.replace("05-05", "05-04").replace("started:", plan)
    city.commit("2024-05-05 08:30", {FILE: noted, "incidents/2024-05-04-plan.md": draft})
    city.commit("2024-05-06 08:20", {FILE: POST})
    city.commit("2024-05-07 08:20", {"incidents/2024-05-04-plan.md": POST.replace("05-05", "05-04")})
    words = built_words(city.folder)
    assert not SECRET.search(words)
    assert "Changed on" not in words


@pytest.mark.parametrize("where", ["site: {", "started:"])
def test_a_false_alarm_that_was_silenced_was_published(city: Repository, where: str) -> None:
    silenced = where.replace("site: {", "site: {silence: [password], ").replace(
        "started:", "silence: password\nstarted:"
    )
    post = POST.replace("late.", "late. Password: hunter2Xq9").replace(where, silenced)
    services = {"services.yaml": SERVICES.replace(where, silenced)}
    city.commit("2024-05-05 08:20", {FILE: post.replace("Pickup is", "Garbage\nis"), **services})
    city.commit("2024-05-06 08:20", {FILE: post.replace("Pickup is", "Pickup\nis")})
    assert "Garbage" in built_words(city.folder)


BROKEN_SERVICES = [
    SERVICES.replace("- name", "- {name"),
    SERVICES.replace("Trash", "Rubbish"),
    SERVICES.replace("timezone", "time_zone"),
    SERVICES.replace("America/Chicago", "America/Springfield"),
    SERVICES.replace("services:", "service:"),
    SERVICES + "  - name: Trash\n",
    "",
    None,
]


@pytest.mark.parametrize("services", BROKEN_SERVICES)
def test_versions_of_a_time_when_services_were_broken(city: Repository, services: str | None) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST, "services.yaml": services})
    city.commit("2024-05-05 08:30", {FILE: POST.replace("Pickup", "The mayor resigns. Pickup")})
    city.commit("2024-05-06 08:20", {FILE: POST})
    city.commit("2024-05-07 08:20", {"services.yaml": SERVICES})
    words = built_words(city.folder)
    assert not SECRET.search(words)
    assert "Changed on" not in words
    published = read_site(city.folder).incidents[0].updates[0].committed_at
    assert published == When.moment(datetime.fromisoformat("2024-05-07T08:20-05:00"))


def test_a_version_becomes_public_when_what_it_needs_is_there(city: Repository) -> None:
    linked = POST.replace("Pickup", "See [the plan](2024-05-04-plan.md). Garbage")
    city.commit("2024-05-05 08:20", {FILE: linked})
    city.commit("2024-05-05 09:20", {"incidents/2024-05-04-plan.md": POST.replace("05-05", "05-04")})
    city.commit("2024-05-06 08:20", {FILE: POST})
    assert "Garbage is a day late." in built_words(city.folder)
    published = read_site(city.folder).incidents[1].updates[0].committed_at
    assert published == When.moment(datetime.fromisoformat("2024-05-05T09:20-05:00"))


def test_what_a_post_links_to_can_get_another_name(city: Repository) -> None:
    linked = POST.replace("Pickup", "See [the plan](2024-05-04-plan.md). Garbage")
    other = POST.replace("05-05", "05-04").replace("Trash", "Water")
    city.commit("2024-05-05 08:20", {FILE: linked, "incidents/2024-05-04-water.md": other})
    city.commit("2024-05-05 09:20", {"incidents/2024-05-04-water.md": None, "incidents/2024-05-04-plan.md": other})
    city.commit("2024-05-06 08:20", {FILE: POST})
    assert "Garbage is a day late." in built_words(city.folder)


def test_the_record_is_the_same_with_a_cache(city: Repository) -> None:
    linked = POST.replace("Pickup", "See [the plan](2024-05-04-plan.md). Garbage")
    plan: dict[str, str | None] = {"incidents/2024-05-04-plan.md": POST.replace("05-05", "05-04")}
    city.commit("2024-05-05 08:20", {FILE: linked.replace("Garbage", "The mayor resigns. Garbage")})
    city.commit("2024-05-05 08:40", {FILE: linked.replace("[the", "[that")})
    city.commit("2024-05-05 09:20", plan)
    city.commit("2024-05-06 08:20", {FILE: POST + AHEAD, SPANISH: "---\ntitle: La basura\n---\nUn día.\n"})
    sites = [read_content(city.folder, ("en", "es"), cache=Cache(city.folder)).site for _ in range(2)]
    city.commit("2024-05-07 08:20", {FILE: POST})
    later = read_content(city.folder, ("en", "es"), cache=Cache(city.folder)).site
    assert sites[0] == sites[1]
    assert later == read_site(city.folder)
    assert "Garbage" in repr(later)
    assert "resigns" not in repr(later)


def test_an_update_was_not_public_at_its_time_if_the_site_could_not_be_built_then(city: Repository) -> None:
    city.commit("2024-05-06 08:20", {FILE: POST + AHEAD})
    city.commit("2024-05-09 08:20", {"services.yaml": SERVICES.replace("Trash", "Rubbish")})
    city.commit("2024-05-11 08:20", {FILE: POST, "services.yaml": SERVICES})
    assert not SECRET.search(built_words(city.folder))


def test_the_clocks_of_a_time_count_that_the_site_had_then(city: Repository) -> None:
    in_hawaii = SERVICES.replace("America/Chicago", "Pacific/Honolulu")
    city.commit("2024-05-06 08:20", {FILE: POST + EMBARGOED, "services.yaml": in_hawaii})
    city.commit("2024-05-10 10:20", {FILE: POST})
    city.commit("2024-05-11 08:20", {"services.yaml": SERVICES})
    assert not SECRET.search(built_words(city.folder))


def test_services_that_are_not_kept_in_git_count_as_they_are(city: Repository) -> None:
    city.commit("2024-05-01 08:00", {"services.yaml": None})
    city.git("checkout", "--quiet", "--orphan", "other")
    city.commit("2024-05-05 08:20", {FILE: POST, ".gitignore": "services.yaml\n"})
    city.commit("2024-05-05 09:20", {FILE: POST.replace("Pickup", "Garbage")})
    (city.folder / "services.yaml").write_text(SERVICES, encoding="utf-8")
    assert "Pickup is a day late." in built_words(city.folder)


def test_a_picture_and_a_link_of_an_earlier_version_that_are_gone(city: Repository) -> None:
    shown = POST.replace("Pickup", "![A truck](files/truck.png) [Plan](2024-05-04-plan.md)\n\nGarbage")
    picture, plan = "incidents/files/truck.png", "incidents/2024-05-04-plan.md"
    city.commit("2024-05-05 08:20", {FILE: shown, picture: "any", plan: POST.replace("05-05", "05-04")})
    city.commit("2024-05-06 08:20", {FILE: POST, picture: None, plan: None})
    assert "Garbage is a day late." in built_words(city.folder)


# Posts that get another name

RENAMED = "incidents/2024-05-05-trash-pickup.md"


def test_a_post_that_was_renamed_and_edited_keeps_its_record(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST.replace("Pickup", "Garbage")})
    city.commit("2024-05-06 08:20", {FILE: None, RENAMED: POST})
    words = built_words(city.folder)
    assert "Changed on" in words
    assert "Garbage is a day late." in words
    published = read_site(city.folder).incidents[0].updates[0].committed_at
    assert published == When.moment(datetime.fromisoformat("2024-05-05T08:20-05:00"))
    assert read_site(city.folder).deleted_ids == ("2024-05-05-trash",)


def test_a_post_that_was_renamed_twice_and_back_keeps_its_record(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST.replace("Pickup", "Garbage")})
    city.commit("2024-05-06 08:20", {FILE: None, RENAMED: POST.replace("Pickup", "Collection")})
    city.commit("2024-05-07 08:20", {FILE: POST, RENAMED: None})
    words = built_words(city.folder)
    assert "Garbage is a day late." in words
    assert "Collection is a day late." in words


def test_a_draft_that_was_renamed_was_not_public_before(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST.replace("started:", "draft: true\nstarted:") + AHEAD})
    city.commit("2024-05-06 08:20", {FILE: None, RENAMED: POST})
    words = built_words(city.folder)
    assert not SECRET.search(words)
    assert "Changed on" not in words


def test_the_next_incident_in_the_same_words_is_another_one(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST.replace("Pickup", "Garbage")})
    city.commit("2024-06-05 08:20", {FILE: None, "incidents/2024-06-05-trash.md": POST.replace("05-05", "06-05")})
    assert "Garbage" not in built_words(city.folder, at="2024-07-01")


def test_a_name_that_was_taken_again_has_a_record_of_its_own(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST.replace("Pickup", "Garbage")})
    city.commit("2024-05-06 08:20", {FILE: None, RENAMED: POST.replace("Pickup", "Garbage")})
    city.commit("2024-05-07 08:20", {FILE: POST})
    words = built_words(city.folder)
    assert read_site(city.folder).deleted_ids == ()
    assert "Taken out" not in words


# What the last look knows


@pytest.mark.parametrize("words", ["The mayor resigns over this.", "The mayor went over this."])
def test_a_published_update_that_is_moved_ahead_can_be_built(city: Repository, words: str) -> None:
    said = AHEAD.replace("The mayor resigns over this.", words)
    city.commit("2024-05-10 09:20", {FILE: POST + said})
    city.commit("2024-05-11 09:20", {FILE: POST + said.replace("05-10", "06-10")})
    assert words in built_words(city.folder)
    assert words in built_words(city.folder, at="2024-07-01")


def test_words_of_a_refused_version_do_not_make_a_pending_update_public(city: Repository) -> None:
    mistyped = AHEAD.replace("## 2024-05-10", "##2024-07-10")
    city.commit("2024-05-05 08:20", {FILE: POST + mistyped})
    city.commit("2024-05-06 08:20", {FILE: POST + mistyped.replace("##", "## ")})
    site = read_site(city.folder)
    leak = Edit(site.incidents[0].updates[0].time, "The mayor resigns over this.", "", "en")
    leaky = replace(site, incidents=(replace(site.incidents[0], removed_updates=(leak,)),))
    board = make_board(leaky, datetime.fromisoformat("2024-06-01T00:00-05:00"))
    with pytest.raises(AuditError, match=r'"The mayor resigns over this" is here'):
        list(audit_files(all_files(board, Renderer(city.folder)), board, leaky))


def test_a_sign_that_begins_no_comment_stays_on_the_record(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST.replace("Trash is late", '"Take bus #5, or # 6" # in quotes')})
    city.commit("2024-05-06 08:20", {FILE: POST})
    words = built_words(city.folder)
    assert "Take bus #5, or # 6" in words
    assert "in quotes" not in words


def test_what_was_put_back_with_other_words_was_changed(city: Repository) -> None:
    late = "\n## 2024-05-05 12:00\n\nTwo trucks %s.\n"
    city.commit("2024-05-05 12:20", {FILE: POST + late % "broke down"})
    city.commit("2024-05-05 13:20", {FILE: POST})
    city.commit("2024-05-05 14:20", {FILE: POST + late % "are slow"})
    words = built_words(city.folder)
    assert "Two trucks broke down." in words
    assert "Removed updates" not in words


def test_the_last_look_finds_words_of_earlier_versions(city: Repository) -> None:
    city.commit("2024-05-06 08:20", {FILE: POST + AHEAD})
    city.commit("2024-05-07 08:20", {FILE: POST})
    site = read_site(city.folder)
    assert "resigns" in repr(site.past)
    assert "resigns" not in repr(site)
    leak = Edit(site.incidents[0].updates[0].time, "The mayor resigns over this.", "", "en")
    leaky = replace(site, incidents=(replace(site.incidents[0], removed_updates=(leak,)),))
    board = make_board(leaky, datetime.fromisoformat("2024-06-01T00:00-05:00"))
    assert board.site.past is None
    with pytest.raises(
        AuditError, match=r'"The mayor resigns over this" is here, .*an earlier version that nobody could'
    ):
        list(audit_files(all_files(board, Renderer(city.folder)), board, leaky))


def test_words_of_a_draft_that_were_published_elsewhere_are_no_secret(city: Repository) -> None:
    city.commit("2024-05-05 08:20", {FILE: POST.replace("started:", "draft: true\nstarted:") + AHEAD})
    city.commit("2024-05-06 08:20", {FILE: POST})
    other = POST.replace("Pickup is a day late.", "The mayor resigns over this.")
    city.commit("2024-05-06 09:20", {"incidents/2024-05-06-mayor.md": other})
    city.commit("2024-05-06 10:20", {"incidents/2024-05-06-mayor.md": POST})
    assert "The mayor resigns over this." in built_words(city.folder)


# Random histories


@dataclass(frozen=True)
class Entry:
    """An update in a history: its time in hours since the beginning, the number of its words, and its embargo."""

    hour: int
    word: int
    embargo: bool = False


@dataclass
class History:
    """A post as the last commit left it. Every text has a word of its own, by which it can be found."""

    mark: str = ""
    embargo: str = ""
    blank: str = ""
    posted: int = 0
    first: int = 0
    note: int = 0
    entries: list[Entry] = field(default_factory=list)
    spanish: bool = False
    folder: str = ""
    exists: bool = True
    words: int = 0
    name: str = "trash"
    mistake: str = ""
    services: str | None = SERVICES

    def new_word(self) -> int:
        self.words += 1
        return self.words

    def files(self) -> dict[str, str]:
        services = {} if self.services is None else {"services.yaml": self.services}
        if not self.exists:
            return services
        marks = f"{self.embargo}{self.mark}\n"
        front = f"title: Trash\nstarted: {show(0)}\nposted: {show(self.posted)} # zq{self.note}n\n{marks}"
        entries = sorted((entry for entry in self.entries if entry.hour > self.posted), key=lambda entry: entry.hour)
        embargoes = {entry.hour: "embargo: true\n" if entry.embargo else "" for entry in entries}
        body = "".join(
            f"\n## {show(one.hour)}\n{embargoes[one.hour]}known: [zq{one.word}k]\n\nSaid zq{one.word}w.\n"
            for one in entries
        )
        post = f"{self.blank}---\n{front}---\n[//]: # (zq{self.note}n)\n\n{self.mistake}Said zq{self.first}w.\n{body}"
        found = {**services, f"incidents/{self.folder}{self.name}.md": post}
        if self.spanish:
            body = "".join(f"\n## {show(one.hour)}\n\nDicho zq{one.word}s.\n" for one in entries[1:])
            text = f"---\ntitle: Basura zq{self.first}t\n---\nDicho zq{self.first}s.\n{body}"
            found[f"incidents/{self.folder}{self.name}.es.md"] = text
        return found


def show(hour: int) -> str:
    return f"{datetime(2024, 5, 5, tzinfo=UTC) + timedelta(hours=hour):%Y-%m-%d %H:%M}"


def change(state: History, kind: str, number: int, now: int) -> None:
    """Make one change, as a writer might."""
    match kind:
        case "draft":
            state.mark = DRAFT_MARKS[number % 9] if number % 3 else ""
            state.blank = "\n" * (number % 3)
        case "posted":
            state.posted = max(0, now + 3 * (number - 12))
            state.embargo = "embargo: true\n" if number % 2 else ""
        case "first":
            state.first, state.note = state.new_word(), state.new_word()
        case "translate":
            state.spanish = not state.spanish
        case "folder":
            state.folder = ["", "2024/", "old/"][number % 3]
        case "exists":
            state.exists = number > 5
        case "rename":
            state.name = ["trash", "garbage", "pickup"][number % 3]
        case "mistake":
            state.mistake = MISTAKES[number % len(MISTAKES)] if number % 2 else ""
        case "services":
            state.services = BROKEN_SERVICES[number % len(BROKEN_SERVICES)] if number % 2 else SERVICES
        case _:
            change_updates(state, kind, number, now)


def change_updates(state: History, kind: str, number: int, now: int) -> None:
    """Add, move, reword or remove an update."""
    hours = {entry.hour for entry in state.entries}
    if kind == "add" and 0 < now + 3 * (number - 8) not in hours:
        state.entries.append(Entry(now + 3 * (number - 8), state.new_word(), number % 3 == 0))
    elif kind != "add" and state.entries:
        old = state.entries.pop(number % len(state.entries))
        if kind == "reword":
            state.entries.append(replace(old, word=state.new_word()))
        elif kind == "move" and old.hour + number not in hours - {old.hour}:
            state.entries.append(replace(old, hour=old.hour + number))


MISTAKES = ["[The plan](plan.md) ", "<!-- Ask Jim --> ", "![](a.png) ", "##2024-05-09 Resolved\n", "\u200b[x](y:z) "]
KINDS = [
    *["add"] * 6, *["move", "reword", "remove", "first", "translate"] * 2, "draft", "posted", "folder", "exists",
    *["rename", "mistake", "services"] * 2,
]  # fmt: skip
CHANGES = st.tuples(st.sampled_from(KINDS), st.integers(0, 20))
COMMITS = st.tuples(st.integers(1, 12), st.lists(CHANGES, min_size=2, max_size=5))


def words_in(text: str) -> Iterator[str]:
    return iter(set(re.findall(r"zq\d+[a-z]", text)))


@settings(max_examples=10)
@given(st.lists(COMMITS, min_size=6, max_size=10))
def test_no_word_that_nobody_could_read_is_in_any_file(history: list[tuple[int, list[tuple[str, int]]]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        city, state, now = Repository(Path(name, "city")), History(), 0
        readable: set[str] = set()
        for hours, changes in history:
            # What stood until now was built last just before this commit, and nothing that it hid then was read.
            readable |= public_words(city.folder, now + hours)
            now += hours
            for kind, number in changes:
                change(state, kind, number, now)
            commit_all(city, state.files(), now)
        end = now + 100
        state.mistake, state.services = "", SERVICES
        commit_all(city, state.files(), now)
        assume(not read_content(city.folder, ("en", "es")).problems)
        readable |= public_words(city.folder, end)
        site = read_site(city.folder)
        board = make_board(site, to_moment(end))
        files = audit_files(all_files(board, Renderer(city.folder)), board, site)
        found = {word for file in files for word in words_in(file.content.decode(errors="replace"))}
        assert found <= readable, found - readable


def commit_all(city: Repository, files: dict[str, str], hour: int) -> None:
    for file in [*(city.folder / "incidents").rglob("*.md"), *city.folder.glob("services.yaml")]:
        file.unlink()
    for path, text in files.items():
        (city.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (city.folder / path).write_text(text, encoding="utf-8")
    city.git("add", "--all")
    city.git("commit", "--quiet", "--allow-empty", "--message=More", at=show(hour))


def to_moment(hour: int) -> datetime:
    return datetime.fromisoformat(f"{show(hour)}-05:00")


def public_words(folder: Path, hour: int) -> set[str]:
    """Return the words that a build by the clock shows one second before an hour; none if there is a mistake."""
    git = folder / ".git"
    git.rename(folder.parent / "git")
    content = read_content(folder, ("en", "es"))
    (folder.parent / "git").rename(git)
    if content.problems or not content.site:
        return set()
    clock = to_moment(hour) - timedelta(seconds=1)
    if any(find_distant_updates(content.site, clock, {})):
        return set()
    reading = read_clock(content.site, clock)
    return set(words_in(repr(make_board(reading.site, reading.moment))))
