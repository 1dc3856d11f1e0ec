"""A month goes draft, submitted, approved, locked; what is out of order is refused with what to do."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change
from regions import selectors
from regions.models import (
    Membership,
    PeriodException,
    PeriodStatus,
    PublishedCell,
    Regency,
    Release,
    Workforce,
)
from regions.services import closing
from tests import factories
from tests.regions.closed import JULY, KETAPANG, author, closed, filled, officer, published, state_of

pytestmark = pytest.mark.django_db
A_DAY = datetime.timedelta(days=1)


@pytest.fixture
def ketapang() -> Regency:
    return filled()


def asked(service: str, **values: object) -> None:
    getattr(closing, service)(month=JULY, regencies=[KETAPANG], author=author(), **values)


def test_month_goes_through_its_states(ketapang: Regency) -> None:
    found = [state_of()]
    for service in ("submit", "return_to_draft", "submit", "approve", "lock"):
        asked(service)
        found.append(state_of())

    assert found == ["draft", "submitted", "draft", "submitted", "approved", "locked"]


@pytest.mark.parametrize(
    ("before", "service", "sentence"),
    [
        ([], "approve", "Kab. Ketapang Juli 2025 masih draf. Ajukan dahulu"),
        ([], "return_to_draft", "masih draf"),
        ([], "lock", "masih draf"),
        (["submit"], "submit", "sudah diajukan dan menunggu persetujuan"),
        (["submit"], "lock", "masih menunggu persetujuan. Setujui dahulu"),
        (["submit", "approve"], "submit", "sudah disetujui dan ditutup"),
        (["submit", "approve"], "approve", "sudah disetujui dan ditutup"),
        (["submit", "approve"], "return_to_draft", "sudah disetujui dan ditutup"),
        (["submit", "approve", "lock"], "lock", "sudah dikunci"),
        (["submit", "approve", "lock"], "return_to_draft", "sudah dikunci"),
    ],
)
def test_transition_out_of_order_is_refused_with_what_to_do(
    ketapang: Regency, before: list[str], service: str, sentence: str
) -> None:
    for each in before:
        asked(each)
    state = state_of()

    with pytest.raises(ValidationError, match=sentence):
        asked(service)

    assert state_of() == state


def test_incomplete_month_is_not_submitted(ketapang: Regency) -> None:
    Membership.objects.filter(segment="BPU").delete()

    with pytest.raises(ValidationError, match=r"belum lengkap \(belum masuk: BPU\)"):
        asked("submit")


def test_approval_freezes_every_cell(ketapang: Regency) -> None:
    factories.target(factories.province(), "60.80", year=2026)
    closed(KETAPANG)

    cells = {cell.segment: cell for cell in PublishedCell.objects.all()}

    assert set(cells) == {None, "PU", "BPU", "JAKON", "PMI"}
    whole = cells[None]
    assert (whole.members, whole.workforce, whole.workforce_year) == (300, 3000, 2025)
    assert (str(whole.target_percent), whole.target_year, whole.target_is_own) == ("60.80", 2026, False)
    assert (whole.basis, whole.complete) == ("reported", True)
    assert (cells["PU"].members, cells["PU"].workforce) == (100, 1000)
    assert (cells["PMI"].members, cells["PMI"].complete, cells["PMI"].basis) == (None, False, "missing")


def test_approver_is_not_who_submitted(ketapang: Regency, settings) -> None:
    officer_of_both = officer("satu")
    closing.submit(month=JULY, regencies=[KETAPANG], author=author(officer_of_both))

    with pytest.raises(ValidationError, match="Anda ajukan sendiri"):
        closing.approve(month=JULY, regencies=[KETAPANG], author=author(officer_of_both))
    assert state_of() == "submitted"

    settings.APPROVER_IS_ANOTHER = False
    closing.approve(month=JULY, regencies=[KETAPANG], author=author(officer_of_both))
    assert state_of() == "approved"


def test_approver_is_not_who_brought_in_the_data(ketapang: Regency) -> None:
    uploader, other = officer("pengunggah"), officer("lain")
    cell = Membership.objects.get(segment="PU")
    Change.objects.create(
        user=uploader, source="import", model="regions.membership", object_id=str(cell.pk), after={"id": 1}
    )
    closing.submit(month=JULY, regencies=[KETAPANG], author=author(other))

    with pytest.raises(ValidationError, match="Anda masukkan sendiri"):
        closing.approve(month=JULY, regencies=[KETAPANG], author=author(uploader))
    closing.approve(month=JULY, regencies=[KETAPANG], author=author(officer("ketiga")))

    assert state_of() == "approved"


def test_area_of_others_is_refused(ketapang: Regency) -> None:
    outsider = officer("sambas", "61.01")

    with pytest.raises(ValidationError, match="sekurangnya satu"):
        closing.submit(month=JULY, regencies=[KETAPANG], author=author(outsider))
    with pytest.raises(ValidationError, match=r"61\.04 di luar wilayah kerja Anda"):
        closing.submit(month=JULY, regencies=[KETAPANG, "61.01"], author=author(outsider))

    assert state_of() == "draft"


def test_figures_that_moved_since_they_were_seen_are_not_approved(ketapang: Regency) -> None:
    asked("submit")
    found = closing.working(ketapang.province, [ketapang])
    seen = closing.fingerprint(found, JULY, [KETAPANG])
    Membership.objects.filter(segment="PU").update(reported=101)

    with pytest.raises(ValidationError, match="Angkanya berubah sejak ditampilkan"):
        asked("approve", seen=seen)


@pytest.mark.parametrize(
    ("valid_until", "reason", "sentence"),
    [
        (None, "koreksi", "harus punya batas waktu"),
        (-A_DAY, "koreksi", "sudah lewat"),
        (200 * A_DAY, "koreksi", "paling lama 90 hari"),
        (A_DAY, "  ", "Tulis alasannya"),
    ],
)
def test_exception_needs_a_reason_and_an_end(
    ketapang: Regency, valid_until: datetime.timedelta | None, reason: str, sentence: str
) -> None:
    until = None if valid_until is None else timezone.now() + valid_until

    with pytest.raises(ValidationError, match=sentence):
        asked("grant_exception", reason=reason, valid_until=until)

    assert not PeriodException.objects.exists()


def test_exception_without_an_end_is_refused_by_the_database(ketapang: Regency) -> None:
    with pytest.raises(IntegrityError, match="valid_until"):
        PeriodException.objects.create(regency=ketapang, month=JULY, reason="x", actor="x", valid_until=None)


def test_revision_publishes_what_the_working_figure_became(ketapang: Regency) -> None:
    closed(KETAPANG)
    asked("grant_exception", reason="koreksi rekap", valid_until=timezone.now() + A_DAY)
    Membership.objects.filter(segment="PU").update(reported=150)
    before = published()

    release = closing.publish_revision(
        month=JULY, regency=KETAPANG, reason="Rekap dikoreksi BPJS", author=author()
    )

    assert before == {None: 300, "PU": 100, "BPU": 100, "JAKON": 100, "PMI": None}
    assert published() == {None: 350, "PU": 150, "BPU": 100, "JAKON": 100, "PMI": None}
    assert (release.number, release.name, release.reason) == (1, "Revisi 1", "Rekap dikoreksi BPJS")
    assert [r.number for r in Release.objects.order_by("number")] == [0, 1]


def test_revision_without_need_reason_or_approval_is_refused(ketapang: Regency) -> None:
    def revise(reason: str = "alasan") -> None:
        closing.publish_revision(month=JULY, regency=KETAPANG, reason=reason, author=author())

    with pytest.raises(ValidationError, match="belum disetujui"):
        revise()
    closed(KETAPANG)
    with pytest.raises(ValidationError, match="sama dengan angka terbitnya"):
        revise()
    factories.workforce(ketapang, 1, segment="PMI")
    with pytest.raises(ValidationError, match="Tulis alasannya"):
        revise(" ")

    assert Release.objects.count() == 1


def test_revision_of_a_locked_month_takes_an_exception(ketapang: Regency) -> None:
    closed(KETAPANG, is_locked=True)
    factories.workforce(ketapang, 5, segment="PMI")

    with pytest.raises(ValidationError, match="Revisinya memerlukan pengecualian"):
        closing.publish_revision(month=JULY, regency=KETAPANG, reason="x", author=author())
    asked("grant_exception", reason="PMI", valid_until=timezone.now() + A_DAY)
    closing.publish_revision(month=JULY, regency=KETAPANG, reason="x", author=author())

    assert Release.objects.count() == 2


def test_steps_are_in_the_history_with_who_and_when(ketapang: Regency) -> None:
    user, other = officer("pengaju"), officer("penyetuju")
    closing.submit(month=JULY, regencies=[KETAPANG], author=author(user))
    closing.approve(month=JULY, regencies=[KETAPANG], author=author(other))

    status = PeriodStatus.objects.get()
    changes = Change.objects.filter(model="regions.periodstatus").order_by("pk")

    assert (status.submitted_by, status.approved_by) == (user, other)
    assert [(c.actor, c.after["state"]) for c in changes] == [
        ("pengaju", "submitted"),
        ("penyetuju", "approved"),
    ]
    assert Change.objects.filter(model="regions.release", user=other).count() == 1


def test_user_who_has_published_cannot_be_deleted(ketapang: Regency) -> None:
    user, other = officer("pengaju"), officer("penyetuju")
    closing.submit(month=JULY, regencies=[KETAPANG], author=author(user))
    closing.approve(month=JULY, regencies=[KETAPANG], author=author(other))

    with pytest.raises(ProtectedError):
        other.delete()

    release = Release.objects.get()
    assert (release.user, release.actor) == (other, "penyetuju")
    assert state_of() == "approved"


RAW = {
    "release changed": "UPDATE regions_release SET reason = 'lain'",
    "release deleted": "DELETE FROM regions_publishedcell; DELETE FROM regions_release",
    "cell changed": "UPDATE regions_publishedcell SET members = members + 1",
    "cell deleted": "DELETE FROM regions_publishedcell",
    "cell added": (
        "INSERT INTO regions_publishedcell (release_id, basis, complete, target_is_own, segment)"
        " SELECT id, 'missing', false, false, NULL FROM regions_release"
    ),
    "opened again": (
        "UPDATE regions_periodstatus SET state = 'draft', release_id = NULL, approved_at = NULL,"
        " submitted_at = NULL"
    ),
    "status deleted": "DELETE FROM regions_periodstatus",
    "number left out": (
        "INSERT INTO regions_release (regency_id, month, number, reason, actor, published_at)"
        " VALUES ('61.04', '2025-07-01', 2, 'x', 'x', now())"
    ),
    "exception of the past prolonged": (
        "UPDATE regions_periodexception SET valid_until = now() + interval '1 day'"
    ),
    "exception of the past deleted": "DELETE FROM regions_periodexception",
    "draft jumps to locked": (
        "INSERT INTO regions_periodstatus (regency_id, month, state, submitted_at, approved_at, locked_at,"
        " release_id) SELECT '61.01', month, 'locked', now(), now(), now(), NULL FROM regions_release"
    ),
}


@pytest.mark.parametrize("statement", RAW.values(), ids=RAW)
def test_database_keeps_what_was_published(ketapang: Regency, statement: str) -> None:
    from django.db import connection

    closed(KETAPANG)
    past = timezone.now() - A_DAY
    PeriodException.objects.create(
        regency=ketapang, month=JULY, reason="x", actor="x", granted_at=past - A_DAY, valid_until=past
    )

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert published()[None] == 300


def test_page_shows_the_published_figure_whatever_the_working_one_is(ketapang: Regency) -> None:
    closed(KETAPANG)
    asked("grant_exception", reason="koreksi", valid_until=timezone.now() + A_DAY)
    Membership.objects.filter(segment="PU").update(reported=900)
    Workforce.objects.filter(segment="PU").update(people=2000)
    factories.target(factories.province(), "30", year=2025)

    standing = selectors.area_overview(ketapang, JULY).standing

    assert standing is not None
    assert (standing.count.members, standing.count.workforce) == (300, 3000)
    assert (standing.target_year, standing.target_percent) == (2026, 61)
    assert Author(None, "page").name == "sistem"
