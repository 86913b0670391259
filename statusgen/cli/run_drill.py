"""A drill that goes on: the page that residents would see, each piece of news at its time, and the report."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from queue import Empty, Queue
from threading import Thread

import click

from statusgen.board.board import make_board
from statusgen.board.clock import read_clock
from statusgen.cli.load import load_site, read_site
from statusgen.cli.moments import computer_time, current_time, keep_time_of
from statusgen.cli.publish import PublishFlags
from statusgen.cli.publish_site import publish_site
from statusgen.content.services import SERVICES_FILE, read_services
from statusgen.drill.folder import Drill, DrillError
from statusgen.drill.report import DrillResult, format_news
from statusgen.drill.residents import has_publications, read_publications, show_pages
from statusgen.drill.story import Story, read_story
from statusgen.editor.save import save_file
from statusgen.kit.ready import format_drill, note_drill
from statusgen.lint.registry import find_advice
from statusgen.model.whole_site import Site
from statusgen.outputs.host import page_policy
from statusgen.problems import Problem
from statusgen.wording.interface import available_languages

_LOOK = 0.3
"""Seconds between two looks at the clock; on Windows, Ctrl-C does not end a wait that has no end."""
_DONE = "done"


class DrillRun:
    """A drill while it goes on. What it has come to is written down each time, so another run goes on from there."""

    def __init__(self, drill: Drill, story: Story, site: Site) -> None:
        self.drill, self.story, self.site = drill, story, site
        self._desk: subprocess.Popen[bytes] | None = None

    def publish_first(self) -> None:
        """Publish the page as it is before the drill; its clock begins when that is done."""
        if code := publish_site(PublishFlags(source=self.drill.site, no_git=True, wait=10)):
            raise SystemExit(code)
        clock = self.drill.clock
        self._change(replace(self.drill, clock=replace(clock, settings=[(computer_time(), clock.begins)])))
        click.echo()

    def open_desk(self) -> None:
        """Open the desk of the drill, until the run ends."""
        command = [sys.executable, "-m", "statusgen", "desk", "--source", str(self.drill.site), "--port", "0"]
        self._desk = subprocess.Popen(command)

    def close_desk(self) -> None:
        """Close it; what was written there is kept."""
        if self._desk:
            self._desk.terminate()
            self._desk.wait()

    def _change(self, drill: Drill) -> None:
        self.drill = drill
        drill.save()

    @property
    def _next_moment(self) -> datetime:
        """The moment of the next news, or of the end."""
        told = len(self.drill.heard)
        after = self.story.news[told].at if told < len(self.story.news) else self.story.ends
        return self.drill.clock.begins + after

    @property
    def _last_moment(self) -> datetime:
        return self.drill.clock.begins + self.story.ends

    def tell_news(self) -> None:
        """Say each piece of news whose time has come, once; when the story is over, nobody needs the rest."""
        now = current_time()
        if now >= self._last_moment:
            return
        while len(self.drill.heard) < len(self.story.news) and self._next_moment <= now:
            news = format_news(self.story, len(self.drill.heard), self.site, self.drill.cast)
            click.echo(f"{now.astimezone(self.site.zone):%H:%M}  {news}\n")
            self._change(replace(self.drill, heard=(*self.drill.heard, now)))

    def watch(self) -> None:
        """Tell the news until the story ends, or somebody ends it."""
        lines: Queue[str] = Queue()
        Thread(target=_read_keyboard, args=(lines,), daemon=True).start()
        with suppress(KeyboardInterrupt):
            while current_time() < self._last_moment:
                rest = self.drill.clock.wait(computer_time(), self._next_moment)
                with suppress(Empty):
                    line = lines.get(timeout=min(rest.total_seconds(), _LOOK))
                    if line.strip().casefold() == _DONE:
                        return
                    self._change(self.drill.put_forward(computer_time(), self._next_moment))
                self.tell_news()

    def end(self) -> None:
        """End the drill, write the report, and note that the drill was held; nothing counts that is later."""
        ended = self.drill.ended or min(current_time(), self._last_moment)
        self._change(replace(self.drill, ended=ended))
        publications = read_publications(self.drill, ended)
        untranslated = self._find_untranslated(ended)
        result = DrillResult(self.drill, self.story, self.site, publications, untranslated, ended)
        file = self.drill.report_file
        if not file.exists():  # it says the same each time that somebody asks for it
            save_file(file, result.format_report().encode(), None)
        click.echo(f"{file.read_text(encoding='utf-8', errors='replace')}\nThis report is in {file}")
        if result.updates:
            self._note()
        else:
            click.echo("Nobody published an update, so this is not noted as a drill.")

    def _find_untranslated(self, ended: datetime) -> list[Problem]:
        """Return what the posts of the drill lack in other languages."""
        content, problems = read_site(self.drill.site)
        if content.site is None or problems:
            return []
        reading = read_clock(content.site, ended, False)
        board = make_board(reading.site, reading.moment, with_next_change=False)
        begins, incidents = self.drill.clock.begins, content.site.incidents
        posts = (post for post in incidents if any(begins <= each.time.start <= ended for each in post.updates))
        stems = tuple(post.place.file.removesuffix("md") for post in posts)
        advice = find_advice(reading.site, content.texts, board, reading)
        return [each for each in advice if each.rule == "untranslated" and each.place.file.startswith(stems)]

    def _note(self) -> None:
        """Note the drill in the folder of the real site; where that is not known, say what to note."""
        day, story = self.drill.clock.settings[0][0].astimezone(self.site.zone).date(), self.drill.story
        if self.drill.source and (self.drill.source / SERVICES_FILE).is_file():
            click.echo(f"It is noted in {note_drill(self.drill.source, day, story)}. Commit that file.")
        else:
            line = format_drill(day, story)
            click.echo(f"To note it, add this line to drills.md, beside services.yaml of your site: {line}")


def _read_keyboard(lines: "Queue[str]") -> None:
    for line in sys.stdin:
        lines.put(line)


def open_run(drill: Drill) -> DrillRun:
    """Return a drill that goes on; from now on, its clock counts."""
    keep_time_of(drill.site)
    text = (drill.site / SERVICES_FILE).read_text(encoding="utf-8")
    site, _, _ = read_services(text, drill.site, available_languages())
    site = site or load_site(drill.site)  # which says what is wrong
    return DrillRun(drill, read_story(drill.story_file, site), site)


@contextmanager
def showing(drill: Drill) -> Iterator[DrillRun]:
    """Show the page of a drill until the end of the block; everything in it goes by the drill's clock."""
    run = open_run(drill)
    with show_pages(drill, page_policy(run.site)):
        try:
            yield run
        finally:
            run.close_desk()


def run_drill(drill: Drill, with_desk: bool, is_waiting: bool) -> None:
    """Tell the news of a drill: what is new now or, waiting, all of it until the end, and then the report."""
    with showing(drill) as run:
        if not has_publications(drill):
            run.publish_first()
        if with_desk:
            run.open_desk()
        run.tell_news()
        if is_waiting:
            run.watch()
            run.end()


def end_drill(drill: Drill) -> None:
    """End a drill, with its report; of one that has ended, print that once more."""
    if not has_publications(drill):
        what = "This drill has not begun: its page was never published."
        raise DrillError(f"{what} Go on with it: statusgen drill {drill.folder}")
    open_run(drill).end()
