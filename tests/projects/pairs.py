"""Packages and registrations that are joined, who does it, and the figures that follow."""

from __future__ import annotations

import uuid
from typing import Any

from coverage_portal.accounts import history
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change
from projects.models import Project
from projects.services import join_projects
from regions.models import Membership
from tests import factories

NUMBER = "2500000000001"


def author(name: str = "admin") -> Author:
    return Author(factories.user(name), Change.Source.PAGE, "kontraknya sama", uuid.uuid4())


def join(package: Project, registration: Project, **options: Any) -> Project:
    by = options.pop("author", None) or author()
    return join_projects(package=package.pk, registration=registration.pk, author=by, **options)


def projects() -> list[dict[str, Any]]:
    return [history.snapshot(project) for project in Project.objects.order_by("pk")]


def counted() -> dict[str, int]:
    cells = Membership.objects.filter(counted__gt=0, segment="JAKON").order_by("month")
    return {str(cell.month): cell.counted or 0 for cell in cells}
