"""The first screen of the front page: a headline, what is new, and every problem in one line with its answer."""

import textwrap
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree, html

from statusgen.content.reader import read_content
from statusgen.wording.interface import available_languages
from tests.support.built_sites import MOMENTS, build_sample
from tests.support.sample_sites import Page
from tests.support.telling import Telling, Town, make_town

SERVICES = """
    groups: [{id: bills, name: Bills}, {id: roads, name: Roads}, {id: office, name: Our office, staff: true}]
    operators: {scout: {name: Scout, kind: state, phone: 555-0161}}
    services:
      - {id: files, name: Case files, group: office}
      - {id: cameras, name: Cameras, group: roads, operator: scout}
      - {id: signs, name: Road signs, group: roads, operator: scout}
      - id: bill
        name: Pay a bill
        group: bills
        channels: [{id: online, kind: online}, {id: counter, kind: in_person, name: Counter, address: 12 Main Street}]
      - {id: permits, name: Permits, group: bills}
      - {id: water, name: Tap water, essential: true}
"""
SITE = "contacts: [{name: Town hall, phone: 555-0100}]"


def town_with(folder: Path, facts: str, updates: str = "", services: str = SERVICES, **more: str) -> Town:
    """Return a town with one open incident."""
    facts, updates = textwrap.dedent(facts).strip(), textwrap.dedent(updates).strip()
    post = f"---\ntitle: The network is down\nstarted: 2024-05-05 08:00\n{facts}\n---\n\n{updates}"
    site = more.pop("site", SITE)
    files = {"incidents/post.es.md": f"---\n{textwrap.dedent(more['es']).strip()}\n---\n"} if more else {}
    return make_town(folder, services, site, files, post=post)


def rows(told: Telling, language: str = "") -> list[tuple[str, str, str]]:
    """Return the lines of the overview: name, status and answer."""
    return [(_words(row, "a"), _words(row, "status"), _words(row, "answer")) for row in _rows(told, language)]


def _rows(told: Telling, language: str) -> Iterator[etree._Element]:
    page = html.fromstring(told.city.files(told.at)[f"{language}index.html"])
    yield from page.xpath("//ul[@class='overview']/li")


def _words(row: etree._Element, kind: str) -> str:
    found = row.xpath("./a" if kind == "a" else f".//span[@class='{kind}']")
    return " ".join(found[0].text_content().split()) if found else ""


def _shared_answer(row: etree._Element) -> str:
    return " ".join(" ".join(each.text_content() for each in row.xpath("./span[@class='answer']")).split())


def _summary(row: etree._Element) -> str:
    (summary,) = row.xpath(".//summary")
    return " ".join(summary.text_content().split())


def headline(told: Telling) -> str:
    """Return the headline of the front page."""
    page = html.fromstring(told.city.files(told.at)["index.html"])
    return str(page.findtext(".//h1"))


class TestAnswers:
    def test_the_first_way_that_works_is_the_answer(self, tmp_path: Path) -> None:
        town = town_with(
            tmp_path,
            """
            services:
              bill/online: {status: down, do: Pay at the counter.}
              bill/counter: working
              permits: {status: down, do: Wait for news.}
            """,
        )
        told = town.at("2024-05-05 09:00")
        assert rows(told)[:2] == [
            ("Pay a bill", "Partly working", "Counter, 12 Main Street."),
            ("Permits", "Not available", "Wait for news."),
        ]

    def test_the_writer_can_give_it_in_every_language(self, tmp_path: Path) -> None:
        town = town_with(
            tmp_path,
            """
            services:
              bill: down
              permits: {status: down, do: {words: Wait for news from us., short: Wait.}}
            """,
            site=f"languages: [en, es], {SITE}",
            es="""
            title: La red no funciona
            services: {permits: {do: {words: Espere noticias nuestras., short: Espere.}}}
            """,
        )
        told = town.at("2024-05-05 09:00")
        assert ("Permits", "Not available", "Wait.") in rows(told)
        assert [answer for name, _, answer in rows(told, "es/") if "Permits" in name] == ["Espere."]
        assert "Wait for news from us." in told.told("permits")

    def test_the_same_words_said_again_keep_their_short_form(self, tmp_path: Path) -> None:
        town = town_with(
            tmp_path,
            """
            services: {bill: down, permits: {status: down, do: {words: Wait for news., short: Wait.}}}
            """,
            """
            ## 2024-05-05 10:00
            services: {permits: {do: Wait for news.}}

            ## 2024-05-05 12:00
            services: {permits: {do: Come to us.}}
            """,
        )
        assert ("Permits", "Not available", "Wait.") in rows(town.at("2024-05-05 11:00"))
        assert ("Permits", "Not available", "Come to us.") in rows(town.at("2024-05-05 13:00"))

    def test_where_nobody_said_what_to_do_the_page_says_whom_to_ask(self, tmp_path: Path) -> None:
        town = town_with(
            tmp_path,
            """
            services: {permits: down, cameras: down}
            """,
        )
        assert rows(town.at("2024-05-05 09:00"))[:2] == [
            ("Permits", "Not available", "No current advice. Ask 555-0100."),
            ("Cameras", "Not available", "No current advice. Ask 555-0161."),
        ]

    def test_advice_older_than_the_last_word_has_its_date(self, tmp_path: Path) -> None:
        town = town_with(
            tmp_path,
            """
            services: {bill: down, permits: {status: down, do: Wait.}}
            """,
            """
            ## 2024-05-07 08:00
            services: {permits: down}
            """,
        )
        (answer,) = [answer for name, _, answer in rows(town.at("2024-05-07 09:00")) if name == "Permits"]
        assert answer.startswith("Wait. (")

    def test_advice_about_one_way_has_its_name(self, tmp_path: Path) -> None:
        town = town_with(tmp_path, "services: {permits: down, bill/online: {status: down, do: Do not pay twice.}}")
        told = town.at("2024-05-05 09:00")
        assert ("Pay a bill", "Not available: Online", "Online: Do not pay twice.") in rows(told)

    def test_an_address_that_ends_with_a_period_needs_no_other(self, tmp_path: Path) -> None:
        services = SERVICES.replace("12 Main Street", "12 Main St., hours: noon to 1")
        facts = "services: {bill/online: down, bill/counter: working, permits: down}"
        told = town_with(tmp_path, facts, services=services).at("2024-05-05 09:00")
        assert ("Pay a bill", "Partly working", "Counter, 12 Main St.") in rows(told)
        assert "Counter, 12 Main St. Hours: noon to 1." in told.forms["index.html"]
        told.assert_never("St..")

    def test_what_is_too_long_for_a_line_is_not_cut(self, tmp_path: Path) -> None:
        long = "First do this, then do that, and then do all of it once more. " * 3
        town = town_with(
            tmp_path,
            f"""
            services: {{bill: down, permits: {{status: down, do: "{long.strip()}"}}}}
            """,
        )
        told = town.at("2024-05-05 09:00")
        assert ("Permits", "Not available", "See what to do below.") in rows(told)
        assert long.strip() in told.forms["index.html"]

    def test_a_short_answer_has_sixty_letters_at_most(self, tmp_path: Path) -> None:
        town = town_with(
            tmp_path,
            f"""
            services:
              permits:
                status: down
                do:
                  words: Wait.
                  short: {"a" * 61}
            """,
        )
        (problem,) = read_content(town.city.folder, available_languages()).problems
        assert problem.place.line == 9
        assert "61 letters" in problem.what


class TestLines:
    def test_people_find_them_in_the_order_of_the_groups(self, tmp_path: Path) -> None:
        town = town_with(
            tmp_path,
            """
            services: {files: down, signs: down, permits: limited, bill: down, water: degraded}
            """,
        )
        names = [name for name, _, _ in rows(town.at("2024-05-05 09:00"))]
        assert names == ["Tap water", "Pay a bill", "Permits", "Road signs", "Case files", "1 with no problem reported"]

    def test_what_one_agency_says_of_several_is_one_line(self, tmp_path: Path) -> None:
        town = town_with(
            tmp_path,
            """
            scope: named
            services: {permits: down, cameras: down, signs: down}
            """,
            """
            ## 2024-05-05 12:00
            services: {signs: {status: down, expected: 2024-06-01}}
            """,
        )
        told = town.at("2024-05-05 09:00")
        folded = list(_rows(told, ""))[1]
        assert _summary(folded) == "Scout: 2 services Not available"
        assert [_words(row, "a") for row in folded.findall(".//li")] == ["Cameras", "Road signs"]
        assert _shared_answer(folded) == "No current advice. Ask 555-0161."
        assert [name for name, _, _ in rows(town.at("2024-05-05 13:00"))][1:3] == ["Cameras", "Road signs"]

    def test_one_line_for_several_has_an_answer_that_holds_for_all(self, tmp_path: Path) -> None:
        told = town_with(
            tmp_path,
            """
            services:
              cameras: {status: down, do: Look for the cameras of the county.}
              signs: {status: down, do: Drive with care.}
              bill: down
            """,
        ).at("2024-05-05 09:00")
        folded = list(_rows(told, ""))[1]
        assert _shared_answer(folded) == "Ask Scout, 555-0161."
        same = town_with(
            tmp_path / "same",
            "services: {cameras: {status: down, do: Drive with care.}, signs: {status: down, "
            "do: Drive with care.}, bill: down}",
        ).at("2024-05-05 09:00")
        assert _shared_answer(list(_rows(same, ""))[1]) == "Drive with care."

    def test_one_line_for_several_that_nobody_runs_together_has_no_answer(self, tmp_path: Path) -> None:
        services = SERVICES + "      - {id: radios, name: Radios, group: office}\n"
        facts = "services: {files: {status: down, do: Use paper.}, radios: {status: down, do: Use phones.}, bill: down}"
        told = town_with(tmp_path, facts, services=services).at("2024-05-05 09:00")
        folded = list(_rows(told, ""))[1]
        assert _summary(folded) == "Our office: 2 services Not available"
        assert _shared_answer(folded) == ""

    def test_one_problem_is_the_headline(self, tmp_path: Path) -> None:
        town = town_with(
            tmp_path,
            """
            services: {permits: {status: down, do: Wait.}}
            """,
        )
        told = town.at("2024-05-05 09:00")
        assert headline(told) == "Permits: Not available"
        assert [name for name, _, _ in rows(told)] == ["5 with no problem reported"]

    def test_the_only_one_that_may_have_a_problem_has_its_line(self, tmp_path: Path) -> None:
        told = town_with(tmp_path, "services: {permits: unknown}").at("2024-05-05 09:00")
        assert headline(told) == "The network is down"
        assert rows(told)[0] == ("Permits", "Not known yet", "No current advice. Ask 555-0100.")

    def test_the_only_one_that_is_closed_for_planned_work_has_its_line(self, tmp_path: Path) -> None:
        facts = "kind: maintenance\nposted: 2024-05-01\nends: 2024-05-06 12:00\nservices: [permits]"
        town = town_with(tmp_path, facts)
        post = tmp_path / "incidents/post.md"
        post.write_text(post.read_text(encoding="utf-8").replace("started:", "starts:"), encoding="utf-8")
        told = town.at("2024-05-05 09:00")
        assert headline(told) == "1 service is closed for planned work"
        ((name, status, answer), *_) = rows(told)
        assert (name, status) == ("Permits", "Closed for planned work")
        assert "May 6" in answer

    def test_every_service_is_counted_once(self, tmp_path: Path) -> None:
        town = town_with(
            tmp_path,
            """
            services: {permits: down, bill: unknown, water: working}
            """,
        )
        told = town.at("2024-05-05 09:00")
        assert headline(told) == "1 service is not working as usual"
        assert rows(told)[2:] == [
            ("1 confirmed working", "", "Tap water"),
            ("3 with no problem reported", "", "Case files, Cameras, and Road signs"),
        ]

    def test_many_problems_fold_into_groups_and_none_is_lost(self, tmp_path: Path) -> None:
        groups = "[{id: a, name: Aa}, {id: b, name: Bb}]"
        services = (
            "\n".join(
                f"      - {{id: s{number}, name: Service {number}, group: {'ab'[number % 2]}, essential: {number < 3}}}"
                for number in range(20)
            )
            .replace("True", "true")
            .replace("False", "false")
        )
        down = ", ".join(f"s{number}: down" for number in range(20))
        services = f"    groups: {groups}\n    services:\n{services}\n"
        town = town_with(tmp_path, f"services: {{{down}}}", services=services)
        told = town.at("2024-05-05 09:00")
        found = list(_rows(told, ""))
        assert [_words(row, "a") for row in found[:3]] == ["Service 0", "Service 2", "Service 1"]
        summaries = [_summary(row) for row in found[3:]]
        assert summaries == ["Aa: 8 services Not available", "Bb: 9 services Not available"]
        assert headline(told) == "20 of 20 services are not working as usual"


class TestNews:
    FACTS = """
    services: {bill: {status: down, expected: {by: 2024-05-08}}, permits: {status: down, do: Wait.}, signs: down}
    """
    UPDATES = """
    ## 2024-05-06 08:00
    services: {bill: {expected: {by: 2024-05-09}}, permits: limited, signs: working}

    ## 2024-05-06 09:00 Correction
    corrects: 2024-05-06 08:00
    wrong: Signs work.
    right: Most signs work.
    """

    def test_good_news_comes_first(self, tmp_path: Path) -> None:
        told = town_with(tmp_path, self.FACTS, self.UPDATES).at("2024-05-06 12:00")
        (new,) = html.fromstring(told.city.files(told.at)["index.html"]).xpath("//p[@class='new']")
        words = " ".join(new.text_content().split())
        order = [
            "Back: Road signs.",
            "Better: Permits.",
            "Later than expected: Pay a bill.",
            "1 correction.",
        ]
        assert [each for each in order if each in words] == order
        assert sorted(order, key=words.index) == order
        (link,) = new.findall(".//a")
        assert link.text == "1 correction"
        path, _, anchor = link.get("href").partition("#")
        (update,) = html.fromstring(told.city.files(told.at)[path]).xpath(f"//*[@id='{anchor}']")
        assert "Most signs work." in update.text_content()

    def test_after_a_day_nothing_is_new(self, tmp_path: Path) -> None:
        told = town_with(tmp_path, self.FACTS, self.UPDATES).at("2024-05-07 09:01")
        assert not html.fromstring(told.city.files(told.at)["index.html"]).xpath("//p[@class='new']")
        assert told.board.next_change is not None

    def test_a_way_that_came_back_is_good_news(self, tmp_path: Path) -> None:
        updates = "## 2024-05-06 08:00\nservices: {bill/online: working}"
        town = town_with(tmp_path, "services: {bill/online: down, bill/counter: down}", updates)
        assert news(town.at("2024-05-06 09:00")) == "New Back: Pay a bill (Online)."
        assert news(town.at("2024-05-07 09:00")) == ""

    def test_a_service_comes_back_whose_ways_worked_all_the_time(self, tmp_path: Path) -> None:
        facts = "services: {bill: limited, bill/online: working, bill/counter: working, permits: down}"
        updates = "## 2024-05-06 08:00\nservices: {bill: working}"
        told = town_with(tmp_path, facts, updates).at("2024-05-06 09:00")
        assert news(told) == "New Back: Pay a bill."
        told.assert_told("Restored: Pay a bill")

    @pytest.mark.parametrize(
        ("before", "new", "change"),
        [
            ("bill/online: down", "New Back: Pay a bill.", "Pay a bill: Working (before: Some ways not available)"),
            ("bill: limited", "New Back: Pay a bill.", "Pay a bill: Working (before: Partly working)"),
            # The counter was never said to be slow, so it is not said to be back.
            ("bill/online: degraded", "New Back: Pay a bill (Online).", "Pay a bill (Online): Working (before: Slow"),
            ("bill/online: unknown", "", "Pay a bill: Working"),
            ("bill/online: working", "", "Pay a bill (Counter): Working"),
            ("water: down", "", "Pay a bill: Working"),
        ],
    )
    def test_what_was_out_in_parts_and_works_as_a_whole_is_back(
        self, tmp_path: Path, before: str, new: str, change: str
    ) -> None:
        updates = "## 2024-05-06 08:00\nservices: {bill: working}"
        told = town_with(tmp_path, f"services: {{{before}, permits: down}}", updates).at("2024-05-06 09:00")
        assert news(told) == new
        told.assert_told(change)
        assert ("Restored: Pay a bill" in told.text) is bool(new)
        assert ("before: Not available" in told.text) is False

    def test_only_a_time_that_was_moved_is_later_or_sooner(self, tmp_path: Path) -> None:
        for number, (before, now, word) in enumerate(
            [
                ("2024-05-08", "2024-05-09", "Later"),
                ("2024-05-08", "2024-05-07", "Sooner"),
                ("2024-05-08", "{not_before: 2024-05-09}", "Later"),
                ("2024-05-08", "{not_before: 2024-05-07}", ""),
                ("{not_before: 2024-05-08}", "2024-05-07", "Sooner"),
                ("{not_before: 2024-05-08}", "2024-05-09", ""),
                ("2024-05-08", "unknown", ""),
                ("2024-05-08", "{words: on paper for now}", ""),
            ]
        ):
            facts = f"services: {{bill: {{status: down, expected: {before}}}}}"
            updates = f"## 2024-05-06 08:00\nservices: {{bill: {{expected: {now}}}}}"
            told = town_with(tmp_path / str(number), facts, updates).at("2024-05-06 09:00")
            assert word in news(told), (before, now)
            assert bool(word) == ("than expected" in news(told)), (before, now)

    def test_a_service_does_not_change_like_its_usual_ways_beside_one_set_up_for_now(self, tmp_path: Path) -> None:
        facts = """
        services:
          bill: {channels: [{id: tent, kind: in_person, name: Tent, from: 2024-05-05}]}
          bill/online: down
          bill/counter: down
        """
        told = town_with(tmp_path, facts).at("2024-05-05 09:00")
        changed = Page(told.city.files(told.at)["index.html"].decode()).words
        assert "Pay a bill (Online): Not available" in changed
        assert "Pay a bill: Not available" not in changed


def news(told: Telling) -> str:
    """Return the line of what is new; nothing if there is none."""
    page = html.fromstring(told.city.files(told.at)["index.html"])
    return "".join(" ".join(each.text_content().split()) for each in page.xpath("//p[@class='new']"))


def test_spanish_hours_need_no_other_period(tmp_path: Path) -> None:
    facts = "services: {bill: down, water: working}\nnext_update: 2024-05-06 18:00"
    town = town_with(tmp_path, facts, site=f"languages: [en, es], {SITE}", es="title: La red no funciona")
    town.at("2024-05-05 09:00").assert_never("m..")
    assert "p.m." in town.at("2024-05-05 09:00").forms["es/index.html"]


def test_spanish_hours_need_no_other_period_long_after(tmp_path: Path) -> None:
    """On the poster too, where a status that nobody confirmed stands in front of a sentence."""
    facts = "services: {bill: {status: unknown, do: Wait.}, permits: {status: down, do: Wait.}}"
    update = "## 2024-05-05 17:00\nservices: {bill: unknown, permits: down}"
    site = f"{SITE}, languages: [en, es]"
    forms = town_with(tmp_path, facts, update, site=site).at("2024-05-20 09:00").forms
    assert "5 p.m. Wait." in forms["es/poster/index.html"]
    assert [path for path, text in forms.items() if ".." in text.replace("../", "")] == []


def test_an_arabic_page_has_arabic_commas(tmp_path: Path) -> None:
    files = town_with(tmp_path, "services: {bill: down}", site=f"{SITE}, languages: [en, ar]").at("2024-05-05 09:00")
    for path in ("ar/index.html", "ar/services/bill/index.html", "ar/subscribe/index.html"):
        page = html.fromstring(files.city.files(files.at)[path])
        shown = [page.findtext(".//title"), *(link.tail for link in page.iterfind(".//main//a"))]
        assert [each for each in shown if each and "," in each] == [], path
    assert "، " in str(html.fromstring(files.city.files(files.at)["ar/index.html"]).findtext(".//title"))


@pytest.mark.parametrize("name", MOMENTS)
def test_no_two_headings_and_few_links_are_named_alike(name: str) -> None:
    page = html.fromstring((build_sample(name) / "index.html").read_bytes())
    headings = [" ".join(each.text_content().split()) for each in page.xpath("//h1|//h2|//h3|//h4")]
    assert sorted(headings) == sorted(set(headings))
    links = Counter(" ".join(each.text_content().split()) for each in page.xpath("//a"))
    assert max(links.values()) <= 30


@pytest.mark.parametrize("name", MOMENTS)
def test_every_link_within_the_front_page_leads_somewhere(name: str) -> None:
    page = html.fromstring((build_sample(name) / "index.html").read_bytes())
    ids = [each.get("id") for each in page.xpath("//*[@id]")]
    assert sorted(ids) == sorted(set(ids))
    assert {link[1:] for link in page.xpath("//a/@href") if link.startswith("#")} <= set(ids)
