"""Tells a program of an update: a signed request, after the Standard Webhooks specification.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md. What the body has is in
webhook.schema.json, beside this file.
"""

import base64
import binascii
import hmac
import json
import time
from dataclasses import dataclass, field
from datetime import UTC

from statusgen.model.channels import NotifyChannel
from statusgen.model.whole_site import Site
from statusgen.notify.environment import Environment, require_secret, variable_name
from statusgen.notify.message import Message, message_key
from statusgen.notify.web_request import Endpoint, post, read_endpoint
from statusgen.problems import NotifyError
from statusgen.text import Json

VERSION = 1
"""The version of the shape of the body; it changes when a reader would have to."""
_PREFIX = "whsec_"
_KEY_BYTES = range(24, 65)


@dataclass(frozen=True)
class WebhookSender:
    """Sends each update as JSON, with a signature and an id by which its reader can drop a repeat."""

    endpoint: Endpoint
    channel_id: str
    key: bytes = field(repr=False)

    def send(self, message: Message) -> None:
        """Send a message, once."""
        body = make_body(message)
        post(self.endpoint, body, self._sign(message_key(message, self.channel_id), body, int(time.time())))

    def _sign(self, id: str, body: bytes, now: int) -> dict[str, str]:
        """Return the headers of a request; `now` is in seconds since 1970."""
        signed = f"{id}.{now}.".encode() + body
        signature = base64.b64encode(hmac.digest(self.key, signed, "sha256")).decode()
        return {
            "Content-Type": "application/json",
            "webhook-id": id,
            "webhook-timestamp": str(now),
            "webhook-signature": f"v1,{signature}",
        }


def make_webhook(channel: NotifyChannel, site: Site, environment: Environment) -> WebhookSender:  # noqa: ARG001 - the site is for other kinds
    """Return the sender of a webhook; raise NotifyError if its address or its secret is missing."""
    endpoint = read_endpoint(channel, environment, "https://hooks.springfield.example/status")
    return WebhookSender(endpoint, channel.id, _read_key(channel, environment))


def make_body(message: Message) -> bytes:
    """Return the body of a request: the same bytes for the same message."""
    data: dict[str, Json] = {
        "version": VERSION,
        "id": message.update_id,
        "incident": message.incident_id,
        "url": message.url,
        "language": message.language,
        "title": message.subject,
        "text": message.text,
        "short": message.short,
    }
    kind = "staff.reminder" if message.is_reminder else "update.published"
    document = {"type": kind, "timestamp": message.at.astimezone(UTC).isoformat(), "data": data}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _read_key(channel: NotifyChannel, environment: Environment) -> bytes:
    what = f"a secret that its reader has too: {_PREFIX} and 24 to 64 random bytes in Base64"
    secret = require_secret(channel, environment, "SECRET", what)
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not secret.startswith(_PREFIX) or len(key) not in _KEY_BYTES:
        raise NotifyError(f"{variable_name(channel, 'SECRET')} is not {what}. Make one, and give it to the reader.")
    return key
