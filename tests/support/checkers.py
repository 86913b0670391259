"""The programs that check the built pages as browsers and screen readers would.

`make test` installs them. Each of these functions has a test of its own in test_checkers.py: a checker
that finds nothing because it ran on nothing would be worse than none.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.paths import NODE_MODULES

# WCAG 2.2 to level AA, and what axe's authors advise beyond it.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Those of these rules that look at colors.
AXE_COLOR_RULES = ["color-contrast", "link-in-text-block"]
# How far a reader may space text (WCAG 2.2, success criterion 1.4.12), and what is cut off then, but for what scrolls.
_SPACED = "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}"
_SPACED += "p{margin-bottom:2em!important}"
_CUT_OFF = """[...document.querySelectorAll("body *")].filter((each) => {
    const style = getComputedStyle(each);
    const cuts = ["hidden", "clip"].includes(style.overflowX) || ["hidden", "clip"].includes(style.overflowY);
    const isLarger = each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1;
    const isSeen = each.clientWidth > 1 && style.clipPath === "none"; // which what is for screen readers alone is not
    return cuts && isLarger && isSeen;
}).map((each) => each.outerHTML)"""


def check_html(*folders: Path) -> list[str]:
    """Return every error and warning of the Nu HTML Checker about the pages and style sheets in folders.

    A message reads `services/trash/index.html:12: error: Duplicate ID “trash”.`; its path is relative
    to the folder, or to what several have in common. Java takes some seconds to start, and as many again until it is
    fast, so check all sites at once, not page by page.
    """
    for folder in folders:
        if not any(folder.rglob("*.html")):
            raise FileNotFoundError(f"There are no pages in {folder}.")
    root = Path(os.path.commonpath([folder.resolve() for folder in folders]))
    # To compile what is hot as well as it can takes longer than it saves; the schemas of HTML need a deep stack.
    java = [find_program("java"), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss8m"]
    jar = _node_module("vnu-jar/build/dist/vnu.jar")
    options = ["--also-check-css", "--skip-non-html", "--format", "json", "--stdout", "--exit-zero-always"]
    checked = subprocess.run(
        [*java, "-jar", str(jar), *options, *(str(folder.resolve()) for folder in folders)],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    messages = json.loads(checked.stdout)["messages"]
    return sorted(_format_message(message, root) for message in messages if _severity(message) != "info")


def _severity(message: dict[str, Any]) -> str:
    """Return the severity: a warning arrives as an "info" of the subtype "warning"; a plain "info" asks for nothing."""
    return str(message.get("subType", message["type"]))


def _format_message(message: dict[str, Any], root: Path) -> str:
    file = Path(unquote(urlsplit(message["url"]).path)).relative_to(root)
    line = message.get("lastLine", 0)
    if file.suffix != ".css":
        line += 1  # with --also-check-css, the checker counts the lines of a page from 0
    return f"{file.as_posix()}:{line}: {_severity(message)}: {message['message']}"


@contextmanager
def start_chromium() -> Iterator[Browser]:
    """Start the system's Chromium, without a window and without access to the network."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_program("chromium"),
            args=[
                "--no-sandbox",  # root, as in most containers, cannot have one
                "--disable-gpu",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
            ],
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_page(browser: Browser, width: int, height: int) -> Iterator[Page]:
    """Open an empty page so large, in pixels; what the browser complains about, a broken policy say, fails the test."""
    context = browser.new_context(viewport={"width": width, "height": height}, timezone_id="America/Chicago")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    assert complaints == [], complaints


def check_accessibility(page: Page) -> list[str]:
    """Return every accessibility rule that an open page breaks, each with the elements that break it.

    A message reads `image-alt: Images must have alternative text: img, #map > img`.
    """
    return _run_axe(page, {"type": "tag", "values": AXE_TAGS})


def check_colors(page: Page) -> list[str]:
    """Return every such rule about colors alone, for a page that was checked and is now shown in other colors."""
    return _run_axe(page, {"type": "rule", "values": AXE_COLOR_RULES})


def check_spacing(page: Page) -> list[str]:
    """Space the text of an open page as far as a reader may, and return the elements that are cut off then.

    The page's context needs `bypass_csp`. What a page has in frames keeps its spacing.
    """
    page.add_style_tag(content=_SPACED)
    cut_off: list[str] = page.evaluate(_CUT_OFF)
    needed, width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [*cut_off, *([f"{needed} pixels wide at {width}"] if needed > width else [])]


def _run_axe(page: Page, rules: dict[str, Any]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(_node_module("axe-core/axe.min.js").read_text(encoding="utf-8"))
    # Playwright takes longer to hand over all that axe says of the rules that were kept than axe takes to check them.
    run = "rules => axe.run({runOnly: rules, resultTypes: ['violations']}).then(result => result.violations)"
    return [_format_violation(violation) for violation in page.evaluate(run, rules)]


def _format_violation(violation: dict[str, Any]) -> str:
    elements = ", ".join(" ".join(map(str, node["target"])) for node in violation["nodes"])
    return f"{violation['id']}: {violation['help']}: {elements}"


def _node_module(path: str) -> Path:
    file = NODE_MODULES / path
    if not file.exists():
        raise FileNotFoundError(f"{file} is missing: `make test` installs it.")
    return file


def find_program(name: str) -> str:
    """Return the path of an installed program."""
    found = shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"There is no {name} on this system: `make test` installs it where it can.")
    return found


def run_node(script: str, *arguments: str, text: str = "") -> str:
    """Run a script in Node and return its output; it is an ES module that may import what `tests/node` installs.

    `process.argv.slice(1)` are the arguments; `text` is its standard input.
    """
    _node_module(".package-lock.json")
    command = [find_program("node"), "--input-type=module", "--eval", script, "--", *arguments]
    result = subprocess.run(command, input=text, capture_output=True, encoding="utf-8", cwd=NODE_MODULES.parent)
    if result.returncode:
        raise RuntimeError(f"The program for Node failed:\n{result.stderr}")
    return result.stdout
