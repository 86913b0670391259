"""The first screen of the front page, in words: what works, what does not, what is new, and the shortest answers."""

import math
from collections.abc import Callable, Sequence
from functools import cached_property

from markupsafe import Markup

from statusgen import addresses
from statusgen.board.latest import Shift, find_news
from statusgen.board.model.news import Transition
from statusgen.board.model.services import ServiceStatus
from statusgen.board.model.whole_board import Board
from statusgen.board.overview import Overview, OverviewRow, make_overview
from statusgen.wording.answers import answer_of, ask_for_advice
from statusgen.wording.phrasing import Phrasing

MAX_NAMES = 3

# Makes a link out of words and the address of a page of the site.
Link = Callable[[str, str], str]


class FirstScreen:
    """What the first screen says in one language. `link` makes a link; plain text has none."""

    def __init__(self, board: Board, phrasing: Phrasing, link: Link = lambda words, _: words) -> None:
        self.board, self.phrasing, self.link = board, phrasing, link

    @cached_property
    def overview(self) -> Overview:
        """All services in few lines."""
        return make_overview(self.board)

    def stamp(self) -> str:
        """Return when the city last said anything, and when it will again."""
        facts, phrasing, _ = self.board.headline, self.phrasing, self.phrasing.interface.gettext
        parts = []
        if facts.last_update_at:
            parts.append(phrasing.format(_("Updated %(time)s."), time=phrasing.time(facts.last_update_at)))
        if facts.promise:
            parts.append(phrasing.promise(facts.promise, facts.last_update_at))
        elif facts.open_incidents:
            parts.append(_("No next update is promised."))
        return phrasing.join(parts)

    def headline(self) -> str:
        """Return the one thing to know, in a few words: how many services do not work, or which one."""
        if service := self.overview.named:
            name = self.phrasing.phrase(service.service.name)
            return self.phrasing.with_label(name, self.phrasing.short_standing(service.standing))
        return self._first_sentence().rstrip(".")

    def _first_sentence(self) -> str:
        facts, phrasing = self.board.headline, self.phrasing
        if facts.stale and not facts.broken:
            message = phrasing.interface.ngettext(
                "%(number)s service was not working as usual when last checked",
                "%(number)s services were not working as usual when last checked",
                len(facts.stale),
            )
            return phrasing.format(message, number=str(len(facts.stale)))
        return [*phrasing.problem_sentences(self.board), *phrasing.headline(self.board)][0]

    def situation(self) -> str:
        """Return what it is part of, how long that lasts, and how the essential services stand."""
        facts, phrasing = self.board.headline, self.phrasing
        parts = [self.answer(self.overview.named)] if self.overview.named else []
        if facts.incident and facts.broken:
            incident = self.board.incident_by_id[facts.incident]
            title = self.link(phrasing.phrase(incident.incident.title), addresses.incident(incident.id))
            parts.append(phrasing.day_of_incident(self.board, title) or phrasing.format("%(title)s.", title=title))
        parts += self._last_checked()
        if any(self.board.service_by_id[id].service.essential for id in facts.unsaid):
            parts.append(phrasing.nothing_said(self.board))
        if facts.working and (facts.open_incidents or self.overview.problems):
            parts.append(phrasing.working_services(self.board))
        return phrasing.join(part for part in parts if part)

    def _last_checked(self) -> list[str]:
        """Return when the services were checked, if nobody spoke lately of any that does not work."""
        facts, phrasing, _ = self.board.headline, self.phrasing, self.phrasing.interface.gettext
        first, last = facts.stale_from, facts.stale_to
        if facts.broken or first is None or last is None:
            return []
        begin, end = phrasing.times.days_between(first, last)
        if begin == end:
            return [phrasing.format(_("Last checked on %(time)s."), time=end)]
        return [phrasing.format(_("Last checked between %(first)s and %(last)s."), first=begin, last=end)]

    def news(self) -> list[str]:
        """Return what is new since the day before, good news first."""
        _ = self.phrasing.interface.gettext
        news = find_news(self.board)
        parts = [*self._changes(_("Back: %(services)s."), news.back)]
        parts += self._changes(_("Better: %(services)s."), news.better)
        parts += [self._shift(shift) for shift in news.shifts]
        if number := len(news.corrections):
            message = self.phrasing.interface.ngettext("%(number)s correction", "%(number)s corrections", number)
            words = self.phrasing.format(message, number=str(number))
            newest = news.corrections[0]
            address = addresses.update(newest.incident.id, newest.update.id)
            parts.append(self.phrasing.format("%(words)s.", words=self.link(words, address)))
        return parts

    def _changes(self, message: str, changes: Sequence[Transition]) -> list[str]:
        names = [self.phrasing.change_subject(change, self.board) for change in changes]
        return [self.phrasing.format(message, services=self._first_names(names))] if names else []

    def _shift(self, shift: Shift) -> str:
        _, phrasing = self.phrasing.interface.gettext, self.phrasing
        message = _("Sooner than expected: %(name)s. %(time)s")
        if shift.is_later:
            message = _("Later than expected: %(name)s. %(time)s")
        time = phrasing.bare_time(shift.estimate.estimate)
        return phrasing.format(message, name=phrasing.phrase(shift.name), time=time)

    def answer(self, service: ServiceStatus, has_cards: bool = True) -> str:
        """Return the shortest answer to what people can do, for one line of a list; `has_cards` is of the page."""
        return answer_of(service, self.board, self.phrasing, has_cards=has_cards)

    def summary(self, service: ServiceStatus) -> str:
        """Return how a service stands, the shortest answer in full, and when it is expected back."""
        phrasing = self.phrasing
        standing = phrasing.end_sentence(phrasing.standing(service.standing))
        answer = answer_of(service, self.board, phrasing, max_length=math.inf)
        return phrasing.join([standing, *filter(None, [answer]), *phrasing.estimate_sentences(service)])

    def no_advice(self, service: ServiceStatus) -> str:
        """Return that nobody said what to do, and whom to ask."""
        return ask_for_advice(service, self.phrasing)

    def folded_name(self, row: OverviewRow) -> str:
        """Return the name of a line that stands for several services, and how many they are."""
        number, interface = len(row.services), self.phrasing.interface
        owner = row.operator or row.group
        if owner is None:
            message = interface.ngettext("%(number)s other service", "%(number)s other services", number)
            return self.phrasing.format(message, number=str(number))
        count = self.phrasing.format(
            interface.ngettext("%(number)s service", "%(number)s services", number), number=str(number)
        )
        return self.phrasing.with_label(self.phrasing.say(owner.name), count)

    def folded_status(self, row: OverviewRow) -> str:
        """Return how several services stand, as far as that is the same of all; nothing if it is not."""
        _ = self.phrasing.interface.gettext
        words = {self.phrasing.short_standing(service.standing) for service in row.services}
        if len(words) == 1:
            return words.pop()
        if not all(service.has_problem for service in row.services):
            return ""
        if all(service.stale for service in row.services):
            return _("Not working as usual when last checked")
        return "" if any(service.stale for service in row.services) else _("Not working as usual")

    def folded_answer(self, row: OverviewRow) -> str:
        """Return the shortest answer for several services if it is the same for all; otherwise whom to ask."""
        answers = {self.answer(service) for service in row.services}
        if len(answers) == 1 and (answer := answers.pop()):
            return answer
        operators = {service.service.operator for service in row.services}
        operator = operators.pop() if len(operators) == 1 else None
        return self.phrasing.ask_operator(operator) if operator else ""

    def closing_name(self, id: str, services: Sequence[ServiceStatus]) -> str:
        """Return how many services need nothing done, and on what ground."""
        number, ngettext = len(services), self.phrasing.interface.ngettext
        if id == "working":
            message = ngettext("%(number)s confirmed working", "%(number)s confirmed working", number)
        elif id == "checked":
            message = ngettext("%(number)s not checked lately", "%(number)s not checked lately", number)
        elif self.board.may_reach_further:
            message = ngettext("%(number)s with nothing said yet", "%(number)s with nothing said yet", number)
        else:
            message = ngettext("%(number)s with no problem reported", "%(number)s with no problem reported", number)
        return self.phrasing.format(message, number=str(number))

    def names(self, services: Sequence[ServiceStatus]) -> str:
        """Return the names of services, the first of them if they are many, and how many more there are."""
        return self._first_names([self.phrasing.phrase(service.service.name) for service in services])

    def _first_names(self, names: Sequence[str]) -> str:
        words = [*(names if len(names) <= MAX_NAMES + 1 else names[:MAX_NAMES])]
        if more := len(names) - len(words):
            message = self.phrasing.interface.ngettext("%(number)s more", "%(number)s more", more)
            words.append(self.phrasing.format(message, number=str(more)))
        return self.phrasing.format_list(words)


def link_with(relative: Callable[[str], str]) -> Link:
    """Return what makes a link in HTML out of words and an address, which `relative` makes one from the page."""
    return lambda words, address: Markup('<a href="{}">{}</a>').format(relative(address), words)
