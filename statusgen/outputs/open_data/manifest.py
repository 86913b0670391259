"""`manifest.json`: every published file with its SHA-256, by which anybody can tell whether a copy is whole."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from statusgen import addresses
from statusgen.files import File
from statusgen.outputs.open_data import shapes
from statusgen.outputs.open_data.schemas import Form
from statusgen.outputs.open_data.shapes import Address, Moment, Shape, means, shape
from statusgen.outputs.open_data.wording import Wording
from statusgen.status.standing import Board
from statusgen.theme.look import Look


@shape
class PublishedFile(Shape):
    """A file of the site."""

    path: Annotated[str, means("Where it lies below the front page, with `/` between folders.")]
    size: Annotated[int, means("How many bytes it has.")]
    sha256: Annotated[str, means("The SHA-256 of its bytes (FIPS 180-4), as 64 hexadecimal digits.")]


@shape
class ManifestDocument(Shape):
    """Every file of the site at one moment, but for this one and its signatures."""

    schema: Annotated[Address, means("The JSON Schema of this document.", key="$schema")]
    version: Annotated[Literal[1], means("The version of the format.")]
    url: Annotated[Address, means("This document.")]
    site: Annotated[shapes.Publisher, means("Whose document it is.")]
    revision: Annotated[
        str | None,
        means("The commit that last changed the content, with `+` where files had changed since; null outside of git."),
    ]
    at: Annotated[Moment, means("The moment that the site shows.")]
    next_change: Annotated[
        Moment | None, means("When any of it will be different if nobody writes anything; null if never.")
    ]
    program: Annotated[str, means("The version of statusgen that made it.")]
    files: Annotated[tuple[PublishedFile, ...], means("Every file, in the order of the paths' characters.")]


FORM = Form("manifest", ManifestDocument)
_NONE = b'"files": []\n}\n'


def files(board: Board, look: Look) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """Its schema alone: what is to be listed is only known when all of it has been made."""
    yield FORM.schema(board)


def listed(files: Iterable[File], board: Board, revision: str | None, program: str) -> Iterator[File]:
    """Pass the files on, and the manifest of all of them after the last."""
    seen: list[tuple[str, int, bytes]] = []  # no more than this, for a site can have a hundred thousand files
    for file in files:
        seen.append((file.path, len(file.content), hashlib.sha256(file.content).digest()))
        yield file
    wording = Wording(board, board.site.languages[0])
    head = wording.head(addresses.manifest(), addresses.front(), FORM.address)
    document = ManifestDocument(
        schema=head.schema,
        version=head.version,
        url=head.url,
        site=head.site,
        revision=revision,
        at=wording.moment(board.moment),
        next_change=wording.moment(board.next_change) if board.next_change else None,
        program=program,
        files=(),
    )
    seen.sort()
    yield File(addresses.manifest(), _with(FORM.written(document), seen))


def _with(document: bytes, seen: Iterable[tuple[str, int, bytes]]) -> bytes:
    """The document with a line for each file, so that two manifests can be compared by eye."""
    whole = bytearray(document.removesuffix(_NONE) + b'"files": [')
    between = "\n"
    for path, size, digest in seen:
        name = json.dumps(path, ensure_ascii=False)
        whole += f'{between}    {{"path": {name}, "size": {size}, "sha256": "{digest.hex()}"}}'.encode()
        between = ",\n"
    whole += b"\n  ]\n}\n"
    return bytes(whole)
