"""OpenSSH's own server on loopback, and an `ssh` that knows its key and has one of its own.

Both are the system's programs. The client's settings are in a file, which a script of the name `ssh` in a folder before
all others in `PATH` names: a person has the same lines in `~/.ssh/config`.
"""

import getpass
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.checkers import find_program
from tests.support.real_servers import PATIENCE, accepts_connections, free_port


@dataclass(frozen=True)
class SshServer:
    """A running server: its port, its process, and the folder to put before all others in `PATH`."""

    port: int
    process: int
    programs: Path

    @property
    def path(self) -> str:
        """`PATH` with the client in it."""
        return os.pathsep.join([str(self.programs), os.environ["PATH"]])

    def address(self, folder: Path, kind: str = "ssh") -> str:
        """Return the address of a folder, or of a repository, on this server."""
        return f"{kind}://{getpass.getuser()}@127.0.0.1:{self.port}{folder}"

    def cut_connections(self) -> int:
        """Kill what serves each connection, as it is; return how many there were."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
        return len(children)


@contextmanager
def run_sshd(scratch: Path) -> Iterator[SshServer]:
    """Run a server until the end of the block; `scratch` is an empty folder."""
    program = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "There is no sshd on this system: `make test` installs it where it can."
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd insists on it, and only a service makes it
    for name in ("host", "user"):
        command = [find_program("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(scratch / name)]
        subprocess.run(command, check=True)
    port = free_port()
    (scratch / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {scratch}/host\nAuthorizedKeysFile {scratch}/user.pub\n"
        "UsePAM no\nStrictModes no\nPidFile none\nPasswordAuthentication no\nPermitRootLogin prohibit-password\n"
        "MaxStartups 100\n"
    )
    with (scratch / "log").open("wb") as log:
        command = [program, "-D", "-e", "-f", str(scratch / "sshd_config")]
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + PATIENCE
        while not accepts_connections(port):
            assert process.poll() is None, (scratch / "log").read_text()
            assert time.monotonic() < deadline, (scratch / "log").read_text()
        yield SshServer(port, process.pid, _make_client(scratch, port))
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _make_client(scratch: Path, port: int) -> Path:
    host_key = (scratch / "host.pub").read_text()
    (scratch / "known_hosts").write_text(f"[127.0.0.1]:{port} {host_key}")
    (scratch / "ssh_config").write_text(
        f"IdentityFile {scratch}/user\nIdentitiesOnly yes\nIdentityAgent none\n"
        f"UserKnownHostsFile {scratch}/known_hosts\nGlobalKnownHostsFile none\n"
    )
    programs = scratch / "programs"
    programs.mkdir()
    (programs / "ssh").write_text(f'#!/bin/sh\nexec {find_program("ssh")} -F {scratch}/ssh_config "$@"\n')
    (programs / "ssh").chmod(0o755)
    return programs
