"""Advises on keys that are deprecated: they work, and will be gone in a later version."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from statusgen.content.format.json_schema import has_deprecated_keys, make_schema
from statusgen.content.posts.split import Section, split_post
from statusgen.content.services import SERVICES_FILE
from statusgen.content.yaml.documents import Document, KeyPath, YamlValue, read_yaml
from statusgen.lint.rule import make_advice
from statusgen.problems import Problem

_Schema = Mapping[str, Any]


def find_deprecated_keys(texts: Mapping[str, str], languages: tuple[str, ...]) -> Iterator[Problem]:
    """Yield advice on each use of a deprecated key in the files of a site, which are here by their paths.

    Nobody can silence it: what it names will be a mistake.
    """
    if not has_deprecated_keys():
        return
    for file, text in texts.items():
        for kind, section in _split(file, text, languages):
            document, _ = read_yaml(section.content, file, section.line)
            schema = _make_schema(kind)
            yield from _look(document, document.value, (), schema, schema)


_make_schema = cache(make_schema)


def _split(file: str, text: str, languages: tuple[str, ...]) -> Iterator[tuple[str, Section]]:
    """Yield the parts of a file that have keys, each with the kind of its schema."""
    if file == SERVICES_FILE:
        yield "services", Section(text, 1)
    elif post := split_post(text, file)[0]:
        is_translation = file.removesuffix(".md").rpartition(".")[2] in languages
        yield "translation" if is_translation else "post", post.front_matter
        for update in post.updates:
            yield "translation" if is_translation else "update", update.facts


def _look(document: Document, value: YamlValue, path: KeyPath, schema: _Schema, whole: _Schema) -> Iterator[Problem]:
    """Yield advice on the deprecated keys in `value`, which is at `path`; `schema` is its part of the `whole` one."""
    if "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].rpartition("/")[2]]
    for choice in schema.get("anyOf", ()):
        yield from _look(document, value, path, choice, whole)
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _look(document, item, (*path, index), schema.get("items", {}), whole)
    elif isinstance(value, dict):
        for key, item in value.items():
            below = schema.get("properties", {}).get(key) or schema.get("additionalProperties") or {}
            if below.get("deprecated"):
                place = document.place((*path, key))
                yield make_advice(place, f'The key "{key}" is deprecated.', below["deprecationMessage"])
            yield from _look(document, item, (*path, key), below, whole)
