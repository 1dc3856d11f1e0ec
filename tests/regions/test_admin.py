"""The admin of areas and figures: who sees what, and what a change leaves behind."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client

from coverage_portal.accounts import generation
from coverage_portal.accounts.models import Change, User
from coverage_portal.lib.periods import Month
from regions.models import Membership, Regency, Target, Workforce
from tests import factories

pytestmark = pytest.mark.django_db


def keeper(*areas: str, group: str = "Pengelola data", **values: Any) -> User:
    user = factories.user("pengelola", *areas, is_staff=True, **values)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def ketapang_client(client: Client) -> Client:
    client.force_login(keeper("61.04"))
    return client


@pytest.fixture
def province_client(client: Client) -> Client:
    client.force_login(keeper("61"))
    return client


def test_list_holds_the_rows_of_ones_own_areas(ketapang_client: Client) -> None:
    own = factories.membership(factories.regency("61.04"), 101)
    factories.membership(factories.regency("61.08", "Landak"), 102)
    factories.membership(factories.province(), 103)

    response = ketapang_client.get("/admin/regions/membership/")

    assert list(response.context["cl"].queryset) == [own]


@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_row_of_another_area_is_not_found(ketapang_client: Client, page: str) -> None:
    foreign = factories.membership(factories.regency("61.08", "Landak"), 102)

    response = ketapang_client.get(f"/admin/regions/membership/{foreign.pk}/{page}/")

    assert response.status_code == 404


def test_choices_of_areas_are_ones_own(ketapang_client: Client) -> None:
    form = ketapang_client.get("/admin/regions/membership/add/").context["adminform"].form

    assert [regency.code for regency in form.fields["regency"].queryset] == ["61.04"]
    assert list(form.fields["province"].queryset) == []


def test_choices_of_areas_are_the_home_provinces(province_client: Client) -> None:
    form = province_client.get("/admin/regions/membership/add/").context["adminform"].form

    assert form.fields["regency"].queryset.count() == 14
    assert [province.code for province in form.fields["province"].queryset] == ["61"]


def test_area_outside_cannot_be_posted(ketapang_client: Client) -> None:
    landak = factories.regency("61.08", "Landak")

    response = ketapang_client.post(
        "/admin/regions/membership/add/",
        {"regency": landak.pk, "segment": "PU", "month": "2025-07", "reported": "5", "source": "x"},
    )

    assert "regency" in response.context["adminform"].form.errors
    assert not Membership.objects.exists()


def test_adding_writes_history_and_moves_the_generation(ketapang_client: Client) -> None:
    before = generation.current()

    response = ketapang_client.post(
        "/admin/regions/membership/add/",
        {
            "regency": factories.regency("61.04").code,
            "segment": "PU",
            "month": "Juli 2025",
            "reported": "80101",
            "source": "Rekap BPJS",
            "reason": "Rekap Juli diterima",
        },
    )

    assert response.status_code == 302
    added = Membership.objects.get()
    assert (added.regency_id, added.month, added.reported) == ("61.04", Month(2025, 7), 80_101)
    change = Change.objects.get()
    assert (change.actor, change.source, change.reason) == ("pengelola", "admin", "Rekap Juli diterima")
    assert (change.model, change.object_id) == ("regions.membership", str(added.pk))
    assert change.before is None
    assert (change.after["reported"], change.after["month"]) == (80_101, "2025-07")
    assert generation.current() != before


def test_changing_writes_before_and_after(ketapang_client: Client) -> None:
    row = factories.workforce(factories.regency("61.04"), 100, segment="PU", source="lama")
    before = generation.current()

    ketapang_client.post(
        f"/admin/regions/workforce/{row.pk}/change/",
        {"people": "120", "source": "baru", "reason": "salah ketik"},
    )

    change = Change.objects.get()
    assert (change.before["people"], change.after["people"]) == (100, 120)
    assert (change.before["source"], change.after["source"]) == ("lama", "baru")
    assert change.reason == "salah ketik"
    assert generation.current() != before


def test_what_identifies_a_row_cannot_be_changed(ketapang_client: Client) -> None:
    row = factories.workforce(factories.regency("61.04"), 100, segment="PU")

    ketapang_client.post(
        f"/admin/regions/workforce/{row.pk}/change/",
        {"people": "100", "source": "x", "segment": "BPU", "year": "2030", "regency": "61.08"},
    )

    row.refresh_from_db()
    assert (row.regency_id, row.segment, row.year) == ("61.04", "PU", 2025)


def test_looking_at_a_page_changes_nothing(ketapang_client: Client) -> None:
    row = factories.workforce(factories.regency("61.04"), 100)
    before = generation.current()

    response = ketapang_client.get(f"/admin/regions/workforce/{row.pk}/change/")

    assert response.status_code == 200
    assert not Change.objects.exists()
    assert generation.current() == before


def test_deleting_writes_history(ketapang_client: Client) -> None:
    row = factories.workforce(factories.regency("61.04"), 100)
    before = generation.current()

    ketapang_client.post(f"/admin/regions/workforce/{row.pk}/delete/", {"post": "yes"})

    change = Change.objects.get()
    assert not Workforce.objects.exists()
    assert (change.before["people"], change.after, change.object_id) == (100, None, str(row.pk))
    assert generation.current() != before


def test_deleting_several_writes_the_history_of_each_and_leaves_other_areas(ketapang_client: Client) -> None:
    own = [factories.workforce(factories.regency("61.04"), 100, year=year) for year in (2024, 2025)]
    foreign = factories.workforce(factories.regency("61.08", "Landak"), 100)

    ketapang_client.post(
        "/admin/regions/workforce/",
        {"action": "delete_selected", "_selected_action": [r.pk for r in (*own, foreign)], "post": "yes"},
    )

    assert list(Workforce.objects.all()) == [foreign]
    assert {change.object_id for change in Change.objects.all()} == {str(row.pk) for row in own}
    assert len({change.action for change in Change.objects.all()}) == 1


def test_cell_with_a_count_cannot_be_deleted(ketapang_client: Client) -> None:
    row = factories.membership(factories.regency("61.04"), 5, segment="PU", counted=4)

    page = ketapang_client.post(f"/admin/regions/membership/{row.pk}/delete/", {"post": "yes"})
    several = ketapang_client.post(
        "/admin/regions/membership/",
        {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
    )

    assert (page.status_code, several.status_code) == (403, 403)
    assert Membership.objects.count() == 1


def test_failed_write_leaves_neither_row_nor_history(
    ketapang_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = factories.workforce(factories.regency("61.04"), 100)

    def refuse() -> None:
        raise RuntimeError

    monkeypatch.setattr(generation, "move", refuse)

    with pytest.raises(RuntimeError):
        ketapang_client.post(f"/admin/regions/workforce/{row.pk}/change/", {"people": "120", "source": "x"})

    row.refresh_from_db()
    assert row.people == 100
    assert not Change.objects.exists()


def test_second_record_of_a_cell_is_an_error_on_the_form(province_client: Client) -> None:
    response = province_client.post(
        "/admin/regions/target/add/",
        {"province": "61", "year": "2026", "percent": "60.80", "legal_basis": "RPJMD"},
    )

    assert "Target untuk wilayah dan tahun ini sudah ada." in response.content.decode()
    assert Target.objects.get().percent == Decimal("61.00")


def test_record_without_area_is_an_error_on_the_form(province_client: Client) -> None:
    response = province_client.post(
        "/admin/regions/target/add/", {"year": "2027", "percent": "62", "legal_basis": "RPJMD"}
    )

    assert "Isi provinsi atau kabupaten/kota, tepat salah satu." in response.content.decode()


def test_unreadable_month_is_an_error_on_the_form(ketapang_client: Client) -> None:
    response = ketapang_client.post(
        "/admin/regions/membership/add/",
        {"regency": "61.04", "segment": "PU", "month": "Juli", "reported": "5", "source": "x"},
    )

    assert "Bulan tanpa tahun. Tulis misalnya Juli 2025." in response.content.decode()


@pytest.mark.parametrize(
    ("language", "typed", "people"), [("id", "12.000", 12_000), ("en", "12,000", 12_000), ("id", "450", 450)]
)
def test_people_are_read_as_they_are_written_here(
    ketapang_client: Client, language: str, typed: str, people: int, settings: Any
) -> None:
    ketapang_client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    ketapang_client.post(
        "/admin/regions/workforce/add/",
        {"regency": "61.04", "segment": "PU", "year": "2025", "people": typed, "source": "Sakernas"},
    )

    assert Workforce.objects.get().people == people


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("12.5", "Titik dibaca sebagai pemisah ribuan."),
        ("12,5", "Angka pecahan, padahal harus bilangan bulat."),
        ("dua belas", "Bukan angka."),
        ("-1", "lebih besar dari atau sama dengan 0"),
        ("300.000.001", "lebih kecil dari atau sama dengan 300000000"),
    ],
)
def test_people_that_cannot_be_are_an_error_on_the_form(
    ketapang_client: Client, typed: str, sentence: str
) -> None:
    response = ketapang_client.post(
        "/admin/regions/workforce/add/",
        {"regency": "61.04", "segment": "PU", "year": "2025", "people": typed, "source": "Sakernas"},
    )

    assert sentence in response.content.decode()
    assert not Workforce.objects.exists()


def test_reader_sees_the_row_without_a_form(client: Client) -> None:
    client.force_login(keeper("61", group="Pembaca"))
    row = factories.workforce(factories.regency("61.04"), 4711)

    response = client.get(f"/admin/regions/workforce/{row.pk}/change/")

    text = response.content.decode()
    assert "4711" in text
    assert 'name="reason"' not in text
    assert 'name="people"' not in text


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("q=landak", ["61.08"]),
        ("q=61.04", ["61.04"]),
        ("q=" + "x" * 5000, []),
        ("wilayah=61.08", ["61.08"]),
        ("wilayah=61", ["61"]),
        ("tahun=2024", ["61.04"]),
        ("tahun=99999999999", ["61", "61.04", "61.08"]),
    ],
    ids=["name", "code", "endless text", "regency", "province", "year", "impossible year"],
)
def test_list_is_found_through(province_client: Client, query: str, codes: list[str]) -> None:
    factories.membership(factories.regency("61.04"), 1, month="2024-12")
    factories.membership(factories.regency("61.08", "Landak"), 2)
    factories.membership(factories.province(), 3)

    response = province_client.get(f"/admin/regions/membership/?{query}")

    assert sorted(row.area_code for row in response.context["cl"].queryset) == codes


def test_filter_by_area_offers_ones_own(ketapang_client: Client) -> None:
    factories.membership(factories.regency("61.04"), 1)

    content = ketapang_client.get("/admin/regions/membership/").content.decode()

    assert "?wilayah=61.04" in content
    assert "?wilayah=61.08" not in content


def test_regency_keeps_its_code_and_takes_a_capital(province_client: Client) -> None:
    User.objects.update(is_superuser=True)
    ketapang = factories.regency("61.04")

    response = province_client.post(
        f"/admin/regions/regency/{ketapang.pk}/change/",
        {
            "capital": "Ketapang Baru",
            "short_name": "KTP",
            "tile_row": "8",
            "tile_column": "1",
            "code": "61.99",
        },
    )

    ketapang.refresh_from_db()
    assert response.status_code == 302
    assert (ketapang.code, ketapang.capital, ketapang.tile_row) == ("61.04", "Ketapang Baru", 8)
    assert Change.objects.get().after["capital"] == "Ketapang Baru"


def test_two_regencies_on_one_tile_are_an_error_on_the_form(province_client: Client) -> None:
    User.objects.update(is_superuser=True)
    taken = factories.regency("61.01")
    ketapang = factories.regency("61.04")

    response = province_client.post(
        f"/admin/regions/regency/{ketapang.pk}/change/",
        {"capital": "x", "short_name": "", "tile_row": taken.tile_row, "tile_column": taken.tile_column},
    )

    assert response.status_code == 200
    assert response.context["adminform"].form.errors


@pytest.mark.parametrize(
    "path", ["province/add/", "regency/add/", "province/{province}/delete/", "regency/{regency}/delete/"]
)
def test_areas_can_be_neither_added_nor_deleted(province_client: Client, path: str) -> None:
    User.objects.update(is_superuser=True)
    keys = {"province": factories.province().pk, "regency": Regency.objects.get(code="61.04").pk}

    response = province_client.post(f"/admin/regions/{path.format(**keys)}", {"post": "yes"})

    assert response.status_code == 403
    assert Regency.objects.count() == 514


def test_number_of_queries_of_a_list_does_not_grow(
    province_client: Client, django_assert_max_num_queries: Any
) -> None:
    for regency in Regency.objects.active():
        factories.membership(regency, 1, segment="PU")

    with django_assert_max_num_queries(16):
        province_client.get("/admin/regions/membership/")


OWN_ADMINS = [f"{model._meta.app_label}/{model._meta.model_name}" for model in admin.site._registry]


@pytest.mark.parametrize("path", OWN_ADMINS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_list_opens_for_a_superuser(client: Client, path: str, language: str, settings: Any) -> None:
    client.force_login(factories.user("pengawas", is_staff=True, is_superuser=True))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    factories.membership(factories.regency("61.04"), 1, segment="PU")
    factories.quote(factories.regency("61.04"), "55")

    response = client.get(f"/admin/{path}/?q=ketapang")

    assert response.status_code == 200


def test_admin_speaks_indonesian(province_client: Client) -> None:
    content = province_client.get("/admin/regions/membership/").content.decode()

    assert '<html lang="id"' in content
    assert "Pilih peserta aktif untuk diubah" in content
