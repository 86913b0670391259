"""Finds what must never be published: keys and passwords, card numbers and social security numbers.

Many people write posts, so no text may make a pattern slow: each takes time in proportion to the text, because it is
bounded, or because it cannot begin again within what it has just read.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from statusgen.content.key_formats import KEY_FORMATS
from statusgen.content.passwords import (
    LINE_BELOW_PATTERN,
    LOGIN_PATTERN,
    PASSWORD_MARKERS,
    PASSWORD_PATTERN,
    PLAIN_MARKERS,
    PLAIN_PATTERN,
    TABLE_PATTERN,
    has_password_column,
    is_login,
    is_password,
    is_plain_password,
)
from statusgen.english import English


@dataclass(frozen=True)
class Secret:
    """A kind of secret: its name, its noun, its pattern, and the check that something that only looks like it fails.

    Every secret of the kind contains one of the `markers` (in small letters if its pattern ignores case). Most texts
    contain none, which is quick to find out.
    """

    name: str
    noun: str
    written: str
    is_real: Callable[[re.Match[str]], bool] = bool
    markers: tuple[str, ...] = ("",)
    flags: re.RegexFlag = re.NOFLAG

    @cached_property
    def ignores_case(self) -> bool:
        """Whether capital letters are the same as small ones."""
        return bool(self.flags & re.IGNORECASE) or self.written.startswith("(?i)")

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern, compiled once a text has a marker: there are many, and most are never needed."""
        return re.compile(self.written, self.flags)

    def find_in(self, text: str, folded: str) -> Iterator[re.Match[str]]:
        """Return each secret of this kind in a text; `folded` is the text in small letters."""
        searched = folded if self.ignores_case else text
        for marker in self.markers:
            if marker in searched:
                return filter(self.is_real, self.pattern.finditer(text))
        return iter(())


def find_all(text: str) -> Iterator[tuple["Secret", int]]:
    """Yield each secret in a text as written and as people read it, with the number of the lines above it."""
    plain = fold_text(text)
    for view in (text, plain) if plain != text else (text,):
        folded = view.casefold()
        for secret in SECRETS:
            for found in secret.find_in(view, folded):
                yield secret, view.count("\n", 0, found.start())


def has_secret(text: str) -> bool:
    """Return whether a text contains a secret, silenced or not."""
    return any(True for _ in find_all(text))


def hide_secrets(text: str) -> str:
    """Return a text with "[…]" for each line that has a secret, or for all of them if one spans several lines."""
    shown = "\n".join("[…]" if has_secret(line) else line for line in text.split("\n"))
    return "[…]" if has_secret(shown) else shown


def fold_text(text: str) -> str:
    """Return a text as people read it, for the search only: in plain characters, without marks of Markdown and HTML.

    Word processors put in dashes, spaces and invisible characters of their own. The lines stay the same.
    """
    if "&" in text:
        text = _ENTITY.sub(lambda found: " ".join(html.unescape(found[0]).split("\n")), text)
    if not text.isascii():
        text = text.translate(_PLAIN)
    return _MARK.sub("", text)


class _PlainCharacters(dict[int, str]):
    """What to search for instead of each character, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = plain = char if char.isascii() else _fold_character(char)
        return plain


def _fold_character(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Cf", "Me") or char in _UNSEEN:
        return ""
    if category in ("Zs", "Zl", "Zp"):
        return " "
    if category == "Pd" or char in "\u2212\u2043\u2796":
        return "-"
    if char in DOTS:
        return "."
    if char in _LOOK_ALIKES:
        return _LOOK_ALIKES[char]
    if small_capital := SMALL_CAPITAL.match(unicodedata.name(char, "")):
        return small_capital[1].lower()
    plain = str(unicodedata.decimal(char, "")) or unicodedata.normalize("NFKC", char)
    return plain if plain.isascii() else char


_PLAIN = _PlainCharacters()
# Letters of the Cyrillic and the Greek alphabet, and small capitals, that look like Latin ones (Unicode TR 39).
_LOOK_ALIKES = dict(
    zip(
        "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u051b\u051d\u0432\u043a\u043d\u0442\u043c"
        "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408\u0405\u051a\u051c"
        "\u03b1\u03bf\u03c1\u03bd\u03c5\u03b9\u03ba\u03c4\u03c9"
        "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
        "aeopcyxijsdhqwbkhtmABEKMHOPCTYXIJSQWaopvuiktwABEZHIKMNOPTYX",
        strict=True,
    )
)
SMALL_CAPITAL = re.compile(r"LATIN LETTER SMALL CAPITAL ([A-Z])\Z")
DOTS = "\ua4f8\ua4ff\ua78f\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff65"
# Fillers and selectors of variants: letters and marks to Unicode, nothing to the eye.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u3164\uffa0") | {
    chr(code) for start, end in ((0xFE00, 0xFE10), (0xE0100, 0xE01F0)) for code in range(start, end)
}
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# Emphasis, code, a backslash before a sign, tags; and what begins the lines of a quote.
_MARK = re.compile(
    r"[*`]+|~~|\\(?=[!-/:-@\[-`{-~])|(?<![^\W_])_+|_+(?![^\W_])|</?[A-Za-z][^<>\n]{0,100}>|^[ ]{0,3}>[ ]?", re.MULTILINE
)


def _is_card_number(found: re.Match[str]) -> bool:
    """Return whether digits fit a payment card (ISO/IEC 7812-1): by issuer, length, groups and check digit."""
    gaps = set(re.findall(r"\D+", found[0]))
    groups = [len(group) for group in re.findall(r"\d+", found[0])]
    if gaps - {" ", "-"} and min(groups[:-1] or [4]) < 4:
        return False  # numbers that stand in a row or below each other
    digits = [int(char) for char in found[0] if char.isdigit()]
    number = "".join(map(str, digits))
    if not re.fullmatch(
        r"4\d{12}(\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|5\d\d)\d{12}|35\d{14}", number
    ):
        return False
    doubled = [sum(divmod(2 * digit, 10)) if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


# What else has the form of a social security number.
_OTHER_NUMBER = re.compile(
    r"\b(?:parcels?|accounts?|acct|cases?|sections?|permits?|tickets?|invoices?|meters?|files?|dockets?|orders?|claims?|"
    r"polic(?:y|ies)|ref(?:erence)?|confirmation|tracking|contracts?|bids?|rfp|projects?|resolutions?|ordinances?|plats?|"
    r"lots?|apn|items?|models?|serial|forms?|licen[cs]es?|vendors?|receipts?|batch|customers?|phone|tel|fax|call|"
    r"citations?|warrants?|complaints?|checks?|bills?|bridges?|upc|units?)\b[^\w\n]{0,3}"
    r"(?:(?:numbers?|no|id|is|look|like)\b[^\w\n]{0,3}){0,3}\Z"
    r"|\+\d{1,3} \Z",  # an international phone number
    re.IGNORECASE,
)


def _is_person_number(found: re.Match[str]) -> bool:
    """Return whether no word before the digits says that they are something else."""
    return not _OTHER_NUMBER.search(found.string[max(0, found.start() - 40) : found.start()])


# Who has a number of this form, or what people call it.
_WHOSE_NUMBER = re.compile(
    r"\b(?:social|ssn|taxpayer|tax id|tin|his|her|their|born|birth|dob|employee|patient|applicant|claimant|mrs?|ms)\b"
    r"[^\n]{0,40}\Z",
    re.IGNORECASE,
)


def _is_bare_person_number(found: re.Match[str]) -> bool:
    """Return whether groups of digits are a person's, or alone on their line or in their cell with spaces between them.

    In a sentence, three numbers in a row can be anything.
    """
    before = found.string[max(0, found.start() - 100) : found.start()].rpartition("\n")[2]
    after = found.string[found.end() : found.end() + 100].partition("\n")[0]
    if _OTHER_NUMBER.search(before):
        return False
    is_alone = not re.search(r"\w", before.rpartition("|")[2]) and not re.search(r"\w", after.partition("|")[0])
    return (is_alone and found["gap"] == " ") or bool(_WHOSE_NUMBER.search(before))


def _is_no_zip_code(found: re.Match[str]) -> bool:
    return not re.search(r"\D\d{5}-\d{4}\Z", found[0])


# What may stand between two digits, the end of a line included.
_GAP = r"(?:[ ,./_\-]{1,3}|[ \-]{0,2}\n[ ]{0,4})?"

# The name can be missing: "redis://:password@host".
PASSWORD_IN_ADDRESS = Secret(
    "key",
    English("a key or a password"),
    r"\b[a-z]+://(?P<name>[^\s/:@]*):[^\s/@]+@[\w.-]+",
    markers=("://",),
)
SECRETS = (
    *(
        Secret("key", English("a key or a password"), format, markers=tuple(markers))
        for format, *markers in KEY_FORMATS
    ),
    PASSWORD_IN_ADDRESS,
    Secret("password", English("a password"), PASSWORD_PATTERN, is_password, PASSWORD_MARKERS, re.IGNORECASE),
    Secret(
        "password",
        English("a password"),
        PLAIN_PATTERN,
        is_plain_password,
        PLAIN_MARKERS,
        re.IGNORECASE | re.MULTILINE,
    ),
    Secret(
        "password",
        English("a password"),
        LOGIN_PATTERN,
        is_login,
        ("log", "sign", "credential", "user", "usuario"),
        re.IGNORECASE,
    ),
    Secret("password", English("a password"), TABLE_PATTERN, has_password_column, ("|",), re.MULTILINE),
    Secret(
        "password",
        English("a password"),
        LINE_BELOW_PATTERN,
        is_password,
        ("pass", "pw", "contraseña", "mật khẩu"),
        re.IGNORECASE | re.MULTILINE,
    ),
    Secret(
        "card-number",
        English("a payment card number"),
        rf"(?<![\w.-])\d(?:{_GAP}\d){{12,18}}(?![\w-]|\.\d)",
        _is_card_number,
    ),
    Secret(
        "person-number",
        English("a social security number"),
        # Without the numbers that the Social Security Administration has never given out.
        r"(?<![\w-])(?<!\d\.)(?!000|666|9\d\d)\d{3}(?P<gap> ?- ?)(?!00)\d{2}(?P=gap)(?!0000)\d{4}(?![\w-]|\.\d)",
        _is_person_number,
    ),
    Secret(
        "person-number",
        English("a social security number"),
        r"(?<![\w.-])(?<!\d[ /])(?!000|666|9\d\d)\d{3}(?P<gap>[ ./])(?!00)\d{2}(?P=gap)(?!0000)\d{4}(?![\w-]|[ ./]\d)",
        _is_bare_person_number,
    ),
    Secret(
        "person-number",
        English("a social security number"),
        r"\b(?:SSNs?|S\.S\.N|SS ?#|social security(?: numbers?| no| #)?)[^\w\n]{0,5}(?:is[^\w\n]{1,3})?"
        r"\d(?:[ .-]{0,3}(?:(?<=-)\n)?\d){8}(?!\w)",
        _is_no_zip_code,
        ("ssn", "ss#", "ss #", "s.s.n", "social security"),
        re.IGNORECASE,
    ),
)
