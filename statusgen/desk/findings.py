"""What to look at before publishing, in words, each with the field that it is about."""

from collections.abc import Iterator
from dataclasses import dataclass

from statusgen.desk.forms.form import DO, EXPECTED, STATUS, WHERE
from statusgen.desk.forms.languages import IN
from statusgen.desk.forms.pictures import SHOWS
from statusgen.desk.forms.translations import READ
from statusgen.desk.questions import Field, FormPage, Shape
from statusgen.desk.rehearse import Mistake, Rehearsal
from statusgen.desk.words import DeskWords
from statusgen.lint import registry

_PREFIX_BY_FLAG = {"--do": DO, "--where": WHERE, "--expected": EXPECTED, "--service": STATUS}


@dataclass(frozen=True)
class Finding:
    """What is wrong or could be better: with `must` it keeps the draft from being published.

    `field` is the name of the field that it is about, "" if it is about none.
    """

    words: str
    field: str
    must: bool


def find_findings(rehearsal: Rehearsal, page: FormPage, words: DeskWords) -> list[Finding]:
    """Return the mistakes in a draft, and advice about it, each once."""
    mistakes = [_describe_mistake(each, page, words) for each in rehearsal.mistakes]
    return list(dict.fromkeys([*mistakes, *_list_advice(rehearsal)]))


def _describe_mistake(mistake: Mistake, page: FormPage, words: DeskWords) -> Finding:
    name = _field_name(mistake, page)
    said = _missing(mistake.flag, words) if not mistake.words else mistake.words
    return Finding(said, name, must=True)


def _field_name(mistake: Mistake, page: FormPage) -> str:
    prefix = _PREFIX_BY_FLAG.get(mistake.flag)
    if mistake.item and prefix:
        return prefix + mistake.item
    if mistake.flag.startswith((SHOWS, IN)):
        return mistake.flag
    for each in page.fields():
        if (mistake.flag and mistake.flag in each.flags) or (mistake.key and mistake.key in each.keys):
            return anchor(each)
    return ""


def anchor(field: Field) -> str:
    """Return the name of the element that a link to a field leads to."""
    return field.own_name if field.shape is Shape.TIME else field.name


def _missing(flag: str, words: DeskWords) -> str:
    _ = words.gettext
    said = {
        "--title": _("Say what happened, in one line."),
        "--since": _("Say since when, or that you do not know."),
        "--service": _("Name at least one service that does not work as usual."),
        "--starts": _("Say when it begins."),
        "--ends": _("Say when it ends."),
        "--topic": _("Say what it is about."),
        "--right": _("Say what is right."),
        "--what": _("Say what people do not have to fear."),
    }
    if flag == READ:
        return _("Write at least one of the texts.")
    if flag.startswith(SHOWS):
        return _("Say what the picture shows, for people who cannot see it.")
    return said.get(flag, _("Something is missing."))


def _list_advice(rehearsal: Rehearsal) -> Iterator[Finding]:
    """Yield advice about what the draft adds."""
    report, file = rehearsal.report, rehearsal.file
    if report is None or file is None:
        return
    first = file.old.count(b"\n") if file.old else 0
    texts = {file.path: file.new.decode()}
    for problem in sorted(registry.find_advice(report.dry_run.site, texts, report.board)):
        if problem.place.file == file.path and problem.place.line > first:
            yield Finding(f"{problem.what} {problem.hint}".strip(), "", must=False)
