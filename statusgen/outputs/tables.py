"""Tables for spreadsheets: CSV (RFC 4180) in UTF-8, in which no cell can become a formula."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

# Without it Excel takes the file for its own old encoding and garbles every accent. LibreOffice and Google Sheets
# know it.
_BYTE_ORDER_MARK = "\ufeff"
# Where spreadsheets may see a formula begin: at the beginning of a cell or, where semicolons divide cells (as in much
# of Europe and Latin America, even inside quotes), after one of those. Characters that nobody sees may come first;
# the last four are the same signs at full width.
_FORMULA = re.compile('(^|;)([ "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*)(?=[=+@\\-\uff0b\uff0d\uff1d\uff20])')


def make_table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return a table with a heading for each of `columns`; every row has a text for each."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(clean_cell(row[column]) for column in columns)
    return (_BYTE_ORDER_MARK + table.getvalue()).encode()


def clean_cell(text: str) -> str:
    """Return a text on one line, without control characters, and with an apostrophe before what could be a formula."""
    line = " ".join(text.split())
    visible = "".join(character for character in line if unicodedata.category(character) != "Cc")
    return _FORMULA.sub(r"\1\2'", visible)
