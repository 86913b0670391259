"""An issue of an Upptime page, as a post.

What the robot writes is known by its words, not by its name: it often has the key of a person.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from statusgen.imports.html_texts import to_markdown
from statusgen.imports.names import ServiceNames
from statusgen.imports.short_lines import MOST_IN_NAME, fit_line
from statusgen.imports.stamps import read_stamp
from statusgen.imports.told import Note, NoteKind, ToldPost, ToldUpdate
from statusgen.imports.upptime.config import Config, fold_slug
from statusgen.imports.upptime.issues import Comment, Issue
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.problems import Place
from statusgen.text import quote_text

# The robot runs where clocks show UTC, and so it reads a time without a zone.
_UTC = ZoneInfo("UTC")
_TITLE = re.compile(r"(?P<name>.+?) (?P<how>is down|has degraded performance)")
_MARKS = re.compile(r"^[\U0001f6d1\u26a0\ufe0f\s]+")
_ROBOT = re.compile(r"In \[`\w+`\]\(.+?\), .+ (?:was \*\*down\*\*|experienced \*\*degraded performance\*\*)", re.DOTALL)
_BACK = re.compile(r"\*\*Resolved:\*\* .+ (?:is back up|performance has improved) in \[`")
_STATUSES = {"is down": Status.DOWN, "has degraded performance": Status.DEGRADED}
_PLAN = re.compile(r"<!--((?:(?!<!--).)*?)-->", re.DOTALL)
_PLAN_KEY = re.compile(r"\b(start|end|expectedDown|expectedDegraded)[ \t]*:[ \t]*")
# Of others who can comment, GitHub says CONTRIBUTOR, NONE and the like.
_COLLEAGUES = (None, "OWNER", "MEMBER", "COLLABORATOR")
_GENERAL_LABELS = {"status", "maintenance"}
_MINUTE = timedelta(minutes=1)


@dataclass
class IssueReader:
    """Reads one issue, and collects what was noted."""

    issue: Issue
    config: Config
    names: ServiceNames
    zone: ZoneInfo
    notes: list[Note] = field(default_factory=list)

    @property
    def place(self) -> Place:
        """Where the issue is."""
        return self.issue.place

    @cached_property
    def title(self) -> str:
        """Its title without the sign before it."""
        return _MARKS.sub("", self.issue.shape.title).strip()

    @cached_property
    def is_by_robot(self) -> bool:
        """Whether the robot opened it."""
        return bool(_ROBOT.match(self.issue.shape.body or "")) and bool(_TITLE.fullmatch(self.title))

    @cached_property
    def services(self) -> tuple[str, ...]:
        """The services that its labels name, or else its title."""
        labels = [label for label in self.issue.shape.labels if label.casefold() not in _GENERAL_LABELS]
        found = dict.fromkeys(name for label in labels if (name := self.config.slugs.get(fold_slug(label))))
        titled = _TITLE.fullmatch(self.title)
        if not found and titled and (name := fit_line(titled["name"], MOST_IN_NAME, self.place, self.notes)):
            found[self.names.find(name, self.place)] = None
        elif found and titled and titled["name"] not in found:
            what = f"{quote_text(titled['name'])} was taken for {quote_text(next(iter(found)))}, as its label says."
            self._note(NoteKind.GUESS, what)
        return tuple(found)

    def read(self) -> ToldPost | None:
        """Return the post; None, with a question, if nobody says when it was."""
        began = self._read_time(self.issue.shape.created_at, self.place)
        if began is None:
            self._note(NoteKind.QUESTION, "When was this? Nobody says, so it was left out.")
            return None
        labels = {label.casefold() for label in self.issue.shape.labels}
        text = self._to_markdown(self.issue.shape.body, self.place)
        was = (f"{self.config.path}{self.issue.shape.number}",)
        post = ToldPost(str(self.issue.shape.number), self.title, Kind.INCIDENT, began, (), self.place, was=was)
        opening = ToldUpdate(began, None, text, self.place)
        return self._read_work(post, opening) if "maintenance" in labels else self._read_outage(post, opening)

    def _read_outage(self, post: ToldPost, opening: ToldUpdate) -> ToldPost:
        """Return an outage: what the title says is down or slow, until the robot or a person closes the issue."""
        titled = _TITLE.fullmatch(self.title)
        if titled:
            opening = replace(opening, statuses=dict.fromkeys(self.services, _STATUSES[titled["how"]]))
        elif self.services:
            names = ", ".join(map(quote_text, self.services))
            what = f"The source says that this affected {names}, but not how; so the post does not say it either."
            self._note(NoteKind.LOSS, what)
        updates = [opening, *self._read_comments()]
        return replace(post, updates=tuple(self._close(updates, State.RESOLVED)))

    def _read_comments(self) -> Iterator[ToldUpdate]:
        for comment in self.issue.comments:
            time = self._read_time(comment.shape.created_at, comment.place)
            is_back = bool(_BACK.match(comment.shape.body or ""))
            if time is None:
                self._note(
                    NoteKind.QUESTION, "When was this comment written? Nobody says, so it was left out.", comment.place
                )
            elif is_back or self._is_ours(comment):
                text = self._to_markdown(comment.shape.body, comment.place)
                statuses = dict.fromkeys(self.services if is_back else (), Status.WORKING)
                yield ToldUpdate(time, State.RESOLVED if is_back else None, text, comment.place, statuses)

    def _is_ours(self, comment: Comment) -> bool:
        """Return whether a person of the repository wrote it; others do not speak for the page."""
        user = comment.shape.user
        if user and user.is_robot:
            self._note(NoteKind.LOSS, "A comment of another program was left out.", comment.place)
            return False
        if comment.shape.author_association not in _COLLEAGUES:
            what = "A comment of someone who does not belong to the repository was left out."
            self._note(NoteKind.LOSS, what, comment.place)
            return False
        return True

    def _close(self, updates: list[ToldUpdate], state: State) -> list[ToldUpdate]:
        """Return the updates with an end, if the issue is closed and none of them says so."""
        shape = self.issue.shape
        is_ended = any(update.state is state for update in updates)
        if shape.state != "closed":
            if is_ended:
                self._note(NoteKind.QUESTION, "This was resolved, and the issue is open again. Since when, and why?")
            return updates
        if shape.state_reason == "not_planned":
            what = "This was closed as not planned. Was it an error? It is shown as over."
            self._note(NoteKind.QUESTION, what)
        closed = self._read_time(shape.closed_at, self.place)
        if is_ended or closed is None:
            if not is_ended:
                self._note(NoteKind.QUESTION, "When was this closed? Nobody says, so it is shown as going on.")
            return updates
        statuses = dict.fromkeys(self.services, Status.WORKING)
        last = updates[-1]
        # "Comment and close" is one step for a person, and two moments for GitHub.
        if len(updates) > 1 and abs(closed.start - last.time.start) <= _MINUTE:
            return [*updates[:-1], replace(last, state=state, statuses=statuses)]
        end = ToldUpdate(closed, state, "", self.place, statuses)
        return sorted([*updates, end], key=lambda update: update.time.start)

    def _read_work(self, post: ToldPost, opening: ToldUpdate) -> ToldPost:
        """Return planned work, whose times are in a comment of its text; the robot closes it after its end."""
        plan = self._read_plan()
        down = [*self._find_sites(plan.get("expectedDown", "")), *self.services]
        slow = self._find_sites(plan.get("expectedDegraded", ""))
        if slow:
            statuses = dict.fromkeys(down, Status.MAINTENANCE) | dict.fromkeys(slow, Status.DEGRADED)
            opening = replace(opening, statuses=statuses)
        else:
            opening = replace(opening, about=tuple(dict.fromkeys(down)))
        starts, ends = (self._read_time(plan.get(key), self.place) for key in ("start", "end"))
        post = replace(post, kind=Kind.MAINTENANCE, updates=(opening, *self._read_comments()))
        if starts and ends and ends.start > starts.start:
            return self._end_early(replace(post, starts=starts, ends=ends))
        what = "When does this work begin and end? The issue does not say both, or says that it ends before it begins."
        self._note(NoteKind.QUESTION, f"{what} Until someone writes it, the post is a draft.")
        starts = starts or post.started
        day = When.day(starts.start.astimezone(self.zone).date(), self.zone)
        return replace(post, starts=starts, ends=day, unpublished=True)

    def _read_plan(self) -> dict[str, str]:
        """Return what the comments in its text say, by their keys, each on a line of its own or all on one."""
        plan: dict[str, str] = {}
        for comment in _PLAN.findall(self.issue.shape.body or ""):
            _, *parts = _PLAN_KEY.split(comment)
            plan |= {key: value.strip() for key, value in zip(parts[::2], parts[1::2], strict=True)}
        return plan

    def _find_sites(self, slugs: str) -> list[str]:
        """Return the names of the sites of a list of slugs."""
        found = []
        for slug in filter(None, re.split(r"[,\s]+", slugs)):
            name = self.config.slugs.get(fold_slug(slug))
            if name is None:
                what = f"There is no site with the slug {quote_text(slug)}. Which service is it? It was left out."
                self._note(NoteKind.QUESTION, what)
            else:
                found.append(name)
        return found

    def _end_early(self, post: ToldPost) -> ToldPost:
        """Return planned work with an end, if somebody closed it before the time at which it ends by itself."""
        closed = self._read_time(self.issue.shape.closed_at, self.place)
        if self.issue.shape.state != "closed" or not closed or not post.starts or not post.ends:
            return post
        if closed.start < post.starts.start:
            what = "This work was closed before it began. Was it canceled? Until someone says, the post is a draft."
            self._note(NoteKind.QUESTION, what)
            return replace(post, unpublished=True)
        if closed.start >= post.ends.start:
            return post
        return replace(post, updates=tuple(self._close([*post.updates], State.COMPLETED)))

    def _note(self, kind: NoteKind, what: str, place: Place | None = None) -> None:
        self.notes.append(Note(place or self.place, kind, what))

    def _read_time(self, written: str | None, place: Place) -> When | None:
        return read_stamp(written, _UTC, place, self.notes)

    def _to_markdown(self, text: str | None, place: Place) -> str:
        written, notes = to_markdown(text or "", place)
        self.notes += notes
        return written


def find_end(updates: Sequence[ToldUpdate]) -> When | None:
    """Return when an outage was over."""
    return next((update.time for update in updates if update.state is State.RESOLVED), None)
