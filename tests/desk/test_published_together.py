"""A post, its translation and its pictures are published in one go, and taken back in one."""

from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage

from statusgen.desk.publishing.job import JobState
from tests.support.pictures import make_png
from tests.support.publications import shown_by
from tests.support.writer import Writer

SPANISH = {"in/es/title": "No se recoge la basura", "in/es/text": "Lo buscamos."}


@pytest.fixture
def town(writer: Writer) -> Writer:
    services = writer.desk.source / "services.yaml"
    services.write_text(services.read_text().replace("site: {", "site: {languages: [en, es], ", 1))
    return writer


def files(writer: Writer) -> list[str]:
    folder = writer.desk.source / "incidents"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def said(writer: Writer, draft: str) -> dict[str, str]:
    """Return what a form says so far."""
    found = writer.desk.drafts.read(draft)
    assert found
    return {name: values[0] for name, values in found.answers.items()}


def report(writer: Writer) -> str:
    """Write a post in two languages, with a picture, and look at it; return the id of the draft."""
    answers = {"text": "We look for it.", **SPANISH}
    draft = writer.report(**answers)
    picture = {"picture": FileStorage(BytesIO(make_png()), "a.png"), "new-shows": "A full bin", "in/es/shows": ""}
    writer.press(f"drafts/{draft}/pictures", **{**said(writer, draft), **picture})  # type: ignore[arg-type] # a file is a field, too
    assert "A full bin" in writer.page
    writer.press(f"drafts/{draft}", act="look", **said(writer, draft))
    return draft


def test_all_of_it_becomes_public(town: Writer) -> None:
    draft = report(town)
    assert files(town) == []
    job = town.publish(draft)
    done = town.await_job(job.id)
    assert done.state is JobState.PUBLISHED, done.entries
    spanish, post, picture = files(town)
    assert post == f"{job.plan.post}.md"
    assert spanish == f"{job.plan.post}.es.md"
    assert picture.startswith("files/")
    assert "No se recoge la basura" in shown_by(job.plan.url, "es/index.html")
    page = shown_by(job.plan.url, f"incidents/{job.plan.post}/index.html")
    assert 'alt="A full bin"' in page


def test_all_of_it_is_taken_back(town: Writer, tmp_path: Path) -> None:
    before = (town.desk.source / "services.yaml").read_bytes()
    (tmp_path / "main").mkdir(exist_ok=True)
    draft = report(town)
    job = town.publish(draft, pause=30)
    town.press(f"jobs/{job.id}/stop")
    assert town.await_job(job.id).state is JobState.STOPPED
    assert files(town) == []
    assert (town.desk.source / "services.yaml").read_bytes() == before


def test_a_translation_that_somebody_changed_meanwhile_stops_it(town: Writer) -> None:
    draft = report(town)
    job = town.publish(draft, pause=30)
    spanish = town.desk.source / "incidents" / f"{job.plan.post}.es.md"
    spanish.write_text("---\ntitle: Otra\n---\n")
    town.press(f"jobs/{job.id}/now")
    assert town.await_job(job.id).state is JobState.FAILED
    assert files(town) == [f"{job.plan.post}.es.md"]
    assert spanish.read_text() == "---\ntitle: Otra\n---\n"
