"""Advises on words that say nothing, and on sentences that are hard to read at two in the morning."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from statusgen.board.model.spans import Phase
from statusgen.lint.rule import LintContext, Rule, make_advice, words_in
from statusgen.model.posts import Incident, Update
from statusgen.model.states import Kind
from statusgen.model.words import Markup
from statusgen.problems import Place, Problem

# Phrases that say nothing, and what to write instead, in the languages that pages can be made in.
_HINT_SAY_WHEN = "Give a time, or write that it is not known."
_HINT_SAY_WHAT = "Write what does not work."
_SAYS_NOTHING = "gives people nothing that they can act on"
# Only as a deadline: "from midnight to 4 a.m. on Sunday" is clear.
_MIDNIGHT = (
    r"(?:at|by|until|till|before|ends?|due|deadline:?|expires?) midnight|(?:at|by|until|till|before) 12(?::00)? ?a\.?m|"
    r"(?:a|hasta|para|antes de) (?:la )?medianoche|"
    r"(?:à|jusqu['\u2019]à|avant|d['\u2019]ici) minuit|"
    r"(?:في|عند|حتى|قبل|بحلول) منتصف الليل|(?:vào|lúc|đến|trước) nửa đêm"
)
_EMPTY_PHRASES = (
    (
        r"as soon as possible|lo antes posible|tan pronto como sea posible|dès que possible|"
        r"في أقرب وقت ممكن|sớm nhất có thể",
        _HINT_SAY_WHEN,
    ),
    (
        r"in a timely manner|at the earliest opportunity|in the near future|"
        r"en (?:un|el) futuro (?:próximo|cercano)|dans un (?:proche avenir|avenir proche)|"
        r"في المستقبل القريب|trong tương lai gần",
        _HINT_SAY_WHEN,
    ),
    (
        r"(?<!as )(?<!too )(?<!how )soon(?! as)|shortly|momentarily|before long|any (?:minute|moment|time) now|"
        r"(?<!tan )(?<!demasiado )(?<!lo más )pronto(?! (?:como|para)\b)|en breve|"
        r"próximamente|cuanto antes|a la brevedad|"
        r"bientôt|sous peu|prochainement|d['\u2019]ici peu|dans les (?:plus )?brefs délais|incessamment|"
        r"قريبًا|قريبا|عما قريب|في القريب العاجل|"
        r"sẽ sớm|sớm thôi|trong thời gian (?:sớm|tới)|trong nay mai|sắp tới|chẳng bao lâu",
        _HINT_SAY_WHEN,
    ),
    (
        r"technical (?:difficulties|issues)|dificultades técnicas|problèmes? techniques?|صعوبات (?:فنية|تقنية)",
        _HINT_SAY_WHAT,
    ),
    (
        r"any inconvenience|cualquier (?:inconveniente|molestia)|la gêne occasionnée",
        "Write what people can do instead.",
    ),
    (r"out of an abundance of caution|por precaución extrema", "Write what you did and why."),
)
_PHRASES = (
    *((words, _SAYS_NOTHING, hint) for words, hint in _EMPTY_PHRASES),
    (_MIDNIGHT, "could mean when that day begins or when it ends", "Write 11:59 p.m. or 12:01 a.m., with the date."),
)
_PATTERNS = tuple(
    (re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE), what, hint) for words, what, hint in _PHRASES
)
# How many words a sentence may have. Vietnamese writes each syllable as a word.
_MAX_SENTENCE_WORDS = {"en": 25, "es": 32, "fr": 32, "vi": 40, "ar": 30}
# The most years of school that an English text may take to read, and how long it must be for that to mean anything.
_MAX_GRADE, _MIN_WORDS_FOR_GRADE = 12.0, 60
_SENTENCE_BREAK = re.compile(r"(?<=[.!?…؟])[\"\u201d\u2019»)]*\s+(?=[\"\u201c\u2018«(¿¡]*[^\W\d_a-zà-ÿ]|\d)")
_WORD_SEPARATOR, _WORD_CHARACTER = re.compile(r"[\s\u2013\u2014/]+"), re.compile(r"\w")
_NON_LETTER, _VOWELS = re.compile(r"[^a-z]"), re.compile(r"[aeiouy]+")
_SILENT_ENDING = re.compile(r"(?<=[^aeiouyl])e$|(?<=[^aeiouytd])e[sd]$")


def find_empty_words(context: LintContext) -> Iterator[Problem]:
    """Find words that sound like an answer but are not one."""
    for begin, text in _readable_texts(context):
        for pattern, what, hint in _PATTERNS:
            if found := pattern.search(text):
                yield make_advice(context.find_line(begin, found[0]), f'"{found[0]}" {what}.', hint)


def _readable_texts(context: LintContext) -> Iterator[tuple[Place, str]]:
    """Yield everything that people read, titles and facts too, and where to search for it."""
    for incident in context.posts_to_check():
        yield from ((incident.place, text) for _, text in incident.title.texts[:1])
        for update in _editable_updates(context, incident):
            yield from (
                (context.update_place(update, text.language), text.text)
                for text in _texts_in_site_languages(update, context)
            )
            # A correction quotes what was wrong; only what is right is its own.
            right = update.correction.right if update.correction else None
            for words in words_in((replace(update, correction=None), right)):
                for language, text in words.texts:
                    if language in context.site.languages:
                        yield context.update_place(update, language), text


def find_long_sentences(context: LintContext) -> Iterator[Problem]:
    """Find sentences that are too long to follow."""
    for update in _all_editable_updates(context):
        for text in _texts_in_site_languages(update, context):
            max_words = _MAX_SENTENCE_WORDS.get(text.language)
            for sentence in _split_sentences(text.text) if max_words else ():
                count = len(_split_words(sentence))
                if max_words and count > max_words:
                    place = context.find_line(context.update_place(update, text.language), sentence)
                    what = f"This sentence has {count} words; more than {max_words} are hard to follow."
                    yield make_advice(place, what, "Split it in two.")


def find_hard_words(context: LintContext) -> Iterator[Problem]:
    """Find English texts that take many years of school to read."""
    for update in _all_editable_updates(context):
        for text in _texts_in_site_languages(update, context):
            if text.language == "en" and len(_split_words(text.text)) >= _MIN_WORDS_FOR_GRADE:
                years = reading_grade(text.text)
                if years > _MAX_GRADE:
                    what = f"This text takes about {years:.0f} years of school to read."
                    hint = "Use shorter words and sentences; most public advice aims for eight."
                    yield make_advice(context.update_place(update, text.language), what, hint)


def reading_grade(text: str) -> float:
    """Return the years of school that an English text takes to read (Flesch and Kincaid, 1975), by its syllables."""
    sentences, words = _split_sentences(text), _split_words(text)
    syllables = sum(_count_syllables(word) for word in words)
    return 0.39 * len(words) / max(1, len(sentences)) + 11.8 * syllables / max(1, len(words)) - 15.59


def _count_syllables(word: str) -> int:
    bare = _NON_LETTER.sub("", word.casefold())
    return max(1, len(_VOWELS.findall(_SILENT_ENDING.sub("", bare))))


def _split_sentences(text: str) -> list[str]:
    """Return the sentences; each paragraph and each item of a list begins a new one."""
    return [
        sentence.strip()
        for paragraph in re.split(r"\n+", text)
        for sentence in _SENTENCE_BREAK.split(paragraph)
        if sentence.strip()
    ]


def _split_words(text: str) -> list[str]:
    return [word for word in _WORD_SEPARATOR.split(text) if _WORD_CHARACTER.search(word)]


def _all_editable_updates(context: LintContext) -> Iterator[Update]:
    """Yield the updates that somebody may still edit: all of an open post, and the last of one that is over."""
    for incident in context.posts_to_check():
        yield from _editable_updates(context, incident)


def _editable_updates(context: LintContext, incident: Incident) -> Sequence[Update]:
    incident_status = context.board.incident_by_id.get(incident.id)
    over = incident_status is not None and incident_status.phase is Phase.PAST and incident.kind is not Kind.NOTICE
    return incident.updates[-1:] if over else incident.updates


def _texts_in_site_languages(update: Update, context: LintContext) -> Iterator[Markup]:
    return (text for text in update.texts if text.language in context.site.languages)


RULES = (
    Rule("empty-words", "People look for an answer and find an empty phrase.", find_empty_words),
    Rule("long-sentence", "Tired people on small screens get lost in long sentences.", find_long_sentences),
    Rule("hard-words", "A page for everyone must be readable by everyone.", find_hard_words),
)
