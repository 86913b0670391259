"""Two states of a site → what residents will see change."""

from collections.abc import Iterable, Iterator, Mapping

from statusgen.board.model.spans import Phase
from statusgen.diff.other_changes import find_other_changes
from statusgen.diff.phrases import declared_labels, describe_changed_facts, format_time, join_parts, quote
from statusgen.diff.published import PublishedData
from statusgen.model import contacts as model_contacts
from statusgen.model import posts as model_posts
from statusgen.model import services as model_services
from statusgen.outputs.open_data import shapes
from statusgen.outputs.open_data.incidents import Correction, IncidentDocument, Update
from statusgen.outputs.open_data.status import ChannelNow, Contact, Service, StatusDocument
from statusgen.wording.short_forms import one_line

# What a fact is called where it has changed: from the model, except what it does not declare.
_SITE_LABELS = {"title": "the title", "publisher": "the publisher", "url": "the address", "timezone": "the time zone"}
_STATUS_LABELS = {"emergency": "The emergency notice", "demonstration": "The demonstration notice"}
_SERVICE_LABELS = declared_labels(model_services.Service)
_CHANNEL_LABELS = declared_labels(model_services.Channel) | {
    "automatic": "the mark as automatic",
    "temporary": "the mark as temporary",
}
_CONTACT_LABELS = declared_labels(model_contacts.Contact)
_INCIDENT_LABELS = {
    "title": "its title",
    "kind": "its kind",
    "started": "its beginning",
    "ends": "its end",
    "repeats": "its repetition",
}
_UPDATE_LABELS = {
    "state": "its heading",
    "text": "its text",
    "html": "its markup",
    "text_language": "its language",
    "translated_by": "who translated it",
    "correction": "what it corrects",
    "services": "the services that it is about",
} | declared_labels(model_posts.Update)


def describe_changes(before: PublishedData, after: PublishedData) -> list[str]:
    """Return what residents will see change, the most important first.

    Each sentence is safe to print: what a site says may hold anything, and a terminal obeys control characters.
    """
    sentences = [*_describe_site(before, after)]
    if keys := find_other_changes(before, after, has_sentences=bool(sentences)):
        sentences.append(f"Other facts change: {', '.join(keys)}.")
    return [one_line(sentence) for sentence in sentences]


def _describe_site(before: PublishedData, after: PublishedData) -> Iterator[str]:
    old, new = before.status.facts, after.status.facts
    if old.sentence != new.sentence:
        yield f'The page begins with "{new.sentence}" (before: "{old.sentence}")'
    yield from describe_changed_facts("", old, new, _STATUS_LABELS)
    yield from _describe_services(old, new)
    yield from _describe_outage_estimates(before, after)
    yield from _describe_incidents(before, after)
    yield from _describe_list(_waiver_sentences(old.waivers), _waiver_sentences(new.waivers), "waiver")
    yield from _describe_list(_deadline_sentences(old.deadlines), _deadline_sentences(new.deadlines), "deadline")
    yield from _describe_contacts(old.contacts, new.contacts)
    yield from describe_changed_facts("The site: ", old.site, new.site, _SITE_LABELS)


def _describe_services(before: StatusDocument, after: StatusDocument) -> Iterator[str]:
    old, new = ({service.id: service for service in document.services} for document in (before, after))
    for id, service in new.items():
        if id not in old:
            yield f"New service: {service.name} ({service.status_words})."
        else:
            yield from _describe_service(old[id], service)
    yield from (f"No longer listed: {service.name}." for id, service in old.items() if id not in new)


def _describe_service(old: Service, new: Service) -> Iterator[str]:
    yield from _describe_status(new.name, old, new)
    yield from _describe_channels(new.name, old.channels, new.channels)
    if old.advice != new.advice:
        said = [part for advice in new.advice for part in (advice.do, advice.where) if part]
        now = f"what to do is now {quote(' '.join(said))}" if said else "it no longer says what to do"
        yield f"{new.name}: {now}."
    if _estimate_sentence(old) != _estimate_sentence(new):
        yield f"{new.name}: {_estimate_sentence(new) or 'it no longer says when it is expected back.'}"
    yield from describe_changed_facts(f"{new.name}: ", old, new, _SERVICE_LABELS)


def _describe_channels(service: str, before: Iterable[ChannelNow], after: Iterable[ChannelNow]) -> Iterator[str]:
    old, new = ({channel.id: channel for channel in channels} for channels in (before, after))
    for id, channel in new.items():
        name = f"{service}, {channel.name}"
        if id not in old:
            yield f"{name}: a new way to use it, {channel.status_words}."
        else:
            yield from _describe_status(name, old[id], channel)
            yield from describe_changed_facts(f"{name}: ", old[id], channel, _CHANNEL_LABELS)
            yield from _describe_for_now(name, old[id], channel)
    yield from (f"{service}, {channel.name}: no longer listed." for id, channel in old.items() if id not in new)


def _describe_for_now(name: str, old: ChannelNow, new: ChannelNow) -> Iterator[str]:
    """Describe what is other than usual at a channel for now, and what no longer is."""
    come = [_CHANNEL_LABELS.get(key, key) for key in new.for_now if key not in old.for_now]
    gone = [_CHANNEL_LABELS.get(key, key) for key in old.for_now if key not in new.for_now]
    if come:
        yield f"{name}: different for now: {join_parts(come)}."
    if gone:
        yield f"{name}: as usual again: {join_parts(gone)}."


def _describe_status(name: str, old: Service | ChannelNow, new: Service | ChannelNow) -> Iterator[str]:
    """Describe a service or a channel whose status has changed, or now has another beginning."""
    if old.status != new.status or old.status_words != new.status_words:
        yield f"{name}: {new.status_words} (before: {old.status_words})."
    else:
        yield from describe_changed_facts(f"{name}: ", old, new, {"since": "the start of this status"})
        if old.standing and new.stale and not old.stale:
            yield f"{name}: {new.standing}. Nobody has confirmed it since."
        elif old.standing and old.stale and not new.stale:
            yield f"{name}: {new.standing} (before: {old.standing})."


def _estimate_sentence(service: Service) -> str:
    return service.expected[-1].sentence if service.expected else ""


def _describe_outage_estimates(before: PublishedData, after: PublishedData) -> Iterator[str]:
    """Describe what was said of outages as a whole, once for each, and not for each service that waits for it."""
    old, new = (_outage_sentences(data.status.facts) for data in (before, after))
    for id, sentence in new.items():
        if old.get(id) != sentence:
            yield f"{after.incidents[id].facts.incident.title}: for the outage as a whole: {sentence}"
    for id in old:
        document = after.incidents.get(id)
        if id not in new and document and document.facts.incident.phase is Phase.OPEN:
            yield f"{document.facts.incident.title}: it no longer says when the outage as a whole is over."


def _outage_sentences(document: StatusDocument) -> dict[str, str]:
    estimates = (service.outage_expected for service in document.services)
    return {estimate.source.incident: estimate.sentence for estimate in estimates if estimate}


def _describe_incidents(before: PublishedData, after: PublishedData) -> Iterator[str]:
    old, new = ({id: each.facts for id, each in data.incidents.items()} for data in (before, after))
    for id, document in new.items():
        title = document.incident.title
        if id in old:
            yield from (f"{title}: {change}" for change in _describe_incident(old[id], document))
        else:
            yield f"New post: {title}."
    yield from (f"Gone, with its page: {document.incident.title}." for id, document in old.items() if id not in new)


def _describe_incident(before: IncidentDocument, after: IncidentDocument) -> Iterator[str]:
    old, new = before.incident, after.incident
    yield from _describe_updates(before.updates, after.updates)
    if old.state != new.state:
        yield f"{new.state_words} (before: {old.state_words})."
    else:
        yield from describe_changed_facts("", old, new, {"ended": "the time it ended"})
    if new.phase is not Phase.PAST:
        yield from _describe_reach(old, new)
    yield from _describe_promise(old.next_update, new.next_update)
    yield from _describe_windows(before.windows, after.windows)
    yield from describe_changed_facts("", old, new, _INCIDENT_LABELS)


def _describe_reach(old: shapes.IncidentFacts, new: shapes.IncidentFacts) -> Iterator[str]:
    """Describe what everybody can do, and whether services may be affected of which nothing was said."""
    was = f" (before: {quote(old.do)})" if old.do else ""
    if new.do and old.do != new.do:
        yield f"what everybody can do is now {quote(new.do)}{was}."
    elif old.do and not new.do:
        yield f"it no longer says what everybody can do{was}."
    elif new.do:
        yield from describe_changed_facts("", old, new, {"do_until": "the end of what everybody can do"})
    if new.may_reach_further and not old.may_reach_further:
        yield "it may now affect services that it does not mention."
    elif old.may_reach_further and not new.may_reach_further:
        yield "it is no longer said to affect services that it does not mention."


def _describe_updates(before: Iterable[Update], after: Iterable[Update]) -> Iterator[str]:
    old, new = ({update.id: update for update in updates} for updates in (before, after))
    for id, update in new.items():
        when, correction = format_time(update.time), _describe_correction(update.correction)
        if id not in old:
            yield f"new update of {when}, {quote(update.text or update.title)}.{correction}"
            continue
        if changed := _changed_keys(old[id], update):
            words = ", ".join(_UPDATE_LABELS[key] for key in changed)
            yield f"the update of {when} is changed: {words}.{correction if 'correction' in changed else ''}"
        yield from describe_changed_facts(f"the update of {when}: ", old[id], update, {"time": "its time"})
    yield from (f"the update of {format_time(update.time)} is removed." for id, update in old.items() if id not in new)


def _changed_keys(old: Update, new: Update) -> list[str]:
    """Return the keys of an update that changed; not its markup or its one line where that follows from its text."""
    keys = [key for key in _UPDATE_LABELS if getattr(old, key) != getattr(new, key)]
    follow = {"html", "title"} if len(keys) > 1 else set()
    return [key for key in keys if key not in follow] or keys


def _describe_correction(correction: Correction | None) -> str:
    if not correction:
        return ""
    said = [f"wrong was {quote(correction.wrong)}"] if correction.wrong else []
    said += [f"right is {quote(correction.right)}"] if correction.right else []
    return f" It corrects: {join_parts(said) or 'an earlier update'}."


def _describe_promise(old: shapes.Promise | None, new: shapes.Promise | None) -> Iterator[str]:
    was = f" (before: by {format_time(old.by)})" if old else ""
    if new and (not old or old.by != new.by):
        yield f"the next update is now promised by {format_time(new.by)}{was}."
    elif old and not new:
        yield f"an update is no longer promised{was}."
    elif old and new and old.overdue != new.overdue:
        now = "overdue" if new.overdue else "not overdue"
        yield f"the update that was promised by {format_time(new.by)} is {now}."


def _describe_windows(before: Iterable[shapes.Window], after: Iterable[shapes.Window]) -> Iterator[str]:
    """Describe the windows of planned work that were added or removed; a window that was moved counts as both."""
    old, new = ([_window_phrase(window) for window in windows] for windows in (before, after))
    come, gone = [one for one in new if one not in old], [one for one in old if one not in new]
    if come:
        yield f"the work is now {join_parts(come)}{f' (before: {join_parts(gone)})' if gone else ''}."
    elif gone:
        yield f"the work is no longer {join_parts(gone)}."


def _window_phrase(window: shapes.Window) -> str:
    return f"from {format_time(window.begins)} {f'to {format_time(window.until)}' if window.until else 'on'}"


def _waiver_sentences(waivers: Iterable[shapes.Waiver]) -> dict[tuple[str, str], str]:
    return {(waiver.incident, waiver.id): waiver.sentence for waiver in waivers}


def _deadline_sentences(deadlines: Iterable[shapes.Deadline]) -> dict[tuple[str, str], str]:
    return {
        (deadline.incident, deadline.id): f"{format_time(deadline.on or '')} {deadline.what or ''}".strip()
        for deadline in deadlines
    }


def _describe_list(old: Mapping[tuple[str, str], str], new: Mapping[tuple[str, str], str], noun: str) -> Iterator[str]:
    for id, sentence in new.items():
        if id not in old:
            yield f"New {noun}: {sentence}"
        elif old[id] != sentence:
            yield f'The {noun} is now: {sentence} (before: "{old[id]}")'
    yield from (f"No longer a {noun}: {sentence}" for id, sentence in old.items() if id not in new)


def _describe_contacts(before: Iterable[Contact], after: Iterable[Contact]) -> Iterator[str]:
    old, new = ({contact.name: contact for contact in contacts} for contacts in (before, after))
    for name, contact in new.items():
        if name in old:
            yield from describe_changed_facts(f"Contact {name}: ", old[name], contact, _CONTACT_LABELS)
        else:
            yield f"New contact: {name}."
    yield from (f"No longer a contact: {name}." for name in old if name not in new)
