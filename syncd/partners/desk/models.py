"""What partners write. Rows are added and, where it says so, ended; the worker reads them and acts on them.

Ids of the copy stand here as plain text: this is another file where the store is SQLite.
"""

from uuid import uuid4

from django.db import models


class Session(models.Model):
    """Where somebody is signed in. The cookie holds a secret of which this is the SHA-256."""

    digest = models.CharField(max_length=64, primary_key=True)
    partner = models.CharField(max_length=63, db_column="partner_id")
    contact = models.CharField(max_length=22, blank=True)
    """Empty: came by a share link, or is let in by the domain of the address."""
    link = models.CharField(max_length=22, blank=True)
    """What it was opened with: where that is revoked, so is this. Empty: the partner's own identity provider."""
    email = models.CharField(max_length=254, blank=True)
    """Who that provider says it is."""
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class Redemption(models.Model):
    """That a link which works once was used."""

    link = models.CharField(max_length=22, primary_key=True)
    partner = models.CharField(max_length=63, db_column="partner_id")
    at = models.DateTimeField()


class Visit(models.Model):
    """What somebody opened and when: who may have seen a value, and what is new to whom."""

    partner = models.CharField(max_length=63, db_column="partner_id")
    who = models.CharField(max_length=22)
    """A contact's id, a share link's, or, of somebody let in by domain, one made of the address."""
    what = models.CharField(max_length=32)
    """An item's or commitment's public id, or ``tracker``, ``commitments``, ``changes``, ``feed``, ``calendar``,
    ``download``, ``print``; ``pages`` stands for all of them together."""
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    before_at = models.DateTimeField(null=True)
    """When the visit before this one ended: a visit is over after half an hour without a page."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "who", "what"], name="visit_once")]


class Said(models.Model):
    """One act of a partner. It is never changed; the worker takes it in once, by its id."""

    COMMENT, ACCEPT, COUNTER, DECLINE, ACKNOWLEDGE, PROPOSE = KINDS = (
        "comment", "accept", "counter", "decline", "acknowledge", "propose",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid4)
    partner = models.CharField(max_length=63, db_column="partner_id")
    who = models.CharField(max_length=22)
    kind = models.CharField(max_length=12)
    about = models.CharField(max_length=22, blank=True)
    """Public id of an item, commitment or proposal; empty: of nothing in particular."""
    text = models.TextField(blank=True)
    """A comment, or the reason."""
    subject = models.CharField(max_length=8, blank=True)
    """Of a counter or proposal: ``date``, ``scope``, ``success`` or ``dropped``. Of a comment that tells of a change in a
    row of a mirror: the field that is shown there, where it is one of ``due`` and ``status``."""
    becomes = models.TextField(blank=True)
    """Of a counter or proposal: the day as ISO 8601, or the words. Of such a comment: what stands there now; empty: what we
    wrote, once more, or nothing."""
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["partner", "at"], name="said_newest")]


class Key(models.Model):
    """The secret in a feed's or calendar's address, as its SHA-256: programs that read feeds hold no cookie."""

    digest = models.CharField(max_length=64, primary_key=True)
    partner = models.CharField(max_length=63, db_column="partner_id")
    who = models.CharField(max_length=22)
    contact = models.CharField(max_length=22, blank=True)
    link = models.CharField(max_length=22, blank=True)
    email = models.CharField(max_length=254, blank=True)
    """As of the session that made it: what ends that person's way in ends the key."""
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class Asked(models.Model):
    """Somebody wants a link to sign in. Whether the address is known, the worker finds out; nobody here can tell."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    email = models.CharField(max_length=254)
    at = models.DateTimeField()


class Quiet(models.Model):
    """A contact who wants no letters about changes."""

    contact = models.CharField(max_length=22, primary_key=True)
    partner = models.CharField(max_length=63, db_column="partner_id")
    at = models.DateTimeField()


class Try(models.Model):
    """One try at a way in: a link that opened nothing, or a letter that was asked for. Who tries too often, waits."""

    place = models.CharField(max_length=64)
    """Keyed hash of the network address."""
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["place", "at"], name="try_newest")]


DESK = (Session, Redemption, Visit, Said, Key, Asked, Quiet, Try)
