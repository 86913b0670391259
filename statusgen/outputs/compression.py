"""Compressed copies beside the files, for web servers that send those instead of compressing each time."""

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from statusgen.files import File
from statusgen.problems import OutputError

# Text files; images and the like are compressed already.
_TEXT_EXTENSIONS = (".atom", ".css", ".csv", ".html", ".ics", ".js", ".json", ".opml", ".rss", ".svg", ".txt", ".xml")
_MIN_SIZE = 150  # bytes; below that, the headers of a response are longer than what could be saved
# The second-best of brotli's levels: a third of the time of the best (5 ms a page) for 3 % more bytes. The levels below
# make another 10 % more.
_BROTLI_QUALITY = 10


def gzip_compress(content: bytes) -> bytes:
    """Return the bytes in the format of RFC 1952, without a time, a name, or the number of an operating system."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = compressor.compress(content) + compressor.flush()
    header = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"  # the slowest level, on an unknown system
    return header + body + struct.pack("<II", zlib.crc32(content), len(content) % 2**32)


def brotli_compress(content: bytes) -> bytes:
    """Return the bytes in the format of RFC 7932."""
    try:
        from brotli import MODE_TEXT, compress
    except ImportError:
        what = "Brotli is not installed."
        raise OutputError(f'{what} Install it with pip install "statusgen[compress]", or use only gzip.') from None
    packed: bytes = compress(content, mode=MODE_TEXT, quality=_BROTLI_QUALITY)
    return packed


# For each name on the command line: the extension that servers look for beside a file, and how to compress.
ENCODINGS: Mapping[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": (".gz", gzip_compress),
    "brotli": (".br", brotli_compress),
}


def add_compressed_copies(files: Iterable[File], encodings: Iterable[str]) -> Iterator[File]:
    """Yield each file, followed by its compressed copies in the given encodings if they are worth it."""
    chosen = [ENCODINGS[kind] for kind in encodings]
    for file in files:
        yield file
        if file.path.endswith(_TEXT_EXTENSIONS) and len(file.content) > _MIN_SIZE:
            for extension, compress in chosen:
                packed = compress(file.content)
                if len(packed) < len(file.content):
                    yield replace(file, path=file.path + extension, content=packed)
