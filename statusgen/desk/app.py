"""The addresses of the desk: who may ask for them, and the screens that answer."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request

from statusgen.desk.desk import Desk
from statusgen.desk.guard import HEADERS, MAX_FIELDS, MAX_REQUEST_BYTES, Guard
from statusgen.desk.other_users import is_of_another_user
from statusgen.desk.screens.form import add_form
from statusgen.desk.screens.home import add_home
from statusgen.desk.screens.job import add_job
from statusgen.desk.screens.look import add_look
from statusgen.desk.screens.pictures import add_pictures
from statusgen.desk.screens.suggestions import add_suggestions
from statusgen.desk.screens.take_back import add_take_back
from statusgen.desk.screens.trouble import add_trouble, say_spent
from statusgen.desk.screens.two_texts import add_two_texts


def make_blueprint(desk: Desk, guard: Guard) -> Blueprint:
    """Return the screens of the desk, below its secret address."""
    pages = Blueprint("desk", __name__, url_prefix="/k/<key>", template_folder="templates", static_folder="static")

    @pages.url_value_preprocessor
    def check(endpoint: str | None, values: dict[str, Any] | None) -> None:
        if endpoint == "desk.add_picture":
            request.max_content_length, request.max_form_parts = MAX_REQUEST_BYTES, MAX_FIELDS
        guard.check_desk((values or {}).pop("key", ""))

    @pages.url_defaults
    def add_key(_endpoint: str, values: dict[str, Any]) -> None:
        values.setdefault("key", guard.key)

    @pages.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    for add in (add_home, add_suggestions, add_form, add_pictures, add_look, add_job, add_two_texts, add_take_back):
        add(pages, desk, guard)
    add_trouble(pages)
    return pages


def make_entrance(guard: Guard) -> Blueprint:
    """Return the first address, which turns its ticket into a cookie."""
    entrance = Blueprint("entrance", __name__, template_folder="templates")

    @entrance.get("/enter")
    def enter() -> Response:
        # An answer with a link, and not a redirect: a browser sends no strict cookie along a redirect that began
        # elsewhere.
        response = make_response(render_template("enter.html", address=f"/k/{guard.key}/"))
        ticket = request.args.get("t", "")
        if is_of_another_user(request.environ):
            abort(404)
        if not guard.admit(ticket, response):
            return say_spent() if guard.is_spent(ticket) else abort(404)
        response.headers.update(HEADERS)
        return response

    return entrance
