"""Advises on words that contradict others, or stand for nothing."""

from collections.abc import Iterator

from statusgen.board.others import reports_for_others
from statusgen.lint.rule import LintContext, Rule, make_advice, normalize_words, words_in
from statusgen.model.states import Kind
from statusgen.model.statuses import Status
from statusgen.problems import Problem


def find_contrary_words(context: LintContext) -> Iterator[Problem]:
    """Find services that one open post says are working, and another says are not."""
    for service in context.unsilenced_services("two-statuses"):
        for contrary in service.contrary_words:
            for id in (contrary.incident, *service.incidents):
                word = next(
                    (
                        word
                        for word in context.board.incident_by_id[id].words
                        if word.key[0] == service.id and word.until is None and word.opened_by
                    ),
                    None,
                )
                if word and word.opened_by:
                    update = context.board.get_update(word.opened_by)
                    what = f'"{service.id}" is "{word.status.value}" here, and another open post says otherwise.'
                    place = context.find_line(context.find_line(update.place, "services:"), service.id)
                    yield make_advice(place, what, "The worse status is shown. Make both the same, or end one of them.")


def find_words_taken_back(context: LintContext) -> Iterator[Problem]:
    """Find newest updates on a whole service that override what was said about one way to use it."""
    for incident in context.board.open_incidents:
        update = incident.last_update
        named = {(report.service, report.channel) for report in update.reports if report.status}
        for word in incident.words:
            closed_here = word.closed_by is not None and word.closed_by.update == update.id
            by_service = word.key not in named and (word.key[0], None) in named
            if closed_here and by_service and word.key[1] and word.status is Status.WORKING:
                what = f'This overrides an earlier statement that "{"/".join(filter(None, word.key))}" works.'
                place = context.find_line(context.find_line(update.place, "services:"), word.key[0])
                yield make_advice(place, what, "If it still works, say so in the same update.")


def find_empty_others(context: LintContext) -> Iterator[Problem]:
    """Find `others:` that applies to no service, because something was said about each."""
    for incident in context.board.incidents:
        update = incident.last_update
        if update.others and not reports_for_others(update):
            what = "Nothing is left for others: something was said about every service."
            yield make_advice(context.find_line(update.place, "others:"), what, "Name the services that you mean.")


def find_services_affected_twice(context: LintContext) -> Iterator[Problem]:
    """Find services that two open incidents affect, which stay down when only one of them is resolved."""
    for service in context.unsilenced_services("held-twice"):
        posts = (context.board.incident_by_id[id].incident for id in service.incidents)
        problems = sorted(post.id for post in posts if post.kind is Kind.INCIDENT)
        for id in problems[1:] if service.has_problem else ():
            what = f'"{service.id}" is also affected by "{problems[0]}".'
            hint = "Both must end before it shows as working. If it is one problem, keep one post."
            yield make_advice(context.board.incident_by_id[id].incident.place, what, hint)


def find_uncorrected_facts(context: LintContext) -> Iterator[Problem]:
    """Find facts that the pages still show although a correction calls them wrong."""
    for incident in context.board.open_incidents:
        facts = (incident.workarounds, incident.known, incident.not_known, incident.doing)
        shown = {
            words.texts: words for words in words_in(facts)
        }.values()  # the same words about two services count once
        for number, update in enumerate(incident.updates):
            if not update.correction or not update.correction.wrong:
                continue
            wrong = normalize_words(update.correction.wrong)
            repeated = {words.texts for words in words_in(incident.updates[number:])}
            for words in shown:
                if wrong in normalize_words(words) and words.texts not in repeated:
                    what = f'The pages still say "{words.texts[0][1]}", which this correction calls wrong.'
                    hint = "Also say here what is true now, in do:, where:, known:, not_known:, or doing:."
                    yield make_advice(update.place, what, hint)


RULES = (
    Rule(
        "two-statuses",
        "People who read both that something works and that it does not will believe neither.",
        find_contrary_words,
    ),
    Rule("takes-back", "People who use that way read that nobody knows of it.", find_words_taken_back),
    Rule("empty-others", "What was meant for some services applies to none.", find_empty_others),
    Rule(
        "held-twice",
        "A service shows as working only when every incident that affects it is over.",
        find_services_affected_twice,
    ),
    Rule("still-wrong", "People who read the front page do not read the correction.", find_uncorrected_facts),
)
