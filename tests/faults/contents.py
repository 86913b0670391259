"""Builds of bad content, which must be refused with a message, and of honest content, which must be published."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from statusgen.cli.main import main
from tests.faults.forked import CRASHED, work_and_end
from tests.faults.score import Score, first_cases, format_share
from tests.support.bombs import BOMBS, HARMLESS
from tests.support.broken_sites import BROKEN_SITES, COUNT_LINE, folder_state, has_its_place, publish_before
from tests.support.paths import HONEST, ROOT, SITES

SECONDS = 2  # of the processor, once the program is loaded
MEGABYTES = 200  # Python and the libraries with them
_PATIENCE = 120  # seconds on the wall, after which a build hangs, whatever it does


@dataclass(frozen=True)
class Ended:
    """How a build ended, its output, and the time and memory it took."""

    code: int
    said: list[str]
    seconds: float
    megabytes: float


def measure_bad_inputs(scratch: Path, every: int) -> Score:
    """Build each bad input that the tests have, in a folder in which a site was published before."""
    _prepare(scratch)
    inputs = _bad_inputs()
    chosen = list(inputs)[::every]
    ended: dict[str, Ended] = {}
    found: dict[str, list[str]] = {"tracebacks": [], "hangs": [], "unsafe": [], "unnamed": []}
    for name in chosen:
        city = scratch / "case" / "city"
        inputs[name](city)
        publish_before(city)
        before = folder_state(city.parent)
        ended[name] = _build(scratch, "--source", str(city))
        for kind in _faults(ended[name], city, folder_state(city.parent) == before):
            found[kind].append(f"{kind}: {name}, {ended[name]}")
        shutil.rmtree(city.parent)
    counts = ", ".join(f"{len(found[kind])} {kind}" for kind in ("tracebacks", "hangs", "unsafe"))
    most = max(ended.values(), key=lambda each: each.seconds).seconds
    largest = max(each.megabytes for each in ended.values())
    broken = len(BROKEN_SITES)
    named = format_share(len(chosen) - len(found["unnamed"]), len(chosen))
    return Score(
        f"bad inputs: {broken} broken sites, and {len(inputs) - broken} made to take long or fill the memory",
        f"refused with file and line in {SECONDS} s of a processor and {MEGABYTES} MB, the published site untouched",
        f"{len(chosen)} inputs: {counts}; file and line named in {named}; at most {most:.1f} s and {largest:.0f} MB",
        first_cases(case for cases in found.values() for case in cases),
    )


def measure_honest_posts(scratch: Path, every: int) -> Score:
    """Build the posts that cities wrote, or might have written: not one of them may be refused."""
    _prepare(scratch)
    sites = [*_folders(HONEST), *_folders(SITES), ROOT][::every]
    posts, refused, cases = 0, 0, list[str]()
    for number, site in enumerate(sites):
        these = len(list((site / "incidents").rglob("*.md")))
        posts += these
        ended = _build(scratch, "--source", str(site), "--output", str(scratch / f"site-{number}"))
        if ended.code:
            refused += these
            cases.append(f"{site.name}: {ended}")
    return Score(
        "posts as cities write them: those of real outages, the sample sites, the example",
        "none refused",
        f"{refused} of {posts} posts in {len(sites)} sites refused",
        first_cases(cases),
    )


def _bad_inputs() -> Mapping[str, Callable[[Path], object]]:
    """Return what makes the folder of each, by its name."""
    broken = {site.name: partial(shutil.copytree, site) for site in BROKEN_SITES}
    bombs = {name: partial(_write, files) for name, files in BOMBS.items() if name not in HARMLESS}
    return {**broken, **bombs}


def _write(files: Mapping[str, str], folder: Path) -> None:
    for file, content in files.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(content, encoding="utf-8", newline="\n")


def _folders(folder: Path) -> list[Path]:
    return sorted(each for each in folder.iterdir() if each.is_dir())


def _faults(ended: Ended, city: Path, untouched: bool) -> Iterator[str]:
    """Yield what is wrong with how a build ended."""
    if ended.code == CRASHED or any("Traceback" in line for line in ended.said):
        yield "tracebacks"
    if ended.code == -signal.SIGALRM or ended.seconds > SECONDS or ended.megabytes > MEGABYTES:
        yield "hangs"
    if ended.code == 0 or not untouched:
        yield "unsafe"
    messages = [line for line in ended.said if not COUNT_LINE.fullmatch(line)]
    if not messages or not all(has_its_place(message, city) for message in messages):
        yield "unnamed"


def _prepare(scratch: Path) -> None:
    """Set a new cache and load the program, so that the work is measured and not the start."""
    os.environ["XDG_CACHE_HOME"] = str(scratch / "cache")
    site = SITES / "quiet"
    with redirect_stdout(None):
        main(["build", "--source", str(site), "--output", str(scratch / "loaded")], standalone_mode=False)


def _build(scratch: Path, *words: str) -> Ended:
    """Run `statusgen build` in a process of its own, forked from this one."""
    said = scratch / "said"
    child = os.fork()
    if not child:
        work_and_end(partial(_command, ["build", *words]), said)
    _, status, used = os.wait4(child, 0)
    text = said.read_text(encoding="utf-8", errors="replace")
    return Ended(
        os.waitstatus_to_exitcode(status),
        text.splitlines(),
        used.ru_utime + used.ru_stime,
        used.ru_maxrss / 1_000,
    )


def _command(words: list[str]) -> int:
    signal.alarm(_PATIENCE)
    main(words, prog_name="statusgen")
    return 0
