"""What the model declares reaches residents: each key's value stands in every form that is about its kind.

The keys come from the declarations, so a key that is added to a kind is looked for in every form at once.
"""

import html
import re
from collections.abc import Mapping
from enum import Enum

import pytest
import yaml

from statusgen.keys import DeclaredKey, Link, Phone, declared_keys
from statusgen.model.contacts import AccessibilityContact
from statusgen.model.posts import Update
from statusgen.model.reports import Estimate, ServiceReport
from statusgen.model.services import Channel, Service
from statusgen.model.waivers import Deadline, Waiver
from statusgen.model.words import Words
from tests.support.telling import make_town

AT = "2024-05-06 12:00"
PAGES = ["index.html", "services/water/index.html"]
CHANNEL_FORMS = [*PAGES, "status.txt", "services.csv", "call-sheet/index.html", "status.json"]
POST_FORMS = ["incidents/post-1/index.html", "feed.xml", "atom.xml", "feed.json", "incidents/post-1/incident.json"]
# Where a key of each kind has to stand. Keys with an id, a place of their own or the names of others are no words.
FORMS: dict[type, list[str]] = {
    Service: [*PAGES, "status.json"],
    Channel: CHANNEL_FORMS,
    ServiceReport: [*CHANNEL_FORMS, *POST_FORMS],
    Estimate: [*CHANNEL_FORMS, *POST_FORMS],
    Waiver: ["index.html", "services/water/index.html", "status.json", *POST_FORMS],
    Deadline: ["deadlines/index.html", "status.json", *POST_FORMS],
    Update: POST_FORMS,
    AccessibilityContact: ["about/index.html", "es/about/index.html", "status.json"],
}
# Words that are told in other words, or elsewhere: an address that a page shows without its scheme, for example.
TOLD_OTHERWISE: dict[tuple[type, str], str] = {
    (Service, "name"): "Pay a water bill",
    (Channel, "accepts"): "cash",
}
# The front page has no summaries, and keywords only where there are enough services to look for one. What is said in a
# breath or two has the time of an estimate alone. In the data, the title of an update is its news.
NOT_ON: dict[tuple[type, str], list[str]] = {
    (Service, "summary"): ["index.html"],
    (Service, "keywords"): PAGES,
    (Estimate, "words"): ["status.txt", "call-sheet/index.html"],
    (Estimate, "basis"): ["status.txt", "call-sheet/index.html"],
    (Update, "title"): ["incidents/post-1/incident.json"],
    # Only a notice about a rumor has these.
    (Update, "claim"): POST_FORMS,
    (Update, "fact"): POST_FORMS,
}


def value_of(kind: type, key: DeclaredKey) -> object:
    """A value that no other key has, as it is written."""
    word = f"{kind.__name__} {key.name}".replace("_", " ")
    if key.type is Words:
        return [f"The {word}"] if key.many else f"The {word}"
    if key.type is Link:
        return f"https://{kind.__name__.lower()}-{key.name}.example/"
    if key.type is Phone:
        return "555-0199"
    if isinstance(key.type, type) and issubclass(key.type, Enum):
        return [next(iter(key.type)).value] if key.many else next(iter(key.type)).value
    return None


def values_of(kind: type, *without: str) -> dict[str, object]:
    """Every such value of a kind, by the keys as they are written."""
    found = {key.written: value_of(kind, key) for key in declared_keys(kind).values() if key.name not in without}
    return {name: value for name, value in found.items() if value is not None}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    channel = values_of(Channel, "kind", "opens", "closes") | {"kind": "in_person", "id": "counter"}
    service = values_of(Service, "name") | {"name": "Pay a water bill", "id": "water"}
    service["channels"] = [channel, {"kind": "online"}]
    report = values_of(ServiceReport, "status")
    report |= {"status": "down", "expected": values_of(Estimate) | {"by": "2024-06-30"}}
    waiver = {"id": "fees", "services": ["water"], "until": "The Waiver until words"}
    facts = values_of(Update, "title", "claim", "fact") | {
        "services": {"water/online": report},
        "waivers": [values_of(Waiver, "until_words") | waiver],
        "deadlines": [values_of(Deadline) | {"id": "appeal", "on": "2024-05-20", "services": ["water"]}],
    }
    head = {"title": "Water bills", "started": "2024-05-05 08:00", **facts}
    later = yaml.safe_dump({"title": values_of(Update)["title"]})
    post = f"---\n{yaml.safe_dump(head)}---\nText.\n\n## 2024-05-05 09:00\n{later}\nMore.\n"
    # Flow style: it stands between the braces of the site.
    access = yaml.safe_dump(values_of(AccessibilityContact), default_flow_style=True, width=1000).strip()
    town = make_town(
        tmp_path_factory.mktemp("town"),
        yaml.safe_dump({"services": [service]}),
        site=f"languages: [en, es], accessibility: {access}",
        post_1=post,
    )
    return town.city.files(AT)


CASES = [
    pytest.param(kind, key, form, id=f"{kind.__name__}.{key.name} in {form}")
    for kind, forms in FORMS.items()
    for key in declared_keys(kind).values()
    for form in forms
    if value_of(kind, key) is not None
    and key.name not in ("kind", "status")
    and form not in NOT_ON.get((kind, key.name), ())
]


@pytest.mark.parametrize(("kind", "key", "form"), CASES)
def test_each_key_is_told_in_every_form(files: Mapping[str, bytes], kind: type, key: DeclaredKey, form: str) -> None:
    written = value_of(kind, key)
    told = TOLD_OTHERWISE.get((kind, key.name)) or str(written[0] if isinstance(written, list) else written)
    shown = files[form].decode()
    text = shown if form.endswith(".json") else html.unescape(re.sub(r"<[^>]*>", "", html.unescape(shown)))
    assert told.removeprefix("https://").rstrip("/") in text.replace("\u2011", "-").replace("\u2060", "")
