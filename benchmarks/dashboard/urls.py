"""The portal's addresses, and two that do nothing: what a page costs before it does anything."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from coverage_portal.urls import urlpatterns as portal


def hello(request: HttpRequest) -> HttpResponse:
    """Session and user are loaded, for the middleware asks who it is, and so does the page."""
    return HttpResponse(f"hello {request.user.pk}")


@login_not_required
def hello_stranger(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


urlpatterns = [path("hello/", hello), path("hello-stranger/", hello_stranger), *portal]
