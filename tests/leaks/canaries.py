"""Words that must never leave: one in every place that is not shared, and how to find them in any disguise."""

import base64
import gzip
import hashlib
import html
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import unquote_plus

from connectors.item import Item, Person, Ref


def canary(place: str) -> str:
    """24 letters that stand for a place, and nowhere else in the world."""
    return "qx" + hashlib.sha256(place.encode()).hexdigest()[:22]


def disguises(word: str) -> Iterator[bytes]:
    """The word itself and what it looks like in the usual encodings; in base64 at each of the three offsets."""
    raw = word.encode()
    yield from (raw, raw[::-1], raw.hex().encode(), base64.b32encode(raw).rstrip(b"=").lower())
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + raw)
        yield from (coded[4 if offset else 0 : -4], coded[4 if offset else 0 : -4].lower())


def found(places: dict[str, str], text: bytes) -> list[str]:
    """The places of which something is in the text, however it is packed."""
    texts = [text, gzip.decompress(text)] if text[:2] == b"\x1f\x8b" else [text]
    for plain in list(texts):
        words = plain.decode(errors="replace")
        texts += [plain.lower(), html.unescape(words).lower().encode(), unquote_plus(words).lower().encode()]
    return [place for place, word in places.items() if any(form in each for form in disguises(word) for each in texts)]


def item(number: int, now: datetime, *, shared: bool, public: str = "") -> Item:
    """An item with a canary in every field that no agreement shows."""

    def word(field: str) -> str:
        return canary(f"{field} of {number}")

    person = Person(
        word("person id"), f"{word('person')} {word('surname')}", f"{word('mail')}@{word('domain')}.example"
    )
    marked = (
        f"\nPublic title: {public}\nPublic notes:\nNotes for outsiders, {number}.\nEnd of public notes"
        if public
        else ""
    )
    return Item(
        tracker="acme-jira", native_id=word("native id"), container="WEB", key=f"WEB-{number}",
        address=f"jira:WEB-{number}", kind="story", type=word("type"), title=word("title"),
        url=f"https://{word('host')}.example/browse/WEB-{number}", status=word("status"), status_category="in_progress",
        created_at=now - timedelta(days=30), updated_at=now - timedelta(days=1), body=f"{word('body')}{marked}\n{word('end of body')}",
        labels=("shared", word("label")) if shared else (word("label"),), assignees=(person,), reporter=person,
        parent=f"jira:{word('parent')}", goals=(word("goal"),), components=(word("component"),), versions=(word("version"),),
        milestone=word("milestone"), sprint=word("sprint"), points=3.0, priority=word("priority"), branch=word("branch"),
        due=now.date() + timedelta(days=20), fields={word("field"): word("value")},
        refs=(Ref("links", f"jira:{word('reference')}", word("kind of reference")),),
    )  # fmt: skip


FIELDS = (
    *("person id", "person", "surname", "mail", "domain", "native id", "type", "title", "host", "status", "body"),
    *("end of body", "label", "parent", "goal", "component", "version", "milestone", "sprint", "priority", "branch"),
    *("field", "value", "reference", "kind of reference"),
)
