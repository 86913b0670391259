"""Goes on with one publication: `python -m statusgen.desk.publishing FOLDER ID [KEY]...`. People use the desk."""

import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

from statusgen.cli.moments import keep_time_of
from statusgen.desk.publishing.jobs import JobStore
from statusgen.desk.publishing.worker import go_on
from statusgen.editor.private_folder import private_folder


def main(source: Path, id: str, keys: Sequence[Path]) -> None:
    """Go on with a publication, if it is there and nobody else does it; sign the page with the keys."""
    for log in (sys.stdout, sys.stderr):
        # On Windows a log would be in an encoding that cannot name every colleague.
        if isinstance(log, TextIOWrapper):
            log.reconfigure(encoding="utf-8", errors="backslashreplace")
    keep_time_of(source)
    store = JobStore(private_folder(source))
    job = store.read(id)
    if job:
        go_on(source, store, job, keys)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], [Path(key) for key in sys.argv[3:]])
