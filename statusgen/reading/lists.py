"""Lists as people type and paste them → lists as Python-Markdown knows them.

People indent a sub-list by two, three or four spaces, begin a list straight under a line of text, number with
"1)" and paste bullets out of a word processor.
"""

import re
from collections.abc import Iterator

STEP = 2
"""By how many spaces one level is indented afterwards."""

_ITEM = re.compile(r"(?P<indent>[ ]*)(?P<mark>[-*+•◦▪‣]|(?P<number>\d{1,3})[.)])[ ]+(?P<rest>\S.*)")
_RULE = re.compile(r" {0,3}(?:(?:- *){3,}|(?:\* *){3,})")
# Deeper in, the first line of a list is text that somebody pushed to the right.
_MOST_INDENT = 3


def typed_lists(lines: list[str]) -> list[str]:
    """The lines, with every list set off by an empty line and its levels indented by `STEP` spaces each."""
    return list(_Lists().read(lines))


class _Lists:
    """Goes through the lines; `levels` holds how far the items of the list, and of those around it, are indented."""

    def __init__(self) -> None:
        self.levels: list[int] = []
        self.loose = False  # whether an empty line stands between two items
        self.before = ""

    def read(self, lines: list[str]) -> Iterator[str]:
        for line in lines:
            line = line.expandtabs(4)
            item = None if _RULE.fullmatch(line) else _ITEM.fullmatch(line)
            if item and self.may_begin(item):
                if self.needs_space(item):
                    yield ""
                yield self.item(item)
            else:
                yield self.text(line)
            self.before = line.strip()

    def may_begin(self, item: re.Match[str]) -> bool:
        """Whether an item belongs to a list; a line of text that happens to begin with a number begins none."""
        if self.levels:
            return True
        return len(item["indent"]) <= _MOST_INDENT and not (self.before and item["number"] not in (None, "1"))

    def needs_space(self, item: re.Match[str]) -> bool:
        """Whether the library needs an empty line above: it would take the item for text, or for one further in."""
        if not self.levels:
            return bool(self.before)
        self.loose = self.loose or not self.before
        return self.loose and bool(self.before) and len(item["indent"]) < self.levels[-1]

    def item(self, item: re.Match[str]) -> str:
        indent = len(item["indent"])
        while self.levels and indent < self.levels[-1]:
            self.levels.pop()
        if not self.levels or indent - self.levels[-1] >= STEP:
            self.levels.append(indent)
        mark = f"{item['number']}." if item["number"] else "-"
        return f"{self.spaces(len(self.levels) - 1)}{mark} {item['rest']}"

    def text(self, line: str) -> str:
        """A line that is no item: it goes on with the last one, or ends the list after an empty line."""
        if not self.levels or not line.strip():
            return line
        indent = len(line) - len(line.lstrip())
        level = sum(outer < indent for outer in self.levels)
        if level == 0 and self.before:
            return line
        del self.levels[level:]
        self.loose = bool(self.levels)
        return self.spaces(level) + line.lstrip()

    def spaces(self, level: int) -> str:
        return " " * (STEP * level)
