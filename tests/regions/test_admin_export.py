"""What the admin hands out as files: own areas only, headings of the import templates, nothing that runs."""

import datetime
import io
from typing import Any

import openpyxl
import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from import_export.admin import ExportMixin, ImportMixin

from coverage_portal.intake import kinds
from coverage_portal.lib import exports
from tests import factories

pytestmark = pytest.mark.django_db

FORMATS = {"xlsx": "0", "csv": "1"}


@pytest.fixture
def keeper(client: Client) -> Client:
    user = factories.user("pengelola", "61.04", "61.10", is_staff=True)
    user.groups.add(Group.objects.get(name="Pengelola data"))
    client.force_login(user)
    return client


def exported(client: Client, model: str, file_format: str = "xlsx", query: str = "") -> Any:
    return client.post(
        f"/admin/regions/{model}/export/?{query}", {"format": FORMATS[file_format], "resource": "0"}
    )


def sheet_rows(content: bytes) -> list[list[Any]]:
    return [
        [cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows()
    ]


def test_membership_as_xlsx(keeper: Client) -> None:
    factories.membership(
        factories.regency("61.10", "Melawi"),
        575_504,
        segment="JAKON",
        source="=HYPERLINK(1)",
        data_date=datetime.date(2025, 7, 31),
    )

    response = exported(keeper, "membership")

    assert response["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert sheet_rows(response.content) == [
        ["Kode Wilayah", "Wilayah", "Segmen", "Bulan", "Peserta Aktif", "Sumber", "Tanggal Data"],
        [
            "61.10",
            "Kabupaten Melawi",
            "Jakon",
            "2025-07",
            575_504,
            "=HYPERLINK(1)",
            datetime.datetime(2025, 7, 31),
        ],
    ]
    cells = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows())[1]
    assert [cell.data_type for cell in cells] == ["s", "s", "s", "s", "n", "s", "d"]


def test_workforce_as_csv(keeper: Client) -> None:
    factories.workforce(factories.regency("61.04"), 179_800, source="=1+1")

    response = exported(keeper, "workforce", "csv")

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.decode("utf-8-sig") == (
        "Kode Wilayah;Wilayah;Segmen;Tahun;Potensi;Sumber;Tanggal Data\r\n"
        "61.04;Kabupaten Ketapang;Total;2025;179800;'=1+1;\r\n"
    )


@pytest.mark.parametrize(
    ("file_format", "expected"),
    [("csv", "61.04;Kabupaten Ketapang;2026;60,80;RPJMD"), ("xlsx", None)],
    ids=["csv", "xlsx"],
)
def test_target_keeps_its_decimals(keeper: Client, file_format: str, expected: str | None) -> None:
    factories.target(factories.regency("61.04"), "60.80", legal_basis="RPJMD")

    content = exported(keeper, "target", file_format).content

    if expected is None:
        assert sheet_rows(content)[1] == ["61.04", "Kabupaten Ketapang", 2026, 60.8, "RPJMD"]
    else:
        assert content.decode("utf-8-sig").splitlines()[1] == expected


@pytest.mark.parametrize("model", ["baseline", "quotedfigure", "province", "regency"])
@pytest.mark.parametrize("file_format", FORMATS)
def test_every_list_can_be_taken_away(client: Client, model: str, file_format: str) -> None:
    client.force_login(factories.user("admin", is_staff=True, is_superuser=True))
    factories.quote(factories.regency("61.04"), "55", numerator=1, denominator=2)

    response = exported(client, model, file_format)

    assert response.status_code == 200
    assert response["Content-Disposition"].endswith(f'.{file_format}"')
    assert len(response.content) > 100


def test_quoted_figure_is_exported_with_what_its_counts_give(keeper: Client) -> None:
    factories.quote(factories.regency("61.04"), "55", numerator=42_591, denominator=154_008)

    headings, row = sheet_rows(exported(keeper, "quotedfigure").content)

    assert dict(zip(headings, row, strict=True))["Persentase dari Jumlahnya"] == pytest.approx(27.66)
    assert dict(zip(headings, row, strict=True))["Selisih"] == pytest.approx(27.34)


def test_export_holds_ones_own_areas_only(keeper: Client) -> None:
    factories.membership(factories.regency("61.04"), 1, source="milik-sendiri")
    factories.membership(factories.regency("61.08", "Landak"), 2, source="milik-landak")
    factories.membership(factories.province(), 3, source="milik-provinsi")

    content = exported(keeper, "membership", "csv").content.decode()

    assert "milik-sendiri" in content
    assert "milik-landak" not in content
    assert "milik-provinsi" not in content


def test_export_follows_the_lists_filter(keeper: Client) -> None:
    factories.membership(factories.regency("61.04"), 1, source="milik-ketapang")
    factories.membership(factories.regency("61.10", "Melawi"), 2, source="milik-melawi")

    content = exported(keeper, "membership", "csv", "wilayah=61.10").content.decode()

    assert "milik-melawi" in content
    assert "milik-ketapang" not in content


def test_chosen_rows_are_no_way_around_the_scope(keeper: Client) -> None:
    foreign = factories.membership(factories.regency("61.08", "Landak"), 2, source="milik-landak")

    response = keeper.post(
        "/admin/regions/membership/export/", {"format": "1", "resource": "0", "export_items": [foreign.pk]}
    )

    assert "milik-landak" not in response.content.decode()


@pytest.mark.parametrize("file_format", ["2", "-1", "abc", ""])
def test_other_formats_are_refused(keeper: Client, file_format: str) -> None:
    response = keeper.post("/admin/regions/membership/export/", {"format": file_format, "resource": "0"})

    assert response.status_code == 200
    assert response.context["form"].errors["format"]


def test_export_needs_the_permission_to_view(client: Client) -> None:
    client.force_login(factories.user("petugas", "61.04", is_staff=True))

    assert client.get("/admin/regions/membership/export/").status_code == 403
    assert exported(client, "membership").status_code == 403


@pytest.mark.parametrize("path", ["import/", "process_import/"])
def test_there_is_no_import_in_the_admin(client: Client, path: str) -> None:
    client.force_login(factories.user("admin", is_staff=True, is_superuser=True))

    assert client.get(f"/admin/regions/membership/{path}").status_code in (302, 404)


def test_no_admin_imports_and_all_export_the_two_formats(settings: Any) -> None:
    site = admin.site._registry.values()
    exporting = [each for each in site if isinstance(each, ExportMixin)]

    assert not [each for each in site if isinstance(each, ImportMixin)]
    assert len(exporting) >= 8
    assert {each.get_export_formats() == [exports.XLSX, exports.CSV] for each in exporting} == {True}
    assert settings.IMPORT_EXPORT_EXPORT_PERMISSION_CODE == "view"
    assert settings.IMPORT_EXPORT_IMPORT_PERMISSION_CODE == "import"


@pytest.mark.parametrize("kind", ["membership", "workforce", "target"])
def test_headings_are_those_of_the_import_template(client: Client, kind: str) -> None:
    client.force_login(factories.user("admin", is_staff=True, is_superuser=True))
    template = [column.heading for column in kinds.get(kind).columns]

    headings = sheet_rows(exported(client, kind).content)[0]

    assert headings == template


def test_growth_of_an_export_needs_no_more_queries(
    keeper: Client, django_assert_max_num_queries: Any
) -> None:
    for month in range(1, 13):
        factories.membership(factories.regency("61.04"), month, month=f"2025-{month:02}")
        factories.membership(factories.regency("61.10", "Melawi"), month, month=f"2025-{month:02}")

    with django_assert_max_num_queries(14):
        content = exported(keeper, "membership").content

    assert len(sheet_rows(content)) == 25
    assert sum(row[4] for row in sheet_rows(content)[1:]) == 156
