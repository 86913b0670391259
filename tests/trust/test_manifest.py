"""manifest.json lists everything that is published, and compressed copies have the content of their originals."""

import gzip
import hashlib
import json
import multiprocessing
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from statusgen import __version__
from statusgen.cli.main import main
from statusgen.files import File
from statusgen.outputs.compression import add_compressed_copies
from statusgen.outputs.open_data import manifest
from tests.support.built_sites import build_sample
from tests.support.json_documents import FORMATS
from tests.support.sample_sites import KANSAS_CITY

TEXTS = (".html", ".css", ".js", ".json", ".xml", ".svg", ".txt", ".ics", ".csv", ".opml", ".rss", ".atom")


def build(site: Path, *options: str) -> Result:
    source = build_sample("small").parent
    words = ["build", "--source", str(source), "--output", str(site), "--at", "2026-02-10", *options]
    return CliRunner().invoke(main, words, catch_exceptions=False)


@pytest.fixture(scope="module")
def compressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = tmp_path_factory.mktemp("compressed") / "site"
    assert build(site, "--compress", "gzip,brotli").exit_code == 0
    return site


def listed_files(site: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((site / "manifest.json").read_bytes())["files"]
    return found


def present_files(site: Path) -> dict[str, bytes]:
    files = (file for file in site.rglob("*") if file.is_file() and file.name != ".statusgen")
    return {file.relative_to(site).as_posix(): file.read_bytes() for file in files if file != site / "manifest.json"}


@pytest.mark.parametrize("name", ["kansas-city", "worst-week", "quiet"])
def test_it_lists_every_file_but_itself(name: str) -> None:
    site = build_sample(name)
    expected = [
        {"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for path, content in sorted(present_files(site).items())
    ]
    assert listed_files(site) == expected


def test_it_tells_what_was_built_and_when() -> None:
    document = json.loads((build_sample("kansas-city") / "manifest.json").read_bytes())
    assert document["at"] == "2024-05-15T23:59:00-05:00"
    assert document["next_change"] == "2024-05-16T00:00:00-05:00"
    assert document["program"] == __version__
    assert document["revision"] is None  # a copy is not kept in git
    assert document["site"]["timezone"] == "America/Chicago"
    assert document["url"] == "https://kansas-city.status.example/manifest.json"


@pytest.mark.parametrize("name", ["kansas-city", "worst-week", "quiet", "new-orleans"])
def test_it_fits_its_schema(name: str) -> None:
    site = build_sample(name)
    schema = json.loads((site / "schema" / "v1" / "manifest.json").read_bytes())
    document = json.loads((site / "manifest.json").read_bytes())
    assert document["$schema"] == schema["$id"]
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=FORMATS)
    assert [*validator.iter_errors(document)] == []
    assert [*validator.iter_errors(document | {"files": [{"path": "a"}]})]
    assert [*validator.iter_errors(document | {"more": 1})]


def test_files_pass_as_they_come_and_are_not_kept() -> None:
    taken = []

    def files() -> Iterator[File]:
        for number in range(3):
            taken.append(number)
            yield File(f"{number}.txt", b"x")

    passing = manifest.add_manifest(files(), KANSAS_CITY.board("2024-05-15"), None, "1")
    for number in range(3):
        assert next(passing).path == f"{number}.txt"
        assert taken == [*range(number + 1)]
    assert next(passing).path == "manifest.json"


def test_a_site_without_files_has_a_manifest_too() -> None:
    (file,) = manifest.add_manifest([], KANSAS_CITY.board("2024-05-15"), "0123+", "1")
    assert json.loads(file.content)["files"] == []


def test_names_with_any_letters_are_listed_as_they_are() -> None:
    names = ["ü.txt", 'quote".txt', "Z.txt", "a.txt"]
    *_, file = manifest.add_manifest(
        (File(name, b"") for name in names), KANSAS_CITY.board("2024-05-15"), None, "1"
    )  # fmt: skip
    assert [each["path"] for each in json.loads(file.content)["files"]] == sorted(names)


# Compressed copies


def test_each_copy_is_that_of_its_file_smaller_and_listed(compressed: Path) -> None:
    files = present_files(compressed)
    copies = [path for path in files if path.endswith((".gz", ".br"))]
    assert len(copies) > 50
    assert {each["path"] for each in listed_files(compressed)} == set(files)
    for path in copies:
        original = files[path[:-3]]
        unpacked = gzip.decompress(files[path]) if path.endswith(".gz") else brotli.decompress(files[path])
        assert unpacked == original
        assert len(files[path]) < len(original)
        assert path.removesuffix(path[-3:]).endswith(TEXTS)


def test_every_text_that_is_worth_it_has_both_copies(compressed: Path) -> None:
    files = present_files(compressed)
    for path, content in files.items():
        if path.endswith(TEXTS) and len(content) > 1000:
            assert {f"{path}.gz", f"{path}.br"} <= files.keys(), path
        elif not path.endswith((*TEXTS, ".gz", ".br")):
            assert not {f"{path}.gz", f"{path}.br"} & files.keys(), path


def test_short_files_and_what_grows_are_left_alone() -> None:
    noise = b"".join(hashlib.sha256(bytes([number])).digest() for number in range(20))
    files = [File("short.txt", b"a" * 150), File("noise.txt", noise), File("a.png", b"a" * 500)]
    assert [file.path for file in add_compressed_copies(files, ("gzip", "brotli"))] == [
        "short.txt",
        "noise.txt",
        "a.png",
    ]


def test_the_same_file_makes_the_same_copies_and_names_neither_time_nor_system() -> None:
    file = File("page.html", b"<p>Hello</p>" * 50)
    _, compressed = add_compressed_copies([file], ["gzip"])
    assert compressed == [*add_compressed_copies([file], ["gzip"])][1]
    assert compressed.content[:10] == bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255])  # RFC 1952, section 2.3


def test_one_kind_alone_and_none_again(tmp_path: Path, compressed: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(compressed, site)
    assert build(site, "--compress", "gzip").exit_code == 0
    assert {path[-3:] for path in present_files(site)} >= {".gz"}
    assert not [path for path in present_files(site) if path.endswith(".br")]
    assert build(site).exit_code == 0
    assert not [path for path in present_files(site) if path.endswith((".gz", ".br"))]


def test_an_unknown_kind_is_a_wrong_use(tmp_path: Path) -> None:
    result = build(tmp_path / "site", "--compress", "gzip,zip")
    assert result.exit_code == 2
    assert '"zip" is not one of gzip, brotli.' in result.output


def test_without_the_package_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "brotli", None)
    result = build(tmp_path / "site", "--compress", "brotli")
    assert result.exit_code == 1
    assert 'pip install "statusgen[compress]"' in result.output
    assert not (tmp_path / "site").exists()


def test_a_build_that_fails_leaves_no_process_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "brotli", None)
    result = build(tmp_path / "site", "--compress", "brotli")
    # The exception is still there, with all that it was raised through.
    assert result.exc_info
    assert multiprocessing.active_children() == []
