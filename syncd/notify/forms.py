"""What somebody asks to be told."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict

from config.models.messages import Messages
from syncd.accounts.models import User
from syncd.notify.models import Subscription
from syncd.review import access as review
from syncd.review.queue import Filters
from syncd.web.filters import BadFilter

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WORKDAYS = (0, 1, 2, 3, 4)
LONGEST = 2_000


class Subscribe(forms.Form):
    """A digest. The choices are those of its person: views that they see, places that the operator allows."""

    days = forms.TypedMultipleChoiceField(
        label="On",
        coerce=int,
        choices=list(enumerate(DAYS)),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "row-of"}),
    )
    hour = forms.TypedChoiceField(label="At", coerce=int, choices=[(hour, f"{hour:02}:00") for hour in range(24)])
    channel = forms.ChoiceField(label="By")
    view = forms.TypedChoiceField(label="About", coerce=int, empty_value=None, required=False)
    query = forms.CharField(
        label="Own filter",
        max_length=LONGEST,
        required=False,
        help_text="What stands after the ? in the address of the queue, such as severity=high&amp;owner=Ana. "
        "A saved view goes before it.",
    )

    def __init__(
        self, person: User, subscription: Subscription | None = None, data: Any = None, query: str = ""
    ) -> None:
        start = {"days": list(WORKDAYS), "hour": 9, "channel": Subscription.MAIL, "query": query}
        if subscription:
            start = {name: getattr(subscription, name) for name in start} | {"view": subscription.view_id}
        super().__init__(data, initial=start)
        self._views = {view.pk: view for view in review.views(person)}
        self.fields["hour"].help_text = f"In your time zone, {person.time_zone}."
        self.fields["channel"].choices = channels(person)  # type: ignore[attr-defined]
        named = [(pk, f"the view “{view.name}”") for pk, view in self._views.items()]
        self.fields["view"].choices = [("", "what the filter below says"), *named]  # type: ignore[attr-defined]

    def clean_query(self) -> str:
        """The same filter has one form."""
        try:
            return Filters.of(dict(QueryDict(self.cleaned_data["query"].strip().lstrip("?")).lists())).query
        except BadFilter as error:
            raise forms.ValidationError(str(error)) from None

    def fill(self, subscription: Subscription) -> None:
        """Put what was chosen into a subscription."""
        said = self.cleaned_data
        subscription.days, subscription.hour = sorted(said["days"]), said["hour"]
        subscription.channel, subscription.query = said["channel"], said["query"]
        subscription.view = self._views.get(said["view"])


def channels(person: User) -> list[tuple[str, str]]:
    """By which ways this person may be told."""
    messages: Messages = settings.MESSAGES
    mail = f"mail to {person.email}{'' if messages.mail else ' (mail is not configured yet)'}"
    return [
        (Subscription.MAIL, mail),
        *((place.key, place.key) for place in messages.notify if "digest" in place.about),
    ]
