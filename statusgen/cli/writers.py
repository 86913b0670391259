"""What the writer's commands share: the desk they write at, and what they say when it is written."""

from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from statusgen.cli.prompts import choose, terminal
from statusgen.cli.shared import clock, in_words, read_flag, shown
from statusgen.errors import ContentError, StatusgenError
from statusgen.model import Incident, State, When
from statusgen.reading.values import Wrong


class Pen:
    """Writes into the site in `source`, at the moment `at` as the writer says it, or now; and then `builds` it."""

    def __init__(self, source: Path, at: str | None, yes: bool, builds: bool) -> None:
        from statusgen.cache import Cache
        from statusgen.languages.interface import available
        from statusgen.writing.desk import Desk
        from statusgen.writing.times import Clock

        self.desk = Desk(source, available(), Cache(source))
        self.site = self.desk.site
        self.now = clock()
        self.at = read_flag("--at", Clock(self.now, self.site.zone).gone, at) if at else None
        self.clock = Clock(self.at.start if self.at else self.now, self.site.zone)
        self.asks = terminal() and not yes
        self.builds = builds
        # Whether somebody answered questions, and so has not seen yet what will be written.
        self.asked = False

    @cached_property
    def board(self) -> Any:
        """How things stand now, drafts included."""
        from statusgen.status.board import board

        return board(self.site, self.now, drafts=True, ahead=False)

    def incident(self, words: str | None) -> Incident:
        """The post that is meant; where none is named, and somebody is there to ask, they choose."""
        from statusgen.writing.finding import going_on, incident_meant

        if not words:
            posts = [standing.incident for standing in going_on(self.board)]
            if not self.asks or not posts:
                named = f" Choose from: {', '.join(post.id for post in posts)}." if posts else " None is open."
                raise click.UsageError(f"Say which post, by a part of its name.{named}")
            number = choose("Which one?", [f"{post.id}  {post.title.texts[0][1]}" for post in posts])
            return posts[number]
        try:
            return incident_meant(words, self.site.incidents, self.board)
        except Wrong as wrong:
            read = {post.place.file for post in self.site.incidents}
            unread = [problem for problem in self.desk.problems if words.casefold() in problem.place.file.casefold()]
            if unread and not any(words.casefold() in file.casefold() for file in read):
                raise ContentError(unread) from None
            raise StatusgenError(f"{wrong.what} {wrong.hint}") from None

    def text(self, words: str | None) -> str:
        """The text of an update as the flag gives it."""
        from statusgen.writing.posts import text_of

        if words == "-":
            with click.open_file("-", encoding="utf-8") as stdin:
                words = str(stdin.read())
            if not words.strip():
                raise click.BadParameter("Standard input was empty. Nothing was written.", param_hint="--text")
        return read_flag("--text", text_of, words) if words else ""

    def time_after(self, last: When) -> When:
        """When an update after that of `last` is said."""
        from statusgen.writing.times import heading

        try:
            return self.at or heading(self.now, last)
        except Wrong as wrong:
            raise StatusgenError(f"{wrong.what} {wrong.hint} Nothing was written.") from None

    def written(self, when: When) -> str:
        """A time as posts have it."""
        from statusgen.writing.times import written

        return written(when, self.site.zone)

    def coming(self, flag: str, words: str) -> str:
        """A time to come, as posts have it."""
        return self.written(read_flag(flag, self.clock.coming, words))

    def later(self, flag: str, words: str) -> str:
        """A time that is still ahead when the update is said, as posts have it."""
        return self.written(read_flag(flag, self.clock.later, words))

    def still_promised(self, post: Incident) -> dict[str, str]:
        """The promise of a post that lies ahead, to be said again: an update without one ends that before it."""
        standing = self.board.incident.get(post.id)
        promise = standing.promise if standing else None
        return {"next_update": self.written(promise.due)} if promise and promise.due.end > self.clock.now else {}

    def append(
        self, post: Incident, state: State, facts: Mapping[str, Any], text: str, edit: bool = False, keep: bool = False
    ) -> None:
        """Put an update at the end of a post, and say what the page says now; raises ContentError.

        To `keep` its promise is to say it again, where the facts make none.
        """
        from statusgen.checking import translations
        from statusgen.checking.case import translated
        from statusgen.status.board import board
        from statusgen.writing import posts

        heading = self.written(self.time_after(post.updates[-1].time))
        kept = self.still_promised(post) if keep and "next_update" not in facts else {}
        block = posts.update(heading, state, {**facts, **kept}, text)
        empty = posts.update(heading, State.UPDATE, {}, "").strip()
        old = self.desk.bytes_of(post)
        file = post.place.file
        tried = self.checked(file, block, edit, lambda block: posts.appended(old, _saying(block, empty)), old)
        now = board(tried.site, self.now, ahead=False)
        new = next(each for each in tried.site.incidents if each.id == post.id).updates[len(post.updates) :]
        line = new[0].place.line if new else 1
        click.echo(f"Wrote {file}, from line {line} on.")
        # Which translations lack it is said below, in one line each.
        self.tell(tried, now, file, line, {rule.name for rule in translations.RULES})
        if new and new[0].next_update:
            promised = "The next update is still promised by" if kept else "You promised:"
            click.echo(f"{promised} {in_words(new[0].next_update, self.site)}.")
        for language in post.translated:
            translation = translated(file, language)
            click.echo(f'{translation}: this update is still to be translated to "{language}": ## {heading}')
        self.say(tried, now, post.id)

    def create(self, id: str, text: str, edit: bool, may_have_blanks: bool) -> None:
        """Write a new post, and say what the page says now; raises ContentError, and StatusgenError if it is there."""
        from statusgen.status.board import board

        file = f"incidents/{id}.md"
        taken = [post.place.file for post in self.site.incidents if post.id == id]
        if taken or (self.desk.folder / file).exists():
            hint = f"For an update: statusgen update {id}. For another post: --id."
            raise StatusgenError(f"There is {taken[0] if taken else file} already. {hint} Nothing was written.")
        tried = self.checked(file, text, edit, lambda text: text.encode(), None, may_have_blanks)
        now = board(tried.site, self.now, ahead=False)
        click.echo(f"Wrote {file}.")
        promised = [post.updates[-1].next_update for post in tried.site.incidents if post.id == id]
        if promised and promised[0]:
            click.echo(f"You promised: {in_words(promised[0], self.site)}.")
        self.tell(tried, now, file, 1)
        self.say(tried, now, id)

    def checked(
        self,
        file: str,
        block: str,
        edit: bool,
        whole: Callable[[str], bytes],
        old: bytes | None,
        may_have_blanks: bool = False,
    ) -> Any:
        """Write what `whole` makes of the text, once it has no mistakes; in the editor, those can be mended."""
        while True:
            if edit:
                block = _edited(block)
            new = whole(block)
            try:
                tried = self.desk.tried(file, new, old, may_have_blanks)
            except ContentError as error:
                if not (edit and self.asks):
                    raise
                for problem in error.problems:
                    click.echo(str(problem), err=True)
                if click.confirm("Mend it in the editor?", default=True):
                    continue
                click.echo(f"This was not written:\n\n{block}", err=True)
                raise click.Abort from None
            if self.asked and not edit:
                click.echo(f"\n{block}")
                click.confirm("Write this?", default=True, abort=True)
            self.desk.save(file, new, old)
            return tried

    def tell(self, tried: Any, now: Any, file: str, line: int, unsaid: Collection[str] = ()) -> None:
        """Name what is still to be filled in, advice about what was written (but `unsaid`), and mistakes elsewhere."""
        from statusgen.checking import every

        for problem in tried.blanks:
            click.echo(f"{problem.place}: {problem.message}")
        if tried.others:
            files = ", ".join(sorted({problem.place.file for problem in tried.others}))
            click.echo(f"The site cannot be built yet: there are mistakes in {files}. See: statusgen check")
        elif not tried.blanks:
            texts = {file: tried.texts[file]}  # others have been advised on, and there may be thousands
            for problem in sorted(every.advice(tried.site, texts, now)):
                written = problem.place.file == file and problem.place.line >= line
                if written and problem.rule not in unsaid:
                    click.echo(f"{problem.place}: advice: {problem.message}")

    def say(self, tried: Any, now: Any, id: str) -> None:
        """Say what the front page, and one message, say of it now."""
        from statusgen.languages.short import incident_message
        from statusgen.languages.speech import Speech

        if tried.blanks:
            file = f"incidents/{id}.md"
            click.echo(f"To publish the rest meanwhile, keep it elsewhere and move it back later: mv {file} {id}.md")
            click.echo("Fill these in, then: statusgen check")
            self.not_built()
            return
        post = next(post for post in tried.site.incidents if post.id == id)
        published = post.updates[-1].time.start
        if post.draft:
            click.echo("It is a draft: take out the line draft: when it is ready.")
        elif published > self.now:
            click.echo(f"It is not shown before {shown(published, tried.site)}.")
        else:
            speech = Speech(tried.site, tried.site.languages[0], plain=True)
            click.echo(f"The page says: {' '.join(speech.headline(now))}")
            click.echo(f"In one message: {incident_message(now.incident[id], now, speech)}")
        if tried.others:
            self.not_built()
            return
        if not self.builds:
            click.echo("To look at it: statusgen serve. To build the site: statusgen build")
            return
        from statusgen.cli.main import main

        main(["build", "--source", str(self.desk.folder)], prog_name="statusgen", standalone_mode=False)

    def not_built(self) -> None:
        """End with an error, where the site should have been built and cannot be."""
        if self.builds:
            raise StatusgenError("The post is written, but the site was not built.")


def _saying(block: str, empty: str) -> str:
    """The block of an update, if there is more to it than its time."""
    if block.strip() == empty:
        raise StatusgenError("This update says nothing: it has neither facts nor text. Nothing was written.")
    return block


def _edited(block: str) -> str:
    """What somebody makes of a text in the editor; one that is left unsaved stays as it was."""
    edited = click.edit(block, extension=".md")
    if edited is not None and not edited.strip():
        raise StatusgenError("The text is empty. Nothing was written.")
    return block if edited is None else edited.rstrip() + "\n"
