"""When a resident sees the page of an ended incident: with its style in the page, as it is, and with a linked sheet.

    .venv/bin/python -m benchmarks.first_view

takes some minutes and prints a table in Markdown; with `--write` it replaces the one in
docs/developers/performance-readers.md. It builds a site of 100 incidents with compressed copies; in a second copy,
ended incidents and the archive link their style, to be kept by the browser for a year. nginx serves both on loopback,
and Chromium slows down the answers and the page. It delays each request, but not the first handshake, which is the
same for both.
"""

import argparse
import gzip
import hashlib
import re
import shutil
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from benchmarks.corpus import AT, OPEN, Corpus, write_site
from benchmarks.serving import REPORT, build
from tests.support.checkers import start_chromium
from tests.support.real_servers import nginx, run_server

BEGIN, END = (
    "<!-- first view: what follows is the output of benchmarks/first_view.py -->\n",
    "<!-- end of first view -->",
)
CORPUS = Corpus(100)
ONE, OTHER = (f"incidents/{CORPUS.post(number).id}/" for number in (50, 51))
# Milliseconds until an answer begins, kbit a second, and how many times slower the processor is.
CONNECTIONS = {"slow": (400, 400, 4), "fair": (150, 1600, 1)}
# What a resident opens one after the other, with nothing kept in the browser before.
SESSIONS = (
    {"an incident, first": ONE, "another one after it": OTHER},
    {"the front page, first": "", "an incident after it": ONE},
)
_PAINTED = """new Promise((done) => new PerformanceObserver((list) =>
  list.getEntriesByName("first-contentful-paint").forEach((entry) => done(entry.startTime))
).observe({type: "paint", buffered: true}))"""
_LOADED = 'performance.getEntriesByType("navigation")[0].loadEventStart'

View = tuple[float, float, int]
"""Milliseconds until the first words and until all is there; the bytes of all answers, with their headers."""


def link_styles(site: Path) -> None:
    """Let pages of ended incidents and of the archive link their style."""
    still_open = {CORPUS.post(number).id for number in range(CORPUS.incidents - OPEN, CORPUS.incidents)}
    for page in (*site.glob("incidents/*/index.html"), *site.glob("archive/**/index.html")):
        if page.parent.name in still_open:
            continue
        before, style, after = re.split("<style>(.*?)</style>", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        # The server lets browsers keep files with such names.
        name = f"print-{hashlib.sha256(style.encode()).hexdigest()[:12]}.css"
        # The page's policy names the hash of an inline style.
        text = re.sub(r" 'sha256-[^']+'", "", before) + f'<link rel="stylesheet" href="/{name}">{after}'
        for path, content in ((page, text.encode()), (site / name, style.encode())):
            path.write_bytes(content)
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))


def see(page: Page, wire: CDPSession, url: str) -> View:
    """Open a page and wait until it is all there."""
    parts, sizes = set[str](), list[int]()

    def begin(event: dict[str, Any]) -> None:
        if event["type"] != "Other":  # the icon of the tab, which may come later
            parts.add(event["requestId"])

    def finish(event: dict[str, Any]) -> None:
        if event["requestId"] in parts:
            sizes.append(int(event["encodedDataLength"]))

    listeners = {"Network.responseReceived": begin, "Network.loadingFinished": finish}
    for name, listener in listeners.items():
        wire.on(name, listener)
    page.goto(url)
    view = page.evaluate(_PAINTED), page.evaluate(_LOADED), sum(sizes)
    for name, listener in listeners.items():
        wire.remove_listener(name, listener)
    return view


def sessions(browser: Browser, port: int, connection: str) -> Iterator[tuple[str, View]]:
    """What each page of each session took."""
    delay, kbits, slower = CONNECTIONS[connection]
    for session in SESSIONS:
        context = browser.new_context(viewport={"width": 360, "height": 740})
        page = context.new_page()
        wire = context.new_cdp_session(page)
        speed = {"latency": delay, "downloadThroughput": kbits * 125, "uploadThroughput": kbits * 125}
        wire.send("Network.enable")
        wire.send("Network.emulateNetworkConditions", {"offline": False, **speed})
        wire.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        for opened, path in session.items():
            yield opened, see(page, wire, f"http://127.0.0.1:{port}/{path}")
        context.close()


def size(site: Path) -> str:
    """How many files there are and their bytes, and those of what is sent where there are compressed copies."""
    files = [path for path in site.rglob("*") if path.is_file() and path.suffix != ".gz"]
    copies = [path.with_name(f"{path.name}.gz") for path in files]
    sent = [copy if copy.exists() else path for path, copy in zip(files, copies, strict=True)]
    whole, packed = (sum(path.stat().st_size for path in paths) / 1e6 for paths in (files, sent))
    return f"{len(files):,} files of {whole:.1f} MB, {packed:.1f} MB compressed"


def report(views: Mapping[tuple[str, str, str], list[View]], copies: Mapping[str, Path], rounds: int) -> str:
    """All of it as Markdown."""
    lines = [
        f"Measured on {datetime.now(UTC):%B %-d, %Y}: in turn, the median of {rounds} rounds.",
        "",
        "| opened | first words, ms: inline | linked | all there, ms: inline | linked | bytes: inline | linked |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for connection, opened in dict.fromkeys(key[:2] for key in views):
        both = [zip(*views[connection, opened, copy], strict=True) for copy in copies]
        cells = [f"{statistics.median(each):,.0f}" for pair in zip(*both, strict=True) for each in pair]
        lines.append(f"| {connection}: {opened} | {' | '.join(cells)} |")
    whole = "; ".join(f"{copy}, {size(site)}" for copy, site in copies.items())
    return "\n".join([*lines, "", f"The complete site: {whole}.", ""])


def main() -> None:
    """Measure, and print or write what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--write", action="store_true", help="put the table into the documentation")
    asked = parser.parse_args()
    views: defaultdict[tuple[str, str, str], list[View]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as name, start_chromium() as browser:
        copies = {copy: Path(name) / copy / "site" for copy in ("inline", "linked")}
        write_site(CORPUS, Path(name) / "city")
        build(Path(name) / "city", copies["inline"], AT, "--compress", "gzip", "--no-cache")
        shutil.copytree(copies["inline"], copies["linked"])
        link_styles(copies["linked"])
        served = {copy: run_server(nginx, site, site.parent) for copy, site in copies.items()}
        with served["inline"] as inline, served["linked"] as linked:
            for _ in range(asked.rounds):
                for connection in CONNECTIONS:
                    for copy, port in (("inline", inline), ("linked", linked)):
                        for opened, view in sessions(browser, port, connection):
                            views[connection, opened, copy].append(view)
        text = report(views, copies, asked.rounds)
    if asked.write:
        page = REPORT.read_text(encoding="utf-8")
        REPORT.write_text(f"{page.partition(BEGIN)[0]}{BEGIN}\n{text}\n{END}{page.partition(END)[2]}", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
