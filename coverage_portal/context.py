"""What every page's frame shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from . import demo
from .lib import logs


def portal(_request: HttpRequest) -> dict[str, Any]:
    """The portal's name and contacts, whether its figures are an example, and the request's name.

    The name is for pages of errors alone: a page that is kept must not hold it.
    """
    return {
        "portal_name": settings.PORTAL_NAME,
        "ppid_contact": settings.PPID_CONTACT,
        "dpo_contact": settings.DPO_CONTACT,
        "self_check_url": settings.BPJS_SELF_CHECK_URL,
        "request_id": logs.fact("request"),
        "is_demo": demo.is_loaded(),
    }


def frame_facts() -> str:
    """What of the frame may change while the portal runs, for the keys of kept pages."""
    return "demo" if demo.is_loaded() else ""
