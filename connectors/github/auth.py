"""How requests are signed: with a personal access token, or as an App's installation."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import jwt
from github.Auth import AppAuth, Auth, Token

from connectors.base import AuthFailed, BadResponse
from connectors.calls import Answer
from connectors.github.settings import Account

EARLY = 120.0
"""Seconds before its end that an installation's token is renewed; it lives for an hour."""

AskForToken = Callable[[AppAuth, int], Answer]


class Installation(Auth):
    """An installation's token, renewed before it ends.

    PyGithub's own ``AppInstallationAuth`` would renew it on a connection of its own, past the lane and
    its guards, and once for each thread.

    Source: docs.github.com, "Generating an installation access token for a GitHub App".
    """

    def __init__(self, app: AppAuth, installation_id: int, ask: AskForToken) -> None:
        self._app, self._installation_id, self._ask = app, installation_id, ask
        self._lock = threading.Lock()
        self._token, self._renew_at = "", 0.0

    @property
    def token_type(self) -> str:
        return "token"

    @property
    def token(self) -> str:
        """The token that is valid now.

        :raises ConnectorError: it could not be renewed
        """
        with self._lock:
            if not self._token or time.monotonic() >= self._renew_at:
                self._renew()
            return self._token

    def _renew(self) -> None:
        answer = self._ask(self._app, self._installation_id)
        body = answer.json()
        try:
            token, ends = str(body["token"]), datetime.fromisoformat(body["expires_at"])
        except (KeyError, TypeError, ValueError):
            raise BadResponse("answered the request for an installation token with something else") from None
        lives = (ends - (answer.date or datetime.now(UTC))).total_seconds()
        self._token, self._renew_at = token, time.monotonic() + lives - EARLY


def auth_of(settings: Account, ask: AskForToken) -> Auth:
    """Reads the secrets of the settings.

    :param ask: sends the request for an installation token
    :raises SecretMissing: one of them is not there
    """
    auth = settings.auth
    if auth.token:
        return Token(auth.token.reveal())
    assert auth.app_id is not None  # noqa: S101 - the settings' own validation
    assert auth.installation_id is not None  # noqa: S101
    assert auth.private_key is not None  # noqa: S101
    return Installation(AppAuth(auth.app_id, auth.private_key.reveal()), auth.installation_id, ask)


def check_key(app: AppAuth) -> None:
    """Signs once, so that a bad key is told as what it is.

    :raises AuthFailed: the private key is none
    """
    try:
        app.create_jwt()
    except (jwt.PyJWTError, ValueError, TypeError):
        raise AuthFailed("the App's private key is not an RSA key in PEM form: download a new one") from None
