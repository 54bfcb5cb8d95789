"""What a goal's people say about it, from the page and from the API alike."""

from datetime import datetime

from syncd.accounts import audit
from syncd.accounts.models import User
from syncd.review.marks import GOALS, unsettle
from syncd.strategy.models import GoalUpdate


def say(actor: audit.Actor, person: User, goal: str, health: str, text: str, now: datetime) -> GoalUpdate:
    """Post an update. Whether nobody has said anything is looked at anew.

    :param health: one of ``GoalUpdate.HEALTH``
    """
    made = GoalUpdate.objects.create(goal=goal, health=health, text=text.strip(), author=str(person), made_at=now)
    unsettle([GOALS], now)
    audit.record(actor, "goal_updated", goal, health=health)
    return made
