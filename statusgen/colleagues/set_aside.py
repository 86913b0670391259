"""The folder beside a site for what was taken out of it: git and the site ignore it, and people can look at it."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from statusgen.problems import ShareError

FOLDER = "set-aside"


def set_aside(site: Path, files: Mapping[str, bytes], now: datetime) -> Path:
    """Keep files by their paths within the site, and return the folder in which they are now."""
    folder = site / FOLDER
    try:
        if folder.is_symlink():
            raise ShareError(
                f"{folder} is a link, and nothing is written through it. Move it away. Nothing was changed."
            )
        folder.mkdir(exist_ok=True)
        with suppress(FileExistsError), (folder / ".gitignore").open("x", encoding="ascii") as opened:
            opened.write("*\n")
        place = _new_folder(folder, f"{now:%Y-%m-%d-%H%M%S}")
        for path, content in files.items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_bytes(content)
    except OSError as error:
        raise ShareError(f"{folder} cannot be written ({error.strerror}). Nothing was changed.") from None
    return place


def _new_folder(folder: Path, name: str) -> Path:
    number = 1
    while True:
        place = folder / (name if number == 1 else f"{name}-{number}")
        try:
            place.mkdir()
            return place
        except FileExistsError:
            number += 1
