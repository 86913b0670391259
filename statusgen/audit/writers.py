"""Which line that a writer typed is behind a fault, so that only our own faults are to be reported."""

from collections.abc import Iterator
from pathlib import Path

from statusgen.content.disk import list_files, read_file
from statusgen.problems import InvalidValue, Place
from statusgen.text import MAX_TEXT_BYTES

_INCIDENTS, _SERVICES, _TEMPLATES = "incidents", "services.yaml", "templates"
WRITERS_HINT = "Fix these lines, and build again."
TEMPLATES_HINT = "If none of your templates causes this, it is a bug in statusgen: please report it."
OUR_HINT = "This is a bug in statusgen: please report it."


def find_line(folder: Path, words: str, likely_file: str | None) -> Place | None:
    """Return the first line of the site's files with these words, of `likely_file` if it has any; otherwise None."""
    files = [path for path in list_files(folder, _INCIDENTS) if isinstance(path, Path) and path.suffix == ".md"]
    files = sorted([*files, folder / _SERVICES], key=lambda path: path.relative_to(folder).as_posix() != likely_file)
    found = (
        Place(path.relative_to(folder).as_posix(), line) for path in files for line in _find_words(folder, path, words)
    )
    return next(found, None)


def _find_words(folder: Path, path: Path, words: str) -> Iterator[int]:
    try:
        lines = read_file(folder, path, MAX_TEXT_BYTES).decode(errors="replace").split("\n")
    except (FileNotFoundError, InvalidValue):
        return
    yield from (number for number, line in enumerate(lines, 1) if words in line)


def has_templates(folder: Path) -> bool:
    """Return whether the site has templates of its own."""
    return any(isinstance(path, Path) and path.suffix != ".md" for path in list_files(folder, _TEMPLATES))
