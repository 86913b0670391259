"""Keys to sign with, made anew for each test process, and files of those whose signatures count."""

import atexit
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path


@cache
def keys_folder() -> Path:
    """A folder for keys, in a place of its own."""
    folder = Path(tempfile.mkdtemp(prefix="statusgen-keys-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def private_key(name: str) -> Path:
    """The private SSH key of somebody."""
    file = keys_folder() / name
    made = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(file)]
    subprocess.run(made, check=True, capture_output=True)
    return file


def signers_file(*names: str, options: str = "") -> Path:
    """A file by which the signatures of these people count, each as NAME@city.example."""
    lines = [f"{name}@city.example {options} {private_key(name).with_suffix('.pub').read_text()}" for name in names]
    file = keys_folder() / f"signers-{abs(hash((names, options)))}"
    file.write_text("".join(lines), encoding="utf-8")
    return file
