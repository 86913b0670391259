"""What the writer's commands share: the desk they write at, and what they say when it is written."""

from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from statusgen.cli.prompts import choose, is_interactive
from statusgen.cli.shared import current_time, format_moment, format_time_in_words, read_flag
from statusgen.model import Incident, State, When
from statusgen.problems import ContentError, InvalidValue, StatusgenError

if TYPE_CHECKING:
    from statusgen.board.model import Board
    from statusgen.editor.workspace import DryRun


class WriteSession:
    """Writes into the site in `source`, at the moment `at` as the writer says it, or now; and then `builds` it."""

    def __init__(self, source: Path, at: str | None, yes: bool, should_build: bool) -> None:
        from statusgen.cache import Cache
        from statusgen.editor.times import TimeParser
        from statusgen.editor.workspace import Workspace
        from statusgen.wording.interface import available_languages

        self.workspace = Workspace(source, available_languages(), Cache(source))
        self.site = self.workspace.site
        self.now = current_time()
        self.at = read_flag("--at", TimeParser(self.now, self.site.zone).parse_past, at) if at else None
        self.time_parser = TimeParser(self.at.start if self.at else self.now, self.site.zone)
        self.can_ask = is_interactive() and not yes
        self.should_build = should_build
        # Whether somebody answered questions, and so has not seen yet what will be written.
        self.has_asked = False

    @cached_property
    def board(self) -> "Board":
        """How things stand now, drafts included."""
        from statusgen.board.board import make_board

        return make_board(self.site, self.now, drafts=True, with_next_change=False)

    def find_incident(self, words: str | None) -> Incident:
        """The post that is meant; where none is named, and somebody is there to ask, they choose."""
        from statusgen.editor.find_incident import find_incident, unfinished_incidents

        if not words:
            posts = [incident.incident for incident in unfinished_incidents(self.board)]
            if not self.can_ask or not posts:
                named = f" Choose from: {', '.join(post.id for post in posts)}." if posts else " None is open."
                raise click.UsageError(f"Say which post, by a part of its name.{named}")
            number = choose("Which one?", [f"{post.id}  {post.title.texts[0][1]}" for post in posts])
            return posts[number]
        try:
            return find_incident(words, self.site.incidents, self.board)
        except InvalidValue as wrong:
            readable_files = {post.place.file for post in self.site.incidents}
            unreadable = [
                problem for problem in self.workspace.problems if words.casefold() in problem.place.file.casefold()
            ]
            if unreadable and not any(words.casefold() in file.casefold() for file in readable_files):
                raise ContentError(unreadable) from None
            raise StatusgenError(f"{wrong.what} {wrong.hint}") from None

    def read_text(self, words: str | None) -> str:
        """The text of an update as the flag gives it."""
        from statusgen.editor.posts import parse_update_text

        if words == "-":
            with click.open_file("-", encoding="utf-8") as stdin:
                words = str(stdin.read())
            if not words.strip():
                raise click.BadParameter("Standard input was empty. Nothing was written.", param_hint="--text")
        return read_flag("--text", parse_update_text, words) if words else ""

    def time_after(self, last: When) -> When:
        """When an update after that of `last` is said."""
        from statusgen.editor.times import update_time

        try:
            return self.at or update_time(self.now, last)
        except InvalidValue as wrong:
            raise StatusgenError(f"{wrong.what} {wrong.hint} Nothing was written.") from None

    def format_time(self, when: When) -> str:
        """A time as posts have it."""
        from statusgen.editor.times import format_time

        return format_time(when, self.site.zone)

    def read_future_time(self, flag: str, words: str) -> str:
        """A time to come, as posts have it."""
        return self.format_time(read_flag(flag, self.time_parser.parse_future, words))

    def require_future_time(self, flag: str, words: str) -> str:
        """A time that is still ahead when the update is said, as posts have it."""
        return self.format_time(read_flag(flag, self.time_parser.require_future, words))

    def pending_promise(self, post: Incident) -> dict[str, str]:
        """The promise of a post that lies ahead, to be said again: an update without one ends that before it."""
        incident = self.board.incident_by_id.get(post.id)
        promise = incident.promise if incident else None
        return (
            {"next_update": self.format_time(promise.due)} if promise and promise.due.end > self.time_parser.now else {}
        )

    def append_update(
        self,
        post: Incident,
        state: State,
        facts: Mapping[str, Any],
        text: str,
        edit: bool = False,
        keep_promise: bool = False,
    ) -> None:
        """Put an update at the end of a post, and say what the page says now; raises ContentError.

        To `keep` its promise is to say it again, where the facts make none.
        """
        from statusgen.board.board import make_board
        from statusgen.editor import posts
        from statusgen.lint import translations
        from statusgen.lint.rule import translation_file

        heading = self.format_time(self.time_after(post.updates[-1].time))
        kept_promise = self.pending_promise(post) if keep_promise and "next_update" not in facts else {}
        block = posts.format_update(heading, state, {**facts, **kept_promise}, text)
        empty = posts.format_update(heading, State.UPDATE, {}, "").strip()
        old = self.workspace.read_bytes(post)
        file = post.place.file
        dry_run = self.check_and_save(
            file, block, edit, lambda block: posts.append_block(old, _require_content(block, empty)), old
        )
        board = make_board(dry_run.site, self.now, with_next_change=False)
        new = next(each for each in dry_run.site.incidents if each.id == post.id).updates[len(post.updates) :]
        line = new[0].place.line if new else 1
        click.echo(f"Wrote {file}, from line {line} on.")
        # Which translations lack it is said below, in one line each.
        self.report_problems(dry_run, board, file, line, {rule.name for rule in translations.RULES})
        if new and new[0].next_update:
            promised = "The next update is still promised by" if kept_promise else "You promised:"
            click.echo(f"{promised} {format_time_in_words(new[0].next_update, self.site)}.")
        for language in post.translation_languages:
            translation = translation_file(file, language)
            click.echo(f'{translation}: this update is still to be translated to "{language}": ## {heading}')
        self.report_result(dry_run, board, post.id)

    def create_post(self, id: str, text: str, edit: bool, may_have_blanks: bool) -> None:
        """Write a new post, and say what the page says now; raises ContentError, and StatusgenError if it is there."""
        from statusgen.board.board import make_board

        file = f"incidents/{id}.md"
        taken = [post.place.file for post in self.site.incidents if post.id == id]
        if taken or (self.workspace.folder / file).exists():
            hint = f"For an update: statusgen update {id}. For another post: --id."
            raise StatusgenError(f"There is {taken[0] if taken else file} already. {hint} Nothing was written.")
        dry_run = self.check_and_save(file, text, edit, lambda text: text.encode(), None, may_have_blanks)
        board = make_board(dry_run.site, self.now, with_next_change=False)
        click.echo(f"Wrote {file}.")
        promised = [post.updates[-1].next_update for post in dry_run.site.incidents if post.id == id]
        if promised and promised[0]:
            click.echo(f"You promised: {format_time_in_words(promised[0], self.site)}.")
        self.report_problems(dry_run, board, file, 1)
        self.report_result(dry_run, board, id)

    def check_and_save(
        self,
        file: str,
        block: str,
        edit: bool,
        make_content: Callable[[str], bytes],
        old: bytes | None,
        may_have_blanks: bool = False,
    ) -> "DryRun":
        """Write what `whole` makes of the text, once it has no mistakes; in the editor, those can be mended."""
        while True:
            if edit:
                block = _edit(block)
            new = make_content(block)
            try:
                dry_run = self.workspace.dry_run(file, new, old, may_have_blanks)
            except ContentError as error:
                if not (edit and self.can_ask):
                    raise
                for problem in error.problems:
                    click.echo(str(problem), err=True)
                if click.confirm("Mend it in the editor?", default=True):
                    continue
                click.echo(f"This was not written:\n\n{block}", err=True)
                raise click.Abort from None
            if self.has_asked and not edit:
                click.echo(f"\n{block}")
                click.confirm("Write this?", default=True, abort=True)
            self.workspace.save(file, new, old)
            return dry_run

    def report_problems(
        self, dry_run: "DryRun", board: "Board", file: str, line: int, skipped_rules: Collection[str] = ()
    ) -> None:
        """Name what is still to be filled in, advice about what was written (but `unsaid`), and mistakes elsewhere."""
        from statusgen.lint import registry

        for problem in dry_run.blanks:
            click.echo(f"{problem.place}: {problem.message}")
        if dry_run.other_mistakes:
            files = ", ".join(sorted({problem.place.file for problem in dry_run.other_mistakes}))
            click.echo(f"The site cannot be built yet: there are mistakes in {files}. See: statusgen check")
        elif not dry_run.blanks:
            texts = {file: dry_run.texts[file]}  # others have been advised on, and there may be thousands
            for problem in sorted(registry.find_advice(dry_run.site, texts, board)):
                is_new = problem.place.file == file and problem.place.line >= line
                if is_new and problem.rule not in skipped_rules:
                    click.echo(f"{problem.place}: advice: {problem.message}")

    def report_result(self, dry_run: "DryRun", board: "Board", id: str) -> None:
        """Say what the front page, and one message, say of it now."""
        from statusgen.wording.phrasing import Phrasing
        from statusgen.wording.short_forms import incident_message

        if dry_run.blanks:
            file = f"incidents/{id}.md"
            click.echo(f"To publish the rest meanwhile, keep it elsewhere and move it back later: mv {file} {id}.md")
            click.echo("Fill these in, then: statusgen check")
            self.fail_if_should_build()
            return
        post = next(post for post in dry_run.site.incidents if post.id == id)
        published = post.updates[-1].time.start
        if post.draft:
            click.echo("It is a draft: take out the line draft: when it is ready.")
        elif published > self.now:
            click.echo(f"It is not shown before {format_moment(published, dry_run.site)}.")
        else:
            speech = Phrasing(dry_run.site, dry_run.site.languages[0], plain=True)
            click.echo(f"The page says: {' '.join(speech.headline(board))}")
            click.echo(f"In one message: {incident_message(board.incident_by_id[id], board, speech)}")
        if dry_run.other_mistakes:
            self.fail_if_should_build()
            return
        if not self.should_build:
            click.echo("To look at it: statusgen serve. To build the site: statusgen build")
            return
        from statusgen.cli.main import main

        main(["build", "--source", str(self.workspace.folder)], prog_name="statusgen", standalone_mode=False)

    def fail_if_should_build(self) -> None:
        """End with an error, where the site should have been built and cannot be."""
        if self.should_build:
            raise StatusgenError("The post is written, but the site was not built.")


def _require_content(block: str, empty: str) -> str:
    """The block of an update, if there is more to it than its time."""
    if block.strip() == empty:
        raise StatusgenError("This update says nothing: it has neither facts nor text. Nothing was written.")
    return block


def _edit(block: str) -> str:
    """What somebody makes of a text in the editor; one that is left unsaved stays as it was."""
    edited = click.edit(block, extension=".md")
    if edited is not None and not edited.strip():
        raise StatusgenError("The text is empty. Nothing was written.")
    return block if edited is None else edited.rstrip() + "\n"
