"""What a screen says that cannot be made: nobody is let in, the site cannot be read, or this computer has no room."""

from http import HTTPStatus
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template

from statusgen.desk.guard import CookieLostError
from statusgen.desk.screens.screen import choose_language
from statusgen.desk.words import DeskWords
from statusgen.preview.web_server import send_error_page
from statusgen.problems import ContentError
from statusgen.text import printable

_Answer = tuple[str, int]


def add_trouble(pages: Blueprint) -> None:
    """Add what takes the place of such a screen, so that the person reads what to do."""

    @pages.errorhandler(CookieLostError)
    def show_way_in(_error: CookieLostError) -> Response:
        _ = _words().gettext
        return say_way_in(_("The desk no longer knows this browser."))

    @pages.errorhandler(ContentError)
    def show_mistakes(error: ContentError) -> _Answer:
        _ = _words().gettext
        said = _("Ask the person who manages it; what was said is below. Nothing is lost meanwhile.")
        return _show(_("The settings of this site cannot be read."), said, "\n".join(map(str, error.problems)))

    @pages.errorhandler(OSError)
    def show_failure(error: OSError) -> _Answer:
        _ = _words().gettext
        said = _(
            "Go back: what you typed is in the form. Free some space, or ask the person who manages this computer."
        )
        return _show(_("This could not be kept on this computer."), said, str(error))


def say_way_in(what: str) -> Response:
    """Answer 404 to somebody who was let in once, and say how to get in again."""
    words = _words()
    do = words.gettext(
        "All that you wrote is kept. To get in again, close the window in which the desk was started, and start the "
        "desk again."
    )
    return send_error_page(HTTPStatus.NOT_FOUND, what, do, words.language)


def say_spent() -> Response:
    """Answer somebody who opens the first address of the desk once more."""
    return say_way_in(_words().gettext("This address opens the desk once, within a minute."))


def _words() -> DeskWords:
    return DeskWords(choose_language(), ZoneInfo("UTC"))  # no time is said


def _show(what: str, do: str, technical: str) -> _Answer:
    shown = "\n".join(map(printable, technical.splitlines()))
    return render_template("trouble.html", words=_words(), what=what, do=do, technical=shown), 500
