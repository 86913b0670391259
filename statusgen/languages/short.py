"""How things stand in few words: on a badge, and in one message of limited length (SMS, social media).

A message is made of whole parts, each with a rank. Where not all of them fit, the less important ones fall away:
nothing is cut inside a sentence, and the address always stays.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from statusgen import addresses
from statusgen.languages.interface import keep_phones
from statusgen.languages.speech import Speech
from statusgen.model import Kind, State
from statusgen.reading.documents import UNSEEN
from statusgen.status.standing import Board, IncidentStanding, Phase, ServiceStanding, WaiverStanding

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
    _, facts, held = speech.interface.gettext, board.headline, board.unusual
    title, several = _happened(board, speech), len(held) > 1
    told = [forms for service in held if (forms := tuple(_instead(service, speech, several)))]
    return composed(
        [
            *_opening(board, speech),
            Part(3, (title,)),
            Part(8 if title else 3, (speech.how_many(facts),)),
            *(Part(6 if number == 0 else 8, forms) for number, forms in enumerate(_by_status(held, speech))),
            *(Part(5 if number == 0 else 9, forms) for number, forms in enumerate(told)),
            Part(4, (speech.promise(facts.promise) if facts.promise else "",)),
            *(Part(10, (way,)) for way in _ways(held, speech)),
            Part(7, (speech.working(board) if facts.problems and facts.working else "",)),
            Part(7, tuple(_about(notice, speech) for notice in board.notices[:1])),
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
    is_over = standing.phase is Phase.PAST
    right = standing.last.correction.right if standing.last.correction else None
    return composed(
        [
            *_opening(board, speech),
            Part(3, tuple(_subject(standing, speech))),
            Part(4, (speech.headed(speech.state(State.CORRECTION), speech.whole(right)) if right else "",)),
            Part(6, (speech.lasted(standing) if is_over and not standing.window else "",)),
            *(Part(6, forms) for forms in _by_status(held, speech)),
            Part(5, tuple(_actions(standing, held, speech))),
            Part(6, (speech.window(standing.window) if standing.window else "",)),
            Part(4, (speech.promise(standing.promise) if standing.promise else "",)),
            *(Part(8, (way,)) for way in _ways(held, speech)),
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
    names = [one_line(speech.say(name)) for name in (site.title if site.demonstration else site.publisher, site.title)]
    fitting = [name for name in names if name and len(name) <= LONGEST_SOURCE]
    whole = shortened(names[0], LONGEST_SOURCE) if " " in names[0][:LONGEST_SOURCE] else ""
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


def _subject(standing: IncidentStanding, speech: Speech) -> Iterator[str]:
    """What a message is about, or at least what kind of post; of what is over, how it ended: "Resolved: …"."""
    title, kind = _about(standing, speech), _ended(speech.kind_of(standing.incident))
    for form in (title if len(title) <= LONGEST_TITLE else kind, kind):
        yield speech.headed(speech.state(standing.state), form) if standing.phase is Phase.PAST else form


def _happened(board: Board, speech: Speech) -> str:
    """The title of the one incident that holds services back; empty where there are several, or none."""
    holding = {id for service in board.unusual for id in service.incidents}
    titles = [_about(standing, speech) for standing in board.open if standing.id in holding]
    return titles[0] if len(titles) == 1 and len(titles[0]) <= LONGEST_TITLE else ""


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
        yield from _instead(service, speech, len(held) > 1)
    yield from _waived(standing.waivers, speech)
    text = standing.last.text(speech.language)
    if standing.incident.kind is Kind.NOTICE and text:
        yield from (keep_phones(line, text.language) for line in text.text.split("\n"))


def _instead(standing: ServiceStanding, speech: Speech, named: bool) -> Iterator[str]:
    """What one can do while a service does not work as usual, the best first; behind its name, where it is `named`."""
    told = [*speech.advised(standing), *_waived(standing.waivers, speech)]
    name = speech.phrase(standing.service.name)
    yield from (speech.headed(name, action) if named else action for action in told)


def _waived(waivers: Iterable[WaiverStanding], speech: Speech) -> Iterator[str]:
    """What is waived now."""
    for standing in waivers:
        if standing.phase is Phase.OPEN and standing.waiver.what:
            yield speech.whole(standing.waiver.what)


def _ways(held: Sequence[ServiceStanding], speech: Speech) -> Iterator[str]:
    """The ways that are still open, of each service that has lost others."""
    for standing in held:
        if standing.shut_channels and standing.open_channels:
            ways, name = speech.what_works(standing), speech.phrase(standing.service.name)
            yield speech.headed(name, ways) if len(held) > 1 else ways


def _ended(text: str) -> str:
    return text if text[-1:] in ".!?…؟。" else f"{text}."
