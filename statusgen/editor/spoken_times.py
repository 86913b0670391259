"""Times as people say them in Spanish, and dates with the name of their month → what `times` reads.

The libraries that read spoken dates (dateparser, parsedatetime) guess where a text is unclear. A promise that nobody
meant is worse than a question, so this knows a few forms, and nothing else.
"""

import re
from datetime import date

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_SPANISH_MONTHS = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
]
_MONTH = "|".join(rf"{name[:3]}(?:{name[3:]})?" if len(name) > 3 else name for name in _MONTHS) + "|sept"
_DATE = re.compile(
    rf"(?a)(?P<month>{_MONTH})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year>\d{{4}}))?(?P<rest>,? .*)?"
)
# In this order: "pasado mañana" has a word of its own in it, and "por la mañana" is no day.
_SPANISH = [
    (re.compile(pattern), english)
    for pattern, english in (
        (rf"(?:el )?(\d{{1,2}}) de ({'|'.join(_SPANISH_MONTHS)})(?: (?:de|del) (\d{{4}}))?", ""),
        (r"hace (\w+) (minuto|hora|d[ií]a|semana)s?", r"\1 \2 ago"),
        (r"en (\w+) (minuto|hora|d[ií]a|semana)s?", r"in \1 \2"),
        (r"\bde la mañana\b|\ba\. ?m\.", "am"),
        (r"\bde la (?:tarde|noche)\b|\bp\. ?m\.", "pm"),
        (r"\b(?:al )?mediod[ií]a\b", "noon"),
        (r"\ba las? ", "at "),
        (r"\b(?:desde|a partir de)(?: el| las?)? ", "since "),
        (r"\bhasta(?: el| las?)? ", "until "),
        (r"\bahora\b", "now"),
        (r"\bhoy\b", "today"),
        (r"\besta noche\b", "tonight"),
        (r"\banoche\b", "yesterday"),
        (r"\bmañana\b", "tomorrow"),
        (r"\bayer\b", "yesterday"),
        (r"\bmedia (?=hora|hour)", "half an "),
        (r"\buna? (?=minuto|hora|d[ií]a|semana)", "1 "),
        (r"\bminuto", "minute"),
        (r"\bhora", "hour"),
        (r"\bd[ií]a\b", "day"),
        (r"\bsemana", "week"),
        (r"\b(?:el )?(lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo)\b", ""),
    )
]
_WEEKDAYS = dict(
    zip(
        ("lun", "mar", "mie", "jue", "vie", "sab", "dom"),
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        strict=True,
    )
)


def to_english(text: str) -> str:
    """Return a time, in lower case, with the Spanish words in it in English; others stay as they are."""
    for pattern, english in _SPANISH:
        text = pattern.sub(english or _translate_name, text)
    return text


def _translate_name(found: re.Match[str]) -> str:
    """Return a date, or a day of the week, with its name in English."""
    if found.lastindex == 1:
        name = found[1].replace("é", "e").replace("á", "a")
        return _WEEKDAYS[name[:3]]
    day, month, year = found[1], _MONTHS[_SPANISH_MONTHS.index(found[2])], found[3]
    return f"{month} {day}" + (f", {year}" if year else "")


def name_date(text: str, today: date, ahead: bool) -> str:
    """Return a time that begins with a month and a day, like "may 15, 4 pm", with the date as posts have it.

    Without a year it is the next such day, or the last one if not `ahead`. Any other text stays as it is.
    """
    found = _DATE.fullmatch(text)
    if not found:
        return text
    month = next(number for number, name in enumerate(_MONTHS, 1) if name.startswith(found["month"][:3]))
    year = int(found["year"] or today.year)
    if not found["year"]:
        is_past = (month, int(found["day"])) < (today.month, today.day)
        is_future = (month, int(found["day"])) > (today.month, today.day)
        year += 1 if ahead and is_past else -1 if not ahead and is_future else 0
    return f"{year}-{month:02}-{int(found['day']):02}{(found['rest'] or '').replace(',', '')}"


_BEFORE = re.compile(r"(?:before|antes del?)(?: las?| el)? (?P<time>.+)", re.IGNORECASE)


def split_before(words: str) -> tuple[bool, str]:
    """Return whether all that is said is before when something was, and that time."""
    found = _BEFORE.fullmatch(words.strip())
    return (True, found["time"]) if found else (False, words)


_ABOUT = re.compile(
    r"(?:at )?(?P<about>about|around|approximately|approx\.?|circa|roughly|~"
    r"|a eso de|alrededor de|cerca de|sobre|aproximadamente(?: a)?|más o menos(?: a)?)(?: las?| el)? ?(?P<time>.+)",
    re.IGNORECASE,
)


def split_about(words: str) -> tuple[str, str]:
    """Return the word in front of a time that makes it inexact, "" if there is none, and the time."""
    found = _ABOUT.fullmatch(words.strip())
    return (found["about"], found["time"]) if found else ("", words)


_UNKNOWN = re.compile(
    r"(?:it is |it's |still |(?:aún|todavía) )?"
    r"(?:unknown|not known|(?:nobody|no one) (?:can say|knows)(?: when)?|(?:we )?(?:don'?t|do not) know(?: when)?"
    r"|no (?:lo )?(?:se sabe|sabemos)(?: cuándo)?|nadie (?:lo )?sabe(?: cuándo)?|se desconoce|desconocid[oa])"
    r"(?: yet| aún| todavía)?[.!]?"
)


def says_unknown(words: str) -> bool:
    """Return whether words say nothing but that it is not known, in English or Spanish: "Nobody knows yet."."""
    return bool(_UNKNOWN.fullmatch(" ".join(words.casefold().replace("\u2019", "'").split())))
