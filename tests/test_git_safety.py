"""Git is asked about archives from strangers: nothing that they name is run, and what git cannot tell is said."""

import hashlib
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from statusgen import git
from statusgen.cli.main import main
from tests.support.repository import Repository

POST = "---\ntitle: Trash is late\nstarted: 2024-05-05 08:00\nservices: {trash: degraded}\n---\nA day late.\n"
FILE = "incidents/2024-05-05-trash.md"
NESTED = "incidents/2024"

# Every setting of git that names a program. {trap} is one.
KEYS = [
    "alias.archive", "alias.cat-file", "alias.config", "alias.log", "alias.ls-tree", "alias.rev-parse", "alias.status",
    "browser.x.cmd", "core.alternateRefsCommand", "core.askPass", "core.editor", "core.fsmonitor", "core.gitProxy",
    "core.pager", "core.sshCommand", "credential.helper", "diff.external", "diff.x.command", "diff.x.textconv",
    "difftool.x.cmd", "filter.x.clean", "filter.x.process", "filter.x.smudge", "gpg.openpgp.program", "gpg.program",
    "gpg.ssh.defaultKeyCommand", "gpg.ssh.program", "gpg.x509.program", "guitool.x.cmd", "help.browser",
    "imap.tunnel", "instaweb.httpd", "interactive.diffFilter", "lfs.customtransfer.x.path", "lfs.extension.x.clean",
    "man.x.cmd", "merge.x.driver", "mergetool.x.cmd", "pager.log", "pager.status", "receive.procReceiveRefs",
    "remote.origin.receivepack", "remote.origin.uploadpack", "remote.origin.vcs", "sendemail.sendmailCmd",
    "sequence.editor", "submodule.x.update", "tar.tar.command", "tar.x.command", "trailer.x.cmd", "trailer.x.command",
    "uploadpack.packObjectsHook", "web.browser",
    # Names that are no UTF-8, long, empty, or have what separates keys.
    "credential.https://\udcff.helper", "diff.\udcff.command", "diff.\udcff.textconv", "filter.\udcff.clean",
    "filter.\udcff.process", "filter.\udcff.smudge", "filter..clean", "filter.a.b=c d.clean", "filter.x.y.clean",
    "filter.\u00e9\u2028.clean", "merge.\udcff.driver",
]  # fmt: skip
FILTERS = ("x", "\udcff", "x.y", "\u00e9\u2028")
HOOKS = [
    "post-index-change",
    "post-checkout",
    "pre-commit",
    "reference-transaction",
    "fsmonitor-watchman",
    "pre-auto-gc",
]
ASKED = (["check"], ["build", "--at", "2024-05-07"], ["status", "--at", "2024-05-07"], ["diff", "--against", "HEAD~1"])


@pytest.fixture
def city(tmp_path: Path) -> Repository:
    city = Repository(tmp_path / "city")
    city.commit("2024-05-05 08:20", {FILE: POST})
    return city


@pytest.fixture
def trap(tmp_path: Path) -> tuple[str, Path]:
    """A program, and the file that is there if it ran."""
    program, ran = tmp_path / "trap", tmp_path / "ran"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >> {ran}\ncat\n')
    program.chmod(0o755)
    return str(program), ran


def ask(city: Repository, words: list[str]) -> Result:
    return CliRunner().invoke(main, [words[0], "--source", str(city.folder), *words[1:]], catch_exceptions=False)


def set_traps(folder: Path, trap: str) -> None:
    """Make a repository name a program wherever it can."""
    for key in KEYS:
        subprocess.run(["git", "-C", str(folder), "config", key, f"!{trap}" if key[0] == "a" else trap], check=True)
    subprocess.run(["git", "-C", str(folder), "config", "status.submoduleSummary", "true"], check=True)
    subprocess.run(["git", "-C", str(folder), "config", "log.showSignature", "true"], check=True)
    hooks = Path(
        subprocess.check_output(["git", "-C", str(folder), "rev-parse", "--absolute-git-dir"], text=True).strip()
    )
    for name in HOOKS:
        (hooks / "hooks" / name).parent.mkdir(exist_ok=True)
        (hooks / "hooks" / name).write_text(f"#!/bin/sh\n{trap}\n")
        (hooks / "hooks" / name).chmod(0o755)
    subprocess.run(["git", "-C", str(folder), "config", "core.hooksPath", str(hooks / "hooks")], check=True)


def make_stale(path: Path) -> None:
    """Change the time of a file, so that git has to read it, through its filters."""
    os.utime(path, (1, 1))


def test_no_setting_of_the_repository_runs_anything(city: Repository, trap: tuple[str, Path]) -> None:
    attributes = "*.md filter=x diff=x merge=x export-subst\n*.yaml filter=x\n"
    city.commit(
        "2024-05-05 09:20", {".gitattributes": attributes, FILE: POST.replace("A day", "$Format:%G?%GG$ A day")}
    )
    set_traps(city.folder, trap[0])
    commit = city.git("cat-file", "commit", "HEAD")
    head, _, message = commit.partition("\n\n")
    signature = "gpgsig -----BEGIN SSH SIGNATURE-----\n AAAA\n -----END SSH SIGNATURE-----"
    trapped = Path(city.folder, "commit")
    trapped.write_text(f"{head}\n{signature}\n\n{message}")
    name = city.git("hash-object", "-t", "commit", "-w", str(trapped)).strip()
    trapped.unlink()
    (city.folder / ".git" / "refs" / "heads" / "main").write_text(name + "\n")
    for words in (*ASKED, ["diff", "--against", "HEAD"]):
        make_stale(city.folder / FILE)
        ask(city, words)
        assert not trap[1].exists(), f"{words}: {trap[1].read_text()}"


@pytest.mark.parametrize("is_registered", [True, False])
def test_no_setting_of_a_nested_repository_runs_anything(
    city: Repository, trap: tuple[str, Path], is_registered: bool
) -> None:
    inner = Repository(city.folder / NESTED)
    inner.commit("2024-05-05 08:20", {".gitattributes": "* filter=x diff=x\n", "a.md": POST})
    if is_registered:
        city.commit("2024-05-05 09:20", {})
        assert "160000" in city.git("ls-files", "--stage")
    set_traps(inner.folder, trap[0])
    trap[1].unlink(missing_ok=True)
    for words in ASKED:
        make_stale(inner.folder / "a.md")
        make_stale(city.folder / FILE)
        ask(city, words)
        assert not trap[1].exists(), f"{words}: {trap[1].read_text()}"


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("file", [".gitattributes", ".git/info/attributes"])
def test_no_filter_runs_whatever_its_name(city: Repository, trap: tuple[str, Path], name: str, file: str) -> None:
    city.commit("2024-05-05 09:20", {FILE: POST.replace("A day", "Two days")})
    attributes = city.folder / file
    attributes.write_bytes(os.fsencode(f"* filter={name} diff={name} merge={name}\n"))
    set_traps(city.folder, trap[0])
    trap[1].unlink(missing_ok=True)
    for words in (*ASKED, ["diff", "--against", "HEAD"]):
        make_stale(city.folder / FILE)
        ask(city, words)
        assert not trap[1].exists(), f"{words}: {trap[1].read_text()}"
    make_stale(city.folder / FILE)
    subprocess.run(["git", "-C", str(city.folder), "status"], check=False, capture_output=True)
    assert trap[1].exists()


def test_the_traps_work(city: Repository, trap: tuple[str, Path]) -> None:
    city.commit("2024-05-05 09:20", {".gitattributes": "* filter=x\n"})
    set_traps(city.folder, trap[0])
    make_stale(city.folder / FILE)
    subprocess.run(["git", "-C", str(city.folder), "status"], check=False, capture_output=True)
    assert trap[1].exists()


def test_a_folder_that_is_itself_the_inside_of_a_repository(city: Repository, trap: tuple[str, Path]) -> None:
    inside = city.folder / "page"
    (inside / "incidents").mkdir(parents=True)
    (inside / "services.yaml").write_text((city.folder / "services.yaml").read_text())
    subprocess.run(["git", "init", "--quiet", "--bare", str(inside)], check=True)
    set_traps(inside, trap[0])
    subprocess.run(["git", "-C", str(inside), "config", "core.bare", "false"], check=True)
    subprocess.run(["git", "-C", str(inside), "config", "core.worktree", str(inside)], check=True)
    trap[1].unlink(missing_ok=True)
    for words in ASKED:
        result = CliRunner().invoke(main, [words[0], "--source", str(inside), *words[1:]], catch_exceptions=False)
        assert "Traceback" not in result.output
    assert not trap[1].exists()


PICTURE, OTHER_PICTURE = (
    (Path(__file__).parent / "content" / "pictures" / f"{name}.png").read_bytes() for name in ("photo", "palette")
)


@pytest.fixture
def city_with_lfs(city: Repository, trap: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A city whose picture is in Git LFS, on the computer of a user who has that for every repository."""
    digest = hashlib.sha256(PICTURE).hexdigest()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(PICTURE)}\n"
    post = POST + "![The truck](truck.png)\n"
    city.commit("2024-05-05 09:20", {"incidents/truck.png": pointer, FILE: post})
    city.commit("2024-05-05 09:40", {".gitattributes": "*.png filter=lfs diff=lfs merge=lfs -text\n"})
    (city.folder / "incidents" / "truck.png").write_bytes(PICTURE)
    stored = city.folder / ".git" / "lfs" / "objects" / digest[:2] / digest[2:4] / digest
    stored.parent.mkdir(parents=True)
    stored.write_bytes(PICTURE)
    home = trap[1].with_name("home")
    home.mkdir()
    keys = "".join(f"\t{key} = {trap[0]}\n" for key in ("clean", "smudge", "process"))
    (home / ".gitconfig").write_text(f'[filter "lfs"]\n{keys}\trequired = true\n')
    monkeypatch.setenv("HOME", str(home))
    return city


def test_the_filters_of_the_user_do_not_run_either(city_with_lfs: Repository, trap: tuple[str, Path]) -> None:
    for words in (*ASKED, ["diff", "--against", "HEAD"]):
        make_stale(city_with_lfs.folder / "incidents" / "truck.png")
        ask(city_with_lfs, words)
        assert not trap[1].exists(), f"{words}: {trap[1].read_text()}"


def test_a_picture_in_git_lfs_is_committed_unless_it_changed(city_with_lfs: Repository) -> None:
    make_stale(city_with_lfs.folder / "incidents" / "truck.png")
    assert "not committed" not in ask(city_with_lfs, ["build", "--at", "2024-05-07"]).output
    (city_with_lfs.folder / "incidents" / "truck.png").write_bytes(OTHER_PICTURE)
    assert "lacks it: incidents/truck.png." in ask(city_with_lfs, ["build", "--at", "2024-05-07"]).output


def test_a_revision_has_its_pictures_from_git_lfs(city_with_lfs: Repository) -> None:
    result = ask(city_with_lfs, ["diff", "--against", "HEAD", "--at", "2024-05-07"])
    assert result.exit_code == 0, result.output
    shutil.rmtree(city_with_lfs.folder / ".git" / "lfs")
    assert "pointer to a picture in Git LFS" in ask(city_with_lfs, ["diff", "--against", "HEAD"]).output


def test_programs_are_not_looked_up_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trap, real = tmp_path / "here" / "git", tmp_path / "bin" / "git"
    for program in (trap, real):
        program.parent.mkdir()
        program.write_text("#!/bin/sh\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.chdir(trap.parent)
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", str(real.parent)]))
    assert git.find_program("git") == str(real)
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", "../here"]))
    assert git.find_program("git") is None


# What git cannot tell


def test_a_checkout_that_belongs_to_somebody_else(city: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{city.folder.parent}{os.pathsep}{os.environ['PATH']}")
    program = git.find_program("git")
    # Git has this for its own tests; statusgen takes git's variables out, so it is set below.
    (city.folder.parent / "git").write_text(f'#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec {program} "$@"\n')
    (city.folder.parent / "git").chmod(0o755)
    git._search_path.cache_clear()
    hint = f"git config --global --add safe.directory {city.folder}"
    for words in ASKED[:2]:
        said = ask(city, words).output
        assert "This folder belongs to another user" in said
        assert hint in said


def test_a_shallow_clone(city: Repository, tmp_path: Path) -> None:
    city.commit("2024-05-05 09:20", {FILE: POST.replace("A day", "Two days")})
    copy = tmp_path / "copy"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", city.folder.as_uri(), str(copy)], check=True)
    for words in ASKED[:2]:
        result = CliRunner().invoke(main, [words[0], "--source", str(copy), *words[1:]])
        assert "This is a shallow clone" in result.output
        assert "git fetch --unshallow" in result.output


ENDLESS = [
    "commondir", "config.worktree", "index", "info/attributes", "info/exclude", "info/grafts",
    "objects/info/alternates", "packed-refs", "refs/heads/other", "refs/tags/HEAD", "shallow",
]  # fmt: skip


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
@pytest.mark.parametrize("name", ENDLESS)
@pytest.mark.parametrize("kind", ["pipe", "device", "link to a pipe"])
def test_what_has_no_end_where_git_expects_a_file_is_refused_at_once(city: Repository, name: str, kind: str) -> None:
    file, pipe = city.folder / ".git" / name, city.folder / "pipe"
    file.parent.mkdir(exist_ok=True)
    file.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(file)
    elif kind == "device":
        file.symlink_to("/dev/zero")
    else:
        os.mkfifo(pipe)
        file.symlink_to(pipe)
    result = ask(city, ["check"])
    assert result.exit_code
    assert "is not a file" in result.output
    assert "Traceback" not in result.output


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
def test_what_lends_objects_is_looked_at_too(city: Repository, tmp_path: Path) -> None:
    lender = tmp_path / "lender" / "info"
    lender.mkdir(parents=True)
    (lender / "alternates").symlink_to("/dev/zero")
    alternates = city.folder / ".git" / "objects" / "info" / "alternates"
    alternates.parent.mkdir(exist_ok=True)
    alternates.write_text(f"{lender.parent}\n")
    assert "is not a file" in ask(city, ["check"]).output


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="Windows has no such files")
@pytest.mark.parametrize("key", ["core.attributesFile", "core.excludesFile", "diff.orderFile"])
def test_a_setting_that_names_what_has_no_end(city: Repository, key: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for endless in ("/dev/zero", str(tmp_path / "pipe")):
        city.git("config", key, endless)
        for words in (*ASKED, ["diff", "--against", "HEAD"]):
            make_stale(city.folder / FILE)
            assert ask(city, words).exit_code in (0, 1)
    city.git("config", key, os.devnull)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="Windows has no such files")
def test_a_revision_with_a_link_out_of_the_site_is_not_compared_with(city: Repository) -> None:
    (city.folder / "incidents" / "x.png").symlink_to("/etc/passwd")
    city.commit("2024-05-05 10:20", {})
    (city.folder / "incidents" / "x.png").unlink()
    result = ask(city, ["diff", "--against", "HEAD"])
    assert result.exit_code == 1
    assert 'The revision "HEAD" has a file that cannot be written' in result.output


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="Windows has no such files")
def test_names_in_a_repository_that_are_no_text(city: Repository) -> None:
    (city.folder / ".git" / "shallow").write_bytes(b"\xff\n")
    for words in ASKED:
        assert "Traceback" not in ask(city, words).output


def test_no_git(city: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for words in ASKED[:2]:
        assert "There is no git on this computer" in ask(city, words).output


def test_an_older_git_is_not_used(city: Repository, trap: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    older = city.folder.parent / "old" / "git"
    older.parent.mkdir()
    older.write_text(f'#!/bin/sh\ncase "$1" in --version) echo git version 2.30.9;; *) {trap[0]};; esac\n')
    older.chmod(0o755)
    monkeypatch.setenv("PATH", str(older.parent))
    for words in ASKED[:2]:
        said = ask(city, words).output
        assert "older than 2.31" in said
        assert "Install git 2.31 or newer" in said
    assert not trap[1].exists()


@pytest.mark.parametrize(
    "setting",
    [
        *("diff.algorithm=zzz", "diff.context=-1", "diff.interHunkContext=-3", "diff.colorMoved=zzz"),
        *("diff.suppressBlankEmpty=x", "log.date=zzz", "core.worktree=/"),
    ],
)
def test_a_setting_that_git_refuses(city: Repository, setting: str) -> None:
    city.git("config", *setting.split("="))
    for words in ASKED[:2]:
        said = ask(city, words).output
        assert "Git cannot read the history of this folder" in said or "The setting core.worktree leads git" in said


def test_a_repository_without_commits_lacks_nothing(city: Repository) -> None:
    city.git("update-ref", "-d", "HEAD")
    assert "no-history" not in ask(city, ["check"]).output


def test_a_whole_clone_and_a_folder_outside_of_git_are_fine(city: Repository, tmp_path: Path) -> None:
    assert "no-history" not in ask(city, ["check"]).output
    (city.folder / ".git").rename(tmp_path / "git")
    assert "no-history" not in ask(city, ["check"]).output


def test_a_build_says_what_is_not_committed(city: Repository) -> None:
    assert "not committed" not in ask(city, ["build"]).output
    (city.folder / FILE).write_text(POST.replace("A day", "Two days"))
    (city.folder / "incidents" / "2024-05-06-new.md").write_text(POST)
    said = ask(city, ["build"]).output
    assert f"Not committed, so the record of changes lacks it: {FILE}, incidents/2024-05-06-new.md." in said
    assert "not committed" not in ask(city, ["check"]).output


def test_an_address_without_encryption_is_advised_on(city: Repository) -> None:
    services = (city.folder / "services.yaml").read_text()
    for address, is_told in (("http://springfield.example/", True), ("http://localhost:8000/", False)):
        (city.folder / "services.yaml").write_text(services.replace("https://springfield.example/", address))
        assert ("[insecure-url]" in ask(city, ["check"]).output) == is_told
