"""The commands say only what someone said: what ends, what is confirmed, what is let go, and what nobody spoke of."""

from datetime import date
from pathlib import Path

import pytest

from statusgen.content.format.values import parse_time
from statusgen.model.posts import Scope
from statusgen.model.states import State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from tests.support.office import CHICAGO, NOW, POST, Office
from tests.support.sample_sites import City

HOUR = 3600
PAYMENTS = """\
  - {id: bill, name: Bills, group: money, channels: [{kind: online}, {kind: automatic}, {kind: mail}]}
  - {id: fine, name: Fines, group: money, channels: [{kind: online}, {kind: in_person}]}
  - {id: exams, name: Exams, group: jobs, channels: [{kind: online}]}
  - {id: parks, name: Parks, group: jobs}
groups: [{id: money, name: Money}, {id: jobs, name: Jobs}]
"""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, POST)


def make_payments(folder: Path) -> Office:
    """Return an office whose services have groups, with a post on parks."""
    office = Office(folder, POST.replace("water-bill/online: down", "parks: down"))
    file = folder / "services.yaml"
    head = file.read_text().partition("services:\n")[0]
    file.write_text(f"{head}services:\n{PAYMENTS}")
    return office


def statuses(office: Office, id: str = "post-1") -> dict[str, Status | None]:
    """Return what the last update of a post says of services."""
    reports = office.post(id).updates[-1].reports
    return {"/".join(filter(None, (report.service, report.channel))): report.status for report in reports}


# confirm.


def test_a_post_is_confirmed_in_one_answer(office: Office) -> None:
    office.say("update network --known 'A cable broke' --do 'Pay by mail.'")
    said = office.say("confirm network --next 'in 2 days' --by 'Ada Quimby'", now=NOW + HOUR)
    assert "water-bill/online: down (last said 2024-05-05 09:45)" in said
    assert '"Pay by mail."' in said
    assert "known: A cable broke" in said
    assert office.text().endswith("\n## 2024-05-05 10:45\nby: Ada Quimby\nunchanged: true\nnext_update: 2024-05-07\n")


def test_what_is_over_or_has_not_begun_is_not_confirmed(tmp_path: Path) -> None:
    work = "---\ntitle: Painting\nkind: maintenance\nposted: 2024-05-01\nstarts: 2024-05-06\nends: 2024-05-07\n---\n"
    office = Office(tmp_path, POST, work)
    assert "has not begun yet" in office.refuse("confirm painting")
    office.say("resolve network")
    assert "is over since 2024-05-05 09:45" in office.refuse("confirm post-1", now=NOW + HOUR)


# resolve.


def test_an_end_lists_what_will_work_and_on_whose_word(tmp_path: Path) -> None:
    other = POST.replace("The network", "The phone").replace("water-bill/online", "permits")
    office = Office(tmp_path, POST, other)
    office.say("update network --service 'permits=limited, trash=unknown' --by 'Ada Quimby'")
    said = office.say("resolve network", now=NOW + HOUR)
    listed = said.partition("These stay")[0]
    assert "permits: limited (last said 2024-05-05 09:45 by Ada Quimby)" in listed
    assert "water-bill/online: down (last said 2024-05-05 08:00)" in listed
    assert "trash" not in listed
    assert "another post affects them:\n  permits: down, through post-2" in said


def test_only_what_is_named_works_again(office: Office) -> None:
    office.say("update network --service 'permits=down, trash=limited'")
    refused = office.refuse("resolve network --only water-bill/phone", now=NOW + HOUR)
    assert "Choose from: permits, trash, water-bill/online." in refused
    office.say("resolve network --only permits,water-bill", now=NOW + HOUR)
    working, unknown = Status.WORKING, Status.UNKNOWN
    assert statuses(office) == {"permits": working, "trash": unknown, "water-bill/online": working}
    assert office.post().updates[-1].state is State.RESOLVED
    board = City(office.folder).board("2024-05-05 12:00")
    assert board.service_by_id["permits"].status is Status.WORKING
    assert board.service_by_id["trash"].status is Status.NOT_SAID


def test_a_waiver_that_ends_in_words_is_asked_about(office: Office) -> None:
    office.say("waive network --what 'No late fees' --until 'online payment works again'")
    assert office.post().updates[-1].waivers[0].services == ("water-bill",)
    refused = office.refuse("resolve network --waiver fees=today", now=NOW + HOUR)
    assert "Choose from: no-late-fees." in refused
    office.say("resolve network --waiver no-late-fees=2024-05-05", now=NOW + HOUR)
    assert office.post().updates[-1].waivers[0].until == parse_time("2024-05-05", CHICAGO)


def test_an_end_names_the_waivers_that_go_on(office: Office) -> None:
    office.say("waive network --what 'No late fees' --until 'online payment works again'")
    said = office.say("resolve network", now=NOW + HOUR)
    assert 'The waiver "No late fees" (until: "online payment works again") stays in force.' in said


def test_a_machine_opens_and_ends_a_post_once(office: Office) -> None:
    new = "new --title 'Portal is down' --since now --service permits=down --unless-open"
    office.say(new)
    said = office.say(new, now=NOW + HOUR)
    assert "2024-05-05-portal-is-down is open already. Nothing was written." in said
    office.say("resolve 'Portal is down' --if-open", now=NOW + 2 * HOUR)
    assert "No such post is open." in office.say("resolve 'Portal is down' --if-open", now=NOW + 3 * HOUR)
    office.say(new, now=NOW + 4 * HOUR)
    assert office.post("2024-05-05-portal-is-down-2").updates[0].reports


# Names for several services.


@pytest.mark.parametrize("turn", [1, -1])
def test_the_more_exact_name_wins_and_the_names_are_written(tmp_path: Path, turn: int) -> None:
    office = make_payments(tmp_path)
    said = ["all/online=down", "group/money=differently", "fine=working", "bill/automatic=working"][::turn]
    office.say(f"update network {' '.join(f'--service {each}' for each in said)}")
    assert statuses(office) == {
        "bill/online": Status.DOWN,
        "exams/online": Status.DOWN,
        "bill": Status.DIFFERENTLY,
        "fine": Status.WORKING,
        "bill/automatic": Status.WORKING,
    }
    assert "group/" not in office.text()
    assert "all/" not in office.text()
    board = City(tmp_path).board("2024-05-05 12:00")
    ways = {f"{each.id}/{way.channel.id}": way.status for each in board.services for way in each.channels}
    assert board.service_by_id["bill"].status is Status.DIFFERENTLY
    assert board.service_by_id["fine"].status is Status.WORKING
    assert ways == {
        "bill/online": Status.DOWN,
        "bill/automatic": Status.WORKING,
        "bill/mail": Status.NOT_SAID,
        "fine/online": Status.WORKING,
        "fine/in_person": Status.WORKING,
        "exams/online": Status.DOWN,
    }


def test_every_way_of_a_service_is_named(tmp_path: Path) -> None:
    office = make_payments(tmp_path)
    office.say("update network --service 'fine/*=down, fine/in_person=limited, parks/*=limited'")
    assert statuses(office) == {
        "fine/online": Status.DOWN,
        "fine/in_person": Status.LIMITED,
        "parks": Status.LIMITED,
    }


def test_a_pattern_that_names_nothing_is_refused(tmp_path: Path) -> None:
    office = make_payments(tmp_path)
    refused = office.refuse("update network --service group/none=working")
    assert 'There is no group "none".' in refused
    assert 'Did you mean "money"?' in refused
    assert "Choose from: money, jobs." in office.refuse("update network --service group/zoo=working")
    assert "matches no service" in office.refuse("update network --service all/drop_box=down")


def test_a_service_and_a_group_of_one_id_are_refused(tmp_path: Path) -> None:
    office = make_payments(tmp_path)
    file = tmp_path / "services.yaml"
    file.write_text(file.read_text().replace("{id: jobs, name: Jobs}", "{id: parks, name: Jobs}"))
    result = office.run("check")
    assert result.exit_code == 1
    assert 'A service and a group have the id "parks"' in result.output


# What was said of others, and of more.


def test_an_update_ends_by_naming_what_nothing_was_said_about(office: Office) -> None:
    said = office.say("update network --text 'We look.'")
    offer = (
        "Nothing is said about trash, permits. If nobody knows their status: statusgen update post-1 --others unknown"
    )
    assert offer in said
    said = office.say("update network --others unknown", now=NOW + HOUR)
    assert "Nothing is said of" not in said
    assert office.post().updates[-1].others is Status.UNKNOWN


def test_a_post_says_how_far_it_reaches_and_with_what_it_is_not_to_be_confused(office: Office) -> None:
    office.say("update network --scope wider --rename 'The network and more' --everybody 'Call 311.'")
    update = office.post().updates[-1]
    assert update.scope is Scope.WIDER
    assert update.rename
    assert update.do
    office.say("new --title Permits --since now --service permits=down --unrelated-to network", now=NOW + HOUR)
    assert office.post("2024-05-05-permits").updates[0].unrelated_to == ("post-1",)


# Entries of services.


def test_since_when_and_where_belong_to_a_service(office: Office) -> None:
    office.say(
        "update network --service 'permits=down, trash=limited' --since permits=incident --since trash=2024-04 "
        "--where 'permits=City Hall'"
    )
    by_id = {report.service: report for report in office.post().updates[-1].reports}
    assert by_id["permits"].since == "incident"
    assert by_id["trash"].since == When.month(date(2024, 4, 1), CHICAGO)
    assert by_id["permits"].where
    assert by_id["trash"].where is None


def test_an_estimate_is_about_what_the_update_says_or_names(office: Office) -> None:
    office.say("update network --service permits=limited --expected 'not before 2024-05-08'")
    update = office.post().updates[-1]
    assert update.expected is None
    assert update.reports[0].expected
    office.say("update network --expected 'water-bill=by 2024-05-20' --basis vendor", now=NOW + HOUR)
    update = office.post().updates[-1]
    assert update.expected is None
    assert [(report.service, bool(report.expected and report.expected.basis)) for report in update.reports] == [
        ("water-bill", True)
    ]
    office.say("update network --expected 2024-08", now=NOW + 2 * HOUR)
    assert office.text().endswith("expected: 2024-08\n")


def test_an_estimate_of_one_service_is_not_shown_at_another(office: Office) -> None:
    office.say("update network --service permits=limited --expected 'not before 2024-05-08'")
    services = City(office.folder).board("2024-05-05 12:00").service_by_id
    assert services["permits"].estimate
    assert services["water-bill"].estimate is None
    assert services["water-bill"].outage_estimate is None


@pytest.mark.parametrize("flag", ["--do", "--short", "--where", "--since", "--expected"])
def test_what_names_no_service_is_refused(office: Office, flag: str) -> None:
    refused = office.refuse(f"update network {flag} 'watr=2024-05-20'")
    assert 'There is no service "watr".' in refused
    assert flag in refused


def test_an_address_with_an_equals_sign_is_no_name(office: Office) -> None:
    office.say("update network --do 'Use https://pay.example/?a=b for now.'")
    assert "https://pay.example/?a=b" in office.text()


def test_what_to_do_has_a_short_form(office: Office) -> None:
    office.say("update network --service permits=down --do 'Bring your plans on paper.' --short 'Bring paper plans.'")
    assert "    do:\n      words: Bring your plans on paper.\n      short: Bring paper plans.\n" in office.text()
    assert "--short needs --do" in office.refuse("update network --service permits=down --short Wait.")
    assert "61 letters" in office.refuse(f"update network --service permits=down --do Wait. --short {'a' * 61}")


def test_what_to_do_about_a_service_that_works_is_kept(office: Office) -> None:
    office.say("update network --service trash=working --do 'Put it out by 7.'")
    assert "  trash:\n    status: working\n    do: Put it out by 7.\n" in office.text()


# What an update lets go of, and what it adds to.


def test_what_would_lapse_is_named_and_kept_if_asked(office: Office) -> None:
    office.say("update network --service permits=down --do 'permits=Bring paper plans.'")
    said = office.say("set permits limited", now=NOW + HOUR)
    assert 'no longer shown (to keep them: --keep):\n  permits: "Bring paper plans."' in said
    office.say("set permits down --do 'Bring paper plans.'", now=NOW + 2 * HOUR)
    assert "no longer shown" not in office.say("set permits limited --keep", now=NOW + 3 * HOUR)
    assert office.text().endswith("  permits:\n    status: limited\n    do: Bring paper plans.\n")


def test_what_is_known_is_added_to(office: Office) -> None:
    office.say("update network --known 'A cable broke' --not-known Why")
    office.say("update network --known 'It is fixed'", now=NOW + HOUR)
    assert office.text().endswith("known:\n  - A cable broke\n  - It is fixed\n")
    said = office.say("update network --replace --known 'All is well'", now=NOW + 2 * HOUR)
    assert 'No longer listed under known: "A cable broke"' in said
    assert "not_known" not in said
    assert office.text().endswith("known:\n  - All is well\n")


def test_what_is_said_again_keeps_its_translation(office: Office) -> None:
    services = office.folder / "services.yaml"
    services.write_text(services.read_text().replace("Chicago}", "Chicago, languages: [en, es]}"))
    spanish = "---\ntitle: La red\nknown: [Se rompió un cable]\n---\nHola.\n"
    (office.folder / "incidents" / "post-1.es.md").write_text(spanish)
    post = office.folder / "incidents" / "post-1.md"
    post.write_text(POST.replace("services:", "known: [A cable broke]\nservices:"))
    office.say("update network --known 'It is fixed'")
    known = City(office.folder).board("2024-05-05 12:00").incident_by_id["post-1"].known
    assert [words.in_language("es").text for words in known] == ["Se rompió un cable", "It is fixed"]


def test_a_correction_does_not_repeat_what_was_wrong(office: Office) -> None:
    office.say("update network --known 'A cable broke' --known 'It is the vendor'")
    office.say(
        "correct network --wrong 'a cable broke' --right 'A switch broke.' --known 'A switch broke'", now=NOW + HOUR
    )
    assert office.text().endswith("known:\n  - It is the vendor\n  - A switch broke\n")


def test_a_correction_changes_since_when_and_what_dates_are_about(office: Office) -> None:
    office.say("waive network --at 9:00 --what 'No late fees' --until 'payment works again'")
    office.say("deadline network --at 9:10 --what 'Last day to appeal' --on 2024-05-20")
    flags = "--since water-bill/online=7:30 --waiver 'no-late-fees=No late fees and no shutoffs' "
    flags += "--waiver-until no-late-fees=2024-06-30 --deadline 'last-day-to-appeal=Last day to ask' "
    office.say(f"correct network --right 'It began at 7:30.' {flags} --deadline-on last-day-to-appeal=2024-05-21")
    assert office.text().endswith(
        "right: It began at 7:30.\nservices:\n  water-bill/online:\n    status: down\n    since: 2024-05-05 07:30\n"
        "waivers:\n  - id: no-late-fees\n    what: No late fees and no shutoffs\n    until: 2024-06-30\n"
        "deadlines:\n  - id: last-day-to-appeal\n    what: Last day to ask\n    on: 2024-05-21\n"
    )
    page = City(office.folder).files("2024-05-05 12:00")["services/water-bill/index.html"].decode()
    assert "7:30" in page
    assert "No late fees and no shutoffs" in page
    assert 'Did you mean "no-late-fees"?' in office.refuse("correct network --right x --waiver 'no-late-fee=None'")
    assert "Write it like no-late-fees=" in office.refuse("correct network --right x --waiver no-late-fees")
    assert "--service permits=down" in office.refuse("correct network --right x --since permits=7:00")


def test_since_when_is_about_how_it_stands(office: Office) -> None:
    office.say("update network --since water-bill/online=7:30")
    assert office.text().endswith("  water-bill/online:\n    status: down\n    since: 2024-05-05 07:30\n")
    assert "7:30" in City(office.folder).files("2024-05-05 12:00")["services/water-bill/index.html"].decode()
    assert "The status of permits is not clear." in office.refuse("update network --since permits=7:30")


def test_an_update_of_the_past_goes_where_it_belongs(office: Office) -> None:
    office.say("update network --text Second.")
    said = office.say("update network --at '2024-05-05 09:00' --text First.", now=NOW + HOUR)
    assert "This goes before the update of 2024-05-05 09:45." in said
    assert [update.id for update in office.post().updates] == [
        "2024-05-05-0800",
        "2024-05-05-0900",
        "2024-05-05-0945",
    ]
    assert office.text().endswith("## 2024-05-05 09:00\n\nFirst.\n\n## 2024-05-05 09:45\n\nSecond.\n")
    assert "begins with its text from" in office.refuse("update network --at '2024-05-05 07:00' --text x")


def test_the_report_on_an_update_of_the_past_is_of_its_moment(office: Office) -> None:
    office.say("update network --text 'All is back.' --service trash=down --service permits=working --next 16:00")
    said = office.say(
        "update network --at 9:00 --text 'It is slow.' --service water-bill/online=limited", now=NOW + HOUR
    )
    assert "As of 2024-05-05 09:00 CDT:" in said
    assert "The page says: 1 service is not working as usual." in said
    assert "Nothing was said about trash, permits." in said
    assert "promised" not in said
    said = office.say("update network --text 'It is slow.'", now=NOW + HOUR)
    assert "As of" not in said
    assert "The page says: 2 services are not working as usual." in said
    assert "Nothing is said" not in said


def test_what_an_update_of_the_past_lets_go_of_is_what_was_told_then(office: Office) -> None:
    office.say("update network --at 9:00 --service water-bill/online=down --do 'Pay at the office.'")
    office.say("update network --at 9:30 --service water-bill/online=working")
    said = office.say("update network --at 9:15 --service water-bill/online=limited --text Slow.")
    assert 'no longer shown (to keep them: --keep):\n  water-bill/online: "Pay at the office."' in said
    office.say("update network --at 9:20 --known 'A cable broke'")
    office.say("update network --at 9:25 --known 'It is fixed'")
    office.say("update network --at 9:22 --known 'It is the vendor'")
    assert [[words.texts[0][1] for words in update.known] for update in office.post().updates if update.known] == [
        ["A cable broke"],
        ["A cable broke", "It is the vendor"],
        ["A cable broke", "It is fixed"],
    ]


def test_an_end_in_the_past_does_not_end_what_is_over_now(office: Office) -> None:
    office.say("resolve network --at 9:30")
    assert "is over already since 2024-05-05 09:30" in office.refuse("resolve network --at 9:00", now=NOW + HOUR)


def test_the_services_that_nothing_is_said_of_are_those_that_others_stands_for(office: Office) -> None:
    works = "---\ntitle: Painting\nkind: maintenance\nposted: 2024-05-05 08:00\nstarts: 2024-05-05 09:00\n"
    works += "ends: 2024-05-06 09:00\nservices: [trash]\n---\n"
    (office.folder / "incidents" / "works.md").write_text(works)
    draft = "---\ntitle: Permits\nstarted: 2024-05-05 08:00\ndraft: true\nservices: {permits: down}\n---\nx\n"
    (office.folder / "incidents" / "draft.md").write_text(draft)
    said = office.say("update network --text 'We look.'")
    assert "Nothing is said about trash, permits." in said
    office.say("update network --others unknown", now=NOW + HOUR)
    board = City(office.folder).board("2024-05-05 11:00")
    assert [each.service for each in board.incident_by_id["post-1"].last_update.reports] == ["trash", "permits"]
    assert "Nothing is said" not in office.say("update network --text 'We look.'", now=NOW + 2 * HOUR)


# deadline and channel.


def test_a_deadline_is_set_and_moved(office: Office) -> None:
    assert "--on" in office.refuse("deadline network --what 'Last day to appeal'")
    office.say("deadline network --what 'Last day to appeal' --on 2024-05-20")
    office.say("deadline network --id last-day-to-appeal --on 2024-05-21", now=NOW + HOUR)
    first, second = (update.deadlines[0] for update in office.post().updates[1:])
    assert first.services == ("water-bill",)
    assert (second.id, second.on) == (first.id, parse_time("2024-05-21", CHICAGO))


def test_a_way_is_set_up_for_the_time_being(office: Office) -> None:
    assert "--kind" in office.refuse("channel network water-bill --address 'City Hall'")
    office.say(
        "channel network water-bill --id desk --kind in_person --address 'City Hall' --accepts cash --accepts check "
        "--until 2024-05-31"
    )
    office.say("channel network water-bill --id desk --hours '9 to 4'", now=NOW + HOUR)
    first, second = (update.reports[0].channels[0] for update in office.post().updates[1:])
    assert first.address
    assert first.closes == parse_time("2024-05-31", CHICAGO)
    assert second.hours
    assert "water-bill/online is always there" in office.refuse("channel network water-bill/online --kind mail")


def test_channel_changes_a_usual_way_for_now(office: Office) -> None:
    office.say("set water-bill/phone limited --incident network")
    assert "Say what is different there for now" in office.refuse("channel network water-bill/phone --until tomorrow")
    office.say("channel network water-bill/phone --hours '9 to 12' --accepts card --until 2024-05-31", now=NOW + HOUR)
    report = office.post().updates[-1].reports[0]
    assert (report.service, report.channel, report.channels) == ("water-bill", "phone", ())
    assert report.for_now
    assert report.for_now.hours
    assert str(report.for_now.hours.in_language("en")) == "9 to 12"
    assert [tender.value for tender in report.for_now.accepts] == ["card"]
    assert report.for_now.closes


def test_what_everybody_can_do_takes_an_end(office: Office) -> None:
    assert "needs --everybody" in office.refuse("update network --text Hello. --everybody-until tomorrow")
    office.say("update network --everybody 'Boil tap water.' --everybody-until 'tomorrow 9:00'")
    update = office.post().updates[-1]
    assert update.do_until
    assert update.do_until.start.astimezone(CHICAGO).isoformat() == "2024-05-06T09:00:00-05:00"


def test_a_rumor_is_written_with_what_is_true(office: Office) -> None:
    office.say(
        "new --kind notice --topic rumor --since 9:00 --title 'Tap water is safe' --text 'Drink it.' "
        "--claim 'It is poisoned.' --fact 'It is safe.'"
    )
    notice = office.post("2024-05-05-tap-water-is-safe")
    assert notice.updates[0].claim
    assert str(notice.updates[0].fact and notice.updates[0].fact.in_language("en")) == "It is safe."
