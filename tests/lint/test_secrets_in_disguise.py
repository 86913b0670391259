"""Secrets as word processors, spreadsheets and Markdown write them are found, and what only looks like one is not."""

import time
from pathlib import Path

import pytest

from statusgen.content.confidential import find_all, fold_text, has_secret
from statusgen.content.reader import read_content
from statusgen.lint.mistakes import find_mistakes
from tests.support.paths import DOCS

KEY = "AKIA" + "ABCDEFGHIJKLMNOP"
TOKEN = "ghp_" + "a1B2" * 9

# None of these is real: the keys are made of their pattern, the cards are those that issuers give out for tests.
DISGUISED = {
    "card-number": [
        "4111.1111.1111.1111",
        "4111\u00a01111\u00a01111\u00a01111",
        "4111\u202f1111\u202f1111\u202f1111",
        "4111\u20131111\u20131111\u20131111",
        "4111\u20141111\u20141111\u20141111",
        "4111\u20111111\u20111111\u20111111",
        "4111\u22121111\u22121111\u22121111",
        "4111 - 1111 - 1111 - 1111",
        "4111  1111  1111  1111",
        "41\u200b11 1111 1111 1111",
        "4111\u200d1111\u20601111\u200c1111",
        "4111&nbsp;1111&nbsp;1111&nbsp;1111",
        "4111&#8209;1111&#x2011;1111&ndash;1111",
        "4111 **1111** 1111 1111",
        "4111 1111 *1111* _1111_",
        "`4111` `1111` `1111` `1111`",
        "4111 1111\n1111 1111",
        "4111-1111-\n1111-1111",
        "> 4111 1111\n> 1111 1111",
        "4111\u00b71111\u00b71111\u00b71111",
        "\uff14\uff11\uff11\uff11 1111 1111 1111",
        "4111\\-1111\\-1111\\-1111",
        "<b>4111</b> 1111 1111 1111",
        "3782.822463.10005",
        "4111 [1111](https://springfield.example) 1111 1111",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "4111_1111_1111_1111",
        "4111/1111/1111/1111",
    ],
    "person-number": [
        "SSN 219.09.9998",
        "219\u201309\u20139998",
        "219\u201109\u20119998",
        "219 - 09 - 9998",
        "SSN 219\u00a009\u00a09998",
        "219-**09**-9998",
        "2\u200b19-09-9998",
        "219&#45;09&#45;9998",
        "SSN: 219-09-\n9998",
        "219\\-09\\-9998",
        "SSN: 219 099 998",
        "SSN # 219099998",
        "S.S.N. 219099998",
        "social security numbers: 219-099-998",
        "\uff12\uff11\uff19-09-9998",
        "SSN123456789",
        "SS# 123456789",
        "219 09 9998",
        "- 219 09 9998",
        "(219 09 9998)",
        "| Smith | 219 09 9998 |",
        "His number is 219 09 9998.",
        "Applicant: 219 09 9998",
        "Taxpayer ID 219 09 9998",
        "born 1970, 219 09 9998",
        "Employee 219.09.9998",
        "Her number: 219/09/9998",
        "219\u00a009\u00a09998",
        "*219* 09 9998",
    ],
    "password": [
        "Passwords: Summer2024!",
        "The passwords are Summer2024! and more",
        "Password \u2013 Summer2024!",
        "Password - Summer2024!",
        "Password \u2192 Summer2024!",
        "Password -> Summer2024!",
        "Password\uff1a Summer2024!",
        "Password:\u00a0Summer2024!",
        "Pass\u200bword: Summer2024!",
        "Pass\u00adword: Summer2024!",
        "**Pass**word: Summer2024!",
        "Password&#58; Summer2024!",
        "Pass word: Summer2024!",
        "Pass code: Summer2024!",
        "| Password | Summer2024! |",
        "Password:\n\nSummer2024!",
        "Password:\n- Summer2024!",
        "Login: clerk / Summer2024!",
        "Login: clerk@kcmo.gov / Summer2024!",
        "Logins: clerk/Summer2024!",
        "Log-in: clerk, Summer2024!",
        "User: clerk, pass: Summer2024!",
        "Username/password: clerk/Summer2024!",
        "Credentials: clerk | Summer2024!",
        "wi-fi key: Sommer2026!",
        "secret key = 9f8e7d6c5b4a",
        "Contraseñas: Verano2024!",
        "Mots de passe : Ete2024!",
        "The password for the guest network is Summer2024",
        "Password for VPN: Summer2024",
        "Password (temporary): Summer2024",
        "Password is now Summer2024",
        "The Wi-Fi password is: Summer2024",
        "User: admin  Pass: Summer2024",
        "user admin and password Summer2024!",
        "Login: admin - Summer2024",
        "Le mot de passe est « Ete2024x »",
        "clave: Verano2024",
        "WPA2: Summer2024",
        "| Username | Password |\n| --- | --- |\n| admin | Summer2024 |",
        "Login: Admin - Summer2024",
        "Login: ADMIN - Summer2024",
        "Login: Administrator - Welcome1x",
        "Login: JSmith2 - Winter2023",
        "Login: J.Smith - Summer2024",
        "User: Clerk - Sommer2026",
        "Login: frontdesk - Library22",
        "Username: Guest - Visitor99",
        "Login: Kiosk1 - Touch4567",
        "Credentials: Reception - Blue42sky",
        "Log in: Staff \u2013 Spring2025",
        "Login: Water - Blue42!sky",
        "Login: jdoe - Office-Party7",
        "Login: root / toor2024",
        "Password: sunshine",
        "password = sunshine",
        "Password: sunshine.",
        "Password: Sunshine (ask for help)",
        "**Password:** sunshine",
        "Password: \u201csunshine\u201d",
        "Password: sunshine, PIN: 4711",
        "User: clerk, password: sunshine",
        "Password:\nsunshine",
        "Password:\n\n- sunshine",
        "The password is hunterhill",
        "The password is hunterhill.",
        "The password is now hunterhill!",
        "The password for the guest network is hunterhill.",
        "The Wi-Fi password is: hunterhill",
        "Wi-Fi password: kansascity",
        "Network key: hunterhill",
        "PIN is 4711",
        "PIN: 4711",
        "Your PIN is 4711.",
        "PIN code: 471100",
        "Passcode: 4711",
        "Password: 12345678",
        "| Username | Password |\n| --- | --- |\n| admin | sunshine |",
        "| SSID | Password |\n| --- | --- |\n| Guest | 12345678 |",
        "P\u0430ssword: Summer2024!",
        "\u0420\u0430ssw\u043erd: sunshine",
        "\u03a1assw\u03bfrd: Summer2024!",
        "\uff30\uff41\uff53\uff53\uff57\uff4f\uff52\uff44\uff1a sunshine",
        "\u1d18\u1d00\ua731\ua731\u1d21\u1d0f\u0280\u1d05: Summer2024!",
        "\U0001d5e3\U0001d5ee\U0001d600\U0001d600\U0001d604\U0001d5fc\U0001d5ff\U0001d5f1: sunshine",
        "P@ssword: Summer2024!",
        "Passw0rd: sunshine",
        "\u0440wd: Summer2024!",
        "\u0410P\u0399 \u039aey = 9f8e7d6c5b4a",
        "L\u043egin: clerk / Summer2024!",
    ],
    "key": [
        "AKIA\u200bABCDEFGHIJKLMNOP",
        "**AKIA**ABCDEFGHIJKLMNOP",
        f"`{KEY}`",
        "AKIA&#65;BCDEFGHIJKLMNOP",
        TOKEN.replace("_", "\\_"),
        TOKEN.replace("_", "&#95;"),
        f"_{TOKEN}_",
        "xoxb\u2011123456789012\u2011abcdefABCDEF",
        "\u2014\u2013BEGIN RSA PRIVATE KEY\u2014\u2013",
        "Bearer\u00a0abcdefghijklmnopqrstuvwxyz012345",
        "api.telegram.org/bot123456789:" + "AAa1_" * 7,
        "Authorization: Basic YWRtaW46U3VtbWVyMjAyNA==",
        "sk_test_" + "abcdEFGH12345678",
        "ya29." + "a0AfH6SMB" * 4,
        "`https://user:password@host.example`",
        "sk\\_live\\_abcdEFGH12345678",
        "hooks.slack.com\u200b/services/T00000000/B00000000/XXXXXXXX",
        KEY.replace("A", "\u0410"),
        KEY.replace("K", "\u039a"),
        TOKEN.replace("p", "\u0440"),
    ],
}

LOOK_ALIKES = [
    "Call 816.513.1313 or 816.513.0567.",
    "Call 816\u2013513\u20131313.",
    "Call 816-513-1313\n816-513-0567\n816-513-0568",
    "Call +1.816.513.1313.",
    "Call (816)\u00a0513\u20111313.",
    "Open 8:00\u201317:00.",
    "From 2024.05.04 to 2024.05.20.",
    "2024.05.04 - 2024.05.20",
    "2024-05-04\n2024-05-20",
    "Version 10.4.2.1",
    "Versions 4.11.1 and 4.11.2.0.1",
    "Seats 41 11 11 11 are free.",
    "4.1.1\n1.1.1\n1.1.1.1\n1.1.1.1.1.1",
    "Section 219.09.99 of the code",
    "Section 10.219.09.9998 of the code",
    "Section 219.09.9998.1 of the code",
    "Invoice 4111.1111.1111.1112.",
    "Account 1234.5678.9012.3456.",
    "Tracking 9400 1118\n9922 3818 1234 56.",
    "Totals: 4,111 1,111 1,111",
    "ZIP 64106\u20132812.",
    "ZIPs 64106\n64108\n64110",
    "Lots 12, 14, 16, 18, 20, 22, 24, 26",
    "1.\u00a0One 2.\u00a0Two",
    "39.0997, \u221294.5786",
    "Routes 12 - 24 - 36 - 48",
    "- 4111\n- 1111\n- 1111\n- 1112",
    "The SSN field is gone.",
    "SSN: the last 4 digits",
    "Social security: call 1-800-772-1213.",
    "Social Security office: 816.513.1313",
    "Permit 219-09-999",
    "Case 219-9-9998",
    "Case 000.12.3456",
    "Passwords: everybody gets a new one.",
    "Passwords are reset tonight.",
    "Passwords - what to do",
    "Password:\n\nYou will get a letter.",
    "Password:\n- 8-character minimum",
    "| Password | required |",
    "| Pass | $2.00/ride |",
    "Password \u2013 choose a new one",
    "Password \u2192 Reset",
    "Login: kcmo.gov/portal2",
    "Login: https://kcmo.gov/portal2",
    "Login: by phone / by mail",
    "Login / register",
    "Log in: online, by phone, or at the counter",
    "Login is down / slow.",
    "Login: Monday / Tuesday",
    "Sign in: 8 a.m. / 5 p.m.",
    "User name / password",
    "Users: residents, businesses",
    "User: anybody, password: required",
    "Accounts: water / sewer",
    "Account: checking / savings",
    "Accounts: 12,000 / 15,000",
    "Credentials: bring a card, letter",
    "Sign-ins: email, text",
    "Signs: red, yellow",
    "Logs: 2024, 2025",
    "Network keys: ask the desk.",
    "Tokens: 2 for $5.00",
    "Mots de passe : changez-les.",
    "Contraseñas: no las comparta.",
    "The mountain pass: US-550 is closed.",
    "A bearer of good news",
    "Begin: a private key to the park",
    "**Password** reset is down.",
    "| Service | State | Since |\n| --- | --- | --- |\n| Login | down | 2024-05-14T10:30 |",
    "| Login | working | [status](https://x.example/a1) |",
    "Login is slow, 10:30a.m.",
    "Login: Monday, 8:30a.m.",
    "Sign-in: Okta, Microsoft365",
    "Users: 18-24, 25-34years",
    "The password of your account is 8characters or more",
    "User guide - version2",
    "API keys for developers: v2beta",
    "Your password or PIN: 6digits",
    "Accounts: Checking, 0.25%APY",
    "Credentials: RN/BSN+MSN",
    "Parcel 123-45-6789",
    "Account number: 123-45-6789",
    "Turnout by precinct: 123 45 6789",
    "Section 504.10.2024",
    "Buses 101 47 1000 ride again",
    "Households out:\n123\n45\n6789",
    "Social Security, 64106-2711",
    "Parcel PIN: 14-23-100-021A",
    "PIN: last4digits",
    "Password: your-last-name+ZIP",
    "Password is one_time",
    "Tokens: 10/ride",
    "PW: 2024-118A",
    "pw project#12",
    "The password page for residents is at Okta2024",
    "Password reset: Office365",
    "| Service | Password |\n| --- | --- |\n| Water | required |",
    "Pass\u00adword reset is down.",
    "Login: slow - Office365",
    "Login: down - Microsoft365",
    "Login: Okta - Windows11",
    "Login: Working - Office2021",
    "Login: back - version2",
    "Login: Slow - iOS17update",
    "Login: intermittent - Outlook2019",
    "Login: fixed - Phase2",
    "Login: Residents - MyWater311",
    "Login: Monday - Room214B",
    "Login: offline - Terminal2",
    "Users: affected - Exchange2016",
    "Sign-in: new - MFA2024",
    "Login: Water - Building2024",
    "Login: slow / Office365",
    "Login: via Okta - Teams2",
    "Password resets: online",
    "Password: ask at the desk",
    "Password: ask\nat the desk.",
    "Password: call 311.",
    "Password: required",
    "Password: Required.",
    "Password: case-sensitive",
    "Password: online, by phone, or at the desk",
    "Forgot your password: phone us.",
    "Reset your password: Springfield branch",
    "Change the password: Settings",
    "A weak password is sunshine.",
    "A common password: sunshine",
    "The password is wrong.",
    "The password is required.",
    "The password is unchanged.",
    "The password is temporary.",
    "The password is yours.",
    "Your password is secret!",
    "The password for the portal is gone.",
    "The password page is down.",
    "Password:\n\nHello.",
    "Password:\n\nEverybody gets a letter",
    "Passwords: 1200 were reset.",
    "PIN: on the back of your bill",
    "PIN: 4 digits",
    "PIN: online",
    "Your PIN is on your bill.",
    "PIN is 4711-style",
    "Parcel PIN: 12345678",
    "Property PIN is 14231002.",
    "A pin: 4711 were sold.",
    "PINs are 4 to 8 digits.",
    "Zoom meeting ID 812 3456 7890, passcode: 471100",
    "Join the webinar. Passcode: 471100",
    "The shortest passcode is 6 digits.",
    "| Service | Password |\n| --- | --- |\n| Water | springfield |",
    "| User | Password |\n| --- | --- |\n| Residents | unchanged |",
    "\u0420\u0430\u0431\u043e\u0442\u0430: 4711",
    "\u03a1\u03af\u03bd: 4711",
    "Buses 101 47 1000 and 219 09 9998 ride again.",
    "The numbers of the day: 219 09 9998 and 7",
    "Call 219 555 9998",
    "816 513 1313",
    "64106 2711",
    "64106-2711",
    "12 219 09 9998",
    "219 09 9998 7",
    "000 12 3456",
    "File 219-09-9998",
    "Docket no. 219-09-9998",
    "Order number 219-09-9998",
    "Resolution 219-09-9998",
    "Customer 219-09-9998",
    "File 219 09 9998",
    "- 504.10.2024",
    "| Section | 504.10.2024 |",
    "101/47/1000",
    "You need a name and a password: both.",
    "Password: Settings",
    "The password was stolen.",
    "The password was published.",
    "Password is 2024-05-05",
    "Account 219099998",
]


def rules_found(folder: Path, text: str) -> dict[str | None, int]:
    """Return the secrets found in a post that ends in a text, each with its line."""
    (folder / "incidents").mkdir()
    site = "site: {title: Status, url: https://status.springfield.example/, timezone: America/Chicago}\n"
    (folder / "services.yaml").write_text(f"{site}services: [{{name: Trash}}]\n", encoding="utf-8")
    post = f"---\ntitle: It is down\nstarted: 2024-05-05 08:00\n---\nWe are looking into it.\n\n{text}\n"
    (folder / "incidents" / "post-1.md").write_text(post, encoding="utf-8")
    content = read_content(folder, ("en",))
    if any("invisible character" in problem.what for problem in content.problems):
        return {secret.name: 7 for secret, _ in find_all(text)}  # the post is refused before it is searched
    assert content.site
    return {problem.rule: problem.place.line for problem in find_mistakes(content.site, content.texts)}


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in DISGUISED.items() for text in texts])
def test_a_disguised_secret_is_found(rule: str, text: str, tmp_path: Path) -> None:
    found = rules_found(tmp_path, text)
    assert set(found) == {rule}
    assert found[rule] in (2, 7)  # of the update where only the converted text shows it


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_a_look_alike_is_no_secret(text: str, tmp_path: Path) -> None:
    assert rules_found(tmp_path, text) == {}


def test_the_documentation_has_their_numbers() -> None:
    found = sum(map(len, DISGUISED.values()))
    assert f"| {found} of {found}; {len(LOOK_ALIKES)} look-alikes left alone |" in (DOCS / "reliability.md").read_text(
        "utf-8"
    )


@pytest.mark.parametrize("more", ["", f" and {KEY}"])
def test_a_password_in_a_link_is_named_once_and_not_repeated(more: str, tmp_path: Path) -> None:
    rules_found(tmp_path, f"See https://clerk:hunterhill@pay.springfield.example/{more}.")
    content = read_content(tmp_path, ("en",))
    assert content.site
    problems = [*content.problems, *find_mistakes(content.site, content.texts, content.problems)]
    assert [problem.rule for problem in problems] == ["", "key"][: 2 if more else 1]
    assert "contains a user name or password" in problems[0].what
    assert not any("hunterhill" in str(problem) for problem in problems)


def test_a_secret_written_with_escapes_of_yaml_is_found(tmp_path: Path) -> None:
    text = '## 2024-05-05 09:00\nknown: ["AKIA\\x41BCDEFGHIJKLMNOP"]\n'
    assert rules_found(tmp_path, text) == {"key": 7}


@pytest.mark.parametrize(
    "line", ["4111\u00a01111\u00a01111\u00a01111", "**Pass**word: Summer2024!", "219\u201309\u20139998"]
)
def test_a_line_of_the_record_is_seen_the_same_way(line: str) -> None:
    assert has_secret(line)


@pytest.mark.parametrize(
    "unit",
    [
        "_",
        "\\_",
        "&#",
        "<a",
        "> ",
        "**",
        "\u00a0",
        "1.",
        "1 \n",
        "login: a/",
        "user: ",
        "pass word: ",
        "password: abcd ",
        "PIN: 4711 ",
        "219 09 9998 ",
        "\u0440\u0430",
        "login: a - b1",
    ],
)
def test_no_text_takes_long_to_fold_and_search(unit: str) -> None:
    begun = time.process_time()
    has_secret(unit * (40_000 // len(unit)))
    assert time.process_time() - begun < 1.5


def test_the_lines_stay_where_they_are() -> None:
    text = "a&#10;b\n> **c**\n\u2028d\n"
    assert fold_text(text).count("\n") == text.count("\n")
