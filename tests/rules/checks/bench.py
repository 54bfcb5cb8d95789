"""What the tests of the checks share: judging one case with everything but one check switched off."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from rules.checks import CHECKS, GOAL_CHECKS
from rules.engine import Judge
from rules.model import Case, Checks, Finding, Judgement
from tests.rules.cast import NOW, policy


def only(check: str, **thresholds: Any) -> Checks:
    """The check enforced with these thresholds, all others off."""
    base = Checks(modes={**dict.fromkeys((*CHECKS, *GOAL_CHECKS), "off"), check: "enforce"})
    return replace(base, **{check: replace(getattr(base, check), **thresholds)}) if thresholds else base


def judged(
    check: str, case: Case, now: datetime = NOW, policy_: Mapping[str, Any] | None = None, **thresholds: Any
) -> Judgement:
    judge = Judge(policy(checks=only(check, **thresholds), **(policy_ or {})))
    return next(judge.judge([case], now))


def findings(check: str, case: Case, now: datetime = NOW, **more: Any) -> tuple[Finding, ...]:
    return judged(check, case, now, **more).findings


def message(check: str, case: Case, now: datetime = NOW, **more: Any) -> str:
    """What the one finding says; empty if there is none."""
    found = findings(check, case, now, **more)
    assert len(found) <= 1
    return found[0].message if found else ""
