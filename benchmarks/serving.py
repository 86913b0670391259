"""How many readers one nginx serves, with and without compressed copies, and what they get while builds swap the site.

    .venv/bin/python -m benchmarks.serving

takes about four minutes and prints a table in Markdown; with `--write` it replaces the one in
docs/developers/performance-readers.md. The server has the setup of docs/hosts/setups/nginx.conf, the site is in
memory, and everything stays on loopback. It needs Linux and the Debian packages nginx-light and wrk; with
libnginx-mod-http-brotli-static it measures brotli too.
"""

import argparse
import hashlib
import http.client
import json
import os
import platform
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from statusgen.cli.main import main as statusgen
from statusgen.files import File
from statusgen.folder.write import write
from tests.faults.measures import scratch_folder as in_memory
from tests.support.real_servers import nginx, run_server

ROOT = Path(__file__).parent.parent
REPORT = ROOT / "docs" / "developers" / "performance-readers.md"
MARKS = ("<!-- served: what follows is the output of benchmarks/serving.py -->\n", "<!-- end of what was served -->")
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
MOMENTS = ("2024-05-06 12:00", "2024-05-10 12:00", "2024-05-15 12:00", "2024-05-28 12:00")
PAGES = ("/", "/es/", "/services/water-bill/", "/feed.xml", "/status.json", "/archive/")
COPIES = {"": "", "gzip": ".gz", "br": ".br"}
CONNECTIONS = 16
READERS = 2
ROUNDS = 3
MOST_READS = 1_000_000
PATIENCE = 30  # seconds until a request or a load that does not end is given up

# What wrk prints for people is rounded.
_SCRIPT = """
done = function(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        'COUNTED {"requests": %d, "seconds": %f, "bytes": %d, "slowest": %f, "status": %d, "socket": %d}\\n',
        summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(99) / 1e3, errors.status,
        errors.connect + errors.read + errors.write + errors.timeout))
end
"""


@dataclass(frozen=True)
class Load:
    """What wrk counted: answers, seconds, bytes with headers, the 99th percentile in ms, wrong states, lost sockets."""

    requests: int
    seconds: float
    bytes: int
    slowest: float
    status: int
    socket: int

    def faster(self, other: "Load | None") -> "Load":
        """The one with more answers a second, and the errors of both."""
        if other is None:
            return self
        fast = max(self, other, key=lambda each: each.requests / each.seconds)
        return replace(fast, status=self.status + other.status, socket=self.socket + other.socket)

    def row(self, name: str) -> str:
        """A row of the table."""
        return (
            f"| {name} | {self.seconds:.0f} | {self.requests / self.seconds:,.0f} | {self.bytes / self.requests:,.0f} "
            f"| {self.bytes / self.seconds / 1e6:,.0f} | {self.slowest:.1f} | {self.status + self.socket} |"
        )


@dataclass(frozen=True)
class Read:
    """What a reader compared: how many bodies, and each that is none of an edition."""

    count: int
    torn: tuple[str, ...]


@dataclass(frozen=True)
class Meanwhile:
    """What was found while somebody published: by wrk, by the readers, and how often something was published."""

    load: Load
    reads: Sequence[Read]
    published: int

    @property
    def torn(self) -> list[str]:
        """Each body that was none of an edition."""
        return [case for each in self.reads for case in each.torn]

    def row(self, name: str) -> str:
        """A row of the table."""
        return f"| {name} | {self.published:,} | {sum(each.count for each in self.reads):,} | {len(self.torn)} |"


Publisher = Callable[[Path, Path, float], int]
"""Publishes from a source into a site until a moment; how often."""
Editions = Mapping[tuple[str, str], frozenset[str]]
"""The SHA-256 of a page's body in each whole edition, by its address and how it is sent."""


def build(source: Path, site: Path, at: str, *options: str) -> None:
    """The command itself; what it cannot do ends this program."""
    words = ["build", "--source", str(source), "--output", str(site), "--at", at, *options]
    with redirect_stdout(None):
        statusgen(words, standalone_mode=False)


def packed(source: Path, site: Path, at: str) -> None:
    """Build with compressed copies."""
    build(source, site, at, "--compress", "gzip,brotli")


def with_brotli(site: Path, scratch: Path, port: int) -> list[str]:
    """The set-up of the documentation, and with brotli where nginx has the module for it."""
    command = nginx(site, scratch, port)
    if BROTLI.exists():
        setup = (scratch / "nginx.conf").read_text(encoding="utf-8")
        setup = setup.replace("gzip_static on;", "gzip_static on;\n    brotli_static on;")
        (scratch / "nginx.conf").write_text(f"load_module {BROTLI};\n{setup}", encoding="utf-8")
    return command


def load(port: int, way: str, seconds: int, scratch: Path) -> Load:
    """Ask for the front page as fast as wrk can, in one way of sending it."""
    script = scratch / "count.lua"
    script.write_text(_SCRIPT, encoding="utf-8")
    command = ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", str(seconds)]
    command += ["--script", str(script), *(["--header", f"Accept-Encoding: {way}"] if way else [])]
    command.append(f"http://127.0.0.1:{port}/")
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + PATIENCE).stdout
    return Load(**json.loads(said.partition("COUNTED ")[2]))


def editions(source: Path, scratch: Path) -> Editions:
    """Build each edition in a folder of its own, and note what each page may be."""
    found: dict[tuple[str, str], set[str]] = {}
    for number, at in enumerate(MOMENTS):
        site = _edition(scratch, number)
        packed(source, site, at)
        for page in PAGES:
            for way, ending in COPIES.items():
                file = site / f"{page.lstrip('/')}{'index.html' if page.endswith('/') else ''}{ending}"
                found.setdefault((page, way), set()).add(hashlib.sha256(file.read_bytes()).hexdigest())
    ways = COPIES if BROTLI.exists() else {way for way in COPIES if way != "br"}
    return {key: frozenset(digests) for key, digests in found.items() if key[1] in ways}


def keep_building(source: Path, site: Path, until: float) -> int:
    """Run one build after the other, of another moment each time; how many were published."""
    count = 0
    while time.monotonic() < until:
        packed(source, site, MOMENTS[count % len(MOMENTS)])
        count += 1
    return count


def keep_swapping(source: Path, site: Path, until: float) -> int:
    """Do only the last step of a build, with editions that were built before; how many were published."""
    built = [_files(_edition(site.parent.parent, number)) for number in range(len(MOMENTS))]
    count = 0
    while time.monotonic() < until:
        write(built[count % len(built)], site, source=source)
        count += 1
    return count


def _files(site: Path) -> list[File]:
    paths = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    return [File(path, (site / path).read_bytes()) for path in paths if path != ".statusgen"]


def _edition(scratch: Path, number: int) -> Path:
    return scratch / f"edition-{number}"


def read(port: int, known: Editions, until: float) -> Read:
    """Ask for each page in each way, and compare each body with those of whole editions."""
    count, torn = 0, list[str]()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    for page, way in _turns(list(known), until):
        try:
            connection.request("GET", page, headers={"Accept-Encoding": way} if way else {})
            answer = connection.getresponse()
            body, sent = answer.read(), answer.headers.get("Content-Encoding", "")
        except (OSError, http.client.HTTPException) as error:
            torn.append(f"{page}, {way or 'plain'}: {error!r}")
            connection.close()
            continue
        count += 1
        if answer.status != 200 or hashlib.sha256(body).hexdigest() not in known.get((page, sent), ()):
            torn.append(f"{page}, {way or 'plain'}: {answer.status}, {len(body)} bytes sent as {sent or 'plain'}")
    connection.close()
    return Read(count, tuple(torn))


def _turns(keys: Sequence[tuple[str, str]], until: float) -> Iterator[tuple[str, str]]:
    for number in range(MOST_READS):
        if time.monotonic() >= until:
            return
        yield keys[number % len(keys)]


def side_by_side(source: Path, scratch: Path, seconds: int) -> dict[str, Load]:
    """The same front page, sent in each way in turn, several times over; the fastest of each, for noise only slows."""
    build(source, scratch / "plain" / "site", MOMENTS[0])
    packed(source, scratch / "packed" / "site", MOMENTS[0])
    with (
        run_server(with_brotli, scratch / "plain" / "site", scratch / "plain") as plain,
        run_server(with_brotli, scratch / "packed" / "site", scratch / "packed") as beforehand,
    ):
        ways = {
            "as it is": (beforehand, ""),
            "gzip, made by nginx for each answer": (plain, "gzip"),
            "gzip, compressed by the build": (beforehand, "gzip"),
            **({"brotli, compressed by the build": (beforehand, "br")} if BROTLI.exists() else {}),
        }
        fastest: dict[str, Load] = {}
        for _ in range(ROUNDS):
            for name, (port, way) in ways.items():
                fastest[name] = load(port, way, seconds, scratch).faster(fastest.get(name))
    return fastest


def meanwhile(publisher: Publisher, source: Path, scratch: Path, known: Editions, seconds: int) -> Meanwhile:
    """The same while somebody publishes: wrk, and readers that compare every body."""
    served = scratch / publisher.__name__
    packed(source, served / "site", MOMENTS[-1])
    with run_server(with_brotli, served / "site", served) as port, ProcessPoolExecutor(READERS + 1) as processes:
        until = time.monotonic() + seconds
        published = processes.submit(publisher, source, served / "site", until)
        readers: list[Future[Read]] = [processes.submit(read, port, known, until) for _ in range(READERS)]
        counted = load(port, "gzip", seconds, scratch)
        return Meanwhile(counted, [reader.result() for reader in readers], published.result())


def report(quiet: Mapping[str, Load], busy: Mapping[str, Meanwhile]) -> str:
    """All of it as Markdown."""
    where = (
        f"{os.cpu_count()} processors for server, readers and builds; {_version()}, Python {platform.python_version()}"
    )
    lines = [
        f"Measured on {datetime.now(UTC):%B %-d, %Y}: {where}; {CONNECTIONS} connections; "
        f"in turn, the fastest of {ROUNDS} rounds, and once while someone published.",
        "",
        "| the front page of the example | s | answers a second | bytes of each | MB/s | 99 % within ms | errors |",
        "|---|--:|--:|--:|--:|--:|--:|",
        *(each.row(name) for name, each in quiet.items()),
        *(each.load.row(name) for name, each in busy.items()),
        "",
        f"Meanwhile {READERS} other readers asked for {len(PAGES)} addresses, plain and compressed, and compared each "
        f"body with the SHA-256 of {len(MOMENTS)} complete editions:",
        "",
        "| | published | bodies compared | torn, mixed or missing |",
        "|---|--:|--:|--:|",
        *(each.row(name) for name, each in busy.items()),
        "",
    ]
    return "\n".join(lines)


def _version() -> str:
    said = subprocess.run([_program("nginx"), "-v"], capture_output=True, text=True, check=True).stderr
    return said.strip().rpartition(" ")[2].replace("/", " ")


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if not found:
        raise SystemExit(
            f"There is no {name} on this system. Debian's package is nginx-light for nginx, and wrk for wrk."
        )
    return found


def main() -> int:
    """Measure, and print or write what was found; 1 if there was an error or a page that is none."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=10, help="of each load; three times as many while builds run")
    parser.add_argument("--write", action="store_true", help=f"put the table into {REPORT.relative_to(ROOT)}")
    asked = parser.parse_args()
    for program in ("nginx", "wrk"):
        _program(program)
    with in_memory() as scratch:
        os.environ["XDG_CACHE_HOME"] = str(scratch / "cache")
        source = scratch / "city"
        # A copy has no revision, so the same moment gives the same bytes.
        for part in ("incidents", "templates"):
            shutil.copytree(ROOT / part, source / part)
        shutil.copy(ROOT / "services.yaml", source)
        quiet = side_by_side(source, scratch, asked.seconds)
        known = editions(source, scratch)
        publishers = {
            "gzip, while one build follows another": keep_building,
            "gzip, while editions built earlier are swapped": keep_swapping,
        }
        busy = {
            name: meanwhile(publisher, source, scratch, known, 3 * asked.seconds)
            for name, publisher in publishers.items()
        }
    text = report(quiet, busy)
    if asked.write:
        before, _, rest = REPORT.read_text(encoding="utf-8").partition(MARKS[0])
        after = rest.partition(MARKS[1])[2]
        REPORT.write_text(f"{before}{MARKS[0]}\n{text}\n{MARKS[1]}{after}", encoding="utf-8")
    print(text)
    torn = [case for each in busy.values() for case in each.torn]
    print("\n".join(torn[:20]))
    loads = [*quiet.values(), *(each.load for each in busy.values())]
    return int(bool(torn) or any(each.status or each.socket for each in loads))


if __name__ == "__main__":
    raise SystemExit(main())
