"""What the report counts, against a small model that looks at one minute after the other."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from statusgen.drill.compare import Step, Wrong, compare_service, find_longest_silence
from statusgen.model.statuses import WRITTEN_STATUSES, Status

BEGINS = datetime(2024, 5, 5, 12, tzinfo=UTC)
LAST = 40  # minutes
MINUTES = some.integers(-5, LAST + 5)
Changes = dict[int, Status | None]


def to_line(changes: Changes) -> list[Step]:
    return [Step(BEGINS + timedelta(minutes=minute), changes[minute]) for minute in sorted(changes)]


def at(changes: Changes, minute: int) -> Status | None:
    """Return what is so in a minute: the newest change that is not later."""
    past = [each for each in changes if each <= minute]
    return changes[max(past)] if past else None


def look(true: Status | None, shown: Status | None, before: Status | None) -> Wrong | None:
    """Return what a person would say who compares a page with the truth."""
    truly_fine = true in (None, Status.WORKING)
    looks_fine = shown in (None, Status.WORKING, Status.NOT_SAID)
    if truly_fine:
        return None if looks_fine or shown == before else Wrong.SAID_PROBLEM
    if looks_fine:
        return Wrong.SAID_WORKING if shown == Status.WORKING else Wrong.SAID_NOTHING
    return None if shown == true else Wrong.SAID_OTHER


@given(
    truth=some.dictionaries(MINUTES, some.sampled_from([None, *WRITTEN_STATUSES]), max_size=5),
    news=some.dictionaries(MINUTES, some.sampled_from(WRITTEN_STATUSES), max_size=5),
    page=some.dictionaries(some.integers(1, LAST + 5), some.sampled_from(Status), max_size=6),
    before=some.sampled_from(Status),
)
def test_each_minute_is_counted_as_a_person_would_judge_it(
    truth: Changes, news: Changes, page: Changes, before: Status
) -> None:
    page = {0: before, **page}
    known: Counter[Wrong] = Counter()
    unknown: Counter[Wrong] = Counter()
    for minute in range(LAST):
        true, heard, shown = at(truth, minute), at(news, minute), at(page, minute)
        if wrong := look(true, shown, before):
            fine = (None, Status.WORKING)
            could_know = heard == true or (heard in fine and true in fine)
            (known if could_know else unknown)[wrong] += 1
    found = compare_service(to_line(truth), to_line(news), to_line(page), BEGINS, BEGINS + timedelta(minutes=LAST))
    assert found.known == {wrong: timedelta(minutes=known[wrong]) for wrong in known}
    assert found.unknown == {wrong: timedelta(minutes=unknown[wrong]) for wrong in unknown}


@given(updates=some.lists(some.integers(-5, LAST + 5)))
def test_the_longest_silence_is_that_of_the_most_minutes_without_an_update(updates: list[int]) -> None:
    run, longest = 0, 0
    for minute in range(LAST):
        run = 1 if minute in updates else run + 1
        longest = max(longest, run)
    moments = [BEGINS + timedelta(minutes=minute) for minute in sorted(updates)]
    start, end = find_longest_silence(moments, BEGINS, BEGINS + timedelta(minutes=LAST))
    assert end - start == timedelta(minutes=longest)
