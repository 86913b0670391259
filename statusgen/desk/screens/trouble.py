"""What a screen says that cannot be made: the site cannot be read, or this computer has no room."""

from zoneinfo import ZoneInfo

from flask import Blueprint, render_template

from statusgen.desk.screens.screen import choose_language
from statusgen.desk.words import DeskWords
from statusgen.problems import ContentError
from statusgen.text import printable

_Answer = tuple[str, int]


def add_trouble(pages: Blueprint) -> None:
    """Add what takes the place of such a screen, so that the person reads what to do."""

    @pages.errorhandler(ContentError)
    def show_mistakes(error: ContentError) -> _Answer:
        _ = _words().gettext
        said = _("Ask the person who looks after it; what was said is below. Nothing is lost meanwhile.")
        return _show(_("The settings of this site cannot be read."), said, "\n".join(map(str, error.problems)))

    @pages.errorhandler(OSError)
    def show_failure(error: OSError) -> _Answer:
        _ = _words().gettext
        said = _("Go back: what you typed is in the form. Make room, or ask the person who looks after this computer.")
        return _show(_("This could not be kept on this computer."), said, str(error))


def _words() -> DeskWords:
    return DeskWords(choose_language(), ZoneInfo("UTC"))  # no time is said


def _show(what: str, do: str, technical: str) -> _Answer:
    shown = "\n".join(map(printable, technical.splitlines()))
    return render_template("trouble.html", words=_words(), what=what, do=do, technical=shown), 500
