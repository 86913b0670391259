"""Advice about what posts say, and about what they leave out."""

from collections.abc import Iterator

from statusgen.checking.case import Case, Rule, advice, words_in
from statusgen.errors import Place, Problem
from statusgen.model import Estimate, Kind, State, Status, Update, Words
from statusgen.status.standing import IncidentStanding, Phase


def _problems(case: Case) -> Iterator[IncidentStanding]:
    """The incidents that go on."""
    return (standing for standing in case.board.open if standing.incident.kind is Kind.INCIDENT)


def no_promise(case: Case) -> Iterator[Problem]:
    """An incident that goes on, and nobody knows when there will be more to read."""
    for standing in _problems(case):
        if standing.promise is None and not _quiet(standing, case):
            what = "Nothing says when the next update will come."
            yield advice(standing.last.place, what, "Write next_update:, so that people know when to look again.")


def overdue(case: Case) -> Iterator[Problem]:
    """A promise that was not kept."""
    for standing in case.board.incidents:
        if standing.promise and standing.promise.overdue and not _quiet(standing, case):
            promised = [update for update in standing.updates if update.next_update]
            what = "The next update was promised for before now, and has not come."
            yield advice(promised[-1].place, what, "Write one, if only to say when the next will come.")


def quiet(case: Case) -> Iterator[Problem]:
    """An incident that goes on without a word."""
    for standing in _problems(case):
        if _quiet(standing, case):
            days = (case.board.moment - standing.last.time.start).days
            what = f"Nothing was said of this for {days} days, and it is not over."
            yield advice(standing.last.place, what, "Say how it stands, or that it is resolved.")


def _quiet(standing: IncidentStanding, case: Case) -> bool:
    return case.board.moment - standing.last.time.last_minute >= case.site.stale_after


def not_known(case: Case) -> Iterator[Problem]:
    """A first report that names nothing as unknown is seldom the whole truth."""
    for standing in _problems(case):
        says_so = standing.not_known or any(said.estimate.unknown for said in standing.estimates)
        if len(standing.updates) == 1 and not says_so and not _quiet(standing, case):
            what = "This first report does not say what is not known yet."
            yield advice(standing.last.place, what, "Write not_known:, for example [When it will be back].")


def bare_estimate(case: Case) -> Iterator[Problem]:
    """A date that stands alone is read as a promise."""
    for standing in _problems(case):
        for update in standing.updates[-1:]:
            reported = (report.expected for report in update.reports if report.expected)
            for estimate in filter(None, (update.expected, *reported)):
                if _bare(estimate):
                    what = "This estimate is a date alone, which people will take for a promise."
                    hint = "Write between which dates, or how it is known: {by: …, basis: …}."
                    yield advice(case.line(update.place, "expected:"), what, hint)


def _bare(estimate: Estimate) -> bool:
    same = estimate.not_before is not None and estimate.not_before == estimate.by
    return same and estimate.words is None and estimate.basis is None


def late_estimate(case: Case) -> Iterator[Problem]:
    """When something was expected back has passed, and it is not back."""
    told = set()
    for service in case.services("late-estimate"):
        source = service.estimate.source if service.estimate and service.late and service.problem else None
        if source and source not in told and not _quiet(case.board.incident[source.incident], case):
            told.add(source)
            update = case.board.incident[source.incident].by_id[source.update]
            what = f'"{service.id}" was expected back before now, and still does not work.'
            yield advice(update.place, what, "Say in an update when it is expected now, or that nobody knows: unknown.")


def no_service(case: Case) -> Iterator[Problem]:
    """An incident that holds no service back, above which the page says that all works."""
    for standing in _problems(case):
        if not standing.holds:
            what = "This incident names no service, so the page goes on saying that all works."
            hint = "Write under services: what does not work; news about none of them is kind: notice."
            yield advice(standing.incident.place, what, hint)


def nothing_to_do(case: Case) -> Iterator[Problem]:
    """A service that does not work, and a resident who is left with that."""
    for service in case.services("nothing-to-do"):
        silent = not service.open_channels and not service.advice
        if service.problem and silent and service.status is not Status.UNKNOWN:
            for incident in service.incidents:
                what = f'"{service.id}" does not work, and nothing says what to do instead.'
                begin = case.board.incident[incident].incident.place
                place = case.line(case.key(begin, "services"), service.id)
                yield advice(place, what, "Write do:, or a channel that is open.")


def workaround_over(case: Case) -> Iterator[Problem]:
    """What people were told to do meanwhile has ended before the problem has."""
    for service in case.services("workaround-over"):
        helped = any(way.status is Status.WORKING for way in service.open_channels)
        for incident in service.incidents if service.problem and not helped else ():
            standing = case.board.incident[incident]
            for way in standing.channels:
                closes = way.channel.closes
                if way.service == service.id and way.ended is None and closes and closes.end <= case.board.moment:
                    what = f'The channel "{way.channel.id}" has ended, and "{service.id}" still does not work.'
                    yield advice(way.channel.place, what, "Write a later until:, or what people can do now.")
            for waiver in standing.waivers:
                if waiver.phase is Phase.PAST and service.id in waiver.waiver.services and waiver.waiver.until:
                    what = f'The waiver "{waiver.waiver.id}" has ended, and "{service.id}" still does not work.'
                    yield advice(waiver.waiver.place, what, "Extend it, or say that it is over and what is due now.")


def endless_waiver(case: Case) -> Iterator[Problem]:
    """A waiver that outlives its incident without a last day."""
    for standing in case.board.past:
        for waiver in standing.waivers:
            if waiver.phase is Phase.OPEN and waiver.waiver.until is None:
                what = f'The waiver "{waiver.waiver.id}" has no last day, though the incident is over.'
                yield advice(waiver.waiver.place, what, "Give it one with until:.")


def same_waiver(case: Case) -> Iterator[Problem]:
    """One waiver under two ids is shown twice."""
    first: dict[tuple[str, tuple[str, ...]], str] = {}
    for incident in case.site.incidents:
        for update in incident.updates:
            for waiver in update.waivers:
                if waiver.what is None:
                    continue
                said = (waiver.what.texts[0][1].casefold().strip(" ."), waiver.services)
                other = first.setdefault(said, waiver.id)
                if other != waiver.id:
                    what = f'The waivers "{other}" and "{waiver.id}" say the same.'
                    yield advice(waiver.place, what, "If they are one, give both the same id, and it is shown once.")


def held_twice(case: Case) -> Iterator[Problem]:
    """A service that two open incidents hold back stays down when only one of them is resolved."""
    for service in case.services("held-twice"):
        held = (case.board.incident[id].incident for id in service.incidents)
        problems = sorted(incident.id for incident in held if incident.kind is Kind.INCIDENT)
        for id in problems[1:] if service.problem else ():
            what = f'"{service.id}" is held back by "{problems[0]}" as well.'
            hint = "Both have to end before it works; if it is one problem, keep one post."
            yield advice(case.board.incident[id].incident.place, what, hint)


def still_wrong(case: Case) -> Iterator[Problem]:
    """Facts that the pages go on showing though a correction has called them wrong."""
    for standing in case.board.open:
        facts = (standing.advice, standing.known, standing.not_known, standing.doing)
        shown = {words.texts: words for words in words_in(facts)}.values()  # what holds for two services is said once
        for number, update in enumerate(standing.updates):
            if not update.correction or not update.correction.wrong:
                continue
            wrong = _only_words(update.correction.wrong)
            anew = {words.texts for words in words_in(standing.updates[number:])}
            for words in shown:
                if wrong in _only_words(words) and words.texts not in anew:
                    what = f'The pages still say "{words.texts[0][1]}", which this calls wrong.'
                    hint = "Say in it what holds now, in do:, where:, known:, not_known: or doing:."
                    yield advice(update.place, what, hint)


def _only_words(words: Words) -> str:
    """In small letters, with single spaces and no full stop."""
    return " ".join(words.texts[0][1].casefold().split()).strip(" .")


def reopened(case: Case) -> Iterator[Problem]:
    """News after the end, in a post whose readers have left."""
    for incident in case.site.incidents:
        ended: Update | None = None
        for update in incident.updates:
            held = any(report.status not in (None, Status.WORKING) for report in update.reports)
            if ended and held and incident.kind is Kind.INCIDENT:
                what = f'This was said to be over in the update "{ended.id}", and begins again here.'
                yield advice(update.place, what, "If it is a new problem, write a new post.")
            if update.state.moves:
                ended = update if update.state is State.RESOLVED else None


def not_yet(case: Case) -> Iterator[Problem]:
    """Updates dated ahead, which may be meant so, or may be a slip that hides an outage."""
    for incident in case.site.incidents:
        for update in incident.updates:
            if update.time.start > case.board.moment:
                local = update.time.start.astimezone(case.site.zone)
                what = f"This is dated {local:%Y-%m-%d %H:%M} and is not shown before."
                yield advice(update.place, what, "If it should be shown now, mend the date.")
                break


def deleted(case: Case) -> Iterator[Problem]:
    """Posts that were public and are gone, so that their pages are missing to whoever has the address."""
    for id in case.site.deleted:
        what = f'The post "{id}" was public, and has been deleted.'
        hint = "Bring it back, and end it with an update: Resolved, or Withdrawn where it was wrong."
        yield advice(Place(f"incidents/{id}.md"), what, hint)


def unreachable(case: Case) -> Iterator[Problem]:
    """A service of somebody else's that does not work, and no way to ask them."""
    told = set()
    for service in case.services("unreachable"):
        operator = service.service.operator
        if service in case.board.run_by_others and operator and not operator.phone and not operator.url:
            if operator.id not in told:
                what = f'"{service.id}" does not work, and there is no way to ask "{operator.id}", who run it.'
                operators = case.key(Place(service.service.place.file), "operators")
                place = case.line(operators, f"{operator.id}:")
                yield advice(place, what, "Write a phone: or a url: for them under operators:.")
            told.add(operator.id)


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
