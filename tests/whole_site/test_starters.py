"""What each starter brings along fits it: its prepared texts name its services, and nothing invented gets published."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from click.testing import CliRunner, Result

from statusgen.cli.main import main
from statusgen.content.posts.blanks import BLANK
from statusgen.desk.forms.prepared_text import list_prepared
from statusgen.desk.kinds import FormKind
from statusgen.desk.words import DeskWords
from statusgen.editor.blanks import list_blanks
from statusgen.editor.templates import read_words
from statusgen.scaffold import STARTERS
from tests.support.office import CHICAGO, NOW
from tests.support.prepared_texts import example_of
from tests.support.sample_sites import City

GENERAL = {path.stem for path in STARTERS["city"].template_files()} & {
    path.stem for path in STARTERS["library"].template_files()
}
# What only a place itself knows, in its services.yaml.
INVENTED = re.compile(
    r"555-01|example\.org|address:|hours:|accepts:|PO Box|Springfield|(?:Oak|River|Elm|Main|Hill|North|Central) [A-Z]"
)


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words, env={"SOURCE_DATE_EPOCH": str(NOW)}, catch_exceptions=False)


@pytest.fixture(scope="module", params=[*STARTERS])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new site of each kind."""
    folder = tmp_path_factory.mktemp("new") / str(request.param)
    assert run("init", str(folder), "--starter", folder.name).exit_code == 0
    return folder


def templates_of(site: Path) -> list[Path]:
    return sorted(path for path in (site / "templates" / "posts").glob("*.md") if "." not in path.stem)


# Services.


def test_a_stranger_reads_through_its_services_in_minutes(site: Path) -> None:
    services = City(site).site.services
    assert len(services) <= (16 if site.name == "city" else 10)
    # A longer name takes two lines of a phone.
    assert [text for service in services for _, text in service.name.texts if len(text) > 35] == []
    words = {language for service in services if service.keywords for language, _ in service.keywords.texts}
    assert words == {"en", "es"}


def test_each_line_that_is_invented_is_named_once_the_page_is_real(site: Path, tmp_path: Path) -> None:
    text = (site / "services.yaml").read_text(encoding="utf-8")
    real = re.sub(r"(?m)^  demonstration:\n(?:    .*\n)+", "", text)
    assert real != text
    (tmp_path / "services.yaml").write_text(real, encoding="utf-8")
    (tmp_path / "incidents").mkdir()
    result = run("check", "--source", str(tmp_path))
    assert result.exit_code == 1
    named = {int(line) for line in re.findall(r"(?m)^services\.yaml:(\d+): .*marked CHANGE", result.output)}
    lines = [line.partition("#")[0] if line.lstrip().startswith("#") else line for line in real.split("\n")]
    assert [line for number, line in enumerate(lines, 1) if INVENTED.search(line) and number not in named] == []


def test_what_can_fail_together_with_the_rest_is_a_service_of_its_own(site: Path) -> None:
    """People on autopay, those who wait for an alert, and those who call or look at the website."""
    keys = set(keys_of(site))
    if site.name == "library":
        assert {"website", "main-library/phone"} <= keys
        return
    assert "alerts" in keys
    assert any(key.endswith("/autopay") for key in keys)
    assert any(re.search("website|customer-service|phones", key) for key in keys)


def test_text_to_911_is_offered_only_by_who_takes_the_signs_away(site: Path) -> None:
    text = (site / "services.yaml").read_text(encoding="utf-8")
    assert "911" not in "".join(line for line in text.splitlines() if "text" in line and "# " not in line[:12])
    if site.name == "city":
        assert [key for key in keys_of(site) if key.startswith("emergency-calls/")] == ["emergency-calls/phone"]
        assert text.count("      # - {id: text, ") == 1


def keys_of(site: Path) -> list[str]:
    services = City(site).site.services
    ways = [f"{service.id}/{way.id}" for service in services for way in service.channels]
    return [*(service.id for service in services), *ways]


# Prepared texts.


def test_its_texts_name_only_services_that_it_has(site: Path) -> None:
    known = {*keys_of(site)}
    for path in templates_of(site):
        for translated in (path, path.with_suffix(".es.md")):
            assert named_services(translated.read_text(encoding="utf-8")) <= known, translated


def named_services(template: str) -> set[str]:
    facts, _ = read_words(template)
    services = facts.get("services")
    entries: Any = [*cast("list[Any]", facts.get("waivers", [])), *cast("list[Any]", facts.get("deadlines", []))]
    named = [
        *(services if isinstance(services, dict) else ()),
        *(id for each in entries for id in each.get("services", ())),
    ]
    return {key for key in named if not BLANK.search(key)}


def test_the_desk_offers_it_those_that_came_along_and_no_others(site: Path) -> None:
    kinds, words = (FormKind.PROBLEM, FormKind.PLANNED_WORK, FormKind.NOTICE), DeskWords("en", CHICAGO)
    offered = [text for kind in kinds for text in list_prepared(site, kind, words)]
    assert sorted(text.name for text in offered) == [path.stem for path in templates_of(site)]
    names = [text.title(words) for text in offered]
    assert len({*names}) == len(names)
    assert not [name for text, name in zip(offered, names, strict=True) if name.casefold() == text.name]


def test_each_of_its_texts_is_written_by_one_command_and_built_in_both_languages(site: Path, tmp_path: Path) -> None:
    for path in (site / "templates" / "posts").glob("*.es.md"):
        read = re.sub(r"(?m)^reviewed: .*$", "reviewed: Ada Quimby, 2024-05-01", path.read_text(encoding="utf-8"))
        path.write_text(read, encoding="utf-8")
    written = [path for path in templates_of(site) if site.name == "city" or path.stem not in GENERAL]
    for path in written:
        result = run("new", "--source", str(site), "--template", path.stem, "--yes", *answers(path, site))
        assert result.exit_code == 0, result.output
        assert "blank" not in result.output, result.output
    result = run("build", "--source", str(site), "--output", str(tmp_path / "page"))
    assert result.exit_code == 0, result.output
    for path in written:
        [page] = (tmp_path / "page" / "incidents").glob(f"*-{path.stem}/index.html")
        spanish = tmp_path / "page" / "es" / page.relative_to(tmp_path / "page")
        for built, template in ((page, path), (spanish, path.with_suffix(".es.md"))):
            title = str(read_words(template.read_text(encoding="utf-8"))[0]["title"])
            shown = built.read_text(encoding="utf-8")
            assert example_of(title[2:-2]).replace("'", "&#39;") in shown, (template, title)
            assert "[[" not in shown


# What only the publisher itself knows: what it did or does, where its page is, and what nobody knows but when it ends.
ITS_OWN_FACTS = re.compile(
    r"\b(?:we|our|this page is|another company (?!runs this system))\b"
    r"|\b(?!somos\b)\w+mos\b|\bnuestr[oa]s?\b|\besta página est|\botra empresa (?!opera este sistema)",
    re.IGNORECASE,
)


def test_what_only_the_publisher_knows_is_a_blank(site: Path) -> None:
    """So nobody publishes a fact by overlooking a sentence."""
    for path in sorted((site / "templates" / "posts").glob("*.md")):
        facts, text = read_words(path.read_text(encoding="utf-8"))
        assert ITS_OWN_FACTS.findall(BLANK.sub("", text)) == [], path
        open_questions = [str(each) for each in cast("list[Any]", facts.get("not_known", []))]
        assert [each for each in open_questions if not BLANK.search(each) and not re.match("When |Cuándo ", each)] == []


def test_water_is_boiled_as_the_health_department_says(tmp_path: Path) -> None:
    """A rolling boil is seen in the water; a high flame is not."""
    run("init", str(tmp_path / "site"))
    posts = tmp_path / "site" / "templates" / "posts"
    assert "one minute at a rolling boil" in (posts / "boil-water.md").read_text(encoding="utf-8")
    spanish = (posts / "boil-water.es.md").read_text(encoding="utf-8")
    assert "Hierva el agua a borbotones durante un minuto" in spanish
    assert "fuego" not in spanish


def answers(path: Path, site: Path) -> Iterator[str]:
    """Yield the flags that fill each blank of a text, in both languages, with its own example."""
    english = path.read_text(encoding="utf-8")
    if '"[[service' in english:
        service = City(site).site.services[-1].id
        yield from ("--service", f"{service}={'maintenance' if 'kind: maintenance' in english else 'down'}")
    for template in (english, path.with_suffix(".es.md").read_text(encoding="utf-8")):
        for blank in list_blanks(template):
            if not (blank.key == "status" and '"[[service' in english):
                yield from ("--fill", f"{blank.hint}={example_of(blank.hint)}")


def test_a_service_that_was_renamed_is_asked_for(tmp_path: Path) -> None:
    site = tmp_path / "library"
    run("init", str(site), "--starter", "library")
    services = site / "services.yaml"
    services.write_text(services.read_text(encoding="utf-8").replace("id: catalog", "id: search"), encoding="utf-8")
    words = ("new", "--source", str(site), "--template", "catalog", "--title", "The catalog is down", "--since", "8:00")
    left = run(*words, "--id", "open").output
    assert 'This blank still has to be filled in: "service".' in left
    run(*words, "--id", "said", "--service", "search/online=down")
    assert "  search/online:\n    status: down\n    do: '[[How people find" in (site / "incidents/said.md").read_text()
