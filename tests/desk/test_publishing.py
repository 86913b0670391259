"""From "Look and publish" on: what is said before it, how it goes, and what is true when it does not go."""

import html
import re
from functools import partial
from pathlib import Path

import pytest

from statusgen.desk.outbox import go_on_waiting
from statusgen.desk.publishing.job import Job, JobState, Step, StepKind, StepState, Trouble
from tests.support.publications import shown_by
from tests.support.receivers import receive
from tests.support.web_server import serve_folder
from tests.support.writer import Writer, at_the_desk, make_services

TITLE = "Trash is not picked up"


def posts(writer: Writer) -> list[Path]:
    """Return the posts in the folder."""
    return sorted((writer.desk.source / "incidents").glob("*.md"))


def is_waiting(job: Job) -> bool:
    """Whether a publication waits for someone who may take it back."""
    return job.state_of(Step(StepKind.WAIT)) is StepState.NOW


def has_come_to(count: int, job: Job) -> bool:
    """Whether a publication has noted so much, or is over."""
    return len(job.entries) >= count or job.is_over


def test_residents_see_what_was_written_and_the_desk_says_since_when(writer: Writer) -> None:
    draft = writer.report()
    assert 'The page begins with "' in writer.words
    assert "At once. It is read back, to be sure." in writer.words
    assert posts(writer) == []
    job = writer.publish(draft)
    done = writer.await_job(job.id)
    assert done.state is JobState.PUBLISHED, done.entries
    words = writer.open(f"jobs/{job.id}")
    assert "Residents see it. Live since " in words
    assert "Read back from 127.0.0.1" in words
    assert TITLE in shown_by(job.plan.url, "index.html")
    assert [post.read_text(encoding="utf-8") for post in posts(writer)] == [job.plan.new]
    assert writer.desk.drafts.list_all() == []
    assert f"Report a problem: “{TITLE}”, live since " in writer.open("")


def test_what_was_made_can_be_opened_and_its_message_copied_while_it_is_that(writer: Writer) -> None:
    job = writer.await_job(writer.publish(writer.report()).id)
    words = writer.open(f"jobs/{job.id}")
    links = re.findall(r'<a href="(http://127[^"]*)" rel="noreferrer" target="_blank">(?!http)', writer.page)
    post = f"{job.plan.url}incidents/{job.plan.post}/"
    assert links == [post, job.plan.url, f"{job.plan.url}call-sheet/", f"{job.plan.url}poster/"]
    for link in links:
        assert "Trash pickup" in shown_by(link, "")
    message = re.search(r'<p class="sms" id="message-en" lang="en">([^<]*)</p>', writer.page)
    assert message
    assert TITLE in html.unescape(message[1])
    assert re.search(r"\d+ characters: \d text messages?", words)
    (writer.desk.source / job.plan.file).write_text(f"{job.plan.new}\nNot public yet.\n", encoding="utf-8")
    writer.open(f"jobs/{job.id}")
    assert 'class="sms"' not in writer.page
    assert f"{job.plan.url}poster/" in writer.page


def test_what_is_stopped_in_time_was_never_there(writer: Writer) -> None:
    draft = writer.report()
    job = writer.publish(draft, pause=30)
    assert "Nothing has left this computer yet." in writer.words
    writer.await_job(job.id, is_waiting)
    writer.press(f"jobs/{job.id}/stop")
    assert writer.address == f"drafts/{draft}"
    assert writer.job(job.id).state is JobState.STOPPED
    assert posts(writer) == []
    assert f"Not published yet: “{TITLE}”" in writer.open("")


def test_what_waits_for_its_writer_is_sent_when_they_say_so_and_cannot_be_stopped_then(writer: Writer) -> None:
    job = writer.publish(writer.report(), pause=-1)
    writer.await_job(job.id, is_waiting)
    assert "It waits until you send it." in writer.words
    writer.press(f"jobs/{job.id}/now")
    assert writer.await_job(job.id).state is JobState.PUBLISHED
    assert "Residents see it." in writer.press(f"jobs/{job.id}/stop")


def test_what_is_typed_after_it_was_sent_stays_a_draft(writer: Writer) -> None:
    draft = writer.report()
    job = writer.publish(draft, pause=-1)
    writer.await_job(job.id, is_waiting)
    writer.open(f"drafts/{draft}")
    assert writer.address == f"jobs/{job.id}"
    # Another window, in which the form is still open.
    writer.press(f"drafts/{draft}", title=TITLE, since="30 minutes ago", status__trash="down", text="Put bins out.")
    writer.press(f"jobs/{job.id}/now")
    assert writer.await_job(job.id).state is JobState.PUBLISHED
    assert [post.read_text(encoding="utf-8") for post in posts(writer)] == [job.plan.new]
    assert f"Not published yet: “{TITLE}”" in writer.open("")
    assert "Put bins out." in writer.open(f"drafts/{draft}")


def test_no_publication_is_ended_while_it_goes_on(writer: Writer) -> None:
    job = writer.publish(writer.report(), pause=-1)
    writer.await_job(job.id, is_waiting)
    assert not writer.desk.jobs.end_idle(job.id, JobState.CLOSED)
    writer.kill(job.id)
    assert writer.desk.jobs.end_idle(job.id, JobState.CLOSED)
    writer.desk.jobs.start(writer.desk.source, job.id)
    assert writer.desk.jobs.programs[job.id].wait() == 0
    assert writer.job(job.id).is_closed
    assert posts(writer) == []


@pytest.mark.parametrize("line", ['{"end": "later"}', '{"step": "sing", "state": "done"}', '{"decision": "maybe"}'])
def test_a_publication_of_a_newer_program_is_left_alone(writer: Writer, line: str) -> None:
    job = writer.publish(writer.report())
    writer.await_job(job.id)
    with (writer.desk.folder / "jobs" / job.id / "journal.jsonl").open("a", encoding="utf-8") as journal:
        journal.write(f"{line}\n")
    go_on_waiting(writer.desk)
    assert TITLE in writer.open("")
    assert writer.desk.jobs.list_all() == []


def test_a_button_that_is_pressed_twice_publishes_once(writer: Writer) -> None:
    draft = writer.report()
    stamp = writer.hidden("stamp")
    job = writer.publish(draft)
    writer.press(f"drafts/{draft}/publish", stamp=stamp)
    assert writer.address == f"jobs/{job.id}"
    writer.await_job(job.id)
    writer.press(f"drafts/{draft}/publish", stamp=stamp)
    assert writer.address == f"jobs/{job.id}"
    assert len(writer.desk.jobs.list_all()) == len(posts(writer)) == 1


def test_only_what_was_looked_at_is_published(writer: Writer) -> None:
    draft = writer.report()
    stamp = writer.hidden("stamp")
    writer.press(f"drafts/{draft}", title="All trash is late", since="30 minutes ago", status__trash="down", act="look")
    words = writer.press(f"drafts/{draft}/publish", stamp=stamp)
    assert "Something has changed since you looked." in words
    assert "All trash is late" in words
    assert writer.desk.jobs.list_all() == []


def test_who_has_read_it_is_kept_as_it_was_said(writer: Writer) -> None:
    job = writer.publish(writer.report(), read="yes", reader="Jo \n Lindqvist")
    assert writer.job(job.id).plan.reader == "Jo Lindqvist"
    other = writer.publish(writer.report("Permits are late"), reader="Nobody ticked this")
    assert writer.job(other.id).plan.reader == ""


def test_a_publication_that_is_killed_again_and_again_goes_on_and_doubles_nothing(writer: Writer) -> None:
    job = writer.publish(writer.report())
    for moment in range(1, 20):
        writer.await_job(job.id, partial(has_come_to, moment))
        writer.kill(job.id)
        if writer.job(job.id).is_over:
            break
        assert "Publishing stopped" in writer.open(f"jobs/{job.id}")
        writer.press(f"jobs/{job.id}/retry")
    else:
        writer.await_job(job.id)
    assert writer.job(job.id).state is JobState.PUBLISHED, writer.job(job.id).entries
    assert [post.read_text(encoding="utf-8") for post in posts(writer)] == [job.plan.new]
    assert TITLE in shown_by(job.plan.url, "index.html")
    assert not [*writer.desk.source.glob("incidents/.*")]


def test_a_publication_that_died_is_told_first(writer: Writer) -> None:
    job = writer.publish(writer.report(), pause=-1)
    writer.await_job(job.id, is_waiting)
    writer.kill(job.id)
    assert "Publishing stopped halfway." in writer.open("")
    assert "Not published yet" not in writer.words


def test_without_any_place_it_is_said_that_only_this_computer_has_it(tmp_path: Path) -> None:
    city = tmp_path / "city"
    (city / "incidents").mkdir(parents=True)
    # Nothing answers at port 1.
    (city / "services.yaml").write_text(make_services("http://127.0.0.1:1/"), encoding="utf-8")
    with at_the_desk(city) as writer:
        draft = writer.report()
        assert "No place is set up where residents could read it." in writer.words
        job = writer.publish(draft)
        assert writer.await_job(job.id).state is JobState.KEPT, writer.job(job.id).entries
        words = writer.open(f"jobs/{job.id}")
    assert "Only this computer has it." in words
    assert "Residents see it" not in words
    assert TITLE in (city / "site" / "index.html").read_text(encoding="utf-8")


def test_without_any_place_somebody_may_serve_the_folder_itself(tmp_path: Path) -> None:
    city = tmp_path / "city"
    (city / "incidents").mkdir(parents=True)
    (city / "site").mkdir()
    with serve_folder(city / "site") as url:
        (city / "services.yaml").write_text(make_services(url), encoding="utf-8")
        (city / "site").rmdir()
        with at_the_desk(city) as writer:
            job = writer.publish(writer.report())
            assert writer.await_job(job.id).state is JobState.PUBLISHED, writer.job(job.id).entries


def test_a_host_that_refuses_is_told_in_words_of_what_is_true_and_safe(writer: Writer, tmp_path: Path) -> None:
    first = writer.publish(writer.report("Permits are late"))
    assert writer.await_job(first.id).state is JobState.PUBLISHED
    place = tmp_path / "main"
    place.rename(tmp_path / "elsewhere")
    place.write_text("In the way.", encoding="utf-8")
    job = writer.publish(writer.report())
    assert writer.await_job(job.id).state in (JobState.FAILED, JobState.WAITING)
    words = writer.open(f"jobs/{job.id}")
    told, _, technical = words.partition("For the person who manages the host")
    assert "Residents do not see it yet." in told
    assert "Safe: Your post is kept on this computer, in the folder of the site." in told
    assert not re.search(r"rsync|Traceback|/main|Errno", told)
    assert technical
    assert "is not out yet" in writer.open("")
    place.unlink()
    (tmp_path / "elsewhere").rename(place)
    writer.press(f"jobs/{job.id}/retry")
    assert writer.await_job(job.id).state is JobState.PUBLISHED
    assert TITLE in shown_by(job.plan.url, "index.html")


def test_each_trouble_has_words_of_its_own_and_something_to_press(writer: Writer) -> None:
    job = writer.publish(writer.report(), pause=-1)
    writer.await_job(job.id, is_waiting)
    writer.kill(job.id)
    hostile = "<script>alert(1)</script> fatal: \x1b[31m https://user:password@host/ branch main"
    at = job.plan.at.isoformat()
    said = set()
    for trouble in Trouble:
        more = {"trouble": trouble.value, "technical": hostile, "ours": at, "theirs": at, "shown": at}
        writer.desk.jobs.note(job.id, Step(StepKind.CHECK), StepState.FAILED, job.plan.at, **more)
        told, _, technical = writer.open(f"jobs/{job.id}").partition("For the person who manages the host")
        assert re.search(r"Residents still see the page of \d+:\d\d [AP]M\.", told)
        assert "Safe: Your post is kept on this computer." in told
        assert "What to do: " in told
        assert not re.search(r"branch|commit|merge|push|YAML|--\w|HTTP|\bgit\b|None", told), told
        assert "alert(1)" in technical
        assert "<script>alert" not in writer.page
        assert "\x1b" not in writer.page
        assert "/retry" in writer.page, trouble
        said.add(told)
    assert len(said) == len(Trouble)


def test_a_file_of_that_name_that_came_meanwhile_is_not_overwritten(writer: Writer) -> None:
    job = writer.publish(writer.report(), pause=-1)
    writer.await_job(job.id, is_waiting)
    (writer.desk.source / job.plan.file).write_text("Someone's words.", encoding="utf-8")
    writer.press(f"jobs/{job.id}/now")
    assert writer.await_job(job.id).trouble is Trouble.TWO_TEXTS
    assert (writer.desk.source / job.plan.file).read_text(encoding="utf-8") == "Someone's words."
    assert "nothing was overwritten" in writer.open(f"jobs/{job.id}")


BROKEN = "---\ntitle: Permits\nstarted: soon\nservices: {permits: down}\n---\n"


def test_another_broken_post_keeps_nothing_back_if_the_writer_says_so(writer: Writer) -> None:
    (writer.desk.source / "incidents" / "2026-01-01-broken.md").write_text(BROKEN, encoding="utf-8")
    job = writer.publish(writer.report())
    assert writer.await_job(job.id).trouble is Trouble.OTHER_MISTAKE
    assert "Another post cannot be read. Yours is sound." in writer.open(f"jobs/{job.id}")
    assert not (writer.desk.source / job.plan.file).exists()
    writer.press(f"jobs/{job.id}/retry", decision="without-broken-posts")
    assert writer.await_job(job.id).state is JobState.PUBLISHED, writer.job(job.id).entries
    assert TITLE in shown_by(job.plan.url, "index.html")


def test_what_waited_long_is_asked_about_and_a_passed_promise_is_changed(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1714920000")
    job = writer.publish(writer.report(next="in 2 hours"), pause=-1)
    writer.await_job(job.id, is_waiting)
    writer.kill(job.id)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1714920000 + 3600))
    writer.press(f"jobs/{job.id}/retry")
    assert writer.await_job(job.id).trouble is Trouble.WAITED_LONG
    assert "it waited 60 minutes. Is it still true?" in writer.open(f"jobs/{job.id}")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1714920000 + 3 * 3600))
    writer.press(f"jobs/{job.id}/retry", decision="still-true")
    assert writer.await_job(job.id).trouble is Trouble.PROMISE_PASSED
    writer.press(f"jobs/{job.id}/retry", reopen="")
    assert writer.address == f"drafts/{job.plan.draft}"
    assert posts(writer) == []


def test_what_nobody_could_read_is_taken_out_again(tmp_path: Path) -> None:
    city = tmp_path / "city"
    (city / "incidents").mkdir(parents=True)
    (city / "services.yaml").write_text(make_services("http://127.0.0.1:1/"), encoding="utf-8")
    with at_the_desk(city) as writer:
        job = writer.publish(writer.report())
        writer.await_job(job.id)
        assert "before anyone sees it?" in writer.open(f"undo/{job.id}")
        writer.press(f"undo/{job.id}", how="out")
        assert writer.address == f"drafts/{job.plan.draft}"
        assert posts(writer) == []


def test_what_residents_have_read_is_not_taken_out(writer: Writer) -> None:
    job = writer.publish(writer.report())
    writer.await_job(job.id)
    assert "Take back what residents have seen since" in writer.open(f"undo/{job.id}")
    assert "What was public stays in the record" in writer.words
    writer.press(f"undo/{job.id}", how="out")
    assert len(posts(writer)) == 1
    words = writer.press(f"undo/{job.id}", how="secret")
    assert "Assume that others know it" in words
    assert f"incidents/{job.plan.post}/, and the record of changes beside it" in words
    assert "SECURITY" not in words
    assert "Choose what was wrong." in writer.press(f"undo/{job.id}")


def test_what_never_was_so_is_withdrawn_and_one_wrong_thing_is_put_right(writer: Writer) -> None:
    job = writer.publish(writer.report())
    writer.await_job(job.id)
    writer.press(f"undo/{job.id}", how="one")
    assert "Correct" in writer.words
    writer.press(f"undo/{job.id}", how="all")
    draft = writer.address.rpartition("/")[2]
    writer.open(f"drafts/{draft}/look")
    done = writer.await_job(writer.publish(draft).id)
    assert done.state is JobState.PUBLISHED, done.entries
    assert "Withdrawn" in shown_by(job.plan.url, f"incidents/{job.plan.post}/index.html")
    assert len(posts(writer)) == 1


def test_a_mistake_in_the_list_of_services_is_for_the_person_who_set_it_up(writer: Writer) -> None:
    draft = writer.report()
    services = writer.desk.source / "services.yaml"
    services.write_text(services.read_text(encoding="utf-8") + "grupos: []\n", encoding="utf-8")
    job = writer.await_job(writer.publish(draft).id)
    assert job.trouble is Trouble.SERVICES_MISTAKE
    assert "The list of the services has a mistake" in writer.open(f"jobs/{job.id}")
    assert "Publish without" not in writer.words
    assert posts(writer) == []


def test_who_asked_for_it_is_told_once_and_again_only_if_somebody_says_so(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATUSGEN_TEAM_SECRET", "whsec_" + "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
    with receive() as receiver:
        channel = (
            f"{{id: team, name: the response team, kind: webhook, since: '2024-01-01 00:00', to: '{receiver.url}/in'}}"
        )
        services = writer.desk.source / "services.yaml"
        services.write_text(
            f"{services.read_text(encoding='utf-8')}notify: {{channels: [{channel}]}}\n", encoding="utf-8"
        )
        receiver.troubles = ["cut"]
        draft = writer.report()
        assert "After residents can see it" in writer.words
        job = writer.publish(draft)
        assert writer.await_job(job.id).state is JobState.PUBLISHED, writer.job(job.id).entries
        assert len(receiver.received) == 1
        words = writer.open(f"jobs/{job.id}")
        assert "Residents see it." in words
        assert "the response team: it is not known whether it went out, so it is not sent again automatically." in words
        asked = html.unescape(re.findall(r'name="again" value="([^"]*)"', writer.page)[0])
        writer.press(f"jobs/{job.id}/retry", again=asked)
        writer.await_job(job.id, lambda found: found.is_over and not found.is_alive)
        assert len(receiver.received) == 2
        assert "the response team has it" in writer.open(f"jobs/{job.id}")
        assert 'name="again"' not in writer.page
