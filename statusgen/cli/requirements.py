"""requirements.txt, from which each host installs statusgen."""

from pathlib import Path

from statusgen.content.disk import read_file
from statusgen.problems import InvalidValue, Place
from statusgen.text import MAX_TEXT_BYTES

REQUIREMENTS_FILE = "requirements.txt"


def find_missing_files(source: Path) -> dict[Place, str]:
    """Return the files that requirements.txt names and that are not in the site's folder, by where it names them."""
    try:
        text = read_file(source, source / REQUIREMENTS_FILE, MAX_TEXT_BYTES).decode()
    except (FileNotFoundError, InvalidValue, UnicodeDecodeError):
        return {}
    # A path begins with a dot, or it would be a name (https://pip.pypa.io/en/stable/reference/requirements-file-format/).
    named = {number: line.strip() for number, line in enumerate(text.splitlines(), 1) if line.startswith("./")}
    return {Place(REQUIREMENTS_FILE, number): path for number, path in named.items() if not (source / path).is_file()}
