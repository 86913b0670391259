"""What the preview frame shows: the pages that residents would see with a draft in them.

They may say anything that somebody wrote, so they are shown in a sandbox, without scripts, below an address of their
own that opens nothing else. Their style sheets are asked for without a cookie.
"""

from flask import Blueprint, Response, abort

from statusgen.desk.desk import Desk
from statusgen.desk.guard import Guard
from statusgen.preview.web_server import SANDBOX_HEADERS, send_site_file


def make_preview(desk: Desk, guard: Guard) -> Blueprint:
    """Return the pages of the preview."""
    pages = Blueprint("preview", __name__, url_prefix="/p/<key>")

    @pages.get("/<revision>/")
    @pages.get("/<revision>/<path:path>")
    def show(key: str, revision: str, path: str = "") -> Response:
        guard.check_preview(key)
        snapshot = desk.snapshot(revision)
        if snapshot is None:
            abort(404)
        return send_site_file(snapshot, path, SANDBOX_HEADERS)

    return pages
