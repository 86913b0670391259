"""The preview: it shows the site while it is being written, and builds again whenever a file changes.

The pages are kept in memory, sent only to this computer, and byte for byte those that `build` would write. The frame
around them (in `frame/`) has the tools: it is told about every build (Server-Sent Events, WHATWG HTML section 9.2) and
then loads its page again. Below `/~preview/at/` is the site at its other moments.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http import HTTPStatus
from pathlib import Path
from threading import BoundedSemaphore, Event

from flask import Blueprint, Flask, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from statusgen.outputs.host import media_type
from statusgen.preview.state import Preview, PreviewSource
from statusgen.preview.web_server import MAX_STREAMS, listen, make_local_app, send_error_page, send_site_file

FRAME_PATH = "/~preview/"  # no page of a site begins like this
_FRAME_FILES = {file.name: file for file in (Path(__file__).parent / "frame").iterdir()}
# No page may embed the frame.
_FRAME_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def make_app(preview: Preview) -> Flask:
    """Return the preview as an app of its own."""
    app = make_local_app()
    app.register_blueprint(make_routes(preview))
    return app


def make_routes(preview: Preview) -> Blueprint:
    """Return the addresses of a preview: those of the site itself, and the frame's below `FRAME_PATH`."""
    routes = Blueprint("preview", __name__)
    streams = BoundedSemaphore(MAX_STREAMS)

    @routes.get("/")
    def show_front_page() -> AnyResponse:
        # Someone who types the address wants the tools; the frame itself, and every program, gets the page.
        if request.headers.get("Sec-Fetch-Dest") == "document":
            return redirect(FRAME_PATH)
        return _send_page(preview, "")

    @routes.get("/<path:path>")
    def show_page(path: str) -> Response:
        return _send_page(preview, path)

    @routes.get(f"{FRAME_PATH}at/<moment>/")
    @routes.get(f"{FRAME_PATH}at/<moment>/<path:path>")
    def show_page_at(moment: str, path: str = "") -> Response:
        return _send_page(preview, path, moment)

    @routes.get(f"{FRAME_PATH}news")
    def tell_news() -> Response:
        events = () if request.method == "HEAD" else _make_events(preview, streams)
        return Response(events, content_type="text/event-stream")

    @routes.get(FRAME_PATH)
    @routes.get(f"{FRAME_PATH}<path:name>")
    def show_frame_file(name: str = "frame.html") -> Response:
        if name not in _FRAME_FILES:
            abort(HTTPStatus.NOT_FOUND)
        headers = {"Content-Security-Policy": _FRAME_POLICY}
        return Response(_FRAME_FILES[name].read_bytes(), headers=headers, content_type=media_type(name))

    return routes


def _send_page(preview: Preview, path: str, moment: str | None = None) -> Response:
    state = preview.state
    if state.snapshots is None:
        return send_error_page(HTTPStatus.SERVICE_UNAVAILABLE, "There is no site yet.")
    snapshot = state.snapshot(moment)
    if snapshot is None:
        abort(HTTPStatus.NOT_FOUND)
    return send_site_file(snapshot, path)


def _make_events(preview: Preview, streams: BoundedSemaphore) -> Iterator[str]:
    """Yield what the frame shows, now and after each change, until the preview ends.

    With too many such streams, it ends at once: the browser then asks again after `retry` milliseconds.
    """
    state = preview.state
    yield f"retry: 1000\n\ndata: {state.frame_data}\n\n"
    if not streams.acquire(blocking=False):
        return
    try:
        while not preview.is_closed:
            sent_version = state.version
            state = preview.wait_for_change(sent_version)
            # A comment keeps the connection alive while there is nothing new.
            yield f"data: {state.frame_data}\n\n" if state.version != sent_version else ":\n\n"
    finally:
        streams.release()


def serve(
    source: PreviewSource,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    say: Callable[[str], None],
    stop: Event | None = None,
) -> None:
    """Show what is being written, and build again when a file or the clock changes it, until Ctrl-C or `stop`.

    Port 0 means any that is free; `say` is given the address. Raises OutputError if nothing can be served there.
    """
    preview = Preview(source, say)
    with listen(make_app(preview), host, port) as server, closing(preview), suppress(KeyboardInterrupt):
        preview.build()
        server.start()
        say(f"The preview is at {server.url}{FRAME_PATH} (Ctrl-C ends it).")
        preview.watch(stop or Event())
