"""Facts that are corrected together: each pair of them comes out as it was said, and nothing else changes."""

from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path

import pytest

from statusgen.board.board import make_board
from statusgen.cli.correct import CorrectFlags, correct
from statusgen.desk.rehearse import DeskSession, function_of, rehearse
from statusgen.editor.statements import find_statements
from statusgen.wording.phrasing import Phrasing
from tests.support.office import NOW, Office

TOLD = """\
---
title: The network is down
started: 2024-05-05 08:00
services:
  water-bill/online:
    status: down
    do: {words: Pay by phone., until: 2024-05-09}
    where: City Hall
    expected: {by: 2024-05-08}
  permits: down
  trash: working
do: Wait.
known: [A cable broke, The phones work]
not_known: [When it will work again]
doing: [We dig]
expected: {on: 2024-05-07}
next_update: 2024-05-05 11:00
waivers:
  - {id: late, what: No late fees, until: 2024-05-20, how: Call 211.}
deadlines:
  - {id: appeal, what: Last day to appeal, on: 2024-05-21}
---
We are looking into it.

## 2024-05-05 09:00
services:
  permits: {status: limited, since: 2024-05-05 08:40, do: Bring paper.}
"""
# What holds instead, as someone types it, and as people read it.
RIGHT: Mapping[str, tuple[str, str]] = {
    "rename": ("The whole network is down", "The whole network is down"),
    "next_update": ("16:00", "2024-05-05 16:00"),
    "do": ("Wait a bit.", "Wait a bit."),
    "known.1": ("A switch broke", "A switch broke"),
    "known.2": ("The phones ring", "The phones ring"),
    "not_known.1": ("When it ends", "When it ends"),
    "doing.1": ("We dig deep", "We dig deep"),
    "expected": ("unknown", "We don't know yet when it will be back."),
    "waivers.late.what": ("No fees", "No fees"),
    "waivers.late.until": ("2024-05-31", "2024-05-31"),
    "waivers.late.how": ("Call 311.", "Call 311."),
    "deadlines.appeal.what": ("Last day to ask", "Last day to ask"),
    "deadlines.appeal.on": ("2024-05-22", "2024-05-22"),
    "services.water-bill/online.status": ("limited", "limited"),
    "services.water-bill/online.since": ("7:00", "2024-05-05 07:00"),
    "services.water-bill/online.do": ("Pay at the desk.", "Pay at the desk."),
    "services.water-bill/online.where": ("The library", "The library"),
    "services.water-bill/online.expected": ("by 2024-05-10", "Expected back by May 10, 2024."),
    "services.permits.status": ("down", "down"),
    "services.permits.since": ("before 8:20", "before 2024-05-05 08:20"),
    "services.permits.do": ("Bring a pen.", "Bring a pen."),
    "services.trash.status": ("unknown", "unknown"),
}


def correct_facts(office: Office, names: Iterable[str]) -> dict[str, str]:
    """Return what people read after one correction of these facts, by the names of the facts."""
    flags = CorrectFlags(right="It was otherwise.", holds=tuple(f"{name}={RIGHT[name][0]}" for name in names))
    outcome = rehearse(office.folder, _write, flags)
    assert outcome.mistakes == ()
    assert outcome.report
    site = outcome.report.dry_run.site
    incident = make_board(site, outcome.report.now).incident_by_id["post-1"]
    phrasing = Phrasing(site, "en", plain=True)
    return {each.name: each.statement.said for each in find_statements(incident, site, phrasing.estimate)}


def _write(session: DeskSession, flags: CorrectFlags) -> None:
    function_of(correct)(session, session.find_incident("post-1"), flags)


def test_two_facts_in_one_correction_lose_neither(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(NOW))
    office = Office(tmp_path, TOLD)
    alone = {name: correct_facts(office, [name]) for name in RIGHT}
    for pair in combinations(RIGHT, 2):
        told = correct_facts(office, pair)
        right = {name: RIGHT[name][1] for name in pair}
        # What a correction of one of them leaves out, like advice for what turned out better, this one may leave out.
        others = {name: words for name, words in alone[pair[0]].items() if alone[pair[1]].get(name) == words}
        assert {**told, **right} == told, pair
        assert {**told, **others, **right} == told, pair


def test_the_order_in_which_facts_are_corrected_never_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(NOW))
    office = Office(tmp_path, TOLD)
    for group in ("known.", "waivers.", "services.water-bill/online.", "services.permits."):
        names = [name for name in RIGHT if name.startswith(group)]
        told = correct_facts(office, names)
        assert {**told, **{name: RIGHT[name][1] for name in names}} == told
        assert correct_facts(office, reversed(names)) == told
