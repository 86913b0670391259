"""What a new post has to say: the questions for each kind of post, and how their answers are read."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from statusgen.cli.write_session import WriteSession
from statusgen.content.format.values import parse_enum
from statusgen.model import Kind, Status, Topic, When
from statusgen.problems import InvalidValue


@dataclass(frozen=True)
class Question:
    """One thing that a new post has to say: its flag, the key that it becomes, how it is asked and read.

    An empty answer stands for `default`; without one, for "not known yet". `needed` flags must be there where nobody
    can be asked; what is not `asked` is a flag only.
    """

    flag: str
    key: str
    prompt: str
    parse: Callable[[WriteSession, str], Any]
    is_required: bool = False
    default: str = ""
    is_asked: bool = True

    @property
    def option_name(self) -> str:
        """Its flag as somebody types it."""
        return option_name(self.flag)


def option_name(flag: str) -> str:
    """A flag as somebody types it."""
    return f"--{flag.rstrip('_')}"


def _parse_title(_session: WriteSession, words: str) -> str:
    if not words:
        raise InvalidValue("A post needs a headline.", "Say in a few words what does not work.")
    return words


def _parse_past_time(session: WriteSession, words: str) -> When:
    when = session.time_parser.parse_past(words)
    if when.start > session.time_parser.now:
        raise InvalidValue(f"{session.format_time(when)} has not come yet.", "For what is planned: --kind maintenance.")
    return when


def _parse_notice_start(session: WriteSession, words: str) -> When:
    """A notice may begin later: the office that closes on Monday."""
    return session.time_parser.parse_past(words)


def _parse_time(session: WriteSession, words: str) -> When:
    return session.time_parser.parse_future(words)


def _parse_promise(session: WriteSession, words: str) -> When:
    return session.time_parser.require_future(words)


def _parse_required_time(session: WriteSession, words: str) -> When:
    if not words:
        raise InvalidValue("Planned work needs its times.", "Say for example: tomorrow 22:00.")
    return session.time_parser.parse_future(words)


def _parse_services(session: WriteSession, words: str) -> dict[str, Status]:
    from statusgen.editor.statuses import parse_statuses

    if not words:
        what = "Without a service, the page goes on saying that all works."
        raise InvalidValue(
            what, "Name one of the list; news that is about none of them is a notice: statusgen new --kind notice."
        )
    return parse_statuses(words, session.site)


def _parse_planned_services(session: WriteSession, words: str) -> dict[str, Status]:
    """Services of planned work, whose status goes without saying."""
    from statusgen.editor.statuses import parse_statuses

    parts = [part.strip() for part in words.split(",") if part.strip()]
    found: dict[str, Status] = {}
    for part in parts:
        try:
            found |= parse_statuses(part, session.site)
        except InvalidValue:
            found |= parse_statuses(f"{part} maintenance", session.site)
    return found


def _parse_topic(_session: WriteSession, words: str) -> str:
    return parse_enum(Topic, words, "topic").value


def _parse_instead(_session: WriteSession, words: str) -> str:
    try:
        status = parse_enum(Status, words, "status")
    except InvalidValue:
        return words
    what = f"{status.value} is how bad it is. Here it is about what people can do."
    raise InvalidValue(what, "Say it in a sentence, or nothing.")


def parse_text(_session: WriteSession, words: str) -> str:
    """What people should read, as the text of a post."""
    from statusgen.editor.posts import parse_update_text

    return parse_update_text(words)


_TIME_EXAMPLES = "For example: 16:00, tomorrow 9:00, in 2 hours, 2024-05-15"
_EMPTY_MEANS_UNKNOWN = "(Nothing: not known yet.)"
_TITLE = Question(
    "title", "title", "What happened? For example: Water bills cannot be paid online", _parse_title, is_required=True
)
_PAST_EXAMPLES = "For example: 8:00, yesterday 14:00, 2024-05-05\n(Nothing: now.)"
_SINCE = Question(
    "since", "started", f"Since when? {_PAST_EXAMPLES}", _parse_past_time, is_required=True, default="now"
)
_SERVICES = Question("service", "services", "Which services, and how bad is it?", _parse_services, is_required=True)
_DO_EXAMPLE = f"For example: Pay at the office, 12 Main Street.\n{_EMPTY_MEANS_UNKNOWN}"
_DO = Question("do", "do", f"What can people do instead? {_DO_EXAMPLE}", _parse_instead)
_NEXT = Question(
    "next_", "next_update", f"When will you say more? {_TIME_EXAMPLES}\n{_EMPTY_MEANS_UNKNOWN}", _parse_promise
)
_TOPIC = Question(
    "topic", "topic", "What is it about: fraud, data, health, closure or other?", _parse_topic, is_required=True
)
_STARTS = Question("starts", "starts", f"When does it start? {_TIME_EXAMPLES}", _parse_required_time, is_required=True)
_ENDS = Question("ends", "ends", f"When does it end? {_TIME_EXAMPLES}", _parse_required_time, is_required=True)
_TEXT = Question(
    "text",
    "text",
    "What should they do? For example: Hang up. We send bills by mail.\n(Nothing: later.)",
    parse_text,
)
# Five of each kind are asked; at two in the morning nobody answers more.
QUESTIONS = {
    Kind.INCIDENT: (_TITLE, _SINCE, _SERVICES, _DO, _NEXT, replace(_TEXT, is_asked=False)),
    Kind.MAINTENANCE: (
        replace(_TITLE, prompt="What will be done? For example: The pool is painted"),
        _STARTS,
        _ENDS,
        replace(
            _SERVICES, prompt="Which services are closed meanwhile?", parse=_parse_planned_services, is_required=False
        ),
        _DO,
        replace(_NEXT, is_asked=False),
        replace(_TEXT, is_asked=False),
    ),
    Kind.NOTICE: (
        replace(_TITLE, prompt="What should people know? For example: We never call for passwords"),
        _TEXT,
        _TOPIC,
        replace(_SINCE, parse=_parse_notice_start, is_asked=False),
        replace(
            _ENDS, prompt=f"Until when? {_TIME_EXAMPLES}\n{_EMPTY_MEANS_UNKNOWN}", parse=_parse_time, is_required=False
        ),
        replace(_SERVICES, is_asked=False, is_required=False),
        replace(_DO, is_asked=False),
        _NEXT,
    ),
}
# What to say in place of a flag that another kind of post has.
FLAG_ALTERNATIVES = {
    (Kind.MAINTENANCE, "since"): "Say when it starts with --starts.",
    (Kind.INCIDENT, "starts"): "Say since when with --since; planned work is --kind maintenance.",
    (Kind.INCIDENT, "ends"): "Say when it may be back with --expected; planned work is --kind maintenance.",
    (Kind.INCIDENT, "topic"): "A notice has one: --kind notice.",
    (Kind.MAINTENANCE, "topic"): "A notice has one: --kind notice.",
    (Kind.NOTICE, "starts"): "Say since when with --since.",
}
# The flags that only some kinds of posts have.
FLAGS = tuple(dict.fromkeys(question.flag for questions in QUESTIONS.values() for question in questions))
# Questions whose reader has something to say about an empty answer.
REJECT_EMPTY = (_parse_title, _parse_required_time, _parse_topic, _parse_services)
