"""Lists as people type and paste them → lists as Python-Markdown knows them.

People indent a sub-list by two, three or four spaces, begin a list straight under a line of text, number with
"1)" and paste bullets out of a word processor.
"""

import re
from collections.abc import Iterator

INDENT_STEP = 2
"""By how many spaces one level is indented afterwards."""

_LIST_ITEM = re.compile(r"(?P<indent>[ ]*)(?P<mark>[-*+•◦▪‣]|(?P<number>\d{1,3})[.)])[ ]+(?P<rest>\S.*)")
_HORIZONTAL_RULE = re.compile(r" {0,3}(?:(?:- *){3,}|(?:\* *){3,})")
# Deeper in, the first line of a list is text that somebody pushed to the right.
_MAX_INDENT = 3


def normalize_lists(lines: list[str]) -> list[str]:
    """The lines, with every list set off by an empty line and its levels indented by `STEP` spaces each."""
    return list(_ListNormalizer().normalize(lines))


class _ListNormalizer:
    """Goes through the lines; `levels` holds how far the items of the list, and of those around it, are indented."""

    def __init__(self) -> None:
        self.indents: list[int] = []
        self.is_loose = False  # whether an empty line stands between two items
        self.previous_line = ""

    def normalize(self, lines: list[str]) -> Iterator[str]:
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
        """Whether an item belongs to a list; a line of text that happens to begin with a number begins none."""
        if self.indents:
            return True
        return len(item["indent"]) <= _MAX_INDENT and not (self.previous_line and item["number"] not in (None, "1"))

    def needs_empty_line(self, item: re.Match[str]) -> bool:
        """Whether the library needs an empty line above: it would take the item for text, or for one further in."""
        if not self.indents:
            return bool(self.previous_line)
        self.is_loose = self.is_loose or not self.previous_line
        return self.is_loose and bool(self.previous_line) and len(item["indent"]) < self.indents[-1]

    def format_item(self, item: re.Match[str]) -> str:
        indent = len(item["indent"])
        while self.indents and indent < self.indents[-1]:
            self.indents.pop()
        if not self.indents or indent - self.indents[-1] >= INDENT_STEP:
            self.indents.append(indent)
        mark = f"{item['number']}." if item["number"] else "-"
        return f"{self.indent(len(self.indents) - 1)}{mark} {item['rest']}"

    def format_text(self, line: str) -> str:
        """A line that is no item: it goes on with the last one, or ends the list after an empty line."""
        if not self.indents or not line.strip():
            return line
        indent = len(line) - len(line.lstrip())
        level = sum(outer < indent for outer in self.indents)
        if level == 0 and self.previous_line:
            return line
        del self.indents[level:]
        self.is_loose = bool(self.indents)
        return self.indent(level) + line.lstrip()

    def indent(self, level: int) -> str:
        return " " * (INDENT_STEP * level)
