"""How things stand in few words: on a badge, and in one message of limited length (SMS, social media).

A message is made of whole parts, each with a rank. Where not all of them fit, the less important ones fall away:
nothing is cut inside a sentence, and the address always stays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from statusgen import addresses
from statusgen.languages.interface import keep_phones
from statusgen.languages.speech import Speech
from statusgen.model import Kind
from statusgen.reading.documents import UNSEEN
from statusgen.status.standing import Board, IncidentStanding, ServiceStanding

# Characters in a message: as many as the emergency alerts of phones in the US hold.
LONGEST = 360
# How long the parts may be that others must have room beside.
LONGEST_ADDRESS, LONGEST_SOURCE, LONGEST_TITLE = 170, 80, 150
# How many services are named where not all of them fit.
NAMED = 3


@dataclass(frozen=True)
class Part:
    """One thing to say, in one form or several, the fullest first. Rank 0 is the most important."""

    rank: int
    forms: tuple[str, ...]


def headline(board: Board, speech: Speech) -> str:
    """How the site stands: "8 of 21 services not working as usual"."""
    facts, ngettext = board.headline, speech.interface.ngettext
    if facts.problems:
        message = ngettext(
            "%(number)s of %(total)s services not working as usual",
            "%(number)s of %(total)s services not working as usual",
            facts.problems,
        )
        return speech.sentence(message, number=str(facts.problems), total=str(facts.total))
    if facts.in_maintenance:
        message = ngettext(
            "%(number)s service closed for planned work",
            "%(number)s services closed for planned work",
            facts.in_maintenance,
        )
        return speech.sentence(message, number=str(facts.in_maintenance))
    return speech.interface.gettext("No problems reported")


def site_message(board: Board, speech: Speech) -> str:
    """The whole site in one message of at most `LONGEST` characters."""
    speech = speech.plainly
    _, facts = speech.interface.gettext, board.headline
    unusual = [_standing(standing, speech) for standing in board.unusual]
    # The worst of those for which there is something to do; it comes before the names of the others.
    acting = next((number for number, forms in enumerate(unusual) if len(forms) > 1), 0)
    return composed(
        [
            *_opening(board, speech),
            Part(3, (speech.how_many(facts),)),
            *(Part(4 if number == acting else 8 + number, forms) for number, forms in enumerate(unusual)),
            Part(7, (speech.working(board) if facts.problems and facts.working else "",)),
            Part(7, tuple(_about(notice, speech) for notice in board.notices[:1])),
            Part(6, (speech.promise(facts.promise) if facts.promise else "",)),
            Part(5, (_ended(speech.sentence(_("As of %(time)s"), time=speech.time_of(board.moment))),)),
            Part(7, (speech.say(board.site.emergency),)),
            _address(addresses.front(), speech),
        ]
    )


def incident_message(standing: IncidentStanding, board: Board, speech: Speech) -> str:
    """One incident, planned work or notice in one message of at most `LONGEST` characters."""
    speech = speech.plainly
    message = speech.interface.gettext("Last update: %(time)s.")
    held = [service for service in board.unusual if standing.id in service.incidents]
    title = _about(standing, speech)
    kind = _ended(speech.kind_of(standing.incident))
    return composed(
        [
            *_opening(board, speech),
            Part(3, (title if len(title) <= LONGEST_TITLE else kind, kind)),
            *(Part(5, forms) for forms in _by_status(held, speech)),
            Part(4, tuple(_actions(standing, held, speech))),
            Part(6, (speech.window(standing.window) if standing.window else "",)),
            Part(6, (speech.promise(standing.promise) if standing.promise else "",)),
            Part(7, (speech.sentence(message, time=speech.time(standing.last.time)),)),
            _address(addresses.incident(standing.id), speech),
        ]
    )


def composed(parts: Sequence[Part], longest: int = LONGEST) -> str:
    """The parts that fit, in their order; of each, the fullest form for which the more important ones leave room."""
    said: dict[int, str] = {}
    left = longest + 1  # each part brings the space before it, and the first has none
    for number in sorted(range(len(parts)), key=lambda number: parts[number].rank):
        forms = (one_line(form) for form in parts[number].forms)
        form = next((form for form in forms if form and len(form) < left), "")
        if form:
            said[number] = form
            left -= len(form) + 1
    return " ".join(said[number] for number in sorted(said))


def one_line(text: str) -> str:
    """A text with nothing in it that could break or reorder the line on which it stands."""
    return " ".join(UNSEEN.sub(" ", text).split())


def shortened(text: str, most: int) -> str:
    """A name of at most `most` characters, cut between words where it has them."""
    text = one_line(text)
    if len(text) <= most:
        return text
    head = text[: most - 1]
    whole = head.rpartition(" ")[0] if text[most - 1] != " " else head
    return f"{whole or head}…"


def _opening(board: Board, speech: Speech) -> Iterator[Part]:
    """That it is a demonstration, and who speaks. A demonstration speaks for itself alone."""
    site = board.site
    if site.demonstration:
        yield Part(2, (speech.interface.gettext("Demonstration."),))
    names = (speech.say(site.title if site.demonstration else site.publisher), speech.say(site.title))
    fitting = [name for name in names if len(name) <= LONGEST_SOURCE]
    whole = shortened(names[0], LONGEST_SOURCE) if " " in one_line(names[0])[:LONGEST_SOURCE] else ""
    source = next(iter(fitting), whole or urlsplit(site.url).hostname or "")
    yield Part(1, (f"{source}:",))


def _address(of: str, speech: Speech) -> Part:
    """The page to read on: where its address is long, the front page; at worst, the host."""
    site = speech.site
    pages = [addresses.in_language(page, speech.language, site) for page in (of, addresses.front())]
    urls = [addresses.absolute(page, site) for page in pages]
    parts = urlsplit(site.url)
    short = [url for url in urls if len(url) <= LONGEST_ADDRESS]
    return Part(0, (*short, f"{parts.scheme}://{parts.netloc}/"))


def _about(standing: IncidentStanding, speech: Speech) -> str:
    """What a post is about: "Fraud warning: We never ask for your password."."""
    title = speech.phrase(standing.incident.title)
    if standing.incident.kind is Kind.INCIDENT:
        return _ended(title)
    return _ended(speech.headed(speech.kind_of(standing.incident), title))


def _standing(standing: ServiceStanding, speech: Speech) -> tuple[str, ...]:
    """A service: with what to do, and without."""
    name, status = speech.phrase(standing.service.name), speech.status(standing.status)
    plain = speech.headed(name, f"{status}.")
    return (*(speech.join([plain, action]) for action in _instead(standing, speech)), plain)


def _by_status(held: Sequence[ServiceStanding], speech: Speech) -> Iterator[tuple[str, ...]]:
    """The services that stand alike: all of them, the first few, or how many they are."""
    ngettext = speech.interface.ngettext
    for status, group in groupby(held, key=lambda standing: standing.status):
        names = [speech.phrase(standing.service.name) for standing in group]
        forms = [speech.listed(names)]
        if (more := len(names) - NAMED) > 0:
            others = speech.sentence(ngettext("%(number)s more", "%(number)s more", more), number=str(more))
            forms.append(speech.listed([*names[:NAMED], others]))
        count = ngettext("%(number)s service", "%(number)s services", len(names))
        forms.append(speech.sentence(count, number=str(len(names))))
        word = speech.status(status)
        yield tuple(speech.headed(word, f"{form}.") for form in forms)


def _actions(standing: IncidentStanding, held: Sequence[ServiceStanding], speech: Speech) -> Iterator[str]:
    """What to do meanwhile, with the service where there are several; for a notice, a paragraph of its text."""
    for service in held:
        for action in _instead(service, speech):
            if len(held) == 1:
                yield action
            else:
                name = speech.phrase(service.service.name)
                yield speech.headed(name, action)
    for waiver in standing.waivers:
        if waiver.waiver.what:
            yield speech.whole(waiver.waiver.what)
    text = standing.last.text(speech.language)
    if standing.incident.kind is Kind.NOTICE and text:
        yield from (keep_phones(line, text.language) for line in text.text.split("\n"))


def _instead(standing: ServiceStanding, speech: Speech) -> Iterator[str]:
    """What one can do while a service does not work as usual, the best first."""
    for_all = [advice for advice in standing.advice if advice.channel is None]
    yield from (speech.whole(advice.do) for advice in for_all if advice.do)
    yield from (speech.whole(advice.where) for advice in for_all if advice.where)
    if standing.shut_channels and standing.open_channels:
        ways = speech.listed(speech.channel(way.channel) for way in standing.open_channels)
        yield speech.sentence(speech.interface.gettext("What works: %(ways)s."), ways=ways)
    yield from (speech.whole(waiver.waiver.what) for waiver in standing.waivers if waiver.waiver.what)


def _ended(text: str) -> str:
    return text if text[-1:] in ".!?…؟。" else f"{text}."
