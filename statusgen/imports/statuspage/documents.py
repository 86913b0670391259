"""Finds the documents of Statuspage and incident.io in a source, by any file name."""

from dataclasses import dataclass, field
from pathlib import PurePosixPath

from statusgen.imports.json_text import JsonText, NotJson, list_objects
from statusgen.imports.source import Source, SourceError
from statusgen.imports.statuspage.shapes import ComponentShape, IncidentShape, PageShape
from statusgen.imports.told import Note, NoteKind
from statusgen.problems import Place
from statusgen.text import printable

_PUBLIC = ("summary", "components", "incidents", "scheduled-maintenances")
# Of subscribers, the manage API says these; anything that has one of them is not looked at any further.
_PRIVATE_KEYS = {"email", "phone_number", "phone_country", "endpoint", "skip_confirmation_notification"}
# How many of the newest a public document has at most: Statuspage 50, incident.io 25.
_FULL = (25, 50)


@dataclass(frozen=True)
class Found:
    """An incident or planned work, and the text that it is in."""

    incident: IncidentShape
    text: JsonText


@dataclass
class Documents:
    """All that the documents have, each thing once, and what was noted."""

    pages: list[PageShape] = field(default_factory=list)
    components: dict[str, tuple[ComponentShape, Place]] = field(default_factory=dict)
    incidents: dict[str, Found] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    @property
    def page(self) -> PageShape:
        """The page itself, of the document that says the most of it."""
        return max(self.pages, key=lambda page: len(page.model_fields_set), default=PageShape())


def read_documents(source: Source) -> Documents:
    """Read every document of the source; raise SourceError if there is none."""
    documents = Documents()
    for path in source.list_files("**/*.json") or [f"api/v2/{name}.json" for name in _PUBLIC]:
        if "subscriber" in PurePosixPath(path).name.lower():
            documents.notes.append(_leave_out_people(Place(path)))
        elif (text := source.read_text(path)) is not None:
            _read_document(JsonText(path, text), documents)
    if not (documents.components or documents.incidents):
        what = f"{printable(source.name)} has no document of Statuspage or incident.io, such as api/v2/incidents.json."
        raise SourceError(f"{what} Nothing was written.")
    return documents


def _leave_out_people(place: Place) -> Note:
    what = "This has addresses of subscribers, so it was not read. Ask them to subscribe again at the new page."
    return Note(place, NoteKind.LOSS, what)


def _read_document(text: JsonText, documents: Documents) -> None:
    try:
        for value in text.read_values():
            _sort_in(value, text, documents)
    except NotJson as error:
        what = "This is not JSON, so it was not read."
        documents.notes.append(Note(Place(text.path, error.line), NoteKind.LOSS, what))


def _sort_in(value: object, text: JsonText, documents: Documents) -> None:
    """Put what a value says where it belongs, known by its keys."""
    things = list(list_objects(value))
    if any(_PRIVATE_KEYS & thing.keys() or "subscribers" in thing for thing in things):
        documents.notes.append(_leave_out_people(Place(text.path)))
        return
    is_known = False
    for thing in things:
        is_known |= _add_thing(thing, text, documents)
    if things and not is_known:
        what = "This is no document of a status page that can be imported, so it was not read."
        documents.notes.append(Note(Place(text.path), NoteKind.LOSS, what))


def _add_thing(thing: dict[str, object], text: JsonText, documents: Documents) -> bool:
    """Add an object, and the ones in it; return whether it is one of a status page."""
    if "incident_updates" in thing or ("updates" in thing and "status_page_id" in thing):
        _add_incident(thing, text, documents)
        return True
    if "name" in thing and {"group_id", "position", "status", "components"} & thing.keys() and "page" not in thing:
        _add_component(thing, text, documents)
        return True
    if "time_zone" in thing and "name" in thing:
        page = text.fit(thing, PageShape, documents.notes)
        documents.pages += [page] if page else []
        return True
    return _add_public(thing, text, documents)


def _add_public(thing: dict[str, object], text: JsonText, documents: Documents) -> bool:
    """Add what a document of the public API has, or an answer of incident.io to the owner."""
    if isinstance(thing.get("page"), dict) and (page := text.fit(thing["page"], PageShape, documents.notes)):
        documents.pages.append(page)
    for component in list_objects(thing.get("components")):
        _add_component(component, text, documents)
    keys = ("incidents", "scheduled_maintenances", "status_page_incidents", "status_page_incident", "incident")
    for key in keys:
        incidents = list(list_objects(thing.get(key)))
        for incident in incidents:
            _add_incident(incident, text, documents)
        if key in keys[:2] and "page" in thing and len(incidents) in _FULL:
            what = (
                f"The public {key.replace('_', ' ')} are the newest {len(incidents)}. If there are older ones, export "
                "them with the key of the page's owner."
            )
            documents.notes.append(Note(Place(text.path), NoteKind.LOSS, what))
    return "page" in thing or any(key in thing for key in keys)


def _add_component(thing: dict[str, object], text: JsonText, documents: Documents) -> None:
    component = text.fit(thing, ComponentShape, documents.notes)
    if component and component.id not in documents.components:
        documents.components[component.id] = (component, text.place(component.id))


def _add_incident(thing: dict[str, object], text: JsonText, documents: Documents) -> None:
    """Add an incident; of the same one in several documents, the one that says the most is kept."""
    incident = text.fit(thing, IncidentShape, documents.notes)
    known = incident and documents.incidents.get(incident.id)
    if incident and (not known or _count_said(incident) > _count_said(known.incident)):
        documents.incidents[incident.id] = Found(incident, text)


def _count_said(incident: IncidentShape) -> tuple[int, int, int]:
    """Return how much an incident says: its updates, what they affect, its report."""
    return (
        len(incident.updates),
        sum(len(update.affected) for update in incident.updates),
        int(bool(incident.postmortem_body)),
    )
