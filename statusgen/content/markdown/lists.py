"""Lists as people type and paste them → lists as Python-Markdown knows them.

People indent a sublist by two, three or four spaces, begin a list directly under a line of text, number with
"1)" and paste bullets from a word processor. Python-Markdown wants a fixed indent for each level, an empty line
above a list, "1." and "-".

The lines are read once, from top to bottom, with a stack of the indents of the list and the sublists that are open:
an item that is indented further than the top opens a sublist, one that is indented less closes those above its own.
"""

import re
from collections.abc import Iterator

INDENT_STEP = 2
"""The number of spaces by which each level is indented afterwards."""

_LIST_ITEM = re.compile(r"(?P<indent>[ ]*)(?P<mark>[-*+•◦▪‣]|(?P<number>\d{1,3})[.)])[ ]+(?P<rest>\S.*)")
_HORIZONTAL_RULE = re.compile(r" {0,3}(?:(?:- *){3,}|(?:\* *){3,})")
# A first item that is indented more is not a list but text that somebody moved to the right.
_MAX_INDENT = 3


def normalize_lists(lines: list[str]) -> list[str]:
    """Return the lines with an empty line above each list, and each level indented by `INDENT_STEP` spaces."""
    return list(_ListNormalizer().normalize(lines))


class _ListNormalizer:
    """Goes through the lines; `indents` has the indent of each list that is open, the outermost first."""

    def __init__(self) -> None:
        self.indents: list[int] = []
        self.is_loose = False  # whether there was an empty line between two items
        self.previous_line = ""

    def normalize(self, lines: list[str]) -> Iterator[str]:
        """Yield the lines as Python-Markdown needs them."""
        for line in lines:
            line = line.expandtabs(4)
            item = None if _HORIZONTAL_RULE.fullmatch(line) else _LIST_ITEM.fullmatch(line)
            if item and self.is_list_item(item):
                if self.needs_empty_line(item):
                    yield ""
                yield self.format_item(item)
            else:
                yield self.format_text(line)
            self.previous_line = line.strip()

    def is_list_item(self, item: re.Match[str]) -> bool:
        """Return whether a line is an item of a list; a sentence that wraps before "5. May" does not begin a list."""
        if self.indents:
            return True
        return len(item["indent"]) <= _MAX_INDENT and not (self.previous_line and item["number"] not in (None, "1"))

    def needs_empty_line(self, item: re.Match[str]) -> bool:
        """Return whether the library needs an empty line above an item.

        Without one it takes the first item of a list for text, and in a list with empty lines between its items, an
        item that goes back to an outer level for one of the inner level.
        """
        if not self.indents:
            return bool(self.previous_line)
        self.is_loose = self.is_loose or not self.previous_line
        return self.is_loose and bool(self.previous_line) and len(item["indent"]) < self.indents[-1]

    def format_item(self, item: re.Match[str]) -> str:
        """Return an item with the indent of its level; lists that are indented further have ended."""
        indent = len(item["indent"])
        while self.indents and indent < self.indents[-1]:
            self.indents.pop()
        if not self.indents or indent - self.indents[-1] >= INDENT_STEP:
            self.indents.append(indent)
        mark = f"{item['number']}." if item["number"] else "-"
        return f"{self.indent(len(self.indents) - 1)}{mark} {item['rest']}"

    def format_text(self, line: str) -> str:
        """Return a line that is not an item: it continues the last one, or ends the list after an empty line."""
        if not self.indents or not line.strip():
            return line
        indent = len(line) - len(line.lstrip())
        # The text belongs to the innermost item that it is indented further than.
        level = sum(outer < indent for outer in self.indents)
        if level == 0 and self.previous_line:
            return line
        del self.indents[level:]
        self.is_loose = bool(self.indents)
        return self.indent(level) + line.lstrip()

    def indent(self, level: int) -> str:
        return " " * (INDENT_STEP * level)
