"""The scoreboard: does the site stay whole, whatever happens to a build, and is nothing published that is bad?

`make torture` runs all of it, which takes an hour or two, and prints a row for each measure. With `--keep` the
rows are written into docs/developers/scoreboard.md, with the date. Each measure has a name, and can be run alone or
in part:

    .venv/bin/python -m benchmarks.torture killed frozen --every 7

The measures are on the list in tests/faults/measures.py, which `make test` runs in part.
"""

import argparse
import platform
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.measures import MEASURES, run_measure, scratch_folder
from tests.faults.score import Score

PAGE = Path(__file__).parent.parent / "docs" / "developers" / "scoreboard.md"
_KEPT = re.compile(r"(?<=<!-- scoreboard -->\n).*?(?=<!-- end -->)", re.DOTALL)


def table(scores: list[Score]) -> str:
    """The rows as Markdown, with when and where they were measured."""
    now = datetime.now(UTC)
    rows = [f"| {score.measure} | {score.target} | {score.found} |" for score in scores]
    where = f"{platform.system()} {platform.release().partition('-')[0]}, Python {platform.python_version()}"
    when = f"Measured on {now:%B %-d, %Y}, {where}."
    return "\n".join([when, "", "| what was done | what must be so | what was found |", "|---|---|---|", *rows, ""])


def run() -> int:
    """Run the measures that are asked for; the number of those with a bad case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(MEASURES)}; none means all")
    parser.add_argument("--every", type=int, default=1, help="do a part only: 7 means a seventh")
    parser.add_argument("--keep", action="store_true", help="write the scoreboard into docs/developers/scoreboard.md")
    parser.add_argument("--on", type=Path, default=None, help="a folder on the disk to try; default: memory")
    asked = parser.parse_args()
    scores: list[Score] = []
    with scratch_folder(asked.on) as folder:
        for name in asked.names or MEASURES:
            score = run_measure(name, folder / name, asked.every)
            scores.append(score)
            print(f"{score.measure}: {score.found}", flush=True)
            for case in score.bad:
                print(f"    {case}", flush=True)
    board = table(scores)
    print(f"\n{board}")
    if asked.keep:
        PAGE.write_text(_KEPT.sub(lambda _: f"{board}", PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return sum(bool(score.bad) for score in scores)


if __name__ == "__main__":
    sys.exit(run())
