"""When something happened to an import, in the reader's language."""

from __future__ import annotations

import datetime

from django import template
from django.utils import timezone
from django.utils.translation import get_language, gettext

from coverage_portal.lib import periods

register = template.Library()


@register.filter
def moment(value: datetime.datetime | None) -> str:
    """`31 Juli 2025 pukul 14.05` by the portal's clock."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    language = get_language() or "id"
    return gettext("%(day)s pukul %(time)s") % {
        "day": periods.format_date(local.date(), language),
        "time": f"{local:%H:%M}" if language.startswith("en") else f"{local:%H.%M}",
    }
