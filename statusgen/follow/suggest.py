"""From what others say now, and what our own page says, to what a human may want to do about it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from functools import cached_property

from statusgen.board.model.services import ServiceStatus, Standing
from statusgen.board.model.whole_board import Board
from statusgen.english import English, SeveralTexts
from statusgen.follow.draft import Affected, Draft, DraftWriter, Report, as_written
from statusgen.follow.links import choose_link
from statusgen.follow.memory import UNREADABLE_LASTS, Course, Memory, make_key
from statusgen.model.following import Dependence, Followed
from statusgen.model.services import EVERY_WAY, ChannelKind
from statusgen.model.statuses import Status
from statusgen.model.times import When


class SuggestionKind(Enum):
    """What a suggestion is about."""

    REPORT = "report"  # they say that it does not work, and our page does not
    WORSE = "worse"  # our page tells of a lesser problem
    BETTER = "better"  # our page tells of a greater problem
    BACK = "back"  # they say that it works again, and our page does not
    LEFT_OVER = "left over"  # another post of ours says what this draft was written for
    CANNOT_READ = "cannot read"  # nobody can tell what they say


@dataclass(frozen=True)
class Suggestion:
    """What a human may want to do about something that others say. Nothing of it is published by itself.

    `headline` says what is the matter; `decide` are things to find out or to decide; `command` is what to do about it.
    `posts` are those of ours that tell of it already, drafts included. A report has a `draft`, with the `report` that
    it is made from. `key` is the same for as long as it is the same thing, and `components` are what it is about, by
    the keys of the memory. `since` is their own time, if they give one, and `seen` the last look at it. If it
    `is_aside`, a person has said that it is not for us.
    """

    kind: SuggestionKind
    followed: Followed
    headline: str
    command: str
    key: str
    components: tuple[str, ...]
    decide: tuple[str, ...] = ()
    link: str | None = None
    posts: tuple[str, ...] = ()
    report: Report | None = field(default=None, repr=False)
    draft: Draft | None = field(default=None, repr=False)
    since: datetime | None = None
    seen: datetime | None = None
    is_aside: bool = False

    @property
    def name_within_outage(self) -> str:
        """As what it is put aside: only another status of theirs, or of ours, is then something new to decide."""
        return self.key if self.kind in (SuggestionKind.WORSE, SuggestionKind.BETTER) else self.kind.value

    def __str__(self) -> str:
        return SeveralTexts(self.headline, *self.decide)


@dataclass(frozen=True)
class _Problem:
    """A problem that counts, and the keys of ours of which our page says nothing of it."""

    key: str
    dependence: Dependence
    course: Course
    keys: tuple[str, ...]


class Suggester:
    """Makes suggestions at the moment `now`; `drafts` is the Board with drafts."""

    def __init__(self, board: Board, drafts: Board, memory: Memory, now: datetime) -> None:
        self.board, self.drafts, self.memory, self.now = board, drafts, memory, now
        self.writer = DraftWriter(board.site, now)

    def suggest(self) -> Iterator[Suggestion]:
        """Yield all suggestions, in the order of services.yaml, those that were put aside included."""
        for each in self._suggest():
            yield replace(each, is_aside=self._is_aside(each.components, each.name_within_outage))

    def _is_aside(self, components: Iterable[str], name: str) -> bool:
        courses = self.memory.courses
        return all(key in courses and name in courses[key].aside for key in components)

    def _suggest(self) -> Iterator[Suggestion]:
        for followed in self.board.site.follow:
            yield from self._reports(followed)
            for dependence, key, course in self._courses(followed):
                if not course.is_unsteady(self.now):
                    yield from self._differences(followed, dependence, course, key)
                    yield from self._back(followed, dependence, course, key)
            yield from self._left_over(followed)
            yield from self._unreadable(followed)

    def _courses(self, followed: Followed) -> Iterator[tuple[Dependence, str, Course]]:
        """Yield what was seen lately: what nobody could see for an hour may be otherwise by now."""
        for dependence in followed.dependences:
            key = make_key(followed.id, dependence.component)
            course = self.memory.courses.get(key)
            if course and self.now - course.last < UNREADABLE_LASTS:
                yield dependence, key, course

    @cached_property
    def _worst(self) -> Mapping[str, Status]:
        """The worst that anybody says of each service or channel of ours that has a problem by what they say."""
        worst: dict[str, Status] = {}
        for followed in self.board.site.follow:
            for dependence, _, course in self._courses(followed):
                for key in self._keys(dependence) if course.is_problem else ():
                    worst[key] = max(worst.get(key, Status.WORKING), course.seen.status, key=lambda each: each.severity)
        return worst

    # What they say does not work, and our page does not say so.

    def _reports(self, followed: Followed) -> Iterator[Suggestion]:
        by_outage: dict[tuple[object, ...], list[_Problem]] = {}
        for problem in self._problems(followed):
            seen, is_unsteady = problem.course.seen, problem.course.is_unsteady(self.now)
            since, is_before = _start(problem.course, self.now)
            # What has one name and one beginning is one outage, and gets one post, without what was put aside.
            is_aside = self._is_aside([problem.key], SuggestionKind.REPORT.value)
            by_outage.setdefault((is_unsteady, seen.title, since, is_before, is_aside), []).append(problem)
        for problems in by_outage.values():
            yield self._report(followed, problems)

    def _problems(self, followed: Followed) -> Iterator[_Problem]:
        for dependence, key, course in self._courses(followed):
            if course.is_problem or course.is_unsteady(self.now):
                silent = tuple(each for each in self._keys(dependence) if not _is_problem(self._standing(each)))
                if silent:
                    yield _Problem(key, dependence, course, silent)

    def _report(self, followed: Followed, problems: list[_Problem]) -> Suggestion:
        course = problems[0].course
        since, is_before = _start(course, self.now)
        is_unsteady = course.is_unsteady(self.now)
        affected = {
            key: Affected(key, _status(each.course, is_unsteady), each.dependence.do)
            for each in problems
            for key in each.keys
        }
        link = choose_link(followed, course.seen.url)
        report = Report(followed.name, tuple(affected.values()), since, is_before, is_unsteady, course.seen.title, link)
        posts, command = self._answer(followed, problems, affected)
        return Suggestion(
            SuggestionKind.REPORT,
            followed,
            self.writer.headline(report),
            command,
            f"report {problems[0].key} {since.start.isoformat()} {report.status.value}",
            tuple(each.key for each in problems),
            tuple(self._decisions(affected)),
            link,
            posts,
            report,
            self.writer.write(report),
            since=None if is_before else since.start,
            seen=course.last,
        )

    def _answer(self, followed: Followed, problems: list[_Problem], keys: Iterable[str]) -> tuple[tuple[str, ...], str]:
        """Return the posts of ours that are about a report already, and what to do about it."""
        written = sorted({each.course.post for each in problems} - {""})
        # The draft that was written of it comes before others about the same service.
        if drafts := tuple(sorted(self._drafts_about(keys), key=lambda post: post not in written)):
            return drafts, f"statusgen serve, and delete the line draft: true of incidents/{drafts[0]}.md"
        if posts := tuple(post for post in written if post in self.board.incident_by_id):
            return posts, f"statusgen update {posts[0]}"
        # One that was drafted and is gone was not wanted.
        return (), "statusgen new" if written else f"statusgen follow --write {followed.id}"

    def _decisions(self, keys: Iterable[str]) -> Iterator[str]:
        """Yield what has to be found out or decided for people who use what is affected."""
        services = [self.board.service_by_id[id] for id in dict.fromkeys(key.partition("/")[0] for key in keys)]
        for service in services:
            name = self.writer.phrasing.phrase(service.service.name)
            for channel in service.service.channels:
                if channel.kind is ChannelKind.AUTOMATIC:
                    way = self.writer.phrasing.channel(channel)
                    yield English(
                        '"%(service)s" is also used by itself (%(way)s): find out whether that goes through.',
                        service=name,
                        way=way,
                    )
            yield from self._dates(service)
        yield English("Decide whether a fee, a penalty or a deadline is waived meanwhile.")

    def _dates(self, service: ServiceStatus) -> Iterator[str]:
        for waiver in service.waivers:
            if waiver.waiver.what:
                words = self.writer.phrasing.waiver_summary(waiver)
                yield English('This is waived: "%(words)s" Decide whether that is extended.', words=words)
        for deadline in service.deadlines:
            if deadline.deadline.what and deadline.deadline.on:
                words = self.writer.phrasing.as_sentence(deadline.deadline.what)
                when = self.writer.phrasing.time(deadline.deadline.on)
                yield English('On %(when)s: "%(words)s" Decide whether that is still true.', when=when, words=words)

    # What our page says otherwise.

    def _differences(
        self, followed: Followed, dependence: Dependence, course: Course, key: str
    ) -> Iterator[Suggestion]:
        theirs = as_written(course.seen.status)
        if not course.is_problem or theirs is Status.UNKNOWN:
            return
        counting = [each for each in self._keys(dependence) if self._worst[each] is course.seen.status]
        ours = {each: standing.status for each in counting if (standing := self._standing(each))}
        other = {each: status for each, status in ours.items() if status.is_stated_problem and status is not theirs}
        if not other:
            return
        is_worse = any(status.severity < theirs.severity for status in other.values())
        kind = SuggestionKind.WORSE if is_worse else SuggestionKind.BETTER
        affected = tuple(Affected(each, theirs) for each in other)
        since, is_before = _start(course, self.now)
        report = Report(followed.name, affected, since, is_before)
        said = "; ".join(f"{self.writer.name(each)}: {status.value}" for each, status in other.items())
        words = English(
            "%(headline)s. Our page says something else: %(said)s.", headline=self.writer.headline(report), said=said
        )
        posts = self._posts_about(other)
        flags = " ".join(f"--service {each}={theirs.value}" for each in other)
        command = f"statusgen update {posts[0] if posts else 'POST'} {flags}"
        name = f"{kind.value} {key} {theirs.value} {said}"
        link = choose_link(followed, course.seen.url)
        by_them = None if is_before else since.start
        yield Suggestion(kind, followed, words, command, name, (key,), (), link, posts, since=by_them, seen=course.last)

    def _back(self, followed: Followed, dependence: Dependence, course: Course, key: str) -> Iterator[Suggestion]:
        still = [each for each in self._keys(dependence) if _is_problem(self._standing(each))]
        keys = [each for each in still if each not in self._worst]
        posts = self._posts_about(keys)
        if not course.is_back or not posts or key in self.memory.failing:
            return
        words = English(
            "According to %(name)s, it works again: %(services)s. Our page still says otherwise.",
            name=self.writer.phrasing.say(followed.name),
            services=self.writer.phrasing.format_list(map(self.writer.name, keys)),
        )
        look = English("Check it yourself before you say so.")
        began = course.began.isoformat() if course.began else ""
        command, link = f"statusgen resolve {posts[0]}", choose_link(followed, course.seen.url)
        name = f"back {key} {began}"
        yield Suggestion(
            SuggestionKind.BACK, followed, words, command, name, (key,), (look,), link, posts, seen=course.last
        )

    def _left_over(self, followed: Followed) -> Iterator[Suggestion]:
        by_draft: dict[str, list[tuple[str, Dependence, Course]]] = {}
        for dependence, key, course in self._courses(followed):
            written = self.drafts.incident_by_id.get(course.post)
            if course.began and written and written.incident.draft:
                by_draft.setdefault(course.post, []).append((key, dependence, course))
        for draft, parts in by_draft.items():
            ours = [each for _, dependence, _ in parts for each in self._keys(dependence)]
            posts = self._posts_about(ours)
            if not posts or not all(_is_problem(self._standing(each)) for each in ours):
                continue
            words = English(
                "incidents/%(draft)s.md is a draft that is left over: incidents/%(post)s.md reports that outage.",
                draft=draft,
                post=posts[0],
            )
            decide = English("If it says what that post does not, say it there. Then delete the draft.")
            keys = tuple(key for key, _, _ in parts)
            yield Suggestion(
                SuggestionKind.LEFT_OVER,
                followed,
                words,
                f"delete incidents/{draft}.md",
                f"left over {draft}",
                keys,
                (decide,),
                posts=posts,
                seen=parts[0][2].last,
            )

    def _unreadable(self, followed: Followed) -> Iterator[Suggestion]:
        reasons: dict[tuple[datetime, str], list[str]] = {}
        for dependence in followed.dependences:
            key = make_key(followed.id, dependence.component)
            since, why = self.memory.failing.get(key, (self.now, ""))
            if self.now - since >= UNREADABLE_LASTS:
                reasons.setdefault((since, why), []).append(key)
        for (since, why), keys in reasons.items():
            words = English(
                "The status of %(name)s cannot be read since %(time)s: %(why)s. That does not mean that everything "
                "works.",
                name=self.writer.phrasing.say(followed.name),
                time=self.writer.phrasing.time_of(since),
                why=why,
            )
            key = f"cannot read {keys[0]} {since.isoformat()}"
            command = "statusgen follow"
            yield Suggestion(SuggestionKind.CANNOT_READ, followed, words, command, key, tuple(keys), (), followed.link)

    # What our page says.

    def _keys(self, dependence: Dependence) -> Iterator[str]:
        """Yield the services and channels of ours that depend on something, each channel where all are meant."""
        for key in dependence.services:
            service, _, channel = key.partition("/")
            if channel == EVERY_WAY:
                yield from (f"{service}/{each.channel.id}" for each in self.board.service_by_id[service].channels)
            else:
                yield key

    def _standing(self, key: str) -> Standing | None:
        """Return how a service or a channel stands by our own page; None for a channel that is closed for now."""
        id, _, channel_id = key.partition("/")
        service = self.board.service_by_id[id]
        if not channel_id:
            return service.standing
        return next((each.standing for each in service.channels if each.channel.id == channel_id), None)

    def _posts_about(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Return the open posts that say of one of these that it does not work as usual."""
        return tuple(_find_posts(self.board, keys))

    def _drafts_about(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Return the drafts that say so."""
        found = _find_posts(self.drafts, keys)
        return tuple(id for id in found if self.drafts.incident_by_id[id].incident.draft)


def _find_posts(board: Board, keys: Iterable[str]) -> Iterator[str]:
    wanted = [key.split("/") for key in keys]
    for incident in (*board.open_incidents, *board.planned_work):
        about = [[*filter(None, word.key)] for word in incident.effects if word.until is None]
        # What is said of a service is said of its ways too, and the other way round.
        if any(ours[: len(theirs)] == theirs[: len(ours)] for ours in wanted for theirs in about):
            yield incident.id


def _is_problem(standing: Standing | None) -> bool:
    return standing is not None and standing.status.is_stated_problem


def _start(course: Course, now: datetime) -> tuple[When, bool]:
    """Return since when a problem is there, and whether that is only when it was first seen, to the minute."""
    said = course.seen.since
    if said and said <= now and not course.is_unsteady(now):
        return When.moment(said.replace(second=0, microsecond=0)), False
    seen = course.began or course.first
    return When.moment(seen.replace(second=0, microsecond=0)), True


def _status(course: Course, is_unsteady: bool) -> Status:
    """Return what a post can say; what goes up and down is unreliable."""
    return Status.DEGRADED if is_unsteady else as_written(course.seen.status)
