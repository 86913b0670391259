"""Advises on what the hosts install statusgen from."""

from collections.abc import Iterator

from statusgen.lint.rule import LintContext, Rule, make_advice
from statusgen.problems import Problem


def find_missing_installation(context: LintContext) -> Iterator[Problem]:
    """Find files that requirements.txt names, and that are not in the folder."""
    for place, path in context.missing_files.items():
        what = f"{path.removeprefix('./')} is not in this folder, so a host has nothing to install statusgen from."
        yield make_advice(place, what, "Copy the file here that you installed statusgen from, or write its address.")


RULES = (
    Rule(
        "nothing-to-install",
        "A host that cannot install statusgen does not publish the page.",
        find_missing_installation,
    ),
)
