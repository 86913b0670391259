"""Editions of one small site, which differ in every page, in what the pages load, and in their moments."""

import hashlib
import json
import shutil
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from click.testing import CliRunner

from statusgen.cli.main import main
from statusgen.outputs.host import CACHE_FOREVER, HeaderRule
from statusgen.publish.built_site import BuiltSite

FIRST_MOMENT = datetime(2024, 5, 5, 14, tzinfo=UTC)
RULES = (HeaderRule("/script-*.js", (("Cache-Control", CACHE_FOREVER),)),)
_SERVICES = """\
site: {title: Springfield, url: 'https://springfield.example/', timezone: America/Chicago}
services:
  - id: catalog
    name: Catalog
"""
_POST = """\
---
title: The catalog is down, edition 0
started: 2024-05-05 08:00
services: {catalog: down}
---
Call us.
"""


def moment_of(number: int) -> datetime:
    """Return what an edition shows."""
    return FIRST_MOMENT + timedelta(minutes=number)


def script_of(number: int) -> str:
    """Return the file that the pages of an edition load: of two editions each."""
    return f"script-{number // 2:012x}.js"


@cache
def _build(scratch: Path) -> Path:
    (scratch / "city" / "incidents").mkdir(parents=True)
    (scratch / "city" / "services.yaml").write_text(_SERVICES, encoding="utf-8")
    (scratch / "city" / "incidents" / "2024-05-05-catalog.md").write_text(_POST, encoding="utf-8")
    at = ["--at", f"{FIRST_MOMENT:%Y-%m-%dT%H:%MZ}"]
    asked = ["build", "--source", str(scratch / "city"), "--output", str(scratch / "built"), *at]
    result = CliRunner().invoke(main, asked)
    assert result.exit_code == 0, result.output
    return scratch / "built"


def make_edition(scratch: Path, number: int) -> BuiltSite:
    """Make an edition in a folder of its own; the site itself is built once."""
    folder = scratch / f"edition-{number}"
    if folder.exists():
        return BuiltSite.open(folder, RULES)
    shutil.copytree(_build(scratch), folder)
    (script,) = folder.glob("script-*.js")
    names = {script.name.encode(): script_of(number).encode(), b"edition 0": b"edition %d" % number}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "manifest.json":
            content = path.read_bytes()
            for old, new in names.items():
                content = content.replace(old, new)
            path.write_bytes(content)
    script.rename(folder / script_of(number))
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest |= {"at": moment_of(number).isoformat(), "revision": f"{number:010x}"}
    for file in manifest["files"]:
        file["path"] = file["path"].replace(script.name, script_of(number))
        content = (folder / file["path"]).read_bytes()
        file |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return BuiltSite.open(folder, RULES)
