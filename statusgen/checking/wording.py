"""Advice about words: those that say nothing, and sentences that are hard to read at two in the morning."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from statusgen.checking.case import Case, Rule, advice, words_in
from statusgen.errors import Place, Problem
from statusgen.model import Incident, Kind, Markup, Update
from statusgen.status.standing import Phase

# What says nothing, and what to write instead, in the languages that pages can be made in.
_SOON = "Say when, or say that it is not known."
_WHAT = "Say what does not work."
_NOTHING = "tells people nothing that they can act on"
# As a deadline alone: "from midnight to 4 a.m. on Sunday" is plain.
_MIDNIGHT = (
    r"(?:at|by|until|till|before|ends?|due|deadline:?|expires?) midnight|(?:at|by|until|till|before) 12(?::00)? ?a\.?m|"
    r"(?:a|hasta|para|antes de) (?:la )?medianoche|"
    r"(?:à|jusqu['\u2019]à|avant|d['\u2019]ici) minuit|"
    r"(?:في|عند|حتى|قبل|بحلول) منتصف الليل|(?:vào|lúc|đến|trước) nửa đêm"
)
_EMPTY = (
    (
        r"as soon as possible|lo antes posible|tan pronto como sea posible|dès que possible|"
        r"في أقرب وقت ممكن|sớm nhất có thể",
        _SOON,
    ),
    (r"in a timely manner|at the earliest opportunity|in the near future", _SOON),
    (r"technical (?:difficulties|issues)|dificultades técnicas|problèmes? techniques?|صعوبات (?:فنية|تقنية)", _WHAT),
    (r"any inconvenience|cualquier (?:inconveniente|molestia)|la gêne occasionnée", "Say instead what people can do."),
    (r"out of an abundance of caution|por precaución extrema", "Say what you did and why."),
)
_PHRASES = (
    *((words, _NOTHING, hint) for words, hint in _EMPTY),
    (_MIDNIGHT, "may be when that day begins or when it ends", "Write 11:59 p.m. with its date, or 12:01 a.m."),
)
_PATTERNS = tuple(
    (re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE), what, hint) for words, what, hint in _PHRASES
)
# How many words a sentence may have. Vietnamese writes each syllable as a word.
_MOST_WORDS = {"en": 25, "es": 32, "fr": 32, "vi": 40, "ar": 30}
# The school year that a text in English may ask for, and how long it must be for that to mean anything.
_MOST_YEARS, _LEAST_WORDS = 12.0, 60
_SENTENCE = re.compile(r"(?<=[.!?…؟])[\"\u201d\u2019»)]*\s+(?=[\"\u201c\u2018«(¿¡]*[^\W\d_a-zà-ÿ]|\d)")
_BETWEEN_WORDS, _OF_A_WORD = re.compile(r"[\s\u2013\u2014/]+"), re.compile(r"\w")
_NO_LETTER, _VOWELS = re.compile(r"[^a-z]"), re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?<=[^aeiouyl])e$|(?<=[^aeiouytd])e[sd]$")


def empty_words(case: Case) -> Iterator[Problem]:
    """Words that sound like an answer and are none."""
    for begin, text in _said(case):
        for pattern, what, hint in _PATTERNS:
            if found := pattern.search(text):
                yield advice(case.line(begin, found[0]), f'"{found[0]}" {what}.', hint)


def _said(case: Case) -> Iterator[tuple[Place, str]]:
    """All that people read, titles and facts too, and where to look for it."""
    for incident in case.posts():
        yield from ((incident.place, text) for _, text in incident.title.texts[:1])
        for update in _mended(case, incident):
            yield from ((case.begin(update, text.language), text.text) for text in _texts(update, case))
            # What a correction quotes is what was wrong.
            right = update.correction.right if update.correction else None
            for words in words_in((replace(update, correction=None), right)):
                yield update.place, words.texts[0][1]


def long_sentence(case: Case) -> Iterator[Problem]:
    """Sentences that have to be read twice."""
    for update in _spoken(case):
        for text in _texts(update, case):
            most = _MOST_WORDS.get(text.language)
            for sentence in _sentences(text.text) if most else ():
                count = len(_words(sentence))
                if most and count > most:
                    place = case.line(case.begin(update, text.language), sentence)
                    what = f"This sentence has {count} words; more than {most} are hard to follow."
                    yield advice(place, what, "Make two of it.")


def hard_words(case: Case) -> Iterator[Problem]:
    """Texts in English that ask for many years of school."""
    for update in _spoken(case):
        for text in _texts(update, case):
            if text.language == "en" and len(_words(text.text)) >= _LEAST_WORDS:
                years = grade(text.text)
                if years > _MOST_YEARS:
                    what = f"This text asks for about {years:.0f} years of school."
                    hint = "Use shorter words and sentences; most public advice aims at eight."
                    yield advice(case.begin(update, text.language), what, hint)


def grade(text: str) -> float:
    """The years of school that a text in English asks for (Flesch and Kincaid, 1975), from an estimate of syllables."""
    sentences, words = _sentences(text), _words(text)
    syllables = sum(_syllables(word) for word in words)
    return 0.39 * len(words) / max(1, len(sentences)) + 11.8 * syllables / max(1, len(words)) - 15.59


def _syllables(word: str) -> int:
    bare = _NO_LETTER.sub("", word.casefold())
    return max(1, len(_VOWELS.findall(_SILENT.sub("", bare))))


def _sentences(text: str) -> list[str]:
    """The sentences; a new paragraph or point of a list begins one."""
    return [
        sentence.strip()
        for paragraph in re.split(r"\n+", text)
        for sentence in _SENTENCE.split(paragraph)
        if sentence.strip()
    ]


def _words(text: str) -> list[str]:
    return [word for word in _BETWEEN_WORDS.split(text) if _OF_A_WORD.search(word)]


def _spoken(case: Case) -> Iterator[Update]:
    """The updates that somebody may still mend: those of what goes on, and the last word of the rest."""
    for incident in case.posts():
        yield from _mended(case, incident)


def _mended(case: Case, incident: Incident) -> Sequence[Update]:
    standing = case.board.incident.get(incident.id)
    over = standing is not None and standing.phase is Phase.PAST and incident.kind is not Kind.NOTICE
    return incident.updates[-1:] if over else incident.updates


def _texts(update: Update, case: Case) -> Iterator[Markup]:
    return (text for text in update.texts if text.language in case.site.languages)


RULES = (
    Rule("empty-words", "People look for an answer, and find a phrase.", empty_words),
    Rule("long-sentence", "Tired people on a small screen lose a long sentence.", long_sentence),
    Rule("hard-words", "A page for everyone has to be read by everyone.", hard_words),
)
