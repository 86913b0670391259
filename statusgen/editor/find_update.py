"""Which update a writer means by some of its words."""

import re
import unicodedata
from collections.abc import Iterator
from difflib import get_close_matches

from statusgen.english import English, SeveralTexts
from statusgen.model.posts import Incident, Update
from statusgen.model.states import State
from statusgen.model.words import Words
from statusgen.problems import InvalidValue
from statusgen.text import quote_text


def find_updates(words: str, post: Incident, file: str) -> list[Update]:
    """Return the updates, oldest first, whose text or facts have these words.

    Spaces, punctuation and upper or lower case make no difference. `file` is the text of the post, with newlines only.
    Corrections count only if no other update has the words. Raises InvalidValue, with the closest words, if none has.
    """
    wanted = normalize_words(words)
    sources = _searchable_texts(post, file)
    found = [update for update, source in sources if wanted and any(wanted in normalize_words(text) for text in source)]
    if found:
        return [update for update in found if update.state is not State.CORRECTION] or found
    raise InvalidValue(
        English("No update of %(id)s says %(words)s.", id=post.id, words=quote_text(words)),
        _suggest_quote(words, sources),
    )


def _searchable_texts(post: Incident, file: str) -> list[tuple[Update, list[str]]]:
    """Return each update with its lines in the file, and its texts as they read on the page."""
    lines = file.split("\n")
    ends = [*(update.place.line - 1 for update in post.updates[1:]), len(lines)]
    begins = [0, *ends]
    return [
        (update, [*_file_texts(update, lines[begin:end]), *(markup.text for markup in update.texts)])
        for update, begin, end in zip(post.updates, begins, ends, strict=False)
    ]


def _file_texts(update: Update, lines: list[str]) -> Iterator[str]:
    """Yield the lines of an update; of a correction only what is right, because it also quotes what was wrong."""
    if update.correction:
        yield from _texts_of(update.correction.right)
    else:
        yield "\n".join(lines)


def _texts_of(words: Words | None) -> list[str]:
    return [text for _, text in words.texts] if words else []


def normalize_words(text: str) -> str:
    """Return a text as it is compared: its words alone, in lower case."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold().replace("_", " ")))


def _suggest_quote(words: str, sources: list[tuple[Update, list[str]]]) -> str:
    sentences = {
        normalize_words(sentence): sentence.strip(" -#")
        for _, source in sources
        for text in source
        for sentence in re.split(r"(?<=[.!?])\s+|\n", text)
    }
    near = get_close_matches(normalize_words(words)[:200], [*sentences], n=1, cutoff=0.3)
    other = English("Or name the update by its time with --update.")
    return (
        SeveralTexts(English("The closest words are %(sentence)s.", sentence=quote_text(sentences[near[0]])), other)
        if near
        else other
    )
