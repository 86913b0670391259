"""The desk as a server on this computer, until it is stopped."""

import webbrowser
from collections.abc import Callable
from contextlib import suppress
from threading import Event
from time import monotonic

from flask import Flask

from statusgen.cli.moments import current_time
from statusgen.desk.app import make_blueprint, make_entrance
from statusgen.desk.desk import Desk
from statusgen.desk.guard import MAX_FORM_BYTES, MAX_REQUEST_BYTES, Guard
from statusgen.desk.outbox import go_on_waiting
from statusgen.desk.preview_pages import make_preview
from statusgen.desk.tidy import tidy
from statusgen.preview.web_server import listen, make_local_app

_PAUSE = 0.3  # seconds; on Windows, Ctrl-C does not end a wait that has no end
_RETRY_INTERVAL = 5.0  # seconds between two looks at what waits to be tried again
_TIDY_INTERVAL = 24 * 60 * 60.0  # seconds


def make_app(desk: Desk, guard: Guard) -> Flask:
    """Return the desk as an app: its entrance, its screens, and what the preview frame shows."""
    app = make_local_app()
    app.config["MAX_CONTENT_LENGTH"] = MAX_FORM_BYTES
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.register_blueprint(make_entrance(guard))
    app.register_blueprint(make_blueprint(desk, guard))
    app.register_blueprint(make_preview(desk, guard))
    return app


def run_desk(desk: Desk, port: int, say: Callable[[str], None], opens: bool, stop: Event | None = None) -> None:
    """Serve a desk until Ctrl-C or `stop`; `say` is given its address. Raise StatusgenError if that cannot be."""
    guard = Guard()
    _tidy(desk)
    desk.read_site()  # mistakes in services.yaml are told before a browser opens
    with listen(make_app(desk, guard), "127.0.0.1", port, what="desk", max_body=MAX_REQUEST_BYTES) as server:
        server.start()
        address = f"{server.url}/enter?t={guard.issue_ticket()}"
        say(f"The desk is at {address} (Ctrl-C closes it; what you write is kept).")
        if opens:
            webbrowser.open(address)
        stop = stop or Event()
        with suppress(KeyboardInterrupt):
            asked_at = tidied_at = monotonic()
            while not stop.wait(_PAUSE):
                if monotonic() - asked_at > _RETRY_INTERVAL:
                    with suppress(OSError):  # a full disk keeps it from going on, and ends no desk
                        go_on_waiting(desk)
                    asked_at = monotonic()
                if monotonic() - tidied_at > _TIDY_INTERVAL:
                    _tidy(desk)
                    tidied_at = monotonic()


def _tidy(desk: Desk) -> None:
    with suppress(OSError):  # what cannot be deleted today is deleted another day
        tidy(desk.folder, current_time())
