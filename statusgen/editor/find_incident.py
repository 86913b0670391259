"""Which post a writer means by a part of its name, and which posts affect a service."""

from collections.abc import Iterable

from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.spans import Phase
from statusgen.board.model.whole_board import Board
from statusgen.english import English
from statusgen.model.posts import Incident
from statusgen.problems import InvalidValue
from statusgen.text import did_you_mean, quote_text

_MAX_CHOICES = 8


def find_incident(words: str, posts: Iterable[Incident], board: Board) -> Incident:
    """Return the post whose id or title has these words, in upper or lower case; raises InvalidValue with a choice.

    A whole id wins. Of several posts, the one that is not over is meant. `board` includes the drafts.
    """
    posts = list(posts)
    id = words.strip().replace("\\", "/").rpartition("/")[2].removesuffix(".md")
    for post in posts:
        if post.id == id:
            return post
    matching = [post for post in posts if _post_matches(post, words.strip().casefold())]
    unfinished = [post for post in matching if _is_unfinished(post, board)]
    for choice in (unfinished, matching):
        if len(choice) == 1:
            return choice[0]
        if choice:
            raise InvalidValue(
                English("Several posts match %(words)s.", words=quote_text(words)), _format_choices(choice)
            )
    raise InvalidValue(
        English("There is no post %(words)s.", words=quote_text(words)),
        _suggest_posts(id, posts, board),
        mistyped=words,
    )


def _post_matches(post: Incident, words: str) -> bool:
    return words in post.id.casefold() or any(words in text.casefold() for _, text in post.title.texts)


def _is_unfinished(post: Incident, board: Board) -> bool:
    """Return whether it is not over, or not published yet."""
    incident = board.incident_by_id.get(post.id)
    return incident is None or incident.phase is not Phase.PAST


def _suggest_posts(id: str, posts: list[Incident], board: Board) -> str:
    near = did_you_mean(id[:100], [post.id for post in posts])
    unfinished = [post for post in posts if _is_unfinished(post, board)]
    if unfinished and not near.startswith("Did"):
        return _format_choices(unfinished)
    return near or English("There are no posts yet.")


def _format_choices(posts: list[Incident]) -> str:
    named = [f"{post.id} ({post.title.texts[0][1]})" for post in posts[:_MAX_CHOICES]]
    if len(posts) > _MAX_CHOICES:
        more = len(posts) - _MAX_CHOICES
        return English("Choose from: %(choices)s, and %(number)s more.", choices=", ".join(named), number=more)
    return English("Choose from: %(choices)s.", choices=", ".join(named))


def unfinished_incidents(board: Board) -> list[IncidentStatus]:
    """Return what can be updated: open incidents and notices, then planned work."""
    return [*board.open_incidents, *board.notices, *board.planned_work]


def incidents_affecting(board: Board, service: str) -> list[IncidentStatus]:
    """Return the open incidents, and the planned work in progress, that affect the service with this id."""
    open_ = [incident for incident in (*board.open_incidents, *board.planned_work) if incident.phase is Phase.OPEN]
    return [incident for incident in open_ if service in _affected_services(incident, board)]


def _affected_services(incident: IncidentStatus, board: Board) -> set[str]:
    effects = (effect for effect in incident.effects if effect.until is None or effect.until.start > board.moment)
    return {effect.key[0] for effect in effects}
