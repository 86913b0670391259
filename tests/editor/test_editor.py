"""What the writer's commands write is read back as it was given, and nothing else in a file changes."""

import re
import stat
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.content.format.values import parse_time
from statusgen.content.posts.split import split_post
from statusgen.content.yaml.documents import read_yaml
from statusgen.editor import posts, times
from statusgen.editor.fact_values import Facts
from statusgen.editor.statuses import parse_statuses, service_keys
from statusgen.editor.yaml_text import as_yaml
from statusgen.model.states import State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.problems import InvalidValue
from statusgen.text import invisible
from tests.support.office import CHICAGO, NOW, POST, SERVICES, Office
from tests.support.paths import ROOT
from tests.support.sample_sites import make_city


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, POST)


# A file stays as it is, but for what is put at its end.


def sample_texts() -> Iterator[tuple[str, bytes]]:
    """Yield every post of the sample sites, and one post as editors on all systems save it."""
    for path in sorted([*ROOT.glob("incidents/*.md"), *ROOT.glob("tests/sites/*/incidents/*.md")]):
        yield path.name, path.read_bytes()
    plain = POST.replace("---\nWe", "# a remark: with a colon\n---\n\tWe").encode() + "\n\tOlé 🚰\t \n".encode()
    yield "tabs, remarks and emoji", plain
    yield "CRLF", plain.replace(b"\n", b"\r\n")
    yield "CR", plain.replace(b"\n", b"\r")
    yield "mixed line ends", plain.replace(b"\n", b"\r\n", 3)
    yield "a byte-order mark", b"\xef\xbb\xbf" + plain
    yield "no line end at the end", plain.rstrip()
    yield "empty lines at the end", plain + b"\n \n\n"
    yield "spaces and no line end", plain + b"   "
    yield "a heading alone", plain + b"\n## 2024-05-05 09:00 Identified"
    yield "letters of two code points", plain + "\nMa\u0301laga\n".encode()


ENDINGS = dict(sample_texts())


@pytest.mark.parametrize("name", ENDINGS)
def test_an_update_changes_nothing_of_the_file_before_it(name: str) -> None:
    file = ENDINGS[name]
    block = posts.format_update("2040-05-05 09:40", State.UPDATE, {"do": "x: y"}, "One.\n\n\tTwo 🚰.")
    new = posts.append_block(file, block)
    assert new.startswith(file)
    added = new[len(file) :]
    newline = b"\r\n" if b"\r\n" in file and b"\n" in added and file.rfind(b"\r\n") == file.rfind(b"\n") - 1 else None
    if newline:
        assert added.count(b"\r\n") == added.count(b"\n")
    else:
        assert b"\r\n" not in added
    assert new.endswith((b"\n", b"\r")) == file.endswith((b"\n", b"\r"))
    text = new.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    before, _ = split_post(file.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"), "a.md")
    raw, problems = split_post(text, "a.md")
    assert raw, problems
    assert before
    assert [u.heading.content for u in raw.updates] == [
        *(u.heading.content for u in before.updates),
        "2040-05-05 09:40",
    ]
    assert (raw.updates[-1].facts.content, raw.updates[-1].text.content.strip("\n")) == (
        "do: 'x: y'",
        "One.\n\n\tTwo 🚰.",
    )
    texts = [part.text.content.rstrip() for part in before.updates]
    assert [part.text.content.rstrip() for part in raw.updates[:-1]] == texts
    assert raw.text.content.rstrip() == before.text.content.rstrip()


# What is left in a file by people and their editors: pieces that no reading may refuse.
_LINES = st.lists(
    st.sampled_from(
        ["", "Text.", "\tA tab.", "  - a list", "# no heading", "Olé 🚰", "trailing  ", "### Part", "e\u0301"]
    ),
    max_size=8,
)


@given(lines=_LINES, newline=st.sampled_from(["\n", "\r\n"]), mark=st.booleans(), closed=st.booleans())
def test_whatever_a_post_looks_like_it_stays_and_takes_updates(
    lines: list[str], newline: str, mark: bool, closed: bool
) -> None:
    whole = newline.join([*POST.splitlines(), *lines]) + (newline if closed else "")
    file = (b"\xef\xbb\xbf" if mark else b"") + whole.encode()
    once = posts.append_block(file, posts.format_update("2024-05-05 09:00", State.IDENTIFIED, {}, "One."))
    twice = posts.append_block(once, posts.format_update("2024-05-05 10:00", State.UPDATE, {"by": "Ada"}, ""))
    assert twice.startswith(once)
    assert once.startswith(file)
    raw, problems = split_post(twice.decode("utf-8-sig").replace("\r\n", "\n"), "a.md")
    assert (problems, raw and len(raw.updates)) == ([], 2)
    if newline == "\r\n":
        assert twice.count(b"\n") == twice.count(b"\r\n")


@pytest.mark.parametrize("name", ["CRLF", "a byte-order mark", "no line end at the end", "tabs, remarks and emoji"])
def test_every_command_that_appends_only_appends(office: Office, name: str) -> None:
    path = office.folder / "incidents" / "post-1.md"
    path.write_bytes(ENDINGS[name])
    path.chmod(0o640)
    for minute, command in enumerate(
        (
            "update network --service permits=limited --text More.",
            "correct network --right 'It is the cable.'",
            "waive network --what 'No late fees' --service water-bill",
            "promise network tomorrow 9:00",
            "set permits working",
            "resolve network",
        )
    ):
        before = path.read_bytes()
        office.say(command, now=NOW + 60 * minute)
        assert path.read_bytes().startswith(before)
        assert len(path.read_bytes()) > len(before)
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(office.files()) == ["incidents/post-1.md", "services.yaml"]
    assert [update.state for update in office.post().updates][-1] is State.RESOLVED


# What was said is what is read.

_VISIBLE = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(
    lambda text: not invisible().search(text)
)
# Signs, words and line ends that mean something to YAML, alone and in company.
_SIGNS = st.builds(
    "{}{}".format, st.sampled_from("-#*&!%@`|>?:[]{}'\"~=\\,.<🚰"), st.sampled_from(["", " x", "x", ": y", "--", "\n"])
)
_MEANT = st.sampled_from(
    ["true", "null", "no", "", "12:30", "0816", "a: b", "call #311", "a\nb", "\ta\t", "\r\n", "i\\nj"]
)
_AWKWARD = st.one_of(_SIGNS, _MEANT)
_WORDS = st.one_of(_VISIBLE, _AWKWARD, st.builds(lambda a, b: f"{a} {b}", _AWKWARD, _AWKWARD))


def normalize(value: Any) -> Any:
    """Put words on one line, with accents normalized as reading does."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", re.sub(r"[ \t\r\n]+", " ", value).strip())
    return (
        {key: normalize(inner) for key, inner in value.items()} if isinstance(value, dict) else [*map(normalize, value)]
    )


@given(words=_WORDS, more=st.lists(_WORDS, min_size=1))
def test_words_are_read_back_as_they_were_given(words: str, more: list[str]) -> None:
    facts: Facts = {
        "by": words,
        "known": more,
        "services": {"trash": {"status": "down", "do": words}},
        "started": "2024-05-05 08:00",
    }
    written = unicodedata.normalize("NFC", as_yaml(facts))
    assert "\n\n" not in written
    document, problems = read_yaml(written, "a.md")
    assert problems == []
    assert document.value == normalize(facts)


def test_yaml_looks_as_people_write_it() -> None:
    facts: Facts = {
        "started": "2024-05-05 08:00",
        "known": ["No", "Call 311", "Olé 🚰"],
        "services": {"water-bill/online": {"do": "Pay: here"}},
    }
    assert as_yaml(facts) == (
        "started: 2024-05-05 08:00\nknown:\n  - No\n  - Call 311\n  - Olé 🚰\n"
        "services:\n  water-bill/online:\n    do: 'Pay: here'\n"
    )
    assert as_yaml({}) == ""


@given(words=_WORDS.filter(lambda words: words.strip()))
def test_words_survive_the_whole_way_into_a_block(words: str) -> None:
    block = posts.format_update("2024-05-05 09:40", State.UPDATE, {"by": words}, "")
    raw, problems = split_post(unicodedata.normalize("NFC", POST + "\n" + block), "a.md")
    assert raw, problems
    assert problems == []
    document, _ = read_yaml(raw.updates[0].facts.content, "a.md")
    assert document.value == {"by": normalize(words)}


@pytest.mark.parametrize(
    "text", ["## 2024-05-06 09:00 Resolved", "One.\n## 24 hours\nTwo.", "##\t3", "a\n---\nb", "---   "]
)
def test_a_line_that_would_end_the_text_is_refused(office: Office, text: str) -> None:
    said = office.refuse("update network --text", text)
    assert "###" in said or "***" in said


def test_facts_in_the_text_are_refused_with_the_line_that_they_are_on(office: Office) -> None:
    said = office.refuse("update network --text", "Hello.\n\nnext_update: 2024-05-05 12:00")
    assert said.startswith("incidents/post-1.md:13: This looks like a fact")
    assert 'The line is: "next_update: 2024-05-05 12:00".' in said
    assert said.endswith("1 mistake. Nothing was written.\n")


# Times.


@pytest.mark.parametrize(
    ("words", "coming", "gone"),
    [
        ("16:00", "2024-05-05 16:00", "2024-05-04 16:00"),
        ("8:00", "2024-05-06 08:00", "2024-05-05 08:00"),
        ("4 pm", "2024-05-05 16:00", "2024-05-04 16:00"),
        ("12:05 a.m.", "2024-05-06 00:05", "2024-05-05 00:05"),
        ("noon", "2024-05-05 12:00", "2024-05-04 12:00"),
        ("at 9:00", "2024-05-06 09:00", "2024-05-05 09:00"),
        ("now", "2024-05-05 09:45", "2024-05-05 09:45"),
        ("Tomorrow 9:00", "2024-05-06 09:00", "2024-05-06 09:00"),
        ("tomorrow at 9am", "2024-05-06 09:00", "2024-05-06 09:00"),
        ("tomorrow", "2024-05-06", "2024-05-06"),
        ("yesterday 14:30", "2024-05-04 14:30", "2024-05-04 14:30"),
        ("today", "2024-05-05", "2024-05-05"),
        ("in 2 hours", "2024-05-05 11:50", "2024-05-05 11:50"),
        ("half an hour", "2024-05-05 10:20", "2024-05-05 09:15"),
        ("90 min", "2024-05-05 11:20", "2024-05-05 08:15"),
        ("2 hours ago", "2024-05-05 07:45", "2024-05-05 07:45"),
        ("in 3 days", "2024-05-08", "2024-05-08"),
        ("a week ago", "2024-04-28", "2024-04-28"),
        ("monday 10:00", "2024-05-06 10:00", "2024-04-29 10:00"),
        ("sun", "2024-05-12", "2024-04-28"),
        ("sunday 16:00", "2024-05-05 16:00", "2024-04-28 16:00"),
        ("sunday 8:00", "2024-05-12 08:00", "2024-05-05 08:00"),
        ("tonight 8:30", "2024-05-05 20:30", "2024-05-05 08:30"),
        ("tonight 11 pm", "2024-05-05 23:00", "2024-05-05 23:00"),
        ("tonight 1 am", "2024-05-06 01:00", "2024-05-05 01:00"),
        ("tonight 0:30", "2024-05-06 00:30", "2024-05-05 00:30"),
        ("tonight", "2024-05-05", "2024-05-05"),
        ("since 11pm", "2024-05-05 23:00", "2024-05-04 23:00"),
        ("Since yesterday 11 pm", "2024-05-04 23:00", "2024-05-04 23:00"),
        ("by 16:00", "2024-05-05 16:00", "2024-05-04 16:00"),
        ("since 2024-05-04 16:00", "2024-05-04 16:00", "2024-05-04 16:00"),
        ("2024-05-20", "2024-05-20", "2024-05-20"),
        ("2024-05-20 16:00", "2024-05-20 16:00", "2024-05-20 16:00"),
        (" 2024-05-20T16:00Z ", "2024-05-20 11:00", "2024-05-20 11:00"),
    ],
)
def test_times_are_said_as_people_say_them(words: str, coming: str, gone: str) -> None:
    clock = times.TimeParser(datetime.fromtimestamp(NOW, UTC), CHICAGO)
    assert times.format_time(clock.parse_future(words), CHICAGO) == coming
    assert times.format_time(clock.parse_past(words), CHICAGO) == gone


@pytest.mark.parametrize(
    "words", ["", "soon", "9", "25:00", "13 pm", "tomorrow 9", "in a while", "2024-13-01", "the 5th", "tonight 12:00"]
)
def test_what_is_no_time_is_explained(words: str) -> None:
    clock = times.TimeParser(datetime.fromtimestamp(NOW, UTC), CHICAGO)
    with pytest.raises(InvalidValue) as wrong:
        clock.parse_future(words)
    assert wrong.value.hint


def test_an_hour_that_comes_twice_is_written_with_its_offset() -> None:
    for hour in (6, 7):
        moment = When.moment(datetime(2024, 11, 3, hour, 30, tzinfo=UTC))
        assert parse_time(times.format_time(moment, CHICAGO), CHICAGO) == moment
    clock = times.TimeParser(datetime(2024, 11, 2, 12, tzinfo=UTC), CHICAGO)
    with pytest.raises(InvalidValue, match="twice"):
        clock.parse_future("tomorrow 1:30")


@given(st.integers(0, 2_000_000), st.sampled_from(["America/Chicago", "Asia/Kathmandu", "UTC"]))
def test_every_time_is_read_back_as_it_was(quarters: int, name: str) -> None:
    zone = ZoneInfo(name)
    moment = When.moment(datetime.fromtimestamp(999_999_000 + quarters * 900, UTC))
    assert parse_time(times.format_time(moment, zone), zone) == moment


def format_heading(now: str, last: str | None) -> str:
    """Return the time in the heading of an update that is written at `now`, after the `last` one."""
    return times.format_time(
        times.update_time(parse_time(now, CHICAGO).start, parse_time(last, CHICAGO) if last else None), CHICAGO
    )


def test_an_update_is_dated_as_people_say_it_but_never_before_the_last() -> None:
    assert format_heading("2024-05-05 09:43", None) == "2024-05-05 09:40"
    assert format_heading("2024-05-05 09:43", "2024-05-05 09:00") == "2024-05-05 09:40"
    assert format_heading("2024-05-05 09:43", "2024-05-05 09:40") == "2024-05-05 09:43"
    assert format_heading("2024-05-05 09:43", "2024-05-05 09:42") == "2024-05-05 09:43"
    assert format_heading("2024-05-05 09:43", "2024-05-05") == "2024-05-05 09:40"
    # A minute later than one of this minute, or of a clock that is ahead.
    assert format_heading("2024-05-05 09:43", "2024-05-05 09:43") == "2024-05-05 09:44"
    assert format_heading("2024-05-05 09:43", "2024-05-05 10:00") == "2024-05-05 10:01"
    with pytest.raises(InvalidValue, match="the clock says"):
        format_heading("2024-05-05 09:43", "2024-05-07")


def test_nobody_waits_for_the_next_minute(office: Office) -> None:
    for second, text in enumerate(("One", "Two", "Three", "Four")):
        said = office.say(f"update network --text {text}.", now=NOW + 60 + second)
        assert "clock" not in said
    assert "The last update of this post is dated" in said
    assert "For another time: --at." in said
    times = [line for line in office.text().splitlines() if line.startswith("## ")][-4:]
    assert times == sorted({*times})


# Services.


def test_services_are_named_by_id_number_or_name(tmp_path: Path) -> None:
    site = make_city(tmp_path, SERVICES).site
    assert service_keys(site) == ["trash", "water-bill", "water-bill/online", "water-bill/phone", "permits"]
    down, limited = Status.DOWN, Status.LIMITED
    assert parse_statuses("water-bill/online down, permits limited", site) == {
        "water-bill/online": down,
        "permits": limited,
    }
    assert parse_statuses("3=down;5: limited", site) == {"water-bill/online": down, "permits": limited}
    assert parse_statuses("Trash pickup catching up", site) == {"trash": Status.CATCHING_UP}
    assert parse_statuses("trash, permits down", site) == {"trash": down, "permits": down}
    assert parse_statuses("", site) == {}


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("permts down", 'Did you mean "permits"?'),
        ("permits dwon", 'Did you mean "down"?'),
        ("permits", '"permits down"'),
        ("water-bill/onlin down", 'Did you mean "online"?'),
        ("9 down", "Choose from"),
        ("trash/online down", "It has none."),
    ],
)
def test_a_wrong_service_is_explained(tmp_path: Path, words: str, hint: str) -> None:
    with pytest.raises(InvalidValue) as wrong:
        parse_statuses(words, make_city(tmp_path, SERVICES).site)
    assert hint in wrong.value.hint
