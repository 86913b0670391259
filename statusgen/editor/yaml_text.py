"""Facts → YAML that reading reads back as it was meant, whatever is in the words."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from statusgen.content.yaml.documents import YAML_CONSTANTS


def as_yaml(facts: Mapping[str, Any]) -> str:
    """Keys with values, one below the other, without an empty line between them; "" where there are none.

    A value is a text, True, or a list or a mapping of values; words on several lines become one line.
    """
    if not facts:
        return ""
    collapsed = {key: _collapse_whitespace(value) for key, value in facts.items()}
    return yaml.dump(collapsed, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=float("inf"))


def _collapse_whitespace(value: Any) -> Any:
    """The value, with its texts as reading takes them: each run of spaces and line ends as one space."""
    if isinstance(value, str):
        return re.sub(r"[ \t\r\n]+", " ", value).strip()
    if isinstance(value, Mapping):
        return {key: _collapse_whitespace(inner) for key, inner in value.items()}
    return [_collapse_whitespace(inner) for inner in value] if isinstance(value, list | tuple) else value


class _Dumper(yaml.SafeDumper):
    """Writes as a city does: lists are indented, and times, "no" and house numbers need no quotes.

    Reading gives a meaning to few plain words (documents.PLAIN_VALUES), so no others need quotes.
    """

    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012 (so it is declared in the library)

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        return super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


for word in YAML_CONSTANTS:
    tag = "tag:yaml.org,2002:bool" if word in ("true", "false") else "tag:yaml.org,2002:null"
    _Dumper.add_implicit_resolver(tag, re.compile(f"^{re.escape(word)}$"), [word[:1]])
