"""Items as they are now, what they were before, and what they point at."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from syncd.trackers.models.stream import Stream, Tracker


class Item(models.Model):
    """The current version of one tracker item. Written in bulk by ``syncd.trackers.store``.

    ``doc`` holds, as JSON text, the values that no query asks for (see ``syncd.trackers.doc``). The
    names of an item (key, address, url, container) are columns, so that a renamed repository or a
    moved project is one UPDATE. Foreign keys that begin another index have none of their own: each
    costs every insert, and SQLite takes the wrong one.
    """

    tracker = models.ForeignKey(Tracker, models.CASCADE, related_name="items", db_index=False)
    stream = models.ForeignKey(Stream, models.CASCADE, related_name="items", db_index=False)
    native_id = models.CharField(max_length=64)
    container = models.CharField(max_length=255)
    key = models.CharField(max_length=255)
    address = models.CharField(max_length=300)
    kind = models.CharField(max_length=16)
    title = models.TextField()
    url = models.TextField()
    status = models.TextField()
    status_category = models.CharField(max_length=16)
    status_since = models.DateTimeField(null=True)
    """When it came into this status; None where that was before we knew it."""
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    fate = models.CharField(max_length=16, blank=True)
    """Why ``deleted_at`` is set: moved, trashed, gone or forbidden."""
    parent_address = models.CharField(max_length=300, blank=True)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, related_name="children", db_index=False)
    doc = models.TextField()
    hash = models.CharField(max_length=32)
    """Of all that we use of the item but its update stamp: equal hashes, nothing happened."""
    known_at = models.DateTimeField()
    """When we learned this version."""
    first_known_at = models.DateTimeField()
    census = models.PositiveIntegerField(default=0)
    """Number of the last sweep that saw the item."""
    missed = models.PositiveSmallIntegerField(default=0)
    """How many sweeps in a row did not see it and could not learn why."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tracker", "native_id"], name="item_identity")]
        indexes = [
            models.Index(fields=["address", "tracker"], name="item_address"),
            models.Index(fields=["key"], name="item_key"),
            # a key as somebody types it, in capitals or not
            models.Index(Upper("key"), name="item_named"),
            models.Index(fields=["stream", "census"], name="item_census"),
            # lists: of everything and of one container, what changed last first; what left its tracker
            models.Index(fields=["updated_at", "id"], name="item_changed", condition=Q(deleted_at=None)),
            models.Index(fields=["container", "updated_at", "id"], name="item_place", condition=Q(deleted_at=None)),
            models.Index(fields=["deleted_at", "id"], name="item_gone", condition=Q(deleted_at__isnull=False)),
            # what the search has not read yet
            models.Index(fields=["known_at", "id"], name="item_known"),
            # answers how many children an item has, and how many are open, without a look at their wide rows
            models.Index(
                fields=["parent", "status_category", "deleted_at"],
                name="item_children",
                condition=Q(parent__isnull=False),
            ),
            models.Index(
                fields=["tracker", "parent_address"],
                name="item_orphans",
                condition=Q(parent=None) & ~Q(parent_address=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"


class Due(models.Model):
    """An item that is to be judged (again); see ``syncd.trackers.due``."""

    item = models.OneToOneField(Item, models.CASCADE, primary_key=True, related_name="due")


class Version(models.Model):
    """What an item was before: valid as its tracker dated it, known as we learned it.

    ``doc`` is complete here: it has the columns of the item as well.
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="versions", db_index=False)
    doc = models.TextField()
    hash = models.CharField(max_length=32)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    known_from = models.DateTimeField()
    known_to = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["item", "known_to"], name="version_of_item")]


class Reference(models.Model):
    """One item points at an address, whether or not an item with that address is stored."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="references")
    kind = models.CharField(max_length=16)
    address = models.CharField(max_length=300)
    where = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["address"], name="reference_address")]


class Alias(models.Model):
    """An address that an item once had and by which others may still point at it."""

    address = models.CharField(max_length=300)
    item = models.ForeignKey(Item, models.CASCADE, related_name="aliases")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "item"], name="alias_once")]


class Person(models.Model):
    """Somebody as one tracker knows them, last seen under this name."""

    tracker = models.ForeignKey(Tracker, models.CASCADE, related_name="people", db_index=False)
    native_id = models.CharField(max_length=255)
    name = models.TextField()
    email = models.TextField(blank=True)
    bot = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tracker", "native_id"], name="person_identity")]
