"""Who sent a request."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from syncd.accounts.models import User


def person_of(request: HttpRequest) -> User:
    """The person, in a view behind the door; where there is none after all, nothing is shown."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
