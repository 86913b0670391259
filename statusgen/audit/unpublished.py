"""The words of drafts, and of updates dated in the future: they must not be in any file, in any format.

Nor must those of earlier versions that were drafts, or were changed or taken out before their time: git knows them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from itertools import islice

from statusgen import addresses
from statusgen.audit.result import Fault
from statusgen.model.posts import Incident, Update
from statusgen.model.record import PastWords
from statusgen.model.whole_site import Site
from statusgen.model.words import Markup, Words
from statusgen.problems import Place
from statusgen.wording.interface import CATALOGS, DOMAIN, available_languages

# Words with single spaces between them look the same in every format; punctuation and line ends do not. A few words
# are found even in a text that was cut short. From each letter of a long word on, it would take quadratic time.
_PHRASE = re.compile(r"\b\w+(?: \w+){3,5}")
# Shorter phrases are not distinctive. The longest few of a text are enough to recognize it.
_MIN_PHRASE_LENGTH, _MAX_PHRASES = 18, 4


@dataclass(frozen=True)
class Secret:
    """Some words, as bytes, that occur in nothing public; `place` is where they are, or in the past were, written."""

    phrase: bytes
    place: Place
    is_past: bool = False


def find_secrets(site: Site, moment: datetime, drafts: bool) -> tuple[Secret, ...]:
    """Return what must not be read at `moment`; with `drafts`, posts marked as drafts may be."""
    hidden = list(_find_unpublished(site, moment, drafts))
    past = site.past if site.past and site.past.hidden else None
    if not hidden and not past:
        return ()
    # The record of changes is not taken for public text: it must not have such words either.
    shown = [*_collect_texts(_public_site(site, moment, drafts)), *_interface_words(site)]
    secrets = [*_find_current_secrets(hidden, site, shown), *(_find_past_secrets(site, past, shown) if past else ())]
    pages = (
        Secret(addresses.incident(incident.id).encode(), incident.place)
        for incident in site.incidents
        if _is_hidden(incident, moment, drafts)
    )
    return tuple({secret.phrase: secret for secret in (*secrets, *pages)}.values())


def _find_current_secrets(
    hidden: Iterable[tuple[Incident, Incident | Update]], site: Site, shown: Iterable[str]
) -> Iterator[Secret]:
    """Yield the words of what is held back now."""
    parts = list(hidden)
    ids = {incident.id for incident, part in parts if part is incident}
    # What was public of an incident may be in a pending update of it too: one that was published and then moved ahead
    # has all of its words on the record, as taken out. So such lines are no secret, and the record is trusted here as
    # far as it judges what was public: no version with a mistake was (content/posts/past_versions.py), but one that was
    # kept from being built by a mistake in another post still counts.
    earlier = (text.text for text in site.past.public if text.incident not in ids) if site.past else ()
    public = "\n".join([*shown, *earlier]).casefold() if parts else ""
    for _, part in parts:
        for phrase in _select_phrases(_collect_texts(part), public):
            yield Secret(phrase.encode(), part.place)


def _find_past_secrets(site: Site, past: PastWords, shown: Iterable[str]) -> Iterator[Secret]:
    """Yield the words that only ever stood in versions that nobody could read."""
    public = "\n".join([*shown, *past.current, *(text.text for text in past.public)]).casefold()
    places = {incident.id: Place(incident.place.file) for incident in site.incidents}
    for text in past.hidden:
        place = places.get(text.incident, Place(f"incidents/{text.incident}.md"))
        for phrase in _select_phrases([text.text], public):
            yield Secret(phrase.encode(), place, is_past=True)


def find_leaks(content: bytes, secrets: Iterable[Secret]) -> Iterator[Fault]:
    """Yield the secrets in a file."""
    for secret in secrets:
        if secret.phrase in content:
            line = content.count(b"\n", 0, content.find(secret.phrase)) + 1
            why = "an earlier version that nobody could read" if secret.is_past else "which must not be published yet"
            what = f'"{secret.phrase.decode()}" is here, from {secret.place}, {why}.'
            yield Fault(what, line)


def _is_hidden(incident: Incident, moment: datetime, drafts: bool) -> bool:
    return (incident.draft and not drafts) or incident.updates[0].time.start > moment


def _find_unpublished(site: Site, moment: datetime, drafts: bool) -> Iterator[tuple[Incident, Incident | Update]]:
    for incident in site.incidents:
        if _is_hidden(incident, moment, drafts):
            yield incident, incident
        else:
            yield from ((incident, update) for update in incident.updates if update.time.start > moment)


def _public_site(site: Site, moment: datetime, drafts: bool) -> Site:
    """Return the site without anything that is held back."""
    shown = (incident for incident in site.incidents if not _is_hidden(incident, moment, drafts))
    incidents = (
        replace(incident, updates=tuple(update for update in incident.updates if update.time.start <= moment))
        for incident in shown
    )
    return replace(site, incidents=tuple(incidents))


def _collect_texts(value: object) -> Iterator[str]:
    """Yield every text in a value that residents would read, at any depth."""
    if isinstance(value, Words):
        yield from (text for _, text in value.texts)
    elif isinstance(value, Markup):
        yield value.text
    elif isinstance(value, tuple):
        for item in value:
            yield from _collect_texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            inner = getattr(value, field.name)
            if isinstance(inner, str) and field.name == "publisher":
                yield inner
            elif not isinstance(inner, str) and field.name != "past":
                yield from _collect_texts(inner)


def _select_phrases(texts: Iterable[str], public: str) -> list[str]:
    """Return the longest phrases that occur in nothing public."""
    phrases = {phrase for text in texts for phrase in _PHRASE.findall(text) if len(phrase) >= _MIN_PHRASE_LENGTH}
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return list(islice((phrase for phrase in longest_first if phrase.casefold() not in public), _MAX_PHRASES))


def _interface_words(site: Site) -> Iterator[str]:
    """Yield the messages of the pages themselves, which a draft may well contain."""
    from babel.messages.mofile import read_mo

    for catalog in site.catalogs:
        yield from (form for _, forms in catalog.translations for form in forms)
    for language in {*site.languages, *available_languages()[1:2]}:  # every catalog has the English messages, too
        path = CATALOGS / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
        if path.is_file():
            with path.open("rb") as file:
                for message in read_mo(file):
                    for words in (message.id, message.string):
                        yield from (words,) if isinstance(words, str) else words or ()
