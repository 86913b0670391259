"""The forms of the desk: each writes what its command writes, and says what is wrong where it is wrong."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statusgen.desk.advice import advice_by_rule
from statusgen.desk.desk import Desk
from statusgen.desk.findings import Finding, anchor, find_findings
from statusgen.desk.forms.ticked import split_sentences
from statusgen.desk.kinds import FormKind
from statusgen.desk.questions import Shape
from statusgen.desk.words import DeskWords
from statusgen.lint.registry import RULES
from tests.support.desk import BROWSER, Visitor
from tests.support.office import CHICAGO, NOW, Office
from tests.support.sample_sites import City, Page
from tests.support.telling import Telling

NETWORK = """\
---
title: The network is down
started: 2024-05-05 08:00
services:
  water-bill/online:
    status: down
    do: {words: Pay by phone., until: 2024-05-09}
  permits: down
known:
  - A cable broke
  - The phones work
not_known: [When it will work again]
next_update: 2024-05-05 09:00
waivers:
  - {id: late, what: No late fees, until: online payment works again}
---
We are looking into it. Bring your bill to 18 Mill Street.
"""
WORK = """\
---
title: The pool is painted
kind: maintenance
posted: 2024-05-04 09:00
starts: 2024-05-05 07:00
ends: 2024-05-05 20:00
services: [trash]
---
"""
NOTICE = "---\ntitle: Calls\nkind: notice\ntopic: fraud\nstarted: 2024-05-05 08:00\n---\nHang up.\n"
Answers = Mapping[str, str | tuple[str, ...]]
MOMENT = datetime.fromtimestamp(NOW, UTC)
HOSTILE = "<script>alert(1)</script> ---\n## 2024-05-05 09:00\nservices: {permits: working} # 'x' \"y\" : [z"


class Forms:
    """An office, and the forms that are filled in there."""

    def __init__(self, folder: Path) -> None:
        self.office = Office(folder, NETWORK, WORK, NOTICE)
        self.desk = Desk(folder)
        self.words = DeskWords("en", CHICAGO)

    def fill(self, kind: FormKind, post: str, answers: Answers) -> tuple[bytes, list[Finding]]:
        """Return the file that a form would write, b"" for none, and what is in the way."""
        draft = self.desk.drafts.create(kind, post, "", MOMENT)
        said = {name: (words,) if isinstance(words, str) else words for name, words in answers.items()}
        draft = self.desk.drafts.change(draft, said, MOMENT)
        page = self.desk.form_of(draft).make_page(self.desk.context(draft, "en", self.desk.read_site()))
        rehearsal = self.desk.rehearse(draft).rehearsal
        findings = find_findings(rehearsal, page, self.words)
        return rehearsal.file.new if rehearsal.file else b"", findings

    def assert_like_the_command(self, kind: FormKind, post: str, answers: Answers, command: str, *words: str) -> str:
        """Fail unless the form writes what the command writes; return what is new in the file."""
        written, findings = self.fill(kind, post, answers)
        assert [each for each in findings if each.must] == []
        before = self.office.files()
        self.office.say(command, *words)
        after = self.office.files()
        changed = [path for path, content in after.items() if before.get(path) != content and path.endswith(".md")]
        assert [after[path] for path in changed] == [written]
        return written.decode().removeprefix(before.get(changed[0], b"").decode())

    def mistakes(self, kind: FormKind, post: str, answers: Answers) -> dict[str, str]:
        """Return what is wrong, by the field that it is shown at."""
        return {each.field: each.words for each in self.fill(kind, post, answers)[1] if each.must}

    def value_of(self, key: str) -> str:
        """Return what a browser sends for a sentence that is ticked."""
        draft = self.desk.drafts.create(FormKind.CORRECTION, "post-1", "", MOMENT)
        page = self.desk.form_of(draft).make_page(self.desk.context(draft, "en", self.desk.read_site()))
        return next(each.value for field in page.fields() for each in field.sentences if each.key == key)

    def ticked(self, **sentences: str) -> dict[str, str]:
        """Return the answers that tick sentences, by their names, and say what holds instead."""
        found: dict[str, str] = {}
        for name, right in sentences.items():
            key = name.replace("__", ".").replace("bill_online", "bill/online")
            found |= {f"wrong/{key}": self.value_of(key), f"right/{key}": right}
        return found


@pytest.fixture
def forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Forms:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(NOW))
    (tmp_path / "site").mkdir()
    return Forms(tmp_path / "site")


# New posts.


def test_a_problem_that_began_at_an_unknown_time_is_told_as_before(forms: Forms) -> None:
    new = forms.assert_like_the_command(
        FormKind.PROBLEM,
        "",
        {"title": "Trash", "since": "unknown", "status/trash": "down"},
        "new --title Trash --since 'before now' --service trash=down",
    )
    assert "started_before: 2024-05-05 09:45" in new


@pytest.mark.parametrize("since", ["2024-05-05 09:45", "tomorrow", "yesterday 4 PM"])
def test_a_notice_holds_since_somebody_says_so(forms: Forms, since: str) -> None:
    said = {"title": "The library is closed", "topic": "closure", "text": "Come on Friday."}
    forms.assert_like_the_command(
        FormKind.NOTICE,
        "",
        {**said, "since-own": since},
        f"new --kind notice --title 'The library is closed' --topic closure --since '{since}' --text 'Come on Friday.'",
    )
    assert forms.mistakes(FormKind.NOTICE, "", said) == {"since-own": "Say since when."}


# Updates.


def test_an_update_drops_what_is_settled_and_adds_what_is_new(forms: Forms) -> None:
    forms.assert_like_the_command(
        FormKind.UPDATE,
        "post-1",
        {"gone/known": "A cable broke", "known": "The cable is new\nIt rains", "next-own": "4 PM"},
        "update post-1 --no-longer 'A cable broke' --known 'The cable is new' --known 'It rains' --next '4 PM'",
    )
    assert [words.texts[0][1] for words in forms.office.post().updates[-1].known] == [
        "The phones work",
        "The cable is new",
        "It rains",
    ]


def test_an_update_of_planned_work_gives_new_times(forms: Forms) -> None:
    forms.assert_like_the_command(
        FormKind.UPDATE,
        "post-2",
        {"ends": "tomorrow 9 AM", "text": "Rain."},
        "update post-2 --ends 'tomorrow 9 AM' --text Rain.",
    )


def test_advice_that_an_update_lets_go_of_is_named_and_can_be_kept(forms: Forms) -> None:
    said = {"status/water-bill/online": "limited"}
    _, findings = forms.fill(FormKind.UPDATE, "post-1", said)
    assert ("keep", "“Pay by phone.” is no longer said where it got better. Should it still be said there?") in [
        (each.field, each.words) for each in findings
    ]
    _, findings = forms.fill(FormKind.UPDATE, "post-1", {**said, "keep": "yes"})
    assert "keep" not in [each.field for each in findings]
    forms.assert_like_the_command(
        FormKind.UPDATE, "post-1", {**said, "keep": "yes"}, "update post-1 --service water-bill/online=limited --keep"
    )


def test_the_mistakes_of_an_update_are_at_their_fields(forms: Forms) -> None:
    said = {
        "text": "a\n## 2024-05-05 09:00",
        "next-own": "25:10",
        "status/permits": "dwon",
        "gone/not_known": "When it will work again",
        "expected": "by 2024-13-01",
    }
    assert forms.mistakes(FormKind.UPDATE, "post-1", said).keys() == {
        "text",
        "next-own",
        "status/permits",
        "gone/not_known",
        "expected",
    }


# That nothing is new, and that everything is still true.


def test_nothing_new_is_an_update_with_a_promise(forms: Forms) -> None:
    forms.assert_like_the_command(
        FormKind.PROMISE,
        "post-1",
        {"text": "There is nothing new yet.", "next": "2024-05-05 12:00"},
        "promise post-1 2024-05-05 12:00 --text 'There is nothing new yet.'",
    )
    assert forms.mistakes(FormKind.PROMISE, "post-1", {"text": "---"}).keys() == {"text", "next-own"}
    assert forms.mistakes(FormKind.PROMISE, "post-1", {"text": "x", "next-own": "8 AM today"}).keys() == {"next-own"}


def test_to_confirm_shows_all_that_is_confirmed(forms: Forms) -> None:
    draft = forms.desk.drafts.create(FormKind.CONFIRM, "post-1", "", MOMENT)
    context = forms.desk.context(draft, "en", forms.desk.read_site())
    said = next(each for each in forms.desk.form_of(draft).make_page(context).fields() if each.shape is Shape.SAID)
    shown = {(each.label, each.detail) for each in said.choices}
    assert ("Building permits", "Not available, said 8:00 AM") in shown
    assert ("Pay a water bill, Online", "“Pay by phone.”") in shown
    assert ("What we know", "“A cable broke”") in shown
    forms.assert_like_the_command(
        FormKind.CONFIRM, "post-1", {"next-own": "4 PM", "by": "Ada"}, "confirm post-1 --yes --next '4 PM' --by Ada"
    )
    assert forms.mistakes(FormKind.CONFIRM, "post-1", {"text": "---", "next-own": "x"}).keys() == {"text", "next-own"}


# Waivers.


def test_a_waiver_is_for_what_the_post_affects_if_nothing_is_ticked(forms: Forms) -> None:
    forms.assert_like_the_command(
        FormKind.WAIVER,
        "post-1",
        {"what": "No shutoffs", "until": "2024-05-12", "how": "automatic", "by": "City Council"},
        "waive post-1 --what 'No shutoffs' --until 'in 7 days' --how automatic --by 'City Council'",
    )


def test_a_waiver_is_for_the_services_that_are_ticked(forms: Forms) -> None:
    said: Answers = {"what-own": "No fines", "services": ("trash", "permits"), "until": "one week after it works again"}
    written, _ = forms.fill(FormKind.WAIVER, "post-1", said)
    assert b"      - trash\n      - permits\n    until: one week after it works again\n" in written


def test_a_waiver_that_is_there_is_changed(forms: Forms) -> None:
    new = forms.assert_like_the_command(
        FormKind.WAIVER,
        "post-1",
        {"id": "late", "until-own": "2024-05-31", "how-own": "Call 311."},
        "waive post-1 --id late --until 2024-05-31 --how 'Call 311.'",
    )
    assert "what:" not in new


def test_the_mistakes_of_a_waiver_are_at_their_fields(forms: Forms) -> None:
    said: Answers = {"until-own": "2024-05-32", "services": ("trsh",), "text": "---"}
    assert forms.mistakes(FormKind.WAIVER, "post-1", said).keys() == {"what-own", "until-own", "services", "text"}


# The end.


def test_the_end_says_of_each_service_how_it_stands(forms: Forms) -> None:
    new = forms.assert_like_the_command(
        FormKind.END,
        "post-1",
        {"status/permits": "working", "waiver/late": "2024-05-12", "text": "You can pay again."},
        "resolve post-1 --service permits=working --waiver late=2024-05-12 --text 'You can pay again.'",
    )
    assert "Resolved\n" in new
    assert "water-bill/online: unknown" in new


def test_what_does_not_work_keeps_a_post_open(forms: Forms) -> None:
    new = forms.assert_like_the_command(
        FormKind.END,
        "post-1",
        {"status/permits": "working", "status/water-bill/online": "catching_up"},
        "resolve post-1 --service permits=working --service water-bill/online=catching_up",
    )
    assert "Resolved" not in new


def test_an_end_on_which_nobody_said_a_word_is_none(forms: Forms) -> None:
    said = {"text": "All is well.", "waiver/late-own": "soon"}
    found = forms.mistakes(FormKind.END, "post-1", said)
    assert found["status"] == "Give the status of at least one of them."
    assert found["waiver/late-own"].startswith('"soon" is not a time.')
    assert forms.mistakes(FormKind.END, "post-2", {}) == {"outcome": "Say whether the work was done."}


def test_work_was_an_error_or_ended_somehow_and_not_both(forms: Forms) -> None:
    both = {"outcome": "canceled", "withdraw": "yes"}
    words = "Say either how the work ended, or that the whole post was an error."
    assert forms.mistakes(FormKind.END, "post-2", both) == {"withdraw": words}


@pytest.mark.parametrize(
    ("post", "answers", "command"),
    [
        ("post-2", {"outcome": "completed", "text": "Done."}, "resolve post-2 --text Done."),
        ("post-2", {"outcome": "canceled", "by": "Ada"}, "resolve post-2 --cancel --by Ada"),
        ("post-3", {"text": "They stopped."}, "resolve post-3 --text 'They stopped.'"),
        ("post-1", {"withdraw": "yes", "text": "Sorry."}, "resolve post-1 --withdraw --text Sorry."),
    ],
)
def test_other_ends_are_those_of_the_command(forms: Forms, post: str, answers: Answers, command: str) -> None:
    forms.assert_like_the_command(FormKind.END, post, answers, command)


# Corrections.


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    text = "The counter closes at 3 p.m. today. ¿Preguntas? Llame al 311.\nOn St. patrick it is closed."
    assert split_sentences(text) == [
        "The counter closes at 3 p.m. today.",
        "¿Preguntas?",
        "Llame al 311.",
        "On St. patrick it is closed.",
    ]


def test_a_sentence_of_a_text_is_corrected_in_its_own_update(forms: Forms) -> None:
    new = forms.assert_like_the_command(
        FormKind.CORRECTION,
        "post-1",
        forms.ticked(text__1__2="Bring your bill to 81 Mill Street."),
        "correct post-1 --update '2024-05-05 08:00' --wrong 'Bring your bill to 18 Mill Street.' "
        "--right 'Bring your bill to 81 Mill Street.'",
    )
    assert "corrects: 2024-05-05 08:00\n" in new


def test_facts_are_replaced_and_keep_what_stands_beside_them(forms: Forms) -> None:
    right = forms.ticked(
        services__permits__status="limited",
        known__2="",
        rename="The whole network is down",
        waivers__late__until="2024-05-31",
        next_update="4 PM",
    )
    right |= {"wrong/services.water-bill/online.do": forms.value_of("services.water-bill/online.do")}
    right |= {"right/services.water-bill/online.do": "Pay at the office."}
    new = forms.assert_like_the_command(
        FormKind.CORRECTION,
        "post-1",
        {**right, "wrong": "All was closed.", "right": "Permits are open in the morning."},
        "correct post-1 --update '2024-05-05 08:00' --wrong 'All was closed.' "
        "--right 'Permits are open in the morning.' --holds known.2= --holds 'next_update=4 PM' "
        "--holds 'rename=The whole network is down' --holds services.permits.status=limited "
        "--holds 'services.water-bill/online.do=Pay at the office.' --holds waivers.late.until=2024-05-31",
    )
    assert "words: Pay at the office.\n      until: 2024-05-09\n" in new
    assert "permits: limited\n" in new
    assert "known:\n  - A cable broke\n" in new


def test_a_status_and_since_when_are_corrected_together(forms: Forms) -> None:
    said = forms.ticked(services__permits__status="limited", services__permits__since="before 7 AM")
    new = forms.assert_like_the_command(
        FormKind.CORRECTION,
        "post-1",
        {**said, "wrong": "Permits were closed.", "right": "Permits are slow."},
        "correct post-1 --update '2024-05-05 08:00' --wrong 'Permits were closed.' --right 'Permits are slow.' "
        "--holds 'services.permits.since=before 7 AM' --holds services.permits.status=limited",
    )
    assert "    status: limited\n    started_before: 2024-05-05 07:00\n" in new
    told = Telling(City(forms.office.folder), "2024-05-05 12:00")
    told.assert_told("Partly working", "before Sun, May 5, 7 AM")


def test_what_is_right_is_not_lost_if_nothing_is_ticked(forms: Forms) -> None:
    said = {**forms.ticked(text__1__1="We know."), "right/known.1": "A switch broke"}
    words = "Select the sentence if it is wrong. If it is not, clear this."
    assert forms.mistakes(FormKind.CORRECTION, "post-1", said) == {"right/known.1": words}


@pytest.mark.parametrize(
    ("kind", "said", "command"),
    [
        (FormKind.CORRECTION, {"wrong": "x", "right": "y"}, "correct post-1 --wrong x --right y --keep"),
        (FormKind.END, {}, "resolve post-1 --keep"),
    ],
)
def test_advice_is_let_go_of_only_with_a_word(forms: Forms, kind: FormKind, said: Answers, command: str) -> None:
    name = "services.water-bill/online.status"
    if kind is FormKind.CORRECTION:
        said = {**said, f"wrong/{name}": forms.value_of(name), f"right/{name}": "limited"}
        command += f" --update '2024-05-05 08:00' --holds {name}=limited"
    else:
        said = {**said, "status/water-bill/online": "limited"}
        command += " --service water-bill/online=limited"
    _, findings = forms.fill(kind, "post-1", said)
    assert ("keep", "“Pay by phone.” is no longer said where it got better. Should it still be said there?") in [
        (each.field, each.words) for each in findings
    ]
    new = forms.assert_like_the_command(kind, "post-1", {**said, "keep": "yes"}, command)
    assert "words: Pay by phone." in new


def test_the_mistakes_of_a_correction_are_at_their_fields(forms: Forms) -> None:
    right = forms.ticked(services__permits__status="", waivers__late__until="2024-05-32", next_update="8 AM yesterday")
    found = forms.mistakes(FormKind.CORRECTION, "post-1", {**right, "text": "---"})
    assert found.keys() == {
        "right/services.permits.status",
        "right/waivers.late.until",
        "right/next_update",
        "right",
        "text",
    }
    assert forms.mistakes(FormKind.CORRECTION, "post-1", {}) == {
        "said": "Select what is wrong.",
        "right": "Say what is right.",
    }
    untold = {"wrong": "Nobody wrote this.", "right": "This."}
    assert forms.mistakes(FormKind.CORRECTION, "post-1", untold) == {"said": "Select what is wrong."}
    assert forms.mistakes(FormKind.CORRECTION, "post-1", forms.ticked(text__1__1="")) == {"right": "Say what is right."}
    both = forms.ticked(text__1__1="We know.", text__1__2="")
    assert forms.mistakes(FormKind.CORRECTION, "post-1", both) == {
        "right/text.1.2": "Say what people should read instead."
    }


def test_sentences_of_two_updates_are_two_corrections(forms: Forms) -> None:
    forms.office.say("update post-1 --text 'It is a cable.'", now=NOW - 900)
    both = forms.ticked(text__1__1="We know.", text__2__1="It is a fuse.")
    assert forms.mistakes(FormKind.CORRECTION, "post-1", both) == {
        "said": "These sentences are of two updates. Correct one of them now, and the other after this."
    }


def test_a_sentence_names_where_else_its_words_stand(forms: Forms) -> None:
    forms.office.say("update post-1 --text", "Bring your bill to 18 Mill Street. We wait.", now=NOW - 900)
    draft = forms.desk.drafts.create(FormKind.CORRECTION, "post-1", "", MOMENT)
    page = forms.desk.form_of(draft).make_page(forms.desk.context(draft, "en", forms.desk.read_site()))
    more = {each.key: each.more for field in page.fields() for each in field.sentences}
    assert more["text.1.2"] == "The same words are in: Text, 9:30 AM."
    assert more["text.1.1"] == ""


# What is wrong.


@pytest.mark.parametrize(
    ("kind", "answers", "field", "words"),
    [
        (FormKind.PROBLEM, {"since-own": "tomorrow"}, "since-own", "2024-05-06 has not come yet."),
        (
            FormKind.PROBLEM,
            {"since-own": "about 1 AM"},
            "since-own",
            '"about 1 AM" is not an exact time. Write it without "about": 1 AM.',
        ),
        (
            FormKind.PROBLEM,
            {"since-own": "teatime"},
            "since-own",
            '"teatime" is not a time. Write it like 8 AM, yesterday 4 PM, 2 hours ago, or 2024-05-15 4 PM.',
        ),
        (
            FormKind.PROBLEM,
            {"since": "now", "next-own": "teatime"},
            "next-own",
            '"teatime" is not a time. Write it like 4 PM, tomorrow 9 AM, in 2 hours, or 2024-05-15 4 PM.',
        ),
        (FormKind.PROBLEM, {"since": "now", "basis": "Bob"}, "expected", "This estimate does not say when."),
        (
            FormKind.PROBLEM,
            {"since": "now", "text": "See [it](http://a b)."},
            "text",
            '"http://a b" is not an address. Write it like https://www.example.org/page.',
        ),
        (
            FormKind.PLANNED_WORK,
            {"starts": "tomorrow 9 PM", "ends": "tomorrow 8 PM"},
            "ends",
            "This work would end before it starts.",
        ),
    ],
)
def test_no_mistake_is_told_in_words_of_files_and_flags(
    forms: Forms, kind: FormKind, answers: Answers, field: str, words: str
) -> None:
    assert forms.mistakes(kind, "", {"title": "Trash", "status/trash": "down", **answers}) == {field: words}


# Advice of the lint that is about the whole site, and not about a post.
OF_THE_SITE = {"deleted", "insecure-url", "no-history", "no-operator", "nothing-to-install", "security-expires"}
OF_THE_SITE |= {"stale-form", "unreachable"}


def test_each_rule_about_a_post_has_words_and_fields_that_are_there(forms: Forms) -> None:
    advice = advice_by_rule(forms.words)
    assert {rule.name for rule in RULES} - set(advice) == OF_THE_SITE
    names = set()
    for kind in FormKind:
        draft = forms.desk.drafts.create(kind, "post-3" if kind is FormKind.NOTICE else "post-1", "", MOMENT)
        page = forms.desk.form_of(draft).make_page(forms.desk.context(draft, "en", forms.desk.read_site()))
        names |= {anchor(field) for field in page.fields()}
    assert {field for each in advice.values() for field in each.fields} <= names


def test_an_answer_that_is_wrong_is_no_reason_to_ask_for_another(forms: Forms) -> None:
    found = forms.mistakes(FormKind.UPDATE, "post-1", {"next-own": "soonish"})
    assert found.keys() == {"next-own"}


# All forms.


@pytest.mark.parametrize("kind", FormKind)
def test_nothing_is_answered_for_the_writer(forms: Forms, kind: FormKind) -> None:
    visitor = Visitor(forms.office.folder)
    post = "" if kind.is_new_post else "post-1"
    draft = visitor.desk.drafts.create(kind, post, "", MOMENT)
    page = Page(visitor.client.get(f"{visitor.home}drafts/{draft.id}", headers=BROWSER).text).root
    fields = page.get_element_by_id("draft")
    assert [each.get("value") for each in fields.xpath(".//input[@checked]") if each.get("value")] == []
    assert fields.xpath(".//option[@selected]") == []
    assert [each.value for each in fields.xpath(".//input[@type='text']") if each.value] == []
    assert [each.text for each in fields.xpath(".//textarea") if (each.text or "").strip()] == []
    labels = {each.get("for") for each in fields.xpath(".//label")}
    named = fields.xpath(".//input[@type='text'] | .//textarea | .//select")
    assert [each.get("id") for each in named if each.get("id") not in labels] == []


HOSTILE_ANSWERS: Mapping[FormKind, Callable[[Forms], Answers]] = {
    FormKind.PROBLEM: lambda _: {"title": HOSTILE, "since": "2024-05-05 09:00", "status/trash": "down", "do": HOSTILE},
    FormKind.UPDATE: lambda _: {"known": HOSTILE, "do/permits": HOSTILE, "title": HOSTILE, "status/permits": "limited"},
    FormKind.WAIVER: lambda _: {"what-own": HOSTILE, "how-own": HOSTILE, "by": HOSTILE, "until-own": "when it works"},
    FormKind.END: lambda _: {"status/permits": "working", "by": HOSTILE, "title": HOSTILE},
    FormKind.CONFIRM: lambda _: {"by": HOSTILE},
    FormKind.CORRECTION: lambda forms: {
        **forms.ticked(known__1=HOSTILE, rename=HOSTILE, text__1__1=HOSTILE),
        "wrong": HOSTILE,
        "right": HOSTILE,
    },
}


@pytest.mark.parametrize("kind", HOSTILE_ANSWERS)
def test_hostile_words_stay_words(forms: Forms, kind: FormKind) -> None:
    post = "" if kind.is_new_post else "post-1"
    written, findings = forms.fill(kind, post, HOSTILE_ANSWERS[kind](forms))
    assert [each for each in findings if each.must] == []
    path = forms.office.folder / "incidents" / f"{post or '2024-05-05-x'}.md"
    path.write_bytes(written)
    told = forms.office.post(path.stem)
    assert len(told.updates) == (2 if post else 1)
    assert "<script>alert(1)" in written.decode()


def test_a_late_promise_is_kept_by_one_button(forms: Forms) -> None:
    visitor = Visitor(forms.office.folder)
    page = Page(visitor.client.get(visitor.home).text).root
    buttons = [each for each in page.xpath("//button[@name='next']") if each.get("value") == "2024-05-05 10:50"]
    assert [each.text for each in buttons] == ["10:50 AM"]
    said = {each.get("name"): each.get("value") for each in buttons[0].xpath("ancestor::form//input")}
    answer = visitor.client.post(
        visitor.home + "drafts", data={**said, "next": "2024-05-05 10:50"}, headers=BROWSER, follow_redirects=True
    )
    assert "Look and publish" in answer.text
    assert "There is nothing new yet." in answer.text
    assert "still working" not in answer.text
    (draft,) = forms.desk.drafts.list_all()
    written = forms.desk.rehearse(draft).rehearsal.file
    forms.office.say("promise post-1 2024-05-05 10:50 --text 'There is nothing new yet.'")
    assert written
    assert written.new.decode() == forms.office.text()
