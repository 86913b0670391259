"""What to look at before publishing, in words, each with the field that it is about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as data_field

from statusgen.desk.advice import advice_by_rule
from statusgen.desk.forms.form import DO, EXPECTED, IN, NOT_KNOWN, RIGHT, STATUS, WAIVER, WHERE
from statusgen.desk.forms.pictures import SHOWS
from statusgen.desk.forms.translations import READ
from statusgen.desk.questions import Field, FormPage, Shape
from statusgen.desk.rehearse import Mistake, Rehearsal
from statusgen.desk.words import DeskWords
from statusgen.lint import registry

_PREFIX_BY_FLAG = {
    "--do": DO,
    "--where": WHERE,
    "--expected": EXPECTED,
    "--service": STATUS,
    "--holds": RIGHT,
    "--waiver": WAIVER,
}
_SENTENCE_END = re.compile(r"(?<=[.?!]) +(?=[A-ZÁÉÍÓÚÑ¿¡])")
# A flag, a key, a path, or what means something in Markdown: people at the desk see none of these.
_OF_FILES = re.compile(r"(?<![\w-])--[a-z]|\b[a-z_]+:(?=[\s,.]|$)|\w\.(?:md|yaml)\b|incidents/|##|\[")
_OF_ITEMS = (Shape.STATUSES, Shape.ROWS, Shape.SENTENCES)


@dataclass(frozen=True)
class Finding:
    """What is wrong or could be better: with `must` it keeps the draft from being published.

    `field` is the name of the field that it is about, "" if it is about none.
    """

    words: str
    field: str
    must: bool
    rule: str = data_field(default="", compare=False)
    """The rule of advice that says it, if one does."""


def find_findings(rehearsal: Rehearsal, page: FormPage, words: DeskWords) -> list[Finding]:
    """Return the mistakes in a draft, and advice about it, each once."""
    mistakes = [_describe_mistake(each, page, words) for each in rehearsal.mistakes]
    return list(
        dict.fromkeys([*mistakes, *_list_lapsing(rehearsal, page, words), *_list_advice(rehearsal, page, words)])
    )


def _describe_mistake(mistake: Mistake, page: FormPage, words: DeskWords) -> Finding:
    name = _field_name(mistake, page)
    said = _missing(mistake.flag, page, words) if not mistake.words else _without_files(words.say(mistake.words))
    return Finding(said, name, must=True)


def _without_files(message: str) -> str:
    """Return a message without the sentences after the first that speak of flags, of files and of what is in them."""
    first, *hints = _SENTENCE_END.split(message)
    return " ".join([first, *(hint for hint in hints if not _OF_FILES.search(hint))])


def _field_name(mistake: Mistake, page: FormPage) -> str:
    prefix, fields = _PREFIX_BY_FLAG.get(mistake.flag), [*page.fields()]
    if mistake.item and prefix:
        name = prefix + mistake.item
        if any(mistake.flag in each.flags and each.shape in _OF_ITEMS for each in fields):
            return name
        if own := next((each for each in fields if each.name == name), None):
            return anchor(own)
    if mistake.flag.startswith((SHOWS, IN, RIGHT)):
        return mistake.flag
    owners = [
        each
        for each in fields
        if (mistake.flag and mistake.flag in each.flags) or (mistake.key and mistake.key in each.keys)
    ]
    # What is about no single service is not shown at them all; and of several lists, the one counts that has the entry.
    owners.sort(key=lambda each: (each.shape in _OF_ITEMS, mistake.item not in [one.value for one in each.choices]))
    return anchor(owners[0]) if owners else ""


def anchor(field: Field) -> str:
    """Return the name of the element that a link to a field leads to."""
    return field.own_name if field.shape is Shape.CHOICE_OR_LINE else field.name


def _missing(flag: str, page: FormPage, words: DeskWords) -> str:
    _ = words.gettext
    starts = [choice.value for field in page.fields() if "--since" in field.flags for choice in field.choices]
    said = {
        "--title": _("Say what happened, in one line."),
        "--since": _("Say since when, or that you do not know.") if NOT_KNOWN in starts else _("Say since when."),
        "--service": _("Name at least one service that does not work as usual."),
        "--starts": _("Say when it begins."),
        "--ends": _("Say when it ends."),
        "--topic": _("Say what it is about."),
        "--right": _("Say what is right."),
        "--what": _("Say what people do not have to fear."),
        "--wrong": _("Select what is wrong."),
        "--update": _("These sentences are of two updates. Correct one of them now, and the other after this."),
        "--holds": _("Say what people should read instead."),
        "--text": _("Say it in a sentence or two."),
        "--next": _("Say when the next update is due."),
        "--only": _("Give the status of at least one of them."),
        "--cancel": _("Say whether the work was done."),
        "--withdraw": _("Say either how the work ended, or that the whole post was an error."),
    }
    if flag == READ:
        return _("Write at least one of the texts.")
    if flag.startswith(IN):
        return _("There are more lines here than in the original.")
    if flag.startswith(RIGHT):
        return _("Select the sentence if it is wrong. If it is not, clear this.")
    if flag.startswith(SHOWS):
        return _("Say what the picture shows, for people who cannot see it.")
    return said.get(flag, _("Something is missing."))


def _list_lapsing(rehearsal: Rehearsal, page: FormPage, words: DeskWords) -> Iterator[Finding]:
    """Yield what people can do meanwhile that the page would no longer say, because something got better."""
    keep = next((anchor(each) for each in page.fields() if "--keep" in each.flags), "")
    for lapsed in rehearsal.lapsing if keep else ():
        said = words.quote(lapsed.advice.words.texts[0][1])
        asked = words.gettext("%s is no longer said where it got better. Should it still be said there?")
        yield Finding(asked % said, keep, False)


def _list_advice(rehearsal: Rehearsal, page: FormPage, words: DeskWords) -> Iterator[Finding]:
    """Yield advice about what the draft adds, each kind of it once."""
    report, file = rehearsal.report, rehearsal.file
    if report is None or file is None:
        return
    first = file.old.count(b"\n") if file.old else 0
    known, there = advice_by_rule(words), {anchor(each): None for each in page.fields()}
    for problem in sorted(registry.find_advice(report.dry_run.site, {file.path: file.new.decode()}, report.board)):
        if problem.place.file == file.path and problem.place.line > first and problem.rule in known:
            advice = known[problem.rule]
            shown = next((name for name in advice.fields if name in there), "")
            yield Finding(advice.words, shown, must=False, rule=problem.rule)
