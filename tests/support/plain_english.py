"""Finds what the program says of a mistake in English alone, so that a desk in another language could only quote it."""

import ast
from collections.abc import Iterator
from pathlib import Path

# What carries a mistake, and which of its arguments are its words.
_WORDS = {
    "InvalidValue": (0, 1),
    "Problem": (1, 2),
    "BadParameter": (0,),
    "FlagValueError": (0,),
    "StatusgenError": (0,),
}


def find_plain_english(path: Path) -> Iterator[str]:
    """Yield the beginning of each mistake in a module whose words were put together without their pattern."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        assigned: dict[str, list[ast.expr]] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                assigned.setdefault(node.targets[0].id, []).append(node.value)
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and (places := _WORDS.get(_name(node.func))):
                for words in [node.args[place] for place in places if place < len(node.args)]:
                    given = assigned.get(words.id, []) if isinstance(words, ast.Name) else [words]
                    yield from (said for each in given if (said := _read_plain(each)))


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _read_plain(words: ast.expr) -> str:
    """Return the words of a text that is written out there; "" for any other value."""
    if isinstance(words, ast.IfExp):
        return _read_plain(words.body) or _read_plain(words.orelse)
    if isinstance(words, ast.Constant) and isinstance(words.value, str):
        return words.value
    if isinstance(words, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "…" for each in words.values)
    return ""
