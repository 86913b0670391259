"""Pages are looked at within limits, and nothing that others say leads into the city's own network."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import monotonic

import pytest

from statusgen.follow.fetch import MAX_BYTES, fetch
from statusgen.follow.look import Look, look_at_all
from statusgen.follow.seen import NotReadError
from statusgen.model.following import Dependence, Followed, FollowKind
from statusgen.model.statuses import Status
from statusgen.model.words import Words
from statusgen.trust.connections import is_private
from tests.support import published_status as published
from tests.support.published_status import Answered, StatusServer, serve_status

CARDS = Dependence(("permits",), "Cards")
DOCUMENTS: dict[FollowKind, dict[str, object]] = {
    FollowKind.STATUSPAGE: {"/api/v2/summary.json": published.statuspage({"Cards": "major_outage"})},
    FollowKind.INSTATUS: {
        "/summary.json": published.instatus("HASISSUES", ("Cards", "MAJOROUTAGE")),
        "/v2/components.json": published.instatus_components({"Cards": "MAJOROUTAGE"}),
    },
    FollowKind.BETTER_STACK: {"/index.json": published.better_stack("downtime", {"Cards": "downtime"})},
    FollowKind.FEED: {"/history.atom": published.atom(("Cards fail", "Investigating", published.STARTED))},
    FollowKind.GATUS: {"/api/v1/endpoints/statuses": published.gatus({"Cards": [False]})},
    FollowKind.UPTIME_KUMA: dict(
        zip(
            ("/api/status-page/city", "/api/status-page/heartbeat/city"),
            published.uptime_kuma({"Cards": [0]}),
            strict=True,
        )
    ),
    FollowKind.HEALTHCHECKS: {"/api/v3/checks/": published.healthchecks({"Cards": "down"})},
}
PATHS = {FollowKind.FEED: "/history.atom", FollowKind.UPTIME_KUMA: "/status/city"}


@pytest.fixture
def server() -> Iterator[StatusServer]:
    with serve_status() as server:
        yield server


def follow(kind: FollowKind, source: str | None, id: str = "paygov") -> Followed:
    return Followed(id, kind, Words((("en", "the payment company"),)), (CARDS,), source)


def look(followed: Followed, folder: Path, environment: Mapping[str, str] | None = None, limit: float = 20.0) -> Look:
    return look_at_all([followed], folder, environment or {}, {}, limit)[0]


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_each_kind_is_read_where_it_publishes(kind: FollowKind, server: StatusServer, tmp_path: Path) -> None:
    server.documents = dict(DOCUMENTS[kind])
    found = look(follow(kind, server.url + PATHS.get(kind, "/")), tmp_path, {"STATUSGEN_PAYGOV": "a-key"})
    assert found.failure == ""
    expected = Status.UNKNOWN if kind is FollowKind.FEED else Status.DOWN
    assert found.find(CARDS).status is expected
    keys = {key for _, key in server.asked}
    assert keys == ({"a-key"} if kind is FollowKind.HEALTHCHECKS else {None})


def test_without_its_key_healthchecks_is_not_asked(server: StatusServer, tmp_path: Path) -> None:
    found = look(follow(FollowKind.HEALTHCHECKS, server.url), tmp_path)
    assert "STATUSGEN_PAYGOV" in found.failure
    assert server.asked == []


@pytest.mark.parametrize("how", ["silent", "dripping"])
def test_what_is_slow_is_given_up(how: str, tmp_path: Path) -> None:
    began = monotonic()
    with serve_status(silent=how == "silent", dripping=how == "dripping") as slow:
        slow.documents = dict(DOCUMENTS[FollowKind.STATUSPAGE])
        found = look(follow(FollowKind.STATUSPAGE, slow.url), tmp_path, limit=0.3)
    assert "takes too long" in found.failure
    assert monotonic() - began < 5


def test_what_is_slow_keeps_no_other_waiting(server: StatusServer, tmp_path: Path) -> None:
    server.documents = dict(DOCUMENTS[FollowKind.STATUSPAGE])
    with serve_status(silent=True) as slow:
        pages = [follow(FollowKind.STATUSPAGE, url, id) for id, url in (("slow", slow.url), ("quick", server.url))]
        looks = look_at_all(pages, tmp_path, {}, {}, 2.0)
    assert [bool(each.failure) for each in looks] == [True, False]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_a_private_address_is_refused(status: int, server: StatusServer) -> None:
    """The other server is on loopback, which is as private as any."""
    with serve_status({"/": {}}) as inside:
        server.documents = {"/": Answered(status, {"Location": f"{inside.url}/"})}
        with pytest.raises(NotReadError, match="private network"):
            fetch(f"{server.url}/", may_be_private=True, headers={"X-Api-Key": "a-key"})
        assert inside.asked == []


@pytest.mark.parametrize("host", ["localhost", "[::ffff:127.0.0.1]"])
def test_a_redirect_by_another_name_for_it_is_refused_too(host: str, server: StatusServer) -> None:
    with serve_status({"/": {}}) as inside:
        port = inside.url.rpartition(":")[2]
        server.documents = {"/": Answered(302, {"Location": f"http://{host}:{port}/"})}
        with pytest.raises(NotReadError):
            fetch(f"{server.url}/", may_be_private=True)
        assert inside.asked == []


def test_a_name_that_leads_into_a_private_network_is_refused(
    server: StatusServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who runs a page also says where its name leads. What looks it up is the system, of which this is a stand-in."""
    server.documents = {"/": {}}
    port = server.url.rpartition(":")[2]
    import socket

    def resolve(host: str, *_args: object, **_more: object) -> object:
        assert host == "status.paygov.example"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", int(port)))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(NotReadError, match="private network"):
        fetch(f"http://status.paygov.example:{port}/", may_be_private=False)
    assert server.asked == []
    assert fetch(f"http://status.paygov.example:{port}/", may_be_private=True) == b"{}", "a monitor of the city's own"


def test_a_redirect_on_the_same_server_is_followed(server: StatusServer) -> None:
    server.documents = {"/": Answered(302, {"Location": "/there"}), "/there": b"here"}
    assert fetch(f"{server.url}/", may_be_private=False) == b"here"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answered(302, {"Location": "/"}), "without end"),
        (Answered(302, {"Location": "file:///etc/passwd"}), "no address on the web"),
        (Answered(302, {"Location": "http://169.254.169.254/"}), "cannot be read"),
        (Answered(500), "status 500"),
        (Answered(404), "status 404"),
        (Answered(200, {"Content-Encoding": "gzip"}, b"x"), "compressed"),
        (Answered(200, {}, b" " * (MAX_BYTES + 1)), "larger than"),
    ],
)
def test_what_is_no_document_is_not_read(answer: Answered, why: str, server: StatusServer) -> None:
    server.documents = {"/": answer}
    with pytest.raises(NotReadError, match=why):
        fetch(f"{server.url}/", may_be_private=True, time_limit=5.0)


def test_nobody_there_is_not_all_well(tmp_path: Path) -> None:
    found = look(follow(FollowKind.STATUSPAGE, "http://127.0.0.1:1"), tmp_path)
    assert "cannot be read" in found.failure
    with pytest.raises(NotReadError):
        found.find(CARDS)


def test_a_monitor_can_be_in_a_file_outside_of_the_site(tmp_path: Path) -> None:
    site, file = tmp_path / "site", tmp_path / "gatus.json"
    site.mkdir()
    file.write_text(json.dumps(published.gatus({"Cards": [False]})))
    assert look(follow(FollowKind.GATUS, f"file:{file}"), site).find(CARDS).status is Status.DOWN
    assert "is no file" in look(follow(FollowKind.GATUS, f"file:{site}"), tmp_path / "other").failure
    (site / "inside.json").write_bytes(file.read_bytes())
    assert "inside of this site" in look(follow(FollowKind.GATUS, f"file:{site}/inside.json"), site).failure


@pytest.mark.parametrize(
    "address",
    [
        *("10.1.2.3", "127.0.0.1", "192.168.1.1", "100.64.0.1", "0.0.0.0", "224.0.0.1"),
        *("::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::"),
    ],
)
def test_private_addresses_in_whatever_dress(address: str) -> None:
    assert is_private(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800::1", "64:ff9b::5db8:d822"])
def test_public_addresses(address: str) -> None:
    assert not is_private(address)
