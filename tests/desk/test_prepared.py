"""Prepared texts fill words into a form, and never a fact; what nobody filled in is never published."""

from pathlib import Path

import pytest

from statusgen.editor.templates import STARTER_TEMPLATES
from tests.support.desk_forms import DeskUser, Writing
from tests.support.office import NOW, Office

NAMES = sorted(path.stem for path in STARTER_TEMPLATES.glob("*.md") if "." not in path.stem)
PAYMENTS = {
    "title": "Bills cannot be paid online",
    "since-own": "2024-05-05 08:00",
    "status/water-bill/online": "down",
    "do": "Pay at City Hall.",
    "next-own": "2024-05-05 12:00",
}


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(NOW))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "site").mkdir()
    return Office(tmp_path / "site")


@pytest.fixture
def user(office: Office) -> DeskUser:
    return DeskUser(office.folder)


def choose(user: DeskUser, name: str, kind: str = "problem") -> Writing:
    return user.begin(kind).press(f"prepared:ask:{name}")


def the_post(writing: Writing) -> str:
    (content,) = writing.written().values()
    return content.decode()


def test_each_text_is_offered_by_a_name_that_people_know(user: DeskUser) -> None:
    offered = {kind: user.begin(kind).form.buttons() for kind in ("problem", "planned-work", "notice")}
    names = [act.rpartition(":")[2] for buttons in offered.values() for act in buttons.values() if "prepared" in act]
    assert sorted(names) == NAMES
    assert offered["problem"]["Payments do not work"] == "prepared:ask:payment-outage"
    assert "Someone pretends to be us" in offered["notice"]
    assert all("-" not in words for buttons in offered.values() for words in buttons)


def test_a_text_fills_in_words_and_no_fact(user: DeskUser) -> None:
    writing = choose(user, "payment-outage")
    said = {name for name, values in writing.draft.answers.items() if any(values)}
    assert said == {"prepared", "known", "not_known", "doing", "text"}
    assert "Name at least one service" in writing.form.text
    assert "like: Water bills" not in writing.form.values["title"]
    assert writing.form.hint("title").startswith("What cannot be paid and how, as a headline.")


def test_the_words_that_will_be_published_are_not_folded_away(user: DeskUser) -> None:
    untouched, writing = user.begin("problem"), choose(user, "payment-outage")
    assert "More (optional)" in untouched.form.text
    assert "More (optional)" not in writing.form.text
    page = user.get(f"drafts/{writing.id}")
    before, _, after = page.partition("More, with the other words of the prepared text")
    assert after
    assert before.endswith('<details class="q" open><summary>')


def test_the_box_lists_what_only_the_person_knows(user: DeskUser) -> None:
    writing = choose(user, "payment-outage")
    assert "Prepared text: Payments do not work" in writing.form.find("prepared")
    links = writing.form.links("prepared")
    for words in ("What happened?", "Since when?", "What does not work?", "When will you say more?", "What fails"):
        assert words in links
    assert "Automatic payments: …" in links
    writing.fill({**PAYMENTS, "What fails": "The page shows an error."})
    assert not {"What happened?", "Since when?", "What fails"} & {*writing.form.links("prepared")}


def test_what_nobody_filled_in_is_left_out(user: DeskUser) -> None:
    writing = choose(user, "payment-outage").fill(PAYMENTS)
    post = the_post(writing)
    assert "[[" not in post
    assert "known:\n  - What fails" not in post
    assert "not_known:\n  - When payments will work again\nnext_update" in post
    assert "Automatic payments" not in post
    assert "Did you try to pay" in post
    page = writing.preview()
    assert "[[" not in page


def test_nothing_is_expected_that_nobody_said(user: DeskUser) -> None:
    writing = choose(user, "payment-outage").fill(PAYMENTS)
    assert "expected" not in the_post(writing)
    assert "expected: unknown\n" in the_post(writing.fill({"expected": "unknown"}))


def test_the_post_is_what_the_command_writes(office: Office, user: DeskUser) -> None:
    fails, autopay = "The page shows: an error", "They run as usual, #1"
    writing = choose(user, "payment-outage").fill(
        {
            **PAYMENTS,
            "expected": "unknown",
            "What fails": fails,
            "What else is open": "Whether all payments were booked",
            "Who works on it": "The company looks for the fault",
            "Automatic payments: …": autopay,
            "Late fees, only if that was decided": "There are no late fees.",
        }
    )
    ((path, written),) = writing.written().items()
    office.say(
        "new --yes --template payment-outage --title 'Bills cannot be paid online' --since 8:00 "
        "--service water-bill/online=down --do 'Pay at City Hall.' --next 12:00 --expected unknown "
        "--not-known 'When payments will work again' --not-known 'Whether all payments were booked' "
        "--doing 'The company looks for the fault'",
        "--known",
        fails,
        "--text",
        "Did you try to pay, and are not sure that it worked? Do not pay a second time. Keep what shows that you "
        "tried: a number,\na message or a picture of the screen.\n\n"
        f"Automatic payments: {autopay}\n\nThere are no late fees.",
    )
    assert written == (office.folder / path).read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_every_text_can_be_published_with_its_blanks_empty(user: DeskUser, name: str) -> None:
    kinds = {"maintenance": "planned-work", "fraud-warning": "notice", "data-notice": "notice"}
    kind = kinds.get(name, "problem")
    is_planned = kind == "planned-work"
    times = {"starts": "tomorrow 22:00", "ends": "tomorrow 23:00"} if is_planned else {"since-own": "8:00"}
    status = {} if kind == "notice" else {"status/permits": "down" if kind == "problem" else "maintenance"}
    writing = choose(user, name, kind).fill({"title": "A headline", **times, **status})
    assert writing.mistakes() == []
    assert "[[" not in the_post(writing)


def test_own_words_are_replaced_only_after_a_question(user: DeskUser) -> None:
    writing = choose(user, "payment-outage").fill({"title": "Mine", "text": "My own text."})
    writing.press("prepared:ask:phone-outage")
    assert "Replace your words by the prepared ones?" in writing.form.find("prepared")
    assert writing.form.values["title"] == ["Mine"]
    writing.press("prepared:keep:phone-outage")
    assert writing.draft.first("prepared") == "phone-outage"
    assert (writing.draft.first("title"), writing.draft.first("text")) == ("Mine", "My own text.")
    assert "Whether 911 works" in writing.draft.first("known")
    writing.press("prepared:replace:website-down")
    assert writing.draft.first("title") == ""
    assert "Did you send us a form?" in writing.draft.first("text")


def test_untouched_words_are_replaced_at_once(user: DeskUser) -> None:
    writing = choose(user, "payment-outage").press("prepared:ask:phone-outage")
    assert "Replace your words" not in writing.form.text
    assert "payments" not in writing.draft.first("not_known")
    writing.press("prepared:ask:")
    assert not writing.draft.answers


def test_words_can_be_emptied(user: DeskUser) -> None:
    writing = choose(user, "payment-outage").fill({**PAYMENTS, "not_known": "", "text": ""})
    post = the_post(writing)
    assert "not_known" not in post
    assert post.endswith("posted: 2024-05-05 09:45\n---\n")


def test_a_blank_cannot_bring_in_an_update_or_another_blank(user: DeskUser) -> None:
    late = "Late fees, only if that was decided"
    writing = choose(user, "payment-outage").fill({**PAYMENTS, late: "## 2024-05-05 09:00 Resolved"})
    assert any("would start another update" in words for words in writing.mistakes())
    writing.fill({late: "[[[[Late fees, only if that was decided]]]]"})
    assert "[[" not in the_post(writing)


def test_a_city_has_texts_of_its_own(office: Office, user: DeskUser) -> None:
    folder = office.folder / "templates" / "posts"
    folder.mkdir(parents=True)
    (folder / "pool.md").write_text(
        '---\n# The pool is closed\ntitle: "[[Which pool, like: The pool on Elm Street is closed]]"\nservices:\n'
        '  "[[service]]":\n    status: down\n    do: Swim in the river.\n    where: "[[Where, like: Mill Beach]]"\n'
        "---\nWe are sorry. Call [[whom, like 311]].\n"
    )
    (folder / "power.md").write_text("---\ntitle: No light\n---\nStay inside.\n")
    writing = user.begin("problem")
    assert writing.form.buttons()["The pool is closed"] == "prepared:ask:pool"
    writing.press("prepared:ask:pool").fill({"title": "Closed", "since-own": "8:00", "status/permits": "down"})
    assert writing.draft.first("do") == "Swim in the river."
    assert writing.form.hint("where") == "Where. Like: Mill Beach"
    writing.fill({"where": "Mill Beach", "Call …": ""})
    assert "    do: Swim in the river.\n    where: Mill Beach\n" in the_post(writing)
    writing.press("prepared:replace:power")
    assert (writing.draft.first("title"), writing.draft.first("text")) == ("No light", "Stay inside.")


def test_a_text_that_is_gone_stops_nothing_but_publishing(office: Office, user: DeskUser) -> None:
    folder = office.folder / "templates" / "posts"
    folder.mkdir(parents=True)
    (folder / "pool.md").write_text("---\ntitle: Closed\n---\nWe are sorry.\n")
    writing = choose(user, "pool").fill({"since-own": "8:00", "status/permits": "down"})
    (folder / "pool.md").unlink()
    assert any("pool" in words for words in writing.mistakes())
    assert writing.press("prepared:keep:").draft.first("title") == "Closed"
    assert writing.mistakes() == []


@pytest.fixture
def spanish_user(office: Office, user: DeskUser) -> DeskUser:
    """Someone at the desk of a site in English and Spanish."""
    services = office.folder / "services.yaml"
    services.write_text(services.read_text().replace("site: {", "site: {languages: [en, es], "))
    return user


def write_prepared(office: Office, reviewed: str) -> None:
    folder = office.folder / "templates" / "posts"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pool.md").write_text(
        "---\n# Ask the lifeguards first.\ntitle: The pool is closed\nknown:\n  - The pump broke\n"
        '  - "[[Since when, like: Since Monday]]"\n---\nWe are sorry.\n'
    )
    (folder / "pool.es.md").write_text(
        f'---\nreviewed: "{reviewed}"\ntitle: La piscina está cerrada\nknown:\n  - Se dañó la bomba\n'
        '  - "[[Desde cuándo, por ejemplo: Desde el lunes]]"\n---\nLo sentimos.\n'
    )


def the_translation(writing: Writing) -> str:
    return "".join(content.decode() for path, content in writing.written().items() if path.endswith(".es.md"))


POOL = {"since-own": "8:00", "status/permits": "down"}


def test_what_a_person_has_read_in_spanish_fills_the_spanish_fields(office: Office, spanish_user: DeskUser) -> None:
    write_prepared(office, "Ada Quimby, 2024-05-01")
    writing = choose(spanish_user, "pool").fill(POOL)
    assert writing.form.values["in/es/title"] == ["La piscina está cerrada"]
    assert writing.form.values["side-by-side"] == ["yes"]
    assert writing.form.find("in/es/title-mark") == "prepared; read by Ada Quimby, 2024-05-01"
    # A blank that nobody filled in goes in both languages.
    assert the_translation(writing) == (
        "---\ntitle: La piscina está cerrada\nknown:\n  - Se dañó la bomba\n---\nLo sentimos.\n"
    )
    # One that was filled in in English only keeps its field back.
    writing.fill({"Since when": "Since Monday"})
    assert writing.form.find("in/es/known-mark").startswith("a blank is still open")
    assert "bomba" not in the_translation(writing)
    assert "La piscina" in the_translation(writing)
    (blank,) = [name for name in writing.form.values if name.startswith("in/es/blank/")]
    writing.fill({blank: "Desde el lunes"})
    assert "  - Se dañó la bomba\n  - Desde el lunes\n" in the_translation(writing)
    # What was prepared is no translation of other words.
    writing.fill({"title": "The pool is shut"})
    assert "La piscina" not in the_translation(writing)
    assert writing.form.find("in/es/title-mark").startswith("the original has changed")


def test_what_nobody_has_read_waits_until_somebody_has(office: Office, spanish_user: DeskUser) -> None:
    write_prepared(office, "[[who, and when]]")
    writing = choose(spanish_user, "pool").fill(POOL)
    assert writing.form.values["in/es/text"] == ["Lo sentimos."]
    assert writing.form.find("in/es/text-mark") == "prepared, and nobody has read it: not published until you have"
    assert "nobody has read the prepared text" in writing.form.find("finds")
    assert not the_translation(writing)
    (box,) = writing.form.root.xpath("//input[@name='same/in/es/text']")
    writing.fill({"same/in/es/text": box.get("value"), "in/es/title": "Se cerró la piscina"})
    assert writing.form.find("in/es/text-mark") == "prepared, and read by a person"
    assert writing.form.find("in/es/title-mark") == "written by a person"
    assert "Lo sentimos." in the_translation(writing)
    assert "title: Se cerró la piscina\n" in the_translation(writing)
    assert "bomba" not in the_translation(writing)


def test_own_words_in_spanish_are_replaced_only_after_a_question(office: Office, spanish_user: DeskUser) -> None:
    write_prepared(office, "Ada Quimby, 2024-05-01")
    writing = choose(spanish_user, "pool").press("prepared:ask:power")
    assert "Replace your words" not in writing.form.text
    writing.press("prepared:ask:pool").fill({"in/es/text": "Perdón."}).press("prepared:ask:power")
    assert "Replace your words" in writing.form.text
    writing.press("prepared:keep:power")
    assert (writing.draft.first("in/es/text"), writing.draft.first("in/es/title")) == ("Perdón.", "")


@pytest.mark.parametrize("name", NAMES)
def test_the_spanish_of_every_text_has_the_same_blanks(spanish_user: DeskUser, name: str) -> None:
    """With each blank filled in, in both languages, and read, all of the Spanish is published."""
    kinds = {"maintenance": "planned-work", "fraud-warning": "notice", "data-notice": "notice"}
    writing = choose(spanish_user, name, kinds.get(name, "problem"))
    blanks = [each for each in writing.form.values if each.startswith("blank/")]
    translated = {f"in/es/{each}" for each in blanks} & {*writing.form.values}
    assert translated
    times = {"starts": "tomorrow 22:00", "ends": "tomorrow 23:00"} if name == "maintenance" else {"since-own": "8:00"}
    words = {each: f"W{number}" for number, each in enumerate(blanks)} | dict.fromkeys(translated, "Palabra")
    words |= {each: "2024-08-31" for each in blanks if writing.form.labels[each] == "The last day"}
    writing.fill({"title": "A headline", "status/permits": "down", **times, **words})
    unread = [box for box in writing.form.root.xpath("//input[starts-with(@name, 'same/')]") if box.get("value")]
    assert unread
    writing.fill({box.get("name"): box.get("value") for box in unread})
    marks = [writing.form.find(f"in/es/{each}-mark") for each in ("text", "known", "not_known", "doing")]
    assert not [mark for mark in marks if "blank" in mark or "nobody" in mark], marks
    assert "Palabra" in the_translation(writing)


@pytest.mark.parametrize("name", NAMES)
def test_no_comment_of_a_text_reaches_a_form_or_a_post(user: DeskUser, name: str) -> None:
    kinds = {"maintenance": "planned-work", "fraud-warning": "notice", "data-notice": "notice"}
    lines = (STARTER_TEMPLATES / f"{name}.md").read_text(encoding="utf-8").split("\n")
    comments = [line.strip(" #") for line in lines if line.lstrip().startswith("#")]
    times = {"starts": "tomorrow 22:00", "ends": "tomorrow 23:00"} if name == "maintenance" else {"since-own": "8:00"}
    writing = choose(user, name, kinds.get(name, "problem"))
    writing.fill({"title": "A headline", "status/permits": "down", **times})
    for comment in comments:
        assert comment not in writing.form.text
        assert comment not in the_post(writing)
    assert "service/channel" not in writing.form.text + the_post(writing)
