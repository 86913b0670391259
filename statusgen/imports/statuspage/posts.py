"""An incident or planned work of a Statuspage, as a post.

An update has the statuses that its `affected_components` give. Where updates have none, the components of the incident
have their status of today: of an incident that goes on that is true since its last update, and of one that is over it
says that they work again. How they stood in between nobody said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from statusgen.imports.html_texts import to_markdown
from statusgen.imports.stamps import read_stamp
from statusgen.imports.statuspage.documents import Found
from statusgen.imports.statuspage.services import PageServices
from statusgen.imports.statuspage.shapes import COMPONENT_STATUSES, IncidentShape, UpdateShape
from statusgen.imports.told import Note, NoteKind, ToldPost, ToldUpdate, name_post
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.problems import Place
from statusgen.text import quote_text

_WORK_STATES = ("scheduled", "in_progress", "verifying", "completed")
_STATES = {word: State(word) for word in ("investigating", "identified", "monitoring", "resolved", "postmortem")}
_STATES |= {word: State(word) for word in _WORK_STATES}
# What a first text of ours says without a word: that it is looked into, or that work is planned, which begins in time.
_FIRST_STATES = (None, State.INVESTIGATING, State.SCHEDULED, State.IN_PROGRESS)


@dataclass
class PostReader:
    """Reads one post, and collects what was noted."""

    found: Found
    services: PageServices
    zone: ZoneInfo
    url: str | None
    notes: list[Note] = field(default_factory=list)
    is_end_known: bool = True

    @cached_property
    def incident(self) -> IncidentShape:
        """What is read."""
        return self.found.incident

    @cached_property
    def place(self) -> Place:
        """Where it is."""
        return self.found.text.place(self.incident.id)

    @cached_property
    def kind(self) -> Kind:
        """Whether it is planned work."""
        is_work = self.incident.scheduled_for or self.incident.impact == "maintenance"
        return Kind.MAINTENANCE if is_work or self.incident.status in _WORK_STATES else Kind.INCIDENT

    @cached_property
    def is_over(self) -> bool:
        """Whether the source says, of today, that it is over."""
        return self.incident.status in ("resolved", "completed", "postmortem")

    def read(self) -> ToldPost | None:
        """Return the post; None, with a question, if nobody says when it was."""
        incident = self.incident
        updates = self._put_in_order([*self._read_updates()])
        began = self._read_time(incident.started_at or incident.created_at, self.place)
        if not updates and began:
            updates = [ToldUpdate(began, None, "", self.place)]
        if not updates:
            self._note(NoteKind.QUESTION, "When was this? Nobody says, so it was left out.")
            return None
        updates = self._add_end(self._add_opening(updates, began))
        updates = self._plan_services(updates) if self.kind is Kind.MAINTENANCE else self._add_present(updates)
        updates = self._add_report([*self._restore(updates)])
        first = updates[0].time
        started = began if began and began.start < first.start else first
        post = ToldPost(incident.id, incident.name, self.kind, started, tuple(updates), self.place)
        post = replace(post, was=self._find_addresses(), unpublished=not self.is_end_known, name_in_notes=self.name)
        return self._plan(post) if self.kind is Kind.MAINTENANCE else post

    def list_notes(self) -> Iterator[Note]:
        """Return what was noted; by name where all of the file is one line, as the server sends it."""
        return (name_post(note, self.name) for note in self.notes)

    @cached_property
    def name(self) -> str:
        """Its name, where nothing else tells it from others."""
        return self.incident.name if "\n" not in self.found.text.text.strip() else ""

    def _read_updates(self) -> Iterator[ToldUpdate]:
        for shape in reversed(self.incident.updates):
            place = self.found.text.place(shape.id or self.incident.id)
            time = self._read_time(shape.time, place)
            if time is None:
                self._note(NoteKind.QUESTION, "When was this written? Nobody says, so the update was left out.", place)
                continue
            if shape.status and shape.status not in _STATES:
                what = f"{quote_text(shape.status)} is no state that posts can say, so this update changes none."
                self._note(NoteKind.LOSS, what, place)
            state, text = _STATES.get(shape.status or ""), self._to_markdown(shape.body, place)
            found = dict(self._read_statuses(shape, place))
            if state is State.SCHEDULED:  # how things stand before the work is no news of it
                yield ToldUpdate(time, state, text, place, about=tuple(found))
            else:
                statuses = {name: status for name, status in found.items() if status}
                yield ToldUpdate(time, state, text, place, statuses)

    def _read_statuses(self, shape: UpdateShape, place: Place) -> Iterator[tuple[str, Status | None]]:
        """Yield the services that an update names, with what it says of them."""
        for affected in shape.affected:
            status = COMPONENT_STATUSES.get(affected.new_status or "")
            name = self.services.find(affected.code, affected.name, place)
            if name and affected.new_status and not status:
                what = f"How was {quote_text(name)}? {quote_text(affected.new_status)} is no status of ours."
                self._note(NoteKind.QUESTION, what, place)
            if name:
                yield name, status

    def _put_in_order(self, updates: list[ToldUpdate]) -> list[ToldUpdate]:
        """Return the updates, the oldest first; what ended a post that is over is its end, at any time."""
        ordered = sorted(updates, key=lambda update: update.time.start)
        ends = [update for update in ordered if _is_end(update)]
        others = [update for update in ordered if update.state is not State.POSTMORTEM]
        if not ends or others[-1] is ends[-1] or not self.is_over:
            return ordered
        what = f"By its time, this ended before {quote_text(others[-1].text[:40])} was written. When did it end?"
        self._ask_for_end(what, ends[-1].place)
        reports = [update for update in ordered if update.state is State.POSTMORTEM]
        return [*(update for update in others if update is not ends[-1]), ends[-1], *reports]

    def _add_opening(self, updates: list[ToldUpdate], began: When | None) -> list[ToldUpdate]:
        """Return the updates, the first with no state of its own; above one that ends a post there is another."""
        first = updates[0]
        if _is_end(first) or first.state is State.POSTMORTEM:
            opening = began if began and began.start < first.time.start else first.time
            return [ToldUpdate(opening, None, "", first.place), *updates]
        if first.state and first.state not in _FIRST_STATES:
            what = f'The first text says "{first.state.value}". A post of ours says that from its second text on.'
            self._note(NoteKind.LOSS, what, first.place)
        return [replace(first, state=None), *updates[1:]]

    def _add_end(self, updates: list[ToldUpdate]) -> list[ToldUpdate]:
        """Return the updates with an end, if the source has one that no update says."""
        if not self.is_over or any(map(_is_end, updates)):
            return updates
        end = self._read_time(self.incident.resolved_at, self.place)
        if end is None or end.start < updates[0].time.start:
            self._ask_for_end("This is over, and no update says so. When did it end?", self.place)
            end = updates[-1].time
        state = State.COMPLETED if self.kind is Kind.MAINTENANCE else State.RESOLVED
        behind = [update for update in updates if update.time.start > end.start or update.state is State.POSTMORTEM]
        return [*(each for each in updates if each not in behind), ToldUpdate(end, state, "", self.place), *behind]

    def _ask_for_end(self, what: str, place: Place) -> None:
        """Keep the post from being published: where nobody says when it ended, no heading can have the true time."""
        self.is_end_known = False
        how = "The post is a draft: put the true time into the heading of its end, and delete the line draft: true."
        self._note(NoteKind.QUESTION, f"{what} {how}", place)

    @cached_property
    def _components_today(self) -> dict[str, Status]:
        """The components of the incident, and how they stand today."""
        parts = [part for part in self.incident.components if not part.is_group]
        found = [(self.services.find(part.id, part.name, self.place), part.status) for part in parts]
        return {name: COMPONENT_STATUSES.get(status or "", Status.WORKING) for name, status in found if name}

    def _plan_services(self, updates: list[ToldUpdate]) -> list[ToldUpdate]:
        """Return the updates of planned work, of which the first names every service that the work is about."""
        first, *later = updates
        if any(status is not Status.MAINTENANCE for status in first.statuses.values()):
            return updates
        said = [name for update in updates for name in (*update.about, *update.statuses)]
        first = replace(first, statuses={}, about=tuple(dict.fromkeys([*self._components_today, *said])))
        return [first, *(replace(update, about=()) for update in later)]

    def _add_present(self, updates: list[ToldUpdate]) -> list[ToldUpdate]:
        """Return the updates; where none says how services stood, the last says how they stand now if it goes on."""
        if any(update.statuses for update in updates) or not self._components_today:
            return updates
        present = {name: status for name, status in self._components_today.items() if status is not Status.WORKING}
        present = {} if self.is_over else present
        if present:
            what = "No update gives the status of services. Their status now was put into the last one."
            self._note(NoteKind.GUESS, what)
        if lost := [name for name in self._components_today if name not in present]:
            what = f"The source says that this affected {_join(lost)}, but not how; so the post does not say it either."
            self._note(NoteKind.LOSS, what)
        return [*updates[:-1], replace(updates[-1], statuses={**updates[-1].statuses, **present})]

    def _restore(self, updates: Sequence[ToldUpdate]) -> Iterator[ToldUpdate]:
        """Yield the updates; with the end, all that was named as affected works again, as these sources mean it."""
        affected = dict.fromkeys(() if self.kind is Kind.MAINTENANCE else self._components_today, Status.WORKING)
        for update in updates:
            broken = [name for name, status in update.statuses.items() if status is not Status.WORKING]
            affected |= dict.fromkeys(broken, Status.WORKING)
            if not _is_end(update):
                yield update
                continue
            if broken:
                what = f"This is over, and {_join(broken)} did not work then. How was it? The page does not say."
                self._note(NoteKind.QUESTION, what, update.place)
            yield replace(update, statuses={**affected, **update.statuses, **dict.fromkeys(broken, Status.UNKNOWN)})

    def _add_report(self, updates: list[ToldUpdate]) -> list[ToldUpdate]:
        """Return the updates with the report after the end, if it is public and no update has it."""
        incident, published = self.incident, self.incident.postmortem_published_at
        if not incident.postmortem_body or any(update.state is State.POSTMORTEM for update in updates):
            return updates
        if not published:
            self._note(NoteKind.LOSS, "The report after this incident was never published, so it was left out.")
            return updates
        written = published if isinstance(published, str) else incident.postmortem_body_last_updated_at
        time = self._read_time(written, self.place)
        if time is None:
            what = "When was the report after this incident published? It was put directly after the end."
            self._note(NoteKind.QUESTION, what)
        time = max(time or updates[-1].time, updates[-1].time, key=lambda when: when.start)
        text = self._to_markdown(incident.postmortem_body, self.place)
        return [*updates, ToldUpdate(time, State.POSTMORTEM, text, self.place)]

    def _plan(self, post: ToldPost) -> ToldPost:
        """Return planned work with its beginning and its end; a draft if nobody says them."""
        begun = [update.time for update in post.updates if update.state in (State.IN_PROGRESS, State.VERIFYING)]
        ended = [update.time for update in post.updates if _is_end(update)]
        starts = self._read_time(self.incident.scheduled_for, self.place) or next(iter(begun), None)
        ends = self._read_time(self.incident.scheduled_until, self.place)
        if starts and not ends and (ends := next((when for when in ended if when.start > starts.start), None)):
            self._note(NoteKind.GUESS, "Nobody says when this work was to end. The time at which it did was taken.")
        if starts and ends and ends.start > starts.start:
            return replace(post, starts=starts, ends=ends)
        what = "When does this work begin and end? The source does not say both, or says that it ends before it begins."
        self._note(NoteKind.QUESTION, f"{what} Until someone writes it, the post is a draft.")
        starts = starts or post.started
        day = When.day(starts.start.astimezone(self.zone).date(), self.zone)
        return replace(post, starts=starts, ends=day, unpublished=True)

    def _find_addresses(self) -> tuple[str, ...]:
        """Return the addresses on the old page; short ones of another host (stspg.io) lead to these."""
        own, shortlink = urlsplit(self.url or "").netloc, self.incident.shortlink or ""
        path, link = f"/incidents/{self.incident.id}", shortlink.removeprefix(f"https://{own}/")
        return tuple(dict.fromkeys([path, f"/{link}"])) if own and link and link != shortlink else (path,)

    def _note(self, kind: NoteKind, what: str, place: Place | None = None) -> None:
        self.notes.append(Note(place or self.place, kind, what))

    def _read_time(self, written: str | None, place: Place) -> When | None:
        return read_stamp(written, self.zone, place, self.notes)

    def _to_markdown(self, text: str | None, place: Place) -> str:
        written, notes = to_markdown(text or "", place, self.url)
        self.notes += notes
        return written


def _is_end(update: ToldUpdate) -> bool:
    return bool(update.state and update.state.is_terminal)


def _join(names: Sequence[str]) -> str:
    return ", ".join(quote_text(name) for name in names)
