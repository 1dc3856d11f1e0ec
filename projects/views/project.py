"""The page of one project."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coverage_portal.accounts import access
from coverage_portal.accounts.models import User
from projects import timeline
from projects.filters import PositionDayForm
from projects.models import Project
from projects.selectors.project_page import project_page


@require_safe
@access.signed_in
@never_cache
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """A project as it stands today, or stood on the day `?per=` names."""
    user = cast(User, request.user)
    visible = Project.objects.visible_to(user).select_related("agency", "contractor", "regency")
    found = get_object_or_404(visible, pk=pk)
    form = PositionDayForm(request.GET)
    today = timezone.localdate()
    page = project_page(
        found,
        on=form.day,
        user=user,
        workers_page=request.GET.get("pekerja"),
        changes_page=request.GET.get("riwayat"),
    )
    names = {kind: _(name) for kind, name in timeline.NAMES.items()}
    context = {
        "page": page,
        "form": form,
        "today": today,
        "is_today": page.on == today,
        "may_change": Project.objects.editable_by(user).filter(pk=pk).exists(),
        "drawings": {
            name: timeline.draw(page.course, shape, names)
            for name, shape in (("wide", timeline.WIDE), ("narrow", timeline.NARROW))
        },
        "kept_filters": {
            "per": "" if page.on == today else page.on.isoformat(),
            "pekerja": _number(page.crew.page.number),
            "riwayat": _number(page.changes.number),
        },
    }
    return render(request, "projects/project.html", context)


def _number(page: int) -> str:
    return "" if page == 1 else str(page)
