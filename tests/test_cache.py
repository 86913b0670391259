"""The cache never shows: the site is the same as without it, whatever happens to the cache."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.corpus import Corpus, write_site
from statusgen.cli.main import main
from statusgen.content.posts.incidents import PostReader
from statusgen.content.reader import read_content
from statusgen.outputs import pages
from statusgen.speed import cache as cache_of_builds
from statusgen.speed.cache import Cache, digest, program_digest
from statusgen.theme.renderer import Renderer
from statusgen.wording.interface import InterfaceLanguage, available_languages
from tests.support.built_sites import sample_folder
from tests.support.edited_sites import KINDS, build_files, edit
from tests.support.sample_sites import make_city

NAMES = ("quiet", "small", "worst-week", "long-tail", "baltimore", "new-orleans")


def entries(cache: Cache) -> list[Path]:
    assert cache.folder
    return sorted(path for path in cache.folder.rglob("*") if path.is_file())


@pytest.fixture
def posts_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The ids of the posts that are read from their texts and not from the cache."""
    ids: list[str] = []
    original: Callable[[PostReader], object] = PostReader.read

    def read_post(reader: PostReader) -> object:
        ids.append(reader.post.id)
        return original(reader)

    monkeypatch.setattr(PostReader, "read", read_post)
    yield ids
    ids.clear()


@pytest.fixture
def pages_written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages of incidents that are written, and not taken from the cache."""
    paths: list[str] = []
    original = Renderer.render

    def render(renderer: Renderer, name: str, values: dict[str, object], interface: InterfaceLanguage) -> str:
        if name == "incident.html":
            page = values["page"]
            assert isinstance(page, pages.Page)
            paths.append(page.address)
        return original(renderer, name, values, interface)

    monkeypatch.setattr(Renderer, "render", render)
    return paths


@pytest.mark.parametrize("name", NAMES)
def test_a_site_is_the_same_with_a_cache_and_without(name: str, tmp_path: Path) -> None:
    folder = shutil.copytree(sample_folder(name), tmp_path / name)
    cache = Cache(folder)
    fresh = build_files(folder, None)
    assert build_files(folder, cache) == fresh
    assert build_files(folder, cache) == fresh
    later = read_content(folder, available_languages()).site
    assert later
    assert later.last_update_at
    moment = later.last_update_at + timedelta(days=40)
    assert build_files(folder, cache, moment) == build_files(folder, None, moment)


def make_corpus(folder: Path) -> Path:
    write_site(Corpus(12, services=4, languages=2), folder)
    return folder


def test_only_what_was_edited_is_made_again(tmp_path: Path, posts_read: list[str], pages_written: list[str]) -> None:
    folder = make_corpus(tmp_path / "city")
    cache = Cache(folder)
    build_files(folder, cache)
    post = sorted((folder / "incidents").glob("*-trouble-5.md"))[0]
    post.write_text(post.read_text(encoding="utf-8") + "\nOne more sentence.\n", encoding="utf-8")
    posts_read.clear()
    pages_written.clear()
    files = build_files(folder, cache)
    assert posts_read == [post.stem]
    # The three open ones are made again as well: what they say depends on the moment.
    assert len(set(pages_written)) == 4
    assert f"incidents/{post.stem}/" in pages_written
    assert files == build_files(folder, None)


@pytest.mark.parametrize(
    "command",
    ["check", "status", "diff", "remind --dry-run", "notify --dry-run", "update trouble-5 --text Wait. --yes", "build"],
)
def test_a_command_reads_only_what_was_edited_since_another(
    command: str, tmp_path: Path, posts_read: list[str]
) -> None:
    folder = tmp_path / "city"
    write_site(Corpus(6, services=1, updates=2), folder)

    def run(words: str) -> str:
        result = CliRunner().invoke(main, [*words.split(), "--source", str(folder)], catch_exceptions=False)
        assert result.exit_code == 0 or words.startswith("remind")  # it fails if nobody can be reminded
        return result.output

    run("build")
    post = sorted((folder / "incidents").glob("*-trouble-4.md"))[0]
    post.write_text(post.read_text(encoding="utf-8") + "\nOne more sentence.\n", encoding="utf-8")
    posts_read.clear()
    said = run(command)
    updated = sorted((folder / "incidents").glob("*-trouble-5.md"))[0].stem
    assert {*posts_read} == {post.stem, *([updated] if command.startswith("update") else [])}
    if not command.startswith(("update", "build")):  # those change the folder
        shutil.rmtree(Cache(folder).folder or tmp_path / "never")
        assert run(command) == said


@pytest.mark.parametrize("kind", [*KINDS, "translation"])
def test_every_kind_of_edit_shows(kind: str, tmp_path: Path) -> None:
    write_site(Corpus(6, services=1, updates=2, languages=2), tmp_path / "city")
    folder = tmp_path / "city"
    cache = Cache(folder)
    before = build_files(folder, cache)
    edit(folder, kind, 0)
    after = build_files(folder, cache)
    assert after == build_files(folder, None)
    assert after != before


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with two parts: one stands for the installed statusgen, one for the system's time zones."""
    folder = tmp_path / "installed"
    for file in ("statusgen/board.py", "zoneinfo/America/Chicago"):
        (folder / file).parent.mkdir(parents=True)
        (folder / file).write_bytes(b"as it was")
    monkeypatch.setattr(cache_of_builds, "_PACKAGE", folder / "statusgen")
    monkeypatch.setattr(cache_of_builds, "TZPATH", (str(folder / "zoneinfo"),))
    program_digest.cache_clear()
    yield folder
    program_digest.cache_clear()


@pytest.mark.parametrize("changed", ["statusgen/board.py", "zoneinfo/America/Chicago"])
def test_another_version_or_other_clocks_make_all_again(
    changed: str, installation: Path, tmp_path: Path, posts_read: list[str], pages_written: list[str]
) -> None:
    """Of the program one file is enough; governments change their clocks, and systems then bring their tables."""
    folder = tmp_path / "city"
    write_site(Corpus(5, services=1, updates=2), folder)
    cache = Cache(folder)
    build_files(folder, cache)
    first = [len(set(posts_read)), len(set(pages_written))]
    for file, is_made_again in ((installation / changed, True), (installation / changed, False)):
        file.write_bytes(b"another one")
        program_digest.cache_clear()
        posts_read.clear()
        pages_written.clear()
        build_files(folder, cache)
        assert ([len(set(posts_read)), len(set(pages_written))] == first) is is_made_again


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut off": lambda content: content[: len(content) // 2],
    "one bit changed": lambda content: content[:-1] + bytes([content[-1] ^ 1]),
    "something else": lambda _: b"not ours",
    "another key": lambda content: b"0" * 64 + content[64:],
    "a forged digest": lambda content: forge(content, b'{"no": "such form"}\nx'),
    "a forged path": lambda content: forge(content, b'[["../../services.yaml", "0", [], []]]'),
}


def forge(content: bytes, instead: bytes) -> bytes:
    """Return an entry as someone would forge it."""
    import hashlib

    key = content.partition(b" ")[0]
    return key + b" " + hashlib.sha256(instead).hexdigest().encode() + b"\n" + instead


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_cache_is_not_used(how: str, tmp_path: Path) -> None:
    folder = make_corpus(tmp_path / "city")
    cache = Cache(folder)
    fresh = build_files(folder, cache)
    assert entries(cache)
    for path in entries(cache):
        path.write_bytes(DAMAGES[how](path.read_bytes()))
    assert build_files(folder, cache) == fresh
    assert build_files(folder, cache) == fresh


def test_a_deleted_cache_is_made_again(tmp_path: Path) -> None:
    folder = make_corpus(tmp_path / "city")
    cache = Cache(folder)
    fresh = build_files(folder, cache)
    before = entries(cache)
    assert cache.folder
    shutil.rmtree(cache.folder)
    assert build_files(folder, cache) == fresh
    assert entries(cache) == before


def test_nothing_is_kept_of_posts_that_are_gone(tmp_path: Path) -> None:
    folder = make_corpus(tmp_path / "city")
    cache = Cache(folder)
    build_files(folder, cache)
    before = entries(cache)
    for path in (folder / "incidents").glob("*-trouble-5*.md"):
        path.unlink()
    build_files(folder, cache)
    kept = entries(cache)
    assert len(kept) < len(before)
    assert cache.folder
    shutil.rmtree(cache.folder)
    build_files(folder, cache)
    assert entries(cache) == kept


@pytest.mark.parametrize("spoiled", ["changed", "gone"])
def test_a_published_file_that_somebody_spoiled_is_made_again(spoiled: str, tmp_path: Path) -> None:
    folder = make_corpus(tmp_path / "city")
    cache = Cache(folder)
    fresh = build_files(folder, cache)
    for name in ("incidents/*/index.html", "services/*/feed.xml", "archive/2016/index.html"):
        path = min((folder / "site").glob(name))
        path.write_bytes(path.read_bytes().replace(b"e", b"3")) if spoiled == "changed" else path.unlink()
    assert build_files(folder, cache) == fresh


def test_no_second_copy_of_the_site_is_kept(tmp_path: Path) -> None:
    folder = make_corpus(tmp_path / "city")
    cache = Cache(folder)
    build_files(folder, cache)
    assert cache.folder
    assert entries(cache)
    assert not [path for path in entries(cache) if b"<!doctype html>" in path.read_bytes()]


def test_a_cache_that_cannot_be_written_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a-file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "a-file"))
    folder = make_corpus(tmp_path / "city")
    assert build_files(folder, Cache(folder)) == build_files(folder, None)


def test_the_cache_lies_outside_of_the_content(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert cache.folder
    assert not cache.folder.is_relative_to(tmp_path)


def test_a_site_with_templates_of_its_own_is_made_again(tmp_path: Path) -> None:
    small = make_city(tmp_path, "  - name: Trash\n", "---\ntitle: Late\nstarted: 2024-05-01 08:00\n---\nLate.\n")
    (tmp_path / "templates").mkdir()
    page = '{% extends "theme/base.html" %}{% block footer %}{{ board.moment }}{% endblock %}'
    (tmp_path / "templates" / "base.html").write_text(page, encoding="utf-8")
    post = tmp_path / "incidents" / "post-1.md"
    post.write_text(post.read_text(encoding="utf-8") + "\n## 2024-05-01 09:00 Resolved\n\nDone.\n", encoding="utf-8")
    cache = Cache(tmp_path)
    first, second = (build_files(tmp_path, cache, small.moment(at)) for at in ("2024-06-01", "2024-06-02"))
    assert first["incidents/post-1/index.html"] != second["incidents/post-1/index.html"]


def test_no_part_of_a_key_runs_into_the_next() -> None:
    assert digest(["ab", "c"]) != digest(["a", "bc"]) != digest(["abc"])
