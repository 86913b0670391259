"""What people read is plain American English, with one term for one thing: tests/words.toml, and codespell's lists."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from tests.support.paths import DOCS, TESTS
from tests.support.read_texts import KINDS, ReadText, read_texts

DECLARED = tomllib.loads((TESTS / "words.toml").read_text(encoding="utf-8"))

in_each_kind = pytest.mark.parametrize("kind", KINDS)


@dataclass
class Phrase:
    """What is not written, what is written instead, and where it is right, by reason."""

    phrase: str
    instead: str
    kinds: frozenset[str]
    looks: str = ""
    but: dict[str, str] = field(default_factory=dict)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{self.looks or self.phrase})\b", re.IGNORECASE)

    def find(self, text: str) -> Iterator[str]:
        """Yield what is around each place in a text of one line where it is wrong."""
        if self.pattern.search(text):
            for pattern in self.but:
                text = re.sub(pattern, " … ", text, flags=re.IGNORECASE)
            for found in self.pattern.finditer(text):
                yield text[max(0, found.start() - 40) : found.end() + 40]


def declare(entry: dict[str, Any]) -> Phrase:
    kinds = {kind for each in entry["in"] for kind in (KINDS[:-1] if each == "readers" else (each,))}
    known = {name: entry[name] for name in ("phrase", "instead", "looks", "but") if name in entry}
    assert {*entry} == {*known, "in"}
    return Phrase(kinds=frozenset(kinds), **known)


PHRASES = [declare(entry) for entry in DECLARED["phrase"]]


def list_wrong(texts: tuple[ReadText, ...]) -> list[str]:
    return [
        f"{text.place}: “{around}” ({phrase.phrase}: write {phrase.instead})"
        for text in texts
        for line in [" ".join(text.text.split())]
        for phrase in PHRASES
        if text.kind in phrase.kinds
        for around in phrase.find(line)
    ]


@in_each_kind
def test_phrases_are_plain(kind: str) -> None:
    texts = read_texts(kind)
    assert len(texts) > 20
    wrong = list_wrong(texts)
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong)


def test_each_phrase_is_found_where_it_is_wrong_and_nowhere_else() -> None:
    """The list itself: a phrase that nothing finds would look as if all were well."""
    wrong = {
        "message": "Tell subscribers. He told us of a hole, and how it stands. Somebody has to put it right anew.",
        "code": "Whoever mends this room uses it no longer, whilst others do.",
    }
    found = {kind: list_wrong((ReadText(kind, "here:1", text),)) for kind, text in wrong.items()}
    assert [len(each) for each in found.values()] == [7, 4], found
    in_use = {"word, for an update": "the last word on it", "look after": "they look after it"}
    assert [each.phrase for each in PHRASES if not [*each.find(in_use.get(each.phrase, each.phrase))]] == []
    right = "Intelligence about standards: “p.m.” stands for the afternoon. There is no room. Use it by word of mouth."
    assert list_wrong((ReadText("message", "here:1", right),)) == []


@in_each_kind
def test_spelling_is_american(kind: str, tmp_path: Path) -> None:
    """British spellings and common mistakes, of the lists of codespell."""
    lines = [(text.place, line) for text in read_texts(kind) for line in text.text.splitlines()]
    file = tmp_path / "texts.txt"
    file.write_text("\n".join(line for _place, line in lines), encoding="utf-8")
    known = ",".join(word.casefold() for word in DECLARED["spelling"])
    command = [sys.executable, "-m", "codespell_lib", "--builtin", "clear,rare,en-GB_to_en-US"]
    options = ["--ignore-words-list", known, "--config", str(tmp_path / "none"), str(file)]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 65), done.stderr
    wrong = [
        f"{lines[int(found[1]) - 1][0]}: {found[2]}"
        for found in re.finditer(r"^.*texts\.txt:(\d+): (.+)$", done.stdout, re.MULTILINE)
    ]
    assert len(wrong) == len(done.stdout.splitlines())
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong)


def test_the_glossary_has_what_is_declared() -> None:
    page = (DOCS / "glossary.md").read_text(encoding="utf-8")
    terms = {cells[0]: cells[2] for cells in read_rows(page, "## Terms")}
    assert terms == {term["name"]: ", ".join(term["not"]) for term in DECLARED["term"]}
    assert read_rows(page, "## Plain words") == [[each.phrase, each.instead] for each in PHRASES]


def read_rows(page: str, heading: str) -> list[list[str]]:
    """Return the cells of the table under a heading, without its first row."""
    section = page.partition(heading + "\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]
