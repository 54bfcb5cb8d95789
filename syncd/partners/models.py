"""The copy: everything that partners can see, in the form in which they see it.

Made by the worker from what an agreement allows; the partner side reads it and cannot write it. No column refers to
anything inside, not even by a number: ids are random, moments are those of the copy, and what is not shared leaves
no gap. Whatever an answer to a partner says, it can say from here alone.
"""

import secrets

from django.db import models

OURS, THEIRS = SIDES = ("ours", "theirs")
"""Who acts or owes: the company that runs syncd, or the partner."""


def public_id() -> str:
    """A name that tells nothing and cannot be guessed: 128 bits in 22 letters."""
    return secrets.token_urlsafe(16)


class Partner(models.Model):
    """An outside party: what stands at the head of all its pages."""

    id = models.CharField(max_length=63, primary_key=True)
    """The agreement's id. It stands in no address and no page."""
    name = models.TextField()
    company = models.TextField()
    """Who shares: our own name."""
    logo = models.BinaryField(null=True)
    logo_type = models.CharField(max_length=32, blank=True)
    cadence = models.CharField(max_length=16)
    mutual = models.JSONField(default=list)
    """What changes only with both sides' consent: ``date``, ``scope``, ``success``."""
    fields = models.JSONField(default=list)
    """The fields that are shown, in the agreement's order."""
    statuses = models.JSONField(default=list)
    """The words for states, in the order of the work; a column each."""
    open = models.BooleanField(default=False)
    """Whether there is anything to see: false before the first approval, and while sharing is stopped."""
    fresh_at = models.DateTimeField(null=True)
    """Up to when the copy follows the shared work, to the minute."""
    issuer = models.TextField(blank=True)
    """The partner's own identity provider, once it is approved."""
    domains = models.JSONField(default=list)
    """Of the addresses for which it vouches, beside contacts; as approved."""
    share_expires = models.FloatField(default=0)
    """Seconds for which a new share link works; 0: there are no share links."""

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """Somebody at the partner's who may sign in and is written to."""

    id = models.CharField(max_length=22, primary_key=True, default=public_id)
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="contacts")
    email = models.CharField(max_length=254)
    """In lower case."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "email"], name="contact_once")]

    def __str__(self) -> str:
        return self.email


class Link(models.Model):
    """A way in: a letter's link that works once, or a share link. Only the hash of its secret is kept."""

    MAGIC, SHARE = KINDS = ("magic", "share")

    id = models.CharField(max_length=22, primary_key=True, default=public_id)
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="links")
    kind = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the secret, in hexadecimal digits."""
    contact = models.ForeignKey(Contact, models.CASCADE, null=True)
    """Whose it is; None: whoever holds it."""
    label = models.TextField(blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} link {self.label}".strip()


class Item(models.Model):
    """One piece of work as the partner sees it."""

    id = models.CharField(max_length=22, primary_key=True, default=public_id)
    """Random, of this partner alone: two partners cannot tell that they see the same work."""
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="items")
    values = models.JSONField()
    """Field -> text, of what is shown: ``title``, ``status``, ``due``, ``delivered``, ``notes``, ``owner``."""
    notes_html = models.TextField(blank=True)
    """``values["notes"]`` as safe HTML, made when it was written."""
    title = models.TextField(blank=True)
    """``values["title"]``, to sort and search by."""
    status = models.TextField(blank=True)
    when = models.CharField(max_length=10, blank=True)
    """The due date in the grain in which it is shown; it sorts by itself."""
    shown_on = models.DateField()
    """The day since which the partner sees it."""
    changed_on = models.DateField()
    """The day on which the partner last saw it change."""

    class Meta:
        indexes = [
            models.Index(fields=["partner", "when", "id"], name="shared_by_when"),
            models.Index(fields=["partner", "status", "when", "id"], name="shared_by_status"),
            models.Index(fields=["partner", "-changed_on", "id"], name="shared_by_change"),
        ]

    def __str__(self) -> str:
        return self.title or "untitled"


class Change(models.Model):
    """Something that the partner could see happen: the public history, and what letters tell of.

    What is withdrawn leaves with all that was told of it, save one line without its name.
    """

    ADDED, CHANGED, WITHDRAWN = ("added", "changed", "withdrawn")
    KINDS = (ADDED, CHANGED, WITHDRAWN)

    id = models.BigAutoField(primary_key=True)
    """Orders changes; never shown, since partners share one sequence."""
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="changes")
    item = models.ForeignKey(Item, models.CASCADE, null=True, related_name="changes", db_index=False)
    """None: of an item that is no longer shared."""
    kind = models.CharField(max_length=12)
    field = models.CharField(max_length=16, blank=True)
    was = models.TextField(blank=True)
    now = models.TextField(blank=True)
    at = models.DateTimeField()
    """When the copy changed; shown as a day."""
    on = models.DateField()
    """That day in UTC."""

    NEWEST_FIRST = ("-on", "item_id", "-id")
    """Within a day by the items' random ids, so that nothing tells in which order our side came by them."""

    class Meta:
        indexes = [
            models.Index(fields=["partner", "-on", "item", "-id"], name="change_newest"),
            models.Index(fields=["partner", "at"], name="change_since"),
            models.Index(fields=["item", "-on", "-id"], name="change_of_item"),
        ]


class Commitment(models.Model):
    """Who delivers what by when, and what success is; both sides read the same."""

    OFFERED, AGREED, REMOVED = STAGES = ("offered", "agreed", "removed")
    """``offered``: one side has still to accept."""

    id = models.CharField(max_length=22, primary_key=True, default=public_id)
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="commitments")
    place = models.PositiveSmallIntegerField(default=0)
    """In the agreement's order."""
    who = models.CharField(max_length=8)
    """:data:`SIDES`."""
    what = models.TextField()
    by = models.DateField()
    success = models.TextField()
    stage = models.CharField(max_length=8, default=OFFERED)
    state = models.CharField(max_length=16, blank=True)
    """``done``, ``on track``, ``at risk``, ``late``, ``not known``; empty while it is not agreed."""
    ours_on = models.DateField(null=True)
    """The day on which our side accepted."""
    theirs_on = models.DateField(null=True)
    current = models.JSONField(default=dict)
    """What the work now says, where it differs from what was agreed: ``by``, ``what``, ``success``."""
    reason = models.TextField(blank=True)
    """Why it was removed, in words for both sides."""

    def __str__(self) -> str:
        return self.what


class Proposal(models.Model):
    """A change to a commitment that one side wants. Until it is answered, what was agreed stands."""

    OPEN, ACCEPTED, COUNTERED, DECLINED, WITHDRAWN, TOLD = STATES = (
        "open", "accepted", "countered", "declined", "withdrawn", "told",
    )  # fmt: skip
    """``told``: it needs nobody's consent. ``withdrawn``: what caused it is gone."""

    id = models.CharField(max_length=22, primary_key=True, default=public_id)
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="proposals")
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="proposals")
    by_side = models.CharField(max_length=8)
    subject = models.CharField(max_length=8)
    """``date``, ``scope``, ``success`` or ``dropped``."""
    was = models.TextField()
    becomes = models.TextField(blank=True)
    says = models.TextField()
    options = models.JSONField(default=list)
    state = models.CharField(max_length=10, default=OPEN)
    answers = models.ForeignKey("self", models.SET_NULL, null=True, related_name="counters")
    """The proposal that this one counters."""
    made_on = models.DateField()
    decided_on = models.DateField(null=True)
    note = models.TextField(blank=True)
    """What the side that decided said to it."""

    def __str__(self) -> str:
        return self.says


class Step(models.Model):
    """One line of a commitment's history, in words for both sides."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="steps", db_index=False)
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="steps", db_index=False)
    side = models.CharField(max_length=8, blank=True)
    """Empty: it followed from the work."""
    says = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["partner", "at", "id"], name="step_newest"),
            models.Index(fields=["commitment", "at", "id"], name="step_of_commitment"),
        ]


class Comment(models.Model):
    """A word of either side. Comments stay here; none goes to a tracker by itself."""

    id = models.CharField(max_length=36, primary_key=True, default=public_id)
    """Of what the partner said: the id under which it said it."""
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="comments")
    item = models.ForeignKey(Item, models.CASCADE, null=True, related_name="comments", db_index=False)
    commitment = models.ForeignKey(Commitment, models.CASCADE, null=True, related_name="comments", db_index=False)
    side = models.CharField(max_length=8)
    text = models.TextField()
    """As written."""
    html = models.TextField()
    """The same, safe."""
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["partner", "at", "id"], name="comment_newest"),
            models.Index(fields=["item", "at", "id"], name="comment_of_item"),
            models.Index(fields=["commitment", "at", "id"], name="comment_of_commitment"),
        ]


class Receipt(models.Model):
    """That what the partner said has been taken in: from then on it no longer counts as on its way."""

    said = models.UUIDField(primary_key=True)
    """Id of the desk's ``Said``."""
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="receipts")
    outcome = models.TextField(blank=True)
    """What came of it, in words for the partner, where that does not show by itself: ``It was already decided.``"""
    at = models.DateTimeField()


COPY = (Partner, Contact, Link, Item, Change, Commitment, Proposal, Step, Comment, Receipt)
"""All tables of the copy; each but the first has a ``partner_id``."""
