"""Healthchecks: /api/v3/checks/ of its management API, with a read-only key from the environment.

https://healthchecks.io/docs/api/
"""

from collections.abc import Sequence

from statusgen.follow.seen import Seen, summarize, translate_word
from statusgen.follow.sources.shape import Id, Name, Published, Source, below, parse_document
from statusgen.model.statuses import Status

_STATUSES = {
    "up": Status.WORKING,
    "grace": Status.NOT_SAID,  # late, and not late enough to be down
    "down": Status.DOWN,
    "new": Status.NOT_SAID,
    "paused": Status.NOT_SAID,
    "started": Status.NOT_SAID,  # version 1 of the API
}


class _Check(Published):
    name: Name = ""
    slug: str = ""
    status: str
    unique_key: Id = ""
    uuid: Id = ""


class _Checks(Published):
    checks: tuple[_Check, ...]


def _read(documents: Sequence[bytes]) -> list[Seen]:
    """Return each check by its name, and all of them together. They do not say since when."""
    checks = [_describe(each) for each in parse_document(_Checks, documents[0]).checks]
    return [summarize(checks), *checks]


def _describe(check: _Check) -> Seen:
    status, word = translate_word(check.status, _STATUSES)
    return Seen(check.name, status, id=check.slug or check.unique_key or check.uuid, word=word)


HEALTHCHECKS = Source(lambda source: [below(source, "api/v3/checks/")], _read)
