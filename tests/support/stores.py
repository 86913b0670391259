"""Real servers of buckets on loopback: SeaweedFS, which speaks as Amazon's S3 does, and Azurite, as Azure's blobs."""

import hashlib
import hmac
import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from random import Random

from statusgen.content.format.target_addresses import parse_target_address
from statusgen.model.targets import TargetAddress
from tests.support.paths import TESTS

PATIENCE = 60
BUCKET = "site"
WEBSITE = "$web"
"""The container that Azure serves as a website."""
OPEN_BUCKET = "open"
"""A bucket of SeaweedFS in which anyone may write."""
WEED = Path(sys.executable).parent / "weed"
AZURITE = TESTS / "node" / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
# The account that every Azurite has (its documentation, "Default Storage Account").
_ACCOUNT = "devstoreaccount1"
_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
_ANYBODY_READS = {
    "identities": [
        {"name": "anonymous", "actions": ["Read", f"Write:{OPEN_BUCKET}"]},
        {
            "name": "publisher",
            "credentials": [{"accessKey": "publisher", "secretKey": "of the city"}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        },
        {"name": "reader", "credentials": [{"accessKey": "reader", "secretKey": "only"}], "actions": ["Read", "List"]},
    ]
}


@dataclass(frozen=True)
class Answer:
    """What a store sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Bucket:
    """A folder of a bucket of its own: where it is, what opens it, and what anyone can read there."""

    address: TargetAddress
    endpoint: str
    environment: Mapping[str, str]

    def behind(self, port: int) -> "Bucket":
        """Return the same bucket at another port, where a proxy is."""
        host = f"127.0.0.1:{port}"
        old = self.endpoint.split("/")[2]
        return Bucket(self.address, self.endpoint.replace(old, host), self.environment)

    @property
    def port(self) -> int:
        return int(self.endpoint.split("/")[2].rpartition(":")[2])

    def path_of(self, path: str) -> str:
        """Return at which path of the store's server a file is."""
        base = "/".join(["", *self.endpoint.split("/")[3:]])
        return f"{base}/{self.address.host}/{self.address.path}/{path}"

    def ask(self, path: str) -> Answer:
        """Read a file as anyone can, without a key."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", self.path_of(path), headers={"Accept-Encoding": "identity"})
            answer = connection.getresponse()
            return Answer(answer.status, {name.title(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()


@contextmanager
def run_seaweed() -> Iterator[Callable[[], Bucket]]:
    """Run SeaweedFS until the end of the block; what makes buckets, each of which is empty."""
    with _server_folder() as folder:
        (folder / "keys.json").write_text(json.dumps(_ANYBODY_READS))
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "S3_BUCKET": f"{BUCKET},{OPEN_BUCKET}"}
        with _run(lambda port: _seaweed_command(folder, port), b"NoSuchKey", folder, environment) as port:
            opens = {"AWS_ACCESS_KEY_ID": "publisher", "AWS_SECRET_ACCESS_KEY": "of the city", "AWS_ALLOW_HTTP": "true"}
            yield lambda: Bucket(_new_address("s3"), f"http://127.0.0.1:{port}", opens)


@contextmanager
def run_azurite() -> Iterator[Callable[[], Bucket]]:
    """Run Azurite until the end of the block; what makes buckets, each of which is empty."""
    node = shutil.which("node")
    assert node, "There is no node on this system: `make test` installs it where it can."

    def command(port: int) -> list[str]:
        options = ["--silent", "--disableTelemetry", "--skipApiVersionCheck", "--inMemoryPersistence"]
        return [node, str(AZURITE), *options, "--blobHost", "127.0.0.1", "--blobPort", str(port)]

    with _server_folder() as folder, _run(command, b"", folder, {"HOME": str(folder)}) as port:
        _create_container(port)
        opens = {
            "AZURE_STORAGE_ACCOUNT_NAME": _ACCOUNT,
            "AZURE_STORAGE_ACCOUNT_KEY": _KEY,
            "AZURE_ALLOW_HTTP": "true",
        }
        yield lambda: Bucket(_new_address("az", WEBSITE), f"http://127.0.0.1:{port}/{_ACCOUNT}", opens)


def _new_address(scheme: str, bucket: str = BUCKET) -> TargetAddress:
    return parse_target_address(f"{scheme}://{bucket}/{secrets.token_hex(6)}/status")


@contextmanager
def _server_folder() -> Iterator[Path]:
    memory = Path("/dev/shm")
    place = memory if os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def _run(
    command: Callable[[int], list[str]], ready: bytes, folder: Path, environment: Mapping[str, str]
) -> Iterator[int]:
    """Run a server until the end of the block; its port. It is ready when it answers with these words."""
    with ExitStack() as stack, (folder / "output").open("wb") as output:
        for _ in range(5):  # between looking for a free port and taking it, another test may have taken it
            port = _free_block()
            words = [*_dying_with_us(), *command(port)]
            process = subprocess.Popen(words, cwd=folder, env=environment, stdout=output, stderr=output)
            stack.callback(_stop, process)
            if _answers(process, port, ready):
                break
        else:
            raise AssertionError((folder / "output").read_text(errors="replace")[-3000:])
        yield port


def _dying_with_us() -> list[str]:
    """Return what ends a server with the tests, if they are killed and cannot."""
    program = shutil.which("setpriv")
    return [program, "--pdeathsig", "KILL"] if program else []


def _answers(process: subprocess.Popen[bytes], port: int, ready: bytes) -> bool:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        with suppress(OSError, http.client.HTTPException), closing(connection):
            connection.request("GET", f"/{BUCKET}/nothing")
            with connection.getresponse() as answer:
                if ready in answer.read():
                    return True
        time.sleep(0.02)  # a store does not say when it is ready; this asks
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)  # what it holds is thrown away
    process.wait()


def _seaweed_command(folder: Path, port: int) -> list[str]:
    ports = ["s3", "master", "volume", "filer", "admin"]
    options = [f"-{name}.port={port + number}" for number, name in enumerate(ports)]
    options += [f"-{name}.port.grpc={port + 10 + number}" for number, name in enumerate(ports) if name != "admin"]
    options += [
        "-webdav=false",
        "-admin.ui=false",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-s3.autoCreateBucket=false",
    ]
    options += [
        "-master.telemetry=false",
        f"-filer.localSocket={folder / 'socket'}",
        f"-s3.config={folder / 'keys.json'}",
    ]
    return [str(WEED), "mini", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", *options]


def _free_block() -> int:
    """Return the first of twenty ports that are free; SeaweedFS takes one more, ten thousand above the fifth."""
    luck = Random()
    while True:
        first = luck.randrange(15_000, 21_000)
        ports = [*range(first, first + 20), first + 10_004]
        with suppress(OSError), ExitStack() as taken:
            for port in ports:
                taken.enter_context(socket.create_server(("127.0.0.1", port)))
            return first


def _create_container(port: int) -> None:
    """Create a container that anyone can read, with the request that Azure's documentation describes (Shared Key)."""
    date = formatdate(usegmt=True)
    headers = {"x-ms-blob-public-access": "blob", "x-ms-date": date, "x-ms-version": "2021-12-02"}
    canonical = "".join(f"{name}:{value}\n" for name, value in sorted(headers.items()))
    resource = f"/{_ACCOUNT}/{_ACCOUNT}/{WEBSITE}\nrestype:container"
    text = "PUT" + "\n" * 12 + canonical + resource
    signature = b64encode(hmac.digest(b64decode(_KEY), text.encode(), hashlib.sha256)).decode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers["Authorization"] = f"SharedKey {_ACCOUNT}:{signature}"
    connection.request("PUT", f"/{_ACCOUNT}/{WEBSITE}?restype=container", headers={**headers, "Content-Length": "0"})
    answer = connection.getresponse()
    assert answer.status == 201, answer.read()
    connection.close()
