"""I8: ways by which something could get out beside what answers say: words that our side types, what a search finds, headers,
addresses that lead on, how a letter travels, how exact a time is, in which order things come."""

import re
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import urlencode, urlsplit

import pytest
from django.utils import timezone
from icalendar import Calendar

from config import files
from syncd.mirrors import comparing
from syncd.mirrors.models import Intent, Mirror
from syncd.notify import outbox
from syncd.notify.models import Message
from syncd.partners.desk.models import Said
from syncd.partners.models import Commitment, Item, Proposal, Step
from syncd.sharing import promises
from syncd.sharing.deals import Refused
from syncd.sharing.models import Offer, Promise, Shown
from syncd.trackers.models import Item as Row
from syncd.worker.publish import publish
from tests.leaks.canaries import FIELDS, canary
from tests.leaks.outside import Ask, Visitor, asks
from tests.leaks.test_canaries import HIDDEN, SHARED, WAS_SHARED, visitor
from tests.leaks.worlds import NOW
from tests.notify.conftest import configure, mail_at
from tests.notify.servers import mail_server

__all__ = ["visitor"]
pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "partners", "outside"]),
    pytest.mark.any_store,
]

INSIDE = f"{canary('person of 1')} {canary('surname of 1')}"
"""The name of somebody of ours, which the trackers know."""
KEY, MAIL = "WEB-3", f"{canary('mail of 1')}@{canary('domain of 1')}.example"
SLIP = f"{INSIDE} says so in {KEY}, ask {MAIL}"
HEADERS = {
    "Allow", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Length",
    "Content-Security-Policy", "Content-Type", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "ETag", "Link",
    "Location", "Permissions-Policy", "Referrer-Policy", "Refresh", "Retry-After", "Vary", "X-Content-Type-Options",
    "X-Frame-Options", "X-Robots-Tag",
}  # fmt: skip
"""None tells when something was made, by what, how long it took, or how many there were before it."""
LETTER = {
    "Auto-Submitted", "Content-Type", "Date", "From", "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version",
    "Message-ID", "Subject", "To", "X-Auto-Response-Suppress",
}  # fmt: skip


def agreed() -> Promise:
    """The commitment to Globex, accepted by both."""
    promise = Promise.objects.get(deal__partner="p0a")
    promises.accept(promise, "", NOW, side="theirs")
    return promise


def in_the_copy() -> str:
    return str([[*model.objects.values()] for model in (Commitment, Proposal, Step)])


def slipped() -> list[str]:
    return [word for word in (*INSIDE.split(), KEY, MAIL) if word in in_the_copy()]


# words that our side types


@pytest.mark.parametrize("subject", ["date", "scope", "success", "dropped"])
def test_what_we_write_to_a_proposal_passes_the_redactor(visitor, subject):
    promise = agreed()
    becomes = {"date": "2027-01-31", "dropped": ""}.get(subject, f"Less of it: {SLIP}")
    promises.propose(promise, subject, becomes, f"The summer was short. {SLIP}", "ana", NOW)
    assert "The summer was short." in in_the_copy()
    assert slipped() == []


@pytest.mark.parametrize("decision", promises.DECISIONS)
def test_what_we_answer_passes_the_redactor(visitor, decision):
    promise = agreed()
    offer = promises.propose(promise, "scope", "More of it", "", "", NOW, side="theirs")
    promises.answer(offer, decision, "ana", NOW, text=f"Thank you. {SLIP}", becomes=f"A little more {SLIP}")
    assert "Thank you." in in_the_copy()
    assert slipped() == []


@pytest.mark.parametrize("frozen", [False, True])
def test_why_we_remove_a_commitment_passes_the_redactor(visitor, frozen):
    promise = agreed() if frozen else Promise.objects.get(deal__partner="p0a")
    promises.remove(promise, f"Nobody needs it. {SLIP}", "ana", NOW)
    assert "Nobody needs it." in in_the_copy()
    assert slipped() == []


def test_where_nothing_would_be_left_nothing_is_written(visitor):
    promise = agreed()
    with pytest.raises(Refused, match="taken out"):
        promises.remove(promise, MAIL, "ana", NOW)
    assert not Offer.objects.exists()


# what a search finds


def test_no_search_finds_what_is_not_shown(visitor):
    words = [canary(f"{field} of {number}") for field in FIELDS for number in (SHARED[1], HIDDEN[1], WAS_SHARED[1])]
    keys = [f"WEB-{number}" for number in (SHARED[1], HIDDEN[1], WAS_SHARED[0])]
    shown = [item.title for item in Item.objects.filter(partner="p0a")]
    for word in (*words, *keys, f"For outsiders {WAS_SHARED[0]}"):
        for path, narrowed in (("", {"by": "list"}), ("", {}), ("work.csv", {})):
            for name in ("q", "status"):
                answer = visitor.ask(Ask("get", path, urlencode({**narrowed, name: word})))
                body = answer.body.decode().replace(word, "")
                assert answer.status == 200
                assert not [title for title in shown if title in body], (path, name, word)
    found = visitor.ask(Ask("get", "work.csv", urlencode({"q": shown[0]}))).body.decode()
    assert shown[0] in found, "what is shown is found"


# headers, and addresses that lead on


def test_no_answer_has_another_header_and_none_leads_elsewhere(visitor):
    seen = set()
    for ask in asks(visitor):
        headers = dict(visitor.ask(ask).headers)
        seen |= headers.keys()
        for address in (headers.get("Location"), headers.get("Refresh", "").rpartition("url=")[2]):
            split = urlsplit(address or "/p/")
            assert (split.netloc, split.path.startswith("/p/") or split.path == "0") == ("", True), (ask, headers)
    assert seen <= HEADERS, seen - HEADERS
    assert len(seen) > 10


def test_what_a_browser_is_given_to_keep_names_nobody(visitor):
    own = [visitor.partner, *Shown.objects.values_list("item__native_id", flat=True)]
    for path in ("", "talk/", "subscribe/"):
        visitor.client.get(f"/p/{path}")
        for morsel in visitor.client.cookies.values():
            assert not [word for word in own if word in morsel.value]
            assert (morsel["domain"], morsel["path"] or "/p/") == ("", "/p/")


# how a letter travels


def test_a_letter_travels_under_the_senders_domain_and_with_no_other_header(visitor, settings):
    with mail_server() as box:
        configure(settings, mail=mail_at(box.port))
        Message.objects.update(next_at=timezone.now())
        outbox.deliver(30)
    letters = [one for one in box.letters if one["To"] == "someone@globex.example"]
    assert letters
    assert set(box.greeted_as) == {"acme.example"}
    for letter in letters:
        assert set(letter.keys()) <= LETTER, letter.keys()
        assert re.fullmatch(r"<partner-news\.[\w-]+\.[0-9a-f]{16}@acme\.example>", letter["Message-ID"].strip())
        assert not [name for part in letter.walk() for name in inner(part) if name not in LETTER]


def inner(part: EmailMessage) -> set[str]:
    """Header names of one part, without how it is written down."""
    return set(part.keys()) - {"Content-Transfer-Encoding"}


# how exact a time is


def test_the_calendar_tells_days_and_counts_nothing(visitor):
    said_to(visitor)
    calendar = Calendar.from_ical(visitor.ask(Ask("get", "feed/<feed>/calendar.ics")).body)
    events = list(calendar.walk("VEVENT"))
    assert events
    for event in events:
        assert not set(event) & {"CREATED", "LAST-MODIFIED", "SEQUENCE", "ORGANIZER", "ATTENDEE", "COMMENT"}
        stamp = event.decoded("DTSTAMP")
        assert (stamp.hour, stamp.minute, stamp.second, stamp.microsecond) == (0, 0, 0, 0)
        assert re.fullmatch(r"<[a-z]+ \d+>@syncd", str(event["UID"])), "an id of the copy and nothing else"


@pytest.mark.parametrize("form", ["changes.atom", "changes.json"])
def test_feeds_tell_no_time_of_day(visitor, form):
    said_to(visitor)
    body = visitor.ask(Ask("get", f"feed/<feed>/{form}")).body.decode()
    times = re.findall(r"\d{4}-\d\d-\d\dT[^\"<]+", body)
    assert times
    assert {time.partition("T")[2] for time in times} <= {"00:00:00Z", "00:00:00+00:00"}


def said_to(visitor: Visitor) -> None:
    """A day on which both sides did something, at an odd minute."""
    promise = agreed()
    at = NOW + timedelta(hours=1, minutes=23, seconds=45)
    promises.propose(promise, "date", "2027-01-31", "We are late", "ana", at)
    promises.tell(promise, at)
    visitor._learn()


# in which order things come


def test_rows_of_a_mirror_come_in_the_order_of_random_ids(visitor):
    """The numbers that the partner's tool gives to rows follow the order in which they are made."""
    Mirror.objects.create(partner="p0a", kind="github", tracker="t", place="globex/tracker", since=NOW)
    for mirror in Mirror.objects.all():
        comparing.compare(mirror, NOW)
    order = list(Intent.objects.order_by("-act", "row_id").values_list("row__item", flat=True))
    assert len(order) == len(SHARED)
    assert order == sorted(order)


def test_items_that_come_later_and_are_older_inside_are_not_told_by_their_place(visitor):
    """Two lists of the same items, of which ours know another order."""
    public = dict(Shown.objects.filter(deal__partner="p0a").values_list("item_id", "public"))
    ages = list(Row.objects.filter(pk__in=public).order_by("pk").values_list("pk", flat=True))
    Item.objects.filter(partner="p0a").update(when="")
    body = visitor.ask(Ask("get", "work.csv")).body.decode()
    listed = [line.split(",")[0] for line in body.splitlines()[1:] if line.startswith("<item")]
    assert listed == [f"<item {number}>" for number in range(len(listed))], "by public id alone"
    assert len(listed) == len(ages)


# a row of a mirror that was changed


def test_answers_are_the_same_whether_a_changed_row_was_put_to_us_or_not(visitor, tmp_path):
    """Of two rows one is the work behind a commitment. Both are changed, both leave: nothing tells which it was."""
    agreed()
    publish(files.load(tmp_path), now=NOW)
    tied, untied = (Shown.objects.get(deal__partner="p0a", item__key=key).public for key in ("WEB-2", "WEB-4"))
    before = [visitor.exactly(Ask("get", path)) for path in ("commitments/", "commitments/<commitment 0>/")]
    for row in (tied, untied):
        words = {
            "kind": Said.COMMENT,
            "text": "Changed in Tracker: the due date.",
            "subject": "due",
            "becomes": "2027-02-20",
        }
        Said.objects.create(partner="p0a", who="mirror", about=row, at=NOW, **words)
    publish(files.load(tmp_path), now=NOW)
    assert Offer.objects.filter(row=tied, state="open").exists()
    pages = [visitor.ask(Ask("get", f"items/{row}/")).body for row in (tied, untied)]
    one, other = (re.sub(rb"<item \d+>|outsiders,? \d+|[\w-]{22,36}", b"", page) for page in pages)
    assert one == other
    assert [visitor.exactly(Ask("get", path)) for path in ("commitments/", "commitments/<commitment 0>/")] == before
