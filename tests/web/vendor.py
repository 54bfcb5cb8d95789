"""``make vendor``: fetches other people's scripts anew, and writes what they are into ``vendor.lock.json``."""

import base64
import hashlib
import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "syncd" / "web" / "static" / "web" / "vendor"
LOCK = FOLDER / "vendor.lock.json"
WANTED = {"htmx-4.0.1.min.js": ("htmx.org", "4.0.1", "dist/htmx.min.js", "0BSD")}
"""File here -> package, version, file in it, licence."""


def sha384(path: Path) -> str:
    """As ``integrity`` attributes write it."""
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def locked() -> dict[str, Any]:
    """What the files ought to be."""
    read: dict[str, Any] = json.loads(LOCK.read_text(encoding="utf-8"))
    return read


def main() -> None:
    entries = {}
    for name, (package, version, inside, licence) in WANTED.items():
        with tempfile.TemporaryDirectory() as folder:
            said = subprocess.run(
                ["npm", "pack", "--json", "--pack-destination", folder, f"{package}@{version}"],
                check=True, capture_output=True, text=True,
            ).stdout  # fmt: skip
            packed = json.loads(said)
            (archive,) = packed if isinstance(packed, list) else packed.values()
            subprocess.run(
                ["tar", "-xzf", f"{folder}/{archive['filename']}", "-C", folder, f"package/{inside}"], check=True
            )
            (FOLDER / name).write_bytes((Path(folder) / "package" / inside).read_bytes())
        entries[name] = {
            "package": package,
            "version": version,
            "file": inside,
            "licence": licence,
            "tarball": archive["integrity"],
            "integrity": sha384(FOLDER / name),
        }
    LOCK.write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
