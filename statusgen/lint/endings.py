"""Advises on how posts end, or do not."""

from collections.abc import Iterator

from statusgen.board.lasting_words import RESTORED_NEWS_PERIOD
from statusgen.board.model.incidents import IncidentStatus
from statusgen.lint.rule import LintContext, Rule, make_advice
from statusgen.model.posts import Update
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.problems import Place, Problem


def find_unconfirmed_ends(context: LintContext) -> Iterator[Problem]:
    """Find ends that mark services as working although nothing had been said about them for a long time."""
    for incident in context.board.past_incidents:
        old = [
            "/".join(filter(None, word.key))
            for word in incident.words
            if word.status.is_broken
            and word.closed_by == incident.closed_by
            and incident.closed_by
            and word.said_at
            and incident.ended
            and word.said_at.end + context.site.stale_after <= incident.ended.start
        ]
        if old and incident.closed_by and _is_recent(incident, context):
            names = ", ".join(f'"{name}"' for name in old)
            what = (
                f"This end says that these work again, but nothing had been said about them for a long time: {names}."
            )
            update = incident.update_by_id[incident.closed_by.update]
            yield make_advice(update.place, what, "Check them, and add what you found under services:.")


def _is_recent(incident: IncidentStatus, context: LintContext) -> bool:
    """Return whether the end of an incident is so new that pages still tell it as news."""
    return incident.ended is not None and context.board.moment - incident.ended.end < RESTORED_NEWS_PERIOD


def find_endless_notices(context: LintContext) -> Iterator[Problem]:
    """Find notices without an end."""
    for incident in context.board.notices:
        if incident.ends is None:
            what = "This notice has no end, so it will stay on the front page until someone ends it."
            yield make_advice(incident.incident.place, what, "Add ends: with the last day on which it is true.")


def find_reopened_incidents(context: LintContext) -> Iterator[Problem]:
    """Find problems that begin again in a post that was already resolved."""
    for incident in context.site.incidents:
        ended: Update | None = None
        for update in incident.updates:
            affects_services = any(report.status not in (None, Status.WORKING) for report in update.reports)
            if ended and affects_services and incident.kind is Kind.INCIDENT:
                what = f'The update "{ended.id}" said that this was over, but it begins again here.'
                yield make_advice(update.place, what, "If it is a new problem, write a new post.")
            if update.state.is_state_change:
                ended = update if update.state is State.RESOLVED else None


def find_deleted_posts(context: LintContext) -> Iterator[Problem]:
    """Find posts that were public and have been deleted, so that links to them are broken."""
    for id in context.site.deleted_ids:
        what = f'The post "{id}" was public and has been deleted.'
        hint = "Restore it, and end it with an update: Resolved, or Withdrawn if it was wrong."
        yield make_advice(Place(f"incidents/{id}.md"), what, hint)


RULES = (
    Rule("unconfirmed-end", "A service that nobody looked at may not work.", find_unconfirmed_ends),
    Rule("endless-notice", "A notice that is no longer true hides those that are.", find_endless_notices),
    Rule("reopened", "People who read that it was over do not look at that post again.", find_reopened_incidents),
    Rule("deleted", "Links to it are broken, and nobody learns why it is gone.", find_deleted_posts),
)
