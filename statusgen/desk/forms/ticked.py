"""What somebody has ticked as wrong, what holds instead, and what residents read of it in the other languages."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from statusgen.board.model.incidents import IncidentStatus
from statusgen.desk.drafts import Draft
from statusgen.desk.forms import form
from statusgen.desk.forms.form import RIGHT, WRONG, in_language
from statusgen.lint.rule import words_in
from statusgen.model.posts import Update

TEXT = "text."
"""Before the number of an update and that of a sentence: the name of a sentence of a text."""
BETWEEN = " | "
"""Between the time of an update and its words, in what is kept of a tick."""
# An abbreviation goes on in small letters: "by 3 p.m. today".
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?![a-zà-ÿ])|\n+")
# What is said by a word or a time, and not in a sentence that could be quoted.
_BARE_KINDS = ("status", "since", "expected", "until", "on", "next_update", "starts", "ends")


@dataclass(frozen=True)
class Ticked:
    """A sentence that was ticked: its name, the time of its update, its words, and what holds instead."""

    name: str
    time: str
    said: str
    right: str

    @property
    def is_text(self) -> bool:
        """Whether it is a sentence of a text, and no fact."""
        return self.name.startswith(TEXT)

    @property
    def is_quoted(self) -> bool:
        """Whether the public correction can quote it."""
        return not is_bare(self.name)


def is_bare(name: str) -> bool:
    """Return whether what has this name is said by a word or a time, and not in a sentence."""
    return name.rpartition(".")[2] in _BARE_KINDS


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text, each on one line."""
    return [words for each in _SENTENCE_END.split(text) if (words := " ".join(each.split()))]


def list_ticked(draft: Draft) -> list[Ticked]:
    """Return all that was ticked, by name."""
    found = []
    for field, values in sorted(draft.answers.items()):
        if field.startswith(WRONG) and values:
            name = field.removeprefix(WRONG)
            time, _between, said = values[0].partition(BETWEEN)
            found.append(Ticked(name, time, said, form.line(draft, RIGHT + name)))
    return found


def quote_wrong(draft: Draft) -> str:
    """Return what the public correction says was wrong: what was typed, or else what was ticked."""
    return form.line(draft, "wrong") or " ".join(each.said for each in list_ticked(draft) if each.is_quoted)


def quote_right(draft: Draft) -> str:
    """Return what the public correction says is right: what was typed, or else what holds instead of the ticked."""
    instead = (each.right for each in list_ticked(draft) if each.is_quoted and each.right)
    return form.line(draft, "right") or " ".join(instead)


def find_standing(post: IncidentStatus, name: str, words: str, language: str) -> str:
    """Return what residents read in another language in place of words of a post; "" if it is not known."""
    if not name.startswith(TEXT):
        return _find_words((post.incident.title, post.updates), words, language)
    number = int(name.split(".")[1])
    update = post.updates[number - 1] if 0 < number <= len(post.updates) else None
    if update is None:
        return ""
    return _find_sentence(update, words, language) or _find_words(update.correction, words, language)


def _find_words(value: object, words: str, language: str) -> str:
    """Return how words were translated last."""
    found = [dict(each.texts).get(language, "") for each in words_in(value) if each.texts[0][1] == words]
    return next(filter(None, reversed(found)), "")


def _find_sentence(update: Update, words: str, language: str) -> str:
    """Return the sentence that stands at the same place of a translated text, if that has as many sentences."""
    original, translation = update.text(), update.text(language)
    if original is None or translation is None or translation.language != language:
        return ""
    mine, theirs = split_sentences(original.text), split_sentences(translation.text)
    return theirs[mine.index(words)] if words in mine and len(mine) == len(theirs) else ""


def pair_ticked(
    draft: Draft, post: IncidentStatus, language: str, published: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield the words of a correction, each with what it says in another language, as far as somebody has said it.

    `published` has the fields that residents are to read there; one that is empty keeps what they read now.
    """
    ticked = list_ticked(draft)
    standing = {each.name: find_standing(post, each.name, each.said, language) for each in ticked}
    right = {
        each.name: draft.first(in_language(language, RIGHT + each.name)) or standing[each.name]
        for each in ticked
        if RIGHT + each.name in published
    }
    quoted = [each for each in ticked if each.is_quoted]
    yield from ((each.right, right[each.name]) for each in ticked if each.name in right)
    for name, words, parts in (
        ("wrong", quote_wrong(draft), [standing[each.name] for each in quoted]),
        ("right", quote_right(draft), [right.get(each.name, "") for each in quoted if each.right]),
    ):
        typed = draft.first(in_language(language, name)) if name in published else ""
        if not draft.first(name) and (said := typed or (" ".join(parts) if all(parts) else "")):
            yield words, said


def lacks_wrong(draft: Draft, post: IncidentStatus, language: str) -> bool:
    """Return whether nobody has said in another language what was wrong, and residents read nothing there to quote."""
    if draft.first("wrong") or draft.first(in_language(language, "wrong")):
        return False
    quoted = (each for each in list_ticked(draft) if each.is_quoted)
    return any(not find_standing(post, each.name, each.said, language) for each in quoted)
