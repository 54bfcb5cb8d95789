"""Whether a draft agrees with what people decided: links it would find by itself, mistakes it would repeat."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from rules.engine import Judge
from rules.model import Policy
from syncd.review.models import Verdict
from syncd.trackers import cases
from syncd.worker.plan.effect import goal
from syncd.worker.plan.flags import Flags
from syncd.worker.plan.replay import BATCH

SAMPLES = 5


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A decision of a person that the draft does not bear out."""

    key: str
    title: str
    decided: str
    author: str
    draft: str
    """What the draft says instead, in words."""


@dataclass(slots=True)
class Agreement:
    """How many verdicts there are, and with how many the draft agrees by itself."""

    links: int = 0
    links_found: int = 0
    """Items that people tied to a goal, which the draft ties to it without being told."""
    mistakes: int = 0
    """Flags that people called wrong."""
    mistakes_repeated: int = 0
    samples: list[Disagreement] = field(default_factory=list)

    def disagree(self, one: Disagreement) -> None:
        if len(self.samples) < SAMPLES:
            self.samples.append(one)


def agreement(draft: Policy, flags: Flags, now: datetime) -> Agreement:
    """Compare the draft with every verdict that was not taken back."""
    found = Agreement()
    _links(draft, found, now)
    _mistakes(flags, found)
    return found


def _links(draft: Policy, found: Agreement, now: datetime) -> None:
    """Judged without what people decided, else the draft would only repeat it."""
    judge = Judge(draft)
    for verdicts in _by_batch():
        case_of = cases.load(list(verdicts))
        for (row, case), judgement in zip(case_of.items(), judge.judge(case_of.values(), now), strict=True):
            target, author = verdicts[row]
            found.links += 1
            served = {link.goal for link in judgement.links}
            if target in served:
                found.links_found += 1
            else:
                says = f"serves {goal(judgement)}" if goal(judgement) else "serves no goal"
                found.disagree(Disagreement(case.item.key, case.item.title, f"serves {target}", author, says))


def _by_batch() -> Iterator[dict[int, tuple[str, str]]]:
    """Row id of an item -> the goal that somebody tied it to last, and who."""
    kept = Verdict.objects.filter(kind=Verdict.LINK, undone_at=None).exclude(item=None).order_by("item_id", "id")
    batch: dict[int, tuple[str, str]] = {}
    for item, target, author in kept.values_list("item_id", "target", "author").iterator(BATCH):
        if len(batch) >= BATCH and item not in batch:
            yield batch
            batch = {}
        batch[item] = (target, author)
    if batch:
        yield batch


def _mistakes(flags: Flags, found: Agreement) -> None:
    wrong = Verdict.objects.filter(kind=Verdict.FALSE_POSITIVE, undone_at=None).exclude(flag=None).order_by("id")
    batch: dict[str, tuple[str, str, str]] = {}
    for fingerprint, rule, message, author in wrong.values_list(
        "flag__fingerprint", "flag__rule", "flag__message", "author"
    ).iterator(BATCH):
        batch[fingerprint] = (rule, message, author)
        if len(batch) >= BATCH:
            _repeated(flags, batch, found)
            batch.clear()
    _repeated(flags, batch, found)


def _repeated(flags: Flags, batch: dict[str, tuple[str, str, str]], found: Agreement) -> None:
    found.mistakes += len(batch)
    for fingerprint in sorted(flags.shown_after(batch)):
        rule, message, author = batch[fingerprint]
        found.mistakes_repeated += 1
        found.disagree(Disagreement(rule, message, "is a false positive", author, "would be found again"))
