"""What must not become public is found wherever it is, and what only looks like it is left alone."""

import multiprocessing
import re
import time
from pathlib import Path

import pytest

from statusgen.content import confidential, passwords
from statusgen.content.confidential import SECRETS
from statusgen.content.markdown import link_text, shared_endings
from statusgen.content.posts import blanks, comments
from statusgen.lint import mistakes, private, services, wording
from statusgen.lint.private import RULES, find_secrets
from statusgen.lint.registry import Silence, find_advice
from tests.support.sample_sites import make_city

NAMES = {rule.name for rule in RULES} | {secret.name for secret in SECRETS}

# None of these is real: the keys are made of their pattern, the cards are those that issuers give out for tests.
FOUND = {
    "private-address": [
        "Log on to 10.20.30.40 instead.",
        "The old server is 192.168.1.17.",
        "Try 172.16.4.2:8080 from the office.",
        "The camera was at 169.254.10.1",
        "It answers on fd12:3456:789a::1 only.",
        "Use https://intranet.springfield.local/pay for now.",
        "See [the form](http://forms.corp/permit).",
        "The file lies on \\\\files01\\permits.",
        "We restarted kc-sql.internal at noon.",
        "It runs on localhost:8443 for now.",
        "SRV-042 is back.",
        "KC-SQL-03 is full.",
        "The host CITY-SQL01 was rebuilt.",
        "![The room](files/dc-rack.lan.png)",
        "We lost fileserver01.",
        "KCMO-APP-01 was rebuilt.",
        "kc-dc01 is back.",
    ],
    "key": [
        "-----BEGIN " + "RSA PRIVATE KEY-----",
        "-----BEGIN " + "OPENSSH PRIVATE KEY-----",
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "ghp_" + "a1B2" * 9,
        "github_pat_" + "11ABCDEFG0" * 3,
        "glpat-" + "abcdefghij1234567890",
        "xoxb-" + "123456789012-abcdefABCDEF",
        "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXX",
        "AIza" + "SyA1234567890abcdefghijklmnopqrstuv",
        "sk_live_" + "abcdEFGH12345678",
        "eyJ" + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
        "Authorization: Bearer abcdefghijklmnopqrstuvwxyz012345",
        "https://store.example/backup.zip?sig=abcdefghij1234567890%2Babc",
        "postgres://admin:hunter22@db.springfield.example/permits",
    ],
    "password": [
        "The password is Summer2024!",
        "password: tr0ub4dor&3",
        "PIN: 4921-A77x",
        "api_key = 9f8e7d6c5b4a",
        "La contraseña es Verano2024!",
        "Mot de passe : Ete2024!",
        "Le mot de passe est : Ete2024!",
        "wifi pw Sommer2026!",
        'Passwort = "Tr0ub4dor&3"',
        "DB_PASSWORD=hunter22x",
        "**Password:** `Summer2024!`",
        '{"password": "tr0ub4dor&3"}',
    ],
    "card-number": [
        "4111 1111 1111 1111",
        "5555-5555-5555-4444",
        "378282246310005",
        "She paid with 6011111111111117.",
        "card 3530111333300000",
    ],
    "person-number": [
        "123-45-6789",
        "His number is 219-09-9998.",
        "(078-05-1121)",
        "SSN: 123456789",
        "social security number is 219099998",
    ],
    "personal-mail": [
        "Write to jane.doe@gmail.com.",
        "mailto:clerk+permits@yahoo.com",
        "bob@proton.me answers",
        "WATER.DEPT@HOTMAIL.COM",
    ],
    "malware-name": [
        "It was LockBit.",
        "Ryuk was found on the servers.",
        "We think the Akira group did it.",
        "the Play ransomware",
        "The Royal gang wants money.",
        "the ransomware Royal",
        "traces of Cobalt Strike",
    ],
    "suspect-name": [
        "The suspect, John Smith, lives here.",
        "Police say the hacker is Mary Jones.",
        "Police arrested John Smith.",
        "Suspect: John Smith",
        "John Smith was arrested on Monday.",
    ],
}

LEFT_ALONE = [
    "Call 311.",
    "Call 911 in an emergency.",
    "Call 816-513-1313 or 816-513-0567.",
    "Call (816) 513-1313, extension 4021.",
    "Call +1 816 513 1313.",
    "Call 1-888-275-6636.",
    "Case number 2024-CV-001234.",
    "Ticket 24-0415-0093.",
    "Case CR-2024-12345678.",
    "Permit BLD-2024-00123-R1.",
    "Invoice 4111 1111 1111 1112.",
    "Account 1234567890123456.",
    "Tracking 9400 1118 9922 3818 1234 56.",
    "Parcel 12-345-67-890-123.",
    "From 2024-05-04 to 2024-05-20.",
    "ZIP 64106-2812.",
    "It was 10.5 inches of rain.",
    "Version 10.4.2 is installed.",
    "Section 10.20.030 of the code applies.",
    "Read section 172.16 of the charter.",
    "The public address 8.8.8.8 answered.",
    "Write to water@kcmo.org.",
    "Write to 311@springfield.example.",
    "Write to first.last@springfield.gov.",
    "See https://www.kcmo.gov/permits.",
    "The local library is open.",
    "Local. Internal affairs is closed.",
    "Your password is safe.",
    "Choose a new password: we will ask for it.",
    "The password reset page is down.",
    "You need your PIN: bring the letter.",
    "The secret is out: the pool opens on Monday.",
    "A token of thanks: free parking.",
    "Bring your driver's license and a utility bill.",
    "The play begins at 7 p.m.",
    "The Royal Theatre is closed.",
    "Play areas are open.",
    "A hive was removed from the park.",
    "Route 66 and I-435 are open.",
    "Pay $1,234.56 by May 20, 2024.",
    "GPS 39.0997, -94.5786",
    "Someone was arrested on Monday.",
    "Suspect a fraud? Call the police.",
    "The number 000-12-3456 was never given out.",
    "666-12-3456 and 912-34-5678 are no such numbers.",
    "The token ring is from 1990.",
    "Room 192.168 of City Hall",
    "Mayor Quinton Lucas spoke at noon.",
    "Hours: 8:00-17:00, seats 1-13.",
    "The mountain pass US-550 is closed.",
    "Riders with a pass (31-day or 7-day) ride free.",
    "Buy a Day Pass ($2.00/person).",
    "A monthly pass is $50/month.",
    "A pass: $50/month, a token: $2.00/ride, a token is $1.50/ride.",
    "Enter the PIN 4-digit code.",
    "The PIN is 4-digits, the password is 12-characters long.",
    "Reset your password: https://kcmo.gov/reset?step=1",
    "Reset your password: kcmo.gov/reset?step=1",
    "Forgot your password: help1@kcmo.gov",
    "Your contraseña: https://kcmo.gov/es/clave_1",
    "Your password:\nhunter22 is none.",
    "The password is required!",
    "Write to PW 4521-A77 about roads.",
    "They were charged Sales Tax.",
    "Customers charged Late Fees can have them back.",
    "Charged Kansas City residents get it back.",
    "Police arrested Kansas City residents.",
    "Hackers, Mayor Lucas said, did it.",
    "Suspects, Mayor Lucas said, are not known.",
    "Take MD DC-295 or DC-20.",
    "Forms FS-12 and SQL-2023 are old.",
    "The play group and the Royal Group meet.",
    "The City Council was accused of nothing.",
    "Kansas City was charged too much.",
    "Four people were arrested.",
    "A new web server and 2 file servers are here.",
    "Social security number 123456 is too short.",
    "The SSN field is gone.",
]


def find_rules(folder: Path, text: str) -> dict[str, int]:
    """Return the rules that apply to a post with this text, each with the line."""
    post = f"---\ntitle: Payments are down\nstarted: 2024-05-05 08:00\n---\nWe are looking into it.\n\n{text}\n"
    city = make_city(folder, "  - name: Trash\n", "---\ntitle: It is down\nstarted: 2024-05-05 08:00\n---\n")
    texts = {"incidents/post-1.md": post}
    site = city.site
    found = [
        *find_secrets(texts, Silence(site, texts).covers),
        *find_advice(site, texts, city.board("2024-05-05 12:00")),
    ]
    return {problem.rule: problem.place.line for problem in found if problem.rule in NAMES}


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in FOUND.items() for text in texts])
def test_it_is_found_on_its_line(rule: str, text: str, tmp_path: Path) -> None:
    assert find_rules(tmp_path, text).get(rule) == 7


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_a_look_alike_is_left_alone(text: str, tmp_path: Path) -> None:
    assert find_rules(tmp_path, text) == {}


def test_there_are_enough_of_both() -> None:
    assert sum(map(len, FOUND.values())) >= 40
    assert len(LEFT_ALONE) >= 40
    assert set(FOUND) == NAMES


@pytest.mark.parametrize("rule", ["key", "password"])
def test_what_is_silenced_does_not_hide_another_secret(rule: str, tmp_path: Path) -> None:
    city = make_city(tmp_path, "  - name: Trash\n", f"---\ntitle: Down\nstarted: 2024-05-05\nsilence: [{rule}]\n---\n")
    texts = {"incidents/post-1.md": "password: tr0ub4dor&3\nAKIA" + "ABCDEFGHIJKLMNOP"}
    found = {problem.rule for problem in find_secrets(texts, Silence(city.site, texts).covers)}
    assert found == {"key", "password"} - {rule}


@pytest.mark.parametrize("text", FOUND["key"] + FOUND["password"] + FOUND["card-number"] + FOUND["person-number"])
def test_a_text_has_a_secret(text: str) -> None:
    assert confidential.has_secret(f"Hello.\n{text}\n")
    assert not confidential.has_secret("Hello.\nYour password is safe.\n")


def repeat(unit: str) -> str:
    """Repeat a unit to 40 kilobytes: a search that restarts at each place takes seconds, and others do not."""
    return unit * (40_000 // len(unit))


UNITS = [
    *("a", "A", "1", "-", "_", "@", ".", "[", ":", "\\", '"', " ", "\n"),
    *("a.", "a-", "A ", "A-", "1 ", "a@", "a:", ". ", "f:", "[[a", "\\a", '."', "Aa "),
    *("eyJ", "eyJ-", "eyJaaaaaaaaaa.", "SG.", "ghp_", "sk-", "xoxb-", "?sig=", "a://", "a://b:", "-----BEGIN A "),
    *("password ", "password:", "password is ", "pw ", "suspect is ", "10.", "fc00:", "AA-SRV", "as soon "),
    *(
        "server=",
        "host=pwd",
        "0123456789abcdef",
        "M-",
        "MMMM.",
        "a1Q~",
        "word: abcd ",
        "PIN: ",
        "password:\n ",
        "219 09 ",
    ),
    *("glpat-", "key-", "1//0", "jdbc:oracle:a:", "[x]: # ", "[//]:", "<!", "call 816-", "+1 8 ", "gov.uk."),
]
STARTS = [
    "[[",
    "password",
    "password is",
    "pw",
    "suspect is",
    "-----BEGIN ",
    "a://a:",
    "a@gmail",
    "eyJ",
    "SRV-",
    "Trash. ",
]
HOSTILE = [repeat(unit) for unit in UNITS]
HOSTILE += [start + repeat(unit) for start in STARTS for unit in (" ", "A")]


def search_all() -> None:
    """Search for every pattern in texts that make a search slow."""
    rooms = (blanks, comments, confidential, link_text, mistakes, passwords, private, services, shared_endings, wording)
    patterns = {value for room in rooms for value in vars(room).values() if isinstance(value, re.Pattern)}
    patterns |= {pattern for pattern, _, _ in wording._PATTERNS}
    patterns |= {secret.pattern for secret in SECRETS}
    assert len(patterns) >= 20
    for text in HOSTILE:
        for pattern in patterns:
            begun = time.process_time()
            for _ in pattern.finditer(text):
                pass
            assert time.process_time() - begun < 1.5, (pattern.pattern, text[:30])


def test_no_text_takes_long() -> None:
    """It runs in its own process, because a search that takes forever cannot be stopped from within."""
    searches = multiprocessing.get_context("spawn").Process(target=search_all)
    searches.start()
    searches.join(60)
    searches.kill()
    searches.join()
    assert searches.exitcode == 0
