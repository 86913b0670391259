"""What to do meanwhile, and which ways there are to use a service."""

from statusgen.board.model.advice import Advice
from statusgen.board.model.channels import TemporaryChannel
from statusgen.board.model.services import ServiceStatus
from statusgen.model.services import CHANGEABLE_KEYS, Channel, Operator
from statusgen.wording.channel_details import Changed, Detail, channel_details
from statusgen.wording.interface import protect_phone_numbers
from statusgen.wording.spans import SpanPhrasing


class AdvicePhrasing(SpanPhrasing):
    """Says what to do meanwhile, and which ways can be used."""

    def advice(self, advice: Advice | None, service: ServiceStatus | None = None) -> str:
        """Return what to do or where to go, with its date if it is old, or older than the last word on `service`."""
        if advice is None:
            return ""
        said_at = service.confirmed_at if service else None
        is_old = advice.is_stale or (said_at is not None and said_at.start > advice.said_at.start)
        if is_old or (service is not None and service.stale):
            return self.dated_advice(advice)
        return self.as_sentence(advice.words)

    def dated_advice(self, advice: Advice) -> str:
        """Return what to do or where to go, with the time at which that was said."""
        return self.with_time_said(self.as_sentence(advice.words), advice.said_at)

    def workaround_sentences(self, service: ServiceStatus) -> list[str]:
        """Return what to do meanwhile and where to go instead; what is about one channel comes last, with its name."""
        parts = self.general_advice(service)
        names = {channel.channel.id: self.channel(channel.channel) for channel in service.channels}
        for workaround in service.workarounds:
            if workaround.channel in names:
                texts = [workaround.do, workaround.where]
                words = self.join(self.advice(advice, service) for advice in texts if advice)
                parts.append(self.with_label(names[workaround.channel], words))
        return parts

    def general_advice(self, service: ServiceStatus) -> list[str]:
        """Return what to do meanwhile and where to go instead, without what is about one channel."""
        for_all = [workaround for workaround in service.workarounds if workaround.channel is None]
        texts = [*(workaround.do for workaround in for_all), *(workaround.where for workaround in for_all)]
        return [self.advice(advice, service) for advice in texts if advice]

    def channel_advice(self, service: ServiceStatus, channel: Channel) -> str:
        """Return what to do and where to go about one channel, without its name; nothing if nobody said."""
        here = (each for each in service.workarounds if each.channel == channel.id)
        return self.join(self.advice(advice, service) for each in here for advice in (each.do, each.where) if advice)

    def working_advice(self, service: ServiceStatus) -> str:
        """Return what to know of a service that works, after its name."""
        return self.with_label(self.phrase(service.service.name), self.what_to_know(service))

    def what_to_know(self, service: ServiceStatus) -> str:
        """Return what to do at a service that works, and where the ways are that were set up for it."""
        comma = self.interface.gettext(", ")
        parts = self.workaround_sentences(service)
        for way in (each for each in service.usable_channels if each.temporary):
            details = (detail.phrase for detail in self.details(way.channel))
            parts.append(self.end_sentence(self.join_words([self.channel(way.channel), *details], comma)))
        return self.join(parts)

    def details(self, channel: Channel, changed: Changed = ()) -> tuple[Detail, ...]:
        """Return what residents read about a channel: where it is, when it is open, what to bring, and so on.

        `changed` are the keys that are other than usual for now, each with when that ends, if it is known.
        """
        return channel_details(channel, self, changed)

    def details_for_now(self, channel: Channel) -> tuple[Detail, ...]:
        """Return what is other than usual at a channel for now: the keys that `channel` gives."""
        return channel_details(channel, self, [(key, None) for key in CHANGEABLE_KEYS])

    def coming_channel(self, coming: TemporaryChannel) -> str:
        """Return a channel that was announced, and when it opens."""
        when = self.period(coming.opens, coming.channel.closes)
        details = [detail.phrase for detail in self.details(coming.channel) if detail.key != "closes"]
        words = self.join([*when, *map(self.end_sentence, details)])
        return self.with_label(self.channel(coming.channel), words)

    def ask_operator(self, operator: Operator) -> str:
        """Return whom to ask about what an agency runs, with its number; nothing if it has none."""
        if not operator.phone:
            return ""
        phone = protect_phone_numbers(operator.phone, self.language)
        message = self.interface.gettext("Ask %(operator)s, %(phone)s.")
        return self.format(message, operator=self.phrase(operator.name), phone=phone)

    def open_channels(self, service: ServiceStatus) -> str:
        """Return which channels can be used."""
        usable = [each.channel for each in service.usable_channels]
        names = self.format_list(self.phrase(each.name) if each.name else self.channel(each) for each in usable)
        return self.format(self.interface.gettext("What works: %(ways)s."), ways=names)
