"""What publishing in a bucket sends, in which order, and what anyone then reads there: with real stores."""

import json
import os
import re
import sys
import threading
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from statusgen.content.format.target_addresses import parse_target_address
from statusgen.outputs.compression import gzip_compress
from statusgen.outputs.host import CACHE_FOREVER
from statusgen.problems import PublishError
from statusgen.publish.buckets import BucketTarget
from statusgen.publish.built_site import BuiltSite
from statusgen.publish.lease import Watch
from statusgen.publish.record import GRACE_PERIOD, RECORD_FILE, Record, write_record
from statusgen.publish.store import Store
from statusgen.publish.targets import open_target
from tests.support.cutting_proxy import Fault, fail_at, run_proxy
from tests.support.publishing import (
    NOW,
    assert_whole,
    make_edition,
    publish,
    publish_elsewhere,
    record_at,
    write_edition,
)
from tests.support.stores import OPEN_BUCKET, Bucket


def test_the_first_time_everything_is_sent_and_served_as_it_was_built(any_bucket: Bucket, tmp_path: Path) -> None:
    site = make_edition(tmp_path, 1)
    told: list[tuple[int, int]] = []
    plan = publish(any_bucket, site, progress=lambda done, total: told.append((done, total)))
    assert plan is not None
    assert {*plan.sent} == {*site.digests}
    assert_whole(any_bucket, site)
    assert told == [(number + 1, len(plan.sent)) for number in range(len(plan.sent))]
    page = any_bucket.ask("es/index.html").headers
    assert page["Content-Type"] == "text/html; charset=utf-8"
    assert "max-age=0" in page["Cache-Control"]
    assert any_bucket.ask("script-00000001.js").headers["Cache-Control"] == CACHE_FOREVER


def test_where_nothing_changed_nothing_is_sent(any_bucket: Bucket, tmp_path: Path) -> None:
    site = make_edition(tmp_path, 1)
    publish(any_bucket, site)
    with run_proxy(any_bucket.port) as proxy:
        assert publish(any_bucket.behind(proxy.port), site) is None
        assert {request.split()[0] for request in proxy.requests} == {"GET"}


def test_one_edit_sends_only_what_it_changed(any_bucket: Bucket, tmp_path: Path) -> None:
    publish(any_bucket, make_edition(tmp_path / "1", 1, pages=20, changed=[]))
    site = make_edition(tmp_path / "2", 1, pages=20, changed=[7])
    with run_proxy(any_bucket.port) as proxy:
        publish(any_bucket.behind(proxy.port), site)
        written = {request.rpartition("/status/")[2] for request in proxy.requests if request.startswith("PUT")}
    assert written == {"services/s7/index.html", "manifest.json", RECORD_FILE}
    assert_whole(any_bucket, site)


def test_what_pages_load_goes_first_and_the_manifest_last(bucket: Bucket, tmp_path: Path) -> None:
    publish(bucket, make_edition(tmp_path / "1", 1))
    with run_proxy(bucket.port) as proxy:
        publish(bucket.behind(proxy.port), make_edition(tmp_path / "2", 2))
        changes = [request for request in proxy.requests if not request.startswith("GET")]
    order = [request.split()[0] + " " + request.rpartition("/status/")[2] for request in changes]
    files = [request for request in order if RECORD_FILE not in request]
    assert {*files[:2]} == {"PUT script-00000002.js", "PUT images/photo.svg"}
    places = {request: place for place, request in enumerate(files)}
    assert places["PUT services/s0/index.html"] < places["PUT feed.xml"] < places["PUT index.html"]
    assert files[-3:] == ["PUT index.html", "PUT manifest.json", "DELETE incidents/1/index.html"]
    assert RECORD_FILE in order[0]
    assert RECORD_FILE in order[-1]


def test_a_page_that_is_gone_is_deleted_and_a_script_only_after_a_day(any_bucket: Bucket, tmp_path: Path) -> None:
    publish(any_bucket, make_edition(tmp_path / "1", 1))
    publish(any_bucket, make_edition(tmp_path / "2", 2))
    assert any_bucket.ask("incidents/1/index.html").status == 404
    assert any_bucket.ask("script-00000001.js").status == 200
    publish(any_bucket, make_edition(tmp_path / "3", 3), now=NOW + GRACE_PERIOD + timedelta(minutes=1))
    assert any_bucket.ask("script-00000001.js").status == 404
    assert any_bucket.ask("script-00000002.js").status == 200


def test_a_signature_that_is_made_no_more_does_not_stay_with_another_manifest(bucket: Bucket, tmp_path: Path) -> None:
    signed = make_edition(tmp_path / "1", 1)
    (signed.folder / "manifest.json.sig").write_bytes(b"a signature")
    publish(bucket, BuiltSite.open(signed.folder, signed.rules))
    assert bucket.ask("manifest.json.sig").body == b"a signature"
    publish(bucket, make_edition(tmp_path / "2", 2))
    assert bucket.ask("manifest.json.sig").status == 404


def test_compressed_copies_say_that_they_are(any_bucket: Bucket, tmp_path: Path) -> None:
    files = {"index.html": b"Hello", "index.html.gz": gzip_compress(b"Hello"), "photos.tar.gz": gzip_compress(b"x")}
    site = write_edition(tmp_path, files, NOW)
    publish(any_bucket, site)
    copy = any_bucket.ask("index.html.gz")
    assert copy.headers["Content-Encoding"] == "gzip"
    assert copy.headers["Content-Type"] == "text/html; charset=utf-8"
    assert copy.body == files["index.html.gz"]
    assert "Content-Encoding" not in any_bucket.ask("photos.tar.gz").headers


def test_what_another_program_sent_gets_its_headers(any_bucket: Bucket, tmp_path: Path) -> None:
    site = make_edition(tmp_path, 1)
    os.environ.update(any_bucket.environment)
    store = Store(any_bucket.address, any_bucket.endpoint, 10)
    for path in site.digests:
        store.write(path, site.read(path), {"Content-Type": "application/octet-stream"})
    publish(any_bucket, site)
    assert_whole(any_bucket, site)


def test_what_only_some_hosts_read_is_not_put_where_everybody_can_read_it(bucket: Bucket, tmp_path: Path) -> None:
    publish(bucket, write_edition(tmp_path, {"index.html": b"Hello", "_headers": b"/*\n  X: y\n"}, NOW))
    assert bucket.ask("index.html").status == 200
    assert bucket.ask("_headers").status == 404


def test_an_older_site_is_refused_unless_forced(bucket: Bucket, tmp_path: Path) -> None:
    older, newer = make_edition(tmp_path / "1", 1), make_edition(tmp_path / "2", 2)
    publish(bucket, newer)
    with pytest.raises(PublishError, match="shows 2024-05-05 12:00 CDT already, and this site only 2024-05-05 11:00"):
        publish(bucket, older)
    assert_whole(bucket, newer)
    publish(bucket, older, force=True)
    assert_whole(bucket, older)


def test_a_clock_that_is_wrong_neither_keeps_a_site_back_nor_lets_two_publish(bucket: Bucket, tmp_path: Path) -> None:
    for number, years in enumerate((0, -30, 30)):
        site = make_edition(tmp_path / str(number), number)
        publish(bucket, site, now=NOW + timedelta(days=365 * years))
        assert_whole(bucket, site)
    # What looks as if it had been written in a hundred years by someone else is still judged by what is seen here.
    held = Record(holder="elsewhere 1 a", at=NOW + timedelta(days=36_500), uncertain=("index.html",))
    _write(bucket, held)
    said: list[str] = []
    site = make_edition(tmp_path / "9", 9)
    publish(bucket, site, lease=1.0, say=said.append)
    assert said == [f"Someone else is publishing to {bucket.address.text}. Waiting until that has ended."]
    assert_whole(bucket, site)


# Two publishers


def test_of_two_at_once_one_waits_and_neither_mixes_with_the_other(any_bucket: Bucket, tmp_path: Path) -> None:
    one, two = make_edition(tmp_path / "1", 1), make_edition(tmp_path / "2", 2)
    waiting, said = threading.Event(), list[str]()

    def say(sentence: str) -> None:
        said.append(sentence)
        waiting.set()

    def publish_second() -> None:
        publish(any_bucket, two, say=say, lease=20)

    second = threading.Thread(target=publish_second)

    def let_the_second_begin(done: int, _total: int) -> None:
        if done == 1:
            second.start()
        if done == 2:
            assert waiting.wait(30)

    publish(any_bucket, one, progress=let_the_second_begin)
    assert any_bucket.ask("index.html").body == one.read("index.html")
    second.join()
    assert said == [f"Someone else is publishing to {any_bucket.address.text}. Waiting until that has ended."]
    assert_whole(any_bucket, two)


def test_who_read_the_target_before_somebody_else_published_is_refused(any_bucket: Bucket, tmp_path: Path) -> None:
    one, two = make_edition(tmp_path / "1", 1), make_edition(tmp_path / "2", 2)
    with run_proxy(any_bucket.port) as proxy:
        first = threading.Event()

        def let_the_other_pass(_number: int, request: str) -> Fault:
            if request.startswith("PUT") and not first.is_set():
                first.set()
                publish(any_bucket, two)
            return ""

        proxy.restart(let_the_other_pass)
        with pytest.raises(PublishError, match="Someone else began to publish there meanwhile, so this stopped"):
            publish(any_bucket.behind(proxy.port), one)
        assert [request for request in proxy.requests if not request.startswith("GET")][1:] == []
    assert_whole(any_bucket, two)


@pytest.mark.parametrize("fault", ["cut", "lost", "late"])
def test_a_write_whose_answer_got_lost_is_not_taken_for_somebody_else_s(
    any_bucket: Bucket, tmp_path: Path, fault: Fault
) -> None:
    site = make_edition(tmp_path, 1)
    with run_proxy(any_bucket.port) as proxy:
        proxy.seconds = 0.02
        seen: dict[str, int] = {}

        def fail_every_third(_number: int, request: str) -> Fault:
            count = seen[request] = seen.get(request, -1) + 1
            return fault if request.startswith("PUT") and RECORD_FILE in request and count % 3 == 0 else ""

        proxy.restart(fail_every_third)
        publish(any_bucket.behind(proxy.port), site)
    assert_whole(any_bucket, site)


def test_who_lost_the_lease_stops_before_the_next_group(bucket: Bucket, tmp_path: Path) -> None:
    one, two = make_edition(tmp_path / "1", 1), make_edition(tmp_path / "2", 2)
    publish(bucket, one)

    def take_over(done: int, _total: int) -> None:
        if done == 1:
            _write(bucket, Record(holder="elsewhere 1 a", turn=99, uncertain=("index.html",)))

    with pytest.raises(PublishError, match="Someone else began to publish there meanwhile, so this stopped"):
        publish(bucket, two, progress=take_over)
    assert bucket.ask("index.html").body == one.read("index.html")
    assert record_at(bucket).holder == "elsewhere 1 a"


def test_who_publishes_without_end_is_not_waited_for_without_end(bucket: Bucket) -> None:
    begun, stop = threading.Event(), threading.Event()

    def hold() -> None:
        for turn in count(1):
            _write(bucket, Record(holder="elsewhere 1 a", turn=turn))
            begun.set()
            if stop.is_set():
                return

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert begun.wait(30)
        store, target = Store(bucket.address, bucket.endpoint, 10), bucket.address.text
        with pytest.raises(PublishError, match="end it, and publish again"):
            Watch(store, target, 60, lambda _: None, longest=1.5).wait_for_turn()
    finally:
        stop.set()
        holder.join()


def test_a_publisher_that_died_on_this_computer_keeps_nobody_waiting(bucket: Bucket, tmp_path: Path) -> None:
    site = make_edition(tmp_path, 1)
    killed = threading.Event()
    with run_proxy(bucket.port) as proxy:
        process = publish_elsewhere(bucket.behind(proxy.port), tmp_path)

        def kill(_number: int, request: str) -> Fault:
            if "services/s3" in request:
                process.kill()
                killed.set()
            return ""

        proxy.restart(kill)
        process.join(60)
    assert killed.is_set()
    assert record_at(bucket).holder
    said: list[str] = []
    publish(bucket, site, say=said.append)
    assert said == []
    assert_whole(bucket, site)


def test_what_an_interrupted_publication_sent_is_not_sent_again(bucket: Bucket, tmp_path: Path) -> None:
    site = make_edition(tmp_path, 1, pages=30)
    with run_proxy(bucket.port) as proxy:
        proxy.restart(fail_at("es/index.html", "403 AccessDenied"))
        with pytest.raises(PublishError, match="does not let this key do that"):
            publish(bucket.behind(proxy.port), site)
        sent = {request for request in proxy.requests if request.startswith("PUT")}
        proxy.restart()
        publish(bucket.behind(proxy.port), site)
        again = {request for request in proxy.requests if request.startswith("PUT") and RECORD_FILE not in request}
    assert len(sent) > 3
    assert [request for request in again & sent if not request.endswith("/es/index.html")] == []
    assert not [request for request in again if "script-" in request]
    assert_whole(bucket, site)


def test_what_an_interrupted_publication_did_not_send_is_sent(any_bucket: Bucket, tmp_path: Path) -> None:
    publish(any_bucket, make_edition(tmp_path / "1", 1))
    site = make_edition(tmp_path / "2", 2)  # whose pages are as long as those that are there
    with run_proxy(any_bucket.port) as proxy:
        proxy.restart(fail_at("script-", "403 AccessDenied"))
        with pytest.raises(PublishError):
            publish(any_bucket.behind(proxy.port), site)
    assert "es/index.html" in record_at(any_bucket).uncertain
    publish(any_bucket, site)
    assert_whole(any_bucket, site)


# What people are told


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("403 AccessDenied", "does not let this key do that. Give it s3:GetObject, s3:PutObject"),
        ("403 RequestTimeTooSkewed", "the clock of this computer is wrong. Set it"),
        ("403 ExpiredToken", "does not know the key, or it has expired. Set AWS_ACCESS_KEY_ID"),
        ("301 PermanentRedirect", "site is in another region. Set AWS_REGION to the one in which it was created"),
        ("400 AuthorizationHeaderMalformed", "site is in another region. Set AWS_REGION"),
        ("500 InternalError", "The store has trouble of its own and kept failing"),
        ("503 SlowDown", "The store has trouble of its own and kept failing"),
        ("cut", "The store cannot be reached, or does not answer"),
        ("418 Teapot", "The store did not do what was asked for ("),
    ],
)
def test_what_a_store_does_not_do_is_said_in_words(bucket: Bucket, tmp_path: Path, fault: Fault, words: str) -> None:
    site = make_edition(tmp_path, 1)
    with run_proxy(bucket.port) as proxy:
        proxy.restart(fail_at("script-", fault))
        with pytest.raises(PublishError) as raised:
            publish(bucket.behind(proxy.port), site, lease=2)
    said = str(raised.value)
    assert said.startswith(f"{bucket.address.text}: ")
    assert words in said
    assert said.endswith("Residents see the site as it was. Publish again: it goes on where it stopped.")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        (RECORD_FILE, "Residents see the site as it was."),
        ("images/photo.svg", "Residents see the site as it was."),
        ("es/index.html", "Residents may see the front page as it was, while pages behind it are new already."),
        ("manifest.json", "Residents see the new site."),
        ("incidents/1/index.html", "Residents see the new site."),
    ],
)
def test_an_error_says_what_residents_see(bucket: Bucket, tmp_path: Path, path: str, seen: str) -> None:
    site = make_edition(tmp_path / "2", 2)
    publish(bucket, make_edition(tmp_path / "1", 1))
    with run_proxy(bucket.port) as proxy:
        proxy.restart(lambda _number, request: "403 AccessDenied" if path in request and "GET" not in request else "")
        with pytest.raises(PublishError, match=re.escape(f"{seen} Publish again: it goes on where it stopped.")):
            publish(bucket.behind(proxy.port), site)
    publish(bucket, site)
    assert_whole(bucket, site)


def test_a_missing_bucket_and_wrong_keys_are_named(bucket: Bucket, tmp_path: Path) -> None:
    site = make_edition(tmp_path, 1)
    elsewhere = Bucket(parse_target_address("s3://nowhere/status"), bucket.endpoint, bucket.environment)
    with pytest.raises(PublishError, match=r"There is no bucket or container nowhere\. Create it, or correct the name"):
        publish(elsewhere, site)
    wrong = {**bucket.environment, "AWS_SECRET_ACCESS_KEY": "guessed"}
    with pytest.raises(PublishError, match=r"does not know the key, or it has expired\. Set AWS_ACCESS_KEY_ID"):
        publish(Bucket(bucket.address, bucket.endpoint, wrong), site)
    may_only_read = {**bucket.environment, "AWS_ACCESS_KEY_ID": "reader", "AWS_SECRET_ACCESS_KEY": "only"}
    with pytest.raises(PublishError, match=r"does not let this key do that\. Give it .* Residents see the site as"):
        publish(Bucket(bucket.address, bucket.endpoint, may_only_read), site)


@pytest.mark.parametrize(
    ("address", "environment", "words"),
    [
        # Without a key, obstore asks the cloud that a computer may be a part of; here, nobody answers.
        ("s3://site", {"AWS_METADATA_ENDPOINT": "http://127.0.0.1:1"}, "There is no key for the store. Set AWS_ACCESS"),
        (
            "az://site",
            {},
            "There is no key for the store. Set AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
        ),
        ("gs://site", {"GOOGLE_SERVICE_ACCOUNT": "/nowhere.json"}, "The key in the environment cannot be used ("),
        ("s3://site", {"AWS_ENDPOINT_URL": "s3 example"}, 'The AWS_ENDPOINT_URL "s3 example" is no address. Write it'),
    ],
)
def test_what_the_environment_lacks_is_named(
    monkeypatch: pytest.MonkeyPatch, address: str, environment: dict[str, str], words: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(PublishError) as raised:
        BucketTarget(parse_target_address(address), None, print, 1.5).read_published()
    assert words in str(raised.value)
    assert str(raised.value).endswith("Residents see the site as it was. Nothing was sent.")


def test_an_endpoint_in_services_yaml_is_never_silently_another(bucket: Bucket, tmp_path: Path) -> None:
    site = make_edition(tmp_path, 1)
    os.environ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1"
    publish(bucket, site)
    assert_whole(bucket, site)
    os.environ["AWS_ENDPOINT_URL_S3"] = "http://127.0.0.1:1"
    with pytest.raises(PublishError, match="but AWS_ENDPOINT_URL_S3 in the environment is http://127"):
        publish(bucket, site)


@pytest.mark.parametrize("address", ["az://site", "gs://site"])
def test_services_yaml_alone_never_says_who_gets_a_key(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "springfield")
    monkeypatch.setenv("AZURE_STORAGE_SAS_TOKEN", "sv=1&sig=hunter2")
    with pytest.raises(PublishError, match=r'would be sent to "blob.core.windows.net.evil.example", because') as raised:
        BucketTarget(parse_target_address(address), "https://blob.core.windows.net.evil.example", print)
    assert "hunter2" not in str(raised.value)
    monkeypatch.setenv("AZURE_STORAGE_ENDPOINT", "https://store.springfield.example")
    for endpoint in ("https://store.springfield.example", "https://springfield.blob.core.windows.net"):
        BucketTarget(parse_target_address("az://site"), endpoint, print)


def test_an_endpoint_that_is_not_encrypted_has_to_be_allowed(bucket: Bucket, tmp_path: Path) -> None:
    keys = {name: value for name, value in bucket.environment.items() if name != "AWS_ALLOW_HTTP"}
    with pytest.raises(PublishError, match="set AWS_ALLOW_HTTP=true if the store is on this computer"):
        publish(Bucket(bucket.address, bucket.endpoint, keys), make_edition(tmp_path, 1))


def test_a_store_that_ignores_conditions_is_named_once(bucket: Bucket, tmp_path: Path) -> None:
    said: list[str] = []
    # A condition is part of what is signed, so this bucket is one in which anyone may write.
    keys = {"AWS_SKIP_SIGNATURE": "true", "AWS_ALLOW_HTTP": "true"}
    bucket = Bucket(parse_target_address(f"s3://{OPEN_BUCKET}/a/status"), bucket.endpoint, keys)
    with run_proxy(bucket.port, dropped=("If-None-Match", "If-Match")) as proxy:
        for number in (1, 2):
            said.clear()
            site = make_edition(tmp_path / str(number), number)
            publish(bucket.behind(proxy.port), site, say=said.append)
            assert [each for each in said if "does not know conditional writes" in each] == said
            assert len(said) == 1
            assert_whole(bucket, site)


def test_the_usual_environment_says_where_the_store_is(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**bucket.environment, "AWS_ENDPOINT_URL": bucket.endpoint}.items():
        monkeypatch.setenv(name, value)
    target = open_target(bucket.address)
    assert target.read_published().manifest is None
    publish(bucket, make_edition(tmp_path, 1))
    published = target.read_published().manifest
    assert published is not None
    assert json.loads(published)["version"] == 1


def test_without_obstore_the_message_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("statusgen.publish.buckets", "statusgen.publish.lease", "statusgen.publish.store"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(PublishError, match=r'pip install "statusgen\[publish\]"'):
        open_target(parse_target_address("s3://site"))


def _write(bucket: Bucket, record: Record) -> None:
    os.environ.update(bucket.environment)
    Store(bucket.address, bucket.endpoint, 10).write(RECORD_FILE, write_record(record), {})
