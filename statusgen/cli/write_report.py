"""What a writer's command reports once a post is written: what to fix, what was promised, what the page says now."""

import calendar
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import click

from statusgen.board.board import make_board
from statusgen.board.clock import ClockReading, read_clock
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.whole_board import Board
from statusgen.cli.moments import format_moment
from statusgen.content.posts.due_times import find_due_times
from statusgen.editor.last_words import find_unmentioned_services, list_names
from statusgen.editor.workspace import DryRun
from statusgen.lint import registry
from statusgen.model.posts import Incident, Update
from statusgen.model.times import When
from statusgen.model.whole_site import Site
from statusgen.wording.interface import SOURCE_LANGUAGE, InterfaceLanguage
from statusgen.wording.phrasing import Phrasing
from statusgen.wording.short_forms import incident_message
from statusgen.wording.times import Times


@dataclass(frozen=True)
class WriteReport:
    """The report on the post `id`, which was just written, at the moment `now`.

    If the update was dated earlier, `past` is its moment, and the report is as of that. A new post has `files`.
    """

    id: str
    dry_run: DryRun
    now: datetime
    past: datetime | None = None
    files: tuple[str, ...] = ()

    @cached_property
    def board(self) -> Board:
        """The site's status with what was written."""
        reading = read_update_clock(self.dry_run.site, self.now, self.past)
        return make_board(reading.site, reading.moment, with_next_change=False)

    @cached_property
    def post(self) -> Incident | None:
        """The post as it was written; None if its blanks keep it from being read."""
        return next((post for post in self.dry_run.site.incidents if post.id == self.id), None)

    @property
    def can_be_built(self) -> bool:
        """Whether the site has no mistakes, and the post has no blanks."""
        return not self.dry_run.blanks and not self.dry_run.other_mistakes

    def print_moment(self) -> None:
        """Say as of when the rest of the report is, if that is not now."""
        if self.past:
            click.echo(f"As of {format_moment(self.past, self.dry_run.site)}:")

    def print_problems(self, file: str, line: int = 1, skipped_rules: Collection[str] = ()) -> None:
        """Print blanks, or advice about `file` from `line` on, and which other files have mistakes.

        Advice of the rules in `skipped_rules` is left out.
        """
        for problem in self.dry_run.blanks:
            click.echo(f"{problem.place}: {problem.message}")
        if self.dry_run.other_mistakes:
            files = ", ".join(sorted({problem.place.file for problem in self.dry_run.other_mistakes}))
            click.echo(f"The site cannot be built yet: there are mistakes in {files}. See: statusgen check")
        elif not self.dry_run.blanks:
            texts = {file: self.dry_run.texts[file]}  # there may be thousands of others, which had their advice
            for problem in sorted(registry.find_advice(self.dry_run.site, texts, self.board)):
                is_new = problem.place.file == file and problem.place.line >= line
                if is_new and problem.rule not in skipped_rules:
                    click.echo(f"{problem.place}: advice: {problem.message}")

    def print_promises(self, new: Sequence[Update]) -> None:
        """Print when the next update is due: as one of the new updates says, or as the post still promises."""
        incident = self.board.incident_by_id.get(self.id)
        promise = incident.promise if incident else None
        if due := next((update.next_update for update in reversed(new) if update.next_update), None):
            click.echo(f"You promised the next update by {_format_time_in_words(due, self.dry_run.site)}.")
        elif promise and not promise.overdue:
            click.echo(f"The next update is still promised by {_format_time_in_words(promise.due, self.dry_run.site)}.")

    def print_page(self) -> None:
        """Print how to publish the rest if there are blanks, or else what the page and a short message say now."""
        if self.dry_run.blanks or self.post is None:
            target = "." if len(self.files) > 1 else f"{self.id}.md"
            command = f"mv {' '.join(self.files)} {target}"
            click.echo(f"To publish the rest now, keep it elsewhere and move it back later: {command}")
            click.echo("Fill these in, then: statusgen check")
        elif self.post.draft:
            click.echo("It is a draft: delete the line draft: when it is ready.")
        elif not self.past and (shown_from := find_due_times(self.post)[-1]) > self.now:
            click.echo(f"It is not shown before {format_moment(shown_from, self.dry_run.site)}.")
        else:
            phrasing = Phrasing(self.dry_run.site, self.dry_run.site.languages[0], plain=True)
            click.echo(f"The page says: {' '.join(phrasing.headline(self.board))}")
            message = incident_message(self.board.incident_by_id[self.id], self.board, phrasing)
            click.echo(f"In one message: {message}")
            self._print_unsaid(self.board.incident_by_id[self.id])

    def _print_unsaid(self, incident: IncidentStatus) -> None:
        """Name the services of which no open post says anything, while this one is open."""
        unsaid = find_unmentioned_services(self.board, self.id) if incident.is_open else []
        if unsaid and self.past:
            click.echo(f"Nothing was said about {list_names(unsaid)}.")
        elif unsaid:
            click.echo(
                f"Nothing is said about {list_names(unsaid)}. If nobody knows their status: "
                f"statusgen update {self.id} --others unknown"
            )


def read_update_clock(site: Site, now: datetime, past: datetime | None, drafts: bool = False) -> ClockReading:
    """Return the site and the moment of an update: `past` if it is dated earlier than now, or else what counts now."""
    return ClockReading(site, past, now) if past else read_clock(site, now, drafts)


def _format_time_in_words(when: When, site: Site) -> str:
    """Format a time with its day of the week: "Tuesday, November 24, 2026, 12:10 AM CST"."""
    day = calendar.day_name[when.start.astimezone(site.zone).weekday()]
    words = Times(InterfaceLanguage(SOURCE_LANGUAGE, site.zone.key), site.zone, plain=True).when(when)
    return f"{day}, {words}"
