"""The addresses that posts had on the old site."""

from pathlib import Path

import pytest

from statusgen.content.format.shapes import PostShape
from statusgen.imports.cstate.page import read
from statusgen.imports.source import Answers, open_source
from tests.support.importing import SAMPLES, copy_sample, import_whole, read_post


def test_a_post_knows_its_old_addresses() -> None:
    told = read(open_source(str(SAMPLES / "cstate-toml")), Answers())
    was = {post.key: post.was for post in told.posts}
    assert was["content/en/issues/Fare Cards.md"] == ("/issues/fare-cards/", "/issues/fare-cards-old/")
    assert was["content/en/issues/red-line.md"] == ("/issues/red-line/",)


@pytest.mark.skipif("was" not in PostShape.key_names(), reason="this version of the format has no such key")
def test_old_addresses_lead_to_the_post(tmp_path: Path) -> None:
    source = copy_sample("cstate-harbor", tmp_path)
    city = import_whole("cstate", source, tmp_path / "page", "--timezone", "America/Chicago")
    text = read_post(city, "tickets-cannot-be-paid")
    assert "was:\n  - /issues/2025-02-11-tickets/\n  - /tickets-down/\n" in text
