"""Histories that no writer means to make, but that git takes, are read like any other."""

import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from statusgen.cli.main import main
from tests.support.repository import SERVICES, Repository

POST = "---\ntitle: Trash is late\nstarted: 2024-05-05 08:00\nservices: {trash: degraded}\n---\nPickup is a day late.\n"
FILE = "incidents/2024-05-05-trash.md"


@pytest.fixture
def city(tmp_path: Path) -> Repository:
    city = Repository(tmp_path / "city")
    city.commit("2024-05-05 08:20", {FILE: POST.replace("Pickup", "Garbage")})
    return city


def built_page(folder: Path) -> str:
    """Return the page of the incident, built by the command."""
    asked = ["build", "--source", str(folder), "--output", f"{folder}-site", "--at", "2024-06-01"]
    built = CliRunner().invoke(main, asked)
    assert built.exit_code == 0, built.output
    return Path(f"{folder}-site", "incidents/2024-05-05-trash/index.html").read_text(encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize(
    "name",
    [
        *("incidents/a\x01b.md", "incidents/a\x01b c d.md", "incidents/\n:0 0 0 0 R.md", "incidents/:1.md"),
        *("services.yaml/p.png", "services.yaml/p.md", "incidents/é.md", "incidents/.md", "incidents/a\tb.png"),
    ],
)
def test_names_of_any_file(city: Repository, name: str) -> None:
    if name.startswith("services.yaml/"):
        city.commit("2024-05-05 09:00", {"services.yaml": None})
    city.commit("2024-05-05 09:10", {name: POST})
    city.commit("2024-05-05 09:20", {name: None})
    if name.startswith("services.yaml/"):
        (city.folder / "services.yaml").rmdir()
        city.commit("2024-05-05 09:30", {"services.yaml": SERVICES})
    city.commit("2024-05-06 08:20", {FILE: POST})
    assert "Garbage is a day late." in built_page(city.folder)


@pytest.mark.parametrize(
    ("author", "committer"),
    [
        ("author A <a@b> 1714987200 +0000", "committer A <a@b> 300000000000 +0000"),
        ("author A <a@b> 1714987200 +0000", "committer A <a@b> 99999999999999 +0000"),
        ("author A <a@b> 1714987200 +0000", "committer A <a@b> 99999999999999999999999 +0000"),
        ("author A <a@b> 1714987200 +0000", "committer A <a@b> -5 +0000"),
        ("author A <a@b> 1714987200 +0000", "committer A <a@b>"),
        ("author A <a@b> 1714987200 +0000", "committer broken"),
        ("author A <a@b> 1714987200 +0000", "x broken"),
        ("author A <a@b> 99999999999999 +0000", "committer A <a@b> 1714987200 +0000"),
        ("author broken", "committer A <a@b> 1714987200 +0000"),
        ("x broken", "committer A <a@b> 0 +0000"),
    ],
)
def test_commits_with_any_time(city: Repository, author: str, committer: str) -> None:
    (city.folder / FILE).write_text(POST, encoding="utf-8")
    city.git("add", "--all")
    tree, parent = city.git("write-tree").strip(), city.git("rev-parse", "HEAD").strip()
    commit = f"tree {tree}\nparent {parent}\n{author}\n{committer}\n\nOdd\n".encode()
    words = ["git", "-C", str(city.folder), "hash-object", "-t", "commit", "-w", "--stdin", "--literally"]
    name = subprocess.run(words, input=commit, capture_output=True, check=True).stdout.decode().strip()
    city.git("reset", "--quiet", "--hard", name)
    assert "Pickup is a day late." in built_page(city.folder)
    city.commit("2024-05-07 08:20", {FILE: POST.replace("Pickup", "Recycling")})
    assert "Recycling is a day late." in built_page(city.folder)


def test_the_words_of_messages_can_be_in_any_encoding(city: Repository) -> None:
    city.commit("2024-05-06 08:20", {FILE: POST})
    city.git("config", "i18n.logOutputEncoding", "UTF-16")
    assert "Garbage is a day late." in built_page(city.folder)


@pytest.mark.parametrize("way", ["replace", "grafts"])
def test_commits_that_replace_others_on_this_computer_were_not_published(city: Repository, way: str) -> None:
    dropped = city.git("rev-parse", "HEAD").strip()
    city.git("checkout", "--quiet", "--orphan", "new")
    city.commit("2024-05-06 08:20", {FILE: POST})
    own = city.git("rev-parse", "HEAD").strip()
    if way == "replace":
        city.git("replace", "--graft", "HEAD", dropped)
    else:
        (city.folder / ".git/info/grafts").write_text(f"{own} {dropped}\n")
    assert dropped in city.git("log", "--format=%H")
    assert "Garbage" not in built_page(city.folder)
