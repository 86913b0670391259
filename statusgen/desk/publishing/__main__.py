"""Goes on with one publication: `python -m statusgen.desk.publishing FOLDER ID`. People use the desk instead."""

import sys
from pathlib import Path

from statusgen.desk.publishing.jobs import JobStore
from statusgen.desk.publishing.worker import go_on
from statusgen.editor.private_folder import private_folder


def main(source: Path, id: str) -> None:
    """Go on with a publication, if it is there and nobody else does it."""
    store = JobStore(private_folder(source))
    job = store.read(id)
    if job:
        go_on(source, store, job)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
