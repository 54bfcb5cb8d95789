"""Rounds: walks over all items, in slices, of which a crash loses nothing."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q


class Round(models.Model):
    """One walk over all items in the order of their row ids, and how far it is."""

    EDIT, AUDIT = PURPOSES = ["edit", "audit"]
    """``edit``: find whom an edit of strategy or rules touches; ``audit``: judge everything again and
    compare."""
    EXAMPLES = 10

    purpose = models.CharField(max_length=8)
    version = models.PositiveBigIntegerField(default=0)
    """Of an edit: the strategy version that it made."""
    position = models.PositiveBigIntegerField(default=0)
    """Row id of the last item that was looked at."""
    seen = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    """Items that an edit touches; items that an audit would decide otherwise than it is stored."""
    examples = models.JSONField(default=list)
    """Of what an audit found: ``[{"item": key, "differs": what in words}]``."""
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["purpose", "id"], name="round_under_way", condition=Q(ended_at=None))]

    def __str__(self) -> str:
        return f"{self.purpose} from {self.began_at}: {self.found} of {self.seen}"

    @classmethod
    def under_way(cls, purpose: str) -> "Round | None":
        """The oldest that is not over."""
        return cls.objects.filter(purpose=purpose, ended_at=None).order_by("id").first()

    @classmethod
    def disagreement(cls) -> "Round | None":
        """The last audit that came to its end, if it found something: what people should hear of."""
        last = cls.objects.filter(purpose=cls.AUDIT, ended_at__isnull=False).order_by("-id").first()
        return last if last and last.found else None

    @property
    def told(self) -> str:
        """The examples in words."""
        return ", ".join(f"{example['item']}: {example['differs']}" for example in self.examples)

    def step(self, position: int, seen: int, found: int, examples: list[dict[str, Any]]) -> None:
        """A slice was done. The caller saves."""
        self.position, self.seen, self.found = position, self.seen + seen, self.found + found
        self.examples = [*self.examples, *examples][: self.EXAMPLES]

    def end(self, now: datetime) -> None:
        """The last item was looked at. The caller saves."""
        self.ended_at = now
