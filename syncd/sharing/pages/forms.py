"""What somebody says besides the verb. What the partner will read says so."""

from datetime import date
from typing import Any

from django import forms

from syncd.sharing.models import Offer, Promise

LONGEST = 4_000
SUBJECTS = {
    "date": "The date",
    "scope": "What is delivered",
    "success": "What counts as success",
    "dropped": "It is dropped",
}
ANSWERS = [
    ("accept", "Accept: it is so from now on"),
    ("counter", "Counter: propose something else"),
    ("decline", "Decline: it stays as it was agreed"),
]
BOTH_READ = "Both sides read it."


def _text(label: str, hint: str = "", *, required: bool = True, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows})
    )


class Approve(forms.Form):
    """That exactly what was shown may be shown: ``seen`` says what that was, ``marks`` the same of the page's items."""

    message = _text("Message", "For our side: why the partner may see it.", rows=2)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=100)
    marks = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST, required=False)


class Stop(forms.Form):
    because = _text("Why", "For our side. The partner is told only that there is nothing to see.", rows=2)


class Word(forms.Form):
    text = _text("What they were told", "For our side. The cadence counts from now.")


class Say(forms.Form):
    text = _text("Comment", "The partner reads it. It goes into no tracker.")


class NewLink(forms.Form):
    label = forms.CharField(
        label="Whom it is for",
        max_length=100,
        help_text="For our side, to know it again. Whoever holds the link sees it all.",
    )


class Remove(forms.Form):
    reason = _text("Reason", BOTH_READ)


class _Becomes(forms.Form):
    """A change to a commitment, in words or as a day."""

    becomes = forms.CharField(label="What it becomes", max_length=LONGEST, required=False)

    def checked(self, subject: str) -> None:
        """Complain where the change is not told in the way that its subject needs."""
        value = self.cleaned_data.get("becomes", "").strip()
        if subject == "dropped":
            self.cleaned_data["becomes"] = ""
        elif not value:
            self.add_error("becomes", "Say what it is to be instead.")
        elif subject == "date" and not _is_day(value):
            self.add_error("becomes", "Give a day, such as 2026-12-15.")
        else:
            self.cleaned_data["becomes"] = value


class Propose(_Becomes):
    """A change that our side wants."""

    subject = forms.ChoiceField(label="What changes", choices=list(SUBJECTS.items()), widget=forms.RadioSelect)
    because = _text("Why", BOTH_READ)
    field_order = ("subject", "becomes", "because")

    def __init__(self, promise: Promise, data: Any = None) -> None:
        super().__init__(data)
        day = promise.offered["by"]
        self.fields["becomes"].help_text = f"A day such as {day}, or the new words; nothing where it is dropped."

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if "subject" in told:
            self.checked(told["subject"])
        return self.cleaned_data


class Answer(_Becomes):
    """What our side says to a proposal of theirs."""

    decision = forms.ChoiceField(label="Answer", choices=ANSWERS, widget=forms.RadioSelect)
    text = _text("What you say to it", "Both sides read it. Needed unless you accept.", required=False)
    field_order = ("decision", "becomes", "text")

    def __init__(self, offer: Offer, data: Any = None) -> None:
        super().__init__(data)
        self._offer = offer
        kind = "A day, such as 2026-12-15" if offer.subject == "date" else "The new words"
        self.fields["becomes"].label = "What you propose instead"
        self.fields["becomes"].help_text = f"{kind}. Only for a counter-proposal."
        if offer.row:  # the partner does not know that this rests on it
            self.fields["text"].help_text = "They read it if you accept or counter; of a refusal they are told nothing."
        if offer.subject == "dropped":
            left = [one for one in ANSWERS if one[0] != "counter"]
            self.fields["decision"].choices = left  # type: ignore[attr-defined]
            del self.fields["becomes"]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        decision = told.get("decision")
        if decision == "counter":
            self.checked(self._offer.subject)
        elif decision:
            self.cleaned_data["becomes"] = ""
        if (decision == "counter" or (decision == "decline" and not self._offer.row)) and not told.get("text"):
            self.add_error("text", "Say why, so that both sides know.")
        return self.cleaned_data


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).year < 3000
    except ValueError:
        return False
