"""What is sent: one update, in the words of one language; and what a channel does with it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Message:
    """One update as one channel gets it.

    `update_id` and `incident_id` are the tag URIs of the feeds (RFC 4151); `url` is the address of the update on the
    site. `subject` is its title in the feeds. `text` and `html` say the same, whole; `short` is the text of one text
    message. `alert` is its alert in the Common Alerting Protocol, if the site makes those. `at` is when the update was
    published, and `language` a code like `es`. A reminder for staff `is_reminder`: no update says it.
    """

    update_id: str
    incident_id: str
    url: str
    language: str
    subject: str
    text: str
    html: str
    short: str
    at: datetime
    alert: bytes | None = None
    is_reminder: bool = False


def message_key(message: Message, channel_id: str) -> str:
    """Return the same key for the same update and channel, also when it is sent again: a reader drops the repeat."""
    return "msg_" + hashlib.sha256(f"{message.update_id}\n{channel_id}".encode()).hexdigest()[:32]


class Sender(Protocol):
    """Sends a message by one channel.

    Raise NotSentError if it certainly did not leave, and ResultUnknownError if nobody can tell.
    """

    def send(self, message: Message) -> None:
        """Send a message, once."""


class NotSentError(Exception):
    """The message certainly did not leave, so it can be tried again; says why, and what to do."""


class ResultUnknownError(Exception):
    """Nobody can tell whether the message left, so it is not sent again by itself; says what happened."""
