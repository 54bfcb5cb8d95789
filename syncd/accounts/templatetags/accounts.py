"""What the pages about people ask the settings."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def single_sign_on() -> str:
    """What the identity provider is called; empty where there is none."""
    return settings.PEOPLE.oidc.name if settings.PEOPLE.oidc else ""
