"""What a page answers where the address asks for something that cannot be."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, in the words of whoever refused; what Django finds suspicious is not told."""
    says = str(exception) if isinstance(exception, BadRequest) else ""
    return render(request, "400.html", {"says": says}, status=400)
