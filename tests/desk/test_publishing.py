"""From "Look and publish" on: what is said before it, how it goes, and what is true when it does not go."""

from pathlib import Path

from statusgen.desk.publishing.job import JobState
from tests.support.publications import shown_by
from tests.support.writer import Writer


def posts(writer: Writer) -> list[Path]:
    """Return the posts in the folder."""
    return sorted((writer.desk.source / "incidents").glob("*.md"))


def test_residents_see_what_was_written_and_the_desk_says_since_when(writer: Writer) -> None:
    draft = writer.report()
    assert "The page begins with" in writer.words
    assert "Nothing is said" not in writer.words
    assert posts(writer) == []
    job = writer.publish(draft)
    done = writer.await_job(job.id)
    assert done.state is JobState.PUBLISHED, done.entries
    words = writer.open(f"jobs/{job.id}")
    assert "Residents see it. Live since " in words
    assert "Read back from 127.0.0.1" in words
    assert "Trash is not picked up" in shown_by(job.plan.url, "index.html")
    assert writer.desk.drafts.list_all() == []
    assert [post.read_text() for post in posts(writer)] == [job.plan.new]
