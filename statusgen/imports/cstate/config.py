"""The configuration of a cState page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from statusgen.imports.cstate.addresses import OldAddresses
from statusgen.imports.fields import Fields, read_fields
from statusgen.imports.source import Answers, Source, SourceError
from statusgen.imports.told import Note
from statusgen.problems import InvalidValue

_CONFIGS = [
    f"{folder}{name}.{ending}"
    for folder in ("", "config/_default/")
    for name in ("config", "hugo")
    for ending in ("yml", "yaml", "toml", "json")
]
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,4})?", re.IGNORECASE)


@dataclass(frozen=True)
class Config:
    """What the configuration says that issues need: the old address, the languages, the folder of each, and how
    the addresses of its pages are made.
    """

    fields: Fields
    zone: ZoneInfo
    url: str | None
    languages: tuple[str, ...]
    folders: Mapping[str, str]
    addresses: OldAddresses


def read_config(source: Source, answers: Answers, notes: list[Note]) -> Config:
    """Return what the configuration says; raise SourceError."""
    fields = _read_file(source, notes)
    zone = answers.choose_zone(fields.text("timeZone"))
    languages, folders = _read_languages(fields)
    return Config(fields, zone, _read_url(fields), languages, folders, OldAddresses(fields, languages[0], notes))


def _read_url(fields: Fields) -> str | None:
    """Return the old address, if it is one of the web."""
    url = fields.text("baseURL") or ""
    try:
        return url if urlsplit(url).scheme in ("https", "http") else None
    except ValueError:
        return None


def _read_file(source: Source, notes: list[Note]) -> Fields:
    for path in _CONFIGS:
        text = source.read_text(path)
        if text is None:
            continue
        form = {"yml": "yaml"}.get(path.rpartition(".")[2], path.rpartition(".")[2])
        try:
            fields, more = read_fields(text, path, form)
        except InvalidValue as error:
            raise SourceError(f"{path} cannot be read: {error.message} Nothing was written.") from None
        notes += more
        return fields
    what = f"{source.name} has no config.yml (or .toml, or .json), so it is not the folder of a cState page."
    raise SourceError(f"{what} Nothing was written.")


def _read_languages(fields: Fields) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the languages, that of the issues first, and the folder with the content of each."""
    written = fields.text("defaultContentLanguage") or fields.text("languageCode") or "en"
    default = written.partition("-")[0].casefold()
    languages = fields.inner("languages")
    others = [code for code in languages.values if code != default and _LANGUAGE.fullmatch(code)]
    codes = (default, *others)
    base = fields.text("contentDir") or "content"
    return codes, {code: (languages.inner(code).text("contentDir") or base).strip("/") for code in codes}
