"""Reads from git what was public: when each update was first committed, and what was changed in it afterwards.

The history of all files is read at once: one `git log` lists the states of every incident (`_read_states`), one
`git cat-file` gives the texts of those that differ (`_read_contents`). Each state is then asked what of it residents
could read, and until when (`_read_public`), and that is compared with what they could read before (`_FileHistory`).

A commit counts as the publication. Of a branch, the merge counts, since that is when it became public. What was a
draft, and what was changed or taken out before its time had come, was never public: of that the record has no word.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path, PurePosixPath

from statusgen.content.confidential import hide_secrets
from statusgen.content.format.fields import Names
from statusgen.content.posts.incidents import is_valid_translation, read_publication_time
from statusgen.content.posts.written import UpdateText, diff_lines, split_updates
from statusgen.git import run_git, shallow_commits
from statusgen.model import Edit, Incident, PastText, PastWords, RecordCoverage, Site, Update, When
from statusgen.text import decode_text

# In the record, the first update has this id. Its own would change with `started:` or `posted:`.
_FIRST_ID = "first"
# Two files of the same post or translation, of which nobody can say which one counts; such a state is never built.
_AMBIGUOUS = "ambiguous"
_LONG_AGO = datetime.fromtimestamp(0, UTC)
# By more than that, it is the clock of the commit before that was wrong.
_SLOW_CLOCK = timedelta(days=1)


@dataclass(frozen=True)
class _State:
    """The files of an incident as one commit left them: the names of their contents by language ("" for the post).

    `end` is when the next commit changed one of them; None for the last. In a shallow clone the oldest commit seems to
    have written everything; `is_known` is false there.
    """

    time: datetime
    end: datetime | None
    contents: Mapping[str, str]
    is_known: bool

    def public_from(self, *times: datetime) -> datetime | None:
        """Return from when on something was public that waits for these times; None if it changed before that."""
        begin = max(self.time, *times)
        # What was due when it was committed was public, even if the next commit has the same second, or a slow clock.
        if begin == self.time:
            return begin
        return begin if self.end is None or begin < self.end else None


def add_record(site: Site, folder: Path, texts: Mapping[str, str], names: Names) -> Site:
    """Return the site with the record of its updates, or as it is if the folder is not kept in git.

    `texts` has every file as it is now, by its path; `names` are what the posts can refer to.
    """
    states = _read_states(folder)
    if not states:
        return site
    # What was named then may have gone since, and must not make a mistake of what was none.
    known_then = replace(names, services=None, is_known=False, posts=(*names.posts, *states))
    reader = _VersionReader(_read_contents(folder, states, texts), known_then)
    languages = {language: "" if language == site.languages[0] else language for language in site.languages}
    records = {id: _Record(id, history, reader, languages) for id, history in states.items()}
    existing = {PurePosixPath(file).name.partition(".")[0] for file in texts}
    was_public = (id for id in states if id not in existing and records[id].original.published)
    return replace(
        site,
        incidents=tuple(
            _add_incident_record(incident, records[incident.id]) if incident.id in records else incident
            for incident in site.incidents
        ),
        record_coverage=_find_coverage(states),
        deleted_ids=tuple(sorted(was_public)),
        past=_collect_past(records, texts),
    )


def _collect_past(records: Mapping[str, "_Record"], texts: Mapping[str, str]) -> PastWords:
    return PastWords(
        tuple(PastText(id, "\n".join(sorted(record.public_lines))) for id, record in records.items()),
        tuple(PastText(id, text) for id, record in records.items() for text in record.find_hidden()),
        tuple(texts.values()),
    )


def _find_coverage(states: Mapping[str, list[_State]]) -> RecordCoverage:
    is_whole = all(state.is_known for history in states.values() for state in history)
    return RecordCoverage.COMPLETE if is_whole else RecordCoverage.PARTIAL


def _read_states(folder: Path) -> dict[str, list[_State]]:
    """Return the states of each incident, oldest first, by its id.

    Files are told apart by their ids and languages and not by their paths, so that a post that moved keeps its history.
    """
    log = run_git(
        folder, "log", "--reverse", "--first-parent", "--diff-merges=first-parent", "--no-renames", "--no-abbrev",
        "--raw", "--relative", "-z", "--format=%x01%H %ct", "--", "incidents",
    )  # fmt: skip
    boundary = shallow_commits(folder) if log else set()
    states: dict[str, list[_State]] = defaultdict(list)
    files: dict[str, dict[PurePosixPath, str]] = defaultdict(dict)
    time = _LONG_AGO
    for commit, written, changes in _parse_log((log or b"").decode(errors="replace")):
        # A clock that is somewhat slow does not put a commit before the one that it follows.
        time = time if timedelta(0) <= time - written < _SLOW_CLOCK else written
        for path, content in changes:
            files[path.stem.partition(".")[0]][path] = content
        for id in dict.fromkeys(path.stem.partition(".")[0] for path, _ in changes):
            if states[id]:
                states[id][-1] = replace(states[id][-1], end=time)
            states[id].append(_State(time, None, _contents_by_language(files[id]), commit not in boundary))
    return states


def _parse_log(log: str) -> Iterator[tuple[str, datetime, list[tuple[PurePosixPath, str]]]]:
    """Yield each commit with its time and, for each post that it changed, the new content ("" if it is gone).

    The log is a row of fields: a commit as "\\1HASH TIME", and for each file that it changed one that begins with a
    colon and has the name of the new content as its fourth word (git-diff, "raw output format"), then the path.
    """
    for entry in log.split("\x01")[1:]:
        # Git ends the line of a commit with a newline, and not with \0: the first change is in the same field.
        head, _, rest = entry.partition("\n")
        commit, seconds = head.strip("\0").split()
        fields = iter(rest.lstrip("\n").split("\0"))
        changes = []
        for raw in fields:
            if raw.startswith(":"):
                content, path = raw.split()[3], PurePosixPath(next(fields))
                if path.suffix == ".md" and not any(part.startswith(".") for part in path.parts):
                    changes.append((path, content if content.strip("0") else ""))
        yield commit, datetime.fromtimestamp(int(seconds), UTC), changes


def _contents_by_language(files: Mapping[PurePosixPath, str]) -> dict[str, str]:
    contents: dict[str, str] = {}
    for path, content in files.items():
        language = path.stem.partition(".")[2]
        if content:
            contents[language] = _AMBIGUOUS if language in contents else content
    return contents


def _read_contents(folder: Path, states: Mapping[str, list[_State]], texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of all states by the names of their content; what is on the disk too is not read from git."""
    now = {_blob_id(text): text for text in texts.values()}
    wanted = {content for history in states.values() for state in history for content in state.contents.values()}
    asked = sorted(wanted - set(now) - {_AMBIGUOUS})
    answer = run_git(folder, "cat-file", "--batch", input="\n".join(asked).encode()) if asked else b""
    earlier, start = {}, 0
    # The answer is a row of objects: a line "NAME blob SIZE", the content, a newline (git-cat-file, "batch output").
    while answer and start < len(answer):
        end = answer.index(b"\n", start)
        head = answer[start:end].split()
        if len(head) < 3:  # an object that git does not have: "NAME missing"
            start = end + 1
            continue
        start = end + 1 + int(head[2]) + 1
        # What cannot be read as a text was in no build.
        earlier[head[0].decode()] = decode_text(answer[end + 1 : start - 1], "")[0]
    return now | earlier


def _blob_id(text: str) -> str:
    """Return the name that git gives to a text (gitformat-pack, "object names")."""
    content = text.encode(errors="replace")
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


class _VersionReader:
    """Reads what a post or a translation said in one of its versions; no text is read twice."""

    def __init__(self, contents: Mapping[str, str], names: Names) -> None:
        self.contents, self.names = contents, names
        self.updates = cache(self._split_updates)
        self.posted = cache(self._read_time)
        self.is_valid = cache(self._check_translation)

    def text(self, content: str | None) -> str:
        """Return a text by the name that git gives to it; empty if there is none, or none that can be read."""
        return self.contents.get(content or "", "")

    def _split_updates(self, content: str | None) -> Mapping[str, UpdateText]:
        return {update.id or _FIRST_ID: update for update in split_updates(self.text(content), self.names.zone)}

    def _read_time(self, id: str, content: str | None) -> datetime | None:
        """Return when a version of a post was to appear; None if it is a draft, or could not be built."""
        text = self.text(content)
        time = read_publication_time(id, text, self.names) if text else None
        return time.start if time else None

    def _check_translation(self, id: str, language: str, content: str) -> bool:
        return is_valid_translation(id, self.text(content), replace(self.names, languages=(language,)))


class _Record:
    """What became of the files of one incident, by language, and which words of them were public."""

    def __init__(self, id: str, states: Iterable[_State], reader: _VersionReader, suffixes: Mapping[str, str]) -> None:
        self.id, self.reader = id, reader
        self.suffixes = suffixes
        self.files = {language: _FileHistory(language) for language in suffixes}
        self.public_lines: set[str] = set()
        self.hidden: dict[str, list[str]] = defaultdict(list)
        for state in states:
            self.add_state(state)

    @property
    def original(self) -> "_FileHistory":
        """The history of the post itself."""
        return next(iter(self.files.values()))

    def add_state(self, state: _State) -> None:
        """Collect what was changed by a commit, in all languages."""
        posted = self.reader.posted(self.id, state.contents.get("")) if self.has_valid_translations(state) else None
        is_public = posted is not None and state.public_from(posted) is not None
        post = self.reader.updates(state.contents.get(""))
        for language, history in self.files.items():
            there = self.reader.updates(state.contents.get(self.suffixes[language]))
            public: dict[str, datetime] = {}
            for id, update in there.items():
                begin = state.public_from(posted, update.time or posted) if posted and id in post else None
                if begin:
                    public[id] = begin
            self.add_words(state, there, public)
            history.note_rewording(there, state)
            # What was changed while it was a draft, nobody could see.
            if is_public:
                history.add_changes(there, public, state)

    def has_valid_translations(self, state: _State) -> bool:
        """Return whether no translation kept the state from being built."""
        return all(
            self.reader.is_valid(self.id, language, state.contents[suffix])
            for language, suffix in self.suffixes.items()
            if suffix in state.contents and suffix
        )

    def add_words(self, state: _State, there: Mapping[str, UpdateText], public: Mapping[str, datetime]) -> None:
        """Collect the words that residents could read in a state, and those that they could not."""
        for id, update in there.items():
            if id not in public:
                self.hidden[id].append(update.full_text)
            elif state.end or public[id] == state.time:
                self.public_lines.update(update.full_text.split("\n"))

    def find_hidden(self) -> Iterator[str]:
        """Yield the lines of each update that stood in versions that nobody could read, and in no others."""
        for texts in self.hidden.values():
            lines = dict.fromkeys(line for text in texts for line in text.split("\n"))
            if words := "\n".join(line for line in lines if line not in self.public_lines):
                yield words


class _FileHistory:
    """What became of each update of one file, by its id: when it was public first, how it was changed, when it went.

    `published` has None for an update that is older than what a shallow clone knows. `reworded_at` has when the text
    was last changed: a translation of it is outdated then, which a change of the facts alone does not make it.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.published: dict[str, When | None] = {}
        self.edits: dict[str, list[Edit]] = defaultdict(list)
        self.removed: dict[str, Edit] = {}
        self.reworded_at: dict[str, datetime] = {}
        self.last_public: dict[str, UpdateText] = {}
        self.last_written: Mapping[str, UpdateText] = {}

    def add_changes(self, there: Mapping[str, UpdateText], public: Mapping[str, datetime], state: _State) -> None:
        """Collect what a state says differently from what residents could read before it."""
        for id, old in self.last_public.items():
            if id not in there and id not in self.removed:
                self.removed[id] = _make_edit(When.moment(state.time), old.full_text, "", self.language)
        for id, begin in public.items():
            time = When.moment(begin)
            self.published.setdefault(id, time if state.is_known else None)
            self.removed.pop(id, None)
            before = self.last_public.get(id)
            if before and (lines := diff_lines(before.full_text, there[id].full_text)):
                self.edits[id].append(_make_edit(time, *lines, self.language))
            self.last_public[id] = there[id]

    def note_rewording(self, there: Mapping[str, UpdateText], state: _State) -> None:
        """Remember when a text was written last, be it public or not."""
        for id, update in there.items():
            before = self.last_written.get(id)
            if before is None or before.text.split() != update.text.split():
                self.reworded_at[id] = state.time if state.is_known else _LONG_AGO
        self.last_written = there


def _add_incident_record(incident: Incident, record: _Record) -> Incident:
    updates = tuple(_add_update_record(update, number == 0, record) for number, update in enumerate(incident.updates))
    # An update that was removed and put back is not on the record as removed.
    ids = {_FIRST_ID, *(update.id for update in incident.updates)}
    removed = tuple(edit for id, edit in record.original.removed.items() if id not in ids)
    incident = replace(incident, updates=updates, removed_updates=removed)
    return _withhold_words(incident) if incident.withhold else incident


def _withhold_words(incident: Incident) -> Incident:
    """Return the incident with a record that says when something was changed, but not what."""
    updates = (
        replace(update, edits=tuple(replace(edit, before="", after="", withheld=True) for edit in update.edits))
        for update in incident.updates
    )
    removed = (replace(edit, before="", withheld=True) for edit in incident.removed_updates)
    return replace(incident, updates=tuple(updates), removed_updates=tuple(removed))


def _make_edit(time: When, before: str, after: str, language: str) -> Edit:
    """Return a change without the lines that have a secret in them: removing a secret must not publish it."""
    shown = [hide_secrets(text) for text in (before, after)]
    return Edit(time, shown[0], shown[1], language, withheld=shown != [before, after])


def _add_update_record(update: Update, is_first: bool, record: _Record) -> Update:
    """Return an update with when it was committed, its edits in all languages, and its outdated translations."""
    id, original = _FIRST_ID if is_first else update.id, record.original
    published = original.published.get(id)
    # An update that was committed ahead of its time became public at its time, and could be changed until then.
    if published:
        published = When.moment(max(published.start, update.time.start))
    edits = (edit for history in record.files.values() for edit in history.edits.get(id, ()))
    public_edits = (edit for edit in edits if edit.time.start > update.time.start)
    changed_at = original.reworded_at.get(id, _LONG_AGO)
    outdated = tuple(
        language for language, history in record.files.items() if history.reworded_at.get(id, changed_at) < changed_at
    )
    return replace(
        update,
        committed_at=published,
        edits=tuple(sorted(public_edits, key=lambda edit: edit.time.start)),
        outdated_languages=outdated,
    )
