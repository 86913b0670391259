"""How long it takes to import and build the history of a cState page, and how much of it needs nobody.

    .venv/bin/python -m benchmarks.moving --write

takes about three minutes for 3,000 issues, and with `--write` replaces what docs/developers/performance.md says of
it. The issues are made up, with a seed, in the forms in which people write them: with labels and times, newest or
oldest first; with labels in brackets; notices with and without an end; and as many slips as there are on real pages,
one issue in twenty: a name that the configuration does not have, a date with an hour of one digit, an end before the
beginning.
"""

import argparse
import platform
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

REPORT = Path(__file__).parent.parent / "docs" / "developers" / "performance.md"
MARKS = ("<!-- moved: what follows is the output of benchmarks/moving.py -->\n", "<!-- end of what was moved -->")
_SYSTEMS = [f"System {number}" for number in range(30)]
_CONFIG = "title: Moving\nbaseURL: https://status.moving.example/\nparams:\n  systems:\n"
_QUESTION = re.compile(r"`content/issues/([\w-]+\.md):\d+`")


def main() -> None:
    """Measure, print, and write if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--issues", type=int, default=3000)
    parser.add_argument("--write", action="store_true", help="Write it into docs/developers/performance.md.")
    options = parser.parse_args()
    text = measure(options.issues)
    if options.write:
        page = REPORT.read_text(encoding="utf-8")
        head, tail = page.partition(MARKS[0])[0], page.partition(MARKS[1])[2]
        REPORT.write_text(f"{head}{MARKS[0]}{text}{MARKS[1]}{tail}", encoding="utf-8")
    print(text)


def measure(number: int) -> str:
    """Return what came of so many issues, in Markdown."""
    with TemporaryDirectory() as folder:
        source, page = Path(folder) / "source", Path(folder) / "page"
        write_issues(source, number)
        flags = ("--timezone", "America/Chicago")
        seconds = [
            run("import", "cstate", str(source), str(page), *flags),
            run("import", "cstate", str(source), str(page)),
            run("build", "--source", str(page), "--output", str(page / "site"), "--no-cache"),
        ]
        report = (page / "import-report.md").read_text(encoding="utf-8")
        questions = report.partition("## Questions")[2].partition("## Guesses")[0]
        asked = len({*_QUESTION.findall(questions)})
        posts = len([*(page / "incidents").glob("*.md")])
    day = f"{datetime.now(UTC):%B %-d, %Y}".lstrip("0")
    return (
        f"Measured on {day}, Python {platform.python_version()}: {number:,} issues of cState became {posts:,} posts in "
        f"{seconds[0]:.0f} s, and in {seconds[1]:.0f} s again with nothing new; their site was built in "
        f"{seconds[2]:.0f} s.\nOf the issues, {100 * (number - asked) / number:.1f} % need no answer from a person.\n"
    )


def run(*words: str) -> float:
    """Return how many seconds a command takes."""
    begin = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "statusgen", *words], check=False, capture_output=True, text=True)
    if done.returncode not in (0, 3):
        raise SystemExit(done.stderr)
    return time.monotonic() - begin


def write_issues(folder: Path, number: int) -> None:
    """Write the folder of a cState page."""
    dice = random.Random(5)
    (folder / "content" / "issues").mkdir(parents=True)
    config = _CONFIG + "".join(f"    - name: {name}\n" for name in _SYSTEMS)
    (folder / "config.yml").write_text(config, encoding="utf-8")
    begin = datetime(2012, 1, 1, tzinfo=UTC)
    for each in range(number):
        begin += timedelta(minutes=dice.randint(60, 3000))
        end = begin + timedelta(minutes=dice.randint(5, 600))
        path = folder / "content" / "issues" / f"{begin:%Y-%m-%d}-{each}.md"
        path.write_text(_make_issue(dice, each, begin, end), encoding="utf-8")


def _make_issue(dice: random.Random, number: int, begin: datetime, end: datetime) -> str:
    slip = dice.randrange(60)
    affected = dice.sample(_SYSTEMS, dice.randint(1, 3))
    if slip == 0:
        affected[0] = affected[0].replace("System", "Systm")
    shown = f"{begin:%Y-%m-%dT%H:%M:%S}"
    fields = {
        "title": f"Trouble number {number}",
        "date": re.sub("T0", "T", shown) if slip == 1 else shown,
        "resolved": "true",
        "resolvedWhen": f"{begin - timedelta(days=30) if slip == 2 else end:%Y-%m-%d %H:%M:%S}",
        "severity": dice.choice(["down", "disrupted", "disrupted", "notice"]),
        "affected": f"[{', '.join(affected)}]",
        "section": "issue",
    }
    front = "".join(f"{key}: {value}\n" for key, value in fields.items())
    return f"---\n{front}---\n\n{dice.choice(_BODIES)(begin, end)}\n"


def _track(moment: datetime) -> str:
    return f'{{{{< track "{moment:%Y-%m-%d %H:%M:%S}" >}}}}'


def _write_newest_first(begin: datetime, end: datetime) -> str:
    middle = begin + (end - begin) / 2
    return (
        f"*Resolved* - It works again. {_track(end)}\n\n"
        f"*Monitoring* - We watch it, see https://example.com/trouble. {_track(middle)}\n\n"
        f"*Investigating* - We look into it. Some people see errors. {_track(begin)}"
    )


def _write_oldest_first(begin: datetime, end: datetime) -> str:
    middle = begin + (end - begin) / 2
    return (
        "Some people cannot log in.\n\n## What to do\n\n- Wait.\n- Call us.\n\n"
        f"**Update**: Half of them can. {_track(middle)}\n\n**Resolved**: All of them can. {_track(end)}"
    )


def _write_brackets(begin: datetime, end: datetime) -> str:  # noqa: ARG001 (called as the others in _BODIES are)
    return "[Final Message]\nAll is back, and the disks are new.\n\n[Initial Message]\nWe change two disks."


_BODIES: list[Callable[[datetime, datetime], str]] = [_write_newest_first, _write_oldest_first, _write_brackets]


if __name__ == "__main__":
    main()
