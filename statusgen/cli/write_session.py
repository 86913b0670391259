"""One run of a writer's command: the site that it writes into, at which moment, and how it writes."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path

import click

from statusgen.board.board import make_board
from statusgen.board.model.advice import LapsedAdvice
from statusgen.board.model.whole_board import Board
from statusgen.cli.build_options import BuildOptions
from statusgen.cli.drafts import current_draft
from statusgen.cli.errors import NOTHING_WRITTEN, parse_flag
from statusgen.cli.moments import current_time, machine_clock
from statusgen.cli.prompts import ask, choose, describe_post, is_interactive, parse_yes
from statusgen.cli.write_report import WriteReport, read_update_clock
from statusgen.content.posts.due_times import CLOCK_TOLERANCE
from statusgen.editor import find_incident, posts
from statusgen.editor.earlier import Earlier
from statusgen.editor.fact_values import FactValue
from statusgen.editor.lapsing import describe_lapsing, find_lapsing, keep_advice
from statusgen.editor.last_words import find_last_words, find_unmentioned_services, format_key, list_names
from statusgen.editor.times import TimeParser, format_time, update_time
from statusgen.editor.translations import merge_lines
from statusgen.editor.workspace import DryRun, Workspace
from statusgen.english import English, SeveralTexts
from statusgen.git import read_last_commit_time
from statusgen.lint import translations
from statusgen.lint.rule import translation_file
from statusgen.model.posts import Incident
from statusgen.model.states import State
from statusgen.model.times import When
from statusgen.problems import ContentError, InvalidValue, Problem, StatusgenError
from statusgen.speed.cache import Cache
from statusgen.wording.interface import available_languages


class WriteSession:
    """One run of a writer's command on the site in `source`.

    `at` is the time of the update as the writer types it, None for now. With `edit` the text is opened in an editor
    before it is written, with `yes` nothing is asked, and with `build` the site is built afterwards.
    """

    def __init__(self, source: Path, at: str | None, *, edit: bool, yes: bool, build: bool) -> None:
        self.workspace = self.open_workspace(source)
        self.site = self.workspace.site
        self.now = current_time()
        self.at = parse_flag("--at", self._make_time_parser(self.now).parse_past, at) if at else None
        # The moment of an update that is dated earlier than now.
        self.past = self.at.start if self.at and self.at.start < self.now else None
        self.can_ask = is_interactive() and not yes
        self.should_edit = edit
        self.should_build = build
        self._warn_of_slow_clock()
        # Somebody who was asked is shown what will be written, and has to confirm it.
        self.should_confirm = False
        # The advice that the update lets go of.
        self.lapsing: tuple[LapsedAdvice, ...] = ()

    @property
    def time_parser(self) -> TimeParser:
        """The parser of times as they are typed at the moment of the update."""
        return TimeParser(self.at.start, self.site.zone) if self.at else self._make_time_parser(self.now)

    def _make_time_parser(self, now: datetime) -> TimeParser:
        draft = current_draft()
        return TimeParser(now, self.site.zone, draft.typed_at if draft else None)

    may_leave_blanks = True
    """Whether what a template asks for may be filled in later, in the file."""

    def open_workspace(self, source: Path) -> Workspace:
        """Return the folder that the session writes into."""
        return Workspace(source, available_languages(), Cache(source))

    @property
    def _clock(self) -> str:
        """What the computer's clock says, as posts have it."""
        return self.format_time(When.moment(self.now))

    def _warn_of_slow_clock(self) -> None:
        """Say so if the last commit is later than the clock: this one is slow, or that of another computer fast."""
        if machine_clock(None, self.site) is None:
            return
        committed_at = read_last_commit_time(self.workspace.folder)
        if committed_at and committed_at > self.now + CLOCK_TOLERANCE:
            last = self.format_time(When.moment(committed_at))
            what = f"This computer's clock says {self._clock}, but the last commit was made at {last}."
            click.echo(f"{what} The clock is slow, or that of another computer fast. See: date", err=True)

    def compare_clocks(self) -> None:
        """Say so if this computer's clock is not that of the published site's server, as far as that can be asked."""
        if self.at or self.site.demonstration or machine_clock(None, self.site) is None:
            return
        from statusgen.cli.site_clock import read_site_clock

        found = read_site_clock(self.site.url)
        if found and abs(found - current_time()) > CLOCK_TOLERANCE:
            server = f"the server of {self.site.url} says {self.format_time(When.moment(found))}"
            click.echo(f"This computer's clock says {self._clock}, but {server}. See: date", err=True)

    @cached_property
    def board(self) -> Board:
        """The status of everything at the moment of the update, drafts included."""
        return self._board_at(self.past)

    @cached_property
    def board_now(self) -> Board:
        """The status of everything now, drafts included."""
        return self._board_at(None) if self.past else self.board

    def _board_at(self, past: datetime | None) -> Board:
        reading = read_update_clock(self.site, self.now, past, drafts=True)
        return make_board(reading.site, reading.moment, drafts=True, with_next_change=False)

    def find_incident(self, words: str | None) -> Incident:
        """Return the post that the words name; without words, ask which one, if somebody can be asked."""
        if not words:
            unfinished = [incident.incident for incident in find_incident.unfinished_incidents(self.board_now)]
            if len(unfinished) == 1 and is_interactive():
                click.echo(f"This is about the only post that is open: {describe_post(unfinished[0])}")
                return unfinished[0]
            if not self.can_ask or not unfinished:
                ids = ", ".join(post.id for post in unfinished)
                hint = f"Choose from: {ids}." if unfinished else "None is open."
                what = f"Name the post, or a part of its name. {hint}"
                raise click.BadParameter(what, param_hint="INCIDENT")
            return unfinished[choose("Which one?", [describe_post(post) for post in unfinished], flag="INCIDENT")]
        try:
            return find_incident.find_incident(words, self.site.incidents, self.board_now)
        except InvalidValue as error:
            if mistakes := self._mistakes_in_posts_named(words):
                raise ContentError(mistakes) from None
            raise StatusgenError(error.message) from error

    def _mistakes_in_posts_named(self, words: str) -> list[Problem]:
        """Return why no post with this name could be read; nothing if one could."""
        if any(words.casefold() in post.place.file.casefold() for post in self.site.incidents):
            return []
        return [problem for problem in self.workspace.problems if words.casefold() in problem.place.file.casefold()]

    def affected_keys(self, post: Incident) -> list[str]:
        """Return the services and channels that a post affects now."""
        incident = self.board.incident_by_id.get(post.id)
        effects = [effect for effect in incident.effects if effect.until is None] if incident else []
        return ["/".join(filter(None, effect.key)) for effect in effects]

    def read_text(self, words: str | None) -> str:
        """Return the text of an update that --text gives; "" if there is none."""
        if words == "-":
            try:
                with click.open_file("-", encoding="utf-8-sig") as stdin:
                    words = str(stdin.read())
            except UnicodeDecodeError:
                what = "Standard input is not in UTF-8. Nothing was written."
                raise click.BadParameter(what, param_hint="--text") from None
            if not words.strip():
                raise click.BadParameter("Standard input was empty. Nothing was written.", param_hint="--text")
        return parse_flag("--text", posts.parse_update_text, words) if words else ""

    def require_text(self, words: str) -> str:
        """Return an answer as the text of an update; raises InvalidValue if it is empty, or would end the text."""
        if not words:
            raise InvalidValue(English("An update needs some text."), English("Write a sentence or two."))
        return posts.parse_update_text(words)

    def format_time(self, when: When) -> str:
        """Format a time as posts have it."""
        return format_time(when, self.site.zone)

    def read_time(self, flag: str, words: str) -> str:
        """Return the time that a flag gives, as posts have it; an hour alone is in the future."""
        return self.format_time(parse_flag(flag, self.time_parser.parse_future, words))

    def read_future_time(self, flag: str, words: str) -> str:
        """Return the time that a flag gives, as posts have it; blame the flag if it has passed."""
        return self.format_time(parse_flag(flag, self.time_parser.require_future, words))

    def make_post_id(self, title: str) -> str:
        """Return the id of a new post with this title."""
        return posts.make_post_id(title, f"{self.time_parser.now.astimezone(self.site.zone):%Y-%m-%d}")

    def earlier(self, post: Incident) -> Earlier:
        """Return what a post said so far, to which flags can refer or add."""
        incident = self.board.incident_by_id.get(post.id)
        lists = {name: getattr(incident, name) if incident else () for name in ("known", "not_known", "doing")}
        texts = {name: tuple(words.texts[0][1] for words in entries) for name, entries in lists.items()}
        words = find_last_words(incident) if incident else []
        standing = {word.key[0]: word.status for word in words if word.of_service}
        standing |= {format_key(word.key): word.status for word in words}
        return Earlier(tuple(self.affected_keys(post)), texts, standing)

    def append_update(
        self, post: Incident, state: State, facts: Mapping[str, FactValue], text: str, keep: bool = False
    ) -> None:
        """Add an update to a post, where its time belongs, and report; raises ContentError if that makes a mistake.

        With `keep` it says again what it would otherwise let go of.
        """
        heading, line = self._place_update(post)
        old = self.workspace.read_bytes(post)

        def add(block: str) -> bytes:
            return posts.insert_block(old, block, line) if line else posts.append_block(old, block)

        def make_content(block: str) -> bytes:
            if block.strip() == empty_block.strip():
                raise StatusgenError(
                    SeveralTexts(English("This update says nothing: it has neither facts nor text."), NOTHING_WRITTEN)
                )
            return add(block)

        def format_block(facts: Mapping[str, FactValue]) -> str:
            return posts.format_update(heading, state, facts, text)

        if not state.is_terminal:  # with the post, all of it ends
            facts = self._offer_lapsing(post, facts, lambda facts: add(format_block(facts)), keep)
        empty_block = posts.format_update(heading, State.UPDATE, {}, "")
        dry_run = self._check_and_save(post.place.file, format_block(facts), make_content, old)
        self.report_update(post, WriteReport(post.id, dry_run, self.now, self.past), heading)

    def _offer_lapsing(
        self,
        post: Incident,
        facts: Mapping[str, FactValue],
        make_content: Callable[[Mapping[str, FactValue]], bytes],
        keep: bool,
    ) -> Mapping[str, FactValue]:
        """Return the facts, with the advice that the update would let go of, if the writer wants to keep it."""
        before = self.board.incident_by_id.get(post.id)
        if before is None or not before.workarounds or not facts.get("services"):
            return facts
        try:
            after = self.workspace.dry_run(post.place.file, make_content(facts), self.workspace.read_bytes(post))
        except ContentError:
            return facts  # it is reported when the update is checked
        written = next(each for each in after.site.incidents if each.id == post.id)
        lapsing = find_lapsing(written, after.site, (update.id for update in post.updates))
        if not lapsing:
            return facts
        said = "".join(f"\n  {describe_lapsing(lapsed)}" for lapsed in lapsing)
        if keep or (
            self.can_ask and click.confirm(f"This got better, so these are no longer shown:{said}\nKeep them?")
        ):
            return keep_advice(facts, lapsing, before, self.site.zone)
        self.lapsing = tuple(lapsing)
        if not self.can_ask:
            click.echo(f"This got better, so these are no longer shown (to keep them: --keep):{said}")
        return facts

    def _place_update(self, post: Incident) -> tuple[str, int | None]:
        """Return the time of an update, as posts have it, and the line that it goes before; None for the end."""
        later = next((update for update in post.updates if self.at and update.time.start > self.at.start), None)
        if later is None or self.at is None:
            return self._time_after(post.updates[-1].time), None
        if later is post.updates[0]:
            first = self.format_time(later.time)
            raise StatusgenError(
                SeveralTexts(
                    English("%(id)s begins with its text from %(first)s. Use a later --at.", id=post.id, first=first),
                    NOTHING_WRITTEN,
                )
            )
        click.echo(f"This goes before the update of {self.format_time(later.time)}.")
        return self.format_time(self.at), later.place.line

    def read_template(self, name: str) -> str:
        """Return the text of a template that --template names."""
        from statusgen.editor.templates import read_template

        return parse_flag("--template", read_template, self.workspace.folder, name)

    def create_post(
        self, id: str, text: str, may_have_blanks: bool, translations: Mapping[str, str] | None = None
    ) -> None:
        """Write a new post and its translations, and report.

        Raises ContentError for a mistake, and StatusgenError if the post exists.
        """
        file = f"incidents/{id}.md"
        existing = [post.place.file for post in self.site.incidents if post.id == id]
        if existing or (self.workspace.folder / file).exists():
            hint = English("For an update: statusgen update %(id)s. For another post: --id.", id=id)
            raise StatusgenError(
                SeveralTexts(
                    English("%(file)s already exists.", file=existing[0] if existing else file), hint, NOTHING_WRITTEN
                )
            )
        files = {
            translation_file(file, language): translation for language, translation in (translations or {}).items()
        }
        shown = "\n".join([text, *(f"{name}:\n{translation}" for name, translation in files.items())])
        dry_run = self._check_and_save(file, text, str.encode, None, may_have_blanks, shown)
        click.echo(f"Wrote {file}.")
        for name, translation in files.items():
            dry_run = self._add_translation(name, translation.encode(), dry_run)
        written = tuple(name for name in (file, *files) if (self.workspace.folder / name).exists())
        self.report_post(file, WriteReport(id, dry_run, self.now, self.past, written))

    def report_post(self, file: str, report: WriteReport) -> None:
        """Say what a new post says, and build the site if that was asked for."""
        report.print_moment()
        if report.post:
            report.print_promises(report.post.updates)
        report.print_problems(file)
        self._finish(report)

    def _add_translation(self, file: str, content: bytes, before: DryRun) -> DryRun:
        """Write a translation of a post that was just written; if it has mistakes, only name them."""
        dry_run, mistakes = before, []
        try:
            dry_run = self.workspace.dry_run(file, content, None)
        except ContentError as error:  # the blanks of the post are mistakes too
            mistakes = [problem for problem in error.problems if problem.place.file == file]
        for problem in mistakes:
            click.echo(str(problem), err=True)
        if mistakes:
            click.echo(f"{file} was not written.", err=True)
            return before
        self.workspace.save(file, content, None)
        click.echo(f"Wrote {file}.")
        return dry_run

    def save_translation(self, file: str, text: str, old: bytes | None, new_lines: str) -> DryRun:
        """Write a translation, after showing the lines that are new; raises ContentError if that makes a mistake."""
        return self._check_and_save(file, text, partial(merge_lines, old or b""), old, shown=new_lines)

    def _time_after(self, last: When) -> str:
        """Return the time of an update that follows one at `last`, as posts have it."""
        try:
            time = self.at or update_time(self.now, last)
        except InvalidValue as error:
            raise StatusgenError(SeveralTexts(error.message, NOTHING_WRITTEN)) from None
        if not self.at and time.start > self.now:
            why = f"the last update of this post is dated {self.format_time(last)}"
            if last.start > self.now + CLOCK_TOLERANCE:
                why = f"This computer's clock says {self._clock}, but {why}: one of two clocks is wrong"
            click.echo(f"{why[0].upper()}{why[1:]}.", err=True)
            click.echo(f"This update is dated {self.format_time(time)}. For another time: --at.", err=True)
        return self.format_time(time)

    def _check_and_save(
        self,
        file: str,
        block: str,
        make_content: Callable[[str], bytes],
        old: bytes | None,
        may_have_blanks: bool = False,
        shown: str | None = None,
    ) -> DryRun:
        """Write what `make_content` makes of a text once it has no mistakes; in an editor, they can be fixed.

        Before that the text is shown, or `shown` of it.
        """
        while True:
            block = _edit(block) if self.should_edit else block
            new = make_content(block)
            try:
                dry_run = self.workspace.dry_run(file, new, old, may_have_blanks)
                break
            except ContentError as error:
                if not (self.should_edit and self.can_ask):
                    raise
                _confirm_editing_again(error, block)
        if self.should_confirm and not self.should_edit:
            click.echo(f"\n{block if shown is None else shown}")
            click.confirm("Write this?", default=True, abort=True)
        self.workspace.save(file, new, old)
        if draft := current_draft():
            draft.discard()
        return dry_run

    def report_update(self, post: Incident, report: WriteReport, heading: str) -> None:
        """Say what an update says, and build the site if that was asked for."""
        known = {update.id for update in post.updates}
        new = [update for update in report.post.updates if update.id not in known] if report.post else []
        file, line = post.place.file, new[0].place.line if new else 1
        click.echo(f"Wrote {file}, from line {line} on.")
        report.print_moment()
        # Missing translations are listed below, in one line each.
        report.print_problems(file, line, {rule.name for rule in translations.RULES})
        report.print_promises(new)
        for language in post.translation_languages:
            translation = translation_file(file, language)
            what = f'this update still needs a translation into "{language}": ## {heading}'
            click.echo(f"{translation}: {what}. To lay it out: statusgen translate {post.id} {language}")
        self._finish(report)

    def ask_others(self, post: Incident, named: Iterable[str]) -> str | None:
        """Ask what to say of the services of which nothing is said, besides those that an update of a post names."""
        unsaid = find_unmentioned_services(self.board, post.id, named)
        if not unsaid:
            return None
        question = f"Nothing is said about {list_names(unsaid)}. Say that their status is not known?"
        return ask(
            f"{question}\n(yes or no. Press Enter for: no.)",
            lambda words: "unknown" if parse_yes(words) else None,
            flag="--others",
        )

    def _finish(self, report: WriteReport) -> None:
        """Report what the page says now, and build the site if that was asked for."""
        report.print_page()
        if not self.should_build:
            if report.can_be_built:
                click.echo("To look at it: statusgen serve. To build the site: statusgen build")
        elif not report.can_be_built:
            raise StatusgenError("The post is written, but the site was not built.")
        else:
            from statusgen.cli.build_site import build_site  # the libraries of all outputs take a while

            build_site(BuildOptions(self.workspace.folder))


def _edit(block: str) -> str:
    """Return a text as it was left in the editor; one that was not saved stays as it was."""
    edited = click.edit(block, extension=".md")
    if edited is not None and not edited.strip():
        raise StatusgenError("The text is empty. Nothing was written.")
    return block if edited is None else edited.rstrip() + "\n"


def _confirm_editing_again(error: ContentError, block: str) -> None:
    """Print the mistakes; unless the writer wants to fix them, print the text so that it is not lost, and abort."""
    for problem in error.problems:
        click.echo(str(problem), err=True)
    if not click.confirm("Fix it in the editor?", default=True):
        click.echo(f"This was not written:\n\n{block}", err=True)
        raise click.Abort from None
