"""Forms that carry what a passkey says; allauth checks it against its challenge.

https://www.w3.org/TR/webauthn-3/
"""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)

NOT_AN_ANSWER = (AttributeError, KeyError, TypeError, ValueError)
"""What allauth and fido2 stumble over when a browser, or somebody else, sends something of another shape."""


class New(AddWebAuthnForm):
    """A passkey signs in by itself unless its person wants it as a second factor only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "What you call it"
        alone = self.fields["passwordless"]
        alone.label, alone.initial = "Sign in with it alone, without the password", True
        alone.help_text = "The device then asks for a fingerprint, a face or a PIN."

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except NOT_AN_ANSWER:
            raise get_adapter().validation_error("incorrect_code") from None
        return cleaned


class _Checked(AuthenticateWebAuthnForm):
    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()
        except NOT_AN_ANSWER:
            raise get_adapter().validation_error("incorrect_code") from None


class SecondFactor(_Checked):
    """After the password."""


class SignIn(_Checked, LoginWebAuthnForm):
    """Instead of the password."""


class Again(_Checked, ReauthenticateWebAuthnForm):
    """Before a change to what one signs in with."""
