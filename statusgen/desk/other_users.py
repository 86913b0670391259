"""Whether a connection is that of another user of this computer.

A browser is started with the first address among its arguments, which on Linux everybody on the computer can read
while it starts. So the address opens nothing for others. Elsewhere only the user can read it, and all pass.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))  # proc(5): a line for each connection, with its user
_ROOT = 0  # can read and do everything anyway; some systems forward connections as root


def is_of_another_user(environ: Mapping[str, object]) -> bool:
    """Return whether a request, by its WSGI environment, comes from a program of another user than the desk's own."""
    if sys.platform != "linux":
        return False
    theirs, ours = str(environ.get("REMOTE_PORT", "")), str(environ.get("SERVER_PORT", ""))
    if not (theirs.isdigit() and ours.isdigit()):
        return False
    return any(user not in (_ROOT, os.getuid()) for user in _find_users(int(theirs), int(ours)))


def _find_users(theirs: int, ours: int) -> Iterator[int]:
    """Yield the users whose connections lead from one port to another."""
    for table in _TABLES:
        lines = table.read_text(encoding="ascii").splitlines()[1:] if table.exists() else []
        for line in lines:
            _, local, remote, *rest = line.split()
            if (_port(local), _port(remote)) == (theirs, ours):
                yield int(rest[4])


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)
