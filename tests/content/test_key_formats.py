"""Keys of well-known programs and services are found, and what is too short or is something else is not.

None of these keys is real, and none stands in this file: each is put together from how it begins and from characters
in a row.
"""

import pytest

from statusgen.content.confidential import SECRETS, has_secret
from statusgen.content.key_formats import KEY_FORMATS
from tests.support.paths import DOCS

LETTERS = "aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789"
HEX = "0123456789abcdef"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def fill(length: int, characters: str = LETTERS) -> str:
    """Return so many characters."""
    return (characters * (length // len(characters) + 1))[:length]


def join(*parts: str) -> str:
    """Return the parts of a key as one, so that no key is in this file."""
    return "".join(parts)


KEYS = {
    "Amazon, access key": join("AK", "IA", fill(16, CAPITALS)),
    "Amazon, temporary key": join("AS", "IA", fill(16, CAPITALS)),
    "Amazon, secret key": join("aws_secret_", "access_key = ", fill(40)),
    "Amazon, secret key in words": join("AWS Secret ", "Access Key: ", fill(40)),
    "Amazon, secret key in JSON": join('"Secret', 'AccessKey": "', fill(40), '"'),
    "Amazon, marketplace": join("amzn", ".mws.", fill(8, HEX), "-", fill(27, HEX)),
    "Azure, storage": join("DefaultEndpointsProtocol=https;AccountName=a;Account", "Key=", fill(86), "=="),
    "Azure, service bus": join("SharedAccessKeyName=root;SharedAccess", "Key=", fill(43), "="),
    "Azure, application": join("abc", "8Q", "~", fill(34)),
    "Azure, signed address": join("https://a.example/b?sv=1&", "sig=", fill(30), "%3D"),
    "Google, key": join("AI", "za", fill(35)),
    "Google, access": join("ya", "29.", fill(40)),
    "Google, application": join("GOC", "SPX-", fill(28)),
    "Google, refresh": join("1/", "/0", fill(60)),
    "Alibaba": join("LT", "AI", fill(20)),
    "DigitalOcean": join("dop", "_v1_", fill(64, HEX)),
    "Databricks": join("da", "pi", fill(32, HEX)),
    "Heroku": join("HR", "KU-", fill(36, HEX)),
    "Vault": join("hv", "s.", fill(30)),
    "Terraform": join(fill(14), ".atlas", "v1.", fill(67)),
    "Pulumi": join("pu", "l-", fill(40, HEX)),
    "Doppler": join("dp", ".pt.", fill(43)),
    "Tailscale": join("ts", "key-auth-", fill(30)),
    "1Password": join("ops_", "eyJ", fill(60)),
    "Netlify": join("nf", "p_", fill(36)),
    "Replicate": join("r", "8_", fill(37)),
    "Groq": join("gs", "k_", fill(52)),
    "Supabase": join("sb", "p_", fill(40, HEX)),
    "Hugging Face": join("h", "f_", fill(34)),
    "Typeform": join("tf", "p_", fill(44)),
    "PlanetScale": join("psc", "ale_tkn_", fill(43)),
    **{f"GitHub, {kind}": join("gh", f"{kind}_", fill(36)) for kind in "opsur"},
    "GitHub, fine-grained": join("github", "_pat_", fill(22), "_", fill(59)),
    **{f"GitLab, {kind}": join("gl", f"{kind}-", fill(20)) for kind in ("pat", "dt", "rt", "ptt", "cbt", "ft", "soat")},
    "Atlassian": join("ATA", "TT3", fill(60)),
    "Bitbucket": join("AT", "BB", fill(32)),
    "npm": join("np", "m_", fill(36)),
    "PyPI": join("py", "pi-", fill(60)),
    "RubyGems": join("ruby", "gems_", fill(48, HEX)),
    "Docker": join("dckr", "_pat_", fill(27)),
    "Linear": join("lin_", "api_", fill(40)),
    "Figma": join("fi", "gd_", fill(40)),
    "Postman": join("PM", "AK-", fill(24, HEX), "-", fill(34, HEX)),
    "Sentry": join("snt", "rys_", fill(60)),
    "Grafana": join("gl", "sa_", fill(41)),
    "New Relic": join("NR", "AK-", fill(27, CAPITALS)),
    "Dynatrace": join("dt0", "c01.", fill(24, CAPITALS), ".", fill(64, CAPITALS)),
    **{f"Slack, {kind}": join("xo", f"x{kind}-", fill(12, "0123456789"), "-", fill(24)) for kind in "abeoprs"},
    "Slack, refreshed": join("xo", "xe.xoxp-1-", fill(40)),
    "Slack, application": join("xa", "pp-1-", fill(30)),
    "Slack, hook": join("https://hooks.slack", ".com/services/T0/B0/", fill(24)),
    "Teams, hook": join("https://a.webhook.office", ".com/webhookb2/", fill(36)),
    "Discord, hook": join("https://discord", ".com/api/webhooks/123456/", fill(60)),
    "Discord, bot": join("M", fill(23), ".", fill(6), ".", fill(38)),
    "Telegram, bot": join("123456789", ":AA", fill(33)),
    "Telegram, address": join("api.telegram.org/bot", "123456789:", fill(35)),
    "Twilio": join("S", "K", fill(32, HEX)),
    "SendGrid": join("S", "G.", fill(22), ".", fill(43)),
    "Mailgun": join("ke", "y-", fill(32, HEX)),
    "Mailgun, newer": join(fill(32, HEX), "-", fill(8, HEX), "-", fill(8, HEX)),
    "Mailchimp": join(fill(32, HEX), "-us", "12"),
    "Brevo": join("xkey", "sib-", fill(64, HEX), "-", fill(16)),
    "Stripe, secret": join("sk", "_live_", fill(24)),
    "Stripe, restricted": join("rk", "_live_", fill(24)),
    "Stripe, test": join("sk", "_test_", fill(24)),
    "Stripe, hook": join("wh", "sec_", fill(32)),
    "Square": join("sq0", "csp-", fill(43)),
    "Shopify": join("shp", "at_", fill(32, HEX)),
    "OpenAI": join("s", "k-", fill(48)),
    "OpenAI, project": join("s", "k-proj-", fill(48)),
    "Anthropic": join("s", "k-ant-api03-", fill(60)),
    "xAI": join("xa", "i-", fill(80)),
    "Perplexity": join("pp", "lx-", fill(48)),
    "Notion": join("nt", "n_", fill(11, "0123456789"), fill(35)),
    "Notion, older": join("sec", "ret_", fill(43)),
    "Airtable": join("pa", "t", fill(14), ".", fill(64, HEX)),
    "JSON Web Token": join("ey", "J", fill(20), ".ey", "J", fill(30), ".", fill(30)),
    "Basic": join("Authorization: ", "Basic ", fill(20)),
    "Bearer": join("Bea", "rer ", fill(32)),
    "PEM": join("-----BEGIN ", "PRIVATE KEY-----"),
    **{
        f"PEM, {kind}": join("-----BEGIN ", f"{kind} PRIVATE KEY-----")
        for kind in ("RSA", "EC", "DSA", "OPENSSH", "ENCRYPTED")
    },
    "PGP": join("-----BEGIN PGP ", "PRIVATE KEY BLOCK-----"),
    "SSH2": join("---- BEGIN SSH2 ENCRYPTED ", "PRIVATE KEY ----"),
    "PuTTY": join("PuTTY-User-", "Key-File-3: ssh-ed25519"),
    "age": join("AGE-SECRET-", "KEY-1", fill(58, CAPITALS)),
    "WireGuard": join("Private", "Key = ", fill(43), "="),
    "Postgres": join("postgres", "ql://clerk:", "hunterhill", "@db.example/permits"),
    "MongoDB": join("mongodb+srv", "://clerk:", "hunterhill", "@a.example/"),
    "Redis": join("redis", "://:", "hunterhill", "@a.example:6379"),
    "AMQP": join("amqps", "://clerk:", "hunterhill", "@a.example"),
    "SQL Server": join("Server=db;Database=permits;User Id=clerk;", "Password=", "hunterhill;"),
    "SQL Server, other words": join("Data Source=db;Initial Catalog=a;UID=clerk;", "PWD=", "hunterhill"),
    "Oracle": join("jdbc:oracle", ":thin:clerk/", "hunterhill", "@db:1521"),
}

LOOK_ALIKES = [
    join("AK", "IA is the name of a prefix"),
    join("AK", "IA", fill(15, CAPITALS)),
    join("gh", "p_", fill(20)),
    join("gl", "pat-", fill(10)),
    "Take the ferry from Pier SK-12.",
    "A skateboard-park-opens-on-monday-at-nine-in-the-morning",
    "https://kcmo.gov/task-force-on-housing-and-homelessness-2024",
    "Key-holders: 311",
    "SharedAccessKey is the name of a field.",
    "The server is down; the password page too.",
    "Server=up, database=up",
    "Host: the library. Password resets = none.",
    "Download CHANGELOG.md, notes.txt and map.of-the-city.pdf.",
    "Monday.closed.at-noon-for-the-staff-meeting",
    "123e4567-e89b-12d3-a456-426614174000",
    f"sha256 {fill(64, HEX)}",
    f"commit {fill(40, HEX)}",
    "https://fonts.example/a.woff2?sig=1",
    "bot12345678 is a bus",
    "At 10:30, bus 12345678:AA leaves.",
    "-----BEGIN CERTIFICATE-----",
    "-----BEGIN PUBLIC KEY-----",
    "ssh-ed25519 AAAA is how a public key begins",
    "PuTTY is a program.",
    "basic services, bearer bonds",
    "the npm_ and pypi- prefixes",
    "secret_santa_at_the_library_on_december_the_fourteenth",
    "redis://host:6379",
    "https://kcmo.gov:8443/a@b",
    "postgres://db.example/permits",
    "mailto:clerk@kcmo.gov",
]


@pytest.mark.parametrize("kind", KEYS)
def test_a_key_of_a_known_format_is_found(kind: str) -> None:
    assert has_secret(f"We are looking into it.\n\nHere: {KEYS[kind]}\n")


@pytest.mark.parametrize("kind", KEYS)
def test_it_is_found_by_how_it_looks_alone(kind: str) -> None:
    """Words such as "token:" before it are not needed."""
    keys = [secret for secret in SECRETS if secret.name == "key"]
    assert any(True for secret in keys for _ in secret.find_in(KEYS[kind], KEYS[kind].casefold()))


def test_every_format_has_a_key() -> None:
    keys = [secret for secret in SECRETS if secret.name == "key"]
    used = {secret for secret in keys for key in KEYS.values() if any(secret.find_in(key, key.casefold()))}
    unused = [secret.pattern.pattern for secret in keys if secret not in used]
    assert unused == []
    assert len(keys) == len(KEY_FORMATS) + 1  # and passwords in addresses


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_what_looks_like_a_key_is_left_alone(text: str) -> None:
    assert not has_secret(text)


def test_the_documentation_has_their_numbers() -> None:
    row = f"{len(KEYS)} of {len(KEYS)}; {len(LOOK_ALIKES)} look-alikes left alone"
    assert row in (DOCS / "hosts" / "private.md").read_text("utf-8")
    assert f"keys of {len(KEY_FORMATS)} formats" in (DOCS / "hosts" / "private.md").read_text("utf-8")
