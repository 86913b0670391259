"""How a service or a channel stands, and on whose word."""

from statusgen.board.model.services import ChannelStatus, ContraryWord, ServiceStatus, Standing
from statusgen.board.model.whole_board import Board
from statusgen.history import Mark
from statusgen.model.statuses import Status
from statusgen.wording.spans import SpanPhrasing


class StandingPhrasing(SpanPhrasing):
    """Says how something stands, and on whose word."""

    def standing(self, standing: Standing, of_channel: bool = False) -> str:
        """Return how a service or one of its channels stands, and on whose word: since when, or when that was said."""
        words = self._standing_words(standing, of_channel)
        if standing.corrected_at:
            message = self.interface.gettext("%(status)s (corrected on %(time)s)")
            words = self.format(message, status=words, time=self.time(standing.corrected_at))
        return words

    def _standing_words(self, standing: Standing, of_channel: bool) -> str:
        _, status = self.interface.gettext, standing.status
        if status is Status.NOT_SAID:
            return self._unsaid_words(standing, of_channel)
        if status is Status.WORKING:
            return self._working_words(standing)
        word = self.status_word(standing)
        if standing.is_stale and standing.said_at:
            time = self.time(standing.said_at)
            if status is Status.UNKNOWN:
                words = self.format(_("Not known when last checked, %(time)s"), time=time)
                return self.with_label(words, self.ways(standing.ways)) if standing.ways else words
            return self.format(_("%(status)s when last checked, %(time)s"), status=word, time=time)
        if status is Status.UNKNOWN and standing.said_at:
            return self.format(_("%(status)s, said %(time)s"), status=word, time=self.time(standing.said_at))
        if standing.since:
            return self.format(_("%(status)s, %(since)s"), status=word, since=self.since(standing.since))
        return word

    def _unsaid_words(self, standing: Standing, of_channel: bool) -> str:
        _ = self.interface.gettext
        if standing.said_working:
            message = _("Not confirmed, said to work %(time)s")
            return self.format(message, time=self.time(standing.said_working))
        if standing.ways and standing.said_at:
            message = (
                _("%(status)s when last checked, %(time)s") if standing.is_stale else _("%(status)s, said %(time)s")
            )
            return self.format(message, status=self.status_word(standing), time=self.time(standing.said_at))
        return self.channel_word(standing) if of_channel else self.status_word(standing)

    def _working_words(self, standing: Standing) -> str:
        _ = self.interface.gettext
        said_later = standing.restored_at and standing.said_at and standing.restored_at.start < standing.said_at.start
        if standing.restored_at and not (standing.is_stale and said_later):
            back = self.time(standing.restored_at)
            message = _("Back since %(time)s, nothing said since") if standing.is_stale else _("Back since %(time)s")
            return self.format(message, time=back)
        if standing.said_at:
            message = _("Working when last checked, %(time)s") if standing.is_stale else _("Working, said %(time)s")
            return self.format(message, time=self.time(standing.said_at))
        return self.status(Status.WORKING)

    def status_word(self, standing: Standing) -> str:
        """Return the word for how something stands, with the ways that it is about if that is not all of it."""
        _ = self.interface.gettext
        if standing.status is Status.NOT_SAID and standing.is_in_doubt and not standing.ways:
            return _("Nothing said yet")
        if standing.ways:
            instead = {Status.PARTLY_DOWN: Status.DOWN, Status.NOT_SAID: Status.WORKING}
            status = instead.get(standing.status, standing.status)
            return self.with_label(self.status(status), self.ways(standing.ways))
        return self.status(standing.status)

    def channel_word(self, standing: Standing) -> str:
        """Return the word for how a channel stands."""
        _ = self.interface.gettext
        return _("Not confirmed") if standing.status is Status.NOT_SAID else self.status_word(standing)

    def short_standing(self, standing: Standing) -> str:
        """Return how something stands in few words, for a list; what was said long ago is told as past."""
        _, status = self.interface.gettext, standing.status
        if standing.is_stale or (status is Status.WORKING and standing.restored_at):
            return self._standing_words(standing, of_channel=False)
        return self.status_word(standing)

    def standing_detail(self, standing: Standing) -> str:
        """Return since when something stands as `short_standing` says, or when that was said; nothing if it says so."""
        _ = self.interface.gettext
        words = ""
        if standing.is_stale or standing.status is Status.NOT_SAID or standing.restored_at:
            words = ""
        elif standing.status in (Status.UNKNOWN, Status.WORKING):
            words = self.format(_("said %(time)s"), time=self.time(standing.said_at)) if standing.said_at else ""
        elif standing.since:
            words = self.since(standing.since)
        if standing.corrected_at:
            corrected = self.format(_("corrected on %(time)s"), time=self.time(standing.corrected_at))
            words = self.join_words([each for each in (words, corrected) if each], _(", "))
        return words[:1].upper() + words[1:]

    def way_standing(self, way: ChannelStatus, service: ServiceStatus) -> str:
        """Return how a way to use a service stands, beside the service's own status, without what that says already.

        A date that is the same is left out, and everything if the way can be used and all of them stand like that.
        """
        words, standing = self.standing(way.standing, of_channel=True), way.standing
        if standing.is_stale or standing.corrected_at or words != self.standing(service.standing):
            return words
        is_same = all(self.standing(each.standing, of_channel=True) == words for each in service.channels)
        return "" if is_same and way.is_usable else self.channel_word(standing)

    def days_unchecked(self, service: ServiceStatus, board: Board) -> str:
        """Return for how many days nobody spoke of a service."""
        said_at = service.confirmed_at
        days = (self.site.local_day(board.moment) - self.site.local_day(said_at.start)).days if said_at else 0
        message = self.interface.ngettext("Not checked for %(days)s day", "Not checked for %(days)s days", days)
        return self.format(message, days=str(days)) if days else self.interface.gettext("Not checked lately")

    def mark(self, mark: Mark) -> str:
        """Return the word for what a chart shows."""
        _ = self.interface.gettext
        if not mark.is_checked:
            return _("Not checked")
        return _("Nothing reported") if mark.status is Status.NOT_SAID else self.status(mark.status)

    def contrary_word(self, contrary: ContraryWord, board: Board) -> str:
        """Return that another incident says that a service works."""
        message = self.interface.gettext("Said to work on %(time)s: %(title)s.")
        title = self.phrase(board.incident_by_id[contrary.incident].incident.title)
        return self.format(message, time=self.time(contrary.said_at), title=title)

    def unchanged(self) -> str:
        """Return that everything that was last said still holds."""
        return self.interface.gettext("We checked: what we said before has not changed.")
