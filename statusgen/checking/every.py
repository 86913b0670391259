"""The list of all rules of advice, and how a writer silences one."""

import bisect
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from statusgen.checking import posts, private, services, translations, wording
from statusgen.checking.case import Case, Rule
from statusgen.errors import Problem
from statusgen.model import Site
from statusgen.reading.confidential import SECRETS
from statusgen.status.standing import Board

RULES: tuple[Rule, ...] = (*posts.RULES, *services.RULES, *translations.RULES, *wording.RULES, *private.RULES)
# What may stand under silence:; the secrets are mistakes, but may be look-alikes.
NAMES = tuple(dict.fromkeys((*(rule.name for rule in RULES), *(secret.name for secret in SECRETS))))

_KEY = re.compile(r"[^\s#-]")


def advice(site: Site, texts: Mapping[str, str], now: Board) -> Iterator[Problem]:
    """What could serve readers better now, but for what the writer has silenced.

    `texts` has the files to advise on, as they were written, by their paths; and `now` is the site's own Board.
    """
    case = Case(site, now, texts)
    silence = Silence(site, texts)
    for rule in RULES:
        for problem in rule.find(case):
            named = replace(problem, rule=rule.name)
            if not silence.covers(named):
                yield named


class Silence:
    """What the writer does not want to be told: for the whole site, for one post, or for one service."""

    def __init__(self, site: Site, texts: Mapping[str, str]) -> None:
        self.everywhere = site.silence
        self.posts = {incident.place.file: incident.silence for incident in site.incidents if incident.silence}
        self.languages = site.languages
        self.file = site.services[0].place.file if site.services else ""
        services = sorted((service.place.line, service.silence) for service in site.services)
        # From which line on what is silenced; below the last service stand groups and operators, which are nobody's.
        self.services = [*services, *((_end(texts.get(self.file, ""), line), ()) for line, _ in services[-1:])]

    def covers(self, problem: Problem) -> bool:
        """Whether this problem is silenced."""
        return problem.rule in (*self.everywhere, *self._at(problem))

    def _at(self, problem: Problem) -> tuple[str, ...]:
        if problem.place.file == self.file:
            before = bisect.bisect(self.services, problem.place.line, key=lambda service: service[0])
            return self.services[before - 1][1] if before else ()
        stem, _, language = problem.place.file.removesuffix(".md").rpartition(".")
        original = f"{stem}.md" if language in self.languages else problem.place.file
        return self.posts.get(original, ())


def _end(text: str, start: int) -> int:
    """The line below `start` with the next key of the whole file; the line after the last where there is none."""
    lines = text.split("\n")
    keys = (number for number, line in enumerate(lines[start:], start + 1) if _KEY.match(line))
    return next(keys, len(lines) + 1)
