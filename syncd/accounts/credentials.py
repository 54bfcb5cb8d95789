"""Forms that take passwords and codes: allauth's, with a label that says what is wanted and no placeholder that repeats it."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, SetPasswordForm
from allauth.account.forms import ReauthenticateForm as PasswordAgainForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms


class _Labelled(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignIn(_Labelled, LoginForm):
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail address"


class PasswordAgain(_Labelled, PasswordAgainForm):
    """Before a change to what one signs in with."""


class FirstPassword(_Labelled, SetPasswordForm):
    """Of somebody who came in by a link, a passkey or single sign-on."""


class NewPassword(_Labelled, ChangePasswordForm):
    """Instead of the one that is known."""


class Code(_Labelled, AuthenticateForm):
    """After the password."""


class CodeAgain(_Labelled, CodeAgainForm):
    """Before a change to what one signs in with."""


class FirstCode(_Labelled, ActivateTOTPForm):
    """What a new authenticator app shows."""
