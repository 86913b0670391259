"""How services stand, as somebody says it: "water-bill/online down, permits limited"."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from statusgen.errors import did_you_mean
from statusgen.model import Service, Site, Status
from statusgen.reading.values import Wrong, one_of, quoted

EXAMPLE = "water-bill/online down, permits limited"
# So many services are offered at most, where somebody names none.
_OFFERED = 5


def choices(site: Site) -> list[str]:
    """Everything that can have a status: each service, and under it each of its channels."""
    return [
        key
        for service in site.services
        for key in (service.id, *(f"{service.id}/{way.id}" for way in service.channels))
    ]


def statuses(words: str, site: Site) -> dict[str, Status]:
    """The status of each service or channel that is named; raises Wrong.

    They are separated by commas, and named by id, by number (as in `choices`, from 1) or by name. One that has no
    status of its own has that of the next: "trash, permits down".
    """
    found: dict[str, Status] = {}
    waiting: list[str] = []
    for part in filter(None, (part.strip() for part in re.split(r"[,;\n]", words))):
        key, status = _pair(part, site)
        waiting.append(key)
        if status:
            found |= dict.fromkeys(waiting, status)
            waiting = []
    if waiting:
        raise Wrong(f"How bad it is with {quoted(waiting[-1])} is missing.", f'Say it like "{waiting[-1]} down".')
    return found


def _pair(part: str, site: Site) -> tuple[str, Status | None]:
    """A service and its status, where the part has both."""
    pieces = re.split(r"\s*[=:]\s*|\s+", part)
    for number in range(1, len(pieces)):
        status = "_".join(pieces[number:])
        if status.casefold().replace("-", "_") in {known.value for known in Status}:
            return service_key(" ".join(pieces[:number]), site), one_of(Status, status, "status")
    if len(pieces) > 1 and not _known(part, site):
        key = service_key(pieces[0], site)
        return key, one_of(Status, "_".join(pieces[1:]), "status")
    return service_key(part, site), None


def service_key(words: str, site: Site) -> str:
    """The service or channel that is meant; raises Wrong."""
    if key := _known(words, site):
        return key
    service, slash, channel = words.partition("/")
    if slash and (whole := _known(service, site)):
        ways = [way.id for way in site.by_id[whole].channels] if whole in site.by_id else []
        hint = did_you_mean(channel, ways) or "It has none."
        raise Wrong(f'The service "{whole}" has no channel {quoted(channel)}.', hint)
    raise _unknown(words, site)


def _unknown(words: str, site: Site) -> Wrong:
    """There is no such service: those whose names and keywords have the words, one that is near, or else every id."""
    what = f"There is no service {quoted(words)}."
    keys = choices(site)
    visible = "".join(char for char in words if char.isprintable())
    if visible in keys:
        return Wrong(what, f'There is an invisible character in it; type "{visible}".')
    if found := _searched(words.casefold().strip(), site):
        return Wrong(what, f"Did you mean {' or '.join(quoted(id) for id in found)}?")
    near = did_you_mean(words[:100], keys)
    hint = f"Choose from: {', '.join(service.id for service in site.services)}."
    return Wrong(what, near if near.startswith("Did") else hint if keys else "None is defined yet.")


def _searched(words: str, site: Site) -> list[str]:
    """The services whose ids, names and keywords have these words, or else a word near to them."""
    known = {service.id: _words_of(service) for service in site.services}
    found = [id for id, texts in known.items() if len(words) > 2 and any(words in text for text in texts)]
    if not found:
        found = [id for id, texts in known.items() if get_close_matches(words, " ".join(texts).split(), 1, 0.8)]
    return found[:_OFFERED]


def _words_of(service: Service) -> list[str]:
    more = [service.name, *([service.keywords] if service.keywords else [])]
    texts = [text for words in more for _, text in words.texts]
    return [text.casefold() for text in (service.id.replace("-", " "), *texts)]


def _known(words: str, site: Site) -> str | None:
    keys = choices(site)
    if words.casefold() in keys:
        return words.casefold()
    if words.isascii() and words.isdigit() and 1 <= int(words) <= len(keys):
        return keys[int(words) - 1]
    named = [s.id for s in site.services if words.casefold() in (text.casefold() for _, text in s.name.texts)]
    return named[0] if len(named) == 1 else None


def entries(
    stand: Mapping[str, Status],
    do: Iterable[str],
    site: Site,
    held: Iterable[str] = (),
    besides: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Any]:
    """`services:` of an update: statuses, and what people can do instead; raises Wrong.

    Of `do`, a text like "permits=Bring paper plans." is about that service, and any other about each that does not
    work. Where no status is named it is about `held`, if that is a single one. `besides` is what else is said of each
    that does not work.
    """
    found: dict[str, dict[str, Any]] = {
        key: {"status": status.value, **(besides if status is not Status.WORKING else {})}
        for key, status in stand.items()
    }
    told = [_about(words, stand, site, tuple(held)) for words in do]
    # What is said of one service holds, whatever is said of all, before it or after it.
    for said_of_one in (False, True):
        for keys, text, of_one in told:
            for key in keys if of_one is said_of_one else ():
                found.setdefault(key, {})["do"] = text
    return {key: entry["status"] if entry.keys() == {"status"} else entry for key, entry in found.items()}


def _about(words: str, stand: Mapping[str, Status], site: Site, held: tuple[str, ...]) -> tuple[list[str], str, bool]:
    """Which services a text is about, the text, and whether it names the service."""
    key, equals, text = words.partition("=")
    if equals and key.strip() in choices(site):
        return [key.strip()], text.strip(), True
    if stand:
        return [key for key, status in stand.items() if status is not Status.WORKING], words, False
    if len(held) == 1:
        return list(held), words, False
    raise Wrong(f"It is not said for which service {quoted(words)} is.", 'Write it like "permits=Bring paper plans."')
