"""The card that is printed: how to begin, whom to call, where the page is, and how to see that the kit is genuine."""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from statusgen.kit.gather import Gathered
from statusgen.kit.site_files import SiteFiles
from statusgen.kit.systems import NEWEST_GLIBC
from statusgen.model.targets import Target as Place
from statusgen.model.whole_site import Site

BLANK = "_" * 40
"""What somebody fills in by hand."""


@dataclass(frozen=True)
class CardSection:
    """A heading and what stands below it, as numbered steps or as lines."""

    heading: str
    lines: Sequence[str]
    is_numbered: bool = False


@dataclass(frozen=True)
class CardFacts:
    """What the card says. `sums_hash` is the SHA-256 of SHA256SUMS, as hexadecimal digits."""

    site: Site
    moment: datetime
    version: str
    pythons: Sequence[str]
    titles: Sequence[str]
    gathered: Gathered
    site_files: SiteFiles
    contacts: Sequence[str]
    sums_hash: str

    @property
    def title(self) -> str:
        """The name of the site, in its first language."""
        return self.site.title.in_language(*self.site.languages).text

    @property
    def folder(self) -> str:
        """The folder of the site in the kit."""
        return "/".join(filter(None, ("site", self.site_files.folder)))


def make_card(facts: CardFacts) -> list[CardSection]:
    """Return what the card says, in its order."""
    return [
        _introduce(facts),
        *_begin(facts),
        _write_and_publish(facts),
        _list_contacts(facts),
        _list_places(facts.site),
        _list_names(),
        _verify(facts),
        _list_left_out(facts),
    ]


def _introduce(facts: CardFacts) -> CardSection:
    made = facts.moment.astimezone(facts.site.zone)
    lines = [
        f"Made {made:%Y-%m-%d %H:%M %Z} with statusgen {facts.version}.",
        f"The page: {facts.site.url}",
        f"For {', '.join(facts.titles)}.",
        f"Python itself is not in it. It works with Python {' or '.join(facts.pythons)} (not with others).",
        "No password and no key is in it: you need those of the places below.",
        "To send the page you need some way to the internet, like a phone's; to install and to write you need none.",
        *(f"Not in it: {gap}" for gap in facts.gathered.gaps),
    ]
    return CardSection("What this is", lines)


def _begin(facts: CardFacts) -> list[CardSection]:
    python = facts.pythons[-1]
    up = "../" * (facts.folder.count("/") + 1)
    in_site = f"cd {facts.folder}, then {up}venv/bin/statusgen desk"
    windows = facts.folder.replace("/", "\\")
    up_windows = up.replace("/", "\\")
    python_line = f"If the computer has no Python {' or '.join(facts.pythons)}: get {python} from https://www.python.org/downloads/"
    sections = {
        "Windows": [
            "Unpack the zip: right-click it, and choose Extract All.",
            f"{python_line}, and install it.",
            "Open the folder status-kit, and double-click install.cmd. Wait for “Installed”.",
            f"In a terminal there: cd {windows}, then {up_windows}venv\\Scripts\\statusgen desk",
        ],
        "macOS": [
            "Unpack the zip: double-click it.",
            f"{python_line}, and install it.",
            "Open Terminal, type cd and a space, drag the folder status-kit into the window, press Return.",
            "Type sh install.sh, press Return, and wait for “Installed”.",
            f"Type {in_site}",
        ],
        "Linux": [
            f"It must be of 2022 or later (glibc 2.{NEWEST_GLIBC}); Alpine and the like do not work.",
            f"{python_line}, or from the system.",
            "Unpack the zip, and open a terminal in the folder status-kit.",
            "Type sh install.sh, and wait for “Installed”.",
            f"Type {in_site}",
        ],
    }
    present = {title.split(" ")[0] for title in facts.titles}
    return [CardSection(f"Begin on {name}", lines, True) for name, lines in sections.items() if name in present]


def _write_and_publish(facts: CardFacts) -> CardSection:
    lines = [
        "The desk shows forms in the browser: write there, look, and publish there.",
        "By commands instead, each typed as in the last step above: statusgen new, statusgen check, statusgen publish.",
    ]
    files = facts.site_files
    if files.history:
        lines.append("With git on the computer, the site has its history: install puts it in place.")
        if files.origin:
            lines.append(f"It is shared at {files.origin}")
        lines.append("If colleagues cannot be reached by git: statusgen publish --no-git")
    else:
        lines.append("The kit has no history of the site: statusgen publish --no-git")
    return CardSection("Write and publish", lines)


def _list_contacts(facts: CardFacts) -> CardSection:
    blanks = [f"{who}: {BLANK}" for who in ("Decides what is said", "Knows the page and the kit", "Has the passwords")]
    return CardSection("Whom to call", facts.contacts or blanks)


def _list_places(site: Site) -> CardSection:
    lines = []
    for number, target in enumerate(site.targets, 1):
        lines.append(f"{number}. {_describe_place(target, site)}")
        lines.append(f"   What opens it is kept at: {BLANK}")
    if not lines:
        lines += [f"First place: {BLANK}", f"   What opens it is kept at: {BLANK}"]
    if len(site.targets) < 2:
        lines += [f"Second place, at another company: {BLANK}", f"   What opens it is kept at: {BLANK}"]
    lines.append("Places that begin with ssh: need ssh and rsync on the computer, those that begin with git+ need git.")
    return CardSection("Where the page is", lines)


def _describe_place(target: Place, site: Site) -> str:
    store = f" at {target.endpoint}" if target.endpoint else ""
    return f"{target.id}: {target.to.text}{store}, seen at {target.url or site.url}"


def _list_names() -> CardSection:
    questions = (
        "Domain registered at",
        "Account there, and who has it",
        "First DNS provider",
        "Second DNS provider",
        "Who may change the names",
    )  # fmt: skip - a list of words, not of lines
    return CardSection("Who answers for the name (DNS)", [f"{question}: {BLANK}" for question in questions])


def _verify(facts: CardFacts) -> CardSection:
    lines = [
        "install compares each file with SHA256SUMS, and stops if one differs. To compare SHA256SUMS with this paper:",
        "Windows (PowerShell): Get-FileHash SHA256SUMS",
        "macOS: shasum -a 256 SHA256SUMS. Linux: sha256sum SHA256SUMS",
        f"It must say: {' '.join(_group(facts.sums_hash))}",
        "To see that residents have what was published: statusgen publish --check",
    ]
    return CardSection("Is it genuine?", lines)


def _group(digits: str) -> Iterable[str]:
    """Return digits in groups that can be read aloud."""
    return (digits[start : start + 8] for start in range(0, len(digits), 8))


def _list_left_out(facts: CardFacts) -> CardSection:
    return CardSection("Left out of the site", facts.site_files.left_out or ["Nothing."])


def format_text(title: str, sections: Iterable[CardSection]) -> str:
    """Return a card as plain text."""
    lines = [f"Kit for the status page: {title}", ""]
    for section in sections:
        lines.append(section.heading.upper())
        for number, line in enumerate(section.lines, 1):
            lines.append(f"  {number}. {line}" if section.is_numbered else f"  {line}")
        lines.append("")
    return "\n".join(lines)


def format_page(title: str, sections: Iterable[CardSection]) -> str:
    """Return a card as a page to print, which needs nothing else."""
    body = []
    for section in sections:
        tag = "ol" if section.is_numbered else "ul"
        items = "".join(f"<li>{html.escape(line)}</li>\n" for line in section.lines)
        body.append(f"<section><h2>{html.escape(section.heading)}</h2>\n<{tag}>\n{items}</{tag}></section>\n")
    name = html.escape(f"Kit for the status page: {title}")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{name}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{name}</h1>\n{''.join(body)}</body>\n</html>\n"
    )


_STYLE = """
body { font: 11pt/1.35 sans-serif; margin: 1.5cm; max-width: 19cm; overflow-wrap: anywhere; }
h1 { font-size: 16pt; margin: 0 0 6pt; } h2 { font-size: 12pt; margin: 8pt 0 2pt; border-bottom: 1pt solid; }
ul { list-style: none; padding: 0; } ul li { white-space: pre-wrap; } ol { padding-left: 16pt; } ul, ol { margin: 0; }
section { break-inside: avoid; }
@page { margin: 1cm; } @media print { body { margin: 0; font-size: 10pt; } }
"""
