"""A made-up city's posts over years, the same for every seed: as a site, and in the plain form that others read.

    .venv/bin/python benchmarks/corpus.py FOLDER --incidents 1000 --languages 2

writes the site. Every incident is over but the last few; an update has about sixty words.
"""

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

FIRST_DAY = datetime(2016, 1, 4, 8)  # noqa: DTZ001 (on the city's clocks, as posts have it)
YEARS = timedelta(days=3653)
AT = "2026-01-05 06:00"
"""The moment at which the site is built: after the last word."""
OPEN = 3
"""How many of the newest incidents are not over."""

_WORDS = {
    "en": "the crew the line a pump the office staff residents bills payments service water power streets trucks "
    "repairs tests phones cards records permits this week today tomorrow early late slowly again by hand in person "
    "online north south near River Street before noon after lunch until further word then while because of storms",
    "es": "el equipo la línea una bomba la oficina el personal vecinos facturas pagos servicio agua luz calles "
    "camiones reparaciones pruebas teléfonos tarjetas permisos esta semana hoy mañana temprano tarde otra vez a mano "
    "en persona norte sur cerca de la calle Río antes del mediodía hasta nuevo aviso y luego mientras por la tormenta",
}
_GROUPS = ("Bills", "Streets", "Water", "Permits", "Safety")
_THINGS = ("payments", "requests", "records", "inspections", "hotline", "appointments", "maps", "refunds")
_STATES = ("Investigating", "Identified", "Monitoring")


@dataclass(frozen=True)
class Update:
    """A dated word: its local time, its state, and its text in each language, in Markdown."""

    time: datetime
    state: str
    texts: dict[str, str]


@dataclass(frozen=True)
class Incident:
    """One post; `updates` are oldest first, and the last one ends it unless `over` is false."""

    id: str
    titles: dict[str, str]
    cell: str
    status: str
    updates: tuple[Update, ...]
    over: bool


@dataclass(frozen=True)
class Corpus:
    """A city of so many services, incidents, and updates of each, in one language or two."""

    incidents: int
    services: int = 40
    updates: int = 5
    languages: int = 1
    seed: int = 1

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its languages."""
        return ("en", "es")[: self.languages]

    def posts(self) -> Iterator[Incident]:
        """The incidents, oldest first."""
        for number in range(self.incidents):
            yield self.post(number)

    def post(self, number: int) -> Incident:
        """One incident; it does not depend on the others."""
        dice = random.Random(f"{self.seed}/{number}")
        # By day: at night the clocks change, and some times come twice or not at all.
        day = FIRST_DAY + timedelta(days=YEARS.days * number // self.incidents)
        began = day + timedelta(hours=number % 8, minutes=number * 7 % 60)
        over = number < self.incidents - OPEN
        service = dice.randrange(self.services)
        name = f"{_GROUPS[service % len(_GROUPS)]} {_THINGS[service // len(_GROUPS) % len(_THINGS)]}"
        updates = [
            Update(
                began + timedelta(hours=2 * step),
                "Resolved" if over and step == self.updates - 1 else _STATES[min(step, 2)],
                {code: _text(dice, code) for code in self.codes},
            )
            for step in range(self.updates)
        ]
        channel = dice.choice(("", "/online", "/counter"))
        titles = {"en": f"{name}: trouble no. {number}", "es": f"{name}: problema n.º {number}"}
        id = f"{began:%Y-%m-%d}-trouble-{number}"
        return Incident(id, titles, f"service-{service}{channel}", dice.choice(("down", "degraded")), (*updates,), over)


def _text(dice: random.Random, language: str) -> str:
    """About sixty words: two paragraphs with an emphasis and a link, and now and then a list."""
    parts = [_sentence(dice, language, 14), _sentence(dice, language, 16), _sentence(dice, language, 14)]
    parts[1] = f"**{parts[1].split()[0]}** {parts[1].partition(' ')[2]}"
    text = f"{parts[0]} {parts[1]}\n\n{parts[2]} [{_sentence(dice, language, 3)}](https://www.springfield.example/more)"
    if dice.random() < 0.3:
        return text + "\n\n" + "\n".join(f"- {_sentence(dice, language, 5)}" for _ in range(3))
    return f"{text} {_sentence(dice, language, 12)}"


def _sentence(dice: random.Random, language: str, length: int) -> str:
    return " ".join(dice.choices(_WORDS[language].split(), k=length)).capitalize() + "."


def write_site(corpus: Corpus, folder: Path) -> None:
    """The corpus as a site for statusgen."""
    (folder / "incidents").mkdir(parents=True)
    (folder / "services.yaml").write_text(_services(corpus), encoding="utf-8")
    for incident in corpus.posts():
        for code in corpus.codes:
            ending = "" if code == corpus.codes[0] else f".{code}"
            path = folder / "incidents" / f"{incident.id}{ending}.md"
            path.write_text(_post(incident, code, first=not ending), encoding="utf-8")


def _services(corpus: Corpus) -> str:
    lines = [
        "site:",
        "  title: Springfield service status",
        "  publisher: City of Springfield",
        "  url: https://status.springfield.example/",
        "  timezone: America/Chicago",
        f"  languages: [{', '.join(corpus.codes)}]",
        "groups:",
        *(f"  - {{id: {group.lower()}, name: {group}}}" for group in _GROUPS),
        "services:",
    ]
    for number in range(corpus.services):
        group, thing = _GROUPS[number % len(_GROUPS)], _THINGS[number // len(_GROUPS) % len(_THINGS)]
        lines += [
            f"  - id: service-{number}",
            f"    name: {group} {thing} {number}",
            f"    group: {group.lower()}",
            "    channels:",
            f'      - {{id: online, kind: online, url: "https://www.springfield.example/{number}"}}',
            "      - {id: counter, kind: in_person, address: 12 Main Street}",
        ]
    return "\n".join(lines) + "\n"


def _post(incident: Incident, language: str, first: bool) -> str:
    began = incident.updates[0]
    lines = ["---", f'title: "{incident.titles[language]}"']
    if first:
        lines += [f"started: {began.time:%Y-%m-%d %H:%M}", "services:", f"  {incident.cell}: {incident.status}"]
    lines += ["---", began.texts[language]]
    for update in incident.updates[1:]:
        state = f" {update.state}" if first else ""
        lines += ["", f"## {update.time:%Y-%m-%d %H:%M}{state}", "", update.texts[language]]
    return "\n".join(lines) + "\n"


def plain_post(incident: Incident, language: str) -> str:
    """The text of a whole post in Markdown, as other generators take it below their own front matter."""
    parts = [
        f"## {update.time:%Y-%m-%d %H:%M} {update.state}\n\n{update.texts[language]}" for update in incident.updates
    ]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Write a site."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    for name, number in (("incidents", 1000), ("services", 40), ("updates", 5), ("languages", 1), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=number)
    asked = vars(parser.parse_args())
    folder = asked.pop("folder")
    write_site(Corpus(**asked), folder)


if __name__ == "__main__":
    main()
