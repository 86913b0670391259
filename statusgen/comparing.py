"""What residents will see change from one state of a site to another, in sentences for the writer.

Both states are taken as published data (`status.json` and each `incident.json`), so a built folder, a live site, an
earlier revision and what is being written now can all be compared with each other.
"""

import json
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from statusgen import addresses
from statusgen.errors import OutputError
from statusgen.files import File
from statusgen.reading.git import CONTENT, ask

_PATIENCE = 20  # seconds
# What an update's words and facts are called, where one of them was changed.
_FACTS = {
    "title": "its title",
    "text": "its text",
    "by": "who says it",
    "known": "what is known",
    "not_known": "what is not known",
    "doing": "what is being done",
    "reports": "what it says of services",
    "next_update": "the promised time of the next update",
    "expected": "the estimate",
    "waivers": "its waivers",
    "deadlines": "its dates",
}


@dataclass(frozen=True)
class Published:
    """What a site says: its `status.json`, and each `incident.json` by the id of the incident."""

    status: dict[str, Any]
    incidents: Mapping[str, dict[str, Any]]


class Missing(OutputError):
    """What something should be compared with cannot be read; the message says why."""


def of_files(files: Iterator[File]) -> Published:
    """What the files of a site say, in its first language."""
    found = {file.path: file.content for file in files}
    status = json.loads(found[addresses.status_data()])
    documents = (json.loads(content) for path, content in found.items() if path.startswith(addresses.incident("")[:-1]))
    return Published(status, {document["incident"]["id"]: document for document in documents})


def in_folder(folder: Path) -> Published:
    """What a built site says."""
    try:
        status = json.loads((folder / addresses.status_data()).read_bytes())
        paths = sorted(folder.glob(addresses.incident_data("*")))
        incidents = {path.parent.name: json.loads(path.read_bytes()) for path in paths}
    except (OSError, ValueError) as error:
        raise Missing(f"{folder} is no built site of this version: {error}.") from error
    return Published(status, incidents)


def at_address(url: str) -> Published:
    """What a live site says."""
    base = url if url.endswith("/") else f"{url}/"
    history = _fetch(base + addresses.history_data())
    ids = [incident["id"] for incident in history["incidents"]]
    incidents = {id: _fetch(base + quote(addresses.incident_data(id))) for id in ids}
    return Published(_fetch(base + addresses.status_data()), incidents)


def _fetch(url: str) -> dict[str, Any]:
    try:
        with urlopen(Request(url, headers={"Accept": "application/json"}), timeout=_PATIENCE) as answer:
            document: dict[str, Any] = json.load(answer)
    except (URLError, OSError, ValueError) as error:
        raise Missing(f"{url} cannot be read: {error}.") from error
    return document


def at_revision(folder: Path, revision: str, into: Path) -> Path:
    """Lay the content out in `into` as it was at a revision of git, to be read from there."""
    if revision.startswith("-"):
        raise Missing(f'"{revision}" is no revision.')
    there = ask(folder, "ls-tree", "--name-only", revision, "--", *CONTENT)
    if there is None:
        raise Missing(f'There is no revision "{revision}" here, or this folder is not kept in git.')
    names = there.decode().split("\n")
    archive = ask(folder, "archive", "--format=tar", revision, "--", *(name for name in names if name))
    with tarfile.open(fileobj=BytesIO(archive or b"")) as packed:
        packed.extractall(into, filter="data")
    return into


def differences(before: Published, after: Published) -> Iterator[str]:
    """What residents will see change, the most important first; nothing where that is nothing."""
    if before.status["sentence"] != after.status["sentence"]:
        yield f'The page begins with "{after.status["sentence"]}" (before: "{before.status["sentence"]}")'
    yield from _services(before.status, after.status)
    yield from _posts(before, after)
    yield from _listed(before.status, after.status, "waivers", "waiver")
    yield from _listed(before.status, after.status, "deadlines", "deadline")


def _services(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    old, new = ({service["id"]: service for service in status["services"]} for status in (before, after))
    for id, service in new.items():
        if id not in old:
            yield f"New service: {service['name']} ({service['status_words']})."
        else:
            yield from _service(old[id], service)
    yield from (f"No longer listed: {service['name']}." for id, service in old.items() if id not in new)


def _service(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    name = new["name"]
    if old["name"] != name:
        yield f'{name}: was called "{old["name"]}".'
    if old["status"] != new["status"]:
        yield f"{name}: {new['status_words']} (before: {old['status_words']})."
    ways = {way["id"]: way for way in old["channels"]}
    for way in new["channels"]:
        was = ways.pop(way["id"], None)
        if was is None:
            yield f"{name}, {way['name']}: a new way to use it, {way['status_words']}."
        elif was["status"] != way["status"]:
            yield f"{name}, {way['name']}: {way['status_words']} (before: {was['status_words']})."
    yield from (f"{name}, {way['name']}: no longer listed." for way in ways.values())
    if old["advice"] != new["advice"]:
        said = [part for advice in new["advice"] for part in (advice["do"], advice["where"]) if part]
        yield (
            f"{name}: what to do is now {_quoted(' '.join(said))}." if said else f"{name}: no more word on what to do."
        )
    if _estimate(old) != _estimate(new):
        yield f"{name}: {_estimate(new) or 'no more word on when it is back.'}"


def _estimate(service: Mapping[str, Any]) -> str:
    return str(service["expected"][-1]["sentence"]) if service["expected"] else ""


def _posts(before: Published, after: Published) -> Iterator[str]:
    for id, new in after.incidents.items():
        title = new["incident"]["title"]
        old = before.incidents.get(id)
        if old is None:
            yield f"New post: {title}."
            continue
        if old["incident"]["title"] != title:
            yield f'{title}: was called "{old["incident"]["title"]}".'
        yield from (f"{title}: {said}" for said in _updates(old["updates"], new["updates"]))
        if old["incident"]["state"] != new["incident"]["state"]:
            yield f"{title}: {new['incident']['state_words']} (before: {old['incident']['state_words']})."
    gone = (old for id, old in before.incidents.items() if id not in after.incidents)
    yield from (f"Gone, with its page: {old['incident']['title']}." for old in gone)


def _updates(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[str]:
    old, new = ({update["id"]: update for update in updates} for updates in (before, after))
    for id, update in new.items():
        if id not in old:
            yield f"new update of {update['time']}, {_quoted(update['text'] or update['title'])}."
        elif changed := [words for key, words in _FACTS.items() if old[id].get(key) != update.get(key)]:
            yield f"the update of {update['time']} is changed: {', '.join(changed)}."
    yield from (f"the update of {update['time']} is taken out." for id, update in old.items() if id not in new)


def _listed(before: Mapping[str, Any], after: Mapping[str, Any], key: str, noun: str) -> Iterator[str]:
    old, new = ({one["id"]: one["sentence"] for one in status[key]} for status in (before, after))
    for id, sentence in new.items():
        if id not in old:
            yield f"New {noun}: {sentence}"
        elif old[id] != sentence:
            yield f'The {noun} is now: {sentence} (before: "{old[id]}")'
    yield from (f"No longer a {noun}: {sentence}" for id, sentence in old.items() if id not in new)


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return f'"{line if len(line) <= 100 else line[:99] + "…"}"'
