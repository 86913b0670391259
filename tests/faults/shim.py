"""A disk that fails on demand: shim.c, compiled, with its orders. Only programs that preload it are affected."""

import ctypes
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")


@dataclass(frozen=True)
class Fault:
    """What happens at one file operation: an error by its number, or a signal where the number is negative.

    The first operation is 1. A fault that lasts meets every operation from there on. At 0 there is none.
    """

    at: int = 0
    what: int = 0
    lasts: bool = False


def compile_shim(folder: Path) -> Path:
    """Compile the shim into the folder; raise CalledProcessError if that fails."""
    library = folder / "shim.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, SOURCE, "-ldl"], check=True)
    return library


def arm(fault: Fault, folder: Path, log: Path | None = None) -> None:
    """Let the fault occur in this process, counted over what it does below the folder."""
    library = ctypes.CDLL(None)
    if log is not None:
        library.fault_log(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    library.fault_arm(os.fsencode(folder), ctypes.c_long(fault.at), fault.what, int(fault.lasts))
