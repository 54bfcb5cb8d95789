"""What a partner sees of an item: a pure function of the agreement and of the inputs that it allows.

Two steps, so that it can be seen what a value may depend on. ``allowed`` is the only function that looks at
an item: it asks the filter, and has each agreed transform read its own. ``project`` gets what was read and
nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rules.match import Matcher, Reason, View, compile_joined, flips
from rules.match.clause import Answer
from rules.model import Case
from rules.model.partners import Agreement, Cell, Shared, Withheld
from rules.sharing.redactor import Redactor
from rules.sharing.transforms import FIELDS, Transform
from rules.sharing.written import Written


@dataclass(frozen=True, slots=True)
class Allowed:
    """All that may reach the partner of one item."""

    shared: Answer
    """Whether the filter holds; None where that is not known."""
    written: Mapping[str, Written]
    """Field -> what its transform read. Empty for an item that is not shared."""


class Sharing:
    """One agreement, made ready for many items.

    :param redactor: takes out of shared text what must not leave the house
    :raises BadCondition: the filter cannot be compiled
    """

    def __init__(self, agreement: Agreement, redactor: Redactor | None = None) -> None:
        self.agreement = agreement
        self.redactor = redactor or Redactor(links=agreement.links, never=agreement.never)
        self.where: Matcher = compile_joined(agreement.where)  # while an edit waits it is two filters

    def share(self, case: Case, now: datetime) -> Shared | Withheld:
        """The item as the partner sees it. ``now`` is aware; it matters to the filter alone."""
        return project(allowed(case, self.agreement, self.where, now), self.agreement, self.redactor)

    def why(self, case: Case, now: datetime) -> Reason:
        """How the filter fared, with the text that matched or failed. For our side only: it quotes the item."""
        return self.where.explain(case, now)

    def turns(self, case: Case, now: datetime) -> datetime | None:
        """The first moment after ``now`` at which time alone may share or withhold the item; None: never."""
        view = View.of(case, self.where.scope.lexicon)
        return flips(self.where.clause, view, now, self.where(case, now))


def share(case: Case, agreement: Agreement, now: datetime) -> Shared | Withheld:
    """One item by one agreement; ``Sharing`` does the same for many.

    :raises BadCondition: the filter cannot be compiled
    """
    return Sharing(agreement).share(case, now)


def allowed(case: Case, agreement: Agreement, where: Matcher, now: datetime) -> Allowed:
    """What the agreement allows to be read of an item; of one that is not shared, nothing."""
    answer = where(case, now)
    if answer is not True:
        return Allowed(answer, {})
    known = {name: _transform(name, how) for name, how in agreement.fields.items()}
    return Allowed(True, {name: how.read(case.item, agreement) for name, how in known.items() if how})


def project(inputs: Allowed, agreement: Agreement, redactor: Redactor) -> Shared | Withheld:
    """The partner's row, each value with the clause that shows or withholds it."""
    if inputs.shared is not True:
        known = "does not hold" if inputs.shared is False else "is not known to hold"
        return Withheld(f"the filter of the agreement {known}")
    named = [_cell(name, how, inputs.written.get(name), redactor) for name, how in agreement.fields.items()]
    return Shared((*named, *(_unnamed(name) for name in FIELDS if name not in agreement.fields)))


def _cell(name: str, how: str, written: Written | None, redactor: Redactor) -> Cell:
    clause = f"share.fields.{name}: {how}"
    transform = _transform(name, how)
    if transform is None or written is None:
        what = f"there is no transform {how} for it" if name in FIELDS else "there is no such field"
        return Cell(name, "", clause, f"dropped: {what}")
    if not written.text:
        return Cell(name, "", clause, written.lack or "there is nothing to show")
    if not transform.text:
        return Cell(name, written.text, clause, f"shown by {how}")
    clean = redactor.redact(written.text)
    if clean.blank:
        return Cell(name, "", clause, "all of it was taken out", clean.taken)
    text = clean.text if transform.lines else " ".join(clean.text.split())
    because = f"shown by {how}" + (f", with {len(clean.taken)} taken out" if clean.taken else "")
    return Cell(name, text, clause, because, clean.taken)


def _unnamed(name: str) -> Cell:
    return Cell(name, "", "share.fields", "the agreement does not name it")


def _transform(name: str, how: str) -> Transform | None:
    return FIELDS.get(name, {}).get(how)
