"""The services that posts of another status page speak of, whether its configuration has them or not."""

from collections.abc import Iterable
from difflib import get_close_matches

from statusgen.imports.told import Note, NoteKind, ToldService
from statusgen.problems import Place
from statusgen.text import quote_text

_NEAR = 0.8
"""How like two names must be for one to be a typing mistake: "Online Payment" for "Online Payments"."""

_MOST_COMPARED = 300
"""In how many names one that is like another is looked for: no city has more, and each is compared with each."""


class ServiceNames:
    """Collects the services of a source: `services` in the order of their first mention, and what was noted.

    A source without a configuration has them in its posts alone, which is no reason for a note.
    """

    def __init__(self, services: Iterable[ToldService], has_configuration: bool = True) -> None:
        self.services = list(services)
        self.has_configuration = has_configuration
        self.notes: list[Note] = []
        self._known = {service.name for service in self.services}
        self._by_folded = {_fold(service.name): service.name for service in self.services}

    def find(self, written: str, place: Place, group: str | None = None) -> str:
        """Return the name of the service that a post means; one that is not known yet is made, in a group."""
        name = " ".join(written.split())
        if name in self._known:
            return name
        if same := self._by_folded.get(_fold(name)):
            what = f"{quote_text(name)} was taken for {quote_text(same)}, which is written a little differently."
            self.notes.append(Note(place, NoteKind.GUESS, what))
            return same
        is_small = len(self._by_folded) <= _MOST_COMPARED
        near = get_close_matches(_fold(name), self._by_folded, n=1, cutoff=_NEAR) if is_small else []
        made = describe_made(name)
        if near:
            other = quote_text(self._by_folded[near[0]])
            question = f"{made} Did you mean {other}?"
            if not self.has_configuration:
                question = f"Is {quote_text(name)} the same service as {other}? Two were made."
            self.notes.append(Note(place, NoteKind.QUESTION, question))
        elif self.has_configuration:
            self.notes.append(Note(place, NoteKind.GUESS, made))
        self.services.append(ToldService(name, place, group=group))
        self._known.add(name)
        self._by_folded[_fold(name)] = name
        return name


def describe_made(name: str) -> str:
    """Return how a note begins about a service that only posts name."""
    return f"There is no service {quote_text(name)} in the configuration, so one was made."


def _fold(name: str) -> str:
    return " ".join(name.casefold().split())
