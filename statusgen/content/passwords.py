"""How people write passwords in a text, and what only looks like one.

Each pattern takes time in proportion to the text: it is bounded, or cannot begin again within what it has just read.
"""

import re

# Without a sign such as : or =, only an abbreviation that means nothing else (pwd, Wi-Fi pw) announces a password.
# Up to four words may stand before the sign: "The password for the guest network is …".
_WORDS_BETWEEN = (
    r"(?P<far>(?:[^\S\n]{1,2}(?!(?:resets?|changes?|pages?|help|links?|portals?|managers?|problems?|issues?|rules?|errors?|"
    r"requirements?|policy|policies|is|are|was|es|est)\b)\(?[^\W\d][\w'-]{0,20}\)?){1,4})?"
)
PASSWORD_PATTERN = (
    r"(?<![^\W_])(?:(?:p[a@4]ss[ -]?w[o0]rds?|passwd|pword|passphrases?|pass[ -]?codes?|passwort|kennwort|"
    r"pwd|(?-i:pw)|(?:api|access|secret|network|wi-?fi|wpa2?)[ _-]?keys?|(?P<wireless>wpa[23]?(?:[ -]psk)?|psk)|"
    r"(?P<vague>secrets?|tokens?|(?-i:PINs?)|clave)|"
    r"contraseñas?|mots? de passe|(?-i:mdp)|mật khẩu|كلمة المرور|كلمة السر)[\"'*_]{0,3}"
    + _WORDS_BETWEEN
    + r"(?:[^\S\n]{0,3}(?:[:=|]|-{1,2}>|\u2192)|[^\S\n]{1,3}(?:-{1,2}[^\S\n]|"
    r"(?:is|are|was|es|est|là)(?:[^\S\n](?:now|still|currently))?(?=[^\S\n]|:)))"
    r"|(?-i:pwd|(?<=fi )pw|(?<=Fi )pw)(?=[^\S\n]))[*_]{0,3}"
    r"[^\S\n]{0,3}[:=]?[^\S\n]{0,3}[\"'`\u201c\u2018«„*]{0,3}[^\S\n]{0,2}(?P<value>[^\s\"'`\u201d\u2019»]{6,200})"
)

# The password is the second word: "Login: name / word". Or it is alone on the line below.
LOGIN_PATTERN = (
    r"(?<![^\W_])(?:log[ -]?[io]ns?|sign[ -]?ins?|credentials|user(?:[ -]?name)?|usuario)"
    r"(?:[ ]?(?:/|and|&)[ ]?pass(?:word)?)?(?P<sign>[^\S\n]{0,3}[:=|]|[^\S\n]is(?=[^\S\n])|(?=[^\S\n]))"
    r"[^\S\n]{0,3}[\"'\u201c]?(?!https?:)(?P<name>[\w.+-]{1,64}@[\w.-]{1,64}|[\w+-]{1,64}|[\w.+-]{1,64}(?=[^\S\n]))[\"'\u201d]?"
    r"(?P<mark>[^\S\n]{0,3}[/|,;:]{1,2}[^\S\n]{0,3}|[^\S\n]{1,3}-[^\S\n]{1,3}|[^\S\n]{1,3}(?:(?:and|&)[^\S\n])?(?=pass))"
    r"(?P<noun>pass(?:word)?[^\S\n]{0,3}[:=]?[^\S\n]{0,3})?[\"'\u201c]?(?P<value>[^\s\"'\u201d]{6,200})"
)
TABLE_PATTERN = r"^(?P<head>[^\n|]*\|[^\n]*)\n(?P<rule>[-:| ]+)\n(?P<rows>(?:[^\n|]*\|[^\n]*(?:\n|\Z))+)"
_PASSWORD_HEADING = re.compile(
    r"[*_`]{0,3}(?:(?:\w{1,20} )?(?:pass ?words?|passwd|pass ?codes?|passphrases?|pwd?)|pass|PIN|contraseña|clave|"
    r"mot de passe|mdp|mật khẩu)[*_`]{0,3}",
    re.IGNORECASE,
)
LINE_BELOW_PATTERN = (
    r"(?<![^\W_])(?:pass[ -]?words?|passphrase|pwd?|contraseña|mot de passe|mật khẩu)"
    r"(?P<far>)(?P<vague>)(?P<wireless>)[^\S\n]{0,3}[:=]"
    r"[^\S\n]{0,3}\n\s{0,9}(?:[-*][ ])?(?P<value>[^\s\"'`]{6,200})[^\S\n]{0,3}$"
)
PASSWORD_MARKERS = (
    "pass",
    "p@ss",
    "p4ss",
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


_NAME_HEADING = re.compile(
    r"[*_`]{0,3}(?:user ?names?|users?|logins?|log ?in|accounts?|ssid|networks?|usuario|wi-?fi)[*_`]{0,3}",
    re.IGNORECASE,
)
# A word or a number alone: "Password: sunshine", "PIN is 4711".
PLAIN_PATTERN = (
    r"(?<![^\W_])(?:p[a@4]ss[ -]?w[o0]rd|passwd|pword|pass[ -]?phrase|pwd|(?:wi-?fi|network|wpa2?)[ -]key"
    r"|(?P<code>pass[ -]?code|(?-i:PIN)(?:[ ](?:code|number))?|pin[ ](?:code|number)))[\"'*_)]{0,3}"
    + _WORDS_BETWEEN
    + r"(?:[^\S\n]{0,3}[:=]|(?P<verb>[^\S\n]{1,3}(?:is|was)(?:[^\S\n](?:now|still|currently))?(?=[^\S\n]|:)):?)"
    r"(?:[^\S\n]{0,3}|(?P<below>[^\S\n]{0,3}\n\s{0,9}(?:[-*][ ])?))"
    r"[\"'\u201c\u2018\u00ab]?(?P<value>[^\W\d_]{4,40}|\d{4,8})[\"'\u201d\u2019\u00bb]?"
    r"(?P<stop>[.!]?)(?=[^\S\n]{0,3}(?:$|\()|(?<=[.!])[^\S\n]|;|,[^\S\n](?:user|log|pin|pass|ssid|network))"
)
PLAIN_MARKERS = ("pass", "p@ss", "p4ss", "pword", "pwd", "key", "pin")


# What often follows the word password without being one: an address, a price, a length ("8-character"), a time.
_NOT_A_PASSWORD = re.compile(
    r"\A(?:[a-z]+:/|(?:[\w-]+\.)+[a-z]{2,}(?:[/?#]|$)|[\w.+-]+@[\w.-]+\.[a-z]{2,}$"
    r"|[$€£]\d[\d.,]*(?:/|-\d|$)|\d[\d.,]*[$€£%][a-z]{0,3}$|\d[\d.,]*/[^\W\d]+$|\d+[-\u2013][^\W\d]+$"
    r"|\d+\+[^\W\d]+$|sha-?\d+(?:-[a-z]+)?$|(?P<masked>[x*#.])(?P=masked)+$|last[-_]?\d(?:digits?|characters?)?$|\d{1,2}(?:character|digit|letter)s?$"
    r"|\d{4}-\d\d-\d\d|\d{4}-\d{1,4}[a-z]?$|\d{1,2}:\d\d(?![a-z]{3}))",
    re.IGNORECASE,
)


# The code of a public meeting is published on purpose.
_MEETING_CODE = re.compile(r"\b(?:zoom|webex|webinar|meeting (?:id|number|pass\w{4}))\b[^\n]{0,100}\Z", re.IGNORECASE)
_ERROR_CODE = re.compile(r"[A-Z]{1,8}\d{3,7}")


def is_password(found: re.Match[str]) -> bool:
    """Return whether what follows the word is a password: it has letters, and digits or signs; no plain word does.

    A word that means other things too, or that is further away, must be followed by letters and digits in one piece.
    """
    value = found["value"].strip("()[].,;!?*_")
    if len(found["value"].strip("().,;*_")) < 6 or _NOT_A_PASSWORD.search(value):
        return False
    if (found["vague"] and _ERROR_CODE.fullmatch(value)) or _MEETING_CODE.search(
        found.string[max(0, found.start() - 200) : found.start("value")]
    ):
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


def is_login(found: re.Match[str]) -> bool:
    """Return whether a password follows the name: announced, after a slash, or of letters, digits and signs."""
    value = found["value"].strip("()[].,;!?*_")
    if len(value) < 6 or found["value"].startswith("[") or _NOT_A_PASSWORD.search(value):
        return False
    if not found["noun"] and not found["sign"]:
        return False
    has_sign = bool(re.search(r"[!@#$%^&*?~]", value))
    if found["noun"]:
        return bool(re.search(r"[^\W\d_]", value)) and (has_sign or bool(re.search(r"\d", value)))
    if _STATE.fullmatch(found["name"]) or _PRODUCT.fullmatch(value):
        return False
    if "/" in found["mark"]:
        # A sentence goes on behind the names of two systems, not behind a password.
        if not has_sign and re.match(r"[^\S\n][a-z]", found.string[found.end() :][:2]):
            return False
        return bool(re.search(r"[^\W\d_]", value)) and (has_sign or bool(re.search(r"\d", value)))
    if "-" in found["mark"]:
        # A word with a capital letter may be a service, unless it is the name of an account.
        is_account = found["name"].islower() or bool(_ACCOUNT.search(found["name"]))
        return _is_mixed(value) and (has_sign or is_account)
    return found["sign"].strip() in (":", "=") and _is_mixed(value) and bool(re.search(r"[!@#$%^&*?~]", found["value"]))


# What a login does, or who has one, and when: "Login: slow - Office365".
_STATE = re.compile(
    r"\A(?:"
    r"slow|down|up|back|out|off|on|ok|okay|fine|new|now|online|offline|open|closed|outage|error|errors|normal|broken|gone"
    r"|intermittent|unavailable|available|stable|unstable|maintenance|everyone|everybody|residents?|customers?|all|only"
    r"|today|tomorrow|tonight|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|by|via|with|use|see|through|[a-z]{2,12}(?:ed|ing))",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"[\d@._]|^(?:admin(?:istrator)?|root|sys(?:admin|op)?|guest|visitor|tester|test|user|clerk|staff|reception(?:ist)?|"
    r"front-?desk|kiosk|public|demo|default|operator|service|support|help-?desk|manager|super(?:user|visor)|temp|intern|"
    r"volunteer|owner|library|office|teacher|student|dispatch(?:er)?|mayor|cashier|wi-?fi)$",
    re.IGNORECASE,
)
# Programs, places and editions with their number: "Office365", "Room214B", "version2".
_PRODUCT = re.compile(
    r"\A(?:ms|microsoft|office|outlook|windows|win|exchange|sharepoint|server|sql|okta|adobe|acrobat|android|iphone|ipad|ios|"
    r"ipados|macos|chrome|edge|firefox|safari|java|python|teams|entra|azure|mfa|duo|sap|oracle|m|version|ver|v|build|"
    r"release|update|phase|stage|step|part|tier|level|room|suite|bldg|building|floor|gate|terminal|zone|district|ward|"
    r"precinct|area|region|route|line|bus|lane|pier|platform|unit|lot|section|article|chapter|form|page|fy|covid|ipv|"
    r"wave|web|ticket|case|incident|inc|req|chg|ref|id|kb|cve)[-_ ]?\d[\w.]*",
    re.IGNORECASE,
)


def has_password_column(found: re.Match[str]) -> bool:
    """Return whether a table has a password below a heading that announces one."""
    if "-" not in found["rule"]:
        return False
    heads = _cells(found["head"])
    columns = [place for place, cell in enumerate(heads) if _PASSWORD_HEADING.fullmatch(cell)]
    rows = [_cells(row) for row in found["rows"].splitlines()] if columns else []
    values = [row[place].strip("*`_ ") for row in rows for place in columns if place < len(row)]
    # Beside a name, a word alone is a password too.
    if any(map(_NAME_HEADING.fullmatch, heads)) and any(map(_is_plain_value, values)):
        return True
    return any(
        len(value) >= 6 and _is_mixed(value) and not re.search(r"\s|/", value) and not _NOT_A_PASSWORD.search(value)
        for value in values
    )


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def _is_plain_value(value: str) -> bool:
    """Return whether a word of letters alone, or digits alone, can be a password, and is no usual answer."""
    if value.isdigit():
        return 4 <= len(value) <= 8
    return len(value) >= 6 and value.isalpha() and not _ANSWER.fullmatch(value)


# What people say of a password in one word: that it is "required", "case-sensitive", "online", that one should "ask".
_ANSWER = re.compile(
    r"\A(?:"
    r"[^\W\d_]{2,30}(?:ed|ing|able|ible|al|ive|ous|ful|less|ly|ic|ant|ent|ary|ory|tion|ment|ies|wn)"
    r"|required|optional|unknown|none|null|true|false|yes|no|not|never|always|maybe|soon|today|tomorrow|tonight|now|later"
    r"|again|daily|weekly|online|offline|phone|email|e?mail|texts?|sms|letters?|numbers?|numerals?|digits?|words?|characters?|forms?"
    r"|here|there|below|above|inside|outside|ask|call|see|use|bring|choose|write|visit|contact|get|find|enter|change"
    r"|keep|show|send|check|click|tap|try|read|wait|come|request|resets?|help|hints?|rules|tips|same|safe|secure|unsafe"
    r"|insecure|wrong|right|correct|incorrect|weak|strong|new|old|short|long|blank|empty|private|secret|public|unique"
    r"|simple|complex|common|alphanumeric|lowercase|uppercase|gone|lost|stolen|broken|hidden|forgotten|down|back|yours|slow"
    r"|theirs|ours|mine|everyone|nobody|invalid|valid|fine|okay|good|bad|easy|hard|longer|shorter|stronger|weaker|safer"
    r"|easier|harder|simpler|first|last|next|free|open|closed|inactive|outage|maintenance|errors?|pass(?:word|code|phrase)s?|pin"
    r"|username|account|birthday|enough|obsolete|complete|separate|over|off|ok|who|what|when|where|why|how|please"
    r"|both|either|neither|each|ever|once|twice|only|also|this|that|these|those|which|else|more|some|such|done|ready|sorry"
    r"|thanks|note|info|details|instructions|steps|login|settings|page|link|website|portal|desk|counter|card|branch)",
    re.IGNORECASE,
)
# Before the label: no password follows, but what to do without one, or an example of a bad one.
_NO_PASSWORD_FOLLOWS = re.compile(
    r"\b(?:forg[eo]t\w*|reset\w*|chang\w*|choos\w*|creat\w*|lost|losing|without|weak|bad|poor|common|strong|example|never|"
    r"parcel|property|tax|index|no|any)\b[^\n]{0,20}\Z",
    re.IGNORECASE,
)
# What everybody begins with, and changes.
_FIRST_CODES = {"0000", "1111", "1234", "000000", "123456"}
_MEETING = re.compile(r"\b(?:zoom|webex|webinar|meeting|conference|join|teams)\b", re.IGNORECASE)


def is_plain_password(found: re.Match[str]) -> bool:
    """Return whether a word, or a few digits, after an unmistakable label is a password: alone, and no usual answer.

    Where it stands on its line, the label must be all that is said of it: no sentence goes on behind the word.
    """
    value, text = found["value"], found.string
    before = text[max(0, found.start() - 200) : found.start()]
    line_before = before[before.rfind("\n") + 1 :]
    if _NO_PASSWORD_FOLLOWS.search(line_before[-60:]):
        return False
    if found["code"] and _MEETING.search(before):
        return False
    if value.isdigit():
        return not (found["code"] and value in _FIRST_CODES)
    if set(value.casefold()) == {"x"}:
        return False
    if found["code"] or _ANSWER.fullmatch(value) or len(value) < (6 if found["verb"] or found["far"] else 4):
        return False
    after = text[found.end() : found.end() + 200]
    if found["below"]:
        return not found["stop"] and bool(re.match(r"[^\S\n]*(?:\n[^\S\n]*(?:\n|\Z)|\Z)", after))
    # Otherwise the sentence goes on below.
    return found["stop"] != "" or not re.match(r"[^\S\n]*\n[^\S\n]*[^\W\d_A-Z]", after)
