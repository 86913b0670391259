"""Advises on what posts say, and on what they leave out."""

import re
from collections.abc import Iterator
from datetime import date

from statusgen.board.model import IncidentStatus, Phase, ServiceStatus
from statusgen.board.service import RESTORED_NEWS_PERIOD
from statusgen.content.posts.rules import says_something
from statusgen.lint.rule import LintContext, Rule, make_advice, words_in
from statusgen.model import Estimate, Kind, State, Status, Update, Words
from statusgen.problems import Place, Problem

# A day by its name, or a date, in the languages that pages can be made in; "Mondays" come again. "Monday to Friday"
# are hours.
_WEEKDAYS = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|tonight|today|"
    r"lunes|martes|miércoles|jueves|viernes|sábado|domingo|mañana por|esta noche|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|demain|ce soir|"
    r"thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật|ngày mai|tối nay|"
    r"(?:يوم )?(?:الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد)|غدًا|غدا|الليلة"
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_NOT_BEFORE_RANGE = r"(?! (?:(?:to|through|a|au|đến|إلى)\b|[-\u2013]))"
_NOT_IN_RANGE = r"(?<![-\u2013] )" + "".join(
    rf"(?<!\b{word} )" for word in ("to", "through", "every", "each", "a", "au", "đến", "إلى")
)
_DAY_NAME = re.compile(
    rf"{_NOT_IN_RANGE}(?<!\w)(?:(?:{_WEEKDAYS}){_NOT_BEFORE_RANGE}"
    rf"|(?P<month>{'|'.join(_MONTHS)}) (?P<day>\d\d?)(?:, (?P<year>\d{{4}}))?)(?!\w)",
    re.IGNORECASE,
)


def _open_incidents(context: LintContext) -> Iterator[IncidentStatus]:
    """Yield the open incidents; planned work and notices are not among them."""
    return (incident for incident in context.board.open_incidents if incident.incident.kind is Kind.INCIDENT)


def find_missing_promises(context: LintContext) -> Iterator[Problem]:
    """Find open incidents that do not say when the next update will come."""
    for incident in _open_incidents(context):
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
    for incident in _open_incidents(context):
        is_promised = incident.promise and not incident.promise.overdue
        if _is_quiet(incident, context) and not is_promised:
            days = (context.board.moment - incident.last_update.time.start).days
            what = f"There has been no update for {days} days, and this is not over."
            yield make_advice(
                incident.last_update.place, what, "Say what the situation is now, or that it is resolved."
            )


def _is_quiet(incident: IncidentStatus, context: LintContext) -> bool:
    """Return whether the last update is so old that the pages call the incident not checked."""
    return context.board.moment - incident.last_update.time.last_minute >= context.site.stale_after


def find_missing_unknowns(context: LintContext) -> Iterator[Problem]:
    """Find first reports that do not say what is not known yet."""
    for incident in _open_incidents(context):
        says_so = incident.not_known or any(shown.estimate.unknown for shown in incident.estimates)
        if len(incident.updates) == 1 and not says_so and not _is_quiet(incident, context):
            what = "This first report does not say what is not known yet."
            yield make_advice(incident.last_update.place, what, "Add not_known:, for example [When it will be back].")


def find_bare_estimates(context: LintContext) -> Iterator[Problem]:
    """Find estimates that are only a date, which people take as a promise."""
    for incident in _open_incidents(context):
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


def find_incidents_without_services(context: LintContext) -> Iterator[Problem]:
    """Find open incidents that name no service, so that the page says nothing about any."""
    for incident in _open_incidents(context):
        if not incident.words:
            what = "This incident names no service, so the page cannot say what works and what does not."
            hint = "List what is known under services:, or write others: unknown. For other news, use kind: notice."
            yield make_advice(incident.incident.place, what, hint)


def find_wordless_incidents(context: LintContext) -> Iterator[Problem]:
    """Find open incidents with a title and without any other word."""
    for incident in _open_incidents(context):
        post = incident.incident
        if not any(any(map(says_something, update.texts)) or any(words_in(update)) for update in post.updates):
            what = "This incident has a title and not a word of text."
            yield make_advice(post.place, what, "Say under the dashes what does not work, and what people can do.")


def find_missing_alternatives(context: LintContext) -> Iterator[Problem]:
    """Find services that do not work, with nothing about what to do instead."""
    helpless: dict[str, list[str]] = {}
    for service in context.unsilenced_services("nothing-to-do"):
        if service.has_problem and not _says_what_to_do(service):
            for incident in service.incidents:
                helpless.setdefault(incident, []).append(service.id)
    for incident, services in helpless.items():
        begin = context.board.incident_by_id[incident].incident.place
        place = context.find_line(context.find_key(begin, "services"), services[0])
        names = ", ".join(f'"{id}"' for id in services)
        does = "does" if len(services) == 1 else "do"
        what = f"{names} {does} not work, and nothing says what to do instead."
        yield make_advice(place, what, "Add do:, or a channel that people can use.")


def _says_what_to_do(service: ServiceStatus) -> bool:
    """Return whether people know what to do instead; an automatic way that was said to work asks nothing of them."""
    return bool(service.workarounds) or any(channel.status.is_usable for channel in service.channels)


def find_lapsed_advice(context: LintContext) -> Iterator[Problem]:
    """Find advice that is no longer shown, because the newest update says that something got better and not it."""
    for incident in context.board.open_incidents:
        for lapsed in incident.lapsed_advice:
            # Of what works as a whole again, nobody needs to know how to do without it.
            is_over = context.board.service_by_id[lapsed.key[0]].is_working
            if lapsed.source.update == incident.last_update.id and not is_over:
                said = incident.update_by_id[lapsed.advice.source.update]
                words = lapsed.advice.words.texts[0][1]
                name = "/".join(filter(None, lapsed.key))
                what = f'"{name}" got better, so "{words}" is no longer shown.'
                place = context.find_line(context.find_line(said.place, "services:"), words)
                yield make_advice(place, what, "If it is still true, repeat it in the update that says so.")


def find_old_advice(context: LintContext) -> Iterator[Problem]:
    """Find advice from before a service got worse: it is still shown, and may no longer be true."""
    for service in context.unsilenced_services("old-do"):
        for workaround in service.workarounds:
            for advice in filter(None, (workaround.do, workaround.where)):
                worse = service.timeline[-1].since
                changed = worse and worse.when.start > advice.said_at.start and len(service.timeline) > 2
                if changed and service.timeline[-1].status.severity > service.timeline[-2].status.severity:
                    incident = context.board.incident_by_id[advice.source.incident]
                    words = advice.words.texts[0][1]
                    what = f'"{service.id}" got worse since "{words}" was said.'
                    place = context.find_line(incident.update_by_id[advice.source.update].place, words)
                    yield make_advice(place, what, "Is it still true? Repeat it, or say what people can do now.")


def find_unanswered_questions(context: LintContext) -> Iterator[Problem]:
    """Find what was not known, and is no longer listed, though the update that leaves it out learned nothing new."""
    for incident in context.board.open_incidents:
        *earlier, last = incident.updates
        before = next((update.not_known for update in reversed(earlier) if update.not_known), ())
        known = {words.texts[0][1] for update in earlier for words in update.known}
        learned = [words for words in last.known if words.texts[0][1] not in known]
        kept = {_normalize(words) for words in last.not_known}
        gone = [words.texts[0][1] for words in before if _normalize(words) not in kept]
        if last.not_known and gone and not learned:
            names = ", ".join(f'"{words}"' for words in gone)
            what = f"This list leaves out what was not known before, and nothing answers it: {names}."
            place = context.find_line(last.place, "not_known:")
            yield make_advice(place, what, "A list replaces the one before: repeat it, or say the answer in known:.")


def find_endless_days(context: LintContext) -> Iterator[Problem]:
    """Find what people can do on a day that it names, which would still be shown after that day."""
    for incident in context.board.open_incidents:
        workarounds = (advice for each in incident.workarounds for advice in (each.do, each.where))
        for advice in dict.fromkeys(filter(None, (*workarounds, incident.do))):
            said = context.site.local_day(advice.said_at.start)
            days = (day for _, text in advice.words.texts for day in _DAY_NAME.finditer(text))
            found = next((day for day in days if not _is_past(day, said)), None)
            if found and advice.until is None:
                what = f'"{found[0]}" is a day, and this stays on the page after it.'
                place = context.find_line(incident.update_by_id[advice.source.update].place, advice.words.texts[0][1])
                yield make_advice(place, what, "Say until when it holds: do: {words: …, until: …}")


def _is_past(day: re.Match[str], said: date) -> bool:
    """Return whether a date came before the day on which it was written: then it is not a day to do something."""
    if not day["month"]:
        return False
    month = _MONTHS.index(day["month"].casefold()) + 1
    return (int(day["year"] or said.year), month, int(day["day"])) < (said.year, said.month, said.day)


def find_two_answers(context: LintContext) -> Iterator[Problem]:
    """Find services for which two posts tell people different things to do."""
    for service in context.unsilenced_services("two-answers"):
        answers = {
            workaround.incident: workaround.do
            for workaround in service.workarounds
            if workaround.do and workaround.channel is None
        }
        if len({advice.words.texts[0][1] for advice in answers.values()}) > 1:
            for id, advice in answers.items():
                incident = context.board.incident_by_id[id]
                what = f'Two posts say different things to do about "{service.id}".'
                place = context.find_line(incident.update_by_id[advice.source.update].place, advice.words.texts[0][1])
                yield make_advice(place, what, "Say the same in both, or only in one.")


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
            what = "This notice has no end, so it will stay on the front page until somebody ends it."
            yield make_advice(incident.incident.place, what, "Add ends: with the last day on which it is true.")


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
        if update.others and not any(report.place == update.place for report in update.reports):
            what = "Nothing is left for others: something was said about every service."
            yield make_advice(context.find_line(update.place, "others:"), what, "Name the services that you mean.")


def find_ended_workarounds(context: LintContext) -> Iterator[Problem]:
    """Find temporary channels and waivers that ended before the problem did."""
    for service in context.unsilenced_services("workaround-over"):
        has_channel = any(each.status is Status.WORKING and not each.automatic for each in service.channels)
        for incident in service.incidents if service.has_problem and not has_channel else ():
            incident_status = context.board.incident_by_id[incident]
            for channel in incident_status.temporary_channels:
                closes = channel.channel.closes
                if (
                    channel.service == service.id
                    and channel.ended is None
                    and closes
                    and closes.end <= context.board.moment
                ):
                    what = f'The channel "{channel.channel.id}" has ended, and "{service.id}" still does not work.'
                    yield make_advice(
                        channel.channel.place, what, "Write a later until:, or say what people can do now."
                    )
            for waiver in incident_status.waivers:
                if waiver.phase is Phase.PAST and service.id in waiver.waiver.services and waiver.waiver.until:
                    what = f'The waiver "{waiver.waiver.id}" has ended, and "{service.id}" still does not work.'
                    yield make_advice(
                        waiver.waiver.place, what, "Extend it, or say that it is over and what is due now."
                    )


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
            wrong = _normalize(update.correction.wrong)
            repeated = {words.texts for words in words_in(incident.updates[number:])}
            for words in shown:
                if wrong in _normalize(words) and words.texts not in repeated:
                    what = f'The pages still say "{words.texts[0][1]}", which this correction calls wrong.'
                    hint = "Also say here what is true now, in do:, where:, known:, not_known:, or doing:."
                    yield make_advice(update.place, what, hint)


def _normalize(words: Words) -> str:
    """Return words in small letters, with single spaces and no period."""
    return " ".join(words.texts[0][1].casefold().split()).strip(" .")


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


def find_unreachable_operators(context: LintContext) -> Iterator[Problem]:
    """Find operators that have no phone or url while a service of theirs does not work."""
    reported = set()
    for service in context.unsilenced_services("unreachable"):
        operator = service.service.operator
        if (
            service in context.board.disrupted_external_services
            and operator
            and not operator.phone
            and not operator.url
        ):
            if operator.id not in reported:
                what = f'"{service.id}" does not work, and there is no way to contact "{operator.id}", which runs it.'
                operators = context.find_key(Place(service.service.place.file), "operators")
                place = context.find_line(operators, f"{operator.id}:")
                yield make_advice(place, what, "Add a phone: or a url: under operators:.")
            reported.add(operator.id)


RULES = (
    Rule("no-promise", "People who know when to check back do not have to call.", find_missing_promises),
    Rule("overdue", "A promise that passes in silence costs more trust than bad news.", find_overdue_updates),
    Rule("quiet", "A page that says nothing for days looks abandoned.", find_quiet_incidents),
    Rule(
        "not-known", "Saying what is not known stops guessing and makes the rest more credible.", find_missing_unknowns
    ),
    Rule("bare-estimate", "People take a date alone as a promise.", find_bare_estimates),
    Rule("late-estimate", "A page with an estimate that has passed looks abandoned.", find_late_estimates),
    Rule("no-service", "People who see green do not read on.", find_incidents_without_services),
    Rule("no-text", "A title does not tell people what to do.", find_wordless_incidents),
    Rule("nothing-to-do", "What to do instead is what people come for.", find_missing_alternatives),
    Rule(
        "lapsed", "What people could do while something was worse may be wrong once it is better.", find_lapsed_advice
    ),
    Rule("old-do", "Advice from before it got worse may send people to closed doors.", find_old_advice),
    Rule("unanswered", "A question that disappears looks as if somebody hid the answer.", find_unanswered_questions),
    Rule("endless-day", "Advice for a day that has passed sends people out for nothing.", find_endless_days),
    Rule("two-answers", "People who read two different answers believe neither.", find_two_answers),
    Rule(
        "two-statuses",
        "People who read both that something works and that it does not will believe neither.",
        find_contrary_words,
    ),
    Rule("unconfirmed-end", "A service that nobody looked at may not work.", find_unconfirmed_ends),
    Rule("endless-notice", "A notice that is no longer true hides those that are.", find_endless_notices),
    Rule("takes-back", "People who use that way read that nobody knows of it.", find_words_taken_back),
    Rule("empty-others", "What was meant for some services applies to none.", find_empty_others),
    Rule("workaround-over", "People act on what the page says, even after it has expired.", find_ended_workarounds),
    Rule("endless-waiver", "Nobody knows when a fee will be due again.", find_endless_waivers),
    Rule("same-waiver", "One waiver under two names looks like two.", find_same_waivers),
    Rule(
        "held-twice",
        "A service shows as working only when every incident that affects it is over.",
        find_services_affected_twice,
    ),
    Rule("still-wrong", "People who read the front page do not read the correction.", find_uncorrected_facts),
    Rule("reopened", "People who read that it was over do not look at that post again.", find_reopened_incidents),
    Rule("deleted", "Links to it are broken, and nobody learns why it is gone.", find_deleted_posts),
    Rule("unreachable", "The operator of a service knows the most about it.", find_unreachable_operators),
)
