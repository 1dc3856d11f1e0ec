"""An admin's day with one project: found, changed, paid for, followed through, and the letter printed."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from coverage_portal.accounts.models import Change, User
from projects.models import Project
from tests.projects import letter_cases, records

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

OPEN = "Kurang bayar setelah adendum"


def days_ago(number: int) -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=number)


@pytest.fixture
def project(transactional_db: None) -> Project:
    """Half a year of work, worth Rp300 million, registered and paid for: Rp620.000."""
    made = records.project(
        "Jembatan Sungai Contoh",
        package_code="10012345",
        agency=records.agency(),
        contractor=records.contractor(),
        spk_date=days_ago(60),
        start=days_ago(50),
        end=days_ago(-130),
        has_maintenance=False,
        contract_value=300_000_000,
        vat_included=False,
        registered_on=days_ago(55),
    )
    records.payment(made, days_ago(49).isoformat(), 620_000)
    return made


def add(page: Page, prefix: str, **values: object) -> None:
    """Fill a new row of what belongs to the record, and save, saying why."""
    page.click(f"#{prefix}-group .add-row a")
    place = page.locator(f"#id_{prefix}-TOTAL_FORMS").input_value()
    for name, value in values.items():
        page.fill(f"#id_{prefix}-{int(place) - 1}-{name}", str(value))
    page.fill("#id_reason", "berita acara 12")
    page.click("[name=_save]")
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_admin_s_day(open_tab: Callable[..., Any], superuser: User, project: Project) -> None:
    letter_cases.unregistered(project.agency, "Pasar Contoh")
    tab = open_tab()
    tab.sign_in(superuser)
    page: Page = tab.open("/proyek/")

    # Find it.
    page.fill("[name=cari]", "sungai contoh")
    page.keyboard.press("Enter")
    page.click("text=Jembatan Sungai Contoh")
    expect(page.locator("h1")).to_contain_text("Jembatan Sungai Contoh")
    expect(page.get_by_text(OPEN)).to_have_count(0)

    # An addendum doubles the contract: what was paid is no longer enough.
    admin = f"/admin/projects/project/{project.pk}/change/"
    page.click(f"a[href='{admin}']")
    add(page, "addenda", number="ADD-1", signed_on=days_ago(10), contract_value="600000000")
    tab.open(f"/proyek/{project.pk}/")
    expect(page.locator("[aria-labelledby=to-do-title]")).to_contain_text(OPEN)
    expect(page.locator("[aria-labelledby=to-do-title]")).to_contain_text("Rp530.000")

    # The rest is paid.
    tab.open(admin)
    add(page, "payments", paid_on=days_ago(1), amount="530000", reference="BUKTI-2")
    tab.open(f"/proyek/{project.pk}/")
    expect(page.locator("[aria-labelledby=to-do-title]")).not_to_contain_text(OPEN)
    expect(page.locator("[aria-labelledby=done-title]")).to_contain_text(OPEN)

    # Both are in the history, with what they were and why.
    history = page.locator("[aria-labelledby=history-title]")
    expect(history).to_contain_text("ADD-1")
    expect(history).to_contain_text("berita acara 12")
    reasons = Change.objects.filter(source="admin").values_list("reason", flat=True)
    assert set(reasons) == {"berita acara 12"}

    # The letter about what is left to do.
    tab.open(f"/proyek/imbauan/{project.agency_id}/")
    expect(page.locator("main")).to_contain_text("Pasar Contoh")
    expect(page.locator("main")).not_to_contain_text("Jembatan Sungai Contoh")
    with page.expect_download() as started:
        page.click("text=Cetak surat (PDF)")
    assert Path(started.value.path()).read_bytes().startswith(b"%PDF-")
    assert tab.violations == []
