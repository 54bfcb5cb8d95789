"""Partners' logos: files of the folder, small, and what their first bytes say they are."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from config.models.partners import PartnersFile
from config.problems import Fault, quoted

LARGEST = 256 * 1024
"""Bytes."""
_BEGINS: Mapping[str, bytes] = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/webp": b"RIFF"}
"""Pictures that cannot hold a program, unlike SVG. https://mimesniff.spec.whatwg.org/#image-type-pattern-matching-algorithm"""


def kind_of(content: bytes) -> str:
    """The media type of a picture by its first bytes; empty where it is none that is shown."""
    for kind, begins in _BEGINS.items():
        if content.startswith(begins) and (kind != "image/webp" or content[8:12] == b"WEBP"):
            return kind
    return ""


def faults(file: PartnersFile, folder: Path) -> Iterator[Fault]:
    """The logos that cannot be shown, and why."""
    for index, partner in enumerate(file.partners):
        if partner.logo and (wrong := _wrong(partner.logo, folder)):
            yield Fault(("partners", index, "logo"), *wrong)


def _wrong(name: str, folder: Path) -> tuple[str, str] | None:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        return f"{quoted(name)} is outside of this folder", "put the file beside partners.yaml"
    try:
        with path.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as error:
        return f"{quoted(name)} cannot be read: {error.strerror}", "put the file beside partners.yaml"
    if len(content) > LARGEST:
        return f"{quoted(name)} is larger than 256 KiB", "make it smaller: it is shown 48 pixels high"
    if not kind_of(content):
        return f"{quoted(name)} is no PNG, JPEG or WebP picture", "save it as PNG"
    return None
