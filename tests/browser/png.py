"""Pictures of pages in a third of their size: pages have few colours, so a palette of 256 holds them.

The browser counts the colours, since it is quick at it; what remains is to write the file (RFC 2083).
"""

import base64
import struct
import zlib

from playwright.sync_api import Page as Tab

COUNT = """async (picture) => {
  const image = await createImageBitmap(await (await fetch("data:image/png;base64," + picture)).blob());
  const { width, height } = image;
  const paper = new OffscreenCanvas(width, height).getContext("2d");
  paper.drawImage(image, 0, 0);
  const dots = new Uint32Array(paper.getImageData(0, 0, width, height).data.buffer);
  const often = new Map();
  for (const dot of dots) often.set(dot, (often.get(dot) ?? 0) + 1);
  const far = (a, b) => [0, 8, 16].reduce((sum, bits) => sum + (((a >> bits) & 255) - ((b >> bits) & 255)) ** 2, 0);
  const chosen = [];
  for (const dot of [...often.keys()].sort((a, b) => often.get(b) - often.get(a))) {
    if (chosen.length < 256 && chosen.every((other) => far(dot, other) > 90)) chosen.push(dot);
  }
  const nearest = (dot) => chosen.reduce((best, other, at) => (far(dot, other) < far(dot, chosen[best]) ? at : best), 0);
  const place = new Map([...often.keys()].map((dot) => [dot, nearest(dot)]));
  const rows = new Uint8Array(height * (width + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = place.get(dots[y * width + x]);
  }
  let text = "";
  for (let at = 0; at < rows.length; at += 32768) text += String.fromCharCode(...rows.subarray(at, at + 32768));
  return { width, height, palette: chosen.map((dot) => dot >>> 0), rows: btoa(text) };
}"""
"""Frequent colours first, none that an eye takes for one that is chosen already. Each row begins with the nought that
says it is not filtered."""


def small(tab: Tab, picture: bytes) -> bytes:
    """The same picture with a palette; every colour becomes the nearest of up to 256.

    :param tab: any page without a content policy, such as about:blank
    """
    found = tab.evaluate(COUNT, base64.b64encode(picture).decode())
    palette = b"".join(struct.pack("<I", dot)[:3] for dot in found["palette"])
    header = struct.pack(">IIBBBBB", found["width"], found["height"], 8, 3, 0, 0, 0)
    rows = zlib.compress(base64.b64decode(found["rows"]), 9)
    parts = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
