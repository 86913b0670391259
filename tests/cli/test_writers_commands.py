"""The writer's commands: what they write, what they say, and what they refuse."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from statusgen.cli.main import main
from statusgen.content.format.values import parse_time
from statusgen.editor import posts, save, templates
from statusgen.model.states import State
from statusgen.model.statuses import WRITTEN_STATUSES, Status
from statusgen.problems import OutputError
from tests.support.office import CHICAGO, NOW, POST, Office
from tests.support.sample_sites import City
from tests.support.telling import Town


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, POST)


# new.


def test_a_new_post_says_what_was_said(office: Office) -> None:
    said = office.say(
        "new --title 'Permits: closed' --since 8:00 --service permits=down --do Wait. --next noon "
        "--not-known Why --text -",
        text="We look into it.\r\n\r\n- one\r\n",
    )
    assert office.text("2024-05-05-permits-closed") == (
        "---\ntitle: 'Permits: closed'\nstarted: 2024-05-05 08:00\nposted: 2024-05-05 09:45\nservices:\n  permits:\n"
        "    status: down\n    do: Wait.\nnot_known:\n  - Why\nnext_update: 2024-05-05 12:00\n---\n"
        "We look into it.\n\n- one\n"
    )
    assert said.splitlines()[0] == "Wrote incidents/2024-05-05-permits-closed.md."
    assert "The page says: 2 services are not working as usual." in said
    assert "In one message: Springfield: Permits: closed. Not available: Building permits. Wait." in said


def test_what_was_written_can_be_published_by_the_same_command(office: Office) -> None:
    said = office.say("new --title 'Permits: closed' --since 8:00 --service permits=down --build")
    assert f"Built {office.folder / 'site' / 'index.html'}" in said
    assert "To build the site" not in said
    assert "Permits: closed" in (office.folder / "site" / "index.html").read_text(encoding="utf-8")
    office.say("update post-1 --text 'We found the cable.' --build")
    assert "We found the cable." in (office.folder / "site" / "feed.xml").read_text(encoding="utf-8")


def test_a_site_with_mistakes_elsewhere_is_not_built(office: Office) -> None:
    (office.folder / "incidents" / "late.md").write_text("---\ntitle: Late\n---\n", encoding="utf-8")
    said = office.run("update post-1 --text 'We found the cable.' --build")
    assert said.exit_code == 1
    assert "The post is written, but the site was not built." in said.output
    assert "The site cannot be built yet: there are mistakes in incidents/late.md." in said.output
    assert not (office.folder / "site").exists()


def test_a_post_with_blanks_is_written_and_not_built(office: Office) -> None:
    said = office.run("new --template power --title T --since now --service permits=down --build --yes")
    assert said.exit_code == 1
    assert "Fill these in, then: statusgen check" in said.output
    assert "The post is written, but the site was not built." in said.output
    assert not (office.folder / "site").exists()


def test_planned_work_and_a_notice_have_questions_of_their_own(office: Office) -> None:
    assert "These are missing: --starts, --ends." in office.refuse("new --kind maintenance --title Painting")
    office.say(
        "new --kind maintenance --title Painting --starts 'tomorrow 9:00' --ends 'tomorrow 17:00' --service permits"
    )
    post = office.post("2024-05-05-painting")
    assert post.updates[0].reports[0].status is Status.MAINTENANCE
    assert 'There is no topic "fruad"' in office.refuse("new --kind notice --title T --since now --topic fruad")
    office.say("new --kind notice --title Calls --since now --topic fraud --ends 'in 2 weeks'")
    assert office.text("2024-05-05-calls").startswith(
        "---\ntitle: Calls\nkind: notice\ntopic: fraud\nstarted: 2024-05-05 09:45\nends: 2024-05-19\n"
    )


def test_a_notice_may_begin_later_and_hold_services(office: Office) -> None:
    office.say(
        "new --kind notice --title Closed --topic closure --since 'tomorrow 9:00' "
        "--service permits=down --do 'Come on Tuesday.'"
    )
    post = office.post("2024-05-05-closed")
    assert post.updates[0].time == parse_time("2024-05-05 09:45", CHICAGO)
    assert post.started == parse_time("2024-05-06 09:00", CHICAGO)
    assert post.updates[0].reports[0].do


def test_a_flag_that_does_not_go_with_the_kind_is_not_lost_in_silence(office: Office) -> None:
    new = "new --title T --since now --service permits=down"
    assert "An incident has no --ends." in office.refuse(f"{new} --ends tomorrow")
    assert "Planned work has no --since. Give its start with --starts." in office.refuse(f"{new} --kind maintenance")
    refused = office.refuse("new --template maintenance --since now")
    assert "Planned work has no --since. Give its start with --starts." in refused


def test_without_a_terminal_it_says_which_flags_are_missing(office: Office) -> None:
    assert "These are missing: --title, --since, --service." in office.refuse("new")
    assert "These are missing: --since." in office.refuse("new --title T --service permits=down")
    assert "What was" not in office.refuse("correct network")
    assert "--what" in office.refuse("waive network")
    assert "post-1" in office.refuse("update --text x")


def test_a_post_is_never_overwritten(office: Office) -> None:
    new = "new --title T --since now --service permits=down"
    assert "incidents/post-1.md already exists." in office.refuse(f"{new} --id post-1")
    office.say(new)
    assert "statusgen update 2024-05-05-t" in office.refuse(new)
    (office.folder / "incidents" / "2024").mkdir()
    (office.folder / "incidents" / "post-1.md").rename(office.folder / "incidents" / "2024" / "post-1.md")
    assert "incidents/2024/post-1.md already exists." in office.refuse(f"{new} --id post-1")
    assert "cannot be used as an id" in office.refuse(f"{new} --id ../../etc/passwd")


def test_what_began_a_minute_ago_is_posted_no_sooner(office: Office) -> None:
    office.say("new --title T --since 9:43 --service permits=down", now=NOW - 60)
    assert office.post("2024-05-05-t").started.start == office.post("2024-05-05-t").updates[0].time.start
    assert "has not come yet" in office.refuse("new --title U --since tomorrow --service permits=down")


def test_an_id_is_as_long_as_an_address_should_be() -> None:
    assert (
        posts.make_post_id("Boil water: north of Main Street!", "2024-05-05")
        == "2024-05-05-boil-water-north-of-main-street"
    )
    assert len(posts.make_post_id("word " * 40, "2024-05-05")) <= 61
    assert len(posts.make_post_id("w" * 200, "2024-05-05")) <= 61
    assert posts.make_post_id("🚰", "2024-05-05") == "2024-05-05"


# Which post is meant.


def test_a_part_of_the_name_is_enough_and_the_open_one_is_meant(tmp_path: Path) -> None:
    over = POST.replace("The network", "Old Network trouble") + "\n## 2024-05-05 09:00 Resolved\n"
    office = Office(tmp_path, POST, over, POST.replace("The network", "The phone"))
    assert "incidents/post-1.md" in office.say("update NETWORK --text x")
    assert "incidents/post-2.md" in office.say("update old --text x")
    assert "incidents/post-3.md" in office.say("update incidents/post-3.md --text x")
    several = office.refuse("update 'is down' --text x")
    assert "post-1 (The network is down), post-3 (The phone is down)" in several
    assert "post-2" not in several
    unknown = office.refuse("update water --text x")
    assert 'There is no post "water".' in unknown
    assert "post-1" in unknown
    assert 'Did you mean "post-3"?' in office.refuse("update posst-3 --text x")


def test_what_is_over_is_not_resolved_again(office: Office) -> None:
    office.say("resolve network")
    assert "over already since 2024-05-05 09:45 CDT" in office.refuse("resolve network", now=NOW + 600)
    assert "Only planned work" in office.refuse("resolve network --cancel")
    office.say("resolve network --withdraw", now=NOW + 600)
    assert office.post().updates[-1].state is State.WITHDRAWN


def test_planned_work_is_completed_or_canceled(tmp_path: Path) -> None:
    work = "---\ntitle: Painting\nkind: maintenance\nposted: 2024-05-01\nstarts: {}\nends: 2024-05-06 12:00\n"
    work += "services: [permits]\n---\n"
    office = Office(
        tmp_path, work.format("2024-05-05 09:00"), work.format("2024-05-06 09:00").replace("Painting", "Cleaning")
    )
    office.say("resolve painting")
    assert office.post("post-1").updates[-1].state is State.COMPLETED
    assert "--cancel" in office.refuse("resolve cleaning")
    office.say("resolve cleaning --cancel")
    assert office.post("post-2").updates[-1].state is State.CANCELLED


# update, correct, waive, promise, set.


def test_an_update_says_all_that_its_flags_say(office: Office) -> None:
    office.say(
        "update network --state Identified --by 'Ada Quimby, Mayor' --known 'It: the cable' --known b "
        "--not-known Why --doing Digging --service 'permits=limited, trash=working' "
        "--do 'permits=Call #311' --expected 'by tomorrow 17:00' --basis vendor --next 16:00 "
        "--title Found --text 'We found it.'"
    )
    assert office.text().removeprefix(POST) == (
        "\n## 2024-05-05 09:45 Identified\ntitle: Found\nby: Ada Quimby, Mayor\nknown:\n  - 'It: the cable'\n  - b\n"
        "not_known:\n  - Why\ndoing:\n  - Digging\nservices:\n  permits:\n    status: limited\n    do: 'Call #311'\n"
        "    expected:\n      by: 2024-05-06 17:00\n      basis: vendor\n  trash: working\n"
        "next_update: 2024-05-05 16:00\n\nWe found it.\n"
    )


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("unknown", "expected: unknown\n"),
        ("2024-05-20", "expected: 2024-05-20\n"),
        ("'not before 2024-06-01'", "expected:\n  not_before: 2024-06-01\n"),
        ("'in a few weeks'", "expected:\n  words: in a few weeks\n"),
        ("tomorrow --basis vendor", "expected:\n  on: 2024-05-06\n  basis: vendor\n"),
        ("unknown --basis vendor", "expected:\n  unknown: 'true'\n  basis: vendor\n"),
    ],
)
def test_an_estimate_is_said_in_many_ways(office: Office, words: str, written: str) -> None:
    office.say(f"update network --expected {words}")
    assert written.replace("'true'", "true") in office.text()


def test_a_do_without_a_service_is_about_the_only_one_that_is_held(office: Office) -> None:
    office.say("update network --do 'Call 311.'")
    assert "services:\n  water-bill/online:\n    do: Call 311.\n" in office.text()
    office.say("update network --service permits=down", now=NOW + 600)
    assert "which service" in office.refuse("update network --do 'Call 311.'", now=NOW + 1200)


@pytest.mark.parametrize("turn", [1, -1])
def test_what_is_said_of_one_service_goes_before_what_is_said_of_all(office: Office, turn: int) -> None:
    texts = " ".join(["--do 'permits=Bring plans.'", "--do 'Come to City Hall.'"][::turn])
    office.say(f"update network --service 'permits=down, trash=limited' {texts}")
    office.say(f"new --title T --since now --service 'permits=down, trash=limited' {texts}")
    for id in ("post-1", "2024-05-05-t"):
        done = {report.service: report.do.texts[0][1] for report in office.post(id).updates[-1].reports if report.do}
        assert done == {"permits": "Bring plans.", "trash": "Come to City Hall."}


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("watr", 'Did you mean "water-bill"?'),
        ("pickup", 'Did you mean "trash"?'),
        ("zoo", "from: trash, water-bill, permits."),
    ],
)
def test_a_service_is_found_by_words_of_its_name(office: Office, words: str, hint: str) -> None:
    said = office.refuse(f"set {words} down")
    assert hint in said
    assert "/online" not in said


def test_a_service_is_found_by_its_keywords(office: Office) -> None:
    services = office.folder / "services.yaml"
    services.write_text(services.read_text().replace("Trash pickup}", "Trash pickup, keywords: [Call 911]}"))
    assert 'Did you mean "trash"?' in office.refuse("set 911 down")


def test_an_update_that_says_nothing_is_refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "input was empty" in office.refuse("update network --text -", text=" \n")
    assert "says nothing" in office.refuse("update network --by Ada")
    monkeypatch.setenv("VISUAL", "true")
    assert "says nothing" in office.refuse("update network --edit")


def test_the_promise_outlives_what_is_said_of_a_service_or_a_fee(office: Office) -> None:
    said = office.say("promise network tomorrow 0:10")
    assert "You promised the next update by Monday, May 6, 2024, 12:10 AM CDT." in said
    for number, command in enumerate(["set water-bill/online limited", "waive network --what Fees"], 1):
        said = office.say(command, now=NOW + 600 * number)
        assert "The next update is still promised by Monday, May 6, 2024, 12:10 AM CDT." in said
        assert office.post().updates[-1].next_update is None  # the promise lasts without being repeated
    said = office.say("set water-bill/online down --next tomorrow", now=NOW + 3600)
    assert "You promised the next update by Monday, May 6, 2024." in said
    office.say("set water-bill/online limited", now=NOW + 48 * 3600)
    assert office.post().updates[-1].next_update is None


def test_a_new_post_says_what_was_promised(office: Office) -> None:
    said = office.say("new --title T --since now --service permits=down --next 'by 16:00'")
    assert "You promised the next update by Sunday, May 5, 2024, 4 PM CDT." in said


@pytest.mark.parametrize("words", ["--next '{}'", "--expected '{}'", "--expected 'by {}'"])
def test_what_is_to_come_lies_after_its_update(office: Office, words: str) -> None:
    passed = words.format("2024-05-05 08:00")
    assert "before this update" in office.refuse(f"update network {passed}")
    assert "before this update" in office.refuse(f"update network {passed} --at '2024-05-05 09:00'")
    office.say(f"update network {words.format('8:00')}")


def test_an_estimate_in_words_may_begin_like_one_with_a_time(office: Office) -> None:
    office.say("update network --expected 'by the end of the week'")
    assert "expected:\n  words: by the end of the week\n" in office.text()
    assert "no such time" in office.refuse("update network --expected 'by 2024-13-01'", now=NOW + 600)


def test_a_state_or_a_status_that_is_none_is_explained(office: Office) -> None:
    assert 'Did you mean "identified"?' in office.refuse("update network --state identifyed")
    assert 'There is no state "completed"' in office.refuse("update network --state completed")
    assert 'Did you mean "down"?' in office.refuse("set permits dwon")
    assert 'Did you mean "permits"?' in office.refuse("set permit down")


def test_a_new_post_says_since_when_of_single_services(office: Office) -> None:
    flags = "--service permits=down,trash=limited --since 8:00 --since 'trash=2024-05-04'"
    office.say(f"new --title Storm {flags}")
    assert "  permits: down\n  trash:\n    status: limited\n    since: 2024-05-04\n" in office.text("2024-05-05-storm")
    assert "has no --since" in office.refuse(
        "new --title W --kind maintenance --starts tomorrow --ends monday --service permits --since permits=8:00"
    )


def test_a_correction_is_of_the_last_word_or_of_the_one_that_is_named(office: Office) -> None:
    office.say("update network --text 'The office is open.'")
    office.say("correct network --wrong 'is: OPEN' --right 'It is closed.'", now=NOW + 600)
    office.say("correct network --right 'It began at 7.' --update '2024-05-05 08:00'", now=NOW + 1200)
    _, update, first, second = office.post().updates
    assert first.correction
    assert second.correction
    assert (first.correction.corrects, second.correction.corrects) == (update.id, "2024-05-05-0800")
    assert "Choose from: 2024-05-05 08:00, 2024-05-05 09:45" in office.refuse(
        "correct network --right x --update '2024-05-05 07:00'"
    )


def test_a_correction_finds_the_update_that_has_the_words(office: Office) -> None:
    office.say("update network --text", "Offices close\nat 5 p.m.", "--known", "The cable broke")
    office.say("update network --text 'We go on.'", now=NOW + 600)
    correct = "correct network --right 'At 6.' --wrong"
    assert "corrects the update of 2024-05-05 09:45." in office.say(f"{correct} 'offices CLOSE at 5'", now=NOW + 1200)
    assert "corrects the update of 2024-05-05 09:45." in office.say(f"{correct} 'the cable broke'", now=NOW + 1800)
    assert "corrects the update of 2024-05-05 08:00." in office.say(f"{correct} 'looking into'", now=NOW + 2400)
    refused = office.refuse(f"{correct} 'Offices close at noon'", now=NOW + 3000)
    assert 'No update of post-1 says "Offices close at noon"' in refused
    assert 'The closest words are "Offices close at 5 p.m."' in refused.replace("\n", " ")
    office.say(f"{correct} 'Offices close at noon' --update '2024-05-05 08:00'", now=NOW + 3000)
    office.say("update network --text 'Offices close at 5 p.m.'", now=NOW + 3600)
    said = office.say(f"{correct} 'Offices close at 5 p.m.'", now=NOW + 4200)
    assert "corrects the update of 2024-05-05 10:45, the newest of 2 that say so; --update names another." in said


def test_a_correction_replaces_any_fact_by_its_keys(office: Office) -> None:
    office.say(
        "update network --service permits=down --do 'permits=Bring paper.' --since permits=8:30 --known A --known B "
        "--everybody Wait. --everybody-until tomorrow",
        now=NOW - 600,
    )
    office.say(
        "correct network --right 'It is open.' --holds 'services.permits.do=Bring a pen.' --holds known.2=C "
        "--holds known.1= --holds 'do=Wait a bit.' --holds 'rename=The net is down' "
        "--holds 'services.permits.since=before 9:00'"
    )
    assert office.text().endswith(
        "Correction\ncorrects: 2024-05-05 09:35\nright: It is open.\nservices:\n  permits:\n    status: down\n"
        "    do: Bring a pen.\n    started_before: 2024-05-05 09:00\nknown:\n  - C\ndo:\n  words: Wait a bit.\n"
        "  until: 2024-05-06\nrename: The net is down\n"
    )
    told = Town(City(office.folder)).at("2024-05-05 12:00")
    assert "since before Sun, May 5, 9 AM" in told.text
    told.assert_never("Bring paper.", "8:30")
    later = NOW + 600
    assert 'Did you mean "services.permits.do"?' in office.refuse(
        "correct network --right x --holds services.permits.dp=y", now=later
    )
    assert "Say what is true now." in office.refuse("correct network --right x --holds do=", now=later)
    assert "Nothing else is listed there." in office.refuse("correct network --right x --holds known.1=", now=later)
    assert 'There is no status "dwon"' in office.refuse(
        "correct network --right x --holds services.permits.status=dwon", now=later
    )


def test_an_update_takes_entries_out_of_lists(office: Office) -> None:
    office.say("update network --known A --known B --not-known C", now=NOW - 600)
    office.say("update network --no-longer A --known D --text News.")
    assert office.text().endswith("## 2024-05-05 09:45\nknown:\n  - B\n  - D\n\nNews.\n")
    later = NOW + 600
    assert "Say what is true now instead." in office.refuse("update network --no-longer C --text x", now=later)
    assert 'The post does not list "E".' in office.refuse("update network --no-longer E --text x", now=later)


def test_an_end_says_how_each_service_stands(office: Office) -> None:
    office.say("update network --service permits=down,trash=down", now=NOW - 600)
    said = office.say("resolve network --service permits=working,trash=limited")
    assert "so the post stays open" in said
    assert office.text().endswith("## 2024-05-05 09:45\nservices:\n  permits: working\n  trash: limited\n")
    office.say("resolve network --service trash=working", now=NOW + 600)
    assert office.text().endswith("Resolved\nservices:\n  trash: working\n  water-bill/online: unknown\n")
    office.say("new --title Painting --kind maintenance --starts 8:00 --ends 2024-05-07 --at 8:00", now=NOW - 600)
    assert "Only the end of an incident" in office.refuse("resolve painting --cancel --service trash=working")


def test_another_waiver_of_the_same_words_gets_a_number(office: Office) -> None:
    waive = "waive network --what 'No late fees'"
    office.say(f"{waive} --service water-bill")
    office.say(f"{waive} --service permits", now=NOW + 600)
    office.say(f"{waive} --service water-bill --until 2024-06-30", now=NOW + 1200)
    office.say("waive network --what 'No late: fees!' --service water-bill", now=NOW + 1800)
    ids = [waiver.id for update in office.post().updates for waiver in update.waivers]
    assert ids == ["no-late-fees", "no-late-fees-2", "no-late-fees", "no-late-fees-3"]


def test_a_waiver_ends_after_it_begins(office: Office) -> None:
    waive = "waive network --what 'No late fees' --service water-bill"
    for times in ("--from 2024-06-30 --until 2024-06-29", "--until 2024-05-04"):
        assert "before the waiver begins" in office.refuse(f"{waive} {times}")
    office.say(f"{waive} --from 2024-06-30 --until 2024-06-30")
    refused = office.refuse("waive network --id no-late-fees --until 2024-06-01", now=NOW + 600)
    assert "2024-06-01 is before the waiver begins (2024-06-30)" in refused


def test_a_waiver_is_added_and_changed(office: Office) -> None:
    office.say(
        "waive network --what 'No late fees: none' --service water-bill --from 2024-05-01 "
        "--until 'online payment works again' --how automatic --by 'KC Water'"
    )
    office.say("waive network --id no-late-fees-none --until 2024-06-30", now=NOW + 600)
    first, second = (update.waivers[0] for update in office.post().updates[1:])
    assert (first.id, first.services, first.until, second.what) == ("no-late-fees-none", ("water-bill",), None, None)
    assert second.until == parse_time("2024-06-30", CHICAGO)
    assert "incidents/post-1.md" in office.refuse("waive network --id late-fees --until 2024-06-30", now=NOW + 1200)


def test_a_promise_is_for_a_time_to_come(office: Office) -> None:
    office.say("promise network in 2 hours")
    assert office.post().updates[-1].next_update == parse_time("2024-05-05 11:50", CHICAGO)
    assert "not a time" in office.refuse("promise network teatime", now=NOW + 600)
    assert "before this update" in office.refuse("promise network 'yesterday 9:00'", now=NOW + 600)


def test_set_finds_the_post_that_holds_the_service(tmp_path: Path) -> None:
    office = Office(tmp_path, POST, POST.replace("The network", "The phone").replace("water-bill/online", "permits"))
    assert "incidents/post-1.md" in office.say("set water-bill/phone down")
    assert "incidents/post-2.md" in office.say("set permits working --text 'It works.'")
    assert 'No open post affects "permits"' in office.refuse("set permits down", now=NOW + 600)
    assert "already working" in office.refuse("set permits working", now=NOW + 600)
    assert "incidents/2024-05-05-again.md" in office.say("set permits down --title Again", now=NOW + 600)
    office.say("update post-2 --service water-bill=down", now=NOW + 1200)
    assert "--incident: post-2, post-1" in office.refuse("set water-bill limited", now=NOW + 1800)
    office.say("set water-bill limited --incident post-2", now=NOW + 1800)


def test_set_names_the_open_posts_before_a_new_one(office: Office) -> None:
    said = office.refuse("set permits limited")
    assert said.index("--incident post-1  (The network is down)") < said.index("--title")


def test_a_translation_that_lacks_the_update_is_named(tmp_path: Path) -> None:
    office = Office(tmp_path, POST)
    services = office.folder / "services.yaml"
    services.write_text(services.read_text().replace("Chicago}", "Chicago, languages: [en, es]}"))
    (office.folder / "incidents" / "post-1.es.md").write_text("---\ntitle: La red\n---\nHola.\n")
    said = office.say("update network --text More.")
    assert 'incidents/post-1.es.md: this update still needs a translation into "es": ## 2024-05-05 09:45' in said


# Mistakes.


def test_a_mistake_elsewhere_is_told_but_does_not_keep_anybody_silent(office: Office) -> None:
    (office.folder / "incidents" / "other.md").write_text(
        POST.replace("network is down", "phone rings").replace("down", "dwon")
    )
    result = office.run("update network --text More.")
    assert result.exit_code == 0
    assert "there are mistakes in incidents/other.md" in result.output
    assert "More." in office.text()


def test_a_post_with_mistakes_takes_no_update_before_they_are_fixed(office: Office) -> None:
    (office.folder / "incidents" / "post-1.md").write_text(POST.replace("started", "strted"))
    assert "incidents/post-1.md:3: " in office.refuse("update post-1 --text x")
    (office.folder / "incidents" / "post-1.md").write_text(POST + "\n## 2024-05-05 09:00\nbye: me\n")
    assert "incidents/post-1.md:10: " in office.refuse("update network --text x")


def test_a_file_that_somebody_else_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"theirs")
    with pytest.raises(OutputError, match="Someone else"):
        save.save_file(path, b"mine", b"as it was read")
    with pytest.raises(OutputError, match="Someone else"):
        save.save_file(path, b"mine", None)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"a.md": b"theirs"}


def test_nothing_is_written_behind_a_link_out_of_the_site(
    office: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (office.folder / "incidents" / "post-1.md").rename(outside / "post-1.md")
    (office.folder / "incidents").rmdir()
    (office.folder / "incidents").symlink_to(outside)
    office.refuse("new --title T --since now --service permits=down")
    assert [path.name for path in outside.iterdir()] == ["post-1.md"]


def test_ctrl_c_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"old")

    def interrupt(_handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save.save_file(path, b"new", b"old")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"a.md": b"old"}


def test_a_post_is_on_the_disk_before_it_takes_the_place_of_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"old")
    flushed: list[tuple[bytes, bytes]] = []

    def flush(handle: int) -> None:
        flushed.append((path.read_bytes(), os.pread(handle, 100, 0)))

    monkeypatch.setattr(os, "fsync", flush)
    save.save_file(path, b"new", b"old")
    assert flushed == [(b"old", b"new")]
    assert path.read_bytes() == b"new"


# Templates.


def test_each_template_leaves_only_blanks_to_fill(office: Office) -> None:
    for name in templates.template_names(office.folder):
        result = office.run("new --template", name)
        assert result.exit_code == 0, result.output
        text = (office.folder / "incidents" / f"2024-05-05-{name}.md").read_text(encoding="utf-8")
        assert "\n# " not in text, "advice for the writer is no part of the post"
        advice, _, rest = result.output.partition("Wrote ")
        lines = rest.splitlines()
        assert "[[" not in advice
        assert lines[1:-2], f"{name} has no blanks"
        assert all("This blank still has to be filled in: " in line for line in lines[1:-2]), result.output
        assert lines[-1] == "Fill these in, then: statusgen check"
        checked = office.run("check")
        assert checked.exit_code == 1
        (office.folder / "incidents" / f"2024-05-05-{name}.md").unlink()


def test_a_template_is_filled_with_what_is_known_and_stays_otherwise(office: Office) -> None:
    template = office.folder / "templates" / "posts" / "storm.md"
    template.parent.mkdir(parents=True)
    template.write_text(
        '---\n# Stay calm.\ntitle: "[[what]]"\nkind: incident\nstarted: [[since]]\n'
        "services:\n  [[which]]: down\n  trash: working\n"
        "known: [It storms]  # a remark\nexpected: 2024-05-20\n---\nStay inside, [[where]].\n"
    )
    new = "new --template storm --title 'A storm: big' --service permits=down --since 9:00"
    result = office.run(new)
    assert result.exit_code == 0
    assert office.text("2024-05-05-a-storm-big") == (
        "---\ntitle: 'A storm: big'\nkind: incident\nstarted: 2024-05-05 09:00\n"
        "services:\n  permits: down\n"
        "known: [It storms]  # a remark\nexpected: 2024-05-20\nposted: 2024-05-05 09:45\n---\nStay inside, [[where]].\n"
    )
    assert 'incidents/2024-05-05-a-storm-big.md:11: This blank still has to be filled in: "where".' in result.output
    (office.folder / "incidents" / "2024-05-05-a-storm-big.md").unlink()
    office.say(f"{new} --text 'Stay inside.'")
    assert 'Did you mean "storm"?' in office.refuse("new --template strom")
    assert "There is no template" in office.refuse("new --template ../../services")


def test_a_template_keeps_what_it_says_of_the_services_that_are_named(office: Office) -> None:
    new = "new --template boil-water --title 'Boil water' --service 'water-bill=limited, trash=working'"
    assert office.run(new).exit_code == 0
    text = office.text("2024-05-05-boil-water")
    assert "services:\n  water-bill:\n    status: limited\n    do: 'Boil water before you" in text
    assert "  trash: working\n" in text
    assert "    where: '[[Where there is bottled water" in text


def test_a_post_with_blanks_does_not_keep_the_rest_from_being_published(office: Office) -> None:
    said = office.run("new --template power --title Power").output
    assert office.run("build").exit_code == 1
    [move] = [line.partition(": mv ")[2] for line in said.splitlines() if ": mv " in line]
    subprocess.run(["mv", *move.split()], cwd=office.folder, check=True)
    assert office.run("check").exit_code == 0


def test_other_mistakes_than_blanks_are_refused_in_a_template_too(office: Office) -> None:
    template = office.folder / "templates" / "posts" / "bad.md"
    template.parent.mkdir(parents=True)
    template.write_text("---\ntitle: [[what]]\nstarted: 2024-05-05\nservices: {trsh: down}\n---\n")
    assert 'Did you mean "trash"?' in office.refuse("new --template bad")


# The editor.


def make_editor(folder: Path, script: str) -> str:
    """Return the command of an editor that changes the text by a script."""
    path = folder / "editor.py"
    path.write_text(f"import sys, pathlib\npath = pathlib.Path(sys.argv[1])\ntext = path.read_text()\n{script}\n")
    return f"{sys.executable} {path}"


def test_what_is_written_can_be_edited_first(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    change = "assert text.startswith('## 2024-05-05 09:45'), text\npath.write_text(text + '\\nBy hand.\\n')"
    monkeypatch.setenv("EDITOR", make_editor(tools, change))
    monkeypatch.delenv("VISUAL", raising=False)
    office.say("update network --edit --service permits=down")
    assert office.text().endswith("services:\n  permits: down\n\nBy hand.\n")
    monkeypatch.setenv("EDITOR", make_editor(tools, "path.write_text(text.replace('down', 'dwon'))"))
    assert "dwon" in office.refuse("update network --edit --service permits=down", now=NOW + 600)
    monkeypatch.setenv("EDITOR", make_editor(tools, "path.write_text('')"))
    assert "empty" in office.refuse("update network --edit --text x", now=NOW + 600)


# The Tab key.


def completions(office: Office, words: str, incomplete: str, shell: str = "bash") -> list[str]:
    """Return what a shell offers, by the script that click makes for it."""
    environment = {**os.environ, "_STATUSGEN_COMPLETE": f"{shell}_complete"}
    environment["COMP_WORDS"] = f"statusgen {words} {incomplete}"
    environment["COMP_CWORD"] = incomplete if shell == "fish" else str(len(f"{words} x".split()))
    command = [sys.executable, "-c", "from statusgen.cli.main import main; main(prog_name='statusgen')"]
    ran = subprocess.run(command, env=environment, cwd=office.folder, capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    lines = [line for line in ran.stdout.splitlines() if line]
    if shell == "zsh":  # a kind, a value and a description, each on a line of its own
        return lines[1::3]
    return [line.partition(",")[2].partition("\t")[0] for line in lines]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_can_offer_what_there_is(office: Office, shell: str) -> None:
    assert completions(office, "set", "water-bill/", shell) == ["water-bill/online", "water-bill/phone"]


def test_the_tab_key_offers_ids_of_services_posts_and_templates(office: Office) -> None:
    assert completions(office, "set", "w") == ["water-bill", "water-bill/online", "water-bill/phone"]
    assert "catching_up" in completions(office, "set permits", "")
    assert completions(office, "update", "post") == ["post-1"]
    assert "cyberattack" in completions(office, "new --template", "")
    assert completions(office, "new --service", "permits=d") == [
        "permits=differently",
        "permits=degraded",
        "permits=down",
    ]
    assert completions(office, "new --service", "all/o") == [
        f"all/online={status.value}" for status in WRITTEN_STATUSES
    ]
    (office.folder / "services.yaml").write_text("services: [")
    assert completions(office, "set", "w") == []


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("by May 15", "expected:\n  by: 2024-05-15\n"),
        ("a más tardar el 15 de mayo", "expected:\n  by: 2024-05-15\n"),
        ("no antes del lunes", "expected:\n  not_before: 2024-05-06\n"),
        ("no se sabe", "expected: unknown\n"),
        ("Nobody knows", "expected: unknown\n"),
        ("not known yet.", "expected: unknown\n"),
        ("We don\u2019t know when", "expected: unknown\n"),
        ("Todavía no se sabe.", "expected: unknown\n"),
        ("nadie lo sabe", "expected: unknown\n"),
        ("nobody knows before Monday", "expected:\n  words: nobody knows before Monday\n"),
    ],
)
def test_an_estimate_can_be_given_as_people_say_it(office: Office, words: str, written: str) -> None:
    office.say("new --title T --since now --service permits=down --expected", words)
    assert written in office.text("2024-05-05-t")


def test_what_began_at_an_unknown_time_is_told_as_before_and_never_since(office: Office) -> None:
    office.say("new --title Storm --since 'before now' --service permits=down,trash=limited,water-bill/phone=unknown")
    assert office.text("2024-05-05-storm") == (
        "---\ntitle: Storm\nstarted: 2024-05-05 09:45\nservices:\n"
        "  permits:\n    status: down\n    started_before: 2024-05-05 09:45\n"
        "  trash:\n    status: limited\n    started_before: 2024-05-05 09:45\n  water-bill/phone: unknown\n---\n"
    )
    told = Town(City(office.folder)).at("2024-05-05 12:00")
    assert "Not available, since before Sun, May 5, 9:45 AM" in told.text
    told.assert_never("since Sun, May 5, 9:45", "since May 5, 2024, 9:45")
    page = told.city.page("2024-05-05 12:00", "incidents/2024-05-05-storm/index.html").words
    assert "It began before Sun, May 5, 9:45 AM." in page
    assert "It began on" not in page
    office.say("resolve storm", now=NOW + 3600)
    assert office.post("2024-05-05-storm").is_started_before
    page = City(office.folder).page("2024-05-05 13:00", "incidents/2024-05-05-storm/index.html").words
    assert "Until May 5, 2024, 10:45 AM CDT." in page
    assert "From May 5" not in page


@pytest.mark.parametrize("since", ["before 8 AM", "antes de las 8 AM", "antes de 8:00"])
def test_before_is_before_in_spanish_too(office: Office, since: str) -> None:
    office.say("new --title Storm --service permits=down --since", since)
    assert "    started_before: 2024-05-05 08:00\n" in office.text("2024-05-05-storm")


def test_since_when_can_be_before_a_time_for_each_service(office: Office) -> None:
    office.say("new --title Storm --service permits=down,trash=down --since 'before 8:00' --since trash=7:00")
    assert (
        "    started_before: 2024-05-05 08:00\n  trash:\n    status: down\n    since: 2024-05-05 07:00\n"
        in office.text("2024-05-05-storm")
    )
    office.say("update network --service water-bill/phone=down --since 'water-bill/phone=before yesterday'")
    assert "  water-bill/phone:\n    status: down\n    started_before: 2024-05-04\n" in office.text()
    assert '"soon" is not a time' in office.refuse("new --title T --service permits=down --since 'before soon'")


@pytest.mark.parametrize(
    ("command", "flags"),
    [
        ("new --title T --service permits=down", ["--since"]),
        ("new --title T --since 8:00 --service permits=down --topic fraud", ["--topic"]),
        ("new --title T --since 8:00 --service permits=dwon", ["--service"]),
        ("update network", ["--text"]),
        ("update network --everybody-until tomorrow", ["--everybody-until"]),
        ("update network --service permits=down --short 'permits=Wait'", ["--short"]),
        ("correct network", ["--right"]),
        ("correct network --right R --wrong 'never said'", ["--wrong"]),
        ("resolve network --cancel", ["--cancel"]),
        ("waive network", ["--what"]),
        ("deadline network --what Appeal", ["--on"]),
        ("channel network permits --address Here", ["--kind"]),
        ("promise network yesterday", ["TIME"]),
    ],
)
def test_the_flag_that_is_wrong_is_blamed(
    command: str, flags: list[str], office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that calls a command finds there where to show the mistake."""
    name, *words = shlex.split(command)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(NOW))
    found = main.get_command(click.Context(main), name)
    assert found
    context = found.make_context(name, ["--source", str(office.folder), *words])
    with pytest.raises(click.BadParameter) as caught, context:
        found.invoke(context)
    hint = caught.value.param_hint
    assert [hint] == flags or hint == flags
