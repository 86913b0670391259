"""`statusgen verify` names every change to a copy of a site, in a folder or on any server."""

import json
import re
import shutil
import subprocess
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import minisign
import pytest
from click.testing import CliRunner

from statusgen.cli.main import main
from statusgen.trust.copies import UnreadableFileError, WebCopy
from tests.support.signing_keys import keys_folder, private_key, signers_file
from tests.support.tampering import (
    LATER,
    MANIFEST,
    SIGNATURE,
    Sites,
    build_sites,
    find_missed,
    find_unnamed,
    proof_options,
    run,
    swap,
    tamper,
    tamperings,
)
from tests.support.web_server import serve_folder


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Sites:
    return build_sites(tmp_path_factory.mktemp("sites") / "made")


def test_every_one_of_five_hundred_tamperings_is_named(sites: Sites, tmp_path: Path) -> None:
    copy = sites.copy(tmp_path)
    done = tamperings(sites)
    assert find_missed(sites, copy, done) == []
    assert len(done) >= 500
    assert len({kind for kind, _, _ in done}) >= 15
    assert run("verify", copy, *proof_options(sites, "")).exit_code == 0  # and as it was, it is genuine


def test_a_sample_of_them_is_named_over_http(sites: Sites, tmp_path: Path) -> None:
    copy = sites.copy(tmp_path)
    seen = [each for each in tamperings(sites) if "added" not in each[0] and each[2] != ["_headers"]]
    sample = [*seen[:7], *seen[7 :: len(seen) // 20]]
    with serve_folder(copy) as address:
        for each in sample:
            with tamper(copy, each, sites):
                if each[0] == "link":
                    continue  # a server follows it, and the bytes are right
                result = run("verify", address, *proof_options(sites, each[0]))
                assert find_unnamed(result, each[2]) == [], (each[0], result.output)
        result = run("verify", address, *proof_options(sites, ""))
    assert result.exit_code == 0, result.output
    assert "A file that was added, and that no page links to, cannot be seen from outside" in result.output


def test_what_was_added_to_a_live_site_is_seen_where_a_changed_page_leads_to_it(sites: Sites, tmp_path: Path) -> None:
    copy = sites.copy(tmp_path)
    (copy / "login").mkdir()
    (copy / "login" / "index.html").write_text("Your password, please.")
    front = (copy / "index.html").read_text()
    with serve_folder(copy) as address:
        assert run("verify", address).exit_code == 0  # it cannot be seen
        (copy / "index.html").write_text(front.replace("</main>", '<a href="login/">Log in</a></main>'))
        result = run("verify", address)
    assert find_unnamed(result, ["index.html", "login/index.html"]) == []


# What it says of a copy that is whole


def test_it_says_what_it_verified_and_what_that_does_not_prove(sites: Sites) -> None:
    result = run("verify", sites.newer)
    assert result.exit_code == 0
    assert f"{len(sites.files())} files listed: all are as published. It shows 2024-05-05 10:00 CDT" in result.output
    assert "anyone who changed its files could have changed the list as well" in result.output
    result = run("verify", sites.newer, "--signers", signers_file("ada", "bob"), "--identity", "ada@city.example")
    assert result.exit_code == 0
    assert "Signed by ada@city.example." in result.output
    assert "could have changed" not in result.output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"names": ("bob",)}, "does not list"),
        ({"names": ("ada",), "options": 'valid-before="20240501"'}, "does not allow for this at 2024-05-05 15:00 UTC"),
        ({"names": ("ada",), "options": 'namespaces="git"'}, "does not allow for this"),
    ],
)
def test_a_signature_that_does_not_count_is_explained(sites: Sites, options: dict[str, str], words: str) -> None:
    names = options.pop("names")
    result = run("verify", sites.newer, "--signers", signers_file(*names, **options))
    assert result.exit_code == 1
    assert "manifest.json is signed with a key that" in result.output
    assert words in result.output


def test_somebody_else_of_the_same_list_is_not_who_was_asked_for(sites: Sites) -> None:
    result = run("verify", sites.newer, "--signers", signers_file("ada", "bob"), "--identity", "bob@city.example")
    assert result.exit_code == 1
    assert "is signed by ada@city.example and not by bob@city.example" in result.output


@pytest.mark.parametrize(
    ("at", "options", "is_late"),
    [
        ("2024-05-05 23:59", (), False),
        ("2024-05-06 00:14", (), False),
        ("2024-05-06 00:15", (), True),
        ("2024-05-06 00:15", ("--grace", "60"), False),
        ("2024-05-05 11:00", ("--max-age", "60"), False),
        ("2024-05-05 11:01", ("--max-age", "60"), True),
    ],
)
def test_a_site_that_is_older_than_it_should_be_fails(
    sites: Sites, at: str, options: tuple[str, ...], is_late: bool
) -> None:
    result = run("verify", sites.newer, "--at", at, *options)
    assert result.exit_code == is_late
    assert ("manifest.json is too old: it shows 2024-05-05 10:00 CDT" in result.output) is is_late


def test_a_whole_older_site_is_told_from_the_newer_one(sites: Sites) -> None:
    for trusted in (("--against", sites.newer), ("--manifest", sites.newer / MANIFEST)):
        result = run("verify", sites.older, *trusted)
        assert result.exit_code == 1
        words = "manifest.json is from an older build: it shows 2024-05-05 09:00 CDT, and not 2024-05-05 10:00 CDT."
        assert words in result.output


def test_a_copy_may_have_what_one_says_it_may_have(sites: Sites, tmp_path: Path) -> None:
    copy = sites.copy(tmp_path)
    (copy / ".htaccess").write_text("ErrorDocument 404 /404.html\n")
    assert run("verify", copy).exit_code == 1
    assert run("verify", copy, "--ignore", ".htaccess").exit_code == 0


def test_a_folder_that_is_a_link_is_not_looked_into(sites: Sites, tmp_path: Path) -> None:
    copy = sites.copy(tmp_path)
    shutil.rmtree(copy / "services")
    (copy / "services").symlink_to(sites.newer / "services")
    below = [path for path in sites.files() if path.startswith("services/")]
    result = run("verify", copy)
    assert find_unnamed(result, [*below, "services"]) == []
    assert "is a link, or is behind one" in result.output


def test_git_s_own_files_in_a_published_branch_are_none_of_the_site(sites: Sites, tmp_path: Path) -> None:
    copy = sites.copy(tmp_path)
    (copy / ".git").mkdir()
    (copy / ".git" / "config").write_text("")
    assert run("verify", copy).exit_code == 0


def test_swapped_files_and_longer_ones_are_explained(sites: Sites, tmp_path: Path) -> None:
    copy = sites.copy(tmp_path)
    swap(copy / "status.json", copy / "status.txt")
    (copy / "index.html").write_bytes(b"x" * 5_000_000)
    said = run("verify", copy).output
    assert "status.json is not what was published: it has what belongs to status.txt." in said
    assert re.search(
        r"index\.html is not what was published: it has more than the \d+ bytes that it should have\.", said
    )


# minisign


@pytest.fixture(scope="module")
def key_pair() -> tuple[Path, Path]:
    made = minisign.KeyPair.generate()
    secret, public = keys_folder() / "minisign.key", keys_folder() / "minisign.pub"
    secret.write_bytes(bytes(made.secret_key) + b"\n")
    public.write_bytes(bytes(made.public_key) + b"\n")
    return secret, public


def test_a_minisign_key_signs_too_and_the_same_site_always_alike(
    sites: Sites, key_pair: tuple[Path, Path], tmp_path: Path
) -> None:
    source = sites.newer.parent / "city"
    both = ("--sign", key_pair[0], "--sign", private_key("ada"))
    for name in ("one", "two"):
        assert run("build", "--source", source, "--output", tmp_path / name, "--at", LATER, *both).exit_code == 0
    signed = tmp_path / "one" / "manifest.json.minisig"
    assert signed.read_bytes() == (tmp_path / "two" / "manifest.json.minisig").read_bytes()
    assert (tmp_path / "one" / SIGNATURE).read_bytes() == (tmp_path / "two" / SIGNATURE).read_bytes()
    text = key_pair[1].read_text().splitlines()[1]
    for public in (key_pair[1], text):
        result = run("verify", tmp_path / "one", "--minisign-key", public)
        assert result.exit_code == 0, result.output
    stranger = minisign.KeyPair.generate().public_key.to_base64().decode()
    result = run("verify", tmp_path / "one", "--minisign-key", stranger)
    assert result.exit_code == 1
    assert "manifest.json has no signature by that minisign key." in result.output
    manifest = tmp_path / "one" / MANIFEST
    manifest.write_bytes(manifest.read_bytes().replace(b'"program": "', b'"program": "9'))
    assert run("verify", tmp_path / "one", "--minisign-key", text).exit_code == 1


def test_the_program_minisign_takes_our_signature_and_we_take_its_own(
    sites: Sites, key_pair: tuple[Path, Path], tmp_path: Path
) -> None:
    source, site = sites.newer.parent / "city", tmp_path / "site"
    assert run("build", "--source", source, "--output", site, "--at", LATER, "--sign", key_pair[0]).exit_code == 0
    verify = ["minisign", "-V", "-p", str(key_pair[1]), "-m", str(site / MANIFEST)]
    subprocess.run(verify, check=True, capture_output=True)
    signature = site / "manifest.json.minisig"
    ours = signature.read_bytes()
    signed = ["minisign", "-S", "-s", str(key_pair[0]), "-m", str(site / MANIFEST)]
    subprocess.run(signed, check=True, capture_output=True, input=b"\n")
    assert signature.read_bytes() != ours  # it has the time in it
    assert run("verify", site, "--minisign-key", key_pair[1], "--ignore", ".statusgen").exit_code == 0


def test_a_key_with_a_password_asks_for_it(sites: Sites, tmp_path: Path) -> None:
    secret = minisign.KeyPair.generate().secret_key
    secret.encrypt("tax day", opslimit=32768, memlimit=2**24)
    (tmp_path / "key").write_bytes(bytes(secret) + b"\n")
    words = ["build", "--source", str(sites.newer.parent / "city"), "--output", str(tmp_path / "site")]
    words += ["--at", LATER, "--sign", str(tmp_path / "key")]
    wrong = CliRunner().invoke(main, words, input="wrong\n", catch_exceptions=False)
    assert wrong.exit_code == 1
    assert not (tmp_path / "site").exists()
    right = CliRunner().invoke(main, words, input="tax day\n", catch_exceptions=False)
    assert right.exit_code == 0, right.output


def test_a_key_that_cannot_sign_leaves_the_site_as_it_was(sites: Sites, tmp_path: Path) -> None:
    no_key = tmp_path / "key"
    no_key.write_text("nothing\n")
    site = sites.copy(tmp_path)
    (site / ".statusgen").write_text("\n".join(["# statusgen", *sites.files(), MANIFEST, SIGNATURE, ""]))
    before = {file: file.read_bytes() for file in site.rglob("*") if file.is_file()}
    result = run(
        "build", "--source", sites.newer.parent / "city", "--output", site, "--at", "2024-05-07", "--sign", no_key
    )
    assert result.exit_code == 1
    assert f"{no_key} cannot sign: " in result.output
    assert {file: file.read_bytes() for file in site.rglob("*") if file.is_file()} == before


def test_openssh_itself_verifies_the_signature(sites: Sites) -> None:
    who = [
        "-f",
        str(signers_file("ada")),
        "-I",
        "ada@city.example",
        "-n",
        "statusgen",
        "-s",
        str(sites.newer / SIGNATURE),
    ]
    with (sites.newer / MANIFEST).open("rb") as manifest:
        subprocess.run(["ssh-keygen", "-Y", "verify", *who], stdin=manifest, check=True, capture_output=True)


# Manifests and servers that mean ill


@pytest.mark.parametrize(
    "path",
    [
        "../outside",
        "/etc/passwd",
        "a/../../b",
        "a//b",
        "./a",
        "a\\b",
        "C:/x",
        "",
        "a\nb",
        "a\x1b[2J",
        MANIFEST,
        7,
        None,
    ],
)
def test_a_manifest_that_leads_out_of_the_site_is_refused(sites: Sites, tmp_path: Path, path: object) -> None:
    spoilt = json.loads((sites.newer / MANIFEST).read_bytes())
    spoilt["files"][0]["path"] = path
    assert_refused(sites.copy(tmp_path), json.dumps(spoilt))


@pytest.mark.parametrize(
    "change",
    [
        {"files": None},
        {"files": [7]},
        {"files": [{"path": "a", "size": 10**18, "sha256": "0" * 64}]},
        {"files": [{"path": "a", "size": -1, "sha256": "0" * 64}]},
        {"files": [{"path": "a", "size": True, "sha256": "0" * 64}]},
        {"files": [{"path": "a", "size": 1, "sha256": "zero"}]},
        {"files": [{"path": "a", "size": 1, "sha256": "0" * 64}] * 2},
        {"version": 2},
        {"at": "yesterday"},
        {"at": "2024-05-05T10:00:00"},
        {"next_change": 7},
        {"site": {"timezone": "../../etc/passwd"}},
        {"site": {"timezone": "Mars/Olympus"}},
        {"site": None},
    ],
)
def test_a_manifest_with_nonsense_in_it_is_refused(sites: Sites, tmp_path: Path, change: dict[str, object]) -> None:
    spoilt = json.loads((sites.newer / MANIFEST).read_bytes()) | change
    assert_refused(sites.copy(tmp_path), json.dumps(spoilt))


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000, '{"version": 1e999}', "\x00", '"\\ud800"'])
def test_a_manifest_that_is_none_is_refused(sites: Sites, tmp_path: Path, text: str) -> None:
    assert_refused(sites.copy(tmp_path), text)


def assert_refused(copy: Path, manifest: str) -> None:
    (copy / MANIFEST).write_text(manifest)
    result = run("verify", copy)
    assert result.exit_code == 1
    assert "is not a valid manifest: " in result.output
    assert len(result.output.splitlines()) == 1
    assert result.output.strip().isprintable()


@pytest.mark.parametrize(
    "address",
    [
        "https://ada:secret@city.example/",
        "https://",
        "https://city.example/?a=b",
        "https://city.example:x/",
        "http://[/",
    ],
)
def test_an_address_that_is_none_or_has_a_password_is_refused(address: str) -> None:
    result = run("verify", address)
    assert result.exit_code == 1
    assert "secret" not in result.output


class _Hostile(BaseHTTPRequestHandler):
    """A hostile server, which does the harm that the address names."""

    protocol_version = "HTTP/1.1"
    over: Event

    def do_GET(self) -> None:
        getattr(self, self.path.rpartition("/")[2].split(".")[0])()

    def begin(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def elsewhere(self) -> None:
        self.begin(302, Location="http://169.254.169.254/latest/", Content_Length="0")

    def file(self) -> None:
        self.begin(302, Location="file:///etc/passwd", Content_Length="0")

    def round(self) -> None:
        self.begin(302, Location="/round.html", Content_Length="0")

    def silent(self) -> None:
        self.over.wait(30)

    def dawdling(self) -> None:
        self.begin(200, Content_Length="100000")
        while not self.over.wait(0.01):
            self.wfile.write(b"x")

    def endless(self) -> None:
        self.begin(200)
        for _ in range(1_000_000):
            self.wfile.write(b"x" * 100_000)

    def bomb(self) -> None:
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        body = packer.compress(b"x" * 50_000_000) + packer.flush()
        self.begin(200, Content_Encoding="gzip", Content_Length=str(len(body)))
        self.wfile.write(body)

    def other(self) -> None:
        self.begin(200, Content_Encoding="br", Content_Length="3")
        self.wfile.write(b"abc")

    def stored(self) -> None:
        """Send what a store keeps: a copy that was compressed before, with its encoding."""
        encoding = {"gz": "gzip", "br": "br"}[self.path.rpartition(".")[2]]
        self.begin(200, Content_Encoding=encoding, Content_Length="6", Connection="close")
        self.wfile.write(b"packed")

    def broken(self) -> None:
        self.wfile.write(b"nonsense\r\n\r\n")

    def refused(self) -> None:
        self.begin(401, WWW_Authenticate='Basic realm="status"', Content_Length="0")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing in the tests' output."""


@pytest.fixture
def hostile_copy() -> Iterator[WebCopy]:
    class Handler(_Hostile):
        over = Event()

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Ignore that clients hang up."""

    with Server(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield WebCopy(f"http://127.0.0.1:{server.server_port}/", time_limit=60)
        Handler.over.set()
        server.shutdown()


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("elsewhere", "redirects elsewhere, to http://169.254.169.254/latest/"),
        ("file", "redirects elsewhere, to file:///etc/passwd"),
        ("round", "redirects without end"),
        ("silent", "cannot be fetched"),
        ("dawdling", "takes longer than"),
        ("other", "sent as br"),
        ("broken", "cannot be fetched"),
        ("refused", "is answered with status 401"),
    ],
)
def test_a_server_that_means_ill_is_named_and_not_obeyed(hostile_copy: WebCopy, way: str, words: str) -> None:
    copy = WebCopy(hostile_copy.url, time_limit=0.2) if way in ("silent", "dawdling") else hostile_copy
    with pytest.raises(UnreadableFileError, match=re.escape(words)):
        copy.read(f"{way}.html", 1000)


def test_a_redirect_stays_below_the_site_s_own_address(hostile_copy: WebCopy) -> None:
    with pytest.raises(UnreadableFileError, match=re.escape("redirects elsewhere, to /round.html")):
        WebCopy(f"{hostile_copy.url}below/").read("round.html", 1000)


@pytest.mark.parametrize("path", ["stored.html.gz", "stored.html.br"])
def test_a_copy_that_was_compressed_before_is_compared_as_it_is(hostile_copy: WebCopy, path: str) -> None:
    assert hostile_copy.read(path, 1000) == b"packed"


@pytest.mark.parametrize("way", ["endless", "bomb"])
def test_no_more_is_taken_in_than_the_manifest_allows(hostile_copy: WebCopy, way: str) -> None:
    assert len(hostile_copy.read(f"{way}.html", 1000)) <= 1001
