"""Facts → YAML that reads back as it was meant, with any words."""

import re
from collections.abc import Mapping

import yaml

from statusgen.content.yaml.documents import YAML_CONSTANTS
from statusgen.editor.fact_values import FactValue


def as_yaml(facts: Mapping[str, FactValue]) -> str:
    """Return the facts as lines of YAML without an empty line between them; "" if there are none.

    Words on several lines become one line.
    """
    if not facts:
        return ""
    collapsed = {key: _collapse_whitespace(value) for key, value in facts.items()}
    return yaml.dump(collapsed, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=float("inf"))


def _collapse_whitespace(value: FactValue) -> FactValue:
    """Return the value with each run of spaces and line ends in its texts as one space, as it will be read."""
    if isinstance(value, str):
        return re.sub(r"[ \t\r\n]+", " ", value).strip()
    if isinstance(value, Mapping):
        return {key: _collapse_whitespace(inner) for key, inner in value.items()}
    return [_collapse_whitespace(inner) for inner in value] if isinstance(value, list | tuple) else value


class _Dumper(yaml.SafeDumper):
    """A dumper that writes as a city does: lists are indented, and times, "no" and house numbers have no quotes.

    The reader gives a meaning to few plain words (YAML_CONSTANTS), so no others need quotes.
    """

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 (as PyYAML calls it)
        return super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 (as PyYAML calls it)
        return True


_Dumper.yaml_implicit_resolvers = {}
for word in YAML_CONSTANTS:
    tag = "tag:yaml.org,2002:bool" if word in ("true", "false") else "tag:yaml.org,2002:null"
    _Dumper.add_implicit_resolver(tag, re.compile(f"^{re.escape(word)}$"), [word[:1]])
