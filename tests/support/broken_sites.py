"""The sites in tests/broken/, each with one kind of mistake, and what has to be true of their messages."""

import re
from pathlib import Path

from statusgen.files import File
from statusgen.folder.write import write
from tests.support.paths import BROKEN

BROKEN_SITES = sorted(folder for folder in BROKEN.iterdir() if folder.is_dir())
COUNT_LINE = re.compile(r"Mistakes: \d+\. Advice: 0\.|\d+ mistakes?\. Nothing was written\.")


def has_its_place(message: str, folder: Path) -> bool:
    """Return whether a message names a file, a line that is there (a missing file has line 1) and what is wrong."""
    place = re.match(r"(?P<file>.+?):(?P<line>\d+): (?P<what>[^ ].*[.!?:\w])", message)
    if not place:
        return False
    file = folder / place["file"]
    content = file.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n") if file.is_file() else b""
    return 1 <= int(place["line"]) <= content.count(b"\n") + 1


def publish_before(city: Path) -> Path:
    """Publish a site as an earlier build without mistakes left it; return its folder."""
    write([File("index.html", b"<p>All is well.</p>"), File("feed.xml", b"<rss/>")], city / "site", source=city)
    return city / "site"


def folder_state(folder: Path) -> dict[str, tuple[int, int, bytes] | None]:
    """Return every folder and file below `folder`; of files, everything a web server could notice."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes())
        if path.is_file()
        else None
        for path in folder.rglob("*")
    }
