"""Publishes editions, and looks at what is published."""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

from statusgen.content.format.target_addresses import parse_target_address
from statusgen.publish.plan import Plan
from statusgen.publish.send import deliver, prepare_delivery
from statusgen.publish.targets import open_target
from tests.support.editions import make_edition, moment_of

CATALOG_IS_DOWN = """\
---
title: The catalog is down
started: 2024-05-05 08:00
services: {catalog: down}
---
Call us.
"""
"""A post of a site that has a service `catalog`."""
NOT_LISTED = {"manifest.json", "statusgen-publish.json", ".nojekyll"}


def publish(address: str, scratch: Path, number: int, now: datetime | None = None, force: bool = False) -> Plan | None:
    """Publish an edition, a minute after its moment unless another time is given; return what was planned."""
    site, target = make_edition(scratch, number), open_target(parse_target_address(address))
    now = now or moment_of(number) + timedelta(minutes=1)
    delivery = prepare_delivery(target, site, now, force, lambda _, __: None)
    deliver(delivery, target, site, now, lambda _, __: None)
    return delivery.plan


def find_faults(folder: Path) -> Iterator[str]:
    """Yield what is wrong with a published folder: what its manifest lists is not there, or is not that."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    listed = {file["path"]: file["sha256"] for file in manifest["files"] if file["path"] != "_headers"}
    for path, digest in listed.items():
        file = folder / path
        if not file.is_file() or file.is_symlink():
            yield f"{path} is missing"
        elif hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            yield f"{path} is another"
    record = json.loads((folder / "statusgen-publish.json").read_bytes())
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    there = {path for path in there if not path.startswith(".git/")}
    for path in there - {*listed} - NOT_LISTED - {*record["retired"]}:
        yield f"{path} is too much"


def shown_edition(folder: Path) -> int:
    """Return which edition a published folder has, which has to be whole."""
    assert [*find_faults(folder)] == []
    return int(json.loads((folder / "manifest.json").read_bytes())["revision"])


def find_leftovers(base: Path) -> list[str]:
    """Return what there is in a target's folder that no publication needs."""
    there = [path.name for path in (*base.iterdir(), *(base / "releases").iterdir())]
    return sorted(name for name in there if name.startswith("."))


def shown_by(url: str, path: str) -> str:
    """Return what a reader gets at an address."""
    with urlopen(url + path, timeout=30) as answer:
        text: str = answer.read().decode()
    return text
