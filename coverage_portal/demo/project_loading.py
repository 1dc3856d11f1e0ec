"""Putting the example's projects into the database, and taking its workers out again."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model
from django.utils import timezone

from projects import services
from projects.choices import FundSource, Work
from projects.models import (
    Addendum,
    Assessment,
    Contractor,
    Enrollment,
    Instalment,
    Payment,
    Project,
    ProjectRegency,
    Worker,
)
from projects.sealing import nik_sealer
from regions.choices import Segment
from regions.models import Agency

from .figures import INVENTED
from .projects import CONTRACTORS, Example, agencies, examples, niks, parts


def load() -> list[Model]:
    """Write agencies, contractors, projects and what belongs to them, in the caller's transaction.

    Returns:
        What was written, for the history; without workers, whose NIKs it must not hold.
    """
    offices = {
        area: Agency.objects.create(
            code=code, name=name, kind=kind, **{"regency_id" if "." in area else "province_id": area}
        )
        for code, name, kind, area in agencies()
    }
    contractors = {name: Contractor.objects.create(name=name) for name in CONTRACTORS}
    cases = list(examples(timezone.localdate()))
    made = Project.objects.bulk_create(_project(case, offices, contractors) for case in cases)
    pairs = list(zip(cases, made, strict=True))
    registration = _registration(pairs[0])
    registration.save()
    further = ProjectRegency.objects.bulk_create(
        ProjectRegency(project=project, regency_id=code) for case, project in pairs for code in case.further
    )
    addenda = Addendum.objects.bulk_create(_addenda(pairs))
    assessments = Assessment.objects.bulk_create(_assessments(pairs))
    instalments = Instalment.objects.bulk_create(_instalments(pairs, assessments))
    _enroll(pairs)
    with services.payments_of([project.pk for project in made]):
        payments = Payment.objects.bulk_create(_payments(pairs))
    return [
        *offices.values(),
        *contractors.values(),
        *made,
        registration,
        *further,
        *addenda,
        *assessments,
        *instalments,
        *payments,
    ]


def remove_workers() -> None:
    """Delete the example's workers with their enrollments; the counted cells follow."""
    sealed = [nik_sealer().seal(nik) for nik in niks()]
    workers = list(Worker.objects.filter(nik_sealed__in=sealed).values_list("pk", flat=True))
    with services.enrollments_of(workers):
        Enrollment.objects.filter(worker__in=workers, project__source=INVENTED).delete()
        Worker.objects.filter(pk__in=workers, enrollments=None).delete()


Pairs = list[tuple[Example, Project]]


def _project(case: Example, offices: dict[str, Agency], contractors: dict[str, Contractor]) -> Project:
    situation = case.situation
    is_provincial = bool(case.further) or case.number % 5 == 0
    registered = case.day(situation.registered)
    end = case.day(situation.duration)
    return Project(
        name=case.name,
        package_code=f"CONTOH-{case.number:04d}",
        agency=offices[case.regency[:2] if is_provincial else case.regency],
        contractor=contractors.get(case.contractor),
        regency_id=case.regency,
        fund_source=FundSource.PROVINCE if is_provincial else FundSource.REGENCY,
        budget_year=case.spk.year if case.spk else None,
        work=Work.EXECUTION,
        contract_number=f"CONTOH/{case.number:03d}/SPK",
        spk_date=case.spk,
        contract_value=case.value,
        vat_included=None if case.value is None else False,
        start=case.day(7),
        end=end,
        maintenance_end=None
        if situation.maintenance is None
        else case.day(situation.duration + situation.maintenance),
        planned_workers=situation.planned,
        bpjs_number=f"CONTOH{case.number:06d}" if registered else "",
        registered_on=registered,
        certified_on=case.day(situation.paid[0][0] + 1) if situation.paid else None,
        cover_end=case.day(situation.cover),
        cancelled=situation.is_cancelled,
        cancelled_on=case.day(30) if situation.is_cancelled else None,
        source=INVENTED,
    )


def _registration(pair: tuple[Example, Project]) -> Project:
    """A project once more, as BPJS's own list may have it: for whoever tries the matching."""
    case, package = pair
    return Project(
        name=f"Contoh: {case.work.replace('Jalan', 'Jln.')} {case.number} (di daftar BPJS)",
        contractor=package.contractor,
        regency=package.regency,
        contract_value=package.contract_value,
        spk_date=package.spk_date,
        bpjs_number="CONTOH900001",
        registered_on=case.day(40),
        source=INVENTED,
    )


def _addenda(pairs: Pairs) -> Iterator[Addendum]:
    for case, project in pairs:
        signed = case.day(60)
        if case.situation.raised and case.value is not None and signed is not None:
            raised = case.value * (100 + case.situation.raised) / 100
            yield Addendum(project=project, number="ADD-1", signed_on=signed, contract_value=raised)


def _assessments(pairs: Pairs) -> Iterator[Assessment]:
    for case, project in pairs:
        day = case.day(case.situation.registered)
        if day is not None and case.due and not case.situation.is_cancelled:
            yield Assessment(
                project=project, number=f"CONTOH-{case.number:03d}", assessed_on=day, amount=case.due
            )


def _instalments(pairs: Pairs, assessments: list[Assessment]) -> Iterator[Instalment]:
    by_project = {assessment.project_id: assessment for assessment in assessments}
    for case, project in pairs:
        assessment = by_project.get(project.pk)
        if assessment is None:
            continue
        left = assessment.amount
        terms = list(parts(assessment.amount, case.situation.terms))
        for number, (after, amount) in enumerate(terms, 1):
            due_on = case.day(after)
            if due_on is None:
                continue
            # The last one takes what rounding has left.
            share = left if number == len(terms) else amount
            left -= share
            yield Instalment(assessment=assessment, number=number, due_on=due_on, amount=share)


def _payments(pairs: Pairs) -> Iterator[Payment]:
    for case, project in pairs:
        for number, (after, amount) in enumerate(parts(case.due, case.situation.paid), 1):
            paid_on = case.day(after)
            if paid_on is not None and amount > 0:
                reference = f"CONTOH-{case.number:03d}-{number}"
                yield Payment(
                    project=project, paid_on=paid_on, amount=amount, reference=reference, source=INVENTED
                )


def _enroll(pairs: Pairs) -> None:
    places = [(case, project) for case, project in pairs for _worker in range(case.situation.workers)]
    people = list(zip(places, niks(), strict=True))
    workers = Worker.objects.bulk_create(
        Worker(nik_sealed=nik_sealer().seal(nik), nik_last4=nik[-4:], name=f"CONTOH {nik[-4:]}")
        for _place, nik in people
    )
    with services.enrollments_of([worker.pk for worker in workers]):
        Enrollment.objects.bulk_create(
            Enrollment(
                worker=worker,
                segment=Segment.JAKON,
                regency_id=case.regency,
                project=project,
                start=project.start or project.spk_date,
                end=project.maintenance_end,
            )
            for worker, ((case, project), _nik) in zip(workers, people, strict=True)
        )
