"""Each rule of advice applies where it should, with the line, and nowhere else, and can be silenced."""

from pathlib import Path

import pytest

from statusgen.content.reader import read_content
from statusgen.lint.private import RULES as PRIVATE
from statusgen.lint.registry import RULES, SILENCEABLE_NAMES, find_advice
from statusgen.lint.wording import reading_grade
from tests.support.paths import SITES
from tests.support.sample_sites import BALTIMORE, KANSAS_CITY, NEW_ORLEANS, City, make_city

NOW = "2024-05-05 12:00"
SERVICES = """\
  - name: Trash
  - name: Permits
  - name: Pay a water bill
    channels: [{kind: online}, {kind: in_person, accepts: [cash]}, {kind: automatic}]
"""
BILINGUAL = """\
  - {id: trash, name: {en: Trash, es: Basura}}
  - {id: permits, name: {en: Permits, es: Permisos}}
"""
HEAD = "---\ntitle: It is down\nstarted: 2024-05-05 08:00\n"
FACTS = "not_known: [Why]\nnext_update: 2024-05-05 16:00\nservices: {trash: {status: down, do: Wait.}}\n---\n"
LONG_ADVICE = (
    "Put the bags in the yard and never in the street until we say that the trucks come again "
    "on this page or by a letter to every house."
)
FINE = f"{HEAD}{FACTS}We are looking into it.\n"


def advice_places(city: City, at: str = NOW) -> dict[str, list[str]]:
    """Return the places of all advice, by the names of the rules."""
    content = read_content(city.folder, ("en", "es"))
    assert content.problems == []
    assert content.site is not None
    found: dict[str, list[str]] = {}
    for problem in find_advice(content.site, content.texts, city.board(at)):
        assert problem.is_advice
        assert problem.hint
        found.setdefault(problem.rule, []).append(str(problem.place))
    return found


def advice_for(folder: Path, *posts: str, at: str = NOW, services: str = SERVICES) -> dict[str, list[str]]:
    """Return the places of all advice for a city with these posts."""
    return advice_places(make_city(folder, services, *posts), at)


def test_a_good_post_gets_no_advice(tmp_path: Path) -> None:
    assert advice_for(tmp_path, FINE) == {}


@pytest.mark.parametrize(
    "text",
    [
        "Closed from midnight to 4 a.m. Sunday.",
        "It began after midnight.",
        "Después de la medianoche no hay autobuses.",
        "Fermé de minuit à 4 h.",
    ],
)
def test_midnight_is_plain_where_it_is_no_deadline(text: str, tmp_path: Path) -> None:
    assert advice_for(tmp_path, f"{FINE}{text}\n") == {}


SPEAKS = [
    ("no-promise", FINE.replace("next_update: 2024-05-05 16:00\n", ""), 2),
    ("overdue", FINE.replace("16:00", "10:00"), 2),
    ("not-known", FINE.replace("not_known: [Why]\n", ""), 2),
    ("bare-estimate", FINE.replace("services:", "expected: 2024-05-09\nservices:"), 6),
    ("late-estimate", FINE.replace("services:", "expected: {by: 2024-05-05 10:00, basis: The vendor}\nservices:"), 2),
    ("no-service", FINE.replace("services: {trash: {status: down, do: Wait.}}\n", ""), 2),
    ("nothing-to-do", FINE.replace("{status: down, do: Wait.}", "down"), 6),
    ("empty-words", FINE + "It will be back as soon as possible.\n", 9),
    ("empty-words", FINE + "\nWe are sorry for any inconvenience.\n", 10),
    ("empty-words", FINE + "It ends at midnight.\n", 9),
    ("empty-words", FINE + "Pay by\nmidnight Sunday.\n", 9),
    ("empty-words", FINE + "Pague antes de la medianoche.\n", 9),
    ("empty-words", FINE + "We have technical difficulties.\n", 9),
    ("empty-words", FINE + "Free parking ends midnight Friday.\n", 9),
    ("empty-words", FINE + "Pay before 12 a.m. on Saturday.\n", 9),
    ("empty-words", FINE.replace("title: ", "title: Technical issues - "), 2),
    ("empty-words", FINE.replace("do: Wait.", "do: Come back as soon as possible."), 6),
    ("empty-words", FINE.replace("[Why]", "[Why]\ndoing: [All is done as soon as possible]"), 5),
    (
        "still-wrong",
        FINE
        + "\n## 2024-05-05 09:00 Correction\ncorrects: 2024-05-05 08:00\nwrong: wait\nright: Come to the office.\n",
        10,
    ),
    ("long-sentence", FINE + f"\nThe trash {'really ' * 26}is late.\n", 10),
    ("not-yet", FINE + "\n## 2024-05-06 09:00\nMore.\n", 10),
    (
        "reopened",
        FINE
        + "\n## 2024-05-05 09:00 Resolved\nOver.\n\n## 2024-05-05 10:00\nnext_update: 2024-05-05 16:00\n"
        + "services: {permits: {status: down, do: Wait.}}\n\nAgain.\n",
        13,
    ),
    (
        "workaround-over",
        HEAD
        + "not_known: [Why]\nnext_update: 2024-05-05 16:00\nservices: {trash: {status: down, do: Wait.}}\n"
        + "waivers:\n  - {id: fees, services: [trash], what: No fees, until: 2024-05-04}\n---\nText.\n",
        8,
    ),
    (
        "workaround-over",
        HEAD
        + "not_known: [Why]\nnext_update: 2024-05-05 16:00\nservices:\n  permits:\n    status: down\n    do: Wait.\n"
        + "    channels:\n      - {id: tent, kind: in_person, until: 2024-05-04}\n---\nText.\n",
        11,
    ),
    (
        "endless-waiver",
        FINE.replace("services:", "waivers: [{id: fees, services: [trash], what: No fees}]\nservices:")
        + "\n## 2024-05-05 09:00 Resolved\n",
        6,
    ),
    (
        "same-waiver",
        FINE.replace("services:", "waivers: [{id: fees, what: No late fees}]\nservices:")
        + "\n## 2024-05-05 09:00\nwaivers: [{id: late-fees, what: no late fees.}]\nnext_update: 2024-05-05 16:00\n",
        12,
    ),
    (
        "lapsed",
        FINE
        + "\n## 2024-05-05 09:00\nservices: {trash: {status: catching_up, where: Bring it to the yard.}}\n"
        + "next_update: 2024-05-05 16:00\n\nMore.\n",
        6,
    ),
    (
        "old-do",
        FINE.replace("status: down", "status: limited")
        + "\n## 2024-05-05 09:00\nservices: {trash: down}\nnext_update: 2024-05-05 16:00\n\nMore.\n",
        6,
    ),
    ("unconfirmed-end", FINE.replace("2024-05-05 08", "2024-04-20 08") + "\n## 2024-05-05 09:00 Resolved\n", 10),
    (
        "endless-notice",
        "---\ntitle: Hang up\nkind: notice\ntopic: fraud\nstarted: 2024-05-05 08:00\n---\nWe never call.\n",
        2,
    ),
    (
        "empty-others",
        FINE.replace("Wait.}}", "Wait.}, permits: working, pay-a-water-bill: working}")
        + "\n## 2024-05-05 09:00\nothers: unknown\nnext_update: 2024-05-05 16:00\n\nMore.\n",
        11,
    ),
    (
        "unanswered",
        FINE + "\n## 2024-05-05 09:00\nnot_known: [When]\nnext_update: 2024-05-05 16:00\n\nMore.\n",
        11,
    ),
    ("long-do", FINE.replace("Wait.", LONG_ADVICE), 6),
    ("endless-day", FINE.replace("Wait.", "Come on Tuesday."), 6),
    ("empty-words", FINE + "It will be back soon.\n", 9),
    ("empty-words", FINE + "Volverá en breve.\n", 9),
    ("empty-words", FINE.replace("services:", "expected: {words: Shortly}\nservices:"), 6),
    ("malware-name", FINE + "It was LockBit.\n", 9),
]


@pytest.mark.parametrize(("rule", "text", "line"), SPEAKS)
def test_a_rule_speaks_alone_and_names_the_line(rule: str, text: str, line: int, tmp_path: Path) -> None:
    assert advice_for(tmp_path, text) == {rule: [f"incidents/post-1.md:{line}"]}


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, text, _ in SPEAKS])
def test_the_post_can_silence_it(rule: str, text: str, tmp_path: Path) -> None:
    silenced = text.replace("started:", f"silence: [{rule}]\nstarted:", 1)
    assert rule not in advice_for(tmp_path, silenced)


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, text, _ in SPEAKS])
def test_the_site_can_silence_it(rule: str, text: str, tmp_path: Path) -> None:
    city = make_city(tmp_path, SERVICES, text)
    file = tmp_path / "services.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("site: {", f"site: {{silence: {rule}, "), encoding="utf-8")
    assert rule not in advice_places(city)


def test_two_open_posts_that_hold_one_service(tmp_path: Path) -> None:
    assert advice_for(tmp_path, FINE, FINE) == {"held-twice": ["incidents/post-2.md:2"]}


def test_two_posts_that_answer_differently(tmp_path: Path) -> None:
    other = FINE.replace("Wait.", "Call 311.")
    assert advice_for(tmp_path, FINE, other) == {
        "two-answers": ["incidents/post-2.md:6", "incidents/post-1.md:6"],
        "held-twice": ["incidents/post-2.md:2"],
    }


def test_two_posts_that_contradict_each_other(tmp_path: Path) -> None:
    other = FINE.replace("{trash: {status: down, do: Wait.}}", "{permits: {status: down, do: Wait.}, trash: working}")
    other = other.replace("started: 2024-05-05 08:00", "started: 2024-05-05 09:00")
    found = advice_for(tmp_path, FINE, other)
    assert found == {"two-statuses": ["incidents/post-2.md:6", "incidents/post-1.md:6"]}


def test_what_was_not_known_may_be_answered(tmp_path: Path) -> None:
    more = "\n## 2024-05-05 09:00\nknown: [A pump broke]\nnot_known: [When]\nnext_update: 2024-05-05 16:00\n\nMore.\n"
    assert advice_for(tmp_path, FINE + more) == {}


@pytest.mark.parametrize(
    "words",
    [
        "It will be back in the near future.",
        "Volverá próximamente.",
        "Volverá en un futuro próximo.",
        "Le service reviendra bientôt.",
        "Le service reviendra dans un proche avenir.",
        "ستعود الخدمة قريبًا.",
        "ستعود الخدمة في المستقبل القريب.",
        "Dịch vụ sẽ sớm hoạt động lại.",
        "Dịch vụ sẽ hoạt động lại trong tương lai gần.",
    ],
)
def test_soon_says_nothing_in_any_language(words: str, tmp_path: Path) -> None:
    assert advice_for(tmp_path, f"{FINE}{words}\n") == {"empty-words": ["incidents/post-1.md:9"]}


@pytest.mark.parametrize("words", ["Come every Tuesday.", "Open Monday to Friday.", "It is too soon to say."])
def test_a_day_that_comes_again_needs_no_end(tmp_path: Path, words: str) -> None:
    assert advice_for(tmp_path, FINE.replace("Wait.", words)) == {}


def test_a_list_of_services_gets_one_line_and_automatic_ways_count(tmp_path: Path) -> None:
    down = FINE.replace("{trash: {status: down, do: Wait.}}", "{trash: down, permits: down}")
    assert advice_for(tmp_path, down) == {"nothing-to-do": ["incidents/post-1.md:6"]}
    (tmp_path / "other").mkdir()
    paid = FINE.replace(
        "{trash: {status: down, do: Wait.}}", "{pay-a-water-bill/online: down, pay-a-water-bill/automatic: working}"
    )
    assert advice_for(tmp_path / "other", paid) == {}


def test_a_long_silence_hides_no_other_advice_and_none_is_given_before_the_promised_day(tmp_path: Path) -> None:
    old = FINE.replace("2024-05-05 08", "2024-04-20 08")
    promised = old.replace("2024-05-05 16:00", "2024-05-06")
    assert advice_for(tmp_path, promised) == {}
    (tmp_path / "other").mkdir()
    late = old.replace("2024-05-05 16:00", "2024-04-21")
    assert set(advice_for(tmp_path / "other", late)) == {"quiet", "overdue"}


def test_a_counter_that_does_not_say_what_it_takes(tmp_path: Path) -> None:
    services = "  - name: Trash\n  - name: Pay a fine\n    channels:\n      - kind: online\n      - kind: in_person\n"
    assert advice_for(tmp_path, FINE, services=services) == {"no-accepts": ["services.yaml:7"]}
    silenced = services.replace("    channels", "    silence: no-accepts\n    channels")
    (tmp_path / "other").mkdir()
    assert advice_for(tmp_path / "other", FINE, services=silenced) == {}


def test_a_bill_that_cannot_be_paid_and_no_word_on_automatic_payment(tmp_path: Path) -> None:
    services = "  - name: Trash\n  - name: Pay a water bill\n"
    down = FINE.replace("trash", "pay-a-water-bill")
    assert advice_for(tmp_path, down, services=services) == {"no-autopay": ["services.yaml:4"]}
    (tmp_path / "other").mkdir()
    said = down.replace("do: Wait.", "do: Do nothing if you have autopay.")
    assert advice_for(tmp_path / "other", said, services=services) == {}


def test_somebody_elses_service_that_names_them_or_cannot_be_asked(tmp_path: Path) -> None:
    services = (
        "  - name: Highway cameras of KC Scout\n  - {name: Trash, operator: scout}\n"
        "operators:\n  scout: {name: KC Scout (state), kind: state}\n"
    )
    found = advice_for(tmp_path, FINE, services=services)
    assert found == {"no-operator": ["services.yaml:3"], "unreachable": ["services.yaml:6"]}


def test_a_word_within_another_is_not_its_place(tmp_path: Path) -> None:
    services = "  - {name: Bus, id: bus}\n"
    text = FINE.replace("It is down", "Business riders, and the bus").replace(
        "{trash: {status: down, do: Wait.}}", "{bus: down}"
    )
    assert advice_for(tmp_path, text, services=services) == {"nothing-to-do": ["incidents/post-1.md:6"]}
    inner = text.replace("not_known: [Why]", "not_known: [Whether bus-lanes or business is hit]")
    (tmp_path / "other").mkdir()
    assert advice_for(tmp_path / "other", inner, services=services) == {"nothing-to-do": ["incidents/post-1.md:6"]}


def test_an_operator_is_found_among_operators(tmp_path: Path) -> None:
    services = (
        "  - name: Trash\n    summary: 'From scout: to you'\n    operator: scout\n"
        "operators:\n  boy_scout: {name: B, kind: state}\n  scout: {name: Highways, kind: state}\n"
    )
    assert advice_for(tmp_path, FINE, services=services) == {"unreachable": ["services.yaml:8"]}


def test_the_last_service_silences_only_what_is_its_own(tmp_path: Path) -> None:
    services = (
        "  - name: Pay a fine\n  - name: Trash\n    operator: scout\n    silence: [personal-mail, no-accepts]\n"
        "    summary: Write to a@gmail.com\n    channels: [{kind: in_person, fee: None}]\n"
        "# Groups are below.\ngroups:\n  - {id: a, name: Write to b@gmail.com}\n"
        "operators:\n  scout: {name: Highways, kind: state, phone: +1 816 513 1313}\n"
    )
    assert advice_for(tmp_path, FINE, services=services) == {"personal-mail": ["services.yaml:11"]}


@pytest.mark.parametrize(
    ("expires", "found"),
    [
        ("2024-05-05", {"security-expires": ["services.yaml:7"]}),
        ("2024-05-30", {"security-expires": ["services.yaml:7"]}),
        ("2024-06-05", {}),
    ],
)
def test_a_security_txt_that_runs_out(expires: str, found: dict[str, list[str]], tmp_path: Path) -> None:
    city = make_city(tmp_path, SERVICES, FINE)
    (tmp_path / "services.yaml").write_text(
        "site:\n  title: When it expires\n  url: https://springfield.example/\n  timezone: America/Chicago\n"
        f"  security:\n    contact: mailto:s@springfield.example\n    expires: {expires}\nservices:\n{SERVICES}",
        encoding="utf-8",
    )
    assert advice_places(city) == found


def test_what_is_not_translated(tmp_path: Path) -> None:
    city = make_city(tmp_path, BILINGUAL, FINE.replace("not_known: [Why]", "not_known: [Why]\nby: The mayor"))
    file = tmp_path / "services.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("site: {", "site: {languages: [en, es], "), encoding="utf-8"
    )
    assert advice_places(city) == {"untranslated": ["incidents/post-1.md:2"]}
    spanish = "---\ntitle: No funciona\nnot_known: [Por qué]\nservices: {trash: {do: Espere.}}\n---\nLo revisamos.\n"
    (tmp_path / "incidents" / "post-1.es.md").write_text(spanish, encoding="utf-8")
    assert advice_places(city) == {"untranslated": ["incidents/post-1.md:5"]}


def test_a_service_that_has_no_name_in_a_language(tmp_path: Path) -> None:
    city = make_city(tmp_path, BILINGUAL.replace("{en: Permits, es: Permisos}", "Permits"))
    file = tmp_path / "services.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("site: {", "site: {languages: [en, es], "), encoding="utf-8"
    )
    assert advice_places(city) == {"untranslated": ["services.yaml:4"]}


def test_advice_on_a_translation_names_its_own_line(tmp_path: Path) -> None:
    city = make_city(tmp_path, BILINGUAL, FINE + "\n## 2024-05-05 09:00\nnext_update: 2024-05-05 16:00\n\nMore.\n")
    file = tmp_path / "services.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("site: {", "site: {languages: [en, es], "), encoding="utf-8"
    )
    spanish = (
        "---\ntitle: No funciona\nnot_known: [Por qué]\nservices: {trash: {do: Espere.}}\n---\nLo revisamos.\n\n"
        "## 2024-05-05 09:00\n\nVolverá\nlo antes posible.\n"
    )
    (tmp_path / "incidents" / "post-1.es.md").write_text(spanish, encoding="utf-8")
    assert advice_places(city) == {"empty-words": ["incidents/post-1.es.md:11"]}


def test_a_text_for_lawyers_and_a_text_for_residents(tmp_path: Path) -> None:
    hard = (
        "Municipal authorities continue evaluating infrastructure vulnerabilities affecting administrative "
        "operations. Notwithstanding considerable organizational complexity, interdepartmental coordination "
        "facilitates restoration. Technological remediation necessitates comprehensive authentication verification. "
        "Continuity considerations determine prioritization. Supplementary communications regarding availability "
        "will accompany subsequent determinations. Residents experiencing complications should consult supplementary "
        "informational resources. Additional accommodations remain under consideration. Collaborative stakeholders "
        "appreciate community understanding throughout remediation."
    )
    easy = "You can pay by phone. You can also pay at the counter. Bring cash or a check. " * 5
    assert "hard-words" in advice_for(tmp_path, f"{FINE}\n{hard}\n")
    assert reading_grade(easy) < 4 < 12 < reading_grade(hard)


@pytest.mark.parametrize("folder", ["quiet", "small", "long-tail"])
def test_good_samples_get_none(folder: str) -> None:
    city = City(SITES / folder)
    assert advice_places(city, f"{city.site.as_of}" if city.site.as_of is None else _moment_shown(city)) == {}


def _moment_shown(city: City) -> str:
    moment = city.site.last_update_at if city.site.as_of == "last update" else city.site.as_of.last_minute  # type: ignore[union-attr]
    assert moment
    return f"{moment.astimezone(city.site.zone):%Y-%m-%d %H:%M}"


def test_the_cities_get_what_was_read_through() -> None:
    """Each of these was read beside its post: it is right, and says something that would have helped."""
    assert count_advice(KANSAS_CITY, "2024-07-26") == {
        "no-promise": 2,
        "quiet": 1,
        "nothing-to-do": 2,
        "no-accepts": 1,
    }
    assert count_advice(BALTIMORE, "2019-08-07") == {
        "no-promise": 6,
        "quiet": 6,
        "nothing-to-do": 1,
        "endless-notice": 1,
        "endless-waiver": 1,
        "no-accepts": 3,
    }
    assert count_advice(NEW_ORLEANS, "2020-01-22") == {
        "no-promise": 3,
        "quiet": 2,
        "nothing-to-do": 3,
        "lapsed": 1,
        "endless-day": 1,
        "endless-notice": 1,
        "unreachable": 1,
        "untranslated": 7,
        "personal-mail": 1,
    }


def count_advice(city: City, at: str) -> dict[str, int]:
    """Count the advice of each rule."""
    return {rule: len(places) for rule, places in advice_places(city, at).items()}


@pytest.mark.parametrize(
    ("more", "speaks"),
    [
        ("", True),
        ("known: [A pump broke.]\n", False),
        ("\n## 2024-05-05 09:00\nWait.\n", False),
        ("\n## 2024-05-05 09:00 Identified\n\n&nbsp; …\n", True),
    ],
)
def test_an_incident_without_a_word_is_advised_on(tmp_path: Path, more: str, speaks: bool) -> None:
    post = "---\ntitle: Trash is late\nstarted: 2024-05-05 08:00\nservices: {trash: down}\n"
    post += f"---\n{more}" if "##" in more else f"{more}---\n"
    assert ("no-text" in advice_for(tmp_path, post)) is speaks


FOREIGN = [
    "https://\u0440\u0430\u0443\u0440\u0430l.example".replace("l.", "\u04cf."),  # all Cyrillic, looks like a name
    "https://\u1d0b\u1d04\u1d0d\u1d0f.gov.example",  # small capitals
    "https://xn--80ak6aa92e.example",
    "https://www.kcm\u00f6.example",
    "help@xn--80ak6aa92e.example",
    "[pay](https://\u0430\u0441\u0435.example/pay)",
    "https://kc\u1e43o.example",
    "https://\u0261mail.example",
]


@pytest.mark.parametrize("link", FOREIGN)
def test_a_name_in_letters_of_other_languages_is_advised_on(tmp_path: Path, link: str) -> None:
    assert "foreign-letters" in advice_for(tmp_path, f"{FINE}See {link} now.\n")


@pytest.mark.parametrize(
    "text",
    [
        "https://kcmo.gov/\u00e9t\u00e9",
        "See https://www.kcmo.gov \u2013 \u0440\u0430\u0443",
    ],
)
def test_a_name_in_letters_of_the_site_is_fine(tmp_path: Path, text: str) -> None:
    assert "foreign-letters" not in advice_for(tmp_path, f"{FINE}{text}\n")


def test_the_languages_of_the_site_decide_which_letters_are_fine(tmp_path: Path) -> None:
    city = make_city(tmp_path, SERVICES, f"{FINE}See https://pe\u00f1asco.example now.\n")
    assert "foreign-letters" in advice_places(city)
    written = tmp_path / "services.yaml"
    text = written.read_text(encoding="utf-8").replace("site: {", "site: {languages: [en, es], ")
    written.write_text(text, encoding="utf-8")
    assert "foreign-letters" not in advice_places(city)


def test_no_rule_is_without_a_test() -> None:
    spoken = {rule for rule, _, _ in SPEAKS} | {rule.name for rule in PRIVATE}
    others = {"held-twice", "no-accepts", "no-autopay", "no-operator", "unreachable", "untranslated", "hard-words"}
    others |= {"two-answers", "two-statuses", "quiet"}
    others |= {"security-expires", "no-text", "foreign-letters"}
    others |= {"takes-back"}  # in whole_site/test_truth_ties.py
    others |= {"outdated", "deleted"}  # in test_git.py
    others |= {"insecure-url", "no-history"}  # in test_git_safety.py
    others |= {"stale-form"}  # in whole_site/test_host_forms.py
    others |= {"nothing-to-install"}  # in cli/test_init.py
    assert {rule.name for rule in RULES} == spoken | others
    assert len(set(SILENCEABLE_NAMES)) == len(SILENCEABLE_NAMES)
