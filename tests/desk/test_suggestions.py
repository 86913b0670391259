"""What others report is a card at the desk: a person decides, and only what that person says is published."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from playwright.sync_api import Browser

from statusgen.desk.outside import look_at_followed
from statusgen.desk.publishing.job import JobState
from statusgen.follow.following import Following
from tests.support import published_status as published
from tests.support.checkers import check_accessibility
from tests.support.desk_browser import open_desk
from tests.support.desk_forms import DeskForm
from tests.support.publications import shown_by
from tests.support.published_status import StatusServer, serve_status
from tests.support.sample_sites import Page, text_of
from tests.support.web_server import serve_folder
from tests.support.writer import Writer, at_the_desk

SITE = """\
site:
  title: {{en: Springfield status, es: Estado de Springfield}}
  url: '{url}'
  timezone: America/Chicago
  languages: [en, es]
publish:
  - {{id: main, to: 'file://{place}'}}
services:
  - id: water-bill
    name: {{en: Pay a water bill, es: Pagar la factura del agua}}
    channels: [{{kind: online}}, {{kind: phone}}, {{kind: automatic, name: {{en: Autopay, es: Pago automático}}}}]
  - {{id: permits, name: {{en: Permits, es: Permisos}}}}
"""
TITLE = "Pay a water bill, online: the payment company reports an outage"
BEGAN = datetime(2026, 11, 30, 15, 10, tzinfo=UTC)
"""9:10 AM in Chicago."""
OWN = "---\ntitle: Cards fail\nstarted: 2026-11-30 09:12\nservices: {{water-bill/online: {status}}}\n---\nWe know.\n"
THEIR_WORDS = "Cards fail"


@dataclass
class FollowingDesk:
    """Someone at the desk of a town that follows a vendor; `minutes` count from when the vendor's outage began."""

    writer: Writer
    vendor: StatusServer
    clock: pytest.MonkeyPatch
    began: datetime = field(default=BEGAN)

    @property
    def folder(self) -> Path:
        """The folder of the town."""
        return self.writer.desk.source

    def say(self, status: str, incident: str = THEIR_WORDS) -> None:
        """Have the vendor say how card payments are."""
        about = ["Card payments"] if status != "operational" else []
        started = f"{self.began.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        components = {"Card payments": status}
        document = published.statuspage(components, incident=incident if about else "", about=about, started=started)
        self.vendor.documents = {"/api/v2/summary.json": document}

    def be(self, minutes: float) -> None:
        """Set the clock."""
        self.clock.setenv("SOURCE_DATE_EPOCH", str(int((self.began + timedelta(minutes=minutes)).timestamp())))

    def look(self, minutes: float) -> str:
        """Look at the vendor at a moment, as the desk does by itself; return the words of the first screen."""
        self.be(minutes)
        look_at_followed(self.folder, {})
        return self.writer.open("")

    @property
    def cards(self) -> list[html.HtmlElement]:
        """The cards of what others report."""
        return list(self._root.xpath("//section[@aria-labelledby='others']//article"))

    @property
    def headlines(self) -> list[str]:
        """The headlines of the cards."""
        return [text_of(each) for card in self.cards for each in card.iter("h3")]

    @property
    def _root(self) -> html.HtmlElement:
        return html.document_fromstring(self.writer.page)

    def buttons(self) -> list[str]:
        """Return what each button of the cards says."""
        return [
            text_of(each).partition(":")[0] for card in self.cards for each in card.xpath(".//button | .//a[@class]")
        ]

    def press(self, words: str) -> str:
        """Press the first button of the first screen that says so; return the words of the page that it opens."""
        button = next(each for each in self._root.iter("button") if text_of(each).startswith(words))
        form: Any = next(button.iterancestors("form"))
        fields = {name: str(value) for name, value in form.form_values() if name != "form-token"}
        if name := button.get("name"):
            fields[name] = button.get("value", "")
        return self.writer.press(form.get("action"), **fields)

    def form(self) -> dict[str, list[str]]:
        """Return what the fields of the form say that is open."""
        found = DeskForm(self.writer.page).values
        return {name: values for name, values in found.items() if any(values) and name != "form-token"}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FollowingDesk]:
    city = tmp_path / "city"
    (city / "incidents").mkdir(parents=True)
    with serve_status() as vendor, serve_folder(tmp_path / "main" / "current") as url:
        services = SITE.format(url=url, place=tmp_path / "main") + published.FOLLOW_PAYGOV.format(
            kind="statuspage", source=vendor.url
        )
        (city / "services.yaml").write_text(services, encoding="utf-8")
        with at_the_desk(city) as writer:
            yield FollowingDesk(writer, vendor, monkeypatch)


def test_an_outage_is_a_card_with_what_is_to_be_decided(desk: FollowingDesk) -> None:
    desk.say("major_outage")
    words = desk.look(10)
    (card,) = desk.cards
    assert desk.headlines == [f"{TITLE} since 9:10 AM"]
    assert "According to them, since 9:10 AM. Last checked: 9:20 AM. Their name for it: “Cards fail”." in words
    assert "is also used by itself (Autopay): find out whether that goes through." in words
    assert "Decide whether a fee, a penalty or a deadline is waived meanwhile." in words
    (link,) = card.xpath(".//a[@target]")
    assert dict(link.attrib) == {
        "href": "https://status.paygov.example/",
        "rel": "noopener noreferrer",
        "referrerpolicy": "no-referrer",
        "target": "_blank",
    }
    assert desk.buttons() == ["Write about it", "Not for us"]
    assert Page(desk.writer.page).headline() == "1 report of others waits for you."
    assert [*(desk.folder / "incidents").iterdir()] == [], "nothing is written by itself"


def test_what_they_report_is_in_the_form_and_nothing_else(desk: FollowingDesk) -> None:
    desk.say("major_outage")
    desk.look(10)
    desk.press("Write about it")
    assert desk.form() == {
        "title": [TITLE],
        "since-own": ["2026-11-30 09:10"],
        "status/water-bill/online": ["down"],
        "do/water-bill/online": ["Pay by phone."],
        "in/es/do/water-bill/online": ["Pague por teléfono."],
        "text": [
            "According to the payment company, this has been so since November 30, 2026, 9:10 AM CST. "
            "What they say about it: [Cards fail](https://status.paygov.example/)"
        ],
    }


def test_the_same_report_is_written_about_in_one_form(desk: FollowingDesk) -> None:
    desk.say("partial_outage")
    desk.look(10)
    desk.press("Write about it")
    id = desk.writer.address.rpartition("/")[2]
    desk.say("major_outage")
    desk.look(12)
    assert desk.buttons() == ["Continue writing", "Not for us"]
    (link,) = desk.cards[0].xpath(".//a[@class]")
    assert link.get("href").endswith(f"drafts/{id}")
    assert len(desk.writer.desk.drafts.list_all()) == 1


def test_without_their_time_the_form_says_before_when(desk: FollowingDesk) -> None:
    desk.say("major_outage", incident="")
    desk.look(10)
    assert desk.cards == []
    words = desk.look(15)
    assert desk.headlines == [TITLE]
    assert "According to them" not in words
    desk.press("Write about it")
    assert desk.form()["since-own"] == ["before 2026-11-30 09:20"]


def test_from_the_card_to_what_residents_read(desk: FollowingDesk) -> None:
    desk.clock.delenv("SOURCE_DATE_EPOCH", raising=False)
    desk.began = datetime.now(UTC) - timedelta(minutes=20)
    desk.say("major_outage")
    look_at_followed(desk.folder, {})
    desk.writer.open("")
    desk.press("Write about it")
    writer, id = desk.writer, desk.writer.address.rpartition("/")[2]
    # The writer looked, and knows more: it is slow, and works.
    said = {name.replace("/", "__"): values[0] for name, values in desk.form().items()}
    writer.press(f"drafts/{id}", **{**said, "status__water-bill__online": "degraded", "act": "look"})
    job = writer.await_job(writer.publish(id).id)
    assert job.state is JobState.PUBLISHED, job.entries
    (post, spanish) = sorted((desk.folder / "incidents").iterdir(), key=lambda path: len(path.name))
    text = post.read_text(encoding="utf-8")
    assert f"title: '{TITLE}'" in text
    assert "status: degraded\n" in text
    assert "What they say about it: [Cards fail](https://status.paygov.example/)" in text
    assert "Pague por teléfono." in spanish.read_text(encoding="utf-8")
    page = shown_by(job.plan.url, f"incidents/{job.plan.post}/index.html")
    assert "Pay by phone." in page
    assert "Cards fail" in page
    words = writer.open("")
    assert "Write about it" not in words
    assert "Our page says something else: Pay a water bill, online: degraded." in words
    assert "waits for you" not in desk.press("Not for us")


def test_what_is_not_for_us_is_put_aside_for_this_outage_alone(desk: FollowingDesk) -> None:
    desk.say("major_outage")
    desk.look(10)
    words = desk.press("Not for us")
    assert desk.cards == []
    assert "Put aside until it is over" in words
    assert "waits for you" not in words
    desk.say("partial_outage")
    desk.look(20)
    assert desk.cards == []
    desk.press("Suggest it again")
    assert len(desk.cards) == 1
    desk.press("Not for us")
    desk.say("operational")
    desk.look(30)
    words = desk.look(50)
    assert "Put aside" not in words
    desk.began += timedelta(minutes=60)
    desk.say("major_outage")
    desk.look(10)
    assert len(desk.cards) == 1


def test_what_was_put_aside_while_somebody_looks_stays_so(desk: FollowingDesk) -> None:
    desk.say("major_outage")
    desk.look(10)
    site, now = desk.writer.desk.read_site().site, desk.began + timedelta(minutes=12)
    looking = Following(desk.folder, site, now)
    desk.press("Not for us")
    looking.look({})
    desk.writer.open("")
    assert desk.cards == []


def test_that_it_is_back_opens_an_update_that_says_nothing(desk: FollowingDesk) -> None:
    desk.say("major_outage")
    desk.look(10)
    (desk.folder / "incidents" / "own.md").write_text(OWN.format(status="down"), encoding="utf-8")
    desk.say("operational")
    desk.look(20)
    assert desk.cards == []
    words = desk.look(40)
    assert "it works again: Pay a water bill, online. Our page still says otherwise." in words
    assert "Check it yourself before you say so." in words
    assert desk.buttons() == ["Post an update", "Not for us"]
    assert "Post an update: Cards fail" in desk.press("Post an update")
    assert {*desk.form()} <= {"side-by-side"}
    desk.writer.open("")
    desk.press("Not for us")
    assert desk.cards == []


def test_another_status_opens_an_update_that_says_nothing(desk: FollowingDesk) -> None:
    (desk.folder / "incidents" / "own.md").write_text(OWN.format(status="limited"), encoding="utf-8")
    desk.say("major_outage")
    words = desk.look(10)
    assert "Our page says something else: Pay a water bill, online: limited." in words
    desk.press("Post an update")
    assert {*desk.form()} <= {"side-by-side"}


def test_a_draft_that_is_there_is_named(desk: FollowingDesk) -> None:
    text = OWN.format(status="down").replace("title", "draft: true\ntitle", 1)
    (desk.folder / "incidents" / "own.md").write_text(text, encoding="utf-8")
    desk.say("major_outage")
    words = desk.look(10)
    assert "A draft of it is there: incidents/own.md. It is published without its line draft: true." in words
    assert desk.buttons() == ["Not for us"]


def test_what_cannot_be_read_is_a_line_and_no_all_well(desk: FollowingDesk) -> None:
    desk.vendor.documents = {}
    desk.look(0)
    words = desk.look(61)
    assert "The status of the payment company cannot be read since" in words
    assert "That does not mean that everything works." in words
    assert desk.cards == []
    assert "waits for you" not in words


def test_their_words_are_plain_text(desk: FollowingDesk) -> None:
    desk.say("major_outage", incident="<script>alert(1)</script>Cards <b>fail</b> \u202e&amp; more")
    desk.look(10)
    assert "<script>alert" not in desk.writer.page
    assert "<b>fail" not in desk.writer.page
    assert "\u202e" not in desk.writer.page


def test_without_follow_nobody_is_asked(desk: FollowingDesk) -> None:
    services = desk.folder / "services.yaml"
    services.write_text(services.read_text(encoding="utf-8").partition("follow:")[0], encoding="utf-8")
    desk.say("major_outage")
    words = desk.look(10)
    assert desk.vendor.asked == []
    assert "others" not in words.casefold()


def test_a_vendor_that_never_answers_ends_at_its_limit(desk: FollowingDesk) -> None:
    desk.vendor.silent = True
    desk.be(0)
    look_at_followed(desk.folder, {}, time_limit=0.2)
    desk.be(61)
    look_at_followed(desk.folder, {}, time_limit=0.2)
    assert "it takes too long. That does not mean that everything works." in desk.writer.open("")


@pytest.mark.parametrize("act", ["write", "aside", "again"])
def test_a_card_that_is_gone_leads_home(desk: FollowingDesk, act: str) -> None:
    desk.be(0)
    desk.writer.press("suggestions/0123456789abcdef", act=act)
    assert desk.writer.address == ""
    assert desk.writer.desk.drafts.list_all() == []


def test_the_desk_looks_by_itself_and_shows_it_on_a_phone(desk: FollowingDesk, browser: Browser) -> None:
    desk.say("major_outage")
    desk.be(10)
    faults: list[str] = []
    with open_desk(browser, desk.folder) as opened:
        # The head of the page is renewed by itself; the first screen says it once it is opened again.
        opened.page.locator("#net", has_text="1 report of others waits for you.").wait_for()
        opened.go_home()
        for width in (1280, 390, 320):
            opened.page.set_viewport_size({"width": width, "height": 900})
            faults += [f"{width}: {fault}" for fault in check_accessibility(opened.page)]
            needed = opened.page.evaluate("document.documentElement.scrollWidth")
            faults += [f"{needed} pixels wide at {width}"] if needed > width else []
        opened.press("Write about it")
        assert opened.page.locator("#title").input_value() == TITLE
    assert faults == []
