"""The times of a post's updates, so that each is later than the one above it, as our format wants them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from statusgen.imports.told import Note, NoteKind, ToldPost, ToldUpdate
from statusgen.model.times import When

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
_NOT_LATER = "The source has this at the same time as what is above it, or earlier; it was put a minute later."
_JOINED_LATER = "Nobody says when this was written; it is in the next update of which that is known."
_JOINED_EARLIER = "Nobody says at what time this was written; it is in the update before it."
_UNKNOWN_END = (
    "This is over, and nobody says since when. The post is a draft: put the true time into its last heading, and "
    "delete the line draft: true."
)


def settle_times(post: ToldPost) -> tuple[ToldPost, list[Note]]:
    """Return a post whose updates are one after the other, and what had to be guessed for that.

    An update without a time joins the next one that has a time, or else the one before. So does one of a day below a
    later one, or below another one of that day. If it ends the post, there is no true time to give it, so the post is
    kept from being published until somebody says when that was.
    """
    notes: list[Note] = []
    first, *later = (replace(update, time=_drop_seconds(update.time)) for update in post.updates)
    settled, waiting, latest, is_end_known = [first], list[ToldUpdate](), first.time, True
    for number, update in enumerate(later):
        time = update.time
        fits = update.is_time_known and _comes_after(time, latest)
        if not update.is_time_known and any(each.is_time_known for each in later[number + 1 :]):
            notes.append(Note(update.place, NoteKind.GUESS, _JOINED_LATER))
            waiting.append(update)
            continue
        if not fits and update.is_time_known and not time.is_whole_day:
            notes.append(Note(update.place, NoteKind.GUESS, _NOT_LATER))
            time = When.moment(latest.start + _MINUTE)
        elif not fits and update.state and update.state.is_terminal:
            notes.append(Note(update.place, NoteKind.QUESTION, _UNKNOWN_END))
            is_end_known = False
            time = _follow(latest)
        elif not fits:
            notes.append(Note(update.place, NoteKind.GUESS, _JOINED_EARLIER))
            settled[-1] = _join([settled[-1], update], settled[-1].time)
            continue
        settled.append(_join([*waiting, update], time))
        waiting = []
        # What comes below a day is later than what is above that, too.
        latest = When(max(time.start, latest.start), max(time.end, latest.start))
    return replace(post, updates=tuple(settled), unpublished=post.unpublished or not is_end_known), notes


def _comes_after(time: When, above: When) -> bool:
    """Return whether our format takes an update of this time below one of that."""
    if time.is_whole_day and not above.is_whole_day:
        return time.end > above.start
    return time.start > above.start


def _follow(above: When) -> When:
    """Return some time that our format takes below one."""
    return When(above.end, above.end + _DAY) if above.is_whole_day else When.moment(above.start + _MINUTE)


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
