"""Letting people in and shutting them out, from the pages and from the command line alike."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from syncd.accounts import audit
from syncd.accounts.models import Role, User


class LastOperator(Exception):
    """Without an operator nobody could let anybody in."""


def add(actor: audit.Actor, email: str, role: str, name: str = "") -> User:
    """:raises ValidationError: the address is none, or is taken; there is no such role"""
    person = User.objects.add(email, role, name)
    audit.record(actor, "person_added", person, role=role)
    return person


@transaction.atomic
def set_role(actor: audit.Actor, person: User, role: str) -> None:
    """:raises LastOperator: nobody would be operator any more"""
    was = person.role
    if was == role:
        return
    _not_the_last(person)
    person.role = role
    person.save(update_fields=["role"])
    audit.record(actor, "role_changed", person, was=was, now=role)


@transaction.atomic
def shut_out(actor: audit.Actor, person: User) -> None:
    """:raises LastOperator: nobody would be operator any more"""
    _not_the_last(person)
    person.shut_out()
    audit.record(actor, "person_shut_out", person)


def let_in(actor: audit.Actor, person: User) -> None:
    """Again, after :func:`shut_out`."""
    person.let_in()
    audit.record(actor, "person_let_in", person)


def forget_second_factor(actor: audit.Actor, person: User) -> None:
    """For somebody who has lost it: authenticator app, passkeys and recovery codes."""
    Authenticator.objects.filter(user_id=person.pk).delete()
    audit.record(actor, "second_factor_forgotten", person)


def _not_the_last(person: User) -> None:
    if person.is_active and person.role == Role.OPERATOR:
        others = User.objects.select_for_update().filter(role=Role.OPERATOR, is_active=True).exclude(pk=person.pk)
        if not others.exists():
            raise LastOperator
