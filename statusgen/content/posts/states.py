"""Makes the states of each incident from the commits: its files as they were, and when anything in them was public."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from statusgen.content.images.images import SIGNATURES
from statusgen.content.posts.commits import Change, Commit, post_contents
from statusgen.content.posts.links import INCIDENTS_FOLDER
from statusgen.content.posts.past_versions import VersionJudge, find_target
from statusgen.content.posts.version_cache import SoundVersion
from statusgen.content.services import SERVICES_FILE

LONG_AGO = datetime.fromtimestamp(0, UTC)
# By more than that, it is the clock of the commit before that was wrong.
_SLOW_CLOCK = timedelta(days=1)


@dataclass(frozen=True)
class State:
    """The files of an incident as one commit left them: the names of their contents by language ("" for the post).

    `posted` is when the first text was to appear; None if nothing was, for it was a draft, or was not built. `due` is
    when each later update was to appear, by its id. `zone` is the time zone of the site then. `time` is that of the
    commit, as far as it can be believed. `end` is when the next state began, and `next_commit` what it began with; both
    are None for the last.
    """

    time: datetime
    commit: Commit
    contents: Mapping[str, str]
    posted: datetime | None
    due: Mapping[str, datetime]
    zone: ZoneInfo
    end: datetime | None = None
    next_commit: Commit | None = None

    @property
    def is_known(self) -> bool:
        """Whether it is known when the state began."""
        return self.commit.is_known

    def public_from(self, *times: datetime) -> datetime | None:
        """Return from when on something was public that waits for these times; None if it changed before that."""
        due, begin = max(times), max(self.time, *times)
        if self.end is None or self.next_commit is None:
            return begin
        if begin > self.time:
            return begin if begin < self.end else None
        # It was due when it was committed. But a rebase commits the history of a branch again, later and all at once.
        authored, authored_end = self.commit.authored or self.time, self.next_commit.authored or self.end
        is_momentary = self.commit.time is not None and self.commit.time == self.next_commit.time
        was_due = due <= authored or due < authored_end
        # Where time went back, the clock of this commit was wrong.
        is_wrong = self.end < self.time and due >= self.end
        return begin if was_due and not is_momentary and not is_wrong else None


def is_post(path: PurePosixPath) -> bool:
    """Return whether a file is a post or a translation; what is hidden is not."""
    is_shown = path.parts[0] == INCIDENTS_FOLDER and not any(part.startswith(".") for part in path.parts)
    return is_shown and path.suffix == ".md"


def is_text(path: PurePosixPath) -> bool:
    """Return whether a file is one of those that are read as text."""
    return str(path) == SERVICES_FILE or is_post(path)


def id_of(path: PurePosixPath) -> str:
    """Return the id of the incident that a post or a translation is of."""
    return path.stem.partition(".")[0]


def last_name(id: str, renamed: Mapping[str, str]) -> str:
    """Return the id that the incident has now."""
    while id in renamed:
        id = renamed[id]
    return id


@dataclass
class HistoryWalk:
    """Goes through the commits, oldest first, and collects the states of each incident by its id.

    Files are told apart by their ids and languages and not by their paths, so that a post that moved keeps its history.
    One that got another id keeps it too: `renamed` has the new id by the old one. `services` names the content of
    services.yaml. `shown` are the posts that have no mistakes of their own and are no drafts, and
    `linking` has the posts that ever led to a post or a picture.
    """

    judge: VersionJudge
    zone: ZoneInfo
    services: str
    time: datetime = LONG_AGO
    states: dict[str, list[State]] = field(default_factory=lambda: defaultdict(list))
    renamed: dict[str, str] = field(default_factory=dict)
    files: dict[str, dict[PurePosixPath, str]] = field(default_factory=lambda: defaultdict(dict))
    posts: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    pictures: set[str] = field(default_factory=set)
    linking: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add_commit(self, commit: Commit) -> None:
        """Add the states that begin with a commit."""
        # A clock that is somewhat slow does not put a commit before the one that it follows.
        if commit.time and not timedelta(0) <= self.time - commit.time < _SLOW_CLOCK:
            self.time = commit.time
        before, names = {*self.shown, *self.pictures}, self.judge.names(self.services)
        changed = self.apply_changes(commit.changes)
        is_same = names is self.judge.names(self.services)
        for id in changed if is_same else [*self.files]:
            sound = self.find_sound(id)
            (self.shown.add if sound and sound.posted else self.shown.discard)(id)
        for change in commit.changes:
            if change.renamed_from and is_post(change.path):
                self.follow_rename(id_of(change.renamed_from), id_of(change.path))
        # What makes a mistake of a link, or of a service, can be in another file.
        others = {id for name in before ^ {*self.shown, *self.pictures} for id in self.linking.get(name, ())}
        if not is_same:
            others = {*self.files}
        for id in sorted({*changed, *others}):
            self.add_state(id, commit, id in changed)

    def apply_changes(self, changes: Iterable[Change]) -> set[str]:
        """Note what a commit changed; return the ids of the posts among that."""
        changed = set()
        for change in changes:
            if is_post(change.path):
                id = id_of(change.path)
                self.files[id][change.path] = change.content
                changed.add(id)
                (self.posts.add if "" in post_contents(self.files[id]) else self.posts.discard)(id)
            elif str(change.path) == SERVICES_FILE:
                self.services = change.content
            elif change.path.parts[0] == INCIDENTS_FOLDER and change.path.suffix.lower() in SIGNATURES:
                picture = change.path.relative_to(INCIDENTS_FOLDER).as_posix()
                (self.pictures.add if change.content else self.pictures.discard)(picture)
        return changed

    def follow_rename(self, old: str, new: str) -> None:
        """Give the history of a post to the one that it became, unless both say when they began, and differ."""
        is_taken = self.states.get(new) and last_name(new, self.renamed) != old
        if old == new or old in self.posts or not self.states.get(old) or is_taken:
            return
        versions = (
            self.judge.find_sound(old, self.states[old][-1].contents, self.services),
            self.find_sound(new),
        )
        if len({version.started for version in versions if version}) < 2:
            self.states[new] = [*self.states[old]]
            self.renamed[old] = new

    def add_state(self, id: str, commit: Commit, is_changed: bool) -> None:
        """Add the state of an incident, if it differs from the last."""
        contents, states = post_contents(self.files[id]), self.states[id]
        if id in self.posts:
            self.renamed.pop(id, None)
        names = self.judge.names(self.services)
        zone, sound = names.zone if names else self.zone, self.find_built(id, contents)
        posted, due = (sound.posted, sound.due) if sound else (None, {})
        if is_changed or (states and (states[-1].posted, states[-1].zone) != (posted, zone)):
            if states:
                states[-1] = replace(states[-1], end=self.time, next_commit=commit)
            states.append(State(self.time, commit, contents, posted, due, zone))

    def find_sound(self, id: str) -> SoundVersion | None:
        """Return what the present version of a post says of itself; None if it has a mistake."""
        return self.judge.find_sound(id, post_contents(self.files[id]), self.services)

    def find_built(self, id: str, contents: Mapping[str, str]) -> SoundVersion | None:
        """Return what the present version says of itself; None for a draft, and for one that no build took."""
        sound = self.find_sound(id)
        if sound is None or sound.posted is None:
            return None
        file = next(str(path) for path, content in self.files[id].items() if content == contents[""])
        names = {find_target(target, file) for target in sound.targets}
        for name in names:
            self.linking[name].add(id)
        return sound if names <= self.shown | self.pictures else None
