"""The server of the desk."""

import webbrowser
from pathlib import Path

import click
from flask import Flask
from waitress.server import TcpWSGIServer, create_server

from statusgen.desk.app import make_blueprint, make_entrance
from statusgen.desk.desk import Desk
from statusgen.desk.guard import MAX_FORM_BYTES, Guard
from statusgen.desk.pages import make_preview


def make_app(desk: Desk, guard: Guard) -> Flask:
    """Return the desk as an application: its entrance, its pages, and what the preview frame shows."""
    app = Flask("statusgen.desk", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_FORM_BYTES
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.register_blueprint(make_entrance(guard))
    app.register_blueprint(make_blueprint(desk, guard))
    app.register_blueprint(make_preview(desk, guard))
    return app


def run_desk(source: Path, port: int, opens: bool) -> None:
    """Serve the desk until it is stopped; raise StatusgenError if that cannot be."""
    desk, guard = Desk(source), Guard()
    desk.read_site()  # mistakes in services.yaml are told before a browser opens
    server = create_server(make_app(desk, guard), host="127.0.0.1", port=port)
    assert isinstance(server, TcpWSGIServer)
    assert server.socket
    address = f"http://127.0.0.1:{server.socket.getsockname()[1]}/enter?t={guard.issue_ticket()}"
    click.echo(f"The desk is open at {address}\nClose it with Ctrl-C. What you write is kept.")
    if opens:
        webbrowser.open(address)
    server.run()
