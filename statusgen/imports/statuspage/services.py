"""The components of a Statuspage, as services."""

from collections.abc import Iterator, Mapping

from statusgen.imports.html_texts import to_markdown
from statusgen.imports.names import ServiceNames
from statusgen.imports.short_lines import MOST_IN_NAME, MOST_IN_SUMMARY, fit_line
from statusgen.imports.statuspage.documents import Documents
from statusgen.imports.told import Note, NoteKind, ToldService
from statusgen.problems import Place
from statusgen.text import quote_text


class PageServices:
    """The services of one page: `groups` in its order, `names` of all services, `notes` of what was noted."""

    def __init__(self, documents: Documents, url: str | None) -> None:
        self.notes: list[Note] = []
        self._url = url
        self._components = documents.components
        self._by_id: dict[str, str] = {}
        groups = self._find_groups()
        self.groups = tuple(dict.fromkeys(groups.values()))
        self.names = ServiceNames(self._read_services(groups))

    def find(self, id: str | None, name: str | None, place: Place) -> str | None:
        """Return the name of the service that is meant; None for a group, of which only the page can say who that is.

        Its id counts: a component can have had another name when a post was written.
        """
        known = self._components.get(id or "")
        if known and known[0].is_group:
            what = f"This affects the whole group {quote_text(known[0].name)}. Which of its services? None is named."
            self.notes.append(Note(place, NoteKind.QUESTION, what))
            return None
        if id in self._by_id:
            return self._by_id[id]
        written = self._fit_name(name or id or "", place)
        return self.names.find(written, place) if written else None

    def _find_groups(self) -> dict[str, str]:
        """Return the names of groups by the ids of their components."""
        parts = [part for part, _ in self._components.values()]
        names = {
            part.id: self._fit_name(part.name, place) for part, place in self._components.values() if part.is_group
        }
        groups = {id: name for id, name in names.items() if name}
        by_component = {id: groups[part.id] for part in parts if part.id in groups for id in part.components}
        return by_component | {part.id: groups[part.group_id] for part in parts if part.group_id in groups}

    def _read_services(self, groups: Mapping[str, str]) -> Iterator[ToldService]:
        """Yield a service for each component; two of the same name get that of their group behind it."""
        parts = [
            (part, place, self._fit_name(part.name, place))
            for part, place in self._components.values()
            if not part.is_group
        ]
        all_names = [name for _, _, name in parts]
        for part, place, own_name in parts:
            name, group = own_name or part.id, groups.get(part.id)
            if not own_name:
                what = f"What is this called? It has no name, so it is called {quote_text(name)} until you write one."
                self.notes.append(Note(place, NoteKind.QUESTION, what))
            if own_name and all_names.count(name) > 1:
                what = f"There are {all_names.count(name)} components {quote_text(name)}, so this got a longer name."
                self.notes.append(Note(place, NoteKind.GUESS, what))
                name = f"{name} ({group or part.id})"
            if name in self._by_id.values():
                name = f"{name} ({part.id})"
            if part.only_show_if_degraded:
                what = f"The old page shows {quote_text(name)} only while it has a problem; here it is shown always."
                self.notes.append(Note(place, NoteKind.LOSS, what))
            summary, notes = to_markdown(part.description or "", place, self._url)
            self.notes += notes
            summary = fit_line(summary, MOST_IN_SUMMARY, place, self.notes)
            self._by_id[part.id] = name
            yield ToldService(name, place, summary, group)

    def _fit_name(self, name: str, place: Place) -> str:
        return fit_line(name, MOST_IN_NAME, place, self.notes)
