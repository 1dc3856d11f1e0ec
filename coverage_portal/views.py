"""What belongs to no app: the language switch, the health check, the way into the admin."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import RedirectView
from django.views.i18n import set_language

# Exempt from the token, so that pages open to anyone carry none and need no cookie: all that a forged request
# could do is change the language.
language = login_not_required(csrf_exempt(require_POST(set_language)))

admin_sign_in = login_not_required(RedirectView.as_view(pattern_name="accounts:login", query_string=True))


@login_not_required
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """`ok` while the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database unavailable", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")
