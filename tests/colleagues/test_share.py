"""Two people write on one site, from two laptops: nothing is lost, and nobody has to know git."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from statusgen.colleagues.share import ShareState
from statusgen.colleagues.work_tree import WorkTree
from statusgen.problems import ShareError
from tests.support.two_laptops import FILE, POST, SERVICES, Laptop, Server, run_git

OTHER_POST = (
    "---\ntitle: Water bills cannot be paid\nstarted: 2024-05-06 08:00\nservices: {water-bill: down}\n---\nSoon.\n"
)
OTHER_FILE = "incidents/2024-05-06-water.md"


def test_what_one_person_writes_the_other_gets(ann: Laptop, ben: Laptop) -> None:
    ann.add("2024-05-05 09:00 Identified", "The truck broke down.")
    assert ann.share().state is ShareState.SHARED
    assert ann.heard == ["Kept in git: Identified: Trash is late", "Your colleagues have it now."]
    assert ben.share().state is ShareState.SHARED
    assert ben.heard == ["From Ann: Identified: Trash is late"]
    assert ben.read() == ann.read()
    assert ben.git("status", "--porcelain") == ann.git("status", "--porcelain") == ""
    assert ben.git("rev-parse", "HEAD") == ben.git("rev-parse", "origin/main") == ann.git("rev-parse", "origin/main")


def test_updates_of_both_stand_in_the_order_of_their_times(ann: Laptop, ben: Laptop) -> None:
    ann.add("2024-05-05 09:10", "From Ann.")
    ann.share()
    ben.add("2024-05-05 09:05", "From Ben, first.")
    ben.add("2024-05-05 09:20", "From Ben, last.")
    assert ben.share().state is ShareState.SHARED
    ann.share()
    written = (("05", "From Ben, first."), ("10", "From Ann."), ("20", "From Ben, last."))
    updates = "".join(f"\n## 2024-05-05 09:{minute}\n{text}\n" for minute, text in written)
    assert ann.read() == ben.read() == POST + updates
    assert ben.git("status", "--porcelain") == ann.git("status", "--porcelain") == ""


def test_two_updates_of_one_minute_are_a_minute_apart(ann: Laptop, ben: Laptop) -> None:
    ann.add("2024-05-05 09:00", "From Ann.")
    ann.share()
    ben.add("2024-05-05 09:00 Monitoring", "From Ben.")
    ben.add("2024-05-05 09:05 Correction", 'corrects: "2024-05-05 09:00"\nright: Really from Ben.')
    shared = ben.share()
    assert [(move.old, move.new) for move in shared.moves] == [("2024-05-05 09:00", "2024-05-05 09:01")]
    assert f"{FILE}: your update of 2024-05-05 09:00 is now dated 2024-05-05 09:01" in "\n".join(ben.heard)
    assert "## 2024-05-05 09:00\nFrom Ann.\n\n## 2024-05-05 09:01 Monitoring\nFrom Ben.\n" in ben.read()
    assert 'corrects: "2024-05-05 09:01"' in ben.read()


def test_updates_that_follow_stay_behind_the_one_that_is_moved(ann: Laptop, ben: Laptop) -> None:
    ann.add("2024-05-05 09:00", "From Ann.")
    ann.share()
    for minute, text in enumerate(("one", "two", "three")):
        ben.add(f"2024-05-05 09:0{minute}", f"Ben {text}.")
    ben.share()
    assert [line for line in ben.read().splitlines() if line.startswith(("##", "Ben", "From"))] == [
        "## 2024-05-05 09:00", "From Ann.", "## 2024-05-05 09:01", "Ben one.", "## 2024-05-05 09:02", "Ben two.",
        "## 2024-05-05 09:03", "Ben three.",
    ]  # fmt: skip


def test_a_translation_follows_its_update(ann: Laptop, ben: Laptop) -> None:
    spanish = FILE.replace(".md", ".es.md")
    ann.add("2024-05-05 09:00", "From Ann.")
    ann.write(spanish, "---\ntitle: La basura\n---\nUn día.\n\n## 2024-05-05 09:00\nDe Ann.\n")
    ann.share()
    ben.add("2024-05-05 09:00", "From Ben.")
    ben.write(spanish, "---\ntitle: La basura\n---\nUn día.\n\n## 2024-05-05 09:00\nDe Ben.\n")
    ben.share()
    assert ben.read(spanish).endswith("## 2024-05-05 09:00\nDe Ann.\n\n## 2024-05-05 09:01\nDe Ben.\n")


def test_a_translation_that_only_one_has_follows_too(ann: Laptop, ben: Laptop) -> None:
    spanish = FILE.replace(".md", ".es.md")
    ann.add("2024-05-05 09:00", "From Ann.")
    ann.share()
    ben.add("2024-05-05 09:00", "From Ben.")
    ben.write(spanish, "---\ntitle: La basura\n---\nUn día.\n\n## 2024-05-05 09:00\nDe Ben.\n")
    ben.share()
    assert ben.read(spanish).endswith("## 2024-05-05 09:01\nDe Ben.\n")


def test_the_same_update_by_both_stands_once(ann: Laptop, ben: Laptop) -> None:
    for laptop in (ann, ben):
        laptop.add("2024-05-05 09:00", "The truck broke down.")
        laptop.share()
    assert ben.read().count("The truck broke down.") == 1


def test_two_versions_of_one_update_are_shown(ann: Laptop, ben: Laptop) -> None:
    ann.add("2024-05-05 09:00", "The truck broke.")
    ann.share()
    ben.share()
    for laptop in (ann, ben):
        laptop.write(FILE, laptop.read().replace("The truck broke.", f"The truck of {laptop.name} broke."))
    ann.share()
    before = ben.read()
    with pytest.raises(ShareError) as raised:
        ben.share()
    told = str(raised.value)
    assert f"{FILE}: both changed the update of 2024-05-05 09:00." in told
    for who, text in (("Yours (Ben, ", "The truck of Ben broke."), ("Theirs (Ann, ", "The truck of Ann broke.")):
        assert who in told
        assert text in told
    assert ben.read() == before
    assert ben.git("status", "--porcelain") == ""
    assert ben.messages()[0] == "Ben: Changed: Trash is late"
    kept = next((ben.folder / "set-aside").glob(f"*/{FILE}"))
    # What the message says to do, works.
    ben.write(FILE, kept.read_text())
    ben.share()
    assert ben.read() == ann.read()


def test_both_change_the_beginning(ann: Laptop, ben: Laptop) -> None:
    for laptop in (ann, ben):
        laptop.write(FILE, POST.replace("A day", f"A day, says {laptop.name},"))
    ann.share()
    with pytest.raises(ShareError, match="both changed the beginning"):
        ben.share()


def test_one_changes_an_update_and_the_other_adds_one(ann: Laptop, ben: Laptop) -> None:
    ann.write(FILE, POST.replace("A day", "Two days"))
    ann.share()
    ben.add("2024-05-05 09:00", "From Ben.")
    ben.share()
    assert ben.read() == POST.replace("A day", "Two days") + "\n## 2024-05-05 09:00\nFrom Ben.\n"


@pytest.mark.parametrize(
    ("final", "facts"),
    [
        ("2024-05-05 09:10 Resolved", ""),
        ("2024-05-05 09:10", "unchanged: true\n\n"),
        ("2024-05-05 09:10", "unchanged : True\n\n"),
        ("2024-05-05 09:10", "next_update: 2024-05-05 10:00\n'unchanged': # all of it\n  true\n\n"),
        ("2024-05-05 09:10", "```yaml\nunchanged : true\n```\n"),
    ],
)
def test_nobody_ends_or_confirms_what_they_had_not_read(final: str, facts: str, ann: Laptop, ben: Laptop) -> None:
    ann.add("2024-05-05 09:00", "services: {water-bill: down}\n\nFrom Ann.")
    ann.share()
    ben.add(final, f"{facts}All is well.")
    with pytest.raises(ShareError) as raised:
        ben.share()
    assert "speaks for all that was said before it, and you had not seen theirs" in str(raised.value)
    ben.write(FILE, ann.read() + f"\n## {final}\n{facts}All is well.\n")
    assert ben.share().state is ShareState.SHARED


def test_an_update_does_not_slip_in_before_an_end(ann: Laptop, ben: Laptop) -> None:
    ann.add("2024-05-05 09:10 Resolved", "All is well.")
    ann.share()
    ben.add("2024-05-05 09:00", "From Ben.")
    with pytest.raises(ShareError, match="give it a time after theirs"):
        ben.share()


def test_both_create_a_post_of_one_name(ann: Laptop, ben: Laptop) -> None:
    for laptop in (ann, ben):
        laptop.write(OTHER_FILE, OTHER_POST.replace("Soon", f"Soon, says {laptop.name}"))
    ann.share()
    with pytest.raises(ShareError, match="both wrote a new post of this name"):
        ben.share()
    (ben.folder / OTHER_FILE).rename(ben.folder / "incidents/2024-05-06-water-2.md")
    assert ben.share().state is ShareState.SHARED
    assert "says Ann" in ben.read(OTHER_FILE)


def test_one_deletes_what_the_other_continues(ann: Laptop, ben: Laptop) -> None:
    (ann.folder / FILE).rename(ann.folder / "incidents/2024-05-05-garbage.md")
    ann.share()
    ben.add("2024-05-05 09:00", "From Ben.")
    with pytest.raises(ShareError, match="they deleted or renamed it, and you changed it"):
        ben.share()
    assert "From Ben." in ben.read()


def test_one_continues_what_the_other_deletes(ann: Laptop, ben: Laptop) -> None:
    ann.add("2024-05-05 09:00", "From Ann.")
    ann.share()
    (ben.folder / FILE).unlink()
    with pytest.raises(ShareError, match="you deleted or renamed it, and they changed it") as raised:
        ben.share()
    assert "From Ann." in str(raised.value)


def test_services_are_merged_line_by_line(ann: Laptop, ben: Laptop) -> None:
    ann.write("services.yaml", SERVICES.replace("Springfield,", "Springfield status,"))
    ann.share()
    ben.write("services.yaml", SERVICES + "  - {id: permits, name: Permits}\n")
    ben.share()
    assert ben.read("services.yaml") == SERVICES.replace("Springfield,", "Springfield status,") + (
        "  - {id: permits, name: Permits}\n"
    )


def test_both_append_to_the_services(ann: Laptop, ben: Laptop) -> None:
    for laptop, name in ((ann, "Permits"), (ben, "Parks")):
        laptop.write("services.yaml", f"{SERVICES}  - name: {name}\n")
    ann.share()
    with pytest.raises(ShareError) as raised:
        ben.share()
    assert "    - name: Parks" in str(raised.value)
    assert "    - name: Permits" in str(raised.value)


def test_mistakes_that_only_both_together_have(ann: Laptop, ben: Laptop) -> None:
    ann.write("services.yaml", SERVICES.replace("  - {id: trash, name: Trash}\n", "  - {id: garbage, name: Trash}\n"))
    ann.write(FILE, POST.replace("trash: degraded", "garbage: degraded"))
    ann.share()
    ben.write(OTHER_FILE, OTHER_POST.replace("water-bill: down", "trash: down"))
    before = ben.git("rev-parse", "main")
    with pytest.raises(ShareError, match="neither has them alone") as raised:
        ben.share()
    assert f"{OTHER_FILE}:4: There is no service" in str(raised.value)
    assert ben.git("rev-parse", "main~1") == before
    assert not (ben.folder / ".git" / "index.lock").exists()


def test_windows_line_ends(ann: Laptop, ben: Laptop) -> None:
    ann.write(FILE, POST.replace("\n", "\r\n"))
    ann.share()
    ben.share()
    for laptop in (ann, ben):
        laptop.write(FILE, f"{laptop.read()}\r\n## 2024-05-05 09:00\r\nFrom {laptop.name}.\r\n")
        laptop.share()
    assert "From Ann.\r\n\r\n## 2024-05-05 09:01\r\nFrom Ben.\r\n" in ben.read()
    assert ben.read().count("\n") == ben.read().count("\r\n")


def test_a_site_in_a_folder_of_the_repository_with_spaces(tmp_path: Path) -> None:
    place = tmp_path / "a server"
    place.mkdir()
    server = Server(place, "the status page")
    ann, ben = server.laptop("Ann Smith"), server.laptop("Ben")
    (ann.folder / "junk").write_text("left alone")
    (ann.folder / "incidents").mkdir()
    (ann.folder / "incidents" / "not-ours.md").write_text("left alone")
    ann.add("2024-05-05 09:00", "From Ann.")
    ann.write("incidents/files/a line.png", "picture")
    ann.share()
    ben.add("2024-05-05 09:00", "From Ben.")
    ben.share()
    assert "From Ann." in ben.read()
    assert ben.read("incidents/files/a line.png") == "picture"
    assert not (ben.folder / "junk").exists()
    assert not (ben.folder / "incidents").exists()
    assert "?? junk" in ann.git("status", "--porcelain")


def test_what_editors_leave_and_what_is_ignored_stays_here(ann: Laptop) -> None:
    ann.write(".gitignore", "incidents/private.md\n")
    for name in ("private.md", ".2024.md.swp", "2024.md~", "#2024.md#"):
        ann.write(f"incidents/{name}", "not yet")
    before = ann.git("rev-parse", "HEAD")
    ann.share()
    assert ann.git("rev-parse", "HEAD") == before
    ann.write("static/.htaccess", "# hidden, and part of the site")
    ann.share()
    assert ann.git("ls-files", "static") == "static/.htaccess"


def test_what_is_staged_by_hand_is_neither_committed_nor_lost(ann: Laptop, ben: Laptop) -> None:
    ann.write("README.md", "A draft")
    ann.git("add", "README.md")
    ann.add("2024-05-05 09:00", "From Ann.")
    ann.share()
    assert ann.git("status", "--porcelain") == "A  README.md"
    ben.add("2024-05-05 09:10", "From Ben.")
    ben.share()
    ann.share()
    assert ann.git("status", "--porcelain") == "A  README.md"


def test_another_change_of_a_file_is_in_the_way(ann: Laptop, ben: Laptop) -> None:
    ann.write("README.md", "From Ann")
    ann.git("add", "README.md")
    ann.git("commit", "--message=Readme")
    ann.share()
    ben.write("README.md", "From Ben")
    with pytest.raises(ShareError, match=r"README\.md: a colleague has changed this"):
        ben.share()
    assert ben.read("README.md") == "From Ben"


def test_several_changes_are_a_list(ann: Laptop) -> None:
    ann.add("2024-05-05 09:00 Resolved", "Done.")
    ann.write(OTHER_FILE, OTHER_POST)
    ann.write("services.yaml", SERVICES + "  - name: Permits\n")
    ann.share()
    assert ann.git("log", "-1", "--format=%B") == (
        "Resolved: Trash is late, and 2 more changes\n\n- Resolved: Trash is late\n"
        "- New: Water bills cannot be paid\n- Changed: services.yaml"
    )


def test_without_a_name_it_says_how_to_set_one(ann: Laptop) -> None:
    ann.git("config", "--unset", "user.name")
    ann.git("config", "--unset", "user.email")
    ann.add("2024-05-05 09:00", "From Ann.")
    with pytest.raises(ShareError, match=r'user[.]name "Ada Quimby"'):
        ann.share()
    assert "From Ann." in ann.read()


def test_outside_of_git(tmp_path: Path) -> None:
    laptop = Laptop(tmp_path, "Ann")
    assert laptop.share().state is ShareState.NO_GIT
    assert laptop.heard == []


def test_a_server_that_is_not_there(server: Server, ann: Laptop) -> None:
    server.origin.rename(server.folder / "moved.git")
    ann.add("2024-05-05 09:00", "From Ann.")
    shared = ann.share()
    assert shared.state is ShareState.COMMITTED
    assert shared.explanation.startswith("Your colleagues' branch cannot be reached now (")
    assert ann.git("status", "--porcelain") == ""
    (server.folder / "moved.git").rename(server.origin)
    assert ann.share().state is ShareState.SHARED


def test_without_an_upstream(ann: Laptop) -> None:
    ann.git("branch", "--unset-upstream")
    shared = ann.share()
    assert shared.state is ShareState.COMMITTED
    assert "git push --set-upstream origin main" in shared.explanation


def test_the_first_push_into_an_empty_repository(ann: Laptop, tmp_path: Path) -> None:
    run_git("init", "--quiet", "--bare", str(tmp_path / "empty.git"))
    ann.git("remote", "set-url", "origin", str(tmp_path / "empty.git"))
    ann.add("2024-05-05 09:00", "From Ann.")
    assert ann.share().state is ShareState.SHARED


def test_on_no_branch(ann: Laptop) -> None:
    ann.git("switch", "--quiet", "--detach")
    assert ann.share().state is ShareState.NOT_SHARED
    assert "on no branch" in ann.heard[0]


def test_in_the_middle_of_a_merge(ann: Laptop) -> None:
    (ann.folder / ".git" / "MERGE_HEAD").write_text(ann.git("rev-parse", "HEAD") + "\n")
    with pytest.raises(ShareError, match="git merge --abort"):
        ann.share()


def test_in_a_shallow_clone(server: Server, ann: Laptop) -> None:
    ann.add("2024-05-05 09:00", "From Ann.")
    ann.share()
    run_git("clone", "--quiet", "--depth=1", f"file://{server.origin}", str(server.folder / "shallow"))
    shallow = Laptop(server.folder / "shallow", "Shallow")
    assert shallow.share().state is ShareState.NOT_SHARED
    assert "git fetch --unshallow" in shallow.heard[0]


def test_before_the_first_commit(tmp_path: Path) -> None:
    laptop = Laptop(tmp_path / "new", "New")
    run_git("init", "--quiet", "--initial-branch=main", str(laptop.folder))
    laptop.git("config", "user.name", "New")
    laptop.git("config", "user.email", "new@springfield.example")
    laptop.write("services.yaml", SERVICES)
    assert laptop.share().state is ShareState.COMMITTED
    assert laptop.messages() == ["New: New: services.yaml"]


def test_histories_with_nothing_in_common(server: Server, tmp_path: Path) -> None:
    laptop = Laptop(tmp_path / "new", "New")
    run_git("init", "--quiet", "--initial-branch=main", str(laptop.folder))
    for key, value in {"user.name": "New", "user.email": "n@s.example", "branch.main.remote": "origin"}.items():
        laptop.git("config", key, value)
    laptop.git("remote", "add", "origin", str(server.origin))
    laptop.git("config", "branch.main.merge", "refs/heads/main")
    laptop.write("services.yaml", SERVICES)
    with pytest.raises(ShareError, match="they have nothing in common"):
        laptop.share()


def test_three_push_at_once(server: Server) -> None:
    laptops = [server.laptop(name) for name in ("Ann", "Ben", "Cyd")]
    for laptop in laptops:
        laptop.add("2024-05-05 09:00", f"From {laptop.name}.")
    with ThreadPoolExecutor() as pool:
        states = [*pool.map(lambda laptop: laptop.share().state, laptops)]
    assert states == [ShareState.SHARED] * 3
    for laptop in laptops:
        laptop.share()
        assert re.findall(r"^## .*", laptop.read(), re.MULTILINE) == [f"## 2024-05-05 09:0{n}" for n in range(3)]
        assert all(f"From {each.name}." in laptop.read() for each in laptops)


def test_a_link_to_a_post_that_the_other_renames(ann: Laptop, ben: Laptop) -> None:
    (ann.folder / FILE).rename(ann.folder / "incidents/2024-05-05-garbage.md")
    ann.share()
    ben.write(OTHER_FILE, OTHER_POST.replace("Soon.", "See [the trash](2024-05-05-trash.md)."))
    with pytest.raises(ShareError, match="neither has them alone"):
        ben.share()


def test_links_to_posts_that_nobody_changed_are_sound(ann: Laptop, ben: Laptop) -> None:
    ann.write("incidents/2024-05-07-parks.md", OTHER_POST.replace("05-06", "05-07"))
    ann.share()
    ben.write(OTHER_FILE, OTHER_POST.replace("Soon.", "See [the trash](2024-05-05-trash.md)."))
    assert ben.share().state is ShareState.SHARED


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_that_dies_at_its_commit(when: str, ann: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    ann.add("2024-05-05 09:00", "From Ann.")
    with monkeypatch.context() as patched:
        die_at_move(patched, 1, when)
        with pytest.raises(KeyboardInterrupt):
            ann.share()
    assert "From Ann." in ann.read()
    assert ann.share().state is ShareState.SHARED
    assert "From Ann." in ann.read()
    assert ann.git("status", "--porcelain") == ""
    assert ann.git("log", "--format=%s", "origin/main").splitlines() == ["Update: Trash is late", "The site"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_that_dies_while_files_are_put_in_place(
    when: str, ann: Laptop, ben: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann.add("2024-05-05 09:00", "From Ann.")
    ann.share()
    ben.write(OTHER_FILE, OTHER_POST)
    with monkeypatch.context() as patched:
        die_at_move(patched, 2, when)
        with pytest.raises(KeyboardInterrupt):
            ben.share()
    assert "From Ann." in ben.read()
    (ben.folder / ".git" / "index.lock").write_text("of the run that died")
    assert ben.share().state is ShareState.SHARED
    assert ben.git("status", "--porcelain") == ""
    # What Ann wrote is not committed as if it were Ben's.
    assert sorted(ben.git("log", "--format=%an: %s", "--no-merges").splitlines()) == [
        "Ann: Update: Trash is late",
        "Ben: New: Water bills cannot be paid",
        "Setup: The site",
    ]


def die_at_move(patched: pytest.MonkeyPatch, at: int, when: str) -> None:
    """End a run before or after the branch is moved for the first or second time."""
    move, moves = WorkTree.move_reference, list[str]()

    def die(tree: WorkTree, name: str, new: str, old: str | None = None) -> None:
        moves.append(name)
        if len(moves) < at or when == "after":
            move(tree, name, new, old)
        if len(moves) == at:
            raise KeyboardInterrupt

    patched.setattr(WorkTree, "move_reference", die)
