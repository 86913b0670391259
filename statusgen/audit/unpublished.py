"""The words of drafts, and of updates dated ahead: they must stand in no file, in no form."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from typing import Any

from statusgen import addresses
from statusgen.audit.result import Fault
from statusgen.model import Incident, Markup, Site, Words
from statusgen.problems import Place
from statusgen.wording.interface import CATALOGS, DOMAIN, available_languages

# Words with single spaces between them are written alike in every format; signs and line ends are not. A few words
# are found in a text that was cut short as well.
_PHRASE = re.compile(r"\w+(?: \w+){3,5}")
# Shorter ones say nothing of their own. The longest of a text are enough to know it by.
_MIN_PHRASE_LENGTH, _MAX_PHRASES = 18, 4


@dataclass(frozen=True)
class Secret:
    """Some words, as bytes, that stand in nothing which is published; `place` is where they were written."""

    phrase: bytes
    place: Place


def find_secrets(site: Site, moment: datetime, drafts: bool) -> tuple[Secret, ...]:
    """What nobody may read at `moment`; with `drafts`, posts that are marked so may be read."""
    hidden = [(place, list(_collect_texts(part))) for place, part in _find_unpublished(site, moment, drafts)]
    if not hidden:
        return ()
    public = "\n".join(
        [*_collect_texts(_public_site(site, moment, drafts)), *_interface_words(site.languages)]
    ).casefold()
    found = {run: place for place, texts in hidden for run in _select_phrases(texts, public)}
    pages = {
        addresses.incident(incident.id): incident.place
        for incident in site.incidents
        if _is_hidden(incident, moment, drafts)
    }
    return tuple(Secret(words.encode(), place) for words, place in (found | pages).items())


def find_leaks(content: bytes, secrets: Iterable[Secret]) -> Iterator[Fault]:
    """The secrets that a file tells."""
    for secret in secrets:
        if secret.phrase in content:
            line = content.count(b"\n", 0, content.find(secret.phrase)) + 1
            what = f'"{secret.phrase.decode()}" stands here, from {secret.place}, which is not to be published yet.'
            yield Fault(what, line)


def _is_hidden(incident: Incident, moment: datetime, drafts: bool) -> bool:
    return (incident.draft and not drafts) or incident.updates[0].time.start > moment


def _find_unpublished(site: Site, moment: datetime, drafts: bool) -> Iterator[tuple[Place, Any]]:
    for incident in site.incidents:
        if _is_hidden(incident, moment, drafts):
            yield incident.place, incident
        else:
            yield from ((update.place, update) for update in incident.updates if update.time.start > moment)


def _public_site(site: Site, moment: datetime, drafts: bool) -> Site:
    """The site with nothing in it that is held back."""
    shown = (incident for incident in site.incidents if not _is_hidden(incident, moment, drafts))
    incidents = (
        replace(incident, updates=tuple(update for update in incident.updates if update.time.start <= moment))
        for incident in shown
    )
    return replace(site, incidents=tuple(incidents))


def _collect_texts(value: Any) -> Iterator[str]:
    """Every word that residents would read in a value, however deep."""
    if isinstance(value, Words):
        yield from (text for _, text in value.texts)
    elif isinstance(value, Markup):
        yield value.text
    elif isinstance(value, tuple):
        for one in value:
            yield from _collect_texts(one)
    elif is_dataclass(value):
        for field in fields(value):
            inner = getattr(value, field.name)
            if isinstance(inner, str) and field.name in ("before", "after", "publisher"):
                yield inner
            elif not isinstance(inner, str):
                yield from _collect_texts(inner)


def _select_phrases(texts: Iterable[str], public: str) -> list[str]:
    """The longest runs of words that stand in nothing public."""
    runs = {run for text in texts for run in _PHRASE.findall(text)}
    own = (run for run in runs if len(run) >= _MIN_PHRASE_LENGTH and run.casefold() not in public)
    return sorted(own, key=lambda run: (-len(run), run))[:_MAX_PHRASES]


def _interface_words(languages: Iterable[str]) -> Iterator[str]:
    """The words of the pages themselves, of which a draft may well use some."""
    from babel.messages.mofile import read_mo

    for language in {*languages, *available_languages()[1:2]}:  # any catalogue has the English words too
        path = CATALOGS / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
        if path.is_file():
            with path.open("rb") as file:
                for message in read_mo(file):
                    for words in (message.id, message.string):
                        yield from (words,) if isinstance(words, str) else words or ()
