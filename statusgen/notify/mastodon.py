"""Posts updates on Mastodon, or on another server with its API (https://docs.joinmastodon.org/methods/statuses/)."""

import json
from dataclasses import dataclass, field

from statusgen.model.channels import NotifyChannel
from statusgen.model.whole_site import Site
from statusgen.notify.environment import Environment, require_secret
from statusgen.notify.message import Message, NotSentError, ResultUnknownError, message_key
from statusgen.notify.short_text import fit_text
from statusgen.notify.web_request import Endpoint, post, read_endpoint
from statusgen.problems import NotifyError

MAX_LENGTH = 500
_URL_LENGTH = 23  # what Mastodon counts for any address, long or short; other servers count its letters


@dataclass(frozen=True)
class MastodonSender:
    """Posts each update in public. The key that goes with it makes the server post it once, however often it is sent.

    `statuses` is where posts go.
    """

    statuses: Endpoint
    channel_id: str
    token: str = field(repr=False)

    def send(self, message: Message) -> None:
        """Post a message, once; if nobody can tell whether that worked, ask once more with the same key."""
        try:
            self._post(message)
        except ResultUnknownError as unknown:
            try:
                self._post(message)
            except NotSentError:
                raise unknown from None  # this refusal says nothing of the first request

    def _post(self, message: Message) -> None:
        status = {
            "status": fit_text(message.short, message.url, MAX_LENGTH, max(len(message.url), _URL_LENGTH)),
            "language": message.language.split("-")[0],  # it knows those of two letters
            "visibility": "public",
        }
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": message_key(message, self.channel_id),
        }
        answer = post(self.statuses, json.dumps(status).encode(), headers)
        if not _has_id(answer):
            raise ResultUnknownError(
                f"{self.statuses.name} did not answer as Mastodon does. Look at the account there."
            )


def make_mastodon(channel: NotifyChannel, site: Site, environment: Environment) -> MastodonSender:  # noqa: ARG001 - the site is for other kinds
    """Return the sender of a Mastodon account; raise NotifyError if its server or its token is missing."""
    if channel.staff:
        raise NotifyError(f"The channel {channel.id} is for staff, and what is on Mastodon everybody reads.")
    endpoint = read_endpoint(channel, environment, "https://mastodon.example")
    token = require_secret(channel, environment, "TOKEN", "the access token of its account, which may write:statuses")
    return MastodonSender(endpoint.with_path("/api/v1/statuses"), channel.id, token)


def _has_id(answer: bytes) -> bool:
    try:
        status = json.loads(answer)
    except (ValueError, RecursionError):
        return False
    return isinstance(status, dict) and bool(status.get("id"))
