"""`statusgen submit`: what somebody typed into a form of the host, written, checked and shared.

A workflow runs it with each field of the form in a variable of the environment. It writes by the writer's commands.
"""

import io
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from statusgen.cli.errors import handle_errors
from statusgen.cli.flags import SOURCE

_UNSEEN = "Nothing was published. Residents see the page as it was."
_WRITTEN = "It is written and checked. Once all of this has ended well, residents see it."
_NEEDS_READER = (
    "Someone else has to read what is published on this site (review: two in services.yaml), and this form cannot ask "
    "who has. Write it at the desk, or by command."
)
_AGAIN = "Nothing of it is kept. Send the form again, with what is named above changed."
# The writer's commands end with what to type next, and nobody can type that on a phone.
_FOR_A_TERMINAL = "To look at it: "


@click.command()
@SOURCE
@click.option(
    "--summary",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Add the answer to this file as well, in Markdown.",
)
@handle_errors
def submit(source: Path, summary: Path | None) -> None:
    """Write what a form of the host says, check the page, and share it with colleagues.

    What was typed is in FORM_WHAT, FORM_HAPPENED and so on; it is never part of a command. It ends with what
    residents read then, or with each mistake and what to write instead; after a mistake nothing is shared.
    """
    from statusgen.cli.read_form import FIELDS, ONLY_PUBLISH, drop_unsaid

    said = drop_unsaid({name: os.environ.get(f"FORM_{name.upper()}", "").strip() for name in FIELDS})
    if said == {"what": ONLY_PUBLISH}:
        answer = Answer("Nothing was written. The page is published again.")
    else:
        answer = _write_and_share(source, said)
    click.echo(answer.as_text())
    if summary:
        with summary.open("a", encoding="utf-8") as file:
            file.write(answer.as_markdown())
    if answer.typed:
        raise SystemExit(1)


@dataclass(frozen=True)
class Answer:
    """What the person is told: a heading, lines below it, and where the post will be, or else what they had typed."""

    heading: str
    lines: Sequence[str] = ()
    address: str = ""
    typed: Sequence[str] = ()

    def as_text(self) -> str:
        """Return it for the log."""
        typed = ["This was typed:", *self.typed, _AGAIN] if self.typed else []
        return "\n".join([self.heading, *self.lines, *([self.address] if self.address else []), *typed])

    def as_markdown(self) -> str:
        """Return it for a summary: nothing but the address is a link, a picture or a sign of Markdown."""
        parts = [f"## {escape(self.heading)}", *(f"- {escape(line)}" for line in self.lines)]
        parts += [f"- <{self.address}>"] if self.address else []
        parts += ["This was typed:", *(f"- {escape(line)}" for line in self.typed), _AGAIN] if self.typed else []
        return "\n\n".join([*parts, ""])


def escape(line: str) -> str:
    """Return a line that Markdown shows as it is (CommonMark, "Entity and numeric character references")."""
    return re.sub(r"[!-/:-@\[-`{-~]", lambda found: f"&#{ord(found[0])};", line)


class _NotSharedError(Exception):
    """Nothing was written, or what was written was not shared; `lines` say why."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def _write_and_share(source: Path, said: Mapping[str, str]) -> Answer:
    """Write what was said, build the page as a check, share it, and return the answer."""
    from statusgen.cli.read_form import FIELDS, FormError, read_form
    from statusgen.cli.write_session import WriteSession
    from statusgen.model.whole_site import Review
    from statusgen.problems import ContentError, StatusgenError
    from statusgen.text import printable

    try:
        session = WriteSession(source, None, edit=False, yes=True, build=False)
        if session.site.review is Review.TWO:
            raise _NotSharedError([_NEEDS_READER])
        command = read_form(said, session)
        lines = _run(command.arguments, source)
        address = _check_page(source, {post.id for post in session.site.incidents}, command.post)
        lines += _share(source)
    except (FormError, _NotSharedError) as error:
        reasons = error.lines
    except ContentError as error:
        reasons = [str(problem) for problem in error.problems]
    except StatusgenError as error:
        reasons = str(error).splitlines()
    else:
        return Answer(_WRITTEN, [printable(line) for line in lines], address)
    typed = [f"{FIELDS[name]} {words}" for name, words in said.items()] or ["Nothing."]
    return Answer(_UNSEEN, [*map(printable, reasons)], typed=[*map(printable, typed)])


def _run(arguments: Sequence[str], source: Path) -> list[str]:
    """Run a writer's command in this process, and return what it says; raises _NotSharedError if it fails."""
    from statusgen.cli.main import main

    said = io.StringIO()
    try:
        with redirect_stdout(said), redirect_stderr(said):
            main.main([*arguments, "--yes", "--source", str(source)], "statusgen", standalone_mode=False)
    except click.ClickException as error:
        raise _NotSharedError([*said.getvalue().splitlines(), *error.format_message().splitlines()]) from None
    except SystemExit:
        raise _NotSharedError(said.getvalue().splitlines()) from None
    return [line.strip() for line in said.getvalue().splitlines() if line and not line.startswith(_FOR_A_TERMINAL)]


def _check_page(source: Path, before: set[str], post: str | None) -> str:
    """Build the page elsewhere, as the host will; return where it has the post, which is new if `post` is None.

    Raises StatusgenError for a mistake in any part of it.
    """
    from statusgen import addresses
    from statusgen.cli.build_options import BuildOptions
    from statusgen.cli.build_site import build_site

    unread = io.StringIO()
    with TemporaryDirectory() as folder, redirect_stdout(unread), redirect_stderr(unread):
        site = build_site(BuildOptions(source, Path(folder) / "site")).site
    id = post or next(each.id for each in site.incidents if each.id not in before)
    return addresses.absolute_url(addresses.incident(id), site)


def _share(source: Path) -> list[str]:
    """Share what was written, and return what is told of that; raises _NotSharedError, or ShareError."""
    from statusgen.colleagues.share import ShareState, share

    told: list[str] = []
    state = share(source, told.append).state
    if state is not ShareState.SHARED:
        raise _NotSharedError(told or [f"It could not be shared: {state.value}."])
    return told
