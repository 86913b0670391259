"""Two states of a site → what residents will see change."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from statusgen.comparing.others import others
from statusgen.comparing.published import Published
from statusgen.comparing.telling import joined, quoted, replaced, time
from statusgen.languages.short import one_line

# What the facts are called, where one of them was changed.
_OF_SITE = {"title": "the title", "publisher": "the publisher", "url": "the address", "timezone": "the time zone"}
_OF_STATUS = {"emergency": "The word on emergencies", "demonstration": "The word that this is a demonstration"}
_OF_SERVICE = {
    "name": "its name",
    "summary": "its summary",
    "operator": "its operator",
    "group": "its group",
    "keywords": "its keywords",
    "code": "its Open311 code",
    "essential": "the mark as essential",
}
_OF_CHANNEL = {
    "name": "its name",
    "kind": "its kind",
    "url": "the address on the web",
    "phone": "the phone number",
    "address": "the address",
    "hours": "the hours",
    "accepts_words": "the means of payment",
    "bring": "the word on what to bring",
    "fee": "the fee",
    "opens": "its opening",
    "closes": "its closing",
    "automatic": "the mark as automatic",
    "temporary": "the mark as temporary",
}
_OF_CONTACT = {
    "phone": "the phone number",
    "url": "the address on the web",
    "hours": "the hours",
    "languages": "the languages",
}
_OF_POST = {
    "title": "its title",
    "kind_words": "its kind",
    "started": "its beginning",
    "ends": "its end",
    "repeats": "its repetition",
}
_OF_UPDATE = {
    "title": "its title",
    "state": "its heading",
    "text": "its text",
    "html": "its markup",
    "text_language": "its language",
    "translated_by": "who translated it",
    "by": "who says it",
    "correction": "what it corrects",
    "services": "the services that it is about",
    "known": "what is known",
    "not_known": "what is not known",
    "doing": "what is being done",
    "reports": "what it says of services",
    "next_update": "the promised time of the next update",
    "starts": "when the work begins",
    "ends": "when it ends",
    "expected": "the estimate",
    "waivers": "its waivers",
    "deadlines": "its dates",
    "unrelated_to": "what it has nothing to do with",
}


def differences(before: Published, after: Published) -> list[str]:
    """What residents will see change, the most important first; nothing where that is nothing.

    Each sentence is safe to print: what a site says may hold anything, and a terminal obeys control characters.
    """
    said = [*_differences(before, after)]
    if keys := others(before, after, told=bool(said)):
        said.append(f"Other facts change: {', '.join(keys)}.")
    return [one_line(sentence) for sentence in said]


def _differences(before: Published, after: Published) -> Iterator[str]:
    old, new = before.status, after.status
    if old["sentence"] != new["sentence"]:
        yield f'The page begins with "{new["sentence"]}" (before: "{old["sentence"]}")'
    yield from replaced("", old, new, _OF_STATUS)
    yield from _services(old, new)
    yield from _posts(before, after)
    yield from _listed(_sentences(old["waivers"]), _sentences(new["waivers"]), "waiver")
    yield from _listed(_dates(old["deadlines"]), _dates(new["deadlines"]), "deadline")
    yield from _contacts(old["contacts"], new["contacts"])
    yield from replaced("The site: ", old["site"], new["site"], _OF_SITE)


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
    yield from _standing(name, old, new)
    ways = {way["id"]: way for way in old["channels"]}
    for way in new["channels"]:
        called = f"{name}, {way['name']}"
        was = ways.pop(way["id"], None)
        if was is None:
            yield f"{called}: a new way to use it, {way['status_words']}."
        else:
            yield from _standing(called, was, way)
            yield from replaced(f"{called}: ", was, way, _OF_CHANNEL)
    yield from (f"{name}, {way['name']}: no longer listed." for way in ways.values())
    if old["advice"] != new["advice"]:
        said = [part for advice in new["advice"] for part in (advice["do"], advice["where"]) if part]
        yield f"{name}: what to do is now {quoted(' '.join(said))}." if said else f"{name}: no more word on what to do."
    if _estimate(old) != _estimate(new):
        yield f"{name}: {_estimate(new) or 'no more word on when it is back.'}"
    yield from replaced(f"{name}: ", old, new, _OF_SERVICE)


def _standing(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """A service or a channel that stands otherwise, or has stood so since another time."""
    if old["status"] != new["status"]:
        yield f"{name}: {new['status_words']} (before: {old['status_words']})."
    else:
        yield from replaced(f"{name}: ", old, new, {"since": "the time since when it is so"})


def _estimate(service: Mapping[str, Any]) -> str:
    return str(service["expected"][-1]["sentence"]) if service["expected"] else ""


def _posts(before: Published, after: Published) -> Iterator[str]:
    for id, new in after.incidents.items():
        if old := before.incidents.get(id):
            yield from (f"{new['incident']['title']}: {said}" for said in _post(old, new))
        else:
            yield f"New post: {new['incident']['title']}."
    gone = (old for id, old in before.incidents.items() if id not in after.incidents)
    yield from (f"Gone, with its page: {old['incident']['title']}." for old in gone)


def _post(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    old, new = before["incident"], after["incident"]
    yield from _updates(before["updates"], after["updates"])
    if old["state"] != new["state"]:
        yield f"{new['state_words']} (before: {old['state_words']})."
    else:
        yield from replaced("", old, new, {"ended": "the time when it was over"})
    yield from _promise(old["next_update"], new["next_update"])
    yield from _windows(before["windows"], after["windows"])
    yield from replaced("", old, new, _OF_POST)


def _updates(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[str]:
    old, new = ({update["id"]: update for update in updates} for updates in (before, after))
    for id, update in new.items():
        when, correction = time(update["time"]), _correction(update["correction"])
        if id not in old:
            yield f"new update of {when}, {quoted(update['text'] or update['title'])}.{correction}"
        elif changed := _changed(old[id], update):
            words = ", ".join(_OF_UPDATE[key] for key in changed)
            yield f"the update of {when} is changed: {words}.{correction if 'correction' in changed else ''}"
        if id in old:
            yield from replaced(f"the update of {when}: ", old[id], update, {"time": "its time"})
    yield from (f"the update of {time(update['time'])} is taken out." for id, update in old.items() if id not in new)


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The keys of an update that were changed; not of its markup or its one line where that follows from its text."""
    keys = [key for key in _OF_UPDATE if old.get(key) != new.get(key)]
    follow = {"html", "title"} if len(keys) > 1 else set()
    return [key for key in keys if key not in follow] or keys


def _correction(correction: Mapping[str, Any] | None) -> str:
    if not correction:
        return ""
    wrong, right = correction["wrong"], correction["right"]
    said = [f"wrong was {quoted(wrong)}" if wrong else "", f"right is {quoted(right)}" if right else ""]
    return f" It corrects: {', '.join(part for part in said if part) or 'an earlier update'}."


def _promise(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[str]:
    was = f" (before: by {time(old['by'])})" if old else ""
    if new and (not old or old["by"] != new["by"]):
        yield f"the next update is now promised by {time(new['by'])}{was}."
    elif old and not new:
        yield f"no next update is promised any more{was}."
    elif old and new and old["overdue"] != new["overdue"]:
        yield f"the update that was promised by {time(new['by'])} is {'overdue' if new['overdue'] else 'not overdue'}."


def _windows(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The stretches of planned work that come and go; a stretch that is moved does both."""
    old, new = ([_stretch(window) for window in windows] for windows in (before, after))
    come, gone = [one for one in new if one not in old], [one for one in old if one not in new]
    if come:
        yield f"the work is now {joined(come)}{f' (before: {joined(gone)})' if gone else ''}."
    elif gone:
        yield f"the work is no longer {joined(gone)}."


def _stretch(window: Mapping[str, Any]) -> str:
    until = window["until"]
    return f"from {time(window['from'])} {f'to {time(until)}' if until else 'on'}"


def _sentences(waivers: Iterable[Mapping[str, Any]]) -> dict[Any, str]:
    return {(waiver["incident"], waiver["id"]): waiver["sentence"] for waiver in waivers}


def _dates(deadlines: Iterable[Mapping[str, Any]]) -> dict[Any, str]:
    return {
        (deadline["incident"], deadline["id"]): f"{time(deadline['on'] or '')} {deadline['what'] or ''}".strip()
        for deadline in deadlines
    }


def _listed(old: Mapping[Any, str], new: Mapping[Any, str], noun: str) -> Iterator[str]:
    for id, sentence in new.items():
        if id not in old:
            yield f"New {noun}: {sentence}"
        elif old[id] != sentence:
            yield f'The {noun} is now: {sentence} (before: "{old[id]}")'
    yield from (f"No longer a {noun}: {sentence}" for id, sentence in old.items() if id not in new)


def _contacts(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    old, new = ({contact["name"]: contact for contact in contacts} for contacts in (before, after))
    for name, contact in new.items():
        if name in old:
            yield from replaced(f"Contact {name}: ", old[name], contact, _OF_CONTACT)
        else:
            yield f"New contact: {name}."
    yield from (f"No longer a contact: {name}." for name in old if name not in new)
