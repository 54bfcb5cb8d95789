"""Who works here: Omar lets people in, Ana decides, Vera looks. Import these fixtures where pages are opened."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from syncd.accounts.models import Role, User

PASSWORD = "four words make it"


@pytest.fixture
def omar(db) -> User:
    return User.objects.add("omar@acme.example", Role.OPERATOR, "Omar")


@pytest.fixture
def ana(db) -> User:
    return User.objects.add("ana@acme.example", Role.PM, "Ana")


@pytest.fixture
def vera(db) -> User:
    return User.objects.add("vera@acme.example", Role.VIEWER, "Vera")


@pytest.fixture
def browser() -> Callable[..., Client]:
    """A browser of its own for somebody, or for nobody. It checks the hidden token of forms, as browsers are."""

    def of(person: User | None = None, *, checks_forms: bool = False) -> Client:
        client = Client(enforce_csrf_checks=checks_forms)
        if person:
            client.force_login(person)
        return client

    return of


@pytest.fixture
def with_password(settings) -> Callable[[User], User]:
    """Gives somebody the password of :data:`PASSWORD`, quickly."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    def given(person: User) -> User:
        person.set_password(PASSWORD)
        person.save()
        return person

    return given


@pytest.fixture
def fresh_limits() -> None:
    """No tries are left over from the test before."""
    cache.clear()
