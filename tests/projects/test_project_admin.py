"""The admin of projects: who sees what, what a form refuses, and what a change leaves behind."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from coverage_portal.accounts.models import Change, User
from coverage_portal.lib.periods import Month
from projects import counting
from projects.models import Addendum, Contractor, CountingHorizon, Payment, Project, ProjectRegency
from regions.models import Agency, Membership
from tests import factories
from tests.projects import records
from tests.projects.records import day

pytestmark = pytest.mark.django_db

INLINES = ("further", "addenda", "assessments", "payments")
ADMIN = "/admin/projects/project/"


def keeper(*areas: str, group: str = "Pengelola data", **values: Any) -> User:
    user = factories.user("pengelola", *areas, is_staff=True, **values)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def ketapang(client: Client) -> Client:
    client.force_login(keeper("61.04"))
    return client


@pytest.fixture
def province(client: Client) -> Client:
    client.force_login(keeper("61"))
    return client


def form(*rows: tuple[str, dict[str, Any]], **values: Any) -> dict[str, Any]:
    """What the project page sends: its own fields, and rows of its inlines, by prefix."""
    data: dict[str, Any] = {
        "name": "Jembatan",
        "source": "Dinas",
        "regency": "61.04",
        "has_maintenance": "on",
    }
    data |= values
    for prefix in INLINES:
        mine = [row for name, row in rows if name == prefix]
        initial = sum(1 for row in mine if "id" in row)
        data |= {f"{prefix}-TOTAL_FORMS": len(mine), f"{prefix}-INITIAL_FORMS": initial}
        data |= {f"{prefix}-{n}-{key}": value for n, row in enumerate(mine) for key, value in row.items()}
    return data


def errors(response: Any) -> list[str]:
    """Everything that the page says is wrong."""
    context = response.context
    said = [str(e) for errs in context["adminform"].form.errors.values() for e in errs]
    for inline in context["inline_admin_formsets"]:
        said += [str(e) for e in inline.formset.non_form_errors()]
        said += [str(e) for row in inline.formset.errors for errs in row.values() for e in errs]
    return said


def test_project_needs_a_name_and_a_source_only(province: Client) -> None:
    refused = province.post(f"{ADMIN}add/", form(name="", source="", regency=""))
    assert set(refused.context["adminform"].form.errors) == {"name", "source"}

    added = province.post(f"{ADMIN}add/", form(regency="", reason="Baru"))

    assert added.status_code == 302
    project = Project.objects.get()
    assert (project.regency_id, project.contractor_id, project.contract_value) == (None, None, None)
    change = Change.objects.get(model="projects.project")
    assert (change.before, change.reason, change.after["name"]) == (None, "Baru", "Jembatan")


def test_list_holds_the_projects_of_ones_own_areas(ketapang: Client) -> None:
    own = records.project()
    shared = records.project(regency="61.05")
    ProjectRegency.objects.create(project=shared, regency_id="61.04")
    of_agency = records.project(
        regency=None, agency=records.agency("04.PU", "Dinas", kind="opd_kab", regency_id="61.04")
    )
    records.project(regency="61.05")
    records.project(regency=None)
    records.project(regency=None, agency=records.agency())

    response = ketapang.get(ADMIN)

    assert set(response.context["cl"].queryset) == {own, shared, of_agency}


def test_provinces_list_holds_what_lies_nowhere(province: Client) -> None:
    records.project(regency=None)
    records.project(regency=None, agency=records.agency())
    records.project(regency="64.74")

    assert province.get(ADMIN).context["cl"].queryset.count() == 2


@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_project_of_another_area_is_not_found(ketapang: Client, page: str) -> None:
    foreign = records.project(regency="61.05")

    assert ketapang.get(f"{ADMIN}{foreign.pk}/{page}/").status_code == 404


def test_records_of_another_areas_projects_are_not_found(ketapang: Client) -> None:
    foreign = records.project(regency="61.05")
    paid, assessed, added = records.payment(foreign), records.assessment(foreign), records.addendum(foreign)

    for name, row in (("payment", paid), ("assessment", assessed), ("addendum", added)):
        assert ketapang.get(f"/admin/projects/{name}/{row.pk}/change/").status_code == 404
        assert list(ketapang.get(f"/admin/projects/{name}/").context["cl"].queryset) == []


@pytest.mark.parametrize(
    ("model", "field", "found"),
    [
        ("project", "regency", ["61.04"]),
        ("payment", "project", ["Jembatan Contoh"]),
    ],
)
def test_autocomplete_offers_ones_own(ketapang: Client, model: str, field: str, found: list[str]) -> None:
    records.project()
    records.project("Jalan", regency="61.05")

    response = ketapang.get(
        "/admin/autocomplete/", {"app_label": "projects", "model_name": model, "field_name": field}
    )

    results = response.json()["results"]
    assert [row["id"] if field == "regency" else row["text"] for row in results] == found


def test_another_area_or_project_cannot_be_posted(ketapang: Client) -> None:
    foreign = records.project(regency="61.05")

    with_regency = ketapang.post(f"{ADMIN}add/", form(regency="61.05"))
    paying = ketapang.post(
        "/admin/projects/payment/add/", {"project": foreign.pk, "paid_on": "2025-02-01", "amount": "5"}
    )

    assert "regency" in with_regency.context["adminform"].form.errors
    assert "project" in paying.context["adminform"].form.errors
    assert (Project.objects.count(), Payment.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"start": "2025-02-01", "end": "2025-01-31"}, "Tanggal selesai mendahului tanggal mulai."),
        ({"end": "2025-02-01", "maintenance_end": "2025-01-31"}, "Akhir pemeliharaan mendahului"),
        ({"contract_value": "0"}, "Nilai harus lebih dari 0."),
        ({"contract_value": "-5"}, "Nilai harus lebih dari 0."),
        ({"contract_value": "1000000000000001"}, "Nilai terlalu besar"),
        ({"contract_value": "99999999999999999999"}, "Angka terlalu besar."),
        ({"agency": "999999"}, "pilihan"),
        ({"contractor": "999999"}, "pilihan"),
        ({"wages": "5"}, "komponen upah tidak diketahui"),
        ({"cancelled_on": "2025-02-01"}, "tidak ditandai batal"),
        ({"spk_date": "2025-02-02", "registered_on": "2025-02-01"}, "mendahului tanggal SPK"),
    ],
)
def test_form_says_what_cannot_be(province: Client, values: dict[str, str], sentence: str) -> None:
    response = province.post(f"{ADMIN}add/", form(**values))

    assert any(sentence in said for said in errors(response)), errors(response)
    assert not Project.objects.exists()


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1.500", Decimal(1500)),
        ("1.500.000.000", Decimal(1_500_000_000)),
        ("Rp1.500.000,50", Decimal("1500000.50")),
        ("954,5 juta", Decimal(954_500_000)),
    ],
)
def test_rupiah_are_read_and_shown_as_they_are_written_here(
    province: Client, typed: str, value: Decimal
) -> None:
    province.post(f"{ADMIN}add/", form(contract_value=typed))
    project = Project.objects.get()
    shown = province.get(f"{ADMIN}{project.pk}/change/").context["adminform"].form["contract_value"].value()

    assert project.contract_value == value
    province.post(f"{ADMIN}{project.pk}/change/", form(contract_value=shown))
    project.refresh_from_db()
    assert project.contract_value == value


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("payments", {"paid_on": "2025-02-01", "amount": "-5"}), "Nilai harus lebih dari 0."),
        (("payments", {"paid_on": "2099-02-01", "amount": "5"}), "Tanggal bayar belum terjadi."),
        (("addenda", {"number": "A", "signed_on": "2025-01-14", "contract_value": "5"}), "mendahului"),
        (("addenda", {"number": "A", "signed_on": "2025-01-16"}), "belum mengubah apa pun"),
        (("assessments", {"number": "P", "assessed_on": "2025-02-01", "amount": "0"}), "lebih dari 0"),
        (("further", {"regency": "64.74"}), "pilihan"),
    ],
)
def test_row_that_cannot_be(province: Client, row: tuple[str, dict[str, Any]], sentence: str) -> None:
    response = province.post(f"{ADMIN}add/", form(row, spk_date="2025-01-15"))

    assert any(sentence in said for said in errors(response)), errors(response)
    assert not Project.objects.exists()


def test_contract_dated_after_its_addendum(province: Client) -> None:
    project = records.project()
    added = records.addendum(project, "2025-06-01")
    row = ("addenda", {"id": added.pk, "number": "A-1", "signed_on": "2025-06-01", "contract_value": "5"})

    response = province.post(f"{ADMIN}{project.pk}/change/", form(row, spk_date="2025-06-02"))

    assert "Tanggal SPK sesudah adendum proyek ini." in errors(response)


def test_a_day_at_the_project_page(province: Client) -> None:
    """An addendum and a payment are added: history says so under one action, and workers are counted."""
    CountingHorizon.objects.create(counted_to=Month(2025, 6))
    project = records.project(spk_date=day("2025-01-15"), package_code="1")
    records.enrolled(project)
    rows = (
        ("addenda", {"number": "A-1", "signed_on": "2025-03-01", "contract_value": "2000000"}),
        ("payments", {"paid_on": "2025-05-02", "amount": "120000"}),
    )

    response = province.post(
        f"{ADMIN}{project.pk}/change/", form(*rows, spk_date="2025-01-15", reason="Addendum dan termin 1")
    )

    assert response.status_code == 302, errors(response)
    assert (Addendum.objects.get().contract_value, Payment.objects.get().amount) == (
        Decimal(2_000_000),
        Decimal(120_000),
    )
    changes = Change.objects.exclude(source="command")
    assert set(changes.values_list("model", "reason")) == {
        ("projects.project", "Addendum dan termin 1"),
        ("projects.addendum", "Addendum dan termin 1"),
        ("projects.payment", "Addendum dan termin 1"),
    }
    assert len(set(changes.values_list("action", flat=True))) == 1
    assert [str(m.month) for m in Membership.objects.filter(counted=1).order_by("month")] == [
        "2025-05",
        "2025-06",
    ]
    assert counting.mismatches() == {}

    paid = Payment.objects.get()
    deleted = province.post(f"/admin/projects/payment/{paid.pk}/delete/", {"post": "yes"})
    assert deleted.status_code == 302
    assert not Membership.objects.filter(counted__gt=0).exists()
    assert counting.mismatches() == {}


def test_workers_are_shown_masked(province: Client) -> None:
    project = records.project()
    records.enrolled(project, 9001)

    page = province.get(f"{ADMIN}{project.pk}/change/").content.decode()

    assert "C… 9… · ************9001" in page
    assert "CONTOH" not in page


def test_history_of_a_project_is_shown_to_whoever_sees_the_project(ketapang: Client) -> None:
    project = records.project(regency="61.05")
    ProjectRegency.objects.create(project=project, regency_id="61.04")
    hidden = records.project(regency="61.05")
    for row in (records.payment(project), records.payment(hidden)):
        Change.objects.create(
            actor="x", source="admin", model="projects.payment", object_id=str(row.pk), after={"id": row.pk}
        )
    editor = User.objects.get(username="pengelola")
    editor.groups.add(Group.objects.get(name="Admin portal"))

    page = ketapang.get("/admin/accounts/change/", {"model": "projects.payment"})

    assert [change.object_id for change in page.context["cl"].queryset] == [
        str(Payment.objects.get(project=project).pk)
    ]


def test_contractor_with_projects_stays(province: Client) -> None:
    contractor = records.contractor()
    records.project(contractor=contractor)

    page = province.get(f"/admin/projects/contractor/{contractor.pk}/delete/")
    province.post(f"/admin/projects/contractor/{contractor.pk}/delete/", {"post": "yes"})

    assert page.context["protected"]
    assert Contractor.objects.exists()


@pytest.mark.parametrize(
    ("npwp", "kept", "sentence"),
    [
        ("01.136.897.4-541.000", records.NPWP, ""),
        (records.NPWP, records.NPWP, ""),
        ("01.136.897.5-541.000", "", "Angka pemeriksa NPWP tidak cocok"),
        ("123", "", "15 atau 16 angka"),
        ("6171011708909001", "", "NIK seseorang"),
    ],
)
def test_npwp_of_a_contractor(province: Client, npwp: str, kept: str, sentence: str) -> None:
    response = province.post("/admin/projects/contractor/add/", {"name": "PT Contoh", "npwp": npwp})

    if sentence:
        assert any(sentence in str(e) for e in response.context["adminform"].form.errors["npwp"])
        assert not Contractor.objects.exists()
    else:
        assert Contractor.objects.get().npwp == kept


def test_instalments_above_their_assessment(province: Client) -> None:
    assessed = records.assessment(records.project(), 1_000)
    data = {
        "number": "P-1",
        "assessed_on": "2025-02-03",
        "amount": "1000",
        "instalments-TOTAL_FORMS": 2,
        "instalments-INITIAL_FORMS": 0,
    }
    for n, amount in enumerate((400, 601)):
        data |= {f"instalments-{n}-number": n + 1, f"instalments-{n}-due_on": "2025-03-01"}
        data |= {f"instalments-{n}-amount": amount}
    address = f"/admin/projects/assessment/{assessed.pk}/change/"

    above = province.post(address, data)
    within = province.post(address, data | {"instalments-1-amount": 600})

    assert errors(above) == ["Jumlah termin lebih besar daripada penetapannya."]
    assert within.status_code == 302
    assert assessed.instalments.count() == 2


def test_projects_edited_together_for_a_reason(ketapang: Client) -> None:
    mine = [records.project(), records.project(end=day("2025-01-01"))]
    foreign = records.project(regency="61.05")
    chosen = {"action": "edit_together", "_selected_action": [p.pk for p in (*mine, foreign)]}

    asked = ketapang.post(ADMIN, chosen)
    without = ketapang.post(ADMIN, chosen | {"apply": "1", "work": "pelaksanaan", "reason": ""})
    refused = ketapang.post(ADMIN, chosen | {"apply": "1", "start": "2025-02-01", "reason": "Jadwal"})
    done = ketapang.post(ADMIN, chosen | {"apply": "1", "work": "pelaksanaan", "reason": "Lelang 2025"})

    assert asked.context["pks"] == [p.pk for p in mine]
    assert "reason" in without.context["form"].errors
    assert refused.context["form"].non_field_errors() == [
        "Jembatan Contoh: Tanggal selesai mendahului tanggal mulai."
    ]
    assert done.status_code == 302
    assert list(Project.objects.order_by("pk").values_list("work", flat=True)) == [
        "pelaksanaan",
        "pelaksanaan",
        "",
    ]
    assert not Project.objects.filter(start__isnull=False).exists()
    changes = Change.objects.filter(reason="Lelang 2025")
    assert (changes.count(), changes.values("action").distinct().count()) == (2, 1)


def test_agency_of_the_province_is_chosen_from_and_not_changed(ketapang: Client) -> None:
    agency = records.agency()
    other = records.agency("05.PU", "Dinas Sintang", kind="opd_kab", regency_id="61.05")

    offered = ketapang.get(
        "/admin/autocomplete/", {"app_label": "projects", "model_name": "project", "field_name": "agency"}
    )
    ketapang.post(f"/admin/regions/agency/{agency.pk}/change/", {"code": "X", "name": "X", "kind": "pusat"})

    assert [row["text"] for row in offered.json()["results"]] == [str(agency)]
    assert ketapang.get(f"/admin/regions/agency/{other.pk}/change/").status_code == 404
    assert Agency.objects.get(pk=agency.pk).code == "61.PUPR"
