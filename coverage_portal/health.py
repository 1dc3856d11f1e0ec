"""Whether the portal lives (`/healthz`) and whether it is whole (`/readyz`). Neither tells of data."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_deny
from django.views.decorators.http import require_safe

from .accounts import access
from .lib import presence

logger = logging.getLogger(__name__)

_MEGABYTE = 1024 * 1024


class HealthMiddleware:
    """Answers before anything asks for the session, the user, or under which name the portal was called."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        view = _VIEWS.get(request.path_info, self.get_response)
        return view(request)


@access.everyone
@xframe_options_deny
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """`ok` as long as this process answers; it asks nobody else, the database neither."""
    return HttpResponse("ok", content_type="text/plain")


@access.everyone
@xframe_options_deny
@never_cache
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Each thing that the portal needs, and whether it is there; 503 unless all are."""
    found = {"database": False, "migrations": False, "worker": False, "disk": _has_room()}
    try:
        found["migrations"] = _is_migrated()
        found["database"] = True
        found["worker"] = presence.is_seen(connection)
    except DatabaseError as error:
        # The text may name the database and its user.
        logger.error("the database does not answer: %s", type(error).__name__)
    return JsonResponse(found, status=200 if all(found.values()) else 503)


_VIEWS: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {"/healthz": healthz, "/readyz": readyz}


def _is_migrated() -> bool:
    """Whether every migration of this release is applied. One of a later release does not matter."""
    return _known().issubset(MigrationRecorder(connection).applied_migrations())


@cache
def _known() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def _has_room() -> bool:
    """Whether there is room to write, and where uploads go may be written to."""
    try:
        has_room = shutil.disk_usage(settings.VAR_DIR).free >= settings.DISK_FREE_MB * _MEGABYTE
    except OSError:
        return False
    folders = map(Path, (settings.VAR_DIR, settings.UPLOAD_DIR, settings.FILE_UPLOAD_TEMP_DIR))
    # Uploads have no folder before the first one.
    return has_room and all(os.access(folder, os.W_OK) for folder in folders if folder.exists())
