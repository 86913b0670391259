"""The posts: incidents, planned work and notices, with all their updates."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from statusgen.english import English
from statusgen.keys import Key
from statusgen.model.format_enum import FormatEnum
from statusgen.model.old_addresses import OldAddress
from statusgen.model.record import Edit, Told
from statusgen.model.reports import Estimate, ServiceReport
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.waivers import Deadline, Waiver
from statusgen.model.words import Markup, Words
from statusgen.problems import Place


class Scope(FormatEnum):
    """What an incident may affect besides the services that it names: perhaps others, or none."""

    WIDER = "wider"
    NAMED = "named"


class Topic(FormatEnum):
    """The subject of a notice."""

    FRAUD = "fraud"
    DATA = "data"
    HEALTH = "health"
    CLOSURE = "closure"
    RUMOR = "rumor"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Correction:
    """What was wrong in an earlier update (named by its id), and what is right."""

    corrects: str
    wrong: Annotated[Words | None, Key("What was wrong in it.")]
    right: Annotated[Words | None, Key("What is right.")]


@dataclass(frozen=True, slots=True)
class Update:
    """One dated entry of a post, not changed afterwards except by a correction.

    `id` is its local time (`2024-05-15-1600`, or `2024-05-15` for a whole day), unique in its incident.
    `texts` holds the text once for each language it was written or translated in, the original first;
    `translations` says for each translated language whether a human or a machine made it. `committed_at` is when it
    was first committed, if that is known, and `edits` what was changed in it since, oldest first;
    `outdated_languages` are those whose translation is older than the last change of the original. `others` is the
    status of all services that no open post has spoken of. `unchanged` confirms all that the post last said. With
    `embargo`, it is kept back until its time. `told` is where it was sent, if the site wants that to be public.
    """

    id: str
    time: When
    state: State
    place: Place
    texts: tuple[Markup, ...] = ()
    title: Annotated[
        Words | None, Key("What this update is called, if its state alone says too little.", label=English("its title"))
    ] = None
    by: Annotated[
        Words | None,
        Key(
            "Who says this; makes it a statement.",
            data="Who said it, where it is a statement.",
            label=English("who says it"),
        ),
    ] = None
    known: Annotated[
        tuple[Words, ...], Key("What is known.", data="What it says is known.", label=English("what is known"))
    ] = ()
    not_known: Annotated[
        tuple[Words, ...],
        Key("What is not known yet.", data="What it says is not known.", label=English("what is not known")),
    ] = ()
    doing: Annotated[
        tuple[Words, ...],
        Key("What is being done.", data="What it says is being done.", label=English("what is being done")),
    ] = ()
    reports: Annotated[
        tuple[ServiceReport, ...],
        Key(
            "The status of services and their channels now.",
            data="What it says of services.",
            written="services",
            label=English("what it says of services"),
        ),
    ] = ()
    expected: Annotated[
        Estimate | None,
        Key(
            "When everything that the post affects is expected back.",
            data="When it says that things will be back.",
            label=English("the estimate"),
        ),
    ] = None
    next_update: Annotated[
        When | None,
        Key(
            "When the next update will come.",
            data="When it promises the next update.",
            label=English("the promised time of the next update"),
        ),
    ] = None
    waivers: Annotated[
        tuple[Waiver, ...],
        Key(
            "Fees, penalties and deadlines that do not apply for now.",
            data="The waivers that it speaks of, as they were then.",
            label=English("its waivers"),
        ),
    ] = ()
    deadlines: Annotated[
        tuple[Deadline, ...],
        Key(
            "Dates that residents must know.",
            data="The deadlines that it speaks of, as they were then.",
            label=English("its dates"),
        ),
    ] = ()
    unrelated_to: Annotated[
        tuple[str, ...],
        Key(
            "Posts that people might wrongly take for the same thing.",
            data="The ids of incidents that it says have nothing to do with this one.",
            label=English("what it has nothing to do with"),
        ),
    ] = ()
    starts: Annotated[
        When | None,
        Key(
            "When planned work begins.",
            data="When it says that planned work begins.",
            label=English("when the work begins"),
        ),
    ] = None
    ends: Annotated[
        When | None,
        Key(
            "When planned work, or a notice, ends.",
            data="When it says that planned work, or a notice, ends.",
            label=English("when it ends"),
        ),
    ] = None
    do: Annotated[
        Words | None,
        Key(
            "What everybody can do.", data="What it says that everybody can do.", label=English("what everybody can do")
        ),
    ] = None
    do_short: Words | None = None
    do_until: When | None = None
    claim: Annotated[
        Words | None, Key("What a rumor says.", data="What the rumor says.", label=English("the rumor"))
    ] = None
    fact: Annotated[
        Words | None, Key("What is true instead.", data="What is true instead.", label=English("what is true"))
    ] = None
    others: Status | None = None
    scope: Scope | None = None
    unchanged: bool = False
    rename: Annotated[
        Words | None,
        Key(
            "The name of the incident from now on.",
            data="The name of the incident from then on.",
            label=English("its new name"),
        ),
    ] = None
    embargo: bool = False
    correction: Correction | None = None
    translations: tuple[tuple[str, str], ...] = ()
    committed_at: When | None = None
    edits: tuple[Edit, ...] = ()
    outdated_languages: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()

    def text(self, *languages: str) -> Markup | None:
        """Return the text in the first of `languages` that it is in, or as it was written; None if there is none."""
        by_language = {markup.language: markup for markup in self.texts}
        known = (by_language[language] for language in languages if language in by_language)
        return next(known, self.texts[0] if self.texts else None)


@dataclass(frozen=True, slots=True)
class Incident:
    """One post: an incident, planned work or a notice. `id` is the name of its file and its address.

    `silence` names the advice that the writer does not want about it. `removed_updates` were public
    and have been removed since; `withhold` keeps the words of earlier versions off the page. `was` are its addresses on
    an earlier site.
    """

    id: str
    kind: Kind
    title: Words
    started: When
    updates: tuple[Update, ...]
    place: Place
    topic: Topic | None = None
    repeats: str | None = None
    skipped_days: tuple[date, ...] = ()
    draft: bool = False
    translation_languages: tuple[str, ...] = ()
    silence: tuple[str, ...] = ()
    removed_updates: tuple[Edit, ...] = ()
    withhold: bool = False
    was: tuple[OldAddress, ...] = ()

    @property
    def is_started_before(self) -> bool:
        """Whether it began at an unknown time before `started`: its first text says so of all that does not work."""
        broken = [report for report in self.updates[0].reports if report.status and report.status.is_broken]
        return bool(broken) and all(report.started_before for report in broken)

    @property
    def is_start_known(self) -> bool:
        """Whether somebody said on which day it began, so that days can be counted from it."""
        return not (self.started.is_whole_month or self.is_started_before)
