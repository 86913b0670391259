""" "Is this wrong? Let us know." on each service and each post, where the site names a place for it."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from lxml import html

from statusgen.cli.main import main
from tests.support.telling import make_town

AT = "2024-05-06 12:00"
SERVICES = "services: [{name: 'Cats & dogs', id: dogs}]"
POST = """
    ---
    title: "Off & on: 100% of dogs?"
    started: 2024-05-05 09:00
    services: {dogs: down}
    ---
    We are on it.
    """
PAGES = {"services/dogs/": "Cats & dogs", "incidents/network/": "Off & on: 100% of dogs?"}


def links(folder: Path, feedback: str, language: str = "") -> dict[str, list[str]]:
    """Build a site, with all that the audit looks at; return where such lines on its pages lead."""
    site = f"languages: [en, es], feedback: {feedback!r}" if feedback else "languages: [en, es]"
    make_town(folder, SERVICES, site=site, network=POST)
    built = CliRunner().invoke(main, ["build", "--source", str(folder), "--at", AT])
    assert built.exit_code == 0, built.output
    pages = {page: html.parse(folder / "site" / language / page / "index.html") for page in PAGES}
    return {page: list(map(str, root.xpath("//*[@class='feedback']//a/@href"))) for page, root in pages.items()}


@pytest.mark.parametrize("language", ["", "es/"])
def test_a_mail_says_which_page(tmp_path: Path, language: str) -> None:
    for page, [link] in links(tmp_path, "web+pages@t.example", language).items():
        parts = urlsplit(link)
        assert (parts.scheme, parts.path) == ("mailto", "web%2Bpages@t.example")
        # RFC 6068: a plus is a plus, so that no space can be one.
        assert "+" not in parts.query
        filled = parse_qs(parts.query, strict_parsing=True)
        assert filled["subject"] == [f"{PAGES[page]}, T"]
        assert filled["body"] == [f"https://t.example/{language}{page}"]


def test_a_link_has_the_address_where_the_site_wants_it(tmp_path: Path) -> None:
    for page, [link] in links(tmp_path, "https://forms.example/wrong?page={address}&from=status").items():
        filled = parse_qs(urlsplit(link).query, strict_parsing=True)
        assert filled == {"page": [f"https://t.example/{page}"], "from": ["status"]}


def test_a_link_without_a_place_for_it_stays_as_it_is(tmp_path: Path) -> None:
    for _, [link] in links(tmp_path, "https://forms.example/wrong").items():
        assert link == "https://forms.example/wrong"


def test_a_number_can_be_tapped(tmp_path: Path) -> None:
    for _, [link] in links(tmp_path, "555-0100").items():
        assert link == "tel:555-0100"


def test_without_a_place_there_is_no_such_line(tmp_path: Path) -> None:
    assert {page: found for page, found in links(tmp_path, "").items() if found} == {}


@pytest.mark.parametrize(
    "value",
    [
        "https://{address}.example/",
        "https://forms.example/{address}",
        "javascript:alert(1)",
        "mailto:web@t.example?bcc=me@t.example",
        "the web team",
        "https://user:password@forms.example/",
    ],
)
def test_anything_else_is_a_mistake_on_its_line(tmp_path: Path, value: str) -> None:
    make_town(tmp_path, SERVICES, site=f"feedback: '{value}'", network=POST)
    found = CliRunner().invoke(main, ["check", "--source", str(tmp_path)])
    assert (found.exit_code, found.output.count("services.yaml:1: ")) == (1, 1), found.output
