"""The last change, taken back: nothing is lost, and nothing that was public vanishes."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from statusgen.cli.main import main
from tests.support.two_laptops import FILE, POST, SERVICES, Laptop, Server

NOW = "1714990000"  # 6 May 2024, 05:06 in Springfield


def undo(laptop: Laptop, *words: str) -> Result:
    arguments = ["undo", "--source", str(laptop.site), *words]
    return CliRunner().invoke(main, arguments, env={"SOURCE_DATE_EPOCH": NOW}, catch_exceptions=False)


def told(laptop: Laptop) -> str:
    result = undo(laptop, "--yes")
    assert result.exit_code == 0, result.output
    return result.output


def offline(laptop: Laptop) -> None:
    """Commit what there is, without anyone getting it."""
    laptop.git("add", "--all")
    laptop.git("commit", "--quiet", "--message=Update: Trash is late")


def test_what_is_not_committed_is_put_aside(ann: Laptop) -> None:
    ann.add("2024-05-05 09:00", "services: {trash: down}\n\nA wrong word.")
    ann.write("incidents/2024-05-06-new.md", "No post at all.")
    ann.write("notes.txt", "left alone")
    output = told(ann)
    assert "new: A wrong word." in output
    assert ann.read() == POST
    assert not (ann.folder / "incidents/2024-05-06-new.md").exists()
    kept = Path(output.rpartition("is kept in ")[2].strip())
    assert "A wrong word." in (kept / FILE).read_text()
    assert (kept / "incidents/2024-05-06-new.md").read_text() == "No post at all."
    assert ann.git("status", "--porcelain") == "?? notes.txt"


def test_sound_changes_are_told_as_residents_would_see_them(ann: Laptop) -> None:
    ann.add("2024-05-05 09:00", "services: {trash: down}\n\nThe truck broke.")
    output = told(ann)
    assert "Compared with HEAD:" in output
    assert "Trash" in output


def test_a_deleted_file_comes_back(ann: Laptop) -> None:
    (ann.folder / FILE).unlink()
    told(ann)
    assert ann.read() == POST
    assert ann.git("status", "--porcelain") == ""


def test_a_commit_that_nobody_has_is_taken_back_by_another(ann: Laptop) -> None:
    ann.add("2024-05-05 09:00", "A wrong word.")
    offline(ann)
    before = ann.git("rev-parse", "HEAD")
    output = told(ann)
    assert 'The last change is "Update: Trash is late", by Ann' in output
    assert ann.read() == POST
    assert ann.messages()[:2] == ["Ann: Take back: Update: Trash is late", "Ann: Update: Trash is late"]
    assert ann.git("rev-parse", "HEAD~1") == before
    assert ann.git("status", "--porcelain") == ""
    ann.share()
    assert ann.heard == ["Your colleagues have it now."]


def test_a_public_update_is_corrected(ann: Laptop) -> None:
    ann.add("2024-05-05 09:00", "A wrong word.")
    ann.share()
    output = told(ann)
    command = 'statusgen correct 2024-05-05-trash --update "2024-05-05 09:00" --wrong "…" --right "…"'
    assert command in output
    assert "A wrong word." in ann.read()
    words = ["correct", "2024-05-05-trash", "--update", "2024-05-05 09:00", "--right", "A right word."]
    result = CliRunner().invoke(main, [*words, "--source", str(ann.site)], env={"SOURCE_DATE_EPOCH": NOW})
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("choice", "answers", "written"),
    [
        ("2", "a wrong word\na right word\n\ny\n", "right: a right word"),
        ("1", "y\n", "Withdrawn"),
    ],
)
def test_somebody_at_the_keyboard_chooses_a_correction(
    choice: str, answers: str, written: str, ann: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann.write("incidents/2024-05-06-new.md", POST.replace("05-05", "05-06").replace("A day", "A wrong word"))
    ann.share()
    for module in ("prompts", "write_session"):
        monkeypatch.setattr(f"statusgen.cli.{module}.is_interactive", lambda: True)
    words = ["undo", "--source", str(ann.site)]
    result = CliRunner().invoke(main, words, input=f"{choice}\n{answers}", env={"SOURCE_DATE_EPOCH": NOW})
    assert result.exit_code == 0, result.output
    assert written in ann.read("incidents/2024-05-06-new.md"), result.output


def test_a_public_post_is_withdrawn(ann: Laptop) -> None:
    ann.write("incidents/2024-05-06-new.md", POST.replace("05-05", "05-06"))
    ann.share()
    assert 'statusgen resolve 2024-05-06-new --withdraw --text "…"' in told(ann)
    words = ["resolve", "2024-05-06-new", "--withdraw", "--text", "An error.", "--source", str(ann.site)]
    result = CliRunner().invoke(main, words, env={"SOURCE_DATE_EPOCH": NOW})
    assert result.exit_code == 0, result.output


def test_the_beginning_of_a_public_post_is_corrected_by_its_time(ann: Laptop) -> None:
    ann.write(FILE, POST.replace("A day", "Two days"))
    ann.share()
    assert 'statusgen correct 2024-05-05-trash --update "2024-05-05 08:00"' in told(ann)


def test_services_go_back_even_if_they_are_public(ann: Laptop) -> None:
    ann.write("services.yaml", SERVICES + "  - name: Permits\n")
    ann.share()
    assert "Taken back: Changed: services.yaml" in told(ann)
    assert ann.read("services.yaml") == SERVICES


def test_what_was_changed_again_since_stays(ann: Laptop) -> None:
    ann.add("2024-05-05 09:00", "A wrong word.")
    offline(ann)
    ann.write(FILE, ann.read().replace("wrong", "right"))
    ann.git("commit", "--quiet", "--all", "--message=Fix", "--date=2000-01-01T00:00:00")
    assert "The last change is" in told(ann)
    assert ann.read().endswith("A wrong word.\n")


def test_without_anybody_to_ask(ann: Laptop) -> None:
    ann.add("2024-05-05 09:00", "From Ann.")
    result = undo(ann)
    assert result.exit_code == 2
    assert "Add --yes to take it back." in result.output
    assert "From Ann." in ann.read()


def test_outside_of_git(tmp_path: Path) -> None:
    laptop = Laptop(tmp_path, "Ann")
    result = undo(laptop, "--yes")
    assert result.exit_code == 1
    assert "not kept in git" in result.output


def test_the_first_commit_stays(tmp_path: Path) -> None:
    ann = Server(tmp_path).laptop("Ann")
    result = undo(ann, "--yes")
    assert result.exit_code == 1
    assert "nothing to take back" in result.output
