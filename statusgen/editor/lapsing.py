"""Advice that an update would let go of, and how the update says it again."""

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from statusgen.board.incident import replay_incident
from statusgen.board.model.advice import Advice, LapsedAdvice
from statusgen.board.model.incidents import IncidentStatus
from statusgen.editor.fact_values import Facts, FactValue
from statusgen.editor.last_words import format_key
from statusgen.editor.times import format_time
from statusgen.model.posts import Incident
from statusgen.model.whole_site import Site


def find_lapsing(post: Incident, site: Site, known_updates: Iterable[str]) -> list[LapsedAdvice]:
    """Return the advice that a post lets go of in the updates that are not among the known ones, by their ids."""
    known = {*known_updates}
    after = replay_incident(post, site, max(update.time.start for update in post.updates))
    return [lapsed for lapsed in after.lapsed_advice if lapsed.source.update not in known] if after else []


def describe_lapsing(lapsed: LapsedAdvice) -> str:
    """Return the advice, and what it is about."""
    return f'{format_key(lapsed.key)}: "{lapsed.advice.words.texts[0][1]}"'


def keep_advice(
    facts: Mapping[str, FactValue], lapsing: Iterable[LapsedAdvice], before: IncidentStatus, zone: ZoneInfo
) -> Facts:
    """Return the facts of an update that says the advice again, word for word."""
    services = facts.get("services")
    entries: Facts = dict(services) if isinstance(services, Mapping) else {}
    for lapsed in lapsing:
        key = format_key(lapsed.key)
        old = entries.get(key)
        entry = dict(old) if isinstance(old, Mapping) else {"status": old} if old else {}
        entries[key] = {**entry, _key_of(lapsed, before): _as_written(lapsed.advice, zone)}
    return {**facts, "services": entries}


def _key_of(lapsed: LapsedAdvice, before: IncidentStatus) -> str:
    is_where = any(
        (each.service, each.channel) == lapsed.key and each.where == lapsed.advice for each in before.workarounds
    )
    return "where" if is_where else "do"


def _as_written(advice: Advice, zone: ZoneInfo) -> FactValue:
    words = advice.words.texts[0][1]
    return {"words": words, "until": format_time(advice.until, zone)} if advice.until else words
