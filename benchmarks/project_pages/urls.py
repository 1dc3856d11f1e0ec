"""The portal's addresses, and one that does nothing: a signed-in user is told hello."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from coverage_portal.urls import urlpatterns as portal


def hello(request: HttpRequest) -> HttpResponse:
    """What every signed-in page costs before it does anything: session, user, middleware."""
    return HttpResponse(f"hello {request.user.pk}")


urlpatterns = [path("metode-kosong/", hello), *portal]
