"""Finds what must never be published: keys and passwords, card numbers and social security numbers.

Many people write posts, so no text may make a pattern slow: each takes time in proportion to the text, because it is
bounded, or because it cannot begin again within what it has just read.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Secret:
    """A kind of secret: its name, its noun, its pattern, and the check that something that only looks like it fails.

    Every secret of the kind contains one of the `markers` (in small letters if the pattern ignores case). Most texts
    contain none, which is quick to find out.
    """

    name: str
    noun: str
    pattern: re.Pattern[str]
    is_real: Callable[[re.Match[str]], bool] = bool
    markers: tuple[str, ...] = ("",)

    def find_in(self, text: str) -> Iterator[re.Match[str]]:
        """Yield each secret of this kind in a text."""
        searched = text.casefold() if self.pattern.flags & re.IGNORECASE else text
        if any(marker in searched for marker in self.markers):
            yield from filter(self.is_real, self.pattern.finditer(text))


def find_all(text: str) -> Iterator[tuple["Secret", int]]:
    """Yield each secret in a text as written and as people read it, with the number of the lines above it."""
    plain = fold_text(text)
    for view in (text, plain) if plain != text else (text,):
        for secret in SECRETS:
            yield from ((secret, view.count("\n", 0, found.start())) for found in secret.find_in(view))


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
    if char in _DOTS:
        return "."
    plain = str(unicodedata.decimal(char, "")) or unicodedata.normalize("NFKC", char)
    return plain if plain.isascii() else char


_PLAIN = _PlainCharacters()
_DOTS = "\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff65"
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


# What often follows the word password without being one: an address, a price, a length ("8-character"), a time.
_NOT_A_PASSWORD = re.compile(
    r"\A(?:[a-z]+:/|(?:[\w-]+\.)+[a-z]{2,}(?:[/?#]|$)|[\w.+-]+@[\w.-]+\.[a-z]{2,}$"
    r"|[$€£]\d[\d.,]*(?:[/-]|$)|\d[\d.,]*[$€£%]|\d[\d.,]*/[^\W\d]+$|\d+[-\u2013][^\W\d]+$|last[-_]?\d[a-z]*$|\d{1,2}(?:character|digit|letter)s?$"
    r"|\d{4}-\d\d-\d\d|\d{4}-\d{1,4}[a-z]?$|\d{1,2}:\d\d)",
    re.IGNORECASE,
)


def _is_password(found: re.Match[str]) -> bool:
    """Return whether what follows the word is a password: it has letters, and digits or signs; no plain word does.

    A word that means other things too, or that is further away, must be followed by letters and digits in one piece.
    """
    value = found["value"].strip("()[].,;!?*_")
    if len(found["value"].strip("().,;*_")) < 6 or _NOT_A_PASSWORD.search(value):
        return False
    if found["far"] or found["vague"]:
        return (
            _is_mixed(value) and value.count("-") < 2 and "/" not in value and len(value) >= (8 if found["far"] else 6)
        )
    if found["wireless"]:
        return _is_mixed(value) and len(value) >= 8  # as every network of the kind requires
    return bool(re.search(r"[^\W\d_]", value)) and bool(re.search(r"[\d!@#$%^&*?~]", value))


def _is_mixed(value: str) -> bool:
    return bool(re.search(r"[^\W\d_]", value)) and bool(re.search(r"\d", value))


def _is_login(found: re.Match[str]) -> bool:
    """Return whether a password follows the name: announced, after a slash, or of letters, digits and signs."""
    value = found["value"].strip("()[].,;!?*_")
    if len(value) < 6 or found["value"].startswith("[") or _NOT_A_PASSWORD.search(value):
        return False
    if not found["noun"] and not found["sign"]:
        return False
    if found["noun"] or "/" in found["mark"]:
        return bool(re.search(r"[^\W\d_]", value)) and bool(re.search(r"[\d!@#$%^&*?~]", value))
    if "-" in found["mark"]:
        return _is_mixed(value) and found["name"].islower()
    return found["sign"].strip() in (":", "=") and _is_mixed(value) and bool(re.search(r"[!@#$%^&*?~]", found["value"]))


def _has_password_column(found: re.Match[str]) -> bool:
    """Return whether a table has a password below a heading that announces one."""
    if "-" not in found["rule"]:
        return False
    columns = [place for place, cell in enumerate(_cells(found["head"])) if _PASSWORD_HEADING.fullmatch(cell)]
    rows = [_cells(row) for row in found["rows"].splitlines()] if columns else []
    values = (row[place].strip("*`_ ") for row in rows for place in columns if place < len(row))
    return any(
        len(value) >= 6 and _is_mixed(value) and not re.search(r"\s|/", value) and not _NOT_A_PASSWORD.search(value)
        for value in values
    )


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


# What else has the form of a social security number.
_OTHER_NUMBER = re.compile(
    r"\b(?:parcels?|accounts?|acct|cases?|sections?|permits?|tickets?|invoices?|meters?)\b[^\w\n]{0,3}"
    r"(?:(?:numbers?|no|id|is)\b[^\w\n]{0,3}){0,2}\Z",
    re.IGNORECASE,
)


def _is_person_number(found: re.Match[str]) -> bool:
    """Return whether no word before the digits says that they are something else."""
    return not _OTHER_NUMBER.search(found.string[max(0, found.start() - 40) : found.start()])


def _is_no_zip_code(found: re.Match[str]) -> bool:
    return not re.search(r"\D\d{5}-\d{4}\Z", found[0])


_KEY_PATTERN = "|".join(
    (
        r"-{1,5} ?BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)? ?-{1,5}",
        r"\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b",  # Amazon
        r"\bgh[opsur]_[A-Za-z0-9]{36,}",  # GitHub
        r"\bgithub_pat_\w{22,}",
        r"\bglpat-[\w-]{20,}",  # GitLab
        r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}",  # Slack
        r"hooks\.slack\.com/services/\w+/\w+/\w+",
        r"\bAIza[\w-]{35}",  # Google
        r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}",  # Stripe
        r"\bSG\.[\w-]{16,}\.[\w-]{16,}",  # SendGrid
        r"\bsk-[A-Za-z0-9_-]{32,}",
        r"\b(?:shpat|whsec|dop_v1|hf|sntrys|lin_api|figd)_[A-Za-z0-9]{24,}",
        r"\bxapp-\d-[A-Za-z0-9-]{10,}",
        r"\bAGE-SECRET-KEY-1[0-9A-Z]{50,}",
        r"\bdapi[a-f0-9]{32}",  # Databricks
        r"\bhvs\.[\w-]{24,}",  # Vault
        r"\bATATT3[\w=-]{40,}",  # Atlassian
        r"\bAccountKey=[A-Za-z0-9+/]{40,}",  # Azure
        r"discord(?:app)?\.com/api/webhooks/\d+/[\w-]+",
        r"webhook\.office\.com/webhookb2/[\w@-]{20,}",
        r"\bnpm_[A-Za-z0-9]{36}",
        r"\bpypi-[\w-]{40,}",
        r"(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",  # JSON Web Token (RFC 7519)
        r"\bbot\d{8,10}:[\w-]{35}",  # Telegram
        r"\bya29\.[\w-]{20,}",  # Google
        r"\bAuthorization: Basic [A-Za-z0-9+/]{8,}",
        r"\bBearer [A-Za-z0-9._~+/-]{20,}",
        r"[?&](?:sig|X-Amz-Signature)=[\w%+/]{20,}",  # addresses that let in anyone who has them
    )
)
_KEY_MARKERS = (
    "BEGIN ", "AKIA", "ASIA", "ABIA", "ACCA", "_", "xapp-", "AGE-SECRET", "dapi", "hvs.", "ATATT3", "AccountKey",
    "discord", "webhook.", "glpat-", "xox", "hooks.", "AIza", "SG.", "sk-", "pypi-", "eyJ", "Bearer ",
    "sig=", "X-Amz-", "bot", "ya29.", "Basic ",
)  # fmt: skip
# Without a sign such as : or =, only an abbreviation that means nothing else (pwd, Wi-Fi pw) announces a password.
# Up to four words may stand before the sign: "The password for the guest network is …".
_WORDS_BETWEEN = (
    r"(?P<far>(?:[^\S\n]{1,2}(?!(?:resets?|changes?|pages?|help|links?|portals?|managers?|problems?|issues?|rules?|"
    r"requirements?|policy|policies|is|are|was|es|est)\b)\(?[^\W\d][\w'-]{0,20}\)?){1,4})?"
)
_PASSWORD_PATTERN = (
    r"(?<![^\W_])(?:(?:pass[ -]?words?|passwd|pword|passphrases?|pass[ -]?codes?|passwort|kennwort|"
    r"pwd?|(?:api|access|secret|network|wi-?fi|wpa2?)[ _-]?keys?|(?P<wireless>wpa[23]?(?:[ -]psk)?|psk)|"
    r"(?P<vague>secrets?|tokens?|(?-i:PINs?)|clave)|"
    r"contraseñas?|mots? de passe|mdp|mật khẩu|كلمة المرور|كلمة السر)[\"'*_]{0,3}"
    + _WORDS_BETWEEN
    + r"(?:[^\S\n]{0,3}(?:[:=|]|-{1,2}>|\u2192)|[^\S\n]{1,3}(?:-{1,2}[^\S\n]|"
    r"(?:is|are|was|es|est|là)(?:[^\S\n](?:now|still|currently))?(?=[^\S\n]|:)))"
    r"|(?-i:pwd|(?<=fi )pw|(?<=Fi )pw)(?=[^\S\n]))[*_]{0,3}"
    r"[^\S\n]{0,3}[:=]?[^\S\n]{0,3}[\"'`\u201c\u2018«„*]{0,3}[^\S\n]{0,2}(?P<value>[^\s\"'`\u201d\u2019»]{6,200})"
)

# The password is the second word: "Login: name / word". Or it is alone on the line below.
_LOGIN_PATTERN = (
    r"(?<![^\W_])(?:log[ -]?[io]ns?|sign[ -]?ins?|credentials|user(?:[ -]?name)?|usuario)"
    r"(?:[ ]?(?:/|and|&)[ ]?pass(?:word)?)?(?P<sign>[^\S\n]{0,3}[:=|]|[^\S\n]is(?=[^\S\n])|(?=[^\S\n]))"
    r"[^\S\n]{0,3}[\"'\u201c]?(?!https?:)(?P<name>[\w.+-]{1,64}@[\w.-]{1,64}|[\w+-]{1,64}|[\w.+-]{1,64}(?=[^\S\n]))[\"'\u201d]?"
    r"(?P<mark>[^\S\n]{0,3}[/|,;:]{1,2}[^\S\n]{0,3}|[^\S\n]{1,3}-[^\S\n]{1,3}|[^\S\n]{1,3}(?:(?:and|&)[^\S\n])?(?=pass))"
    r"(?P<noun>pass(?:word)?[^\S\n]{0,3}[:=]?[^\S\n]{0,3})?[\"'\u201c]?(?P<value>[^\s\"'\u201d]{6,200})"
)
_TABLE_PATTERN = r"^(?P<head>[^\n|]*\|[^\n]*)\n(?P<rule>[-:| ]+)\n(?P<rows>(?:[^\n|]*\|[^\n]*(?:\n|\Z))+)"
_PASSWORD_HEADING = re.compile(
    r"[*_`]{0,3}(?:(?:\w{1,20} )?(?:pass ?words?|passwd|pass ?codes?|passphrases?|pwd?)|pass|PIN|contraseña|clave|"
    r"mot de passe|mdp|mật khẩu)[*_`]{0,3}",
    re.IGNORECASE,
)
_LINE_BELOW_PATTERN = (
    r"(?<![^\W_])(?:pass[ -]?words?|passphrase|pwd?|contraseña|mot de passe|mật khẩu)"
    r"(?P<far>)(?P<vague>)(?P<wireless>)[^\S\n]{0,3}[:=]"
    r"[^\S\n]{0,3}\n\s{0,9}(?:[-*][ ])?(?P<value>[^\s\"'`]{6,200})[^\S\n]{0,3}$"
)
_PASSWORD_MARKERS = (
    "pass",
    "kennwort",
    "pw",
    "secret",
    "key",
    "wpa",
    "psk",
    "clave",
    "token",
    "pin",
    "mdp",
    "mots",
    "contraseña",
    "mật khẩu",
    "كلمة",
)

# What may stand between two digits, the end of a line included.
_GAP = r"(?:[ ./_\-]{1,3}|[ \-]{0,2}\n[ ]{0,4})?"

# The name can be missing: "redis://:password@host".
PASSWORD_IN_ADDRESS = Secret(
    "key",
    "a key or a password",
    re.compile(r"\b[a-z]+://(?P<name>[^\s/:@]*):[^\s/@]+@[\w.-]+"),
    markers=("://",),
)
SECRETS = (
    Secret("key", "a key or a password", re.compile(_KEY_PATTERN), markers=_KEY_MARKERS),
    PASSWORD_IN_ADDRESS,
    Secret("password", "a password", re.compile(_PASSWORD_PATTERN, re.IGNORECASE), _is_password, _PASSWORD_MARKERS),
    Secret(
        "password",
        "a password",
        re.compile(_LOGIN_PATTERN, re.IGNORECASE),
        _is_login,
        ("log", "sign", "credential", "user", "usuario"),
    ),
    Secret("password", "a password", re.compile(_TABLE_PATTERN, re.MULTILINE), _has_password_column, ("|",)),
    Secret(
        "password",
        "a password",
        re.compile(_LINE_BELOW_PATTERN, re.IGNORECASE | re.MULTILINE),
        _is_password,
        ("pass", "pw", "contraseña", "mật khẩu"),
    ),
    Secret(
        "card-number",
        "a payment card number",
        re.compile(rf"(?<![\w.-])\d(?:{_GAP}\d){{12,18}}(?![\w-]|\.\d)"),
        _is_card_number,
    ),
    Secret(
        "person-number",
        "a social security number",
        # Without the numbers that the Social Security Administration has never given out.
        re.compile(
            r"(?<![\w-])(?<!\d\.)(?!000|666|9\d\d)\d{3}(?P<gap> ?- ?)(?!00)\d{2}(?P=gap)(?!0000)\d{4}(?![\w-]|\.\d)"
        ),
        _is_person_number,
    ),
    Secret(
        "person-number",
        "a social security number",
        re.compile(
            r"\b(?:SSNs?|S\.S\.N|SS ?#|social security(?: numbers?| no| #)?)[^\w\n]{0,5}(?:is[^\w\n]{1,3})?"
            r"\d(?:[ .-]{0,3}(?:(?<=-)\n)?\d){8}(?!\w)",
            re.IGNORECASE,
        ),
        _is_no_zip_code,
        markers=("ssn", "ss#", "ss #", "s.s.n", "social security"),
    ),
)
