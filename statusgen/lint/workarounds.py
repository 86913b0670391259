"""Advises on what people are told to do meanwhile."""

import re
from collections.abc import Iterator
from datetime import date

from statusgen.board.model.services import ServiceStatus
from statusgen.board.model.spans import Phase
from statusgen.board.overview import MAX_ANSWER_LENGTH
from statusgen.content.format.fields import MAX_SHORT_LENGTH
from statusgen.lint.rule import LintContext, Rule, make_advice
from statusgen.model.statuses import Status
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


def find_long_advice(context: LintContext) -> Iterator[Problem]:
    """Find advice that is too long for the one line of a service at the top of the front page."""
    for service in context.unsilenced_services("long-do"):
        spoken = [each for workaround in service.workarounds for each in (workaround.do, workaround.where) if each]
        shortest = min(spoken, key=lambda each: len(each.words.texts[0][1]), default=None)
        has_line = service.usable_channels or any(each.short for each in spoken)
        if shortest is None or has_line or not service.has_problem:
            continue
        words = shortest.words.texts[0][1]
        if len(words) > MAX_ANSWER_LENGTH:
            incident = context.board.incident_by_id[shortest.source.incident]
            place = context.find_line(incident.update_by_id[shortest.source.update].place, words)
            what = f'What to do about "{service.id}" has {len(words)} letters: too many for the list at the top.'
            yield make_advice(place, what, f"Add the same in at most {MAX_SHORT_LENGTH}: do: {{words: …, short: …}}")


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
    """Find services for which two posts give people different things to do."""
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
    Rule("nothing-to-do", "What to do instead is what people come for.", find_missing_alternatives),
    Rule(
        "lapsed", "What people could do while something was worse may be wrong once it is better.", find_lapsed_advice
    ),
    Rule("old-do", "Advice from before it got worse may send people to closed doors.", find_old_advice),
    Rule("long-do", "One line at the top is all that most people read.", find_long_advice),
    Rule("endless-day", "Advice for a day that has passed sends people out for nothing.", find_endless_days),
    Rule("two-answers", "People who read two different answers believe neither.", find_two_answers),
    Rule("workaround-over", "People act on what the page says, even after it has expired.", find_ended_workarounds),
    Rule("unreachable", "The operator of a service knows the most about it.", find_unreachable_operators),
)
