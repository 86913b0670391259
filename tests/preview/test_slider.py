"""The moments that the preview's slider stops at are those at which a site changes."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from statusgen.board.board import make_board
from statusgen.board.site_changes import SiteChange, SiteChangeKind, list_site_changes
from statusgen.model.whole_site import Site
from tests.support.paths import SITES
from tests.support.sample_sites import BALTIMORE, KANSAS_CITY, NEW_ORLEANS, City, make_city

CITIES = [KANSAS_CITY, BALTIMORE, NEW_ORLEANS, City(SITES / "worst-week"), City(SITES / "long-tail")]


def site_changes(site: Site) -> tuple[SiteChange, ...]:
    assert site.last_update_at
    return list_site_changes(site, site.last_update_at)


@pytest.mark.parametrize("city", CITIES, ids=lambda city: city.folder.name)
def test_every_turn_changes_what_the_site_says(city: City) -> None:
    site = city.site
    for turn in site_changes(site):
        before = make_board(site, turn.at - timedelta(seconds=1))
        after = make_board(site, turn.at)
        still = replace(before, moment=after.moment, next_change=after.next_change, today=after.today)
        assert still != after, turn


@pytest.mark.parametrize("city", CITIES, ids=lambda city: city.folder.name)
def test_no_service_changes_and_nothing_is_said_between_turns(city: City) -> None:
    site = city.site
    moments = {turn.at for turn in site_changes(site)}
    for known in moments:
        now = make_board(site, known)
        assert {post.update.time.start for post in now.updates} <= moments
        told = {change.published_at.start for change in now.recent_changes}
        assert told <= moments | {change.published_at.end for change in now.recent_changes}


POST = """\
---
title: The network is down
started: 2024-05-05 08:00
services:
  trash:
    status: down
    channels: [{id: truck, kind: in_person, address: 12 Main Street, from: 2024-05-06 09:00, until: 2024-05-06 17:00}]
waivers: [{id: fees, what: Late fees, services: [trash], from: 2024-05-05 12:00, until: 2024-05-10}]
deadlines: [{id: appeal, on: 2024-05-08, what: Last day to appeal}]
next_update: 2024-05-05 10:00
---
Down.

## 2024-05-05 10:30
next_update: 2024-05-05 16:00

Still down.

## 2024-05-05 15:00

Still down.
"""
NOTICE = """\
---
title: Hang up
kind: notice
topic: fraud
started: 2024-05-05 08:00
ends: 2024-05-07 18:00
---
Hang up.
"""
WORK = """\
---
title: New trucks
kind: maintenance
posted: 2024-05-05 08:00
starts: 2024-05-06 22:00
ends: 2024-05-06 23:00
repeats: FREQ=WEEKLY;COUNT=2
services: [trash]
---
New trucks.
"""


def test_the_clock_does_what_was_announced(tmp_path: Path) -> None:
    site = make_city(tmp_path, "  - {id: trash, name: Trash pickup}\n", POST, NOTICE, WORK).site
    told = [
        (f"{turn.at.astimezone(site.zone):%m-%d %H:%M}", turn.kind.value, turn.subject_id)
        for turn in site_changes(site)
        if turn.kind is not SiteChangeKind.UPDATE_PUBLISHED
    ]
    assert told == [
        ("05-05 10:00", "overdue", "post-1"),
        ("05-05 12:00", "waiver begins", "post-1"),
        # A word before the promised time does not keep the promise.
        ("05-05 16:00", "overdue", "post-1"),
        ("05-06 09:00", "channel opens", "post-1"),
        ("05-06 17:00", "channel closes", "post-1"),
        ("05-06 22:00", "work begins", "post-3"),
        ("05-06 23:00", "work ends", "post-3"),
        ("05-07 18:00", "notice ends", "post-2"),
        ("05-09 00:00", "deadline passes", "post-1"),
        ("05-11 00:00", "waiver ends", "post-1"),
        ("05-12 08:00", "stale", "trash"),
        ("05-13 22:00", "work begins", "post-3"),
        ("05-13 23:00", "work ends", "post-3"),
    ]


def test_what_was_withdrawn_has_nothing_to_come(tmp_path: Path) -> None:
    site = make_city(
        tmp_path,
        "  - {id: trash, name: Trash pickup}\n",
        f"{POST}\n## 2024-05-05 15:30 Withdrawn\n\nAn error.\n",
        f"{WORK}\n## 2024-05-06 12:00 Cancelled\n\nNo trucks came.\n",
    ).site
    last = max(turn.at for turn in site_changes(site))
    assert f"{last.astimezone(site.zone):%m-%d %H:%M}" == "05-06 12:00"


def test_a_quiet_city_has_none(tmp_path: Path) -> None:
    city = make_city(tmp_path, "  - {id: trash, name: Trash pickup}\n")
    assert list_site_changes(city.site, city.moment("2024-05-05")) == ()
