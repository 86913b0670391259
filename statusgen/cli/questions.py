"""What a new post has to say: the questions for each kind of post, and how their answers are read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from statusgen.cli.fact_flags import parse_since
from statusgen.cli.prompts import parse_yes
from statusgen.content.format.values import parse_enum
from statusgen.editor.spoken_times import split_before
from statusgen.editor.statuses import parse_statuses, split_instruction
from statusgen.english import English
from statusgen.model.posts import Scope, Topic
from statusgen.model.states import Kind
from statusgen.model.statuses import WRITTEN_STATUSES, Status
from statusgen.model.times import When
from statusgen.problems import InvalidValue
from statusgen.text import quote_text

if TYPE_CHECKING:
    from statusgen.cli.write_session import WriteSession


@dataclass(frozen=True)
class Answers:
    """What is known about a new post, from flags and from answers."""

    title: str = ""
    topic: str = ""
    started: When | None = None
    is_started_before: bool = False
    """Whether it began at an unknown time before `started`."""
    starts: When | None = None
    ends: When | None = None
    next_update: When | None = None
    services: Mapping[str, Status] = field(default_factory=dict)
    service_since: tuple[str, ...] = ()
    do: tuple[str, ...] = ()
    text: str = ""
    scope: str | None = None

    @property
    def has_disruption(self) -> bool:
        """Whether a service is not working."""
        return any(status is not Status.WORKING for status in self.services.values())

    @property
    def broken(self) -> list[str]:
        """The services and channels that are said not to work as usual."""
        return [key for key, status in self.services.items() if status.is_broken]


@dataclass(frozen=True)
class Question:
    """One thing that a new post has to say.

    It is answered by a flag, or by the key of a template, or else by asking. `parse` returns the answers with this
    one added. An empty answer stands for `default`. One that `is_required` must be given even if nobody can be asked;
    one that is not `is_asked` can only be given by its flag.
    """

    flag: str
    key: str
    prompt: str
    parse: Callable[["WriteSession", Answers, str], Answers]
    is_required: bool = False
    default: str = ""
    is_asked: bool = True


def _parse_title(_session: "WriteSession", answers: Answers, words: str) -> Answers:
    if not words:
        raise InvalidValue(English("A post needs a headline."), English("Say in a few words what does not work."))
    return replace(answers, title=words)


def _parse_start(session: "WriteSession", answers: Answers, words: str) -> Answers:
    is_before, time = split_before(words)
    when = session.time_parser.parse_past(time)
    if when.start > session.time_parser.now:
        raise InvalidValue(
            English("%(when)s has not come yet.", when=session.format_time(when)),
            English("For planned work: --kind maintenance."),
        )
    return replace(answers, started=when, is_started_before=is_before)


def _parse_notice_start(session: "WriteSession", answers: Answers, words: str) -> Answers:
    """Add the start of a notice, which may be in the future: the office that closes on Monday."""
    return replace(answers, started=session.time_parser.parse_past(words))


def _parse_work_start(session: "WriteSession", answers: Answers, words: str) -> Answers:
    return replace(answers, starts=_parse_work_time(session, words))


def _parse_work_end(session: "WriteSession", answers: Answers, words: str) -> Answers:
    return replace(answers, ends=_parse_work_time(session, words))


def _parse_work_time(session: "WriteSession", words: str) -> When:
    if not words:
        raise InvalidValue(English("Planned work needs its times."), English("For example: tomorrow 22:00."))
    return session.time_parser.parse_future(words)


def _parse_notice_end(session: "WriteSession", answers: Answers, words: str) -> Answers:
    return replace(answers, ends=session.time_parser.parse_future(words))


def _parse_promise(session: "WriteSession", answers: Answers, words: str) -> Answers:
    return replace(answers, next_update=session.time_parser.require_future(words))


def _parse_services(session: "WriteSession", answers: Answers, words: str) -> Answers:
    if not words:
        what = English("Without a service, the page would still say that everything works.")
        hint = English(
            "Name one from the list. News that is not about a service is a notice: statusgen new --kind notice."
        )
        raise InvalidValue(what, hint)
    return replace(answers, services=parse_statuses(words, session.site))


def began_earlier(session: "WriteSession", answers: Answers) -> bool:
    """Return whether it began before today: then pages tell of a service only when it was reported, unless told."""
    day = session.site.local_day
    return answers.started is not None and day(answers.started.start) < day(session.time_parser.now)


def _parse_service_since(session: "WriteSession", answers: Answers, words: str) -> Answers:
    """Add since when services do not work; what is not named began with the incident."""
    is_usual_told = answers.is_started_before or not began_earlier(session, answers)
    keys = {} if is_usual_told else dict.fromkeys(answers.broken, "incident")
    parts = [] if words.casefold() == "incident" else [part.strip() for part in words.split(",")]
    for part in filter(None, parts):
        found, time = split_instruction(part, session.site)
        if not found and len(answers.broken) > 1:
            hint = f"Write it like {answers.broken[-1]}={part}."
            raise InvalidValue(f"It is not clear which service {quote_text(part)} is about.", hint)
        for key in found or answers.broken:
            if key not in answers.broken:
                hint = f"Choose from: {', '.join(answers.broken)}."
                raise InvalidValue(f'This post does not say that "{key}" is not working.', hint)
            keys[key] = parse_since(session, time)
    return replace(answers, service_since=tuple(f"{key}={since}" for key, since in keys.items()))


def _parse_planned_services(session: "WriteSession", answers: Answers, words: str) -> Answers:
    """Add the services of planned work; their status is maintenance unless the words say otherwise."""
    found: dict[str, Status] = {}
    for part in filter(None, (part.strip() for part in words.split(","))):
        try:
            found |= parse_statuses(part, session.site)
        except InvalidValue:
            found |= parse_statuses(f"{part} maintenance", session.site)
    return replace(answers, services=found)


def _parse_topic(_session: "WriteSession", answers: Answers, words: str) -> Answers:
    return replace(answers, topic=parse_enum(Topic, words, "topic").value)


def _parse_do(_session: "WriteSession", answers: Answers, words: str) -> Answers:
    try:
        status = parse_enum(WRITTEN_STATUSES, words, "status")
    except InvalidValue:
        return replace(answers, do=(words,))
    raise InvalidValue(
        English("%(status)s is a status. This is about what people can do.", status=status.value),
        English("Answer in a sentence, or press Enter."),
    )


def _parse_scope(_session: "WriteSession", answers: Answers, words: str) -> Answers:
    """Add whether more could be affected; who does not know cannot exclude it."""
    return replace(answers, scope=(Scope.WIDER if parse_yes(words) else Scope.NAMED).value)


def _parse_text(session: "WriteSession", answers: Answers, words: str) -> Answers:
    return replace(answers, text=session.require_text(words))


_TIME_EXAMPLES = "For example: 16:00, tomorrow 9:00, in 2 hours, 2024-05-15"
_OR_UNKNOWN = "(Press Enter for: not known yet.)"
_TITLE = Question(
    "--title", "title", "What happened? For example: Water bills cannot be paid online", _parse_title, is_required=True
)
_SINCE = Question(
    "--since",
    "started",
    "Since when? For example: 8:00, yesterday 14:00, 2024-05-05\n(Press Enter for: now.)",
    _parse_start,
    is_required=True,
    default="now",
)
_SERVICES = Question("--service", "services", "Which services, and how bad is it?", _parse_services, is_required=True)
SERVICE_SINCE = Question(
    "--since ID=TIME",
    "since",
    "Did one of these begin at another time? For example: permits=yesterday 14:00\n(Press Enter for: all began then.)",
    _parse_service_since,
    default="incident",
)
_DO = Question(
    "--do",
    "do",
    f"What can people do instead? For example: Pay at the office, 12 Main Street.\n{_OR_UNKNOWN}",
    _parse_do,
)
_SCOPE = Question(
    "--scope",
    "scope",
    f"Could it affect anything else? Answer yes or no.\n{_OR_UNKNOWN}",
    _parse_scope,
    default="yes",
)
_NEXT = Question("--next", "next_update", f"When will you say more? {_TIME_EXAMPLES}\n{_OR_UNKNOWN}", _parse_promise)
_TOPIC = Question(
    "--topic",
    "topic",
    "What is it about: fraud, data, health, closure, rumor or other?",
    _parse_topic,
    is_required=True,
)
_STARTS = Question("--starts", "starts", f"When does it start? {_TIME_EXAMPLES}", _parse_work_start, is_required=True)
_ENDS = Question("--ends", "ends", f"When does it end? {_TIME_EXAMPLES}", _parse_work_end, is_required=True)
_TEXT = Question(
    "--text",
    "text",
    "What should they do? For example: Hang up. We send bills by mail.\n(Press Enter to write it later.)",
    _parse_text,
)
# Six of each kind are asked at most, and since when once more; at two in the morning nobody answers more.
QUESTIONS = {
    Kind.INCIDENT: (_TITLE, _SINCE, _SERVICES, SERVICE_SINCE, _SCOPE, _DO, _NEXT, replace(_TEXT, is_asked=False)),
    Kind.MAINTENANCE: (
        replace(_TITLE, prompt="What will be done? For example: The pool will be painted"),
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
            _ENDS, prompt=f"Until when? {_TIME_EXAMPLES}\n{_OR_UNKNOWN}", parse=_parse_notice_end, is_required=False
        ),
        replace(_SERVICES, is_asked=False, is_required=False),
        replace(_DO, is_asked=False),
        _NEXT,
    ),
}
# What to use in place of a flag that only other kinds of posts have.
FLAG_ALTERNATIVES = {
    (Kind.MAINTENANCE, "--since"): "Give its start with --starts.",
    (Kind.INCIDENT, "--starts"): "Give its beginning with --since; planned work is --kind maintenance.",
    (Kind.INCIDENT, "--ends"): "Give an estimate with --expected; planned work is --kind maintenance.",
    (Kind.INCIDENT, "--topic"): "A notice has one: --kind notice.",
    (Kind.MAINTENANCE, "--topic"): "A notice has one: --kind notice.",
    (Kind.NOTICE, "--starts"): "Give its beginning with --since.",
}
