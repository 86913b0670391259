"""Finds what is left to fill in: `[[what is missing]]`, anywhere in a post.

In a post it is a mistake. In a translation it is what has not been translated yet, and the original is shown instead.
"""

import re
from collections.abc import Collection, Iterable, Iterator

from statusgen.english import English
from statusgen.problems import Place, Problem
from statusgen.text import quote_text

# "[[1]](https://example.org)" is a link whose words are "[1]". Within a blank there can be links.
BLANK = re.compile(r"\[\[((?:[^\[\]\n]|\[[^\[\]\n]*\])+)\]\](?!\()")


def find_blanks(text: str, file: str) -> Iterator[Problem]:
    """Yield a mistake for each blank that is left in a file."""
    for number, line in enumerate(text.split("\n"), 1):
        for found in BLANK.finditer(line):
            what = English("This blank still has to be filled in: %(found)s.", found=quote_text(found[1].strip()))
            yield Problem(
                Place(file, number), what, English("Replace the brackets and what is in them, or delete the line.")
            )


def merge_blanks(problems: Iterable[Problem], blanks: Collection[Problem]) -> list[Problem]:
    """Return the blanks and the mistakes on other lines: a blank may cause others on its own line."""
    blank_places = {blank.place for blank in blanks}
    return [*blanks, *(problem for problem in problems if problem.place not in blank_places)]
