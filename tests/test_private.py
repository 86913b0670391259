"""What must not become public is found wherever it stands, and what only looks like it is left alone."""

from pathlib import Path

import pytest

from statusgen.checking.every import Silence, advice
from statusgen.checking.private import RULES, SECRETS, secrets
from tests.cities import town

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
        "The host CITY-SQL01 was rebuilt.",
        "![The room](files/dc-rack.lan.png)",
    ],
    "key": [
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "ghp_" + "a1B2" * 9,
        "github_pat_" + "11ABCDEFG0" * 3,
        "glpat-" + "abcdefghij1234567890",
        "xoxb-" + "123456789012-abcdefABCDEF",
        "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXX",
        "AIza" + "SyA1234567890abcdefghijklmnopqrstuv",
        "sk_live_" + "abcdEFGH12345678",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
        "Authorization: Bearer abcdefghijklmnopqrstuvwxyz012345",
        "https://store.example/backup.zip?sig=abcdefghij1234567890%2Babc",
        "postgres://admin:hunter22@db.springfield.example/permits",
        "The password is Summer2024!",
        "password: tr0ub4dor&3",
        "PIN: 4921-A77x",
        "api_key = 9f8e7d6c5b4a",
        "La contraseña es Verano2024!",
    ],
    "card-number": [
        "4111 1111 1111 1111",
        "5555-5555-5555-4444",
        "378282246310005",
        "She paid with 6011111111111117.",
        "card 3530111333300000",
    ],
    "person-number": ["123-45-6789", "His number is 219 09 9998.", "(078-05-1121)"],
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
        "the ransomware Royal",
        "traces of Cobalt Strike",
    ],
    "suspect-name": ["The suspect, John Smith, lives here.", "Police say the hacker is Mary Jones."],
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
    "Somebody was arrested on Monday.",
    "Suspect a fraud? Call the police.",
    "The number 000-12-3456 was never given out.",
    "666-12-3456 and 912-34-5678 are no such numbers.",
    "The token ring is from 1990.",
    "Room 192.168 of City Hall",
    "Mayor Quinton Lucas spoke at noon.",
    "Hours: 8:00-17:00, seats 1-13.",
]


def told(folder: Path, text: str) -> dict[str, int]:
    """What is told of a post with this text: the name of each rule, and the line."""
    post = f"---\ntitle: Payments are down\nstarted: 2024-05-05 08:00\n---\nWe are looking into it.\n\n{text}\n"
    city = town(folder, "  - name: Trash\n", "---\ntitle: It is down\nstarted: 2024-05-05 08:00\n---\n")
    texts = {"incidents/post-1.md": post}
    site = city.site
    found = [*secrets(texts, Silence(site).covers), *advice(site, texts, city.moment("2024-05-05 12:00"))]
    return {problem.rule: problem.place.line for problem in found if problem.rule in NAMES}


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in FOUND.items() for text in texts])
def test_it_is_found_on_its_line(rule: str, text: str, tmp_path: Path) -> None:
    assert told(tmp_path, text).get(rule) == 7


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_a_look_alike_is_left_alone(text: str, tmp_path: Path) -> None:
    assert told(tmp_path, text) == {}


def test_there_are_enough_of_both() -> None:
    assert sum(map(len, FOUND.values())) >= 40
    assert len(LEFT_ALONE) >= 40
    assert set(FOUND) == NAMES
