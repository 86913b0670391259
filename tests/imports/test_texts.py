"""Whatever someone wrote elsewhere becomes the text of a post, with the same words and no mistake."""

import random
from pathlib import Path

import pytest

from statusgen.imports.texts import clean_line, fit_text
from statusgen.problems import Place
from tests.support.importing import import_whole, read_report

PIECES = [
    *("title: x", "services:", "  a: down", "- item", "* item", "1. one", "by: me", "next_update: 10:00"),
    *(
        "## 2024-05-05 10:00 Resolved",
        "# Head",
        "###### deep",
        "---",
        "===",
        "***",
        "***bold*",
        "| a | b |",
        "|---|---|",
    ),
    *("**Update**", "**Resolved** x", "[Final Message]", "[update 3]", "[Update 11th of February 2022 - 19:00 UTC]"),
    *('{{< track "2024-05-05 11:00:00" >}}', '{{< track "2024-05-05T015:00:00" >}}', '{{< track "" >}}', "{{% x %}}"),
    *(
        'text {{< track "2024-05-05 12:00" >}} more',
        "[a](b c)",
        "[a](http://x y)",
        "![p](q.png)",
        "![](https://x/y.png)",
    ),
    *("<script>alert(1)</script>", "<!-- c", "-->", "`code", "```", "~~~yaml", "| 1 | 2 | 3 |", "> quote", "\ttab"),
    *("[ref]: https://x.example/", "[ref]", "<https://x.example>", "javascript:alert(1)", "[x](javascript:alert(1))"),
    *("\u202eevil", "\u200b", "don\u00e2\u20ac\u2122t", "[[blank]]", "&#x200b;", "&lt;b&gt;", "\\", "_a_", "http://"),
    *("a" * 300, "## Update", "*Investigating* - we look", "\u00a0", "word", "Some words.", "", "", ""),
]
TITLES = ["T", '"[x] {y}"', "'it''s'", "a\u200bb", "'#tag'", "'*bold* [l](u)'", "'- dash'", "'key: v'", "''", "'[[b]]'"]


def write_issues(folder: Path, seed: int, number: int) -> None:
    """Write issues of odd pieces in any order."""
    chance = random.Random(seed)
    (folder / "content" / "issues").mkdir(parents=True)
    config = "title: Odd\nbaseURL: https://status.odd.example/\nparams: {systems: [{name: A}, {name: B}]}\n"
    (folder / "config.yml").write_text(config, encoding="utf-8")
    for count in range(number):
        fields = {
            "title": chance.choice(TITLES),
            "date": chance.choice(["2024-05-05 10:00:00", "2024-05-05", "2024-11-03 01:30:00"]),
            "resolved": chance.choice(["true", "'false'", "false", ""]),
            "resolvedWhen": chance.choice(["2024-05-05 16:00:00", "2024-05-05", "null", "2024-05-05 10:00:30"]),
            "severity": chance.choice(["down", "disrupted", "notice", "x", ""]),
            "affected": chance.choice(["[A]", "B", "[]", "[A, C]"]),
        }
        front = "".join(f"{key}: {value}\n" for key, value in fields.items())
        body = "\n".join(chance.choice(PIECES) for _ in range(chance.randint(0, 14)))
        path = folder / "content" / "issues" / f"{count}.md"
        path.write_text(f"---\n{front}---\n{body}\n", encoding="utf-8")


def test_odd_texts_in_any_order_become_posts_without_mistakes(tmp_path: Path) -> None:
    write_issues(tmp_path / "source", 7, 120)
    zone = ("--timezone", "America/Chicago")
    city = import_whole("cstate", tmp_path / "source", tmp_path / "page", *zone, questions=True)
    assert len(city.site.incidents) == 120
    assert "left out, because a post of ours" not in read_report(city)


TEXTS = {
    "## A heading\n\nWords\n---\n---": "### A heading\n\n#### Words\n\n***",
    "# One\n\n## Two": "### One\n\n#### Two",
    "services: none\n\n2024-05-05 10:00 Resolved": "services&#58; none\n\n&#50;024-05-05 10:00 Resolved",
    "```sh\nls -l\n```": "`ls -l`",
    "a\u200bb and don\u00e2\u20ac\u2122t": "ab and don\u2019t",
    "[[what]] and [a link](https://x.example/)": "&#91;[what]] and [a link](https://x.example/)",
}


@pytest.mark.parametrize("text", TEXTS)
def test_marks_that_mean_something_else_here_are_written_otherwise(text: str) -> None:
    assert fit_text(text, "en", Place("a.md"), ())[0].rstrip() == TEXTS[text]


def test_a_link_that_says_another_address_is_said_in_full() -> None:
    text, notes = fit_text("[www.a.example](https://b.example/)", "en", Place("a.md"), ())
    assert text == "www.a.example: <https://b.example/>"
    assert 'names "www.a.example", but it leads to' in notes[0].what


def test_a_title_is_one_line_of_words() -> None:
    assert clean_line(" *Bold*  [words](https://x.example/)\n[[x]]\u200b ") == "Bold words [x]"
