"""Compressed copies beside the files, for web servers that send those as they are instead of compressing each time."""

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from statusgen.files import File
from statusgen.problems import OutputError

# What is text; pictures and the like are compressed already.
_TEXT_ENDINGS = (".css", ".csv", ".html", ".ics", ".js", ".json", ".opml", ".svg", ".txt", ".xml")
_MIN_SIZE = 150  # bytes; below that the headers of an answer are longer than what could be saved
# The best but one of brotli's levels: a third of the time of the best (5 ms a page) for 3 % more bytes. Levels below it
# make 10 % more than that.
_BROTLI_QUALITY = 10


def gzip_compress(content: bytes) -> bytes:
    """The bytes in the format of RFC 1952, with neither a time nor a name in them, nor the system's number."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = compressor.compress(content) + compressor.flush()
    header = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"  # the slowest level; by an unknown system
    return header + body + struct.pack("<II", zlib.crc32(content), len(content) % 2**32)


def brotli_compress(content: bytes) -> bytes:
    """The bytes in the format of RFC 7932."""
    try:
        from brotli import MODE_TEXT, compress
    except ImportError:
        what = "There is no brotli in this set-up."
        raise OutputError(f'{what} Install it with pip install "statusgen[compress]", or ask for gzip alone.') from None
    packed: bytes = compress(content, mode=MODE_TEXT, quality=_BROTLI_QUALITY)
    return packed


# How each is called in `Accept-Encoding`; what servers look for beside a file; and how it is made.
ENCODINGS: Mapping[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": (".gz", gzip_compress),
    "brotli": (".br", brotli_compress),
}


def add_compressed_copies(files: Iterable[File], encodings: Iterable[str]) -> Iterator[File]:
    """Each file and, after it, its compressed copies of the `kinds`, where they are worth it."""
    chosen = [ENCODINGS[kind] for kind in encodings]
    for file in files:
        yield file
        if file.path.endswith(_TEXT_ENDINGS) and len(file.content) > _MIN_SIZE:
            for ending, pack in chosen:
                packed = pack(file.content)
                if len(packed) < len(file.content):
                    yield replace(file, path=file.path + ending, content=packed)
