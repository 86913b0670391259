"""A folder gets all of the files or none of them, and loses nothing that is not ours."""

import errno
import fcntl
import os
import resource
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from statusgen.files import File
from statusgen.folder import filesystem
from statusgen.folder.write import WriteResult, write
from statusgen.problems import OutputError, Place, Problem, TemplateError


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A city's own folder."""
    folder = tmp_path / "city"
    (folder / "incidents").mkdir(parents=True)
    (folder / "templates").mkdir()
    (folder / "services.yaml").write_text("site: {}\n")
    return folder


@pytest.fixture
def site(source: Path) -> Path:
    return source / "site"


def files(**pages: str) -> list[File]:
    """`files(index="a")` is the page /index.html; two underscores are a slash."""
    return [File(f"{name.replace('__', '/')}.html", text.encode()) for name, text in pages.items()]


def folder_content(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder except statusgen's own list."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name != ".statusgen"}


def folder_state(folder: Path) -> dict[str, tuple[int, int, int, bytes]]:
    """Return all that a web server or rsync could notice of a folder's files, statusgen's own list among them."""
    return {
        path.relative_to(folder).as_posix(): (
            path.stat().st_ino,
            path.stat().st_mtime_ns,
            path.stat().st_mode,
            path.read_bytes(),
        )
        for path in folder.rglob("*")
        if path.is_file()
    }


def assert_untouched(site: Path, before: dict[str, tuple[int, int, int, bytes]]) -> None:
    assert folder_state(site) == before
    assert leftovers(site) == []


def leftovers(site: Path) -> list[str]:
    """Return what is beside the site and is not the city's."""
    return sorted({path.name for path in site.parent.iterdir()} - {"incidents", "templates", "services.yaml", "site"})


def refusal(output: Path, source: Path) -> str:
    with pytest.raises(OutputError) as caught:
        write(files(index="new"), output, source=source)
    return str(caught.value)


# What is written


def test_the_first_build_makes_the_folder_and_those_above_it(source: Path) -> None:
    site = source / "public" / "status"
    done = write(files(index="front", services__trash__index="trash"), site, source=source)

    assert done == WriteResult(written=("index.html", "services/trash/index.html"), unchanged=(), removed=())
    assert folder_content(site) == {"index.html": b"front", "services/trash/index.html": b"trash"}
    assert leftovers(site) == ["status"]


def test_an_empty_folder_is_taken(source: Path, site: Path) -> None:
    site.mkdir()
    write(files(index="front"), site, source=source)
    assert folder_content(site) == {"index.html": b"front"}


def test_an_unchanged_file_stays_the_same_file(source: Path, site: Path) -> None:
    write(files(index="old", about__index="about"), site, source=source)
    before = (site / "about/index.html").stat()

    done = write(files(index="new", about__index="about"), site, source=source)

    assert done == WriteResult(written=("index.html",), unchanged=("about/index.html",), removed=())
    after = (site / "about/index.html").stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_nlink) == (before.st_ino, before.st_mtime_ns, 1)
    assert (site / "index.html").read_text() == "new"


def test_an_unchanged_file_of_another_mode_is_put_right_and_keeps_its_time(source: Path, site: Path) -> None:
    write(files(index="front"), site, source=source)
    (site / "index.html").chmod(0o600)
    before = (site / "index.html").stat()

    done = write(files(index="front"), site, source=source)

    after = (site / "index.html").stat()
    assert done.unchanged == ("index.html",)
    assert (after.st_mtime_ns, stat.S_IMODE(after.st_mode)) == (before.st_mtime_ns, 0o644)


def test_a_changed_file_of_the_same_length_is_written(source: Path, site: Path) -> None:
    write(files(index="one"), site, source=source)
    assert write(files(index="two"), site, source=source).written == ("index.html",)
    assert (site / "index.html").read_text() == "two"


def test_what_is_no_longer_made_goes_and_so_does_its_folder(source: Path, site: Path) -> None:
    write(files(index="front", services__trash__index="trash"), site, source=source)
    done = write(files(index="front"), site, source=source)

    assert done == WriteResult(written=(), unchanged=("index.html",), removed=("services/trash/index.html",))
    assert sorted(path.name for path in site.iterdir()) == [".statusgen", "index.html"]


def test_a_file_may_become_a_folder_and_a_folder_a_file(source: Path, site: Path) -> None:
    write([File("a", b"file"), File("b/c", b"in a folder")], site, source=source)
    write([File("a/c", b"in a folder"), File("b", b"file")], site, source=source)
    assert folder_content(site) == {"a/c": b"in a folder", "b": b"file"}


def test_a_file_that_was_deleted_by_hand_comes_back(source: Path, site: Path) -> None:
    write(files(index="front", about__index="about"), site, source=source)
    (site / "about/index.html").unlink()
    assert write(files(index="front", about__index="about"), site, source=source).written == ("about/index.html",)


def test_a_link_in_place_of_our_file_is_replaced_and_not_followed(source: Path, site: Path) -> None:
    write(files(index="front"), site, source=source)
    secret = source / "services.yaml"
    (site / "index.html").unlink()
    (site / "index.html").symlink_to(secret)

    write([File("index.html", secret.read_bytes())], site, source=source)

    assert not (site / "index.html").is_symlink()
    assert secret.read_text() == "site: {}\n"


def test_the_list_of_files_is_the_same_whatever_their_order(source: Path, site: Path, tmp_path: Path) -> None:
    pages = files(index="front", about__index="about", **{"404": "no"})
    write(pages, site, source=source)
    write(reversed(pages), tmp_path / "other", source=source)

    first, *paths = (site / ".statusgen").read_text().splitlines()
    assert first.startswith("# statusgen made the files listed here")
    assert paths == ["404.html", "about/index.html", "index.html"]
    assert (tmp_path / "other/.statusgen").read_bytes() == (site / ".statusgen").read_bytes()


def test_a_linked_folder_is_replaced_where_it_is(source: Path, site: Path, tmp_path: Path) -> None:
    real = tmp_path / "disk" / "www"
    write(files(index="old"), real, source=source)
    site.symlink_to(real)

    write(files(index="new"), site, source=source)

    assert site.is_symlink()
    assert folder_content(real) == {"index.html": b"new"}
    assert [path.name for path in real.parent.iterdir()] == ["www"]


def test_everybody_may_read_the_site_whatever_the_umask(source: Path) -> None:
    site = source / "public" / "site"
    before = os.umask(0o077)
    try:
        write(files(index="front", services__trash__index="trash"), site, source=source)
    finally:
        os.umask(before)

    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (site.parent, site, *site.rglob("*"))}
    assert modes == {path: 0o755 if path.is_dir() else 0o644 for path in modes}


# What fails leaves the old site


def test_a_mistake_in_the_middle_leaves_the_old_site(source: Path, site: Path) -> None:
    write(files(index="old", about__index="about"), site, source=source)
    before = folder_state(site)

    with pytest.raises(TemplateError):
        write(broken_template(), site, source=source)

    assert_untouched(site, before)


def test_a_mistake_in_the_first_build_leaves_nothing(source: Path) -> None:
    with pytest.raises(TemplateError):
        write(broken_template(), source / "public" / "site", source=source)
    assert not (source / "public").exists()


def test_an_error_of_reading_is_not_called_one_of_writing(source: Path, site: Path) -> None:
    def of_missing_image() -> Iterator[File]:
        yield File("map.png", (source / "incidents/map.png").read_bytes())

    with pytest.raises(FileNotFoundError, match=r"map\.png"):
        write(of_missing_image(), site, source=source)
    assert leftovers(site) == []


def broken_template() -> Iterator[File]:
    yield from files(index="new", news__index="news")
    raise TemplateError(Problem(Place("templates/base.html", 3), "A tag is not closed."))


FULL_DISK = """
import resource, sys
from pathlib import Path
from statusgen.problems import OutputError
from statusgen.files import File
from statusgen.folder.write import write

resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    write(
        [File("index.html", b"new"), File("big.bin", bytes(200_000))],
        Path(sys.argv[1]),
        source=Path(sys.argv[2]),
    )
except OutputError as error:
    sys.exit(str(error))
"""


def test_a_disk_that_takes_no_more_leaves_the_old_site(source: Path, site: Path) -> None:
    write(files(index="old"), site, source=source)
    before = folder_state(site)

    run = subprocess.run([sys.executable, "-c", FULL_DISK, site, source], capture_output=True, text=True, timeout=60)

    assert run.returncode == 1
    assert run.stderr.startswith(f"{site} was left as it was: File too large")
    assert_untouched(site, before)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_must_not_be_written_leaves_the_old_site(source: Path, site: Path) -> None:
    write(files(index="old"), site, source=source)
    before = folder_state(site)
    source.chmod(0o555)
    try:
        message = refusal(site, source)
    finally:
        source.chmod(0o755)

    assert "Permission denied" in message
    assert "the folder above must be writable too" in message
    assert_untouched(site, before)


def test_no_more_open_files_leave_the_old_site(source: Path, site: Path) -> None:
    """A system error from the very first step, and one that root meets too."""
    write(files(index="old"), site, source=source)
    before = folder_state(site)
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, limits[1]))
    try:
        with pytest.raises(OutputError, match="was left as it was: Too many open files"):
            write(files(index="new"), site, source=source)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert_untouched(site, before)


@pytest.mark.parametrize(
    "path",
    ["", "/", "/etc/passwd", "..", "../up", "a/../../up", "./a", "a//b", "a/", "a\\b", "C:a", "a\nb", "a\0b"],
)
def test_a_path_must_stay_inside(source: Path, site: Path, path: str) -> None:
    write(files(index="old"), site, source=source)
    before = folder_state(site)
    with pytest.raises(OutputError, match="cannot be published"):
        write([File("index.html", b"new"), File(path, b"")], site, source=source)
    assert_untouched(site, before)


@pytest.mark.parametrize(
    "path", [".statusgen", ".Statusgen", ".statusgen/a", ".git/config", ".GIT", ".site.statusgen/new"]
)
def test_a_path_must_not_be_that_of_our_list(source: Path, site: Path, path: str) -> None:
    with pytest.raises(OutputError, match="keeps its own under that name"):
        write([File(path, b"")], site, source=source)


def test_two_files_at_one_path_are_refused(source: Path, site: Path) -> None:
    with pytest.raises(OutputError, match="File exists"):
        write([File("a", b"1"), File("a", b"2")], site, source=source)
    assert leftovers(site) == []


# What is not ours


def test_a_folder_that_statusgen_did_not_make_is_refused(source: Path, site: Path) -> None:
    site.mkdir()
    (site / "thesis.txt").write_text("years of work")

    assert refusal(site, source) == (
        f"{site} is not a built site: it contains thesis.txt. Choose an empty or a new folder."
    )
    assert folder_content(site) == {"thesis.txt": b"years of work"}


def test_up_to_five_foreign_files_are_named(source: Path, site: Path) -> None:
    write(files(index="old", about__index="about"), site, source=source)
    for name in ("7", "about/6", "1", "2", "3", "4", "5"):
        (site / name).write_text("mine")
    before = folder_state(site)

    assert refusal(site, source) == (
        f"{site} contains files that statusgen did not make: 1, 2, 3, 4, 5 and 2 more. "
        "Move them away, or choose another folder."
    )
    assert_untouched(site, before)


def test_foreign_links_and_empty_folders_count_too(source: Path, site: Path) -> None:
    write(files(index="old"), site, source=source)
    (site / "uploads").mkdir()
    (site / "archive").symlink_to(source / "incidents")
    assert "did not make: archive, uploads/. Move" in refusal(site, source)


def test_a_foreign_file_that_comes_during_the_build_is_not_lost(source: Path, site: Path) -> None:
    write(files(index="old"), site, source=source)

    def while_somebody_copies() -> Iterator[File]:
        yield from files(index="new")
        (site / "minutes.pdf").write_text("mine")

    with pytest.raises(OutputError, match=r"did not make: minutes\.pdf"):
        write(while_somebody_copies(), site, source=source)
    assert folder_content(site) == {"index.html": b"old", "minutes.pdf": b"mine"}
    assert leftovers(site) == []


def test_a_list_of_somebody_else_s_is_not_ours(source: Path, site: Path) -> None:
    site.mkdir()
    (site / ".statusgen").write_text("a note\nindex.html\n")
    (site / "index.html").write_text("mine")
    assert "it contains .statusgen, index.html." in refusal(site, source)


def test_a_list_that_points_outside_removes_nothing_there(source: Path, site: Path) -> None:
    write(files(index="old"), site, source=source)
    with (site / ".statusgen").open("a") as marker:
        marker.write(f"../services.yaml\n{source}/services.yaml\n")
    write(files(index="new"), site, source=source)
    assert (source / "services.yaml").exists()


def test_the_notes_of_a_file_browser_do_not_stop_a_build(source: Path, site: Path) -> None:
    write(files(index="old", about__index="about"), site, source=source)
    (site / ".DS_Store").write_bytes(b"")
    (site / "about/Thumbs.db").write_bytes(b"")
    write(files(index="new"), site, source=source)
    assert folder_content(site) == {"index.html": b"new"}


# Where no site may be


def test_the_source_and_what_holds_it_are_refused(source: Path, tmp_path: Path) -> None:
    assert "is the folder that the site is made from" in refusal(source, source)
    assert "is the folder that the site is made from" in refusal(source / "incidents" / "..", source)
    assert "contains the folder that the site is made from" in refusal(tmp_path, source)


def test_a_link_does_not_hide_the_source(source: Path, tmp_path: Path) -> None:
    (tmp_path / "innocent").symlink_to(source)
    assert "is the folder that the site is made from" in refusal(tmp_path / "innocent", source)


def test_the_root_is_refused(source: Path) -> None:
    assert "is the root of the file system" in refusal(Path(source.anchor), source)


def test_the_home_and_what_holds_it_are_refused(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "people" / "ana"
    home.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    assert "is your home folder, or contains it" in refusal(home, source)
    assert "is your home folder, or contains it" in refusal(home.parent, source)


@pytest.mark.parametrize("inside", ["incidents", "incidents/site", "templates/a/b"])
def test_the_posts_and_templates_are_refused(source: Path, inside: str) -> None:
    message = refusal(source / inside, source)
    assert f"{inside.partition('/')[0]}, which the site is made from" in message
    assert list((source / "incidents").iterdir()) == []


def test_a_folder_that_holds_linked_posts_is_refused(source: Path, tmp_path: Path) -> None:
    (tmp_path / "share" / "posts").mkdir(parents=True)
    (source / "incidents").rmdir()
    (source / "incidents").symlink_to(tmp_path / "share" / "posts")
    assert "contains incidents, which the site is made from" in refusal(tmp_path / "share", source)


def test_a_file_is_refused(source: Path) -> None:
    assert refusal(source / "services.yaml", source) == (
        f'{source / "services.yaml"} is not a folder. Choose another folder, such as "site".'
    )
    assert "is inside services.yaml" in refusal(source / "services.yaml" / "site", source)


def test_links_in_a_circle_are_refused(source: Path, site: Path) -> None:
    site.symlink_to(site)
    assert "is not a folder" in refusal(site, source)


@pytest.mark.skipif(not Path("/dev").is_mount(), reason="needs a disk that is surely there")
def test_a_disk_of_its_own_that_holds_something_else_is_refused(source: Path) -> None:
    assert "is not a built site: it contains" in refusal(Path("/dev"), source)


@pytest.mark.parametrize("empty", ["", ".", " ", "a\0b"])
def test_an_empty_name_is_refused(source: Path, empty: str) -> None:
    assert "needs a name" in refusal(Path(empty), source)


# After a build that was killed


KILLED = """
import os, sys
from pathlib import Path
from statusgen.files import File
from statusgen.folder.write import write

def files():
    yield File("index.html", b"new")
    os.kill(os.getpid(), 9)

write(files(), Path(sys.argv[1]), source=Path(sys.argv[2]))
"""


def test_the_next_build_clears_away_what_a_killed_one_left(source: Path, site: Path) -> None:
    write(files(index="old"), site, source=source)
    before = folder_state(site)
    subprocess.run([sys.executable, "-c", KILLED, site, source], timeout=60, check=False)
    assert folder_state(site) == before
    assert len(leftovers(site)) == 1

    write(files(index="new"), site, source=source)

    assert folder_content(site) == {"index.html": b"new"}
    assert leftovers(site) == []


def test_only_what_is_surely_ours_is_cleared_away(source: Path, site: Path) -> None:
    """By its name and by the list inside."""
    bench = source / ".site.statusgen"
    bench.mkdir()
    (bench / "mine.txt").write_text("no list here")
    assert refusal(site, source) == f"{bench} is where a new site is made, but contains something else. Move it away."
    assert (bench / "mine.txt").exists()


def test_a_foreign_file_in_what_a_killed_build_left_is_not_lost(source: Path, site: Path) -> None:
    bench = source / ".site.statusgen"
    write(files(index="old"), bench / "new", source=source / "incidents")
    (bench / ".statusgen").write_text("")
    (bench / "new" / "minutes.pdf").write_text("mine")
    assert f"{bench} contains files that statusgen did not make: minutes.pdf." in refusal(site, source)
    assert (bench / "new" / "minutes.pdf").read_text() == "mine"


def test_what_says_that_a_folder_is_ours_goes_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [str(number) for number in range(20)]
    for name in (*names[:10], ".statusgen", *names[10:]):
        (tmp_path / name).write_text("")
    gone: list[str] = []
    unlink = os.unlink

    def note(path: Path) -> None:
        gone.append(Path(path).name)
        unlink(path)

    monkeypatch.setattr(os, "unlink", note)
    filesystem.remove_tree(tmp_path, last=".statusgen")

    assert (len(gone), gone[-1]) == (21, ".statusgen")


# A work tree of Git


def git(folder: Path, *arguments: str) -> str:
    """Run Git in a folder, independent of the user's settings; return its output."""
    settings = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    who = ["-c", "user.name=Ana", "-c", "user.email=ana@springfield.example", "-c", "init.defaultBranch=main"]
    done = subprocess.run(
        ["git", *who, *arguments],
        cwd=folder,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize("is_linked", [False, True])
def test_a_work_tree_of_git_stays_one(source: Path, site: Path, is_linked: bool) -> None:
    if is_linked:
        git(source, "init", "-q")
        git(source, "commit", "-q", "--allow-empty", "-m", "start")
        git(source, "worktree", "add", "-q", "--detach", "site")
    else:
        site.mkdir()
        git(site, "init", "-q")
    write(files(index="old", about__index="about"), site, source=source)
    git(site, "add", ".")
    git(site, "commit", "-q", "-m", "old")

    done = write(files(index="new", about__index="about"), site, source=source)

    assert done.unchanged == ("about/index.html",)
    assert git(site, "status", "--porcelain").splitlines() == [" M index.html"]
    assert git(site, "rev-parse", "--show-toplevel").strip() == str(site.resolve())
    assert (site / ".git").is_file() == is_linked
    assert [name for name in leftovers(site) if name != ".git"] == []


# The swap


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is a moment between two renames")
def test_two_folders_trade_places_in_one_step(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        (folder / folder.name).touch()
    assert filesystem.swap(one, other, tmp_path / "aside") == other
    assert [path.name for path in (*one.iterdir(), *other.iterdir())] == ["other", "one"]


def test_a_reader_never_misses_a_page(source: Path, site: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("elsewhere there is a moment between two renames")
    write(files(index="0"), site, source=source)
    is_done = threading.Event()

    def read() -> int:
        reads = 0
        while not is_done.is_set():
            assert (site / "index.html").read_text().isdigit()
            reads += 1
        return reads

    with ThreadPoolExecutor() as readers:
        reading = readers.submit(read)
        try:
            for number in range(200):
                write(files(index=str(number)), site, source=source)
        finally:
            is_done.set()
        assert reading.result(timeout=60) > 0


def test_builds_at_once_take_turns(source: Path, site: Path) -> None:
    def build(number: int) -> WriteResult:
        return write(files(index=str(number), **{f"page{number}": "x" * number}), site, source=source)

    with ThreadPoolExecutor(8) as builders:
        results = list(builders.map(build, range(40)))

    assert len(results) == 40
    last = int((site / "index.html").read_text())
    assert folder_content(site) == {"index.html": b"%d" % last, f"page{last}.html": b"x" * last}
    assert leftovers(site) == []


def test_a_build_gives_up_on_one_that_does_not_end(source: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filesystem, "LOCK_TIMEOUT", 0.01)
    said: list[str] = []

    def while_another_asks() -> Iterator[File]:
        said.append(refusal(site, source))
        yield from files(index="first")

    write(while_another_asks(), site, source=source)

    assert said == [
        f"Another build has been writing in {source} for 0 seconds. Wait for it to end, or stop it, and build again."
    ]
    assert folder_content(site) == {"index.html": b"first"}


def test_where_there_are_no_locks_a_second_build_refuses(
    source: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def of_a_network_disk(*_: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", of_a_network_disk)
    said: list[str] = []

    def while_another_asks() -> Iterator[File]:
        said.append(refusal(site, source))
        yield from files(index="first")

    write(while_another_asks(), site, source=source)

    bench = source / ".site.statusgen"
    assert said == [
        f"Another build is running in {bench}, or has died there. "
        "If none is running, remove that folder and build again."
    ]
    assert folder_content(site) == {"index.html": b"first"}
    assert leftovers(site) == []


@pytest.fixture
def without_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system other than Linux, as far as the folder asks."""
    monkeypatch.setattr(filesystem, "_LIBC", None)


@pytest.mark.usefixtures("without_exchange")
def test_other_systems_swap_by_two_renames(source: Path, site: Path) -> None:
    write(files(index="old", about__index="about"), site, source=source)
    done = write(files(index="new", about__index="about"), site, source=source)
    assert done == WriteResult(written=("index.html",), unchanged=("about/index.html",), removed=())
    assert folder_content(site) == {"index.html": b"new", "about/index.html": b"about"}
    assert leftovers(site) == []


@pytest.mark.usefixtures("without_exchange")
def test_a_second_rename_that_fails_takes_the_first_back(
    source: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(files(index="old"), site, source=source)
    before = folder_state(site)
    replace = os.replace

    def of_a_disk_that_fails(old: Path, new: Path) -> None:
        if Path(new) == site and Path(old).name == "new":
            raise OSError(5, "Input/output error")
        replace(old, new)

    monkeypatch.setattr(os, "replace", of_a_disk_that_fails)
    assert "Input/output error" in refusal(site, source)
    assert_untouched(site, before)


def test_a_site_that_was_set_aside_when_the_machine_stopped_is_put_back(source: Path, site: Path) -> None:
    write(files(index="old"), site, source=source)
    before = folder_state(site)
    (source / ".site.statusgen").mkdir()
    (source / ".site.statusgen" / ".statusgen").write_text("")
    site.rename(source / ".site.statusgen" / "old")

    with pytest.raises(TemplateError):
        write(broken_template(), site, source=source)

    assert_untouched(site, before)
