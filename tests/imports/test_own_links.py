"""Links of an old page to itself lead to our posts, or are words; no address leads to a page that is not there."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from statusgen.cli.main import main
from statusgen.imports.own_links import OwnLinks
from statusgen.problems import Place
from tests.support.importing import NOW, SAMPLES, import_whole, read_post

HOST = "https://status.town.example"
LINKS = OwnLinks(HOST, {"/incidents/abc": "2024-05-05-water", "/old/": "2024-06-06-mail"})

TEXTS = {
    f"See [the first one]({HOST}/incidents/abc).": "See [the first one](2024-05-05-water.md).",
    f"See [it]({HOST}/incidents/abc/#two).": "See [it](2024-05-05-water.md).",
    f"See {HOST}/incidents/abc.": "See [/incidents/abc](2024-05-05-water.md).",
    f"See <{HOST}/old>!": "See [/old](2024-06-06-mail.md)!",
    f"[{HOST}/incidents/abc]({HOST}/incidents/abc)": "[/incidents/abc](2024-05-05-water.md)",
    f"All on [our history]({HOST}/history).": "All on our history.",
    f"All on {HOST}/history?page=2, since May.": f"All on `{HOST}/history?page=2`, since May.",
    f"Look at {HOST}/ and {HOST}.": f"Look at {HOST}/ and {HOST}.",
    f"Not ours: {HOST}.evil.example/x and https://town.example/incidents/abc": None,
    f"In code: `{HOST}/history`": None,
}


@pytest.mark.parametrize("text", TEXTS)
def test_links_lead_to_posts_or_are_words(text: str) -> None:
    settled, notes = LINKS.settle(text, Place("issues.json", 3))
    assert settled == (TEXTS[text] or text)
    assert bool(notes) == ("history" in text and "In code" not in text)
    assert LINKS.settle(settled, Place("issues.json"))[0] == settled


def test_a_page_that_links_to_itself_can_be_published(tmp_path: Path) -> None:
    """At the address of the old page, where a link to a page that is gone would be a broken one."""
    city = import_whole("statuspage", SAMPLES / "statuspage-library", tmp_path / "page", questions=True)
    assert "[this page](2024-03-04-the-catalog-cannot-be-searched.md)" in read_post(city, "cannot-be-searched")
    out = tmp_path / "site"
    words = ["build", "--source", str(city.folder), "--output", str(out)]
    result = CliRunner().invoke(main, words, env={"SOURCE_DATE_EPOCH": str(NOW)})
    assert result.exit_code == 0, result.output
    assert json.loads((out / "status.json").read_text(encoding="utf-8"))
