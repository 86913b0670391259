"""From an outage at a vendor to a draft of our own post, and back: a human decides, and is told of each thing once."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from statusgen.board.board import make_board
from statusgen.cli.follow import EXIT_SUGGESTIONS
from statusgen.cli.load import load_site
from statusgen.cli.main import main
from statusgen.follow.following import Following, recall_suggestions
from statusgen.follow.suggest import SuggestionKind
from statusgen.model.statuses import Status
from tests.support import published_status as published
from tests.support.published_status import Answered, StatusServer, serve_status
from tests.support.telling import make_town

SERVICES = (
    """\
services:
  - id: water-bill
    name: {{en: Pay a water bill, es: Pagar la factura del agua}}
    channels: [{{kind: online}}, {{kind: phone}}, {{kind: automatic, name: {{en: Autopay, es: Pago automático}}}}]
  - {{id: permits, name: {{en: Permits, es: Permisos}}}}
"""
    + published.FOLLOW_PAYGOV
    + """\
      - {{component: Refunds, services: [permits]}}
"""
)
MONITOR = """\
services: [{id: bill, name: Pay a bill}, {id: trash, name: Trash pickup}]
follow:
  - {id: alerts, kind: alertmanager, name: our monitor, for: [{component: Pay, services: [bill]}]}
"""
BEGAN = datetime(2026, 11, 30, 15, 10, tzinfo=UTC)
"""9:10 AM in Chicago: what the stand-ins say that it began at."""
HEADLINE = "Pay a water bill, online: the payment company reports an outage since 9:10 AM"
NOTHING = "There is nothing to decide."


@dataclass
class FollowingTown:
    """A town that follows a vendor; `minutes` count from when the vendor's outage began."""

    folder: Path
    environment: Mapping[str, str]
    server: StatusServer = field(default_factory=StatusServer)

    def say(self, cards: str, refunds: str = "operational", incident: str = "Cards fail", **more: Any) -> None:
        """Have the vendor say how its components are; with an incident if one is not as usual."""
        components = {"Card payments": cards, "Refunds": refunds}
        broken = [name for name, status in components.items() if status != "operational"]
        document = published.statuspage(components, incident=incident if broken else "", about=broken, **more)
        self.server.documents = {"/api/v2/summary.json": document}

    def follow(self, minutes: float, *arguments: str, stdin: str | None = None, command: str = "follow") -> Result:
        """Run the command at a moment."""
        moment = int((BEGAN + timedelta(minutes=minutes)).timestamp())
        environment = {**self.environment, "SOURCE_DATE_EPOCH": str(moment)}
        return CliRunner().invoke(main, [command, "--source", str(self.folder), *arguments], stdin, environment)

    def told(self, minutes: float, *arguments: str) -> list[str]:
        """Return the headlines of what is suggested at a moment."""
        ran = self.follow(minutes, "--format", "json", *arguments)
        found = [each["headline"] for each in json.loads(ran.stdout)["suggestions"]]
        assert ran.exit_code == (EXIT_SUGGESTIONS if found else 0), ran.output
        return found

    @property
    def posts(self) -> list[Path]:
        """The posts, in the order of their names."""
        return sorted((self.folder / "incidents").glob("*.md"))

    def publish_draft(self) -> Path:
        """Publish the only post, as a person does who has read it."""
        (post,) = self.posts
        post.write_text(post.read_text().replace("draft: true\n", ""))
        return post


@pytest.fixture
def town(tmp_path: Path) -> Iterator[FollowingTown]:
    with serve_status() as server:
        folder = tmp_path / "site"
        services = SERVICES.format(source=server.url, kind="statuspage")
        make_town(folder, services, "languages: [en, es]")
        yield FollowingTown(folder, {"XDG_STATE_HOME": str(tmp_path / "state")}, server)


@pytest.fixture
def monitored(tmp_path: Path) -> FollowingTown:
    make_town(tmp_path / "site", MONITOR)
    return FollowingTown(tmp_path / "site", {"XDG_STATE_HOME": str(tmp_path / "state")})


# An outage, and its end.


def test_an_outage_is_suggested_with_its_consequence_here(town: FollowingTown) -> None:
    town.say("major_outage")
    ran = town.follow(10)
    assert ran.exit_code == EXIT_SUGGESTIONS
    assert HEADLINE in ran.output
    assert '"Pay a water bill" is also used by itself (Autopay): find out whether that goes through.' in ran.output
    assert "Decide whether a fee, a penalty or a deadline is waived meanwhile." in ran.output
    assert "They report it at https://status.paygov.example/" in ran.output
    assert town.posts == [], "nothing is written unless someone asks for it"


def test_all_well_is_nothing_to_decide(town: FollowingTown) -> None:
    town.say("operational")
    ran = town.follow(0)
    assert (ran.exit_code, NOTHING in ran.output) == (0, True)
    assert "paygov: Card payments: working" in ran.output


def test_the_draft_is_the_post_that_new_would_write(town: FollowingTown) -> None:
    town.say("major_outage")
    town.follow(10, "--write")
    (draft,) = town.posts
    title = "Pay a water bill, online: the payment company reports an outage"
    text = draft.read_text().partition("\n---\n")[2].strip()
    assert text == (
        "According to the payment company, this has been so since November 30, 2026, 9:10 AM CST. "
        "What they say about it: [Cards fail](https://status.paygov.example/)"
    )
    draft.rename(town.folder / "draft.md")
    flags = ["--title", title, "--since", "2026-11-30 09:10", "--service", "water-bill/online=down", "--yes"]
    flags += ["--do", "water-bill/online=Pay by phone.", "--text", text]
    assert town.follow(10, *flags, command="new").exit_code == 0
    (post,) = town.posts
    drafted = (town.folder / "draft.md").read_text()
    # A command says it in one language; the draft has all that services.yaml gives.
    spoken = "do: Pay by phone.\n"
    written = "do:\n      en: Pay by phone.\n      es: Pague por teléfono.\n"
    assert drafted.replace("draft: true\n", "").replace(written, spoken) == post.read_text()
    assert draft.name == post.name


def test_a_draft_is_checked_and_not_published(town: FollowingTown) -> None:
    town.say("major_outage")
    assert "a draft. Read it" in town.follow(10, "--write").output
    assert town.follow(10, command="check").exit_code == 0
    assert "outage" not in town.follow(10, command="status").output
    town.publish_draft()
    assert "Not available" in town.follow(11, command="status").output


def test_a_draft_is_written_once_for_an_outage(town: FollowingTown) -> None:
    town.say("major_outage")
    town.follow(10, "--write")
    ran = town.follow(25, "--write")
    assert len(town.posts) == 1
    assert "delete the line draft: true" in ran.output
    town.posts[0].unlink()  # someone read it, and did not want it
    town.follow(40, "--write")
    assert town.posts == []


def test_the_next_outage_gets_a_draft_of_its_own(town: FollowingTown) -> None:
    town.say("major_outage")
    town.follow(10, "--write")
    town.posts[0].unlink()
    town.say("operational")
    for minutes in (20, 40):
        town.follow(minutes)
    town.say("major_outage", started="2026-11-30T16:10:00Z")
    town.follow(70, "--write")
    assert len(town.posts) == 1


def test_once_our_page_says_so_nothing_is_left_to_decide(town: FollowingTown) -> None:
    town.say("major_outage")
    town.follow(10, "--write")
    town.publish_draft()
    assert town.told(20) == []


def test_a_problem_that_we_called_over_and_they_did_not_is_told_again(town: FollowingTown) -> None:
    town.say("major_outage")
    town.follow(10, "--write")
    post = town.publish_draft()
    assert town.follow(20, post.stem, "--yes", "--text", "It works.", command="resolve").exit_code == 0
    ran = town.follow(25, "--write")
    assert HEADLINE in ran.output
    assert f"What to do: statusgen update {post.stem}\n" in ran.output
    assert town.posts == [post]


def test_what_was_seen_can_be_recalled_without_asking_anybody(town: FollowingTown) -> None:
    """The desk shows it, with what the draft would hold."""
    town.say("major_outage")
    town.follow(10)
    asked = len(town.server.asked)
    site = load_site(town.folder)
    now = BEGAN + timedelta(minutes=12)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", town.environment["XDG_STATE_HOME"])
        (found,) = recall_suggestions(town.folder, site, make_board(site, now), now)
    assert (found.headline, found.kind) == (HEADLINE, SuggestionKind.REPORT)
    assert found.draft
    assert found.draft.started.start == BEGAN
    assert [(each.key, each.status) for each in found.draft.affected] == [("water-bill/online", Status.DOWN)]
    assert len(town.server.asked) == asked


def test_what_was_put_aside_is_suggested_to_nobody_until_the_next_outage(town: FollowingTown) -> None:
    """The desk puts it aside; the command and the reminders know."""
    town.say("major_outage")
    assert town.told(10) == [HEADLINE]
    site, now = load_site(town.folder), BEGAN + timedelta(minutes=12)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", town.environment["XDG_STATE_HOME"])
        (found,) = recall_suggestions(town.folder, site, make_board(site, now), now)
        Following(town.folder, site, now).put_aside(found)
        (found,) = recall_suggestions(town.folder, site, make_board(site, now), now)
    assert found.is_aside
    assert town.told(15) == []
    assert "paygov: Card payments: down" in town.follow(15).output
    assert "Pay a water bill" not in town.follow(15, command="remind").output
    town.say("major_outage", "major_outage")
    assert town.told(16) == ["Permits: the payment company reports an outage since 9:10 AM"]
    town.say("operational")
    for minutes in (20, 40):
        town.follow(minutes)
    town.say("major_outage", started="2026-11-30T16:10:00Z")
    assert town.told(70) == [HEADLINE.replace("9:10", "10:10")]


def test_a_post_that_somebody_wrote_alone_is_enough(town: FollowingTown) -> None:
    (town.folder / "incidents" / "own.md").write_text(
        "---\ntitle: Cards fail\nstarted: 2026-11-30 09:12\nservices: {water-bill/online: down}\n---\nWe know.\n"
    )
    town.say("major_outage")
    assert town.told(10, "--write") == []
    assert len(town.posts) == 1


def test_that_it_is_back_needs_a_second_look_by_a_human(town: FollowingTown) -> None:
    town.say("major_outage")
    town.follow(10, "--write")
    post = town.publish_draft()
    town.say("operational")
    assert town.told(30) == []
    assert town.told(44) == [], "it was back for 14 minutes"
    ran = town.follow(45)
    assert "it works again: Pay a water bill, online. Our page still says otherwise." in ran.output
    assert "Check it yourself before you say so.\n" in ran.output
    assert f"statusgen resolve {post.stem}" in ran.output
    assert town.follow(46, post.stem, "--yes", "--text", "It works again.", command="resolve").exit_code == 0
    assert town.told(50) == []


def test_a_problem_of_our_own_is_none_of_theirs(town: FollowingTown) -> None:
    """They were well all the time, so they say nothing of what was broken here."""
    (town.folder / "incidents" / "fire.md").write_text(
        "---\ntitle: A fire\nstarted: 2026-11-30 09:10\nservices: {water-bill: down}\n---\nWe know.\n"
    )
    town.say("operational")
    assert [town.told(minutes) for minutes in (10, 30, 60)] == [[], [], []]


def test_what_is_back_for_one_and_broken_by_another_is_not_back(town: FollowingTown) -> None:
    services = town.folder / "services.yaml"
    services.write_text(services.read_text().replace("services: [permits]", "services: [water-bill/online]"))
    town.say("major_outage", "major_outage")
    town.follow(10, "--write")
    town.publish_draft()
    town.say("operational", "major_outage")
    assert [town.told(minutes) for minutes in (20, 40, 60)] == [[], [], []]


@pytest.mark.parametrize(
    ("said", "ours", "kind"),
    [
        ("partial_outage", "down", "better"),
        ("major_outage", "limited", "worse"),
        ("major_outage", "down", None),
    ],
)
def test_a_different_status_is_suggested(town: FollowingTown, said: str, ours: str, kind: str | None) -> None:
    (town.folder / "incidents" / "own.md").write_text(
        f"---\ntitle: Cards\nstarted: 2026-11-30 09:12\nservices: {{water-bill/online: {ours}}}\n---\nWe know.\n"
    )
    town.say(said)
    found = json.loads(town.follow(10, "--format", "json").stdout)["suggestions"]
    assert [each["kind"] for each in found] == ([kind] if kind else [])
    if kind:
        assert f"Our page says something else: Pay a water bill, online: {ours}." in found[0]["headline"]
        assert found[0]["command"].startswith("statusgen update own --service water-bill/online=")


def test_one_outage_of_several_components_is_one_post(town: FollowingTown) -> None:
    town.say("major_outage", "partial_outage", incident="Everything fails")
    town.follow(10, "--write")
    (post,) = town.posts
    text = post.read_text()
    assert "water-bill/online:\n    status: down\n" in text
    assert "permits: limited\n" in text
    assert "title: 'Pay a water bill, online; Permits: the payment company reports an outage'\n" in text


def test_waivers_and_deadlines_are_named_as_things_to_decide(town: FollowingTown) -> None:
    (town.folder / "incidents" / "old.md").write_text(
        "---\ntitle: Bills are late\nstarted: 2026-11-20 09:00\nservices: {water-bill/phone: limited}\n"
        "waivers: [{id: late-fees, what: Late fees are waived, until: 2026-12-05, services: [water-bill]}]\n"
        "deadlines: [{id: pay, what: Water bills are due, on: 2026-12-10, services: [water-bill]}]\n---\nWe know.\n"
    )
    town.say("major_outage")
    output = town.follow(10).output
    assert 'This is waived: "Late fees are waived.' in output
    assert "Decide whether that is extended." in output
    assert 'On December 10, 2026: "Water bills are due." Decide whether that is still true.' in output


# What is short, what flaps, and what nobody can read.


def test_a_problem_counts_once_it_has_lasted_five_minutes_by_their_word(town: FollowingTown) -> None:
    town.say("major_outage")
    assert town.told(4) == []
    assert town.told(5) == [HEADLINE]


def test_without_their_word_two_looks_five_minutes_apart_count(town: FollowingTown) -> None:
    town.say("major_outage", incident="")
    assert town.told(10) == []
    assert town.told(14) == []
    assert town.told(15, "--write") == [HEADLINE.removesuffix(" since 9:10 AM")]
    text = town.posts[0].read_text()
    assert "started_before: 2026-11-30 09:20\n" in text
    assert "November 30, 2026, 9:20 AM CST is when we first saw this" in text


def test_what_was_over_between_two_looks_does_not_count(town: FollowingTown) -> None:
    for minutes, word in ((0, "major_outage"), (4, "operational"), (8, "major_outage"), (12, "operational")):
        town.say(word, incident="")
        assert town.told(minutes) == []


def test_a_moment_of_being_back_is_the_same_outage(town: FollowingTown) -> None:
    town.say("major_outage")
    town.follow(10, "--write")
    town.posts[0].unlink()
    town.say("operational")
    town.follow(20, "--write")
    town.say("major_outage", started="2026-11-30T15:33:00Z")
    town.follow(30, "--write")
    assert town.posts == []


def test_what_goes_up_and_down_is_one_suggestion(town: FollowingTown) -> None:
    told = []
    for number in range(12):
        town.say("major_outage" if number % 2 else "operational", started=f"2026-11-30T16:{number * 4:02}:00Z")
        told.append(town.told(50 + number * 4, "--write"))
    headline = "Pay a water bill, online: the payment company reports problems that come and go"
    assert {each for found in told for each in found} == {headline}
    assert told[-1] == [headline]
    (post,) = town.posts
    assert "water-bill/online:\n    status: degraded\n" in post.read_text()


def test_what_went_up_and_down_is_back_once_it_is_steady(town: FollowingTown) -> None:
    town.say("major_outage")
    town.follow(10, "--write")
    town.publish_draft()
    for number in range(5):
        town.say("major_outage" if number % 2 else "operational")
        assert town.told(12 + number) == []
    for minutes in (40, 60):
        assert town.told(minutes) == []
    (told,) = town.told(77)
    assert told.startswith("According to the payment company, it works again: Pay a water bill, online.")


def test_each_of_two_that_report_one_service_is_sent_to_its_own_draft(town: FollowingTown) -> None:
    with (town.folder / "services.yaml").open("a") as file:
        file.write(
            "  - {id: alerts, kind: alertmanager, name: our monitor, "
            "for: [{component: Pay, services: [water-bill/online]}]}\n"
        )
    town.say("major_outage")
    sent = json.dumps(published.alertmanager(("Pay", "firing", "critical")))
    town.follow(10, "--write", "--document", "-", "--as", "alerts", stdin=sent)
    told = json.loads(town.follow(12, "--format", "json").stdout)["suggestions"]
    assert len(town.posts) == 2
    for each in told:
        (draft,) = [post for post in town.posts if post.name in each["command"]]
        assert each["headline"].partition(" since")[0] in draft.read_text()
    assert len({each["command"] for each in told}) == 2

    first, second = town.posts
    first.write_text(first.read_text().replace("draft: true\n", ""))
    ran = town.follow(14)
    assert ran.exit_code == EXIT_SUGGESTIONS
    left = f"incidents/{second.name} is a draft that is left over: incidents/{first.name} reports that outage.\n"
    assert left in ran.output
    assert f"Answer with: delete incidents/{second.name}" in town.follow(15, command="remind").output
    second.unlink()
    assert town.told(16) == []


def test_a_page_that_cannot_be_read_is_not_all_well(town: FollowingTown) -> None:
    town.server.documents = {"/api/v2/summary.json": Answered(500)}
    ran = town.follow(0)
    assert (ran.exit_code, "Card payments: cannot be read: " in ran.output) == (0, True)
    assert town.told(59) == []
    (told,) = town.told(60)
    assert told.startswith("The status of the payment company cannot be read since November 30, 2026, 9:10 AM CST: ")
    assert told.endswith("That does not mean that everything works.")
    town.say("operational")
    assert town.told(61) == []


def test_a_page_that_cannot_be_read_ends_no_outage(town: FollowingTown) -> None:
    town.say("major_outage")
    town.follow(10, "--write")
    town.publish_draft()
    town.server.documents = {}
    assert [town.told(minutes) for minutes in (20, 40, 60)] == [[], [], []]
    assert len(town.told(90)) == 1, "only that nobody can read it"


def test_what_was_seen_long_ago_is_not_told_as_of_now(town: FollowingTown) -> None:
    town.say("major_outage")
    assert town.told(10) == [HEADLINE]
    town.server.documents = {}
    assert town.told(20) == [HEADLINE]
    assert HEADLINE not in town.told(75)


@pytest.mark.parametrize("garbage", [b"", b"<html>All systems operational</html>", b'{"components": []}'])
def test_garbage_is_not_all_well(town: FollowingTown, garbage: bytes) -> None:
    town.say("major_outage")
    town.follow(10, "--write")
    town.publish_draft()
    town.server.documents = {"/api/v2/summary.json": garbage}
    assert [town.told(minutes) for minutes in (20, 40)] == [[], []]
    assert "cannot be read" in town.follow(50).output


def test_a_redirect_into_the_citys_own_network_is_refused(town: FollowingTown) -> None:
    with serve_status({"/api/v2/summary.json": published.statuspage({"Card payments": "operational"})}) as inside:
        location = {"Location": f"{inside.url}/api/v2/summary.json"}
        town.server.documents = {"/api/v2/summary.json": Answered(302, location)}
        assert "it leads into a private network" in town.follow(0).output
        assert inside.asked == []


def test_a_memory_that_cannot_be_read_is_begun_again(town: FollowingTown, tmp_path: Path) -> None:
    town.say("major_outage", incident="")
    town.follow(10)
    (memory,) = (tmp_path / "state").rglob("follow.json")
    memory.write_text("{")
    assert town.told(20) == []
    assert len(town.told(25)) == 1


def test_a_memory_has_only_what_is_followed(town: FollowingTown, tmp_path: Path) -> None:
    town.say("major_outage")
    town.follow(10)
    services = town.folder / "services.yaml"
    services.write_text(services.read_text().replace("component: Card payments", "component: id-1"))
    town.follow(20)
    (memory,) = (tmp_path / "state").rglob("follow.json")
    assert set(json.loads(memory.read_text())["courses"]) == {"paygov\nid-1", "paygov\nRefunds"}


# What they write.


@pytest.mark.parametrize(
    "title",
    [
        "<script>alert(1)</script>",
        "[pay here](https://evil.example/) <https://evil.example/>",
        "## 2026-11-30 09:15 Resolved",
        "---",
        "[[blank]]",
        "![x](https://evil.example/x.png) https://evil.example www.evil.example",
        "*bold* `code` a@evil.example",
        "\u202egnp.exe\u200b",
        "# " * 400,
    ],
)
def test_nothing_of_theirs_runs_or_links(town: FollowingTown, title: str) -> None:
    town.say("major_outage", incident=title)
    assert town.follow(10, "--write").exit_code == EXIT_SUGGESTIONS
    town.publish_draft()
    ran = town.follow(11, "--output", str(town.folder / "built"), command="build")
    assert ran.exit_code == 0, ran.output
    for page in (town.folder / "built" / "incidents").rglob("*.html"):
        html = page.read_text()
        assert "evil.example/" not in html
        assert 'href="http://evil' not in html
        assert "<script>alert" not in html


def test_a_link_of_theirs_to_elsewhere_is_not_ours(town: FollowingTown) -> None:
    """What Statuspage links to is on a server of its own; only links to the server that the city named are taken."""
    town.say("major_outage")
    assert "stspg.io" not in town.follow(10, "--format", "json").stdout


# Monitors.


def test_what_a_monitor_sends_counts_by_its_own_time(monitored: FollowingTown) -> None:
    sent = json.dumps(published.alertmanager(("Pay", "firing", "critical")))
    assert NOTHING in monitored.follow(1, "--document", "-", "--as", "alerts", stdin=sent).output
    assert monitored.told(6) == ["Pay a bill: our monitor reports an outage since 9:10 AM"]
    over = json.dumps(published.alertmanager(("Pay", "resolved", "critical")))
    monitored.follow(7, "--write")
    monitored.publish_draft()
    assert NOTHING in monitored.follow(10, "--document", "-", stdin=over).output
    assert "it works again: Pay a bill." in monitored.follow(25).output


def test_the_address_of_a_monitor_is_not_in_the_draft(monitored: FollowingTown) -> None:
    sent = json.dumps(published.alertmanager(("Pay", "firing", "critical")))
    monitored.follow(10, "--document", "-", "--write", stdin=sent)
    text = monitored.posts[0].read_text()
    assert "internal" not in text
    assert "10.0.0.7" not in text
    assert text.endswith("What they say about it: “Pay fails”\n")


def test_a_document_can_be_in_a_file(monitored: FollowingTown, tmp_path: Path) -> None:
    file = tmp_path / "sent.json"
    file.write_text(json.dumps(published.grafana(("Pay", "firing", "warning"))))
    assert "our monitor reports problems" in monitored.follow(10, "--document", str(file)).output


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "words"),
    [
        (["--document", "-", "--as", "alert"], "{}", 2, 'There is no entry of follow: "alert". Did you mean "alerts"?'),
        (["--as", "alerts"], None, 2, "Name the document, too"),
        (["--document", "-", "--as", "alerts"], "{}", 1, "The document is not what a monitor of the kind alertmanager"),
        (["paygov"], None, 2, 'There is no entry of follow: "paygov".'),
    ],
)
def test_mistakes_of_the_command(
    monitored: FollowingTown, arguments: list[str], stdin: str | None, code: int, words: str
) -> None:
    ran = monitored.follow(10, *arguments, stdin=stdin)
    assert (ran.exit_code, words in ran.output) == (code, True), ran.output


def test_mistakes_in_the_content_are_named(town: FollowingTown) -> None:
    services = town.folder / "services.yaml"
    services.write_text(services.read_text().replace("kind: statuspage", "kind: statuspag"))
    ran = town.follow(10)
    assert ran.exit_code == 1
    assert 'Did you mean "statuspage"?' in ran.output


def test_without_follow_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    make_town(tmp_path / "site", "services: [{name: Trash pickup}]")
    alone = FollowingTown(tmp_path / "site", {"XDG_STATE_HOME": str(tmp_path / "state")})
    ran = alone.follow(0)
    assert (ran.exit_code, "Nothing is followed" in ran.output) == (0, True)


# How it is told.


def test_markdown_is_for_an_issue(town: FollowingTown) -> None:
    town.say("major_outage", incident="@octocat fixes #12 ````")
    text = town.follow(10, "--format", "markdown").output
    assert text.startswith("Nothing here is published.")
    outside, inside = text.split("```\n---\n")
    assert "@" not in outside
    assert inside.startswith("title: 'Pay a water bill, online: the payment company reports an outage'\ndraft: true\n")


def test_staff_are_reminded_once(town: FollowingTown) -> None:
    town.say("major_outage")
    ran = town.follow(10, command="remind")
    assert ran.exit_code == 5
    assert f"{HEADLINE}. Answer with: statusgen follow --write paygov" in ran.output
    town.say("operational")
    assert "payment company" not in town.follow(20, command="remind").output


def test_who_is_reminded_that_it_is_back_is_told_to_look(town: FollowingTown) -> None:
    town.say("major_outage")
    town.follow(10, "--write")
    post = town.publish_draft()
    town.say("operational")
    town.follow(20)
    told = town.follow(40, command="remind").output
    assert (
        f"still says otherwise. Check it yourself before you say so. Answer with: statusgen resolve {post.stem}" in told
    )


def test_reminders_of_another_moment_ask_nobody(town: FollowingTown) -> None:
    town.say("major_outage")
    town.follow(10, "--dry-run", "--at", "2026-11-30 09:20", command="remind")
    assert town.server.asked == []


# What they and the disk say that cannot be.


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "1650-05-05T00:00:00+14:00"])
def test_a_time_that_cannot_be_is_no_time(town: FollowingTown, time: str) -> None:
    town.say("major_outage", started=time)
    assert town.told(10) == []
    assert town.told(16) == ["Pay a water bill, online: the payment company reports an outage"]
    assert town.follow(17, "--write").exit_code == EXIT_SUGGESTIONS
    (post,) = town.posts
    assert "started_before:" in post.read_text()


def test_a_time_in_the_future_is_not_since_when(town: FollowingTown) -> None:
    town.say("major_outage", started="2026-12-24T12:00:00Z")
    assert town.told(10) == []
    assert town.told(16) == ["Pay a water bill, online: the payment company reports an outage"]


def test_a_clock_that_was_ahead_for_a_while_hides_no_outage(town: FollowingTown) -> None:
    town.say("major_outage", started="")
    assert town.told(5_000_000) == []
    assert town.told(10) == []
    assert town.told(16) == ["Pay a water bill, online: the payment company reports an outage"]


def test_a_page_that_failed_while_the_clock_was_ahead_is_told_of_all_the_same(town: FollowingTown) -> None:
    town.server.documents = {}
    assert town.told(5_000_000) == []
    assert town.told(10) == []
    assert "cannot be read since" in town.told(75)[0]


def test_a_memory_with_times_of_no_zone_is_begun_again(town: FollowingTown, tmp_path: Path) -> None:
    town.say("major_outage")
    assert town.told(10) == [HEADLINE]
    (memory,) = tmp_path.rglob("follow.json")
    memory.write_text(memory.read_text().replace('Z"', '"'))
    assert town.told(11) == [HEADLINE]


def test_codes_of_characters_in_their_words_are_shown_as_codes(town: FollowingTown) -> None:
    town.say("major_outage", incident="A &amp;lt;b&amp;gt;")
    assert town.told(10) == [HEADLINE]
    town.follow(10, "--write")
    assert r"A \&lt;b\&gt;" in town.publish_draft().read_text()
