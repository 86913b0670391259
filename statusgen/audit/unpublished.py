"""The words of drafts, and of updates dated in the future: they must not be in any file, in any format."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime

from statusgen import addresses
from statusgen.audit.result import Fault
from statusgen.model import Incident, Markup, Site, Update, Words
from statusgen.problems import Place
from statusgen.wording.interface import CATALOGS, DOMAIN, available_languages

# Words with single spaces between them look the same in every format; punctuation and line ends do not. A few words
# are found even in a text that was cut short.
_PHRASE = re.compile(r"\w+(?: \w+){3,5}")
# Shorter phrases are not distinctive. The longest few of a text are enough to recognize it.
_MIN_PHRASE_LENGTH, _MAX_PHRASES = 18, 4


@dataclass(frozen=True)
class Secret:
    """Some words, as bytes, that occur in nothing public; `place` is where they were written."""

    phrase: bytes
    place: Place


def find_secrets(site: Site, moment: datetime, drafts: bool) -> tuple[Secret, ...]:
    """Return what must not be read at `moment`; with `drafts`, posts marked as drafts may be."""
    hidden = [(place, list(_collect_texts(part))) for place, part in _find_unpublished(site, moment, drafts)]
    if not hidden:
        return ()
    public = "\n".join(
        [*_collect_texts(_public_site(site, moment, drafts)), *_interface_words(site.languages)]
    ).casefold()
    phrases = {phrase: place for place, texts in hidden for phrase in _select_phrases(texts, public)}
    pages = {
        addresses.incident(incident.id): incident.place
        for incident in site.incidents
        if _is_hidden(incident, moment, drafts)
    }
    return tuple(Secret(words.encode(), place) for words, place in (phrases | pages).items())


def find_leaks(content: bytes, secrets: Iterable[Secret]) -> Iterator[Fault]:
    """Yield the secrets in a file."""
    for secret in secrets:
        if secret.phrase in content:
            line = content.count(b"\n", 0, content.find(secret.phrase)) + 1
            what = f'"{secret.phrase.decode()}" is here, from {secret.place}, which must not be published yet.'
            yield Fault(what, line)


def _is_hidden(incident: Incident, moment: datetime, drafts: bool) -> bool:
    return (incident.draft and not drafts) or incident.updates[0].time.start > moment


def _find_unpublished(site: Site, moment: datetime, drafts: bool) -> Iterator[tuple[Place, Incident | Update]]:
    for incident in site.incidents:
        if _is_hidden(incident, moment, drafts):
            yield incident.place, incident
        else:
            yield from ((update.place, update) for update in incident.updates if update.time.start > moment)


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
            if isinstance(inner, str) and field.name in ("before", "after", "publisher"):
                yield inner
            elif not isinstance(inner, str):
                yield from _collect_texts(inner)


def _select_phrases(texts: Iterable[str], public: str) -> list[str]:
    """Return the longest phrases that occur in nothing public."""
    phrases = {phrase for text in texts for phrase in _PHRASE.findall(text)}
    secret = (phrase for phrase in phrases if len(phrase) >= _MIN_PHRASE_LENGTH and phrase.casefold() not in public)
    return sorted(secret, key=lambda phrase: (-len(phrase), phrase))[:_MAX_PHRASES]


def _interface_words(languages: Iterable[str]) -> Iterator[str]:
    """Yield the messages of the pages themselves, which a draft may well contain."""
    from babel.messages.mofile import read_mo

    for language in {*languages, *available_languages()[1:2]}:  # every catalog has the English messages, too
        path = CATALOGS / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
        if path.is_file():
            with path.open("rb") as file:
                for message in read_mo(file):
                    for words in (message.id, message.string):
                        yield from (words,) if isinstance(words, str) else words or ()
