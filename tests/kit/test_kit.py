"""`statusgen kit`: what is in the zip, what is not, and what is said of that."""

import hashlib
import io
import json
import re
import shlex
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from statusgen.cli.main import main
from tests.support.documentation import code_blocks
from tests.support.paths import DOCS
from tests.support.repository import Repository
from tests.support.wheels import write_wheel

NOW = 1714920312
SITE = """\
site: {title: Springfield & status, url: 'https://springfield.example/', timezone: America/Chicago}
services: [{name: Trash}]
"""
TWO_PLACES = """\
publish:
  - {id: main, to: 'ssh://web@www.springfield.example/srv/status'}
  - {id: spare, to: 's3://status-springfield', url: 'https://springfield-status.example.net/'}
"""


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """A folder of small wheels that stand for the large ones."""
    write_wheel(tmp_path / "own", "statusgen", requires=['obstore; extra == "publish"'])
    for name in ("pip", "obstore"):
        write_wheel(tmp_path / "wheels", name)
    return tmp_path / "wheels"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A site that is not kept in git."""
    folder = tmp_path / "town"
    (folder / "incidents").mkdir(parents=True)
    (folder / "services.yaml").write_text(SITE, encoding="utf-8")
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "town")


def run(wheels: Path, source: Path, *words: str) -> Result:
    own = wheels.parent / "own" / "statusgen-1.0-py3-none-any.whl"
    places = ("--source", str(source), "--output", str(wheels.parent / "kit.zip"))
    flags = ("--wheels", str(wheels), "--statusgen", str(own), "--python", "3.14")
    return CliRunner().invoke(main, ["kit", *places, *flags, *words], env={"SOURCE_DATE_EPOCH": str(NOW)})


def make(wheels: Path, source: Path, *words: str) -> dict[str, bytes]:
    """Return the files of a kit that must be made, by their paths in it."""
    made = run(wheels, source, *words)
    assert made.exit_code == 0, made.output
    return unpack((wheels.parent / "kit.zip").read_bytes())


def unpack(kit: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(kit)) as archive:
        return {name.removeprefix("status-kit/"): archive.read(name) for name in archive.namelist()}


def refuse(wheels: Path, source: Path, *words: str) -> str:
    refused = run(wheels, source, *words)
    assert refused.exit_code == 1, refused.output
    assert not (wheels.parent / "kit.zip").exists()
    return refused.stderr


# What is in it.


def test_the_list_of_hashes_is_right_and_the_card_names_its_own(wheels: Path, town: Path) -> None:
    files = make(wheels, town)
    sums = files["SHA256SUMS"].decode()
    listed = {line[66:]: line[:64] for line in sums.splitlines()}
    assert listed.keys() == files.keys() - {"SHA256SUMS", "CARD.txt", "CARD.html"}
    assert all(hashlib.sha256(files[path]).hexdigest() == digest for path, digest in listed.items())
    digits = hashlib.sha256(files["SHA256SUMS"]).hexdigest()
    for card in ("CARD.txt", "CARD.html"):
        assert digits in files[card].decode().replace(" ", ""), card


def test_the_same_content_at_the_same_moment_makes_the_same_bytes(wheels: Path, repository: Repository) -> None:
    make(wheels, repository.folder)
    kit = wheels.parent / "kit.zip"
    first = kit.read_bytes()
    make(wheels, repository.folder, "--force")
    assert kit.read_bytes() == first
    with zipfile.ZipFile(kit) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2024, 5, 5, 14, 45, 12)}
        assert archive.getinfo("status-kit/install.sh").external_attr >> 16 == 0o100755


def test_a_kit_that_is_there_is_not_written_over_unless_asked(wheels: Path, town: Path) -> None:
    kit = wheels.parent / "kit.zip"
    kit.write_bytes(b"another")
    refused = run(wheels, town)
    assert refused.exit_code == 1
    assert "is there already. Name another file with --output, or add --force." in refused.stderr
    assert kit.read_bytes() == b"another"
    assert "SHA256SUMS" in make(wheels, town, "--force")


def test_a_site_with_mistakes_makes_no_kit(wheels: Path, town: Path) -> None:
    (town / "services.yaml").write_text(SITE.replace("Trash", ""), encoding="utf-8")
    assert "services.yaml:2" in refuse(wheels, town)


# Wheels.


def test_what_only_another_system_needs_is_in_it(wheels: Path, town: Path) -> None:
    write_wheel(wheels.parent / "own", "statusgen", requires=['colorama; sys_platform == "win32"'])
    alone = ("--system", "linux-x86_64", "--system", "windows-x86_64")
    lacking = run(wheels, town, *alone)
    assert lacking.exit_code == 3
    gap = "Windows, Python 3.14: statusgen cannot be installed, because there is no wheel of colorama."
    assert f"Not in it: {gap}\n" in lacking.output
    assert "Linux, Python" not in lacking.output
    assert gap in unpack((wheels.parent / "kit.zip").read_bytes())["CARD.txt"].decode()
    write_wheel(wheels, "colorama")
    assert "wheels/colorama-1.0-py3-none-any.whl" in make(wheels, town, *alone, "--force")


def test_what_lacks_a_wheel_for_one_system_is_named_and_the_others_have_it(wheels: Path, town: Path) -> None:
    next(wheels.glob("obstore*")).unlink()
    for tag in ("cp311-abi3-win_amd64", "cp314-cp314-macosx_11_0_arm64", "cp313-cp313-win_arm64"):
        write_wheel(wheels, "obstore", tag=tag)
    systems = ("--system", "windows-x86_64", "--system", "macos-arm64", "--system", "windows-arm64")
    files = make(wheels, town, *systems)
    names = {path for path in files if path.startswith("wheels/obstore")}
    assert names == {
        "wheels/obstore-1.0-cp311-abi3-win_amd64.whl",
        "wheels/obstore-1.0-cp314-cp314-macosx_11_0_arm64.whl",
    }
    said = "Not in it: Windows on ARM, Python 3.14: no publishing to buckets, because there is no wheel of obstore."
    assert said in files["CARD.txt"].decode()
    assert said in run(wheels, town, *systems, "--force").output


def test_the_wheel_that_works_on_the_oldest_linux_is_taken(wheels: Path, town: Path) -> None:
    next(wheels.glob("obstore*")).unlink()
    for tag in ("manylinux_2_34_x86_64", "manylinux_2_17_x86_64", "manylinux_2_36_x86_64", "linux_x86_64"):
        write_wheel(wheels, "obstore", tag=f"cp314-cp314-{tag}")
    files = make(wheels, town, "--system", "linux-x86_64")
    assert [path for path in files if "obstore" in path] == ["wheels/obstore-1.0-cp314-cp314-manylinux_2_17_x86_64.whl"]


def test_statusgen_is_never_that_of_the_folder(wheels: Path, town: Path) -> None:
    write_wheel(wheels, "statusgen", "9.0")
    assert [path for path in make(wheels, town) if "statusgen-" in path] == ["wheels/statusgen-1.0-py3-none-any.whl"]


def test_a_broken_wheel_and_an_odd_python_are_refused(wheels: Path, town: Path) -> None:
    assert "Write one like 3.14, from 3.11 on." in run(wheels, town, "--python", "3.9").output
    (wheels / "pip-1.0-py3-none-any.whl").write_bytes(b"no zip")
    assert "pip-1.0-py3-none-any.whl is not a wheel that can be read" in refuse(wheels, town)


# The site and its history.


def test_only_what_statusgen_reads_is_taken_from_a_folder_without_git(wheels: Path, town: Path) -> None:
    (town / "staff").mkdir()
    for path in ("staff/phones.txt", ".env", "notes.txt", "incidents/.env"):
        (town / path).write_text("SECRET=1", encoding="utf-8")
    (town / "static").mkdir()
    (town / "static" / "web.pem").write_text("x", encoding="utf-8")
    (town / "static" / "logo.txt").write_text("-----BEGIN OPENSSH PRIVATE KEY-----", encoding="utf-8")
    (town / "static" / "outside").symlink_to(town.parent)
    made = run(wheels, town)
    assert (
        "Left out of the site: .env, incidents/.env, notes.txt, staff, static/logo.txt, static/outside, " in made.output
    )
    assert "static/web.pem\n" in made.output
    files = unpack((wheels.parent / "kit.zip").read_bytes())
    assert [path for path in files if path.startswith("site/")] == ["site/services.yaml"]
    assert "history.bundle" not in files
    assert "static/web.pem" in files["CARD.txt"].decode()


def test_a_repository_comes_with_its_history_and_without_what_git_ignores(
    wheels: Path, repository: Repository, tmp_path: Path
) -> None:
    repository.commit("2024-05-02 08:00", {".gitignore": ".env\nout/\n", "README.md": "For colleagues"})
    (repository.folder / "out").mkdir()
    for path in (".env", "out/index.html", "phones.txt"):
        (repository.folder / path).write_text("x", encoding="utf-8")
    repository.git("remote", "add", "origin", "https://ada:hunter2@git.example/town.git")
    files = make(wheels, repository.folder)
    assert {path for path in files if path.startswith("site/")} == {
        "site/.gitignore",
        "site/README.md",
        "site/services.yaml",
    }  # fmt: skip - a list of names, not of lines
    assert "  .env\n  out/\n  phones.txt\n" in files["CARD.txt"].decode()
    assert not [path for path, content in files.items() if b"hunter2" in content]
    assert json.loads(files["kit.json"])["origin"] == "https://git.example/town.git"
    (tmp_path / "bundle").write_bytes(files["history.bundle"])
    repository.git("clone", "--quiet", str(tmp_path / "bundle"), str(tmp_path / "clone"))
    assert (tmp_path / "clone" / "README.md").read_text() == "For colleagues"


def test_what_is_not_committed_makes_no_kit(wheels: Path, repository: Repository) -> None:
    (repository.folder / "incidents").mkdir(exist_ok=True)
    (repository.folder / "incidents" / "2024-05-05-x.md").write_text(
        "---\ntitle: X\nstarted: 2024-05-05\n---\nText.\n", encoding="utf-8"
    )
    said = refuse(wheels, repository.folder)
    assert "This is not committed: incidents/" in said
    assert "Commit it first" in said


@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_secret_in_the_history_makes_no_kit_with_it(wheels: Path, repository: Repository, is_deleted: bool) -> None:
    repository.commit("2024-05-02 08:00", {"deploy/id_ed25519": "key", "deploy/id_ed25519.pub": "public"})
    if is_deleted:
        repository.commit("2024-05-03 08:00", {"deploy/id_ed25519": None})
    said = refuse(wheels, repository.folder)
    assert "git has them or had them once: deploy/id_ed25519." in said
    files = make(wheels, repository.folder, "--no-history")
    assert not [path for path in files if "id_ed25519" in path or path == "history.bundle"]


# The page in docs/.


def test_each_command_of_the_page_makes_a_kit(wheels: Path, town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(town)
    commands = [
        shlex.split(line) for block in code_blocks(DOCS / "hosts" / "kit.md", "sh") for line in block.splitlines()
    ]
    assert [name for name, *_ in commands] == ["statusgen"] * 2
    offline = ("--wheels", str(wheels), "--statusgen", str(wheels.parent / "own" / "statusgen-1.0-py3-none-any.whl"))
    for _, *words in commands:
        made = CliRunner().invoke(main, [*words, *offline], env={"SOURCE_DATE_EPOCH": str(NOW)})
        assert made.exit_code == 0, made.output
    assert {path.name for path in town.glob("*.zip")} == {"status-kit-2024-05-05.zip", "kit.zip"}


def test_the_page_has_a_row_for_each_file_of_a_kit(wheels: Path, repository: Repository) -> None:
    files = {path.split("/")[0] for path in make(wheels, repository.folder)}
    rows = re.findall(r"^\| (`.*?) \|", (DOCS / "hosts" / "kit.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {name.rstrip("/") for row in rows for name in re.findall(r"`([^`]+)`", row)} == files


# The card.


def test_the_card_has_what_is_known_and_blanks_for_the_rest(wheels: Path, town: Path) -> None:
    card = make(wheels, town)["CARD.txt"].decode()
    assert re.search(r"WHOM TO CALL\n  Decides what is said: _{40}\n", card)
    assert re.search(r"  First place: _{40}\n", card)
    assert re.search(r"  Second place, at another company: _{40}\n", card)
    assert re.search(r"  Second DNS provider: _{40}\n", card)
    assert "Python itself is not in it. It works with Python 3.14 (not with others)." in card
    (town / "services.yaml").write_text(SITE + TWO_PLACES, encoding="utf-8")
    contacts = town.parent / "contacts.txt"
    contacts.write_text("Ada <web>: 555-0100\n\n", encoding="utf-8")
    files = make(wheels, town, "--force", "--contacts", str(contacts), "--contact", "Jo: 555-0101")
    card = files["CARD.txt"].decode()
    assert "WHOM TO CALL\n  Ada <web>: 555-0100\n  Jo: 555-0101\n" in card
    assert "2. spare: s3://status-springfield, seen at https://springfield-status.example.net/" in card
    assert "Second place" not in card
    page = files["CARD.html"].decode()
    assert "<li>Ada &lt;web&gt;: 555-0100</li>" in page
    assert "<h1>Kit for the status page: Springfield &amp; status</h1>" in page


def test_the_card_has_steps_for_the_systems_of_the_kit_alone(wheels: Path, town: Path) -> None:
    card = make(wheels, town, "--system", "macos-arm64")["CARD.txt"].decode()
    assert "BEGIN ON MACOS" in card
    assert "BEGIN ON WINDOWS" not in card
    assert "BEGIN ON LINUX" not in card
