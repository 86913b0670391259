"""A build after which nothing was touched is over at once; whatever is touched, the site is the one made anew."""

import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from statusgen.cache import Cache
from statusgen.cli.main import main
from statusgen.folder.untouched import Untouched
from tests.cities import SAMPLES

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


def told(folder: Path) -> list[str] | None:
    """What is known of the last build, as long as nothing was touched."""
    return Untouched.since(Cache(folder), folder, folder / "site", (AT, "False", "False"), time.time_ns()).told(None)


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
    last = Untouched.since(Cache(city), city, city / "site", (AT, "False", "False"), time.time_ns())
    assert last.told(None)
    Cache(city).put("builds", str(city / "site"), last.key, record)
    assert last.told(None) is None
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
    assert built(1770735600) == noon
    assert built(1770739200) != noon


def test_other_flags_make_another_site(city: Path) -> None:
    assert "feed.xml.gz" in contents(city / "site") or build(city, "--compress", "gzip")
    assert "feed.xml.gz" in contents(city / "site")
    build(city)
    assert "feed.xml.gz" not in contents(city / "site")
