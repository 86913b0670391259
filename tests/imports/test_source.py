"""Sources: files in a folder, one file, or an address, with bounds."""

from functools import partial
from pathlib import Path
from typing import ClassVar

import pytest

from statusgen.imports.source import FolderSource, SourceError, open_source
from tests.support.web_server import QuietHandler, serve, serve_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a few files."""
    for name in ("a.md", "content/b.md", "content/deep/c.md", ".git/d.md", "content/e.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"\xef\xbb\xbfOne\r\ntwo\rthree")
    return tmp_path


def test_files_are_found_by_patterns(folder: Path) -> None:
    source = open_source(str(folder))
    assert source.list_files("**/*.md") == ["a.md", "content/b.md", "content/deep/c.md"]
    assert source.list_files("content/*.md") == ["content/b.md"]
    assert source.list_files("*.txt") == []


def test_texts_have_plain_lines(folder: Path) -> None:
    assert open_source(str(folder)).read_text("a.md") == "One\ntwo\nthree"


def test_one_file_is_all_that_is_read(folder: Path) -> None:
    source = open_source(str(folder / "a.md"))
    assert source.list_files("**/*") == ["a.md"]
    assert source.read_bytes("content/b.md") is None


def test_nothing_outside_of_the_folder_is_read(folder: Path) -> None:
    source = FolderSource("content", folder / "content")
    assert source.read_bytes("../a.md") is None
    assert source.read_bytes("nothing.md") is None


def test_what_is_too_large_is_refused(folder: Path) -> None:
    with pytest.raises(SourceError, match=r"a\.md: This file is larger"):
        open_source(str(folder)).read_bytes("a.md", max_bytes=5)


def test_the_web_is_read_within_one_address(folder: Path) -> None:
    with serve_folder(folder) as address:
        source = open_source(f"{address}content")
        assert source.read_text("b.md") == "One\ntwo\nthree"
        assert source.read_text("nothing.md") is None
        assert source.list_files("*") == []
        with pytest.raises(SourceError, match=r"b\.md of .* is larger than"):
            source.read_bytes("b.md", max_bytes=5)


class Elsewhere(QuietHandler):
    """A server that leads elsewhere."""

    target: ClassVar[str] = "http://169.254.169.254/latest/meta-data/"

    def do_GET(self) -> None:  # noqa: N802 (the library's own name)
        """Redirect."""
        self.send_response(302)
        self.send_header("Location", self.target)
        self.end_headers()


def test_a_redirect_to_elsewhere_is_not_followed() -> None:
    with serve(partial(Elsewhere)) as address, pytest.raises(SourceError, match="redirects elsewhere"):
        open_source(address).read_text("summary.json")


@pytest.mark.parametrize("address", ["http://status.example/", "file:///etc/passwd", "ftp://a.example/"])
def test_only_encrypted_addresses_are_asked(address: str) -> None:
    with pytest.raises(SourceError, match="does not begin with https://"):
        open_source(address)
