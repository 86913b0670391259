"""What changed, and what an update is called."""

from collections.abc import Iterable

from statusgen.board.model.news import Transition, UpdateView
from statusgen.board.model.whole_board import Board
from statusgen.model.posts import Update
from statusgen.model.record import Told
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.wording.vocabulary import Vocabulary


class NewsPhrasing(Vocabulary):
    """Says what changed, and what an update is called."""

    def change(self, change: Transition, board: Board) -> str:
        """Return what a service or channel changed to and, if something was said of it before, from what."""
        if change.before is Status.NOT_SAID:
            return self.with_label(self.change_subject(change, board), self.status(change.after))
        message = self.interface.gettext("%(service)s: %(after)s (before: %(before)s)")
        return self.format(
            message,
            service=self.change_subject(change, board),
            after=self.status(change.after),
            before=self.status(change.before),
        )

    def change_subject(self, change: Transition, board: Board) -> str:
        """Return the service that changed, and the channel if only that did."""
        service = board.service_by_id[change.service]
        name = self.say(service.service.name)
        for channel in service.channels:
            if channel.channel.id == change.channel:
                return self.format("%(service)s (%(channel)s)", service=name, channel=self.channel(channel.channel))
        return name

    def news_title(self, view: UpdateView, board: Board) -> str:
        """Return an update in one line that leads with what changed: "Restored: Pay a water bill (Online)"."""
        _, update = self.interface.gettext, view.update
        if view.recoveries and not update.state.is_terminal and update.state is not State.CORRECTION:
            return self.format(_("Restored: %(services)s"), services=self._change_subjects(view.recoveries, board))
        is_plain = _is_plain(view)
        if self.is_named_as_statement(view):
            who = self.format(_("Statement by %(who)s"), who=self.say(update.by))
            return self.with_label(who, self.say(view.incident.title))
        becomes = {change.after for change in view.transitions}
        # What is left when something got better elsewhere is not what this update said.
        is_said = becomes <= {report.status for report in update.reports}
        if is_plain and len(becomes) == 1 and is_said:
            return self.with_label(self.status(*becomes), self._change_subjects(view.transitions, board))
        waived = [waiver.what for waiver in view.waivers if waiver.what]
        if is_plain and waived and not view.transitions and not update.texts:
            return self.with_label(_("Waiver"), self.phrase(waived[0]))
        return self.update_title(view)

    def where_told(self, told: Told, update: Update) -> str:
        """Return where an update was sent, and when; or that nobody can tell."""
        _, channel = self.interface.gettext, self.say(told.channel)
        if not told.is_known:
            return self.format(_("%(channel)s: it is not known whether this was sent."), channel=channel)
        time = self.time_beside(told.at, update.time)
        return self.format(_("Sent to %(channel)s: %(time)s."), channel=channel, time=time)

    def is_named_as_statement(self, view: UpdateView) -> bool:
        """Return whether the title of an update says who speaks: what somebody states is not what it changes beside."""
        return _is_plain(view) and view.update.by is not None and not view.recoveries

    def _change_subjects(self, changes: Iterable[Transition], board: Board) -> str:
        """Return what changed: the first three, and how many more."""
        names = [self.change_subject(change, board) for change in changes]
        subjects = names[:3]
        if more := len(names) - len(subjects):
            message = self.interface.ngettext("%(number)s more", "%(number)s more", more)
            subjects.append(self.format(message, number=str(more)))
        return self.format_list(subjects)

    def update_title(self, view: UpdateView) -> str:
        """Return an update in one line, regardless of what it changed: "Correction: The network is down"."""
        incident, update, first = view.incident, view.update, view.is_first
        if view.is_reopening and incident.kind is Kind.INCIDENT and update.state is not State.CORRECTION:
            return self.format(self.interface.gettext("Again: %(title)s"), title=self.say(incident.title))
        if first and incident.topic:
            word = self.topic(incident.topic)
        elif first and incident.kind is Kind.INCIDENT:
            word = self.interface.gettext("New")
        else:
            word = self.state(update.state)
        return self.with_label(word, self.say(incident.title))


def _is_plain(view: UpdateView) -> bool:
    """Return whether an update only goes on with what an earlier one began."""
    return view.update.state is State.UPDATE and not view.is_first and not view.is_reopening
