"""Plain text: for a phone on a slow network, for anyone who reads it to a caller, and for one text message."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statusgen.board.board import make_board
from statusgen.board.model.services import ServiceStatus
from statusgen.board.model.whole_board import Board
from statusgen.model.posts import Incident
from statusgen.model.reports import ServiceReport
from statusgen.model.waivers import Waiver
from statusgen.model.whole_site import Site
from statusgen.model.words import Words
from statusgen.outputs import plain_text
from statusgen.text import is_said_in
from statusgen.theme.renderer import Renderer
from statusgen.wording.interface import available_languages
from statusgen.wording.phrasing import Phrasing
from statusgen.wording.short_forms import Part, compose, incident_message, site_message
from tests.support.generated_sites import Case, sites
from tests.support.paths import SITES
from tests.support.sample_sites import BALTIMORE, KANSAS_CITY, NEW_ORLEANS, City, make_city

WORST_WEEK = City(SITES / "worst-week").board("2026-06-17 15:30")
URL = "https://springfield.example/"
SERVICES = "  - {name: Trash pickup}\n  - {name: Pay a water bill}\n"
LONG = "The whole of the network of the city and of its suppliers is down. " * 30


def post(title: str = "The network is down", more: str = "", text: str = "We work on it.") -> str:
    return (
        f"---\ntitle: {title}\nstarted: 2024-05-05 08:00\nservices:\n"
        f"  pay-a-water-bill: {{status: down, do: Pay at City Hall.}}\n{more}---\n{text}\n"
    )


def notice(title: str, text: str) -> str:
    return f"---\ntitle: {title}\nkind: notice\ntopic: fraud\nstarted: 2024-05-05\n---\n{text}\n"


def text_files(now: Board) -> dict[str, str]:
    return {file.path: file.content.decode() for file in plain_text.files(now, Renderer(Path()))}


def sms_text(now: Board, id: str = "post-1") -> str:
    return text_files(now)[f"incidents/{id}/sms.txt"]


# The front page as plain text


def test_the_first_lines_answer_what_it_is_and_how_things_stand(tmp_path: Path) -> None:
    city = make_city(tmp_path, SERVICES, post(more="next_update: 2024-05-05 12:00\n"))
    assert text_files(city.board("2024-05-05 09:00"))["status.txt"].split("\n\n")[0].splitlines() == [
        "Springfield",
        "1 service is not working as usual.",
        "Next update by Sun, May 5, noon.",
        "As of Sun, May 5, 2024, 9 AM CDT. All times are Central Time. Published by Springfield.",
        "More details: https://springfield.example/",
    ]


def test_what_does_not_work_comes_before_what_works() -> None:
    text = plain_text.as_text(WORST_WEEK, "en")
    order = ["Notices:", "Not working as usual:", "Building permits\n", "Still working:", "911 calls: Working"]
    order += ["Updates:", "Upcoming deadlines:", "Planned work:", "Contact:"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_what_one_tells_a_caller_is_one_thing_on_each_line() -> None:
    entries = plain_text.as_text(WORST_WEEK, "en").split("\n\n")
    (entry,) = (each for each in entries if each.startswith("Traffic cameras\n"))
    assert entry.splitlines()[:4] == [
        "Traffic cameras",
        "  Not available, since Wed, June 3, 11 AM.",
        "  Ask Road Watch about the road, or about video of a crash. The city has no video. (as of Wed, June 3, 11 AM)",
        "  Road Watch, 555-0161. (as of Wed, June 3, 11 AM)",
    ]


def test_the_updates_are_there_with_their_times_newest_first() -> None:
    text = plain_text.as_text(WORST_WEEK, "en")
    updates = text[text.index("Updates:") : text.index("Upcoming deadlines:")].splitlines()[1:6]
    assert updates[0] == "Wed, June 17, 1 PM: Cause found: Water main broke on Lantern Hill"
    assert len(updates) == 5


def test_what_changed_in_the_last_day_is_there(tmp_path: Path) -> None:
    back = "\n## 2024-05-06 10:00 Resolved\n\nAll is back.\n"
    city = make_city(tmp_path, SERVICES, post(text="We work on it.\n" + back))
    changed = "Mon, May 6, 10 AM: Pay a water bill: Working (before: Not available)"
    assert f"In the last 24 hours:\n{changed}\n" in plain_text.as_text(city.board("2024-05-07 09:59"), "en")
    assert changed not in plain_text.as_text(city.board("2024-05-07 10:01"), "en")


def test_a_text_says_its_year_and_its_zone_once_and_the_weekday_of_every_date() -> None:
    for now in (WORST_WEEK, KANSAS_CITY.board("2024-05-15"), BALTIMORE.board("2019-05-20")):
        texts = {path: text for path, text in text_files(now).items() if not path.startswith(("es/", "ar/"))}
        for path, text in texts.items():
            rest, number = re.subn(r"\w{3}, \w+ \d+, \d{4}, [^.]*? [CE]DT", "", text)
            assert number == 1 or path != "status.txt"
            assert not re.search(r"\d [AP]M [A-Z]{3}\b", rest), path
            assert not re.search(r"(?:, since|update:|As of) (?:January|May|June) \d+", rest), path
        assert re.search(r"As of \w{3}, \w+ \d+, \d{4}, .* [CE]DT\. All times are \w+ Time\.", texts["status.txt"])


def test_no_title_can_forge_a_line_or_speak_to_the_terminal(tmp_path: Path) -> None:
    now = make_city(tmp_path, SERVICES, post()).board("2024-05-05 09:00")
    forged = Words((("en", "All is well\n911 calls: Not available\x1b[2J\u2028\u202e"),))
    services = tuple(replace(each, service=replace(each.service, name=forged)) for each in now.services)
    for text in text_files(replace(now, services=services, site=replace(now.site, title=forged))).values():
        assert "\n911 calls" not in text
        assert "All is well 911 calls: Not available" in text
        assert not re.search("[\x00-\x09\x0b-\x1f\u2028\u202e]", text)


# One message


def test_a_message_has_source_action_and_address(tmp_path: Path) -> None:
    city = make_city(tmp_path, SERVICES, post(more="next_update: 2024-05-05 12:00\n"))
    now = city.board("2024-05-05 09:00")
    assert text_files(now)["sms.txt"] == (
        "Springfield: The network is down. 1 service is not working as usual. "
        "Not available: Pay a water bill. Pay at City Hall. "
        "Next update by Sun, May 5, noon. As of Sun, May 5, 2024, 9 AM CDT. https://springfield.example/"
    )
    assert sms_text(now) == (
        "Springfield: The network is down. Not available: Pay a water bill. Pay at City Hall. "
        "Next update by Sun, May 5, noon. Last update: Sun, May 5, 2024, 8 AM CDT. "
        "https://springfield.example/incidents/post-1/"
    )


@pytest.mark.parametrize(
    ("update", "said"),
    [
        (
            "## 2024-05-06 09:00 Resolved\n",
            "Resolved: The network is down. From May 5, 2024, 8 AM CDT to May 6, 2024, 9 AM CDT. ",
        ),
        ("## 2024-05-06 09:00 Withdrawn\n", "Withdrawn: The network is down. "),
        (
            "## 2024-05-06 09:00 Correction\ncorrects: 2024-05-05 08:00\nright: Only a part is down.\n",
            "The network is down. Correction: Only a part is down. Not available: Pay a water bill. ",
        ),
    ],
    ids=["resolved", "withdrawn", "corrected"],
)
def test_a_message_says_that_it_is_over_or_was_wrong(tmp_path: Path, update: str, said: str) -> None:
    now = make_city(tmp_path, SERVICES, f"{post()}\n{update}").board("2024-05-06 10:00")
    told = incident_message(now.incident_by_id["post-1"], now, Phrasing(now.site, "en", plain=True))
    assert told.startswith(f"Springfield: {said}")


ONLINE_AND_COUNTER = "  - name: Pay a water bill\n    channels: [{kind: online}, {kind: in_person}]\n"


def test_what_to_do_where_one_way_is_down_does_not_read_as_something_to_do_there(tmp_path: Path) -> None:
    words = post().replace("pay-a-water-bill: {", "pay-a-water-bill/online: {")
    now = make_city(tmp_path, ONLINE_AND_COUNTER, words).board("2024-05-05 09:00")
    for text in (sms_text(now), text_files(now)["sms.txt"]):
        assert "Not available: Online: Pay a water bill. Pay at City Hall." in text
    assert "\n  - Online: Not available, since Sun, May 5, 8 AM. Pay at City Hall.\n" in text_files(now)["status.txt"]


def test_what_to_do_about_a_way_is_told_behind_its_name_where_others_say_something_else(tmp_path: Path) -> None:
    services = ONLINE_AND_COUNTER.replace("{kind: in_person}", "{id: counter, kind: in_person}")
    more = "  pay-a-water-bill/counter: {status: limited, do: Come before noon.}\n"
    words = post(more=more).replace("pay-a-water-bill: {", "pay-a-water-bill/online: {")
    assert "In person: Come before noon." in sms_text(make_city(tmp_path, services, words).board("2024-05-05 09:00"))


def test_what_is_for_all_services_is_told_once_and_without_their_names(tmp_path: Path) -> None:
    words = post(more="  trash-pickup: {status: down, do: Pay at City Hall.}\n")
    now = make_city(tmp_path, SERVICES, words).board("2024-05-05 09:00")
    for text in (sms_text(now), text_files(now)["sms.txt"]):
        assert text.count("Pay at City Hall.") == 1
        assert ": Pay at City Hall." not in text


def test_what_to_do_comes_before_all_that_can_be_left_out(tmp_path: Path) -> None:
    do = "Pay at the finance counter, 12 Main St. It is open until 7 PM. " + "Bring your last bill or your number. " * 4
    title = "The network of the city is down, and nobody can pay online"
    words = post(title, "next_update: 2024-05-05 12:00\n").replace("Pay at City Hall.", f'"{do}"')
    text = sms_text(make_city(tmp_path, SERVICES, words).board("2024-05-05 09:00"))
    assert do.strip() in text
    assert "Next update" not in text


def test_what_to_do_that_does_not_fit_is_said_to_be_on_the_page(tmp_path: Path) -> None:
    words = post().replace("Pay at City Hall.", LONG[:400])
    text = sms_text(make_city(tmp_path, SERVICES, words).board("2024-05-05 09:00"))
    assert "Not available: Pay a water bill. See what to do on its page. " in text


def test_a_waiver_that_is_new_is_told_once(tmp_path: Path) -> None:
    waiver = "waivers: [{id: fees, services: [pay-a-water-bill], what: No late fees}]\n"
    for more in ("", "  trash-pickup: limited\n"):
        words = post(more=more).replace(", do: Pay at City Hall.", "") + f"\n## 2024-05-05 09:00 Update\n{waiver}"
        folder = tmp_path / f"site{len(more)}"
        folder.mkdir()
        assert sms_text(make_city(folder, SERVICES, words).board("2024-05-05 10:00")).count("No late fees") == 1


def test_nothing_is_said_twice_in_a_message(tmp_path: Path) -> None:
    waiver = "waivers: [{id: fees, services: [pay-a-water-bill], what: No late fees}]\n"
    do = "do: {words: Pay at City Hall. No late fees until further notice., short: Pay at City Hall. No late fees.}"
    words = post("No late fees", waiver).replace("do: Pay at City Hall.", do)
    city = make_city(tmp_path, SERVICES, words)
    assert sms_text(city.board("2024-05-05 09:00")).count("No late fees") == 1


def test_a_title_that_is_too_long_falls_away_and_the_rest_stays(tmp_path: Path) -> None:
    city = make_city(tmp_path, SERVICES, post(title=LONG[:1990]))
    assert sms_text(city.board("2024-05-05 09:00")) == (
        "Springfield: Incident. Not available: Pay a water bill. Pay at City Hall. "
        "Last update: Sun, May 5, 2024, 8 AM CDT. https://springfield.example/incidents/post-1/"
    )


def test_without_advice_a_waiver_is_the_action(tmp_path: Path) -> None:
    waiver = "waivers: [{id: fees, services: [pay-a-water-bill], what: No late fees}]\n"
    words = post(more=waiver).replace(", do: Pay at City Hall.", "")
    assert " No late fees. " in sms_text(make_city(tmp_path, SERVICES, words).board("2024-05-05 09:00"))


def test_only_waivers_that_hold_now_are_told_in_a_message(tmp_path: Path) -> None:
    waivers = [
        "{id: past, services: [pay-a-water-bill], what: Free parking, from: 2024-05-05, until: 2024-05-06}",
        "{id: coming, services: [pay-a-water-bill], what: No late fees, from: 2024-05-09, until: 2024-05-12}",
    ]
    words = post(more=f"waivers: [{', '.join(waivers)}]\n").replace(", do: Pay at City Hall.", "")
    city = make_city(tmp_path, SERVICES, words)
    early = text_files(city.board("2024-05-07"))
    for path in ("sms.txt", "incidents/post-1/sms.txt"):
        assert "Free parking" in text_files(city.board("2024-05-05"))[path]
        assert "Free parking" not in early[path]
        assert "No late fees" not in early[path]
        assert "No late fees." in text_files(city.board("2024-05-10"))[path]
    assert "  No late fees. From May 9 to 12.\n" in early["status.txt"]
    assert "  No late fees. From May 9 to 12.\n" in text_files(city.board("2024-05-10"))["status.txt"]
    assert "late fees" not in sms_text(city.board("2024-05-13"))


WAYS = """\
  - name: Pay a water bill
    channels:
      - {id: online, kind: online}
      - {id: counter, kind: in_person, name: "Finance counter, City Hall"}
      - {id: box, kind: drop_box}
"""


def test_ways_can_be_told_apart_where_their_names_have_commas(tmp_path: Path) -> None:
    online = post().replace(
        "pay-a-water-bill: {status: down, do: Pay at City Hall.}",
        "pay-a-water-bill: working\n  pay-a-water-bill/online: down",
    )
    now = make_city(tmp_path, WAYS, online).board("2024-05-05 09:00")
    for text in (sms_text(now), text_files(now)["sms.txt"]):
        assert "What works: Finance counter, City Hall; Drop box." in text
    assert "\n  + Finance counter, City Hall\n  + Drop box\n" in text_files(now)["status.txt"]


@pytest.mark.parametrize("length", [5, 10, 15, 20, 25])
def test_the_next_update_comes_before_a_list_of_ways(tmp_path: Path, length: int) -> None:
    ways = WAYS.replace("City Hall", " ".join(["very far"] * length))
    words = post(more="  pay-a-water-bill/online: down\nnext_update: 2024-05-05 12:00\n")
    words = words.replace("status: down", "status: limited")
    said = text_files(make_city(tmp_path, ways, words).board("2024-05-05 09:00"))
    for path in ("sms.txt", "incidents/post-1/sms.txt"):
        assert "Pay at City Hall. Next update by Sun, May 5, noon. " in said[path]


def test_of_several_incidents_the_message_counts_the_services(tmp_path: Path) -> None:
    other = "---\ntitle: Snow\nstarted: 2024-05-05 08:00\nservices: {trash-pickup: limited}\n---\nIt snows.\n"
    said = text_files(make_city(tmp_path, SERVICES, post(), other).board("2024-05-05 09:00"))["sms.txt"]
    first = "Springfield: 2 of 2 services are not working as usual. Not available: Pay a water bill. "
    assert said.startswith(f"{first}Partly working: Trash pickup. Pay a water bill: Pay at City Hall. ")


def test_a_notice_says_what_its_text_says_if_that_fits(tmp_path: Path) -> None:
    city = make_city(tmp_path, SERVICES, notice("We never ask for your password", "Hang up, and call 311."))
    assert sms_text(city.board("2024-05-05 09:00")) == (
        "Springfield: Fraud warning: We never ask for your password. Hang up, and call 311. "
        "Last update: Sun, May 5, 2024. https://springfield.example/incidents/post-1/"
    )


def test_a_text_that_does_not_fit_falls_away_whole(tmp_path: Path) -> None:
    city = make_city(tmp_path, SERVICES, notice("We never ask for your password", LONG))
    assert sms_text(city.board("2024-05-05 09:00")) == (
        "Springfield: Fraud warning: We never ask for your password. "
        "Last update: Sun, May 5, 2024. https://springfield.example/incidents/post-1/"
    )


def test_of_many_services_the_first_are_named_or_they_are_counted(tmp_path: Path) -> None:
    names = [f"Service number {number}" for number in range(1, 9)]
    services = "".join(f"  - {{name: {name}}}\n" for name in names)
    held = "".join(f"  service-number-{number}: down\n" for number in range(1, 9))
    words = f"---\ntitle: %s\nstarted: 2024-05-05 08:00\nservices:\n{held}---\nWe work on it.\n"
    now = make_city(tmp_path, services, words % "The network is down").board("2024-05-05 09:00")
    assert "Not available: Service number 1, Service number 2, " in sms_text(now)
    assert ", and Service number 8. " in sms_text(now)
    long = replace(now, services=tuple(_rename(each, f"{'Very ' * 12}{each.id}") for each in now.services))
    assert ", and 5 more. " in sms_text(long)
    longer = replace(now, services=tuple(_rename(each, f"{'Very ' * 40}{each.id}") for each in now.services))
    assert "Not available: 8 services. " in sms_text(longer)


def test_only_what_is_open_or_ended_lately_has_a_message() -> None:
    now = KANSAS_CITY.board("2024-05-15")
    assert not now.recently_ended
    paths = {path for path in text_files(now) if path.endswith("sms.txt")}
    ids = {standing.id for standing in (*now.open_incidents, *now.notices)}
    assert ids
    assert paths == {"sms.txt", "es/sms.txt"} | {
        f"{edition}incidents/{id}/sms.txt" for id in ids for edition in ("", "es/")
    }


def test_a_demonstration_says_so_first() -> None:
    for path, text in text_files(KANSAS_CITY.board("2024-05-15")).items():
        if path.endswith("sms.txt") and not path.startswith("es/"):
            assert text.startswith("Demonstration. Kansas City service status: "), path


OVER = """\
---
title: The network is down
started: 2024-05-05 08:00
services:
  pay-a-water-bill: down
waivers: [{id: fees, services: [pay-a-water-bill], what: No late fees, until: 2024-05-22}]
---
We are working on it.

## 2024-05-06 09:00 Resolved
"""


def test_for_two_weeks_a_message_says_that_it_is_over(tmp_path: Path) -> None:
    city = make_city(tmp_path, SERVICES, OVER)
    said = text_files(city.board("2024-05-15 10:00"))
    waived = "No late fees. From May 5 to 22."
    assert f"Springfield: Over since Mon, May 6, 9 AM: The network is down. {waived} " in said["sms.txt"]
    assert said["incidents/post-1/sms.txt"].startswith("Springfield: Resolved: The network is down. ")
    assert waived in said["incidents/post-1/sms.txt"]
    before, after = city.board("2024-05-20 08:59"), city.board("2024-05-20 09:00")
    assert "Over since" in text_files(before)["sms.txt"]
    assert before.next_change == after.moment.replace(second=0, microsecond=0)
    assert "Over since" not in text_files(after)["sms.txt"]
    assert "incidents/post-1/sms.txt" not in text_files(after)


def test_nothing_is_over_while_something_is_open(tmp_path: Path) -> None:
    other = "---\ntitle: Snow\nstarted: 2024-05-05 08:00\nservices: {trash-pickup: limited}\n---\nIt snows.\n"
    said = text_files(make_city(tmp_path, SERVICES, OVER, other).board("2024-05-07"))
    assert "Over since" not in said["sms.txt"]
    assert "Resolved: The network is down." in said["incidents/post-1/sms.txt"]


def test_the_emergency_line_is_in_every_message() -> None:
    for city, moment in ((KANSAS_CITY, "2024-05-15"), (KANSAS_CITY, "2024-06-28"), (BALTIMORE, "2019-05-20")):
        assert city.site.emergency
        for path, text in text_files(city.board(moment)).items():
            if path.endswith("sms.txt"):
                assert city.site.emergency.in_language(path[:2] if path.startswith("es/") else "en").text in text, path


def test_a_message_has_the_short_form_of_advice(tmp_path: Path) -> None:
    long = f"Pay at City Hall, {'and bring your bill, ' * 20}please"
    words = post().replace("do: Pay at City Hall.", f"do: {{words: '{long}', short: Pay at City Hall}}")
    now = make_city(tmp_path, SERVICES, words).board("2024-05-05 09:00")
    for text in (sms_text(now), text_files(now)["sms.txt"]):
        assert "Not available: Pay a water bill. Pay at City Hall. " in text


def test_the_message_of_a_post_says_what_its_last_update_changed(tmp_path: Path) -> None:
    update = "## 2024-05-05 10:00\nservices: {trash-pickup: working}\n"
    words = post(more="  trash-pickup: down\n") + f"\n{update}"
    now = make_city(tmp_path, SERVICES, words).board("2024-05-05 11:00")
    assert "The network is down. New: Restored: Trash pickup. Not available: Pay a water bill. " in sms_text(now)


def test_a_long_address_gives_way_to_the_front_page(tmp_path: Path) -> None:
    now = make_city(tmp_path, SERVICES, post()).board("2024-05-05 09:00")
    far = replace(now.open_incidents[0], incident=replace(now.open_incidents[0].incident, id="\u0645" * 50))
    speech = Phrasing(now.site, "en", plain=True)
    assert incident_message(far, now, speech).endswith(f" {URL}")


@pytest.mark.parametrize(
    ("city", "moments"),
    [(KANSAS_CITY, "2024-05-06 2024-05-15 2024-06-28"), (BALTIMORE, "2019-05-20"), (NEW_ORLEANS, "2019-12-20")],
    ids=["kansas-city", "baltimore", "new-orleans"],
)
def test_every_message_of_real_outages_fits(city: City, moments: str) -> None:
    for moment in moments.split():
        for path, text in text_files(city.board(moment)).items():
            if path.endswith("sms.txt"):
                assert len(text) <= 360, path
                assert city.site.url in text


# What is true of every message

HOSTILE = [
    LONG[:2000],
    "x" * 2000,
    "\u0645\u0631\u062d\u0628\u0627 " * 300,
    "Ti\u1ebfng Vi\u1ec7t " * 200,
    "a\nb\r\nc\td\x00\x1b[31m\u2028\u2029\u202e\u2066",
    "%(time)s %s %% {0}",
    "\U0001f6b0" * 500,
    "...",
    "No.",
]
WORDS = st.sampled_from(HOSTILE) | st.text(min_size=1).filter(str.strip) | st.just("Short")


def with_words(site: Site, words: Words, demonstration: bool, languages: tuple[str, ...]) -> Site:
    """Return the site with these words wherever the city writes some."""

    def report(said: ServiceReport) -> ServiceReport:
        return replace(said, do=words if said.do else None, where=words if said.where else None)

    def waiver(said: Waiver) -> Waiver:
        return replace(said, what=words if said.what else None)

    def incident(told: Incident) -> Incident:
        updates = (
            replace(each, reports=tuple(map(report, each.reports)), waivers=tuple(map(waiver, each.waivers)))
            for each in told.updates
        )
        return replace(told, title=words, updates=tuple(updates))

    return replace(
        site,
        title=words,
        publisher=words,
        languages=languages,
        demonstration=words if demonstration else None,
        services=tuple(replace(service, name=words) for service in site.services),
        incidents=tuple(map(incident, site.incidents)),
    )


def sms_texts(now: Board) -> Iterator[tuple[str, str]]:
    for language in now.site.languages:
        speech = Phrasing(now.site, language, plain=True)
        yield language, site_message(now, speech)
        for standing in now.incidents:
            yield language, incident_message(standing, now, speech)


@settings(max_examples=150)
@given(sites(), WORDS, st.booleans())
def test_every_message_is_short_and_has_source_and_address(case: Case, text: str, demonstration: bool) -> None:
    site = with_words(case.site, Words((("en", text),)), demonstration, available_languages())
    for language, said in sms_texts(make_board(site, case.moment)):
        assert len(said) <= 360
        assert re.search(rf" {URL}\S*$", said), said
        first = said.removeprefix(f"{Phrasing(site, language).interface.gettext('Demonstration.')} ")
        assert (first != said) is demonstration
        assert re.match(r"[^:].{0,80}?: ", first), said
        assert not [char for char in said if unicodedata.category(char) in ("Cc", "Zl", "Zp")]
        assert not set(said) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


PARTS = st.lists(
    st.builds(Part, st.integers(1, 9), st.lists(st.text("ab c.", max_size=90), max_size=3).map(tuple)), max_size=8
)


def is_made_of(said: str, parts: list[Part]) -> bool:
    """Return whether a text is made of one form each of some of the parts, in order."""
    if not parts:
        return said == ""
    forms = [" ".join(form.split()) for form in parts[0].forms]
    rests = [said[len(form) :].removeprefix(" ") for form in forms if said == form or said.startswith(f"{form} ")]
    return any(is_made_of(rest, parts[1:]) for rest in (said, *rests))


@given(PARTS)
def test_a_message_is_made_of_whole_parts_in_their_order(parts: list[Part]) -> None:
    address = Part(0, (URL,))
    said = compose([*parts, address], 120)
    assert len(said) <= 120
    assert is_made_of(said, [*parts, address])
    assert said.endswith(URL)
    everything = [next((" ".join(form.split()) for form in part.forms if form.strip()), "") for part in parts]
    fullest = " ".join(filter(None, [*everything, URL]))
    if len(fullest) <= 120 and not any(is_said_in(one, other) for one, other in permutations(everything, 2)):
        assert said == fullest


def test_the_more_important_part_wins() -> None:
    parts = [Part(2, ("B" * 10,)), Part(1, ("A" * 30, "A" * 5)), Part(3, ("C",)), Part(0, ("D" * 4,))]
    assert compose(parts, 40) == f"{'A' * 30} C DDDD"
    assert compose(parts, 24) == f"{'B' * 10} AAAAA C DDDD"
    assert compose(parts, 10) == "AAAAA DDDD"
    assert compose(parts, 4) == "DDDD"


def _rename(standing: ServiceStatus, name: str) -> ServiceStatus:
    return replace(standing, service=replace(standing.service, name=Words((("en", name),))))
