"""Links to sign in, for whoever asked and is known. Whether an address is known shows nowhere but in its own mailbox."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q

from syncd.notify.models import Message
from syncd.partners.desk.models import Asked
from syncd.partners.entrance import secret, sso
from syncd.partners.models import Contact, Link
from syncd.sharing.letters.writing import post, to_partners, written

LASTS = timedelta(minutes=15)
MOST, WITHIN = 5, timedelta(hours=1)
"""Letters to one contact: whoever asks in another's name does not fill their mailbox."""
AT_ONCE = 100
TOPIC = "partner sign-in"
GONE = "(a link to sign in, which is kept nowhere)"


def wanted() -> bool:
    """Whether somebody waits for a letter."""
    return Asked.objects.exists()


def admit(now: datetime) -> list[Message]:
    """A letter with a link for each who asked, once. Safe to repeat, and at any moment to be killed.

    :returns: the letters to be sent now
    """
    made: list[Message] = []
    for asked in Asked.objects.order_by("at")[:AT_ONCE]:
        if now - asked.at < LASTS:
            made += _letters(asked, now)
        asked.delete()
    _forget(now)
    return made


def _letters(asked: Asked, now: datetime) -> Iterator[Message]:
    """One for each partner whose contact it is: a link opens one partner's pages."""
    for contact in Contact.objects.filter(email=asked.email, partner__open=True).select_related("partner"):
        key = f"partner-link:{asked.id.hex}:{contact.id}"
        recent = Link.objects.filter(contact=contact, kind=Link.MAGIC, made_at__gt=now - WITHIN)
        if Message.objects.filter(key=key).exists() or recent.count() >= MOST:
            continue
        opens = secret.fresh()
        Link.objects.create(
            partner_id=contact.partner_id, kind=Link.MAGIC, digest=secret.digest(opens), contact=contact, made_at=now,
            expires_at=now + LASTS,
        )  # fmt: skip
        partner = contact.partner
        letter = written(
            f"Your link to the work of {partner.company} and {partner.name}",
            "link",
            {"partner": partner, "address": to_partners("enter", opens), "own": sso.address(partner.id)},
        )
        yield post(key, contact.email, letter, now, topic=TOPIC)


def _forget(now: datetime) -> None:
    """A letter that left keeps no secret, and one that could not leave in time does not leave any more."""
    links = Message.objects.filter(topic=TOPIC).exclude(text=GONE)
    late = Q(state=Message.WAITING, made_at__lt=now - LASTS)
    links.filter(late).update(state=Message.DEAD, error="its link is out of date", text=GONE, html="")
    links.exclude(state__in=(Message.WAITING, Message.SENDING)).update(text=GONE, html="")
    Link.objects.filter(kind=Link.MAGIC, expires_at__lt=now - timedelta(days=1)).delete()
