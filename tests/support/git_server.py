"""Git's own server for HTTPS on loopback, behind a password: `git http-backend`, as a web server would start it."""

import base64
import os
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.checkers import find_program
from tests.support.web_server import QuietHandler, serve

PASSWORD = "a-token"


def make_header(user: str) -> str:
    """Return what a user who knows the password says in the header `Authorization`."""
    return f"Basic {base64.b64encode(f'{user}:{PASSWORD}'.encode()).decode()}"


@contextmanager
def serve_repositories(folder: Path, certificate: Path, user: str = "git") -> Iterator[str]:
    """Serve the repositories in a folder until the end of the block; the address, with a slash at its end.

    What proves that it is this server is written to `certificate`. The user has the password `PASSWORD`.
    """
    make = ["req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-days", "2"]
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", f"{certificate}.key", "-out", str(certificate)]
    subprocess.run([find_program("openssl"), *make, *names, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, f"{certificate}.key")
    expected = make_header(user)

    class Backend(QuietHandler, BaseHTTPRequestHandler):
        def setup(self) -> None:
            self.request = context.wrap_socket(self.request, server_side=True, do_handshake_on_connect=False)
            super().setup()

        def handle(self) -> None:
            with suppress(ssl.SSLError):  # who does not know the certificate hangs up
                super().handle()

        def finish(self) -> None:
            super().finish()
            self.request.close()

        def do_GET(self) -> None:
            scheme, _, proof = self.headers.get("Authorization", "").partition(" ")
            if f"{scheme.title()} {proof}" != expected:  # the scheme can be in any letters
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="git"')
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            there = urlsplit(self.path)
            variables = {
                "GIT_PROJECT_ROOT": str(folder),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": there.path,
                "QUERY_STRING": there.query,
                "REQUEST_METHOD": self.command,
                "REMOTE_USER": user,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "HTTP_GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            }
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            command = [find_program("git"), "http-backend"]
            done = subprocess.run(command, input=body, env=os.environ | variables, capture_output=True, check=True)
            # What a program prints for a web server (RFC 3875, section 6).
            head, _, content = done.stdout.partition(b"\r\n\r\n")
            headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
            self.send_response(int(headers.pop("Status", "200").split()[0]))
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815 - what the module of the standard library calls

    with serve(Backend) as address:
        yield address.replace("http:", "https:")
