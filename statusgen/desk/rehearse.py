"""What a form would write: the command that does the same is run, with nothing asked and nothing saved."""

import inspect
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from functools import cache
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeVar

import click

from statusgen.board.model.advice import LapsedAdvice
from statusgen.cli.errors import FlagValueError
from statusgen.cli.flags import options_of
from statusgen.cli.new import MissingFlagsError
from statusgen.cli.write_report import WriteReport
from statusgen.cli.write_session import WriteSession
from statusgen.editor.workspace import DryRun, Workspace
from statusgen.model.posts import Incident
from statusgen.problems import ContentError, StatusgenError
from statusgen.speed.cache import Cache
from statusgen.wording.interface import available_languages

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

F = TypeVar("F", bound="DataclassInstance")
_MAX_MISTAKES = 20
_TOP_KEY = re.compile(r"([a-z_]+):(?:\s|$)")
# What commands print would go to the terminal that the desk was started in, so they are run one at a time.
_LOCK = threading.RLock()


@dataclass(frozen=True)
class WrittenFile:
    """A file as a command would write it: its path in the site's folder, what it would be, and what it is now."""

    path: str
    new: bytes
    old: bytes | None


@dataclass(frozen=True)
class Mistake:
    """What is wrong in an answer, in `words`; "" if the answer is missing.

    `flag` is the flag of the command that the answer became, and `item` the service that it is about, if the flag can
    be given for several. `key` is the key of the post instead. All of them are "" if it is about no single answer.
    """

    words: str
    flag: str = ""
    item: str = ""
    key: str = ""


@dataclass(frozen=True)
class Rehearsal:
    """What a command would write, and what residents would then read.

    `mistakes` are all mistakes in what was said. If something can be written without those answers, `files` has it, the
    post first, and `report` what the site would be then; otherwise there are no files, and no report. `lapsing` is
    advice that it would let go of.
    """

    files: tuple[WrittenFile, ...] = ()
    report: WriteReport | None = None
    mistakes: tuple[Mistake, ...] = ()
    lapsing: tuple[LapsedAdvice, ...] = ()

    @property
    def file(self) -> WrittenFile | None:
        """The file of the post itself."""
        return self.files[0] if self.files else None


@dataclass(frozen=True)
class _Captured(Workspace):
    """A folder that nothing is written into: it notes what was tried, and what would have been written.

    `more` are files that come with the post, and that it can show.
    """

    tried: list[str] = field(default_factory=list)
    written: list[WrittenFile] = field(default_factory=list)
    more: list[WrittenFile] = field(default_factory=list)
    unsaved: dict[str, bytes] = field(default_factory=dict)
    quotes_lines: ClassVar[bool] = False

    def dry_run(self, file: str, new: bytes, old: bytes | None, may_have_blanks: bool = False) -> DryRun:
        """Return the site as it would be with the file, and note the file's text."""
        self.tried.append(new.decode(errors="replace"))
        return super().dry_run(file, new, old, may_have_blanks)

    def save(self, file: str, new: bytes, old: bytes | None) -> None:
        """Note the file instead of writing it."""
        self.written.append(WrittenFile(file, new, old))

    def key_at(self, line: int) -> str:
        """Return the key at a line of the post that was tried last, or the one that it belongs to; "text" in a text."""
        lines = self.tried[-1].split("\n")[:line] if self.tried else []
        in_front_matter = "---" not in lines[1:-1]
        for each in reversed(lines):
            if key := _TOP_KEY.match(each):
                return key[1]
            if not in_front_matter and (not each.strip() or each == "---"):
                return "text"
        return ""


class DeskSession(WriteSession):
    """A session in which nobody can be asked, and nothing is written.

    `mistakes` are those in what comes with the post. `shorten_template` is done to the text of a template before it is
    used, and `finish_post` to that of a new post.
    """

    may_leave_blanks = False

    def __init__(self, source: Path) -> None:
        self.shorten_template: Callable[[str], str] = str
        self.finish_post: Callable[[str], str] = str
        self.mistakes: list[Mistake] = []
        self.captured = _Captured(source, available_languages(), Cache(source))
        self.report: WriteReport | None = None
        super().__init__(source, None, edit=False, yes=True, build=False)

    def open_workspace(self, source: Path) -> Workspace:  # noqa: ARG002 - it is the one that was made for the session
        """Return the folder that nothing is written into."""
        return self.captured

    def compare_clocks(self) -> None:
        """Ask no server for its clock: that is not for each key that somebody presses."""

    def add_files(self, files: Iterable[WrittenFile]) -> None:
        """Take files that come with the post."""
        for file in files:
            self.captured.more.append(file)
            self.captured.unsaved[file.path] = file.new

    def add_translation(self, file: WrittenFile) -> None:
        """Take the translation of the post that was noted last; raises ContentError if it has a mistake."""
        post = self.captured.written[-1]
        self.captured.unsaved[post.path] = post.new
        dry_run = self.captured.dry_run(file.path, file.new, file.old)
        self.add_files([file])
        self.report = replace(self.report, dry_run=dry_run) if self.report else None

    def read_template(self, name: str) -> str:
        """Return the text of a template, without what the form asks for instead."""
        return self.shorten_template(super().read_template(name))

    def create_post(
        self,
        id: str,
        text: str,
        may_have_blanks: bool,  # noqa: ARG002 - none is left
        translations: Mapping[str, str] | None = None,  # noqa: ARG002 - the form has its own
    ) -> None:
        """Note a new post, with its blanks filled in."""
        super().create_post(id, self.finish_post(text), may_have_blanks=False)

    def report_post(self, file: str, report: WriteReport) -> None:  # noqa: ARG002 - the report has all of it
        """Keep the report."""
        self.report = report

    def report_update(self, post: Incident, report: WriteReport, heading: str) -> None:  # noqa: ARG002 - likewise
        """Keep the report."""
        self.report = report


def function_of(command: click.Command) -> Callable[..., None]:
    """Return the function that a command was made of: what it raises is not turned into messages."""
    assert command.callback
    function: Callable[..., None] = inspect.unwrap(command.callback)
    return function


def rehearse(source: Path, write: Callable[[DeskSession, F], None], flags: F) -> Rehearsal:
    """Run a command with what its flags say, and without each flag that turns out to be wrong.

    `write` takes the session and the flags, a dataclass. Raise ContentError if services.yaml has mistakes.
    """
    mistakes: list[Mistake] = []
    with _LOCK, redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        while len(mistakes) < _MAX_MISTAKES:
            session = DeskSession(source)
            try:
                write(session, flags)
                written, more = session.captured.written, session.captured.more
                files = (*written, *more) if written else ()
                return Rehearsal(files, session.report, (*mistakes, *session.mistakes), session.lapsing)
            except MissingFlagsError as error:
                mistakes += _list_new(_list_mistakes(error, session), mistakes)
                break
            except click.BadParameter as error:
                mistake, left = _leave_out(flags, error)
                mistakes.append(mistake)
                if left == flags:
                    break
                flags = left
            except (click.ClickException, StatusgenError) as error:
                mistakes += _list_new(_list_mistakes(error, session), mistakes)
                break
    return Rehearsal(mistakes=tuple(mistakes))


def _list_new(found: Iterable[Mistake], known: Sequence[Mistake]) -> list[Mistake]:
    """Return the mistakes without those that may be there only because wrong answers were left out."""
    blamed = {each.flag for each in known}
    return [each for each in found if not known or (each.flag not in blamed if each.flag else each.key)]


def _list_mistakes(error: Exception, session: DeskSession) -> Iterator[Mistake]:
    """Yield what keeps a command from writing anything."""
    if isinstance(error, MissingFlagsError):
        for flag in error.flags:  # "--holds known.2": the second word is what it is about
            name, _space, item = flag.partition(" ")
            yield Mistake("", name, item)
    elif isinstance(error, ContentError):
        for problem in error.problems:
            yield Mistake(problem.message, key=session.captured.key_at(problem.place.line))
    else:
        yield Mistake(error.message if isinstance(error, click.ClickException) else error.args[0])


def _leave_out(flags: F, error: click.BadParameter) -> tuple[Mistake, F]:
    """Return what is wrong with a flag, and the flags without it, or without the one value of it that is wrong."""
    flag = str(error.param_hint or "")
    name = flag_names(type(flags)).get(flag)
    if name is None:
        return Mistake(error.message, flag), flags
    values = getattr(flags, name)
    if not isinstance(values, tuple):
        return Mistake(error.message, flag), replace(flags, **{name: None})
    wrong = [value for value in values if value.rpartition("=")[2].strip() in error.message] or [*values]
    if isinstance(error, FlagValueError):
        wrong = [error.value]
    left = list(values)
    left.remove(wrong[0])
    item, equals, _said = wrong[0].partition("=")
    is_named = " " not in item.strip() if equals else isinstance(error, FlagValueError)
    return Mistake(error.message, flag, item.strip() if is_named else ""), replace(flags, **{name: tuple(left)})


@cache
def flag_names(flags: "type[DataclassInstance]") -> dict[str, str]:
    """Return the name of the field for each flag that a class declares."""
    probe = click.Command("probe")
    for option in options_of(flags):
        option(probe)
    return {flag: str(parameter.name) for parameter in probe.params for flag in parameter.opts}
