"""All that is held of one person, and who has seen it: what they get who ask (UU 27/2022, article 32)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Count, Max, Model, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coverage_portal.accounts.models import Change
from coverage_portal.intake.models import ImportBatch
from coverage_portal.lib.identity import Nik
from projects import data_subjects
from projects.models import (
    Enrollment,
    EnrollmentImage,
    ErasureSalt,
    Handling,
    Lookup,
    RemovedEnrollment,
    StagedEnrollment,
    Worker,
    WorkerImage,
)
from projects.sealing import nik_sealer

PERSONS = "enrollment"
"""The kind of imports that lists persons."""
TITLES = {
    Worker: _("Identitas"),
    Enrollment: _("Masa perlindungan"),
    EnrollmentImage: _("Masa perlindungan sebelum sebuah impor, untuk membatalkannya"),
    WorkerImage: _("Identitas sebelum sebuah impor, untuk membatalkannya"),
    RemovedEnrollment: _("Masa perlindungan yang dihapus oleh koreksi, untuk mengembalikannya"),
    StagedEnrollment: _("Baris impor yang menunggu konfirmasi"),
    Lookup: _("Pemeriksaan NIK"),
    Handling: _("Pembatasan"),
}


@dataclass(frozen=True, slots=True)
class Report:
    """One person's file.

    Attributes:
        person: what is stored of the person, by label.
        periods: every period of protection.
        sources: the imports that brought or changed it, with the day on which the file is deleted.
        seen: who looked the person up or was given this report, and when.
        changed: what was done to the records, by whom, when and why.
        held: how many rows of each table speak of the person.
        files: how many stored worker lists may name the person too, and when the last of them is deleted.
    """

    at: datetime.datetime
    person: dict[str, Any]
    periods: list[dict[str, Any]]
    sources: list[dict[str, Any]]
    seen: list[dict[str, Any]]
    changed: list[dict[str, Any]]
    held: list[dict[str, Any]]
    files: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        names = ("person", "periods", "sources", "seen", "changed", "held", "files")
        return {"at": self.at, **{name: getattr(self, name) for name in names}}


def report(worker: Worker, nik: Nik) -> Report:
    """The file of a worker. For whoever may answer them, after `data_subjects.find`."""
    enrollments = list(worker.enrollments.select_related("regency", "project").order_by("start", "pk"))
    handling = data_subjects.handlings_of(worker).first()
    return Report(
        at=timezone.now(),
        person={
            "nik": f"************{nik.last4}",
            "name": worker.name,
            "sex": worker.get_sex_display(),
            "birth_date": worker.birth_date,
            "kpj": worker.kpj,
            "handling": handling.get_state_display() if handling else "",
        },
        periods=[_period(each) for each in enrollments],
        sources=_sources(worker),
        seen=_seen(nik),
        changed=_changed(worker, enrollments),
        held=_held(worker, nik),
        files=_files(),
    )


def _period(enrollment: Enrollment) -> dict[str, Any]:
    return {
        "segment": enrollment.get_segment_display(),
        "regency": str(enrollment.regency),
        "employer_npp": enrollment.employer_npp,
        "project": enrollment.project.name if enrollment.project else "",
        "occupation": enrollment.get_occupation_display(),
        "funding": enrollment.get_funding_display(),
        "start": enrollment.start,
        "end": enrollment.end,
        "paid_through": enrollment.paid_through,
    }


def _sources(worker: Worker) -> list[dict[str, Any]]:
    batches = {
        *EnrollmentImage.objects.filter(worker_id=worker.pk).values_list("batch_id", flat=True),
        *WorkerImage.objects.filter(worker_id=worker.pk).values_list("batch_id", flat=True),
    }
    kept = datetime.timedelta(days=settings.UPLOAD_KEEP_DAYS)
    return [
        {
            "file": batch.file_name,
            "uploaded_at": batch.created_at,
            "uploaded_by": batch.uploader,
            "file_deleted_on": (batch.purged_at or batch.changed_at + kept).date(),
        }
        for batch in ImportBatch.objects.filter(pk__in=batches).select_related("user").order_by("created_at")
    ]


def _seen(nik: Nik) -> list[dict[str, Any]]:
    lookups = Lookup.objects.filter(nik_sealed__in=nik_sealer().seal_each(nik.digits)).order_by("at")
    return [{"at": each.at, "by": each.actor, "found": each.found} for each in lookups]


def tables() -> list[type[Model]]:
    """The tables with rows of single persons, known by what they call them."""
    return [model for model in apps.get_app_config("projects").get_models() if _names_of(model)]


def _names_of(model: type[Model]) -> set[str]:
    names = {field.attname for field in model._meta.concrete_fields} & {"worker_id", "nik_sealed"}
    return set() if model is ErasureSalt else names


def _held(worker: Worker, nik: Nik) -> list[dict[str, Any]]:
    seals = nik_sealer().seal_each(nik.digits)
    found = []
    for model in tables():
        names = _names_of(model)
        of_person = Q(nik_sealed__in=seals) if "nik_sealed" in names else Q()
        if "worker_id" in names:
            of_person |= Q(worker_id=worker.pk)
        number = model._base_manager.filter(of_person).count()
        if number:
            found.append({"table": model._meta.label_lower, "what": TITLES[model], "rows": number})
    return found


def _files() -> dict[str, Any]:
    """Of the lists that are still stored: they are sealed, and not searched."""
    stored = ImportBatch.objects.filter(kind=PERSONS, purged_at=None).aggregate(
        number=Count("pk"), last=Max("changed_at")
    )
    last = stored["last"]
    until = None if last is None else (last + datetime.timedelta(days=settings.UPLOAD_KEEP_DAYS)).date()
    return {"number": stored["number"], "deleted_on": until}


def _changed(worker: Worker, enrollments: list[Enrollment]) -> list[dict[str, Any]]:
    of_worker = Q(model=Worker._meta.label_lower, object_id=str(worker.pk))
    of_periods = Q(model=Enrollment._meta.label_lower, object_id__in=[str(each.pk) for each in enrollments])
    changes = Change.objects.filter(of_worker | of_periods).order_by("at", "pk")
    return [
        {
            "at": each.at,
            "by": each.actor,
            "through": each.get_source_display(),
            "after": each.after,
            "reason": each.reason,
        }
        for each in changes
    ]
