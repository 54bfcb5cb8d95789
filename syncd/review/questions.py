"""What people ask each other about flags and links, and the answers that are owed.

A question stays here: nothing is written to a tracker. Its text is there to be copied.
"""

from datetime import datetime

from syncd.review import facts
from syncd.review.models import Flag, Question
from syncd.review.verdicts import Overtaken, Refused
from syncd.strategy import versions
from syncd.trackers import cases
from syncd.trackers.models import Item

LONGEST = 4_000
"""Characters of a question or an answer."""


def ask(
    kind: str, text: str, asker: str, now: datetime, *, flag: Flag | None = None, item: Item | None = None
) -> Question:
    """Ask the owner of the work, or challenge what was decided before the owner of the goal.

    :param kind: one of ``Question.KINDS``
    :raises Refused: there is nothing in it, or there was nothing to challenge
    """
    text = _said(text)
    if kind not in Question.KINDS:
        raise Refused(f"{kind} is no question: expected {' or '.join(Question.KINDS)}")
    item = item or (flag.item if flag else None)
    goal = _goal(flag, item) if kind == Question.CHALLENGE else ""
    to = _owner_of_goal(goal) if kind == Question.CHALLENGE else flag.owner if flag else _owner_of(item)
    return Question.objects.create(
        kind=kind, flag=flag, item=item, goal=goal, text=text, asker=asker, to=to, asked_at=now
    )


def answer(question: Question, text: str, author: str, now: datetime) -> None:
    """:raises Overtaken: somebody answered meanwhile, or it was withdrawn"""
    text = _said(text)
    still_open = Question.objects.filter(pk=question.pk, answered_at=None, withdrawn_at=None)
    if not still_open.update(answer=text, answered_by=author, answered_at=now):
        question.refresh_from_db()
        raise Overtaken(
            f"{question.answered_by} answered meanwhile: {question.answer}"
            if question.answered_at
            else f"{question.asker} has withdrawn the question"
        )
    question.refresh_from_db()


def withdraw(question: Question, author: str, now: datetime) -> None:
    """:raises Refused: it is somebody else's, or it is answered"""
    if question.asker != author:
        raise Refused(f"it is {question.asker}'s question")
    if not Question.objects.filter(pk=question.pk, answered_at=None, withdrawn_at=None).update(withdrawn_at=now):
        raise Refused("it is answered or withdrawn already")
    question.refresh_from_db()


def _said(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refused("write what you want to say")
    if len(text) > LONGEST:
        raise Refused(f"it is {len(text):,} characters long: {LONGEST:,} are enough")
    return text


def _goal(flag: Flag | None, item: Item | None) -> str:
    """The goal in whose name a flag or a link stands."""
    if flag and flag.goal:
        return flag.goal
    decision = getattr(item, "decision", None)
    return decision.primary_goal if decision else ""


def _owner_of(item: Item | None) -> str:
    """Who works on it, as its tracker says."""
    if item is None:
        return ""
    id_ = f"{item.tracker.name}:{item.native_id}"
    _, known = cases.by_id({id_}).get(id_, (0, None))
    return facts.owner(known)


def _owner_of_goal(goal: str) -> str:
    """Of the goal, else of the nearest above it that has one."""
    return next((each.owner for each in versions.strategy_in_force().path(goal) if each.owner), "")
