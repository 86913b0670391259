"""The times of a post's updates, so that each is later than the one above it, as our format wants them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from statusgen.imports.told import Note, NoteKind, ToldPost, ToldUpdate
from statusgen.model.times import When

_MINUTE = timedelta(minutes=1)
_NOT_LATER = "The source has this at the same time as what is above it, or earlier; it was put a minute later."
_JOINED_LATER = "Nobody says at what time of day this was written; it is in the next update of which that is known."
_JOINED_EARLIER = "Nobody says at what time of day this was written; it is in the update before it."
_UNKNOWN_END = (
    "This is over, and nobody says since when. The post is a draft: put the true time into its last heading, and "
    "delete the line draft: true."
)


def settle_times(post: ToldPost) -> tuple[ToldPost, list[Note]]:
    """Return a post whose updates are one after the other, and what had to be guessed for that.

    An update of which only the day is known cannot stand below one of that day with a time. It joins the next one that
    has a time, or else the one before. If it ends the post, there is no true time to give it, so the post is kept from
    being published until somebody says when that was.
    """
    notes: list[Note] = []
    first, *later = (replace(update, time=_drop_seconds(update.time)) for update in post.updates)
    settled, waiting, is_end_known = [first], list[ToldUpdate](), True
    for number, update in enumerate(later):
        last = settled[-1].time
        time = update.time
        if time.start <= last.start and not time.is_whole_day:
            notes.append(Note(update.place, NoteKind.GUESS, _NOT_LATER))
            time = When.moment(last.start + _MINUTE)
        elif time.start <= last.start and _has_later_time(later[number + 1 :], last):
            notes.append(Note(update.place, NoteKind.GUESS, _JOINED_LATER))
            waiting.append(update)
            continue
        elif time.start <= last.start and update.state and update.state.is_terminal:
            notes.append(Note(update.place, NoteKind.QUESTION, _UNKNOWN_END))
            is_end_known = False
            time = When(last.end, last.end + (last.end - last.start)) if last.is_whole_day else _add_minute(last)
        elif time.start <= last.start:
            notes.append(Note(update.place, NoteKind.GUESS, _JOINED_EARLIER))
            settled[-1] = _join([settled[-1], update], last)
            continue
        settled.append(_join([*waiting, update], time))
        waiting = []
    return replace(post, updates=tuple(settled), unpublished=post.unpublished or not is_end_known), notes


def _has_later_time(updates: Sequence[ToldUpdate], last: When) -> bool:
    return any(not update.time.is_whole_day and update.time.start > last.start for update in updates)


def _add_minute(when: When) -> When:
    return When.moment(when.start + _MINUTE)


def _drop_seconds(time: When) -> When:
    return time if time.is_whole_day else When.moment(time.start.replace(second=0, microsecond=0))


def _join(updates: Sequence[ToldUpdate], time: When) -> ToldUpdate:
    """Return one update that says what several say."""
    last = updates[-1]
    if len(updates) == 1:
        return replace(last, time=time)
    states = [update.state for update in updates if update.state]
    ends = [state for state in states if state.is_terminal]
    languages = {language for update in updates for language in update.translations}
    return replace(
        last,
        time=time,
        state=[*states, *ends][-1] if states else None,
        text=_join_texts(update.text for update in updates),
        statuses={name: status for update in updates for name, status in update.statuses.items()},
        about=tuple(dict.fromkeys(name for update in updates for name in update.about)),
        translations={
            language: _join_texts(update.translations.get(language, "") for update in updates)
            for language in sorted(languages)
        },
    )


def _join_texts(texts: Iterable[str]) -> str:
    return "\n\n".join(text for text in texts if text.strip())
