"""The sentences at the top of the front page."""

from statusgen.board.model.whole_board import Board, Headline
from statusgen.wording.interface import protect_phone_numbers
from statusgen.wording.vocabulary import Vocabulary


class HeadlinePhrasing(Vocabulary):
    """Says how the whole site stands."""

    def missing_reports_note(self) -> str:
        """Return how many reports are missing because of mistakes in their files, and whom to call; or nothing."""
        number = len(self.site.quarantined_ids)
        if not number:
            return ""
        words = self.interface.ngettext(
            "%(number)s report is missing here, because there are mistakes in its file. We are fixing it.",
            "%(number)s reports are missing here, because there are mistakes in their files. We are fixing them.",
            number,
        )
        parts = [self.format(words, number=str(number))]
        for contact in [contact for contact in self.site.contacts if contact.phone][:1]:
            call = self.interface.gettext("If you need to know more, call %(phone)s (%(name)s).")
            phone = protect_phone_numbers(str(contact.phone), self.language)
            parts.append(self.format(call, phone=phone, name=self.say(contact.name)))
        return self.join(parts)

    def headline(self, board: Board) -> list[str]:
        """Return the front page's sentences: what does not work, what nobody said anything about, and what works."""
        facts = board.headline
        parts = [self.day_of_incident(board), *self.problem_sentences(board)]
        if facts.unknown:
            parts.append(self.not_known(board))
        if facts.long_unknown:
            number = len(facts.long_unknown)
            message = self.interface.ngettext(
                "%(number)s not known when last checked.", "%(number)s not known when last checked.", number
            )
            parts.append(self.format(message, number=str(number)))
        if facts.maintenance_count:
            closed = self.interface.ngettext(
                "%(number)s service is closed for planned work.",
                "%(number)s services are closed for planned work.",
                facts.maintenance_count,
            )
            parts.append(self.format(closed, number=str(facts.maintenance_count)))
        parts.append(self.nothing_said(board))
        if facts.working and (facts.open_incidents or facts.broken or facts.stale):
            parts.append(self.working_services(board))
        return [part for part in parts if part]

    def day_of_incident(self, board: Board, title: str = "") -> str:
        """Return which day of what it is, unless it is the first, or nothing was said lately."""
        facts = board.headline
        if not facts.incident or not facts.day or facts.day < 2 or not facts.broken:
            return ""
        message = self.interface.gettext("Day %(day)s since this began: %(title)s.")
        title = title or self.phrase(board.incident_by_id[facts.incident].incident.title)
        return self.format(message, day=str(facts.day), title=title)

    def problem_sentences(self, board: Board) -> list[str]:
        """Return how many services do not work as usual, or did not when last checked; otherwise what is open."""
        facts, ngettext = board.headline, self.interface.ngettext
        number = len(facts.broken)
        parts = []
        if number and facts.is_all_said and not facts.stale and facts.service_count > 1:
            message = ngettext(
                "%(number)s of %(total)s services is not working as usual.",
                "%(number)s of %(total)s services are not working as usual.",
                number,
            )
            parts.append(self.format(message, number=str(number), total=str(facts.service_count)))
        elif number:
            message = ngettext(
                "%(number)s service is not working as usual.", "%(number)s services are not working as usual.", number
            )
            parts.append(self.format(message, number=str(number)))
        if facts.stale:
            parts.append(self._when_last_checked(facts))
        if not parts and facts.open_incidents:
            titles = (board.incident_by_id[id].incident.title for id in facts.open_incidents)
            parts = [self.as_sentence(title) for title in titles]
        if not parts and not facts.unknown and not facts.long_unknown and not facts.maintenance_count:
            parts.append(self.interface.gettext("No problems reported."))
        return parts

    def _when_last_checked(self, facts: Headline) -> str:
        """Return how many services did not work when last checked, and when that was."""
        ngettext, number = self.interface.ngettext, str(len(facts.stale))
        first, last = facts.stale_from, facts.stale_to
        if first is None or last is None:
            return ""
        begin, end = self.times.days_between(first, last)
        if begin == end:
            message = ngettext(
                "When last checked, on %(day)s, %(number)s service was not working as usual.",
                "When last checked, on %(day)s, %(number)s services were not working as usual.",
                len(facts.stale),
            )
            return self.format(message, day=begin, number=number)
        message = ngettext(
            "When last checked, between %(first)s and %(last)s, %(number)s service was not working as usual.",
            "When last checked, between %(first)s and %(last)s, %(number)s services were not working as usual.",
            len(facts.stale),
        )
        return self.format(message, first=begin, last=end, number=number)

    def not_known(self, board: Board) -> str:
        """Return of how many services it is not known whether they work."""
        number = len(board.headline.unknown)
        message = self.interface.ngettext("%(number)s not known yet.", "%(number)s not known yet.", number)
        return self.format(message, number=str(number))

    def nothing_said(self, board: Board) -> str:
        """Return what nothing was said about although an incident may reach it, the essential services by name."""
        facts, _ = board.headline, self.interface.gettext
        essential = [id for id in facts.unsaid if board.service_by_id[id].service.essential][:2]
        more = len(facts.unsaid) - len(essential)
        if not facts.unsaid:
            return ""
        names = [self.phrase(board.service_by_id[id].service.name) for id in essential]
        if more:
            message = self.interface.ngettext("%(number)s service", "%(number)s services", more)
            if essential:
                message = self.interface.ngettext("%(number)s other service", "%(number)s other services", more)
            names.append(self.format(message, number=str(more)))
        return self.format(_("Nothing has been said yet about %(services)s."), services=self.format_list(names))

    def working_services(self, board: Board) -> str:
        """Return which essential services work."""
        comma = self.interface.gettext(", ")
        words = self.join_words(
            [self.phrase(board.service_by_id[id].service.name) for id in board.headline.working], comma
        )
        return self.format(self.interface.gettext("Working: %(services)s."), services=words)
