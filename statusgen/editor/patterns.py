"""Names for several services at once, as a writer types them: "group/bills", "all/online", "water-bill/*".

They are for commands only. The names that they stand for are written, so that a post says the same in a year.
"""

from collections.abc import Iterable
from enum import IntEnum

from statusgen.content.format.values import check_known_name, parse_enum
from statusgen.model.services import EVERY_WAY, ChannelKind, Service
from statusgen.model.statuses import Status
from statusgen.model.whole_site import Site
from statusgen.problems import InvalidValue
from statusgen.text import quote_text

GROUP, ALL = "group", "all"


class Exactness(IntEnum):
    """How exactly a writer named something; the more exact word wins."""

    KIND = 1
    GROUP = 2
    SERVICE = 3
    EVERY_WAY = 4
    WAY = 5


def match_pattern(words: str, site: Site) -> tuple[list[str], Exactness] | None:
    """Return the services and channels that a pattern stands for; None if the words are no pattern.

    A kind stands for what the publisher runs: nobody who says that all is down online speaks of others' services.
    Raises InvalidValue if it stands for none.
    """
    first, slash, second = (part.strip() for part in words.partition("/"))
    if not slash:
        return None
    if first == GROUP:
        check_known_name(second, [group.id for group in site.groups], "group")
        return _require([service.id for service in site.services if service.group == second], words), Exactness.GROUP
    if first == ALL:
        kind = parse_enum(ChannelKind, second, "kind of channel")
        ours = (service for service in site.services if service.is_ours)
        keys = [key for service in ours for key in _keys_of_kind(service, kind)]
        return _require(keys, words), Exactness.KIND
    if second == EVERY_WAY and first in site.service_by_id:
        return way_keys(site.service_by_id[first]), Exactness.EVERY_WAY
    return None


def pattern_names(site: Site) -> list[str]:
    """Return the patterns that stand for something: of each group, and of each kind of channel."""
    ours = (service for service in site.services if service.is_ours)
    kinds = dict.fromkeys(channel.kind.value for service in ours for channel in service.channels)
    return [*(f"{GROUP}/{group.id}" for group in site.groups), *(f"{ALL}/{kind}" for kind in kinds)]


def _keys_of_kind(service: Service, kind: ChannelKind) -> list[str]:
    return [f"{service.id}/{channel.id}" for channel in service.channels if channel.kind is kind]


def way_keys(service: Service) -> list[str]:
    """Return every way to use a service, or the service itself if it has none."""
    return [f"{service.id}/{channel.id}" for channel in service.channels] or [service.id]


def _require(keys: list[str], words: str) -> list[str]:
    if not keys:
        raise InvalidValue(f"{quote_text(words)} matches no service.", "See services.yaml.")
    return keys


def resolve_exactness(said: Iterable[tuple[str, Status, Exactness]], site: Site) -> dict[str, Status]:
    """Return the status of each service and channel: where two words are about the same thing, the more exact one.

    Of two that are equally exact, the later one counts.
    """
    best: dict[str, tuple[Exactness, Status]] = {}
    for key, status, exactness in said:
        if key not in best or exactness >= best[key][0]:
            best[key] = (exactness, status)
    return {key: status for key, (exactness, status) in best.items() if not _is_overruled(key, exactness, best, site)}


def _is_overruled(key: str, exactness: Exactness, best: dict[str, tuple[Exactness, Status]], site: Site) -> bool:
    """Return whether a more exact word on the whole service is about this way of it, too."""
    service, slash, _ = key.partition("/")
    if not slash or service not in best:
        return False
    whole_exactness, whole = best[service]
    is_about_ways = whole.is_about_every_way or len(site.service_by_id[service].channels) == 1
    return is_about_ways and whole_exactness > exactness
