"""The page of an import in each of its states: within the policy, open to all, as wide as the window."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from coverage_portal.accounts.models import User
from coverage_portal.intake.models import ImportBatch
from tests.imports import GOOD, MIXED
from tests.sheets import confirm, undo, upload, xlsx

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

LONG_NAME = f"Rekap_{'panjang_sekali_' * 8}.xlsx"
STATES: dict[str, Callable[[User], ImportBatch]] = {
    "ready": lambda user: upload("membership", xlsx(GOOD), user=user, name=LONG_NAME),
    "wrong rows": lambda user: upload("membership", xlsx(MIXED), user=user),
    "asking": lambda user: upload("membership", xlsx([["Wilayah", "Peserta"], ["Sambas", 1]]), user=user),
    "refused": lambda user: upload("membership", b"", user=user),
    "applied": lambda user: confirm(upload("membership", xlsx(GOOD), user=user)),
    "undone": lambda user: undo(confirm(upload("membership", xlsx(GOOD), user=user))),
}


@pytest.mark.parametrize("width", [360, 1280])
def test_every_state_of_an_import(open_tab, superuser, width):
    batches = {state: make(superuser) for state, make in STATES.items()}
    tab = open_tab(width=width)
    tab.sign_in(superuser)

    for state, batch in batches.items():
        tab.open(f"/impor/{batch.pk}/")
        for fold in tab.page.locator("main summary").all():
            fold.click()

        assert (state, tab.violations, tab.barriers(), tab.overflow()) == (state, [], [], 0)
    assert tab.errors == []


def test_too_big_a_file_is_said_before_it_is_sent(open_tab, superuser, settings, tmp_path):
    settings.UPLOAD_MAX_MB = 1
    file = tmp_path / "besar.csv"
    file.write_bytes(b"x" * (1024 * 1024 + 1))
    tab = open_tab()
    tab.sign_in(superuser)
    page = tab.open("/impor/")

    page.check("input[value=membership]")
    page.set_input_files("input[type=file]", file)
    page.click("text=Unggah dan periksa")

    message = page.locator("input[type=file]").evaluate("input => input.validationMessage")
    assert message == "Berkas melebihi 1 MB. Bagi menjadi beberapa berkas."
    assert not ImportBatch.objects.exists()


def test_session_that_ended_leads_the_upload_to_the_sign_in(open_tab, superuser, tmp_path):
    file = tmp_path / "rekap.xlsx"
    file.write_bytes(xlsx(GOOD))
    tab = open_tab()
    tab.sign_in(superuser)
    page = tab.open("/impor/")
    page.check("input[value=membership]")
    page.set_input_files("input[type=file]", file)
    page.context.clear_cookies(name="session")

    page.click("text=Unggah dan periksa")

    page.wait_for_url("**/masuk/**")
    assert not ImportBatch.objects.exists()
