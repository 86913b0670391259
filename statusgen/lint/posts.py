"""Advice about what posts say, and about what they leave out."""

from collections.abc import Iterator

from statusgen.board.model import IncidentStatus, Phase
from statusgen.lint.rule import LintContext, Rule, make_advice, words_in
from statusgen.model import Estimate, Kind, State, Status, Update, Words
from statusgen.problems import Place, Problem


def _open_incidents(context: LintContext) -> Iterator[IncidentStatus]:
    """The incidents that go on."""
    return (incident for incident in context.board.open_incidents if incident.incident.kind is Kind.INCIDENT)


def no_promise(context: LintContext) -> Iterator[Problem]:
    """An incident that goes on, and nobody knows when there will be more to read."""
    for incident in _open_incidents(context):
        if incident.promise is None and not _is_quiet(incident, context):
            what = "Nothing says when the next update will come."
            yield make_advice(
                incident.last_update.place, what, "Write next_update:, so that people know when to look again."
            )


def overdue(context: LintContext) -> Iterator[Problem]:
    """A promise that was not kept."""
    for incident in context.board.incidents:
        if incident.promise and incident.promise.overdue and not _is_quiet(incident, context):
            promised = [update for update in incident.updates if update.next_update]
            what = "The next update was promised for before now, and has not come."
            yield make_advice(promised[-1].place, what, "Write one, if only to say when the next will come.")


def quiet(context: LintContext) -> Iterator[Problem]:
    """An incident that goes on without a word."""
    for incident in _open_incidents(context):
        if _is_quiet(incident, context):
            days = (context.board.moment - incident.last_update.time.start).days
            what = f"Nothing was said of this for {days} days, and it is not over."
            yield make_advice(incident.last_update.place, what, "Say how it stands, or that it is resolved.")


def _is_quiet(incident: IncidentStatus, context: LintContext) -> bool:
    return context.board.moment - incident.last_update.time.last_minute >= context.site.stale_after


def not_known(context: LintContext) -> Iterator[Problem]:
    """A first report that names nothing as unknown is seldom the whole truth."""
    for incident in _open_incidents(context):
        says_so = incident.not_known or any(said.estimate.unknown for said in incident.estimates)
        if len(incident.updates) == 1 and not says_so and not _is_quiet(incident, context):
            what = "This first report does not say what is not known yet."
            yield make_advice(incident.last_update.place, what, "Write not_known:, for example [When it will be back].")


def bare_estimate(context: LintContext) -> Iterator[Problem]:
    """A date that stands alone is read as a promise."""
    for incident in _open_incidents(context):
        for update in incident.updates[-1:]:
            reported = (report.expected for report in update.reports if report.expected)
            for estimate in filter(None, (update.expected, *reported)):
                if _is_bare_date(estimate):
                    what = "This estimate is a date alone, which people will take for a promise."
                    hint = "Write between which dates, or how it is known: {by: …, basis: …}."
                    yield make_advice(context.find_line(update.place, "expected:"), what, hint)


def _is_bare_date(estimate: Estimate) -> bool:
    same = estimate.not_before is not None and estimate.not_before == estimate.by
    return same and estimate.words is None and estimate.basis is None


def late_estimate(context: LintContext) -> Iterator[Problem]:
    """When something was expected back has passed, and it is not back."""
    reported = set()
    for service in context.unsilenced_services("late-estimate"):
        source = service.estimate.source if service.estimate and service.late and service.has_problem else None
        if source and source not in reported and not _is_quiet(context.board.incident_by_id[source.incident], context):
            reported.add(source)
            update = context.board.incident_by_id[source.incident].update_by_id[source.update]
            what = f'"{service.id}" was expected back before now, and still does not work.'
            yield make_advice(
                update.place, what, "Say in an update when it is expected now, or that nobody knows: unknown."
            )


def no_service(context: LintContext) -> Iterator[Problem]:
    """An incident that holds no service back, above which the page says that all works."""
    for incident in _open_incidents(context):
        if not incident.effects:
            what = "This incident names no service, so the page goes on saying that all works."
            hint = "Write under services: what does not work; news about none of them is kind: notice."
            yield make_advice(incident.incident.place, what, hint)


def nothing_to_do(context: LintContext) -> Iterator[Problem]:
    """A service that does not work, and a resident who is left with that."""
    for service in context.unsilenced_services("nothing-to-do"):
        silent = not service.usable_channels and not service.workarounds
        if service.has_problem and silent and service.status is not Status.UNKNOWN:
            for incident in service.incidents:
                what = f'"{service.id}" does not work, and nothing says what to do instead.'
                begin = context.board.incident_by_id[incident].incident.place
                place = context.find_line(context.find_key(begin, "services"), service.id)
                yield make_advice(place, what, "Write do:, or a channel that is open.")


def workaround_over(context: LintContext) -> Iterator[Problem]:
    """What people were told to do meanwhile has ended before the problem has."""
    for service in context.unsilenced_services("workaround-over"):
        helped = any(channel.status is Status.WORKING for channel in service.usable_channels)
        for incident in service.incidents if service.has_problem and not helped else ():
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
                    yield make_advice(channel.channel.place, what, "Write a later until:, or what people can do now.")
            for waiver in incident_status.waivers:
                if waiver.phase is Phase.PAST and service.id in waiver.waiver.services and waiver.waiver.until:
                    what = f'The waiver "{waiver.waiver.id}" has ended, and "{service.id}" still does not work.'
                    yield make_advice(
                        waiver.waiver.place, what, "Extend it, or say that it is over and what is due now."
                    )


def endless_waiver(context: LintContext) -> Iterator[Problem]:
    """A waiver that outlives its incident without a last day."""
    for incident in context.board.past_incidents:
        for waiver in incident.waivers:
            if waiver.phase is Phase.OPEN and waiver.waiver.until is None:
                what = f'The waiver "{waiver.waiver.id}" has no last day, though the incident is over.'
                yield make_advice(waiver.waiver.place, what, "Give it one with until:.")


def same_waiver(context: LintContext) -> Iterator[Problem]:
    """One waiver under two ids is shown twice."""
    first: dict[tuple[str, tuple[str, ...]], str] = {}
    for incident in context.site.incidents:
        for update in incident.updates:
            for waiver in update.waivers:
                if waiver.what is None:
                    continue
                said = (waiver.what.texts[0][1].casefold().strip(" ."), waiver.services)
                other = first.setdefault(said, waiver.id)
                if other != waiver.id:
                    what = f'The waivers "{other}" and "{waiver.id}" say the same.'
                    yield make_advice(
                        waiver.place, what, "If they are one, give both the same id, and it is shown once."
                    )


def held_twice(context: LintContext) -> Iterator[Problem]:
    """A service that two open incidents hold back stays down when only one of them is resolved."""
    for service in context.unsilenced_services("held-twice"):
        held = (context.board.incident_by_id[id].incident for id in service.incidents)
        problems = sorted(incident.id for incident in held if incident.kind is Kind.INCIDENT)
        for id in problems[1:] if service.has_problem else ():
            what = f'"{service.id}" is held back by "{problems[0]}" as well.'
            hint = "Both have to end before it works; if it is one problem, keep one post."
            yield make_advice(context.board.incident_by_id[id].incident.place, what, hint)


def still_wrong(context: LintContext) -> Iterator[Problem]:
    """Facts that the pages go on showing though a correction has called them wrong."""
    for incident in context.board.open_incidents:
        facts = (incident.workarounds, incident.known, incident.not_known, incident.doing)
        shown = {words.texts: words for words in words_in(facts)}.values()  # what holds for two services is said once
        for number, update in enumerate(incident.updates):
            if not update.correction or not update.correction.wrong:
                continue
            wrong = _normalize(update.correction.wrong)
            anew = {words.texts for words in words_in(incident.updates[number:])}
            for words in shown:
                if wrong in _normalize(words) and words.texts not in anew:
                    what = f'The pages still say "{words.texts[0][1]}", which this calls wrong.'
                    hint = "Say in it what holds now, in do:, where:, known:, not_known: or doing:."
                    yield make_advice(update.place, what, hint)


def _normalize(words: Words) -> str:
    """In small letters, with single spaces and no full stop."""
    return " ".join(words.texts[0][1].casefold().split()).strip(" .")


def reopened(context: LintContext) -> Iterator[Problem]:
    """News after the end, in a post whose readers have left."""
    for incident in context.site.incidents:
        ended: Update | None = None
        for update in incident.updates:
            held = any(report.status not in (None, Status.WORKING) for report in update.reports)
            if ended and held and incident.kind is Kind.INCIDENT:
                what = f'This was said to be over in the update "{ended.id}", and begins again here.'
                yield make_advice(update.place, what, "If it is a new problem, write a new post.")
            if update.state.is_state_change:
                ended = update if update.state is State.RESOLVED else None


def not_yet(context: LintContext) -> Iterator[Problem]:
    """Updates dated ahead, which may be meant so, or may be a slip that hides an outage."""
    for incident in context.site.incidents:
        for update in incident.updates:
            if update.time.start > context.board.moment:
                local = update.time.start.astimezone(context.site.zone)
                what = f"This is dated {local:%Y-%m-%d %H:%M} and is not shown before."
                yield make_advice(update.place, what, "If it should be shown now, mend the date.")
                break


def deleted(context: LintContext) -> Iterator[Problem]:
    """Posts that were public and are gone, so that their pages are missing to whoever has the address."""
    for id in context.site.deleted_ids:
        what = f'The post "{id}" was public, and has been deleted.'
        hint = "Bring it back, and end it with an update: Resolved, or Withdrawn where it was wrong."
        yield make_advice(Place(f"incidents/{id}.md"), what, hint)


def unreachable(context: LintContext) -> Iterator[Problem]:
    """A service of somebody else's that does not work, and no way to ask them."""
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
                what = f'"{service.id}" does not work, and there is no way to ask "{operator.id}", who run it.'
                operators = context.find_key(Place(service.service.place.file), "operators")
                place = context.find_line(operators, f"{operator.id}:")
                yield make_advice(place, what, "Write a phone: or a url: for them under operators:.")
            reported.add(operator.id)


RULES = (
    Rule("no-promise", "People who know when to look again do not have to call.", no_promise),
    Rule("overdue", "A promise that passes in silence costs more trust than bad news.", overdue),
    Rule("quiet", "A page that says nothing for days is taken for a page that nobody keeps.", quiet),
    Rule("not-known", "Saying what is not known stops guesses, and makes the rest believed.", not_known),
    Rule("bare-estimate", "A date alone is taken for a promise.", bare_estimate),
    Rule("late-estimate", "A date that has passed tells people that nobody looks after the page.", late_estimate),
    Rule("no-service", "Who sees green does not read on.", no_service),
    Rule("nothing-to-do", "What to do instead is what people come for.", nothing_to_do),
    Rule("workaround-over", "People act on what the page says, also when it has run out.", workaround_over),
    Rule("endless-waiver", "Nobody knows when a fee will be due again.", endless_waiver),
    Rule("same-waiver", "One waiver under two names looks like two.", same_waiver),
    Rule("held-twice", "A service is only back when every incident that holds it has let it go.", held_twice),
    Rule("still-wrong", "Who reads the front page does not read the correction.", still_wrong),
    Rule("reopened", "Those who read that it was over do not look at that post again.", reopened),
    Rule("not-yet", "A slip in a date hides an outage.", not_yet),
    Rule("deleted", "Links to it lead nowhere, and nobody learns why it is gone.", deleted),
    Rule("unreachable", "Whoever runs a service is who can tell more.", unreachable),
)
