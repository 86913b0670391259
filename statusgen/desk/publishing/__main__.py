"""Goes on with one publication: `python -m statusgen.desk.publishing FOLDER ID`. People use the desk instead."""

import sys
from io import TextIOWrapper
from pathlib import Path

from statusgen.desk.place import desk_folder
from statusgen.desk.publishing.jobs import JobStore
from statusgen.desk.publishing.worker import go_on


def main(source: Path, id: str) -> None:
    """Go on with a publication, if it is there and nobody else does it."""
    for log in (sys.stdout, sys.stderr):
        # On Windows a log would be in an encoding that cannot name every colleague.
        if isinstance(log, TextIOWrapper):
            log.reconfigure(encoding="utf-8", errors="backslashreplace")
    store = JobStore(desk_folder(source))
    job = store.read(id)
    if job:
        go_on(source, store, job)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
