"""The components of a Statuspage, as services."""

from collections.abc import Iterator, Mapping

from statusgen.imports.html_texts import to_markdown
from statusgen.imports.names import ServiceNames
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
        written = name or id
        return self.names.find(written, place) if written and written.strip() else None

    def _find_groups(self) -> dict[str, str]:
        """Return the names of groups by the ids of their components."""
        parts = [part for part, _ in self._components.values()]
        groups = {part.id: one_line(part.name) for part in parts if part.is_group}
        by_component = {id: groups[part.id] for part in parts if part.is_group for id in part.components}
        return by_component | {part.id: groups[part.group_id] for part in parts if part.group_id in groups}

    def _read_services(self, groups: Mapping[str, str]) -> Iterator[ToldService]:
        """Yield a service for each component; two of the same name get that of their group behind it."""
        parts = [(part, place) for part, place in self._components.values() if not part.is_group]
        all_names = [one_line(part.name) for part, _ in parts]
        for part, place in parts:
            name, group = one_line(part.name), groups.get(part.id)
            if all_names.count(name) > 1:
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
            self._by_id[part.id] = name
            yield ToldService(name, place, summary, group)


def one_line(text: str) -> str:
    """Return a name without line ends and double spaces."""
    return " ".join(text.split())
