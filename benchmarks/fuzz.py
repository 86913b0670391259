"""Feeds the readers bytes that coverage steers, and counts how many: `make fuzz`, or `FUZZ_SECONDS=600 make fuzz`.

Each reader is a program of its own, since libFuzzer ends the one it runs in. What it finds stays in the folder that is
named, to be run again with: python benchmarks/fuzz.py READER FILE
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import atheris

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

with (
    redirect_stderr(io.StringIO()),
    atheris.instrument_imports(include=["statusgen.content", "markdown", "dateutil.rrule"]),
):
    from statusgen.content.format import recurrence, values
    from statusgen.content.images.picture import UnreadablePicture
    from statusgen.content.images.svg import ActiveContent, clean_svg
    from statusgen.content.markdown import convert
    from statusgen.content.posts import split
    from statusgen.content.reader import read_content
    from statusgen.content.yaml.documents import read_yaml
    from statusgen.problems import InvalidValue, Place, Problem
    from statusgen.text import decode_text

SECONDS = int(os.environ.get("FUZZ_SECONDS", "120"))  # for each reader
ONE = 10  # seconds, after which an input hangs
MEMORY = 800  # MB, the instruments included
LARGEST = 4_000  # bytes; beyond are the bounds that other tests look after

SERVICES = b"""site:
  title: {en: Springfield, es: Springfield}
  url: https://status.springfield.example/
  timezone: America/Chicago
  languages: [en, es]
services:
  - {name: Trash, id: trash}
  - {name: Water, id: water, channels: [{kind: online, url: "https://pay.springfield.example/"}, {kind: mail}]}
"""
ZONE = ZoneInfo("America/Chicago")
PLACE = Place("post.md", 1)


def told(problems: list[Problem], text: str) -> None:
    """Every mistake is one that a writer can find and fix."""
    for problem in problems:
        assert problem.what, problem
        assert problem.hint, problem
        assert 1 <= problem.place.line <= text.count("\n") + 1, problem
        assert str(problem).replace("\N{REPLACEMENT CHARACTER}", "").isprintable(), problem


def explained(wrong: InvalidValue) -> None:
    """A value that cannot be used says why, and what to write instead."""
    assert wrong.what
    assert wrong.hint


def text_of(content: bytes) -> str:
    """The text of a file; of one that is none, what is wrong with it is looked at."""
    text, problems = decode_text(content, PLACE.file)
    told(problems, content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").decode(errors="replace"))
    return text


def documents(content: bytes) -> None:
    """A YAML document."""
    text = text_of(content)
    document, problems = read_yaml(text, PLACE.file)
    told(problems, text)
    assert document.value is None or isinstance(document.value, str | bool | list | dict)


def post(content: bytes) -> None:
    """A post, taken apart."""
    text = text_of(content)
    raw, problems = split.split_post(text, PLACE.file)
    told(problems, text)
    assert raw or problems


def texts(content: bytes) -> None:
    """Markdown; what comes of it has no element and no address that may not be there."""
    text = text_of(content)
    html, problems = convert.convert_markdown(text, "en", PLACE, lambda target, _image: f"incidents/{len(target)}/")
    told(problems, text)
    if html:
        _Harmless().feed(html.html)


class _Harmless(HTMLParser):
    """Fails at whatever may not stand in a text."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert re.fullmatch(r"p|br|hr|strong|em|code|a|img|ul|ol|li|blockquote|h[456]|table|thead|tbody|tr|th|td", tag)
        for name, value in attrs:
            assert name in ("href", "src", "alt", "title", "rel", "start"), name
            if name in ("href", "src"):
                # Schemes may be written in capitals (RFC 3986, section 3.1).
                assert re.match("(?:https?|mailto|tel|site):|$", value or "", re.IGNORECASE), value


def small(content: bytes) -> None:
    """The small values: a time, an id, an address, a length of time."""
    text = content.decode(errors="replace")
    for value in (lambda: values.parse_time(text, ZONE), *(lambda read=read: read(text) for read in SMALL)):
        try:
            value()
        except InvalidValue as wrong:
            explained(wrong)


SMALL = (
    values.parse_id,
    values.parse_link,
    values.parse_site_url,
    values.parse_duration,
    values.parse_phone,
    values.parse_alert_sender,
)


def repeats(content: bytes) -> None:
    """A rule by which work repeats."""
    start = datetime(2024, 5, 10, 8)  # noqa: DTZ001 (a time on the clocks of the site)
    try:
        rule = content.decode(errors="replace")
        recurrence.check_recurrence(rule, start, ZoneInfo("America/Chicago"))
        recurrence.check_no_overlap(rule, start, start.replace(hour=12), ZoneInfo("America/Chicago"))
    except InvalidValue as wrong:
        explained(wrong)


def drawings(content: bytes) -> None:
    """A picture in SVG; one that is published stays as it is when it is read again."""
    try:
        clean = clean_svg(content).content
    except (ActiveContent, UnreadablePicture):
        return
    assert clean_svg(clean).content == clean


def site(content: bytes) -> None:
    """A whole site: the bytes are a post, its translation, or services.yaml."""
    name = ("services.yaml", "incidents/a.md", "incidents/a.es.md")[content[0] % 3 if content else 0]
    started = b"---\ntitle: T\nstarted: 2024-05-05\nservices: {trash: down}\n---\nText.\n"
    files = {"services.yaml": SERVICES, "incidents/a.md": started, "incidents/a.es.md": b"---\ntitle: T\n---\nx\n"}
    found = read_content(Path(EMPTY), ("en", "es"), files | {name: content[1:]})
    assert found.site or found.problems
    assert all(problem.what and problem.hint for problem in found.problems)


READERS: dict[str, Callable[[bytes], None]] = {
    "documents": documents,
    "post": post,
    "texts": texts,
    "small": small,
    "repeats": repeats,
    "drawings": drawings,
    "site": site,
}
SIGNS = (
    *(
        "---",
        "## ",
        "2024-05-06",
        "09:00",
        "-05:00",
        "Resolved",
        ": ",
        "- ",
        "{",
        "}",
        "[",
        "](",
        "![",
        "|",
        ">",
        "`",
        "**",
    ),
    *(
        "&a",
        "*a",
        "<<: ",
        "!!",
        "? ",
        "\\n",
        "https://",
        "mailto:",
        "&#0;",
        "FREQ=",
        "YEARLY",
        "BYDAY=",
        "COUNT=",
        "\\xc2\\xa0",
    ),
    *(
        "title: ",
        "started: ",
        "services:",
        "kind: maintenance",
        "starts: ",
        "ends: ",
        "repeats: ",
        "expected: ",
        "corrects: ",
    ),
)
EMPTY = ""


def seeds() -> Iterator[bytes]:
    """What the readers read every day."""
    for folder in ("tests/sites", "tests/broken", "tests/honest"):
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in (".md", ".yaml", ".svg") and file.stat().st_size < LARGEST:
                yield file.read_bytes()
    yield from (
        b"FREQ=MONTHLY;BYDAY=2TU;COUNT=6",
        b"FREQ=WEEKLY;BYDAY=SU,MO;UNTIL=20250101",
        b"2024-05-05 08:00 -05:00",
    )
    yield from (
        b"https://www.springfield.example/a?b=c#d",
        b"mailto:help@springfield.example",
        b"7 days",
        b"water-bill",
    )


def fuzz(reader: str, words: list[str]) -> None:
    """Feed one reader, until libFuzzer ends this process."""
    global EMPTY
    os.environ["PATH"] = ""  # so that no git is started, a thousand times a second
    with tempfile.TemporaryDirectory() as EMPTY:
        atheris.Setup([sys.argv[0], *words], READERS[reader])
        atheris.Fuzz()


def main() -> int:
    """Feed each reader in turn; the number of those that something was found in."""
    kept = Path(tempfile.mkdtemp(prefix="statusgen-fuzz-"))
    corpus = kept / "seeds"
    corpus.mkdir()
    for number, content in enumerate(seeds()):
        (corpus / str(number)).write_bytes(content)
    signs = kept / "signs"
    signs.write_text("".join(f'"{sign}"\n'.replace("\\n", "\\x0A") for sign in SIGNS), encoding="utf-8")
    executions, found = 0, 0
    for reader in READERS:
        own = kept / reader
        own.mkdir()
        limits = [f"-max_total_time={SECONDS}", f"-timeout={ONE}", f"-rss_limit_mb={MEMORY}", f"-max_len={LARGEST}"]
        words = [str(own), str(corpus), f"-dict={signs}", f"-artifact_prefix={own}-", "-print_final_stats=1", *limits]
        child = subprocess.run(
            [sys.executable, __file__, reader, *words], capture_output=True, text=True, errors="replace", check=False
        )
        count = re.search(r"number_of_executed_units: *(\d+)", child.stderr)
        executions += int(count[1]) if count else 0
        found += bool(child.returncode)
        print(f"{reader:10} {int(count[1]) if count else 0:>11,} executions, exit {child.returncode}", flush=True)
        if child.returncode:
            said = (child.stdout + child.stderr).partition("=== Uncaught Python exception")[2] or child.stderr[-2_000:]
            print("\n".join(line for line in said.splitlines() if not re.match("#|INFO", line)), flush=True)
    print(f"{executions:,} executions; something was found in {found} of {len(READERS)} readers.")
    if found:
        print(f"It is kept in {kept}.")
    else:
        shutil.rmtree(kept)
    return found


if __name__ == "__main__":
    if len(sys.argv) > 1:
        fuzz(sys.argv[1], sys.argv[2:])
    else:
        sys.exit(main())
