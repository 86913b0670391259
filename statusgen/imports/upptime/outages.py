"""Outages that come and go: a robot opens an issue for each, and people read of one.

The rule: what the robot reports within an hour of the end of an outage of less than 15 minutes, of the same service,
goes on in the post of that one. Nothing of it depends on what comes later, so that a later import only adds to a post.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from statusgen.imports.told import Note, NoteKind, ToldPost
from statusgen.imports.upptime.posts import find_end

_SHORT = timedelta(minutes=15)
_SOON = timedelta(hours=1)
_MOST = 50
"""How many outages one post has."""


@dataclass
class _Series:
    """Outages of one service, and whether the last was short."""

    posts: list[ToldPost]

    def continues_with(self, post: ToldPost) -> bool:
        """Return whether an outage goes on what the last one began."""
        last = self.posts[-1]
        end = find_end(last.updates)
        if end is None or len(self.posts) == _MOST:
            return False
        gap = post.started.start - end.start
        return end.start - last.started.start < _SHORT and timedelta(0) <= gap <= _SOON

    def join(self, notes: list[Note]) -> ToldPost:
        """Return one post with everything that its issues say, each at its time."""
        first, *others = self.posts
        if not others:
            return first
        numbers = ", ".join(f"#{post.key}" for post in self.posts)
        what = f"Each of these began within an hour of the end of a short one, so they are one post: {numbers}."
        notes.append(Note(first.place, NoteKind.GUESS, what))
        updates = [*first.updates]
        for post in others:
            title = post.title if post.title != first.title else None
            updates += [replace(post.updates[0], title=title), *post.updates[1:]]
        updates.sort(key=lambda update: update.time.start)
        was = tuple(address for post in self.posts for address in post.was)
        return replace(first, updates=tuple(updates), was=was)


def join_outages(posts: Iterable[tuple[ToldPost, str | None]], notes: list[Note]) -> list[ToldPost]:
    """Return the posts, the short outages of one service joined; each comes with its service if a robot opened it."""
    series: list[_Series] = []
    latest: dict[str, _Series] = {}
    for post, service in sorted(posts, key=lambda each: each[0].started.start):
        known = latest.get(service) if service else None
        if known and known.continues_with(post):
            known.posts.append(post)
            continue
        series.append(_Series([post]))
        if service:
            latest[service] = series[-1]
    return [each.join(notes) for each in series]
