"""A site with lines swapped, lost, doubled or filled with what attackers write either has mistakes or is sound.

More examples: HYPOTHESIS_PROFILE=search .venv/bin/pytest tests/whole_site/test_mutated_sites.py
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from statusgen.audit.audit import audit_files
from statusgen.board.board import make_board
from statusgen.content.reader import read_content
from statusgen.lint.mistakes import find_mistakes
from statusgen.outputs.registry import all_files
from statusgen.theme.renderer import Renderer
from statusgen.wording.interface import available_languages
from tests.support import paths

SITES = (paths.SITES / "small", paths.SITES / "baltimore", paths.HONEST / "es")
# What runs, loads, breaks out or means something else in one of the formats that a site has.
NASTY = (
    *(
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "' onmouseover='alert(1)",
        "]]><svg/onload=alert(1)>",
    ),
    *("--><b>", "</title><b>", "</textarea>", "&lt;b&gt;", "&#60;b&#62;", "&amp;amp;", "<!--", "<![CDATA[", "<?php ?>"),
    *("{{ 7 * 7 }}", "{% raw %}", "{# #}", "${7*7}", "%(name)s", "%s%n", "{0}", "{site.title}", "\\", "\\n", "\\u003c"),
    *("=HYPERLINK(1)", "+1+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "a;b,c", "END:VEVENT", "X:1\\nATTENDEE:y", "a\tb"),
    *("https://a.example/?a=1&b=2#c", "www.a.example", "a@b.example", "site:incidents/x/", "//b.example", "[x](y.md)"),
    *(
        "![x](files/none.png)",
        "[x](javascript:alert(1))",
        "[x]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "`a`",
        "***",
    ),
    *("😀", "e\u0301", "\u200f", "\u200b", "\u00a0", "\u2028", "\u202e", "\x1b[31m", "\ufeff", "\U000e0041", "ﷺ", "ß"),
    *(
        "null",
        "~",
        "2024-05-20",
        "24:00",
        "- x",
        "# x",
        "> x",
        "| a | b |",
        "1. x",
        "---",
        "***",
        "a: b",
        "[a, b]",
        "{a: b}",
    ),
)

# Each may take a second: few of those that are the same in every run, and `make torture` looks for others.
EXAMPLES = 25 if settings().derandomize else settings().max_examples // 2
make_renderer = cache(Renderer)

QUOTES = "\"' "
_KEYS = "title|do|what|by|name|where|words|how|hours|address|summary|bring|fee|publisher|right|wrong|emergency"
OWN_WORDS = re.compile(rf"(?P<key>[ -]*(?:{_KEYS}): )(?P<value>[^{{[|>].*)|[A-Z\u00bf\u00a1][^:]*\w.*[.!?]")


@cache
def files(site: Path) -> Mapping[str, str]:
    names = ["services.yaml", *sorted(path.relative_to(site).as_posix() for path in site.glob("incidents/**/*.md"))]
    return {name: (site / name).read_text(encoding="utf-8") for name in names}


# A change: which file and which lines (of however many there are), what is done, and what is put in.
Change = tuple[int, int, int, str, str]
changes = st.tuples(
    st.integers(0, 1_000),
    st.integers(0, 10_000),
    st.integers(0, 10_000),
    st.sampled_from(["swap", "lose", "double", "append", "insert", "begin", "indent"]),
    st.sampled_from(NASTY),
)


def change_line(before: Mapping[str, str], change: Change) -> Mapping[str, str]:
    file, first, second, how, words = change
    name = sorted(before)[file % len(before)]
    lines = before[name].split("\n")
    here, there = first % len(lines), second % len(lines)
    if how == "swap":
        lines[here], lines[there] = lines[there], lines[here]
    elif how == "lose":
        del lines[here]
    elif how == "double":
        lines.insert(there, lines[here])
    elif how == "append":
        lines[here] += f" {words}"
    elif how == "insert":
        lines.insert(here, words)
    elif how == "begin":
        key, colon, value = lines[here].partition(": ")
        lines[here] = f"{key}{colon}{words} {value}"
    else:
        lines[here] = f"  {lines[here]}"
    return {**before, name: "\n".join(lines)}


def add_words(before: Mapping[str, str], file: int, place: int, words: str) -> Mapping[str, str]:
    """Add `words` where a city writes its own words: at the end of a paragraph, or of the value of a key."""
    name = sorted(before)[file % len(before)]
    lines = before[name].split("\n")
    here = [number for number, line in enumerate(lines) if OWN_WORDS.fullmatch(line)]
    if here:
        number = here[place % len(here)]
        found = OWN_WORDS.fullmatch(lines[number])
        assert found
        value = json.dumps(f"{found['value'].strip(QUOTES)} {words}", ensure_ascii=False) if found["key"] else ""
        lines[number] = f"{found['key']}{value}" if found["key"] else f"{lines[number]} {words}"
    return {**before, name: "\n".join(lines)}


def assert_mistakes_or_sound(folder: Path, texts: Mapping[str, str]) -> None:
    content = read_content(folder, available_languages(), {name: text.encode() for name, text in texts.items()})
    told = content.problems or list(find_mistakes(content.site, content.texts) if content.site else [])
    for problem in told:
        assert problem.what
        assert problem.hint
        assert str(problem).replace("\N{REPLACEMENT CHARACTER}", "").isprintable()
        assert 1 <= problem.place.line <= texts[problem.place.file].count("\n") + 1
    if told:
        return
    assert content.site
    site = content.site
    now = make_board(site, site.last_update_at or datetime(2024, 6, 1, tzinfo=UTC))
    assert sum(1 for _ in audit_files(all_files(now, make_renderer(folder)), now, site))


@settings(max_examples=EXAMPLES)
@given(st.sampled_from(SITES), st.lists(changes, min_size=1, max_size=3))
def test_a_mutated_site_has_mistakes_or_is_sound(folder: Path, made: list[Change]) -> None:
    texts = files(folder)
    for change in made:
        texts = change_line(texts, change)
    assert_mistakes_or_sound(folder, texts)


@settings(max_examples=EXAMPLES)
@given(
    st.sampled_from(SITES),
    st.lists(st.tuples(st.integers(0, 1_000), st.integers(0, 10_000), st.sampled_from(NASTY)), min_size=1, max_size=6),
)
def test_a_site_of_which_the_words_are_nasty_has_mistakes_or_is_sound(
    folder: Path, put: list[tuple[int, int, str]]
) -> None:
    texts = files(folder)
    for file, place, words in put:
        texts = add_words(texts, file, place, words)
    assert_mistakes_or_sound(folder, texts)
