"""`manifest.json`: every published file with its SHA-256, by which anybody can tell whether a copy is whole."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from statusgen import addresses
from statusgen.board.model.whole_board import Board
from statusgen.files import File
from statusgen.outputs.open_data import shapes
from statusgen.outputs.open_data.builder import DocumentBuilder
from statusgen.outputs.open_data.schemas import DocumentType
from statusgen.outputs.open_data.shapes import Address, Moment, Shape, describe, shape
from statusgen.outputs.redirects import moved_files
from statusgen.theme.renderer import Renderer


@shape
class PublishedFile(Shape):
    """A file of the site."""

    path: Annotated[str, describe("Where it lies below the front page, with `/` between folders.")]
    size: Annotated[int, describe("How many bytes it has.")]
    sha256: Annotated[str, describe("The SHA-256 of its bytes (FIPS 180-4), as 64 hexadecimal digits.")]


@shape
class MovedPage(Shape):
    """A page at an old address. A host may answer with the page that it leads to."""

    path: Annotated[str, describe("Its path.")]
    to: Annotated[str, describe("The path of the page that it leads to.")]


@shape
class ManifestDocument(Shape):
    """Every file of the site at one moment, but for this one and its signatures."""

    schema: Annotated[Address, describe("The JSON Schema of this document.", key="$schema")]
    version: Annotated[Literal[1], describe("The version of the format.")]
    url: Annotated[Address, describe("This document.")]
    site: Annotated[shapes.Publisher, describe("Whose document it is.")]
    revision: Annotated[
        str | None,
        describe(
            "The commit that last changed the content, with `+` where files had changed since; null outside of git."
        ),
    ]
    at: Annotated[Moment, describe("The moment that the site shows.")]
    next_change: Annotated[
        Moment | None, describe("When any of it will be different if nobody writes anything; null if never.")
    ]
    program: Annotated[str, describe("The version of statusgen that made it.")]
    moved: Annotated[
        tuple[MovedPage, ...], describe("The pages at old addresses, in the order of the site and its posts.")
    ]
    files: Annotated[tuple[PublishedFile, ...], describe("Every file, in the order of the paths' characters.")]


DOCUMENT_TYPE = DocumentType("manifest", ManifestDocument)
_NO_FILES = b'"files": []\n}\n'


def files(board: Board, renderer: Renderer) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """Yield its schema alone: what is to be listed is only known when all of it has been made."""
    yield DOCUMENT_TYPE.schema_file(board)


def add_manifest(files: Iterable[File], board: Board, revision: str | None, program: str) -> Iterator[File]:
    """Pass the files on, and the manifest of all of them after the last."""
    entries: list[tuple[str, int, bytes]] = []  # no more than this, for a site can have a hundred thousand files
    for file in files:
        entries.append((file.path, len(file.content), hashlib.sha256(file.content).digest()))
        yield file
    builder = DocumentBuilder(board, board.site.languages[0])
    head = builder.head(addresses.manifest(), addresses.front(), DOCUMENT_TYPE.schema_address)
    document = ManifestDocument(
        schema=head.schema,
        version=head.version,
        url=head.url,
        site=head.site,
        revision=revision,
        at=builder.moment(board.moment),
        next_change=builder.moment(board.next_change) if board.next_change else None,
        program=program,
        moved=tuple(MovedPage(path, to) for path, to in moved_files(board).items()),
        files=(),
    )
    entries.sort()
    yield File(addresses.manifest(), _with_files(DOCUMENT_TYPE.serialize(document), entries))


def _with_files(document: bytes, entries: Iterable[tuple[str, int, bytes]]) -> bytes:
    """Return the document with a line for each file, so that two manifests can be compared by eye."""
    content = bytearray(document.removesuffix(_NO_FILES) + b'"files": [')
    separator = "\n"
    for path, size, digest in entries:
        name = json.dumps(path, ensure_ascii=False)
        content += f'{separator}    {{"path": {name}, "size": {size}, "sha256": "{digest.hex()}"}}'.encode()
        separator = ",\n"
    content += b"\n  ]\n}\n"
    return bytes(content)
