"""How each kind of file is looked at, by the ending of its name."""

from statusgen.inspecting import formats, pages
from statusgen.inspecting.facts import Facts, Fault
from statusgen.inspecting.formats import checked

_PICTURES = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff", "webp": b"RIFF"}
_PACKED = {"gz": b"\x1f\x8b", "br": b""}
_XML = checked(formats.xml, references=True)
_READERS = {
    "html": checked(pages.page, references=True),
    "xml": _XML,
    "opml": _XML,
    "svg": checked(formats.svg, references=True, ends=b"\r"),
    "json": checked(formats.data, escapes=True),
    "ics": checked(formats.calendar, ends=b"\r"),
    "csv": checked(formats.table, ends=b"\r", marked=True),
    "js": checked(formats.script),
}
_TEXT = checked(formats.text)


def facts(path: str, content: bytes, url: str) -> Facts:
    """What the file at `path` says on the site at `url` (with a slash at its end).

    It depends on nothing else, so it holds for as long as the bytes stay the same. Copies that are compressed are
    not looked into: what is in them was looked at before.
    """
    ending = path.rpartition("/")[2].rpartition(".")[2].lower()
    start = {**_PICTURES, **_PACKED}.get(ending)
    if start is not None:
        ok = content.startswith(start)
        return Facts() if ok else Facts((Fault(f"This begins as no {ending} file does."),))
    return _READERS.get(ending, _TEXT)(path, content, url)
