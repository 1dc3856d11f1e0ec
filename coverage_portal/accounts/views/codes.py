"""What becomes of a code that was given on a form: the same wherever one is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.utils.translation import gettext as _

from coverage_portal.accounts import second_factor
from coverage_portal.accounts.forms import CodeForm

_T = TypeVar("_T")


def given(form: CodeForm, take: Callable[[str], _T]) -> tuple[_T | None, str]:
    """What `take` makes of the form's code, and why it makes nothing of it; nothing of an unbound form."""
    if not form.is_valid():
        return None, ""
    try:
        found = take(form.cleaned_data["code"])
    except second_factor.Wait as wait:
        return None, waiting(wait)
    return (found, "") if found else (None, wrong())


def wrong() -> str:
    return _("Kode tidak cocok. Setiap kode hanya berlaku sekali: tunggu kode berikutnya di aplikasi Anda.")


def waiting(wait: second_factor.Wait) -> str:
    return _("Terlalu banyak kode yang salah. Coba lagi dalam %(n)s detik.") % {"n": wait.seconds}
