"""The generators that are compared: how each lays out the same posts, and the command that builds them.

Each is set up as plainly as it can be: it lists, shows and feeds the posts; what can be turned off is off.
"""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from benchmarks.corpus import Corpus, Incident, plain_post, write_site

HERE = Path(__file__).parent
PEERS = HERE / "peers" / ".venv"
# Statusgen as it is installed, without what its developers use.
STATUSGEN = [str(HERE / "peers" / ".statusgen" / "bin" / "python"), "-m", "statusgen"]
FEED_LENGTH = 100

_HUGO_FILES = {
    "hugo.toml": f"""\
baseURL = "https://status.springfield.example/"
title = "Springfield service status"
disableKinds = ["taxonomy", "term", "section", "sitemap", "robotstxt", "404"]
[services.rss]
limit = {FEED_LENGTH}
""",
    "layouts/home.html": """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body><h1>{{ .Title }}</h1>
<ul>{{ range .Site.RegularPages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul></body></html>
""",
    "layouts/page.html": """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body><h1>{{ .Title }}</h1>
{{ .Content }}</body></html>
""",
}
_PELICAN = f"""\
SITENAME = "Springfield service status"
SITEURL = "https://status.springfield.example"
TIMEZONE = "America/Chicago"
PATH = "content"
THEME = "simple"
FEED_ALL_ATOM = "feeds/all.atom.xml"
FEED_ALL_RSS = "feeds/all.rss.xml"
FEED_MAX_ITEMS = {FEED_LENGTH}
CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
DEFAULT_PAGINATION = False
DIRECT_TEMPLATES = ["index"]
CATEGORY_SAVE_AS = AUTHOR_SAVE_AS = TAG_SAVE_AS = ""
"""
_MKDOCS = """\
site_name: Springfield service status
site_url: https://status.springfield.example/
plugins: []
"""


class Generator(ABC):
    """A program that makes a site of the posts in `folder`. `largest` is the size above which it is not run."""

    name: str
    output: str
    largest = 1_000_000

    @abstractmethod
    def lay_out(self, corpus: Corpus, folder: Path) -> None:
        """Write the posts, and whatever else it needs, into a new folder."""

    @abstractmethod
    def post(self, incident: Incident, folder: Path) -> Path:
        """The file of a post in the first language."""

    @abstractmethod
    def command(self) -> list[str]:
        """What builds the site when started in the folder."""


class Statusgen(Generator):
    """Statusgen with all of its outputs."""

    name, output = "statusgen", "site"

    def lay_out(self, corpus: Corpus, folder: Path) -> None:
        """As a city would."""
        write_site(corpus, folder)

    def post(self, incident: Incident, folder: Path) -> Path:
        """One Markdown file."""
        return folder / "incidents" / f"{incident.id}.md"

    def command(self) -> list[str]:
        """The command line."""
        return [*STATUSGEN, "build"]


class _Peer(Generator):
    files: ClassVar[dict[str, str]]
    content: str

    def lay_out(self, corpus: Corpus, folder: Path) -> None:
        """The settings, and a file for each post."""
        for name, text in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (folder / self.content).mkdir(parents=True, exist_ok=True)
        for incident in corpus.posts():
            text = self.head(incident) + plain_post(incident, "en")
            self.post(incident, folder).write_text(text, encoding="utf-8")

    def post(self, incident: Incident, folder: Path) -> Path:
        """One Markdown file."""
        return folder / self.content / f"{incident.id}.md"

    @abstractmethod
    def head(self, incident: Incident) -> str:
        """The front matter of a post."""


class Hugo(_Peer):
    """Hugo with the plainest layouts."""

    name, output, content, files = "hugo", "public", "content/incidents", _HUGO_FILES

    def head(self, incident: Incident) -> str:
        """YAML."""
        date = incident.updates[-1].time
        return f'---\ntitle: "{incident.titles["en"]}"\ndate: {date:%Y-%m-%dT%H:%M:00-06:00}\n---\n'

    def command(self) -> list[str]:
        """The program itself, without the Python that starts it."""
        (program,) = PEERS.glob("lib/python*/site-packages/hugo/binaries/hugo*")
        return [str(program), "--quiet"]


class Pelican(_Peer):
    """Pelican with its simple theme."""

    name, output, content, files = "pelican", "output", "content", {"pelicanconf.py": _PELICAN}

    def head(self, incident: Incident) -> str:
        """Keys and values."""
        return f"Title: {incident.titles['en']}\nDate: {incident.updates[-1].time:%Y-%m-%d %H:%M}\n\n"

    def command(self) -> list[str]:
        """Its command line."""
        return [str(PEERS / "bin" / "pelican"), "--quiet"]


class MkDocs(_Peer):
    """MkDocs with its own theme, which puts every page into the menu of every page."""

    name, output, content = "mkdocs", "site", "docs"
    files: ClassVar[dict[str, str]] = {"mkdocs.yml": _MKDOCS, "docs/index.md": "# Springfield service status\n"}
    largest = 1_000

    def head(self, incident: Incident) -> str:
        """A heading."""
        return f"# {incident.titles['en']}\n\n"

    def command(self) -> list[str]:
        """Its command line."""
        return [str(PEERS / "bin" / "mkdocs"), "build", "--quiet"]


GENERATORS = (Hugo(), Statusgen(), Pelican(), MkDocs())
