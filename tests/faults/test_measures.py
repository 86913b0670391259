"""A short form of each row of the scoreboard of `make torture`: a few of the faults, the same in every run.

Rows that search, with other luck each time, are for `make torture` alone.
"""

import sys

import pytest

from tests.faults.measures import MEASURES, find_measure, run_measure, scratch_folder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the disk that fails on demand is made for Linux")

# Which part of each: one operation of so many.
EVERY = {
    "reading": 50,
    "killed": 31,
    "failing": 211,
    "command": 30,
    "frozen": 61,
    "lasting": 1,
    "twins": 10,
    "full": 3,
    "hogged": 5,
    "inodes": 3,
    "read-only": 1,
    "limits": 4,
    "same-bytes": 14,
    "bad-inputs": 60,
    "honest-posts": 6,
    "edited": 25,
    "mirror": 29,
    "gate": 30,
    "colleagues": 50,
    "shared-killed": 30,
    "publication-killed": 25,
    "publication-failing": 60,
    "server-killed": 400,
    "server-full": 30,
    "notified": 250,
    "desk-typing": 10,
    "desk-publishing": 10,
    "desks-together": 20,
    "planted": 54,
}


SEARCHES = {"whole-sites", "fuzzer"}
# Mailman takes longer to start than everything else; only `make torture` installs it. How fast a browser keeps what is
# typed says nothing while all processors are busy with other tests.
SLOW = {"mailing-list", "desk-keys"}
# What they do by luck, tests/publish does once, step by step.
RACES = {"server-twins", "branch-killed"}


def test_each_row_has_a_short_form_or_is_for_torture_alone() -> None:
    assert EVERY.keys() | SEARCHES | SLOW | RACES == MEASURES.keys()
    assert all(callable(find_measure(name)) for name in SEARCHES | SLOW | RACES)  # the others are run


@pytest.mark.parametrize("name", EVERY)
def test_the_site_stays_whole(name: str) -> None:
    with scratch_folder() as folder:
        score = run_measure(name, folder, EVERY[name])
    assert score.bad == ()
    assert any(digit in score.found for digit in "123456789") or "not run" in score.found, score
