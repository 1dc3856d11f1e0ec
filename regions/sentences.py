"""Sentences of coverage in the reader's language, with numbers and months written out."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from coverage_portal.lib.numbers import UNKNOWN, format_number, format_percent, format_signed
from coverage_portal.lib.periods import Month, format_month

from .coverage import (
    Change,
    Direction,
    Effects,
    Obstacle,
    Outcome,
    PartEffects,
    Reach,
    Standing,
    Withheld,
)
from .coverage.change import VISIBLE
from .rates import Certainty

CERTAINTIES = {
    Certainty.ESTABLISHED: gettext_lazy("beberapa sumber sepakat"),
    Certainty.SINGLE_SOURCE: gettext_lazy("satu sumber"),
    Certainty.UNVERIFIED: gettext_lazy("belum diverifikasi"),
}


def change_sentence(change: Change) -> str:
    """`Naik 0,84 poin sejak Juni 2025: +1,10 karena …, −0,26 karena …; terbesar: Kab. Ketapang +0,31.`"""
    if change.withheld is not None:
        return _withheld(change.withheld, change.now.month)
    if change.effects is None or change.points is None or change.direction is None:
        return ""
    since = _month(change.then.month)
    if change.direction is Direction.UNCHANGED:
        return _("Tidak berubah sejak %(since)s: peserta dan potensi sama.") % {"since": since}
    head = _HEADS[change.direction]() % {
        "points": format_number(abs(change.points), _language(), 2),
        "since": since,
    }
    only = _single_cause(change)
    said = f"{head} {only}" if only else f"{head}: {', '.join(_causes(change, change.effects))}"
    most = _most(change)
    return f"{said}; {most}." if most else f"{said}."


_HEADS = {
    Direction.UP: lambda: _("Naik %(points)s poin sejak %(since)s"),
    Direction.DOWN: lambda: _("Turun %(points)s poin sejak %(since)s"),
    Direction.STEADY: lambda: _("Hampir tetap sejak %(since)s"),
}


def _single_cause(change: Change) -> str:
    """The one cause where only members or only the workforce moved; empty where there are more."""
    if change.has_mix or change.effects is None:
        return ""
    if not change.workforce_gained and abs(change.effects.workforce) < VISIBLE:
        if not change.members_gained:
            return ""
        return _("hanya %(cause)s, potensi tetap") % {"cause": _members(change.members_gained)}
    if not change.members_gained and change.workforce_gained:
        return _("hanya %(cause)s, peserta tetap") % {"cause": _workforce(change)}
    return ""


def _causes(change: Change, effects: Effects) -> list[str]:
    causes = []
    if change.members_gained:
        causes.append(f"{_points(effects.members)} {_members(change.members_gained)}")
    else:
        causes.append(_("peserta tetap"))
    if change.workforce_gained or abs(effects.workforce) >= VISIBLE:
        causes.append(f"{_points(effects.workforce)} {_workforce(change)}")
    else:
        causes.append(_("potensi tetap"))
    if change.has_mix:
        shifted = _("karena porsi potensi antarbagian bergeser")
        causes.append(f"{_points(effects.mix)} {shifted}")
    return causes


def _members(gained: int) -> str:
    count = {"count": _count(abs(gained))}
    if gained > 0:
        return _("karena peserta bertambah %(count)s") % count
    return _("karena peserta berkurang %(count)s") % count


def _workforce(change: Change) -> str:
    """Why the workforce's effect has its sign; a whole that grew while its parts shrank says so neutrally."""
    gained = change.workforce_gained
    effect = Decimal(0) if change.effects is None else change.effects.workforce
    count = {"count": _count(abs(gained))}
    if gained > 0 and effect <= 0:
        return _("karena potensi bertambah %(count)s") % count
    if gained < 0 and effect >= 0:
        return _("karena potensi berkurang %(count)s") % count
    return _("karena potensi di masing-masing bagian berubah")


def _most(change: Change) -> str:
    """The parts that moved coverage most: first in its own direction, then against it."""
    raising, lowering = change.raising[:1], change.lowering[:1]
    if change.direction is Direction.STEADY:
        named = [*raising, *lowering]
        return _("terbesar: %(parts)s") % {"parts": ", ".join(map(_part, named))} if named else ""
    along, against = (raising, lowering) if change.direction is Direction.UP else (lowering, raising)
    said = [_("terbesar: %(parts)s") % {"parts": _part(along[0])}] if along else []
    if against:
        said.append(_("sebaliknya %(part)s") % {"part": _part(against[0])})
    return ", ".join(said)


def _part(found: PartEffects) -> str:
    return f"{found.part.name} {_points(found.effects.total)}"


def _withheld(withheld: Withheld, now: Month) -> str:
    facts = {"month": _month(withheld.month), "now": _month(now), "parts": ", ".join(withheld.parts)}
    sentence = {
        Obstacle.NOT_EARLIER: _(
            "Tidak diuraikan: bulan pembanding %(month)s tidak lebih awal daripada %(now)s."
        ),
        Obstacle.HIDDEN: _(
            "Tidak diuraikan: sebagian angka %(month)s disembunyikan, melindungi angka kecil."
        ),
        Obstacle.NO_DATA: _("Belum dapat diuraikan: data %(month)s belum masuk."),
        Obstacle.INCOMPLETE: _("Belum dapat diuraikan: data %(month)s belum lengkap."),
        Obstacle.NO_WORKFORCE: _(
            "Belum dapat diuraikan: potensi tenaga kerja untuk %(month)s belum diketahui."
        ),
        Obstacle.PARTS_DIFFER: _(
            "Belum dapat diuraikan: %(month)s hanya ada angka resmi tanpa rincian, bulan satunya dirinci."
        ),
    }[withheld.obstacle] % facts
    if not withheld.parts or withheld.obstacle is Obstacle.HIDDEN:
        return sentence
    named = _("Yang belum ada: %(parts)s.") % facts
    return f"{sentence} {named}"


def outcome_sentence(outcome: Outcome, standing: Standing) -> str:
    """What a simulation comes to, in one sentence. It never says that something is so, only what would be."""
    facts = {
        "deadline": _month(outcome.deadline),
        "percent": format_percent(outcome.percent_at_deadline, _language()),
        "target": target_percent(standing.target_percent),
        "gap": UNKNOWN if outcome.gap_at_deadline is None else _count(outcome.gap_at_deadline),
        "arrival": "" if outcome.arrival is None else _month(outcome.arrival),
    }
    sentence = {
        Reach.NO_TARGET: _(
            "Dengan langkah ini cakupan %(deadline)s akan %(percent)s. Target belum diisi, "
            "jadi kekurangannya belum dapat dihitung."
        ),
        Reach.ALREADY: _(
            "Target %(target)s sudah tercapai tanpa langkah ini; cakupan %(deadline)s akan %(percent)s."
        ),
        Reach.AT_ONCE: _(
            "Dengan langkah ini target %(target)s akan langsung tercapai; "
            "cakupan %(deadline)s akan %(percent)s."
        ),
        Reach.IN_TIME: _(
            "Dengan langkah ini target %(target)s akan tercapai %(arrival)s, tepat waktu; "
            "cakupan %(deadline)s akan %(percent)s."
        ),
        Reach.LATE: _(
            "Dengan langkah ini cakupan %(deadline)s akan %(percent)s, masih kurang %(gap)s peserta; "
            "target %(target)s baru akan tercapai %(arrival)s."
        ),
        Reach.NEVER: _(
            "Dengan langkah ini cakupan %(deadline)s akan %(percent)s, masih kurang %(gap)s peserta; "
            "target %(target)s tidak akan tercapai."
        ),
    }[outcome.reach] % facts
    if outcome.gap_at_deadline and outcome.reach in (Reach.ALREADY, Reach.AT_ONCE, Reach.IN_TIME):
        lost = _("Pada %(deadline)s kurang lagi %(gap)s peserta.") % facts
        return f"{sentence} {lost}"
    return sentence


def target_percent(percent: Decimal | None) -> str:
    """A target as it was set: decimals only where it has any."""
    is_whole = percent is None or percent == percent.to_integral_value()
    return format_percent(percent, _language(), 0 if is_whole else 2)


def _points(value: Decimal) -> str:
    return format_signed(value, _language(), 2)


def _count(value: int) -> str:
    return format_number(value, _language())


def _month(month: Month) -> str:
    return format_month(month, _language())


def _language() -> str:
    return get_language() or "id"
