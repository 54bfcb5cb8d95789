"""Pictures of the pages in ``docs/images``, and whether they still show what the pages look like.

A picture is current while the stylesheet and every template that drew its page are as they were: cheap to tell. What a
view says in other words is not seen by that: name the page. ``python -m tests.browser.screenshots`` takes those that are not.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator

from tests.browser.pages import Page
from tests.browser.site import ROOT

FOLDER = ROOT / "docs" / "images"
LOCK = FOLDER / "pictures.lock.json"
STYLE = "syncd/web/static/web/app.css"
OUTSIDE = "syncd/partners/static/partners/partners.css"
SIZES = {"desk": (1440, 900), "phone": (360, 740)}
SCHEMES = ("light", "dark")


def files(page: Page) -> Iterator[str]:
    """Names of the page's pictures: ``review-desk-dark.png``."""
    for size in SIZES:
        for scheme in SCHEMES:
            yield f"{page.name}-{size}-{scheme}.png"


def locked() -> dict[str, dict[str, object]]:
    """What was drawn by which files, as they were then."""
    return json.loads(LOCK.read_text(encoding="utf-8")) if LOCK.exists() else {}


def stale(page: Page, entries: dict[str, dict[str, object]]) -> str:
    """Why the page's pictures are not current; empty if they are."""
    missing = [name for name in files(page) if not (FOLDER / name).is_file()]
    if missing or page.name not in entries:
        return f"no {', '.join(missing) or 'record of its pictures'}"
    entry = entries[page.name]
    drawn_by = [str(name) for name in entry["drawn_by"]]  # type: ignore[attr-defined]
    gone = [name for name in drawn_by if not (ROOT / name).is_file()]
    if gone:
        return f"drawn by {', '.join(gone)}, which is gone"
    return "" if entry["mark"] == mark(page, drawn_by) else "what draws it has changed"


def entry(page: Page, templates: Iterable[str]) -> dict[str, object]:
    drawn_by = sorted({OUTSIDE if page.role == "partner" else STYLE, *templates})
    return {"drawn_by": drawn_by, "mark": mark(page, drawn_by)}


def mark(page: Page, drawn_by: Iterable[str]) -> str:
    """Of the files' content and of where the page is."""
    seen = hashlib.sha256(f"{page.address} {page.role}".encode())
    for name in sorted(drawn_by):
        seen.update((ROOT / name).read_bytes())
    return seen.hexdigest()[:16]
