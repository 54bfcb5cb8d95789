"""How a commitment stands, in values for its page: what was agreed beside what the work says now, and what waits."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from syncd.partners.desk import saying
from syncd.partners.desk.models import Said
from syncd.partners.entrance.visitor import Visitor
from syncd.partners.models import OURS, THEIRS, Commitment, Proposal
from syncd.partners.pages import periods

SUBJECTS = {
    "date": "The date",
    "scope": "What is delivered",
    "success": "What counts as success",
    "dropped": "All of it",
}
TONES = {"done": "good", "on track": "info", "at risk": "warn", "late": "bad"}
_SAID = {
    Said.ACCEPT: "You accepted", Said.COUNTER: "You made another proposal", Said.DECLINE: "You declined",
    Said.ACKNOWLEDGE: "You took note", Said.PROPOSE: "You proposed a change",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was agreed. ``now`` is empty where nothing else is said by now."""

    title: str
    agreed: str
    now: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A proposal. ``sent``: what the partner said to it, on its way; ``answerable``: it waits for the partner."""

    row: Proposal
    subject: str
    by: str
    was: str
    becomes: str
    answerable: bool
    to_note: bool
    sent: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    row: Commitment
    owes: str
    """The name of the side that delivers."""
    state: str
    tone: str
    lines: tuple[Line, ...]
    answerable: bool
    """It waits for the partner to accept it."""
    waits: str
    """For whom it waits, in words; empty: for nobody."""
    proposals: list[Change] = field(default_factory=list)
    sent: str = ""
    outcome: str = ""


def standings(who: Visitor, commitments: Iterable[Commitment], *, decided: bool = False) -> list[Standing]:
    """In the order given, in a fixed number of queries.

    :param decided: also proposals that are no longer open
    """
    rows = list(commitments)
    ids = [row.id for row in rows]
    found = Proposal.objects.filter(partner=who.partner, commitment__in=ids).order_by("made_on", "id")
    if not decided:
        found = found.filter(state__in=(Proposal.OPEN, Proposal.TOLD))
    proposals = list(found)
    about = ids + [proposal.id for proposal in proposals]
    sent = {said.about: said for said in saying.under_way(who.partner, about, who.now) if said.kind != Said.COMMENT}
    noted = set(
        Said.objects.filter(partner=who.partner.id, kind=Said.ACKNOWLEDGE, about__in=about).values_list(
            "about", flat=True
        )
    )
    told = saying.outcomes(who.partner, about)
    changes = [_change(who, proposal, sent.get(proposal.id), noted, told) for proposal in proposals]
    return [
        _standing(who, row, [one for one in changes if one.row.commitment_id == row.id], sent, told) for row in rows
    ]


def _standing(
    who: Visitor, row: Commitment, proposals: list[Change], sent: dict[str, Said], told: dict[str, str]
) -> Standing:
    partner = who.partner
    names = {OURS: partner.company, THEIRS: partner.name}
    offered = row.stage == Commitment.OFFERED
    state = row.state if row.stage == Commitment.AGREED else {Commitment.REMOVED: "removed"}.get(row.stage, "offered")
    return Standing(
        row=row,
        owes=names.get(row.who, ""),
        state=state,
        tone=TONES.get(state, "calm"),
        lines=_lines(row),
        answerable=offered and row.theirs_on is None and row.id not in sent,
        waits=_waits(row, partner.company, answered=row.id in sent) if offered else "",
        proposals=proposals,
        sent=_words(sent.get(row.id)),
        outcome=told.get(row.id, ""),
    )


def _lines(row: Commitment) -> tuple[Line, ...]:
    agreed = {"by": row.by.isoformat(), "what": row.what, "success": row.success}
    titles = {"by": "By", "what": "What", "success": "Success"}
    return tuple(
        Line(title, _shown(name, agreed[name]), _shown(name, str(row.current.get(name) or "")))
        for name, title in titles.items()
    )


def _shown(name: str, text: str) -> str:
    return periods.words(text) if name == "by" else text


def _waits(row: Commitment, company: str, *, answered: bool) -> str:
    """:param answered: whether what the partner says to it is on its way"""
    missing = [company] if row.ours_on is None else []
    missing += ["you"] if row.theirs_on is None and not answered else []
    return f"Waits for {' and '.join(missing)} to accept it" if missing else ""


def _change(who: Visitor, row: Proposal, said: Said | None, noted: set[str], told: dict[str, str]) -> Change:
    dated = row.subject == "date"
    ours = row.by_side == OURS
    return Change(
        row=row,
        subject=SUBJECTS.get(row.subject, row.subject),
        by=who.partner.company if ours else who.partner.name,
        was=periods.words(row.was) if dated else row.was,
        becomes=periods.words(row.becomes) if dated else row.becomes,
        answerable=ours and row.state == Proposal.OPEN and said is None,
        to_note=ours and row.state == Proposal.TOLD and row.id not in noted,
        sent=_words(said) or ("You took note" if row.id in noted else ""),
        outcome=told.get(row.id, ""),
    )


def _words(said: Said | None) -> str:
    return _SAID[said.kind] if said else ""


def is_day(text: str) -> bool:
    """Whether it is a day as ISO 8601 writes it, in a year that somebody may mean."""
    try:
        return 2000 <= date.fromisoformat(text).year <= 2200 and len(text) == 10
    except ValueError:
        return False
