"""Two states of a site → what residents will see change."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from statusgen.diff.other_changes import find_other_changes
from statusgen.diff.phrases import describe_changed_facts, format_time, join_parts, quote
from statusgen.diff.published import PublishedData
from statusgen.wording.short_forms import one_line

# What the facts are called, where one of them was changed.
_SITE_LABELS = {"title": "the title", "publisher": "the publisher", "url": "the address", "timezone": "the time zone"}
_STATUS_LABELS = {"emergency": "The word on emergencies", "demonstration": "The word that this is a demonstration"}
_SERVICE_LABELS = {
    "name": "its name",
    "summary": "its summary",
    "operator": "its operator",
    "group": "its group",
    "keywords": "its keywords",
    "code": "its Open311 code",
    "essential": "the mark as essential",
}
_CHANNEL_LABELS = {
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
_CONTACT_LABELS = {
    "phone": "the phone number",
    "url": "the address on the web",
    "hours": "the hours",
    "languages": "the languages",
}
_INCIDENT_LABELS = {
    "title": "its title",
    "kind_words": "its kind",
    "started": "its beginning",
    "ends": "its end",
    "repeats": "its repetition",
}
_UPDATE_LABELS = {
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


def describe_changes(before: PublishedData, after: PublishedData) -> list[str]:
    """What residents will see change, the most important first; nothing where that is nothing.

    Each sentence is safe to print: what a site says may hold anything, and a terminal obeys control characters.
    """
    sentences = [*_describe_site(before, after)]
    if keys := find_other_changes(before, after, has_sentences=bool(sentences)):
        sentences.append(f"Other facts change: {', '.join(keys)}.")
    return [one_line(sentence) for sentence in sentences]


def _describe_site(before: PublishedData, after: PublishedData) -> Iterator[str]:
    old, new = before.status, after.status
    if old["sentence"] != new["sentence"]:
        yield f'The page begins with "{new["sentence"]}" (before: "{old["sentence"]}")'
    yield from describe_changed_facts("", old, new, _STATUS_LABELS)
    yield from _describe_services(old, new)
    yield from _describe_incidents(before, after)
    yield from _describe_list(_waiver_sentences(old["waivers"]), _waiver_sentences(new["waivers"]), "waiver")
    yield from _describe_list(_deadline_sentences(old["deadlines"]), _deadline_sentences(new["deadlines"]), "deadline")
    yield from _describe_contacts(old["contacts"], new["contacts"])
    yield from describe_changed_facts("The site: ", old["site"], new["site"], _SITE_LABELS)


def _describe_services(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    old, new = ({service["id"]: service for service in status["services"]} for status in (before, after))
    for id, service in new.items():
        if id not in old:
            yield f"New service: {service['name']} ({service['status_words']})."
        else:
            yield from _describe_service(old[id], service)
    yield from (f"No longer listed: {service['name']}." for id, service in old.items() if id not in new)


def _describe_service(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    name = new["name"]
    yield from _describe_status(name, old, new)
    channels = {channel["id"]: channel for channel in old["channels"]}
    for channel in new["channels"]:
        label = f"{name}, {channel['name']}"
        was = channels.pop(channel["id"], None)
        if was is None:
            yield f"{label}: a new way to use it, {channel['status_words']}."
        else:
            yield from _describe_status(label, was, channel)
            yield from describe_changed_facts(f"{label}: ", was, channel, _CHANNEL_LABELS)
    yield from (f"{name}, {channel['name']}: no longer listed." for channel in channels.values())
    if old["advice"] != new["advice"]:
        said = [part for advice in new["advice"] for part in (advice["do"], advice["where"]) if part]
        yield f"{name}: what to do is now {quote(' '.join(said))}." if said else f"{name}: no more word on what to do."
    if _estimate_sentence(old) != _estimate_sentence(new):
        yield f"{name}: {_estimate_sentence(new) or 'no more word on when it is back.'}"
    yield from describe_changed_facts(f"{name}: ", old, new, _SERVICE_LABELS)


def _describe_status(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """A service or a channel that stands otherwise, or has stood so since another time."""
    if old["status"] != new["status"]:
        yield f"{name}: {new['status_words']} (before: {old['status_words']})."
    else:
        yield from describe_changed_facts(f"{name}: ", old, new, {"since": "the time since when it is so"})


def _estimate_sentence(service: Mapping[str, Any]) -> str:
    return str(service["expected"][-1]["sentence"]) if service["expected"] else ""


def _describe_incidents(before: PublishedData, after: PublishedData) -> Iterator[str]:
    for id, new in after.incidents.items():
        if old := before.incidents.get(id):
            yield from (f"{new['incident']['title']}: {said}" for said in _describe_incident(old, new))
        else:
            yield f"New post: {new['incident']['title']}."
    gone = (old for id, old in before.incidents.items() if id not in after.incidents)
    yield from (f"Gone, with its page: {old['incident']['title']}." for old in gone)


def _describe_incident(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    old, new = before["incident"], after["incident"]
    yield from _describe_updates(before["updates"], after["updates"])
    if old["state"] != new["state"]:
        yield f"{new['state_words']} (before: {old['state_words']})."
    else:
        yield from describe_changed_facts("", old, new, {"ended": "the time when it was over"})
    yield from _describe_promise(old["next_update"], new["next_update"])
    yield from _describe_windows(before["windows"], after["windows"])
    yield from describe_changed_facts("", old, new, _INCIDENT_LABELS)


def _describe_updates(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[str]:
    old, new = ({update["id"]: update for update in updates} for updates in (before, after))
    for id, update in new.items():
        when, correction = format_time(update["time"]), _describe_correction(update["correction"])
        if id not in old:
            yield f"new update of {when}, {quote(update['text'] or update['title'])}.{correction}"
        elif changed := _changed_keys(old[id], update):
            words = ", ".join(_UPDATE_LABELS[key] for key in changed)
            yield f"the update of {when} is changed: {words}.{correction if 'correction' in changed else ''}"
        if id in old:
            yield from describe_changed_facts(f"the update of {when}: ", old[id], update, {"time": "its time"})
    yield from (
        f"the update of {format_time(update['time'])} is taken out." for id, update in old.items() if id not in new
    )


def _changed_keys(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The keys of an update that were changed; not of its markup or its one line where that follows from its text."""
    keys = [key for key in _UPDATE_LABELS if old.get(key) != new.get(key)]
    follow = {"html", "title"} if len(keys) > 1 else set()
    return [key for key in keys if key not in follow] or keys


def _describe_correction(correction: Mapping[str, Any] | None) -> str:
    if not correction:
        return ""
    wrong, right = correction["wrong"], correction["right"]
    said = [f"wrong was {quote(wrong)}" if wrong else "", f"right is {quote(right)}" if right else ""]
    return f" It corrects: {', '.join(part for part in said if part) or 'an earlier update'}."


def _describe_promise(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[str]:
    was = f" (before: by {format_time(old['by'])})" if old else ""
    if new and (not old or old["by"] != new["by"]):
        yield f"the next update is now promised by {format_time(new['by'])}{was}."
    elif old and not new:
        yield f"no next update is promised any more{was}."
    elif old and new and old["overdue"] != new["overdue"]:
        now = "overdue" if new["overdue"] else "not overdue"
        yield f"the update that was promised by {format_time(new['by'])} is {now}."


def _describe_windows(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The stretches of planned work that come and go; a stretch that is moved does both."""
    old, new = ([_window_phrase(window) for window in windows] for windows in (before, after))
    come, gone = [one for one in new if one not in old], [one for one in old if one not in new]
    if come:
        yield f"the work is now {join_parts(come)}{f' (before: {join_parts(gone)})' if gone else ''}."
    elif gone:
        yield f"the work is no longer {join_parts(gone)}."


def _window_phrase(window: Mapping[str, Any]) -> str:
    until = window["until"]
    return f"from {format_time(window['from'])} {f'to {format_time(until)}' if until else 'on'}"


def _waiver_sentences(waivers: Iterable[Mapping[str, Any]]) -> dict[Any, str]:
    return {(waiver["incident"], waiver["id"]): waiver["sentence"] for waiver in waivers}


def _deadline_sentences(deadlines: Iterable[Mapping[str, Any]]) -> dict[Any, str]:
    return {
        (deadline["incident"], deadline["id"]): f"{format_time(deadline['on'] or '')} {deadline['what'] or ''}".strip()
        for deadline in deadlines
    }


def _describe_list(old: Mapping[Any, str], new: Mapping[Any, str], noun: str) -> Iterator[str]:
    for id, sentence in new.items():
        if id not in old:
            yield f"New {noun}: {sentence}"
        elif old[id] != sentence:
            yield f'The {noun} is now: {sentence} (before: "{old[id]}")'
    yield from (f"No longer a {noun}: {sentence}" for id, sentence in old.items() if id not in new)


def _describe_contacts(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    old, new = ({contact["name"]: contact for contact in contacts} for contacts in (before, after))
    for name, contact in new.items():
        if name in old:
            yield from describe_changed_facts(f"Contact {name}: ", old[name], contact, _CONTACT_LABELS)
        else:
            yield f"New contact: {name}."
    yield from (f"No longer a contact: {name}." for name in old if name not in new)
