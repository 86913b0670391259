"""The words that other programs, and people in a hurry, use for the words of the format."""

from collections.abc import Collection

from statusgen.text import fold_word

_SYNONYMS = {
    # statuses
    "working": "operational ok okay up fine green online open running restored fixed back true yes",
    "down": "major_outage outage offline closed red broken out unavailable dead failed no false",
    "limited": "partial_outage partial partially yellow orange some",
    "degraded": "degraded_performance slow slower delayed delays unstable intermittent",
    "maintenance": "under_maintenance planned_work planned scheduled_maintenance work",
    # states
    "resolved": "fixed solved closed done over restored finished",
    "investigating": "open new looking_into_it",
    "completed": "done over finished",
    "in_progress": "started begun ongoing",
    "withdrawn": "deleted retracted false_alarm",
    "correction": "corrected erratum",
    "incident": "outage",
    # keys
    "started": "date start began since begin started_at created",
    "posted": "published publish_date date_posted",
    "services": "affected affected_services components systems",
    "title": "name headline subject heading",
    "by": "author who said_by",
    "next_update": "next",
    "ends": "end until end_date",
    "kind": "type category",
    "url": "link website href web",
    "phone": "tel telephone number",
    "timezone": "tz time_zone zone",
    "languages": "language lang locale",
    "do": "workaround instead what_to_do",
}


def resolve_synonym(word: str, names: Collection[str]) -> str:
    """Return the one of `names` that others call `word`, or `word` itself if there is none."""
    folded = fold_word(word)
    return next((name for name, others in _SYNONYMS.items() if name in names and folded in others.split()), word)
