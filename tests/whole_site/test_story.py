"""A whole outage, published from the first update to the last by commands alone, without opening a file."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from statusgen import __version__
from statusgen.cli.main import main
from tests.support.office import Office
from tests.support.sample_sites import Page

HOUR = 3600
# Eight o'clock in Springfield, on 5 May 2024.
EIGHT = 1714914000


class Outage(Office):
    """An empty folder, and after each command what residents see."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "page"
        laid_out = CliRunner().invoke(main, ["init", str(self.folder), "--starter", "city"])
        assert laid_out.exit_code == 0, laid_out.output
        (self.folder / f"statusgen-{__version__}-py3-none-any.whl").touch()  # what init asks for
        # Nobody translates at two in the morning.
        services = self.folder / "services.yaml"
        text = services.read_text(encoding="utf-8")
        services.write_text(text.replace("site:\n", "site:\n  silence: [untranslated]\n", 1), encoding="utf-8")

    def tell(self, hours: float, line: str) -> None:
        """Run a command some hours after eight and publish its post, which must get no advice."""
        now = EIGHT + int(hours * HOUR)
        self.said = self.say(line, now=now)
        assert self.say("check --strict", now=now) == "Mistakes: 0. Advice: 0.\n"
        self.say("build", now=now)

    def published(self, name: str) -> str:
        return (self.folder / "site" / name).read_text(encoding="utf-8")

    @property
    def page(self) -> str:
        return Page(self.published("index.html")).words

    @property
    def story(self) -> str:
        return self.page_of_incident.words

    @property
    def known(self) -> str:
        return self.page_of_incident.section("known")

    @property
    def page_of_incident(self) -> Page:
        return Page(self.published("incidents/2024-05-05-water-bills-cannot-be-paid/index.html"))

    def everywhere(self, words: str) -> bool:
        """Return whether the front page, the feed and the plain text all have these words."""
        return all(words in told for told in (self.page, self.published("feed.xml"), self.published("status.txt")))


@pytest.fixture
def outage(tmp_path: Path) -> Outage:
    return Outage(tmp_path)


def test_an_outage_is_told_from_the_first_word_to_the_last_by_commands_alone(outage: Outage) -> None:
    outage.tell(
        0.1,
        'new --title "Water bills cannot be paid" --since 7:30 --next "in 2 hours"'
        " --service water-bill/online=down,water-bill/autopay=unknown --expected unknown"
        ' --do "Pay at the office: 12 Main Street." --text "We are looking into it."',
    )
    assert "The page says: 1 service is not working as usual." in outage.said
    assert outage.everywhere("Water bills cannot be paid")
    assert outage.everywhere("Pay at the office: 12 Main Street.")
    assert "Next update by Sun, May 5, 10:10 AM." in outage.page
    assert "We are looking into it." in outage.story

    outage.tell(1, 'update water --text "The vendor is here." --next "in 2 hours"')
    assert "The vendor is here." in outage.story
    assert "The vendor is here." in outage.published("feed.xml")
    assert "Next update by Sun, May 5, 11 AM." in outage.page

    outage.tell(1.5, 'update water --state identified --known "It is the cable." --text "We found it." --next 12:00')
    assert "We found it." in outage.published("feed.xml")
    assert "Cause found" in outage.story
    assert "It is the cable." in outage.story
    assert "What we know, what we do not know yet, and what we are doing" in outage.page
    assert "It is the cable." in outage.published("feed.xml")

    outage.tell(2, 'set permits limited --incident water --do "Call 311." --next 16:00')
    assert "2 services are not working as usual" in outage.page
    assert "2 services are not working as usual." in outage.published("status.txt")
    assert outage.everywhere("Call 311.")

    outage.tell(2.5, 'waive water --what "No late fees" --service water-bill --until 2024-05-31')
    assert outage.everywhere("No late fees")

    outage.tell(3, "promise water tomorrow 9:00")
    assert "Next update by Mon, May 6, 9 AM." in outage.page

    outage.tell(
        4,
        'correct water --update 9:30 --wrong "It is the cable." --right "It is the switch."'
        ' --known "It is the switch."',
    )
    assert "It is the switch." in outage.known
    assert "It is the switch." in outage.published("feed.xml")
    assert "It is the cable." not in outage.page + outage.known
    assert "It is the cable." in outage.story
    assert "Correction: It is the switch." in outage.said

    outage.tell(4.5, 'update water --text "A new switch is on its way." --next "tomorrow 9:00"')
    assert "A new switch is on its way." in outage.published("feed.xml")

    outage.tell(5, "set permits working")
    assert "Pay a water bill: Not available: Online" in outage.page
    assert "1 service is not working as usual." in outage.published("status.txt")

    outage.tell(6, 'resolve water --text "All works again."')
    assert "In one message: " in outage.said
    assert "Resolved: Water bills cannot be paid." in outage.said
    assert "The page says: No problems reported." in outage.said
    assert "No problems reported" in outage.page
    assert "No problems reported." in outage.published("status.txt")
    assert "All works again." in outage.published("feed.xml")
    assert "No late fees" in outage.page

    states = [update.state.value for update in outage.post("2024-05-05-water-bills-cannot-be-paid").updates]
    assert states == [
        *("investigating", "update", "identified", "update", "update", "update", "correction", "update"),
        *("update", "resolved"),
    ]
    written = {name for name in outage.files() if name.startswith("incidents/") and name.endswith(".md")}
    assert written == {"incidents/2024-05-05-water-bills-cannot-be-paid.md"}
