"""The poster: what a sheet on a door can say, the most weighty first, in type as large as the sheet allows.

A printed page can neither measure itself nor leave anything out, and it is made without a script. So its length is
guessed here, in advance, from the number of letters. The guess is for a wide typeface, such as Verdana or DejaVu Sans;
with others, some of the sheet stays empty. `poster.css` sets the sizes that are counted with here.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from markupsafe import Markup

from statusgen.addresses import absolute_url, front
from statusgen.board.model.services import ServiceStatus, Standing
from statusgen.board.model.whole_board import Board
from statusgen.board.overview import OverviewRow, sort_for_poster, staff_groups
from statusgen.wording.answers import answer_of
from statusgen.wording.first_screen import FirstScreen
from statusgen.wording.interface import protect_phone_numbers
from statusgen.wording.phrasing import Phrasing

# On paper there is more room than in a line of a list.
MAX_LINE_LENGTH = 180

# All lengths are in sizes of the type of the text at full size, 13.5 points (em). The sheet is as wide as A4 and as
# high as Letter, without the margins, so that it fits on both.
WIDTH, HEIGHT = 38.6, 53.6
LINE_HEIGHT = 1.25
# How wide a letter is on average, with spaces.
LETTER, BOLD_LETTER = 0.53, 0.58
# Sizes of type: the name of the class in `poster.css`, and how large it is.
SIZES = (("larger", 1.3), ("full", 1.0), ("smaller", 0.92), ("smallest", 0.84))
# Of the parts: their size of type, and what stands above and below their lines.
HEADING, WARNING, LEAD, NAME, SMALL = 2.1, 1.1, 1.0, 1.15, 0.9
SHAPE_WIDTH, CODE_WIDTH, CODE_HEIGHT = 1.7, 8.3, 6.8


@dataclass(frozen=True)
class Entry:
    """A name, and what to know about it; with the `standing` of a service, or of `count` alike, in words `status`.

    A notice has no name of its own above it, and no standing: its title is its `status`.
    """

    name: str
    text: str
    standing: Standing | None = None
    status: str = ""
    count: int = 1

    def height(self, size: float) -> float:
        """Return how high it is in a size of type."""
        width = WIDTH - SHAPE_WIDTH * size
        letters = letter_count(self.status) * BOLD_LETTER / LETTER + letter_count(self.text)
        name_height = _height(letter_count(self.name), NAME * size, width, BOLD_LETTER) if self.name else 0
        return 0.7 * size + name_height + _height(letters, size, width, LETTER)


class Poster:
    """What a poster says in one language."""

    def __init__(self, board: Board, phrasing: Phrasing) -> None:
        self.board, self.phrasing, self.first = board, phrasing, FirstScreen(board, phrasing)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All that could stand on it, the most weighty first."""
        rows = sort_for_poster(self.first.overview.problems, self.board.site)
        working = self.board.working_with_advice
        return (
            *(self._folded(row) if row.is_folded else self._problem(row.services[0]) for row in rows),
            *self._notices(),
            *(self._service(service, self.phrasing.what_to_know(service)) for service in working),
        )

    @cached_property
    def _fit(self) -> tuple[str, int]:
        """The size of type, and how many entries fit in it."""
        return choose_size(self.entries, self._height_of_rest)

    @property
    def size(self) -> str:
        """The name of the size of its type."""
        return self._fit[0]

    @property
    def fitting_entries(self) -> Sequence[Entry]:
        """The entries that fit on the sheet."""
        return self.entries[: self._fit[1]]

    @property
    def more_count(self) -> int:
        """How many services do not stand on it: what does not fit, and problems of what only staff use."""
        staff = staff_groups(self.board.site)
        hidden = sum(service.service.group in staff for service in self.first.overview.problems)
        return hidden + sum(entry.count for entry in self._left_out if entry.standing)

    @property
    def more_notices(self) -> int:
        """How many notices do not fit."""
        return sum(not entry.standing for entry in self._left_out)

    @property
    def _left_out(self) -> Sequence[Entry]:
        return self.entries[len(self.fitting_entries) :]

    @cached_property
    def numbers(self) -> list[str]:
        """Whom to call."""
        phrasing = self.phrasing
        return [
            phrasing.with_label(phrasing.say(each.name), protect_phone_numbers(each.phone, phrasing.language))
            for each in self.board.site.contacts
            if each.phone
        ]

    def _service(self, service: ServiceStatus, text: str) -> Entry:
        standing = service.standing
        return Entry(self.phrasing.say(service.service.name), text, standing, self.phrasing.short_standing(standing))

    def _problem(self, service: ServiceStatus) -> Entry:
        return self._service(service, self._answer(service))

    def _folded(self, row: OverviewRow) -> Entry:
        """Return one entry for several services of an agency: which they are, and what to do or whom to ask."""
        names = self.phrasing.format_list(self.phrasing.phrase(service.service.name) for service in row.services)
        answers = {self._answer(service) for service in row.services}
        asked = self.phrasing.ask_operator(row.operator) if row.operator else ""
        answer = answers.pop() if len(answers) == 1 else asked
        text = self.phrasing.join([self.phrasing.format("%(names)s.", names=names), answer])
        name, status = self.first.folded_name(row), self.first.folded_status(row)
        return Entry(name, text, row.services[0].standing, status, len(row.services))

    def _answer(self, service: ServiceStatus) -> str:
        return answer_of(service, self.board, self.phrasing, MAX_LINE_LENGTH, math.inf)

    def _notices(self) -> Iterator[Entry]:
        for notice in self.board.notices:
            facts = self.phrasing.rumor(notice.claim, notice.fact)
            date = self.phrasing.notice_date(notice, self.board.is_notice_stale(notice))
            kind, title = self.phrasing.kind_of(notice.incident), self.phrasing.phrase(notice.incident.title)
            yield Entry("", self.phrasing.join([*facts, date]), status=self.phrasing.with_label(kind, title))

    def _height_of_rest(self, size: float) -> float:
        """Return how high everything is beside the entries."""
        phrasing, site, count = self.phrasing, self.board.site, letter_count
        bars = [phrasing.split_first_sentence(site.demonstration)[0]] if site.demonstration else []
        bars += [phrasing.missing_reports_note()] if site.quarantined_ids else []
        warnings = [phrasing.advice(incident.do) for incident in self.board.advice_for_all]
        title = count(phrasing.say(site.title)) + count(phrasing.time_of(self.board.moment)) + 2
        numbers = sum(count(number) + 2 for number in (phrasing.say(site.emergency), *self.numbers))
        column = WIDTH - CODE_WIDTH * size
        address = count(absolute_url(front(), site))
        beside_code = _height(numbers, size, column, BOLD_LETTER) + _height(address, NAME * size, column, BOLD_LETTER)
        heights = [
            *(_height(count(each), SMALL, WIDTH, LETTER) + 0.5 for each in bars),
            _height(title, size, WIDTH, BOLD_LETTER) + 0.5 * size,
            _height(count(self.first.headline()), HEADING * size, WIDTH, 0.97 * BOLD_LETTER) * 0.87 + 0.5 * size,
            *(_height(count(each), WARNING * size, WIDTH, BOLD_LETTER) + 1.4 * size for each in warnings),
            _height(count(self.first.situation()), LEAD * size, WIDTH, LETTER) + 1.2 * size,
            LINE_HEIGHT * SMALL * size + 0.5 * size,  # how many more there are
            max(CODE_HEIGHT * size, beside_code + 2 * LINE_HEIGHT * size) + 1.3 * size,
        ]
        return sum(heights)


def choose_size(entries: Sequence[Entry], height_of_rest: Callable[[float], float]) -> tuple[str, int]:
    """Return the largest size of type in which all entries fit on the sheet, otherwise the smallest; and how many fit.

    `height_of_rest` returns how high everything else is in a size of type.
    """
    count = 0
    for name, size in SIZES:
        heights = accumulate((entry.height(size) for entry in entries), initial=height_of_rest(size))
        count = sum(height <= HEIGHT for height in heights) - 1
        if count == len(entries):
            return name, count
    return SIZES[-1][0], max(count, 0)


def _height(letters: float, size: float, width: float, letter: float) -> float:
    """Return how high so many letters are in a size of type, in a column of a width."""
    length = letters * letter * size
    # In several lines, a word that does not fit leaves the end of its line empty.
    lines = 1 if length <= width else math.ceil(length / (width - 2 * size))
    return LINE_HEIGHT * size * lines


def letter_count(text: str) -> int:
    """Return how many letters a text has, without its markup."""
    return len(text.striptags() if isinstance(text, Markup) else text)
