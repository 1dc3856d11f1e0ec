"""What every answer says to the browser beside its content, as production has it."""

from __future__ import annotations

from typing import Any

from coverage_portal.accounts.keeping import pages

EVERYWHERE = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = ("default-src 'none'", "frame-ancestors 'none'")


def production(settings: Any) -> None:
    """What HTTPS=1 sets."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    for name in ("SESSION", "CSRF", "LANGUAGE"):
        setattr(settings, f"{name}_COOKIE_SECURE", True)
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"


def lacking(response: Any, *, is_personal: bool = True) -> list[str]:
    """The headers that an answer should have and has not.

    `is_personal`: whether it was for someone who had signed in. An error, and what sets a cookie, is for
    nobody's cache either.
    """
    wrong = [name for name, value in EVERYWHERE.items() if response.get(name) != value]
    policy = response.get("Content-Security-Policy", "")
    if not all(part in policy for part in POLICY):
        wrong.append("Content-Security-Policy")
    if not response.get("X-Request-ID"):
        wrong.append("X-Request-ID")
    if (is_personal or response.cookies or response.status_code >= 400) and not is_kept_nowhere(response):
        wrong.append("Cache-Control")
    return wrong


def is_kept_nowhere(response: Any) -> bool:
    """Or asked for anew each time, as a page of sums is."""
    control = response.get("Cache-Control", "")
    return "no-store" in control or control == pages.CACHE_CONTROL
