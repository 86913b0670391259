"""The bugs that `make torture` plants can still be planted: their list is up to date with the code and the tests."""

import re

import pytest

from tests.faults.planted import Bug, read_bugs
from tests.support.paths import PACKAGE, TESTS

BUGS = read_bugs()
every_bug = pytest.mark.parametrize("bug", BUGS, ids=lambda bug: f"{bug.file}, {bug.hurts}")


@every_bug
def test_it_changes_one_place_and_the_file_can_still_be_used(bug: Bug) -> None:
    text = (PACKAGE / bug.file).read_text(encoding="utf-8")
    changed = bug.plant(text)
    assert changed != text
    if bug.file.endswith(".py"):
        compile(changed, bug.file, "exec")


@every_bug
def test_the_tests_that_must_notice_it_are_there(bug: Bug) -> None:
    for test in bug.tests:
        name, _, function = test.partition("[")[0].partition("::")
        text = (TESTS / name).read_text(encoding="utf-8")
        of_class, _, method = function.rpartition("::")
        assert not of_class or re.search(rf"^class {of_class}:", text, re.MULTILINE), test
        assert re.search(rf"^{'    ' * bool(of_class)}def {method or 'test_'}", text, re.MULTILINE), test


def test_there_are_many_in_many_rooms() -> None:
    assert len({bug.hurts for bug in BUGS}) == len(BUGS) >= 40
    assert len({bug.file.partition("/")[0] for bug in BUGS}) >= 12


def test_a_bug_is_planted_in_one_place_alone() -> None:
    bug = Bug("nothing", "errors.py", "one", "two", ())
    assert bug.plant("one place") == "two place"
    for text in ("no place", "one and one"):
        with pytest.raises(ValueError, match=r"errors\.py has [02] times"):
            bug.plant(text)
