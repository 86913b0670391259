"""Real web servers, set up with the files in docs/hosts/setups, on loopback.

Each runs as the user who runs the tests, with nothing filled into the documentation's lines but the folder of the site
and the port.
"""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.paths import DOCS

SETUPS = DOCS / "hosts" / "setups"
PATIENCE = 30  # seconds until a test gives up; no test waits for it to pass


@dataclass(frozen=True)
class Answer:
    """What a server sent."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int

    def ask(self, path: str, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            sent = answer.getheaders()
            assert len({name.lower() for name, _ in sent}) == len(sent), sent  # none is there twice
            return Answer(answer.status, {name.title(): value for name, value in sent}, answer.read())
        finally:
            connection.close()


def server_setup(name: str, *changes: tuple[str, str]) -> str:
    """Return the documentation's file for a server, with what differs between computers filled in."""
    setup = (SETUPS / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in setup, old
        setup = setup.replace(old, new)
    return setup


def nginx(site: Path, scratch: Path, port: int) -> list[str]:
    changes = (("listen 80;", f"listen 127.0.0.1:{port};"), ("/srv/status", str(site)))
    setup = server_setup("nginx.conf", *changes)
    paths = "".join(f"{name}_temp_path temp;\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (scratch / "nginx.conf").write_text(
        f"daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{paths}include /etc/nginx/mime.types;\n"
        f"default_type application/octet-stream;\n{setup}}}\n"
    )
    return ["nginx", "-p", str(scratch), "-c", "nginx.conf", "-e", "error.log"]


def apache_in(place: str) -> Callable[[Path, Path, int], list[str]]:
    """Return the setup of Apache with the lines for headers in `<Directory>` or in `.htaccess`."""

    def apache(site: Path, scratch: Path, port: int) -> list[str]:
        changes = (("*:80", f"127.0.0.1:{port}"), ("/srv/status", str(site)))
        setup, lines = server_setup("apache.conf", *changes), server_setup("htaccess")
        if place == ".htaccess":
            (site / ".htaccess").write_text(lines)
        else:
            setup = setup.replace("    </Directory>", f"{lines}    </Directory>")
        names = "mpm_event authz_core dir mime alias headers filter deflate"
        modules = "".join(
            f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n" for name in names.split()
        )
        (scratch / "apache.conf").write_text(
            f"{modules}ServerRoot {scratch}\nServerName 127.0.0.1\nPidFile pid\nErrorLog error.log\nMutex pthread\n"
            f"DefaultRuntimeDir {scratch}\nTypesConfig /etc/mime.types\nListen 127.0.0.1:{port}\n"
            + ("User www-data\nGroup www-data\n" if os.geteuid() == 0 else "")
            + setup
        )
        return ["apache2", "-f", str(scratch / "apache.conf"), "-D", "FOREGROUND"]

    return apache


def caddy(site: Path, scratch: Path, port: int) -> list[str]:
    changes = (("status.springfield.example", f"http://127.0.0.1:{port}"), ("/srv/status", str(site)))
    setup = server_setup("Caddyfile", *changes)
    (scratch / "Caddyfile").write_text(f"{{\n\tauto_https off\n\tadmin off\n}}\n{setup}")
    return ["caddy", "run", "--config", str(scratch / "Caddyfile"), "--adapter", "caddyfile"]


SERVERS = {
    "nginx": nginx,
    "apache": apache_in("<Directory>"),
    "apache-htaccess": apache_in(".htaccess"),
    "caddy": caddy,
}


@contextmanager
def run_server(setup: Callable[[Path, Path, int], list[str]], site: Path, scratch: Path) -> Iterator[int]:
    """Run a server until the end of the block; its port."""
    port = free_port()
    program, *arguments = setup(site, scratch, port)
    found = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")
    assert found, f"There is no {program} on this system: `make test` installs it where it can."
    environment = {"HOME": str(scratch), "PATH": os.environ["PATH"]}
    with (scratch / "output").open("wb") as output:
        process = subprocess.Popen([found, *arguments], cwd=scratch, env=environment, stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + PATIENCE
        while not accepts_connections(port):
            logs = "".join(log.read_text() for log in (scratch / "output", scratch / "error.log") if log.exists())
            assert process.poll() is None, logs
            assert time.monotonic() < deadline, logs
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """Return a free port that the system does not give to another test that asks for any."""
    for port in range(20_000 + os.getpid() % 10_000, 32_000):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise OSError("There is no free port.")


def accepts_connections(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
