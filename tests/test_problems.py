"""The exceptions are as `statusgen/problems.py` draws them: every one of the package, below its parent."""

import ast
import builtins
import re
from pathlib import Path

from statusgen import problems

PACKAGE = Path(problems.__file__).parent


def drawn() -> dict[str, str | None]:
    """The parent of each exception in the drawing; None for one that has none of ours."""
    parents: dict[str, str | None] = {}
    above: list[str] = []
    for branch, name in re.findall(r"^    ((?:│   )*(?:[├└]── )?)(\w+)  ", problems.__doc__ or "", re.MULTILINE):
        depth = len(branch) // 4
        parents[name] = above[depth - 1] if depth else None
        above = [*above[:depth], name]
    return parents


def defined() -> dict[str, str | None]:
    """The same of the classes in the code."""
    bases = {
        node.name: [ast.unparse(base) for base in node.bases]
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and len(node.bases) == 1
    }

    def is_exception(name: str) -> bool:
        kind = getattr(builtins, name, object)
        return issubclass(kind, BaseException) if isinstance(kind, type) else False

    parents: dict[str, str | None] = {name: None for name, (base,) in bases.items() if is_exception(base)}
    while new := {name: base for name, (base,) in bases.items() if base in parents and name not in parents}:
        parents |= new
    return parents


def test_the_drawing_has_every_exception_below_its_parent() -> None:
    assert drawn() == defined()
