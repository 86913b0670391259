"""Advises on fees, penalties and deadlines that do not apply for a while."""

from collections.abc import Iterator

from statusgen.board.model.spans import Phase
from statusgen.lint.rule import LintContext, Rule, make_advice
from statusgen.problems import Problem


def find_endless_waivers(context: LintContext) -> Iterator[Problem]:
    """Find waivers without an end date whose incident is over."""
    for incident in context.board.past_incidents:
        for waiver in incident.waivers:
            if waiver.phase is Phase.OPEN and waiver.waiver.until is None:
                what = f'The waiver "{waiver.waiver.id}" has no end date, although the incident is over.'
                yield make_advice(waiver.waiver.place, what, "Add an end date, like until: 2026-12-31")


def find_same_waivers(context: LintContext) -> Iterator[Problem]:
    """Find waivers that say the same thing under two ids, so that they are shown twice."""
    first: dict[tuple[str, tuple[str, ...]], str] = {}
    for incident in context.site.incidents:
        for update in incident.updates:
            for waiver in update.waivers:
                if waiver.what is None:
                    continue
                content = (waiver.what.texts[0][1].casefold().strip(" ."), waiver.services)
                other = first.setdefault(content, waiver.id)
                if other != waiver.id:
                    what = f'The waivers "{other}" and "{waiver.id}" say the same thing.'
                    yield make_advice(
                        waiver.place,
                        what,
                        "If they are the same waiver, give both the same id, so that it is shown once.",
                    )


RULES = (
    Rule("endless-waiver", "Nobody knows when a fee will be due again.", find_endless_waivers),
    Rule("same-waiver", "One waiver under two names looks like two.", find_same_waivers),
)
