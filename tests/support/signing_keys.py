"""Signing keys, new for each test process, and files of the signers that are trusted."""

import atexit
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path


@cache
def keys_folder() -> Path:
    """Return a folder for keys, outside of every repository."""
    folder = Path(tempfile.mkdtemp(prefix="statusgen-keys-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def private_key(name: str) -> Path:
    """Make a private SSH key for a person, once; return its file."""
    file = keys_folder() / name
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(file)]
    subprocess.run(command, check=True, capture_output=True)
    return file


def signers_file(*names: str, options: str = "") -> Path:
    """Write a file that trusts these people, each as NAME@city.example."""
    lines = [f"{name}@city.example {options} {private_key(name).with_suffix('.pub').read_text()}" for name in names]
    file = keys_folder() / f"signers-{abs(hash((names, options)))}"
    file.write_text("".join(lines), encoding="utf-8")
    return file
