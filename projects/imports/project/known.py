"""What is stored that the rows of a project list may mean."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Min
from django.utils.translation import gettext_noop as _

from coverage_portal.accounts.areas import Scope
from projects.models import Addendum, Contractor, Project
from regions.imports.headings import plain
from regions.models import Agency

from .values import stored, values_of


class Unclear(Exception):
    """A row's project cannot be told: a code, the Indonesian sentence that says why, and the column."""

    def __init__(self, code: str, template: str, target: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.template, self.target, self.params = code, template, target, params


class Known:
    """The projects, agencies and contractors that rows may mean, read once a file."""

    def __init__(self, scope: Scope) -> None:
        visible = set(Project.objects.within(scope).values_list("pk", flat=True))
        self.values: dict[int, dict[str, Any]] = {}
        self.outside: set[int] = set()
        self.by_code: dict[str, int] = {}
        self.by_number: dict[str, int] = {}
        self.by_name: defaultdict[str, list[int]] = defaultdict(list)
        for project in stored(Project.objects.order_by("pk")):
            values = values_of(project)
            self.values[project.pk] = values
            if project.pk not in visible:
                self.outside.add(project.pk)
            if values["package_code"]:
                self.by_code[values["package_code"]] = project.pk
            if values["bpjs_number"]:
                self.by_number[values["bpjs_number"]] = project.pk
            if not values["package_code"] and not values["bpjs_number"]:
                self.by_name[plain(project.name)].append(project.pk)
        addenda = Addendum.objects.values("project").annotate(first=Min("signed_on"))
        self.first_addendum = {row["project"]: row["first"].isoformat() for row in addenda}
        self.agencies = {agency.code: agency for agency in Agency.objects.within(scope)}
        self.agency_names: defaultdict[str, set[str]] = defaultdict(set)
        for agency in self.agencies.values():
            self.agency_names[plain(agency.name)].add(agency.code)
        self.npwps: dict[str, Contractor] = {}
        self.contractors: defaultdict[str, list[Contractor]] = defaultdict(list)
        for contractor in Contractor.objects.order_by("pk"):
            self.contractors[plain(contractor.name)].append(contractor)
            if contractor.npwp:
                self.npwps[contractor.npwp] = contractor

    def project(self, said: dict[str, Any], id_text: str) -> int | None:
        """The id of the project that a row means, None where it is a new one.

        The package code, the BPJS number and the id decide; the name only among projects that have neither.

        Raises:
            Unclear: they mean different projects, or more than one, or the id is not known.
        """
        by_id = None
        if id_text:
            digits = id_text.replace(".", "")
            by_id = int(digits) if digits.isdigit() and len(digits) < 19 else 0
            if by_id not in self.values or by_id in self.outside:
                template = _("ID proyek %(id)s tidak ada. Kosongkan untuk proyek baru.")
                raise Unclear("project_unknown", template, "id", id=id_text)
        by_code = self.by_code.get(said.get("package_code") or "")
        by_number = self.by_number.get(said.get("bpjs_number") or "")
        found = {pk for pk in (by_id, by_code, by_number) if pk is not None}
        if len(found) > 1:
            template = _("Kode paket, nomor BPJS, dan ID di baris ini milik proyek yang berlainan.")
            raise Unclear("project_unclear", template, "package_code")
        if found or said.get("package_code") or said.get("bpjs_number"):
            return next(iter(found), None)
        return self._named(said)

    def _named(self, said: dict[str, Any]) -> int | None:
        same = [
            pk
            for pk in self.by_name.get(plain(said.get("name") or ""), [])
            if all(
                not said.get(field) or self.values[pk][field] == said[field]
                for field in ("regency", "contract_number")
            )
        ]
        if len(same) > 1:
            template = _("Ada %(number)s proyek bernama sama. Tulis kode paket, nomor kontrak, atau ID-nya.")
            raise Unclear("project_unclear", template, "name", number=len(same))
        return same[0] if same else None
