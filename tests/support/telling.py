"""Small whole sites, and what each of their forms tells at a moment."""

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from statusgen.board.model.services import ServiceStatus
from statusgen.board.model.whole_board import Board
from statusgen.content.reader import read_content
from statusgen.lint.registry import find_advice
from statusgen.problems import Problem
from statusgen.wording.interface import available_languages
from tests.support.sample_sites import City, Page

_HEAD = "site: {{title: T, url: 'https://t.example/', timezone: America/Chicago{more}}}\n"
# What repeats a post word for word, as it was written at its time, and not what is true now.
_AS_WRITTEN = ("about/", "incidents/", "feed", "api/", "history", "archive", "statements")


@dataclass(frozen=True)
class Telling:
    """A site at a moment, and every file published then."""

    city: City
    at: str

    @cached_property
    def board(self) -> Board:
        """What is true then."""
        return self.city.board(self.at)

    def service(self, id: str) -> ServiceStatus:
        """Return how a service stands."""
        return self.board.service_by_id[id]

    @cached_property
    def forms(self) -> Mapping[str, str]:
        """The words of every file that tells how things stand, by its path."""
        files = self.city.files(self.at)
        return {path: _words(path, content) for path, content in files.items() if _tells_state(path)}

    @property
    def text(self) -> str:
        """The words of `status.txt`."""
        return self.forms["status.txt"]

    def told(self, id: str) -> str:
        """Return what the page of a service says."""
        return self.forms[f"services/{id}/index.html"]

    def assert_never(self, *words: str) -> None:
        """Fail if one of these words stands in any form."""
        found = [(path, each) for path, text in self.forms.items() for each in words if each in text]
        assert not found, found

    def assert_told(self, *words: str, page: Sequence[str] = (), text: Sequence[str] = ()) -> None:
        """Fail unless these words stand on the front page and in the plain text.

        What the two say in different forms is given for each: `page` for the front page, `text` for the plain text.
        """
        for path, own in (("index.html", page), ("status.txt", text)):
            assert [each for each in (*words, *own) if each not in self.forms[path]] == [], self.forms[path]

    @cached_property
    def advice(self) -> tuple[Problem, ...]:
        """What `check` advises."""
        content = read_content(self.city.folder, available_languages())
        assert content.site is not None, content.problems
        return tuple(find_advice(content.site, content.texts, self.board))

    def advice_named(self, rule: str) -> list[tuple[int, str]]:
        """Return the lines and words of the advice of one rule."""
        return [(each.place.line or 0, each.what) for each in self.advice if each.rule == rule]


@dataclass(frozen=True)
class Town:
    """A small site, to be read at several moments."""

    city: City

    def at(self, moment: str) -> Telling:
        """Return what it tells at a moment, in its own local time."""
        return Telling(self.city, moment)


def make_town(
    folder: Path, services: str, site: str = "", files: Mapping[str, str] | None = None, **posts: str
) -> Town:
    """Write a site of a few services and posts; `site` has more keys of it. A post is named by its keyword.

    A post without front matter gets one: its first line is the title, then come the facts, then updates.
    """
    (folder / "incidents").mkdir(parents=True, exist_ok=True)
    head = _HEAD.format(more=f", {site}" if site else "")
    (folder / "services.yaml").write_text(head + textwrap.dedent(services).strip() + "\n", encoding="utf-8")
    for name, post in posts.items():
        path = folder / "incidents" / f"{name.replace('_', '-')}.md"
        path.write_text(textwrap.dedent(post).strip() + "\n", encoding="utf-8")
    for name, text in (files or {}).items():
        (folder / name).write_text(textwrap.dedent(text).strip() + "\n", encoding="utf-8")
    return Town(City(folder))


def _tells_state(path: str) -> bool:
    is_as_written = re.sub(r"^[a-z]{2}/", "", path).startswith(_AS_WRITTEN) or path.endswith("feed.json")
    return path.endswith((".html", ".txt", ".json", ".svg", ".csv")) and not is_as_written


def _words(path: str, content: bytes) -> str:
    text = content.decode()
    if path.endswith(".html"):
        return Page(text).words
    if path.endswith(".json") and not path.startswith("schemas/"):
        return "\n".join(_strings(json.loads(text)))
    return text if path.endswith((".txt", ".csv", ".svg")) else ""


def _strings(value: object) -> Iterator[str]:
    """Yield all texts in JSON, but the lists of words that explain every status."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for key, each in value.items() if key != "statuses" for text in _strings(each))
    elif isinstance(value, list):
        yield from (text for each in value for text in _strings(each))
