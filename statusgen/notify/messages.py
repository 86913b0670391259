"""Messages from updates: the same sentences as in the feeds, and in the text messages of the site."""

import hashlib
from collections.abc import Mapping
from functools import cached_property

from statusgen import addresses
from statusgen.board.board import make_board
from statusgen.board.model.news import UpdateView
from statusgen.board.model.whole_board import Board
from statusgen.model.whole_site import Site
from statusgen.notify.message import Message
from statusgen.outputs.alerts import documents
from statusgen.outputs.feeds.items import Items, item_id
from statusgen.theme.renderer import Renderer
from statusgen.wording.phrasing import Phrasing
from statusgen.wording.short_forms import incident_message


class MessageMaker:
    """Makes the message of each update; `site` has all posts, and `board` what is public."""

    def __init__(self, site: Site, board: Board, renderer: Renderer) -> None:
        self.site, self.board, self.renderer = site, board, renderer
        self._items: dict[str, Items] = {}

    def make(self, view: UpdateView, language: str) -> Message:
        """Return the message of an update in a language; what is not translated says so, as on the pages."""
        if language not in self._items:
            self._items[language] = Items(self.board, language)
        item = self._items[language].get_cached(view)
        return Message(
            update_id=item.id,
            incident_id=item_id(view.incident, self._first_update(view).update, self.board.site),
            url=item.url,
            language=language,
            subject=item.title,
            text=item.text,
            html=item.html,
            short=self._short_text(view, language),
            at=item.published,
            alert=self.alerts.get(addresses.alert(view.incident.id, view.update.id)),
        )

    def _first_update(self, view: UpdateView) -> UpdateView:
        return self.board.updates_by_incident[view.incident.id][-1]

    def _short_text(self, view: UpdateView, language: str) -> str:
        """Return the incident as one text message, as it was right after the update."""
        board = self.board
        if board.updates_by_incident[view.incident.id][0].update.id != view.update.id:
            moment = min(view.update.time.last_minute, board.moment)
            board = make_board(self.site, moment, with_next_change=False)
        phrasing = Phrasing(board.site, language, plain=True, moment=board.moment)
        return incident_message(board.incident_by_id[view.incident.id], board, phrasing)

    @cached_property
    def alerts(self) -> Mapping[str, bytes]:
        """Every alert by its address; none if the site makes no alerts."""
        return {file.path: file.content for file in documents.files(self.board, self.renderer)}


def fingerprint(message: Message) -> str:
    """Return what tells whether the words of a message have changed."""
    words = "\0".join((message.language, message.subject, message.text))
    return hashlib.sha256(words.encode()).hexdigest()[:32]
