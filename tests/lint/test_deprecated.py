"""A key that will be gone: it works, `check` names each use, and schema and reference say it.

No key is deprecated today, so this makes two of them so, in a copy of statusgen.
"""

import json
from pathlib import Path

import pytest

from tests.support.later_version import LaterVersion

SERVICES = """\
site: {title: Springfield, url: 'https://status.springfield.example/', timezone: America/Chicago, languages: [en, es]}
services:
  - name: {en: Permits, es: Permisos}
    channels:
      - kind: in_person
        address: 12 Main Street
        fee: {en: Two dollars, es: Dos}
"""
POST = """\
---
title: No permits
started: 2024-05-05 08:00
services: {permits: down}
---
We are looking into it.

## 2024-05-05 09:00
unchanged: true

So it is.
"""
SPANISH = """\
---
title: Sin permisos
---
Lo miramos.

## 2024-05-05 09:00
Así es.
"""
FEE = "Deprecated since statusgen 1.1, gone in 2.0. Write it in bring:."
SAME = "Deprecated since statusgen 1.2, gone in 1.4. Use `statusgen confirm`."


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> LaterVersion:
    """A version in which `fee` and `unchanged` are deprecated."""
    later = LaterVersion(tmp_path_factory.mktemp("later")).copy()
    later.edit("model/services.py", "import Id, Key", "import Deprecation, Id, Key")
    later.edit(
        "model/services.py",
        'label=English("the fee")',
        'label=English("the fee"), deprecated=Deprecation("1.1", "2.0", "Write it in bring:.")',
    )
    holds = 'post last said is still true.", False'
    later.edit("content/format/shapes.py", holds, f'{holds}, Deprecation("1.2", "1.4", "Use `statusgen confirm`.")')
    return later


def test_each_use_is_advice_with_its_line(later: LaterVersion, tmp_path: Path) -> None:
    (tmp_path / "incidents").mkdir()
    (tmp_path / "services.yaml").write_text(SERVICES, encoding="utf-8")
    (tmp_path / "incidents" / "2024-05-05-permits.md").write_text(POST, encoding="utf-8")
    (tmp_path / "incidents" / "2024-05-05-permits.es.md").write_text(SPANISH, encoding="utf-8")
    words = ("--source", str(tmp_path), "--at", "2024-05-05 10:00")
    code, said = later.run("check", *words)
    going = "is deprecated."
    assert [line for line in said.splitlines() if going in line] == [
        f'incidents/2024-05-05-permits.md:9: advice: The key "unchanged" {going} {SAME}',
        f'services.yaml:7: advice: The key "fee" {going} {FEE}',
    ]
    assert code == 0
    assert later.run("check", "--strict", *words)[0] == 1
    report = json.loads(later.run("check", "--format", "gitlab", *words)[1])
    assert sum(each["check_name"] == "deprecated" for each in report) == 2
    assert later.run("build", "--output", str(tmp_path / "site"), *words)[0] == 0
    assert "Two dollars" in (tmp_path / "site" / "status.json").read_text(encoding="utf-8"), "it still works"


def test_each_use_in_a_prepared_text_is_advice_too(later: LaterVersion, tmp_path: Path) -> None:
    folder = tmp_path / "templates" / "posts"
    folder.mkdir(parents=True)
    (tmp_path / "incidents").mkdir()
    (tmp_path / "services.yaml").write_text(SERVICES.replace("        fee:", "        # fee:"), encoding="utf-8")
    blanks = POST.replace("2024-05-05 08:00", "'[[when, like 2024-05-05 08:00]]'")
    (folder / "permits.md").write_text(blanks, encoding="utf-8")
    (folder / "permits.es.md").write_text(SPANISH, encoding="utf-8")
    (folder / "broken.md").write_bytes(b"---\nunchanged: true\n\xff")
    code, said = later.run("check", "--source", str(tmp_path), "--at", "2024-05-05 10:00")
    going = [line for line in said.splitlines() if "is deprecated." in line]
    assert (code, going) == (0, [f'templates/posts/permits.md:9: advice: The key "unchanged" is deprecated. {SAME}'])


def test_editors_and_the_reference_say_it(later: LaterVersion) -> None:
    services = json.loads(later.run("schema", "services")[1])
    fee = services["$defs"]["ChannelShape"]["properties"]["fee"]
    assert (fee["deprecated"], fee["deprecationMessage"]) == (True, FEE)
    reference = later.run("schema", "reference")[1]
    assert f"| `fee` | What it costs to use it. {FEE} | words |" in reference
    assert SAME in reference
