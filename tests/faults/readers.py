"""What readers get while the site is built again and again."""

import os
import time
from pathlib import Path

from tests.faults.scene import Scene, make_page
from tests.faults.score import Score, first_cases

READERS = 4


def measure_readers(scratch: Path, every: int) -> Score:
    """Open the front page, a post and the front page again, as fast as possible, while editions are published."""
    scene = Scene(scratch / "read")
    scene.prepare()
    results = [scratch / f"reader-{number}" for number in range(READERS)]
    running = {_reader(scene, result, 1_000_000 // every // READERS + 1) for result in results}
    swaps, began = 0, time.perf_counter()
    while running or swaps < 200 // every + 1:
        swaps += 1
        scene.write(1 + swaps)
        running -= {child for child in running if os.waitpid(child, os.WNOHANG)[0]}
    seconds = time.perf_counter() - began
    reads, bad = 0, list[str]()
    for result in results:
        counted, *cases = result.read_text().splitlines()
        reads += int(counted)
        bad += cases
    return Score(
        f"reads by {READERS} readers while editions follow each other",
        "every page there and complete, front page and post of one edition",
        f"{reads:,} reads during {swaps:,} swaps in {seconds:.0f} s, {len(bad)} bad",
        first_cases(bad),
    )


def _reader(scene: Scene, result: Path, wanted: int) -> int:
    child = os.fork()
    if child:
        return child
    bad = list[str]()
    reads = 0
    front, post = str(scene.site / "index.html"), str(scene.site / "services/trash/index.html")
    while reads < wanted:
        try:
            editions = [_edition(front), _edition(post), _edition(front)]
            # A swap may fall between two opens, but time does not go back.
            if editions != sorted(editions):
                bad.append(f"editions {editions} one after the other")
        except (OSError, ValueError) as error:
            bad.append(repr(error))
        reads += 3
    result.write_text("\n".join([str(reads), *bad]))
    os._exit(0)


def _edition(path: str) -> int:
    """Return the edition of a page; raise ValueError if it is not complete."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        found = os.read(descriptor, 1 << 20)
    finally:
        os.close(descriptor)
    number = int(found[: found.index(b"\n")])
    if found != make_page(number):
        raise ValueError(f"{len(found)} bytes of a page of edition {number}")
    return number
