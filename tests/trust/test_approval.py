"""`build --require-signed` publishes what was approved and nothing else, whatever the repository's settings are."""

import hashlib
import json
import os
import shutil
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from statusgen.cli.main import main
from statusgen.trust import git_objects
from tests.support.sample_sites import make_city
from tests.support.signing_keys import private_key, signers_file

SERVICES = "  - {id: trash, name: Trash pickup}\n  - {id: water-bill, name: Pay a water bill}\n"
POST = "---\ntitle: Water bills cannot be paid\nstarted: 2024-05-04 08:00\nservices: {water-bill: down}\n---\n%s\n"
DAY = 86_400
NOON = 1714842000  # 2024-05-04 12:00 in Chicago
GIT = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@city.example",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@city.example",
}


def signing_options(name: str) -> list[str]:
    """Return the options by which git signs with a person's key."""
    return ["-c", f"user.signingkey={private_key(name)}", "-c", "gpg.format=ssh"]


def with_press(*names: str, options: str = "") -> Path:
    """Write a file that trusts these people's commits, and the manifests that the press office signs."""
    file = private_key("press").with_name(f"press-{len(names)}-{len(options)}")
    press = signers_file("press", options='namespaces="statusgen"')
    file.write_text(signers_file(*names, options=options).read_text() + press.read_text())
    return file


class Office:
    """A city's folder in git. `time` is the time of the next commit, and of the next build."""

    def __init__(self, folder: Path, begins: bool = False) -> None:
        self.folder, self.site, self.time = folder / "city", folder / "site", NOON
        if begins:
            self.folder.mkdir()
            make_city(self.folder, SERVICES, POST % "We are looking into it.")
            self.git("init", "--quiet", "--initial-branch=main")
            self.commit("Water bills", by="ada")
        self.time = NOON + 60

    def git(self, *words: str, fails: bool = False) -> str:
        time = f"{self.time} +0000"
        environment = {**GIT, "GIT_AUTHOR_DATE": time, "GIT_COMMITTER_DATE": time}
        done = subprocess.run(
            ["git", *words], cwd=self.folder, env=environment, capture_output=True, text=True, check=not fails
        )
        return done.stdout.strip()

    def say(self, words: str) -> None:
        (self.folder / "incidents" / "post-1.md").write_text(POST % words)

    def commit(self, subject: str, by: str | None, *options: str) -> str:
        """Commit everything, signed by a person or unsigned; return the short name of the commit."""
        self.time += 60
        signing = signing_options(by) if by else []
        self.git("add", "--all")
        sign = "--gpg-sign" if by else "--no-gpg-sign"
        self.git(*signing, "commit", "--quiet", "--allow-empty", "--message", subject, sign, *options)
        return self.head()

    def head(self) -> str:
        return self.git("rev-parse", "HEAD")[:10]

    def build(self, *options: str | Path, allowed: Path | None = None) -> Result:
        words = ["build", "--source", self.folder, "--output", self.site, *options]
        words += ["--require-signed", allowed or signers_file("ada", "bob")]
        now = {"SOURCE_DATE_EPOCH": str(self.time + 60)}
        return CliRunner().invoke(main, [str(word) for word in words], env=now, catch_exceptions=False)

    def publish(self, *options: str | Path, allowed: Path | None = None) -> str:
        result = self.build(*options, allowed=allowed)
        assert result.exit_code == 0, result.output
        return result.output

    def refuse(self, *words: str, options: tuple[str, ...] = (), allowed: Path | None = None) -> str:
        """Build, and check that it is refused with these words and that the published site is unchanged."""
        before = self.published()
        result = self.build(*options, allowed=allowed)
        assert result.exit_code == 1, result.output
        assert self.published() == before
        for each in words:
            assert each in result.output, result.output
        return result.output

    def published(self) -> dict[str, bytes]:
        return {
            file.relative_to(self.site).as_posix(): file.read_bytes() for file in self.site.rglob("*") if file.is_file()
        }

    def page(self) -> str:
        return (self.site / "incidents" / "post-1" / "index.html").read_text()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What every office starts with: its first commit, signed and published."""
    folder = tmp_path_factory.mktemp("model")
    Office(folder, begins=True).publish()
    return folder


@pytest.fixture
def office(model: Path, tmp_path: Path) -> Office:
    """An office whose first signed commit is published."""
    shutil.copytree(model, tmp_path, dirs_exist_ok=True)
    return Office(tmp_path)


@pytest.fixture
def trap(tmp_path: Path) -> tuple[str, Path]:
    """A program, and the file that is there if it ran."""
    program, ran = tmp_path / "trap", tmp_path / "ran"
    program.write_text(f"#!/bin/sh\ntouch {ran}\ncat\nexit 0\n")
    program.chmod(0o755)
    return str(program), ran


# What is published


def test_what_is_signed_is_published(office: Office) -> None:
    office.say("It is the cable.")
    name = office.commit("The cable", "ada")
    said = office.publish()
    assert f"It is made from commit {name}, signed by ada@city.example." in said
    assert "It is the cable." in office.page()
    manifest = json.loads((office.site / "manifest.json").read_bytes())
    assert manifest["revision"].startswith(name)


def test_it_is_what_an_ordinary_build_of_that_commit_makes(office: Office, tmp_path: Path) -> None:
    office.say("It is the cable.")
    office.commit("The cable", "bob")
    office.publish()
    words = ["build", "--source", str(office.folder), "--output", str(tmp_path / "ordinary")]
    now = {"SOURCE_DATE_EPOCH": str(office.time + 60)}
    assert CliRunner().invoke(main, words, env=now, catch_exceptions=False).exit_code == 0
    ordinary = {file.relative_to(tmp_path / "ordinary").as_posix(): file for file in (tmp_path / "ordinary").rglob("*")}
    assert office.published() == {path: file.read_bytes() for path, file in ordinary.items() if file.is_file()}


def test_the_same_commit_may_be_published_again_and_again(office: Office) -> None:
    office.time += DAY
    office.publish("--sign", private_key("press"), allowed=with_press("ada"))
    # What was published while its key was trusted stays valid; the page has to be built again as time goes by.
    office.publish(allowed=with_press("ada", options='valid-before="20240504180000Z"'))


def test_several_who_sign_and_a_signed_merge_are_published(office: Office) -> None:
    office.git("checkout", "--quiet", "-b", "side")
    (office.folder / "README").write_text("A side.\n")
    office.commit("A side", "bob")
    office.git("checkout", "--quiet", "main")
    office.say("It is the cable.")
    office.commit("The cable", "ada")
    office.time += 60
    office.git(*signing_options("ada"), "merge", "--quiet", "--no-ff", "--gpg-sign", "--message", "Merge", "side")
    office.publish()


def test_a_site_in_a_folder_of_its_repository(tmp_path: Path) -> None:
    office = Office(tmp_path, begins=True)
    (office.folder / "pages").mkdir()
    for name in ("services.yaml", "incidents"):
        (office.folder / name).rename(office.folder / "pages" / name)
    office.commit("In a folder", "ada")
    top, office.folder = office.folder, office.folder / "pages"
    office.publish()
    office.folder = top
    assert "We are looking into it." in office.page()


def test_a_second_work_tree_is_as_good(office: Office, tmp_path: Path) -> None:
    office.git("worktree", "add", "--quiet", str(tmp_path / "second"))
    office.folder = tmp_path / "second"
    office.say("It is the cable.")
    office.commit("The cable", "ada")
    office.publish()
    assert "It is the cable." in office.page()


# What is refused


def test_an_unsigned_commit(office: Office) -> None:
    name = office.commit("Not by me", None)
    office.refuse(f"Commit {name} (Not by me) is not signed.", "Have it reviewed and signed by someone listed in")


def test_an_unsigned_ancestor_since_the_last_publication(office: Office) -> None:
    name = office.commit("Not by me", None)
    office.commit("By me", "ada")
    office.refuse(f"Commit {name} (Not by me) is not signed.")
    assert "We are looking" in office.page()
    assert "signed by ada@city.example" in office.publish("--since", name)  # someone looked at it


def test_what_is_published_already_is_not_taken_on_trust(office: Office) -> None:
    name = office.commit("Not by me", None)
    manifest = office.site / "manifest.json"
    told = json.loads(manifest.read_bytes()) | {"revision": office.git("rev-parse", "HEAD")}
    manifest.write_text(json.dumps(told))
    office.refuse(f"Commit {name} (Not by me) is not signed.")


def test_without_a_publication_the_whole_history_counts(tmp_path: Path) -> None:
    office = Office(tmp_path, begins=True)
    first = office.head()
    name = office.commit("Not by me", None)
    office.commit("By me", "ada")
    office.refuse(f"Commit {name} (Not by me) is not signed.")
    office.refuse(f"Commit {name} (Not by me) is not signed.", options=("--since", first))
    assert not office.site.exists()
    office.publish("--since", name)


def test_a_key_that_nobody_knows(office: Office) -> None:
    name = office.commit("By mallory", "mallory")
    office.refuse(f"Commit {name} (By mallory) is signed with a key that", "does not list.")


def test_a_key_whose_validity_was_over(office: Office) -> None:
    allowed = signers_file("ada", options='valid-before="20240504171000Z"')
    office.time += DAY
    name = office.commit("Too late", "ada")
    office.refuse(f"Commit {name} (Too late) is signed with a key that", "does not allow for this", allowed=allowed)


def test_a_key_whose_validity_is_over_by_now_though_the_commit_names_an_earlier_time(office: Office) -> None:
    allowed = signers_file("ada", options='valid-before="20240504171000Z"')
    name = office.commit("Dated back", "ada")
    office.time += DAY
    office.refuse(f"Commit {name} (Dated back) is signed with a key that", allowed=allowed)


def test_a_key_that_is_for_something_else(office: Office) -> None:
    name = office.commit("Other key", "ada")
    office.refuse(
        f"Commit {name}", "does not allow for this", allowed=signers_file("ada", options='namespaces="statusgen"')
    )


def rewrite(office: Office, old: bytes, new: bytes) -> str:
    """Replace the checked-out commit with one that differs in some bytes."""
    commit = subprocess.run(["git", "cat-file", "commit", "HEAD"], cwd=office.folder, capture_output=True, check=True)
    assert old in commit.stdout
    written = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"],
        cwd=office.folder, input=commit.stdout.replace(old, new), capture_output=True, check=True,
    )  # fmt: skip
    office.git("reset", "--quiet", "--hard", written.stdout.decode().strip())
    return office.head()


def test_a_commit_that_was_changed_after_it_was_signed(office: Office) -> None:
    office.commit("By me", "ada")
    name = rewrite(office, b"By me", b"By us")
    office.refuse(f"Commit {name} (By us) has a signature that does not match it")


def test_a_signature_that_was_taken_from_another_commit(office: Office) -> None:
    office.commit("By me", "ada")
    office.say("All is well.")
    office.git("add", "--all")
    old, new = office.git("rev-parse", "HEAD^{tree}"), office.git("write-tree")
    name = rewrite(office, old.encode(), new.encode())
    office.refuse(f"Commit {name} (By me) has a signature that does not match it")


def test_an_object_that_is_not_what_its_name_says(office: Office) -> None:
    office.say("All is well.")
    office.commit("By me", "ada")
    blob = office.git("rev-parse", "HEAD:incidents/post-1.md")
    file = office.folder / ".git" / "objects" / blob[:2] / blob[2:]
    content = (POST % "All is lost.").encode()
    file.chmod(0o644)
    file.write_bytes(zlib.compress(b"blob %d\0%s" % (len(content), content)))
    office.refuse(f"The blob {blob[:10]} is not what its name says", "Clone the repository again")


def object_file(office: Office, name: str) -> Path:
    """Return the file of an object, to be overwritten."""
    file = office.folder / ".git" / "objects" / name[:2] / name[2:]
    file.chmod(0o644)
    return file


def replace_object(office: Office, name: str, kind: str, content: bytes) -> None:
    object_file(office, name).write_bytes(zlib.compress(b"%b %d\0%b" % (kind.encode(), len(content), content)))


@pytest.mark.parametrize("kind", ["blob", "tree", "commit"])
def test_an_earlier_object_that_is_not_what_its_name_says(office: Office, kind: str) -> None:
    """The record of changes quotes what was said before."""
    office.say("It is the cable. We are at work.")
    office.commit("The cable", "ada")
    office.say("It is the cable. It is not the office.")
    office.commit("Not the office", "ada")
    earlier = "HEAD~1:incidents/post-1.md"
    office.publish()
    if kind == "blob":
        replace_object(office, office.git("rev-parse", earlier), "blob", (POST % "Call 555-0199 and pay.").encode())
    elif kind == "tree":
        new = office.git("hash-object", "-w", "--stdin")  # an empty file
        tree, old = office.git("rev-parse", "HEAD~1:incidents"), office.git("rev-parse", earlier)
        content = subprocess.check_output(["git", "cat-file", "tree", tree], cwd=office.folder)
        assert bytes.fromhex(old) in content
        replace_object(office, tree, "tree", content.replace(bytes.fromhex(old), bytes.fromhex(new)))
    else:
        commit = office.git("rev-parse", "HEAD~1")
        content = subprocess.check_output(["git", "cat-file", "commit", commit], cwd=office.folder)
        replace_object(office, commit, "commit", content.replace(b"The cable", b"The fable"))
    office.refuse("is not what its name says", "a source that you trust")
    assert "555-0199" not in office.page()


def test_an_earlier_object_in_a_pack_with_a_wrong_index(office: Office) -> None:
    office.say("It is the cable.")
    office.commit("The cable", "ada")
    office.say("Not the cable.")
    office.commit("Not the cable", "ada")
    office.publish()
    old = office.git("rev-parse", "HEAD~1:incidents/post-1.md")
    (office.folder / "words").write_text(POST % "Call 555-0199.")
    new = office.git("hash-object", "-w", "words")
    (office.folder / "words").unlink()
    pack = subprocess.run(
        ["git", "pack-objects", ".git/objects/pack/pack"],
        cwd=office.folder,
        input=new.encode(),
        capture_output=True,
        check=True,
    )
    index = office.folder / ".git" / "objects" / "pack" / f"pack-{pack.stdout.decode().strip()}.idx"
    content = index.read_bytes()
    # The index of a pack has a table by the first byte of the names (gitformat-pack).
    table = b"".join((0 if first < int(old[:2], 16) else 1).to_bytes(4) for first in range(256))
    content = content[:8] + table + content[8 + 1024 :].replace(bytes.fromhex(new), bytes.fromhex(old))
    index.chmod(0o644)
    index.write_bytes(content[:-20] + hashlib.sha1(content[:-20]).digest())
    object_file(office, old).unlink()
    assert "555-0199" in office.git("cat-file", "blob", old)
    office.refuse("is not what its name says")


def test_an_earlier_object_that_is_missing(office: Office) -> None:
    office.say("It is the cable.")
    office.commit("The cable", "ada")
    office.say("Not the cable.")
    office.commit("Not the cable", "ada")
    object_file(office, office.git("rev-parse", "HEAD~1:incidents/post-1.md")).unlink()
    office.refuse("missing")


def test_a_commit_graph_that_says_something_else(office: Office) -> None:
    """Git believes that file, which nobody signs."""
    office.say("It is the cable.")
    office.commit("The cable", "ada")
    tree = bytes.fromhex(office.git("rev-parse", "HEAD:"))
    office.say("Call 555-0199.")
    forged = office.commit("Not by me", None)
    wrong = bytes.fromhex(office.git("rev-parse", f"{forged}:"))
    office.git("reset", "--quiet", "--hard", "HEAD~1")
    office.say("Not the cable.")
    office.commit("Not the cable", "ada")
    office.git("commit-graph", "write", "--reachable")
    graph = office.folder / ".git" / "objects" / "info" / "commit-graph"
    graph.chmod(0o644)
    content = graph.read_bytes().replace(tree, wrong)[:-20]
    graph.write_bytes(content + hashlib.sha1(content).digest())
    assert wrong.hex() in office.git("log", "--format=%T")
    result = office.build()
    assert "555-0199" not in office.page()
    assert result.exit_code == 1 or "It is the cable." in office.page()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such pipes")
@pytest.mark.parametrize("name", ["objects/info/alternates", "shallow", "commondir"])
def test_a_pipe_in_the_repository_is_not_waited_for(office: Office, name: str) -> None:
    (office.folder / ".git" / "objects" / "info").mkdir(exist_ok=True)
    os.mkfifo(office.folder / ".git" / name)
    office.refuse("is not a file, so git cannot read the history.")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such pipes")
def test_a_pipe_in_place_of_an_object_is_waited_for_with_an_end(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_objects, "TIMEOUT", 1)
    file = object_file(office, office.git("rev-parse", "HEAD"))
    file.unlink()
    os.mkfifo(file)
    office.refuse("Git has not answered for 1 seconds.")


def test_a_place_of_the_objects_that_is_no_text(office: Office) -> None:
    (office.folder / ".git" / "commondir").write_bytes(b"\xff")
    assert "Traceback" not in office.refuse()
    (office.folder / ".git" / "commondir").write_bytes(b"a\0b")
    assert "Traceback" not in office.refuse()


def test_a_commit_object_under_a_name_that_was_published(office: Office) -> None:
    commit = office.git("rev-parse", "HEAD")
    content = (
        b"tree %b\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\n\nx\n" % office.git("rev-parse", "HEAD:").encode()
    )
    file = office.folder / ".git" / "objects" / commit[:2] / commit[2:]
    file.chmod(0o644)
    file.write_bytes(zlib.compress(b"commit %d\0%s" % (len(content), content)))
    assert hashlib.sha1(content).hexdigest() != commit
    office.refuse("is not what its name says")


def name_as_published(office: Office, revision: str) -> None:
    """Change the manifest of the published site, as someone could who can write to its folder and no more."""
    manifest = office.site / "manifest.json"
    document = json.loads(manifest.read_bytes())
    manifest.write_text(json.dumps({**document, "revision": revision}))


def test_a_manifest_that_nobody_signed_approves_nothing(office: Office) -> None:
    name = office.commit("Not by me", None)
    name_as_published(office, office.git("rev-parse", "HEAD"))
    office.commit("By me", "ada")
    office.refuse(f"Commit {name} (Not by me) is not signed.", "has no signature", "Build with --sign")


def test_a_signed_manifest_says_what_was_published_last(office: Office) -> None:
    name = office.commit("Not by me", None)
    office.say("It is the cable.")
    office.commit("By me", "ada")
    office.publish("--since", name, "--sign", private_key("press"), allowed=with_press("ada"))
    office.commit("By me again", "ada")
    office.publish("--sign", private_key("press"), allowed=with_press("ada"))


@pytest.mark.parametrize("key", ["press", "mallory"])
def test_a_manifest_that_was_changed_or_signed_by_somebody_else(office: Office, key: str) -> None:
    office.publish("--sign", private_key(key), allowed=with_press("ada"))
    name = office.commit("Not by me", None)
    if key == "press":
        name_as_published(office, office.git("rev-parse", "HEAD"))
    wrong = "has a signature that does not match it" if key == "press" else "does not list"
    office.refuse(wrong, "does not say what was published last", "--since", allowed=with_press("ada"))
    office.refuse(f"Commit {name}", options=("--since", "HEAD~1"), allowed=with_press("ada"))


def test_the_work_tree_is_not_what_is_published(office: Office) -> None:
    office.say("All is well.")
    (office.folder / "incidents" / "post-2.md").write_text(POST % "Call this number: 555-0199.")
    said = office.publish()
    assert "We are looking into it." in office.page()
    assert not (office.site / "incidents" / "post-2").exists()
    told = "Not published, because it differs from the commit: incidents/post-1.md, incidents/post-2.md"
    assert told in said


def test_what_is_only_added_to_the_index_is_not_published(office: Office) -> None:
    office.say("All is well.")
    office.git("add", "--all")
    office.git("update-index", "--assume-unchanged", "incidents/post-1.md")
    office.publish()
    assert "We are looking into it." in office.page()


def test_an_older_commit_though_it_is_signed(office: Office) -> None:
    first = office.head()
    office.say("It is the cable.")
    name = office.commit("The cable", "ada")
    office.publish()
    office.git("reset", "--quiet", "--hard", first)
    office.refuse(f"Commit {first} is older than what is published, which is {name}.", "git revert")


def test_another_history_though_it_is_signed(office: Office) -> None:
    first = office.head()
    office.git("checkout", "--quiet", "--orphan", "other")
    name = office.commit("Another history", "ada")
    office.refuse(f"Commit {name} does not descend from what is published, which is {first}.", "--since")


def test_a_history_that_left_the_published_one(office: Office) -> None:
    first = office.head()
    office.say("It is the cable.")
    published = office.commit("The cable", "ada")
    office.publish()
    office.git("reset", "--quiet", "--hard", first)
    name = office.commit("Another way", "ada")
    office.refuse(f"Commit {name} does not descend from what is published, which is {published}.")


def test_a_merge_that_brings_an_unsigned_side(office: Office) -> None:
    office.git("checkout", "--quiet", "-b", "side")
    (office.folder / "README").write_text("A side.\n")
    name = office.commit("A side", None)
    office.git("checkout", "--quiet", "main")
    office.commit("The cable", "ada")
    office.time += 60
    office.git(*signing_options("ada"), "merge", "--quiet", "--no-ff", "--gpg-sign", "--message", "Merge", "side")
    office.refuse(f"Commit {name} (A side) is not signed.")


def test_a_copy_that_lacks_the_commits_in_between(office: Office, tmp_path: Path) -> None:
    for number in range(4):
        office.commit(f"Number {number}", "ada")
    office.git("clone", "--quiet", "--depth=2", office.folder.as_uri(), str(tmp_path / "shallow"))
    office.folder = tmp_path / "shallow"
    office.refuse("is not in this copy of the repository.", "git fetch --unshallow")
    office.git("fetch", "--quiet", "--unshallow")
    office.publish()


def test_content_that_is_a_link(office: Office) -> None:
    post = office.folder / "incidents" / "post-1.md"
    post.unlink()
    post.symlink_to("/etc/passwd")
    name = office.commit("A link", "ada")
    office.refuse(f"Commit {name} (A link) has a link at incidents/post-1.md", "Put the file itself in its place.")


def test_content_whose_name_leads_to_another_disk_on_some_systems(office: Office) -> None:
    (office.folder / "incidents" / "C:post-2.md").write_text(POST % "All is well.")
    name = office.commit("Another disk", "ada")
    office.refuse(f"Commit {name} (Another disk) has a file whose name cannot be used: incidents/C:post-2.md.")


def test_content_that_is_another_repository(office: Office) -> None:
    commit = office.git("rev-parse", "HEAD")
    office.git("update-index", "--add", "--cacheinfo", f"160000,{commit},incidents/more")
    office.time += 60
    office.git(*signing_options("ada"), "commit", "--quiet", "-m", "A module", "-S")
    office.refuse("has another repository at incidents/more")


def test_a_gpg_signature(office: Office, tmp_path: Path) -> None:
    home = tmp_path / "gnupg"
    home.mkdir(mode=0o700)
    gpg = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""]
    subprocess.run([*gpg, "--quick-generate-key", "ada@city.example", "ed25519"], check=True, capture_output=True)
    program = tmp_path / "gpg"
    program.write_text(f'#!/bin/sh\nexec gpg --homedir "{home}" --batch "$@"\n')
    program.chmod(0o755)
    office.time += 60
    office.git(
        "-c", f"gpg.program={program}", "-c", "user.signingkey=ada@city.example", "commit", "--quiet",
        "--allow-empty", "-S", "--message", "By GPG",
    )  # fmt: skip
    subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "gpg-agent"], check=False, capture_output=True)
    office.refuse(f"Commit {office.head()} (By GPG) is signed, but not with an SSH key.")


# What a repository says of itself does not count


def assert_unsigned_is_refused(office: Office) -> str:
    """Commit without a signature, and check that it is refused; return the message."""
    name = office.commit("Not by me", None)
    return office.refuse(f"Commit {name} (Not by me) is not signed.")


SETTINGS: dict[str, Callable[[Office, str], None]] = {
    "gpg.ssh.program": lambda office, trap: _configure(office, "gpg.ssh.program", trap),
    "gpg.program": lambda office, trap: _configure(office, "gpg.program", trap),
    "gpg.format": lambda office, _: _configure(office, "gpg.format", "openpgp"),
    "allowed signers": lambda office, _: _configure(office, "gpg.ssh.allowedSignersFile", str(signers_file("mallory"))),
    "core.fsmonitor": lambda office, trap: _configure(office, "core.fsmonitor", trap),
    "core.hooksPath": lambda office, trap: _add_hooks(office, trap),
    "log.showSignature": lambda office, trap: _show_signatures(office, trap),
    "filter.process": lambda office, trap: _add_filter(office, trap, "process"),
    "worktree settings": lambda office, trap: _configure_worktree(office, trap),
    "core.worktree": lambda office, _: _configure(office, "core.worktree", "/"),
    "core.bare": lambda office, _: _configure(office, "core.bare", "true"),
    "include.path": lambda office, trap: _include_config(office, trap),
    "core.attributesFile": lambda office, trap: _add_filter(office, trap),
    "uploadpack.packObjectsHook": lambda office, trap: _configure(office, "uploadpack.packObjectsHook", trap),
    "core.alternateRefsCommand": lambda office, trap: _configure(office, "core.alternateRefsCommand", trap),
    "diff.external": lambda office, trap: _configure(office, "diff.external", trap),
    "core.pager": lambda office, trap: _configure(office, "core.pager", trap),
    "alias": lambda office, trap: _configure(office, "alias.cat-file", f"!{trap}"),
}


def _configure(office: Office, name: str, value: str) -> None:
    office.git("config", name, value)


def _add_hooks(office: Office, trap: str) -> None:
    hooks = office.folder / ".git" / "own"
    hooks.mkdir()
    for name in ("post-checkout", "post-index-change", "reference-transaction"):
        shutil.copy(trap, hooks / name)
    _configure(office, "core.hooksPath", str(hooks))


def _include_config(office: Office, trap: str) -> None:
    (office.folder / ".git" / "more").write_text(f'[core]\n\tfsmonitor = {trap}\n[gpg "ssh"]\n\tprogram = {trap}\n')
    _configure(office, "include.path", "more")


def _show_signatures(office: Office, trap: str) -> None:
    _configure(office, "log.showSignature", "true")
    _configure(office, "gpg.ssh.program", trap)
    _configure(office, "gpg.ssh.allowedSignersFile", str(signers_file("ada")))


def _configure_worktree(office: Office, trap: str) -> None:
    _configure(office, "extensions.worktreeConfig", "true")
    office.git("config", "--worktree", "filter.trap.clean", trap)
    office.git("config", "--worktree", "core.fsmonitor", trap)


def _add_filter(office: Office, trap: str, key: str = "clean") -> None:
    (office.folder / ".git" / "attributes").write_text("* filter=trap diff=trap\n")
    _configure(office, "core.attributesFile", str(office.folder / ".git" / "attributes"))
    for name in ("filter.trap.smudge", f"filter.trap.{key}", "diff.trap.textconv", "diff.trap.command"):
        _configure(office, name, trap)


@pytest.mark.parametrize("setting", SETTINGS)
def test_settings_of_the_repository_neither_help_nor_run(office: Office, trap: tuple[str, Path], setting: str) -> None:
    office.say("It is the cable.")
    office.commit("The cable", "ada")
    unsigned = office.git("commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "Not by me")
    by_mallory = office.git(
        *signing_options("mallory"), "commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "By mallory", "-S",
    )  # fmt: skip
    branch = office.folder / ".git" / "refs" / "heads" / "main"
    good = branch.read_text()
    SETTINGS[setting](office, trap[0])
    trap[1].unlink(missing_ok=True)  # setting it may have run it
    for name, words in ((unsigned, "(Not by me) is not signed."), (by_mallory, "does not list.")):
        branch.write_text(f"{name}\n")
        office.refuse(f"Commit {name[:10]} (", words)
    branch.write_text(good)
    office.publish()
    assert "It is the cable." in office.page()
    assert not trap[1].exists()


@pytest.mark.parametrize("setting", SETTINGS)
def test_an_ordinary_build_runs_nothing_that_the_repository_names(
    office: Office, trap: tuple[str, Path], setting: str
) -> None:
    (office.folder / ".gitattributes").write_text("* filter=trap diff=trap\n")
    office.commit("The cable", "ada")
    SETTINGS[setting](office, trap[0])
    os.utime(office.folder / "services.yaml")  # so that git has to look at it
    trap[1].unlink(missing_ok=True)
    for words in (["build", "--output", str(office.site)], ["diff", "--against", "HEAD"]):
        result = CliRunner().invoke(main, [*words, "--source", str(office.folder)], catch_exceptions=False)
        assert result.exit_code == 0 or (setting, words[0]) == ("core.worktree", "diff"), result.output
    assert not trap[1].exists()


@pytest.mark.parametrize("variable", ["GIT_DIR", "GIT_OBJECT_DIRECTORY", "GIT_CONFIG_PARAMETERS", "GIT_EXEC_PATH"])
def test_variables_of_git_are_not_heard(
    office: Office, variable: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    value = f"'gpg.ssh.program={tmp_path}'" if variable == "GIT_CONFIG_PARAMETERS" else str(tmp_path)
    name = office.commit("Not by me", None)
    monkeypatch.setenv(variable, value)
    office.refuse(f"Commit {name} (Not by me) is not signed.")


def test_a_replacement_of_a_commit(office: Office) -> None:
    good = office.git("rev-parse", "HEAD")
    office.say("All is well.")
    name = office.commit("Not by me", None)
    office.git("replace", office.git("rev-parse", "HEAD"), good)
    office.refuse(f"Commit {name} (Not by me) is not signed.")


def test_a_replacement_of_what_a_signed_commit_holds(office: Office) -> None:
    old = office.git("rev-parse", "HEAD:incidents/post-1.md")
    office.say("All is well.")
    new = office.git("hash-object", "-w", "incidents/post-1.md")
    office.git("replace", old, new)
    office.publish()
    assert "We are looking into it." in office.page()


def test_a_graft_that_hides_an_unsigned_commit(office: Office) -> None:
    first = office.git("rev-parse", "HEAD")
    name = office.commit("Not by me", None)
    office.commit("By me", "ada")
    head = office.git("rev-parse", "HEAD")
    (office.folder / ".git" / "info").mkdir(exist_ok=True)
    (office.folder / ".git" / "info" / "grafts").write_text(f"{head} {first}\n")
    office.refuse(f"Commit {name} (Not by me) is not signed.")


def test_a_copy_that_pretends_to_end_before_an_unsigned_commit(office: Office) -> None:
    name = office.commit("Not by me", None)
    office.commit("By me", "ada")
    (office.folder / ".git" / "shallow").write_text(office.git("rev-parse", "HEAD") + "\n")
    office.refuse(f"Commit {name} (Not by me) is not signed.")


def test_attributes_that_would_change_what_is_laid_out(office: Office, trap: tuple[str, Path]) -> None:
    (office.folder / ".gitattributes").write_text(
        "services.yaml export-ignore\nincidents/** export-subst ident filter=trap text eol=crlf\n"
        "*.md working-tree-encoding=UTF-16\n"
    )
    text = (POST % "From $Format:%an$ and $Id$.").encode()
    (office.folder / "incidents" / "post-1.md").write_bytes(text)
    blob = office.git("hash-object", "-w", "--no-filters", "incidents/post-1.md")
    office.git("update-index", "--cacheinfo", f"100644,{blob},incidents/post-1.md")
    office.git(
        "update-index",
        "--add",
        "--cacheinfo",
        f"100644,{office.git('hash-object', '-w', '.gitattributes')},.gitattributes",
    )
    office.time += 60
    office.git(*signing_options("ada"), "commit", "--quiet", "-m", "Attributes", "-S")
    _configure(office, "filter.trap.smudge", trap[0])
    _configure(office, "filter.trap.clean", trap[0])
    office.publish()
    assert "From $Format:%an$ and $Id$." in office.page()
    assert not trap[1].exists()


def test_objects_that_another_repository_lends(office: Office, tmp_path: Path) -> None:
    office.git("clone", "--quiet", "--shared", str(office.folder), str(tmp_path / "borrower"))
    office.folder = tmp_path / "borrower"
    office.say("It is the cable.")
    office.commit("The cable", "ada")
    office.publish()
    assert "It is the cable." in office.page()
    assert "is not signed" in assert_unsigned_is_refused(office)


def test_a_branch_named_like_the_published_commit(office: Office) -> None:
    published = office.git("rev-parse", "HEAD")
    office.git("checkout", "--quiet", "--orphan", "other")
    name = office.commit("Another history", "ada")
    office.git("update-ref", f"refs/heads/{published}", "HEAD")
    office.git("update-ref", f"refs/tags/{published}", "HEAD")
    office.refuse(f"Commit {name} does not descend from what is published")


def test_the_file_of_signers_must_come_from_elsewhere(office: Office) -> None:
    for place in (office.folder / "signers", office.folder / ".git" / "signers"):
        shutil.copy(signers_file("mallory"), place)
        office.refuse("is in the repository that it is meant to judge", allowed=place)


# Around it


def test_a_folder_outside_of_git_and_a_revision_that_is_none(office: Office, tmp_path: Path) -> None:
    office.refuse('There is no commit "v9" in', options=("--since", "v9"))
    office.refuse('There is no commit "--all" in', options=("--since=--all",))
    (tmp_path / "plain").mkdir()
    make_city(tmp_path / "plain", SERVICES)
    office.folder = tmp_path / "plain"
    office.refuse("is not kept in git, so nobody can have signed it.")


def test_a_manifest_of_the_published_site_that_cannot_be_read(office: Office) -> None:
    (office.site / "manifest.json").write_text("{")
    office.refuse("manifest.json cannot be read", "--since")


def test_since_goes_with_the_gate_alone(office: Office) -> None:
    result = CliRunner().invoke(main, ["build", "--source", str(office.folder), "--since", "HEAD"])
    assert result.exit_code == 2


def test_a_mistake_in_what_was_approved_is_told_as_always(office: Office) -> None:
    (office.folder / "services.yaml").write_text("site: {}\n")
    office.commit("Broken", "ada")
    office.refuse("services.yaml:1: ")


def test_every_unsigned_commit_is_named_up_to_five(office: Office) -> None:
    names = [office.commit(f"Number {number}", None) for number in range(7)]
    said = office.refuse("And 2 more.")
    assert [name for name in names if name in said] == names[2:]
