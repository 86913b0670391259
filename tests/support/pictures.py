"""Makes small pictures, and asks a browser whether two of them look the same."""

import base64
import struct
import zlib

from playwright.sync_api import Browser

# Draws two pictures and compares what is on the screen, turned and colored as the browser does it.
COMPARE = """async addresses => {
    const shown = []
    for (const address of addresses) {
        const image = new Image()
        image.src = address
        await image.decode()
        document.body.append(image)
        const [width, height] = [image.naturalWidth, image.naturalHeight]
        const drawing = Object.assign(document.createElement("canvas"), {width, height}).getContext("2d")
        drawing.drawImage(image, 0, 0)
        shown.push([width, height, ...drawing.getImageData(0, 0, width, height).data])
    }
    return [shown[0].slice(0, 2), new Set(shown[0]).size, shown[0].join() === shown[1].join()]
}"""


def compare_in_browser(browser: Browser, kind: str, before: bytes, after: bytes) -> tuple[list[int], int, bool]:
    """Return the size of the first picture, how many values its colors have, and whether both look the same."""
    page = browser.new_page()
    page.set_content("<!doctype html><title>x</title>")
    addresses = [f"data:image/{kind};base64,{base64.b64encode(content).decode()}" for content in (before, after)]
    size, colors, is_same = page.evaluate(COMPARE, addresses)
    page.close()
    return size, colors, is_same


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def make_png(*chunks: bytes) -> bytes:
    """Return a PNG of one pixel, with chunks between its header and its pixels."""
    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return head + b"".join(chunks) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def make_interlaced_png(width: int, height: int) -> bytes:
    """Return a PNG of many colors that comes in seven passes (PNG, section 8.2)."""
    rows = b""
    for x_start, y_start, x_step, y_step in (
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ):
        for y in range(y_start, height, y_step):
            colors = (bytes((x * 10 % 256, y * 9 % 256, x * y % 256)) for x in range(x_start, width, x_step))
            rows += b"\0" + b"".join(colors)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 1))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def segment(marker: int, data: bytes) -> bytes:
    """Return a segment of a JPEG."""
    return bytes([0xFF, marker]) + (len(data) + 2).to_bytes(2) + data


def make_webp(*chunks: tuple[bytes, bytes]) -> bytes:
    """Return a WebP of these chunks."""
    body = b"".join(kind + len(data).to_bytes(4, "little") + data + bytes(len(data) % 2) for kind, data in chunks)
    return b"RIFF" + (4 + len(body)).to_bytes(4, "little") + b"WEBP" + body
