"""A sample city without its demonstration bar: what a real city publishes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

from statusgen.board.board import make_board
from statusgen.board.model.whole_board import Board
from statusgen.model.contacts import SecurityContact
from statusgen.model.times import When
from statusgen.model.whole_site import Site
from statusgen.outputs.registry import all_files
from statusgen.theme.renderer import Renderer
from tests.support.paths import SITES
from tests.support.sample_sites import City

CITY = City(SITES / "worst-week")


def official_site() -> Site:
    """Return the city with the worst week, in three languages, without its bar and with a security contact."""
    demonstration = CITY.site
    security = SecurityContact(
        ("mailto:security@quillhaven.example", "https://quillhaven.example/report"),
        When.day(date(2027, 1, 1), demonstration.zone),
        "https://quillhaven.example/policy",
    )
    return replace(demonstration, demonstration=None, security=security)


@cache
def official_board() -> Board:
    """Return its Board after its last update."""
    city = official_site()
    assert city.last_update_at
    return make_board(city, city.last_update_at)


@cache
def official_files() -> Mapping[str, bytes]:
    """Return every file that it publishes then, by path."""
    return {file.path: file.content for file in all_files(official_board(), Renderer(CITY.folder))}
