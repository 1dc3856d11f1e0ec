"""A package of a procurement list and a registration at BPJS become one project: what it does, and doing it.

The package stays and takes from the registration what it does not know itself; where both know different
things the package's stands. All that belongs to the registration moves to the package, and the registration
goes. `services.join_projects` holds the locks and has the figures follow.
"""

from __future__ import annotations

import copy
import datetime
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Exists, Model, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

from coverage_portal.accounts import history
from coverage_portal.accounts.history import Author

from . import images
from .models import (
    Addendum,
    Assessment,
    Enrollment,
    Payment,
    Project,
    ProjectRegency,
    RejectedMatch,
    RemovedEnrollment,
    StagedEnrollment,
)
from .persons import masked_person
from .wording import sentence

TAKEN = (
    "agency",
    "owner",
    "ppk",
    "contractor",
    "regency",
    "district",
    "fund_source",
    "budget_year",
    "work",
    "contract_number",
    "spk_date",
    "contract_value",
    "vat_included",
    "vat_rate",
    "contribution_base",
    "wages_known",
    "wages",
    "start",
    "end",
    "maintenance_end",
    "planned_workers",
    "bpjs_number",
    "registered_on",
    "certified_on",
    "cover_end",
)
"""What the package takes from the registration where it has nothing itself."""
_COMPARED = ("name", *TAKEN, "has_maintenance")
_GO_WITH = {"vat_rate": "vat_included", "wages": "wages_known"}
"""Fields that mean something only with another: they are taken where both sides then agree on that one."""
_NAMED = 3
Traced = list[tuple[Model, dict[str, Any] | None, dict[str, Any] | None]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What joining two projects would do.

    `taken` are the fields that the package gets, `different` those in which its own value stands against the
    registration's. `problems` are the sentences that say what has to be mended first. `seen` changes with
    anything of it.
    """

    package: Project
    registration: Project
    taken: tuple[str, ...]
    different: tuple[str, ...]
    payments: int
    assessments: int
    addenda: int
    regencies: int
    workers: int
    problems: tuple[str, ...]
    seen: str

    @property
    def moves_anything(self) -> bool:
        return bool(self.payments or self.assessments or self.addenda or self.regencies or self.workers)


class Overtaken(Exception):
    """What was asked for is not as the user saw it any more, and nothing was written; `sentence` says how."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def joinable(package: int, registration: int) -> tuple[Project, Project]:
    """The two, with what a plan reads of them.

    Raises:
        Overtaken: they are not a package without registration and a registration without package any more.
    """
    related = Project.objects.select_related("agency", "contractor", "regency")
    one = related.unregistered().filter(pk=package).first()
    other = related.without_package().filter(pk=registration).first()
    if one is None:
        raise Overtaken(gettext("Paket ini sudah tercatat terdaftar atau sudah digabungkan oleh orang lain."))
    if other is None:
        raise Overtaken(
            gettext("Pendaftaran BPJS ini sudah digabungkan dengan paket lain atau sudah tidak ada.")
        )
    return one, other


def plan(package: Project, registration: Project) -> Plan:
    """What joining these two would do, as they are stored now."""
    taken = _taken(package, registration)
    joined = copy.copy(package)
    for name in taken:
        setattr(joined, name, getattr(registration, name))
    counts = {
        "payments": registration.payments.count(),
        "assessments": registration.assessments.count(),
        "addenda": registration.addenda.count(),
        "regencies": _new_regencies(joined, registration).count(),
        "workers": Enrollment.objects.filter(project=registration).values("worker").distinct().count(),
    }
    problems = (
        *_of_values(joined, registration),
        *_of_numbers(package, registration),
        *_of_workers(package, registration),
    )
    shown = [history.snapshot(package), history.snapshot(registration), counts, problems]
    return Plan(
        package=package,
        registration=registration,
        taken=taken,
        different=tuple(
            name for name in _COMPARED if name not in taken and _differs(package, registration, name)
        ),
        problems=problems,
        seen=hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32],
        **counts,
    )


def carry_out(planned: Plan, author: Author) -> None:
    """Write it, in the caller's transaction, with the history of all of it under one action.

    The history is in an order in which it can be given back from its end.
    """
    package, registration = planned.package, planned.registration
    traced: Traced = []
    _move_money(package, registration, traced)
    _move(Addendum.objects.filter(project=registration), package, traced)
    _move_regencies(package, registration, planned.taken, traced)
    _move_workers(package, registration, traced)
    for rejected in RejectedMatch.objects.filter(registration=registration).order_by("pk"):
        traced.append((rejected, history.snapshot(rejected), None))
    before = history.snapshot(package), history.snapshot(registration)
    for name in planned.taken:
        setattr(package, name, getattr(registration, name))
    Project.objects.filter(pk=registration.pk).delete()
    # By its own fields only: the date of its first payment has just followed the payments.
    package.save(update_fields=planned.taken)
    history.record(
        author, [*traced, (registration, before[1], None), (package, before[0], history.snapshot(package))]
    )


def _taken(package: Project, registration: Project) -> tuple[str, ...]:
    found = [name for name in TAKEN if _is_empty(package, name) and not _is_empty(registration, name)]
    for name, leading in _GO_WITH.items():
        known = registration if leading in found else package
        if name in found and getattr(known, leading) != getattr(registration, leading):
            found.remove(name)
    return tuple(found)


def _value(project: Project, name: str) -> Any:
    return getattr(project, Project._meta.get_field(name).attname)  # type: ignore[union-attr]


def _is_empty(project: Project, name: str) -> bool:
    return _value(project, name) in (None, "")


def _differs(package: Project, registration: Project, name: str) -> bool:
    return not _is_empty(registration, name) and _value(package, name) != _value(registration, name)


# What stands in the way.


def _of_values(joined: Project, registration: Project) -> tuple[str, ...]:
    """Whether the package may have the values that it would take."""
    found: list[str] = []
    try:
        # The numbers are still the registration's own.
        joined.validate_constraints(exclude={"package_code", "bpjs_number"})
    except ValidationError as error:
        found += error.messages
    first = Addendum.objects.filter(project__in=[joined, registration]).order_by("signed_on").first()
    if first is not None and joined.spk_date is not None and first.signed_on < joined.spk_date:
        text = _(
            "Adendum %(number)s (%(day)s) mendahului tanggal SPK %(spk)s. Perbaiki salah satunya dahulu."
        )
        found.append(sentence(text, {"number": first.number, "day": first.signed_on, "spk": joined.spk_date}))
    return tuple(found)


def _of_numbers(package: Project, registration: Project) -> list[str]:
    """Numbers that both have already, and that one project can have only once."""
    found = []
    for model, template in (
        (
            Assessment,
            _("Penetapan %(number)s ada di kedua catatan. Hapus atau ubah nomor salah satunya dahulu."),
        ),
        (Addendum, _("Adendum %(number)s ada di kedua catatan. Hapus atau ubah nomor salah satunya dahulu.")),
    ):
        numbers = [
            set(model._default_manager.filter(project=project).values_list("number", flat=True))
            for project in (package, registration)
        ]
        found += [sentence(template, {"number": number}) for number in sorted(numbers[0] & numbers[1])]
    paid = [
        {_payment_key(*row) for row in project.payments.values_list("reference", "paid_on", "amount")}
        for project in (package, registration)
    ]
    for reference, day, amount in sorted(paid[0] & paid[1], key=str):
        if reference:
            template = _(
                "Pembayaran dengan nomor bukti %(number)s ada di kedua catatan. Hapus salah satunya dahulu."
            )
            found.append(sentence(template, {"number": reference}))
        else:
            template = _(
                "Pembayaran %(amount)s pada %(day)s ada di kedua catatan. "
                "Hapus salah satunya, atau isi nomor buktinya bila memang dua kali."
            )
            found.append(sentence(template, {"amount": amount, "day": day}))
    return found


def _payment_key(reference: str, paid_on: Any, amount: Any) -> tuple[Any, ...]:
    """What no project may have twice, as the constraints on payments say."""
    return (reference, None, None) if reference else ("", paid_on, amount)


def _of_workers(package: Project, registration: Project) -> list[str]:
    """Workers whose periods in both overlap: the same employer, or none."""
    overlapping = Enrollment.objects.filter(
        Q(end__isnull=True) | Q(end__gte=OuterRef("start")),
        project=package,
        worker=OuterRef("worker"),
        segment=OuterRef("segment"),
        employer_npp=OuterRef("employer_npp"),
        start__lte=Coalesce(OuterRef("end"), Value(datetime.date.max)),
    )
    twice = Enrollment.objects.filter(Exists(overlapping), project=registration)
    persons = twice.values("worker").distinct().count()
    if not persons:
        return []
    rows = twice.values_list("worker__name", "worker__nik_last4").distinct().order_by("worker__nik_last4")
    named = ", ".join(masked_person(*row) for row in rows[:_NAMED])
    text = ngettext(
        "%(n)s tenaga kerja tercatat di keduanya pada masa yang sama (%(named)s). "
        "Akhiri atau hapus data pesertanya di salah satunya dahulu.",
        "%(n)s tenaga kerja tercatat di keduanya pada masa yang sama (antara lain %(named)s). "
        "Akhiri atau hapus data pesertanya di salah satunya dahulu.",
        persons,
    )
    return [text % {"n": persons, "named": named}]


# Moving what belongs to the registration.


def _move(rows: Any, package: Project, traced: Traced) -> None:
    found = list(rows.order_by("pk"))
    before = [history.snapshot(row) for row in found]
    rows.update(project=package)
    for row, old in zip(found, before, strict=True):
        row.project = package
        traced.append((row, old, history.snapshot(row)))


def _move_money(package: Project, registration: Project, traced: Traced) -> None:
    """Assessments and payments. A payment may not name another project's assessment, not even in between."""
    payments = Payment.objects.filter(project=registration)
    naming = dict(payments.filter(assessment__isnull=False).values_list("pk", "assessment"))
    before: Traced = []
    found = list(payments.order_by("pk"))
    old = {payment.pk: history.snapshot(payment) for payment in found}
    payments.update(project=package, assessment=None)
    _move(Assessment.objects.filter(project=registration), package, before)
    for payment in found:
        payment.project = package
    Payment.objects.bulk_update([payment for payment in found if payment.pk in naming], ["assessment"])
    traced += before
    traced += ((payment, old[payment.pk], history.snapshot(payment)) for payment in found)


def _new_regencies(joined: Project, registration: Project) -> Any:
    """Further regencies of the registration that the package would not have without them."""
    own = ProjectRegency.objects.filter(project=joined.pk).values("regency")
    return ProjectRegency.objects.filter(project=registration).exclude(
        Q(regency__in=own) | Q(regency=joined.regency_id)
    )


def _move_regencies(package: Project, registration: Project, taken: tuple[str, ...], traced: Traced) -> None:
    joined = copy.copy(package)
    if "regency" in taken:
        joined.regency_id = registration.regency_id
    _move(_new_regencies(joined, registration), package, traced)
    known_already = ProjectRegency.objects.filter(project=registration)
    traced += ((row, history.snapshot(row), None) for row in known_already.order_by("pk"))
    known_already.delete()


def _move_workers(package: Project, registration: Project, traced: Traced) -> None:
    """Enrollments, and what imports keep of them: an undo still knows those that it made."""
    enrolled = Enrollment.objects.filter(project=registration)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.batch_id, i.enrollment_id FROM projects_enrollmentimage i"  # noqa: S608 - SQL of our own
            " JOIN projects_enrollment e ON e.id = i.enrollment_id"
            f" WHERE e.project_id = %s AND i.after_sum = {images.enrollment_sum('e')}",
            [registration.pk],
        )
        unchanged = cursor.fetchall()
    _move(enrolled.select_related("worker"), package, traced)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE projects_enrollmentimage i SET after_sum = {images.enrollment_sum('e')}"  # noqa: S608
            " FROM projects_enrollment e, unnest(%s::uuid[], %s::bigint[]) AS kept (batch_id, id)"
            " WHERE e.id = kept.id AND i.enrollment_id = kept.id AND i.batch_id = kept.batch_id",
            [[str(batch) for batch, _pk in unchanged], [pk for _batch, pk in unchanged]],
        )
    for model in (StagedEnrollment, RemovedEnrollment):
        model.objects.filter(project_id=registration.pk).update(project_id=package.pk)
