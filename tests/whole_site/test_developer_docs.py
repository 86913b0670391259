"""The pages for developers name modules and functions that are there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import DOCS, PACKAGE, ROOT, TESTS
from tests.whole_site.test_house import FLOORS

PAGES = [*sorted((DOCS / "developers").glob("*.md")), TESTS / "README.md"]
# With a folder, or with an ending that nothing else in backticks has.
_PATH = re.compile(r"`((?:[\w.-]+/)+[\w.*-]*|[\w.*-]+\.(?:py|sh|toml))`")
# What is there only when something has been built.
_MADE = ("site/", "dist/", ".venv/")
_NAMED = re.compile(r"`@?([A-Za-z_][\w.]*)(?:\([^`]*\))?` (?:in|of) `((?:[\w-]+/)*\w+\.(?:py|js))`")


def find(path: str) -> Path | None:
    """Return where a path leads from the repository, the package or the tests."""
    folders = (folder for folder in (ROOT, PACKAGE, TESTS) if list(folder.glob(path)))
    return next((folder / path for folder in folders), None)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_path_leads_somewhere(page: Path) -> None:
    """Paths begin at the repository, at `statusgen/` or at `tests/`: the name of a module alone leads nowhere."""
    paths = _PATH.findall(page.read_text(encoding="utf-8"))
    assert not [path for path in paths if not path.startswith(_MADE) and find(path) is None]


def test_each_function_is_where_it_is_said_to_be() -> None:
    named = [each for page in PAGES for each in _NAMED.findall(page.read_text(encoding="utf-8"))]
    assert ("kind_name", "desk/home.py") in named
    for name, path in named:
        found = find(path)
        assert found, path
        text = found.read_text(encoding="utf-8")
        is_there = name in defined(ast.parse(text)) if path.endswith(".py") else f"function {name}(" in text
        assert is_there, f"{name} in {path}"


def defined(module: ast.Module) -> Iterator[str]:
    """Yield the functions, classes and values of a module, and those of its classes with and without the class."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        if isinstance(node, ast.ClassDef):
            for name in defined(ast.Module(node.body, [])):
                yield from (name, f"{node.name}.{name}")
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        yield from (each.id for each in targets if isinstance(each, ast.Name))


def test_the_line_of_directions_is_the_order_of_imports() -> None:
    text = (DOCS / "developers" / "index.md").read_text(encoding="utf-8")
    found = re.search(r"english\s+←[^.]+", text)
    assert found
    steps = [{name.strip() for name in step.split(",")} for step in found[0].split("←")]
    assert steps == FLOORS[:-1], "the last one is how Python starts the program"
