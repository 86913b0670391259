"""Every JSON document of every sample site, at several moments, fits the schema that the site publishes with it."""

import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from statusgen.board.board import make_board
from statusgen.model.whole_site import Site
from statusgen.outputs.open_data import history, incidents, manifest, status
from statusgen.outputs.open_data.schemas import DocumentType
from tests.support.checkers import run_node
from tests.support.generated_sites import Case, sites
from tests.support.json_documents import FORMATS, json_documents
from tests.support.paths import ROOT, SITES
from tests.support.sample_sites import KANSAS_CITY, City, read_site

CITIES = [City(ROOT), *(City(folder) for folder in sorted(SITES.iterdir()))]
FORMS = [status.DOCUMENT_TYPE, history.DOCUMENT_TYPE, incidents.DOCUMENT_TYPE, manifest.DOCUMENT_TYPE]

AJV = """
import {readFileSync} from "node:fs";
import Ajv from "ajv/dist/2020.js";
import formats from "ajv-formats";
const {schemas, documents} = JSON.parse(readFileSync(0));
const ajv = new Ajv.default({strict: true, allErrors: true, schemas});
formats.default(ajv);
const wrong = documents.flatMap(each => ajv.validate(each.$schema, each) ? [] : [[each.url, ajv.errorsText()]]);
console.log(JSON.stringify(wrong));
"""


def moments(site: Site) -> Iterator[datetime]:
    """Yield a moment before the first update, the first, the middle and the last update, and a moment long after."""
    told = sorted(update.time.last_minute for incident in site.incidents for update in incident.updates)
    yield from (told[0] - timedelta(days=1), told[0], told[len(told) // 2], told[-1], told[-1] + timedelta(days=400))


@cache
def documents() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the schemas of all sample sites, and the documents."""
    schemas, found = {}, []
    for city in CITIES:
        for moment in moments(read_site(city.folder)):
            for path, document in json_documents(make_board(read_site(city.folder), moment)).items():
                if path.startswith("schema/"):
                    schemas[document["$id"]] = document
                else:
                    found.append(document)
    return [*schemas.values()], found


def mistakes(schema: dict[str, Any], document: Any) -> list[str]:
    found = Draft202012Validator(schema, format_checker=FORMATS).iter_errors(document)
    return [f"{document['url']}: {error.json_path}: {error.message}" for error in found]


def test_the_schemas_are_schemas() -> None:
    schemas, _ = documents()
    assert len(schemas) == 3 * len(CITIES)
    for schema in schemas:
        Draft202012Validator.check_schema(schema)


def test_python_finds_every_document_valid() -> None:
    schemas, found = documents()
    by_id = {schema["$id"]: schema for schema in schemas}
    assert len(found) > 250
    assert [mistake for document in found for mistake in mistakes(by_id[document["$schema"]], document)] == []


def test_javascript_finds_every_document_valid() -> None:
    schemas, found = documents()
    damaged = json.loads(json.dumps(found[0])) | {"url": "damaged", "at": "2024-05-15T16:00"}
    wrong = json.loads(run_node(AJV, text=json.dumps({"schemas": schemas, "documents": [*found, damaged]})))
    assert [url for url, _ in wrong] == ["damaged"]


@given(sites())
def test_every_document_of_every_site_is_valid(case: Case) -> None:
    found = json_documents(make_board(case.site, case.moment))
    by_id = {each["$id"]: each for each in found.values() if "$id" in each}
    for document in found.values():
        if "$id" not in document:
            assert mistakes(by_id[document["$schema"]], document) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("at", "2024-05-15"),
        ("at", "2024-05-15T16:00"),
        ("version", 2),
        ("checked", "yesterday"),
        ("extra", 1),
        ("day", "1"),
    ],
)
def test_what_is_wrong_is_seen(key: str, value: Any) -> None:
    found = json_documents(KANSAS_CITY.board("2024-05-15"))
    assert mistakes(found["schema/v1/status.json"], found["status.json"]) == []
    assert mistakes(found["schema/v1/status.json"], found["status.json"] | {key: value})


def test_a_key_that_is_missing_is_seen() -> None:
    found = json_documents(KANSAS_CITY.board("2024-05-15"))
    for key in found["status.json"]:
        rest = {name: value for name, value in found["status.json"].items() if name != key} | {"url": "somewhere"}
        assert key == "url" or mistakes(found["schema/v1/status.json"], rest), key


def test_every_key_says_what_it_means() -> None:
    schemas, _ = documents()
    for schema in schemas[:3]:
        for part in (schema, *schema["$defs"].values()):
            assert part["description"]
            if "properties" in part:
                assert part["additionalProperties"] is False
                assert part["required"] == [*part["properties"]]
                assert all(value["description"] for value in part["properties"].values())


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_each_schema_is_what_its_declaration_says(form: DocumentType[Any]) -> None:
    if os.environ.get("RENEW"):
        form.schema_path.write_bytes(form.generate_schema())
    renew = "A document has changed: RENEW=1 .venv/bin/pytest -n0 tests/outputs/test_data_schemas.py"
    assert form.schema_path.read_bytes() == form.generate_schema(), renew
