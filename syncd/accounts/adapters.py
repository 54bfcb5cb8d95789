"""What allauth asks us: who may sign up (nobody), what is written down, how secrets are kept."""

import base64
import hashlib
from typing import Any, ClassVar

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.html import format_html

from syncd.accounts import audit
from syncd.accounts.address import ip_of
from syncd.accounts.models.user import User
from syncd.accounts.sessions import recent, remember_method, remove_outdated

FRESH = 300.0
"""Seconds after sign-in in which nobody is asked again who they are."""


class People(DefaultAccountAdapter):
    """Accounts are made by operators. What happens to them goes into the security log instead of a mail."""

    error_messages: ClassVar = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The e-mail address and the password are not correct together."
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the signature is allauth's
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return ip_of(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Who tries too often is axes' affair."""

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        audit.record(request, "sign_in_failed", User.objects.normalize_email(credentials.get("email")))

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        methods = [record["method"] for record in get_authentication_records(request, user)]
        how = "+".join(dict.fromkeys(methods))
        remember_method(request, how)
        remove_outdated()
        audit.record(request, "signed_in", method=how)

    def logout(self, request: HttpRequest) -> None:
        audit.record(request, "signed_out")
        super().logout(request)

    def reauthenticate(self, user: Any, password: str) -> bool:
        found = self.authenticate(current.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Before a change to what somebody signs in with, unless they have just come in, or came by a link, single
        sign-on or a proxy and have nothing to show here."""
        if recent(self.request, FRESH) or not get_reauthentication_flows(self.request.user):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """``mfa/email/totp_activated`` becomes the event ``totp_activated``."""
        del context, email
        audit.record(self.request, template_prefix.rpartition("/")[2], user)


class SecondFactor(DefaultMFAAdapter):
    """Keys of authenticator apps are encrypted by the installation's own key: a copy of the store gives no codes."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Any, type: str) -> str:  # noqa: A002 - the signature is allauth's
        """What a new passkey is called unless its person says otherwise."""
        there = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Passkey {there + 1}"

    def get_totp_issuer(self) -> str:
        return "syncd"

    def _get_site_name(self) -> str:
        return "syncd"

    def build_totp_svg(self, url: str) -> str:
        """A picture that stands in the page itself, without a style or an address that the policy would refuse."""
        code = qrcode.QRCode(border=2)
        code.add_data(url)
        rows = code.get_matrix()
        dots = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
        return format_html(
            '<svg class="qr" viewBox="0 0 {0} {0}" width="216" height="216" role="img" aria-label="QR code">'
            '<path fill="#fff" d="M0 0h{0}v{0}h-{0}z"/><path fill="#000" d="{1}"/></svg>',
            len(rows),
            dots,
        )


def _cipher() -> MultiFernet:
    """The newest key encrypts; what older ones have encrypted is still read (SECRET_KEY_FALLBACKS)."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (hashlib.sha256(b"syncd second factor " + str(key).encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
