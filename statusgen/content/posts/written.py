"""The updates of a post as they were written, for the record: the lines that residents could read, and no others."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from statusgen.content.format.values import TIME_PATTERN, parse_time
from statusgen.content.posts.split import split_post
from statusgen.content.posts.update_ids import make_update_id
from statusgen.content.yaml.comments import strip_comments
from statusgen.problems import InvalidValue

# A link that stands apart, "[label]: address", is often used for a note that no page shows: "[//]: # (ask Jim)".
# It can be in a quotation or a list, and its parts on lines of their own.
_BEFORE = r"[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]*)*"
_GAP = rf"[ \t]*(?:\n{_BEFORE})?"
_LINK_DEFINITION = re.compile(
    rf"^(?P<before>{_BEFORE})\[(?P<label>(?:\\.|[^\]\[\\]){{1,999}})\]:{_GAP}(?P<address><[^<>\n]*>|\S+)"
    rf"""(?:{_GAP}(?:"(?:\\.|[^"\\]){{0,2000}}"|'(?:\\.|[^'\\]){{0,2000}}'|\((?:\\.|[^()\\]){{0,2000}}\)))?.*""",
    re.MULTILINE,
)
# Where such a link is used: "[words][label]", "[label][]" or "[label]", and not in code.
_USED_LABEL = re.compile(
    r"(?P<code>(?<!\\)`[^`]*`)|(?<=\])\s?\[(?P<label>[^\]\[]+)\]"
    r"|(?<!\\)\[(?P<own>[^\]\[]+)\](?:\s?\[\])?(?!\s?\[|\()"
)
_BEHIND = re.compile(r"(?<=\])\s?\[(?P<label>[^\]\[]+)\]")


@dataclass(frozen=True)
class UpdateText:
    """An update as it was written: its facts and its text, without comments and empty lines.

    `id` and `time` are None for the first, whose time is that of the post.
    """

    id: str | None
    time: datetime | None
    facts: str
    text: str

    @cached_property
    def full_text(self) -> str:
        """All of its lines."""
        return "\n".join(part for part in (self.facts, self.text) if part)


def split_updates(text: str, zone: ZoneInfo) -> Iterator[UpdateText]:
    """Yield each update of a post or a translation as it was written.

    Versions that have mistakes count too, as far as their headings can be read.
    """
    post, _ = split_post(text, "")
    if post is None:
        return
    yield UpdateText(None, None, _strip_facts(post.front_matter.content), _strip_text(post.text.content))
    for update in post.updates:
        found = _read_update(update.heading.content, update.facts.content, update.text.content, zone)
        if found:
            yield found


# A new version of a post has most of its updates in common with the one before.
@lru_cache(maxsize=1_000)
def _read_update(heading: str, facts: str, text: str, zone: ZoneInfo) -> UpdateText | None:
    match = TIME_PATTERN.match(heading)
    try:
        time = parse_time(match[0], zone) if match else None
    except InvalidValue:
        return None
    if time is None:
        return None
    lines = _strip_lines(f"{heading}\n{strip_comments(facts)}")
    return UpdateText(make_update_id(time, zone), time.start, lines, _strip_text(text))


def _strip_facts(yaml: str) -> str:
    return _strip_lines(strip_comments(yaml))


def _strip_text(text: str) -> str:
    return _strip_lines(_strip_notes(text) if "]:" in text else text)


def _strip_notes(text: str) -> str:
    """Return a text with the address of each link where the link is used: readers see no labels, and no other notes.

    Of two links with one label, the library takes the last.
    """
    addresses = {_fold(own["label"]): own["address"].strip("<>") for own in _LINK_DEFINITION.finditer(text)}

    def write_out(used: re.Match[str]) -> str:
        if used["code"]:
            # Whether the library, too, takes it for code depends on all before it: better no label than a note.
            return _BEHIND.sub(lambda found: "" if _fold(found["label"]) in addresses else found[0], used["code"])
        address = addresses.get(_fold(used["label"] or used["own"]))
        if address is None:
            return used[0]
        return f"({address})" if used["label"] else f"[{used['own']}]({address})"

    return _USED_LABEL.sub(write_out, _LINK_DEFINITION.sub("", text))


def _fold(label: str) -> str:
    return " ".join(label.split()).lower()


def _strip_lines(text: str) -> str:
    """Return the lines that are not empty, without spaces at their ends."""
    return "\n".join(line.rstrip() for line in text.split("\n") if line.strip())


def diff_lines(before: str, after: str) -> tuple[str, str] | None:
    """Return the lines that were removed and those that were added; None if nothing changed but how they wrap."""
    if before.split() == after.split():
        return None
    old, new = before.split("\n"), after.split("\n")
    removed: list[str] = []
    added: list[str] = []
    for tag, first, last, start, end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            removed += old[first:last]
            added += new[start:end]
    return "\n".join(removed), "\n".join(added)
