"""The facts of the Board as sentences, the same in every output; each is a message of the catalogue."""

from collections.abc import Iterable
from functools import cached_property

from statusgen.languages.interface import keep_phones
from statusgen.languages.vocabulary import Vocabulary
from statusgen.model import Estimate, Kind, State, Waiver, When
from statusgen.reading.values import slug
from statusgen.status.standing import (
    Action,
    Board,
    Headline,
    IncidentStanding,
    Interval,
    Phase,
    Post,
    Promise,
    ServiceStanding,
    Since,
    Transition,
    WaiverStanding,
    Window,
)


class Speech(Vocabulary):
    """Says what the Board knows."""

    @cached_property
    def plainly(self) -> "Speech":
        """The same speech as plain text, for where there can be no markup."""
        return self if self.plain else Speech(self.site, self.language, plain=True)

    def left_out(self) -> str:
        """How many reports are missing for the mistakes in their files, and whom to call; empty where none is."""
        number = len(self.site.left_out)
        if not number:
            return ""
        words = self.interface.ngettext(
            "%(number)s report is missing here, because there are mistakes in its file. We are mending it.",
            "%(number)s reports are missing here, because there are mistakes in their files. We are mending them.",
            number,
        )
        said = [self.sentence(words, number=str(number))]
        for contact in [contact for contact in self.site.contacts if contact.phone][:1]:
            call = self.interface.gettext("If you need to know more, call %(phone)s (%(name)s).")
            phone = keep_phones(str(contact.phone), self.language)
            said.append(self.sentence(call, phone=phone, name=self.say(contact.name)))
        return self.join(said)

    def headline(self, board: Board) -> list[str]:
        """The front page's sentence, in its parts: what does not work, and what does."""
        facts, ngettext = board.headline, self.interface.ngettext
        parts = []
        if facts.day and facts.problems:
            parts.append(self.sentence(self.interface.gettext("Day %(day)s."), day=str(facts.day)))
        parts.append(self.how_many(facts))
        if facts.in_maintenance:
            closed = ngettext(
                "%(number)s service is closed for planned work.",
                "%(number)s services are closed for planned work.",
                facts.in_maintenance,
            )
            parts.append(self.sentence(closed, number=str(facts.in_maintenance)))
        if facts.problems and facts.working:
            parts.append(self.working(board))
        return parts

    def working(self, board: Board) -> str:
        """Which essential services work."""
        names = self.listed(self.say(board.service[id].service.name) for id in board.headline.working)
        return self.sentence(self.interface.gettext("Working: %(services)s."), services=names)

    def how_many(self, facts: Headline) -> str:
        """How many services do not work as usual."""
        _, ngettext = self.interface.gettext, self.interface.ngettext
        if not facts.problems:
            return _("No problems are reported.")
        message = ngettext(
            "%(number)s of %(total)s services is not working as usual.",
            "%(number)s of %(total)s services are not working as usual.",
            facts.problems,
        )
        return self.sentence(message, number=str(facts.problems), total=str(facts.total))

    def since(self, since: Since) -> str:
        """Since when something is so."""
        _ = self.interface.gettext
        if since.before:
            return self.since_before(since.when)
        return self.sentence(_("since %(time)s"), time=self.time(since.when))

    def since_before(self, when: When) -> str:
        """That something began earlier than is known."""
        return self.sentence(self.interface.gettext("since before %(time)s"), time=self.time(when))

    def lasted(self, standing: IncidentStanding) -> str:
        """From when to when an incident lasted, or since when it does."""
        _ = self.interface.gettext
        started = self.time(standing.incident.started)
        if standing.ended and standing.ended.start < standing.incident.started.start:
            return ""  # planned work that was cancelled before it began
        if standing.ended is None:
            return self.sentence(_("It began on %(time)s."), time=started)
        return self.sentence(_("From %(first)s to %(last)s."), first=started, last=self.time(standing.ended))

    def interval(self, interval: Interval) -> str:
        """From when to when a service stood so."""
        _ = self.interface.gettext
        if interval.since is None:
            return ""
        if interval.until is None:
            return self.since(interval.since)
        message = _("before %(first)s, until %(last)s") if interval.since.before else _("%(first)s to %(last)s")
        return self.sentence(message, first=self.time(interval.since.when), last=self.time(interval.until))

    def day(self, day: int) -> str:
        """Which day of a problem it is."""
        return self.sentence(self.interface.gettext("Day %(day)s of this problem."), day=str(day))

    def estimate(self, estimate: Estimate, late: bool = False) -> str:
        """When something is expected back, or was where that is `late` by now, and on what ground that is said."""
        _ = self.interface.gettext
        parts = [self._expected(estimate, late)]
        if estimate.words:
            parts.append(self.sentence(_("What was said: %(words)s."), words=self.phrase(estimate.words)))
        if estimate.basis:
            parts.append(self.sentence(_("Based on: %(basis)s."), basis=self.phrase(estimate.basis)))
        return self.join(parts)

    def _expected(self, estimate: Estimate, late: bool) -> str:
        _ = self.interface.gettext
        first, last = estimate.not_before, estimate.by
        if late and last:
            return self.sentence(_("It was expected back by %(time)s. That time has passed."), time=self.time(last))
        if first and last:
            if first == last:
                return self.sentence(_("Expected back on %(time)s."), time=self.time(first))
            message = _("Expected back between %(first)s and %(last)s.")
            return self.sentence(message, first=self.time(first), last=self.time(last))
        if first:
            return self.sentence(_("Not expected back before %(time)s."), time=self.time(first))
        if last:
            return self.sentence(_("Expected back by %(time)s."), time=self.time(last))
        return _("It is not known when it will be back.")

    def promise(self, promise: Promise) -> str:
        """When the next word is due, or since when it is overdue."""
        _ = self.interface.gettext
        message = (
            _("The next update was due by %(time)s. It is overdue.")
            if promise.overdue
            else _("Next update by %(time)s.")
        )
        return self.sentence(message, time=self.time(promise.due))

    def promised(self, due: When) -> str:
        """What was promised in an update, whether or not that moment has passed."""
        return self.sentence(self.interface.gettext("Promised by %(time)s."), time=self.time(due))

    def waiver(self, waiver: Waiver) -> str:
        """What is waived, from when until when, by whom, and how one gets it."""
        _ = self.interface.gettext
        parts = [self.sentence("%(what)s.", what=self.phrase(waiver.what) if waiver.what else waiver.id)]
        parts += self._waiver_time(waiver)
        if waiver.by:
            parts.append(self.sentence(_("Granted by: %(who)s."), who=self.phrase(waiver.by)))
        if waiver.how:
            automatic = waiver.how.texts[0][1].strip(" .").casefold() == "automatic"
            how = _("You need not ask for it.") if automatic else self.phrase(waiver.how)
            parts.append(how if automatic else self.sentence(_("How to get it: %(how)s."), how=how))
        return self.join(parts)

    def _waiver_time(self, waiver: Waiver) -> list[str]:
        _ = self.interface.gettext
        begins = self.time(waiver.begins) if waiver.begins else ""
        if waiver.until:
            return [self.sentence(_("From %(first)s to %(last)s."), first=begins, last=self.time(waiver.until))]
        if waiver.until_words:
            message = _("From %(first)s until %(words)s.")
            return [self.sentence(message, first=begins, words=self.phrase(waiver.until_words))]
        return [self.sentence(_("From %(first)s."), first=begins)]

    def action(self, action: Action) -> str:
        """What a date is about."""
        if action.ends_waiver:
            return self.sentence(
                self.interface.gettext("Last day of this waiver: %(what)s."), what=self.phrase(action.what)
            )
        return self.whole(action.what)

    def window(self, window: Window) -> str:
        """From when to when planned work takes place."""
        _ = self.interface.gettext
        if window.end is None:
            return self.sentence(_("From %(first)s; the end is not known."), first=self.time(window.start))
        return self.sentence(
            _("From %(first)s to %(last)s."), first=self.time(window.start), last=self.time(window.end)
        )

    def change(self, change: Transition, board: Board) -> str:
        """What a service or channel went from and to."""
        message = self.interface.gettext("%(service)s: %(after)s (before: %(before)s)")
        return self.sentence(
            message,
            service=self.changed(change, board),
            after=self.status(change.after),
            before=self.status(change.before),
        )

    def changed(self, change: Transition, board: Board) -> str:
        """The service, and the channel where it is only that, which changed."""
        standing = board.service[change.service]
        name = self.say(standing.service.name)
        for way in standing.channels:
            if way.channel.id == change.channel:
                return self.sentence("%(service)s (%(channel)s)", service=name, channel=self.channel(way.channel))
        return name

    def post_title(self, post: Post, board: Board) -> str:
        """An update in one line, its news first: "Restored: Pay a water bill (Online)", "Not available: Tap water"."""
        _, update = self.interface.gettext, post.update
        if post.restores and not update.state.ends:
            return self.sentence(_("Restored: %(services)s"), services=self._changed(post, board))
        is_plain = update.state is State.UPDATE and not post.first and not post.reopens
        becomes = {change.after for change in post.transitions}
        if is_plain and len(becomes) == 1:
            return self.headed(self.status(*becomes), self._changed(post, board))
        waived = [waiver.what for waiver in post.waivers if waiver.what]
        if is_plain and waived and not post.transitions and not update.texts:
            return self.headed(_("Waiver"), self.phrase(waived[0]))
        return self.update_title(post)

    def _changed(self, post: Post, board: Board) -> str:
        """What an update changed: the first three, and how many more."""
        names = [self.changed(change, board) for change in post.transitions]
        shown = names[:3]
        if more := len(names) - len(shown):
            message = self.interface.ngettext("%(number)s more", "%(number)s more", more)
            shown.append(self.sentence(message, number=str(more)))
        return self.listed(shown)

    def update_title(self, post: Post) -> str:
        """An update in one line, whatever it changed: "Correction: The network is down"."""
        incident, update, first = post.incident, post.update, post.first
        if post.reopens and incident.kind is Kind.INCIDENT and update.state is not State.CORRECTION:
            return self.sentence(self.interface.gettext("Again: %(title)s"), title=self.say(incident.title))
        if first and incident.topic:
            word = self.topic(incident.topic)
        elif first and incident.kind is Kind.INCIDENT:
            word = self.interface.gettext("New")
        else:
            word = self.state(update.state)
        return self.headed(word, self.say(incident.title))

    def say_this(self, standing: ServiceStanding) -> str:
        """What to tell somebody who asks about a service, in a breath or two."""
        return self.join(self.sayings(standing))

    def sayings(self, standing: ServiceStanding) -> list[str]:
        """The sentences of `say_this`: the status first, then what to do, then when it is back."""
        _ = self.interface.gettext
        parts = [self.sentence("%(status)s.", status=self.status(standing.status))]
        if standing.usual:
            return [*parts, *(self.waiver(waiver.waiver) for waiver in standing.waivers)]
        if standing.since:
            since = self.sentence(
                _("%(status)s, %(since)s."), status=self.status(standing.status), since=self.since(standing.since)
            )
            parts = [since]
        parts += self.advised(standing)
        if standing.shut_channels and standing.open_channels:
            parts.append(self.what_works(standing))
        parts += [self._waived(waiver) for waiver in standing.waivers if waiver.waiver.what]
        if standing.estimate:
            parts.append(self._expected(standing.estimate.estimate, standing.late))
        if standing.stale and standing.confirmed:
            parts.append(self.sentence(_("Not checked since %(time)s."), time=self.time(standing.confirmed)))
        return parts

    def advised(self, standing: ServiceStanding) -> list[str]:
        """What to do meanwhile, and where to go instead; what is said of one channel comes last, behind its name."""
        for_all = [advice for advice in standing.advice if advice.channel is None]
        told = [*(advice.do for advice in for_all), *(advice.where for advice in for_all)]
        parts = [self.whole(words) for words in told if words]
        names = {way.channel.id: self.channel(way.channel) for way in standing.channels}
        for advice in standing.advice:
            if advice.channel in names:
                words = self.join(self.whole(words) for words in (advice.do, advice.where) if words)
                parts.append(self.headed(names[advice.channel], words))
        return parts

    def what_works(self, standing: ServiceStanding) -> str:
        """The ways that are open."""
        ways = self.listed(self.channel(way.channel) for way in standing.open_channels)
        return self.sentence(self.interface.gettext("What works: %(ways)s."), ways=ways)

    def _waived(self, standing: WaiverStanding) -> str:
        """What is waived, in short; of what has not begun, also when it will be."""
        return self.whole(standing.waiver.what) if standing.phase is Phase.OPEN else self.waiver(standing.waiver)

    def in_order(self, standings: Iterable[ServiceStanding]) -> list[ServiceStanding]:
        """Services from A to Z, accents and capital letters aside."""
        return sorted(standings, key=lambda standing: slug(self.spoken(standing.service.name).text))
