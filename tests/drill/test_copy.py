"""The copy in which a drill is held has a repository of its own, and nothing in it leads to anything else."""

import hashlib
import json
import re
import shlex
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.drill.office import NOON, SITE, Office, list_files
from tests.support.repository import Repository

POST = "new --title 'No payments' --service water-bill/online=down --since now --next 13:00 --text 'We look.'"


def make_kit(path: Path, about: object, files: dict[str, bytes], unlisted: dict[str, bytes] | None = None) -> Path:
    """Write a kit with these files, and sums that are right; `unlisted` are files that those do not name."""
    files = {"kit.json": json.dumps(about).encode(), "site/services.yaml": SITE.encode(), **files}
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**files, **(unlisted or {}), "SHA256SUMS": sums.encode()}.items():
            archive.writestr(f"status-kit/{name}", content)
    return path


ABOUT = {"site": "site", "branch": "", "origin": ""}


@pytest.fixture
def around(tmp_path: Path) -> Repository:
    """A repository that the folder of the drill is in, with a remote."""
    around = Repository(tmp_path / "around")
    subprocess.run(["git", "init", "--quiet", "--bare", str(tmp_path / "origin-around.git")], check=True)
    around.git("remote", "add", "origin", str(tmp_path / "origin-around.git"))
    around.git("push", "--quiet", "--set-upstream", "origin", "main")
    return around


def clone(repository: Repository, *options: str) -> Path:
    folder = repository.folder.parent / "clone"
    repository.git("clone", "--quiet", *options, repository.folder.as_uri(), str(folder))
    return folder


@pytest.mark.parametrize("kind", ["plain", "kit", "detached", "shallow", "subfolder"])
def test_whatever_it_is_made_from_it_has_its_own_repository(
    kind: str, repository: Repository, around: Repository, story: Path
) -> None:
    """Without one, git takes that which is around the folder of the drill, and the drill is pushed to colleagues."""
    folder, options = repository.folder.parent, []
    source = repository.folder
    if kind == "plain":
        source = folder / "plain"
        (source / "incidents").mkdir(parents=True)
        (source / "services.yaml").write_text(SITE, encoding="utf-8")
        Office(source).run(*shlex.split(POST), "--source", str(source), "--yes", "--title", "Old")
    elif kind == "kit":
        options = ["--kit", str(make_kit(folder / "kit.zip", ABOUT, {}))]
    elif kind == "detached":
        repository.git("checkout", "--quiet", "--detach")
    elif kind == "shallow":
        repository.commit("2024-05-03 08:00", {"incidents/.keep": ""})
        source = clone(repository, "--depth=1")
    else:
        around.commit("2024-05-02 08:00", {"town/services.yaml": SITE})
        around.git("push", "--quiet")
        source = around.folder / "town"
    office = Office(source)
    office.folder = around.folder / "drill"
    before = list_files(around.folder) | list_files(folder / "origin-around.git")
    office.drill("--story", str(story), "--no-wait", *options)
    if kind in ("plain", "subfolder"):
        office.at(15)
        office.write(POST)
        assert "This is a drill, so nothing is shared with colleagues." in office.publish()
        assert around.git("-C", str(office.site), "log", "-1", "--format=%ct").strip() == str(NOON + 15 * 60)
        pages = [page.read_text(encoding="utf-8") for page in (office.site / "site" / "incidents").glob("*/index.html")]
        assert len(pages) == (2 if kind == "plain" else 1)
        # When the old post was published, nobody knows.
        published = re.findall(r'First published: <time datetime="([^"]*)">', "".join(pages))
        assert published == ["2024-05-05T12:15-05:00"]
    site, top = office.site, office.folder / "site"
    assert around.git("-C", str(site), "rev-parse", "--show-toplevel").strip() == str(top)
    assert around.git("-C", str(site), "remote") == ""
    assert "Make this a drill" in around.git("-C", str(site), "log", "--format=%s")
    now = list_files(around.folder) | list_files(folder / "origin-around.git")
    assert {path: now[path] for path in now if not path.startswith(str(office.folder))} == before


BAD_KITS = {
    "git folder": (ABOUT, "site/.git/config"),
    "git folder in capitals": (ABOUT, "site/.GIT/config"),
    "git folder inside": (ABOUT, "site/incidents/.git/config"),
    "short name of the git folder": (ABOUT, "site/git~1/config"),
    "git folder with a dot": (ABOUT, "site/.git./config"),
    "git folder with what nobody sees": (ABOUT, "site/.g\u200cit/config"),
    "out of the folder": (ABOUT, "site/../../victim/services.yaml"),
    "another drive": (ABOUT, "site/C:/x"),
    "with backslashes": (ABOUT, "site/..\\..\\x"),
    "site out of the folder": ({**ABOUT, "site": "site/../../victim"}, "site/x"),
    "site elsewhere": ({**ABOUT, "site": "victim"}, "site/x"),
    "site is a number": ({**ABOUT, "site": 1}, "site/x"),
    "about is a list": ([], "site/x"),
    "about is empty": ({}, "site/x"),
}


@pytest.mark.parametrize("case", BAD_KITS)
def test_a_kit_that_leads_elsewhere_is_refused_with_a_sentence(case: str, town: Path, tmp_path: Path) -> None:
    about, path = BAD_KITS[case]
    victim = tmp_path / "victim" / "services.yaml"
    victim.parent.mkdir()
    victim.write_text("real\n", encoding="utf-8")
    kit = make_kit(tmp_path / "kit.zip", about, {path: b"[core]\n\tfsmonitor = touch /tmp/ran\n"})
    refuse_kit(Office(town), kit)
    assert victim.read_text(encoding="utf-8") == "real\n"


def refuse_kit(office: Office, kit: Path) -> str:
    refused = office.run("drill", str(office.folder), "--kit", str(kit))
    assert (refused.exit_code, type(refused.exception)) == (1, SystemExit)
    assert str(kit) in refused.stderr
    assert not office.folder.exists()
    return refused.stderr


def test_a_kit_that_was_changed_or_is_a_bomb_is_refused(town: Path, tmp_path: Path) -> None:
    office, kit = Office(town), tmp_path / "kit.zip"
    make_kit(kit, ABOUT, {}, unlisted={"site/incidents/2024-05-04-more.md": b"More.\n"})
    assert "changed it: site/incidents/2024-05-04-more.md" in refuse_kit(office, kit)
    make_kit(kit, ABOUT, {}, unlisted={"site/services.yaml": SITE.replace("Trash", "Cash").encode()})
    assert "changed it: site/services.yaml" in refuse_kit(office, kit)
    written = BytesIO(kit.read_bytes())
    with zipfile.ZipFile(written, "a") as archive:
        archive.writestr("status-kit/site/static/zeros", b"0")
        archive.filelist[-1].file_size = 3_000_000_000
    kit.write_bytes(written.getvalue())
    assert "is larger than 500 MB" in refuse_kit(office, kit)


def test_a_link_in_the_site_is_not_followed(repository: Repository, story: Path) -> None:
    """`site` is where the page is built: as a link to what a web server shows, it would be overwritten."""
    outside = repository.folder.parent / "outside"
    (outside / "web").mkdir(parents=True)
    (outside / "post.md").write_text("---\ntitle: Real\n", encoding="utf-8")
    (repository.folder / "site").symlink_to(outside / "web")
    (repository.folder / "incidents").mkdir(exist_ok=True)
    (repository.folder / "incidents" / "2024-05-01-real.md").symlink_to(outside / "post.md")
    repository.git("add", "--force", "site", "incidents")
    repository.commit("2024-05-03 08:00", {})
    before = list_files(outside)
    office = Office(repository.folder)
    assert "Not in the copy: incidents/2024-05-01-real.md\n" in office.drill("--story", str(story), "--no-wait")
    assert (list_files(outside), [*(outside / "web").iterdir()]) == (before, [])
    assert not any(path.is_symlink() for path in office.folder.rglob("*"))


def test_no_filter_runs_and_large_files_are_there(
    repository: Repository, story: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git LFS asks the repository where to get files, and a drill is held without a network."""
    folder, content = repository.folder.parent, b"the logo"
    digest = hashlib.sha256(content).hexdigest()
    stored = repository.folder / ".git" / "lfs" / "objects" / digest[:2] / digest[2:4] / digest
    stored.parent.mkdir(parents=True)
    stored.write_bytes(content)
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(content)}\n"
    attributes = "static/* filter=lfs\n*.yaml filter=evil\n"
    repository.commit("2024-05-03 08:00", {"static/logo.txt": pointer, ".gitattributes": attributes})
    ran = f"touch {folder / 'ran'}; false"
    settings = "".join(f'[filter "{name}"]\n\tsmudge = "{ran}"\n\tclean = "{ran}"\n' for name in ("lfs", "evil"))
    (folder / "gitconfig").write_text(settings, encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(folder / "gitconfig"))
    office = Office(repository.folder)
    office.drill("--story", str(story), "--no-wait")
    assert (office.site / "static" / "logo.txt").read_bytes() == content
    assert not (folder / "ran").exists()


def test_a_repository_with_sha_256_keeps_its_history(tmp_path: Path, story: Path) -> None:
    town = tmp_path / "town"
    town.mkdir()
    (town / "services.yaml").write_text(SITE, encoding="utf-8")
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@springfield.example")
    for words in (["init", "--quiet", "--object-format=sha256"], ["add", "."], ["commit", "--quiet", "-m", "First"]):
        subprocess.run(["git", *who, "-C", str(town), *words], check=True)
    office = Office(town)
    office.drill("--story", str(story), "--no-wait")
    log = subprocess.run(
        ["git", "-C", str(office.site), "log", "--format=%s"], check=True, capture_output=True, text=True
    )
    assert log.stdout == "Make this a drill\nFirst\n"


def test_a_drill_is_not_begun_inside_of_the_site(town: Path) -> None:
    office = Office(town)
    office.folder = town / "incidents" / "drill"
    refused = office.run("drill", str(office.folder), "--source", str(town))
    assert "is inside the folder of your site." in refused.stderr
    assert [*(town / "incidents").iterdir()] == []


@pytest.mark.parametrize("state", ['{"foo": 1}', '{"drill": 1, "site": "town"}'])
def test_a_file_that_somebody_committed_makes_no_drill(state: str, tmp_path: Path) -> None:
    repository = Repository(tmp_path / "all")
    repository.commit("2024-05-02 08:00", {"drill.json": state, "town/services.yaml": SITE})
    office = Office(repository.folder / "town")
    checked = office.run("check", "--source", str(office.source))
    assert checked.exit_code == 0, checked.output
    refused = office.run("notify", "--source", str(office.source))
    assert "drill" not in refused.output
    (repository.folder / "site").mkdir()
    (repository.folder / "town" / "services.yaml").replace(repository.folder / "site" / "services.yaml")
    assert "drill" not in office.run("notify", "--source", str(repository.folder / "site")).output


def test_a_drill_that_was_stopped_while_it_was_made_publishes_nothing(town: Path, story: Path) -> None:
    office = Office(town)
    office.drill("--story", str(story), "--no-wait")
    site = office.site
    (site / "services.yaml").write_text(SITE, encoding="utf-8")
    (office.folder / "drill.json").unlink()  # it is written last
    for words in (["publish", "--source", str(site)], ["drill", str(office.folder), "--source", str(town)]):
        refused = office.run(*words)
        assert refused.exit_code == 1
        assert "was stopped while it was made. Delete this folder, and begin again." in refused.stderr
