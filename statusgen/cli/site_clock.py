"""What time the published site's own server has, to compare this computer's clock with.

Only `new` and `update` ask, with one HEAD request to `site.url` that carries nothing of the writer's. No redirect is
followed, no proxy is used, and if anything goes wrong, nothing is said.
"""

import os
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from queue import Empty, Queue
from threading import Thread
from urllib.parse import SplitResult, urlsplit

TIME_LIMIT = 2.0
"""Seconds that the writer waits at most, looking up the host's name included."""
OFF = "STATUSGEN_OFFLINE"
"""The environment variable that forbids asking."""


def read_site_clock(url: str, time_limit: float = TIME_LIMIT) -> datetime | None:
    """Return the time of the server of a site; None if it cannot be known in time, or must not be asked."""
    if os.environ.get(OFF):
        return None
    answers: Queue[datetime | None] = Queue()
    # A thread of its own, for nothing limits how long the system looks up a name.
    Thread(target=lambda: answers.put(_ask_server(urlsplit(url), time_limit)), daemon=True).start()
    try:
        return answers.get(timeout=time_limit)
    except Empty:
        return None


def _ask_server(address: SplitResult, time_limit: float) -> datetime | None:
    connect = {"http": HTTPConnection, "https": HTTPSConnection}.get(address.scheme)
    if connect is None or not address.hostname:
        return None
    connection = None
    try:
        connection = connect(address.hostname, address.port, timeout=time_limit)
        connection.request("HEAD", address.path or "/")
        answer = connection.getresponse()
        time = parsedate_to_datetime(answer.getheader("Date", ""))
        # RFC 9111, section 5.1: a cache says how old the answer is, and so its Date.
        age = timedelta(seconds=int(answer.getheader("Age", "0")))
        return (time if time.tzinfo else time.replace(tzinfo=UTC)) + age
    except (OSError, HTTPException, ValueError, TypeError, OverflowError):
        return None
    finally:
        if connection:
            connection.close()
