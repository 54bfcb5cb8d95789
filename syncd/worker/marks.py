"""Who must be judged again although nobody touched an item: time has passed, or the policy was edited.

An edit is brought to those that it can touch, and to nobody else, by one walk over all items in slices.
A crash loses nothing: the round knows how far it is, and the version counts as unmarked until its end.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

import structlog
from django.db.models import F

from rules.change import Reach, reach
from syncd.review.verdicts import rulings
from syncd.strategy import versions
from syncd.strategy.models import StrategyVersion
from syncd.strategy.versions import OldForm
from syncd.trackers import bulk, cases, due
from syncd.trackers.models import Round
from syncd.trackers.writing import writing

log = structlog.get_logger(__name__)


BATCH = 1000
"""Items looked at between two commits."""


def mark_flipped(now: datetime) -> int:
    """Items of which time alone may have changed the decision. :returns: how many were not marked before"""
    with writing():
        return due.mark_selected("SELECT item_id FROM strategy_decision WHERE next_at <= %s", [bulk.stamp(now)])


class Edits:
    """Brings new versions of strategy and rules to the items that they touch."""

    def __init__(self) -> None:
        self._reaches: dict[int, Reach | None] = {}

    def mark(self, version: StrategyVersion, now: datetime, enough: Callable[[], bool]) -> bool:
        """Mark whom this version and those before it touch, oldest first, as far as it goes.

        :param enough: asked after each batch whether to stop here for now
        :returns: whether everybody is marked
        """
        waiting = versions.unmarked(version)
        return all(self._bring(each, now, enough) for each in reversed(waiting))

    def _bring(self, version: StrategyVersion, now: datetime, enough: Callable[[], bool]) -> bool:
        if version.id not in self._reaches:
            self._reaches[version.id] = _reach(version)
        touched = self._reaches[version.id]
        if touched is None or touched.everything:
            with writing():
                due.mark_all()
                versions.marked(version, now)
        elif not _walk(_begun(version, touched, now), touched, now, enough):
            return False
        else:
            with writing():
                Round.objects.filter(purpose=Round.EDIT, version=version.id).update(ended_at=now)
                versions.marked(version, now)
        del self._reaches[version.id]
        return True


def _reach(version: StrategyVersion) -> Reach | None:
    """What the version can touch; None where it is the first, or nobody can tell: then it may be anything."""
    previous = versions.before(version)
    try:
        return reach(versions.policy_of(previous), versions.policy_of(version)) if previous else None
    except OldForm:
        return None


def _begun(version: StrategyVersion, touched: Reach, now: datetime) -> Round:
    """The round of this version. Whom the store can name without a walk is marked when it begins."""
    with writing():
        known = Round.objects.filter(purpose=Round.EDIT, version=version.id).first()
        if known is None:
            _mark_about(touched.goals)
            if touched.findings:
                due.mark_selected("SELECT DISTINCT item_id FROM review_finding WHERE TRUE", [])
            known = Round.objects.create(purpose=Round.EDIT, version=version.id, began_at=now)
    return known


def _mark_about(goals: Iterable[str]) -> None:
    """Items that are tied to any of these goals, or have a finding that counts for a flag about one."""
    one_of, these = bulk.one_of(sorted(goals))
    due.mark_selected(f"SELECT DISTINCT item_id FROM strategy_link WHERE goal {one_of}", [these])  # noqa: S608
    due.mark_selected(
        f"""SELECT DISTINCT finding.item_id FROM review_finding finding
            JOIN review_flag flag ON flag.fingerprint = finding.fingerprint WHERE flag.goal {one_of}""",  # noqa: S608
        [these],
    )


def _walk(round_: Round, touched: Reach, now: datetime, enough: Callable[[], bool]) -> bool:
    """Go on where the round is. :returns: whether it came to its end"""
    while touched.scans and (ids := cases.after(round_.position, BATCH)):
        case_of = cases.lines(ids, rulings, counted=touched.open)
        found = [id_ for id_, case in case_of.items() if touched.touches(case, now)]
        with writing():
            # only who moves the round marks: another worker may walk it as well
            mine = Round.objects.filter(id=round_.id, position=round_.position).update(
                position=ids[-1], seen=F("seen") + len(ids), found=F("found") + len(found)
            )
            if mine:
                due.mark(found)
        round_.refresh_from_db(fields=["position"])
        if enough():
            return False
    return True
