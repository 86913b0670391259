"""What must not be published: keys and passwords, numbers of cards and persons, private addresses, names.

Each pattern is looked for in every line as it was written, so also in links, names of pictures and comments. What
is a secret beyond doubt is a mistake, for it cannot be taken back once it was public; the rest is advice.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from statusgen.checking.case import Case, Rule, advice
from statusgen.errors import Place, Problem


@dataclass(frozen=True)
class Secret:
    """A kind of secret: its name, its noun, what it looks like, and what a look-alike fails."""

    name: str
    noun: str
    pattern: re.Pattern[str]
    real: Callable[[str], bool] = bool


def _luhn(text: str) -> bool:
    """Whether the digits could be those of a payment card (ISO/IEC 7812-1): its issuer, its length, its check digit."""
    digits = [int(char) for char in text if char.isdigit()]
    number = "".join(map(str, digits))
    if not re.fullmatch(
        r"4\d{12}(\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|5\d\d)\d{12}|35\d{14}", number
    ):
        return False
    doubled = [sum(divmod(2 * digit, 10)) if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _is_password(text: str) -> bool:
    """Whether what follows the word is one: something with digits or signs, and no word of a sentence."""
    value = re.split(r"[:=]\s*|\bis\s+|\bes\s+|\best\s+", text, maxsplit=1)[-1].strip("\"'`.,;)")
    return len(value) >= 6 and bool(re.search(r"[\d!@#$%^&*_+?~]", value)) and bool(re.search(r"[A-Za-z]", value))


_KEYS = "|".join(
    (
        r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
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
        r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",  # JSON Web Token (RFC 7519)
        r"\bBearer [A-Za-z0-9._~+/-]{20,}",
        r"[?&](?:sig|X-Amz-Signature)=[\w%+/]{20,}",  # addresses that let whoever has them in
        r"(?!https?:)\b[a-z]+://[^\s/:@]+:[^\s/@]+@[\w.-]+",  # reading refuses those of web pages
    )
)
_PASSWORD = (
    r"(?:(?:pass(?:word|wd|phrase|code)?|pwd|secret|api[ _-]?key|token|contraseña|mot de passe|mật khẩu|PIN)"
    r"(?: (?:is|es|est))?\s*[:=]?\s*(?<=[:=\s]))[\"'`]?[^\s\"'`]{6,}"
)

SECRETS = (
    Secret("key", "a key or a password", re.compile(_KEYS)),
    Secret("key", "a password", re.compile(rf"(?<!\w){_PASSWORD}", re.IGNORECASE), _is_password),
    Secret(
        "card-number", "the number of a payment card", re.compile(r"(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])"), _luhn
    ),
    Secret(
        "person-number",
        "a social security number",
        # The numbers that the Social Security Administration has never given out are left alone.
        re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-])"),
    ),
)


def secrets(texts: Mapping[str, str], silenced: Callable[[Problem], bool]) -> Iterator[Problem]:
    """Every secret in what was written, as a mistake."""
    for secret in SECRETS:
        for place, found in _everywhere(secret.pattern, texts):
            if secret.real(found):
                # The message must not repeat what it warns of: logs are public too.
                what = f"Something here looks like {secret.noun}, and this file becomes public."
                hint = f"Take it out. If it is none, write silence: [{secret.name}] into the post."
                problem = Problem(place, what, hint, rule=secret.name)
                if not silenced(problem):
                    yield problem


def _everywhere(pattern: re.Pattern[str], texts: Mapping[str, str]) -> Iterator[tuple[Place, str]]:
    for file, text in texts.items():
        for found in pattern.finditer(text):
            yield Place(file, text.count("\n", 0, found.start()) + 1), found[0]


_PRIVATE = re.compile(
    r"(?<![\w.-])(?:10\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])|192\.168|169\.254|127\.0)\.\d{1,3}\.\d{1,3}(?![\w-]|\.\d)"
    r"|(?<![\w:])f[cd][0-9a-f]{2}:[0-9a-f:]{4,}"  # unique local addresses of IPv6 (RFC 4193)
    r"|(?<![\w.@-])[\w-]+(?:\.[\w-]+)*\.(?:local|internal|intranet|lan|corp|localdomain|home\.arpa)(?![\w-]|\.(?!png|jpe?g|webp)\w)"
    r"|\\\\[\w.-]+\\[\w$.-]+"  # a share of Windows
    r"|(?<![\w.-])localhost:\d+"
    r"|(?<![\w.-])(?:[A-Z]{2,}[A-Z0-9]*-)?(?:SRV|SQL|DC|FS|VM|HOST|ESX)-?\d{2,}(?![\w-])"
)
_FREE_MAIL = re.compile(
    r"[\w.+-]+@(?:gmail|googlemail|yahoo|ymail|hotmail|outlook|live|msn|icloud|me|aol|proton|protonmail|gmx|"
    r"comcast|verizon|att|sbcglobal|mail|zoho|fastmail)\.(?:com|net|org|me|fr|es|mx|vn|de|co\.uk)(?![\w-])",
    re.IGNORECASE,
)
_MALWARE = re.compile(
    r"(?<!\w)(?:lockbit|blacksuit|ransomhub|blackcat|alphv|ryuk|robbinhood|wannacry|notpetya|revil|sodinokibi|"
    r"darkside|rhysida|blackbasta|black basta|cl0p|qakbot|qbot|emotet|trickbot|icedid|cobalt strike|mimikatz|"
    r"samsam|doppelpaymer|egregor|netwalker|scattered spider|salt typhoon|volt typhoon|lazarus group|"
    r"(?:akira|royal|hive|medusa|conti|play|maze|clop|qilin|lynx|interlock|safepay|inc)"
    r"(?= (?:ransomware|malware|group|gang|attackers|hackers))"
    r"|(?<=ransomware )(?:akira|royal|hive|medusa|conti|play))(?!\w)",
    re.IGNORECASE,
)
_SUSPECT = re.compile(
    r"\b(?:[Ss]uspects?|[Hh]ackers?|[Aa]ttackers?|[Aa]ccused|[Aa]rrested|[Cc]harged|[Ss]ospechoso|[Dd]etenido)"
    r"(?: is| was|,| named| identified as| known as| llamado)* (?:Mr\.? |Ms\.? )?"
    r"(?P<name>[A-Z][a-z]+ (?:[A-Z]\. )?[A-Z][a-z]+)\b"
)


def private_address(case: Case) -> Iterator[Problem]:
    """Addresses and names of the network's own machines, which help whoever attacks it."""
    for place, found in _everywhere(_PRIVATE, case.texts):
        what = f'"{found}" is an address or a name from inside the network.'
        yield advice(place, what, "Take it out: residents cannot use it, and attackers can.")


def personal_mail(case: Case) -> Iterator[Problem]:
    """Somebody's own mailbox, which will be full by morning, and which the city does not keep."""
    for place, found in _everywhere(_FREE_MAIL, case.texts):
        what = f'"{found}" is a personal address.'
        yield advice(place, what, "Give an address of the city's own, or a phone number.")


def malware_name(case: Case) -> Iterator[Problem]:
    """Names of attackers and of their tools, which make them known and may be wrong."""
    for place, found in _everywhere(_MALWARE, case.texts):
        what = f'"{found}" names an attacker or a tool.'
        hint = "Leave it to the police, unless they have published it: say what does not work."
        yield advice(place, what, hint)


def suspect_name(case: Case) -> Iterator[Problem]:
    """Names of people who may turn out to have nothing to do with it."""
    for file, text in case.texts.items():
        for found in _SUSPECT.finditer(text):
            place = Place(file, text.count("\n", 0, found.start()) + 1)
            yield advice(place, f'"{found["name"]}" is named as a suspect.', "Leave names to the courts.")


RULES = (
    Rule("private-address", "What only works inside helps nobody outside but attackers.", private_address),
    Rule("personal-mail", "Records belong in the city's own mailboxes.", personal_mail),
    Rule("malware-name", "It is fame for the attackers, and often a guess.", malware_name),
    Rule("suspect-name", "A suspect may be innocent.", suspect_name),
)
