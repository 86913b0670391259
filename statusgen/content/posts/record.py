"""Reads from git what was public: when each update was first committed, and what was changed in it afterwards.

The history of all files is read at once: one `git log` lists the versions of every post and translation
(`_read_versions`), one `git cat-file` gives the text of those that differ (`_read_contents`). Each file's versions,
oldest first, are then split into updates and compared with the version before (`_FileHistory`), and what was found is
added to the incidents.

A commit counts as the publication. Of a branch, the merge counts, since that is when it became public.
"""

import difflib
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from statusgen.content.confidential import hide_secrets
from statusgen.content.format.values import TIME_PATTERN, parse_time
from statusgen.content.posts.split import split_post
from statusgen.content.posts.update_ids import make_update_id
from statusgen.git import run_git, shallow_commits
from statusgen.model import Edit, Incident, RecordCoverage, Site, Update, When
from statusgen.problems import InvalidValue

_DRAFT_KEY = re.compile(r"^draft:\s*true\b", re.MULTILINE)
# In the record, the first update has this id. Its own would change with `started:` or `posted:`.
_FIRST_ID = "first"


@dataclass(frozen=True)
class _Version:
    """A file as one commit left it: when, and the name of its content (None if the commit deleted it).

    In a shallow clone the oldest commit seems to have written everything; `is_known` is false there.
    """

    time: datetime
    blob: str | None
    is_known: bool


def add_record(site: Site, folder: Path, texts: Mapping[str, str]) -> Site:
    """Return the site with the record of its updates, or as it is if the folder is not kept in git.

    `texts` has every file as it is now, by its path.
    """
    versions = _read_versions(folder)
    if not versions:
        return site
    contents = _read_contents(folder, versions, texts)
    incidents = tuple(_add_incident_record(incident, site, versions, contents) for incident in site.incidents)
    partial = any(not version.is_known for history in versions.values() for version in history)
    existing = {PurePosixPath(file).name.partition(".")[0] for file in texts}
    missing = (id for (id, language) in versions if not language and id not in existing)
    deleted = tuple(sorted(id for id in missing if _has_been_public(versions[id, ""], contents)))
    return replace(
        site,
        incidents=incidents,
        record_coverage=RecordCoverage.PARTIAL if partial else RecordCoverage.COMPLETE,
        deleted_ids=deleted,
    )


def _has_been_public(history: Iterable[_Version], contents: Mapping[str, str]) -> bool:
    return any(version.blob and not _is_draft(contents.get(version.blob, "")) for version in history)


def _is_draft(text: str) -> bool:
    return bool(_DRAFT_KEY.search(text.partition("\n---")[0]))


def _read_versions(folder: Path) -> dict[tuple[str, str], list[_Version]]:
    """Return the versions of each post and translation, oldest first, by the post's id and language ("" for the post).

    Files are told apart by these and not by their paths, so that a post that moved keeps its history.
    """
    log = run_git(
        folder, "log", "--reverse", "--first-parent", "--diff-merges=first-parent", "--no-renames", "--no-abbrev",
        "--raw", "--relative", "-z", "--format=%x01%H %ct", "--", "incidents",
    )  # fmt: skip
    boundary = shallow_commits(folder) if log else set()
    versions: dict[tuple[str, str], list[_Version]] = defaultdict(list)
    last_commits: dict[tuple[str, str], str] = {}
    commit, time = "", datetime.fromtimestamp(0, UTC)
    # The log is a row of fields: a commit as "\1HASH TIME", and for each file that it changed one that begins with a
    # colon and has the name of the new content as its fourth word (git-diff, "raw output format"), then the path.
    fields = iter((log or b"").decode(errors="replace").split("\0"))
    for field in fields:
        field = field.lstrip("\n")
        if field.startswith("\x01"):
            # Git ends the line of a commit with a newline, and not with \0: the first change is in the same field.
            head, _, field = field[1:].partition("\n")
            commit, seconds = head.split()
            time = datetime.fromtimestamp(int(seconds), UTC)
            field = field.lstrip("\n")
        if field.startswith(":"):
            blob = field.split()[3]
            path = PurePosixPath(next(fields))
            if path.suffix == ".md":
                id, _, language = path.stem.partition(".")
                version = _Version(time, blob if blob.strip("0") else None, commit not in boundary)
                is_same_commit = last_commits.get((id, language)) == commit
                _add_version(versions[id, language], version, is_same_commit)
                last_commits[id, language] = commit
    return versions


def _add_version(history: list[_Version], version: _Version, is_same_commit: bool) -> None:
    """Add a version.

    A commit that moves a post deletes it in one folder and adds it in another. That is one version, not two.
    """
    if not is_same_commit:
        history.append(version)
    elif version.blob:
        history[-1] = version


def _read_contents(
    folder: Path, versions: Mapping[tuple[str, str], list[_Version]], texts: Mapping[str, str]
) -> dict[str, str]:
    """Return the texts of all versions by the names of their content; what is on the disk too is not read from git."""
    now = {_blob_id(text): text for text in texts.values()}
    wanted = {version.blob for history in versions.values() for version in history if version.blob} - set(now)
    answer = run_git(folder, "cat-file", "--batch", input="\n".join(sorted(wanted)).encode()) if wanted else b""
    earlier, start = {}, 0
    # The answer is a row of objects: a line "NAME blob SIZE", the content, a newline (git-cat-file, "batch output").
    while answer and start < len(answer):
        end = answer.index(b"\n", start)
        head = answer[start:end].split()
        if len(head) < 3:  # an object that git does not have: "NAME missing"
            start = end + 1
            continue
        start = end + 1 + int(head[2]) + 1
        text = answer[end + 1 : start - 1].decode(errors="replace").removeprefix("\ufeff")
        earlier[head[0].decode()] = text.replace("\r\n", "\n")
    return now | earlier


def _blob_id(text: str) -> str:
    """Return the name that git gives to a text (gitformat-pack, "object names")."""
    content = text.encode(errors="replace")
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _add_incident_record(
    incident: Incident,
    site: Site,
    versions: Mapping[tuple[str, str], list[_Version]],
    contents: Mapping[str, str],
) -> Incident:
    suffixes = {language: "" if language == site.languages[0] else language for language in site.languages}
    histories = {
        language: _FileHistory(versions[incident.id, suffix], contents, site.zone, language)
        for language, suffix in suffixes.items()
        if (incident.id, suffix) in versions
    }
    original = histories.get(site.languages[0])
    if original is None:
        return incident
    updates = tuple(
        _add_update_record(update, number == 0, histories, original) for number, update in enumerate(incident.updates)
    )
    # An update that was removed and put back is not on the record as removed.
    ids = {_FIRST_ID, *(update.id for update in incident.updates)}
    removed = tuple(edit for id, edit in original.removed.items() if id not in ids)
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


def _add_update_record(
    update: Update, is_first: bool, histories: Mapping[str, "_FileHistory"], original: "_FileHistory"
) -> Update:
    """Return an update with when it was committed, its edits in all languages, and its outdated translations."""
    id = _FIRST_ID if is_first else update.id
    published = original.published.get(id)
    # An update that was committed ahead of its time became public at its time, and could be changed until then.
    if published:
        published = When.moment(max(published.start, update.time.start))
    edits = (edit for history in histories.values() for edit in history.edits.get(id, ()))
    public_edits = (edit for edit in edits if edit.time.start > update.time.start)
    changed_at = original.last_change(id)
    outdated = tuple(
        language
        for language, history in histories.items()
        if id in history.published and history.last_change(id) < changed_at
    )
    return replace(
        update,
        committed_at=published,
        edits=tuple(sorted(public_edits, key=lambda edit: edit.time.start)),
        outdated_languages=outdated,
    )


class _FileHistory:
    """What became of each update of one file, by its id: when it was added, how it was changed, when it was removed.

    `published` has None for an update that is older than what a shallow clone knows. `reworded_at` has when the text
    was last changed: a translation of it is outdated then, which a change of the facts alone does not make it.
    """

    def __init__(self, history: Iterable[_Version], contents: Mapping[str, str], zone: ZoneInfo, language: str) -> None:
        self.published: dict[str, When | None] = {}
        self.edits: dict[str, list[Edit]] = defaultdict(list)
        self.removed: dict[str, Edit] = {}
        self.reworded_at: dict[str, datetime] = {}
        before: dict[str, _UpdateText] = {}
        for version in history:
            text = contents.get(version.blob or "", "")
            # What was changed while it was a draft, nobody could see.
            if _is_draft(text):
                continue
            after = dict(_split_updates(text, zone))
            time = When.moment(version.time)
            for id in after:
                self.published.setdefault(id, time if version.is_known else None)
            self.add_changes(before, after, time, language)
            before = after

    def add_changes(
        self, before: "Mapping[str, _UpdateText]", after: "Mapping[str, _UpdateText]", time: When, language: str
    ) -> None:
        """Collect what one version says differently from the one before it."""
        for id, old in before.items():
            new = after.get(id)
            if new is None:
                self.removed[id] = _make_edit(time, old.full_text, "", language)
            elif lines := _diff_lines(old.full_text, new.full_text):
                self.edits[id].append(_make_edit(time, *lines, language))
            if new and _diff_lines(old.text, new.text):
                self.reworded_at[id] = time.start

    def last_change(self, id: str) -> datetime:
        """Return when the text of an update last changed; long ago if it was never there."""
        published = self.published.get(id)
        return self.reworded_at.get(id, published.start if published else datetime.fromtimestamp(0, UTC))


@dataclass(frozen=True)
class _UpdateText:
    """An update as it was written: its facts and its text, without comments and empty lines."""

    facts: str
    text: str

    @property
    def full_text(self) -> str:
        """All of its lines."""
        return "\n".join(part for part in (self.facts, self.text) if part)


def _split_updates(text: str, zone: ZoneInfo) -> Iterator[tuple[str, _UpdateText]]:
    """Yield each update of a post as it was written, with its id.

    Versions that have mistakes count too, as far as their headings can be read.
    """
    post, _ = split_post(text, "")
    if post:
        yield _FIRST_ID, _UpdateText(_strip_comments(post.front_matter.content), _strip_lines(post.text.content))
        for update in post.updates:
            match = TIME_PATTERN.match(update.heading.content)
            try:
                time = parse_time(match[0], zone) if match else None
            except InvalidValue:
                time = None
            if time:
                facts = _strip_comments(f"{update.heading.content}\n{update.facts.content}")
                yield make_update_id(time, zone), _UpdateText(facts, _strip_lines(update.text.content))


def _strip_comments(yaml: str) -> str:
    """Return facts without their comments."""
    return _strip_lines("\n".join(line for line in yaml.split("\n") if not line.lstrip().startswith("#")))


def _strip_lines(text: str) -> str:
    """Return the lines that are not empty, without spaces at their ends."""
    return "\n".join(line.rstrip() for line in text.split("\n") if line.strip())


def _diff_lines(before: str, after: str) -> tuple[str, str] | None:
    """Return the lines that were removed and those that were added; None if nothing changed but how they wrap."""
    if before.split() == after.split():
        return None
    old, new = before.split("\n"), after.split("\n")
    removed: list[str] = []
    added: list[str] = []
    for tag, first, last, start, end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            removed += old[first:last]
            added += new[start:end]
    return "\n".join(removed), "\n".join(added)
