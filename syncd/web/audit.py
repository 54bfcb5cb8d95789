"""``/audit/``: who did what, for operators. Nothing in it can be changed or removed."""

from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from syncd.accounts.access import Act, needs
from syncd.accounts.person import person_of
from syncd.strategy.pages import sheet
from syncd.web import ledger
from syncd.web.ledger import Asked

MOST_LINES = 20_000
"""Of a file; for more, ask for a span of days."""
WORDS = {"security": "Accounts and verbs", "decision": "Decisions", "direction": "Strategy and rules"}
GLYPHS = {"security": "shield", "decision": "gavel", "direction": "compass"}


class Bar(forms.Form):
    kind = forms.ChoiceField(label="Of", required=False, choices=[("", "Everything"), *WORDS.items()])
    who = forms.CharField(label="Who", required=False, max_length=200)
    what = forms.CharField(label="What", required=False, max_length=64)
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="Until", required=False, widget=forms.DateInput(attrs={"type": "date"}))


@needs(Act.OPERATE, look=Act.OPERATE)
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    asked, after = Asked.of(request.GET), request.GET.get("after", "")
    found = ledger.page(person_of(request), asked, after)
    values = {
        "form": Bar(initial={name: getattr(asked, name) for name in Bar.base_fields}, auto_id="by-%s"),
        "active": [(_chip(asked, name), asked.without(name).query) for name in Bar.base_fields if getattr(asked, name)],
        "rows": [(line, GLYPHS[line.source], line.what.replace("_", " ").capitalize()) for line in found.lines],
        "query": asked.query,
        "older": "&".join(part for part in (asked.query, urlencode({"after": found.older})) if part)
        if found.older
        else "",
        "after": after,
        "now": timezone.now(),
    }
    return render(request, "web/audit.html", values)


@needs(Act.OPERATE, look=Act.OPERATE)
@require_safe
def audit_csv(request: HttpRequest) -> HttpResponse:
    """What the page lists, as a file: the newest so many lines."""
    lines = ledger.every(person_of(request), Asked.of(request.GET), MOST_LINES)
    heading = ("at", "of", "who", "what", "target", "says", "ip")
    rows = ((x.at.isoformat(), x.source, x.who, x.what, x.target, x.says, x.ip) for x in lines)
    return sheet.answer("audit", heading, rows)


def _chip(asked: Asked, name: str) -> str:
    value = getattr(asked, name)
    return f"{Bar.base_fields[name].label}: {WORDS[value] if name == 'kind' else value}"
