"""By SMTP, through Django's mail."""

import smtplib
from collections.abc import Callable, Iterable
from contextlib import suppress
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.utils.encoding import punycode

from config.models.messages import Mail
from connectors.redaction import redact_text
from connectors.settings import SecretMissing
from syncd.notify.models import Message
from syncd.notify.ways import NotConfigured, NotSent, Refused, Unclear

BACKEND = "syncd.notify.ways.mail.Backend"
TIMEOUT = 15
"""Seconds for each step of the conversation."""


class Backend(EmailBackend):
    """Django's, which would greet the server by this machine's name: servers pass that on in the headers of each letter, to
    whoever gets it. This one greets by the sender's domain."""

    def __init__(self, *args: Any, greets_as: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self._greets_as = punycode(greets_as)

    @property
    def connection_class(self) -> Callable[..., smtplib.SMTP]:  # type: ignore[override]  # whatever makes one will do
        made: Callable[..., smtplib.SMTP] = super().connection_class
        return lambda host, port, **options: made(host, port, **{**options, "local_hostname": self._greets_as})


def send(message: Message) -> None:
    """:raises NotSent: the server is away, or refused it before it had it
    :raises Unclear: the connection broke while the server had it
    """
    mail: Mail | None = settings.MESSAGES.mail
    if mail is None:
        raise NotConfigured("mail is not configured: write mail: into syncd.yaml")
    connection = _connection(mail)
    try:
        _open(connection)
        connection.send_messages([letter(message, mail, connection)])
    except smtplib.SMTPRecipientsRefused as error:
        raise _refusal(max(code for code, _ in error.recipients.values()), _words(error)) from None
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, _words(error)) from None
    except (smtplib.SMTPException, OSError) as error:
        raise Unclear(_words(error)) from None
    finally:
        with suppress(smtplib.SMTPException, OSError):  # what came of it is known by now
            connection.close()


def letter(message: Message, mail: Mail, connection: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """What goes over the wire. The same message has the same Message-ID, however often it is tried."""
    headers = {
        "Message-ID": f"<{message.key.replace(':', '.')}@{_domain(mail)}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if message.unsubscribe:  # RFC 8058
        headers["List-Unsubscribe"] = f"<{message.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made = EmailMultiAlternatives(
        message.subject, message.text, f"syncd <{mail.sender}>", [message.to], headers=headers, connection=connection
    )
    if message.html:
        made.attach_alternative(message.html, "text/html")
    return made


def _connection(mail: Mail) -> BaseEmailBackend:
    try:
        password = mail.password.reveal() if mail.password else None
    except SecretMissing as error:
        raise NotConfigured(f"mail.password: {error}") from None
    made: BaseEmailBackend = get_connection(
        BACKEND,
        host=mail.host,
        port=mail.port,
        username=mail.user or "",
        password=password or "",
        use_tls=mail.tls == "starttls",
        use_ssl=mail.tls == "implicit",
        timeout=TIMEOUT,
        greets_as=_domain(mail),
    )
    return made


def _domain(mail: Mail) -> str:
    return parseaddr(mail.sender)[1].rpartition("@")[2]


def _open(connection: BaseEmailBackend) -> None:
    """As far as the sign-in: nothing has been sent yet."""
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(_words(error)) from None


def _refusal(code: int, words: str) -> NotSent:
    """RFC 5321: what begins with 5 will not be otherwise later."""
    return Refused(words) if code >= 500 else NotSent(words)


def _words(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        told: Iterable[object] = (text for _, text in error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        told = (error.smtp_code, error.smtp_error)
    else:
        told = (error or type(error).__name__,)
    said = " ".join(part.decode("utf-8", "replace") if isinstance(part, bytes) else str(part) for part in told)
    return redact_text(f"the mail server: {' '.join(said.split())}")[:300]
