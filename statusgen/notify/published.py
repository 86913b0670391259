"""What residents can see: the data of the site as it is published."""

from functools import cache
from typing import Any, cast

from pydantic_core import from_json

from statusgen import addresses
from statusgen.board.model.news import UpdateView
from statusgen.board.model.whole_board import Board
from statusgen.outputs.open_data import incidents
from statusgen.problems import NotifyError
from statusgen.text import printable
from statusgen.theme.renderer import Renderer
from statusgen.trust.copies import Copy, MissingFileError, UnreadableFileError

_MAX_BYTES = 32 * 1024 * 1024  # of one document
# What an update says. Other keys change without a word of the city: what was sent where, what corrects it.
_WORDS = ("text", "title", "state", "reports", "correction", "waivers", "deadlines", "next_update")


class PublishedUpdates:
    """Compares updates with those that a copy of the site shows."""

    def __init__(self, copy: Copy, board: Board, renderer: Renderer) -> None:
        self.copy, self.board = copy, board
        self._write = incidents.incident_writer(board, renderer)
        self._find_published = cache(self._read_published)
        self._find_own = cache(self._make_own)

    def require_site(self) -> None:
        """Raise NotifyError if there is no site at all."""
        try:
            self.copy.read(addresses.status_data(), _MAX_BYTES)
        except (MissingFileError, UnreadableFileError) as error:
            what = f"{printable(self.copy.name)} has no site that residents can see ({str(error) or 'no status.json'})."
            hint = "Publish it first, or say where it is: --published https://status.example.org/"
            raise NotifyError(f"{what} Only what they can see is sent. {hint}") from None

    def shows(self, view: UpdateView, language: str) -> bool:
        """Return whether residents can see an update, in the words that it has now."""
        place = (view.incident.id, language)
        return self._find_own(place).get(view.update.id) == self._find_published(place).get(view.update.id, ())

    def _read_published(self, place: tuple[str, str]) -> dict[str, object]:
        address = addresses.in_language(addresses.incident_data(place[0]), place[1], self.board.site)
        try:
            return _words_by_update(self.copy.read(address, _MAX_BYTES))
        except MissingFileError:
            return {}
        except UnreadableFileError as error:
            what = f"{printable(self.copy.name)}: {printable(address)} {error}."
            raise NotifyError(f"{what} Only what residents can see is sent, so try again later.") from None

    def _make_own(self, place: tuple[str, str]) -> dict[str, object]:
        address = addresses.in_language(addresses.incident_data(place[0]), place[1], self.board.site)
        files = self._write(self.board.incident_by_id[place[0]])
        return next(_words_by_update(file.content) for file in files if file.path == address)


def _words_by_update(content: bytes) -> dict[str, object]:
    """Return what each update in a document says, by its id; nothing for what is no such document."""
    try:
        updates = cast("list[dict[str, Any]]", from_json(content)["updates"])
        return {str(update["id"]): [update.get(key) for key in _WORDS] for update in updates}
    except (ValueError, LookupError, TypeError, AttributeError):
        return {}
