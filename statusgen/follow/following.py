"""All that follows of what others say: look, remember, suggest, and write a draft if somebody asks for it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from statusgen.board.board import make_board
from statusgen.board.model.whole_board import Board
from statusgen.editor.workspace import Workspace
from statusgen.follow.draft import Draft, DraftWriter
from statusgen.follow.fetch import TIME_LIMIT
from statusgen.follow.look import Look, look_at_all
from statusgen.follow.memory import Memory, load_memory, make_key, note_look, save_memory
from statusgen.follow.seen import WHOLE_PAGE, NotReadError, Seen
from statusgen.follow.suggest import Suggester, Suggestion, SuggestionKind
from statusgen.model.following import FollowKind
from statusgen.model.statuses import Status
from statusgen.model.whole_site import Site
from statusgen.notify.environment import Environment
from statusgen.problems import ContentError
from statusgen.wording.interface import available_languages

NEWS_LASTS = timedelta(days=7)
"""For how long an entry of a feed is news: nobody may ever write below it that it is over."""
_NOTHING = Seen(WHOLE_PAGE, Status.NOT_SAID)


class Following:
    """What the site in a folder follows, at the moment `now`. `site` is the one to show then."""

    def __init__(self, folder: Path, site: Site, now: datetime) -> None:
        self.folder, self.site, self.now = folder, site, now
        self.memory = load_memory(folder, now)

    def look(
        self,
        environment: Environment,
        documents: Mapping[str, bytes] | None = None,
        time_limit: float = TIME_LIMIT,
    ) -> list[Look]:
        """Look at everything that is followed, and remember what was seen; raise OutputError if that cannot be kept.

        `documents` are what monitors sent, by the ids of those.
        """
        looks = look_at_all(self.site.follow, self.folder, environment, documents or {}, time_limit)
        self.memory = load_memory(
            self.folder, self.now
        )  # a look takes a while, and somebody may have decided something
        for look in looks:
            self._note(look)
        self._save()
        return looks

    def suggest(self, board: Board) -> list[Suggestion]:
        """Return what a human may want to do, by what is remembered, without what was put aside; nobody is asked."""
        drafts = make_board(self.site, board.moment, drafts=True, with_next_change=False)
        suggestions = [*Suggester(board, drafts, self.memory, self.now).suggest()]
        self._settle(suggestions)
        return [each for each in suggestions if not each.is_aside]

    def put_aside(self, suggestion: Suggestion, is_aside: bool = True) -> None:
        """Remember that a suggestion is not for us, until the outage is over, or that it is; raise OutputError."""
        name = suggestion.name_within_outage
        courses = {key: course for key, course in self.memory.courses.items() if key in suggestion.components}
        said = {key: course.put_aside(name, is_aside) for key, course in courses.items()}
        self.memory = replace(self.memory, courses={**self.memory.courses, **said})
        self._save()

    def write(self, suggestion: Suggestion) -> str | None:
        """Write the draft of a report, and return the path of its file; None if there is one, or was one, already.

        Raises ContentError for a mistake, and OutputError.
        """
        courses = [self.memory.courses[key] for key in suggestion.components if key in self.memory.courses]
        if suggestion.kind is not SuggestionKind.REPORT or suggestion.posts or any(each.post for each in courses):
            return None
        workspace = Workspace(self.folder, available_languages())
        draft = self._check(suggestion, workspace)
        taken = {post.id for post in self.site.incidents}
        first = draft.make_id(self.site.zone)
        id = next(name for name in [first, *(f"{first}-{number}" for number in range(2, 1000))] if name not in taken)
        path = f"incidents/{id}.md"
        workspace.save(path, draft.as_post(self.site.zone).encode(), None)
        written = {key: replace(self.memory.courses[key], post=id) for key in suggestion.components}
        self.memory = replace(self.memory, courses={**self.memory.courses, **written})
        self._save()
        return path

    def _check(self, suggestion: Suggestion, workspace: Workspace) -> Draft:
        """Return the draft of a suggestion that makes no mistake: without their words, if it is for those."""
        assert suggestion.draft
        assert suggestion.report
        alone = DraftWriter(self.site, self.now).write(suggestion.report, with_their_words=False)
        for draft in (suggestion.draft, alone):
            try:
                path = f"incidents/{draft.make_id(self.site.zone)}-draft.md"
                workspace.dry_run(path, draft.as_post(self.site.zone).encode(), None)
            except ContentError:
                if draft is alone:
                    raise
            else:
                break
        return draft

    def _note(self, look: Look) -> None:
        """Remember what a look found of each component."""
        courses, failing = dict(self.memory.courses), dict(self.memory.failing)
        for dependence in look.followed.dependences:
            key = make_key(look.followed.id, dependence.component)
            try:
                found = look.find(dependence) if look.is_asked else _NOTHING
            except NotReadError as error:
                failing[key] = (failing.get(key, (self.now, ""))[0], str(error))
                continue
            failing.pop(key, None)
            if look.followed.kind is FollowKind.FEED and found.since and self.now - found.since > NEWS_LASTS:
                found = _NOTHING
            if found.status is Status.NOT_SAID and look.followed.source is None and key in courses:
                found = courses[key].seen  # as long as a monitor that tells what changes sends nothing, that holds
            course = note_look(courses.get(key), found, self.now)
            if course:
                courses[key] = course
        self.memory = Memory(courses=courses, failing=failing)

    def _settle(self, suggestions: list[Suggestion]) -> None:
        """Forget an outage that is over, once our page no longer says otherwise."""
        waiting = {key for each in suggestions if each.kind is SuggestionKind.BACK for key in each.components}
        settled = {
            key: course.settle()
            for key, course in self.memory.courses.items()
            # While it goes up and down, nobody is told that it is back; that comes once it is steady.
            if course.is_back and not course.is_unsteady(self.now) and key not in waiting
        }
        if settled:
            self.memory = replace(self.memory, courses={**self.memory.courses, **settled})
            self._save()

    def _save(self) -> None:
        known = [make_key(each.id, part.component) for each in self.site.follow for part in each.dependences]
        save_memory(self.folder, self.memory, known)


def recall_suggestions(folder: Path, site: Site, board: Board, now: datetime) -> list[Suggestion]:
    """Return what a human may want to do by what was seen in the last hour, each report with its draft.

    What was put aside `is_aside`. Nobody is asked, and nothing is written: it is for a page that has to be there at
    once.
    """
    drafts = make_board(site, board.moment, drafts=True, with_next_change=False)
    return [*Suggester(board, drafts, load_memory(folder, now), now).suggest()]
