"""Templates of posts: Markdown files with blanks `[[what is missing]]`; the site's own override the built-in ones.

Of the built-in ones, those in folders fit some publishers only: `statusgen init` copies them into their sites. Others
are not offered them, and can use them by name.
"""

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import yaml

from statusgen.content.disk import read_file
from statusgen.content.format.values import check_known_name
from statusgen.content.posts.blanks import BLANK
from statusgen.content.yaml.documents import read_yaml
from statusgen.editor.fact_values import Facts, FactValue, drop_empty
from statusgen.editor.yaml_text import as_yaml
from statusgen.problems import InvalidValue
from statusgen.text import MAX_TEXT_BYTES, decode_text

SITE_TEMPLATES_FOLDER = "templates/posts"
STARTER_TEMPLATES = Path(__file__).parent.parent / "starter" / "posts"

# Who has read a translation, and on which day.
_REVIEW = re.compile(r"[^\W\d_].*\d{4}-\d\d-\d\d|\d{4}-\d\d-\d\d.*[^\W\d_]")
_TOP_KEY = re.compile(r"([\w-]+):(?:\s|$)")
# The name of a service, or of a way to use it, below `services:`.
_SERVICE_KEY = re.compile(r"  ([\w/-]+):(?:\s|$)")


def template_names(folder: Path) -> list[str]:
    """Return the names of the templates that a site is offered, from A to Z."""
    places = (folder / SITE_TEMPLATES_FOLDER, STARTER_TEMPLATES)
    # "power.es.md" is the translation of a template.
    return sorted({path.stem for place in places for path in place.glob("*.md") if "." not in path.stem})


def read_own_templates(folder: Path) -> dict[str, str]:
    """Return the texts of the site's own templates and of their translations, by their paths within the site.

    One that cannot be read is left out: who uses it learns why.
    """
    found = {}
    for path in sorted((folder / SITE_TEMPLATES_FOLDER).glob("*.md")):
        with suppress(InvalidValue, FileNotFoundError):
            found[f"{SITE_TEMPLATES_FOLDER}/{path.name}"] = _read(folder, SITE_TEMPLATES_FOLDER, path.name)
    return found


def read_template(folder: Path, name: str) -> str:
    """Return the text of a template, with newlines only; raises InvalidValue."""
    check_known_name(name, sorted({*template_names(folder), *_built_in_templates()}), "template")
    place = SITE_TEMPLATES_FOLDER if (folder / SITE_TEMPLATES_FOLDER / f"{name}.md").exists() else None
    return _read(folder, place, f"{name}.md")


def _read(folder: Path, place: str | None, name: str) -> str:
    """Return the text of a file of the site's templates, or of the built-in ones if `place` is None."""
    own = read_file(folder, folder / place / name, MAX_TEXT_BYTES) if place else None
    text, problems = decode_text(_find_built_in(name).read_bytes() if own is None else own, name)
    if problems:
        raise InvalidValue(f"The template cannot be read: {problems[0].what}", problems[0].hint)
    return text


def _built_in_templates() -> dict[str, Path]:
    """Return every built-in template by its name, for any kind of organization."""
    return {path.stem: path for path in STARTER_TEMPLATES.rglob("*.md") if "." not in path.stem}


def _find_built_in(name: str) -> Path:
    """Return where a built-in template or its translation is, by the name of the file; a path that may not exist."""
    original = _built_in_templates().get(name.partition(".")[0])
    return (original.parent if original else STARTER_TEMPLATES) / name


@dataclass(frozen=True)
class TranslatedTemplate:
    """A prepared text in another language: where it is, its text, and who has read it, and when; "" if nobody has."""

    file: Path
    text: str
    reviewed: str


def read_translated_template(folder: Path, name: str, language: str) -> TranslatedTemplate | None:
    """Return the translation that stands beside a template; None if there is none. Raises InvalidValue."""
    own = folder / SITE_TEMPLATES_FOLDER
    place = SITE_TEMPLATES_FOLDER if (own / f"{name}.md").exists() else None
    file = own / f"{name}.{language}.md" if place else _find_built_in(f"{name}.{language}.md")
    if not file.exists():
        return None
    head, lines, rest = _split_template(_read(folder, place, file.name))
    begin, end = _key_line_range(lines, "reviewed")
    said, _ = read_yaml("\n".join(lines[begin:end]), "")
    reviewed = said.value.get("reviewed") if isinstance(said.value, dict) else ""
    while begin and end > begin and lines[begin - 1].startswith("#"):
        begin -= 1  # what explains it
    text = "\n".join([*head, *lines[:begin], *lines[end:], "---", *rest])
    is_read = isinstance(reviewed, str) and _REVIEW.search(reviewed) and not BLANK.search(reviewed)
    return TranslatedTemplate(file, text, str(reviewed) if is_read else "")


def translate_template(translation: str, template: str, front: Mapping[str, FactValue], has_own_text: bool) -> str:
    """Return the translation of a template for a post whose front matter has these keys of its own.

    Where the post says something else than the template, the translation of that is left out, but for blanks.
    """
    head, lines, rest = _split_template(translation)
    for key in front:
        begin, end = _key_line_range(lines, key)
        is_blank = end - begin == 1 and BLANK.fullmatch(lines[begin].partition(":")[2].strip(" \"'"))
        if key != "services" and not is_blank:
            del lines[begin:end]
    said = front.get("services")
    if isinstance(said, Mapping):
        mine, theirs = read_blank_entry(template), read_blank_entry(translation)
        entries = {key: _translate_entry(entry, mine, theirs) for key, entry in said.items()}
        begin, end = _key_line_range(lines, "services")
        lines[begin:end] = as_yaml(drop_empty({"services": drop_empty(entries)})).splitlines()
    said = _drop_comments(lines)
    return "\n".join([*head, *said, "---", *([] if has_own_text else rest)]).rstrip("\n") + "\n"


def _translate_entry(entry: FactValue, mine: Facts, theirs: Facts) -> Facts:
    """Return the translation of what an entry says of a service as the template does."""
    said = entry if isinstance(entry, Mapping) else {}
    return {key: value for key, value in theirs.items() if key in said and said[key] == mine.get(key)}


def fill_template(template: str, front: Mapping[str, FactValue], text: str = "") -> str:
    """Return the template with these keys in its front matter, and with `text`, if there is one, as its text.

    Everything else stays: the order, and the blanks that nothing fills; but for the comments, which are for the
    writer. Raises InvalidValue if the template has no front matter.
    """
    head, lines, rest = _split_template(template)
    for key, value in front.items():
        begin, end = _key_line_range(lines, key)
        lines[begin:end] = as_yaml({key: value}).splitlines()
    return "\n".join([*head, *_drop_comments(lines), "---", *([text, ""] if text else rest)])


def read_comments(template: str) -> list[str]:
    """Return what the author of a template tells the person who uses it; raises InvalidValue."""
    return [line.lstrip("# ").strip() for line in takewhile(_is_comment, _split_template(template)[1])]


def _drop_comments(lines: list[str]) -> list[str]:
    """Return the lines of a front matter without its comments; what begins with # within a text is none."""
    try:
        texts = [token for token in yaml.scan("\n".join(lines)) if isinstance(token, yaml.ScalarToken)]
    except yaml.YAMLError:
        return lines
    within = {number for text in texts for number in range(text.start_mark.line + 1, text.end_mark.line)}
    return [line for number, line in enumerate(lines) if number in within or not _is_comment(line)]


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


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
    """Return the keys of a template's front matter that need no answer, each with the rest of its line.

    They have no blanks. `services` may have some, if none of them asks which services.
    """
    lines = _split_template(template)[1]
    found = {}
    for line in lines:
        if key := _TOP_KEY.match(line):
            begin, end = _key_line_range(lines, key[1])
            has_blank = any(BLANK.search(line) for line in lines[begin:end])
            if not has_blank or (key[1] == "services" and _names_services(template)):
                found[key[1]] = line[key.end() :].strip()
    return found


def _names_services(template: str) -> bool:
    services = read_words(template)[0].get("services")
    return isinstance(services, dict) and not any(BLANK.search(key) for key in services)


def read_blank_entry(template: str) -> Facts:
    """Return what a template says, besides the status, about a service that it does not name: `do`, for example.

    If it names a single service, that is what it says about that one: somebody may have named another instead.
    """
    document, _ = read_yaml("\n".join(_split_template(template)[1]), "")
    services = document.value.get("services") if isinstance(document.value, dict) else None
    entries = services if isinstance(services, dict) else {}
    is_alone = len(entries) == 1
    found = (entry for key, entry in entries.items() if (is_alone or BLANK.search(key)) and isinstance(entry, dict))
    return {key: value for key, value in next(found, {}).items() if key != "status"}


def blank_missing_service(template: str, known: Collection[str]) -> str:
    """Return the template with a blank in place of a service that it names and the site does not have."""
    head, lines, rest = _split_template(template)
    begin, end = _key_line_range(lines, "services")
    for number in range(begin + 1, end):
        key = _SERVICE_KEY.match(lines[number])
        if key and key[1] not in known:
            lines[number] = lines[number].replace(key[1], '"[[service]]"', 1)
    return "\n".join([*head, *lines, "---", *rest])


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
