"""Kansas City in spring 2024: at four moments, the Board and the pages say what was true then.

The truth is that of the news reports which `incidents/` names as its sources.
"""

from collections.abc import Mapping

import pytest

from statusgen.board.model.services import ServiceStatus
from statusgen.board.model.spans import Phase
from statusgen.board.model.whole_board import Board
from statusgen.model.statuses import Status
from statusgen.wording.phrasing import Phrasing
from tests.support.sample_sites import KANSAS_CITY, Page

ALL_SERVICES = 21
SCOUT = {"scout-cameras", "scout-website", "message-boards", "crash-video", "media-streams"}

# The moment → what does not work as usual then, or of what that is not known. Nobody said so of anything else.
TRUTH: Mapping[str, Mapping[str, Status]] = {
    "2024-05-02": dict.fromkeys(SCOUT, Status.DOWN),
    "2024-05-06": {
        **dict.fromkeys(SCOUT, Status.DOWN),
        "city-website": Status.DOWN,
        "staff-network": Status.DOWN,
        "city-email": Status.DOWN,
        "fire-staffing": Status.DOWN,
        "council-meetings": Status.DOWN,
        "court-hearings": Status.LIMITED,
        "bond": Status.LIMITED,
        "water-bill": Status.LIMITED,
    },
    "2024-05-15": {
        **dict.fromkeys(SCOUT, Status.DOWN),
        "staff-network": Status.DOWN,
        "city-email": Status.DOWN,
        "fire-staffing": Status.DOWN,
        "court-payments": Status.DOWN,
        "bond": Status.DOWN,
        "permits": Status.DOWN,
        "zoning": Status.DOWN,
        "city-website": Status.LIMITED,
        "water-bill": Status.LIMITED,
    },
    "2024-06-28": {
        **dict.fromkeys(SCOUT - {"message-boards"}, Status.DOWN),
        "staff-network": Status.DOWN,
        "city-email": Status.DOWN,
        "fire-staffing": Status.DOWN,
        "court-payments": Status.DOWN,
        "bond": Status.DOWN,
        "permits": Status.DOWN,
        "zoning": Status.DOWN,
        "city-website": Status.LIMITED,
        "water-bill": Status.UNKNOWN,
    },
}
# The moment → what someone had said to work by then, lately or long before. Of all else nobody had said anything.
WORKING: Mapping[str, set[str]] = {
    "2024-05-02": {"motorist-assist"},
    "2024-05-06": {"motorist-assist"},
    "2024-05-15": {
        *("emergency-response", "wastewater", "trash", "311", "court-hearings", "council-meetings", "motorist-assist"),
    },
    "2024-06-28": {
        *("emergency-response", "wastewater", "trash", "311", "court-hearings", "council-meetings", "motorist-assist"),
        "message-boards",
    },
}
at_every_moment = pytest.mark.parametrize("at", TRUTH)


def waivers_in_force(now: Board) -> set[str]:
    return {standing.waiver.id for standing in now.waivers if standing.phase is Phase.OPEN}


def channel_statuses(now: Board, service: str) -> dict[str, Status]:
    return {way.channel.id: way.status for way in now.service_by_id[service].channels}


def assert_stands(words: str, page: Page, service: ServiceStatus, speech: Phrasing) -> None:
    """Fail unless words say how a service stands and since when, in one or in two sentences.

    Those of which nothing was said have it in the heading of their list.
    """
    standing = service.standing
    if service.is_not_said:
        (words,) = page.root.xpath("//h2[@id='unsaid']/text()")
        assert f"service-{service.id}" in page.root.xpath("//section[h2/@id='unsaid']//li/@id")
    parts = (speech.short_standing(standing), speech.standing_detail(standing))
    assert speech.standing(standing) in words or all(part in words for part in parts)


def plain_text(at: str) -> str:
    """Return the plain text of the site, with one space between its words."""
    return " ".join(KANSAS_CITY.files(at)["status.txt"].decode().split())


def city_network(at: str) -> Page:
    """Return the page of the outage of the city's network."""
    return KANSAS_CITY.page(at, "incidents/2024-05-04-city-network/index.html")


def front_page_text(at: str, service: str) -> str:
    """Return what a resident reads about a service on the front page."""
    return KANSAS_CITY.page(at).service(service)


@at_every_moment
def test_the_city_has_twenty_one_services_and_six_ways_to_pay_a_water_bill(at: str) -> None:
    now = KANSAS_CITY.board(at)
    assert len(now.services) == ALL_SERVICES
    assert list(channel_statuses(now, "water-bill")) == ["online", "phone", "autopay", "kiosk", "counter", "envelope"]


@at_every_moment
def test_every_service_stands_as_it_was_reported(at: str) -> None:
    now = KANSAS_CITY.board(at)
    assert {standing.id: standing.status for standing in now.disrupted_services} == TRUTH[at]
    assert {standing.id for standing in now.services if standing.is_working} == WORKING[at]


@at_every_moment
def test_the_front_page_names_every_service_with_its_status(at: str) -> None:
    page, now = KANSAS_CITY.page(at), KANSAS_CITY.board(at)
    speech = Phrasing(now.site, "en", plain=True, moment=now.moment)
    for service in now.services:
        words = page.service(service.id)
        assert speech.say(service.service.name) in words
        assert_stands(words, page, service, speech)
        assert ("Not available" in words) >= (TRUTH[at].get(service.id) is Status.DOWN)


@at_every_moment
def test_the_front_page_says_of_nothing_that_it_works_unless_somebody_said_so(at: str) -> None:
    page, now = KANSAS_CITY.page(at), KANSAS_CITY.board(at)
    for service in now.services:
        words = page.service(service.id)
        if service.id not in {*WORKING[at], "water-bill"}:
            assert "Working" not in words
            assert "Back since" not in words


@pytest.mark.parametrize(
    ("at", "headline", "sentences"),
    [
        ("2024-05-02", "5 services are not working as usual", ["5 services are not working as usual."]),
        (
            "2024-05-06",
            "11 services are not working as usual",
            [
                "11 services are not working as usual.",
                "When last checked, on Thu, April 25, 2 services were not working as usual.",
            ],
        ),
        (
            "2024-05-15",
            "7 services are not working as usual",
            [
                "7 services are not working as usual.",
                "When last checked, between April 25 and May 5, 7 services were not working as usual.",
            ],
        ),
        (
            "2024-06-28",
            "12 services were not working as usual when last checked",
            [
                "When last checked, between May 4 and June 20, 12 services were not working as usual.",
                "1 not known when last checked.",
            ],
        ),
    ],
)
def test_the_headline_counts_them(at: str, headline: str, sentences: list[str]) -> None:
    page = KANSAS_CITY.page(at)
    assert page.headline() == headline
    assert " ".join(sentences) in plain_text(at)
    assert ("Last checked between May 4 and June 20." in page.lead()) is (at == "2024-06-28")
    # That 911 works is said once someone said so, and for as long as that is not long ago.
    assert ("Working: " in page.lead()) is (at == "2024-05-15")


@at_every_moment
def test_each_problem_has_its_line_at_the_top_and_what_was_long_ago_says_so(at: str) -> None:
    lines, now = KANSAS_CITY.page(at).overview(), KANSAS_CITY.board(at)
    speech = Phrasing(now.site, "en", plain=True, moment=now.moment)
    assert {*lines} == {speech.say(now.service_by_id[id].service.name) for id in TRUTH[at]}
    for id in TRUTH[at]:
        service = now.service_by_id[id]
        line = lines[speech.say(service.service.name)]
        assert line.startswith(speech.short_standing(service.standing))
        assert ("when last checked" in line) is service.stale


def test_the_day_is_that_of_the_outage_that_was_spoken_of_lately() -> None:
    lead = KANSAS_CITY.page("2024-06-11").lead()
    assert lead.startswith("Day 48 since this began: KC Scout traffic system shut down after a cyberattack.")


def test_before_the_mayor_spoke_nothing_had_been_said_of_911() -> None:
    lead = KANSAS_CITY.page("2024-05-06").lead()
    assert "Nothing has been said yet about Emergency response (911, police, fire);" in lead
    assert KANSAS_CITY.page("2024-05-02").first_screen().count("Nothing has been said") == 0
    assert "Emergency? Call 911." in KANSAS_CITY.page("2024-05-06").words


@pytest.mark.parametrize(
    ("at", "words"),
    [("2024-05-15", "Working, said Wed, May 15"), ("2024-06-28", "Working when last checked, Wed, May 15")],
)
def test_emergency_response_never_stopped(at: str, words: str) -> None:
    for service in ("emergency-response", "wastewater", "trash"):
        assert KANSAS_CITY.board(at).service_by_id[service].is_working
        assert words in front_page_text(at, service)


@at_every_moment
def test_the_spanish_page_says_the_same_in_spanish(at: str) -> None:
    page, now = KANSAS_CITY.page(at, "es/index.html"), KANSAS_CITY.board(at)
    speech = Phrasing(now.site, "es", plain=True, moment=now.moment)
    for service in now.services:
        words = page.service(service.id)
        assert speech.say(service.service.name) in words
        assert_stands(words, page, service, speech)
    assert "Not available" not in page.words


def test_advice_that_was_said_again_keeps_its_translation() -> None:
    assert "No cuente con él." in KANSAS_CITY.page("2024-05-17", "es/index.html").service("water-bill")


@at_every_moment
def test_nobody_takes_the_demonstration_for_the_city_s_page(at: str) -> None:
    assert "This is a demonstration, not a page of the City of Kansas City." in KANSAS_CITY.page(at).words
    assert "Esto es una demostración" in KANSAS_CITY.page(at, "es/index.html").words


# 2 May: KC Scout, which two states run, has been off for a week. The city's own network has not failed yet.


def test_on_2_may_it_is_day_8_of_the_attack_on_kc_scout() -> None:
    now = KANSAS_CITY.board("2024-05-02")
    assert [standing.id for standing in now.open_incidents] == ["2024-04-25-kc-scout"]
    assert {now.service_by_id[service].day for service in SCOUT} == {8}
    assert KANSAS_CITY.page("2024-05-02").lead().startswith("Day 8 since this began: KC Scout")


def test_on_2_may_nothing_of_the_later_outage_is_to_be_seen() -> None:
    files = KANSAS_CITY.files("2024-05-02")
    assert not [path for path in files if "2024-05-04-city-network" in path]
    assert "Do not count on an email" not in KANSAS_CITY.page("2024-05-02").words
    assert not waivers_in_force(KANSAS_CITY.board("2024-05-02"))


def test_on_2_may_nobody_had_said_a_word_of_water_bills() -> None:
    now = KANSAS_CITY.board("2024-05-02")
    assert set(channel_statuses(now, "water-bill").values()) == {Status.NOT_SAID}
    assert now.service_by_id["water-bill"].is_never_mentioned


def test_on_2_may_drivers_learn_who_runs_the_cameras_and_whom_to_ask_instead() -> None:
    cameras = front_page_text("2024-05-02", "scout-cameras")
    assert "Not available" in cameras
    assert "Since Thu, April 25" in cameras
    assert "Missouri: modot.org or 888-275-6636. Kansas: KanDrive.gov or 511." in cameras
    # Who runs several services is said once, above them.
    above = KANSAS_CITY.page("2024-05-02").section("problems").partition("Highway cameras online")[0]
    assert "KC Scout (Missouri and Kansas departments of transportation) (run by the state), 888-275-6636." in above
    assert "months; too early to say more" in cameras


def test_on_2_may_help_on_the_highway_goes_on_and_somebody_said_so() -> None:
    assert "Working" in front_page_text("2024-05-02", "motorist-assist")
    assert "Thu, May 2" in front_page_text("2024-05-02", "motorist-assist")


def test_on_2_may_a_crash_victim_knows_what_to_tell_the_insurer() -> None:
    assert "Tell police and your insurer that KC Scout shut all its systems down" in front_page_text(
        "2024-05-02", "crash-video"
    )


# 6 May, a Monday: the court is closed, water bills cannot be paid online or by phone.


def test_on_6_may_water_bills_are_paid_at_the_counter_with_cash_or_check() -> None:
    now = KANSAS_CITY.board("2024-05-06")
    assert channel_statuses(now, "water-bill")["online"] is Status.DOWN
    assert channel_statuses(now, "water-bill")["phone"] is Status.DOWN
    assert "counter" in {way.channel.id for way in now.service_by_id["water-bill"].usable_channels}
    words = front_page_text("2024-05-06", "water-bill")
    assert "Partly working" in words
    assert "reported Mon, May 6" in words
    assert "Day " not in words  # nobody said since when they could not be paid
    assert "4800 E. 63rd Street" in words
    assert "Monday to Friday, 9 a.m. to 4 p.m." in words
    assert "cash or check" in words


def test_on_6_may_there_are_no_late_penalties_until_people_can_pay_again() -> None:
    assert waivers_in_force(KANSAS_CITY.board("2024-05-06")) == {"water-late-penalties"}
    words = front_page_text("2024-05-06", "water-bill")
    assert "No late penalties on water bills. From Mon, May 6 until people can pay online and by phone again" in words


def test_on_6_may_nobody_needs_to_travel_to_court_for_nothing() -> None:
    assert "Partly working" in front_page_text("2024-05-06", "court-hearings")
    assert "Do not come for a hearing or trial today." in front_page_text("2024-05-06", "court-hearings")
    assert "Designated police stations" in front_page_text("2024-05-06", "bond")
    assert "Municipal Court is closed to most visitors." in KANSAS_CITY.page("2024-05-06").section("actions")


def test_on_6_may_the_council_meets_not_at_all_this_week() -> None:
    assert "All meetings are called off." in front_page_text("2024-05-06", "council-meetings")
    assert "Do not come this week" not in front_page_text("2024-05-13", "council-meetings")


def test_on_6_may_the_two_events_are_kept_apart() -> None:
    now = KANSAS_CITY.board("2024-05-06")
    assert {standing.id for standing in now.open_incidents} == {"2024-04-25-kc-scout", "2024-05-04-city-network"}
    assert now.service_by_id["city-website"].incidents == ("2024-05-04-city-network",)
    assert now.service_by_id["scout-cameras"].incidents == ("2024-04-25-kc-scout",)
    assert KANSAS_CITY.page("2024-05-06").lead().startswith("Day 3 since this began: City computer network")


def test_on_6_may_email_failed_on_a_day_that_nobody_named() -> None:
    email = KANSAS_CITY.board("2024-05-06").service_by_id["city-email"]
    assert email.day is None
    assert "Since before Sun, May 5" in front_page_text("2024-05-06", "city-email")


# 15 May: the mayor speaks. Day 12 of the outage.


def test_on_15_may_it_is_day_12() -> None:
    assert KANSAS_CITY.page("2024-05-15").lead().startswith("Day 12 since this began: City computer network")


def test_on_15_may_water_bills_are_paid_at_the_counter_and_with_the_prepaid_envelope() -> None:
    now = KANSAS_CITY.board("2024-05-15")
    assert {id for id, status in channel_statuses(now, "water-bill").items() if status is not Status.DOWN} == {
        "counter",
        "envelope",
    }
    words = front_page_text("2024-05-15", "water-bill")
    assert "or use the prepaid envelope in your mailed bill" in words
    assert "Prepaid envelope in your mailed bill" in words


def test_on_15_may_people_on_autopay_are_warned() -> None:
    words = front_page_text("2024-05-15", "water-bill")
    assert "Check whether your payment went through." in words
    assert "Automatic payment (autopay)Not available, since before Wed, May 15." in words


@pytest.mark.parametrize("at", ["2024-05-06", "2024-05-08"])
def test_before_nobody_knew_whether_autopay_ran(at: str) -> None:
    assert channel_statuses(KANSAS_CITY.board(at), "water-bill")["autopay"] is Status.UNKNOWN
    assert "Automatic payment (autopay)Not known yet" in front_page_text(at, "water-bill")


def test_on_15_may_three_waivers_hold_for_water_and_one_for_the_court() -> None:
    now = KANSAS_CITY.board("2024-05-15")
    assert waivers_in_force(now) == {"water-late-penalties", "water-shutoffs", "water-grace", "court-grace"}
    words = front_page_text("2024-05-15", "water-bill")
    assert "No late penalties on water bills." in words
    assert "No water shutoffs. From Tue, May 14 until online payment works again." in words
    assert "30-day grace period for anyone who has difficulty paying a water bill." in words
    assert "From May 15 to June 14." in words
    assert "until the city website works fully again" in front_page_text("2024-05-15", "court-payments")


def test_on_15_may_a_contractor_reads_that_permits_are_down_and_nobody_can_say_for_how_long() -> None:
    permits = front_page_text("2024-05-15", "permits")
    assert "Not available" in permits
    assert "Since before Wed, May 15" in permits
    assert "No date announced yet." in permits
    assert "Day 1" not in permits
    assert "Contractors cannot get building permits, and zoning cases are not heard" in city_network("2024-05-15").words


def test_on_15_may_the_court_hears_cases_and_takes_no_money() -> None:
    now = KANSAS_CITY.board("2024-05-15")
    assert now.service_by_id["court-hearings"].is_working
    assert "Back since Wed, May 8" in front_page_text("2024-05-15", "court-hearings")
    assert "Missouri Casenet" in front_page_text("2024-05-15", "court-payments")
    assert "Not available" in front_page_text("2024-05-15", "bond")


def test_on_15_may_the_council_is_back() -> None:
    assert "Back since Tue, May 14" in front_page_text("2024-05-15", "council-meetings")


def test_on_15_may_what_is_known_and_what_is_not_stand_side_by_side() -> None:
    front = KANSAS_CITY.page("2024-05-15").section("incident-2024-05-04-city-network")
    assert "What we know, what we do not know yet, and what we are doing" in front
    words = city_network("2024-05-15").words
    assert "Suspicious activity was found, and parts of the network were shut down on purpose" in words
    assert "Whether data on city servers was affected" in words
    assert "Quinton Lucas, Mayor" in words


def test_on_15_may_problems_that_nobody_speaks_of_say_so() -> None:
    now = KANSAS_CITY.board("2024-05-15")
    stale = {standing.id for standing in now.services if standing.stale}
    assert stale == {
        "motorist-assist",
        "city-email",
        "fire-staffing",
        "staff-network",
        "scout-cameras",
        "scout-website",
        "message-boards",
        "media-streams",
    }
    assert "Not available when last checked, Sun, May 5" in front_page_text("2024-05-15", "city-email")


# 28 June: the water bill can be paid again; of two ways nobody knows. Much else was never heard of again.


def test_on_17_may_water_bills_are_paid_online_and_by_phone_again() -> None:
    now = KANSAS_CITY.board("2024-05-17")
    assert {way.channel.id for way in now.service_by_id["water-bill"].usable_channels} == {
        *("online", "phone", "counter", "envelope"),
    }
    restored = {way.channel.id: way.standing.restored_at for way in now.service_by_id["water-bill"].channels}["online"]
    assert restored
    assert restored.start == KANSAS_CITY.moment("2024-05-17 00:00")


def test_on_28_june_that_is_told_as_long_ago() -> None:
    assert not KANSAS_CITY.board("2024-06-28").service_by_id["water-bill"].usable_channels
    words = front_page_text("2024-06-28", "water-bill")
    assert "KC Water customer portal: Working when last checked, Tue, May 21" in words
    assert "KC Water counter: Working when last checked, Wed, May 15" in words
    assert "What works" not in words


def test_on_28_june_nobody_knows_about_autopay_and_the_kiosk() -> None:
    now = KANSAS_CITY.board("2024-06-28")
    assert channel_statuses(now, "water-bill")["autopay"] is Status.UNKNOWN
    assert channel_statuses(now, "water-bill")["kiosk"] is Status.UNKNOWN
    words = front_page_text("2024-06-28", "water-bill")
    assert "Not known when last checked, Tue, May 21: Automatic payment (autopay), Outdoor payment kiosk" in words
    assert "Do not count on it." in words


def test_on_28_june_no_waiver_for_water_is_left() -> None:
    assert waivers_in_force(KANSAS_CITY.board("2024-06-28")) == {"court-grace"}
    assert "No late penalties" not in front_page_text("2024-06-28", "water-bill")
    assert "grace period" not in front_page_text("2024-06-28", "water-bill")


@pytest.mark.parametrize(("at", "holds"), [("2024-06-14", True), ("2024-06-15 00:00", False)])
def test_the_grace_period_includes_its_last_day(at: str, holds: bool) -> None:
    assert ("water-grace" in waivers_in_force(KANSAS_CITY.board(at))) is holds


@pytest.mark.parametrize(("at", "holds"), [("2024-05-17", True), ("2024-05-18 00:00", False)])
def test_late_penalties_were_waived_until_the_day_that_payment_was_back(at: str, holds: bool) -> None:
    assert ("water-late-penalties" in waivers_in_force(KANSAS_CITY.board(at))) is holds
    assert ("water-shutoffs" in waivers_in_force(KANSAS_CITY.board(at))) is holds


def test_on_28_june_the_message_boards_are_back_and_that_is_still_news() -> None:
    assert "Back since Thu, June 20" in front_page_text("2024-06-28", "message-boards")
    assert "no dates given" not in front_page_text("2024-06-28", "message-boards")


def test_on_28_june_the_rest_of_kc_scout_is_still_off_without_a_date() -> None:
    words = front_page_text("2024-06-28", "scout-cameras")
    assert "Not available when last checked, Thu, June 20" in words
    assert "since Thu, April 25" not in words
    assert "As announced: no time frame." in words
    assert "no dates given" not in words.partition("Earlier")[0]


def test_on_28_june_nobody_has_spoken_of_any_problem_for_a_week() -> None:
    now = KANSAS_CITY.board("2024-06-28")
    stale = {standing.id for standing in now.services if standing.stale}
    assert stale == set(TRUTH["2024-06-28"]) | WORKING["2024-06-28"]
    assert "Not available when last checked, Tue, May 21" in front_page_text("2024-06-28", "permits")
    assert "Not available when last checked, Thu, June 20" in front_page_text("2024-06-28", "scout-website")


def test_on_28_june_the_correction_about_the_website_is_to_be_read() -> None:
    assert "The city website came back on May 8 or May 9." in city_network("2024-06-28").words
