"""A container has another name: its items keep their identity, their names follow."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from syncd.trackers import bulk, doc, due
from syncd.trackers.models import Item, Stream
from syncd.trackers.search import indexing

_NAMES = ("container", "key", "address", "url", "parent_address")


def rename(stream: Stream, old: str, new: str) -> int:
    """Rename a stream that is named after its container, and its items. The old addresses stay known,
    since people and texts go on using them.

    :returns: the number of items renamed
    """
    stream.name = new
    stream.save(update_fields=["name"])
    bulk.execute(
        "INSERT INTO trackers_alias (address, item_id) SELECT address, id FROM trackers_item"
        " WHERE stream_id = %s AND container = %s ON CONFLICT DO NOTHING",
        [stream.id, old],
    )
    rows = list(Item.objects.filter(stream=stream, container=old).values("id", "doc", *doc.COLUMNS))
    bulk.update(Item, (*_NAMES, "hash"), [(*_renamed(row, old, new), row["id"]) for row in rows])
    due.mark([row["id"] for row in rows])
    indexing.again()
    return len(rows)


def _renamed(row: Mapping[str, Any], old: str, new: str) -> bulk.Row:
    """Values for ``_NAMES``, and the hash that the item will have when it is read under its new names."""
    item = doc.unpack("", row, row["doc"])
    item = replace(
        item,
        container=new,
        key=item.key.replace(f"{old}#", f"{new}#"),
        address=item.address.replace(f"{old}#".lower(), f"{new}#".lower()),
        url=item.url.replace(f"/{old}/", f"/{new}/"),
        parent=item.parent.replace(f"{old}#".lower(), f"{new}#".lower()),
    )
    return (item.container, item.key, item.address, item.url, item.parent, doc.content_hash(item, row["doc"]))
