"""The record of what was public: when each update was first committed, and what was changed in it afterwards.

It is read from git in one pass: one log, and one reading of the versions that differ. A commit is taken for the
publication; of a merge, the merge counts, since that is when the branch became public.
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

from statusgen.content.confidential import has_secret
from statusgen.content.format.values import TIME_PATTERN, parse_time
from statusgen.content.posts.split import RawPost, split_post
from statusgen.content.posts.update_ids import make_update_id
from statusgen.git import run_git, shallow_commits
from statusgen.model import Edit, Incident, RecordCoverage, Site, Update, When
from statusgen.problems import InvalidValue

_DRAFT_KEY = re.compile(r"^draft:\s*true\b", re.MULTILINE)
_FIRST_ID = "first"


@dataclass(frozen=True)
class _Version:
    """A file as one commit left it: when, and the name of its content (None where the commit deleted it).

    In a shallow copy the oldest commit seems to have written everything; `known` is false there.
    """

    time: datetime
    blob: str | None
    is_known: bool


def add_record(site: Site, folder: Path, texts: Mapping[str, str]) -> Site:
    """The site with the record of its updates; as it is where the folder is not kept in git.

    `texts` has every file as it is now, by its path.
    """
    versions = _read_versions(folder)
    if not versions:
        return site
    contents = _read_contents(folder, versions, texts)
    incidents = tuple(_add_incident_record(incident, site, versions, contents) for incident in site.incidents)
    partial = any(not version.is_known for history in versions.values() for version in history)
    there = {PurePosixPath(file).name.partition(".")[0] for file in texts}
    gone = (id for (id, language) in versions if not language and id not in there)
    deleted = tuple(sorted(id for id in gone if _has_been_public(versions[id, ""], contents)))
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
    """The versions of each post and translation, oldest first, by the post's id and the language ("" for the post)."""
    log = run_git(
        folder, "log", "--reverse", "--first-parent", "--diff-merges=first-parent", "--no-renames", "--no-abbrev",
        "--raw", "--relative", "-z", "--format=%x01%H %ct", "--", "incidents",
    )  # fmt: skip
    boundary = shallow_commits(folder) if log else set()
    found: dict[tuple[str, str], list[_Version]] = defaultdict(list)
    commits: dict[tuple[str, str], str] = {}
    commit, time = "", datetime.fromtimestamp(0, UTC)
    words = iter((log or b"").decode(errors="replace").split("\0"))
    for word in words:
        word = word.lstrip("\n")
        if word.startswith("\x01"):
            head, _, word = word[1:].partition("\n")
            commit, seconds = head.split()
            time = datetime.fromtimestamp(int(seconds), UTC)
            word = word.lstrip("\n")
        if word.startswith(":"):
            blob = word.split()[3]
            path = PurePosixPath(next(words))
            if path.suffix == ".md":
                id, _, language = path.stem.partition(".")
                version = _Version(time, blob if blob.strip("0") else None, commit not in boundary)
                _add_version(found[id, language], version, is_same_commit=commits.get((id, language)) == commit)
                commits[id, language] = commit
    return found


def _add_version(history: list[_Version], version: _Version, is_same_commit: bool) -> None:
    """Add a version; a post that one commit moved to another folder is not gone."""
    if not is_same_commit:
        history.append(version)
    elif version.blob:
        history[-1] = version


def _read_contents(
    folder: Path, versions: Mapping[tuple[str, str], list[_Version]], texts: Mapping[str, str]
) -> dict[str, str]:
    """The texts of all versions, by the names of their content; what is on the disk as well is not read again."""
    now = {_blob_id(text): text for text in texts.values()}
    wanted = {version.blob for history in versions.values() for version in history if version.blob} - set(now)
    answer = run_git(folder, "cat-file", "--batch", input="\n".join(sorted(wanted)).encode()) if wanted else b""
    read, start = {}, 0
    while answer and start < len(answer):
        end = answer.index(b"\n", start)
        head = answer[start:end].split()
        if len(head) < 3:  # a name that git does not have: "… missing"
            start = end + 1
            continue
        start = end + 1 + int(head[2]) + 1
        text = answer[end + 1 : start - 1].decode(errors="replace").removeprefix("\ufeff")
        read[head[0].decode()] = text.replace("\r\n", "\n")
    return now | read


def _blob_id(text: str) -> str:
    """The name that git gives to a text (gitformat-pack, "object names")."""
    content = text.encode(errors="replace")
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _add_incident_record(
    incident: Incident,
    site: Site,
    versions: Mapping[tuple[str, str], list[_Version]],
    contents: Mapping[str, str],
) -> Incident:
    stories = {
        language: _FileHistory(versions[incident.id, suffix], contents, site.zone, language)
        for language, suffix in (
            (language, "" if language == site.languages[0] else language) for language in site.languages
        )
        if (incident.id, suffix) in versions
    }
    original = stories.get(site.languages[0])
    if original is None:
        return incident
    updates = tuple(
        _add_update_record(update, number == 0, stories, original) for number, update in enumerate(incident.updates)
    )
    ids = {_FIRST_ID, *(update.id for update in incident.updates)}
    removed = tuple(edit for id, edit in original.removed.items() if id not in ids)
    incident = replace(incident, updates=updates, removed_updates=removed)
    return _withhold_words(incident) if incident.withhold else incident


def _withhold_words(incident: Incident) -> Incident:
    """The incident with a record that says when something was changed, and not what."""
    updates = (
        replace(update, edits=tuple(replace(edit, before="", after="", withheld=True) for edit in update.edits))
        for update in incident.updates
    )
    removed = (replace(edit, before="", withheld=True) for edit in incident.removed_updates)
    return replace(incident, updates=tuple(updates), removed_updates=tuple(removed))


def _make_edit(time: When, before: str, after: str, language: str) -> Edit:
    """A change, without the lines that hold what must not be public: taking it out must not publish it."""
    lines = (before.split("\n"), after.split("\n"))
    kept = ["\n".join("[…]" if has_secret(line) else line for line in part) for part in lines]
    return Edit(time, kept[0], kept[1], language, withheld=kept != [before, after])


def _add_update_record(
    update: Update, is_first: bool, stories: Mapping[str, "_FileHistory"], original: "_FileHistory"
) -> Update:
    id = _FIRST_ID if is_first else update.id
    published = original.published.get(id)
    if published:
        published = When.moment(max(published.start, update.time.start))
    edited = (edit for story in stories.values() for edit in story.edits.get(id, ()))
    after = (edit for edit in edited if edit.time.start > update.time.start)
    changed = original.last_change(id)
    outdated = tuple(
        language for language, story in stories.items() if id in story.published and story.last_change(id) < changed
    )
    edits = sorted(after, key=lambda edit: edit.time.start)
    return replace(update, committed_at=published, edits=tuple(edits), outdated_languages=outdated)


class _FileHistory:
    """What became of each update of one file: when it came, how it changed, when it went."""

    def __init__(self, history: Iterable[_Version], contents: Mapping[str, str], zone: ZoneInfo, language: str) -> None:
        self.published: dict[str, When | None] = {}
        self.edits: dict[str, list[Edit]] = defaultdict(list)
        self.removed: dict[str, Edit] = {}
        self.reworded_at: dict[str, datetime] = {}
        before: dict[str, _UpdateText] = {}
        for version in history:
            text = contents.get(version.blob or "", "")
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
        """Note what one version says otherwise than the one before it."""
        for id, old in before.items():
            new = after.get(id)
            if new is None:
                self.removed[id] = _make_edit(time, old.full_text, "", language)
            elif lines := _diff_lines(old.full_text, new.full_text):
                self.edits[id].append(_make_edit(time, *lines, language))
            if new and _diff_lines(old.text, new.text):
                self.reworded_at[id] = time.start

    def last_change(self, id: str) -> datetime:
        """When the text of an update last changed; long ago where it never was there."""
        came = self.published.get(id)
        return self.reworded_at.get(id, came.start if came else datetime.fromtimestamp(0, UTC))


@dataclass(frozen=True)
class _UpdateText:
    """An update as written: its facts and its text, without lines that say nothing."""

    facts: str
    text: str

    @property
    def full_text(self) -> str:
        """All of its lines."""
        return "\n".join(part for part in (self.facts, self.text) if part)


def _split_updates(text: str, zone: ZoneInfo) -> Iterator[tuple[str, _UpdateText]]:
    """Each update of a post as written, by its id."""
    post, _ = split_post(text, "")
    if isinstance(post, RawPost):
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
    """Facts without comments."""
    return _strip_lines("\n".join(line for line in yaml.split("\n") if not line.lstrip().startswith("#")))


def _strip_lines(text: str) -> str:
    """The lines that say something, without spaces at their ends."""
    return "\n".join(line.rstrip() for line in text.split("\n") if line.strip())


def _diff_lines(before: str, after: str) -> tuple[str, str] | None:
    """The lines that went and those that came; None where only their wrapping changed, or nothing."""
    if before.split() == after.split():
        return None
    old, new = before.split("\n"), after.split("\n")
    gone: list[str] = []
    came: list[str] = []
    for tag, first, last, start, end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            gone += old[first:last]
            came += new[start:end]
    return "\n".join(gone), "\n".join(came)
