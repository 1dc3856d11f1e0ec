"""Pages of coverage that are kept, and who asks for them."""

from __future__ import annotations

from typing import Any

from django.test import Client

from coverage_portal.accounts.models import User

PAGES = ["/", "/wilayah/61.04/", "/metode/"]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def was_kept(response: Any) -> bool:
    """Whether an answer came without a template being rendered for it."""
    return response.status_code == 200 and not response.templates
