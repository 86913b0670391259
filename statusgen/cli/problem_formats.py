"""Mistakes and advice, as people, code hosts and other programs read them."""

import hashlib
import json
from collections.abc import Callable, Sequence

from statusgen import __version__
from statusgen.problems import Problem


def as_text(problems: Sequence[Problem]) -> str:
    """Return a line for each, and how many there are."""
    lines = [
        f"{problem.place}: {_kind_prefix(problem)}{problem.message}{_rule_suffix(problem)}" for problem in problems
    ]
    mistake_count = sum(not problem.is_advice for problem in problems)
    if any(problem.rule and problem.is_advice for problem in problems):
        lines.append("To silence one, write its name under silence: in the post, the service or the site.")
    return "\n".join([*lines, f"Mistakes: {mistake_count}. Advice: {len(problems) - mistake_count}."])


def _kind_prefix(problem: Problem) -> str:
    return "advice: " if problem.is_advice else ""


def _rule_suffix(problem: Problem) -> str:
    return f" [{problem.rule}]" if problem.rule and problem.is_advice else ""


def _rule_name(problem: Problem) -> str:
    return problem.rule or ("deprecated" if problem.is_advice else "mistake")


def as_github(problems: Sequence[Problem]) -> str:
    """Return annotations of a pull request (docs.github.com, "Workflow commands for GitHub Actions")."""
    return "\n".join(_github_annotation(problem) for problem in problems)


def _github_annotation(problem: Problem) -> str:
    message = problem.message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    kind = "warning" if problem.is_advice else "error"
    file = problem.place.file.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    title = f",title={problem.rule}" if problem.rule else ""
    return f"::{kind} file={file},line={problem.place.line}{title}::{message}"


def as_gitlab(problems: Sequence[Problem]) -> str:
    """Return a Code Quality report (docs.gitlab.com, "Code Quality report format")."""
    return _json(
        [
            {
                "description": problem.message,
                "check_name": _rule_name(problem),
                "fingerprint": _fingerprint(problem),
                "severity": "minor" if problem.is_advice else "blocker",
                "location": {"path": problem.place.file, "lines": {"begin": problem.place.line}},
            }
            for problem in problems
        ]
    )


def as_sarif(problems: Sequence[Problem]) -> str:
    """Return the log of one run in SARIF 2.1.0 (OASIS, the Static Analysis Results Interchange Format)."""
    rules = sorted({_rule_name(problem) for problem in problems})
    driver = {"name": "statusgen", "version": __version__, "rules": [{"id": rule} for rule in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(p) for p in problems],
    }
    return _json({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]})


def _sarif_result(problem: Problem) -> dict[str, object]:
    where = {"artifactLocation": {"uri": problem.place.file}, "region": {"startLine": problem.place.line}}
    return {
        "ruleId": _rule_name(problem),
        "level": "warning" if problem.is_advice else "error",
        "message": {"text": problem.message},
        "locations": [{"physicalLocation": where}],
        "partialFingerprints": {"statement/v1": _fingerprint(problem)},
    }


def as_json(problems: Sequence[Problem]) -> str:
    """Return a list with an object for each."""
    return _json(
        [
            {
                "file": problem.place.file,
                "line": problem.place.line,
                "kind": "advice" if problem.is_advice else "mistake",
                "rule": problem.rule or None,
                "what": problem.what,
                "hint": problem.hint,
            }
            for problem in problems
        ]
    )


def _fingerprint(problem: Problem) -> str:
    """Return a digest that stays the same when lines above the problem come and go."""
    identity = "\0".join((problem.place.file, problem.rule, problem.what))
    return hashlib.sha256(identity.encode(errors="replace")).hexdigest()[:32]


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)


FORMATS: dict[str, Callable[[Sequence[Problem]], str]] = {
    "text": as_text,
    "github": as_github,
    "gitlab": as_gitlab,
    "sarif": as_sarif,
    "json": as_json,
}
