"""Advises on when updates come, and what a post leaves out."""

from collections.abc import Iterator

from statusgen.board.model.incidents import IncidentStatus
from statusgen.content.posts.rules import says_something
from statusgen.lint.rule import LintContext, Rule, make_advice, normalize_words, words_in
from statusgen.problems import Problem


def find_missing_promises(context: LintContext) -> Iterator[Problem]:
    """Find open incidents that do not say when the next update will come."""
    for incident in context.open_problems():
        if incident.promise is None:
            what = "Nothing here says when the next update will come."
            yield make_advice(
                incident.last_update.place, what, "Add next_update: so that people know when to check back."
            )


def find_overdue_updates(context: LintContext) -> Iterator[Problem]:
    """Find promised updates that have not come."""
    for incident in context.board.incidents:
        if incident.promise and incident.promise.overdue:
            promised = [update for update in incident.updates if update.next_update]
            what = "The next update is overdue: it was promised for a time that has passed."
            yield make_advice(promised[-1].place, what, "Write one, even if only to say when the next will come.")


def find_quiet_incidents(context: LintContext) -> Iterator[Problem]:
    """Find open incidents without a recent update."""
    for incident in context.open_problems():
        is_promised = incident.promise and not incident.promise.overdue
        if is_quiet(incident, context) and not is_promised:
            days = (context.board.moment - incident.last_update.time.start).days
            what = f"There has been no update for {days} days, and this is not over."
            yield make_advice(
                incident.last_update.place, what, "Say what the situation is now, or that it is resolved."
            )


def is_quiet(incident: IncidentStatus, context: LintContext) -> bool:
    """Return whether the last update is so old that the pages call the incident not checked."""
    return context.board.moment - incident.last_update.time.last_minute >= context.site.stale_after


def find_missing_unknowns(context: LintContext) -> Iterator[Problem]:
    """Find first reports that do not say what is not known yet."""
    for incident in context.open_problems():
        says_so = incident.not_known or any(shown.estimate.unknown for shown in incident.estimates)
        if len(incident.updates) == 1 and not says_so and not is_quiet(incident, context):
            what = "This first report does not say what is not known yet."
            yield make_advice(incident.last_update.place, what, "Add not_known:, for example [When it will be back].")


def find_incidents_without_services(context: LintContext) -> Iterator[Problem]:
    """Find open incidents that name no service, so that the page says nothing about any."""
    for incident in context.open_problems():
        if not incident.words:
            what = "This incident names no service, so the page cannot say what works and what does not."
            hint = "List what is known under services:, or write others: unknown. For other news, use kind: notice."
            yield make_advice(incident.incident.place, what, hint)


def find_wordless_incidents(context: LintContext) -> Iterator[Problem]:
    """Find open incidents with a title and without any other word."""
    for incident in context.open_problems():
        post = incident.incident
        if not any(any(map(says_something, update.texts)) or any(words_in(update)) for update in post.updates):
            what = "This incident has a title and no text."
            yield make_advice(post.place, what, "Say under the dashes what does not work, and what people can do.")


def find_unanswered_questions(context: LintContext) -> Iterator[Problem]:
    """Find what was not known, and is no longer listed, though the update that leaves it out learned nothing new."""
    for incident in context.board.open_incidents:
        *earlier, last = incident.updates
        before = next((update.not_known for update in reversed(earlier) if update.not_known), ())
        known = {words.texts[0][1] for update in earlier for words in update.known}
        learned = [words for words in last.known if words.texts[0][1] not in known]
        kept = {normalize_words(words) for words in last.not_known}
        gone = [words.texts[0][1] for words in before if normalize_words(words) not in kept]
        if last.not_known and gone and not learned:
            names = ", ".join(f'"{words}"' for words in gone)
            what = f"This list leaves out what was not known before, and nothing answers it: {names}."
            place = context.find_line(last.place, "not_known:")
            yield make_advice(place, what, "A list replaces the one before: repeat it, or say the answer in known:.")


RULES = (
    Rule("no-promise", "People who know when to check back do not have to call.", find_missing_promises),
    Rule("overdue", "A promise that passes in silence costs more trust than bad news.", find_overdue_updates),
    Rule("quiet", "A page that says nothing for days looks abandoned.", find_quiet_incidents),
    Rule(
        "not-known", "Saying what is not known stops guessing and makes the rest more credible.", find_missing_unknowns
    ),
    Rule("no-service", "People who see green do not read on.", find_incidents_without_services),
    Rule("no-text", "A title does not say what people can do.", find_wordless_incidents),
    Rule("unanswered", "A question that disappears looks as if someone hid the answer.", find_unanswered_questions),
)
