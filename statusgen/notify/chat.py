"""Sends an update to a chat: Slack, Teams, Discord, Matrix, Telegram and the others that Apprise knows.

Apprise is imported here alone, and only when a chat is to be told.
"""

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from statusgen.model.channels import NotifyChannel
from statusgen.model.whole_site import Site
from statusgen.notify.environment import Environment, require_secret, variable_name
from statusgen.notify.message import Message, ResultUnknownError
from statusgen.notify.short_text import fit_text
from statusgen.notify.web_request import TIME_LIMIT
from statusgen.problems import NotifyError

if TYPE_CHECKING:
    from apprise import Apprise, NotifyBase


@dataclass(frozen=True)
class ChatSender:
    """Sends each update to one chat."""

    room: "NotifyBase" = field(repr=False)
    variable: str

    def send(self, message: Message) -> None:
        """Send a message, once, whole if the chat takes texts of that length."""
        import apprise

        chat: Apprise = apprise.Apprise(asset=self.room.asset)
        chat.add(self.room)
        body = fit_text(message.text, message.url, len(message.text) + len(message.url) + 2)
        room = self.room.body_maxlen - len(message.subject) - 10
        if len(body) > room:
            body = fit_text(message.short, message.url, room)
        try:
            result = chat.notify(body=body, title=message.subject, body_format="text", timeout=TIME_LIMIT)
        except Exception:  # each of its hundred services may fail in its own way, and with secrets in its words
            result = None
        if not result:
            raise ResultUnknownError(f"Apprise could not say that the chat of {self.variable} has the message.")


def make_chat(channel: NotifyChannel, site: Site, environment: Environment) -> ChatSender:  # noqa: ARG001 - the site is for other kinds
    """Return the sender of a chat; raise NotifyError if its address or Apprise is missing."""
    variable = variable_name(channel)
    address = require_secret(channel, environment, "", "the address of its chat, as Apprise writes it")
    try:
        import apprise
    except ImportError:
        hint = "Install it with: pip install 'statusgen[notify]'"
        raise NotifyError(f"The channel {channel.id} is reached by Apprise, which is not installed. {hint}") from None
    # It writes what it does, addresses included, to its own log.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    # Nothing is kept on disk, and nothing is sent to where a server redirects to.
    asset = apprise.AppriseAsset(storage_mode="memory", http_redirects=False)
    room = apprise.Apprise.instantiate(address, asset=asset)
    if room is None:
        raise NotifyError(f"{variable} is not an address that Apprise knows. Write it as its documentation says.")
    room.retry = 0  # asked for or not: what may have arrived is not sent again
    room.redirects = False
    return ChatSender(room, variable)
