"""The audit before a site is published: it passes every sound site, and stops what must not be published."""

import re
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from statusgen.audit.audit import audit_files
from statusgen.audit.checkers import check_file
from statusgen.audit.links import LinkResolver
from statusgen.audit.unpublished import _PHRASE
from statusgen.board.board import make_board
from statusgen.cli.main import main
from statusgen.content.format.values import parse_time
from statusgen.files import File
from statusgen.model.posts import Incident
from statusgen.model.whole_site import Site
from statusgen.model.words import Markup, Words
from statusgen.outputs.registry import all_files
from statusgen.problems import AuditError, Place
from statusgen.theme.renderer import Renderer
from tests.support.paths import SITES
from tests.support.sample_sites import BALTIMORE, KANSAS_CITY, City, read_site

MOMENT = "2024-05-06 12:00"
SERVICES = """
site:
  title: {en: Springfield services, es: Servicios de Springfield}
  url: https://status.springfield.example/
  timezone: America/Chicago
  languages: [en, es]
  alerts: {sender: status@springfield.example, area: City of Springfield}
  security: {contact: "mailto:security@springfield.example", expires: 2030-01-01}
services:
  - {id: trash, name: {en: Trash pickup, es: Basura}}
  - {id: water, name: {en: Pay a water bill, es: Pagar el agua}}
"""
POST = """---
title: Water bills cannot be paid
started: 2024-05-05 08:00
services: {water: down}
next_update: 2024-05-06 16:00
---
The office takes payments by check. [Our rules](https://springfield.example/rules)

## 2024-05-07 09:00 Update
Engineers found seventeen broken valves below the library.
"""
WORK = """---
title: Trucks rest on a holiday
kind: maintenance
posted: 2024-05-05
starts: 2024-05-27 06:00
ends: 2024-05-27 18:00
services: [trash]
---
Put the bins out one day later.
"""
DRAFT = """---
title: Mayor steps down over the budget
started: 2024-05-06 08:00
draft: true
services: {trash: {status: limited, do: Keep the rubbish inside the garage}}
---
The auditor will publish every invoice.
"""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("springfield")
    (folder / "incidents").mkdir()
    (folder / "services.yaml").write_text(SERVICES, encoding="utf-8")
    for name, post in (("water", POST), ("holiday", WORK), ("mayor", DRAFT)):
        (folder / "incidents" / f"{name}.md").write_text(post, encoding="utf-8")
    return City(folder)


def find_faults(city: City, files: Iterable[File], at: str = MOMENT) -> tuple[str, ...]:
    """Return the faults that the audit finds in these files."""
    try:
        for _ in audit_files(files, city.board(at), city.site):
            pass
    except AuditError as unsound:
        return unsound.faults
    return ()


def change_file(city: City, path: str, *changes: tuple[str, str]) -> Iterator[File]:
    """Yield the files of the city, one of them with changes."""
    files: Mapping[str, bytes] = city.files(MOMENT)
    assert path in files
    for name, content in files.items():
        if name == path:
            for old, new in changes:
                assert old.encode() in content, f"{old} is not in {path}"
                content = content.replace(old.encode(), new.encode("utf-8", "surrogateescape"), 1)
        yield File(name, content, Place("incidents/water.md", 2) if name == path else None)


PAGE = "incidents/water/index.html"
EVIL = "https://evil.example/"
AHEAD = "Engineers found seventeen broken valves below"
# The end of every page's text, before which anything can be planted; so for the others.
END, HEAD = "</main>", "</head>"


def put_before(mark: str, planted: str) -> tuple[str, str]:
    return mark, planted + mark


PLANTED: list[tuple[str, str, tuple[str, str], str]] = [
    ("inline script", PAGE, put_before(END, "<script>alert(1)</script>"), "There is a script in the page"),
    ("remote script", PAGE, put_before(END, '<script src="https://evil.example/x.js"></script>'), "not part of"),
    ("its own host", PAGE, put_before(END, '<script src="//evil.example/x.js"></script>'), "not part of"),
    ("with a backslash", PAGE, put_before(END, r'<img alt="" src="\\evil.example\x.png">'), "not part of"),
    ("a script of its own", PAGE, put_before(END, '<script src="x.js"></script>'), 'leads to "incidents/water/x.js"'),
    ("broken data", PAGE, put_before(END, '<script type="application/ld+json">{</script>'), "cannot be read"),
    ("event handler", PAGE, put_before(END, "<p onclick=alert(1)>x</p>"), 'attribute "onclick"'),
    ("in capitals", PAGE, put_before(END, "<p OnPointerDown='x'>x</p>"), 'attribute "onpointerdown"'),
    ("after a slash", PAGE, put_before(END, "<img/onerror=alert(1) src=x>"), 'attribute "onerror"'),
    ("style attribute", PAGE, put_before(END, '<p style="color:red">x</p>'), 'attribute "style"'),
    ("remote picture", PAGE, put_before(END, '<img alt="" src="https://evil.example/x.png">'), "not part of"),
    ("pictures to choose from", PAGE, put_before(END, f'<img alt="" srcset="/icon.svg 1x, {EVIL} 2x">'), "not part of"),
    ("remote style", PAGE, put_before(HEAD, f'<link rel="stylesheet" href="{EVIL}">'), "not part of"),
    ("preloading", PAGE, put_before(HEAD, '<link rel="preconnect" href="https://evil.example/">'), "not part of"),
    ("in a drawing", PAGE, put_before(END, '<svg><image href="https://evil.example/x"/></svg>'), "not part of"),
    ("frame", PAGE, put_before(END, '<iframe src="/"></iframe>'), "<iframe>"),
    ("frame with its page", PAGE, put_before(END, '<iframe srcdoc="x"></iframe>'), "<iframe>"),
    ("object", PAGE, put_before(END, '<object data="x.swf"></object>'), "<object>"),
    ("form", PAGE, put_before(END, '<form action="https://evil.example/"></form>'), "<form>"),
    ("base", PAGE, put_before(HEAD, '<base href="https://evil.example/">'), "<base>"),
    ("leading away", PAGE, put_before(HEAD, f'<meta http-equiv="refresh" content="0;url={EVIL}">'), "refresh"),
    ("script link", PAGE, put_before(END, '<a href="javascript:alert(1)">x</a>'), "no link may lead"),
    ("hidden scheme", PAGE, put_before(END, '<a href="java&#9;script:alert(1)">x</a>'), "no link may lead"),
    ("data link", PAGE, put_before(END, '<a href="data:text/html,x">x</a>'), "no link may lead"),
    ("no policy", PAGE, ('http-equiv="Content-Security-Policy"', "name=x"), "no Content-Security-Policy"),
    ("weak policy", PAGE, ("default-src 'none'", "default-src *"), "allows too much"),
    ("unsafe policy", PAGE, ("script-src 'self'", "script-src 'unsafe-inline'"), "allows too much"),
    ("another style", PAGE, ("<style>", "<style>body{display:none}"), "keeps browsers from using"),
    ("style that loads", PAGE, put_before(HEAD, "<style>@import 'https://evil.example/x'</style>"), "@import"),
    ("style with a name", PAGE, put_before(HEAD, "<style>a{b:image-set('x' 1x)}</style>"), "image-set("),
    ("animated link", PAGE, put_before(END, "<svg><a><animate attributeName=href to=x /></a></svg>"), "<animate>"),
    ("link set late", PAGE, put_before(END, "<svg><a><set to='java&#9;script:x'/></a></svg>"), "<set>"),
    ("animation of an event", PAGE, put_before(END, "<svg><set attributeName=onclick to=x /></svg>"), "<set>"),
    ("animation that loads", PAGE, put_before(END, "<svg><animate to='url(//evil.example)'/></svg>"), "<animate>"),
    ("style of codes", PAGE, put_before(HEAD, r"<style>a{b:u\72l(//evil.example/a.png)}</style>"), "The style has"),
    ("import in codes", PAGE, put_before(HEAD, r"<style>@\69mport '//evil.example'</style>"), "The style has"),
    ("policy for a host", PAGE, ("script-src 'self'", "script-src evil.example"), "allows too much"),
    ("policy for a scheme", PAGE, ("script-src 'self'", "script-src HTTPS:"), "allows too much"),
    ("policy in capitals", PAGE, ("script-src 'self'", "script-src 'Unsafe-Inline'"), "allows too"),
    ("policy of another name", PAGE, ("default-src 'none'", "x-default-src 'none'"), "allows too much"),
    ("early pictures", PAGE, put_before(HEAD, f'<link rel="preload" imagesrcset="{EVIL} 1x">'), "not part of"),
    ("told to others", PAGE, put_before(END, '<img alt="" src="/icon.svg" attributionsrc>'), '"attributionsrc"'),
    ("link told to others", PAGE, put_before(END, f'<a href="/" attributionsrc="{EVIL}">x</a>'), '"attrib'),
    ("another's address", PAGE, put_before(HEAD, f'<link rel="canonical" href="{EVIL}">'), "not part of"),
    ("next elsewhere", PAGE, put_before(HEAD, f'<link rel="next" href="{EVIL}">'), "not part of"),
    ("previous elsewhere", PAGE, put_before(HEAD, f'<link rel="PREV author" href="{EVIL}">'), "not part of"),
    ("link for nothing", PAGE, put_before(HEAD, f'<link href="{EVIL}">'), "not part of"),
    ("another's picture", PAGE, put_before(HEAD, f'<meta property="og:image" content="{EVIL}x.png">'), "not part of"),
    ("another's film", PAGE, put_before(HEAD, f'<meta property="OG:Video:url" content="{EVIL}">'), "not part of"),
    ("another's page", PAGE, put_before(HEAD, f'<meta property="og:url" content="{EVIL}">'), "not part of"),
    ("another's card", PAGE, put_before(HEAD, f'<meta name="twitter:image:src" content="{EVIL}">'), "not part of"),
    ("another's feed", PAGE, put_before(HEAD, f'<link rel="alternate" type="text/xml" href="{EVIL}">'), "not part of"),
    ("another's app", PAGE, put_before(HEAD, '<meta property="al:ios:url" content="evil://x">'), "not part of"),
    ("an app's store", PAGE, put_before(HEAD, '<meta property="al:ios:app_store_id" content="1">'), "no page may"),
    ("an app's banner", PAGE, put_before(HEAD, '<meta name="apple-itunes-app" content="app-id=1">'), "no page may"),
    ("a card's app", PAGE, put_before(HEAD, '<meta name="twitter:app:url:iphone" content="x">'), "no page may"),
    ("a task", PAGE, put_before(HEAD, '<meta name="msapplication-task" content="name=x">'), "no page may"),
    ("a payment", PAGE, put_before(HEAD, '<meta name="Monetization" content="$x">'), "no page may"),
    ("paid elsewhere", PAGE, put_before(HEAD, f'<link rel="monetization" href="{EVIL}">'), "not part of"),
    ("telling all", PAGE, put_before(HEAD, '<meta name="referrer" content="unsafe-url">'), "where readers"),
    ("telling some", PAGE, put_before(HEAD, '<meta name=Referrer content="no-referrer,origin">'), "where readers"),
    ("telling one", PAGE, put_before(END, f'<a referrerpolicy="unsafe-url" href="{EVIL}">x</a>'), "where readers"),
    ("forwarded calls", PAGE, put_before(END, '<a href="tel:*21*1#">x</a>'), "where no link"),
    ("forwarded again", PAGE, put_before(END, '<a href="TEL:**21*1%23">x</a>'), "where no link"),
    ("secret copies", PAGE, put_before(END, '<a href="mailto:?bcc=a@evil.example">x</a>'), "where no link"),
    ("more copies", PAGE, put_before(END, '<a href="mailto:a@b.example?Subject=x&amp;CC=c@d">x</a>'), "where no link"),
    ("along a path", PAGE, put_before(END, f'<svg><path offset-path="url({EVIL})"/></svg>'), "which loads"),
    ("behind a mask", PAGE, put_before(END, '<svg><path mask-image="url(//evil.example)"/></svg>'), "which loads"),
    ("another's tile", PAGE, put_before(HEAD, f'<meta name="twitter:url" content="{EVIL}">'), "not part of"),
    ("color that loads", PAGE, put_before(END, f'<svg><path d="M0 0" fill="url({EVIL}#x)"/></svg>'), "loads some"),
    ("mask that loads", PAGE, put_before(END, r'<svg><path d="" mask="u\72l(//evil.example)"/></svg>'), "loads some"),
    ("in a comment", PAGE, put_before(END, "<!-- <script>alert(1)</script> -->"), "hidden in a comment"),
    ("in another text", PAGE, put_before(END, "<textarea></textarea><noscript><style></noscript><b></style>"), ""),
    ("id twice", PAGE, put_before(END, '<p id="main">x</p>'), 'Two elements have the id "main"'),
    ("dead link", PAGE, put_before(END, '<a href="../nowhere/index.html">x</a>'), '"incidents/nowhere/index.html"'),
    ("dead picture", PAGE, put_before(END, '<img alt="" src="../files/x.png">'), '"incidents/files/x.png"'),
    ("dead fragment", PAGE, put_before(END, '<a href="../../index.html#gone">x</a>'), 'has the id "gone"'),
    ("dead fragment here", PAGE, put_before(END, '<a href="#gone">x</a>'), 'has the id "gone"'),
    ("out of the site", PAGE, put_before(END, '<a href="../../../x.html">x</a>'), "no link may lead"),
    ("control character", PAGE, put_before(END, "a\x1b[31mb"), "U+001B"),
    ("bidi override", PAGE, put_before(END, "a\u202eb"), "U+202E"),
    ("bidi, referred to", PAGE, put_before(END, "a&#x202E;b"), "U+202E"),
    ("bidi, in decimals", PAGE, put_before(END, "a&#8238b"), "U+202E"),
    ("zero-width space", PAGE, put_before(END, "pass\u200bword"), "U+200B"),
    ("zero-width, referred to", PAGE, put_before(END, "pass&#x200B;word"), "U+200B"),
    ("zero-width, by name", PAGE, put_before(END, "pass&ZeroWidthSpace;word"), "U+200B"),
    ("joiner in a word", PAGE, put_before(END, "pass&zwj;word"), "U+200D"),
    ("joiners in a row", PAGE, put_before(END, "\u0645\u200c\u200d"), "U+200D"),
    ("hidden message", PAGE, put_before(END, "\U0001f44d\U000e0152\U000e0155"), "U+E0152"),
    ("hidden in a flag", PAGE, put_before(END, "\U0001f3f4" + "\U000e0061" * 9), "U+E0061"),
    ("tower of marks", PAGE, put_before(END, "Z" + "\u0300\u0301\u0302\u0303\u0304\u0305"), "too many marks"),
    ("tower, referred to", PAGE, put_before(END, "Z" + "&#x300;" * 9), "too many marks"),
    ("zero-width in data", "status.json", ("Springfield", "Spring\\u200bfield"), "U+200B"),
    ("zero-width in a calendar", "calendar.ics", ("SUMMARY:", "SUMMARY:a\u2060b"), "U+2060"),
    ("no UTF-8", PAGE, put_before(END, "\udcff"), "not in UTF-8"),
    ("front page without a problem", "es/index.html", ("services/water/", "services/trash/"), '"water" is missing'),
    ("front page that is green", "index.html", ("status down", "status working"), 'shown as "working"'),
    ("data that is green", "status.json", ('"status": "down"', '"status": "working"'), 'shown as "working"'),
    ("a draft's text", PAGE, put_before(END, "The auditor will publish every invoice"), "incidents/mayor.md:2"),
    ("a draft's advice", "sms.txt", put_before("Springfield", "Keep the rubbish inside the garage "), "mayor.md:2"),
    ("a draft's title", "feed.json", ("Water bills cannot be paid", "Mayor steps down over the budget"), "mayor.md:2"),
    ("a draft's page", "sitemap.xml", ("incidents/water/", "incidents/mayor/"), "incidents/mayor.md:2"),
    ("words dated ahead", "atom.xml", ("The office takes", AHEAD), "water.md:9"),
    ("feed that runs", "feed.xml", ("&lt;p&gt;", "&lt;script&gt;x&lt;/script&gt;&lt;p&gt;"), "<script>"),
    ("feed with a handler", "atom.xml", ("&lt;p&gt;", "&lt;p onclick='x'&gt;"), 'attribute "onclick"'),
    ("feed with a pixel", "feed.xml", ("&lt;p&gt;", "&lt;img src='https://evil.example/'&gt;"), "not part of"),
    ("feed for programs that runs", "feed.json", ("<p>", "<iframe></iframe><p>"), "<iframe>"),
    ("data that runs", "incidents/water/incident.json", ("<p>", "<a href='javascript:x'>y</a><p>"), "no link may lead"),
    ("broken feed", "feed.xml", ("</title>", "</titel>"), "not well-formed XML"),
    ("document type", "atom.xml", ("<feed", "<!DOCTYPE feed SYSTEM 'https://evil.example/x'><feed"), "an instruction"),
    ("style for a feed", "atom.xml", ("<feed", f"<?xml-stylesheet href='{EVIL}'?><feed"), "an instruction"),
    ("dead address in a feed", "feed.xml", ("incidents/water/#", "incidents/watre/#"), '"incidents/watre/index.html"'),
    ("dead address in data", "history.json", ("/history.json", "/histroy.json"), '"schema/v1/histroy.json"'),
    ("dead address of a feed", PAGE, ("feed.xml", "fede.xml"), "fede.xml"),
    ("broken data file", "status.json", ("{", "{,"), "not JSON"),
    ("not a number", "status.json", ('"version": 1', '"version": NaN'), "not JSON"),
    ("bidi, escaped", "status.json", ("Springfield", "Spring\\u202efield"), "U+202E"),
    ("torn calendar", "calendar.ics", ("END:VEVENT\r\n", ""), "begins where it cannot"),
    ("planted event", "calendar.ics", ("SUMMARY:", "X:y\r\nBEGIN:VEVENT\r\nSUMMARY:"), "begins where it cannot"),
    ("broken line", "calendar.ics", ("SUMMARY:", "x\r\nSUMMARY:"), "not a property"),
    ("lone line end", "calendar.ics", ("SUMMARY:", "SUMMARY:a\nb"), "not a property"),
    ("calendar with no end", "calendar.ics", ("END:VCALENDAR\r\n", ""), "no end"),
    ("formula", "services.csv", ("Trash pickup", "=HYPERLINK(1)"), "a formula"),
    ("long row", "services.csv", ("Trash pickup", "Trash,pickup"), "cells"),
    ("badge that runs", "badge.svg", ("</svg>", "<script>x</script></svg>"), "<script>"),
    ("badge with a handler", "badge.svg", ("<svg ", "<svg onload='x' "), 'attribute "onload"'),
    ("badge with a pixel", "badge.svg", ("</svg>", "<image href='https://evil.example/'/></svg>"), "not part of"),
    ("badge that loads", "badge.svg", ("</svg>", "<rect fill='url(https://evil.example/#x)'/></svg>"), "loads"),
    ("badge that is set late", "badge.svg", ("</svg>", "<a><set attributeName='href' to='x'/></a></svg>"), "<set>"),
    ("badge with a name", "badge.svg", ("</svg>", "<style>a{b:image-set('//evil')}</style></svg>"), "image-set("),
    ("badge that hides its style", "badge.svg", ("</svg>", r"<rect fill='u\72l(//evil.example)'/></svg>"), "loads"),
    ("badge with an author", "badge.svg", ("</svg>", "<metadata>Ada</metadata></svg>"), "<metadata>"),
    ("badge with a note", "badge.svg", ("</svg>", "<!-- Ada --></svg>"), "a comment"),
    ("note before a badge", "badge.svg", ("<svg ", "<!-- Ada --><svg "), "a comment"),
    ("badge with a folder", "badge.svg", ("<svg ", "<svg xmlns:i='urn:ink' i:docname='/home/ada/x' "), '"docname"'),
    ("badge with layers", "badge.svg", ("</svg>", "<i:layer xmlns:i='urn:ink'/></svg>"), "<layer>"),
    ("badge with names", "badge.svg", ("</svg>", "<g data-name='Ada'/></svg>"), '"data-name"'),
    ("drawing with an author", PAGE, put_before(END, "<svg><metadata>Ada</metadata></svg>"), "<metadata>"),
    ("drawing with a folder", PAGE, put_before(END, "<svg sodipodi:docname='Ada'></svg>"), '"sodipodi:docname"'),
    ("foreign script", "embed.js", ("(", "fetch('https://evil.example/');("), "not a script of statusgen"),
    ("header, planted", "_headers", ("\n", "\nSet-Cookie: x\n"), "not a line that programs"),
    ("crawlers' rule, planted", "robots.txt", ("\n", "\nClean-param: x\n"), "not a line that programs"),
    ("return in a header", "_headers", ("nosniff", "nosniff\r  X-Frame-Options: x"), "U+000D"),
    ("security text, planted", ".well-known/security.txt", ("\n", "\n<x>\n"), "not a line that programs"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "change", "words"), [row[1:] for row in PLANTED], ids=[row[0] for row in PLANTED])
def test_what_must_not_be_published_is_stopped(city: City, path: str, change: tuple[str, str], words: str) -> None:
    found = find_faults(city, change_file(city, path, change))
    assert any(words in fault for fault in found), found
    assert found[0].startswith(f"{path}:"), "the file comes first"
    assert any(fault.endswith("(made from incidents/water.md:2)") for fault in found), found


@pytest.mark.parametrize(
    "hidden",
    [
        f"<header>Hi</header><svg><title><script src={EVIL}></script></title></svg>",
        f"<header>Hi</header><svg><style><script src={EVIL}></script></style></svg>",
        '<header>Hi</header><svg><style><meta http-equiv="refresh" content="0;url=x"></style></svg>',
        f"</p><svg><style><script src={EVIL}></script></style></svg>",
        "<svg><style><body onload=x></style></svg>",
    ],
)
def test_a_tag_that_one_parser_takes_for_text_is_stopped(hidden: str) -> None:
    policy = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">"
    page = f"<!DOCTYPE html><html><title>x</title>{policy}<body>{{}}</html>"
    assert check_file(PAGE, page.format("x").encode(), EVIL).faults == ()
    assert any("hidden in a" in fault.what for fault in check_file(PAGE, page.format(hidden).encode(), "").faults)


def test_a_missing_front_page_is_missed(city: City) -> None:
    files = (File(path, content) for path, content in city.files(MOMENT).items() if path != "es/index.html")
    assert any(fault.startswith("es/index.html:1: This file is missing") for fault in find_faults(city, files))


def test_the_line_is_that_of_the_file(city: City) -> None:
    lines = city.files(MOMENT)[PAGE].decode().split("\n")
    line = next(number for number, words in enumerate(lines, 1) if "</main>" in words)
    (fault,) = find_faults(city, change_file(city, PAGE, put_before(END, '<p style="x">x</p>')))
    assert fault.startswith(f"{PAGE}:{line}: ")


def test_what_a_city_may_do_passes(city: City) -> None:
    """Links out, to other sites and to phones; pictures of the site; addresses that a server understands."""
    harmless = (
        '<a href="https://springfield.example/">x</a> <a href="tel:311">x</a> <a href="mailto:a@b.example">x</a>'
        '<a href="/">x</a> <a href="../../">x</a> <a href="/services/trash/">x</a> <img alt="" src="/icon.svg">'
        '<a href="https://status.springfield.example/old">what a writer says in a text is the writer\'s own</a>'
        "<svg><path d='M0 0' fill='url(#dots)'/><animate attributeName='opacity' values='0;1' dur='1s'/></svg>"
        '<a referrerpolicy="no-referrer" href="mailto:a@b.example?subject=My bill&amp;body=x">x</a>'
        '<a href="tel:+1-816-555-0100,2">x</a> <a href="tel:*228">x</a>'
        "<!-- a note --> 1 < 2 \u200e \u00ad"
    )
    assert find_faults(city, change_file(city, PAGE, put_before(END, harmless))) == ()


@pytest.mark.parametrize(
    "words",
    [
        "\U0001f469\u200d\U0001f692 \U0001f441\ufe0f\u200d\U0001f5e8\ufe0f 1\ufe0f\u20e3 \u2764\ufe0f \u00a9\ufe0f",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # the flag of England
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian: I want
        "\u0915\u094d\u200d\u0937",  # Hindi
        "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35\u200b\u0e04\u0e23\u0e31\u0e1a",  # Thai: hello
        "\u0628\u0650\u0633\u0652\u0645\u0650 \u05d1\u05bc\u05b0\u05e8\u05b5\u05d0\u05e9\u05c1\u05b4\u0596\u05d9\u05ea",
        "\u845b\U000e0100\u57ce",  # a Japanese name
        "PDF\u200c\u0647\u0627",  # Persian endings behind letters, digits and signs of others
        "\u00ab\u062e\u0628\u0631\u00bb\u200c\u0647\u0627",
        "80\u200c\u0647\u0627",
        "(\u0628\u0631\u0642)\u200c\u0647\u0627",
        "\u0645\u06cc\u200c\u200c\u0634\u0648\u062f",  # typed twice
        "Auf\u200clage",  # German
        "\u2764\ufe0f\ufe0f",
        "\ufe8f\u200c\ufe8f \ufb56\u200d",  # forms of Arabic letters
        "\U0001e900\u200d\U0001e901",  # Adlam
        "\u0f67\u0f71\u0f74\u0f83 Vi\u1ec7t e\u0323\u0302 \u1820\u180e\u1820",  # Tibetan, Vietnamese, Mongolian
    ],
)
def test_scripts_and_emoji_that_need_invisible_characters_are_published(tmp_path: Path, words: str) -> None:
    (tmp_path / "incidents").mkdir()
    (tmp_path / "services.yaml").write_text(SERVICES, encoding="utf-8")
    (tmp_path / "incidents" / "water.md").write_text(
        POST.replace("The office", f"{words} the office"), encoding="utf-8"
    )
    code, output = build(tmp_path)
    assert code == 0, output
    assert unicodedata.normalize("NFC", words) in (tmp_path / "site" / PAGE).read_text(encoding="utf-8")


def test_joiners_behind_marks_of_markdown_are_published(tmp_path: Path) -> None:
    (tmp_path / "incidents").mkdir()
    (tmp_path / "services.yaml").write_text(SERVICES, encoding="utf-8")
    words = "**\u0628\u0631\u0642**\u200c\u0647\u0627 [\u0645\u06cc\u200c\u0634\u0648\u062f](https://a.example/x)\u200c\u0647\u0627"
    post = POST.replace("The office", f"{words} the office")
    (tmp_path / "incidents" / "water.md").write_text(post, encoding="utf-8")
    code, output = build(tmp_path)
    assert code == 0, output
    page = (tmp_path / "site" / PAGE).read_text(encoding="utf-8")
    assert "</strong>\u200c\u0647\u0627" in page
    assert "</a>\u200c\u0647\u0627" in page


def test_a_link_that_a_writer_mistyped_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "incidents").mkdir()
    (tmp_path / "services.yaml").write_text(SERVICES, encoding="utf-8")
    post = POST.replace("takes payments", "[on the holiday](holiday.md#gone) takes payments")
    (tmp_path / "incidents" / "water.md").write_text(post, encoding="utf-8")
    (tmp_path / "incidents" / "holiday.md").write_text(WORK, encoding="utf-8")
    code, output = build(tmp_path)
    assert code == 1
    assert output.startswith("incidents/water.md:7: "), output
    assert 'has the id "gone"' in output
    assert "report it" not in output
    assert "Fix these lines, and build again." in output


def test_a_template_s_fault_is_blamed_on_the_template(tmp_path: Path) -> None:
    (tmp_path / "incidents").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "services.yaml").write_text(SERVICES, encoding="utf-8")
    base = '{% extends "theme/base.html" %}{% block head %}<base href="/">{% endblock %}'
    (tmp_path / "templates" / "base.html").write_text(base, encoding="utf-8")
    code, output = build(tmp_path)
    assert code == 1
    assert "If none of your templates causes this, it is a bug in statusgen: please report it." in output


def test_a_fault_of_our_own_is_to_be_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("statusgen.outputs.host._robots_txt", lambda _site: "nonsense\n")
    (tmp_path / "incidents").mkdir()
    (tmp_path / "services.yaml").write_text(SERVICES, encoding="utf-8")
    code, output = build(tmp_path)
    assert code == 1
    assert "This is a bug in statusgen: please report it." in output


def test_a_draft_of_long_words_takes_no_time() -> None:
    began = time.process_time()
    for letters in ("a" * 400_000, "ab " * 2 + "a" * 400_000, "ab  " * 100_000):
        assert _PHRASE.findall(letters) == []
    assert LinkResolver("index.html", "https://status.example/").resolve("a" + " " * 400_000 + "b")
    assert time.process_time() - began < 2


def test_common_words_of_a_draft_are_no_secret(tmp_path: Path) -> None:
    """A draft may use words that stand in another post, or in the pages themselves."""
    (tmp_path / "incidents").mkdir()
    (tmp_path / "services.yaml").write_text(SERVICES, encoding="utf-8")
    (tmp_path / "incidents" / "water.md").write_text(POST, encoding="utf-8")
    draft = POST.replace("---\ntitle", "---\ndraft: true\ntitle") + "\nWe do not know yet. Not working as usual."
    (tmp_path / "incidents" / "water-2.md").write_text(draft, encoding="utf-8")
    city = City(tmp_path)
    assert find_faults(city, (File(path, content) for path, content in city.files(MOMENT).items())) == ()


SAMPLE_SITES = [City(SITES / name) for name in ("small", "quiet", "long-tail", "new-orleans")]
MOMENTS = [(city, at) for city in SAMPLE_SITES for at in ("first", "middle")]
MOMENTS += [(BALTIMORE, "2019-05-20"), (KANSAS_CITY, "2024-05-05")]


@pytest.mark.parametrize(("city", "at"), MOMENTS, ids=[f"{city.folder.name}-{at}" for city, at in MOMENTS])
def test_sound_sites_pass_at_any_moment(city: City, at: str) -> None:
    if at in ("first", "middle"):
        times = sorted(update.time.start for incident in city.site.incidents for update in incident.updates)
        moment = times[0 if at == "first" else len(times) // 2]
        at = f"{moment.astimezone(city.site.zone):%Y-%m-%d %H:%M}"
    now = city.board(at)
    assert [*audit_files(all_files(now, Renderer(city.folder)), now, city.site)]


def make_hostile(site: Site, text: str) -> Site:
    """Return the site with a text that is not safe HTML, as a bug in reading would let it through."""

    def spoil(incident: Incident) -> Incident:
        first = replace(incident.updates[0], texts=(Markup(text, text, "en"),))
        return replace(incident, updates=(first, *incident.updates[1:]), title=Words((("en", text),)))

    return replace(site, incidents=tuple(map(spoil, site.incidents)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<script>alert(1)</script>", "There is a script in the page"),
        ('<p onmouseover="x">x</p>', 'attribute "onmouseover"'),
        ('<img src="https://evil.example/x.png" alt="">', "not part of"),
        ('<a href="javascript:x">x</a>', "no link may lead"),
        ("<p>a\u202eb</p>", "U+202E"),
        ("<p>a&#x9b;b</p>", "U+009B"),
    ],
)
def test_a_hole_in_reading_is_no_hole_in_the_site(city: City, text: str, words: str) -> None:
    site = make_hostile(city.site, text)
    now = make_board(site, parse_time(MOMENT, site.zone).last_minute)
    with pytest.raises(AuditError, match="published site was not changed") as stopped:
        list(audit_files(all_files(now, Renderer(city.folder)), now, site))
    assert any(words in fault for fault in stopped.value.faults), stopped.value.faults
    assert any("(made from incidents/" in fault for fault in stopped.value.faults)


def test_a_hostile_title_harms_nothing(city: City) -> None:
    """What is escaped everywhere may be published."""
    title = Words((("en", '</title><script>alert(1)</script>" onload="x" ]]> =1+1 {{ 7*7 }}'),))
    site = replace(city.site, incidents=tuple(replace(each, title=title) for each in city.site.incidents))
    now = make_board(site, parse_time(MOMENT, site.zone).last_minute)
    assert [*audit_files(all_files(now, Renderer(city.folder)), now, site)]


def test_a_hostile_note_of_a_demonstration_harms_nothing(city: City) -> None:
    """RSS has HTML where the other feeds have plain text."""
    note = Words((("en", "Not real: <b onload=x> text & more"),))
    now = make_board(replace(city.site, demonstration=note), parse_time(MOMENT, city.site.zone).last_minute)
    files = {file.path: file for file in audit_files(all_files(now, Renderer(city.folder)), now, city.site)}
    assert b"&amp;lt;b onload=x&amp;gt; text &amp;amp; more" in files["feed.xml"].content
    assert b"&lt;b onload=x&gt; text &amp; more" in files["atom.xml"].content


def build(folder: Path) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["build", "--source", str(folder), "--at", MOMENT])
    return done.exit_code, done.output


def published(folder: Path) -> dict[str, bytes]:
    site = folder / "site"
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def test_a_template_that_runs_something_leaves_the_published_site_alone(tmp_path: Path) -> None:
    (tmp_path / "incidents").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "services.yaml").write_text(SERVICES, encoding="utf-8")
    (tmp_path / "incidents" / "water.md").write_text(POST, encoding="utf-8")
    assert build(tmp_path)[0] == 0
    before = published(tmp_path)
    counter = '{% block head %}<script src="https://count.example/c.js"></script>{% endblock %}'
    (tmp_path / "templates" / "base.html").write_text('{% extends "theme/base.html" %}' + counter, encoding="utf-8")
    code, output = build(tmp_path)
    assert code == 1
    assert "index.html:" in output
    assert '<script> loads "https://count.example/c.js", which is not part of this site.' in output
    assert "The published site was not changed." in output
    assert published(tmp_path) == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".site")]
    (tmp_path / "templates" / "base.html").unlink()
    assert build(tmp_path)[0] == 0


def test_one_draft_among_many_posts_is_found_by_its_words_alone(city: City) -> None:
    """The check knows drafts from what was read, and not from what the outputs leave out."""
    now = make_board(city.site, parse_time(MOMENT, city.site.zone).last_minute, drafts=True)
    with pytest.raises(AuditError, match=re.escape("incidents/mayor.md:2, which must not be published yet")):
        list(audit_files(all_files(now, Renderer(city.folder)), now, city.site))
    assert [*audit_files(all_files(now, Renderer(city.folder)), now, city.site, drafts=True)]


def test_what_is_known_of_a_file_depends_on_its_bytes_alone(city: City) -> None:
    for path, content in city.files(MOMENT).items():
        known = check_file(path, content, city.site.url)
        assert known == check_file(path, content, city.site.url)
        assert known.faults == ()


@pytest.mark.parametrize("path", ["index.html", "es/index.html", "status.json", "es/status.json"])
def test_the_audit_sees_the_status_of_every_service(city: City, path: str) -> None:
    """If a template stopped marking statuses as the audit reads them, no wrong status would be found any more."""
    now = city.board(MOMENT)
    result = check_file(path, city.files(MOMENT)[path], city.site.url)
    assert dict(result.statuses) == {service.id: service.status.value for service in now.services}
    assert set(dict(result.statuses).values()) == {"down", "not_said"}


def test_every_sample_is_read(city: City) -> None:
    """Each kind of file of a site has a reader of its own, so that none is passed over."""
    kinds = {path.rpartition("/")[2].rpartition(".")[2] for path in city.files(MOMENT)}
    assert kinds <= {"html", "xml", "rss", "atom", "opml", "svg", "json", "ics", "csv", "css", "js", "txt", "_headers"}
    assert read_site(city.folder).languages == ("en", "es")
