"""The templates of posts: with their blanks filled in, they are good posts without advice."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from statusgen.board.board import make_board
from statusgen.cli.main import main
from statusgen.content.posts.blanks import BLANK
from statusgen.content.reader import Content, read_content
from statusgen.editor.blanks import list_blanks
from statusgen.editor.templates import read_translated_template, read_words
from statusgen.lint import registry
from statusgen.lint.mistakes import find_mistakes
from statusgen.scaffold import STARTER_FOLDER
from statusgen.wording.interface import available_languages
from tests.support.office import CHICAGO, SERVICES
from tests.support.prepared_texts import example_of
from tests.support.sample_sites import make_city


def named_services(template: str) -> list[str]:
    """Return the services that a template names itself."""
    services = read_words(template)[0].get("services")
    return [key for key in services if not BLANK.search(key)] if isinstance(services, dict) else []


ALL = sorted((STARTER_FOLDER / "posts").rglob("*.md"))
TEMPLATES = [path for path in ALL if "." not in path.stem]
NAMES = [path.stem for path in TEMPLATES]
# The blanks that ask for services, and those of this town.
SERVICE = {
    "service": "trash",
    "service/channel": "water-bill/online",
    "service or service/channel": "city-hall/phone",
}
NAMED = sorted({key for path in TEMPLATES for key in named_services(path.read_text(encoding="utf-8"))})
TOWN = SERVICES + "  - {id: city-hall, name: City Hall, channels: [{kind: in_person}, {kind: phone}]}\n"
TOWN += "".join(
    f"  - {{id: {id}, name: {id}, channels: [{{id: {way or 'way'}, kind: other}}]}}\n"
    for id, _, way in (key.partition("/") for key in NAMED)
)
LATER = datetime(2024, 5, 5, 9, 0, tzinfo=CHICAGO)


def fill_blanks(template: str) -> str:
    """Fill each blank of a template with its own example."""

    def fill(blank: re.Match[str]) -> str:
        if blank[1] in SERVICE:
            return SERVICE[blank[1]]
        return example_of(blank[1])

    return BLANK.sub(fill, template)


def read_filled(folder: Path, template: str) -> Content:
    """Read a city whose only post is the filled template."""
    make_city(folder, TOWN)
    (folder / "incidents" / "2024-05-05-post.md").write_text(fill_blanks(template), encoding="utf-8")
    return read_content(folder, available_languages())


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_with_its_own_examples_it_has_no_mistake_and_needs_no_advice(path: Path, tmp_path: Path) -> None:
    content = read_filled(tmp_path, path.read_text(encoding="utf-8"))
    assert content.site
    found = [*content.problems, *find_mistakes(content.site, content.texts)]
    found += registry.find_advice(content.site, content.texts, make_board(content.site, LATER))
    assert [str(problem) for problem in found] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_it_says_what_is_known_what_is_not_what_to_do_and_when_to_look_again(path: Path, tmp_path: Path) -> None:
    content = read_filled(tmp_path, path.read_text(encoding="utf-8"))
    assert content.site
    [post] = content.site.incidents
    [update] = post.updates
    if post.kind.value == "incident":
        assert all([update.known, update.not_known, update.doing, update.next_update])
        assert all(report.do for report in update.reports)
        assert update.expected
        assert update.expected.unknown
    elif post.kind.value == "maintenance":
        assert all(report.do for report in update.reports)
    [text] = update.texts
    assert text.text.strip()


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_what_it_says_before_anybody_fills_it_in_is_no_promise_and_no_excuse(path: Path) -> None:
    said = " ".join(BLANK.sub("", path.read_text(encoding="utf-8")).split())
    for word in ("soon", "shortly", "apologi", "sorry", "inconvenience", "working hard", "we will", "we'll", "ensure"):
        assert word not in said.casefold(), word


def test_a_first_word_can_be_written_from_each_of_them(tmp_path: Path) -> None:
    """`statusgen new` fills in what its flags say, and names the rest."""
    make_city(tmp_path, TOWN)
    for name in NAMES:
        words = ["new", "--source", str(tmp_path), "--template", name, "--title", f"About {name}"]
        result = CliRunner().invoke(main, words, env={"SOURCE_DATE_EPOCH": "1714920312"}, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        post = tmp_path / "incidents" / f"2024-05-05-about-{name}.md"
        assert f"title: About {name}\n" in post.read_text(encoding="utf-8")
        assert "This blank still has to be filled in" in result.output


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_a_blank_that_is_deleted_with_its_line_leaves_whole_sentences(path: Path) -> None:
    _, _, text = path.read_text(encoding="utf-8").split("---\n", 2)
    left = [line for line in text.splitlines() if "[[" not in line]
    for paragraph in "\n".join(left).split("\n\n"):
        assert not paragraph.strip() or re.search(r"[.:!?]$", paragraph.strip()), paragraph
        assert re.match(r"[A-Z-]", paragraph.strip() or "-"), paragraph


# In Spanish.


def spanish_of(path: Path) -> Path:
    return path.with_suffix(".es.md")


def test_each_template_has_a_text_in_spanish_that_nobody_has_read(tmp_path: Path) -> None:
    assert [path.name for path in ALL if "." in path.stem] == [spanish_of(path).name for path in TEMPLATES]
    for name in NAMES:
        found = read_translated_template(tmp_path, name, "es")
        assert found
        assert found.reviewed == ""
        assert "reviewed:" not in found.text


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_the_spanish_text_has_the_same_blanks_in_the_same_places(path: Path) -> None:
    mine, theirs = (list_blanks(each.read_text(encoding="utf-8")) for each in (path, spanish_of(path)))
    said_once = {"started", "starts", "ends", "next_update", "status", "on"}
    assert [each.path for each in theirs if each.key != "reviewed"] == [
        each.path for each in mine if each.key not in said_once
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_with_its_own_examples_the_spanish_text_translates_all_of_it(path: Path, tmp_path: Path) -> None:
    english = fill_blanks(path.read_text(encoding="utf-8"))
    translation = read_translated_template(tmp_path, path.stem, "es")
    assert translation
    make_city(tmp_path, TOWN)
    services = tmp_path / "services.yaml"
    services.write_text(services.read_text().replace("site: {", "site: {languages: [en, es], "))
    (tmp_path / "incidents" / "2024-05-05-post.md").write_text(english, encoding="utf-8")
    (tmp_path / "incidents" / "2024-05-05-post.es.md").write_text(fill_blanks(translation.text), encoding="utf-8")
    content = read_content(tmp_path, available_languages())
    assert content.site
    found = [*content.problems, *find_mistakes(content.site, content.texts)]
    found += registry.find_advice(content.site, content.texts, make_board(content.site, LATER))
    assert [str(problem) for problem in found if problem.place.file != "services.yaml"] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_the_spanish_text_makes_no_promise_and_no_excuse(path: Path) -> None:
    said = " ".join(BLANK.sub("", spanish_of(path).read_text(encoding="utf-8")).split()).casefold()
    for word in ("pronto", "disculp", "lamentamos", "molestia", "arduamente", "brevedad", "garantiza", "aseguramos"):
        assert word not in said, word
