"""The texts of this repository that people read, by kind, each with where it is."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click
from babel.messages.extract import extract_from_dir

from statusgen.cli import main as command_line
from tests.support.paths import DOCS, PACKAGE, ROOT

KINDS = ("help", "message", "template", "starter", "documentation", "code")
"""`help`: what `--help` prints. `message`: strings in the code that have a space. `template`: the English words of the
pages and of the desk. `starter`: the English files that `init` copies. `documentation`: docs/ and what is at the top of
the repository. `code`: docstrings and comments, which developers read."""

# In a workflow or a script: a comment, what a key has for people, and a text in quotes.
_PROSE = re.compile(r"""(?<!\S)\#\ .* | (?<=name:\ )[^"]+ | (?<=description:\ )[^"]+ | "[^"]*\ [^"]*" """, re.VERBOSE)


@dataclass(frozen=True)
class ReadText:
    """A text of one of the `KINDS`, and its `place`: a command, or a file with the line where the text begins."""

    kind: str
    place: str
    text: str


@cache
def read_texts(kind: str) -> tuple[ReadText, ...]:
    """Return every text of a kind."""
    readers = {"help": _read_help, "template": _read_templates, "starter": _read_starter, "documentation": _read_pages}
    return tuple(readers[kind]()) if kind in readers else tuple(each for each in _read_code() if each.kind == kind)


def _read_help() -> Iterator[ReadText]:
    main = command_line.main
    with click.Context(main, info_name="statusgen") as context:
        yield ReadText("help", "statusgen --help", main.get_help(context))
        for name in main.list_commands(context):
            command = main.get_command(context, name)
            assert command
            yield from _read_help_of(command, f"statusgen {name}", context)


def _read_help_of(command: click.Command, name: str, parent: click.Context) -> Iterator[ReadText]:
    with click.Context(command, info_name=name.rpartition(" ")[2], parent=parent) as context:
        yield ReadText("help", f"{name} --help", command.get_help(context))
        if isinstance(command, click.Group):
            for each, below in command.commands.items():
                yield from _read_help_of(below, f"{name} {each}", context)


@cache
def _read_code() -> tuple[ReadText, ...]:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        # What is made of the theme's templates; and words of five languages that the finder passes over.
        if "compiled" not in path.parts and path.name != "stop_words.py":
            source = path.read_text(encoding="utf-8")
            found += [*_read_strings(path, source), *_read_comments(path, source)]
    return tuple(found)


def _read_strings(path: Path, source: str) -> Iterator[ReadText]:
    """Yield each string with a space, but patterns: they are written raw. One that is a statement is a docstring."""
    tree, lines = ast.parse(source), source.splitlines()
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    begins = {part: node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            begin = begins.get(node, node)
            assert isinstance(begin, ast.expr)
            # A column counts bytes.
            written = lines[begin.lineno - 1].encode()[begin.col_offset :][:2].lower()
            if b"r" not in written.split(b'"')[0].split(b"'")[0]:
                yield ReadText("code" if node in docstrings else "message", _place(path, node.lineno), node.value)


def _read_comments(path: Path, source: str) -> Iterator[ReadText]:
    """Yield each comment; lines one under the other are one."""
    begun, last, words = 0, 0, ""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            line, text = token.start[0], token.string.lstrip("#").strip()
            if words and line == last + 1:
                words, last = f"{words} {text}", line
                continue
            if words:
                yield ReadText("code", _place(path, begun), words)
            begun, last, words = line, line, text
    if words:
        yield ReadText("code", _place(path, begun), words)


def _read_templates() -> Iterator[ReadText]:
    """Yield what each template has to be translated, which is all of its words."""
    for room, trimmed in (("theme", "true"), ("desk", "false")):
        folder = PACKAGE / room / "templates"
        options = {"**": {"silent": "false", "trimmed": trimmed}}
        for file, line, words, _comments, _context in extract_from_dir(str(folder), [("**", "jinja2")], options):
            for text in (words,) if isinstance(words, str) else words:
                if text:
                    yield ReadText("template", _place(folder / file, line), text)


def _read_starter() -> Iterator[ReadText]:
    for path in sorted((PACKAGE / "starter").rglob("*")):
        if path.is_file() and not path.name.endswith(".es.md"):
            yield from _read_paragraphs("starter", path)


def _read_pages() -> Iterator[ReadText]:
    for path in (*sorted(ROOT.glob("*.md")), ROOT / "action.yml", *sorted(DOCS.rglob("*.md"))):
        if path != DOCS / "glossary.md":  # it names what is not written
            yield from _read_paragraphs("documentation", path)


def _read_paragraphs(kind: str, path: Path) -> Iterator[ReadText]:
    """Yield each paragraph of a file, without code and addresses: of a workflow or a script what people read in it."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        for pattern in (r"^ *(```|~~~).*?^ *\1", r"`[^`]+`", r"\]\([^)\s]*\)"):
            # The lines stay, so that they can be counted.
            text = re.sub(pattern, lambda found: "\n" * found[0].count("\n"), text, flags=re.MULTILINE | re.DOTALL)
    elif path.parent.name == "hosts" or path.name == "action.yml":
        text = "\n".join(" ".join(_PROSE.findall(line)) for line in text.splitlines())
    line = 1
    for paragraph in re.split(r"(?<=\n)(?=\s*\n)", text):
        if paragraph.strip():
            yield ReadText(kind, _place(path, line), paragraph)
        line += paragraph.count("\n")


def _place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT).as_posix()}:{line}"
