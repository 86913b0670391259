"""Search engines get what schema.org has terms for, and nothing untrue."""

import gzip
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import extruct
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from statusgen import addresses
from statusgen.board.model.services import ServiceStatus
from statusgen.model.services import OperatorKind
from statusgen.model.statuses import Status
from statusgen.model.words import Words
from statusgen.outputs import linked_data
from statusgen.wording.phrasing import Phrasing
from tests.support.built_sites import MOMENTS, build_sample
from tests.support.official_site import official_board, official_files
from tests.support.paths import NODE_MODULES
from tests.support.telling import make_town

LANGUAGES = ("en", "es", "ar")


def linked_data_of(path: str) -> list[dict[str, Any]]:
    """Return the linked data that a search engine finds in a page."""
    found = extruct.extract(official_files()[path].decode(), syntaxes=["json-ld"], uniform=False)
    return list(found["json-ld"])


def pages(kind: str) -> Iterator[tuple[str, str]]:
    """Yield the paths of the pages of one kind, with their languages."""
    for language in LANGUAGES:
        for standing in official_board().services if kind == "service" else [None]:
            address = addresses.service(standing.id) if standing else addresses.front()
            yield addresses.file_path(addresses.in_language(address, language, official_board().site)), language


def test_each_service_tells_what_it_is_who_provides_it_and_how_it_can_be_used() -> None:
    for path, language in pages("service"):
        (thing,) = linked_data_of(path)
        standing = official_board().service_by_id[path.split("/")[-2]]
        speech = Phrasing(official_board().site, language, plain=True)
        operator = standing.service.operator
        provider = operator.name if operator else official_board().site.publisher
        assert thing["name"] == speech.say(standing.service.name)
        assert thing["provider"]["name"] == speech.say(provider)
        assert thing["url"] == f"https://status.quillhaven.example/{path.removesuffix('index.html')}"
        names = [channel["name"] for channel in thing.get("availableChannel", [])]
        assert names == [speech.channel(way.channel) for way in standing.usable_channels]


def test_a_way_that_is_shut_is_not_told_as_one_that_can_be_used() -> None:
    shut = [(standing, way) for standing in official_board().services for way in standing.unusable_channels]
    assert any(way.status is Status.DOWN for _, way in shut)
    for standing, way in shut:
        (thing,) = linked_data_of(f"services/{standing.id}/index.html")
        named = [channel["name"] for channel in thing.get("availableChannel", [])]
        assert Phrasing(official_board().site, "en", plain=True).channel(way.channel) not in named


def test_a_counter_tells_its_address_its_phone_and_its_hours() -> None:
    everything = [thing for path, language in pages("service") if language == "en" for thing in linked_data_of(path)]
    channels = [channel for thing in everything for channel in thing.get("availableChannel", [])]
    counter = next(channel for channel in channels if "serviceLocation" in channel and "description" in channel)
    assert counter["serviceLocation"]["@type"] == "Place"
    assert counter["serviceLocation"]["address"]
    assert counter["description"].startswith("Hours: ")


def test_only_a_way_that_somebody_said_to_work_is_available(tmp_path: Path) -> None:
    services = """
        services:
          - id: a
            name: Bills
            channels: [{kind: phone, phone: 555-0100}, {kind: online, url: "https://pay.example/"}, {kind: mail}]
    """
    post = """
        ---
        title: The mail is late
        started: 2024-05-05 08:00
        services: {a/phone: working, a/online: working}
        ---
        We are looking into it.
    """
    page = make_town(tmp_path, services, x=post).city.files("2024-05-05 09:00")["services/a/index.html"].decode()
    phone, online = json.loads(page.partition('<script type="application/ld+json">')[2].partition("<")[0])[
        "availableChannel"
    ]
    assert phone["servicePhone"]["telephone"] == "555-0100"
    assert online["serviceUrl"] == "https://pay.example/"


def test_what_a_company_runs_is_no_service_of_the_government() -> None:
    standing = next(each for each in official_board().services if each.service.operator)
    assert standing.service.operator
    for kind, provider, thing in (
        (OperatorKind.PRIVATE, "Organization", "Service"),
        (OperatorKind.COUNTY, "GovernmentOrganization", "GovernmentService"),
    ):
        service = replace(standing.service, operator=replace(standing.service.operator, kind=kind))
        found = service_data(replace(standing, service=service))
        assert (found["@type"], found["provider"]["@type"]) == (thing, provider)


def test_the_front_page_tells_whose_site_it_is() -> None:
    for path, language in pages("front"):
        (thing,) = linked_data_of(path)
        assert thing["@type"] == "WebSite"
        assert thing["inLanguage"] == language
        assert thing["publisher"]["@type"] == "GovernmentOrganization"
    (thing,) = linked_data_of("index.html")
    assert thing["publisher"]["name"] == "City of Quillhaven"
    assert thing["publisher"]["contactPoint"][0]["availableLanguage"] == ["en", "es", "ar"]


def test_no_other_page_tells_anything() -> None:
    known = {path for kind in ("front", "service") for path, _ in pages(kind)}
    others = [path for path, content in official_files().items() if b"ld+json" in content and path not in known]
    assert others == []


@pytest.mark.parametrize("name", MOMENTS)
def test_a_demonstration_does_not_claim_that_a_city_provides_anything(name: str) -> None:
    for page in build_sample(name).rglob("*.html"):
        assert "ld+json" not in page.read_text(encoding="utf-8"), page


def test_every_word_is_one_of_schema_org(tmp_path: Path) -> None:
    things = [thing for kind in ("front", "service") for path, _ in pages(kind) for thing in linked_data_of(path)]
    assert len(things) == len(LANGUAGES) * (len(official_board().services) + 1)
    # A word that schema.org lacks is found in the last; it would not be if nothing were compiled.
    (mistake,) = type_errors([*things, {**things[-1], "status": "down"}], tmp_path)
    assert mistake.startswith(f"things.ts({len(things) + 2},")
    assert "status" in mistake


def type_errors(things: list[dict[str, Any]], folder: Path) -> list[str]:
    """Return the compiler's errors: the types of schema-dts know each class and property of schema.org."""
    (folder / "node_modules").symlink_to(NODE_MODULES)
    (folder / "package.json").write_text('{"type": "module"}')
    lines = ['import type { GovernmentService, Service, WebSite, WithContext } from "schema-dts";']
    for number, thing in enumerate(things):
        lines.append(f"export const thing{number}: WithContext<{thing['@type']}> = {json.dumps(thing)};")
    (folder / "things.ts").write_text("\n".join(lines))
    node = shutil.which("node")
    assert node
    options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "node16", "--moduleResolution", "node16"]
    command = [node, str(NODE_MODULES / "typescript" / "bin" / "tsc"), *options, "things.ts"]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8").stdout.splitlines()


class _Scripts(HTMLParser):
    """A parser that collects the data blocks of a page as a browser would, and its elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self.elements: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 (the base class names it)
        self.elements.append(tag)
        if tag == "script":
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            self.blocks[-1] += data


def service_data(standing: ServiceStatus) -> dict[str, Any]:
    written = linked_data.service_page(standing, official_board(), Phrasing(official_board().site, "en"))
    read = json.loads(written)
    assert isinstance(read, dict)
    return read


@given(st.text(st.sampled_from("<>/!-&\"'\\scriptSCRIPT \u2028\u2029\n]"), min_size=1))
def test_no_words_can_end_the_block(words: str) -> None:
    standing = official_board().services[0]
    service = replace(standing.service, summary=Words((("en", f"</script><!--<script>{words}"),)))
    written = linked_data.service_page(
        replace(standing, service=service), official_board(), Phrasing(official_board().site, "en")
    )
    page = _Scripts(f'<script type="application/ld+json">{written}</script><p>after</p>')
    assert page.elements == ["script", "p"]
    assert json.loads(page.blocks[0])["description"] == f"</script><!--<script>{words}"
    assert not set(written) & set("<>&\u2028\u2029")


def test_browsers_let_it_stand_under_the_policy(browser: Browser, tmp_path: Path) -> None:
    for path, content in official_files().items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto((tmp_path / "index.html").as_uri())
    assert page.locator('script[type="application/ld+json"]').count() == 1
    page.goto((tmp_path / "ar" / "services" / "water-bill" / "index.html").as_uri())
    assert page.locator('script[type="application/ld+json"]').count() == 1
    page.close()
    assert complaints == []


def test_pages_with_it_are_still_light() -> None:
    for kind, allowed in (("front", 14_000), ("service", 9_000)):
        for path, _ in pages(kind):
            assert len(gzip.compress(official_files()[path], 9, mtime=0)) <= allowed, path
