"""The JSON Schemas and the reference match what reading does, and editors understand them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from statusgen.cli.main import main
from statusgen.content.format.json_schema import SHAPE_BY_KIND, make_schema
from statusgen.content.format.reference import make_reference
from tests.support.editor_yaml import load_yaml
from tests.support.language_server import Editor, start_editor
from tests.support.paths import BROKEN, DOCS, ROOT, SITES

SAMPLES = [ROOT, *sorted(folder for folder in SITES.iterdir() if folder.is_dir())]


def yaml_parts(folder: Path) -> Iterator[tuple[str, Any]]:
    """Yield every piece of YAML in a site, with the kind of schema that it is for."""
    yield "services", load_yaml((folder / "services.yaml").read_text(encoding="utf-8"))
    for post in sorted((folder / "incidents").rglob("*.md")):
        front, _, text = post.read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")
        translation = post.stem.count(".") == 1
        yield ("translation" if translation else "post"), load_yaml(front)
        for block in re.findall(r"^## \d.*\n((?:.+\n)+)", text, re.MULTILINE):
            if re.match(r"[a-z_]+:(\s|$)", block) and not translation:
                yield "update", load_yaml(block)


@pytest.mark.parametrize("kind", SHAPE_BY_KIND)
def test_the_command_prints_a_sound_schema(kind: str) -> None:
    result = CliRunner().invoke(main, ["schema", kind])
    assert result.exit_code == 0
    Draft202012Validator.check_schema(json.loads(result.output))
    assert json.loads(result.output) == make_schema(kind)


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_what_is_right_is_right_by_the_schema(folder: Path) -> None:
    validators = {kind: Draft202012Validator(make_schema(kind)) for kind in SHAPE_BY_KIND}
    for kind, value in yaml_parts(folder):
        wrong = [f"{error.json_path}: {error.message}" for error in validators[kind].iter_errors(value)]
        assert wrong == [], kind


@pytest.mark.parametrize("name", ["unknown-key-in-site", "alerts-without-what-they-need", "site-without-what-it-needs"])
def test_what_is_wrong_is_wrong_by_the_schema(name: str) -> None:
    value = load_yaml((BROKEN / name / "services.yaml").read_text(encoding="utf-8"))
    assert not Draft202012Validator(make_schema("services")).is_valid(value)


def test_every_key_says_what_it_means() -> None:
    for kind in SHAPE_BY_KIND:
        document = make_schema(kind)
        for shape in (document, *document.get("$defs", {}).values()):
            for key, property in shape.get("properties", {}).items():
                assert property.get("description", "").endswith("."), key


def test_the_reference_is_current() -> None:
    """Renew it with `statusgen schema reference > docs/writers/format.md`."""
    assert (DOCS / "writers" / "format.md").read_text(encoding="utf-8") == make_reference()
    assert CliRunner().invoke(main, ["schema", "reference"]).output == make_reference()


@pytest.fixture(scope="module")
def open_editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    folder = tmp_path_factory.mktemp("schemas")
    files = {}
    for kind in SHAPE_BY_KIND:
        path = folder / f"{kind}.json"
        path.write_text(json.dumps(make_schema(kind)), encoding="utf-8")
        files[path] = [f"{kind}.yaml"]
    with start_editor(files) as opened:
        yield opened


def test_an_editor_is_content_with_the_example(open_editor: Editor) -> None:
    text = (ROOT / "services.yaml").read_text(encoding="utf-8")
    assert open_editor.problems("file:///kansas-city/services.yaml", text) == []


def test_an_editor_underlines_a_slip_and_says_what_may_stand_there(open_editor: Editor) -> None:
    text = "site: {title: A, url: 'https://a.example/', timezone: UTC}\nservices:\n  - name: Trash\n    chanels: []\n"
    found = open_editor.problems("file:///slip/services.yaml", text)
    assert found == ["4: Property chanels is not allowed."]
    wrong = "title: A\nservices:\n  trash: dwon\n"
    [problem] = open_editor.problems("file:///slip/post.yaml", wrong)
    assert problem.startswith("3: ")


def test_an_editor_completes_keys_and_values_and_explains_them(open_editor: Editor) -> None:
    uri = "file:///completion/services.yaml"
    text = "services:\n  - name: Trash\n    \n  - name: Permits\n    channels:\n      - kind: \n"
    open_editor.problems(uri, text)
    assert {"operator", "keywords", "essential"} <= set(open_editor.completions(uri, 2, 4))
    assert {"online", "phone", "in_person", "mail"} <= set(open_editor.completions(uri, 5, 14))
    assert "What residents call it." in open_editor.hover(uri, 1, 5)
