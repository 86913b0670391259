"""`statusgen upgrade` replaces what nobody edited, shows the rest, and is silent about nothing."""

import hashlib
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from signal import SIGKILL, SIGTERM

import pytest
from click.testing import CliRunner, Result

from statusgen import __version__, scaffold
from statusgen.cli.main import main
from statusgen.cli.upgrade import HAS_CHANGES
from statusgen.cli.upgrade_pins import renew_pins
from statusgen.cli.upgrade_plan import hash_source
from statusgen.problems import OutputError
from tests.support.documentation import code_blocks
from tests.support.later_version import LaterVersion, edit
from tests.support.paths import DOCS

NEXT = "1.0.7"
PUBLISH, POST = ".github/workflows/publish.yml", ".github/workflows/post.yml"


def test_the_record_has_each_file_that_this_version_lays_out() -> None:
    """Those of earlier releases stay in it. Renew it with RENEW=1."""
    record: dict[str, dict[str, str]] = json.loads(scaffold.RELEASED_FILE.read_text(encoding="utf-8"))
    paths = {path for path in scaffold.STARTER_FOLDER.rglob("*") if path.is_file()} - {scaffold.RELEASED_FILE}
    wanted = {
        name: {hash: version for hash, version in hashes.items() if version != __version__}
        for name, hashes in record.items()
    }
    for path in paths:
        name = path.relative_to(scaffold.STARTER_FOLDER).as_posix()
        wanted.setdefault(name, {}).setdefault(hash_source(path.read_bytes()), __version__)
    wanted = {name: wanted[name] for name in sorted(wanted) if wanted[name]}
    if os.environ.get("RENEW"):
        scaffold.RELEASED_FILE.write_text(json.dumps(wanted, indent=1) + "\n", encoding="utf-8")
    assert record == wanted, "RENEW=1 .venv/bin/pytest -n0 tests/cli/test_upgrade.py"


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words, catch_exceptions=False)


def init(folder: Path, *words: str) -> Path:
    assert run("init", str(folder), *words).exit_code == 0
    return folder


@pytest.mark.parametrize("starter", scaffold.STARTERS)
def test_a_new_site_needs_nothing(starter: str, tmp_path: Path) -> None:
    hosts = [word for host in reversed(scaffold.HOSTS) for word in ("--host", host)]
    upgraded = run("upgrade", "--source", str(init(tmp_path / "site", "--starter", starter, *hosts)))
    assert upgraded.exit_code == 0
    assert f"The site installs {__version__}, and is set up for GitHub Pages and GitLab Pages and" in upgraded.output
    assert "There is nothing to write." in upgraded.output
    assert not any(word in upgraded.output for word in ("Not here.", "Edited", "Yours", "edited here", "---"))


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> LaterVersion:
    """The next version, in which some of what `init` lays out is another."""
    later = LaterVersion(tmp_path_factory.mktemp("later")).copy()
    later.edit("__init__.py", __version__, NEXT)
    for name in ("hosts/github.yml", "hosts/github-post.yml", "hosts/notify.sh", "common/editorconfig"):
        with (later.package / "starter" / name).open("a", encoding="utf-8") as file:
            file.write(f"# New in {NEXT}\n")
    later.edit("starter/posts/phone-outage.md", "\n---\n", "\n---\nNew words.\n")
    later.edit("starter/services/library.yaml", "services:\n", "# A new remark\nservices:\n")
    return later


def upgrade(later: LaterVersion, site: Path, *words: str) -> tuple[int, str]:
    return later.run("upgrade", *words, "--source", str(site))


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library's site on GitHub, some weeks after `init`."""
    site = init(tmp_path / "site", "--starter", "library")
    edit(site / "notify.sh", "pauses=0\n", "pauses=5\n")
    edit(site / "desk.command", "Press Enter", "Press Return")
    edit(site / "templates" / "posts" / "phone-outage.md", "\n---\n", "\n---\nOur own words.\n")
    edit(site / "services.yaml", "services:\n", "services:\n  - name: Bookmobile\n    group: branches\n")
    (site / scaffold.SCHEMA_FILE).write_text("{}\n")
    (site / ".pre-commit-config.yaml").unlink()
    return site


def test_it_shows_what_changed_and_writes_nothing(later: LaterVersion, library: Path) -> None:
    before = {path: path.read_bytes() for path in library.rglob("*") if path.is_file()}
    code, said = upgrade(later, library)
    assert code == HAS_CHANGES
    assert {path: path.read_bytes() for path in library.rglob("*") if path.is_file()} == before
    assert f"This is statusgen {NEXT}. The site installs {__version__}, and is set up for GitHub Pages." in said
    for path in (PUBLISH, POST, ".editorconfig", "notify.sh"):
        assert f"--- a/{path}\n+++ b/{path}\n" in said, path
    assert f"+# New in {NEXT}\n" in said
    assert "-pauses=5\n+pauses=0\n" in said
    assert "-Our own words.\n+New words.\n" in said
    assert "Press Return" not in said, "statusgen's own is as it was"
    assert '"$schema"' not in said
    lists = said[said.index("\nNot edited here.") :].replace("\n  ", " ")
    wheel = f"statusgen-{NEXT}-py3-none-any.whl"
    assert f" replaces them: {scaffold.SCHEMA_FILE} .editorconfig {PUBLISH} {POST} requirements.txt\n" in lists
    assert (
        "something new. Name one to replace it, with what was edited in it: statusgen upgrade --write FILE notify.sh\n"
        in lists
    )
    assert "is the same in all releases. Name one to see the difference: desk.command\n" in lists
    assert "Not here. Name one to create it: statusgen upgrade --write FILE .pre-commit-config.yaml\n" in lists
    assert "copy what you want: templates/posts/phone-outage.md\n" in lists
    assert f"nothing needs statusgen-{__version__}-py3-none-any.whl: delete it.\n" in lists
    assert f"your host will install {wheel} from this folder, where it is not yet." in lists


def test_write_replaces_what_nobody_edited_and_what_is_named(later: LaterVersion, library: Path) -> None:
    ours = {path: (library / path).read_bytes() for path in ("notify.sh", "desk.command", "services.yaml")}
    code, said = upgrade(later, library, "--write")
    assert code == 0, said
    assert said.replace("\n  ", " ").count(f"Written: {scaffold.SCHEMA_FILE} .editorconfig {PUBLISH} {POST}") == 1
    assert "something new. Name one" in said
    assert {path: (library / path).read_bytes() for path in ours} == ours
    new = later.package / "starter"
    assert (library / PUBLISH).read_bytes() == (new / "hosts" / "github.yml").read_bytes()
    assert f"statusgen-{NEXT}-py3-none-any.whl" in (library / "requirements.txt").read_text()
    assert json.loads((library / scaffold.SCHEMA_FILE).read_text())["title"].startswith("statusgen services")
    form = (library / POST).read_text(encoding="utf-8")
    assert form.endswith(f"# New in {NEXT}\n")
    assert '- "Bookmobile"\n' in form, "the choices are those of the site"
    code, said = upgrade(later, library)
    assert (code, "There is nothing to write." in said, "notify.sh" in said) == (0, True, True)

    code, said = upgrade(later, library, "--write", "notify.sh", ".pre-commit-config.yaml")
    assert (code, "Written:\n  .pre-commit-config.yaml\n  notify.sh\n" in said) == (0, True), said
    assert (library / "notify.sh").read_bytes() == (new / "hosts" / "notify.sh").read_bytes()
    assert (library / ".pre-commit-config.yaml").is_file()


@pytest.mark.parametrize("own", ['          - "My own choice"\n', "          # Ask Ada about these\n"])
def test_a_line_of_one_s_own_among_the_choices_is_an_edit(own: str, later: LaterVersion, library: Path) -> None:
    edit(library / POST, "          # Until here.\n", f"{own}          # Until here.\n")
    before = (library / POST).read_bytes()
    code, said = upgrade(later, library, "--write")
    assert (code, (library / POST).read_bytes()) == (0, before)
    assert f"statusgen upgrade --write FILE\n  {POST}\n" in said
    assert upgrade(later, library, "--write", POST)[0] == 0
    assert own not in (library / POST).read_text(encoding="utf-8")


def test_a_file_can_be_named_from_anywhere(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(library / ".editorconfig", "root", "# Ours\nroot")
    monkeypatch.chdir(library / ".github")
    source = ("--source", str(library))
    for file in (".editorconfig", "../.editorconfig", "x/../.editorconfig", str(library / ".editorconfig")):
        shown = run("upgrade", file, *source)
        assert (shown.exit_code, "-# Ours\n" in shown.output) == (HAS_CHANGES, True), (file, shown.output)
    assert run("upgrade", "../../.editorconfig", *source).exit_code == 1


def test_content_is_never_written(later: LaterVersion, library: Path) -> None:
    before = (library / PUBLISH).read_bytes()
    code, said = upgrade(later, library, "--write", "templates/posts/phone-outage.md", PUBLISH, "services.yaml", "x")
    assert code == 1
    assert "templates/posts/phone-outage.md is yours: copy by hand what you want of the diff.\n" in said
    assert "x has nothing to upgrade.\n" in said
    assert said.endswith("Nothing was written.\n")
    assert (library / PUBLISH).read_bytes() == before


def test_a_starter_that_nobody_edited_is_shown_beside_the_new_one(later: LaterVersion, tmp_path: Path) -> None:
    site = init(tmp_path / "site", "--starter", "library")
    _, said = upgrade(later, site)
    assert "--- a/services.yaml\n" in said
    assert "+# A new remark\n" in said
    assert "copy what you want:\n  templates/posts/phone-outage.md\n  services.yaml\n" in said


def test_lines_end_as_they_did(later: LaterVersion, library: Path) -> None:
    path = library / PUBLISH
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert upgrade(later, library, "--write")[0] == 0
    content = path.read_bytes()
    assert content.endswith(f"# New in {NEXT}\r\n".encode())
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_what_cannot_be_read_ends_it(later: LaterVersion, library: Path, tmp_path: Path) -> None:
    assert upgrade(later, tmp_path)[0] == 1
    edit(library / "services.yaml", "services:\n", "services:\n  - nme: Bus\n")
    code, said = upgrade(later, library, "--write")
    assert (code, "services.yaml:" in said, "Nothing was written." in said) == (1, True, True)
    (library / PUBLISH).unlink()
    (library / PUBLISH).symlink_to("/etc/hostname")
    code, said = upgrade(later, library, "--write")
    assert (code, said.startswith(PUBLISH)) == (1, True), said


def test_all_files_are_written_or_none(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "z").write_bytes(b"somebody else's")
    changes = {"a": (b"1", b"2"), "new/b": (None, b"2"), "z": (b"1", b"2")}
    with pytest.raises(OutputError, match="Someone else has changed z"):
        scaffold.replace_files(changes, tmp_path)
    assert (tmp_path / "a").read_bytes() == b"1"
    assert not (tmp_path / "new" / "b").exists()


def test_after_an_end_midway_nothing_is_half_done(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal to end puts all files back. A computer that goes off cannot: the next run writes the rest."""
    ended = LaterVersion(tmp_path / "ended").copy()
    ended.edit("starter/hosts/github.yml", "\n", "\n\n")
    stop = "            begun.append(name)\n"
    ended.edit(
        "scaffold.py",
        stop,
        f"{stop}            len(begun) == 3 and os.kill(os.getpid(), int(os.environ.get('END', '0')))\n",
    )
    (library / "requirements.txt").write_text("statusgen==0.9\n")
    before = {path: path.read_bytes() for path in library.rglob("*") if path.is_file()}
    monkeypatch.setenv("END", str(SIGTERM.value))
    assert upgrade(ended, library, "--write")[0] == 128 + SIGTERM
    assert {path: path.read_bytes() for path in library.rglob("*") if path.is_file()} == before
    monkeypatch.setenv("END", str(SIGKILL.value))
    assert upgrade(ended, library, "--write")[0] == -SIGKILL
    monkeypatch.delenv("END")
    assert upgrade(ended, library, "--write")[0] == 0
    assert (library / PUBLISH).read_bytes() == (ended.package / "starter" / "hosts" / "github.yml").read_bytes()
    assert f"statusgen=={__version__}" in (library / "requirements.txt").read_text()


def test_what_is_started_by_a_double_click_can_be(tmp_path: Path) -> None:
    site = init(tmp_path / "site")
    (site / "desk.command").unlink()
    assert run("upgrade", "--write", "desk.command", "--source", str(site)).exit_code == 0
    assert os.access(site / "desk.command", os.X_OK)


# The version that a site installs.

OURS = f"./statusgen-{__version__}-py3-none-any.whl"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("statusgen==0.9", f"statusgen=={__version__}"),
        ("statusgen[notify, sign] == 0.9  # why", f"statusgen[notify, sign] == {__version__}  # why"),
        ("./statusgen-0.9-py3-none-any.whl", OURS),
        ("./wheels/statusgen-0.9-py3-none-any.whl[follow]", f"./wheels/{OURS[2:]}[follow]"),
        ("statusgen[sign] @ git+https://example.org/s@abc", "statusgen[sign] @ https://example.org/new.whl"),
        ("Statusgen === 0.9", f"Statusgen === {__version__}"),
        ("statusgen==0.9; python_version > '3.0.9'", f"statusgen=={__version__}; python_version > '3.0.9'"),
        ("\ufeffstatusgen==0.9", f"\ufeffstatusgen=={__version__}"),
        ("statusgen-0.9-py3-none-any.whl", OURS[2:]),
        *((same, same) for same in ("statusgen>=1", "statusgen==1.0.*", "statusgen")),
        *((same, same) for same in ("acme-statusgen==0.3\nstatusgen~=1.0", "-c statusgen==0.9.txt")),
        *((same, same) for same in ("https://example.org/statusgen==0.9/s.whl", "../statusgen-0.9-py3-none-any.whl")),
        *((same, same) for same in ("# not statusgen==2.5\nstatusgen>=1", "statusgen==0.9\nstatusgen[sign]==0.8")),
        ("s\0t\0a\0t\0u\0s\0g\0e\0n\0=\0=\0001\0", "s\0t\0a\0t\0u\0s\0g\0e\0n\0=\0=\0001\0"),
        ("statusgen==0.9 --hash=sha256:00", "statusgen==0.9 --hash=sha256:00"),
    ],
)
def test_the_version_is_written_as_the_site_has_it(old: str, new: str) -> None:
    around = "# Pinned since statusgen==0.8 broke\n{}\nother==0.9\nacme-statusgen==0.9  # statusgen==0.9\n"
    if old.startswith("\ufeff"):
        around = "{}\nother==0.9\n"
    pins = renew_pins(around.format(old), "statusgen @ https://example.org/new.whl")
    assert pins.text == around.format(new)
    assert bool(pins.remarks) is (old == new or ".whl" in old), "what is left to do is said"


def test_what_names_no_version_of_statusgen_is_said_as_it_is() -> None:
    many, several = (renew_pins(text, OURS).remarks for text in ("a\nstatusgen==1.0.*", "statusgen==1\nstatusgen==2"))
    assert many == (
        "requirements.txt:2 allows more than one version (statusgen==1.0.*), so a host installs the newest of them.",
    )
    assert several == ("requirements.txt names statusgen in several lines (1, 2), so none was changed. Leave one.",)
    assert "does not name statusgen" in renew_pins("# statusgen==1", OURS).remarks[0]
    assert (
        "is not UTF-8" in renew_pins("statusgen==1".encode("utf-16").decode(errors="surrogateescape"), OURS).remarks[0]
    )


def test_a_version_in_a_comment_is_not_the_site_s(tmp_path: Path) -> None:
    site = init(tmp_path / "site")
    (site / "requirements.txt").write_text("# do not use statusgen==2.5\nstatusgen==0.9\n")
    upgraded = run("upgrade", "--write", "--source", str(site))
    assert (upgraded.exit_code, "The site installs 0.9" in upgraded.output) == (0, True), upgraded.output
    assert (site / "requirements.txt").read_text() == f"# do not use statusgen==2.5\nstatusgen=={__version__}\n"


def test_a_wheel_goes_where_the_site_has_its_wheels(tmp_path: Path) -> None:
    site = init(tmp_path / "site")
    (site / "requirements.txt").write_text("./wheels/statusgen-0.9-py3-none-any.whl\n")
    said = run("upgrade", "--write", "--source", str(site)).output
    assert f"will install {OURS[2:]} from wheels/, where it is not yet" in said
    assert f"--wheel-dir {site}/wheels " in said


def test_a_site_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    site = init(tmp_path / "site")
    (site / "requirements.txt").write_text("statusgen==99.1\n")
    upgraded = run("upgrade", "--write", "--source", str(site))
    assert (upgraded.exit_code, (site / "requirements.txt").read_text()) == (1, "statusgen==99.1\n")
    assert "The site installs 99.1, which is newer than this statusgen" in upgraded.output


def test_bytes_that_are_no_text_stay(tmp_path: Path) -> None:
    site = init(tmp_path / "site")
    (site / "requirements.txt").write_bytes(b"# caf\xe9\r\nstatusgen==0.9\r\n")
    assert run("upgrade", "--write", "--source", str(site)).exit_code == 0
    assert (site / "requirements.txt").read_bytes() == f"# caf\xe9\r\nstatusgen=={__version__}\r\n".encode("latin-1")


def test_versions_elsewhere_are_shown_and_named(tmp_path: Path) -> None:
    site = init(tmp_path / "site")
    own = site / ".github" / "workflows" / "own.yml"
    own.write_text(
        "jobs:\n  a:\n    steps:\n    - run: pip install statusgen==0.9\n    - uses: them/statusgen@v0.9\n"
        "    # statusgen==0.8 broke\n"
        "    - run: pip install acme-statusgen==0.9 /w/statusgen==0.9/a 'statusgen==1.0.*'\n"
    )
    hooks = site / ".pre-commit-config.yaml"
    hooks.write_text(
        "repos:\n- repo: https://example.org/them/statusgen\n  rev: v0.9\n  hooks: [{id: statusgen-check}]\n"
    )
    said = run("upgrade", "--source", str(site)).output
    assert f"-    - run: pip install statusgen==0.9\n+    - run: pip install statusgen=={__version__}\n" in said
    assert (
        f"own.yml:5: This uses the action of statusgen at v0.9. Write the commit or the tag of {__version__}." in said
    )
    assert ".pre-commit-config.yaml:3: This uses the hook of statusgen at v0.9." in said
    assert "own.yml:7: statusgen cannot read this with certainty: statusgen==1.0.*." in said
    assert "pip install statusgen==0.9" in own.read_text()
    assert run("upgrade", "--write", ".github/workflows/own.yml", "--source", str(site)).exit_code == 0
    assert f"pip install statusgen=={__version__}\n" in own.read_text()
    assert own.read_text().count(__version__) == 1


# docs/hosts/upgrading.md


def test_what_the_page_says_to_type_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = init(tmp_path / "site")
    assert run("build", "--source", str(site)).exit_code == 0  # what diff compares with
    (site / "requirements.txt").write_text("statusgen==0.9\n")
    with (site / PUBLISH).open("a", encoding="utf-8") as file:
        file.write("# Ours\n")
    monkeypatch.chdir(site)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    whole, _pinned, one, checksums = code_blocks(DOCS / "hosts" / "upgrading.md", "bash")
    codes, said = zip(*(type_command(line) for line in whole.splitlines()), strict=True)
    assert codes == (0, HAS_CHANGES, 0, 0, 0), said
    assert (site / "requirements.txt").read_text() == f"statusgen=={__version__}\n"
    show, write = one.splitlines()
    assert "-# Ours\n" in type_command(show)[1]
    assert type_command(write)[0] == 0
    assert "# Ours" not in (site / PUBLISH).read_text(encoding="utf-8")
    digest = hashlib.sha256(b"a wheel").hexdigest()
    (site / "SHA256SUMS").write_text(f"{digest}  a.whl\n{digest}  b.tar.gz\n")
    (site / "a.whl").write_bytes(b"a wheel")
    assert type_command(checksums) == (0, "a.whl: OK\n")


def type_command(line: str) -> tuple[int, str]:
    ran = subprocess.run(
        shlex.split(line), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False
    )
    return ran.returncode, ran.stdout
