"""People who work with the pages, what they sign in with, and what they have done to that."""

from syncd.accounts.models.event import AuditEvent
from syncd.accounts.models.link import OneTimeLink
from syncd.accounts.models.session import Session
from syncd.accounts.models.token import Token
from syncd.accounts.models.user import Role, User

__all__ = ["AuditEvent", "OneTimeLink", "Role", "Session", "Token", "User"]
