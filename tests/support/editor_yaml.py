"""YAML as editors read it, which is version 1.2."""

import re
from typing import Any

import yaml


class _EditorLoader(yaml.CSafeLoader):
    """A loader for which dates are texts, and so are `on`, `off`, `yes` and `no`."""


_OLD = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"}
_EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _OLD]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_EditorLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), [*"tf"])


def load_yaml(text: str) -> Any:
    """Read a text as an editor does."""
    return yaml.load(text, _EditorLoader)
