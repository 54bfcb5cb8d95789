"""The key that everything is signed with."""

import os
import secrets
from pathlib import Path


def secret_key(folder: Path) -> str:
    """From SYNCD_SECRET_KEY, else from a file beside the database that is made once, readable to us alone.

    :param folder: where that file is; it is made if it is not there
    """
    if key := os.environ.get("SYNCD_SECRET_KEY"):
        return key
    path = folder / "secret.key"
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(48)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    return key
