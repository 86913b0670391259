"""The addresses that pages of a cState page had, as Hugo makes them: https://gohugo.io/content-management/urls/."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from statusgen.imports.fields import Fields
from statusgen.imports.told import Note, NoteKind
from statusgen.text import quote_text

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?!\d)")
_TOKEN = re.compile(r":([a-z\d]+(?:\[[^\]]*\])?)")
_SLUG_OR_NAME = ("slugorfilename", "slugorcontentbasename")
_NAME = ("filename", "contentbasename")
_TOKENS = frozenset(["year", "month", "day", "title", "slug", "section", *_SLUG_OR_NAME, *_NAME])
_NOT_IN_ADDRESS = re.compile(r"[^\w\s./~+#@-]+")


class OldAddresses:
    """Makes the addresses of issues in the first language, as `permalinks` in the configuration has them.

    If a pattern says what is not known here, only those are known that an issue itself names.
    """

    def __init__(self, fields: Fields, language: str, notes: list[Note]) -> None:
        self.prefix = f"/{language}" if fields.flag("defaultContentLanguageInSubdir") else ""
        self._ending = ".html" if fields.flag("uglyURLs") else "/"
        self.pattern, beside = _find_pattern(fields, language)
        self.is_known = self.pattern is None or {*_TOKEN.findall(self.pattern)} <= _TOKENS
        if not self.is_known:
            what = f"Which addresses did the issues have? Their permalinks, `{self.pattern}`, have a part that cannot "
            what += "be worked out, so no old address leads to a post. Write the ones that people use as was: there."
            notes.append(Note(beside.place("issues"), NoteKind.QUESTION, what))

    def list(self, path: str, fields: Fields, notes: list[Note]) -> Iterator[str]:
        """Yield the addresses of an issue: its own, and its aliases; `notes` gets those that are none of the page."""
        own = fields.text("url") or self.make(path, fields)
        if own:
            yield own if own.startswith("/") else f"{self.prefix}/{own}"
        # One without a slash is beside its page (https://gohugo.io/content-management/urls/#aliases).
        folder = f"https://old.example/{(own or '').strip('/').rpartition('/')[0]}/"
        for alias in fields.texts("aliases"):
            if not own and not alias.startswith("/"):
                continue
            try:
                address = urlsplit(urljoin(folder, alias.strip()))
            except ValueError:
                address = urlsplit("")
            if address.netloc == "old.example":
                yield address.path if address.path.endswith(("/", ".html")) else f"{address.path}/"
            else:
                what = f"{quote_text(alias)} is no address of the old page, so it does not lead here."
                notes.append(Note(fields.place("aliases"), NoteKind.LOSS, what))

    def make(self, path: str, fields: Fields) -> str | None:
        """Return the address of an issue that names none itself; None if it cannot be worked out."""
        inner = path.partition("/issues/")[2].rpartition(".")[0].removesuffix("/index")
        folder, _, name = inner.rpartition("/")
        slug = fields.text("slug")
        if self.pattern is None:
            words = "/".join(filter(None, ["issues", folder, slug or name]))
            return f"{self.prefix}/{write_path(words)}{self._ending}"
        date = _DATE.match(fields.text("date") or "")
        if not self.is_known or (not date and re.search(r":(?:year|month|day)\b", self.pattern)):
            return None
        title = fields.text("title") or ""
        values = dict(zip(("year", "month", "day"), date.groups() if date else (), strict=False))
        values |= {"section": "issues", "title": title, "slug": slug or title}
        values |= dict.fromkeys(_SLUG_OR_NAME, slug or name)
        values |= dict.fromkeys(_NAME, name)
        made = _TOKEN.sub(lambda found: write_path(values[found[1]].replace("/", "-")), self.pattern).strip("/")
        return f"{self.prefix}/{made}" if made.endswith(".html") else f"{self.prefix}/{made}{self._ending}"


def write_path(words: str) -> str:
    """Return words as Hugo writes them into an address."""
    kept = _NOT_IN_ADDRESS.sub("", words.lower()).strip()
    return re.sub(r"\s+", "-", re.sub(r"\s*-\s*", "-", kept))


def _find_pattern(fields: Fields, language: str) -> tuple[str | None, Fields]:
    """Return the pattern of issues, and where it stands; None if there is none."""
    for settings in (fields.inner("languages").inner(language), fields):
        permalinks = settings.inner("permalinks")
        for of_pages in (permalinks.inner("page"), permalinks):
            if pattern := of_pages.text("issues"):
                return pattern, of_pages
    return None, fields
