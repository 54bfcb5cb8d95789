"""Days: those that are worked (Monday to Friday in UTC, whole and in parts; holidays are not known, and count as work), and
how people read one."""

from datetime import UTC, date, datetime, time, timedelta

DAY = timedelta(days=1)
WEEK = 5 * DAY
"""Working time in a week."""


def add_working_days(moment: datetime, days: float) -> datetime:
    """The first moment at which ``days`` working days have passed since ``moment``; both aware.

    Half a day is twelve hours between Monday and Friday. What ends with a Friday ends at its midnight.
    """
    if days <= 0:
        return moment
    weeks, rest = divmod(_worked(moment.astimezone(UTC)) + days * DAY, WEEK)
    if not rest:
        weeks, rest = weeks - 1, WEEK
    return midnight(date.fromordinal(weeks * 7 + 1)) + rest


def working_days_between(since: datetime, until: datetime) -> float:
    """How many working days passed between two moments, in parts of a day; 0 where ``until`` is not later."""
    if until <= since:
        return 0.0
    return (_worked(until.astimezone(UTC)) - _worked(since.astimezone(UTC))) / DAY


def midnight(day: date) -> datetime:
    """When a day begins."""
    return datetime.combine(day, time(), UTC)


def days_after(day: date, days: int) -> date:
    """Some days later; the calendar's last day where it ends before, as for work that is due on 9999-12-31."""
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


def spelled(day: date) -> str:
    """A day in a sentence for people: ``15 December 2026``."""
    return f"{day.day} {day:%B %Y}"


def _worked(moment: datetime) -> timedelta:
    """Working time since the calendar's first day, which is a Monday."""
    weeks, weekday = divmod(moment.toordinal() - 1, 7)
    this_week = min(weekday * DAY + (moment - midnight(moment.date())), WEEK)
    return weeks * WEEK + this_week
