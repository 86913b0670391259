"""Which post somebody means by a part of its name, and which one holds a service."""

from collections.abc import Iterable

from statusgen.errors import did_you_mean
from statusgen.model import Incident
from statusgen.reading.values import Wrong, quoted
from statusgen.status.standing import Board, IncidentStanding, Phase

_LISTED = 8


def incident_meant(words: str, posts: Iterable[Incident], board: Board) -> Incident:
    """The post whose id or title has these words, capital letters aside; raises Wrong with those to choose from.

    A whole id wins. Of several, the one that is not over is meant. `board` has the drafts too.
    """
    posts = list(posts)
    id = words.strip().replace("\\", "/").rpartition("/")[2].removesuffix(".md")
    for post in posts:
        if post.id == id:
            return post
    matching = [post for post in posts if _matches(post, words.strip().casefold())]
    going_on = [post for post in matching if _goes_on(post, board)]
    for choice in (going_on, matching):
        if len(choice) == 1:
            return choice[0]
        if choice:
            raise Wrong(f"Several posts have {quoted(words)} in their names.", _choice(choice))
    raise Wrong(f"There is no post {quoted(words)}.", _near(id, posts, board))


def _matches(post: Incident, words: str) -> bool:
    return words in post.id.casefold() or any(words in text.casefold() for _, text in post.title.texts)


def _goes_on(post: Incident, board: Board) -> bool:
    """Whether it is not over, or not published yet."""
    standing = board.incident.get(post.id)
    return standing is None or standing.phase is not Phase.PAST


def _near(id: str, posts: list[Incident], board: Board) -> str:
    near = did_you_mean(id[:100], [post.id for post in posts])
    going_on = [post for post in posts if _goes_on(post, board)]
    return _choice(going_on) if going_on and not near.startswith("Did") else near or "None is written yet."


def _choice(posts: list[Incident]) -> str:
    named = [f"{post.id} ({post.title.texts[0][1]})" for post in posts[:_LISTED]]
    more = f", and {len(posts) - _LISTED} more" if len(posts) > _LISTED else ""
    return f"Choose from: {', '.join(named)}{more}."


def going_on(board: Board) -> list[IncidentStanding]:
    """What can be written about: open incidents and notices, then planned work."""
    return [*board.open, *board.notices, *board.planned]


def holding(board: Board, service: str) -> list[IncidentStanding]:
    """The open incidents, and the planned work going on, that keep a service (by its id) from working as usual."""
    open_ = [standing for standing in (*board.open, *board.planned) if standing.phase is Phase.OPEN]
    return [standing for standing in open_ if service in _held(standing, board)]


def _held(standing: IncidentStanding, board: Board) -> set[str]:
    holds = (hold for hold in standing.holds if hold.until is None or hold.until.start > board.moment)
    return {hold.cell[0] for hold in holds}
