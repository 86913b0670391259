"""Webhooks, Mastodon, chat rooms and collectors of alerts: once each, and honest about what nobody knows."""

import json
import logging
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest

from statusgen.board.board import make_board
from statusgen.model.channels import NotifyChannel, NotifyKind
from statusgen.model.times import When
from statusgen.model.whole_site import Site
from statusgen.notify import web_request
from statusgen.notify.cap import make_cap
from statusgen.notify.chat import make_chat
from statusgen.notify.mastodon import make_mastodon
from statusgen.notify.message import Message, NotSentError, ResultUnknownError, Sender
from statusgen.notify.short_text import fit_text
from statusgen.notify.webhook import make_webhook
from statusgen.outputs.alerts import documents
from statusgen.problems import NotifyError
from statusgen.theme.renderer import Renderer
from tests.support.paths import PACKAGE
from tests.support.receivers import Mastodon, Receiver, Reply, receive, take_alert, verify_webhook
from tests.support.telling import make_town

# Apprise imports PGPy, which imports what Python 3.13 no longer has.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

NOW = datetime(2026, 11, 30, 16, 2, tzinfo=UTC)
KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TOKEN = "ZA-Yj3aBD8U8Cm7lKUp-lm9O9BmDgdhHzDeqsY8tlL0"
MESSAGE = Message(
    update_id="tag:t.example,2026-11-30:/network/2026-11-30-1002",
    incident_id="tag:t.example,2026-11-30:/network/",
    url="https://t.example/incidents/network/#update-2026-11-30-1002",
    language="es",
    subject="La red no funciona",
    text="No podemos cobrar el agua en línea.\nPague por teléfono.",
    html="<p>No podemos cobrar el agua en línea.</p><p>Pague por teléfono.</p>",
    short="La red no funciona. Pague por teléfono.",
    at=NOW,
)
MADE: dict[NotifyKind, Callable[[NotifyChannel, Site, Mapping[str, str]], Sender]] = {
    NotifyKind.WEBHOOK: make_webhook,
    NotifyKind.MASTODON: make_mastodon,
    NotifyKind.CAP: make_cap,
    NotifyKind.CHAT: make_chat,
}
ALERTS = "alerts: {sender: a@t.example, area: T, codes: {SAME: '017167'}}"
SERVICES = "services: [{id: bill, name: Pay a bill}]"
POST = """
    ---
    title: The network is down
    started: 2026-11-30 10:02
    services: {bill: down}
    ---
    A cable broke.
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return make_town(tmp_path_factory.mktemp("site"), SERVICES, ALERTS, network=POST).city.site


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receive() as receiver:
        yield receiver


def make_channel(kind: NotifyKind, to: str | None = None, staff: bool = False) -> NotifyChannel:
    return NotifyChannel("water-list", kind, When.moment(NOW), to=to, staff=staff)


def make_sender(kind: NotifyKind, receiver: Receiver, site: Site) -> Sender:
    environment = {"STATUSGEN_WATER_LIST_TOKEN": TOKEN, "STATUSGEN_WATER_LIST_SECRET": KEY}
    if kind is NotifyKind.CHAT:
        environment["STATUSGEN_WATER_LIST"] = receiver.url.replace("http", "json")
    return MADE[kind](make_channel(kind, f"{receiver.url}/in"), site, environment)


def make_alert(site: Site) -> bytes:
    found = documents.files(make_board(site, NOW), Renderer(Path()))
    return next(file.content for file in found if file.path.startswith("alerts/"))


# Webhooks.


def test_a_webhook_gets_what_its_schema_says_signed(receiver: Receiver, site: Site) -> None:
    make_sender(NotifyKind.WEBHOOK, receiver, site).send(MESSAGE)
    assert verify_webhook(receiver.only, KEY, time.time())
    assert receiver.only.path == "/in"
    document = json.loads(receiver.only.body)
    schema = json.loads((PACKAGE / "notify/webhook.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(document)
    assert document == {
        "type": "update.published",
        "timestamp": "2026-11-30T16:02:00+00:00",
        "data": {
            "version": 1,
            "id": MESSAGE.update_id,
            "incident": MESSAGE.incident_id,
            "url": MESSAGE.url,
            "language": "es",
            "title": "La red no funciona",
            "text": MESSAGE.text,
            "short": MESSAGE.short,
        },
    }


def test_a_webhook_tells_a_reminder_from_an_update(receiver: Receiver, site: Site) -> None:
    make_sender(NotifyKind.WEBHOOK, receiver, site).send(replace(MESSAGE, is_reminder=True))
    assert json.loads(receiver.only.body)["type"] == "staff.reminder"


def test_a_verifier_refuses_what_was_changed_or_is_old(receiver: Receiver, site: Site) -> None:
    make_sender(NotifyKind.WEBHOOK, receiver, site).send(MESSAGE)
    request = receiver.only
    with pytest.raises(ValueError, match="not signed"):
        verify_webhook(replace(request, body=request.body.replace(b"agua", b"gas")), KEY, time.time())
    with pytest.raises(ValueError, match="old"):
        verify_webhook(request, KEY, time.time() + 400)


def test_a_reader_can_drop_what_is_sent_again(receiver: Receiver, site: Site) -> None:
    sender = make_sender(NotifyKind.WEBHOOK, receiver, site)
    sender.send(MESSAGE)
    sender.send(replace(MESSAGE, text="Otra"))
    sender.send(replace(MESSAGE, update_id=f"{MESSAGE.update_id}-2"))
    first, again, other = (verify_webhook(request, KEY, time.time()) for request in receiver.received)
    assert first == again != other


# Mastodon.


def test_mastodon_gets_a_public_post_in_its_language(site: Site) -> None:
    mastodon = Mastodon(TOKEN)
    with receive(mastodon.answer) as receiver:
        make_sender(NotifyKind.MASTODON, receiver, site).send(MESSAGE)
    (status,) = mastodon.statuses
    assert status["status"] == f"La red no funciona. Pague por teléfono.\n\n{MESSAGE.url}"
    assert (status["language"], status["visibility"]) == ("es", "public")


@pytest.mark.parametrize(
    "trouble", ["cut", "hang up", (500, {}, b""), (502, {}, b""), (200, {}, b"<p>Sign in"), "late"]
)
def test_a_post_is_asked_for_again_once_and_made_once(
    trouble: str | Reply, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    mastodon = Mastodon(TOKEN)
    with receive(mastodon.answer) as receiver:
        receiver.troubles = [trouble]
        monkeypatch.setattr(web_request, "TIME_LIMIT", 0.5)
        sender = make_sender(NotifyKind.MASTODON, receiver, site)
        sender.send(MESSAGE)
        sender.send(MESSAGE)  # someone who was not sure
    assert len(mastodon.statuses) == 1
    assert receiver.connections == 3


def test_nobody_knows_of_a_post_when_mastodon_is_silent_twice(site: Site) -> None:
    mastodon = Mastodon(TOKEN)
    with receive(mastodon.answer) as receiver:
        receiver.troubles = ["cut", "cut"]
        with pytest.raises(ResultUnknownError):
            make_sender(NotifyKind.MASTODON, receiver, site).send(MESSAGE)
    assert len(mastodon.statuses) == 1


@pytest.mark.parametrize("reply", [(429, {}, b""), (401, {}, b"")], ids=["wait", "token"])
def test_a_refusal_after_a_silence_says_nothing_of_the_first_request(reply: Reply, site: Site) -> None:
    mastodon = Mastodon(TOKEN)
    with receive(mastodon.answer) as receiver:
        receiver.troubles = ["cut", reply]
        with pytest.raises(ResultUnknownError):
            make_sender(NotifyKind.MASTODON, receiver, site).send(MESSAGE)
    assert len(mastodon.statuses) == 1


def test_a_wrong_token_is_refused_and_not_told(site: Site) -> None:
    with (
        receive(Mastodon("another").answer) as receiver,
        pytest.raises(NotSentError, match="Set its key again") as caught,
    ):
        make_sender(NotifyKind.MASTODON, receiver, site).send(MESSAGE)
    assert TOKEN not in str(caught.value)
    assert receiver.connections == 1


def test_a_long_text_is_cut_between_words_and_its_address_is_whole(site: Site) -> None:
    mastodon = Mastodon(TOKEN)
    words = " ".join(f"palabra{number}" for number in range(200))
    with receive(mastodon.answer) as receiver:
        sender = make_sender(NotifyKind.MASTODON, receiver, site)
        for number in range(12):
            sender.send(replace(MESSAGE, short=words[number:], update_id=f"{MESSAGE.update_id}{number}"))
    for status in mastodon.statuses:
        text, _, url = status["status"].rpartition("\n\n")
        assert url == MESSAGE.url
        assert 480 - len(url) < len(text) <= 500 - len(url) - 2
        assert text.endswith("…")
        assert f"{text.removesuffix('…')} " in words


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("Short.", 40, "Short.\n\nhttps://t.example/"),
        ("Short. https://t.example/", 40, "Short.\n\nhttps://t.example/"),
        ("Exactly this", 32, "Exactly this\n\nhttps://t.example/"),
        ("Exactly this", 31, "Exactly…\n\nhttps://t.example/"),
        ("Oneverylongwordwithoutanyspace", 30, "https://t.example/"),
    ],
)
def test_texts_fit(text: str, limit: int, expected: str) -> None:
    assert fit_text(text, "https://t.example/", limit) == expected


# Alerts.


def test_an_alert_arrives_as_it_was_published(site: Site) -> None:
    alert = make_alert(site)
    with receive(take_alert) as receiver:
        make_sender(NotifyKind.CAP, receiver, site).send(replace(MESSAGE, alert=alert))
    assert receiver.only.body == alert
    assert receiver.only.headers["authorization"] == f"Bearer {TOKEN}"


def test_a_token_is_not_needed_for_alerts(site: Site) -> None:
    with receive(take_alert) as receiver:
        channel = make_channel(NotifyKind.CAP, receiver.url)
        make_cap(channel, site, {}).send(replace(MESSAGE, alert=make_alert(site)))
    assert "authorization" not in receiver.only.headers


def test_an_update_without_an_alert_is_not_sent(receiver: Receiver, site: Site) -> None:
    make_sender(NotifyKind.CAP, receiver, site).send(MESSAGE)
    assert receiver.connections == 0


# Chat rooms.


def test_a_chat_room_is_told_by_apprise(receiver: Receiver, site: Site) -> None:
    make_sender(NotifyKind.CHAT, receiver, site).send(MESSAGE)
    told = json.loads(receiver.only.body)
    assert told["title"] == MESSAGE.subject
    assert told["message"] == f"{MESSAGE.text}\n\n{MESSAGE.url}"


def test_a_room_that_takes_less_gets_the_short_text_and_the_address(receiver: Receiver, site: Site) -> None:
    address = receiver.url.replace("http", "mmost") + "/3ccdd113474722377935511fc85d3dd4"
    sender = make_chat(make_channel(NotifyKind.CHAT), site, {"STATUSGEN_WATER_LIST": address})
    sender.send(replace(MESSAGE, text="palabra " * 10_000))
    told = json.loads(receiver.only.body)["text"]
    assert MESSAGE.short in told
    assert MESSAGE.url in told
    assert "palabra" not in told


@pytest.mark.parametrize("trouble", ["cut", (500, {}, b""), (403, {}, b"")])
def test_what_apprise_does_not_know_is_unknown_and_sent_once(
    trouble: str | Reply, receiver: Receiver, site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    receiver.troubles = [trouble]
    address = receiver.url.replace("http", "json") + "/?retry=4"
    sender = make_chat(make_channel(NotifyKind.CHAT), site, {"STATUSGEN_WATER_LIST": address})
    with pytest.raises(ResultUnknownError, match="STATUSGEN_WATER_LIST"):
        sender.send(MESSAGE)
    assert receiver.connections == 1
    assert capfd.readouterr() == ("", "")


def test_a_room_is_not_followed_to_another_server(receiver: Receiver, site: Site) -> None:
    with receive() as other:
        receiver.troubles = [(307, {"Location": f"{other.url}/"}, b"")]
        with pytest.raises(ResultUnknownError):
            make_sender(NotifyKind.CHAT, receiver, site).send(MESSAGE)
    assert other.connections == 0


def test_apprise_is_asked_for_by_its_name(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)  # as if it were not installed
    with pytest.raises(NotifyError, match=r"pip install 'statusgen\[notify\]'"):
        make_chat(make_channel(NotifyKind.CHAT), site, {"STATUSGEN_WATER_LIST": "slack://a/b/c"})


# All of them.

KINDS = pytest.mark.parametrize("kind", [NotifyKind.WEBHOOK, NotifyKind.MASTODON, NotifyKind.CAP])
NOT_SENT: list[Reply] = [
    (301, {"Location": "https://elsewhere.example/"}, b""),
    (307, {"Location": "/again"}, b""),
    (400, {}, b""),
    (401, {}, b""),
    (404, {}, b""),
    (413, {}, b""),
    (429, {"Retry-After": "120"}, b""),
    (503, {}, b""),
]


@KINDS
@pytest.mark.parametrize("reply", NOT_SENT, ids=lambda reply: str(reply[0]))
def test_what_a_server_refuses_was_not_sent(kind: NotifyKind, reply: Reply, receiver: Receiver, site: Site) -> None:
    receiver.troubles = [reply]
    with pytest.raises(NotSentError, match=r"Set its key|Correct|Try again|another address"):
        make_sender(kind, receiver, site).send(replace(MESSAGE, alert=b"<alert/>"))
    assert receiver.connections == 1


@KINDS
def test_a_server_that_is_not_there_was_sent_nothing(kind: NotifyKind, receiver: Receiver, site: Site) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and not listening
        receiver.url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(NotSentError, match="cannot be reached"):
            make_sender(kind, receiver, site).send(replace(MESSAGE, alert=b"<alert/>"))


@pytest.mark.parametrize("kind", [NotifyKind.WEBHOOK, NotifyKind.CAP])
@pytest.mark.parametrize("trouble", ["cut", "hang up", "late", (500, {}, b""), (504, {}, b"")], ids=str)
def test_nobody_knows_what_a_server_did_that_did_not_answer(
    kind: NotifyKind, trouble: str | Reply, receiver: Receiver, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_request, "TIME_LIMIT", 0.3)
    receiver.troubles = [trouble]
    with pytest.raises(ResultUnknownError):
        make_sender(kind, receiver, site).send(replace(MESSAGE, alert=b"<alert/>"))
    assert receiver.connections == 1


def test_a_server_that_took_it_may_not_answer_without_end(
    receiver: Receiver, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_request, "TIME_LIMIT", 0.3)
    receiver.troubles = ["drip"]
    make_sender(NotifyKind.WEBHOOK, receiver, site).send(MESSAGE)  # it said 200, and then talked on
    assert receiver.connections == 1


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("120", "in 120 seconds"),
        ("999999999999999999", "later"),
        ("-5", "later"),
        ("²", "later"),
        ("soon", "later"),
        ("Wed, 21 Oct 2015 07:28:00 GMT", "later"),
        ("Fri, 31 Dec 9999 23:59:59 GMT", "later"),
    ],
)
def test_how_long_to_wait_is_believed_within_reason(header: str, said: str, receiver: Receiver, site: Site) -> None:
    receiver.troubles = [(429, {"Retry-After": header}, b"")]
    with pytest.raises(NotSentError, match=f"Try again {said}"):
        make_sender(NotifyKind.WEBHOOK, receiver, site).send(MESSAGE)


@KINDS
@pytest.mark.parametrize(
    "address",
    [
        "http://status.example/in",
        "http://127.0.0.1.example/in",
        "ftp://127.0.0.1/",
        "https://user:hunter2@t.example/",
        "https://t.example/#in",
        "https:///in",
        "https://t.example:0/",
        "https://[::1/",
        "https://t.example:99999/",
    ],
)
def test_messages_go_to_safe_addresses_alone(kind: NotifyKind, address: str, site: Site) -> None:
    environment = {"STATUSGEN_WATER_LIST": address, "STATUSGEN_WATER_LIST_TOKEN": TOKEN}
    environment["STATUSGEN_WATER_LIST_SECRET"] = KEY
    with pytest.raises(NotifyError, match="STATUSGEN_WATER_LIST is not an address") as caught:
        MADE[kind](make_channel(kind), site, environment)
    assert address not in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("kind", MADE)
def test_what_is_missing_is_named(kind: NotifyKind, site: Site) -> None:
    with pytest.raises(NotifyError, match=r"water-list.*STATUSGEN_WATER_LIST\b"):
        MADE[kind](make_channel(kind), site, {})


@pytest.mark.parametrize(
    "secret", ["hunter2", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_%%%%"]
)
def test_a_weak_secret_is_refused_and_not_told(secret: str, site: Site) -> None:
    channel = make_channel(NotifyKind.WEBHOOK, "https://t.example/")
    with pytest.raises(NotifyError, match="STATUSGEN_WATER_LIST_SECRET") as caught:
        make_webhook(channel, site, {"STATUSGEN_WATER_LIST_SECRET": secret})
    assert secret.removeprefix("whsec_") in ("", *str(caught.value).split()) or secret not in str(caught.value)


@pytest.mark.parametrize("kind", [NotifyKind.MASTODON, NotifyKind.CAP])
def test_what_everybody_reads_is_no_channel_for_staff(kind: NotifyKind, site: Site) -> None:
    with pytest.raises(NotifyError, match="for staff"):
        MADE[kind](make_channel(kind, "https://t.example", staff=True), site, {"STATUSGEN_WATER_LIST_TOKEN": TOKEN})


# A careless server gives back in its errors what it was sent.
ECHO: Reply = (400, {"X-Echo": TOKEN, "Content-Type": f"text/{KEY}"}, f"{TOKEN} {KEY}".encode())


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("trouble", ["cut", "hang up", ECHO, (403, {}, b"")], ids=["cut", "hang up", "echo", "refused"])
def test_no_message_log_or_traceback_tells_a_secret(
    kind: NotifyKind,
    trouble: str | Reply,
    receiver: Receiver,
    site: Site,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.WARNING)
    path = "services-T0-B0-hunter2"
    scheme = "json" if kind is NotifyKind.CHAT else "http"
    environment = {
        "STATUSGEN_WATER_LIST": f"{receiver.url}/{path}".replace("http", scheme),
        "STATUSGEN_WATER_LIST_TOKEN": TOKEN,
        "STATUSGEN_WATER_LIST_SECRET": KEY,
    }
    receiver.troubles = [trouble, trouble]
    sender = MADE[kind](make_channel(kind), site, environment)
    with pytest.raises((NotSentError, ResultUnknownError)) as caught:
        sender.send(replace(MESSAGE, alert=b"<alert/>"))
    told = "".join(traceback.format_exception(caught.value)) + repr(sender) + caplog.text + "".join(capfd.readouterr())
    for secret in (TOKEN, KEY, KEY.removeprefix("whsec_"), path, "hunter2"):
        assert secret not in told


def test_a_line_end_in_a_secret_is_found_before_anything_is_sent(receiver: Receiver, site: Site) -> None:
    channel = make_channel(NotifyKind.CAP, receiver.url)
    with pytest.raises(NotifyError, match="STATUSGEN_WATER_LIST_TOKEN has a space, a line end") as caught:
        make_cap(channel, site, {"STATUSGEN_WATER_LIST_TOKEN": "hunter2\r\nX-Other: 1"})
    assert "hunter2" not in str(caught.value)
    assert receiver.connections == 0
