"""The status of services as a writer types it: "water-bill/online down, permits limited"."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from statusgen.content.format.values import parse_enum
from statusgen.editor.fact_values import Facts, FactValue
from statusgen.editor.patterns import Exactness, match_pattern, resolve_exactness
from statusgen.english import English, join_choices
from statusgen.model.services import Service
from statusgen.model.statuses import WRITTEN_STATUSES, Status
from statusgen.model.whole_site import Site
from statusgen.problems import InvalidValue
from statusgen.text import did_you_mean, fold_word, quote_text

EXAMPLE = "water-bill/online down, permits limited"
# At most so many services are suggested for a name that no service has.
_MAX_SUGGESTIONS = 5
# What stands before a "=" is a name if it has no spaces, and none of the signs of an address.
_LOOKS_LIKE_NAME = re.compile(r"[\w-]+(?:/[\w*-]+)?")


def service_keys(site: Site) -> list[str]:
    """Return everything that can have a status: each service, followed by its channels."""
    return [
        key
        for service in site.services
        for key in (service.id, *(f"{service.id}/{channel.id}" for channel in service.channels))
    ]


def parse_statuses(words: str, site: Site) -> dict[str, Status]:
    """Return the status of each service or channel that is named; raises InvalidValue.

    They are separated by commas, and named by id, by number (as in `service_keys`, from 1), by name, or several at once
    by a pattern; the more exact name wins. One without a status of its own has that of the next one: "trash, permits
    down".
    """
    found: list[tuple[str, Status, Exactness]] = []
    keys_without_status: list[tuple[str, Exactness]] = []
    for part in filter(None, (part.strip() for part in re.split(r"[,;\n]", words))):
        keys, status = _parse_pair(part, site)
        keys_without_status += keys
        if status:
            found += [(key, status, exactness) for key, exactness in keys_without_status]
            keys_without_status = []
    if keys_without_status:
        key = keys_without_status[-1][0]
        raise InvalidValue(f"The status of {quote_text(key)} is missing.", f'Write it like "{key} down".')
    return resolve_exactness(found, site)


def _parse_pair(part: str, site: Site) -> tuple[list[tuple[str, Exactness]], Status | None]:
    """Return the services that a part names, and their status if it has one."""
    pieces = re.split(r"\s*[=:]\s*|\s+", part)
    for number in range(1, len(pieces)):
        status = "_".join(pieces[number:])
        if fold_word(status) in {known.value for known in WRITTEN_STATUSES}:
            return _parse_names(" ".join(pieces[:number]), site), parse_enum(WRITTEN_STATUSES, status, "status")
    if len(pieces) > 1 and not _match_key(part, site):
        names = _parse_names(pieces[0], site)
        return names, parse_enum(WRITTEN_STATUSES, "_".join(pieces[1:]), "status")
    return _parse_names(part, site), None


def _parse_names(words: str, site: Site) -> list[tuple[str, Exactness]]:
    """Return the services and channels that the words name, by a pattern or by one name; raises InvalidValue."""
    if not _match_key(words, site) and (found := match_pattern(words, site)):
        keys, exactness = found
        return [(key, exactness) for key in keys]
    key = parse_service_key(words, site)
    return [(key, Exactness.WAY if "/" in key else Exactness.SERVICE)]


def parse_service_keys(words: str, site: Site) -> list[str]:
    """Return all services and channels that the words name, which may be a pattern; raises InvalidValue."""
    return [key for key, _ in _parse_names(words, site)]


def parse_service_key(words: str, site: Site) -> str:
    """Return the service or channel that the words name; raises InvalidValue."""
    if key := _match_key(words, site):
        return key
    service, slash, channel = words.partition("/")
    if slash and (whole := _match_key(service, site)):
        channel_ids = [each.id for each in site.service_by_id[whole].channels] if whole in site.service_by_id else []
        hint = did_you_mean(channel, channel_ids) or English("It has none.")
        raise InvalidValue(
            English(
                'The service "%(service)s" has no channel %(channel)s.', service=whole, channel=quote_text(channel)
            ),
            hint,
            mistyped=channel,
        )
    raise _unknown_service(words, site)


def _unknown_service(words: str, site: Site) -> InvalidValue:
    """Return the error that suggests services with these words, or a similar id, or else lists every id."""
    what = English("There is no service %(words)s.", words=quote_text(words))
    keys = service_keys(site)
    visible = "".join(char for char in words if char.isprintable())
    if visible in keys:
        return InvalidValue(what, English('It contains an invisible character; type "%(visible)s".', visible=visible))
    if found := _search_services(words.casefold().strip(), site):
        return InvalidValue(
            what,
            English("Did you mean %(choices)s?", choices=join_choices(quote_text(id) for id in found)),
            mistyped=words,
        )
    near = did_you_mean(words[:100], keys)
    hint = English("Choose from: %(choices)s.", choices=", ".join(service.id for service in site.services))
    suggestion = near if near.startswith("Did") else hint if keys else English("None is defined yet.")
    return InvalidValue(what, suggestion, mistyped=words)


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


@dataclass(frozen=True)
class Instructions:
    """What `--do`, `--short`, `--where`, `--since` or `--expected` say, for the key of an entry that they fill."""

    key: str
    texts: tuple[str, ...]
    parse: Callable[[str], FactValue] = str


def make_service_entries(
    status_by_key: Mapping[str, Status],
    instructions: Iterable[Instructions],
    site: Site,
    affected: Iterable[str] = (),
    extra: Mapping[str, FactValue] = MappingProxyType({}),
) -> Facts:
    """Return `services:` of an update: statuses, and what goes with them; raises InvalidValue.

    Of the instructions, a text like "permits=Bring paper plans." is about that service, and any other text about each
    service that is not working. If no status is named, it is about the service in `affected`, which then has to be a
    single one. `extra` are more facts about each service that is not working.
    """
    found: dict[str, Facts] = {
        key: {"status": status.value, **(extra if status is not Status.WORKING else {})}
        for key, status in status_by_key.items()
    }
    for each in instructions:
        parsed = [(*_parse_instruction(words, status_by_key, site, tuple(affected)), words) for words in each.texts]
        # A text about one service overrides a text about all, whichever comes first.
        for for_one_service in (False, True):
            for keys, text, names_service, _ in parsed:
                for key in keys if names_service is for_one_service else ():
                    found.setdefault(key, {})[each.key] = each.parse(text)
    return {key: entry["status"] if entry.keys() == {"status"} else entry for key, entry in found.items()}


def split_instruction(words: str, site: Site) -> tuple[list[str], str]:
    """Return the services that a text names before its "=", and the rest; raises InvalidValue if those do not exist."""
    name, equals, text = words.partition("=")
    if not equals or not _LOOKS_LIKE_NAME.fullmatch(name.strip()):
        return [], words
    return parse_service_keys(name.strip(), site), text.strip()


def _parse_instruction(
    words: str, status_by_key: Mapping[str, Status], site: Site, affected: tuple[str, ...]
) -> tuple[list[str], str, bool]:
    """Return the services that a text is about, the text, and whether it names the service."""
    keys, text = split_instruction(words, site)
    if keys:
        return keys, text, True
    if status_by_key:
        broken = [key for key, status in status_by_key.items() if status is not Status.WORKING]
        return broken or [*status_by_key], words, False
    if len(affected) == 1:
        return list(affected), words, False
    what = English("It is not clear which service %(words)s is about.", words=quote_text(words))
    raise InvalidValue(what, English('Write it like "%(example)s"', example="permits=Bring paper plans."))
