"""Advises on when things are expected back."""

from collections.abc import Iterator

from statusgen.lint.rule import LintContext, Rule, make_advice
from statusgen.model.reports import Estimate
from statusgen.problems import Problem


def find_bare_estimates(context: LintContext) -> Iterator[Problem]:
    """Find estimates that are only a date, which people take as a promise."""
    for incident in context.open_problems():
        for update in incident.updates[-1:]:
            reported = (report.expected for report in update.reports if report.expected)
            for estimate in filter(None, (update.expected, *reported)):
                if _is_bare_date(estimate):
                    what = "This estimate is only a date, which people will take as a promise."
                    hint = "Give a range of dates, or say what it is based on: {by: …, basis: …}."
                    yield make_advice(context.find_line(update.place, "expected:"), what, hint)


def _is_bare_date(estimate: Estimate) -> bool:
    same = estimate.not_before is not None and estimate.not_before == estimate.by
    return same and estimate.words is None and estimate.basis is None


def find_late_estimates(context: LintContext) -> Iterator[Problem]:
    """Find services that are not back although their estimate has passed."""
    reported = set()
    for service in context.unsilenced_services("late-estimate"):
        source = (
            service.estimate.source if service.estimate and service.is_estimate_late and service.has_problem else None
        )
        if source and source not in reported:
            reported.add(source)
            update = context.board.incident_by_id[source.incident].update_by_id[source.update]
            what = f'"{service.id}" was expected back by now, and it still does not work.'
            yield make_advice(update.place, what, "Say in an update when it is expected now, or that this is unknown.")


RULES = (
    Rule("bare-estimate", "People take a date alone as a promise.", find_bare_estimates),
    Rule("late-estimate", "A page with an estimate that has passed looks abandoned.", find_late_estimates),
)
