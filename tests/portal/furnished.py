"""One of everything in two regencies: what a crawl over every address may show, and what it may not."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from coverage_portal.accounts import events, history, roles
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import AreaGrant, Change, Event
from coverage_portal.lib.periods import Month
from projects import issuing, letters, wording
from projects.letters import Item
from projects.models import Letter
from projects.selectors.facts import positions_of
from regions.choices import PeriodState
from regions.models import Agency, PeriodException, PeriodStatus, PublishedCell, Release
from regions.selectors.publishing import WHOLE_AND_SEGMENTS
from tests import factories
from tests.projects import records
from tests.sheets import upload, xlsx

HERE, THERE = "61.04", "61.05"
CANARY, OWN = "RAHASIASANGGAU", "MILIKKETAPANG"


@dataclass
class Scene:
    """Objects of both areas by model, `there` with the canary in every text that is anyone's to write."""

    here: dict[str, Any] = field(default_factory=dict)
    there: dict[str, Any] = field(default_factory=dict)

    def of(self, area: str) -> dict[str, Any]:
        return self.here if area == HERE else self.there


def furnish(area: str, word: str, made: dict[str, Any]) -> None:
    """One of everything in a regency."""
    regency = factories.regency(area)
    agency = records.agency(f"{area}.PU", f"Dinas {word}", kind="opd_kab", regency_id=area)
    project = records.project(
        f"Jalan {word}",
        regency=area,
        agency=agency,
        package_code=f"P{word}",
        owner=word,
        ppk=word,
        contract_number=f"K/{word}",
        contract_value=2_000_000_000,
        spk_date="2025-01-06",
    )
    registration = records.project(f"Gedung {word}", regency=area, bpjs_number=f"B{word}"[:20])
    enrollment = records.enrolled(project, 9000 + int(area[-2:]))
    type(enrollment.worker).objects.filter(pk=enrollment.worker_id).update(name=f"ORANG {word}")
    user = factories.user(f"petugas.{word.lower()}", area, first_name=word)
    importer = factories.user(f"impor.{word.lower()}")
    AreaGrant.objects.create(user=importer, role=roles.IMPORTER, area_code=area)
    name = regency.name
    sheet = [["Wilayah", "Segmen", "Bulan", "Peserta Aktif", "Sumber"], [name, "PU", "2025-07", 7, word]]
    batch = upload(
        "membership", xlsx([*sheet, [name, "PU", "x", -1, word]]), user=importer, name=f"{word}.xlsx"
    )
    target = factories.target(regency, "45", legal_basis=word)
    workforce = factories.workforce(regency, 1000, source=word)
    assessment = records.assessment(project, number=f"N-{word}")
    payment = records.payment(project, reference=f"R-{word}")
    made |= {
        "regions.regency": regency,
        "regions.agency": agency,
        "regions.workforce": workforce,
        "regions.membership": factories.membership(regency, 370, month="2025-12", source=word),
        "regions.target": target,
        "regions.baseline": factories.baseline(regency),
        "regions.quotedfigure": factories.quote(regency, "55", source=word),
        "regions.commitment": factories.commitment(regency, promise=f"Janji {word}", source=word),
        **closed_month(regency, word),
        "projects.project": project,
        "registration": registration,
        "projects.addendum": records.addendum(project, number=f"A-{word}"),
        "projects.assessment": assessment,
        "projects.payment": payment,
        "projects.enrollment": enrollment,
        "projects.letter": letter(agency, area, word),
        "accounts.user": user,
        "intake.importbatch": batch,
    }
    made["accounts.areagrant"] = user.grants.get()
    author = Author(None, Change.Source.COMMAND, f"Alasan {word}")
    history.record(author, [(target, {"legal_basis": "lama"}, history.snapshot(target))])
    history.record(author, [(project, {"name": "lama"}, history.snapshot(project))])
    made["accounts.change"] = Change.objects.filter(reason=f"Alasan {word}").first()
    made["accounts.event"] = events.note(Event.Kind.EXPORTED, user=user, what=word)


def letter(agency: Agency, area: str, word: str) -> Letter:
    """A letter as it is printed, of a project that was not registered."""
    on = datetime.date(2026, 1, 5)
    late = records.project(
        f"Pasar {word}",
        regency=area,
        agency=agency,
        spk_date=records.day("2025-07-07"),
        start=records.day("2025-07-14"),
        end=records.day("2026-11-30"),
        contract_value=300_000_000,
        vat_included=False,
    )
    item = Item(late.pk, late.name, "", "", "", "", None, positions_of([late.pk], on)[late.pk])
    said = letters.content(
        letters.work_list(agency.name, on, [item]),
        sender=issuing.sender(),
        town="",
        printed_on=on,
        write=wording.sentence,
    )
    number = Letter.objects.count() + 1
    return Letter.objects.create(
        year=2026, number=number, agency=agency, agency_name=agency.name, on=on, areas=[area],
        projects=said.listed, content=said.as_json(), sha256="0" * 64, actor=word,
    )  # fmt: skip


CLOSED = Month(2025, 6)


def closed_month(regency: Any, word: str) -> dict[str, Any]:
    """A month of a regency that was approved and revised, and is open again for a while."""
    now = timezone.now()
    status = PeriodStatus.objects.create(
        regency=regency, month=CLOSED, state=PeriodState.SUBMITTED, submitted_at=now
    )
    status.release = Release.objects.create(regency=regency, month=CLOSED, number=0, actor=word)
    status.state, status.approved_at = PeriodState.APPROVED, now
    status.save()
    release = Release.objects.create(regency=regency, month=CLOSED, number=1, reason=word, actor=word)
    cell, *_others = [
        PublishedCell.objects.create(
            release=release, segment=segment, basis="missing", complete=False, target_is_own=False
        )
        for segment in WHOLE_AND_SEGMENTS
    ]
    status.release = release
    status.save()
    exception = PeriodException.objects.create(
        regency=regency, month=CLOSED, reason=word, actor=word, valid_until=now + datetime.timedelta(days=1)
    )
    return {
        "regions.periodstatus": status,
        "regions.release": release,
        "regions.publishedcell": cell,
        "regions.periodexception": exception,
    }
