"""What our side keeps about each partner. Nothing of this is ever read by the partner side."""

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q

from syncd.partners.models import public_id


class Deal(models.Model):
    """An agreement: what was approved of it, and what its file says by now.

    The copy follows ``approved`` as far as ``draft`` does not show less: what an edit withdraws goes at once, what it
    adds waits for somebody's approval.
    """

    partner = models.CharField(max_length=63, unique=True)
    """The agreement's id, which is also the id of :class:`syncd.partners.models.Partner`."""
    name = models.TextField()
    approved = models.JSONField(null=True)
    """The agreement in force; None before the first approval."""
    approved_digest = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.TextField(blank=True)
    admitted = models.PositiveIntegerField(default=0)
    """Items that were shared when it was last approved: many more wait."""
    draft = models.JSONField(null=True)
    """The agreement as ``partners.yaml`` has it, where that is not what is in force; None: it is."""
    draft_digest = models.CharField(max_length=64, blank=True)
    drafted_at = models.DateTimeField(null=True)
    widens = models.JSONField(default=list)
    """Why the draft waits: ``[[clause, what becomes visible], …]``; empty: nothing waits."""
    walked = models.BigIntegerField(default=0)
    """Up to which item (by row id) the newest edit has been followed; see ``worker/publish.py``."""
    walking = models.BooleanField(default=True)
    """Whether that walk is still under way: what waits is not all known yet."""
    published = models.JSONField(null=True)
    """The agreement by which the copy was last made; None: nothing of it stands there."""
    quiet = models.JSONField(default=list)
    """Fields that are being shown otherwise because the agreement is another: what changes in them is no news."""
    inside = models.JSONField(default=dict)
    """What shared text must not name beside people: ``rules.model.partners.Inside`` as JSON."""
    names = models.BigIntegerField(default=0)
    """The last :class:`Name` by which shared text was cleaned."""
    closed_at = models.DateTimeField(null=True)
    """Since when somebody has stopped all sharing with this partner."""
    closed_by = models.TextField(blank=True)
    closed_because = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    """Since when ``partners.yaml`` has no such agreement."""
    told_at = models.DateTimeField(null=True)
    """When the partner was last given word; the cadence counts from here."""

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """An agreement that was in force, from one approval to the next."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="versions")
    digest = models.CharField(max_length=64)
    agreement = models.JSONField()
    by = models.TextField()
    message = models.TextField(blank=True)
    widens = models.JSONField(default=list)
    """What it made visible: ``[[clause, what], …]``."""
    at = models.DateTimeField()


class Shown(models.Model):
    """An item that a partner sees or would see: one row a deal and item; no row: nothing of it is shown or waits."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="shown", db_index=False)
    item = models.ForeignKey("trackers.Item", models.DO_NOTHING, db_constraint=False, related_name="+")
    public = models.CharField(max_length=22, unique=True, default=public_id)
    """Its id in the copy."""
    values = models.JSONField(null=True)
    """What stands in the copy; None: nothing, it is not shared yet."""
    waiting = models.JSONField(null=True)
    """What it would show if what waits were approved; None: the same as ``values``, or nothing more."""
    held = models.BooleanField(default=False)
    """Whether it waits because so many more match all at once."""
    turns_at = models.DateTimeField(null=True)
    """When time alone may share or withhold it. Of an item that is not shared, a row stands for this alone."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deal", "item"], name="shown_once")]
        indexes = [
            models.Index(fields=["item"], name="shown_item"),
            models.Index(fields=["deal", "id"], name="shown_waiting", condition=Q(waiting__isnull=False)),
            models.Index(fields=["turns_at"], name="shown_turning", condition=~Q(turns_at=None)),
        ]


class Name(models.Model):
    """A name under which a tracker once knew somebody. Shared text tells none of them, also after people took another."""

    name = models.TextField(unique=True)

    def __str__(self) -> str:
        return self.name


class Pending(models.Model):
    """An item whose copy may be out of date. Rows are added and taken, like those of ``trackers.Due``."""

    item = models.OneToOneField(
        "trackers.Item", models.DO_NOTHING, db_constraint=False, primary_key=True, related_name="+"
    )


class Edited(models.Model):
    """The same because an agreement was edited, and not the item: it does not wait until its stream is fresh. While one
    agreement's items are looked at, what waits with it is not all known; others can be approved."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="+")
    item = models.ForeignKey("trackers.Item", models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "deal"], name="edited_once")]


class Promise(models.Model):
    """A commitment as our side keeps it: with the work behind it, which the partner never sees.

    The copy's commitment is made of this row, its offers and its steps: see ``copying/commitments.py``.
    """

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="promises")
    name = models.CharField(max_length=64)
    """Its id in ``partners.yaml``."""
    public = models.CharField(max_length=22, unique=True, default=public_id)
    offered = models.JSONField()
    """The commitment as it was put to both sides: ``rules.model.partners.Commitment`` as JSON."""
    agreed = models.JSONField(null=True)
    """As both accepted it, with its stakes: ``rules.sharing.commitments.Agreed`` as JSON; None before."""
    ours_at = models.DateTimeField(null=True)
    theirs_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    """Why it was removed, in words for both sides."""
    place = models.PositiveSmallIntegerField(default=0)
    """In the agreement's order."""
    state = models.CharField(max_length=16, blank=True)
    """``rules.sharing.commitments.State``; empty while it is not agreed."""
    current = models.JSONField(default=dict)
    """What the work now says, where it differs from what was agreed: ``by``, ``what``, ``success``."""
    because = models.TextField(blank=True)
    """Of its present state, in words for our side: it names items."""
    told = models.JSONField(default=dict)
    """What of it the ledger says is shown: ``{"public id/field": value}``."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deal", "name"], name="promise_once")]


class Offer(models.Model):
    """A proposal as our side keeps it. ``public`` is its id in the copy."""

    promise = models.ForeignKey(Promise, models.CASCADE, related_name="offers")
    public = models.CharField(max_length=22, unique=True, default=public_id)
    subject = models.CharField(max_length=8)
    was = models.TextField()
    becomes = models.TextField(blank=True)
    says = models.TextField()
    because = models.TextField(blank=True)
    """For our side: it names items."""
    options = models.JSONField(default=list)
    by_side = models.CharField(max_length=8)
    row = models.CharField(max_length=22, blank=True)
    """Public id of the item in whose row of a mirror the partner wrote it; empty: it was proposed."""
    consent = models.BooleanField(default=True)
    """Whether the other side has to agree; else it is told."""
    state = models.CharField(max_length=10, default="open")
    """As in :class:`syncd.partners.models.Proposal`."""
    counters = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["promise", "subject", "by_side"], name="offer_open_once", condition=Q(state="open")
            )
        ]

    @property
    def is_inside(self) -> bool:
        """Whether the partner must not learn of it: who changed a row does not know which commitment rests on it, before
        our side acts on that."""
        return bool(self.row) and self.state not in ("accepted", "countered")


class Step(models.Model):
    """One line of a commitment's history, in words for both sides; the copy repeats them."""

    promise = models.ForeignKey(Promise, models.CASCADE, related_name="steps")
    side = models.CharField(max_length=8, blank=True)
    """Empty: it followed from the work."""
    says = models.TextField()
    by = models.TextField(blank=True)
    """Who of ours; the copy does not tell."""
    at = models.DateTimeField()


class Taken(models.Model):
    """Something that a partner said (``syncd.partners.desk.models.Said``) and that was acted on: the receipt."""

    said = models.UUIDField(primary_key=True)
    deal = models.ForeignKey(Deal, models.CASCADE)
    at = models.DateTimeField()
    says = models.TextField(blank=True)
    """What the partner did, in words for the owner of the relationship."""
    outcome = models.TextField(blank=True)
    """What came of it, where it was too late or made no sense."""
    told_at = models.DateTimeField(null=True)
    """When the owner was written to about it."""


class Told(models.Model):
    """What a contact of a partner's was written to about."""

    contact = models.CharField(max_length=22, primary_key=True)
    """:class:`syncd.partners.models.Contact`."""
    up_to = models.DateTimeField(null=True)
    """Changes of the copy up to this moment; None: nothing yet."""
    sent_at = models.DateTimeField(null=True)
    """When the last letter about changes was written."""
    things = models.JSONField(default=list)
    """What was told at once, by its marks; kept while it could be told again."""


class AppendOnly(Exception):
    """Somebody tried to change what was disclosed."""


class Lines(models.QuerySet["Disclosure"]):
    def update(self, **_values: Any) -> NoReturn:
        raise AppendOnly("what was disclosed is not changed")

    def delete(self) -> NoReturn:
        raise AppendOnly("what was disclosed is not deleted")


class Disclosure(models.Model):
    """One line of the ledger: a value that became visible to a partner somewhere, or ceased to be.

    Lines are only added. Each carries the hash of the one before it, so that none can be changed, left out or put in
    later without all that follow being wrong.
    """

    SHOWN, WITHDRAWN = KINDS = ("shown", "withdrawn")

    id = models.BigAutoField(primary_key=True)
    partner = models.CharField(max_length=63)
    kind = models.CharField(max_length=10)
    public = models.CharField(max_length=22)
    """The item's or commitment's id in the copy."""
    item = models.TextField()
    """``tracker:native id``, or ``commitment:name``."""
    field = models.CharField(max_length=16)
    value = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    """SHA-256 of the value in UTF-8."""
    channel = models.CharField(max_length=160)
    """``page``, or a mirror such as ``github acme/tracker``."""
    version = models.CharField(max_length=64)
    """Digest of the agreement in force."""
    approver = models.TextField()
    at = models.DateTimeField()
    before = models.CharField(max_length=64)
    """The ``hash`` of the line before; empty in the first."""
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["partner", "at", "id"], name="disclosure_then"),
            models.Index(fields=["partner", "id"], name="disclosure_order"),
            models.Index(fields=["public", "field", "id"], name="disclosure_value"),
        ]

    objects: ClassVar[models.Manager["Disclosure"]] = Lines.as_manager()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnly("what was disclosed is not changed")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AppendOnly("what was disclosed is not deleted")
