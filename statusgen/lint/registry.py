"""Lists all rules of advice, and knows which of them a writer has silenced."""

import bisect
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from statusgen.board.clock import ClockReading
from statusgen.board.model.whole_board import Board
from statusgen.content.confidential import SECRETS
from statusgen.lint import (
    clock,
    contradictions,
    endings,
    estimates,
    forms,
    installation,
    links,
    private,
    services,
    translations,
    updates,
    waivers,
    wording,
    workarounds,
)
from statusgen.lint.deprecated import find_deprecated_keys
from statusgen.lint.rule import LintContext, Rule
from statusgen.model.whole_site import Site
from statusgen.problems import Place, Problem

RULES: tuple[Rule, ...] = (
    *updates.RULES,
    *estimates.RULES,
    *workarounds.RULES,
    *contradictions.RULES,
    *endings.RULES,
    *waivers.RULES,
    *clock.RULES,
    *services.RULES,
    *translations.RULES,
    *wording.RULES,
    *private.RULES,
    *links.RULES,
    *forms.RULES,
    *installation.RULES,
)
# The names that silence: accepts. Secrets are mistakes, but what looks like one may be a false alarm.
SILENCEABLE_NAMES = tuple(dict.fromkeys((*(rule.name for rule in RULES), *(secret.name for secret in SECRETS))))

_TOP_LEVEL_KEY = re.compile(r"[^\s#-]")


def find_advice(
    site: Site,
    texts: Mapping[str, str],
    board: Board,
    reading: ClockReading | None = None,
    form_texts: Mapping[str, str] = MappingProxyType({}),
    missing_files: Mapping[Place, str] = MappingProxyType({}),
) -> Iterator[Problem]:
    """Yield advice on how the site could serve its readers better, except what the writer has silenced.

    First comes what is deprecated, which nobody can silence.

    `texts` has the files to advise on, as they were written, by their paths; `board` is the site's own Board, and
    `reading` what was read on the clock, if its moment is the clock's. `form_texts` has the forms of the host likewise.
    `missing_files` has what requirements.txt names and is not there, by where it does.
    """
    context = LintContext(site, board, texts, reading, form_texts, missing_files)
    yield from dict.fromkeys(find_deprecated_keys(texts, site.languages[1:]))
    silence = Silence(site, texts)
    for rule in RULES:
        for problem in rule.find(context):
            named_problem = replace(problem, rule=rule.name)
            if not silence.covers(named_problem):
                yield named_problem


class Silence:
    """The advice that the writer has silenced: for the whole site, for one post, or for one service."""

    def __init__(self, site: Site, texts: Mapping[str, str]) -> None:
        self.site_wide = site.silence
        self.names_by_post_file = {
            incident.place.file: incident.silence for incident in site.incidents if incident.silence
        }
        self.languages = site.languages
        self.services_file = site.services[0].place.file if site.services else ""
        services = sorted((service.place.line, service.silence) for service in site.services)
        # What is silenced from which line on. The key after the last service ends what that one has silenced.
        self.names_by_line = [
            *services,
            *((_next_key_line(texts.get(self.services_file, ""), line), ()) for line, _ in services[-1:]),
        ]

    def covers(self, problem: Problem) -> bool:
        """Return whether a problem is silenced."""
        return problem.rule in (*self.site_wide, *self._names_at(problem))

    def _names_at(self, problem: Problem) -> tuple[str, ...]:
        if problem.place.file == self.services_file:
            before = bisect.bisect(self.names_by_line, problem.place.line, key=lambda service: service[0])
            return self.names_by_line[before - 1][1] if before else ()
        stem, _, language = problem.place.file.removesuffix(".md").rpartition(".")
        original = f"{stem}.md" if language in self.languages else problem.place.file
        return self.names_by_post_file.get(original, ())


def _next_key_line(text: str, start: int) -> int:
    """Return the line below `start` with the next top-level key, or the line after the last if there is none."""
    lines = text.split("\n")
    keys = (number for number, line in enumerate(lines[start:], start + 1) if _TOP_LEVEL_KEY.match(line))
    return next(keys, len(lines) + 1)
