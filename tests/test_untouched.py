"""A build after which nothing was touched is over at once; whatever is touched, the site is the one made anew."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from statusgen.cache import Cache
from statusgen.cli.build import Asked
from statusgen.cli.main import main
from statusgen.cli.shared import clock
from statusgen.folder.untouched import Untouched
from tests.cities import SAMPLES, site_in, town

AT = "2026-02-10 09:00"


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A site that was built from files older than the build."""
    folder = shutil.copytree(SAMPLES / "small", tmp_path / "city")
    build(folder)
    build(folder)
    return folder


def build(folder: Path, *flags: str, at: str = AT) -> str:
    result = CliRunner().invoke(main, ["build", "--source", str(folder), "--at", at, *flags], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def last_build(folder: Path, ahead: int = 10**10) -> Untouched:
    """The last build, as a build would know it that begins so many nanoseconds from now."""
    asked = [repr(Asked(AT, False, (), (), False, False))]
    return Untouched.since(Cache(folder), folder, folder / "site", asked, time.time_ns() + ahead)


def told(folder: Path, ahead: int = 10**10) -> list[str] | None:
    """What is known of the last build, as long as nothing was touched."""
    return last_build(folder, ahead).told(clock)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def state(folder: Path) -> dict[Path, tuple[int, int]]:
    """Each file, and when anything about it last changed."""
    return {path: (path.stat().st_ino, path.stat().st_ctime_ns) for path in folder.rglob("*")}


def anew(folder: Path, at: str = AT) -> dict[str, bytes]:
    """The site as it is made without anything that was kept."""
    target = folder.parent / "anew"
    shutil.rmtree(target, ignore_errors=True)
    build(folder, "--no-cache", "--output", str(target), at=at)
    return contents(target)


def test_where_nothing_was_touched_the_last_build_holds(city: Path) -> None:
    before = state(city / "site")
    lines = told(city)
    assert lines
    assert lines[0] == f"0 written, {len(contents(city / 'site')) - 1} unchanged, 0 removed"
    said = build(city)
    assert [line.partition(" s: ")[2] or line for line in said.splitlines()] == [f"{lines[0]}.", *lines[1:]]
    assert state(city / "site") == before


def post(city: Path) -> Path:
    return sorted((city / "incidents").glob("*.md"))[0]


def reworded(path: Path, old: str, new: str) -> None:
    """Other words of the same length, in the same inode, with the same time of the last writing."""
    known, text = path.stat(), path.read_text(encoding="utf-8")
    assert old in text
    assert len(old) == len(new)
    path.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))


def replaced(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(path.read_bytes() + b"\nMore.\n")
    other.replace(path)


NEW = "---\ntitle: Late letters\nstarted: 2026-02-09 08:00\n---\nLetters are late.\n"
TOUCHES: dict[str, Callable[[Path], object]] = {
    "a word of a post": lambda city: reworded(post(city), "Hierva", "HIERVA"),
    "a post": lambda city: replaced(post(city)),
    "a post is gone": lambda city: post(city).unlink(),
    "a new post": lambda city: (city / "incidents" / "new.md").write_text(NEW, encoding="utf-8"),
    "the name of a service": lambda city: reworded(city / "services.yaml", "Dripwell", "Dripwall"),
    "a template": lambda city: template(city),
    "a word of a page": lambda city: reworded(city / "site" / "index.html", "<main", "<MAIN"),
    "a page": lambda city: replaced(city / "site" / "feed.xml"),
    "a page is gone": lambda city: (city / "site" / "status.json").unlink(),
    "who may read a page": lambda city: (city / "site" / "index.html").chmod(0o600),
    "the whole site is gone": lambda city: shutil.rmtree(city / "site"),
    "a build has died": lambda city: died(city),
}


def template(city: Path) -> None:
    (city / "templates").mkdir()
    own = '{% extends "theme/base.html" %}{% block footer %}Ours{% endblock %}'
    (city / "templates" / "base.html").write_text(own, encoding="utf-8")


def died(city: Path) -> None:
    bench = city / ".site.statusgen"
    (bench / "new").mkdir(parents=True)
    (bench / ".statusgen").write_text("# statusgen makes a new site here\n", encoding="utf-8")


@pytest.mark.parametrize("touch", TOUCHES)
def test_whatever_is_touched_the_site_is_built_again(touch: str, city: Path) -> None:
    assert told(city)
    TOUCHES[touch](city)
    assert told(city) is None
    build(city)
    built = contents(city / "site")
    built.pop(".statusgen")
    expected = anew(city)
    expected.pop(".statusgen")
    assert built == expected
    assert all(path.stat().st_mode & 0o777 == 0o644 for path in (city / "site").rglob("*.*") if path.is_file())
    assert not (city / ".site.statusgen").exists()


@pytest.mark.parametrize(
    "record", [b"", b"null", b"[1]", b"{}", b"no JSON", b'{"moment": null, "clocks": 1, "zone": 2}']
)
def test_a_record_that_somebody_forged_does_no_harm(record: bytes, city: Path) -> None:
    last = last_build(city)
    assert last.told(clock)
    Cache(city).put("builds", str(city / "site"), last.key, record)
    assert last.told(clock) is None
    assert "0 written" in build(city)


def test_another_moment_is_shown(city: Path) -> None:
    later = "2026-02-11 09:00"
    build(city, at=later)
    assert contents(city / "site") == anew(city, at=later)


def test_without_a_moment_it_is_the_clock_that_counts(tmp_path: Path) -> None:
    folder = shutil.copytree(SAMPLES / "small", tmp_path / "city")
    services = folder / "services.yaml"
    services.write_text(re.sub("  as_of: .*\n", "", services.read_text(encoding="utf-8")), encoding="utf-8")

    def built(epoch: int) -> dict[str, bytes]:
        command = ["build", "--source", str(folder)]
        CliRunner().invoke(main, command, env={"SOURCE_DATE_EPOCH": str(epoch)}, catch_exceptions=False)
        return contents(folder / "site")

    built(1770735600)
    noon = built(1770735600)
    assert built(1770739200) != noon


def test_other_flags_make_another_site(city: Path) -> None:
    build(city, "--compress", "gzip")
    assert "feed.xml.gz" in contents(city / "site")
    build(city)
    assert "feed.xml.gz" not in contents(city / "site")


def test_without_posts_the_last_update_is_now(tmp_path: Path) -> None:
    town(tmp_path, "  - name: Trash\n")
    services = tmp_path / "services.yaml"
    services.write_text(
        services.read_text(encoding="utf-8").replace("site:\n", "site:\n  as_of: last update\n"), encoding="utf-8"
    )

    def front(epoch: int) -> bytes:
        command = ["build", "--source", str(tmp_path)]
        CliRunner().invoke(main, command, env={"SOURCE_DATE_EPOCH": str(epoch)}, catch_exceptions=False)
        return (tmp_path / "site" / "index.html").read_bytes()

    front(1770735600)
    assert front(1770735600) != front(1770739200)


def test_what_was_changed_this_very_moment_is_not_certain(city: Path) -> None:
    assert told(city)
    assert told(city, ahead=-(10**10)) is None


def test_a_link_is_not_certain(city: Path) -> None:
    elsewhere = (city / "services.yaml").rename(city.parent / "services.yaml")
    (city / "services.yaml").symlink_to(elsewhere)
    assert last_build(city).key == ""


def test_a_logo_elsewhere_is_looked_at_each_time(city: Path) -> None:
    (city / "brand").mkdir()
    logo = city / "brand" / "logo.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', encoding="utf-8")
    services = city / "services.yaml"
    text = services.read_text(encoding="utf-8").replace("site:\n", "site:\n  logo: brand/logo.svg\n")
    services.write_text(text, encoding="utf-8")
    build(city)
    assert told(city) is None


@pytest.mark.parametrize("commit", ["the first", "another", "unstaged"])
def test_what_git_knows_is_part_of_the_page(commit: str, city: Path) -> None:
    def git(*words: str) -> None:
        who = ("-c", "user.name=Ada", "-c", "user.email=ada@springfield.example")
        subprocess.run(["git", *who, "-C", str(city), *words], check=True, capture_output=True)

    git("init")
    if commit != "the first":
        git("add", "services.yaml", "incidents")
        git("commit", "-m", "What is")
    build(city)
    keys = {last_build(city).key}
    if commit == "unstaged":
        git("rm", "--cached", str(post(city)))
    else:
        git("add", "services.yaml", "incidents")
        git("commit", "--allow-empty", "-m", "What was")
    keys.add(last_build(city).key)
    assert len(keys) == 2
    build(city)
    assert {**contents(city / "site"), ".statusgen": b""} == {**anew(city), ".statusgen": b""}


def test_what_cannot_be_looked_at_is_left_to_the_build(city: Path) -> None:
    (city / "incidents" / "loop").symlink_to("loop")
    assert last_build(city).key == ""
    shutil.rmtree(city / "site")
    assert last_build(city).told(clock) is None


def test_the_site_of_another_build_is_not_taken_for_ones_own(city: Path) -> None:
    last = last_build(city)
    site = site_in(city)
    last.note(site, None, (city / "site" / "manifest.json").read_bytes(), ["Mine"])
    assert last.told(clock) == ["Mine"]
    last.note(site, None, b"the manifest of mine", ["Not mine"])
    assert last.told(clock) == ["Mine"]
