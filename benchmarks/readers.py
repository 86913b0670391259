"""How far readers have to go for an answer: in screens of a phone, on the front page of each sample site.

Run it with `.venv/bin/python -m benchmarks.readers`. For each question of `readers.yaml` it opens the page in a browser
of 360 by 740 pixels and looks, in what a screen reader is given, for the words of the answer and for the link that
leads to it. The distance is where the nearer of the two begins, counted in screens from the top: below 1 it is seen
without a touch. It prints which of them that was, then the median and the longest way, and fails if an answer is not
there.
"""

import statistics
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page

from statusgen.content.yaml.documents import read_yaml
from tests.support.built_sites import build_sample
from tests.support.checkers import start_chromium

QUESTIONS = Path(__file__).with_name("readers.yaml")
WIDTH, HEIGHT = 360, 740
# In screens: half of all answers have to be nearer than the one, and all than the other.
MEDIAN_GOAL, WORST_GOAL = 1.0, 3.0

# The top of the first element that is shown and whose words, read without line ends, hold the words looked for.
_FIND = """([words, selector]) => {
  const bare = (text) => text.normalize("NFC").replace(/[\\s\\u00a0\\u202f]+/g, " ");
  let nearest = null;
  for (const element of document.querySelectorAll(selector)) {
    const isShown = element.checkVisibility() && !element.closest("[aria-hidden=true], .hidden");
    const inner = [...element.children].map((child) => bare(child.innerText ?? ""));
    const isInner = element.matches("a") || !inner.some((text) => text.includes(words));
    if (isShown && isInner && bare(element.innerText ?? "").includes(words)) {
      const top = Math.max(0, element.getBoundingClientRect().top + scrollY);
      nearest = nearest === null ? top : Math.min(nearest, top);
    }
  }
  return nearest;
}"""


def distance(page: Page, words: str, selector: str) -> float | None:
    """Return how many screens down the words begin; None if they are not on the page."""
    top = page.evaluate(_FIND, [" ".join(words.split()), selector])
    return None if top is None else float(top) / HEIGHT


def measure(browser: Browser) -> list[float]:
    """Print a row for each question; return the distances, infinite for an answer that is missing."""
    document, problems = read_yaml(QUESTIONS.read_text(encoding="utf-8"), QUESTIONS.name)
    assert not problems
    assert isinstance(document.value, dict)
    found = []
    print(f"{'site':<12}{'reader':<14}{'screens':>8}  {'by':<8}question")
    for site, questions in document.value.items():
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto((build_sample(site) / "index.html").as_uri())
        for question in questions:
            ways = {
                "answer": distance(page, question["answer"], "main *, header *") if "answer" in question else None,
                "link": distance(page, question["link"], "a") if "link" in question else None,
            }
            by, screens = min(
                ((by, way) for by, way in ways.items() if way is not None),
                key=lambda each: each[1],
                default=("missing", float("inf")),
            )
            found.append(screens)
            print(f"{site:<12}{question['reader']:<14}{screens:>8.2f}  {by:<8}{question['ask']}")
        page.close()
    return found


def main() -> None:
    """Measure all sample sites, and say how near the answers are as a whole."""
    with start_chromium() as browser:
        found = measure(browser)
    median, worst = statistics.median(found), max(found)
    print(f"{len(found)} questions. Median {median:.2f} (goal {MEDIAN_GOAL}), longest {worst:.2f} (goal {WORST_GOAL}).")
    sys.exit(worst == float("inf"))


if __name__ == "__main__":
    main()
