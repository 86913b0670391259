"""How long residents wait for an edit, from the command until they have it, beside Hugo and what sends its site.

    make peers
    .venv/bin/python -m benchmarks.to_residents

takes about ten minutes and prints a table in Markdown; with `--write` it replaces the one in
docs/developers/performance-writers.md. Each site was published before. Then an update is added to its newest post: by
`statusgen update` and `statusgen publish`, as a writer types them, each in the next minute; or in the file of Hugo's
post, which is not timed, and by `hugo` and what sends the folder: `rclone sync` to a bucket, the `rsync` of Hugo's
own documentation to a server. A resident asks for the page of the post all the while. All of it is on loopback: the
bucket is SeaweedFS, the server OpenSSH's.
"""

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from benchmarks.corpus import Corpus, write_site
from benchmarks.generators import Hugo
from benchmarks.publish import rclone
from benchmarks.speed import run
from tests.support.ssh_server import SshServer, run_sshd
from tests.support.stores import Bucket, run_seaweed
from tests.support.web_server import QuietHandler, serve, serve_folder

REPORT = Path(__file__).parent.parent / "docs" / "developers" / "performance-writers.md"
MARKS = (
    "<!-- reached: what follows is the output of benchmarks/to_residents.py -->\n",
    "<!-- end of what reached residents -->",
)
GOAL = 1.5
PATIENCE = 120  # seconds until it is given up
LOOK = 0.01  # seconds between two requests of a resident
# The Python of this program: a bucket takes what `statusgen[publish]` brings.
STATUSGEN = (sys.executable, "-m", "statusgen")


@dataclass(frozen=True)
class Took:
    """Seconds: of the first command, until a resident had the edit, until the last command ended, of processors."""

    first: float
    seen: float
    ended: float
    cpu: float

    def least(self, other: "Took | None") -> "Took":
        """The smaller of both in each respect: noise only ever adds."""
        return self if other is None else Took(*map(min, astuple(self), astuple(other)))


@dataclass(frozen=True)
class Way:
    """How somebody publishes the site in `folder`: what runs after they have said some words, one after the other.

    `read` is what a resident gets for the page of the newest post. The commands find `settings` in their environment.
    """

    name: str
    folder: Path
    say: Callable[[str], Sequence[Sequence[str]]]
    read: Callable[[], bytes]
    settings: Mapping[str, str] = field(default_factory=dict)


Key = tuple[str, int, str]
"""The place, the number of incidents, and the name of the way."""


def main() -> None:
    """Measure, and print or write what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="put the table into the documentation")
    asked = parser.parse_args()
    took: dict[Key, Took] = {}
    with open_ways(asked.sizes) as ways:
        for number in range(asked.rounds + 1):
            await_next_minute()
            for key, way in ways.items():
                least = publish_words(way, f"Crew {number} is on its way.")
                print(f"{number} {key}: {least}", file=sys.stderr, flush=True)
                if number:  # before that, all of the site is sent
                    took[key] = least.least(took.get(key))
    text = report(took, asked.rounds)
    if asked.write:
        page = REPORT.read_text(encoding="utf-8")
        head, tail = page.partition(MARKS[0])[0], page.partition(MARKS[1])[2]
        REPORT.write_text(f"{head}{MARKS[0]}{text}{MARKS[1]}{tail}", encoding="utf-8")
    print(text)


def await_next_minute() -> None:
    """Wait until the clock of the updates has gone on: what is built again in the same minute has less to do."""
    time.sleep(60 - time.time() % 60)  # the commands take the time of the real clock


@contextmanager
def open_ways(sizes: Sequence[int]) -> Iterator[dict[Key, Way]]:
    """Give the ways to publish new sites of so many incidents in a bucket and on a server."""
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(TemporaryDirectory()))
        (scratch / "ssh").mkdir()
        make_bucket, sshd = stack.enter_context(run_seaweed()), stack.enter_context(run_sshd(scratch / "ssh"))
        ways: dict[Key, Way] = {}
        for size in sizes:
            corpus, folder = Corpus(size), scratch / str(size)
            pairs = {
                "bucket": to_bucket(corpus, folder / "bucket", make_bucket, stack),
                "server": to_server(corpus, folder / "server", sshd, stack),
            }
            ways |= {(place, size, way.name): way for place, pair in pairs.items() for way in pair}
        yield ways


def to_bucket(corpus: Corpus, folder: Path, make_bucket: Callable[[], Bucket], stack: ExitStack) -> list[Way]:
    """Return the ways to a bucket. Residents ask the store; what statusgen looks at answers the addresses of folders,
    as a CDN does."""
    theirs, ours = make_bucket(), make_bucket()
    url = stack.enter_context(serve(partial(BucketHandler, ours)))
    # Hugo writes each file again. With their times, all of them would be copied within the store; sums spare it that.
    sync, settings = rclone(folder / "hugo" / "public", theirs, "--checksum")
    place = f"{{id: main, to: '{ours.address.text}', endpoint: '{ours.endpoint}'}}"
    path = f"incidents/{_newest(corpus)}/index.html"
    return [
        by_hugo(corpus, folder / "hugo", sync, lambda: theirs.ask(path).body, settings),
        by_statusgen(corpus, folder / "statusgen", place, url, lambda: ours.ask(path).body, ours.environment),
    ]


def to_server(corpus: Corpus, folder: Path, sshd: SshServer, stack: ExitStack) -> list[Way]:
    """Return the ways to a server that takes ssh."""
    theirs, ours = folder / "www" / "theirs", folder / "www" / "ours"
    for each in (theirs, ours):
        each.mkdir(parents=True)
    shown = [stack.enter_context(serve_folder(each)) for each in (theirs, ours / "current")]
    host, _, _ = sshd.address(theirs).removeprefix("ssh://").partition(":")
    shell = f"ssh -p {sshd.port}"
    sync = ["rsync", "-az", "--delete", "-e", shell, f"{folder / 'hugo' / 'public'}/", f"{host}:{theirs}/"]
    place = f"{{id: main, to: '{sshd.address(ours)}'}}"
    settings = {"PATH": sshd.path}
    read = [partial(_read, f"{url}incidents/{_newest(corpus)}/") for url in shown]
    return [
        by_hugo(corpus, folder / "hugo", sync, read[0], settings),
        by_statusgen(corpus, folder / "statusgen", place, shown[1], read[1], settings),
    ]


def by_hugo(
    corpus: Corpus, folder: Path, sync: Sequence[str], read: Callable[[], bytes], settings: Mapping[str, str]
) -> Way:
    """Return the way of somebody who writes into Hugo's file; to write is not timed."""
    hugo = Hugo()
    folder.mkdir(parents=True)
    hugo.lay_out(corpus, folder)
    post = hugo.post(corpus.post(corpus.incidents - 1), folder)

    def say(words: str) -> list[Sequence[str]]:
        with post.open("a", encoding="utf-8") as file:
            file.write(f"\n## {datetime.now(UTC):%Y-%m-%d %H:%M} Monitoring\n\n{words}\n")
        return [hugo.command(), sync]

    return Way(f"`hugo`, `{Path(sync[0]).name}`", folder, say, read, settings)


def by_statusgen(
    corpus: Corpus, folder: Path, place: str, url: str, read: Callable[[], bytes], settings: Mapping[str, str]
) -> Way:
    """Return the way of somebody who types the commands of statusgen."""
    write_site(corpus, folder)
    services = folder / "services.yaml"
    text = services.read_text(encoding="utf-8").replace("https://status.springfield.example/", url)
    services.write_text(f"{text}publish: [{place}]\n", encoding="utf-8")
    update = (*STATUSGEN, "update", _newest(corpus), "--state", "monitoring", "--next", "in 2 hours", "--yes", "--text")
    return Way(
        "`statusgen update`, `statusgen publish`",
        folder,
        lambda words: [[*update, words], [*STATUSGEN, "publish"]],
        read,
        settings,
    )


class BucketHandler(QuietHandler):
    """Sends what is in a bucket, and of a folder its index.html."""

    def __init__(self, bucket: Bucket, *others: object) -> None:
        self.bucket = bucket
        super().__init__(*others)  # type: ignore[arg-type]  # what its server passes to every handler

    def do_GET(self) -> None:  # noqa: N802 - http.server asks for this name
        """Send a file."""
        path = self.path.removeprefix("/")
        answer = self.bucket.ask(f"{path}index.html" if path.endswith("/") or not path else path)
        self.send_response(answer.status)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)


def publish_words(way: Way, words: str) -> Took:
    """Let words be published, while a resident asks for them."""
    commands = way.say(words)
    with ThreadPoolExecutor(1) as pool:
        began = time.perf_counter()
        seen = pool.submit(await_words, way.read, words.encode())
        costs = [run(command, way.folder, watched=False, settings=way.settings) for command in commands]
        ended = time.perf_counter()
        return Took(costs[0].wall, seen.result() - began, ended - began, sum(cost.cpu for cost in costs))


def await_words(read: Callable[[], bytes], words: bytes) -> float:
    """Return when a resident gets a page with these words."""
    ends = time.perf_counter() + PATIENCE
    while time.perf_counter() < ends:
        try:
            if words in read():
                return time.perf_counter()
        except OSError:
            pass  # nothing is published yet
        time.sleep(LOOK)  # nobody tells a resident that there is something new
    raise TimeoutError(f"Residents do not see it after {PATIENCE} s.")


def report(took: Mapping[Key, Took], rounds: int) -> str:
    """Return the table."""
    now = datetime.now(UTC)
    lines = [
        f"Measured on {now:%B %-d, %Y}: {os.cpu_count()} processors for all sides; Python "
        f"{platform.python_version()}; in turn, {rounds} times, and the least of each. "
        f"The goal is {GOAL} of what Hugo and its sender take.",
        "",
        "| to a | incidents | commands | of the first, s | until a resident has it, s | : Hugo "
        "| until the last ends, s | CPU s | : Hugo |",
        "|---|--:|---|--:|--:|--:|--:|--:|--:|",
    ]
    bases = {key[:2]: each for key, each in reversed(took.items())}
    for (place, size, name), each in took.items():
        base = bases[place, size]
        lines.append(
            f"| {place} | {size:,} | {name} | {each.first:.2f} | {each.seen:.2f} | {each.seen / base.seen:.2f} "
            f"| {each.ended:.2f} | {each.cpu:.2f} | {each.cpu / base.cpu:.2f} |"
        )
    return "\n".join([*lines, ""])


def _newest(corpus: Corpus) -> str:
    return corpus.post(corpus.incidents - 1).id


def _read(url: str) -> bytes:
    with urlopen(url, timeout=PATIENCE) as answer:
        body: bytes = answer.read()
        return body


if __name__ == "__main__":
    main()
