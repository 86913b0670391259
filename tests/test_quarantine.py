"""One broken post does not block an urgent good one, and no service seems to work because its post is broken."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from statusgen.cli.main import main
from tests.support.sample_sites import Page

AT = "2024-05-06 12:00"
SERVICES = """
site:
  title: Springfield services
  url: https://status.springfield.example/
  timezone: America/Chicago
  contacts:
    - {name: City hall, phone: 555-0100, languages: [en]}
services:
  - {id: trash, name: Trash pickup}
  - {id: water, name: Pay a water bill, channels: [{id: online, kind: online, url: "https://pay.example/"}]}
  - {id: library, name: Library}
"""
WATER = """---
title: Water bills cannot be paid
started: 2024-05-05 08:00
services: {water/online: down}
---
The office takes payments by check.

## 2024-05-05 16:00 Identified
We found the cause.
"""
TRANSLATION = """---
title: No se puede pagar el agua
---
La oficina acepta cheques.

## 2024-05-05 16:00
Encontramos la causa.
"""
TRASH = """---
title: No trash pickup today
started: 2024-05-06 07:00
services: {trash: down}
---
Snow. See [what we said of water](water.md#update-2024-05-05-1600).
"""
BROKEN = WATER.replace("started", "strated")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "incidents").mkdir()
    write(tmp_path, services=SERVICES, water=WATER, trash=TRASH)
    return tmp_path


@pytest.fixture
def bilingual_folder(folder: Path) -> Path:
    write(
        folder,
        services=SERVICES.replace("  contacts", "  languages: [en, es]\n  contacts"),
        **{"water.es": TRANSLATION},
    )
    return folder


def write(folder: Path, services: str | None = None, **posts: str) -> None:
    if services is not None:
        (folder / "services.yaml").write_text(services, encoding="utf-8")
    for name, post in posts.items():
        (folder / "incidents" / f"{name}.md").write_text(post, encoding="utf-8")


def build(folder: Path, *more: str, at: str = AT) -> Result:
    return CliRunner().invoke(main, ["build", "--source", str(folder), "--at", at, *more])


def page(folder: Path, path: str = "index.html") -> Page:
    return Page((folder / "site" / path).read_text(encoding="utf-8"))


def data(folder: Path, path: str = "status.json") -> dict[str, object]:
    read: dict[str, object] = json.loads((folder / "site" / path).read_bytes())
    return read


def statuses(folder: Path) -> dict[str, str]:
    return {service["id"]: service["status"] for service in data(folder)["services"]}  # type: ignore[attr-defined]


def test_refusing_is_the_rule(folder: Path) -> None:
    write(folder, water=BROKEN)
    refused = build(folder)
    assert refused.exit_code == 1
    assert "incidents/water.md:3" in refused.output
    assert not (folder / "site").exists()


def test_what_is_sound_is_published_and_the_rest_is_said_to_be_missing(bilingual_folder: Path) -> None:
    write(bilingual_folder, water=BROKEN)
    done = build(bilingual_folder, "--quarantine")
    assert done.exit_code == 3
    assert 'incidents/water.md:3: There is no key "strated" here.' in done.output
    assert "Left out: incidents/water.md" in done.output
    assert "Snow" in page(bilingual_folder, "incidents/trash/index.html").words
    assert statuses(bilingual_folder)["trash"] == "down"
    said = "1 report is missing here, because there are mistakes in its file. We are fixing it."
    for path in (bilingual_folder / "site").rglob("*.html"):
        if "es" not in path.relative_to(bilingual_folder / "site").parts:
            assert said in Page(path.read_text(encoding="utf-8")).words, path
        else:
            assert "555-0100" in Page(path.read_text(encoding="utf-8")).words, path
    assert said in (bilingual_folder / "site" / "status.txt").read_text(encoding="utf-8")
    assert data(bilingual_folder)["left_out"] == ["water"]
    for name in ("feed.xml", "services/trash/feed.xml"):
        feed = etree.parse(bilingual_folder / "site" / name)
        assert said in (feed.findtext("channel/description") or "")
    assert said in str(data(bilingual_folder, "feed.json")["description"])


def test_nothing_is_green_because_its_post_cannot_be_read(folder: Path) -> None:
    write(folder, water=BROKEN)
    build(folder, "--quarantine")
    assert statuses(folder) == {"trash": "down", "water": "unknown", "library": "not_said"}
    assert "Not known yet" in page(folder).service("water")


def test_links_to_what_is_left_out_lead_to_a_page_that_says_so(folder: Path) -> None:
    write(folder, water=BROKEN)
    build(folder, "--quarantine")
    assert 'href="../water/index.html"' in (folder / "site/incidents/trash/index.html").read_text(encoding="utf-8")
    said = page(folder, "incidents/water/index.html").words
    assert "There are mistakes in the file of this report, so it cannot be shown." in said
    assert "payments by check" not in said


def test_the_feed_says_it_in_an_item_that_no_other_will_be_taken_for(folder: Path) -> None:
    def ids() -> set[str]:
        items = data(folder, "feed.json")["items"]
        return {item["id"] for item in items}  # type: ignore[attr-defined]

    assert build(folder).exit_code == 0
    before = ids()
    write(folder, water=BROKEN)
    build(folder, "--quarantine")
    assert len(ids() - before) == 1
    write(folder, water=WATER)
    assert build(folder, "--quarantine").exit_code == 0
    assert ids() == before


def test_once_fixed_all_is_as_if_nothing_had_happened(folder: Path) -> None:
    def files_published() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in (folder / "site").rglob("*") if path.is_file()}

    build(folder)
    before = files_published()
    write(folder, water=BROKEN)
    build(folder, "--quarantine")
    assert files_published() != before
    write(folder, water=WATER)
    assert build(folder).exit_code == 0
    assert files_published() == before


def test_of_a_broken_translation_the_original_is_published(bilingual_folder: Path) -> None:
    write(bilingual_folder, **{"water.es": TRANSLATION.replace("---\ntitle", "---\nstatus: down\ntitle")})
    done = build(bilingual_folder, "--quarantine")
    assert done.exit_code == 3
    assert "Left out: incidents/water.es.md" in done.output
    assert data(bilingual_folder)["left_out"] == []
    assert statuses(bilingual_folder)["water"] == "down"
    assert "The office takes payments by check" in page(bilingual_folder, "es/incidents/water/index.html").words
    assert "cheques" not in page(bilingual_folder, "es/incidents/water/index.html").words


@pytest.mark.parametrize(
    ("post", "status"),
    [
        (WATER.replace("services: {water/online: down}", "services: {watre/online: down}"), "unknown"),
        (WATER.replace("services: {water/online: down}", "sevrices: {water/online: down}"), "unknown"),
        (WATER.replace("services: {water/online: down}", "services: {water/online: dwon}"), "unknown"),
        (WATER.replace("services: {water/online: down}", "services:\n\twater/online: down"), "unknown"),
        (WATER.replace("services: {water/online: down}", "services:\n- water: down"), "unknown"),
        (WATER.replace("---\nThe", "The"), "unknown"),
        (WATER.replace("down", "down\nfoo: bar").replace("}\n", "").replace("bar", "bar}"), "unknown"),
        (WATER + "\n## 2024-05-06 09:00 Resolvd\n", "unknown"),
        (BROKEN + "\n## 2024-05-06 14:00 Resolved\n", "unknown"),
        (BROKEN + "\n## 2024-05-06 09:00 Resolved\n", "not_said"),
        (BROKEN.replace("down", "working"), "unknown or refused"),
    ],
)
def test_however_it_is_broken(folder: Path, post: str, status: str) -> None:
    write(folder, water=post)
    done = build(folder, "--quarantine")
    if status == "unknown or refused":
        assert done.exit_code == 1
        assert "This post does not say which services it affects" in done.output
    else:
        assert done.exit_code == 3, done.output
        assert statuses(folder)["water"] == status


def test_what_it_held_when_it_was_published_stays_unknown(folder: Path) -> None:
    """The new text says that all is over, but it cannot be read; the old text held the service back."""
    assert build(folder).exit_code == 0
    write(folder, water=BROKEN + "\n## 2024-05-06 09:00 Resolved\n")
    assert build(folder, "--quarantine").exit_code == 3
    assert statuses(folder)["water"] == "unknown"


@pytest.mark.parametrize(
    "post",
    [
        "",
        "---\ntitle: A\nstarted: 2024-05-05\nservices: {zebra: down}\n---\n",
        "---\ntitle: A\nstrated: 2024-05-05\n---\nAll is down.\n",
        "\xff\x00",
    ],
)
def test_where_nobody_can_tell_nothing_is_published(folder: Path, post: str) -> None:
    (folder / "incidents" / "bad.md").write_bytes(post.encode("latin-1"))
    done = build(folder, "--quarantine")
    assert done.exit_code == 1
    assert "incidents/bad.md:1: This post does not say which services it affects" in done.output
    assert not (folder / "site").exists()


HIDDEN = [
    BROKEN.replace("title", "draft: true\ntitle"),
    BROKEN.replace("strated: 2024-05-05", "x: 1\nstarted: 2025-05-05"),
]


@pytest.mark.parametrize("post", HIDDEN, ids=["a draft", "dated ahead"])
def test_what_nobody_may_know_of_yet_is_not_said_to_be_missing(folder: Path, post: str) -> None:
    write(folder, trash=TRASH.replace("[what we said of water](water.md#update-2024-05-05-1600)", "it"), water=post)
    assert build(folder, "--quarantine").exit_code == 3
    assert data(folder)["left_out"] == []
    assert statuses(folder)["water"] == "not_said"
    assert not (folder / "site" / "incidents" / "water").exists()


def test_a_notice_and_work_to_come_hold_nothing_back(folder: Path) -> None:
    notice = "---\ntitle: Beware of calls\nkind: notice\nstarted: 2024-05-05\n---\nHang up.\n"
    work = "---\ntitle: Work\nkind: maintenance\nposted: 2024-05-05\nstarts: 2024-05-27\nservices: [library]\n---\n"
    write(folder, notice=notice, work=work)
    done = build(folder, "--quarantine")
    assert done.exit_code == 3, done.output
    assert statuses(folder)["library"] == "not_said"
    assert data(folder)["left_out"] == ["notice", "work"]
    assert "2 reports are missing here" in page(folder).words


@pytest.mark.parametrize("name", ["Water Outage", "v1.2-outage"])
def test_a_post_whose_name_is_no_address(folder: Path, name: str) -> None:
    write(folder, **{name: WATER.replace("water/online", "library")})
    assert build(folder, "--quarantine").exit_code == 3
    assert statuses(folder)["library"] == "unknown"


def test_two_posts_of_one_name_are_too_much(folder: Path) -> None:
    (folder / "incidents" / "2024").mkdir()
    (folder / "incidents" / "2024" / "water.md").write_text(WATER, encoding="utf-8")
    assert build(folder, "--quarantine").exit_code == 1


def test_mistakes_in_services_yaml_stop_all(folder: Path) -> None:
    write(folder, services=SERVICES.replace("{id: library", "{ident: library"), water=BROKEN)
    done = build(folder, "--quarantine")
    assert done.exit_code == 1
    assert "services.yaml:" in done.output
    assert not (folder / "site").exists()


@pytest.mark.parametrize("name", ["notes.txt", "outage.markdown"])
def test_so_does_what_could_be_a_post_by_another_name(folder: Path, name: str) -> None:
    (folder / "incidents" / name).write_text(WATER, encoding="utf-8")
    assert build(folder, "--quarantine").exit_code == 1


def test_a_template_that_cannot_be_used_stops_all(folder: Path) -> None:
    (folder / "templates").mkdir()
    (folder / "templates" / "front.html").write_text(
        '{% extends "theme/front.html" %}{% block find %}{{ x }}{% endblock %}'
    )
    done = build(folder, "--quarantine")
    assert done.exit_code == 1
    assert 'templates/front.html:1: Nothing here is called "x".' in done.output


def test_a_key_that_stands_twice_or_is_mistyped_is_a_mistake(folder: Path) -> None:
    write(folder, water=WATER.replace("services: {water/online: down}", "services: {water: down}\nservices: {}"))
    assert '"services" appears twice here' in build(folder).output
    write(folder, water=WATER.replace("services", "service"))
    assert 'Did you mean "services"?' in build(folder).output


def test_with_nothing_broken_it_changes_nothing(folder: Path) -> None:
    assert build(folder, "--quarantine").exit_code == 0
    assert data(folder)["left_out"] == []
    assert "missing" not in page(folder).words


def test_posts_that_are_all_gone_turn_nothing_green(folder: Path) -> None:
    assert build(folder).exit_code == 0
    for path in (folder / "incidents").iterdir():
        path.unlink()
    gone = build(folder)
    assert gone.exit_code == 1
    assert "There are no posts to publish, but" in gone.output
    assert "Look for the folder incidents/; if this is what you want, use --allow-empty." in gone.output
    assert statuses(folder)["water"] == "down"
    assert build(folder, "--allow-empty").exit_code == 0
    assert statuses(folder)["water"] == "not_said"
    assert build(folder).exit_code == 0


def test_a_site_may_begin_without_posts(tmp_path: Path) -> None:
    write(tmp_path, services=SERVICES)
    assert build(tmp_path).exit_code == 0
