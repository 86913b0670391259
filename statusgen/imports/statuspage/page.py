"""A page of Statuspage or incident.io: its public documents, or what they answer its owner."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from statusgen.imports.short_lines import MOST_IN_NAME, fit_line
from statusgen.imports.source import Answers, Source
from statusgen.imports.statuspage.documents import Documents, read_documents
from statusgen.imports.statuspage.posts import PostReader
from statusgen.imports.statuspage.services import PageServices
from statusgen.imports.statuspage.shapes import PageShape
from statusgen.imports.statuspage.zone_names import to_zone_name
from statusgen.imports.told import Note, NoteKind, Told, ToldPost
from statusgen.model.statuses import Status
from statusgen.problems import Place
from statusgen.text import quote_text


def read(source: Source, answers: Answers) -> Told:
    """Read a page; raise SourceError if it has no documents, or if nobody says its time zone."""
    documents = read_documents(source)
    page = documents.page
    zone = answers.choose_zone(to_zone_name(page.time_zone))
    url = _find_url(page, source)
    services = PageServices(documents, url)
    posts: list[ToldPost] = []
    notes = [*documents.notes]
    for found in documents.incidents.values():
        reader = PostReader(found, services, zone, url)
        posts += filter(None, [reader.read()])
        notes += reader.list_notes()
    return Told(
        title=fit_line(page.name, MOST_IN_NAME, Place(source.name), notes),
        url=url,
        timezone=zone.key,
        groups=services.groups,
        services=tuple(services.names.services),
        posts=tuple(posts),
        notes=(*notes, *services.notes, *services.names.notes, *_ask_for_reasons(documents, services, posts)),
        was={"/history": "/archive/"},  # and /history.rss and /history.atom are feeds here, too
    )


def read_incident_io(source: Source, answers: Answers) -> Told:
    """Read a page of incident.io, whose feeds are elsewhere; raise SourceError as `read` does."""
    told = read(source, answers)
    return replace(told, was={**told.was, "/feed.rss": "/feed.xml", "/feed.atom": "/atom.xml"})


def _ask_for_reasons(documents: Documents, services: PageServices, posts: Sequence[ToldPost]) -> Iterator[Note]:
    """Yield a question for each component that does not work today, though no post says so."""
    told: dict[str, Status] = {}
    for update in sorted((update for post in posts for update in post.updates), key=lambda each: each.time.start):
        told |= dict.fromkeys(update.about, Status.MAINTENANCE) | dict(update.statuses)
    for component, place in documents.components.values():
        if component.is_group or component.status in (None, "operational"):
            continue
        name = services.find(component.id, component.name, place)
        if name and told.get(name, Status.WORKING) is Status.WORKING:
            status = quote_text(component.status or "")
            what = f"{quote_text(name)} is {status} now, and no post says so. Which incident is it?"
            yield Note(place, NoteKind.QUESTION, what)


def _find_url(page: PageShape, source: Source) -> str | None:
    """Return the address of the old page."""
    url = page.url or (f"https://{page.subdomain}.statuspage.io" if page.subdomain else None)
    if source.name.startswith("https://"):
        url = source.name
    if page.domain:
        url = f"https://{page.domain}"
    try:
        return url if urlsplit(url or "").hostname else None
    except ValueError:  # as if it had none: the report asks for one
        return None
