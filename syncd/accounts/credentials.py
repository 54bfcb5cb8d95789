"""Forms that take passwords and codes: allauth's, with labels in the words and capitals of our own forms, and no placeholder
that repeats them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account.forms import ChangePasswordForm, LoginForm, SetPasswordForm
from allauth.account.forms import ReauthenticateForm as PasswordAgainForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms


class _Labelled(forms.Form):
    LABELS: ClassVar[Mapping[str, str]] = {}
    """Field -> its label, where allauth has another."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.LABELS.get(name, field.label)


class SignIn(_Labelled, LoginForm):
    """Address and password."""

    LABELS: ClassVar[Mapping[str, str]] = {"login": "E-mail address"}


class PasswordAgain(_Labelled, PasswordAgainForm):
    """Before a change to what one signs in with."""


class FirstPassword(_Labelled, SetPasswordForm):
    """Of somebody who came in by a link, a passkey or single sign-on."""

    LABELS: ClassVar[Mapping[str, str]] = {"password2": "The same again"}


class NewPassword(_Labelled, ChangePasswordForm):
    """Instead of the one that is known."""

    LABELS: ClassVar[Mapping[str, str]] = {
        "oldpassword": "Current password",
        "password1": "New password",
        "password2": "The same again",
    }


class Code(_Labelled, AuthenticateForm):
    """After the password."""


class CodeAgain(_Labelled, CodeAgainForm):
    """Before a change to what one signs in with."""


class FirstCode(_Labelled, ActivateTOTPForm):
    """What a new authenticator app shows."""
