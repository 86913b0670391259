"""When something is expected back, and when the next update is."""

from collections.abc import Iterator

from statusgen.board.model.estimates import Promise, PublishedEstimate
from statusgen.board.model.services import ChannelStatus, ServiceStatus
from statusgen.model.reports import Estimate
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.wording.vocabulary import Vocabulary


class EstimatePhrasing(Vocabulary):
    """Says when something is expected, and when the next update is."""

    def estimate(self, estimate: Estimate, late: bool = False, is_back: bool = False) -> str:
        """Return when something is expected back, and on what basis; if that is `late` by now, when it was expected.

        If it `is_back` in some form, it is about when it will be as before.
        """
        parts = [] if estimate.is_words_alone else [self._expected_time(estimate, late, is_back)]
        return self.join([*parts, *self._said_with(estimate)])

    def _said_with(self, estimate: Estimate) -> Iterator[str]:
        """Yield how an estimate was put, and on what ground."""
        _ = self.interface.gettext
        if estimate.words:
            yield self.format(_("As announced: %(words)s."), words=self.phrase(estimate.words))
        if estimate.basis:
            yield self.format(_("Based on: %(basis)s."), basis=self.phrase(estimate.basis))

    def bare_estimate(self, estimate: Estimate, late: bool = False) -> str:
        """Return an estimate as it stands after a label that says what it is of: "By May 17, 2024." """
        _ = self.interface.gettext
        parts = [] if estimate.is_words_alone else [self.bare_time(estimate, late)]
        return self.join([*parts, *self._said_with(estimate)])

    def bare_time(self, estimate: Estimate, late: bool = False) -> str:
        """Return the time of an estimate: "By May 17, 2024." """
        _ = self.interface.gettext
        first, last = estimate.not_before, estimate.by
        if not first and not last:
            return _("Not known.")
        if first and last and first != last:
            words = self._between(first, last, _("Between %(first)s and %(last)s."))
        elif first and last:
            words = self._at(last, _("On %(time)s."), _("In %(month)s."))
        elif last:
            words = self._at(last, _("By %(time)s."), _("By the end of %(month)s."))
        else:
            words = self.format(_("Not before %(time)s."), time=self.time(first)) if first else ""
        return self.join([words, _("That time has passed.")]) if late else words

    def _at(self, when: When, message: str, of_month: str) -> str:
        """Return a message about a time, or the other one about a month: "on May 15", but "in May"."""
        if when.is_whole_month:
            return self.format(of_month, month=self.bare_month(when))
        return self.format(message, time=self.time(when))

    def estimate_for(self, estimate: Estimate | None, status: Status | None, late: bool = False) -> str:
        """Return when something of this status is expected back; nothing if it is back and the rest is not known."""
        if estimate is None or (status is Status.CATCHING_UP and estimate.unknown and not estimate.words):
            return ""
        return self.estimate(estimate, late, is_back=bool(status and status.is_back))

    def own_estimate(self, published: PublishedEstimate, service: ServiceStatus, as_said: bool = False) -> str:
        """Return when a service is expected back, or one of its channels, which is named; nothing if that says nothing.

        With `as_said`, it is shown as it was said then, even if more was said since.
        """
        channel = _channel_of(published, service)
        status = None if as_said else channel.status if channel else service.status
        words = self.estimate_for(published.estimate, status, published.is_late and not as_said)
        return self._of_channel(words, channel, service)

    def estimate_under_label(self, published: PublishedEstimate, service: ServiceStatus) -> str:
        """Return when a service, or one of its channels, is expected back, after a label that says so."""
        words = self.bare_estimate(published.estimate, published.is_late)
        return self._of_channel(words, _channel_of(published, service), service)

    def _of_channel(self, words: str, channel: ChannelStatus | None, service: ServiceStatus) -> str:
        """Return words about a channel with its name, unless it is the only one."""
        if words and channel and len(service.service.channels) > 1:
            return self.with_label(self.channel(channel.channel), words)
        return words

    def outage_estimate(self, published: PublishedEstimate, late: bool) -> str:
        """Return what was said of the outage as a whole."""
        words = self.estimate(published.estimate, late)
        return self.with_label(self.interface.gettext("For the outage as a whole"), words)

    def _expected_time(self, estimate: Estimate, late: bool, is_back: bool) -> str:
        _ = self.interface.gettext
        first, last = estimate.not_before, estimate.by
        if not first and not last:
            return (
                _("We don't know yet when it will be back to normal.")
                if is_back
                else _("We don't know yet when it will be back.")
            )
        if late:
            return self._missed_time(first, last, is_back)
        if first and last:
            if first == last:
                if is_back:
                    return self._at(
                        first, _("Expected back to normal on %(time)s."), _("Expected back to normal in %(month)s.")
                    )
                return self._at(first, _("Expected back on %(time)s."), _("Expected back in %(month)s."))
            message = _("Expected back between %(first)s and %(last)s.")
            if is_back:
                message = _("Expected back to normal between %(first)s and %(last)s.")
            return self._between(first, last, message)
        if first:
            message = (
                _("Not expected back to normal before %(time)s.")
                if is_back
                else _("Not expected back before %(time)s.")
            )
            return self.format(message, time=self.time(first))
        if not last:
            return ""
        if is_back:
            of_month = _("Expected back to normal by the end of %(month)s.")
            return self._at(last, _("Expected back to normal by %(time)s."), of_month)
        return self._at(last, _("Expected back by %(time)s."), _("Expected back by the end of %(month)s."))

    def _between(self, first: When, last: When, message: str) -> str:
        """Return that something is expected between two times, without saying twice which month both are of."""
        ends = self.times.ends(first, last)
        if ends.day:
            return self.format(message, first=self.time(first), last=self.time(last))
        return self.format(message, first=self.mark_time(first, ends.first), last=self.mark_time(last, ends.last))

    def _missed_time(self, first: When | None, last: When | None, is_back: bool) -> str:
        """Return an estimate whose time has passed."""
        _ = self.interface.gettext
        if last and is_back:
            return self._at(
                last,
                _("It was expected back to normal by %(time)s. That time has passed."),
                _("It was expected back to normal by the end of %(month)s. That time has passed."),
            )
        if last:
            return self._at(
                last,
                _("It was expected back by %(time)s. That time has passed."),
                _("It was expected back by the end of %(month)s. That time has passed."),
            )
        message = _("It was not expected back before %(time)s. That time has passed.")
        return self.format(message, time=self.time(first)) if first else ""

    def estimate_sentences(self, service: ServiceStatus) -> list[str]:
        """Return when a service is expected back, and what was said of the outage as a whole."""
        parts = [words for each in service.current_estimates if (words := self.own_estimate(each, service))]
        if service.outage_estimate:
            parts.append(self.outage_estimate(service.outage_estimate, service.is_outage_estimate_late))
        return parts

    def promise(self, promise: Promise, beside: When | None = None) -> str:
        """Return when the next update is due, or that it is overdue; `beside` is a time that stands in front of it."""
        _ = self.interface.gettext
        message = (
            _("The next update was due by %(time)s. It is overdue.")
            if promise.overdue
            else _("Next update by %(time)s.")
        )
        time = self.time_beside(promise.due, beside) if beside else self.time(promise.due)
        return self.format(message, time=time)

    def promised_time(self, due: When) -> str:
        """Return what an update promised, whether or not that moment has passed."""
        return self.format(self.interface.gettext("Promised by %(time)s."), time=self.time(due))

    def kept_late(self, due: When) -> str:
        """Return that an update came after the time for which it was promised."""
        message = self.interface.gettext("This update was promised by %(time)s. It came late.")
        return self.format(message, time=self.time(due))


def _channel_of(published: PublishedEstimate, service: ServiceStatus) -> ChannelStatus | None:
    """Return the channel that an estimate is about; None if it is about the service."""
    way = published.key[1] if published.key else None
    return next((each for each in service.channels if each.channel.id == way), None)
