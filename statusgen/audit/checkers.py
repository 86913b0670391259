"""The checker for each kind of file, by the extension of its name."""

from statusgen.audit import formats, pages
from statusgen.audit.formats import with_character_check
from statusgen.audit.result import Fault, FileResult

_IMAGE_SIGNATURES = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff", "webp": b"RIFF"}
# What follows the end of a picture is shown to nobody: a part that was cut off, or a film of the moment.
_IMAGE_ENDS = {"png": b"\0\0\0\0IEND\xaeB`\x82", "jpg": b"\xff\xd9", "jpeg": b"\xff\xd9"}
_COMPRESSION_SIGNATURES = {"gz": b"\x1f\x8b", "br": b""}
_XML_CHECKER = with_character_check(formats.check_xml, references=True)
_CHECKERS = {
    "html": with_character_check(pages.check_page, references=True),
    "xml": _XML_CHECKER,
    "rss": _XML_CHECKER,
    "atom": _XML_CHECKER,
    "opml": _XML_CHECKER,
    "svg": with_character_check(formats.check_svg, references=True, line_ends=b"\r"),
    "json": with_character_check(formats.check_json, escapes=True),
    "ics": with_character_check(formats.check_calendar, line_ends=b"\r"),
    "csv": with_character_check(formats.check_csv, line_ends=b"\r", allow_bom=True),
    "css": with_character_check(formats.check_style_sheet),
    "js": with_character_check(formats.check_script),
}
_TEXT_CHECKER = with_character_check(formats.check_text)


def check_file(path: str, content: bytes, url: str) -> FileResult:
    """Return what the file at `path` contains, on the site at `url` (which ends with a slash).

    It depends on nothing else, so it stays true as long as the bytes are the same. Compressed copies are not opened:
    their content was checked before.
    """
    extension = path.rpartition("/")[2].rpartition(".")[2].lower()
    start = {**_IMAGE_SIGNATURES, **_COMPRESSION_SIGNATURES}.get(extension)
    if start is not None:
        ok = content.startswith(start) and content.endswith(_IMAGE_ENDS.get(extension, b""))
        return FileResult() if ok else FileResult((Fault(f"This is not a {extension} file."),))
    return _CHECKERS.get(extension, _TEXT_CHECKER)(path, content, url)
