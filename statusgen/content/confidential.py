"""Finds what must never be published: keys and passwords, card numbers and social security numbers.

Many people write posts, so no text may make a pattern slow: each takes time in proportion to the text, because it is
bounded, or because it cannot begin again within what it has just read.
"""

import re
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


def has_secret(text: str) -> bool:
    """Return whether a text contains a secret, silenced or not."""
    return any(True for secret in SECRETS for _ in secret.find_in(text))


def _is_card_number(found: re.Match[str]) -> bool:
    """Return whether digits fit a payment card (ISO/IEC 7812-1): by issuer, length and check digit."""
    digits = [int(char) for char in found[0] if char.isdigit()]
    number = "".join(map(str, digits))
    if not re.fullmatch(
        r"4\d{12}(\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|5\d\d)\d{12}|35\d{14}", number
    ):
        return False
    doubled = [sum(divmod(2 * digit, 10)) if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


# What often follows the word password without being one: an address, a price, a length ("8-character").
_NOT_A_PASSWORD = re.compile(
    r"\A(?:[a-z]+:/|(?:[\w-]+\.)+[a-z]{2,}(?:[/?#]|$)|[\w.+-]+@[\w.-]+\.[a-z]{2,}$"
    r"|[$€£]\d[\d.,]*(?:[/-]|$)|\d[\d.,]*[$€£]|\d+[-\u2013][^\W\d]+$)",
    re.IGNORECASE,
)


def _is_password(found: re.Match[str]) -> bool:
    """Return whether what follows the word is a password: it has letters, and digits or signs; no plain word does."""
    value = found["value"].strip("()[].,;!?*_")
    if len(found["value"].strip("().,;*_")) < 6 or _NOT_A_PASSWORD.search(value):
        return False
    return bool(re.search(r"[^\W\d_]", value)) and bool(re.search(r"[\d!@#$%^&*_+?~]", value))


_KEY_PATTERN = "|".join(
    (
        r"-----BEGIN (?:[A-Z]{1,20} ){0,4}PRIVATE KEY-----",
        r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",  # Amazon
        r"\bgh[opsur]_[A-Za-z0-9]{36,}",  # GitHub
        r"\bgithub_pat_\w{22,}",
        r"\bglpat-[\w-]{20,}",  # GitLab
        r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}",  # Slack
        r"hooks\.slack\.com/services/\w+/\w+/\w+",
        r"\bAIza[\w-]{35}",  # Google
        r"\b[sr]k_live_[A-Za-z0-9]{16,}",  # Stripe
        r"\bSG\.[\w-]{16,}\.[\w-]{16,}",  # SendGrid
        r"\bsk-[A-Za-z0-9_-]{32,}",
        r"\bnpm_[A-Za-z0-9]{36}",
        r"\bpypi-[\w-]{40,}",
        r"(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",  # JSON Web Token (RFC 7519)
        r"\bBearer [A-Za-z0-9._~+/-]{20,}",
        r"[?&](?:sig|X-Amz-Signature)=[\w%+/]{20,}",  # addresses that let whoever has them in
    )
)
_KEY_MARKERS = (
    "-----BEGIN", "AKIA", "ASIA", "_", "glpat-", "xox", "hooks.", "AIza", "SG.", "sk-", "pypi-", "eyJ", "Bearer ",
    "sig=", "X-Amz-",
)  # fmt: skip
# Without a sign such as : or =, only an abbreviation that means nothing else (pw, pwd) announces a password.
_PASSWORD_PATTERN = (
    r"(?<![^\W_])(?:(?:password|passwd|passphrase|passcode|passwort|kennwort|pwd?|secret|api[ _-]?key|token|(?-i:PIN)|"
    r"contraseña|mot de passe|mật khẩu|كلمة المرور|كلمة السر)[\"'*_]{0,3}"
    r"(?:[^\S\n]{0,3}[:=]|[^\S\n]{1,3}(?:is|es|est|là)(?=[^\S\n:]))|(?-i:pwd?)(?=[^\S\n]))[*_]{0,3}"
    r"[^\S\n]{0,3}[:=]?[^\S\n]{0,3}[\"'`\u201c\u2018«„*]{0,3}(?P<value>[^\s\"'`\u201d\u2019»]{6,200})"
)

_PASSWORD_MARKERS = ("pass", "kennwort", "pw", "secret", "key", "token", "pin", "contraseña", "mật khẩu", "كلمة")

SECRETS = (
    Secret("key", "a key or a password", re.compile(_KEY_PATTERN), markers=_KEY_MARKERS),
    # Passwords in the addresses of web pages are refused when links are read.
    Secret(
        "key", "a key or a password", re.compile(r"(?!https?:)\b[a-z]+://[^\s/:@]+:[^\s/@]+@[\w.-]+"), markers=("://",)
    ),
    Secret("password", "a password", re.compile(_PASSWORD_PATTERN, re.IGNORECASE), _is_password, _PASSWORD_MARKERS),
    Secret(
        "card-number",
        "a payment card number",
        re.compile(r"(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])"),
        _is_card_number,
    ),
    Secret(
        "person-number",
        "a social security number",
        # Without the numbers that the Social Security Administration has never given out.
        re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-])"),
    ),
    Secret(
        "person-number",
        "a social security number",
        re.compile(
            r"\b(?:SSN|social security (?:number|no\.?))[^\w\n]{1,3}(?:is[^\w\n]{1,2})?\d{9}(?!\w)", re.IGNORECASE
        ),
        markers=("ssn", "social security"),
    ),
)
