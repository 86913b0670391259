"""What should be in place before a bad night, as far as services.yaml and this computer know of it."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from statusgen.editor.private_folder import private_folder
from statusgen.editor.save import save_file
from statusgen.model.targets import Target
from statusgen.model.whole_site import Review, Site
from statusgen.problems import OutputError

KIT_AGE = timedelta(days=90)
"""How old a kit may be."""
DRILLS_FILE = "drills.md"
"""Where drills are noted, beside services.yaml: it is committed, so that it counts on every computer."""
DRILL_AGE = timedelta(days=183)
"""How long ago the last drill may be."""
_DRILL = re.compile(r"^- (\d{4}-\d\d-\d\d): ", re.MULTILINE)
_STORES = {"s3": "amazonaws.com", "az": "windows.net", "gs": "googleapis.com"}
_THIS_COMPUTER = "this computer"


class Readiness(Enum):
    """The answer to one question. What nobody wrote down is not known, and is never taken for a yes."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not known"


@dataclass(frozen=True)
class ReadyLine:
    """An answer, what it is about, and what to do; nothing if all is well."""

    answer: Readiness
    what: str
    to_do: str = ""

    def __str__(self) -> str:
        return f"{self.answer.value:<11}{self.what}" + (f" {self.to_do}" if self.to_do else "")


def list_readiness(site: Site, source: Path, moment: datetime) -> Iterator[ReadyLine]:
    """Yield the answer to each question, for the site in `source` at a moment."""
    yield _ask_places(site)
    yield _ask_name(site)
    yield _ask_dns()
    yield _ask_kit(source, moment)
    yield _ask_signature(source)
    yield _ask_review(site)
    yield _ask_contacts(site)
    yield _ask_drill(site, source, moment)


def note_kit(source: Path, moment: datetime) -> None:
    """Note on this computer that a kit of the site in `source` was made."""
    path = _note_path(source)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(moment.isoformat(), encoding="ascii")


def _read_note(source: Path) -> datetime | None:
    with suppress(OSError, ValueError):
        return datetime.fromisoformat(_note_path(source).read_text(encoding="ascii"))
    return None


def _note_path(source: Path) -> Path:
    return private_folder(source) / "kit-made"


def _ask_places(site: Site) -> ReadyLine:
    what = "Two independent places to publish."
    if not site.targets:
        return ReadyLine(
            Readiness.NOT_KNOWN,
            what,
            "services.yaml names none: name two under publish:, or look at what publishes it.",
        )
    hosts = {target.id: _find_company(target) for target in site.targets}
    named = ", ".join(f"{id} is at {host}" for id, host in hosts.items())
    if len({*hosts.values()} - {_THIS_COMPUTER}) < 2:
        return ReadyLine(Readiness.NO, what, f"{named}. Name one at another company under publish: in services.yaml.")
    return ReadyLine(Readiness.YES, f"{what} {named}.")


def _find_company(target: Target) -> str:
    """Return whose place it is, by its domain."""
    if target.endpoint:
        return _find_domain(urlsplit(target.endpoint).hostname or "")
    return _STORES.get(target.to.scheme) or _find_domain(target.to.host) or _THIS_COMPUTER


def _find_domain(host: str) -> str:
    """Return the part of a name that somebody registered; below a country's ending, one more part is taken with it."""
    with suppress(ValueError):
        return str(ip_address(host.strip("[]")))
    parts = host.lower().rstrip(".").split(".")
    return ".".join(parts[-3:] if len(parts[-1]) == 2 else parts[-2:])


def _ask_name(site: Site) -> ReadyLine:
    own = _find_domain(urlsplit(site.url).hostname or "")
    what = f"The page has another domain ({own}) than the city's other sites."
    links = [contact.url for contact in site.contacts]
    links += [channel.url for service in site.services for channel in service.channels]
    hosts = [urlsplit(link).hostname for link in links if link]
    others = {_find_domain(host) for host in hosts if host}
    if own in others:
        return ReadyLine(
            Readiness.NO,
            what,
            "services.yaml has other sites below it. When its DNS fails, the page goes, too: take another domain.",
        )
    if not others:
        return ReadyLine(Readiness.NOT_KNOWN, what, "services.yaml names no other site: compare them yourself.")
    return ReadyLine(Readiness.YES, what)


def _ask_dns() -> ReadyLine:
    what = "Its DNS is at another provider than the city's, or at two."
    return ReadyLine(Readiness.NOT_KNOWN, what, "Ask who registered it, and write that on the card of the kit.")


def _ask_kit(source: Path, moment: datetime) -> ReadyLine:
    what = f"A kit that is younger than {KIT_AGE.days} days."
    made = _read_note(source)
    if made is None:
        return ReadyLine(Readiness.NOT_KNOWN, what, "None was made on this computer: statusgen kit")
    if moment - made >= KIT_AGE:
        return ReadyLine(
            Readiness.NO, what, f"The last one on this computer was made on {made:%Y-%m-%d}: statusgen kit"
        )
    return ReadyLine(Readiness.YES, f"{what} It was made on {made:%Y-%m-%d}.")


def _ask_signature(source: Path) -> ReadyLine:
    what = "The page is signed."
    if any((source / "site" / name).is_file() for name in ("manifest.json.sig", "manifest.json.minisig")):
        return ReadyLine(Readiness.YES, f"{what} The one in site/ is.")
    return ReadyLine(Readiness.NOT_KNOWN, what, "In site/ there is no signature: statusgen build --sign KEY")


def _ask_review(site: Site) -> ReadyLine:
    what = "A colleague reads what is published."
    if site.review is Review.TWO:
        return ReadyLine(Readiness.YES, what)
    return ReadyLine(Readiness.NO, what, "Write review: two under site: in services.yaml, if there are two of you.")


def _ask_contacts(site: Site) -> ReadyLine:
    what = "Residents see whom to call."
    if site.contacts:
        return ReadyLine(Readiness.YES, what)
    return ReadyLine(Readiness.NO, what, "Write contacts: under site: in services.yaml.")


def note_drill(source: Path, day: date, story: str) -> Path:
    """Note in the folder of a site that a drill was held on a day; return the file, which is for committing.

    Raise OutputError where it cannot be added to the file that is there.
    """
    path, line = source / DRILLS_FILE, format_drill(day, story)
    if path.is_symlink():
        raise OutputError(f"{path} is a link, so this is not noted: {line}. Put the file itself in its place.")
    try:
        old = path.read_bytes() if path.exists() else None
        text = (old or b"").decode()
    except (OSError, UnicodeDecodeError):
        raise OutputError(f"{path} is no text in UTF-8, so this is not noted: {line}. Save it as UTF-8.") from None
    if line not in text.splitlines():
        end = "\r\n" if "\r\n" in text else "\n"
        before = "# Drills\n\n" if not text else text if text.endswith("\n") else f"{text}{end}"
        save_file(path, f"{before}{line}{end}".encode(), old)
    return path


def format_drill(day: date, story: str) -> str:
    """Return the line that notes a drill: its day and its story, and nobody's name."""
    return f"- {day}: {story}"


def _read_last_drill(source: Path) -> date | None:
    with suppress(OSError, UnicodeDecodeError):
        days = _DRILL.findall((source / DRILLS_FILE).read_text(encoding="utf-8-sig"))
        return max((day for text in days if (day := _parse_day(text))), default=None)
    return None


def _parse_day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None


def _ask_drill(site: Site, source: Path, moment: datetime) -> ReadyLine:
    what = "A drill in the last six months."
    last = _read_last_drill(source)
    if last is None:
        return ReadyLine(Readiness.NOT_KNOWN, what, f"{DRILLS_FILE} here notes none: statusgen drill")
    if site.local_day(moment) - last > DRILL_AGE:
        return ReadyLine(Readiness.NO, what, f"The last one was held on {last}: statusgen drill")
    return ReadyLine(Readiness.YES, f"{what} The last one was held on {last}.")
