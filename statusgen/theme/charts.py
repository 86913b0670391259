"""Days and stretches → charts, as inline SVG (https://www.w3.org/TR/SVG2/).

A chart is as wide as its place, with letters as large as the page's: whatever lies along the time axis is measured in
percent, everything else in em. So it needs no `viewBox`, and is as readable at 320 px as on a desk. Colors come from
classes (`pictures.css`). Statuses also differ in height or pattern, for black-and-white print and forced colors. Time
runs from left to right in every language.

`prefix` begins every id, so that a page can hold several charts.
"""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from unicodedata import east_asian_width

from babel.dates import format_date, format_skeleton
from markupsafe import Markup

from statusgen.history import Bars, BurnUp, Day, DayCount, Mark, ServiceRow, Stretch, marks, stretches
from statusgen.model.times import When
from statusgen.wording.phrasing import Phrasing

# The most columns that a phone can show; for a longer time, each column has several days.
MAX_COLUMNS = 90
# Em from one line of text to the next, and the letters that fit on a line at 320 px.
LINE_HEIGHT, MAX_LETTERS = 1.35, 38
# The heights of bars in em: the worse, the higher.
BAR_HEIGHTS = {
    "working": 0.25,
    "not_said": 0.1,
    "unchecked": 0.6,
    "catching_up": 0.4,
    "maintenance": 0.6,
    "differently": 0.6,
    "degraded": 0.85,
    "unknown": 0.85,
    "limited": 0.85,
    "partly_down": 1,
    "down": 1.15,
    "restored": 0.85,
    "held": 0.85,
    "not_known": 0.85,
}
MAX_BAR_HEIGHT = 1.15
# How much higher bars are if there is only one row; and the height of the burn-up in em.
STRIP_SCALE, PLOT_HEIGHT = 1.7, 7.5
# What fills a bar that is not plain: the strokes on a tile of 6 by 6 pixels.
SLANTED_STROKES = "M-1 1L1-1M0 6L6 0M5 7L7 5"
CROSSED_STROKES = f"{SLANTED_STROKES}M0 0L6 6"
PATTERNS = {
    "maintenance": "M1.5 0v6M4.5 0v6",
    "differently": "M0 1.5h6M0 4.5h6",
    "degraded": "M.5 1.5h2M3.5 4.5h2",
    "limited": SLANTED_STROKES,
    "partly_down": CROSSED_STROKES,
    "unchecked": "M0 1.5h3M3 4.5h3",
    "held": SLANTED_STROKES,
    "not_known": "M1 1.5h1M4 4.5h1",
}


def burn_up(numbers: BurnUp, phrasing: Phrasing, prefix: str = "burn-up") -> Markup:
    """Return how many services work again on each day and, stacked on top, how many do not."""
    first, last = numbers.days[0], numbers.days[-1]
    scale = Scale(first.day, last.day)
    bottom = LINE_HEIGHT + PLOT_HEIGHT
    how_many = phrasing.interface.ngettext("%(number)s service", "%(number)s services", numbers.total)
    columns = [(scale.column(each.day), each) for each in numbers.days]
    held = {column: each.restored + each.affected for column, each in columns}
    known = {column: each.restored + each.affected + each.unknown for column, each in columns}
    parts = [
        _pattern("held", prefix),
        _label(phrasing.format(how_many, number=str(numbers.total)), 1, phrasing),
        _line("rule", 0, 100, LINE_HEIGHT),
        _area("held", held, numbers, prefix),
        _area("restored", {column: each.restored for column, each in columns}, numbers, prefix),
    ]
    if numbers.has_unknown:
        parts += [_pattern("not_known", prefix), _area("not_known", known, numbers, prefix, above=held)]
    if numbers.has_unchecked:
        all_of_them = {column: sum(each.counts) for column, each in columns}
        parts += [_pattern("unchecked", prefix), _area("unchecked", all_of_them, numbers, prefix, above=known)]
    parts += _axis(scale, bottom, phrasing)
    title = phrasing.interface.gettext("Services that work again, day by day")
    words = _describe_incident(first.day, last.day, numbers.affected, last, phrasing)
    return _picture(prefix, title, words, parts, bottom + LINE_HEIGHT)


def bars(numbers: Bars, phrasing: Phrasing, prefix: str = "bars") -> Markup:
    """Return a bar for each service over the days of the incident; dots lead to one that began on an unknown day."""
    scale = Scale(numbers.first, numbers.last, left=5 if any(row.has_unknown_start for row in numbers.rows) else 0)
    parts = [_pattern(mark.name, prefix) for mark in numbers.marks]
    bottom = 0.0
    for row in numbers.rows:
        name = phrasing.local_text(row.service.name)
        for line in _wrap_name(name.text):
            bottom += LINE_HEIGHT
            parts.append(_label(line, bottom - 0.35, phrasing, name.language))
        bottom += MAX_BAR_HEIGHT
        parts += _bar(row, scale, bottom, prefix)
        bottom += 0.45
    parts += _axis(scale, bottom, phrasing)
    title = phrasing.interface.gettext("What did not work, and when")
    affected = sum(row.was_affected for row in numbers.rows)
    words = _describe_incident(numbers.first, numbers.last, affected, numbers.last_count, phrasing)
    return _picture(prefix, title, words, parts, bottom + LINE_HEIGHT)


def last_days(numbers: Sequence[Day], phrasing: Phrasing, prefix: str = "last-days") -> Markup:
    """Return a strip of days: low where no problem was reported, and the higher the worse its status."""
    scale = Scale(numbers[0].day, numbers[-1].day)
    parts = [_pattern(mark.name, prefix) for mark in marks(numbers)]
    bottom = STRIP_SCALE * max(BAR_HEIGHTS[mark.name] for mark in marks(numbers))
    for begin, width, mark in _blocks(stretches(numbers), scale):
        parts.append(_rect(mark.name, begin, width, bottom, BAR_HEIGHTS[mark.name] * STRIP_SCALE, prefix))
    parts += _axis(scale, bottom, phrasing)
    title = phrasing.interface.ngettext("The last %(number)s day", "The last %(number)s days", len(numbers))
    title = phrasing.format(title, number=str(len(numbers)))
    return _picture(prefix, title, _describe_days(numbers, phrasing), parts, bottom + LINE_HEIGHT)


def swatch(name: str, prefix: str) -> Markup:
    """Return a sample of how a status, or "restored", "held", "not_known" or "before", looks in that chart."""
    part = (
        _line("before", 0, 100, 0.6)
        if name == "before"
        else _rect(name, 0, 100, MAX_BAR_HEIGHT, BAR_HEIGHTS[name], prefix)
    )
    return Markup('<svg class="swatch" aria-hidden="true">{}</svg>').format(part)


@dataclass(frozen=True)
class Scale:
    """Where the days from `first` to `last` are: in columns from 0, and in percent of the width from `left`."""

    first: date
    last: date
    left: float = 0

    @property
    def days_per_column(self) -> int:
        """The number of days in one column."""
        return (self.last - self.first).days // MAX_COLUMNS + 1

    def column(self, day: date) -> int:
        """Return the column of a day."""
        return (day - self.first).days // self.days_per_column

    def position(self, column: float) -> float:
        """Return where a column, or a fraction of one, begins."""
        return self.left + (100 - self.left) * column / (self.column(self.last) + 1)


def _area(
    name: str, heights: Mapping[int, int], numbers: BurnUp, prefix: str, above: Mapping[int, int] | None = None
) -> Markup:
    """Return a block below a stepped line, one step for each column; of the days in a column, the last one counts.

    What is below another such line is left out if that is given as `above`.
    """
    outline = _outline(heights, numbers.total) + (_outline(above, numbers.total) if above else "")
    rule = Markup(' clip-rule="evenodd"') if above else ""
    return Markup(
        '<clipPath id="{0}-{1}-area" clipPathUnits="objectBoundingBox">'
        '<path transform="scale({2:.7f} {3:.7f})" d="{4}"{5}/></clipPath>{6}'
    ).format(
        prefix,
        name,
        1 / len(heights),
        1 / numbers.total,
        outline,
        rule,
        _rect(name, 0, 100, LINE_HEIGHT + PLOT_HEIGHT, PLOT_HEIGHT, prefix, is_clipped=True),
    )


def _outline(heights: Mapping[int, int], total: int) -> str:
    """Return the path around what is below a stepped line."""
    steps = [f"M0 {total}"]
    for height, group in groupby(heights.items(), key=lambda step: step[1]):
        *_, (column, _) = group
        steps.append(f"V{total - height}H{column + 1}")
    return f"{''.join(steps)}V{total}z"


def _blocks(timeline: Iterable[Stretch], scale: Scale) -> Iterator[tuple[float, float, Mark]]:
    """Yield the beginning, width and mark of each run of one mark. A column has the worst of its days."""
    columns: dict[int, Mark] = {}
    for stretch in timeline:
        for column in range(scale.column(stretch.first), scale.column(stretch.last) + 1):
            known = columns.get(column, stretch.mark)
            columns[column] = max(known, stretch.mark, key=lambda mark: mark.severity)
    # In a run of adjacent columns, the column minus its place in the list stays the same.
    for _, group in groupby(enumerate(columns), key=lambda item: (item[1] - item[0], columns[item[1]].name)):
        same = [column for _, column in group]
        begin = scale.position(same[0])
        yield begin, scale.position(same[-1] + 1) - begin, columns[same[0]]


def _bar(row: ServiceRow, scale: Scale, bottom: float, prefix: str) -> Iterator[Markup]:
    yield _line("track", scale.left, 100, bottom)
    if row.has_unknown_start:
        begin = scale.position(scale.column(row.stretches[0].first))
        yield _line("before", begin - scale.left, begin, bottom - 0.4)
    for begin, width, mark in _blocks(row.stretches, scale):
        yield _rect(mark.name, begin, width, bottom, BAR_HEIGHTS[mark.name], prefix)


def _axis(scale: Scale, y: float, phrasing: Phrasing) -> Iterator[Markup]:
    """Yield the time axis: its first and last day, the beginnings of months, and the names of those in the middle."""
    yield _line("rule", scale.left, 100, y)
    yield _text(_short_day(scale.first, phrasing), scale.left, y + LINE_HEIGHT, "left", phrasing)
    yield _text(_short_day(scale.last, phrasing), 100, y + LINE_HEIGHT, "right", phrasing)
    last_label = 0.0
    for month in _months(scale.first, scale.last):
        x = scale.position((month - scale.first).days / scale.days_per_column)
        tick = Markup('<line class="rule" x1="{0}%" x2="{0}%" y1="{1}em" y2="{2}em"/>')
        yield tick.format(_format_number(x), _format_number(y), _format_number(y + 0.3))
        if max(18, last_label + 15) < x < 82:
            last_label = x
            # On a phone there is room only in the middle; the style hides the spare ones.
            name, rest = _date(month, "MMM" if month.month > 1 else "y", phrasing), "" if 38 < x < 62 else "spare"
            yield _text(name, x, y + LINE_HEIGHT, "middle", phrasing, rest)


def _months(first: date, last: date) -> Iterator[date]:
    """Yield the first days of months, or of years if months would be too many."""
    by_year = (last - first).days > 750
    for number in range(first.year * 12 + first.month, last.year * 12 + last.month):
        if not by_year or number % 12 == 0:
            yield date(number // 12, number % 12 + 1, 1)


def _short_day(day: date, phrasing: Phrasing) -> str:
    """Return a day with a month in letters: CLDR's own short form is "03/06/2026" in Arabic, which could be March 6."""
    return format_skeleton(
        "yMMMd", datetime(day.year, day.month, day.day, tzinfo=UTC), locale=phrasing.interface.locale
    )


def _date(day: date, form: str, phrasing: Phrasing) -> str:
    # Not "LLL", a month's name on its own: Babel 2.18 may return it in the language of an earlier call.
    return format_date(day, form, locale=phrasing.interface.locale)


def _describe_incident(first: date, last: date, affected: int, count: DayCount, phrasing: Phrasing) -> str:
    """Return in words what an incident did: to how many services, and how they stood at last.

    Those of which nothing was said when it ended are in the total alone.
    """
    _, ngettext = phrasing.interface.gettext, phrasing.interface.ngettext
    numbers = []
    if affected:
        message = ngettext("%(number)s service was affected.", "%(number)s services were affected.", affected)
        numbers.append((message, affected))
    if affected and count.restored == affected:
        numbers.append((_("All of them work again."), 0))
    elif affected and (count.restored or count.affected):
        message = ngettext("%(number)s of them works again.", "%(number)s of them work again.", count.restored)
        numbers.append((message, count.restored))
    if count.affected:
        message = ngettext("%(number)s does not work as usual.", "%(number)s do not work as usual.", count.affected)
        numbers.append((message, count.affected))
    if count.unknown:
        message = ngettext("%(number)s not known yet.", "%(number)s not known yet.", count.unknown)
        numbers.append((message, count.unknown))
    sentences = [phrasing.format(message, number=str(number)) for message, number in numbers]
    if number := count.unchecked - count.long_unknown:
        message = ngettext(
            "%(number)s service not working as usual when last checked",
            "%(number)s services not working as usual when last checked",
            number,
        )
        sentences.append(phrasing.end_sentence(phrasing.format(message, number=str(number))))
    if count.long_unknown:
        sentences.append(phrasing.end_sentence(phrasing.with_label(_("Not checked"), str(count.long_unknown))))
    return phrasing.join([_date_range(first, last, phrasing), *sentences])


def _describe_days(numbers: Sequence[Day], phrasing: Phrasing) -> str:
    """Return in words on how many days a service had each status."""
    _, ngettext = phrasing.interface.gettext, phrasing.interface.ngettext
    occurring = [mark for mark in marks(numbers) if mark.status.is_stated_problem]
    sentences = [] if occurring else [_("No problem was reported.")]
    for mark in occurring:
        days = sum(day.mark.name == mark.name for day in numbers)
        message = ngettext("%(status)s: %(number)s day.", "%(status)s: %(number)s days.", days)
        sentences.append(phrasing.format(message, status=phrasing.mark(mark), number=str(days)))
    return phrasing.join([_date_range(numbers[0].day, numbers[-1].day, phrasing), *sentences])


def _date_range(first: date, last: date, phrasing: Phrasing) -> str:
    zone = phrasing.site.zone
    return phrasing.as_plain_text.span_sentence(When.day(first, zone), When.day(last, zone))


def _picture(prefix: str, title: str, words: str, parts: Iterable[Markup], height: float) -> Markup:
    """Return the whole chart, `height` em high not counting descenders of its last line."""
    return Markup(
        '<svg class="drawing" role="img" aria-labelledby="{0}-title {0}-desc" width="100%" height="{1}em">\n'
        '<title id="{0}-title">{2}</title>\n<desc id="{0}-desc">{3}</desc>\n{4}\n</svg>'
    ).format(prefix, _format_number(height + 0.35), title, words, Markup("").join(parts))


def _pattern(name: str, prefix: str) -> Markup:
    """Return the pattern for `name`; empty if that is plain."""
    if name not in PATTERNS:
        return Markup("")
    ground = Markup('<rect width="6" height="6"/>') if name == "held" else ""
    return Markup(
        '<pattern id="{0}-{1}" class="{1}" width="6" height="6" patternUnits="userSpaceOnUse">'
        '{2}<path d="{3}"/></pattern>'
    ).format(prefix, name, ground, PATTERNS[name])


def _rect(
    name: str, begin: float, width: float, bottom: float, height: float, prefix: str, is_clipped: bool = False
) -> Markup:
    """Return a block that stands on `bottom`."""
    fill = Markup(' fill="url(#{}-{})"').format(prefix, name) if name in PATTERNS else ""
    clip = Markup(' clip-path="url(#{}-{}-area)"').format(prefix, name) if is_clipped else ""
    return Markup('<rect class="{}"{}{} x="{}%" y="{}em" width="{}%" height="{}em"/>').format(
        name,
        fill,
        clip,
        _format_number(begin),
        _format_number(bottom - height),
        _format_number(width),
        _format_number(height),
    )


def _line(name: str, begin: float, end: float, y: float) -> Markup:
    return Markup('<line class="{}" x1="{}%" x2="{}%" y1="{y}em" y2="{y}em"/>').format(
        name, _format_number(begin), _format_number(end), y=_format_number(y)
    )


def _label(words: str, y: float, phrasing: Phrasing, language: str = "") -> Markup:
    """Return a line of text that begins where lines of the page begin."""
    side = "left" if phrasing.interface.direction == "ltr" else "right"
    return _text(words, 0 if side == "left" else 100, y, side, phrasing, language=language)


def _text(words: str, x: float, y: float, side: str, phrasing: Phrasing, name: str = "", language: str = "") -> Markup:
    """Return text with its left or right end, or its middle, at `x`; from right to left, its start is on the right."""
    begins = "left" if phrasing.interface.direction == "ltr" else "right"
    anchor = "" if side == begins else "middle" if side == "middle" else "end"
    attributes = {"class": name, "lang": language if language != phrasing.language else "", "text-anchor": anchor}
    attributes_html = Markup("").join(Markup(' {}="{}"').format(*item) for item in attributes.items() if item[1])
    return Markup('<text{} x="{}%" y="{}em">{}</text>').format(
        attributes_html, _format_number(x), _format_number(y), words
    )


def _wrap_name(name: str) -> list[str]:
    """Return a name on one or two lines, the beginning of a longer one. East Asian letters are twice as wide."""
    wide = any(east_asian_width(letter) in "WF" for letter in name)
    return textwrap.wrap(
        name, MAX_LETTERS // 2 if wide else MAX_LETTERS, max_lines=2, placeholder=" …", break_on_hyphens=False
    )


def _format_number(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
