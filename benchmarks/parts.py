"""What the parts of a cold build take, one after the other in one process: where the time goes.

    .venv/bin/python -m benchmarks.parts --incidents 1000

prints a table in Markdown; with `--write` it replaces that of docs/developers/performance.md. Hugo is run before, so
that the ratios come from one run. Nothing is judged here.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.corpus import AT, Corpus
from benchmarks.generators import Hugo, Statusgen
from benchmarks.speed import ROOT, run
from statusgen.audit.checkers import check_file
from statusgen.board.board import make_board
from statusgen.board.model.whole_board import Board
from statusgen.content.format.values import parse_time
from statusgen.content.markdown import convert
from statusgen.content.reader import read_content
from statusgen.files import File
from statusgen.folder.write import write
from statusgen.lint.mistakes import find_mistakes
from statusgen.outputs import pages
from statusgen.outputs.feeds import all_feeds
from statusgen.outputs.open_data import incidents
from statusgen.outputs.registry import OUTPUTS, make_parts
from statusgen.problems import Place
from statusgen.theme.renderer import Renderer
from statusgen.wording.interface import available_languages

REPORT = ROOT / "docs" / "developers" / "performance.md"
BEGIN, END = "<!-- parts -->\n", "<!-- end of parts -->\n"


class Parts:
    """The seconds of processor time that each part took, in order."""

    def __init__(self) -> None:
        self.taken: dict[str, float] = {}

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Count what is done in the block."""
        began = time.process_time()
        yield
        self.taken[name] = time.process_time() - began


def measured(folder: Path) -> Parts:
    """Build the site in a folder, part by part."""
    parts = Parts()
    with parts.part("reading all posts"):
        content = read_content(folder, available_languages())
    assert content.site
    with parts.part("… of this, Markdown to safe HTML"):
        _convert(content.texts)
    with parts.part("rules between files"):
        assert not list(find_mistakes(content.site, content.texts))
    with parts.part("the Board"):
        now = make_board(content.site, parse_time(AT, content.site.zone).start)
    made: list[File] = []
    look = Renderer(folder)
    for name, output in (
        ("a page for each incident", pages.incident_writer),
        ("three feeds for each incident", all_feeds.incident_writer),
        ("data for each incident", incidents.incident_writer),
    ):
        with parts.part(name):
            made += _of_incidents(output, now, look)
    with parts.part("all else: services, archive, feeds, calendars, data"):
        made += [file for output in OUTPUTS for file in make_parts(output(now, look))]
    with parts.part("checking every file"):
        for file in made:
            check_file(file.path, file.content, now.site.url)
    with parts.part("the folder, all or none"):
        write(made, folder / "site", source=folder)
    return parts


def _convert(texts: dict[str, str]) -> None:
    """What Markdown and the sanitizer take for the texts of the updates; reading them has warmed everything up."""
    for name, text in texts.items():
        if name.endswith(".md"):
            for part in text.split("\n## "):
                body = part.partition("\n\n" if not part.startswith("---") else "\n---\n")[2]
                convert.convert_markdown(body, "en", _NOWHERE, lambda target, _image: target)


_NOWHERE = Place("")


def _of_incidents(
    output: Callable[[Board, Renderer], Callable[..., Iterable[File]]], now: Board, look: Renderer
) -> list[File]:
    write_one = output(now, look)
    return [file for standing in now.incidents for file in write_one(standing)]


def report(parts: Parts, hugo: float, number: int) -> str:
    """The table as Markdown."""
    whole = sum(seconds for name, seconds in parts.taken.items() if not name.startswith("…"))
    lines = [
        f"Measured on {datetime.now(UTC):%B %-d, %Y} with {number:,} incidents, in one process, without its start.",
        f"Hugo took {hugo:.2f} s of processor time for its complete build just before.",
        "",
        "| part | CPU s | of all | CPU : Hugo |",
        "|---|--:|--:|--:|",
    ]
    for name, seconds in [*parts.taken.items(), ("all", whole)]:
        lines.append(f"| {name} | {seconds:.2f} | {100 * seconds / whole:.0f} % | {seconds / hugo:.2f} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, and print or write what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--incidents", type=int, default=1000)
    parser.add_argument("--write", action="store_true", help="put the table into the documentation")
    asked = parser.parse_args()
    corpus = Corpus(asked.incidents)
    with tempfile.TemporaryDirectory() as name:
        hugo, own = Path(name) / "hugo", Path(name) / "own"
        for generator, folder in ((Hugo(), hugo), (Statusgen(), own)):
            generator.lay_out(corpus, folder)
        took = run(Hugo().command(), hugo).cpu
        text = report(measured(own), took, asked.incidents)
    if asked.write:
        page = REPORT.read_text(encoding="utf-8")
        head, tail = page.partition(BEGIN)[0], page.partition(END)[2]
        REPORT.write_text(f"{head}{BEGIN}\n{text}\n{END}{tail}", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
