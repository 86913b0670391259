"""Prepared texts: templates of posts, as words for a form; they never fill in what only a person knows."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from statusgen.content.posts.blanks import BLANK
from statusgen.desk.drafts import Draft
from statusgen.desk.forms import form
from statusgen.desk.kinds import FormKind
from statusgen.desk.words import DeskWords
from statusgen.editor.fact_values import Facts, FactValue
from statusgen.editor.templates import (
    fill_template,
    read_blank_entry,
    read_comments,
    read_template,
    read_words,
    shorten_template,
    template_names,
)
from statusgen.model.states import Kind
from statusgen.problems import InvalidValue
from statusgen.speed.cache import digest

PREPARED = "prepared"
"""The field with the name of the prepared text that was chosen."""
BLANK_FIELD = "blank/"
"""Before the digest of a blank: the name of the field that fills it in."""

_KINDS = {FormKind.PROBLEM: Kind.INCIDENT, FormKind.PLANNED_WORK: Kind.MAINTENANCE, FormKind.NOTICE: Kind.NOTICE}
WORDS = ("title", "claim", "fact")
"""The fields of one line that a prepared text may fill in."""
FIELD_BY_KEY = {
    **{key: key for key in (*form.LISTS, *WORDS, "topic", "starts", "ends", "expected")},
    "started": "since",
    "next_update": "next",
}
"""The field that says a key of the front matter, in every form that has it."""
_PLACEHOLDER: Facts = {"services": {"[[service]]": {"status": "[[status]]"}}}
_EXAMPLE = re.compile(r"[,;:.]?\s+(?:like|por ejemplo):?\s+", re.IGNORECASE)
_MAX_NAME = 60


@dataclass(frozen=True)
class Blank:
    """A blank: its words between the brackets, what it asks for, and an example of an answer ("" if it has none)."""

    words: str
    asks: str
    example: str

    @classmethod
    def parse(cls, words: str) -> "Blank":
        """Read "Where, as a headline, like: Boil your water north of Main Street"."""
        asks, *example = _EXAMPLE.split(words, maxsplit=1)
        return cls(words, asks.strip(), example[0].strip() if example else "")

    @property
    def field(self) -> str:
        """The name of the field that fills it in: the same words are asked for once."""
        return BLANK_FIELD + digest([self.words])[:12]

    def hint(self, words: DeskWords) -> str:
        """Return the example as a hint."""
        return words.gettext("Like: %s") % self.example if self.example else ""


@dataclass(frozen=True)
class PreparedText:
    """A template of a post, as words for a form."""

    name: str
    template: str

    @classmethod
    def read(cls, folder: Path, name: str) -> "PreparedText | None":
        """Read a template; None if there is none of that name, or if it cannot be read."""
        try:
            text = read_template(folder, name)
            read_words(text)
        except InvalidValue:
            return None
        return cls(name, text)

    @cached_property
    def facts(self) -> Facts:
        """Its front matter, with its blanks."""
        return read_words(self.template)[0]

    @property
    def kind(self) -> str:
        """The kind of post that it is for."""
        return str(self.facts.get("kind") or Kind.INCIDENT.value)

    @property
    def comments(self) -> list[str]:
        """What its author tells the person who uses it."""
        return read_comments(self.template)

    def title(self, words: DeskWords) -> str:
        """Return what people call it."""
        if known := _names(words).get(self.name):
            return known
        title, comment = str(self.facts.get("title") or ""), " ".join(self.comments)
        named = [each for each in (title, comment) if each and len(each) <= _MAX_NAME and not BLANK.search(each)]
        return named[0] if named else self.name.replace("-", " ").replace("_", " ").capitalize()

    @cached_property
    def words(self) -> Mapping[str, str]:
        """What it says, with its blanks, by the names of the fields that are for that."""
        found = {name: _as_words(self.facts.get(name)) for name in (*WORDS, *form.LISTS)}
        found["text"] = read_words(self.template)[1]
        for ending, entry in self._entries():
            found |= {name + ending: _as_words(entry.get(name)) for name in ("do", "where")}
        return {name: words for name, words in found.items() if words}

    def _entries(self) -> Iterator[tuple[str, Facts]]:
        """Yield what it says of the services that it leaves open, and of each that it names, by the end of a field."""
        yield "", read_blank_entry(self.template)
        services = self.facts.get("services")
        for key, entry in services.items() if isinstance(services, dict) and len(services) > 1 else ():
            if not BLANK.search(key) and isinstance(entry, dict):
                yield f"/{key}", entry

    @cached_property
    def answers(self) -> Mapping[str, tuple[str, ...]]:
        """What it fills into a form: its words, and what a notice is about. What is all blank stays empty."""
        topic = str(self.facts.get("topic") or "")
        said = {"topic": topic, **self.words} if topic and not BLANK.search(topic) else self.words
        return {name: (value,) for name, value in said.items() if not BLANK.fullmatch(value) or name in form.LISTS}

    @property
    def hints(self) -> Mapping[str, Blank]:
        """What fields are for that are all blank."""
        found = {name: BLANK.fullmatch(value) for name, value in self.words.items() if name not in form.LISTS}
        return {name: Blank.parse(match[1]) for name, match in found.items() if match and name != "text"}

    def shorten(self, draft: Draft) -> str:
        """Return the template without what the form asks for instead, and what is empty there."""
        empty = [key for key, name in FIELD_BY_KEY.items() if not form.chosen_time(draft, name)]
        rest = shorten_template(self.template, empty, keeps_text=bool(draft.first("text")))
        return fill_template(rest, _PLACEHOLDER) if "services" in self.facts else rest


def _as_words(value: FactValue) -> str:
    if isinstance(value, dict):
        return _as_words(value.get("words"))
    if isinstance(value, list):
        return "\n".join(filter(None, map(_as_words, value)))
    return value if isinstance(value, str) else ""


def _names(words: DeskWords) -> dict[str, str]:
    """Return what people call the texts that come with the program."""
    _ = words.gettext
    return {
        "payment-outage": _("Payments do not work"),
        "phone-outage": _("Our phones are down"),
        "website-down": _("The website is down"),
        "cyberattack": _("We switched systems off"),
        "vendor-outage": _("Another company's system is down"),
        "emergency-calls": _("911 calls may fail"),
        "boil-water": _("Boil your water"),
        "water-main": _("A water main broke"),
        "power": _("Power is out"),
        "permits-records": _("No permits or records"),
        "school-closing": _("Schools are closed or start late"),
        "school-buses": _("School buses are late"),
        "parent-portal": _("The parent portal is down"),
        "meal-payments": _("Meal accounts cannot be paid"),
        "catalog": _("The catalog is down"),
        "e-books": _("E-books do not work"),
        "wifi": _("The Wi-Fi is down"),
        "autopay": _("Autopay did not run"),
        "account-portal": _("The online account is down"),
        "detour": _("A route has a detour"),
        "elevator": _("An elevator is out of order"),
        "arrivals": _("Arrival times are wrong"),
        "fare-cards": _("Fare cards do not work"),
        "snow-routes": _("Snow on the routes"),
        "building-closed": _("A building is closed"),
        "road-closure": _("A road is closed"),
        "weather": _("Storm or flood"),
        "alerts-down": _("The alert system is down"),
        "shutoffs-suspended": _("No shutoffs for now"),
        "fraud-warning": _("Someone pretends to be us"),
        "data-notice": _("People's data was copied"),
        "planned-shutoff": _("Water or power off for planned work"),
        "track-work": _("Planned work on a route"),
        "maintenance": _("Work on a system"),
    }


def list_prepared(folder: Path, kind: FormKind, words: DeskWords) -> list[PreparedText]:
    """Return the prepared texts for a form: those that come with the program first, in the order of its names."""
    wanted = _KINDS.get(kind)
    order = list(_names(words))
    names = sorted(template_names(folder), key=lambda name: (order.index(name) if name in order else len(order), name))
    found = (PreparedText.read(folder, name) for name in names if "." not in name) if wanted else ()
    return [text for text in found if text and wanted and text.kind == wanted.value]


def chosen_text(folder: Path, draft: Draft) -> PreparedText | None:
    """Return the prepared text that a draft begins with."""
    name = draft.first(PREPARED)
    return PreparedText.read(folder, name) if name else None
