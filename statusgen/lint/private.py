"""Finds what should not be published: keys and passwords, card and social security numbers, private addresses, names.

Every line is searched as it was written, so links, names of pictures and comments are too. A secret is a mistake,
since it cannot be taken back once it was public; the rest is advice. Each pattern takes time in proportion to the
text, of any kind: no run of characters is read again from each of its places.
"""

import functools
import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping

from pydantic import TypeAdapter

from statusgen.content.confidential import PASSWORD_IN_ADDRESS, Secret, find_all
from statusgen.content.format.values import CREDENTIALS_MISTAKE
from statusgen.english import English, SeveralTexts
from statusgen.lint.rule import LintContext, Rule, make_advice, translation_file, words_in
from statusgen.model.whole_site import Site
from statusgen.problems import Place, Problem
from statusgen.speed.cache import Cache
from statusgen.speed.remembered import Remembered


def find_secrets(
    texts: Mapping[str, str],
    is_silenced: Callable[[Problem], bool],
    site: Site | None = None,
    known: Collection[Problem] = (),
    cache: Cache | None = None,
) -> Iterator[Problem]:
    """Yield a mistake for each secret in what was written, and in what `site` shows of it.

    Where a link is among the `known` mistakes for the password in it, that is enough. Texts that were clean before,
    by the cache, are not searched again.
    """
    clean = Remembered(cache, "clean-texts", _make_clean_adapter)

    def secrets_in(text: str) -> tuple[tuple[Secret, int], ...]:
        return () if clean.find((text,), lambda: not _secrets_in(text)) else _secrets_in(text)

    told = {problem.place for problem in known if problem.what.endswith(CREDENTIALS_MISTAKE)}
    found = [(Place(file, above + 1), secret) for file, text in texts.items() for secret, above in secrets_in(text)]
    files = {(place.file, secret.name) for place, secret in found}
    # Markdown and YAML have more ways to write a letter than a search through the source can know.
    shown = ((place, secret) for place, text in _shown_texts(site) for secret, _ in secrets_in(text)) if site else ()
    found += [(place, secret) for place, secret in shown if (place.file, secret.name) not in files]
    clean.save()
    found = [(place, secret) for place, secret in found if secret is not PASSWORD_IN_ADDRESS or place not in told]
    for place, name, noun in dict.fromkeys((place, secret.name, secret.noun) for place, secret in found):
        # The message must not repeat the secret: logs are public too.
        what = English("Something here looks like %(noun)s, and this file will be public.", noun=noun)
        false_alarm = English("If it is a false alarm, write silence: [%(name)s] in the post.", name=name)
        hint = SeveralTexts(English("Remove it."), false_alarm)
        problem = Problem(place, what, hint, rule=name)
        if not is_silenced(problem):
            yield problem


def _shown_texts(site: Site) -> Iterator[tuple[Place, str]]:
    """Yield every text and fact as residents read it, with the place of the service or the update that it is in."""
    for service in site.services:
        yield from ((service.place, text) for words in words_in(service) for _, text in words.texts)
    for incident in site.incidents:
        yield from ((incident.place, text) for _, text in incident.title.texts)
        for update in incident.updates:
            for text in update.texts:
                is_original = text.language == site.languages[0]
                file = translation_file(update.place.file, text.language)
                yield update.place if is_original else Place(file), text.text
            yield from ((update.place, text) for words in words_in(update) for _, text in words.texts)


# What was found in texts, by their digests. A writer's command reads all posts before and after its change, and a
# preview reads them after each change; nearly all are the same each time.
_SECRETS_BY_DIGEST: dict[bytes, tuple[tuple[Secret, int], ...]] = {}


def _secrets_in(text: str) -> tuple[tuple[Secret, int], ...]:
    """Return the secrets in a text, each with the number of the lines above it."""
    key = hashlib.sha256(text.encode(errors="surrogatepass")).digest()
    if key not in _SECRETS_BY_DIGEST:
        _SECRETS_BY_DIGEST[key] = tuple(dict.fromkeys(find_all(text)))
    return _SECRETS_BY_DIGEST[key]


@functools.cache
def _make_clean_adapter() -> TypeAdapter[dict[str, bool]]:
    return TypeAdapter(dict[str, bool])


def _find_matches(
    pattern: re.Pattern[str], texts: Mapping[str, str], markers: tuple[str, ...]
) -> Iterator[tuple[Place, str]]:
    """Yield what a pattern finds, and where.

    Everything that it can find contains one of the `markers`, in small letters. Most texts contain none, which is
    quick to find out.
    """
    for file, text in texts.items():
        folded = text.casefold()
        if any(marker in folded for marker in markers):
            for match in pattern.finditer(text):
                yield _place_at(file, text, match.start()), match[0]


def _place_at(file: str, text: str, start: int) -> Place:
    return Place(file, text.count("\n", 0, start) + 1)


_PRIVATE_ADDRESS = re.compile(
    r"(?<![\w.-])(?:10\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])|192\.168|169\.254|127\.0)\.\d{1,3}\.\d{1,3}(?![\w-]|\.\d)"
    r"|(?<![\w:])f[cd][0-9a-f]{2}:[0-9a-f:]{4,}"  # unique local addresses of IPv6 (RFC 4193)
    r"|(?<![\w.@-])[\w-]+(?:\.[\w-]+)*\.(?:local|internal|intranet|lan|corp|localdomain|home\.arpa)(?![\w-]|\.(?!png|jpe?g|webp)\w)"
    r"|\\\\[\w.-]+\\[\w$.-]+"  # a share of Windows
    r"|(?<![\w.-])localhost:\d+"
    # A prefix is required of words that are also in names of products, streets or offices; four digits are a year.
    r"|(?<![\w.-])(?:[A-Z]{2}[A-Z0-9]{0,20}-(?:SQL|VM|HOST)|(?:[A-Z]{2}[A-Z0-9]{0,20}-)?(?:SRV|ESX))-?\d{2,3}(?![\w-])"
    r"|(?<![\w.-])[A-Z]{2}[A-Z0-9]{0,20}-(?:APP|WEB|DB|FILE|MAIL|PRINT)-?\d{2}(?![\w-])"
    r"|(?<![\w.-])(?:[a-z]{2}[a-z0-9]{0,20}-(?:dc|sql|app|web|db)|[a-z]{0,20}server)\d{2}(?![\w-])"
)
_PRIVATE_ADDRESS_MARKERS = (
    "10.", "172.", "192.168", "169.254", "127.0.", "fc", "fd", ".local", ".internal", ".intranet", ".lan", ".corp",
    ".home.arpa", "\\\\", "localhost:", "-sql", "-vm", "-host", "srv", "esx",
    "-app", "-web", "-db", "-file", "-mail", "-print", "-dc", "server",
)  # fmt: skip
_FREE_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]+@(?:gmail|googlemail|yahoo|ymail|hotmail|outlook|live|msn|icloud|me|aol|proton|protonmail|gmx|"
    r"comcast|verizon|att|sbcglobal|mail|zoho|fastmail)\.(?:com|net|org|me|fr|es|mx|vn|de|co\.uk)(?![\w-])",
    re.IGNORECASE,
)
_ATTACKERS = (
    "lockbit", "blacksuit", "ransomhub", "blackcat", "alphv", "ryuk", "robbinhood", "wannacry", "notpetya", "revil",
    "sodinokibi", "darkside", "rhysida", "blackbasta", "black basta", "cl0p", "qakbot", "qbot", "emotet", "trickbot",
    "icedid", "cobalt strike", "mimikatz", "samsam", "doppelpaymer", "egregor", "netwalker", "scattered spider",
    "salt typhoon", "volt typhoon", "lazarus group",
)  # fmt: skip
# Some names are also words or companies: they count only next to one of these.
_MALWARE_CONTEXT_WORDS = ("ransomware", "malware", "gang", "attackers", "hackers")
_MALWARE = re.compile(
    rf"(?<!\w)(?:{'|'.join(_ATTACKERS)}|(?:akira|clop|qilin|safepay)(?= group)"
    r"|(?:akira|royal|hive|medusa|conti|play|maze|clop|qilin|lynx|interlock|safepay|inc)"
    rf"(?= (?:{'|'.join(_MALWARE_CONTEXT_WORDS)}))"
    r"|(?<=ransomware )(?:akira|royal|hive|medusa|conti|play))(?!\w)",
    re.IGNORECASE,
)
_MALWARE_MARKERS = (*_ATTACKERS, " group", *(f" {word}" for word in _MALWARE_CONTEXT_WORDS), "ransomware ")
_NAMING_VERBS = r" (?:is|was|named|identified as|known as|llamado)"
# Two words with capital letters are not always a person.
_NOT_A_PERSON = (
    r"(?!(?:Mayor|Chief|Police|Sheriff|Judge|Officer|Council|Governor) )"
    r"(?![A-Z][a-z]+ (?:City|County|Police|Department|Council|State|Street|Avenue|Residents?)\b)"
)
_PERSON_NAME = r"[A-Z][a-z]+ (?:[A-Z]\. )?[A-Z][a-z]+"
_SUSPECT_THEN_NAME = re.compile(
    rf"\b(?:(?:[Ss]uspects?|[Aa]rrested|[Ss]ospechoso|[Dd]etenido)[,:]?(?:{_NAMING_VERBS}){{0,3}}"
    rf"|(?:[Hh]acker|[Aa]ttacker|[Aa]ccused|[Cc]harged)(?:{_NAMING_VERBS}){{1,3}}) (?:Mr\.? |Ms\.? )?{_NOT_A_PERSON}"
    rf"(?P<name>{_PERSON_NAME})\b"
)
_NAME_THEN_ACCUSATION = re.compile(
    rf"\b{_NOT_A_PERSON}(?P<name>{_PERSON_NAME}),? (?:was|is|were|are|has been|have been) "
    r"(?:arrested|charged|indicted|accused|(?:a|the) suspect)\b"
)


def find_private_addresses(context: LintContext) -> Iterator[Problem]:
    """Find addresses and names of machines inside the network, which help attackers."""
    for place, found in _find_matches(_PRIVATE_ADDRESS, context.texts, _PRIVATE_ADDRESS_MARKERS):
        what = f'"{found}" is an address or a name from inside your network.'
        yield make_advice(place, what, "Remove it: residents cannot use it, but attackers can.")


def find_personal_mail(context: LintContext) -> Iterator[Problem]:
    """Find personal email addresses, whose mail the city does not keep."""
    for place, found in _find_matches(_FREE_MAIL, context.texts, ("@",)):
        what = f'"{found}" is a personal email address.'
        yield make_advice(place, what, "Use one of the city's own addresses, or a phone number.")


def find_malware_names(context: LintContext) -> Iterator[Problem]:
    """Find names of attackers and their tools, which give them publicity and may be wrong."""
    for place, found in _find_matches(_MALWARE, context.texts, _MALWARE_MARKERS):
        what = f'"{found}" names an attacker or a hacking tool.'
        hint = "Leave that to the police, unless they have published it. Write what does not work."
        yield make_advice(place, what, hint)


def find_suspect_names(context: LintContext) -> Iterator[Problem]:
    """Find names of suspects, who may be innocent."""
    for file, text in context.texts.items():
        for found in (*_SUSPECT_THEN_NAME.finditer(text), *_NAME_THEN_ACCUSATION.finditer(text)):
            yield make_advice(
                _place_at(file, text, found.start()),
                f'"{found["name"]}" is named as a suspect.',
                "Leave names to the courts.",
            )


RULES = (
    Rule(
        "private-address",
        "What works only inside the network helps nobody outside but attackers.",
        find_private_addresses,
    ),
    Rule("personal-mail", "Records belong in the city's own mailboxes.", find_personal_mail),
    Rule("malware-name", "It gives the attackers publicity, and it is often a guess.", find_malware_names),
    Rule("suspect-name", "A suspect may be innocent.", find_suspect_names),
)
