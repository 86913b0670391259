"""Templates of posts: Markdown files with blanks `[[what is missing]]`; the site's own override the built-in ones."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from statusgen.content.disk import read_file
from statusgen.content.format.values import check_known_name
from statusgen.content.posts.blanks import BLANK
from statusgen.content.yaml.documents import read_yaml
from statusgen.editor.fact_values import Facts, FactValue
from statusgen.editor.yaml_text import as_yaml
from statusgen.problems import InvalidValue
from statusgen.text import MAX_TEXT_BYTES, decode_text

SITE_TEMPLATES_FOLDER = "templates/posts"
STARTER_TEMPLATES = Path(__file__).parent.parent / "starter" / "posts"

_TOP_KEY = re.compile(r"([\w-]+):(?:\s|$)")


def template_names(folder: Path) -> list[str]:
    """Return the names of the templates that a site can use, from A to Z."""
    return sorted(
        {path.stem for place in (folder / SITE_TEMPLATES_FOLDER, STARTER_TEMPLATES) for path in place.glob("*.md")}
    )


def read_template(folder: Path, name: str) -> str:
    """Return the text of a template, with newlines only; raises InvalidValue."""
    check_known_name(name, template_names(folder), "template")
    try:
        bytes = read_file(folder, folder / SITE_TEMPLATES_FOLDER / f"{name}.md", MAX_TEXT_BYTES)
    except FileNotFoundError:
        bytes = (STARTER_TEMPLATES / f"{name}.md").read_bytes()
    text, problems = decode_text(bytes, f"{name}.md")
    if problems:
        raise InvalidValue(f"The template cannot be read: {problems[0].what}", problems[0].hint)
    return text


def fill_template(template: str, front: Mapping[str, FactValue], text: str = "") -> str:
    """Return the template with these keys in its front matter, and with `text`, if there is one, as its text.

    Everything else stays: the order, the comments, and the blanks that nothing fills. Raises InvalidValue if the
    template has no front matter.
    """
    head, lines, rest = _split_template(template)
    for key, value in front.items():
        begin, end = _key_line_range(lines, key)
        lines[begin:end] = as_yaml({key: value}).splitlines()
    return "\n".join([*head, *lines, "---", *([text, ""] if text else rest)])


def shorten_template(template: str, keys: Collection[str], keeps_text: bool) -> str:
    """Return the template without these keys, and without its text unless that is kept.

    Raises InvalidValue if the template has no front matter.
    """
    head, lines, rest = _split_template(template)
    for key in keys:
        begin, end = _key_line_range(lines, key)
        del lines[begin:end]
    return "\n".join([*head, *lines, "---", *(rest if keeps_text else [""])])


def read_words(template: str) -> tuple[Facts, str]:
    """Return the front matter of a template, blanks included, and its text; raises InvalidValue if it has none."""
    _, lines, rest = _split_template(template)
    document, _ = read_yaml("\n".join(lines), "")
    front: Facts = {**document.value} if isinstance(document.value, dict) else {}
    return front, "\n".join(rest).strip("\n")


def read_fixed_values(template: str) -> dict[str, str]:
    """Return the keys of a template's front matter that have no blanks, each with the rest of its line."""
    lines = _split_template(template)[1]
    found = {}
    for line in lines:
        if key := _TOP_KEY.match(line):
            begin, end = _key_line_range(lines, key[1])
            if not any(BLANK.search(line) for line in lines[begin:end]):
                found[key[1]] = line[key.end() :].strip()
    return found


def read_blank_entry(template: str) -> Facts:
    """Return what a template says, besides the status, about a service that it does not name: `do`, for example."""
    document, _ = read_yaml("\n".join(_split_template(template)[1]), "")
    services = document.value.get("services") if isinstance(document.value, dict) else None
    entries = services.items() if isinstance(services, dict) else ()
    blank_entry = next((entry for key, entry in entries if BLANK.search(key) and isinstance(entry, dict)), {})
    return {key: value for key, value in blank_entry.items() if key != "status"}


def _split_template(template: str) -> tuple[list[str], list[str], list[str]]:
    """Return the lines up to the first fence, those of the front matter, and those after it."""
    lines = template.split("\n")
    fences = [number for number, line in enumerate(lines) if line.rstrip() == "---"][:2]
    if len(fences) < 2:
        raise InvalidValue("This template has no front matter.", "It begins and ends with three dashes on a line.")
    first, last = fences
    return lines[: first + 1], lines[first + 1 : last], lines[last + 1 :]


def _key_line_range(lines: list[str], key: str) -> tuple[int, int]:
    """Return the range of lines of a key and its value; an empty range at the end if the key is not there."""
    begin = next((n for n, line in enumerate(lines) if (found := _TOP_KEY.match(line)) and found[1] == key), None)
    if begin is None:
        return len(lines), len(lines)
    end = begin + 1
    while end < len(lines) and re.match(r"\s+\S|- ", lines[end]):
        end += 1
    return begin, end
