"""The rooms are as the map in docs/developers/map.md shows them, and imports go one way."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import DOCS, PACKAGE

# Each room may use those before it; rooms on one line may not use each other, unless the line says so.
FLOORS: list[set[str]] = [
    {"english"},
    {"problems", "speed", "keys", "git_lfs"},
    {"git_files"},
    {"text", "git", "model"},
    {"addresses", "files", "forms", "git_network"},
    {"content"},
    {"board"},
    {"history", "lint"},
    {"wording", "editor"},
    {"theme", "quarantine"},
    {"outputs"},
    {"audit"},
    {"folder", "preview", "scaffold", "trust"},
    {"diff", "publish", "colleagues", "notify", "imports"},
    {"follow", "kit"},
    {"drill"},
    {"cli"},
    {"desk"},
    {"__main__"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Yield the rooms that a module uses, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "statusgen" and len(parts) > 1:
                yield parts[1]


# What is made of the theme's templates is no module of ours.
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" and "compiled" not in path.parts)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_go_one_way(path: Path) -> None:
    here = room(path)
    for there in imports(path):
        if there == "__version__":
            assert here == "cli", "only the command line tells the version"
        elif there != here:
            assert FLOOR[there] < FLOOR[here], f"{here} must not use {there}"


def test_nobody_imports_from_a_package_face() -> None:
    for path in PACKAGE.rglob("__init__.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        assert not [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)], path


def test_the_map_names_every_room_and_no_other() -> None:
    page = (DOCS / "developers" / "map.md").read_text(encoding="utf-8")
    drawn = set(re.findall(r"^\| `statusgen/([a-z_]+)(?:\.py|/)`", page, re.MULTILINE))
    there = {room(path) for path in MODULES} - {"__main__"}
    assert drawn == there


def test_every_room_has_a_floor() -> None:
    assert {room(path) for path in MODULES} == set(FLOOR)


def test_no_module_hides_one_of_the_standard_library() -> None:
    import sys

    assert not {path.stem for path in MODULES} & set(sys.stdlib_module_names) - {"__main__"}
