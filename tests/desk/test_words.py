"""Every word of the desk is there in each of its languages, with the same parts to fill in."""

import re
import tomllib
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from statusgen.desk.words import CATALOGS, DOMAIN, LANGUAGES

DESK = CATALOGS.parent
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]")


def extract_words() -> set[str | tuple[str, ...]]:
    mappings = tomllib.loads((DESK / "babel.toml").read_text(encoding="utf-8"))["mappings"]
    methods = [(each["pattern"], each["method"]) for each in mappings]
    options = {each["pattern"]: each for each in mappings}
    found = extract_from_dir(DESK.parent, methods, options, {**DEFAULT_KEYWORDS, "English": None})
    return {words for _file, _line, words, _comments, _context in found}


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_word_is_translated(language: str) -> None:
    path = Path(CATALOGS, language, "LC_MESSAGES", f"{DOMAIN}.po")
    with path.open("rb") as file:
        catalog = read_po(file)
    known = {message.id: message.string for message in catalog if message.id}
    assert extract_words() == known.keys()
    for words, translated in known.items():
        originals = [words] if isinstance(words, str) else [*(words or ())]
        texts = [translated] if isinstance(translated, str) else [*(translated or ())]
        for text in texts:
            assert text, words
            assert sorted(_PLACEHOLDER.findall(text)) == sorted(_PLACEHOLDER.findall(originals[-1])), words
