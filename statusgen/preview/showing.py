"""What the preview shows: the last good site, what is wrong with the files now, and when to look again."""

import json
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from statusgen.checking import every
from statusgen.errors import ContentError, Problem, StatusgenError, TemplateError
from statusgen.model import Site
from statusgen.preview.edition import Edition, Editions
from statusgen.preview.news import news, stops
from statusgen.reading.content import Content
from statusgen.status.board import board

_SIGN_OF_LIFE_EVERY = 15.0  # seconds; writing to a closed page is what tells us that it was closed


@dataclass(frozen=True)
class Writing:
    """What is previewed: the site in `folder`.

    `read` gives what the folder holds now, with all its mistakes; `moment` the moment at which to show a site, anew
    each time. `watched` are the files from which all of it is made.
    """

    folder: Path
    read: Callable[[], tuple[Content, list[Problem]]]
    moment: Callable[[Site], datetime]
    watched: Callable[[], Any]
    drafts: bool = True


@dataclass(frozen=True)
class Shown:
    """The last good site, None before there was one, and the news for the frame, as JSON.

    `version` names all of it, and `good` is whether the files are without mistakes. `moments` are those that can be
    asked for, by their names.
    """

    version: str = ""
    good: bool = False
    editions: Editions | None = None
    moments: Mapping[str, datetime] = field(default_factory=dict)
    news: str = ""

    def edition(self, moment: str | None) -> Edition | None:
        """The site at the moment of that name, or at the present one; None where there is none."""
        if self.editions is None:
            return None
        if moment is None:
            return self.editions.present
        return self.editions.at(self.moments[moment]) if moment in self.moments else None


class Showing:
    """The watching thread changes what is shown; the threads that answer requests read it."""

    def __init__(self, writing: Writing, say: Callable[[str], None]) -> None:
        self._writing, self._say = writing, say
        self._changed = threading.Condition()
        self._number, self._pages, self._start = 0, 0, secrets.token_hex(4)  # a frame may outlive the server
        self.shown = Shown()
        self.is_closed = False

    def build(self) -> None:
        """Build; mistakes go to `say` and to the frame, and the last good site stays."""
        before = self.shown.editions
        problems: list[Problem] = []
        trouble = ""
        try:
            editions, advice = self._made()
            # The writer waits for the pages. What is wrong with anything else is told a moment later.
            self._show(True, editions, advice)
            editions.present.finish()
        except ContentError as error:
            problems = [*error.problems]
        except TemplateError as error:
            problems = [error.problem]
        except StatusgenError as error:
            trouble = str(error)
        except OSError as error:  # some editors save by taking a file away for a moment
            trouble = f"{error.filename or 'A file'} cannot be read: {error.strerror or error}."
        if problems or trouble:
            self._show(False, before, problems, trouble)
            self._say(trouble or "\n".join(str(problem) for problem in problems))
        elif self._number > 1:
            self._say("Built again.")

    def _made(self) -> tuple[Editions, list[Problem]]:
        """The site as it is in the files now, with its pages, and advice; raises StatusgenError for a mistake."""
        content, problems = self._writing.read()
        if content.site is None or problems:
            raise ContentError(problems)
        moment = self._writing.moment(content.site)
        editions = Editions(content.site, moment, self._writing.folder, self._writing.drafts)
        editions.present.make_pages()
        now = board(content.site, moment, ahead=False)
        return editions, sorted(set(every.advice(content.site, content.texts, now)))

    def _show(self, good: bool, editions: Editions | None, problems: list[Problem], trouble: str = "") -> None:
        self._number += 1
        self._pages += editions is not self.shown.editions
        version = f"{self._start}-{self._number}"
        found = stops(editions) if editions else ()
        told = news(editions, found, problems, trouble) | {"good": good, "pages": f"{self._start}-{self._pages}"}
        moments = {stop.name: stop.at for stop in found}
        with self._changed:
            self.shown = Shown(version, good, editions, moments, json.dumps(told))
            self._changed.notify_all()

    def is_due(self) -> bool:
        """Whether the clock has changed the site since it was built; with mistakes in the files, that has to wait."""
        editions = self.shown.editions
        if not self.shown.good or editions is None or editions.present.board.next_change is None:
            return False
        return self._writing.moment(editions.site) >= editions.present.board.next_change

    def wait(self, seen: str) -> Shown:
        """What is shown, once its version is not `seen`, or after a while in any case."""
        with self._changed:
            self._changed.wait_for(lambda: self.is_closed or self.shown.version != seen, _SIGN_OF_LIFE_EVERY)
            return self.shown

    def close(self) -> None:
        """Send all who wait home."""
        with self._changed:
            self.is_closed = True
            self._changed.notify_all()
