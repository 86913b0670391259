"""Two states of a site → what residents will see change."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from statusgen.board.model.spans import Phase
from statusgen.diff.other_changes import find_other_changes
from statusgen.diff.phrases import declared_labels, describe_changed_facts, format_time, join_parts, quote, tell_of
from statusgen.diff.published import PublishedData
from statusgen.english import English, SeveralTexts, translate
from statusgen.model import contacts as model_contacts
from statusgen.model import posts as model_posts
from statusgen.model import services as model_services
from statusgen.outputs.open_data import shapes
from statusgen.outputs.open_data.incidents import Correction, IncidentDocument, Update
from statusgen.outputs.open_data.status import ChannelNow, Contact, Service, StatusDocument
from statusgen.wording.short_forms import one_line

# What a fact is called where it has changed: from the model, except what it does not declare.
_SITE_LABELS = {
    "title": English("the title"),
    "publisher": English("the publisher"),
    "url": English("the address"),
    "timezone": English("the time zone"),
}
_STATUS_LABELS = {"emergency": English("The emergency notice"), "demonstration": English("The demonstration notice")}
_SERVICE_LABELS = declared_labels(model_services.Service)
_CHANNEL_LABELS = declared_labels(model_services.Channel) | {
    "automatic": English("the mark as automatic"),
    "temporary": English("the mark as temporary"),
}
_CONTACT_LABELS = declared_labels(model_contacts.Contact)
_INCIDENT_LABELS = {
    "title": English("its title"),
    "kind": English("its kind"),
    "started": English("its beginning"),
    "ends": English("its end"),
    "repeats": English("its repetition"),
    "was": English("its old addresses"),
}
_UPDATE_LABELS = {
    "state": English("its heading"),
    "text": English("its text"),
    "html": English("its markup"),
    "text_language": English("its language"),
    "translated_by": English("who translated it"),
    "correction": English("what it corrects"),
    "services": English("the services that it is about"),
} | declared_labels(model_posts.Update)


@dataclass(frozen=True)
class _ListPhrases:
    """What is said of an entry of a list that is new, that says something else now, and that is gone."""

    new: str
    changed: str
    gone: str


_WAIVERS = _ListPhrases(
    English("New waiver: %(words)s"),
    English('The waiver is now: %(words)s (before: "%(before)s")'),
    English("No longer a waiver: %(words)s"),
)
_DEADLINES = _ListPhrases(
    English("New deadline: %(words)s"),
    English('The deadline is now: %(words)s (before: "%(before)s")'),
    English("No longer a deadline: %(words)s"),
)


def describe_changes(before: PublishedData, after: PublishedData) -> list[str]:
    """Return what residents will see change, the most important first: phrases, for a desk in another language.

    Each sentence is safe to print: what a site says may hold anything, and a terminal obeys control characters.
    """
    sentences = [*_describe_site(before, after)]
    if keys := find_other_changes(before, after, has_sentences=bool(sentences)):
        sentences.append(English("Other facts change: %(keys)s.", keys=join_parts(keys)))
    return [translate(sentence, str, one_line) for sentence in sentences]


def _describe_site(before: PublishedData, after: PublishedData) -> Iterator[str]:
    old, new = before.status.facts, after.status.facts
    if old.sentence != new.sentence:
        values = {"now": new.sentence, "before": old.sentence}
        yield English('The page begins with "%(now)s" (before: "%(before)s")', **values)
    yield from describe_changed_facts("", old, new, _STATUS_LABELS)
    yield from _describe_services(old, new)
    yield from _describe_outage_estimates(before, after)
    yield from _describe_incidents(before, after)
    yield from _describe_list(_waiver_sentences(old.waivers), _waiver_sentences(new.waivers), _WAIVERS)
    yield from _describe_list(_deadline_sentences(old.deadlines), _deadline_sentences(new.deadlines), _DEADLINES)
    yield from _describe_contacts(old.contacts, new.contacts)
    yield from describe_changed_facts(English("The site"), old.site, new.site, _SITE_LABELS)


def _describe_services(before: StatusDocument, after: StatusDocument) -> Iterator[str]:
    old, new = ({service.id: service for service in document.services} for document in (before, after))
    for id, service in new.items():
        if id not in old:
            values = {"service": service.name, "status": service.status_words}
            yield English("New service: %(service)s (%(status)s).", **values)
        else:
            yield from _describe_service(old[id], service)
    gone = (service.name for id, service in old.items() if id not in new)
    yield from (English("No longer listed: %(service)s.", service=name) for name in gone)


def _describe_service(old: Service, new: Service) -> Iterator[str]:
    yield from _describe_status(new.name, old, new)
    yield from _describe_channels(new.name, old.channels, new.channels)
    if old.advice != new.advice:
        said = [part for advice in new.advice for part in (advice.do, advice.where) if part]
        now: str = (
            English("what to do is now %(advice)s.", advice=quote(" ".join(said)))
            if said
            else English("it no longer says what to do.")
        )
        yield tell_of(new.name, now)
    if _estimate_sentence(old) != _estimate_sentence(new):
        now = _estimate_sentence(new) or English("it no longer says when it is expected back.")
        yield tell_of(new.name, now)
    yield from describe_changed_facts(new.name, old, new, _SERVICE_LABELS)


def _describe_channels(service: str, before: Iterable[ChannelNow], after: Iterable[ChannelNow]) -> Iterator[str]:
    old, new = ({channel.id: channel for channel in channels} for channels in (before, after))
    for id, channel in new.items():
        name = f"{service}, {channel.name}"
        if id not in old:
            yield tell_of(name, English("a new way to use it, %(status)s.", status=channel.status_words))
        else:
            yield from _describe_status(name, old[id], channel)
            yield from describe_changed_facts(name, old[id], channel, _CHANNEL_LABELS)
            yield from _describe_for_now(name, old[id], channel)
    gone = (f"{service}, {channel.name}" for id, channel in old.items() if id not in new)
    yield from (tell_of(name, English("no longer listed.")) for name in gone)


def _describe_for_now(name: str, old: ChannelNow, new: ChannelNow) -> Iterator[str]:
    """Describe what is other than usual at a channel for now, and what no longer is."""
    come = [_CHANNEL_LABELS.get(key, key) for key in new.for_now if key not in old.for_now]
    gone = [_CHANNEL_LABELS.get(key, key) for key in old.for_now if key not in new.for_now]
    if come:
        yield tell_of(name, English("different for now: %(facts)s.", facts=join_parts(come)))
    if gone:
        yield tell_of(name, English("as usual again: %(facts)s.", facts=join_parts(gone)))


def _describe_status(name: str, old: Service | ChannelNow, new: Service | ChannelNow) -> Iterator[str]:
    """Describe a service or a channel whose status has changed, or now has another beginning."""
    if old.status != new.status or old.status_words != new.status_words:
        yield tell_of(name, _before(new.status_words, old.status_words))
    else:
        yield from describe_changed_facts(name, old, new, {"since": English("the start of this status")})
        if old.standing and new.stale and not old.stale:
            now = English("%(now)s. Nobody has confirmed it since.", now=new.standing)
            yield tell_of(name, now)
        elif old.standing and old.stale and not new.stale:
            yield tell_of(name, _before(new.standing or "", old.standing))


def _before(now: str, before: str) -> str:
    return English("%(now)s (before: %(before)s).", now=now, before=before)


def _estimate_sentence(service: Service) -> str:
    return service.expected[-1].sentence if service.expected else ""


def _describe_outage_estimates(before: PublishedData, after: PublishedData) -> Iterator[str]:
    """Describe what was said of outages as a whole, once for each, and not for each service that waits for it."""
    old, new = (_outage_sentences(data.status.facts) for data in (before, after))
    for id, sentence in new.items():
        if old.get(id) != sentence:
            said = English("for the outage as a whole: %(estimate)s", estimate=sentence)
            yield tell_of(after.incidents[id].facts.incident.title, said)
    for id in old:
        document = after.incidents.get(id)
        if id not in new and document and document.facts.incident.phase is Phase.OPEN:
            said = English("it no longer says when the outage as a whole is over.")
            yield tell_of(document.facts.incident.title, said)


def _outage_sentences(document: StatusDocument) -> dict[str, str]:
    estimates = (service.outage_expected for service in document.services)
    return {estimate.source.incident: estimate.sentence for estimate in estimates if estimate}


def _describe_incidents(before: PublishedData, after: PublishedData) -> Iterator[str]:
    old, new = ({id: each.facts for id, each in data.incidents.items()} for data in (before, after))
    for id, document in new.items():
        title = document.incident.title
        if id in old:
            yield from (tell_of(title, change) for change in _describe_incident(old[id], document))
        else:
            yield English("New post: %(title)s.", title=title)
    gone = (document.incident.title for id, document in old.items() if id not in new)
    yield from (English("Gone, with its page: %(title)s.", title=title) for title in gone)


def _describe_incident(before: IncidentDocument, after: IncidentDocument) -> Iterator[str]:
    old, new = before.incident, after.incident
    yield from _describe_updates(before.updates, after.updates)
    if old.state != new.state:
        yield _before(new.state_words, old.state_words)
    else:
        yield from describe_changed_facts("", old, new, {"ended": English("the time it ended")})
    if new.phase is not Phase.PAST:
        yield from _describe_reach(old, new)
    yield from _describe_promise(old.next_update, new.next_update)
    yield from _describe_windows(before.windows, after.windows)
    yield from describe_changed_facts("", old, new, _INCIDENT_LABELS)


def _describe_reach(old: shapes.IncidentFacts, new: shapes.IncidentFacts) -> Iterator[str]:
    """Describe what everybody can do, and whether services may be affected of which nothing was said."""
    was = _bracket(quote(old.do)) if old.do else ""
    if new.do and old.do != new.do:
        yield English("what everybody can do is now %(advice)s%(before)s.", advice=quote(new.do), before=was)
    elif old.do and not new.do:
        yield English("it no longer says what everybody can do%(before)s.", before=was)
    elif new.do:
        yield from describe_changed_facts("", old, new, {"do_until": English("the end of what everybody can do")})
    if new.may_reach_further and not old.may_reach_further:
        yield English("it may now affect services that it does not mention.")
    elif old.may_reach_further and not new.may_reach_further:
        yield English("it is no longer said to affect services that it does not mention.")


def _bracket(before: str) -> str:
    """Return what something was before, as it stands behind what it is now."""
    return English(" (before: %(before)s)", before=before)


def _describe_updates(before: Iterable[Update], after: Iterable[Update]) -> Iterator[str]:
    old, new = ({update.id: update for update in updates} for updates in (before, after))
    for id, update in new.items():
        when, correction = format_time(update.time), _describe_correction(update.correction)
        if id not in old:
            text = quote(update.text or update.title)
            yield SeveralTexts(English("new update of %(time)s, %(text)s.", time=when, text=text), correction)
            continue
        if changed := _changed_keys(old[id], update):
            facts = join_parts(_UPDATE_LABELS[key] for key in changed)
            told = English("the update of %(time)s is changed: %(facts)s.", time=when, facts=facts)
            yield SeveralTexts(told, correction if "correction" in changed else "")
        about = English("the update of %(time)s", time=when)
        yield from describe_changed_facts(about, old[id], update, {"time": English("its time")})
    gone = (format_time(update.time) for id, update in old.items() if id not in new)
    yield from (English("the update of %(time)s is removed.", time=time) for time in gone)


def _changed_keys(old: Update, new: Update) -> list[str]:
    """Return the keys of an update that changed; not its markup or its one line where that follows from its text."""
    keys = [key for key in _UPDATE_LABELS if getattr(old, key) != getattr(new, key)]
    follow = {"html", "title"} if len(keys) > 1 else set()
    return [key for key in keys if key not in follow] or keys


def _describe_correction(correction: Correction | None) -> str:
    if not correction:
        return ""
    said = [English("wrong was %(words)s", words=quote(correction.wrong))] if correction.wrong else []
    said += [English("right is %(words)s", words=quote(correction.right))] if correction.right else []
    return English("It corrects: %(words)s.", words=join_parts(said) or English("an earlier update"))


def _describe_promise(old: shapes.Promise | None, new: shapes.Promise | None) -> Iterator[str]:
    was = English(" (before: by %(time)s)", time=format_time(old.by)) if old else ""
    if new and (not old or old.by != new.by):
        time = format_time(new.by)
        yield English("the next update is now promised by %(time)s%(before)s.", time=time, before=was)
    elif old and not new:
        yield English("an update is no longer promised%(before)s.", before=was)
    elif old and new and old.overdue != new.overdue:
        is_late = English("the update that was promised by %(time)s is overdue.", time=format_time(new.by))
        is_not = English("the update that was promised by %(time)s is not overdue.", time=format_time(new.by))
        yield is_late if new.overdue else is_not


def _describe_windows(before: Iterable[shapes.Window], after: Iterable[shapes.Window]) -> Iterator[str]:
    """Describe the windows of planned work that were added or removed; a window that was moved counts as both."""
    old, new = ([_window_phrase(window) for window in windows] for windows in (before, after))
    come, gone = [one for one in new if one not in old], [one for one in old if one not in new]
    if come:
        was = _bracket(join_parts(gone)) if gone else ""
        yield English("the work is now %(times)s%(before)s.", times=join_parts(come), before=was)
    elif gone:
        yield English("the work is no longer %(times)s.", times=join_parts(gone))


def _window_phrase(window: shapes.Window) -> str:
    begin = format_time(window.begins)
    if window.until is None:
        return English("from %(begin)s on", begin=begin)
    return English("from %(begin)s to %(end)s", begin=begin, end=format_time(window.until))


def _waiver_sentences(waivers: Iterable[shapes.Waiver]) -> dict[tuple[str, str], str]:
    return {(waiver.incident, waiver.id): waiver.sentence for waiver in waivers}


def _deadline_sentences(deadlines: Iterable[shapes.Deadline]) -> dict[tuple[str, str], str]:
    return {
        (deadline.incident, deadline.id): f"{format_time(deadline.on or '')} {deadline.what or ''}".strip()
        for deadline in deadlines
    }


def _describe_list(
    old: Mapping[tuple[str, str], str], new: Mapping[tuple[str, str], str], phrases: _ListPhrases
) -> Iterator[str]:
    for id, sentence in new.items():
        if id not in old:
            yield English(phrases.new, words=sentence)
        elif old[id] != sentence:
            yield English(phrases.changed, words=sentence, before=old[id])
    yield from (English(phrases.gone, words=sentence) for id, sentence in old.items() if id not in new)


def _describe_contacts(before: Iterable[Contact], after: Iterable[Contact]) -> Iterator[str]:
    old, new = ({contact.name: contact for contact in contacts} for contacts in (before, after))
    for name, contact in new.items():
        if name in old:
            yield from describe_changed_facts(
                English("Contact %(name)s", name=name), old[name], contact, _CONTACT_LABELS
            )
        else:
            yield English("New contact: %(name)s.", name=name)
    yield from (English("No longer a contact: %(name)s.", name=name) for name in old if name not in new)
