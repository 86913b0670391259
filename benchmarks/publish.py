"""How long it takes to publish in a bucket, beside `rclone sync` of the same files to the same store, in turn.

    make peers
    .venv/bin/python -m benchmarks.publish --files 20000

prints a table in Markdown; with `--write` it replaces the one in
docs/developers/performance-writers.md. The store is SeaweedFS, on loopback and in memory. rclone compares sizes and
times, as it does unless told otherwise; statusgen compares hashes, keeps the order, and reads each file once more to
check that it is what was built.
"""

import argparse
import os
import platform
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.corpus import Corpus, plain_post
from statusgen.outputs.host import HeaderRule, header_rules
from statusgen.publish.built_site import BuiltSite
from tests.support.publishing import NOW, assert_whole, publish, write_edition, write_manifest
from tests.support.sample_sites import KANSAS_CITY
from tests.support.stores import BUCKET, Bucket, run_seaweed

ROOT = Path(__file__).parent.parent
REPORT = ROOT / "docs" / "developers" / "performance-writers.md"
MARKS = (
    "<!-- published: what follows is the output of benchmarks/publish.py -->\n",
    "<!-- end of what was published -->",
)
GOAL = 1.5
_PLACES = (ROOT / "benchmarks" / "peers" / ".venv" / "bin", Path(sys.executable).parent)


@dataclass(frozen=True)
class Took:
    """The seconds of each step."""

    first: float
    edit: float
    nothing: float


def main() -> None:
    """Measure, and print or write what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--write", action="store_true", help="put the table into the documentation")
    asked = parser.parse_args()
    with TemporaryDirectory() as scratch, run_seaweed() as make_bucket:
        folder = Path(scratch) / "site"
        files = make_files(asked.files)
        write_edition(folder, files, NOW)
        rules = header_rules(KANSAS_CITY.site)
        buckets = {name: make_bucket() for name in ("rclone", "statusgen")}
        steps: dict[str, Callable[[], None]] = {
            "rclone": lambda: sync(folder, buckets["rclone"]),
            "statusgen": lambda: send(folder, rules, buckets["statusgen"]),
        }
        took = {"first": _time_each(steps)}
        edit(folder, files)
        took |= {"edit": _time_each(steps), "nothing": _time_each(steps)}
        assert_whole(buckets["statusgen"], BuiltSite.open(folder, rules))
    text = report({name: Took(**{step: took[step][name] for step in took}) for name in steps}, files)
    if asked.write:
        page = REPORT.read_text(encoding="utf-8")
        head, tail = page.partition(MARKS[0])[0], page.partition(MARKS[1])[2]
        REPORT.write_text(f"{head}{MARKS[0]}{text}{MARKS[1]}{tail}", encoding="utf-8")
    print(text)


def make_files(number: int) -> dict[str, bytes]:
    """Return a front page, so many pages of about ten kilobytes, and a script that they load."""
    dice, corpus = random.Random(1), Corpus(1000)
    posts = [plain_post(corpus.post(each), "en") for each in range(50)]
    files = {"index.html": b"<!doctype html><title>All</title>", "script-1.js": b"//", "status.json": b"{}"}
    for each in range(number - len(files)):
        text = "".join(dice.choices(posts, k=8))
        files[f"incidents/{each}/index.html"] = f"<!doctype html><title>{each}</title>{text}".encode()
    return files


def edit(folder: Path, files: Mapping[str, bytes]) -> None:
    """Update one post in the folder: its page, the front page and the data change; no other file is touched."""
    changed = ("index.html", "status.json", "incidents/7/index.html")
    later = {path: files[path] + b"\n" for path in changed}
    for path, content in {**later, "manifest.json": write_manifest({**files, **later}, NOW)}.items():
        (folder / path).write_bytes(content)


def sync(folder: Path, bucket: Bucket) -> None:
    """Make the bucket the same as the folder with rclone."""
    command, settings = rclone(folder, bucket)
    subprocess.run(command, env={**os.environ, **settings}, check=True, timeout=3600)


def rclone(folder: Path, bucket: Bucket, *options: str) -> tuple[list[str], dict[str, str]]:
    """Return the command that makes a bucket the same as a folder, and the variables that it needs."""
    settings = {
        "TYPE": "s3",
        "PROVIDER": "SeaweedFS",
        "ENDPOINT": bucket.endpoint,
        "ACCESS_KEY_ID": bucket.environment["AWS_ACCESS_KEY_ID"],
        "SECRET_ACCESS_KEY": bucket.environment["AWS_SECRET_ACCESS_KEY"],
    }
    command = [_find_rclone(), "sync", *options, "--config", os.devnull, str(folder)]
    named = {f"RCLONE_CONFIG_STORE_{name}": value for name, value in settings.items()}
    return [*command, f"store:{BUCKET}/{bucket.address.path}"], named


def send(folder: Path, rules: tuple[HeaderRule, ...], bucket: Bucket) -> None:
    """Publish what is in the folder."""
    publish(bucket, BuiltSite.open(folder, rules), lease=120)


def report(took: Mapping[str, Took], files: Mapping[str, bytes]) -> str:
    """Return the table."""
    size = sum(len(content) for content in files.values()) / 1e6
    base = took["rclone"]
    lines = [
        f"Measured on {datetime.now(UTC):%B %-d, %Y}: {len(files):,} files, {size:,.0f} MB, to SeaweedFS; "
        f"{os.cpu_count()} processors for both sides; Python {platform.python_version()}. "
        f"The goal for the first time is {GOAL} of what rclone takes.",
        "",
        "| | the first time, s | : rclone | one edit, s | : rclone | nothing changed, s |",
        "|---|--:|--:|--:|--:|--:|",
        *(
            f"| {name} | {each.first:.1f} | {each.first / base.first:.2f} | {each.edit:.2f} "
            f"| {each.edit / base.edit:.2f} | {each.nothing:.2f} |"
            for name, each in took.items()
        ),
        "",
    ]
    return "\n".join(lines)


def _time_each(steps: Mapping[str, Callable[[], None]]) -> dict[str, float]:
    """Return the seconds that each takes, one after the other."""
    took = {}
    for name, step in steps.items():
        began = time.perf_counter()
        step()
        took[name] = time.perf_counter() - began
        print(f"{name}: {took[name]:.2f} s", file=sys.stderr, flush=True)
    return took


def _find_rclone() -> str:
    found = shutil.which("rclone", path=os.pathsep.join([*map(str, _PLACES), os.environ["PATH"]]))
    if not found:
        raise SystemExit("There is no rclone: `make peers` installs it.")
    return found


if __name__ == "__main__":
    main()
