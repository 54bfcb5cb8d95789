"""What people type about themselves and about others."""

from datetime import timedelta

from django import forms

from syncd.accounts.access import Act
from syncd.accounts.models import Role, User
from syncd.accounts.models.user import time_zones

DAYS = (30, 90, 180, 365)


class FirstOperator(forms.Form):
    """Who opens the first link says who they are."""

    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    name = forms.CharField(
        label="Name", max_length=100, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class Me(forms.ModelForm):  # type: ignore[type-arg]  # at run time it takes no argument
    """What a person sets for themselves."""

    time_zone = forms.ChoiceField(
        label="Time zone", choices=lambda: [(zone, zone.replace("_", " ")) for zone in time_zones()]
    )
    shortcuts = forms.BooleanField(label="Single keys do something", required=False)

    class Meta:
        model = User
        fields = ("name", "time_zone", "theme", "shortcuts")


class NewToken(forms.Form):
    """A key for a program."""

    name = forms.CharField(label="What it is for", max_length=100)
    scopes = forms.MultipleChoiceField(
        label="It may",
        choices=[
            (Act.READ, "read: see items, goals, flags"),
            (Act.DECIDE, "decide: give verdicts"),
            (Act.OPERATE, "operate: sync now, let people in"),
        ],
        initial=[Act.READ],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label="It lasts", coerce=int, choices=[(days, f"{days} days") for days in DAYS], initial=90
    )

    @property
    def lasts(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])


class NewPerson(forms.Form):
    """Somebody is let in."""

    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label="Name", max_length=100, required=False)
    role = forms.ChoiceField(label="Role", choices=Role.choices, initial=Role.VIEWER)


class NewRole(forms.Form):
    """Somebody is here for something else."""

    role = forms.ChoiceField(label="Role", choices=Role.choices)
