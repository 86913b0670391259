"""The desk on files as Windows saves them, and with a log in an encoding that lacks letters."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from statusgen.desk.publishing.job import JobState
from tests.support.publications import shown_by
from tests.support.two_laptops import FILE, POST, Server
from tests.support.web_server import serve_folder
from tests.support.writer import Writer, at_the_desk, make_services

ID = "2024-05-05-trash"
SPANISH = "---\ntitle: La basura tarda\n---\nUn día.\n"


@pytest.fixture
def windows_writer(tmp_path: Path) -> Iterator[Writer]:
    """Someone whose files all have the line ends of Windows."""
    city = tmp_path / "city"
    (city / "incidents").mkdir(parents=True)
    with serve_folder(tmp_path / "main" / "current") as url:
        services = make_services(url, {"main": tmp_path / "main"}).replace("site: {", "site: {languages: [en, es], ")
        for file, text in {"services.yaml": services, FILE: POST, f"incidents/{ID}.es.md": SPANISH}.items():
            (city / file).write_bytes(text.replace("\n", "\r\n").encode())
        with at_the_desk(city) as writer:
            yield writer


def test_a_file_keeps_the_line_ends_of_windows(windows_writer: Writer) -> None:
    city = windows_writer.desk.source
    # Browsers send the lines of a text with these ends, wherever they run.
    answers = {"text": "The truck is repaired.\r\n\r\nIt comes at noon.", "in/es/text": "Viene a mediodía.\r\nSeguro."}
    draft = windows_writer.write("update", ID, **answers)
    done = windows_writer.await_job(windows_writer.publish(draft).id)
    assert done.state is JobState.PUBLISHED, done.entries
    for file, said in ((FILE, "repaired.\r\n\r\nIt comes"), (f"incidents/{ID}.es.md", "mediodía.\r\nSeguro.")):
        text = (city / file).read_bytes()
        assert said.encode() in text
        assert text.count(b"\n") == text.count(b"\r\n") == text.count(b"\r")
    assert "It comes at noon." in shown_by(done.plan.url, f"incidents/{ID}/index.html")
    assert "Viene a mediodía." in shown_by(done.plan.url, f"es/incidents/{ID}/index.html")


def test_a_correction_finds_the_sentences_of_a_file_with_those_line_ends(windows_writer: Writer) -> None:
    windows_writer.press("drafts", kind="correction", post=ID)
    assert "A day late." in windows_writer.words


def test_a_colleague_whose_name_the_log_cannot_say_keeps_nothing_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")
    server = Server(tmp_path)
    amal, dana = server.laptop("أمل"), server.laptop("Dana Whitfield")
    with serve_folder(tmp_path / "main" / "current") as url:
        amal.write("services.yaml", make_services(url, {"main": tmp_path / "main"}))
        amal.share()
        dana.share()
        with at_the_desk(dana.site) as writer:
            draft = writer.write("update", ID, text="The truck is repaired.")
            amal.write(
                "incidents/2024-05-06-permits.md", POST.replace("Trash is late", "→").replace("trash", "permits")
            )
            amal.share()
            done = writer.await_job(writer.publish(draft).id)
            assert done.state is JobState.PUBLISHED, done.entries
            assert "Joined with a change by أمل" in writer.open(f"jobs/{done.id}")
