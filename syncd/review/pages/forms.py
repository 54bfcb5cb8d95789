"""What somebody says besides the verb: which goal, why, until when. ``how`` is what ``verdicts.decide`` takes."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.safestring import SafeString

from rules.model import Goal, Strategy
from syncd.review.models import Verdict
from syncd.review.pages.verbs import ACCEPT, ASK, EXEMPT, GOAL, LINK, SNOOZE, WRONG, Verb
from syncd.review.questions import LONGEST

CATEGORIES = [
    ("maintenance", "Maintenance: it keeps what is there running"),
    ("compliance", "Law or a contract asks for it"),
    ("support", "A customer needs help with it"),
    ("small", "Too small to plan"),
    ("other", "Something else, told below"),
]
MISTAKES = [
    ("It serves a goal that the rule does not see", "It serves a goal that the rule does not see"),
    ("The rule's words are too wide", "The rule's words are too wide"),
    ("The data in the tracker is wrong", "The data in the tracker is wrong"),
    ("Other", "Something else, told below"),
]
GROUNDS = [
    ("Agreed with whom it concerns", "Agreed with whom it concerns"),
    ("There is no one to do it now", "There is no one to do it now"),
    ("It ends by itself", "It ends by itself"),
    ("Other", "Something else, told below"),
]
TIMES = [
    ("1", "Tomorrow"),
    ("7", "In a week"),
    ("30", "In a month"),
    ("day", "On the day below"),
    (Verdict.GROWS, "When it grows"),
    (Verdict.GOAL_CHANGES, "When its goal changes"),
]


Choices = tuple[tuple[str, str], ...]
"""Value and words of each."""


class Details(forms.Form):
    """One verb's questions. Ids of fields carry the verb: several forms stand on one page."""

    verb: Verb

    def __init__(self, data: Any = None, **how: Any) -> None:
        super().__init__(data, auto_id=f"{self.verb.name}-%s", **how)

    def how(self) -> dict[str, Any]:
        """Of a form that is valid."""
        return {"kind": self.verb.kind, **self.says()}

    def says(self) -> dict[str, Any]:
        return {}


def _comment(required: str = "") -> forms.CharField:
    return forms.CharField(
        label="Comment", required=False, max_length=LONGEST, widget=forms.TextInput, help_text=required
    )


class Link(Details):
    """Link to what is suggested: nothing to say but yes."""

    verb = LINK


class ToGoal(Details):
    verb = GOAL
    target = forms.ChoiceField(label="Goal", widget=forms.Select(attrs={"size": 8, "data-narrowed": "goal-words"}))
    comment = _comment()

    def __init__(self, data: Any = None, *, goals: Choices, **how: Any) -> None:
        super().__init__(data, **how)
        self.fields["target"].choices = list(goals)  # type: ignore[attr-defined]

    def says(self) -> dict[str, Any]:
        return {"target": self.cleaned_data["target"], "reason": self.cleaned_data["comment"]}


def _goals(strategy: Strategy) -> Choices:
    """Those that work may be linked to, each under the goal above it."""
    return tuple((goal.id, f"{'· ' * depth}{goal.title}") for goal, depth in strategy.walk() if _open(goal))


def _open(goal: Goal) -> bool:
    return goal.kind != "non_goal" and goal.status not in ("dropped", "paused", "achieved")


class _Reasoned(Details):
    """A reason from a list, in words of one's own where none of them fits."""

    other: str

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("why") == self.other and not told.get("comment"):
            self.add_error("comment", "Say it in your words, for whoever asks later.")
        return told

    def reason(self) -> str:
        chosen, comment = self.cleaned_data["why"], self.cleaned_data["comment"]
        if chosen == self.other:
            return str(comment)
        label = dict(self.fields["why"].choices)[chosen]  # type: ignore[attr-defined]
        return f"{label}: {comment}" if comment else str(label)


def _until(label: str, *, required: bool = False, hint: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=hint,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _day(day: date | None) -> datetime | None:
    """The start of that day, UTC, as the command line has it."""
    return datetime.combine(day, time.min, UTC) if day else None


class Exempt(_Reasoned):
    verb, other = EXEMPT, "other"
    why = forms.ChoiceField(label="Why", choices=CATEGORIES, widget=forms.RadioSelect)
    comment = _comment()
    until = _until("Until", hint="Ninety days where you do not say.")

    def says(self) -> dict[str, Any]:
        until = _day(self.cleaned_data["until"])
        return {"target": self.cleaned_data["why"], "reason": self.reason(), "until": until}


class Wrong(_Reasoned):
    verb, other = WRONG, "Other"
    why = forms.ChoiceField(label="What is wrong", choices=MISTAKES, widget=forms.RadioSelect)
    comment = _comment()

    def says(self) -> dict[str, Any]:
        return {"reason": self.reason()}


class Accept(_Reasoned):
    verb, other = ACCEPT, "Other"
    why = forms.ChoiceField(label="Why", choices=GROUNDS, widget=forms.RadioSelect)
    comment = _comment()
    until = _until("Until", required=True, hint="Then it is back in the queue.")

    def says(self) -> dict[str, Any]:
        return {"reason": self.reason(), "until": _day(self.cleaned_data["until"])}


class Snooze(Details):
    verb = SNOOZE
    when = forms.ChoiceField(label="Show it again", choices=TIMES, widget=forms.RadioSelect, initial="7")
    day = _until("Day")
    comment = _comment()

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("when") == "day" and not told.get("day"):
            self.add_error("day", "Give the day.")
        return told

    def says(self) -> dict[str, Any]:
        when, reason = self.cleaned_data["when"], self.cleaned_data["comment"]
        if when in Verdict.EVENTS:
            return {"until_event": when, "reason": reason}
        ahead = timezone.localdate() + timedelta(days=int(when)) if when != "day" else self.cleaned_data["day"]
        return {"until": _day(ahead), "reason": reason}


class Ask(Details):
    verb = ASK
    text = forms.CharField(label="Question", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))


FORMS: dict[str, type[Details]] = {form.verb.name: form for form in (Link, ToGoal, Exempt, Wrong, Accept, Snooze, Ask)}


def form_of(verb: Verb, strategy: Strategy, data: Any = None) -> Details:
    """The form of a verb, with what was sent."""
    return _form(verb, _goals(strategy) if verb is GOAL else (), data)


def fields_of(verb: Verb, strategy: Strategy) -> SafeString:
    """The fields of its form before anybody fills it in. Each flag is shown with all its forms, and they are the same for
    everybody: they are drawn once for the same goals."""
    return _fields(verb, _goals(strategy) if verb is GOAL else ())


@lru_cache(maxsize=32)
def _fields(verb: Verb, goals: Choices) -> SafeString:
    return _form(verb, goals).render()


def _form(verb: Verb, goals: Choices, data: Any = None) -> Details:
    return ToGoal(data, goals=goals) if verb is GOAL else FORMS[verb.name](data)
