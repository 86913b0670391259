"""The generators that are compared: how each lays out the same posts, and the command that builds them.

Each is set up as plainly as it can be: it lists, shows and feeds the posts; what can be turned off is off.
"""

from abc import ABC, abstractmethod
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from benchmarks.corpus import Corpus, Incident, plain_post, write_site

HERE = Path(__file__).parent
PEERS = HERE / "peers" / ".venv"
ELEVENTY = HERE / "peers" / "node_modules" / "@11ty" / "eleventy" / "cmd.cjs"
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
_ELEVENTY_FILES = {
    "eleventy.config.mjs": """\
export default () => ({ dir: { input: "content" }, markdownTemplateEngine: false });
""",
    "content/incidents/incidents.json": """\
{ "layout": "post.njk", "tags": "incidents" }
""",
    "content/_includes/post.njk": """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head><body><h1>{{ title }}</h1>
{{ content | safe }}</body></html>
""",
    "content/index.njk": """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Springfield service status</title></head>
<body><h1>Springfield service status</h1>
<ul>{% for post in collections.incidents | reverse %}<li><a href="{{ post.url }}">{{ post.data.title }}</a></li>
{%- endfor %}</ul></body></html>
""",
    "content/feed.njk": f"""\
---
permalink: /feed.xml
---
<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Springfield service status</title>
<link>https://status.springfield.example/</link><description>Springfield service status</description>
{{%- for post in (collections.incidents | reverse).slice(0, {FEED_LENGTH}) %}}
<item><title>{{{{ post.data.title }}}}</title><pubDate>{{{{ post.date.toUTCString() }}}}</pubDate>
<link>https://status.springfield.example{{{{ post.url }}}}</link>
<description>{{{{ post.content }}}}</description></item>
{{%- endfor %}}
</channel></rss>
""",
}
# The settings of cState's own example, with one category and without a logo. Nor is there its list of all systems (they
# are on the front page), which has no template for today's Hugo.
_CSTATE = """\
title: Springfield service status
languageCode: en
defaultContentLanguage: en
baseURL: https://status.springfield.example/
disableKinds: [taxonomy]
params:
  categories: [{name: Services}]
  dateFormat: January 2, 2006 at 3:04 PM
  shortDateFormat: 15:04 — Jan 2
  useRelativeTime: true
  enableLastMod: true
  incidentHistoryFormat: yearly
  description: The status of the services of Springfield.
  incidentPostsPerPage: 5
  brand: "#0a0c0f"
  ok: "#008000"
  disrupted: "#cc4400"
  down: "#e60000"
  notice: "#24478f"
  alwaysKeepBrandColor: true
  headerTextColor: white
  googleAnalytics: UA-00000000-1
  systems:
"""
_CSTATE_OUTPUTS = """\
taxonomies: {affected: affected}
outputs:
  page: [html, json]
  section: [html, json, rss]
  home: [html, json, rss, svg]
  term: [html, json, rss, svg]
outputFormats:
  svg: {isPlainText: true, mediaType: image/svg+xml}
"""
_SEVERITIES = {"down": "down", "degraded": "disrupted"}


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


def _yaml_head(incident: Incident) -> str:
    return f'---\ntitle: "{incident.titles["en"]}"\ndate: {_moment(incident.updates[-1].time)}\n---\n'


def _moment(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:00-06:00}"


class Hugo(_Peer):
    """Hugo with the plainest layouts."""

    name, output, content, files = "hugo", "public", "content/incidents", _HUGO_FILES

    def head(self, incident: Incident) -> str:
        """YAML."""
        return _yaml_head(incident)

    def command(self) -> list[str]:
        """The program itself, without the Python that starts it."""
        (program,) = PEERS.glob("lib/python*/site-packages/hugo/binaries/hugo*")
        return [str(program), "--quiet"]


class CState(_Peer):
    """CState, in the folder of its theme, run by the same Hugo; a service is a system, whatever its channel."""

    name, output, content = "cstate", "public", "content/issues"
    files: ClassVar[dict[str, str]] = {}

    def __init__(self, theme: Path) -> None:
        self.theme = theme.resolve()

    def lay_out(self, corpus: Corpus, folder: Path) -> None:
        """The posts, and settings with all systems."""
        super().lay_out(corpus, folder)
        systems = (f"    - {{name: service-{number}, category: Services}}\n" for number in range(corpus.services))
        (folder / "config.yml").write_text(f"{_CSTATE}{''.join(systems)}{_CSTATE_OUTPUTS}", encoding="utf-8")

    def head(self, incident: Incident) -> str:
        """YAML, with what cState shows."""
        ended = f"resolvedWhen: {_moment(incident.updates[-1].time)}\n" if incident.over else ""
        return (
            f'---\ntitle: "{incident.titles["en"]}"\ndate: {_moment(incident.updates[0].time)}\n'
            f"resolved: {str(incident.over).lower()}\n{ended}severity: {_SEVERITIES[incident.status]}\n"
            f"affected: [{incident.cell.partition('/')[0]}]\nsection: issue\n---\n"
        )

    def command(self) -> list[str]:
        """As for Hugo."""
        return [*Hugo().command(), "--themesDir", str(self.theme.parent), "--theme", self.theme.name]


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


class Eleventy(_Peer):
    """Eleventy with the plainest templates, in Nunjucks; posts are Markdown alone, and no templates."""

    name, output, content, files = "eleventy", "_site", "content/incidents", _ELEVENTY_FILES

    def head(self, incident: Incident) -> str:
        """As Hugo has it."""
        return _yaml_head(incident)

    def command(self) -> list[str]:
        """The program itself, without the npx that starts it."""
        return ["node", str(ELEVENTY), "--quiet"]


GENERATORS: tuple[Generator, ...] = (Hugo(), Statusgen(), Eleventy(), Pelican(), MkDocs())
