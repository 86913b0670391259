"""A resident who reads a published site again and again, in a process of its own.

`python -m tests.support.site_reader PORT` reads until its standard input ends, and then prints what was wrong as JSON:
a page or what it loads that is missing, a front page and a post of two editions, an older edition after a newer one.
"""

import http.client
import json
import re
import select
import sys
from collections.abc import Iterator

EDITION = re.compile(rb"edition (\d+)")
SCRIPT = re.compile(rb"script-[0-9a-f]{12}\.js")
POST = "/incidents/2024-05-05-catalog/"


def read_site(connection: http.client.HTTPConnection, newest: int) -> Iterator[str | int]:
    """Yield what is wrong with what a reader meets, and last the edition that was read."""

    def get(path: str) -> bytes:
        connection.request("GET", path)
        answer = connection.getresponse()
        content = answer.read()
        return content if answer.status == 200 else b""

    pages = {path: get(path) for path in ("/", POST)}
    for path, page in pages.items():
        found, script = EDITION.search(page), SCRIPT.search(page)
        if not found or not script:
            yield f"{path} is missing, or cut"
            continue
        # Someone may read the second page from a newer edition, and never from an older one.
        if int(found[1]) < newest:
            yield f"{path} shows edition {int(found[1])} after {newest}"
        newest = max(newest, int(found[1]))
        if not get(f"/{script[0].decode()}"):
            yield f"{path} loads {script[0].decode()}, which is missing"
    if not json.loads(get("/manifest.json") or b"{}").get("files"):
        yield "the manifest is missing, or cut"
    yield newest


def main(port: int) -> None:
    """Read until the standard input ends."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    reads, newest, faults = 0, 0, list[str]()
    while not select.select([sys.stdin], [], [], 0.01)[0]:
        *found, last = read_site(connection, newest)
        faults += map(str, found)
        newest, reads = int(last), reads + 1
    print(json.dumps({"reads": reads, "faults": faults[:20]}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
