"""A person, and what they prefer."""

from functools import cache
from typing import ClassVar
from zoneinfo import available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models, transaction


class Role(models.TextChoices):
    """What somebody is here for; :mod:`syncd.accounts.access` says what each may do."""

    OPERATOR = "operator", "Operator"
    PM = "pm", "Product manager"
    VIEWER = "viewer", "Viewer"


class Theme(models.TextChoices):
    AUTO = "auto", "As the system is"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"


@cache
def time_zones() -> tuple[str, ...]:
    """All there are; looked for once, since that opens every file of the tz database."""
    return tuple(sorted(available_timezones()))


def known_time_zone(name: str) -> None:
    """:raises ValidationError: there is no such time zone"""
    if name not in time_zones():
        raise ValidationError("There is no time zone of this name; expected one such as Europe/Berlin.")


class People(BaseUserManager["User"]):
    """Everybody who was ever let in. Nobody is deleted: what they decided keeps its author."""

    def add(self, email: str, role: str, name: str = "") -> "User":
        """Somebody new, without a password: they come by a one-time link, single sign-on or the proxy.

        :raises ValidationError: the address is none, or is taken
        """
        person = self.model(email=self.normalize_email(email), role=role, name=name)
        person.set_unusable_password()
        person.full_clean()
        person.save(using=self._db)
        return person

    def known(self, email: str) -> "User | None":
        """Whose address this is; None if nobody's, or if they are shut out."""
        return self.filter(email=self.normalize_email(email), is_active=True).first()

    def operators(self) -> models.QuerySet["User"]:
        """Those who may sign in and do everything."""
        return self.filter(role=Role.OPERATOR, is_active=True)

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """One spelling an address: whoever has two mailboxes that differ in case has other worries."""
        return (email or "").strip().lower()


class User(AbstractBaseUser):
    """A person who may sign in. The e-mail address is their name at the door."""

    email = models.EmailField(
        "e-mail address", unique=True, error_messages={"unique": "Somebody here has this address already."}
    )
    name = models.CharField(max_length=100, blank=True)
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.VIEWER)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[known_time_zone])
    shortcuts = models.BooleanField(default=True)
    theme = models.CharField(max_length=8, choices=Theme.choices, default=Theme.AUTO)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[People] = People()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["email"]

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return (self.name or self.email).split()[0]

    @transaction.atomic
    def shut_out(self) -> None:
        """From now on they are nobody here: no sign-in, and what is open is closed."""
        self.is_active = False
        self.save(update_fields=["is_active"])
        self.sessions.all().delete()
        self.links.all().delete()

    def let_in(self) -> None:
        """The inverse of :meth:`shut_out`; they sign in anew."""
        self.is_active = True
        self.save(update_fields=["is_active"])
