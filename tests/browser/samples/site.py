"""Sample pages made of every part of the kit: what the gates look at before a product page uses the part.

``python -m tests.browser.samples`` serves them; it needs no store.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.utils.safestring import SafeString

from syncd.review.pages.lines import Line
from syncd.web import frame
from syncd.web.charts import Column, Part, tone_of
from syncd.web.checks import shown
from syncd.web.templatetags.look import when

FOLDER = Path(__file__).parent
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
GOALS = ("Clinics go live in a day", "Claims paid at the first attempt", "Globex patients in one list")


def _row(
    id_: int, title: str, rule: str, work: tuple[str, str, str], stake: float, age: timedelta, **more: Any
) -> Line:
    kind, key, owner = work
    return Line(
        id=id_, url="/review/", title=title, raised=shown(rule), key=key, kind=kind, tracker="", owner=owner, stake=stake,
        age=when(NOW - age, NOW), seen="", here=id_ == 1, **more,
    )  # fmt: skip


ROWS = [
    _row(1, "Direct debit for group practices serves no goal", "unlinked",
         ("jira", "PAY-15", "Tomasz Zieliński"), 21, timedelta(days=3), suggestion=GOALS[1], sure="86 % sure"),
    _row(2, "Front desk as a desktop client is tied to the non-goal No desktop client", "off_strategy",
         ("jira", "WEB-20", "Felix Brandt"), 13, timedelta(days=40)),
    _row(3, "New icons in the side bar serves no goal", "unlinked",
         ("github", "acme/web#17", "grace-okafor"), 2.5, timedelta(hours=5), suggestion=GOALS[0], sure="41 % sure"),
    _row(4, "Fill in insurer contracts during sign-up has two goals", "conflict",
         ("notion", "Brief 4", ""), 1, timedelta(minutes=9)),
]  # fmt: skip


@dataclass(frozen=True)
class Ana:
    """Whoever the samples greet."""

    role: str = "operator"
    theme: str = "auto"
    shortcuts: bool = True
    is_authenticated: bool = True

    email: str = "ana@acme.example"

    def get_full_name(self) -> str:
        return "Ana Bauer with a name that is longer than most"

    def get_role_display(self) -> str:
        return "Operator"


class Filters(forms.Form):
    q = forms.CharField(label="Words", required=False)
    kind = forms.ChoiceField(label="Flag", choices=[("", "Any"), ("unlinked", "Without a goal")], required=False)
    team = forms.ChoiceField(label="Team", choices=[("", "Any"), ("pay", "Payments")], required=False)
    owner = forms.CharField(label="Owner", required=False)


class Everything(forms.Form):
    email = forms.EmailField(label="E-mail")
    password = forms.CharField(label="Password", widget=forms.PasswordInput, help_text="At least twelve letters.")
    reason = forms.ChoiceField(label="Why", widget=forms.RadioSelect, choices=[("a", "Rule is wrong"), ("b", "Done")])
    often = forms.BooleanField(label="Tell me each time", required=False)
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)


def _queue() -> dict[str, Any]:
    active = [("Flag: without a goal", "team=pay"), ("Team: Payments", "kind=unlinked")]
    return {"rows": ROWS, "form": Filters({}), "active": active, "earlier": NOW - timedelta(hours=5)}


def _goals() -> dict[str, Any]:
    tones = [("On track", "good", "circle-check"), ("At risk", "warn", "triangle-alert"), ("Off track", "bad", "x")]
    goals = []
    for number, title in enumerate(GOALS):
        health, tone, glyph = tones[number]
        computed, tone2, glyph2 = tones[(number + 1) % 3]
        goals.append(
            {
                "title": title, "owner": "Ana Bauer", "health": health, "tone": tone, "glyph": glyph,
                "computed": computed, "tone2": tone2, "glyph2": glyph2, "age": "3 days ago",
                "share": 0.2 + number / 5, "aim": 0.4, "says": f"{title}: more than meant",
                "weeks": [3, 4, 2, 6, 8, 7 + number], "trend": "Rising for three weeks", "flagged": 4 * number,
            }
        )  # fmt: skip
    parts = [Part(title, 30 - 7 * n, tone_of(n), f"/items/?goal={n}") for n, title in enumerate(GOALS)]
    rest = [Part("Exempt", 6, "exempt", "/items/?exempt=1"), Part("Unlinked", 21.5, "unlinked", "/items/?goal=none")]
    return {"goals": goals, "parts": [*parts, *rest]}


def _alignment() -> dict[str, Any]:
    weeks = [
        Column(
            f"Week {36 + n}",
            [
                *(Part(title, 5 + (n * (g + 2)) % 7, tone_of(g), f"/items/?w={n}") for g, title in enumerate(GOALS)),
                Part("Exempt", 3, "exempt"),
                Part("Unlinked", 18 - n, "unlinked", f"/items/?w={n}"),
            ],
        )
        for n in range(12)
    ]
    return {"weeks": weeks, "plain": [Part("Payments", 12, "g2"), Part("Web", 7, "g3"), Part("Ops", 5, "g6")]}


def _forms() -> dict[str, Any]:
    return {"form": Everything({"email": "ana", "password": "x"})}


def _work(request: HttpRequest) -> str:
    """The rows that are left, in the address; one fewer once it is done."""
    left = [row for row in request.GET.get("left", "1,2,3,4,5").split(",") if row]
    done = request.POST.get("done", "")
    rows = [row for row in left if row != done]
    toast = {"text": f"Row {done} is done", "undo": f"/worked/?left={','.join(left)}"} if done else None
    values = {"rows": rows, "left": ",".join(rows), "toast": toast, "oob": bool(done)}
    return str(_template("worked").render(values, request))


@login_not_required
def work(request: HttpRequest) -> HttpResponse:
    request.user = Ana()  # type: ignore[assignment]
    return HttpResponse(_template("work").render({"list": SafeString(_work(request))}, request))


@login_not_required
def worked(request: HttpRequest) -> HttpResponse:
    """The list alone for htmx, the whole page for a browser without script."""
    request.user = Ana()  # type: ignore[assignment]
    return HttpResponse(_work(request)) if "HX-Request" in request.headers else work(request)


PAGES = {"queue": _queue, "goals": _goals, "alignment": _alignment, "forms": _forms, "empty": dict}


def _template(name: str) -> Any:
    return engines["django"].from_string((FOLDER / f"{name}.html").read_text(encoding="utf-8"))


def _page(name: str) -> Any:
    @login_not_required
    def view(request: HttpRequest) -> HttpResponse:
        request.user = Ana()  # type: ignore[assignment]
        return HttpResponse(_template(name).render({"now": NOW, **PAGES[name]()}, request))

    return view


@login_not_required
def nothing(_request: HttpRequest, **_: Any) -> HttpResponse:
    """Where the samples' links lead."""
    return HttpResponse("<!doctype html><html lang=en><title>Sample</title><p>Sample", content_type="text/html")


urlpatterns = [
    path("", nothing, name="home"),
    path("review/", _page("queue"), name="review"),
    path("goals/", _page("goals"), name="goals"),
    path("alignment/", _page("alignment"), name="alignment"),
    path("items/", _page("empty"), name="items"),
    path("forms/", _page("forms"), name="changes"),
    path("work/", work),
    path("worked/", worked),
    path("trackers/", nothing, name="trackers"),
    path("audit/", nothing, name="audit"),
    path("account/", nothing, name="account"),
    path("sign-out/", nothing, name="account_logout"),
    path("theme/", frame.theme, name="theme"),
    path("keys/", frame.keys, name="keys"),
    path("<path:rest>", nothing),
]
