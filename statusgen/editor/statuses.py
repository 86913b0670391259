"""The status of services as a writer types it: "water-bill/online down, permits limited"."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType

from statusgen.content.format.values import parse_enum
from statusgen.editor.fact_values import Facts, FactValue
from statusgen.model import Service, Site, Status
from statusgen.problems import InvalidValue
from statusgen.text import did_you_mean, quote_text

EXAMPLE = "water-bill/online down, permits limited"
# At most so many services are suggested for a name that no service has.
_MAX_SUGGESTIONS = 5


def service_keys(site: Site) -> list[str]:
    """Return everything that can have a status: each service, followed by its channels."""
    return [
        key
        for service in site.services
        for key in (service.id, *(f"{service.id}/{channel.id}" for channel in service.channels))
    ]


def parse_statuses(words: str, site: Site) -> dict[str, Status]:
    """Return the status of each service or channel that is named; raises InvalidValue.

    They are separated by commas, and named by id, by number (as in `service_keys`, from 1) or by name. One without a
    status of its own has that of the next one: "trash, permits down".
    """
    found: dict[str, Status] = {}
    keys_without_status: list[str] = []
    for part in filter(None, (part.strip() for part in re.split(r"[,;\n]", words))):
        key, status = _parse_pair(part, site)
        keys_without_status.append(key)
        if status:
            found |= dict.fromkeys(keys_without_status, status)
            keys_without_status = []
    if keys_without_status:
        raise InvalidValue(
            f"The status of {quote_text(keys_without_status[-1])} is missing.",
            f'Write it like "{keys_without_status[-1]} down".',
        )
    return found


def _parse_pair(part: str, site: Site) -> tuple[str, Status | None]:
    """Return the service that a part names, and its status if it has one."""
    pieces = re.split(r"\s*[=:]\s*|\s+", part)
    for number in range(1, len(pieces)):
        status = "_".join(pieces[number:])
        if status.casefold().replace("-", "_") in {known.value for known in Status}:
            return parse_service_key(" ".join(pieces[:number]), site), parse_enum(Status, status, "status")
    if len(pieces) > 1 and not _match_key(part, site):
        key = parse_service_key(pieces[0], site)
        return key, parse_enum(Status, "_".join(pieces[1:]), "status")
    return parse_service_key(part, site), None


def parse_service_key(words: str, site: Site) -> str:
    """Return the service or channel that the words name; raises InvalidValue."""
    if key := _match_key(words, site):
        return key
    service, slash, channel = words.partition("/")
    if slash and (whole := _match_key(service, site)):
        channel_ids = [each.id for each in site.service_by_id[whole].channels] if whole in site.service_by_id else []
        hint = did_you_mean(channel, channel_ids) or "It has none."
        raise InvalidValue(f'The service "{whole}" has no channel {quote_text(channel)}.', hint)
    raise _unknown_service(words, site)


def _unknown_service(words: str, site: Site) -> InvalidValue:
    """Return the error that suggests services with these words, or a similar id, or else lists every id."""
    what = f"There is no service {quote_text(words)}."
    keys = service_keys(site)
    visible = "".join(char for char in words if char.isprintable())
    if visible in keys:
        return InvalidValue(what, f'It contains an invisible character; type "{visible}".')
    if found := _search_services(words.casefold().strip(), site):
        return InvalidValue(what, f"Did you mean {' or '.join(quote_text(id) for id in found)}?")
    near = did_you_mean(words[:100], keys)
    hint = f"Choose from: {', '.join(service.id for service in site.services)}."
    return InvalidValue(what, near if near.startswith("Did") else hint if keys else "None is defined yet.")


def _search_services(words: str, site: Site) -> list[str]:
    """Return the services whose ids, names or keywords have these words, or else a similar word."""
    known = {service.id: _search_texts(service) for service in site.services}
    found = [id for id, texts in known.items() if len(words) > 2 and any(words in text for text in texts)]
    if not found:
        found = [id for id, texts in known.items() if get_close_matches(words, " ".join(texts).split(), 1, 0.8)]
    return found[:_MAX_SUGGESTIONS]


def _search_texts(service: Service) -> list[str]:
    more = [service.name, *([service.keywords] if service.keywords else [])]
    texts = [text for words in more for _, text in words.texts]
    return [text.casefold() for text in (service.id.replace("-", " "), *texts)]


def _match_key(words: str, site: Site) -> str | None:
    keys = service_keys(site)
    if words.casefold() in keys:
        return words.casefold()
    if words.isascii() and words.isdigit() and 1 <= int(words) <= len(keys):
        return keys[int(words) - 1]
    ids_by_name = [s.id for s in site.services if words.casefold() in (text.casefold() for _, text in s.name.texts)]
    return ids_by_name[0] if len(ids_by_name) == 1 else None


def make_service_entries(
    status_by_key: Mapping[str, Status],
    do: Iterable[str],
    site: Site,
    affected: Iterable[str] = (),
    extra: Mapping[str, FactValue] = MappingProxyType({}),
) -> Facts:
    """Return `services:` of an update: statuses, and what people can do instead; raises InvalidValue.

    Of `do`, a text like "permits=Bring paper plans." is about that service, and any other text about each service that
    is not working. If no status is named, it is about the service in `affected`, which then has to be a single one.
    `extra` are more facts about each service that is not working.
    """
    found: dict[str, Facts] = {
        key: {"status": status.value, **(extra if status is not Status.WORKING else {})}
        for key, status in status_by_key.items()
    }
    instructions = [_parse_instruction(words, status_by_key, site, tuple(affected)) for words in do]
    # A text about one service overrides a text about all, whichever comes first.
    for for_one_service in (False, True):
        for keys, text, names_service in instructions:
            for key in keys if names_service is for_one_service else ():
                found.setdefault(key, {})["do"] = text
    return {key: entry["status"] if entry.keys() == {"status"} else entry for key, entry in found.items()}


def _parse_instruction(
    words: str, status_by_key: Mapping[str, Status], site: Site, affected: tuple[str, ...]
) -> tuple[list[str], str, bool]:
    """Return the services that a text is about, the text, and whether it names the service."""
    key, equals, text = words.partition("=")
    if equals and key.strip() in service_keys(site):
        return [key.strip()], text.strip(), True
    if status_by_key:
        return [key for key, status in status_by_key.items() if status is not Status.WORKING], words, False
    if len(affected) == 1:
        return list(affected), words, False
    raise InvalidValue(
        f"It is not clear which service {quote_text(words)} is about.", 'Write it like "permits=Bring paper plans."'
    )
