"""Reads YAML as an operator means it, and remembers where each key and value stands.

The core schema of YAML 1.2 without its surprises: ``true`` and ``false`` are the only booleans (yes, no,
on and off stay text), dates stay text, keys are always text and stand once. Aliases work within limits;
tags and merge keys are refused. https://yaml.org/spec/1.2.2/#103-core-schema
"""

from config.yaml.document import Document, Flaw, Mark, Node, Unreadable
from config.yaml.reader import Plain, Reader
from config.yaml.text import decode

__all__ = ["Document", "Flaw", "Mark", "Node", "read"]


def read(data: bytes) -> Document:
    """The content of a file. Never raises: what is wrong with it is among the flaws."""
    reader = Reader()
    try:
        root = reader.document(decode(data))
        value = Plain().value(root, 1)
    except Unreadable as error:
        return Document(None, None, (*reader.flaws, error.flaw))
    return Document(value, root, tuple(reader.flaws))
