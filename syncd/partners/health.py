"""Whether this side answers, for a load balancer. It says nothing about anybody's data."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from syncd.partners.databases import looking
from syncd.partners.entrance.door import open_to_all
from syncd.partners.models import Partner


@open_to_all
@require_safe
def alive(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """200 while the copy can be read; the door answers 503 where it cannot."""
    with looking():
        Partner.objects.filter(id="").exists()
    return JsonResponse({"alive": True})
