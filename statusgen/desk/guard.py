"""Who may use the desk: the browser that was given its first address, and no other page, program or user.

Cookies know no ports: a server of another user on this computer can get the desk's cookie from a browser that opens a
page there. So the cookie alone opens nothing; a second secret is a part of each address, and no page that the preview
shows, and no Referer, carries it. Anyone who does not know both gets 404, which does not say that a desk is here.
"""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flask import Response, abort, request

COOKIE = "statusgen-desk"
_TICKET_LIFE = timedelta(seconds=60)
_READING = ("GET", "HEAD")
MAX_FORM_BYTES = 256 * 1024
MAX_UPLOAD_BYTES = 10 * 1024 * 1024
MAX_REQUEST_BYTES = MAX_UPLOAD_BYTES + MAX_FORM_BYTES
"""A form with a picture; all other forms can have `MAX_FORM_BYTES`."""
MAX_FIELDS = 20_000
"""A form has eight fields or so for each service with its ways, those that say nothing included."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Besides those that all answers on this computer have.
HEADERS = {"Content-Security-Policy": _POLICY, "Cross-Origin-Opener-Policy": "same-origin"}


class CookieLostError(Exception):
    """Somebody knows an address of the desk, in a browser that does not have its cookie anymore."""


def _secret() -> str:
    return secrets.token_urlsafe(32)


@dataclass
class Guard:
    """The secrets of one run of the desk.

    `key` is a part of each address of the desk, `preview_key` of each address of the preview, and `form_token` is in
    each form.
    """

    key: str = field(default_factory=_secret)
    preview_key: str = field(default_factory=_secret)
    form_token: str = field(default_factory=_secret)
    _cookie: str = field(default_factory=_secret)
    _tickets: dict[str, datetime] = field(default_factory=dict)
    _spent: set[str] = field(default_factory=set)

    def issue_ticket(self) -> str:
        """Return a ticket that opens the desk once."""
        ticket = _secret()
        self._tickets[ticket] = datetime.now(UTC) + _TICKET_LIFE
        return ticket

    def admit(self, ticket: str, response: Response) -> bool:
        """Give the browser that has a ticket its cookie, and return whether the ticket is good."""
        known = next(
            (each for each in list(self._tickets) if hmac.compare_digest(each.encode(), ticket.encode())), None
        )
        ends = self._tickets.pop(known, None) if known else None  # None: another request was faster
        self._spent |= {known} if known else set()
        if ends is None or ends < datetime.now(UTC):
            return False
        # Not `secure`: on loopback there is no TLS. Nothing but this computer can ask for it.
        response.set_cookie(COOKIE, self._cookie, path=f"/k/{self.key}/", httponly=True, samesite="Strict")
        return True

    def is_spent(self, ticket: str) -> bool:
        """Return whether a ticket was good once."""
        return any(_same(ticket, each) for each in [*self._spent])

    def check_desk(self, key: str) -> None:
        """Answer 404 to anyone who lacks one of the two secrets, and 403 to a form that another page has sent.

        Raise CookieLostError if it is the cookie that is lacking, so that the person can be told.
        """
        if not _same(key, self.key):
            abort(404)
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            abort(404)
        if not _same(request.cookies.get(COOKIE, ""), self._cookie):
            raise CookieLostError
        if request.method not in _READING:
            self._check_form()

    def _check_form(self) -> None:
        # A page that sends no Referer sends a form to its own origin with "null" (Fetch standard, section 3.1).
        origin = request.headers.get("Origin", "null")
        is_sent_by_own = request.headers.get("Sec-Fetch-Site") == "same-origin"
        is_own = is_sent_by_own if origin == "null" else origin == f"http://{request.host}"
        token = request.headers.get("X-Form-Token") or request.form.get("form-token", "")
        if not is_own or not _same(token, self.form_token):
            abort(403)

    def check_preview(self, key: str) -> None:
        """Answer 404 to anyone who does not know the address of the preview."""
        if not _same(key, self.preview_key):
            abort(404)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(errors="replace"), other.encode())
