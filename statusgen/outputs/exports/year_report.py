"""A report of one year in Markdown, for those whom the city answers to: what was said, and nothing that was not."""

import re
from collections.abc import Iterator, Sequence

from statusgen import addresses, history
from statusgen.board.model.dates import DeadlineStatus
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.spans import Phase
from statusgen.board.model.whole_board import Board
from statusgen.history import Spell
from statusgen.model.states import Kind, State
from statusgen.wording.phrasing import Phrasing

# What Markdown reads as more than itself (CommonMark, "Backslash escapes"), and what begins a list or a heading.
_MARKUP = re.compile(r"[\\`*_\[\]<>#|~&]|^[-+=]|(?<=^\d)[.)]|(?<=^\d\d)[.)]", re.MULTILINE)


def make_year_report(year: int, board: Board, language: str) -> str:
    """Return the report of a year in one language, up to the moment of the Board."""
    return "\n".join(_Report(year, board, language).lines()) + "\n"


class _Report:
    """The lines of a report. An empty one is between two paragraphs."""

    def __init__(self, year: int, board: Board, language: str) -> None:
        self.year, self.board, self.site = year, board, board.site
        self.phrasing = Phrasing(board.site, language, plain=True)
        self._ = self.phrasing.interface.gettext

    def lines(self) -> Iterator[str]:
        """Yield the whole report."""
        t, _, site = self.phrasing, self._, self.site
        found = history.incidents_in(self.year, self.board)
        yield f"# {_escape(t.say(site.title))}, {self.year}"
        if site.demonstration:
            yield from ("", f"**{_escape(t.say(site.demonstration))}**")
        note = t.format(_("This report shows what was known on %(time)s."), time=t.dated_moment(self.board.moment))
        yield from ("", _escape(t.join([note, t.clocks(self.board)])))
        said = _("This report has only what was said. A service that is not named here may still have had problems.")
        yield from ("", _escape(said))
        by_kind = {kind: [each for each in found if each.incident.kind is kind] for kind in Kind}
        incidents, planned = by_kind[Kind.INCIDENT], by_kind[Kind.MAINTENANCE]
        number = sum(each.state is not State.WITHDRAWN for each in incidents)
        yield from self.section(_("Incidents"), incidents, t.count_incidents(number))
        yield from self.section(_("Planned work"), planned, "" if planned else _("Nothing reported"))
        if by_kind[Kind.NOTICE]:
            yield from self.section(_("Notices"), by_kind[Kind.NOTICE], "")

    def section(self, heading: str, incidents: Sequence[IncidentStatus], summary: str) -> Iterator[str]:
        """Yield the posts of one kind under their heading."""
        yield from ("", f"## {heading}")
        if summary:
            yield from ("", _escape(self.phrasing.end_sentence(summary)))
        for incident in incidents:
            yield from self.post(incident)

    def post(self, incident: IncidentStatus) -> Iterator[str]:
        """Yield what was said in a post: when it was, what it affected, and what applied meanwhile."""
        t, _ = self.phrasing, self._
        url = addresses.absolute_url(
            addresses.in_language(addresses.incident(incident.id), t.language, self.site), self.site
        )
        yield from ("", f"### [{_escape(t.say(incident.incident.title))}]({url})", "")
        yield _escape(self.how_long(incident))
        facts = [*map(self.spell, history.spells(incident, self.board)), *t.rumor(incident.claim, incident.fact)]
        if incident.state is not State.WITHDRAWN:
            waivers = (each.waiver for each in incident.waivers if each.waiver.what)
            facts += [t.with_label(_("Waiver"), t.waiver(waiver)) for waiver in waivers]
            facts += [self.deadline(each) for each in incident.deadlines if each.deadline.what]
        if incident.phase is not Phase.PAST:
            facts += [t.with_label(_("Not known yet"), t.as_sentence(words)) for words in incident.not_known]
        if facts:
            yield from ("", *(f"- {_escape(fact)}" for fact in facts))

    def how_long(self, incident: IncidentStatus) -> str:
        """Return how far a post has come, from when to when, and how long that was."""
        t = self.phrasing
        if incident.window:
            return t.join([f"{t.state(incident.state)}.", t.window(incident.window)])
        length = "" if incident.state is State.WITHDRAWN else t.length(incident)
        taken = [t.format(self._("It took %(length)s."), length=length)] if length else []
        return t.join([t.state_line(incident), *taken])

    def spell(self, spell: Spell) -> str:
        """Return how a service stood, and when."""
        t = self.phrasing
        status = t.status(spell.interval.status)
        return t.with_label(t.say(spell.service.name), t.join_words([status, t.interval(spell.interval)], ", ")) + "."

    def deadline(self, deadline: DeadlineStatus) -> str:
        """Return a date to know, and what it is about."""
        t, said = self.phrasing, deadline.deadline
        what = t.as_sentence(said.what)
        return t.with_label(t.time(said.on), what) if said.on else what


def _escape(text: str) -> str:
    """Return a text that Markdown shows as it is, on one line."""
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))
