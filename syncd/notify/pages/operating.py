"""For operators: what did not arrive, and whether they want alerts by mail."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from syncd.accounts.access import Act, needs
from syncd.accounts.person import person_of
from syncd.notify import access, outbox
from syncd.notify.models import Silenced
from syncd.web import keyset


@needs(Act.OPERATE, look=Act.OPERATE)
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The outbox, the newest first."""
    rows = access.outbox(person_of(request))
    page = keyset.page(rows.defer("text", "html"), ["-id"], request.GET.get("after", ""))
    around = {
        name: cursor and urlencode({"after": cursor}) for name, cursor in (("newer", page.newer), ("older", page.older))
    }
    values = {"page": page, "now": timezone.now(), "trouble": outbox.trouble(), **around}
    return render(request, "notify/outbox.html", values)


@needs(Act.OPERATE, look=Act.OPERATE)
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a message once more."""
    message = get_object_or_404(access.outbox(person_of(request)), pk=pk)
    if outbox.again(message, timezone.now()):
        messages.success(request, "It is tried again within a minute.")
    else:
        messages.error(request, "It has arrived, or is on its way.")
    return redirect("messages_outbox")


@needs(Act.OPERATE, look=Act.OPERATE)
@require_POST
def alerts(request: HttpRequest) -> HttpResponse:
    """Alerts by mail, or not."""
    row, _ = Silenced.objects.get_or_create(person=person_of(request))
    row.at = timezone.now() if row.at is None else None
    row.save(update_fields=["at"])
    messages.success(request, "No alerts by mail any more." if row.at else "You get alerts by mail again.")
    return redirect("messages")
