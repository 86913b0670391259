"""What somebody typed into a form of the host, as one of the writer's commands, or with every mistake in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from statusgen.content.format.values import parse_enum
from statusgen.editor.find_incident import find_incident
from statusgen.editor.posts import parse_update_text
from statusgen.editor.statuses import parse_statuses
from statusgen.forms import NOT_SAID, name_choices
from statusgen.model.posts import Incident
from statusgen.model.statuses import WRITTEN_STATUSES
from statusgen.model.times import When
from statusgen.problems import InvalidValue
from statusgen.text import quote_text

if TYPE_CHECKING:
    from statusgen.cli.write_session import WriteSession

P = ParamSpec("P")
T = TypeVar("T")

NEW, NEWS, OVER = "A new problem", "News about an open problem", "It is over: all of it works again"
CHOOSE, ONLY_PUBLISH = "(choose)", "(only publish the page again)"
"""What the form offers first, on GitHub and on GitLab."""

FIELDS = {
    "what": "What do you want to say?",
    "which": "About which open problem?",
    "happened": "What happened, or what is new?",
    "service": "Which service?",
    "status": "How is it?",
    "more": "Other services, each with its status:",
    "since": "Since when?",
    "do": "What can people do instead?",
    "next": "When will you say more?",
    "text": "More about it:",
}
"""The names of the fields, and how the answer speaks of them."""


@dataclass(frozen=True)
class WriterCommand:
    """One of the writer's commands with its arguments, and the id of the post that it is about; None for a new one."""

    arguments: tuple[str, ...]
    post: str | None = None


class FormError(Exception):
    """A form with mistakes, one in each of the lines."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def drop_unsaid(typed: Mapping[str, str]) -> dict[str, str]:
    """Return what was said in a form, without the fields that say nothing."""
    return {name: words for name, words in typed.items() if words not in ("", "-", NOT_SAID, CHOOSE)}


def read_form(said: Mapping[str, str], session: "WriteSession") -> WriterCommand:
    """Return the command that a form stands for; raises FormError with every mistake in it."""
    reader = _FormReader(said, session)
    readers = {NEW: reader.read_new, NEWS: reader.read_news, OVER: reader.read_end}
    read = readers.get(said.get("what", ""))
    if read is None:
        raise FormError([f"{FIELDS['what']} Nothing was chosen. Choose from: {'; '.join(readers)}."])
    command = read()
    if reader.mistakes:
        raise FormError(reader.mistakes)
    return command


@dataclass
class _FormReader:
    """Reads what was `said` in a form, and collects the mistakes in it."""

    said: Mapping[str, str]
    session: "WriteSession"
    mistakes: list[str] = field(default_factory=list)

    def read_new(self) -> WriterCommand:
        """Return the command that writes a new post."""
        self._refuse("which", "A new problem is no open one.", f"Leave this empty, or choose: {NEWS}.")
        if "happened" not in self.said:
            self._blame("happened", "Without this, the post has no title.", "Say in a few words what does not work.")
        services = self._read_services()
        if not self.said.keys() & {"service", "status", "more"}:
            what = "Without a service, the page would still say that everything works."
            self._blame("service", what, "Choose one, and how it is.")
        since = self.said.get("since", "now")
        self._check("since", self._parse_start, since)
        self._check("text", parse_update_text, self.said.get("text", ""))
        flags = {
            "title": self.said.get("happened"),
            "since": since,
            "service": services,
            "do": self.said.get("do"),
            "next": self._read_promise(),
            "text": self.said.get("text"),
        }
        return WriterCommand(("new", *_as_arguments(flags)))

    def read_news(self) -> WriterCommand:
        """Return the command that adds an update."""
        post = self._find_post()
        text = self._read_text(post)
        flags = {
            "service": self._read_services(),
            "since": self.said.get("since"),
            "do": self.said.get("do"),
            "next": self._read_promise(),
            "text": text,
        }
        if not self.mistakes and not any(flags.values()):
            self._blame("happened", "Nothing is said.", "Write what is new.")
        return WriterCommand(("update", post.id if post else "", *_as_arguments(flags)), post.id if post else None)

    def read_end(self) -> WriterCommand:
        """Return the command that ends a post."""
        for name in ("service", "status", "more", "since", "do", "next"):
            what = "What is over has none of this: all of it works again."
            self._refuse(name, what, f"Leave it as it was. If not all of it works again, choose: {NEWS}.")
        post = self._find_post()
        flags = {"text": self._read_text(post)}
        return WriterCommand(("resolve", post.id if post else "", *_as_arguments(flags)), post.id if post else None)

    def _blame(self, name: str, what: str, hint: str) -> None:
        self.mistakes.append(f"{FIELDS[name]} {what} {hint}".rstrip())

    def _refuse(self, name: str, what: str, hint: str) -> None:
        if name in self.said:
            self._blame(name, what, hint)

    def _check(self, name: str, parse: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Return what `parse` makes of its arguments; blame the field, and return None, if it raises InvalidValue."""
        try:
            return parse(*args, **kwargs)
        except InvalidValue as error:
            self._blame(name, error.what, error.hint)
            return None

    def _parse_start(self, words: str) -> None:
        when = self.session.time_parser.parse_past(words)
        if when.start > self.session.time_parser.now:
            raise InvalidValue(f"{self.session.format_time(when)} has not come yet.", "Give the time when it began.")

    def _read_promise(self) -> str | None:
        words = self.said.get("next")
        if words:
            self._check("next", self._parse_promise, words)
        return words

    def _parse_promise(self, words: str) -> When:
        return self.session.time_parser.require_future(words)

    def _read_services(self) -> str | None:
        """Return the services and their statuses as --service takes them."""
        found = self._read_first_service()
        if more := self.said.get("more"):
            others = self._check("more", parse_statuses, more, self.session.site) or {}
            if twice := found.keys() & others.keys():
                self._blame("more", f'"{twice.pop()}" is listed above already.', "Give each service once.")
            found |= {key: status.value for key, status in others.items()}
        return ", ".join(f"{key}={status}" for key, status in found.items()) or None

    def _read_first_service(self) -> dict[str, str]:
        """Return what was chosen as the service, with its status; nothing if that is nothing, or a mistake."""
        name, status_words = self.said.get("service"), self.said.get("status")
        key = name_choices(self.session.site).get(name) if name else None
        if name and not key:
            hint = "This form is out of date: someone at a computer has to renew it (statusgen forms)."
            self._blame("service", f"services.yaml does not have {quote_text(name)}.", hint)
        if name and not status_words:
            self._blame("status", "This is missing for the service.", "Choose what is known, if only: unknown.")
        if status_words and not name:
            self._blame("service", "It is not said what this status is about.", "Choose the service.")
        status = status_words and self._check(
            "status", parse_enum, WRITTEN_STATUSES, status_words.partition(" (")[0], "status"
        )
        return {key: status.value} if key and status else {}

    def _find_post(self) -> Incident | None:
        """Return the post that was named, or else the only problem that is open."""
        session = self.session
        if words := self.said.get("which"):
            return self._check("which", find_incident, words, session.site.incidents, session.board_now)
        open_posts = [status.incident for status in session.board_now.open_incidents if status.is_open]
        if len(open_posts) == 1:
            return open_posts[0]
        if open_posts:
            titles = ", ".join(quote_text(post.title.texts[0][1]) for post in open_posts)
            self._blame("which", "Several are open.", f"Write words that only the title of one has: {titles}.")
        else:
            self._blame("which", "No problem is open.", f"For a new one, choose: {NEW}.")
        return None

    def _read_text(self, post: Incident | None) -> str | None:
        """Return the text of an update; blame it if the post ends with it, as it does when a form is sent twice."""
        paragraphs = [self.said[name] for name in ("happened", "text") if name in self.said]
        text = self._check("happened", parse_update_text, "\n\n".join(paragraphs))
        if text and post:
            written = self.session.workspace.read_bytes(post).decode(errors="replace").replace("\r\n", "\n")
            if written.rstrip().endswith(f"\n{text}"):
                hint = "If the form was sent twice, there is nothing to do."
                self._blame("happened", f"The last update of {post.id} says just this already.", hint)
        return text


def _as_arguments(flags: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return flags as a command takes them; a value that looks like a flag is none."""
    return tuple(f"--{name}={words}" for name, words in flags.items() if words)
