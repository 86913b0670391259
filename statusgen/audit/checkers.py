"""How each kind of file is looked at, by the ending of its name."""

from statusgen.audit import formats, pages
from statusgen.audit.formats import with_character_check
from statusgen.audit.result import Fault, FileResult

_IMAGE_SIGNATURES = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff", "webp": b"RIFF"}
_COMPRESSION_SIGNATURES = {"gz": b"\x1f\x8b", "br": b""}
_XML_CHECKER = with_character_check(formats.check_xml, references=True)
_CHECKERS = {
    "html": with_character_check(pages.check_page, references=True),
    "xml": _XML_CHECKER,
    "opml": _XML_CHECKER,
    "svg": with_character_check(formats.check_svg, references=True, line_ends=b"\r"),
    "json": with_character_check(formats.check_json, escapes=True),
    "ics": with_character_check(formats.check_calendar, line_ends=b"\r"),
    "csv": with_character_check(formats.check_csv, line_ends=b"\r", allow_bom=True),
    "js": with_character_check(formats.check_script),
}
_TEXT_CHECKER = with_character_check(formats.check_text)


def check_file(path: str, content: bytes, url: str) -> FileResult:
    """What the file at `path` says on the site at `url` (with a slash at its end).

    It depends on nothing else, so it holds for as long as the bytes stay the same. Copies that are compressed are
    not looked into: what is in them was looked at before.
    """
    ending = path.rpartition("/")[2].rpartition(".")[2].lower()
    start = {**_IMAGE_SIGNATURES, **_COMPRESSION_SIGNATURES}.get(ending)
    if start is not None:
        ok = content.startswith(start)
        return FileResult() if ok else FileResult((Fault(f"This begins as no {ending} file does."),))
    return _CHECKERS.get(ending, _TEXT_CHECKER)(path, content, url)
