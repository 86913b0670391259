"""docs/programmers/: the examples run against a served site, and the tables name everything that is published."""

import contextlib
import io
import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from statusgen.outputs.exports import history_table
from statusgen.outputs.open_data.services_table import COLUMNS
from tests.support.built_sites import build_sample
from tests.support.documentation import code_blocks
from tests.support.paths import DOCS
from tests.support.sample_sites import KANSAS_CITY
from tests.support.web_server import serve_folder

FOLDER = DOCS / "programmers"
PAGE, REFERENCE, INDEX = FOLDER / "data.md", FOLDER / "data-reference.md", FOLDER / "index.md"
HISTORY, TABLES = FOLDER / "history.md", FOLDER / "tables.md"
EXAMPLE = "https://kansas-city.status.example/"
MADE_FROM_HERE = "tests/outputs/test_data_docs.py -->\n"
DOCUMENTS = {
    "status": "status.json",
    "incident": "incident.json",
    "history": "history.json",
    "manifest": "manifest.json",
}
Node = dict[str, Any]


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of the example, in the middle of the outage."""
    with serve_folder(build_sample("kansas-city")) as address:
        yield address


def test_each_command_shows_what_it_promises(site: str) -> None:
    commands = [line for block in code_blocks(PAGE, "bash") for line in block.splitlines()]
    assert commands
    for command in commands:
        assert EXAMPLE in command
        ran = ["bash", "-e", "-o", "pipefail", "-c", command.replace(EXAMPLE, site)]
        shown = subprocess.run(ran, capture_output=True, check=True, encoding="utf-8").stdout
        assert "Pay a water bill: Partly working\n" in shown
        assert len(shown.splitlines()) == 14


def test_each_program_computes_what_it_promises(site: str) -> None:
    (program,) = code_blocks(HISTORY, "python")
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        exec(compile(program.replace(EXAMPLE, site), "docs/programmers/history.md", "exec"), {})
    assert "City website: 2024-05-04 to 2024-05-08, 4 days\n" in shown.getvalue()


def test_each_address_of_the_pages_is_published() -> None:
    folder = build_sample("kansas-city")
    examples = [path for page in (PAGE, HISTORY, TABLES) for path in re.findall(rf"{EXAMPLE}([a-z./]+)", read(page))]
    assert {*examples} == {"status.json", "history.json", "services.csv"}
    for path in examples:
        assert (folder / path).is_file(), path
    text = read(PAGE)
    rows = re.findall(r"^\| `/([^`]+)`(?:, `…/([a-z.]+)`)*", text, re.MULTILINE)
    assert len(rows) == 6
    for path, _ in rows:
        assert (folder / path.replace("ID", "2024-05-04-city-network")).is_file(), path


# What the example does not have: it is a demonstration, is not signed, has no old addresses, and names no contact.
NOT_IN_THE_EXAMPLE = {"manifest.json.sig", "manifest.json.minisig", "_redirects", "sitemap.xml", "static/NAME"}
NOT_IN_THE_EXAMPLE |= {".well-known/security.txt"}
STANDS_FOR = {"ID": "[a-z0-9-]+", "TIME": "[0-9-]+", "YEAR": r"\d{4}", "MONTH": r"\d\d", "HASH": "[0-9a-f]+"}
STANDS_FOR |= {"LANGUAGE": "[a-z]+", "NAME": ".+"}


def test_the_index_has_each_address_of_the_example_and_no_other() -> None:
    folder = build_sample("kansas-city")
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    files = {re.sub("^es/", "", path).removesuffix("index.html") for path in files} - {".statusgen"}
    cells = re.findall(r"^\| (`/[^|]*) \|", read(INDEX), re.MULTILINE)
    addresses = {address for cell in cells for address in re.findall("`/([^`]*)`", cell)}
    assert addresses >= NOT_IN_THE_EXAMPLE
    unused = addresses - NOT_IN_THE_EXAMPLE
    for file in files:
        matching = {each for each in addresses if re.fullmatch(as_pattern(each), file)}
        assert matching, file
        unused -= matching
    assert not unused


def as_pattern(address: str) -> str:
    """Return the pattern of the files that an address of the index stands for."""
    return re.sub("[A-Z]{2,}", lambda word: STANDS_FOR[word[0]], re.escape(address))


@pytest.mark.parametrize(
    ("page", "heading", "columns"),
    [(TABLES, "services.csv", COLUMNS), (HISTORY, "The history as a table", history_table.COLUMNS)],
)
def test_the_table_of_columns_is_whole(page: Path, heading: str, columns: tuple[str, ...]) -> None:
    text = read(page).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    assert tuple(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == columns


def test_the_tables_of_keys_say_what_the_schemas_say() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    by_hand, mark, shown = text.partition(MADE_FROM_HERE)
    if os.environ.get("RENEW"):
        REFERENCE.write_text(by_hand + mark + reference(), encoding="utf-8")
        return
    assert shown == reference()


def reference() -> str:
    """Return a table of keys for each document and each of its parts, in the order in which they are first needed."""
    schemas = {name: schema(name) for name in DOCUMENTS}
    parts: dict[str, Node] = {}
    for one in schemas.values():
        for name, part in one["$defs"].items():
            assert parts.setdefault(name, part) == part, f"{name} means two things"
    whole = [table(DOCUMENTS[name], one) for name, one in schemas.items()]
    objects = [table(name, part) for name, part in sorted(parts.items()) if "properties" in part]
    values = [value_list(name, part) for name, part in sorted(parts.items()) if "enum" in part]
    return "".join(f"\n{each}" for each in (*whole, *objects, *values))


def schema(name: str) -> Node:
    found: Node = json.loads(KANSAS_CITY.files("2024-05-15")[f"schema/v1/{name}.json"])
    return found


def table(name: str, part: Node) -> str:
    rows = [
        f"| `{key}` | {describe(value)} | {value['description'][0].lower() + value['description'][1:].rstrip('.')} |"
        for key, value in part["properties"].items()
    ]
    return "\n".join(
        [f"## {name}", "", part["description"], "", "| key | what | meaning |", "|---|---|---|", *rows, ""]
    )


def value_list(name: str, part: Node) -> str:
    values = ", ".join(f"`{value}`" for value in part["enum"])
    return f"## {name}\n\n{part['description']} One of {values}.\n"


def describe(node: Node) -> str:
    """Describe the type of a value."""
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in node:
        return " or ".join(describe(each) for each in node["anyOf"])
    if "enum" in node or "const" in node:
        return " or ".join(f"`{json.dumps(value)}`" for value in node.get("enum") or [node["const"]])
    if node["type"] == "array":
        return f"list of {describe(node['items'])}"
    if node.get("pattern", "").startswith("^[0-9]{4}-"):
        return "month"
    if "format" in node or "pattern" in node:
        return {"date-time": "moment", "date": "date", None: "address"}[node.get("format")]
    return {"string": "text", "integer": "number", "boolean": "true or false", "null": "null"}[node["type"]]
