"""Reads from git what was public: when each update was first committed, and what was changed in it afterwards.

Of what git tells (`commits.py`), the states of each incident are made (`states.py`). Each state is then asked
what of it residents could read, and until when, and that is compared with what they could read before
(`_FileHistory`).

A commit counts as the publication. Of a branch, the merge counts, since that is when it became public. What was a
draft, what a build refused (`past_versions.py`), and what was changed or taken out before its time had come, was never
public: of that the record has no word.
"""

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from statusgen.content.confidential import hide_secrets
from statusgen.content.posts.commits import Commit, name_content, read_commits, read_contents
from statusgen.content.posts.past_versions import VersionJudge
from statusgen.content.posts.states import LONG_AGO, HistoryWalk, State, is_post, is_text, last_name
from statusgen.content.posts.version_cache import remember_versions
from statusgen.content.posts.written import UpdateText, diff_lines, split_updates
from statusgen.content.services import SERVICES_FILE
from statusgen.model.posts import Incident, Update
from statusgen.model.record import Edit, PastText, PastWords, RecordCoverage
from statusgen.model.times import When
from statusgen.model.whole_site import Site
from statusgen.speed.cache import Cache

# In the record, the first update has this id. Its own would change with `started:` or `posted:`.
_FIRST_ID = "first"


def add_record(
    site: Site, folder: Path, texts: Mapping[str, str], interface_languages: tuple[str, ...], cache: Cache | None
) -> Site:
    """Return the site with the record of its updates, or as it is if the folder is not kept in git.

    `texts` has every file as it is now, by its path.
    """
    commits = read_commits(folder)
    if not any(is_post(change.path) for commit in commits for change in commit.changes):
        return site
    wanted = {change.content for commit in commits for change in commit.changes if is_text(change.path)}
    contents = read_contents(folder, wanted - {""}, texts.values())
    versions = remember_versions(cache)
    judge = VersionJudge(contents, interface_languages, versions)
    # One that is not kept in git can only have been as it is.
    is_kept = any(str(change.path) == SERVICES_FILE for commit in commits for change in commit.changes)
    walk = HistoryWalk(judge, site.zone, "" if is_kept else name_content(texts[SERVICES_FILE]))
    for commit in commits:
        walk.add_commit(commit)
    versions.save()
    states = walk.states
    reader = _UpdatesReader(contents)
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
        record_coverage=_find_coverage(commits),
        deleted_ids=tuple(sorted(was_public)),
        past=_collect_past(records, texts, walk.renamed),
    )


def _collect_past(records: Mapping[str, "_Record"], texts: Mapping[str, str], renamed: Mapping[str, str]) -> PastWords:
    names = {id: last_name(id, renamed) for id in records}
    return PastWords(
        tuple(PastText(names[id], "\n".join(sorted(record.public_lines))) for id, record in records.items()),
        tuple(PastText(names[id], text) for id, record in records.items() for text in record.find_hidden()),
        tuple(texts.values()),
    )


def _find_coverage(commits: Iterable[Commit]) -> RecordCoverage:
    return RecordCoverage.COMPLETE if all(commit.is_known for commit in commits) else RecordCoverage.PARTIAL


class _UpdatesReader:
    """Takes versions of a post or a translation apart; none is read twice."""

    def __init__(self, contents: Mapping[str, str]) -> None:
        self.contents = contents
        self.updates = functools.cache(self._split_updates)

    def _split_updates(self, content: str | None, zone: ZoneInfo) -> Mapping[str, UpdateText]:
        text = self.contents.get(content or "", "")
        return {update.id or _FIRST_ID: update for update in split_updates(text, zone)}


class _Record:
    """What became of the files of one incident, by language, and which words of them were public."""

    def __init__(self, id: str, states: Iterable[State], reader: _UpdatesReader, suffixes: Mapping[str, str]) -> None:
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

    def add_state(self, state: State) -> None:
        """Collect what was changed by a commit, in all languages."""
        posted = state.posted
        is_public = posted is not None and state.public_from(posted) is not None
        post = self.reader.updates(state.contents.get(""), state.zone)
        for language, history in self.files.items():
            there = self.reader.updates(state.contents.get(self.suffixes[language]), state.zone)
            public: dict[str, datetime] = {}
            for id in there:
                begin = state.public_from(posted, state.due.get(id, posted)) if posted and id in post else None
                if begin:
                    public[id] = begin
            self.add_words(state, there, public)
            history.note_rewording(there, state)
            # What was changed while it was a draft, nobody could see.
            if is_public:
                history.add_changes(there, public, state)

    def add_words(self, state: State, there: Mapping[str, UpdateText], public: Mapping[str, datetime]) -> None:
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

    def add_changes(self, there: Mapping[str, UpdateText], public: Mapping[str, datetime], state: State) -> None:
        """Collect what a state says differently from what residents could read before it."""
        for id, old in self.last_public.items():
            if id not in there and id not in self.removed:
                self.removed[id] = _make_edit(When.moment(state.time), old.full_text, "", self.language)
        for id, begin in public.items():
            time = When.moment(begin)
            self.published.setdefault(id, time if state.is_known else None)
            self.removed.pop(id, None)
            before = self.last_public.get(id)
            if before and before is not there[id] and (lines := diff_lines(before.full_text, there[id].full_text)):
                self.edits[id].append(_make_edit(time, *lines, self.language))
            self.last_public[id] = there[id]

    def note_rewording(self, there: Mapping[str, UpdateText], state: State) -> None:
        """Remember when a text was written last, be it public or not."""
        for id, update in there.items():
            before = self.last_written.get(id)
            if before is None or (before is not update and before.text.split() != update.text.split()):
                self.reworded_at[id] = state.time if state.is_known else LONG_AGO
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
    # An embargoed update became public at its time, and could be changed until then; any other when it was committed.
    if published and update.embargo:
        published = When.moment(max(published.start, update.time.start))
    public_from = min(update.time.start, published.start) if published else update.time.start
    edits = (edit for history in record.files.values() for edit in history.edits.get(id, ()))
    public_edits = (edit for edit in edits if edit.time.start > public_from)
    changed_at = original.reworded_at.get(id, LONG_AGO)
    outdated = tuple(
        language for language, history in record.files.items() if history.reworded_at.get(id, changed_at) < changed_at
    )
    return replace(
        update,
        committed_at=published,
        edits=tuple(sorted(public_edits, key=lambda edit: edit.time.start)),
        outdated_languages=outdated,
    )
