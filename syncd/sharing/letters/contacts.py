"""Letters to partners' people about changes: what waits for them at once, the rest at most once a day."""

from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings

from syncd.notify.letters import Letter
from syncd.notify.models import Message
from syncd.partners.desk.models import Quiet
from syncd.partners.models import Contact
from syncd.partners.pages.preferences import quiet_address
from syncd.sharing.letters.news import News, news
from syncd.sharing.letters.writing import post, to_partners, written
from syncd.sharing.models import Told
from syncd.sharing.reminders import word_given
from syncd.trackers.writing import writing
from syncd.web.words import counted

DAILY = timedelta(days=1)


def tell(now: datetime) -> int:
    """Write to each contact whom something concerns. Safe to repeat. :returns: how many letters were written; none while
    there is no mail server, and then all that is new by then"""
    if settings.MESSAGES.mail is None:
        return 0
    quiet = set(Quiet.objects.values_list("contact", flat=True))
    contacts = Contact.objects.filter(partner__open=True).select_related("partner").order_by("id")
    return sum(1 for contact in contacts if contact.id not in quiet and _tell(contact, now))


def forget(now: datetime) -> None:
    """Of contacts who are none any more, nothing is kept."""
    there = set(Contact.objects.values_list("id", flat=True))
    Told.objects.filter(contact__in=set(Told.objects.values_list("contact", flat=True)) - there).delete()
    Quiet.objects.filter(
        contact__in=set(Quiet.objects.values_list("contact", flat=True)) - there, at__lt=now - DAILY
    ).delete()


def _tell(contact: Contact, now: datetime) -> Message | None:
    """Looked at once more when it is our turn to write: another worker may have told it meanwhile."""
    if _owed(_state(contact), contact, now) is None:
        return None
    with writing():
        state = _state(contact)
        found = _owed(state, contact, now)
        if found is None:
            return None
        end = quiet_address(contact.partner_id, contact.id)
        message = post(_key(contact, found), contact.email, _letter(contact, found, end), now, unsubscribe=end)
        state.things = [*state.things, *(thing.mark for thing in found.things)][-200:]
        state.up_to, state.sent_at = found.until, now
        state.save()
        word_given(contact.partner_id, now)
    return message


def _state(contact: Contact) -> Told:
    return Told.objects.filter(contact=contact.id).first() or Told(contact=contact.id)


def _owed(state: Told, contact: Contact, now: datetime) -> News | None:
    """What is to be told now; None: nothing."""
    found = news(contact.partner, state.up_to, state.things, now)
    rested = state.sent_at is None or now - state.sent_at >= DAILY
    return found if found.things or ((found.changes or found.comments) and rested) else None


def _letter(contact: Contact, found: News, end: str) -> Letter:
    partner = contact.partner
    values = {
        "partner": partner,
        "news": found,
        "more": found.changes > len(found.lines),
        "address": to_partners("tracker"),
        "talk": to_partners("talk"),
        "all": to_partners("changes"),
        "end": end,
    }
    return written(_subject(contact, found), "news", values)


def _subject(contact: Contact, found: News) -> str:
    """What matters most, first."""
    partner = contact.partner
    if found.things:
        return f"{partner.company}: {counted(len(found.things), 'commitment needs', 'commitments need')} your attention"
    if found.changes:
        number = f"more than {len(found.lines)}" if found.changes > len(found.lines) else str(found.changes)
        return f"{partner.company}: {number} {'change' if found.changes == 1 else 'changes'} in the work for {partner.name}"
    return f"{partner.company} wrote to {partner.name}"


def _key(contact: Contact, found: News) -> str:
    """The same news to the same contact is one letter; it becomes the Message-ID, and is made of the copy."""
    about = "\n".join((*(thing.mark for thing in found.things), found.until.isoformat()))
    return f"partner-news:{contact.id}:{sha256(about.encode()).hexdigest()[:16]}"
