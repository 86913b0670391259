"""Days and stretches → charts, as inline SVG (https://www.w3.org/TR/SVG2/).

A picture of days is a table: its name, a strip of days, and the same in words. The strip is a decoration that readers
skip. Everything along the time axis is measured in percent, so a strip is as wide as its cell, and labels are as
large as the page's text at 320 px and on a desk. Colors come from classes (`days.css`, `pictures.css`). Statuses also
differ in height or pattern, for black-and-white print and forced colors. Time runs as lines of text do: the style turns
strips around where that is from right to left.

`prefix` begins every id, so that a page can hold several charts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, pairwise

from babel.dates import format_date, format_skeleton
from markupsafe import Markup, escape

from statusgen.history import Bars, BurnUp, BusyMonth, Day, DayCount, Mark, ServiceRow, Stretch, stretches
from statusgen.model.times import When
from statusgen.wording.phrasing import Phrasing

# The most columns that a phone can show; for a longer time, each column has several days.
MAX_COLUMNS = 90
# The heights of bars in percent: the worse, the higher. Where nothing was said, there is none.
BAR_HEIGHTS = {
    "not_said": 0,
    "working": 15,
    "catching_up": 40,
    "maintenance": 55,
    "differently": 55,
    "unchecked": 75,
    "degraded": 75,
    "unknown": 75,
    "limited": 75,
    "partly_down": 90,
    "down": 100,
    "restored": 75,
    "held": 75,
    "not_known": 75,
    "busy": 75,
}
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
# In rem: the width of a letter of a label with what keeps it from the next, and how wide the strips are on a desk, and
# on the smallest phone.
LETTER_WIDTH, LABEL_GAP, DESK_WIDTH, PHONE_WIDTH = 0.5, 0.4, 25, 18
# How far apart labeled days, and labeled months, can be.
DAY_STEPS, MONTH_STEPS, MAX_DAYS_LABELED = (1, 2, 4, 7, 14), (1, 2, 3, 6, 12, 24, 60, 120), 45
# The days of the longest month.
MONTH_DAYS = 31


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

    def day_position(self, day: date) -> float:
        """Return where a day begins."""
        return self.position((day - self.first).days / self.days_per_column)


@dataclass(frozen=True)
class Label:
    """Words on the axis, and where they begin, in percent; a spare one has no room on a phone."""

    words: str
    position: float
    is_spare: bool = False


def scale_of(numbers: Bars) -> Scale:
    """Return the scale of an incident, with room for the dots that lead to what began on an unknown day before."""
    return Scale(numbers.first, numbers.last, left=5 if any(row.has_unknown_start for row in numbers.rows) else 0)


def bar(row: ServiceRow, scale: Scale, prefix: str = "bars") -> Markup:
    """Return the strip of a service over the days of an incident; dots lead to a problem that began before."""
    parts = [*_strip_parts(row.stretches, scale, prefix)]
    if row.has_unknown_start:
        begin = scale.position(scale.column(row.stretches[0].first))
        parts.append(_line("before", begin - scale.left, begin, 50))
    return _strip(parts)


def strip(numbers: Sequence[Day], prefix: str = "last-days") -> Markup:
    """Return a strip of days: the higher, the worse its status; empty where nothing was said."""
    scale = Scale(numbers[0].day, numbers[-1].day)
    return _strip(_strip_parts(stretches(numbers), scale, prefix))


def month_strip(month: BusyMonth) -> Markup:
    """Return a month with the days on which an incident went on."""
    each = 100 / MONTH_DAYS
    parts = [_track(0, month.last.day * each)]
    for first, last in month.runs:
        parts.append(_rect("busy", (first.day - 1) * each, (last.day - first.day + 1) * each, "year"))
    return _strip(parts)


def month_name(month: BusyMonth, phrasing: Phrasing) -> str:
    """Return the name of a month, without its year."""
    name = _date(month.last, "MMMM", phrasing)
    return name[:1].upper() + name[1:]


def axis(scale: Scale, phrasing: Phrasing) -> Markup:
    """Return the labeled days, or months, above the strips."""
    return _axis(_fitting_labels(scale, phrasing), phrasing)


def month_axis(phrasing: Phrasing) -> Markup:
    """Return the labeled days above the strips of months."""
    days = range(1, MONTH_DAYS + 1, 2)
    labels = [Label(str(day), (day - 1) * 100 / MONTH_DAYS, is_spare=day % 10 != 1) for day in days]
    return _axis(labels, phrasing)


def burn_up(numbers: BurnUp, phrasing: Phrasing, prefix: str = "burn-up") -> Markup:
    """Return how many services work again on each day; stacked on top, how many do not, and were not checked."""
    first, last = numbers.days[0], numbers.days[-1]
    scale = Scale(first.day, last.day)
    columns = [(scale.column(each.day), each) for each in numbers.days]
    held = {column: each.restored + each.affected for column, each in columns}
    known = {column: each.restored + each.affected + each.unknown for column, each in columns}
    restored = {column: each.restored for column, each in columns}
    areas = [_area("held", held, numbers, prefix), _area("restored", restored, numbers, prefix)]
    if numbers.has_unknown:
        areas.append(_area("not_known", known, numbers, prefix, above=held))
    if numbers.has_unchecked:
        all_of_them = {column: sum(each.counts) for column, each in columns}
        areas.append(_area("unchecked", all_of_them, numbers, prefix, above=known))
    words = [_date_range(first.day, last.day, phrasing), *_count_services(numbers.affected, last, phrasing)]
    return Markup(
        '<svg class="plot" role="img" aria-labelledby="{0}-title {0}-desc">\n'
        '<title id="{0}-title">{1}</title>\n<desc id="{0}-desc">{2}</desc>\n{3}\n</svg>'
    ).format(
        prefix,
        phrasing.interface.gettext("Services that work again, day by day"),
        phrasing.join(words),
        Markup("").join(areas),
    )


def swatch(name: str, prefix: str) -> Markup:
    """Return a sample of how a status, or "restored", "held", "busy" or "before", looks in the chart with that prefix.

    It brings the pattern of that chart with it, so it has to stand on the page once.
    """
    part = _line("before", 0, 100, 50) if name == "before" else _rect(name, 0, 100, prefix)
    parts = Markup("").join([_pattern(name, prefix), _track(0, 100), part])
    return Markup('<svg class="strip swatch" aria-hidden="true">{}</svg>').format(parts)


def describe_bars(numbers: Bars, phrasing: Phrasing) -> str:
    """Return in words what a picture of an incident shows, and of which days."""
    return phrasing.join([_date_range(numbers.first, numbers.last, phrasing), count_services(numbers, phrasing)])


def count_services(numbers: Bars, phrasing: Phrasing) -> str:
    """Return how many services an incident reached, and how many of them work again."""
    affected = sum(row.was_affected for row in numbers.rows)
    return phrasing.join(_count_services(affected, numbers.last_count, phrasing))


def _count_services(affected: int, count: DayCount, phrasing: Phrasing) -> list[str]:
    """Return in sentences what an incident did: to how many services, and how they stood at last.

    Those of which nothing was said when it ended are in the total alone.
    """
    _, ngettext = phrasing.interface.gettext, phrasing.interface.ngettext
    numbers = []
    if affected:
        message = ngettext("%(number)s service was affected.", "%(number)s services were affected.", affected)
        numbers.append((message, affected))
    if affected and count.restored == affected:
        numbers.append((_("All of them work again."), 0))
    elif affected and (count.restored or (affected > 1 and count.affected)):
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
    return sentences


def _pattern(name: str, prefix: str) -> Markup:
    """Return the pattern for `name`; empty if that is plain."""
    if name not in PATTERNS:
        return Markup("")
    return Markup(
        '<pattern id="{0}-{1}" class="{1}" width="6" height="6" patternUnits="userSpaceOnUse"><path d="{2}"/></pattern>'
    ).format(prefix, name, PATTERNS[name])


def _fitting_labels(scale: Scale, phrasing: Phrasing) -> list[Label]:
    """Return as many labels as fit on a desk; those that do not fit on a phone are spare."""
    choices = [*_label_choices(scale, phrasing)]
    desk = _first_fitting(choices, DESK_WIDTH)
    places = {label.position for label in desk}
    shared = [[label for label in labels if label.position in places] for labels in choices]
    phone = {label.position for label in _first_fitting(shared, PHONE_WIDTH)}
    return [Label(label.words, label.position, label.position not in phone) for label in desk]


def _first_fitting(choices: Iterable[Sequence[Label]], width: float) -> Sequence[Label]:
    """Return the first labels of which none touches the next, on an axis so many rem wide; none runs over its end."""
    for labels in choices:
        inside = [label for label in labels[1:] if label.position + _width(label, width) <= 100]
        kept = [*labels[:1], *inside]
        if all(one.position + _width(one, width) <= two.position for one, two in pairwise(kept)):
            return kept
    return []


def _label_choices(scale: Scale, phrasing: Phrasing) -> Iterator[list[Label]]:
    """Yield the labels of the axis, fewer each time."""
    if (scale.last - scale.first).days < MAX_DAYS_LABELED:
        for step in DAY_STEPS:
            days = [scale.first + timedelta(days=n) for n in range(0, (scale.last - scale.first).days + 1, step)]
            named = [None, *days]
            yield [
                Label(_day_label(day, before, phrasing), scale.day_position(day))
                for before, day in zip(named, days, strict=False)
            ]
        return
    first = Label(_day_label(scale.first, None, phrasing), scale.left)
    for step in MONTH_STEPS:
        months = [day for day in _months(scale.first, scale.last) if (day.year * 12 + day.month - 1) % step == 0]
        labels = [
            Label(_date(day, "MMM" if day.month > 1 else "y", phrasing), scale.day_position(day)) for day in months
        ]
        for width in (DESK_WIDTH, PHONE_WIDTH):
            yield [first, *(each for each in labels if each.position >= first.position + _width(first, width))]
    yield [first]


def _day_label(day: date, before: date | None, phrasing: Phrasing) -> str:
    """Return the number of a day, with the month if it is another than that of the label before."""
    if before and before.month == day.month:
        return _date(day, "d", phrasing)
    noon = datetime.combine(day, time(12), UTC)
    return format_skeleton("MMMd", noon, locale=phrasing.interface.locale)


def _width(label: Label, width: float) -> float:
    return (len(label.words) * LETTER_WIDTH + LABEL_GAP) * 100 / width


def _axis(labels: Iterable[Label], phrasing: Phrasing) -> Markup:
    is_mirrored = phrasing.interface.direction == "rtl"
    parts = [
        Markup('<text{} x="{}%" y="1em">{}</text>').format(
            Markup(' class="spare"') if label.is_spare else "",
            _format_number(100 - label.position if is_mirrored else label.position),
            label.words,
        )
        for label in labels
    ]
    return Markup('<svg class="axis" aria-hidden="true">{}</svg>').format(Markup("").join(parts))


def _strip(parts: Iterable[Markup]) -> Markup:
    return Markup('<svg class="strip" aria-hidden="true">{}</svg>').format(Markup("").join(parts))


def _strip_parts(timeline: Iterable[Stretch], scale: Scale, prefix: str) -> Iterator[Markup]:
    yield _track(scale.left, 100 - scale.left)
    for begin, width, mark in _blocks(timeline, scale):
        if BAR_HEIGHTS[mark.name]:
            yield _rect(mark.name, begin, width, prefix)


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
        _rect(name, 0, 100, prefix, height=100, is_clipped=True),
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


def _months(first: date, last: date) -> Iterator[date]:
    """Yield the first days of months, but for the month of the first day."""
    for number in range(first.year * 12 + first.month, last.year * 12 + last.month):
        yield date(number // 12, number % 12 + 1, 1)


def _date(day: date, form: str, phrasing: Phrasing) -> str:
    # Not "LLL", a month's name on its own: Babel 2.18 may return it in the language of an earlier call.
    return format_date(day, form, locale=phrasing.interface.locale)


def _date_range(first: date, last: date, phrasing: Phrasing) -> str:
    zone = phrasing.site.zone
    words = phrasing.span_sentence(When.day(first, zone), When.day(last, zone))
    return words if phrasing.plain else escape(words).striptags()  # as the page writes dates, without their elements


def _rect(name: str, begin: float, width: float, prefix: str, height: float = 0, is_clipped: bool = False) -> Markup:
    """Return a block that stands on the ground, as high as `name` is unless `height` is given."""
    height = height or BAR_HEIGHTS[name]
    fill = Markup(' fill="url(#{}-{})"').format(prefix, name) if name in PATTERNS else ""
    clip = Markup(' clip-path="url(#{}-{}-area)"').format(prefix, name) if is_clipped else ""
    # What depends on the status stands together, so that a page packs better.
    return Markup('<rect x="{}%" width="{}%" y="{}%" height="{}%" class="{}"{}{}/>').format(
        _format_number(begin),
        _format_number(width),
        _format_number(100 - height),
        _format_number(height),
        name,
        fill,
        clip,
    )


def _track(begin: float, width: float) -> Markup:
    return Markup('<rect x="{}%" width="{}%" height="100%" class="track"/>').format(
        _format_number(begin), _format_number(width)
    )


def _line(name: str, begin: float, end: float, y: float) -> Markup:
    return Markup('<line class="{}" x1="{}%" x2="{}%" y1="{y}%" y2="{y}%"/>').format(
        name, _format_number(begin), _format_number(end), y=_format_number(y)
    )


def _format_number(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
