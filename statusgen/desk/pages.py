"""What the preview frame shows: the pages that residents would see with a draft in them.

They may say anything that somebody wrote, so they are shown in a sandbox, without scripts, below an address of their
own that opens nothing else. Their style sheets are asked for without a cookie.
"""

from flask import Blueprint, Response, abort

from statusgen.desk.desk import Desk
from statusgen.desk.guard import Guard


def make_preview(desk: Desk, guard: Guard) -> Blueprint:
    """Return the pages of the preview."""
    pages = Blueprint("preview", __name__, url_prefix="/p/<key>")

    @pages.route("/<revision>/", defaults={"path": ""})
    @pages.route("/<revision>/<path:path>")
    def show(key: str, revision: str, path: str) -> Response:
        guard.check_preview(key)
        snapshot = desk.snapshot(revision)
        if snapshot is None:
            abort(404)
        from statusgen.outputs import host as hosting

        name = path + "index.html" if not path or path.endswith("/") else path
        content = snapshot.get_file(name)
        if content is None:
            abort(404)
        response = Response(content, content_type=hosting.media_type(name))
        response.headers["Content-Security-Policy"] = (
            f"{hosting.page_policy(snapshot.board.site)}; sandbox; frame-ancestors 'self'"
        )
        response.headers["Cache-Control"] = "no-store"
        return response

    return pages
