"""Sites that try to use up time or memory: each is small to send, and none may delay a build.

Run as a program, it reads each of them under a memory limit, makes the site where there is no mistake, and prints as
JSON, for each, the messages, the processor seconds that reading and making took, and the peak memory so far in MB.
"""

import json
import resource
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from statusgen.board.board import make_board
from statusgen.content.markdown.convert import MAX_LINE_LENGTH, MAX_LINES
from statusgen.content.reader import read_content
from statusgen.lint.mistakes import find_mistakes
from statusgen.model.whole_site import Site
from statusgen.outputs.registry import all_files
from statusgen.text import MAX_TEXT_BYTES
from statusgen.theme.renderer import Renderer
from statusgen.wording.interface import available_languages

ADDRESS_SPACE = 1_000_000_000  # bytes; anything that needs more is stopped

SERVICES = """site:
  title: Springfield service status
  url: https://status.springfield.example/
  timezone: America/Chicago
services:
  - {name: Trash pickup, id: trash}
"""
POST = "---\ntitle: Trash is late\nstarted: 2024-05-05 08:00\nservices: {trash: degraded}\n---\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg">'


def post(text: str) -> dict[str, str]:
    return {"services.yaml": SERVICES, "incidents/2024-05-05-trash.md": POST + text}


def facts(words: str) -> dict[str, str]:
    return post("").copy() | {"incidents/2024-05-05-trash.md": POST.replace("---\n", f"---\n{words}\n", 1)}


def services(words: str) -> dict[str, str]:
    return {"services.yaml": words}


def logo(drawing: str) -> dict[str, str]:
    return {"services.yaml": SERVICES.replace("  timezone", "  logo: logo.svg\n  timezone"), "logo.svg": drawing}


def repeats(rule: str) -> dict[str, str]:
    # The first day must be one that the rule names, where it names any.
    day = "2032-02-29" if "BYMONTHDAY=29" in rule else "2024-05-01" if "BYMONTHDAY=1," in rule else "2024-05-10"
    words = f"kind: maintenance\nstarts: {day} 08:00\nends: {day} 12:00\nrepeats: {rule}"
    return facts(words) | {"incidents/2024-05-05-trash.md": POST.replace("{trash: degraded}", f"[trash]\n{words}")}


def fill(unit: str, size: int = MAX_TEXT_BYTES) -> str:
    """Repeat a unit as often as a file may hold it."""
    return unit * (size // len(unit.encode()))


def lines(unit: str) -> str:
    """Return the longest text allowed, in the longest lines allowed."""
    line = unit * (1_000 // len(unit))
    return "\n".join([line] * 45)


MERGES = "a: &a {x: 1, y: 2, z: 3}\n" + "".join(
    f"{key}: &{key} {{<<: [{', '.join([f'*{before}'] * 9)}]}}\n"
    for before, key in zip("abcdefghi", "bcdefghij", strict=True)
)
ALIASES = 'a: &a ["lol"]\n' + "".join(
    f"{key}: &{key} [{', '.join([f'*{before}'] * 9)}]\n" for before, key in zip("abcdefghi", "bcdefghij", strict=True)
)
BOMBS: Mapping[str, dict[str, str]] = {
    "merge keys that grow": services(MERGES),
    "merge keys that grow, in a post": facts(MERGES),
    "aliases that grow": services(ALIASES),
    "aliases that grow, in a post": facts(ALIASES),
    "an anchor around itself": services("a: &a {b: *a, <<: *a}\n"),
    "10,000 anchors": services("".join(f"a{n}: &a{n} *a{n - 1}\n" if n else "a0: &a0 x\n" for n in range(10_000))),
    "10,000 brackets": services("services: " + "[" * 10_000),
    "a line of dashes": services("-" * 1_900_000),
    "a file of brackets": services(fill("[")),
    "a file of braces": services(fill("{a: ")),
    "a file of dashes": services(fill("- ")),
    "a file of question marks": services(fill("? ")),
    "a file of keys": services(fill("a: b\n")),
    "a file of many keys": services("".join(f"k{n}: 1\n" for n in range(150_000))),
    "a file of services": services(SERVICES + "".join(f"  - name: s{n}\n" for n in range(20_000))),
    "a file of anchors": services(fill("&a ")),
    "a file of aliases": services(fill("*a ")),
    "a file of quotes": services(fill('"')),
    "a file of one word": services(fill("a")),
    "a file of colons": services(fill(":")),
    "a file of spaces": services(fill(" ")),
    "spaces behind a bracket that stays open": services(SERVICES + "x: [a" + " " * 900_000 + "\n"),
    "spaces in a line that is not valid": services(SERVICES + "x: a: b" + " " * 900_000 + "c\n"),
    "a file of newlines": services(fill("\n")),
    "a file of tabs": services(fill("\t")),
    "a file of remarks": services(fill("# a\n")),
    "a file of document marks": services(fill("---\n")),
    "a file of block texts": services(fill("a: |\n b\n")),
    "a file of escapes": services('a: "' + fill("\\u0041", MAX_TEXT_BYTES - 10) + '"'),
    "a file of controls": services(fill("\x01\n")),
    "a file of hard spaces": services(fill("\u00a0\n")),
    "a key of 100,000 letters": services("k" * 100_000 + ": v\n"),
    "a text of 1,900,000 letters": facts("known: [" + "a" * 1_900_000 + "]"),
    "2,000 unknown services": facts("unrelated_to: [" + ", ".join(f"p{n}" for n in range(2_000)) + "]"),
    "20,000 facts of nobody": facts("\n".join(f"key-{n}: v" for n in range(20_000))),
    "20,000 headings": post("## 2024-05-06 09:00\n" * 20_000),
    "20,000 headings that are none": post("## Resolved\n" * 20_000),
    "20,000 conflicts": post("<<<<<<< HEAD\n=======\n>>>>>>> x\n" * 20_000),
    "20,000 blanks": post("[[what]]\n" * 20_000),
    "8,000 brackets": post("[" * 8_000),
    "8,000 brackets, in lines": post(("[" * 100 + "\n") * 80),
    "500 brackets, nested": post("[" * 250 + "]" * 250),
    "closing brackets": post(lines("]")),
    "pictures without end": post(lines("![")),
    "lists in lists": post("\n".join("  " * depth + "- x" for depth in range(400))),
    "lists in lists, in a line": post("- " * 400 + "x"),
    "numbered lists in lists": post("1. " * 400 + "x"),
    "quotes in quotes": post("> " * 400 + "x"),
    "quotes in quotes, without spaces": post(">" * 400 + "x"),
    "quotes in lists": post("- > " * 200 + "x"),
    "2,000 backticks": post("`" * 2_000),
    "backticks of every length": post("\n".join("`" * length + "a" for length in range(1, 300))),
    "code in lines of 9,900 characters": post("\n\n".join(["``a`" * 2_475] * 5)),
    "code in paragraphs": post("\n\n".join(["``a`" * 120] * 100)),
    "stars in paragraphs": post("\n\n".join(["**a* " * 100] * 95)),
    "links in paragraphs": post("\n\n".join(["https://springfield.example/ " * 20] * 80)),
    "entities, nearly": post("a*@&lt;![//" * 450),
    "stars": post(lines("*")),
    "stars and letters": post(lines("*a ")),
    "stars of two kinds": post(lines("**a *b ")),
    "underscores": post(lines("_a_b")),
    "stars that never end": post("**" + lines("a ")),
    "a table of 10,000 columns": post("|" + "a|" * 10_000 + "\n|" + "-|" * 10_000 + "\n"),
    "a table of many columns": post("\n".join(["|" + "a|" * 48, "|" + "-|" * 48, *["|" + "a|" * 48] * 400])),
    "a table of many rows": post("a|b\n-|-\n" + "a|b\n" * (MAX_LINES - 20)),
    "references": post("".join(f"[a{n}]: https://springfield.example/{n}\n" for n in range(3_000))),
    "references before a long paragraph": post("[]: a\n\tb\n" * 490 + "\n".join(["a" * 100] * 430)),
    "one reference, used often": post("[a]: https://springfield.example/" + "x" * 5_000 + "\n\n" + "[a] " * 400),
    "entities": post(lines("&amp;")),
    "ampersands": post(lines("&")),
    "links": post(lines("https://springfield.example/ ")),
    "long links": post("\n".join("https://springfield.example/" + "x(" * 400 for _ in range(50))),
    "mail addresses": post(lines("a@b.example ")),
    "signs of mail": post(lines("a@b.")),
    "angle brackets": post(lines("<")),
    "tags": post(lines("<a href=")),
    "remarks of HTML": post(lines("<!--")),
    "headings": post("# x\n" * (MAX_LINES - 20)),
    "lines of equals signs": post("a\n=\n" * 900),
    "rules": post("- - -\n\n" * 900),
    "spaces": post("a" + " " * 60_000 + "b"),
    "spaces, as many as may be": post("\n".join(["a" + " " * (MAX_LINE_LENGTH - 10) + "b"] * 4)),
    "spaces at the ends of lines": post(("a" + " " * 900 + "\n") * 50),
    "accents": post("a" + "\u0301" * 9_000),
    "backslashes": post(lines("\\")),
    "backslashes and stars": post(lines("\\*")),
    "one word": post("\n".join(["a" * (MAX_LINE_LENGTH - 1)] * 4)),
    "digits": post("\n".join(["1" * (MAX_LINE_LENGTH - 1)] * 4)),
    "digits in groups": post(lines("4111 1111 1111 ")),
    "colons": post(lines("a:")),
    "keys, nearly": post(lines("a b ")),
    "words for a password": post(lines("password ")),
    "hashes": post(lines("#")),
    "dashes": post(lines("-")),
    "bars": post("\n".join(["|" * 49] * 900)),
    "500 updates": post(
        "".join(f"## 2025-{n // 700 + 1:02}-{n // 24 % 28 + 1:02} {n % 24:02}:00\nby: A\n\n- x\n\n" for n in range(500))
    ),
    "a drawing of entities": logo(
        f'<!DOCTYPE svg [<!ENTITY a "{"a" * 1000}"><!ENTITY b "{"&a;" * 1000}">]>{SVG}&b;</svg>'
    ),
    "a drawing in a drawing": logo(SVG + fill("<g>", 2_000_000)),
    "a drawing of attributes": logo(SVG + "<g " + " ".join(f'a{n}="b"' for n in range(100_000)) + "/></svg>"),
    "a drawing of one style": logo(SVG + "<style>" + fill("url(", 2_000_000) + "</style></svg>"),
    "a drawing that begins at a long name": logo(f'{SVG}<animate begin="{"a" * 490_000}"/></svg>'),
    **{
        f"repeats: {rule}": repeats(rule)
        for rule in (
            "FREQ=SECONDLY",
            "FREQ=DAILY;COUNT=9999",
            "FREQ=DAILY;INTERVAL=99;COUNT=9999",
            "FREQ=YEARLY;INTERVAL=99;COUNT=9999",
            "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU",
            "FREQ=MONTHLY;BYMONTHDAY=32",
            "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=300",
            "FREQ=YEARLY;BYMONTH=13",
            "FREQ=WEEKLY;UNTIL=29991231T000000",
            "FREQ=MONTHLY;BYMONTHDAY=" + ",".join(["1"] * 900),
        )
    },
}

# Those without a mistake: long and dull, but someone could have written them.
HARMLESS = frozenset(
    (
        "code in paragraphs", "stars in paragraphs", "links in paragraphs", "stars that never end",
        "long links", "colons",
        "a table of many columns", "a table of many rows", "headings",
        "lines of equals signs", "rules", "spaces, as many as may be", "spaces at the ends of lines",
        "one word", "digits", "digits in groups", "keys, nearly",
        "words for a password", "a drawing that begins at a long name", "hashes", "bars", "500 updates",
        "repeats: FREQ=DAILY;COUNT=9999",
        "repeats: FREQ=DAILY;INTERVAL=99;COUNT=9999",
        "repeats: FREQ=YEARLY;INTERVAL=99;COUNT=9999",
        "repeats: FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU",
        "repeats: FREQ=WEEKLY;UNTIL=29991231T000000",
        "repeats: FREQ=MONTHLY;BYMONTHDAY=" + ",".join(["1"] * 900),
    )
)  # fmt: skip


def read_site(folder: Path) -> tuple[Site | None, list[str]]:
    """Read a site; return it if it has no mistakes, and its mistakes."""
    content = read_content(folder, available_languages())
    found = content.problems + (list(find_mistakes(content.site, content.texts)) if content.site else [])
    return (None if found else content.site), [str(problem) for problem in found]


def count_files(site: Site, folder: Path) -> int:
    """Make the site; return the number of its files."""
    moment = datetime(2024, 6, 1, tzinfo=UTC)
    return sum(1 for _ in all_files(make_board(site, moment), Renderer(folder)))


def peak_memory() -> float:
    """Return the peak memory of this process so far, in MB.

    Linux hands `ru_maxrss` down from the process that started this one, so it is asked elsewhere where it can be.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    results = {}
    for name, files in BOMBS.items():
        with TemporaryDirectory() as folder:
            for file, content in files.items():
                path = Path(folder) / file
                path.parent.mkdir(exist_ok=True)
                path.write_text(content, encoding="utf-8", newline="\n")
            began = time.process_time()
            site, messages = read_site(Path(folder))
            read_by = time.process_time()
            files_made = count_files(site, Path(folder)) if site else 0
            seconds, making = read_by - began, time.process_time() - read_by
        memory = peak_memory()
        results[name] = {
            "messages": messages[:3],
            "count": len(messages),
            "seconds": seconds,
            "making": making,
            "files": files_made,
            "memory": memory,
        }
        print(f"{seconds:6.2f} s {making:6.2f} s {memory:6.0f} MB  {name[:50]}", file=sys.stderr)
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
