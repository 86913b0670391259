"""What a new post has to say: the questions for each kind of post, and how their answers are read."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from statusgen.cli.writers import Pen
from statusgen.model import Kind, Status, Topic, When
from statusgen.reading.values import Wrong, one_of


@dataclass(frozen=True)
class Question:
    """One thing that a new post has to say: its flag, the key that it becomes, how it is asked and read.

    An empty answer stands for `default`; without one, for "not known yet". `needed` flags must be there where nobody
    can be asked; what is not `asked` is a flag only.
    """

    flag: str
    key: str
    words: str
    read: Callable[[Pen, str], Any]
    needed: bool = False
    default: str = ""
    asked: bool = True

    @property
    def written(self) -> str:
        """Its flag as somebody types it."""
        return written(self.flag)


def written(flag: str) -> str:
    """A flag as somebody types it."""
    return f"--{flag.rstrip('_')}"


def _title(_pen: Pen, words: str) -> str:
    if not words:
        raise Wrong("A post needs a headline.", "Say in a few words what does not work.")
    return words


def _gone(pen: Pen, words: str) -> When:
    when = pen.clock.gone(words)
    if when.start > pen.clock.now:
        raise Wrong(f"{pen.written(when)} has not come yet.", "For what is planned: --kind maintenance.")
    return when


def _begun(pen: Pen, words: str) -> When:
    """A notice may begin later: the office that closes on Monday."""
    return pen.clock.gone(words)


def _any_time(pen: Pen, words: str) -> When:
    return pen.clock.coming(words)


def _promise(pen: Pen, words: str) -> When:
    return pen.clock.later(words)


def _needed_time(pen: Pen, words: str) -> When:
    if not words:
        raise Wrong("Planned work needs its times.", "Say for example: tomorrow 22:00.")
    return pen.clock.coming(words)


def _services(pen: Pen, words: str) -> dict[str, Status]:
    from statusgen.writing.reports import statuses

    if not words:
        what = "Without a service, the page goes on saying that all works."
        raise Wrong(
            what, "Name one of the list; news that is about none of them is a notice: statusgen new --kind notice."
        )
    return statuses(words, pen.site)


def _planned_services(pen: Pen, words: str) -> dict[str, Status]:
    """Services of planned work, whose status goes without saying."""
    from statusgen.writing.reports import statuses

    parts = [part.strip() for part in words.split(",") if part.strip()]
    found: dict[str, Status] = {}
    for part in parts:
        try:
            found |= statuses(part, pen.site)
        except Wrong:
            found |= statuses(f"{part} maintenance", pen.site)
    return found


def _topic(_pen: Pen, words: str) -> str:
    return one_of(Topic, words, "topic").value


def _instead(_pen: Pen, words: str) -> str:
    try:
        status = one_of(Status, words, "status")
    except Wrong:
        return words
    what = f"{status.value} is how bad it is. Here it is about what people can do."
    raise Wrong(what, "Say it in a sentence, or nothing.")


def text(_pen: Pen, words: str) -> str:
    """What people should read, as the text of a post."""
    from statusgen.writing.posts import text_of

    return text_of(words)


_TIMES = "For example: 16:00, tomorrow 9:00, in 2 hours, 2024-05-15"
_OPEN = "(Nothing: not known yet.)"
_WHAT = Question("title", "title", "What happened? For example: Water bills cannot be paid online", _title, needed=True)
_PAST = "For example: 8:00, yesterday 14:00, 2024-05-05\n(Nothing: now.)"
_SINCE = Question("since", "started", f"Since when? {_PAST}", _gone, needed=True, default="now")
_WHICH = Question("service", "services", "Which services, and how bad is it?", _services, needed=True)
_WAYS = f"For example: Pay at the office, 12 Main Street.\n{_OPEN}"
_DO = Question("do", "do", f"What can people do instead? {_WAYS}", _instead)
_NEXT = Question("next_", "next_update", f"When will you say more? {_TIMES}\n{_OPEN}", _promise)
_TOPIC = Question("topic", "topic", "What is it about: fraud, data, health, closure or other?", _topic, needed=True)
_STARTS = Question("starts", "starts", f"When does it start? {_TIMES}", _needed_time, needed=True)
_ENDS = Question("ends", "ends", f"When does it end? {_TIMES}", _needed_time, needed=True)
_TEXT = Question(
    "text",
    "text",
    "What should they do? For example: Hang up. We send bills by mail.\n(Nothing: later.)",
    text,
)
# Five of each kind are asked; at two in the morning nobody answers more.
QUESTIONS = {
    Kind.INCIDENT: (_WHAT, _SINCE, _WHICH, _DO, _NEXT, replace(_TEXT, asked=False)),
    Kind.MAINTENANCE: (
        replace(_WHAT, words="What will be done? For example: The pool is painted"),
        _STARTS,
        _ENDS,
        replace(_WHICH, words="Which services are closed meanwhile?", read=_planned_services, needed=False),
        _DO,
        replace(_NEXT, asked=False),
        replace(_TEXT, asked=False),
    ),
    Kind.NOTICE: (
        replace(_WHAT, words="What should people know? For example: We never call for passwords"),
        _TEXT,
        _TOPIC,
        replace(_SINCE, read=_begun, asked=False),
        replace(_ENDS, words=f"Until when? {_TIMES}\n{_OPEN}", read=_any_time, needed=False),
        replace(_WHICH, asked=False, needed=False),
        replace(_DO, asked=False),
        _NEXT,
    ),
}
# What to say in place of a flag that another kind of post has.
IN_PLACE = {
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
REFUSE_NOTHING = (_title, _needed_time, _topic, _services)
