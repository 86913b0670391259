"""`statusgen new`: a new post, from a few answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import TYPE_CHECKING

import click

from statusgen.cli import completion
from statusgen.cli.errors import parse_flag
from statusgen.cli.fact_flags import DO, NEXT, SERVICE, TEXT, FactFlags, make_facts
from statusgen.cli.flags import flag
from statusgen.cli.prepared_texts import PreparedPost, Template, fill_blanks, load_template
from statusgen.cli.prompts import ask
from statusgen.cli.questions import FLAG_ALTERNATIVES, QUESTIONS, SERVICE_SINCE, Answers, Question, began_earlier
from statusgen.cli.write_command import write_command
from statusgen.content.format.values import parse_id
from statusgen.editor.earlier import Earlier
from statusgen.editor.fact_values import BEFORE, Facts, drop_empty
from statusgen.editor.find_incident import unfinished_incidents
from statusgen.editor.statuses import service_keys
from statusgen.editor.times import update_time
from statusgen.model.states import Kind
from statusgen.model.statuses import WRITTEN_STATUSES
from statusgen.model.times import When
from statusgen.model.whole_site import Site

if TYPE_CHECKING:
    from statusgen.cli.write_session import WriteSession


@dataclass(frozen=True)
class NewFlags(FactFlags):
    """What the flags of `new` say. In the help, the answers to the questions come first."""

    title: str | None = flag(None, "--title", help="What happened, as a headline.")
    since: tuple[str, ...] = flag(
        (),
        "--since",
        metavar="[ID=]TIME",
        help='Since when, like now, 8:00, yesterday, "2024-05-05 08:00", or "before 8:00" if nobody knows. '
        "Again with ID= for a service that differs.",
    )
    service: tuple[str, ...] = flag((), SERVICE)
    do: tuple[str, ...] = flag((), DO)
    next_: str | None = flag(None, NEXT)
    text: str | None = flag(None, TEXT)
    kind: str | None = flag(None, "--kind", type=click.Choice([kind.value for kind in Kind]), help="Default: incident.")
    topic: str | None = flag(
        None, "--topic", metavar="TOPIC", help="What a notice is about: fraud, data, health, closure, rumor or other."
    )
    claim: str | None = flag(None, "--claim", help="What a rumor says.")
    fact: str | None = flag(None, "--fact", help="What is true instead.")
    starts: str | None = flag(None, "--starts", metavar="TIME", help="When planned work starts.")
    ends: str | None = flag(None, "--ends", metavar="TIME", help="When planned work, or a notice, ends.")
    template: str | None = flag(
        None, "--template", metavar="NAME", shell_complete=completion.templates, help="Start from this template."
    )
    fill: tuple[str, ...] = flag(
        (),
        "--fill",
        metavar="WORDS=TEXT",
        help="What goes into the blank of the template that asks for WORDS; - takes it out. Can be repeated.",
    )
    unless_open: bool = flag(
        False, "--unless-open", help="Do nothing if a post with this title or --id is open. For machines."
    )
    id_: str | None = flag(
        None, "--id", "id_", metavar="ID", help="The name of the file. Default: today's date and the title."
    )

    @property
    def service_since(self) -> tuple[str, ...]:
        """What --since says of single services."""
        return tuple(words for words in self.since if "=" in words)

    @property
    def words_by_flag(self) -> dict[str, str | None]:
        """What each flag says that answers a question, as one text; not --do and --text, which are not parsed."""
        return {
            "--title": self.title,
            "--since": ", ".join(words for words in self.since if "=" not in words),
            "--service": ", ".join(self.service),
            "--next": self.next_,
            "--starts": self.starts,
            "--ends": self.ends,
            "--topic": self.topic,
        }


class MissingFlagsError(click.BadParameter):
    """Flags are missing that nobody can be asked for: `flags`."""

    def __init__(self, flags: Sequence[str]) -> None:
        super().__init__(f"These are missing: {', '.join(flags)}.", param_hint=flags)
        self.flags = tuple(flags)


@write_command(NewFlags)
def new(session: "WriteSession", flags: NewFlags) -> None:
    """Write a new post, asking for what the flags leave out."""
    if flags.unless_open and (open_post := _find_open_post(session, flags)):
        click.echo(f"{open_post} is open already. Nothing was written.")
        return
    session.compare_clocks()
    write_post(session, flags)


def _find_open_post(session: "WriteSession", flags: NewFlags) -> str | None:
    """Return the id of a post with the id or the title that the flags name and that is not over; None if none is."""
    for incident in unfinished_incidents(session.board_now):
        titles = (text for _, text in incident.incident.title.texts)
        if incident.id == flags.id_ or (flags.title and flags.title in titles):
            return incident.id
    return None


def write_post(session: "WriteSession", flags: NewFlags) -> None:
    """Write a new post from what the flags say, and from answers."""
    template = load_template(session, flags.template)
    kind = Kind(flags.kind or template.fixed_values.get("kind") or "incident")
    answers = _collect_answers(session, kind, flags, template)
    text = session.read_text(flags.text) or answers.text
    front = _make_front_matter(session, kind, flags, answers, template)
    if flags.id_:
        id = parse_flag("--id", parse_id, flags.id_)
    else:
        id = session.make_post_id(answers.title or flags.template or "")
        if flags.unless_open:  # a machine may report the same twice on a day
            taken = {post.id for post in session.site.incidents}
            id = next(name for name in chain([id], (f"{id}-{number}" for number in count(2))) if name not in taken)
    post = PreparedPost(template.fill(front, text), template.translate(front, text))
    if template.text is not None:
        post = fill_blanks(session, post, flags.fill, [question.key for question in QUESTIONS[kind]])
    elif flags.fill:
        raise click.BadParameter("Only a template has blanks: add --template.", param_hint="--fill")
    session.create_post(id, post.text, template.text is not None, post.translations)


def _collect_answers(session: "WriteSession", kind: Kind, flags: NewFlags, template: Template) -> Answers:
    """Return the answer to each question: from its flag, or else from the template, or else by asking."""
    said = flags.words_by_flag
    _refuse_stray_flags(kind, {**said, "--since": ", ".join(flags.since)})
    answers = Answers(do=flags.do, service_since=flags.service_since)
    missing = []
    for question in QUESTIONS[kind]:
        if words := said.get(question.flag):
            answers = parse_flag(question.flag, question.parse, session, answers, words)
        elif _is_answered(question, flags, answers, template, session):
            continue
        elif session.can_ask and question.is_asked:
            answers = _ask(session, question, answers)
        elif session.can_ask and question.default:
            answers = question.parse(session, answers, question.default)
        elif question.is_required and (template.text is None or not session.may_leave_blanks):
            missing.append(question.flag)
    if missing:
        raise MissingFlagsError(missing)
    return answers


def _refuse_stray_flags(kind: Kind, said: Mapping[str, str | None]) -> None:
    known = {question.flag for question in QUESTIONS[kind]}
    stray = next((flag for flag, words in said.items() if words and flag not in known), None)
    if stray:
        kind_name = {Kind.INCIDENT: "An incident", Kind.MAINTENANCE: "Planned work", Kind.NOTICE: "A notice"}[kind]
        what = f"{kind_name} has no {stray}. {FLAG_ALTERNATIVES.get((kind, stray), '')}".rstrip()
        raise click.BadParameter(what, param_hint=stray)


def _is_answered(
    question: Question, flags: NewFlags, answers: Answers, template: Template, session: "WriteSession"
) -> bool:
    """Return whether a question needs no answer, though no flag of `words_by_flag` gives one."""
    if question.flag == "--do":
        return bool(answers.do) or "do" in template.blank_entry or not answers.has_disruption
    if question is SERVICE_SINCE:
        may_differ = len(answers.broken) > 1 or (answers.broken and began_earlier(session, answers))
        return bool(answers.service_since) or not may_differ
    if question.flag == "--scope":
        named = {key.partition("/")[0] for key in answers.services}
        return (
            bool(flags.scope) or template.text is not None or named == {service.id for service in session.site.services}
        )
    if question.flag == "--text":
        return bool(flags.text) or template.text is not None
    return question.key in template.fixed_values


def _ask(session: "WriteSession", question: Question, answers: Answers) -> Answers:
    session.should_confirm = True
    is_about_services = question.flag == "--service"
    prompt = f"{question.prompt}\n{_list_services(session.site)}" if is_about_services else question.prompt
    if question is SERVICE_SINCE:
        prompt = f"{', '.join(answers.broken)}: {prompt}"

    def parse(words: str) -> Answers:
        return question.parse(session, answers, words) if words or question.is_required else answers

    return ask(prompt, parse, question.default, question.flag)


def _list_services(site: Site) -> str:
    """Return every service and channel with its number, and an example of an answer."""
    names = {service.id: service.name.texts[0][1] for service in site.services}
    keys = service_keys(site)
    width = max(len(key) for key in keys)
    rows = [f"{number:4} {key:{width}}  {names.get(key, '')}".rstrip() for number, key in enumerate(keys, 1)]
    statuses = ", ".join(status.value for status in reversed(WRITTEN_STATUSES))
    example = f"For example: {keys[-1]} down" + (f", {keys[0]} limited" if len(keys) > 1 else "")
    return "\n".join([*rows, f"How bad: {statuses}", f"{example} (or use its number)"])


def _make_front_matter(
    session: "WriteSession", kind: Kind, flags: NewFlags, answers: Answers, template: Template
) -> Facts:
    """Return the front matter, in the order in which people read it."""
    facts = _make_facts(session, flags, answers, template)
    started = _format(session, answers.started)
    posted = _format(session, _posted_time(session, kind, answers))
    return drop_empty(
        {
            "title": answers.title,
            "kind": kind.value if kind is not Kind.INCIDENT and "kind" not in template.fixed_values else None,
            "topic": answers.topic,
            "claim": flags.claim,
            "fact": flags.fact,
            "started": started,
            "posted": posted if posted != started else None,
            "starts": _format(session, answers.starts),
            "ends": _format(session, answers.ends),
            "services": facts.pop("services", None),
            **facts,
            "next_update": _format(session, answers.next_update),
        }
    )


def _make_facts(session: "WriteSession", flags: NewFlags, answers: Answers, template: Template) -> Facts:
    """Return the facts of the first update; the answers have the services, and what a template says of each."""
    services = tuple(f"{key}={status.value}" for key, status in answers.services.items())
    said = replace(flags, service=services, do=answers.do, scope=answers.scope or flags.scope)
    since = _starts_of_services(session, answers)
    return make_facts(session, said, Earlier(is_new=True, blank_entry=template.blank_entry), since)


def _starts_of_services(session: "WriteSession", answers: Answers) -> tuple[str, ...]:
    """Return since when each service does not work, as --since says it; the last word on a service counts."""
    if not (answers.is_started_before and answers.started):
        return answers.service_since
    before = BEFORE + session.format_time(answers.started)
    own = (words for words in answers.service_since if words.partition("=")[2].strip().casefold() != "incident")
    return (*(f"{key}={before}" for key in answers.broken), *own)


def _format(session: "WriteSession", when: When | None) -> str | None:
    return session.format_time(when) if when else None


def _posted_time(session: "WriteSession", kind: Kind, answers: Answers) -> When | None:
    """Return when the post is published; None if a template leaves open when it all began."""
    began = answers.started
    if began is None and kind is not Kind.MAINTENANCE:
        return None
    posted = session.at or update_time(session.now)
    # Rounded down, it can be earlier than something that began a minute ago.
    is_too_early = kind is Kind.INCIDENT and not session.at and began is not None and posted.start < began.start
    return began if is_too_early else posted
