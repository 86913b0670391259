"""Advises on the forms of the host: on choices that are not the services anymore."""

from collections.abc import Iterator, Sequence

from statusgen import forms
from statusgen.lint.rule import LintContext, Rule, make_advice
from statusgen.problems import Place, Problem

_MAX_NAMED = 5


def find_stale_forms(context: LintContext) -> Iterator[Problem]:
    """Find forms of the host that offer other services than there are in services.yaml."""
    for file, text in context.forms.items():
        if difference := forms.compare_choices(text, context.site, file):
            lists = {"It lacks": difference.missing, "It has and should not": difference.outdated}
            named = [f"{words} {_list_names(names)}." for words, names in lists.items() if names]
            what = (
                f"This form offers other services than services.yaml has. {' '.join(named) or 'Their order differs.'}"
            )
            yield make_advice(Place(file, difference.line), what, "Renew it: statusgen forms")


def _list_names(names: Sequence[str]) -> str:
    more = [f"{len(names) - _MAX_NAMED} more"] if len(names) > _MAX_NAMED else []
    return ", ".join([*names[:_MAX_NAMED], *more])


RULES = (
    Rule("stale-form", "Nobody can report a problem with a service that the form does not have.", find_stale_forms),
)
