"""What a site's own templates read is only what lies in the site."""

import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from statusgen.cli.main import main
from tests.support.sample_sites import make_city

BASE = '{% extends "theme/base.html" %}{% block footer %}{% include "secret.txt" %}{% endblock %}'
OUTSIDE = "This is a link to a file outside this site. Replace it with the file itself."
HIDDEN = "This is a link to a hidden file. Replace it with the file itself."
FOLDER = "This is a link, and links to folders are not followed. Replace it with the folder itself."

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


@pytest.fixture
def city(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("the password of the database")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "base.html").write_text(BASE)
    (tmp_path / "outside" / "secret.txt").write_text("the password of the database")
    folder = tmp_path / "city"
    folder.mkdir()
    make_city(folder, "  - {name: Trash}\n")
    (folder / "templates").mkdir()
    (folder / "templates" / "base.html").write_text(BASE)
    return folder


def build(city: Path) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["build", "--source", str(city), "--at", "2024-05-06"])
    return done.exit_code, done.output


def assert_refused(city: Path, message: str) -> None:
    code, output = build(city)
    assert code == 1
    assert message in output
    assert not (city / "site").exists()


@pytest.mark.parametrize("target", ["../../secret.txt", "/etc/passwd", "/proc/self/environ", "/"])
def test_a_template_that_is_a_link_out_of_the_site_is_a_mistake(city: Path, target: str) -> None:
    (city / "templates/secret.txt").symlink_to(target)
    assert_refused(city, f"templates/secret.txt:1: {FOLDER if target == '/' else OUTSIDE}")


def test_a_page_s_own_template_may_be_no_such_link_either(city: Path) -> None:
    (city / "templates/base.html").unlink()
    (city / "templates/base.html").symlink_to("../../outside/base.html")
    assert_refused(city, f"templates/base.html:1: {OUTSIDE}")


@pytest.mark.parametrize("name", ["templates", "templates/parts"])
def test_links_to_folders_are_not_followed(city: Path, name: str) -> None:
    (city / "templates/base.html").write_text(BASE.replace("secret.txt", "parts/secret.txt"))
    if name == "templates":
        (city / "templates/base.html").unlink()
        (city / "templates").rmdir()
    (city / name).symlink_to("/".join([".."] * (name.count("/") + 1)) + "/outside")
    assert_refused(city, f"{name}:1: {FOLDER}")


def test_git_s_own_files_are_not_read(city: Path) -> None:
    (city / ".git").mkdir()
    (city / ".git/config").write_text("the password of the database")
    (city / "templates/secret.txt").symlink_to("../.git/config")
    assert_refused(city, f"templates/secret.txt:1: {HIDDEN}")


def test_a_pipe_is_not_waited_for(city: Path) -> None:
    os.mkfifo(city / "templates/secret.txt")
    assert_refused(city, "templates/secret.txt:1: This is not an ordinary file.")


@pytest.mark.parametrize("name", ["../services.yaml", "/etc/passwd", "theme/../../services.yaml"])
def test_no_name_leads_out_of_the_folder(city: Path, name: str) -> None:
    (city / "templates/base.html").write_text(BASE.replace("secret.txt", name))
    assert_refused(city, f'There is no template "{name}".')


def test_a_link_within_the_site_is_followed(city: Path) -> None:
    (city / "shared").mkdir()
    (city / "shared/words.txt").write_text("Call 311.")
    (city / "templates/secret.txt").symlink_to("../shared/words.txt")
    assert build(city)[0] == 0
    assert "Call 311." in (city / "site/index.html").read_text()
