"""What belongs to no app: the language switch, the way into the admin, the page of an error of ours."""

from __future__ import annotations

import sys

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.generic import RedirectView
from django.views.i18n import set_language

from .accounts import access
from .lib import logs

SECONDS_TO_TRY_AGAIN = 10

# Exempt from the token, so that pages open to anyone carry none and need no cookie: all that a forged request
# could do is change the language.
language = access.everyone(csrf_exempt(require_POST(set_language)))

admin_sign_in = access.everyone(RedirectView.as_view(pattern_name="accounts:login", query_string=True))

# The admin's own page counts no wrong passwords, notes no change, and leaves the other sessions as they are.
admin_password = access.signed_in(RedirectView.as_view(pattern_name="accounts:account"))


def server_error(_request: HttpRequest) -> HttpResponse:
    """The page of an error of ours; while the database is away, 503 and when to try again.

    It asks neither the database nor who reads, for whatever has failed may fail again.
    """
    is_away = _is_of_a_lost_connection(sys.exception())
    page = loader.render_to_string("500.html", {"request_id": logs.fact("request")})
    response = HttpResponse(page, status=503 if is_away else 500)
    if is_away:
        response.headers["Retry-After"] = str(SECONDS_TO_TRY_AGAIN)
    return response


def _is_of_a_lost_connection(error: BaseException | None) -> bool:
    """Whether the database went away, as far as an exception tells.

    psycopg2 raises a mere DatabaseError, without any code of the server's, for a connection that was cut
    while an answer was on its way.
    """
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return isinstance(error, DatabaseError) and getattr(error.__cause__, "pgcode", "") is None
