"""Prepared texts in the other languages of a site: their words beside those of the first, and who has read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from statusgen.content.posts.blanks import BLANK
from statusgen.desk.drafts import Draft
from statusgen.desk.forms.form import in_language
from statusgen.desk.forms.prepared_text import Blank, PreparedText, chosen_text
from statusgen.editor.blanks import pair_blanks
from statusgen.editor.templates import read_translated_template
from statusgen.problems import InvalidValue


@dataclass(frozen=True)
class PreparedTranslation:
    """A prepared text in another language; `reviewed` says who has read it, and when, "" if nobody has."""

    language: str
    original: PreparedText
    text: PreparedText
    reviewed: str

    @classmethod
    def read(cls, folder: Path, original: PreparedText | None, language: str) -> "PreparedTranslation | None":
        """Read what stands beside a template; None if there is none, or if it cannot be read."""
        try:
            found = read_translated_template(folder, original.name, language) if original else None
        except InvalidValue:
            return None
        if original is None or found is None:
            return None
        return cls(language, original, PreparedText(original.name, found.text), found.reviewed)

    @classmethod
    def of_draft(cls, folder: Path, draft: Draft, language: str) -> "PreparedTranslation | None":
        """Read the translation of the prepared text that a draft begins with."""
        return cls.read(folder, chosen_text(folder, draft), language)

    @property
    def answers(self) -> Mapping[str, tuple[str, ...]]:
        """What it fills into the fields of its language."""
        return {in_language(self.language, name): said for name, said in self.text.answers.items()}

    def is_unchanged(self, draft: Draft, name: str) -> bool:
        """Return whether a field is as it was prepared in both languages, or empty in the first."""
        said = self.text.answers.get(name)
        is_own = said is None or draft.answers.get(in_language(self.language, name)) != said
        return not is_own and draft.answers.get(name) in (None, (), self.original.answers.get(name))

    @cached_property
    def _field_by_blank(self) -> Mapping[str, str]:
        """The field that fills in the same blank of the original, by what a blank asks for."""
        pairs = pair_blanks(self.original.template, self.text.template)
        return {theirs: Blank.parse(mine).field for mine, theirs in pairs.items()}

    def find_blank(self, field: str) -> Blank | None:
        """Return the blank that is in the place of the one that a field fills in."""
        return next((Blank.parse(hint) for hint, each in self._field_by_blank.items() if each == field), None)

    def list_blanks(self, draft: Draft) -> list[str]:
        """Return the fields of the blanks that are in what a draft says in this language."""
        words = "\n".join(draft.first(in_language(self.language, name)) for name in self.text.answers)
        fields = (self._field_by_blank.get(_put_on_one_line(found[1])) for found in BLANK.finditer(words))
        return list(dict.fromkeys(field for field in fields if field))

    def fill(self, words: str, draft: Draft) -> str | None:
        """Return words with their blanks filled in; None while one is open that the original has filled in.

        As in the original, a line goes whose blank nobody filled in there.
        """
        lines = []
        for line in words.split("\n"):
            blanks = {
                found[0]: self._field_by_blank.get(_put_on_one_line(found[1]), "") for found in BLANK.finditer(line)
            }
            if any(field and not draft.first(field).strip() for field in blanks.values()):
                continue
            for blank, field in blanks.items():
                said = " ".join(draft.first(in_language(self.language, field)).split())
                if not said:
                    return None
                line = line.replace(blank, said)
            lines.append(line)
        return "\n".join(lines)


def _put_on_one_line(words: str) -> str:
    return " ".join(words.split())


def translated_answers(
    folder: Path, text: PreparedText | None, languages: Iterable[str]
) -> Mapping[str, tuple[str, ...]]:
    """Return what a prepared text fills into the fields of other languages."""
    found = (PreparedTranslation.read(folder, text, language) for language in languages)
    return {name: said for each in found if each for name, said in each.answers.items()}
