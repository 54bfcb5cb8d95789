"""The pages that the gates look at and that have a picture in ``docs/images``. One line a page.

A page is added when it exists: its address in the demo, who opens it, and what must be on it, so that a picture
of an error is never taken for the page.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.signing import Signer

KEY = "only for browsers"
"""What the sites sign with."""
ANAS_DIGEST = "a" * 32
"""The key of the digest that Ana has asked for."""
ANAS = Signer(key=KEY, salt="syncd.notify.unsubscribe", sep="~", fallback_keys=()).sign(ANAS_DIGEST)
"""What the link in her mails names."""


@dataclass(frozen=True, slots=True)
class Page:
    """``address``: in the demo, whose story is the same every time; ``{today}`` stands for the day. ``role``: who is
    signed in; empty for nobody."""

    name: str
    address: str
    role: str
    shows: str
    """Words that its heading contains."""

    @property
    def path(self) -> str:
        """The address today."""
        return self.address.format(today=datetime.now(UTC).date())


PAGES = (
    Page("status", "/status/", "viewer", "up to date"),
    Page("sign-in", "/sign-in/", "", "Sign in"),
    Page("review", "/review/?sort=clears", "pm", "Review"),
    Page("flag", "/review/1/", "viewer", "Review"),
    Page("exempt", "/review/1/exempt/", "pm", "Exempt"),
    Page("ask", "/review/1/ask/", "viewer", "Ask"),
    Page("why", "/why/WEB-20/", "viewer", "WEB-20"),
    Page("goals", "/goals/", "pm", "Goals"),
    Page("goal", "/goals/activation/", "pm", "live in a day"),
    Page("alignment", "/alignment/", "viewer", "Alignment"),
    Page("messages", "/messages/", "pm", "Messages"),
    Page("digest", "/messages/1/", "pm", "Digest"),
    Page("outbox", "/messages/outbox/", "operator", "Outbox"),
    Page("unsubscribe", f"/unsubscribe/{ANAS}/", "", "Unsubscribe"),
    Page("account", "/account/", "pm", "account"),
    Page("password", "/account/password/new/", "pm", "password"),
    Page("second-factor", "/account/second-factor/", "pm", "Second factor"),
    Page("authenticator", "/account/second-factor/app/", "pm", "authenticator"),
    Page("recovery", "/account/second-factor/codes/new/", "pm", "recovery codes"),
    Page("passkeys", "/account/passkeys/", "pm", "Passkeys"),
    Page("passkey", "/account/passkeys/new/", "pm", "passkey"),
    Page("tokens", "/account/tokens/", "pm", "tokens"),
    Page("sign-out", "/sign-out/", "viewer", "Sign out"),
    Page("shut-out", "/sign-in/shut-out/", "", "Not let in"),
    Page("people", "/people/", "operator", "People"),
    Page("items", "/items/?unlinked=1", "viewer", "Items"),
    Page("item", "/items/?key=WEB-20", "pm", "Front desk"),
    Page("trackers", "/trackers/", "operator", "trackers"),
    Page("changes", "/changes/?since=30d", "pm", "Changes"),
    Page("search", "/search/?q=clinic", "viewer", "Search"),
    Page("partners", "/partners/", "pm", "Partners"),
    Page("partner", "/partners/globex/", "pm", "Globex"),
    Page("partner-waiting", "/partners/alpina/waiting/", "pm", "waiting"),
    Page("partner-preview", "/partners/globex/preview/", "viewer", "preview"),
    Page("partner-why", "/partners/globex/why/?key=OPS-1", "viewer", "sees"),
    Page("partner-ledger", "/partners/globex/ledger/", "viewer", "ledger"),
    Page("partner-known", "/partners/globex/ledger/?on={today}", "viewer", "what they knew"),
    Page("partner-commitment", "/partners/globex/commitments/sso/", "pm", "sign-on"),
    Page("partner-propose", "/partners/globex/commitments/sso/propose/", "pm", "Propose"),
    Page("partner-stop", "/partners/globex/stop/", "pm", "Stop sharing"),
    Page("audit", "/audit/", "operator", "Audit"),
    Page("api", "/api/v1/docs", "pm", "API reference"),
)

SHARE, LETTER = "s" * 43, "e" * 43
"""Secrets of links to the pages of Globex: one that is shared, one in a letter."""

PARTNER_PAGES = (
    Page("shared-work", "/p/", "partner", "Shared work"),
    Page("shared-commitments", "/p/commitments/", "partner", "Commitments"),
)
"""Pages that partners see and that have a picture. No search engine may list them, which Lighthouse would mind."""

PICTURED = (*PAGES, *PARTNER_PAGES)

SAMPLES = (
    Page("queue", "/review/", "", "Review"),
    Page("goals", "/goals/", "", "Goals"),
    Page("alignment", "/alignment/", "", "Alignment"),
    Page("forms", "/forms/", "", "Forms"),
    Page("empty", "/items/", "", "empty states"),
)
"""Pages of the kit; the gates look at them, nobody else does."""
