"""`statusgen diff` says in sentences what will change for residents, compared with what is published now."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from statusgen.cli.main import main
from statusgen.diff.phrases import declared_labels
from statusgen.model import contacts as model_contacts
from statusgen.model import posts as model_posts
from statusgen.model import services as model_services
from statusgen.outputs.open_data import history, incidents, status
from statusgen.outputs.open_data.schemas import DocumentType
from statusgen.outputs.open_data.shapes import Shape
from tests.support.repository import Repository
from tests.support.sample_sites import make_city
from tests.support.web_server import serve, serve_folder

SERVICES = """\
  - name: Trash
  - name: Pay a bill
    channels: [{kind: online}, {kind: phone, phone: 555-0100}]
"""
POST = """\
---
title: Bills cannot be paid online
started: 2024-05-05 08:00
services:
  pay-a-bill/online: {status: down, do: Call us.}
waivers: [{id: fees, services: [pay-a-bill], what: No late fees}]
---
We are looking into it.
"""
NEXT = """\

## 2024-05-05 12:00 Identified
services: {pay-a-bill/phone: down}
expected: {by: 2024-05-09, basis: the vendor}

The phone line is down too.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_city(tmp_path, SERVICES, POST).folder


def run(*words: str, code: int = 0) -> list[str]:
    result = CliRunner().invoke(main, words)
    assert result.exit_code == code, result.output
    return result.output.splitlines()


def diff_sentences(folder: Path, *words: str) -> list[str]:
    """Return the sentences, without the line that says what was compared."""
    return run("diff", "--source", str(folder), "--at", "2024-05-05 20:00", *words)[1:]


def build(folder: Path) -> Path:
    run("build", "--source", str(folder), "--at", "2024-05-05 20:00")
    return folder / "site"


def change(folder: Path, text: str) -> None:
    (folder / "incidents" / "post-1.md").write_text(text, encoding="utf-8")


EXPECTED = [
    "- Pay a bill: Not available (before: Not available: Online).",
    "- Pay a bill, By phone: Not available (before: Not confirmed).",
    "- Pay a bill: Expected back by May 9, 2024. Based on: the vendor.",
    '- Bills cannot be paid online: new update of 2024-05-05 12:00, "The phone line is down too.".',
    "- Bills cannot be paid online: Cause found (before: Investigating).",
]


def test_against_the_site_that_was_built_before(folder: Path) -> None:
    build(folder)
    change(folder, POST + NEXT)
    assert diff_sentences(folder) == EXPECTED


def test_against_a_live_site(folder: Path, tmp_path: Path) -> None:
    live = shutil.move(build(folder), tmp_path / "live")
    change(folder, POST + NEXT)
    with serve_folder(Path(live)) as address:
        assert diff_sentences(folder, "--against", address) == EXPECTED


def test_against_a_revision(tmp_path: Path) -> None:
    city = Repository(tmp_path / "city")
    town_folder = tmp_path / "town"
    town_folder.mkdir()
    services = make_city(town_folder, SERVICES).folder / "services.yaml"
    files: dict[str, str | None] = {
        "services.yaml": services.read_text(encoding="utf-8"),
        "incidents/post-1.md": POST,
    }
    city.commit("2024-05-05 08:20", files)
    change(city.folder, POST + NEXT)
    assert diff_sentences(city.folder) == EXPECTED  # nothing was built, so it is the last commit
    assert diff_sentences(city.folder, "--against", "HEAD") == EXPECTED
    run("diff", "--source", str(city.folder), "--against", "no-such-thing", code=1)
    run("diff", "--source", str(city.folder), "--against", "--output=/tmp/x", code=1)


def test_nothing_to_tell(folder: Path) -> None:
    build(folder)
    assert diff_sentences(folder) == ["Residents will see no change."]


def test_words_of_another_language_that_change_are_told(tmp_path: Path) -> None:
    folder = make_city(tmp_path, SERVICES, POST).folder
    write_services(folder, SERVICES, "  languages: [en, es]\n")
    spanish = folder / "incidents" / "post-1.es.md"
    spanish.write_text("---\ntitle: No se puede pagar\n---\nLo revisamos.\n", encoding="utf-8")
    build(folder)
    assert diff_sentences(folder) == ["Residents will see no change."]
    spanish.write_text("---\ntitle: No se puede pagar\n---\nEstamos en ello.\n", encoding="utf-8")
    assert diff_sentences(folder) == ['- Words in "es" change, but not those in "en".']


def test_what_was_not_compared_is_told(folder: Path) -> None:
    build(folder)
    (folder / "templates").mkdir()
    (folder / "templates" / "404.html").write_text("<p>Nothing.</p>", encoding="utf-8")
    assert diff_sentences(folder) == [
        "Residents will see no change.",
        "Changes that templates/ make to the pages were not compared.",
    ]


def test_words_that_were_changed_and_updates_that_were_taken_out(folder: Path) -> None:
    change(folder, POST + NEXT)
    build(folder)
    change(folder, POST.replace("looking into it", "working on it").replace("Call us", "Call 555-0100"))
    told = diff_sentences(folder)
    title = "- Bills cannot be paid online"
    assert f"{title}: the update of 2024-05-05 08:00 is changed: its text, what it says of services." in told
    assert f"{title}: the update of 2024-05-05 12:00 is removed." in told
    assert '- Pay a bill: what to do is now "Call 555-0100.".' in told


def test_a_site_that_was_built_before_the_data_had_every_key(folder: Path) -> None:
    added = {"standing", "since_reported", "from_reported", "not_said", "may_reach_further", "status_channels"}

    def drop(value: object) -> object:
        if isinstance(value, dict):
            return {key: drop(each) for key, each in value.items() if key not in added}
        return [drop(each) for each in value] if isinstance(value, list) else value

    for path in build(folder).rglob("*.json"):
        if path.name in ("status.json", "history.json", "incident.json"):
            document = drop(json.loads(path.read_text(encoding="utf-8")))
            path.write_text(json.dumps(document), encoding="utf-8")
    change(folder, POST + NEXT)
    assert diff_sentences(folder)[: len(EXPECTED)] == EXPECTED


def test_what_nobody_confirmed_for_long_is_told(folder: Path) -> None:
    build(folder)
    told = run("diff", "--source", str(folder), "--at", "2024-06-05 20:00")[1:]
    assert "- Pay a bill, Online: Not available when last checked, May 5, 2024, 8 AM CDT. " in "\n".join(told)


def test_each_of_the_four_things_is_told(folder: Path) -> None:
    (folder / "incidents" / "post-1.md").unlink()
    build(folder)
    change(folder, POST)
    told = diff_sentences(folder)
    assert "- Pay a bill: Not available: Online (before: No problem reported)." in told
    assert "- Pay a bill, By phone: Not confirmed (before: No problem reported)." not in told
    build(folder)
    change(folder, POST + "\n## 2024-05-05 12:00\nservices: {pay-a-bill: unknown}\n\nWe are not sure.\n")
    told = diff_sentences(folder)
    assert "- Pay a bill: Not known yet (before: Not available: Online)." in told
    assert "- Pay a bill, Online: Not known yet (before: Not available)." in told
    build(folder)
    change(folder, POST + "\n## 2024-05-05 12:00\nservices: {pay-a-bill: working}\n\nIt is back.\n")
    assert "- Pay a bill: Working (before: Not known yet)." in diff_sentences(folder)


TWO = POST.replace("do: Call us.}", "do: Call us.}\n  trash: down")
TITLE = "- Bills cannot be paid online"


def test_the_reach_of_an_incident_and_what_it_says_to_everybody(folder: Path) -> None:
    build(folder)
    wider = POST.replace("started:", "scope: wider\ndo: Boil water.\nstarted:")
    change(folder, wider)
    told = diff_sentences(folder)
    assert "- Trash: Nothing said yet (before: No problem reported)." in told
    assert f'{TITLE}: what everybody can do is now "Boil water.".' in told
    assert f"{TITLE}: it may now affect services that it does not mention." in told
    build(folder)
    change(folder, wider.replace("Boil water.", "Keep away."))
    assert f'{TITLE}: what everybody can do is now "Keep away." (before: "Boil water.").' in diff_sentences(folder)
    change(folder, POST)
    told = diff_sentences(folder)
    assert f'{TITLE}: it no longer says what everybody can do (before: "Boil water.").' in told
    assert f"{TITLE}: it is no longer said to affect services that it does not mention." in told


def test_the_estimate_of_the_outage_as_a_whole_is_told_once(folder: Path) -> None:
    change(folder, TWO)
    build(folder)
    dated = TWO.replace("started:", "expected: 2024-05-09\nstarted:")
    change(folder, dated)
    told = [sentence for sentence in diff_sentences(folder) if "as a whole" in sentence]
    assert told == [f"{TITLE}: for the outage as a whole: Expected back on May 9, 2024."]
    build(folder)
    change(folder, TWO)
    assert f"{TITLE}: it no longer says when the outage as a whole is over." in diff_sentences(folder)


def test_a_new_name(folder: Path) -> None:
    build(folder)
    change(folder, POST + "\n## 2024-05-05 12:00\nrename: The bank is down\n\nIt is the bank.\n")
    told = diff_sentences(folder)
    assert (
        '- The bank is down: its title changed to "The bank is down" (before: "Bills cannot be paid online").' in told
    )


def test_what_is_other_than_usual_for_now(folder: Path) -> None:
    build(folder)
    entry = "  pay-a-bill/phone: {status: working, hours: 8 to 12}"
    change(folder, POST.replace("waivers:", f"{entry}\nwaivers:"))
    told = diff_sentences(folder)
    assert '- Pay a bill, By phone: the hours changed to "8 to 12" (before: nothing).' in told
    assert "- Pay a bill, By phone: different for now: the hours." in told
    build(folder)
    change(folder, POST)
    assert "- Pay a bill, By phone: as usual again: the hours." in diff_sentences(folder)


def test_services_posts_and_waivers_that_come_and_go(folder: Path) -> None:
    build(folder)
    file = folder / "services.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("  - name: Trash\n", "  - name: Permits\n"), encoding="utf-8")
    change(folder, POST.replace("waivers: [{id: fees, services: [pay-a-bill], what: No late fees}]\n", ""))
    (folder / "incidents" / "post-2.md").write_text(POST.replace("paid online", "sent"), encoding="utf-8")
    told = diff_sentences(folder)
    assert "- New service: Permits (No problem reported)." in told
    assert "- No longer listed: Trash." in told
    assert "- New post: Bills cannot be sent." in told
    (folder / "incidents" / "post-1.md").unlink()
    assert "- Gone, with its page: Bills cannot be paid online." in diff_sentences(folder)


def test_what_cannot_be_read_is_told_in_words(folder: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    [line] = run("diff", "--source", str(folder), "--against", str(empty), code=1)
    assert line == f"{empty}/history.json is not there."
    [line] = run("diff", "--source", str(folder), "--against", "http://127.0.0.1:9/", code=1)
    assert line.startswith("http://127.0.0.1:9/history.json cannot be fetched")


WORK = """\
---
title: Bills are moved
kind: maintenance
posted: 2024-05-01
starts: 2024-05-12 22:00
ends: 2024-05-13 04:00
services: [pay-a-bill]
---
You can pay again in the morning.
"""


def test_planned_work_that_is_moved(folder: Path) -> None:
    change(folder, WORK)
    build(folder)
    change(folder, WORK.replace("starts: 2024-05-12 22:00", "starts: 2024-05-12 20:00"))
    told = diff_sentences(folder)
    work = "from 2024-05-12 {} to 2024-05-13 04:00"
    assert f"- Bills are moved: the work is now {work.format('20:00')} (before: {work.format('22:00')})." in told
    assert any("is changed: when the work begins" in sentence for sentence in told)


COUNTER = """\
  - name: Trash
    summary: The truck comes each week.
    channels:
      - {kind: in_person, address: 1 Main St, hours: 8 to 5, accepts: [cash], phone: 555-0100}
"""
ABOUT = """\
  publisher: City of Springfield
  emergency: Call 911.
  demonstration: All of this is made up.
  contacts: [{name: City Hall, phone: 555-0101}]
"""


def write_services(folder: Path, services: str, site: str) -> None:
    head = "site:\n  title: Springfield\n  url: https://springfield.example/\n  timezone: America/Chicago\n"
    (folder / "services.yaml").write_text(f"{head}{site}services:\n{services}", encoding="utf-8")


FACTS = [
    ("1 Main St", "2 Oak St", 'Trash, In person: the address changed to "2 Oak St" (before: "1 Main St").'),
    ("8 to 5", "9 to 4", 'Trash, In person: the hours changed to "9 to 4" (before: "8 to 5").'),
    ("[cash]", "[cash, check]", 'Trash, In person: the means of payment changed to "'),
    ("555-0100", "555-0199", 'Trash, In person: the phone number changed to "555-0199" (before: "555-0100").'),
    ("each week", "each month", 'Trash: its summary changed to "The truck comes each month." (before: "'),
    ("City of", "Town of", 'The site: the publisher changed to "Town of Springfield" (before: "City of Springfield").'),
    ("Call 911", "Call 112", 'The emergency notice changed to "Call 112." (before: "Call 911.").'),
    ("made up", "a drill", 'The demonstration notice changed to "All of this is a drill." (before: "'),
    ("555-0101", "555-0188", 'Contact City Hall: the phone number changed to "555-0188" (before: "555-0101").'),
    (
        "title: Springfield",
        "title: Shelbyville",
        'The site: the title changed to "Shelbyville" (before: "Springfield").',
    ),
]


def test_every_fact_that_residents_see(tmp_path: Path) -> None:
    folder = make_city(tmp_path, COUNTER).folder
    write_services(folder, COUNTER, ABOUT)
    build(folder)
    text = (folder / "services.yaml").read_text(encoding="utf-8")
    for old, new, _ in FACTS:
        assert text.count(old) == 1
        text = text.replace(old, new)
    (folder / "services.yaml").write_text(text, encoding="utf-8")
    told = diff_sentences(folder)
    for _, _, sentence in FACTS:
        assert any(line.startswith(f"- {sentence}") for line in told), (sentence, told)
    assert len(told) == len(FACTS)


def test_the_operator(folder: Path) -> None:
    build(folder)
    operators = "operators: {acme: {name: Acme, kind: state, phone: 555-0102}}\n"
    write_services(folder, SERVICES.replace("- name: Trash", "- {name: Trash, operator: acme}"), operators)
    assert '- Trash: its operator changed to "Acme, run by the state, 555-0102" (before: nothing).' in diff_sentences(
        folder
    )


def test_deadlines_that_are_moved(folder: Path) -> None:
    dated = POST.replace("---\nWe", "deadlines: [{id: tax, on: 2024-06-01, what: Taxes are due}]\n---\nWe")
    change(folder, dated)
    build(folder)
    change(folder, dated.replace("06-01", "06-15"))
    assert '- The deadline is now: 2024-06-15 Taxes are due (before: "2024-06-01 Taxes are due")' in diff_sentences(
        folder
    )


def test_a_promise_and_a_correction_in_their_own_words(folder: Path) -> None:
    promising = POST.replace("---\nWe", "next_update: 2024-05-06 09:00\n---\nWe")
    change(folder, promising)
    build(folder)
    correction = """\

## 2024-05-05 12:00 Correction
corrects: 2024-05-05 08:00
wrong: The phone line works
right: The phone line is down too
next_update: 2024-05-06 17:00

We are sorry.
"""
    change(folder, promising + correction)
    title = "- Bills cannot be paid online"
    told = diff_sentences(folder)
    assert (
        f'{title}: new update of 2024-05-05 12:00, "We are sorry.". It corrects: '
        'wrong was "The phone line works", right is "The phone line is down too".'
    ) in told
    assert f"{title}: the next update is now promised by 2024-05-06 17:00 (before: by 2024-05-06 09:00)." in told


def test_facts_without_a_sentence_are_named(folder: Path) -> None:
    site = build(folder)
    for key, value in {"groups": [{"id": "a", "name": "A"}], "colour": "blue"}.items():
        file = site / "status.json"
        file.write_text(json.dumps(json.loads(file.read_bytes()) | {key: value}), encoding="utf-8")
    assert diff_sentences(folder) == ["- Other facts change: groups, colour."]


def rewrite(file: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change a published document, as if another release had published it."""
    document = json.loads(file.read_bytes())
    change(document)
    file.write_text(json.dumps(document), encoding="utf-8")


def test_a_document_from_before_groups_were_for_staff_is_read(tmp_path: Path) -> None:
    folder = make_city(tmp_path, SERVICES.replace("Trash", "Trash\n    group: a"), POST).folder
    services = folder / "services.yaml"
    words = services.read_text(encoding="utf-8")
    services.write_text(words.replace("services:", "groups: [{id: a, name: A}]\nservices:", 1), encoding="utf-8")
    site = build(folder)
    rewrite(site / "status.json", lambda document: document["groups"][0].pop("staff"))
    assert diff_sentences(folder) == ["Residents will see no change."]


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        (status.DOCUMENT_TYPE, "status.json"),
        (history.DOCUMENT_TYPE, "history.json"),
        (incidents.DOCUMENT_TYPE, "incidents/post-1/incident.json"),
    ],
)
def test_documents_are_read_as_they_were_written(folder: Path, kind: DocumentType[Shape], path: str) -> None:
    change(folder, POST + NEXT)
    content = (build(folder) / path).read_bytes()
    assert kind.serialize(kind.parse(content)) == content


def test_a_site_of_a_release_that_lacks_newer_keys(folder: Path) -> None:
    site = build(folder)

    def remove_keys(document: dict[str, Any]) -> None:
        for service in document["services"]:
            for channel in service["channels"]:
                del channel["fee"], channel["accepts"]  # null and an empty list
        del document["reminders"], document["emergency"]

    rewrite(site / "status.json", remove_keys)
    assert diff_sentences(folder) == ["Residents will see no change."]
    write_services(folder, SERVICES.replace("kind: phone", "kind: phone, fee: $2"), "")
    assert diff_sentences(folder) == ['- Pay a bill, By phone: the fee changed to "$2" (before: nothing).']


def test_a_site_of_a_release_that_has_keys_of_its_own(folder: Path) -> None:
    site = build(folder)
    rewrite(site / "status.json", lambda document: document["services"][1]["channels"][0].update(color="blue"))
    rewrite(site / "incidents/post-1/incident.json", lambda document: document["updates"][0].update(mood={"now": 1}))
    others = "- Other facts change: services.channels.color, updates.mood."
    assert diff_sentences(folder) == [others]
    write_services(folder, SERVICES.replace("- name: Trash", "- {name: Trash, summary: Each week.}"), "")
    assert diff_sentences(folder) == ['- Trash: its summary changed to "Each week." (before: nothing).', others]


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda document: document.update(services={}), "services: Input should be a valid array"),
        (lambda document: document.update(version=2), "version: Input should be 1"),
        (lambda document: document["site"].pop("title"), "site.title: Field required"),
        (
            lambda document: document["services"][1]["channels"][1].update(phone=5550100),
            "services.1.channels.1.phone: Input should be a valid string",
        ),
        (
            lambda document: document["services"][0].update(essential="yes"),
            "services.0.essential: Input should be a valid",
        ),
        (lambda document: document["waivers"][0].update({"from": 7}), "waivers.0.from: Input should be a valid string"),
    ],
)
def test_what_is_wrong_in_a_document_is_told_with_its_place(
    folder: Path, damage: Callable[[dict[str, Any]], object], why: str
) -> None:
    site = build(folder)
    rewrite(site / "status.json", damage)
    [line] = run("diff", "--source", str(folder), code=1)
    assert line.startswith(f"{site}/status.json is not what statusgen publishes there ({why}")


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        (model_services.Service, status.Service),
        (model_services.Channel, status.ChannelNow),
        (model_contacts.Contact, status.Contact),
        (model_posts.Update, incidents.Update),
    ],
)
def test_each_key_that_has_a_label_is_in_the_data(kind: type, shape: type) -> None:
    assert declared_labels(kind).keys() <= {field.name for field in fields(shape)}


def test_services_in_another_order(folder: Path) -> None:
    build(folder)
    write_services(folder, "".join(SERVICES.splitlines(keepends=True)[i] for i in (1, 2, 0)), "")
    assert diff_sentences(folder) == ["- Other facts change: the order of services."]


def test_nothing_that_a_site_says_is_obeyed_by_the_terminal(folder: Path) -> None:
    site = build(folder)
    file = site / "status.json"
    status = json.loads(file.read_bytes()) | {"sentence": "a\x1b]0;owned\x07\x9b2J\u202eb"}
    status["services"][0]["name"] = "Old\x1b[2J\nname"
    file.write_text(json.dumps(status), encoding="utf-8")
    told = "".join(diff_sentences(folder))
    assert "owned" in told
    assert "Old" in told
    assert told.isprintable()


@contextmanager
def serve_answer(answer: bytes) -> Iterator[str]:
    """Serve these bytes as the answer to every request; the address."""

    class Handler(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            while self.rfile.readline().strip():
                pass
            self.wfile.write(answer)
            self.close_connection = True

    with serve(Handler) as address:
        yield address


def ok_answer(body: bytes, length: int | None = None) -> bytes:
    return b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % (len(body) if length is None else length) + body


@pytest.mark.parametrize(
    "answer",
    [
        ok_answer(b"{}"),
        ok_answer(b"[]"),
        ok_answer(b"null"),
        ok_answer(b'{"version": 1, "incidents": [{}]}'),
        ok_answer(b'{"version": 1, "incidents": 7}'),
        ok_answer(b'{"version": 1, "incidents": [{"id": "\\ud800"}]}'),
        ok_answer(b'{"version": 1, "incidents": []}'),  # so it is as status.json that it cannot be read
        ok_answer(b'{"version": 1, "incidents": [', 500),
        ok_answer(b"[" * 200_000),
        ok_answer(b'{"version": 1, "incidents": [], "more": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"),
        ok_answer(b"\xff\xfe"),
        b"\x00garbage\r\n\r\n",
        b"",
        b"HTTP/1.0 500 \x1b]0;owned\x07\r\n\r\n",
        b"HTTP/1.0 302 Found\r\nLocation: http://localhost:9/\r\n\r\n",
        b"HTTP/1.0 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n",
        b"HTTP/1.0 302 Found\r\nLocation: history.json\r\n\r\n",
    ],
    ids=lambda answer: repr(answer[:60]),
)
def test_answers_that_are_no_site_are_told_in_words(folder: Path, answer: bytes) -> None:
    with serve_answer(answer) as address:
        [line] = run("diff", "--source", str(folder), "--against", address, code=1)
    assert line.startswith((f"{address}history.json ", f"{address}status.json "))
    assert line.isprintable()


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/a b/", "http://127.0.0.1:x/", "ftp://127.0.0.1/", "http:///"])
def test_addresses_that_are_none_are_told_in_words(folder: Path, url: str) -> None:
    [line] = run("diff", "--source", str(folder), "--against", url, code=1)
    assert line.startswith(url)


def test_no_document_is_read_without_end(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("statusgen.diff.published._MAX_BYTES", 1000)
    with serve_answer(ok_answer(b" " * 2000)) as address:
        [line] = run("diff", "--source", str(folder), "--against", address, code=1)
    assert line == f"{address}history.json is too long."
