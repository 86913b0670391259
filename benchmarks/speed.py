"""How long statusgen takes, and what memory, beside other generators that build the same posts.

    make peers
    .venv/bin/python -m benchmarks.speed --sizes 100 1000 10000 --rounds 3

prints tables in Markdown; with `--write` they replace those of docs/developers/measurements.md. Nothing is judged
here: on a machine that others use as well, look at the processor's time and at the ratios, which come from one run in
turn.
"""

import argparse
import math
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, islice, pairwise
from pathlib import Path

from benchmarks.corpus import AT, Corpus, write_site
from benchmarks.generators import GENERATORS, STATUSGEN, CState, Generator

ROOT = Path(__file__).parent.parent
REPORT = ROOT / "docs" / "developers" / "measurements.md"
MARK = "<!-- measured: what follows is the output of benchmarks/speed.py -->\n"
COLD, WAITED, EDITED, SAME = STEPS = (
    "cold",
    "nothing edited, a minute later",
    "one post edited, another minute later",
    "nothing edited, at the same moment",
)
BASE = "hugo"
_AT = datetime.strptime(f"{AT} -0600", "%Y-%m-%d %H:%M %z")
# Between two looks at the memory of all processes, in seconds.
LOOKS = 0.1


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds on the wall and of processors, and bytes of memory at most."""

    wall: float
    cpu: float
    memory: int

    def least(self, other: "Cost | None") -> "Cost":
        """The smaller of both in each respect: noise only ever adds."""
        if other is None:
            return self
        return Cost(min(self.wall, other.wall), min(self.cpu, other.cpu), min(self.memory, other.memory))


def run(
    command: Sequence[str],
    folder: Path,
    watched: bool = True,
    minute: int | None = None,
    settings: Mapping[str, str] | None = None,
) -> Cost:
    """Run a command in a folder, so many minutes after `AT` or now; its children count as well.

    To watch their memory takes a part of the processors. `settings` are more variables of its environment.
    """
    # A cache that is in the folder is empty at first, and goes with it.
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(folder / ".cache"), **(settings or {})}
    if minute is not None:
        environment["SOURCE_DATE_EPOCH"] = f"{_AT.replace(minute=minute).timestamp():.0f}"
    # What is installed was compiled when it was; a checkout and the peers are when they are first used.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, env=environment)
    peak = [0]
    watcher = threading.Thread(target=_watch, args=(process.pid, peak), daemon=True)
    if watched:
        watcher.start()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    if watched:
        watcher.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed with {process.returncode}")
    return Cost(wall, used.ru_utime + used.ru_stime, max(used.ru_maxrss * 1024, peak[0]))


def _watch(pid: int, peak: list[int]) -> None:
    """Note the most memory that a process and its children have together while it runs."""
    while Path(f"/proc/{pid}").exists():
        together = sum(map(_memory, _tree(pid)))
        peak[0] = max(peak[0], together)
        time.sleep(LOOKS)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return
    for child in children:
        yield from _tree(int(child))


def _memory(pid: int) -> int:
    """The proportional set size: of what processes share, each has its part."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


Costs = dict[tuple[str, str, int], Cost]


@dataclass(frozen=True)
class Made:
    """What a generator published: how many files, and their bytes."""

    files: int
    bytes: int


def compare(
    sizes: Iterable[int], rounds: int, generators: Iterable[Generator]
) -> tuple[Costs, dict[tuple[str, int], Made]]:
    """Build each size with each generator in turn, so many times over; the least of each cost."""
    costs: Costs = {}
    made: dict[tuple[str, int], Made] = {}
    for size in sizes:
        chosen = [each for each in generators if size <= each.largest]
        with _folders() as folders:
            for generator, folder in zip(chosen * rounds, folders, strict=False):
                for step, cost in _steps(generator, Corpus(size), folder):
                    key = (generator.name, step, size)
                    costs[key] = cost.least(costs.get(key))
                    print(f"{size} {generator.name}, {step}: {cost}", file=sys.stderr)
                made[generator.name, size] = _made(folder / generator.output)
    return costs, made


@contextmanager
def _folders() -> Iterator[Iterator[Path]]:
    """New folders, which are all removed in the end.

    Not sooner: for minutes after files were deleted, ext4 takes longer to make others, so the next build would pay.
    """
    with tempfile.TemporaryDirectory() as whole:
        yield (Path(tempfile.mkdtemp(dir=whole)) for _ in count())


def _steps(generator: Generator, corpus: Corpus, folder: Path) -> Iterator[tuple[str, Cost]]:
    generator.lay_out(corpus, folder)
    yield COLD, run(generator.command(), folder, minute=0)
    yield WAITED, run(generator.command(), folder, minute=1)
    post = generator.post(corpus.post(corpus.incidents // 2), folder)
    post.write_text(post.read_text(encoding="utf-8") + "\nOne more sentence.\n", encoding="utf-8")
    yield EDITED, run(generator.command(), folder, minute=2)
    yield SAME, run(generator.command(), folder, minute=2)


def _made(folder: Path) -> Made:
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return Made(len(sizes), sum(sizes))


def small_commands(rounds: int) -> dict[str, Cost]:
    """What else a writer waits for, with a hundred incidents."""
    commands = {
        "--help": ["--help"],
        "check": ["check"],
        "check, again": ["check"],
        "status": ["status", "--at", AT],
        "build": ["build"],
        "new": ["new", "--title", "Water main broke", "--service", "service-1=down", "--since", "now", "--yes"],
        "build, after new": ["build"],
        "new --build": [
            *("new", "--title", "Power is out", "--service", "service-2=down", "--since", "now", "--yes", "--build"),
        ],
    }
    least: dict[str, Cost] = {}
    with _folders() as folders:
        for folder in islice(folders, rounds):
            write_site(Corpus(100), folder / "site-of-100")
            for said, arguments in commands.items():
                cost = run([*STATUSGEN, *arguments], folder / "site-of-100", watched=False)
                least[said] = cost.least(least.get(said))
    return least


def report(costs: Costs, made: dict[tuple[str, int], Made], small: dict[str, Cost], rounds: int) -> str:
    """All of it as Markdown."""
    sizes = sorted({size for _, _, size in costs})
    names = list(dict.fromkeys(name for name, _, _ in costs))
    processor = f"{os.cpu_count()} processors, Python {platform.python_version()}"
    times = "once" if rounds == 1 else f"{rounds} times, and the least of each"
    lines = [f"Measured on {datetime.now(UTC):%B %-d, %Y}: {processor}; in turn, {times}.", ""]
    for step in STEPS:
        lines += [f"## {step.capitalize()}", "", *_table(costs, made, step, sizes, names), ""]
    lines += ["## How it grows", "", *_growth(costs, sizes, names), ""]
    lines += ["## Other commands, with 100 incidents", "", "| command | wall s | CPU s |", "|---|--:|--:|"]
    lines += [f"| `{said}` | {cost.wall:.2f} | {cost.cpu:.2f} |" for said, cost in small.items()]
    return "\n".join(lines) + "\n"


def _table(
    costs: Costs, made: dict[tuple[str, int], Made], step: str, sizes: Sequence[int], names: Sequence[str]
) -> Iterator[str]:
    yield "| incidents | generator | wall s | CPU s | memory MB | files | MB | ms a file | wall : Hugo | CPU : Hugo |"
    yield "|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    for size in sizes:
        for name in names:
            cost, base = costs.get((name, step, size)), costs.get((BASE, step, size))
            if cost is None:
                continue
            ratios = f"{cost.wall / base.wall:.2f} | {cost.cpu / base.cpu:.2f}" if base else "|"
            site = made[name, size]
            yield (
                f"| {size:,} | {name} | {cost.wall:.2f} | {cost.cpu:.2f} | {cost.memory / 1e6:.0f} "
                f"| {site.files:,} | {site.bytes / 1e6:.1f} | {1000 * cost.cpu / site.files:.2f} | {ratios} |"
            )


def _growth(costs: Costs, sizes: Sequence[int], names: Sequence[str]) -> Iterator[str]:
    yield "The exponents of a cold build's processor time and memory from one size to the next; 1 is linear."
    yield ""
    yield "| generator | from | to | time | memory |"
    yield "|---|--:|--:|--:|--:|"
    for name in names:
        for small, large in pairwise(sizes):
            one, two = costs.get((name, COLD, small)), costs.get((name, COLD, large))
            if one and two:
                times = math.log(two.cpu / one.cpu, large / small)
                memory = math.log(two.memory / one.memory, large / small)
                yield f"| {name} | {small:,} | {large:,} | {times:.2f} | {memory:.2f} |"


def main() -> None:
    """Measure, and print or write what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--generators", nargs="+", default=[each.name for each in GENERATORS])
    parser.add_argument("--cstate", type=Path, metavar="FOLDER", help="the theme of cState, to compare that as well")
    parser.add_argument("--write", action="store_true", help=f"put the tables into {REPORT.relative_to(ROOT)}")
    asked = parser.parse_args()
    chosen = [each for each in GENERATORS if each.name in asked.generators]
    if asked.cstate:
        chosen.append(CState(asked.cstate))
    # A package has the Python of its templates with it; a checkout may have that of earlier ones.
    subprocess.run([STATUSGEN[0], "-m", "statusgen.theme.environment"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    costs, made = compare(asked.sizes, asked.rounds, chosen)
    text = report(costs, made, small_commands(asked.rounds), asked.rounds)
    if asked.write:
        head = REPORT.read_text(encoding="utf-8").partition(MARK)[0]
        REPORT.write_text(f"{head}{MARK}\n{text}", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
