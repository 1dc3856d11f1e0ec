"""What a person may ask of their own data: given, restricted, erased, and the counts stay as they were."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client

from coverage_portal.accounts.models import Change, User
from coverage_portal.lib.identity import NikSealer
from projects import counting, erasing, lookups, rotating
from projects.models import Enrollment, ErasureSalt, Handling, Lookup, Worker
from projects.sealing import nik_sealer
from regions.models import Membership
from tests import factories
from tests.sheets import confirm, undo

from .people import HEADING, member, nik, person, send

pytestmark = pytest.mark.django_db
NIK = nik(1)
FULL = [*HEADING, "Jenis Kelamin", "Tanggal Lahir", "KPJ"]


def full(number: int, **values: str) -> list[Any]:
    return [*member(number, **values), "L", "1990-08-17", f"1234567890{number}"]


@pytest.fixture
def listed() -> Any:
    """Two people in Pontianak, applied."""
    return confirm(send([full(1), full(2)], heading=FULL))


@pytest.fixture
def officer() -> User:
    return asked_by("61")


def asked_by(*areas: str) -> User:
    user = factories.user("petugas.data", *areas)
    names = ["answer_data_subject", "look_up_worker"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))
    return user


def ask(client: Client, user: User, act: str, typed: str = NIK, **more: str) -> Any:
    client.force_login(user)
    fields = {"nik": typed, "act": act, "reason": "Permintaan tertulis 12/2026", **more}
    return client.post("/subjek-data/", fields)


def counted() -> list[tuple[Any, ...]]:
    return list(Membership.objects.order_by("pk").values_list("regency_id", "segment", "month", "counted"))


def everything_stored() -> str:
    """All of our tables as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND relname ~ '^(accounts|intake|projects|regions)_'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        texts = []
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(to_jsonb(t)::text, ' '), '') FROM {table} t")  # noqa: S608
            texts.append(cursor.fetchone()[0])
    return "\n".join(texts)


def test_report_holds_all_that_is_stored_and_who_saw_it(client: Client, listed: Any, officer: User) -> None:
    ask_lookup(client, officer)

    response = ask(client, officer, "json")

    told = json.loads(response.content)
    assert response["Content-Disposition"] == 'attachment; filename="berkas-subjek-data.json"'
    assert told["person"] == {
        "nik": "************9001",
        "name": "CONTOH B",
        "sex": "Laki-laki",
        "birth_date": "1990-08-17",
        "kpj": "12345678901",
        "handling": "",
    }
    assert [(each["segment"], each["start"]) for each in told["periods"]] == [
        ("PU – Penerima Upah", "2025-01-15")
    ]
    assert [each["file"] for each in told["sources"]] == ["peserta.csv"]
    assert [each["by"] for each in told["seen"]] == ["petugas.data"]
    assert [(each["after"], each["reason"]) for each in told["changed"]] == [
        ({"report": True}, "Permintaan tertulis 12/2026")
    ]
    assert NIK not in response.content.decode()


def ask_lookup(client: Client, user: User) -> str:
    client.force_login(user)
    page: str = client.post("/pengawas/", {"nik": NIK}).content.decode()
    return page


def test_report_on_the_page_and_as_pdf(client: Client, listed: Any, officer: User) -> None:
    page = ask(client, officer, "show")
    file = ask(client, officer, "pdf")

    assert "CONTOH B" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert (file["Content-Type"], file.content[:5]) == ("application/pdf", b"%PDF-")


def test_restricted_person_is_shown_to_nobody_and_still_counts(
    client: Client, listed: Any, officer: User
) -> None:
    before = counted()

    ask(client, officer, "restrict")

    assert "Tidak terdaftar" in ask_lookup(client, officer)
    assert [w.name for w in Worker.objects.visible_to(officer)] == ["CONTOH C"]
    assert Enrollment.objects.visible_to(officer).count() == 1
    assert counted() == before
    assert counting.mismatches() == {}
    change = Change.objects.get(model="projects.worker")
    assert (change.after, change.reason, change.actor) == (
        {"state": "restricted"},
        "Permintaan tertulis 12/2026",
        "petugas.data",
    )
    assert "CONTOH" not in change.summary

    ask(client, officer, "lift")

    assert "Aktif" in ask_lookup(client, officer)
    assert Worker.objects.visible_to(officer).count() == 2


def test_without_the_restriction_they_are_shown(client: Client, listed: Any, officer: User) -> None:
    """The control arm."""
    assert "Aktif" in ask_lookup(client, officer)


def test_restriction_outlives_the_import_that_brought_the_person(
    client: Client, listed: Any, officer: User
) -> None:
    ask(client, officer, "restrict")
    undo(listed)
    confirm(send([full(1)], heading=FULL))

    assert Worker.objects.count() == 1
    assert not Worker.objects.visible_to(officer).exists()


def test_erased_person_is_in_no_table_and_still_counts(client: Client, listed: Any, officer: User) -> None:
    ask_lookup(client, officer)
    before = counted()
    sealed = nik_sealer().seal(NIK).hex()
    assert all(each in everything_stored() for each in (sealed, "CONTOH B", "12345678901"))

    response = ask(client, officer, "erase", sure="on")

    stored = everything_stored()
    assert response.status_code == 302
    assert not any(each in stored for each in (sealed, "CONTOH B", "12345678901", NIK))
    assert "CONTOH C" in stored
    assert counted() == before
    assert counting.mismatches() == {}
    gone = Worker.objects.get(name=erasing.NAME)
    assert (gone.nik_last4, gone.birth_date, gone.kpj, gone.sex) == ("0000", None, "", "")
    assert nik_sealer().open(gone.nik_sealed).startswith("00")
    assert Lookup.objects.filter(nik_sealed=gone.nik_sealed).count() == 1
    assert ask(client, officer, "show").status_code == 422


def test_erasing_asks_twice(client: Client, listed: Any, officer: User) -> None:
    response = ask(client, officer, "erase")

    assert response.status_code == 422
    assert Worker.objects.filter(name="CONTOH B").exists()


def test_list_that_names_an_erased_person_again_brings_nobody_back(
    client: Client, listed: Any, officer: User
) -> None:
    ask(client, officer, "erase", sure="on")
    before = counted()

    confirm(send([full(1), full(2), full(3)], heading=FULL))

    assert Worker.objects.count() == 3
    assert "CONTOH B" not in everything_stored()
    assert counting.mismatches() == {}
    grown = [new[3] - old[3] for old, new in zip(before, counted(), strict=True)]
    assert set(grown) == {1}


def test_without_the_number_they_would_be_counted_twice(
    client: Client, listed: Any, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control arm."""
    ask(client, officer, "erase", sure="on")
    monkeypatch.setattr(erasing, "erased", lambda: None)

    confirm(send([full(1)], heading=FULL))

    assert Worker.objects.count() == 3


def test_import_of_an_erased_person_can_be_undone(client: Client, listed: Any, officer: User) -> None:
    changed = confirm(send([[*full(1)[:1], "CONTOH BARU", *full(1)[2:]]], heading=FULL))
    ask(client, officer, "erase", sure="on")

    undo(changed)

    assert Worker.objects.filter(name=erasing.NAME).count() == 1
    assert not any(name in everything_stored() for name in ('CONTOH B"', "CONTOH BARU"))
    assert undo(listed).state == "undone"
    assert Worker.objects.count() == 0


def test_new_key_keeps_erased_persons_recognised(
    client: Client, listed: Any, officer: User, settings: Any
) -> None:
    ask(client, officer, "erase", sure="on")
    settings.SEAL_KEY_PREVIOUS = [settings.SEAL_KEY]
    settings.SEAL_KEY = next(
        key
        for key in (bytes([n]) * 64 for n in range(1, 9))
        if NikSealer.can_tell_apart([key, *settings.SEAL_KEY_PREVIOUS])
    )
    list(rotating.rotate())
    settings.SEAL_KEY_PREVIOUS = []

    confirm(send([full(1)], heading=FULL))

    assert (Worker.objects.count(), ErasureSalt.objects.count(), Handling.objects.count()) == (2, 1, 1)


@pytest.mark.parametrize("areas", [("61.04",), ()], ids=["another area", "no area"])
def test_person_of_another_area_is_answered_like_a_stranger(
    client: Client, listed: Any, areas: tuple[str, ...]
) -> None:
    user = asked_by(*areas)

    here, nowhere = ask(client, user, "show"), ask(client, user, "show", nik(7))

    assert (here.status_code, nowhere.status_code) == (422, 422)
    assert strip(here) == strip(nowhere)
    assert not Change.objects.filter(model="projects.worker").exists()


def strip(response: Any) -> str:
    import re

    return re.sub(r'value="\w{64}"', "", response.content.decode())


def test_who_may_not_answer_is_refused(client: Client, listed: Any) -> None:
    client.force_login(factories.user("pejabat", "61"))

    assert client.get("/subjek-data/").status_code == 403
    assert client.post("/subjek-data/", {"nik": NIK}).status_code == 403


def test_reason_is_needed_and_carries_no_nik(client: Client, listed: Any, officer: User) -> None:
    assert ask(client, officer, "show", reason="").status_code == 422

    ask(client, officer, "show", reason=f"atas permintaan {NIK}")

    assert NIK not in everything_stored()


def test_person_beside_an_erased_one_is_untouched(client: Client, listed: Any, officer: User) -> None:
    ask(client, officer, "erase", sure="on")

    answer = lookups.look_up(nik=_parsed(nik(2)), user=officer, on=Enrollment.objects.latest("start").start)

    assert [each.worker.name for each in answer.active] == [person(2)[1]]


def _parsed(digits: str) -> Any:
    from django.utils import timezone

    from coverage_portal.lib.identity import parse_nik

    return parse_nik(digits, on=timezone.localdate())
