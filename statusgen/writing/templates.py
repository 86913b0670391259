"""Templates of posts: Markdown files with blanks `[[what is missing]]`, the site's own before those that come along."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from statusgen.reading.blanks import BLANK
from statusgen.reading.disk import content
from statusgen.reading.documents import MAX_BYTES, decode, read_yaml
from statusgen.reading.values import Wrong, known_name
from statusgen.writing.facts import as_yaml

OWN = "templates/posts"
STARTER = Path(__file__).parent.parent / "starter" / "posts"

_TOP_KEY = re.compile(r"([\w-]+):(?:\s|$)")


def names(folder: Path) -> list[str]:
    """The templates that a site can use, from A to Z."""
    return sorted({path.stem for place in (folder / OWN, STARTER) for path in place.glob("*.md")})


def template(folder: Path, name: str) -> str:
    """The text of a template, with newlines only; raises Wrong."""
    known_name(name, names(folder), "template")
    try:
        bytes = content(folder, folder / OWN / f"{name}.md", MAX_BYTES)
    except FileNotFoundError:
        bytes = (STARTER / f"{name}.md").read_bytes()
    text, problems = decode(bytes, f"{name}.md")
    if problems:
        raise Wrong(f"The template cannot be read: {problems[0].what}", problems[0].hint)
    return text


def filled(template: str, front: Mapping[str, Any], text: str = "") -> str:
    """The template with these keys in its front matter, in place of its own; with `text`, that in place of its text.

    Everything else stays: the order, the remarks, and the blanks that nothing fills. Raises Wrong where it has no
    front matter.
    """
    head, lines, rest = _parts(template)
    for key, value in front.items():
        begin, end = _span(lines, key)
        lines[begin:end] = as_yaml({key: value}).splitlines()
    return "\n".join([*head, *lines, "---", *([text, ""] if text else rest)])


def settled(template: str) -> dict[str, str]:
    """The keys of a template's front matter that leave nothing open, with what stands on their lines."""
    lines = _parts(template)[1]
    found = {}
    for line in lines:
        if key := _TOP_KEY.match(line):
            begin, end = _span(lines, key[1])
            if not any(BLANK.search(line) for line in lines[begin:end]):
                found[key[1]] = line[key.end() :].strip()
    return found


def open_entry(template: str) -> dict[str, Any]:
    """What a template says, besides its status, of a service that it does not name: what to do, for example."""
    document, _ = read_yaml("\n".join(_parts(template)[1]), "")
    services = document.value.get("services") if isinstance(document.value, dict) else None
    entries = services.items() if isinstance(services, dict) else ()
    said = next((entry for key, entry in entries if BLANK.search(key) and isinstance(entry, dict)), {})
    return {key: value for key, value in said.items() if key != "status"}


def _parts(template: str) -> tuple[list[str], list[str], list[str]]:
    """The first fence, the lines of the front matter, and those below it."""
    lines = template.split("\n")
    fences = [number for number, line in enumerate(lines) if line.rstrip() == "---"][:2]
    if len(fences) < 2:
        raise Wrong("This template has no front matter.", "It begins and ends with a line of three dashes.")
    first, last = fences
    return lines[: first + 1], lines[first + 1 : last], lines[last + 1 :]


def _span(lines: list[str], key: str) -> tuple[int, int]:
    """From which line to which a key and what is below it stand; the end of all where it does not."""
    begin = next((n for n, line in enumerate(lines) if (found := _TOP_KEY.match(line)) and found[1] == key), None)
    if begin is None:
        return len(lines), len(lines)
    end = begin + 1
    while end < len(lines) and re.match(r"\s+\S|- ", lines[end]):
        end += 1
    return begin, end
