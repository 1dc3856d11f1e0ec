"""The open interface for other programs. Rupiah and percentages are texts, faults are 422 in JSON."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, JsonResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import contributions, rates, rulebook, wording
from projects.contributions import BadFacts, Contract, Estimate

PARAMETERS = frozenset({"value", "vat", "wages", "on"})
VAT = {"": None, "included": True, "excluded": False}
_AMOUNT = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,2})?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class _Refused(Exception):
    """A parameter that cannot be answered: its name, a code, and a sentence."""

    def __init__(self, name: str, code: str, message: str) -> None:
        super().__init__(code)
        self.fault = {"parameter": name, "code": code, "message": message}


def contribution(request: HttpRequest) -> JsonResponse:
    """The estimate for `?value=…[&vat=included|excluded][&wages=…][&on=2026-03-02]`."""
    try:
        estimate = _estimate(request.GET)
    except _Refused as refused:
        return JsonResponse({"errors": [refused.fault]}, status=422)
    return JsonResponse(_answer(estimate))


def _estimate(query: QueryDict) -> Estimate:
    contract, on = _asked(query)
    try:
        if contract.value is None:
            raise BadFacts("value_missing", "value")
        return contributions.assess(contract, on=on, base=rulebook.contribution_base())
    except BadFacts as bad:
        raise _Refused(bad.field, bad.code, wording.sentence(bad.template, bad.params)) from bad


def _asked(query: QueryDict) -> tuple[Contract, date]:
    for name, values in query.lists():
        if name not in PARAMETERS:
            raise _Refused(name[:40], "unknown", _("Parameter ini tidak dikenal."))
        if len(values) > 1:
            raise _Refused(name, "repeated", _("Parameter ini hanya boleh satu kali."))
        if values == [""] and name != "value":
            raise _Refused(name, "empty", _("Isi parameter ini, atau hilangkan."))
    if query.get("vat", "") not in VAT:
        raise _Refused("vat", "unreadable", _("Tulis included atau excluded."))
    contract = Contract(
        value=_amount(query, "value"), vat_included=VAT[query.get("vat", "")], wages=_amount(query, "wages")
    )
    return contract, _day(query)


def _amount(query: QueryDict, name: str) -> Decimal | None:
    text = query.get(name, "")
    if not text:
        return None
    if _AMOUNT.fullmatch(text) is None:
        message = _("Tulis rupiah dengan angka saja, misalnya 2711780000 atau 2711780000.50.")
        raise _Refused(name, "unreadable", message)
    return Decimal(text)


def _day(query: QueryDict) -> date:
    text = query.get("on", "")
    if not text:
        return timezone.localdate()
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _Refused("on", "unreadable", _("Tulis tanggal sebagai tahun-bulan-hari, misalnya 2026-03-02."))


def _answer(estimate: Estimate) -> dict[str, Any]:
    return {
        "jkk": str(estimate.jkk),
        "jkm": str(estimate.jkm),
        "total": str(estimate.total),
        "lines": [
            {
                "component": line.component,
                "above": str(line.rate.above),
                "up_to": None if line.rate.up_to is None else str(line.rate.up_to),
                "base": str(line.base),
                "percent": str(line.rate.percent),
                "amount": str(line.amount),
                "rate": line.rate.key,
                "source": line.source.title,
            }
            for line in estimate.lines
        ],
        "rate": {
            "status": "perkiraan",
            "key": estimate.tariff.key,
            "basis": estimate.basis,
            "on": estimate.on.isoformat(),
            "valid_from": estimate.tariff.valid_from.isoformat(),
            "valid_to": None if estimate.tariff.valid_to is None else estimate.tariff.valid_to.isoformat(),
            "source": estimate.tariff.source.title,
            "certainty": estimate.tariff.source.certainty,
            "base": str(estimate.base),
            "vat": str(estimate.vat),
            "vat_percent": None if estimate.vat_percent is None else str(estimate.vat_percent),
            "rounding": rates.ROUNDING,
            "notes": [wording.sentence(note.template, note.params) for note in estimate.notes],
        },
    }
