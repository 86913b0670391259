"""The theme's templates, compiled with the package or on use: the same pages, and the same mistakes."""

import shutil
from pathlib import Path

import pytest

from statusgen.outputs.registry import all_files
from statusgen.problems import TemplateError
from statusgen.theme.environment import COMPILED, TEMPLATES, ThemeLoader, make_environment
from statusgen.theme.renderer import Renderer
from statusgen.wording.interface import InterfaceLanguage
from tests.support.paths import SITES
from tests.support.sample_sites import City

NAMES = sorted(path.name for path in TEMPLATES.iterdir())
CITY, AT = City(SITES / "worst-week"), "2025-03-12 09:00"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("sandboxed", [True, False])
def test_every_template_was_compiled_with_the_package(name: str, sandboxed: bool, tmp_path: Path) -> None:
    ready = make_environment(ThemeLoader(), sandboxed).get_template(name)
    fresh = make_environment(ThemeLoader(tmp_path), sandboxed).get_template(name)
    is_compiled = ready.root_render_func.__code__.co_filename.startswith(str(COMPILED))
    assert is_compiled, "python -m statusgen.theme.environment"
    assert not fresh.root_render_func.__code__.co_filename.startswith(str(COMPILED))
    assert ready.debug_info == fresh.debug_info
    assert ready.filename == fresh.filename == str(TEMPLATES / name)


def test_a_template_that_has_changed_since_is_compiled_when_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))
    (changed / "badge.svg").write_text("changed", encoding="utf-8")
    monkeypatch.setattr("statusgen.theme.environment.TEMPLATES", changed)
    assert make_environment(ThemeLoader(), sandboxed=False).get_template("badge.svg").render() == "changed"


def files(look: Renderer) -> dict[str, bytes]:
    return {file.path: file.content for file in all_files(CITY.board(AT), look)}


def test_templates_that_are_compiled_when_used_make_the_same_site(tmp_path: Path) -> None:
    usual, fresh = Renderer(tmp_path), Renderer(tmp_path)
    fresh.environment.loader = ThemeLoader(tmp_path)
    assert files(fresh) == files(usual)


def test_a_template_of_the_site_changes_nothing_but_what_it_says(tmp_path: Path) -> None:
    usual = files(Renderer(tmp_path))
    own = tmp_path / "templates" / "about.html"
    own.parent.mkdir()
    own.write_text('{% extends "theme/about.html" %}{% block title %}Ours{% endblock %}', encoding="utf-8")
    changed = files(Renderer(tmp_path))
    assert {path for path in usual if changed[path] != usual[path]} == {
        path for path in usual if path.endswith("about/index.html")
    }


def test_a_page_is_in_its_language_whatever_was_rendered_before(tmp_path: Path) -> None:
    own = tmp_path / "templates"
    own.mkdir()
    (own / "words.html").write_text('{% macro word() %}{{ _("Archive") }}{% endmacro %}', encoding="utf-8")
    page = '{% import "words.html" as words %}{{ words.word() }}, {% trans %}Archive{% endtrans %}'
    (own / "page.html").write_text(page, encoding="utf-8")
    renderer = Renderer(tmp_path)
    for language, word in (("en", "Archive"), ("es", "Archivo"), ("en", "Archive")):
        assert renderer.render("page.html", {}, InterfaceLanguage(language, "America/Chicago")) == f"{word}, {word}"


@pytest.mark.parametrize("has_own", [True, False])
def test_a_mistake_in_the_theme_is_told_by_its_line(has_own: bool, tmp_path: Path) -> None:
    if has_own:
        (tmp_path / "templates").mkdir()
        (tmp_path / "templates" / "more.html").write_text("", encoding="utf-8")
    with pytest.raises(TemplateError) as raised:
        Renderer(tmp_path).render("badge.svg", {}, InterfaceLanguage("en", "America/Chicago"))
    assert str(raised.value) == 'theme/badge.svg:3: Nothing here is called "width".'
