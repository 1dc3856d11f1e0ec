"""Closing a month: submit, approve, lock; granting an exception from it; publishing a revision of it.

Each is one transaction that takes the lock which the database's guard shares: nothing can be written between
the look at a month and its closing. All of what was asked happens, or nothing.
"""

from __future__ import annotations

import datetime
import hashlib
import itertools
from collections.abc import Callable, Iterable, Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from coverage_portal.accounts import generation, history
from coverage_portal.accounts.areas import EVERYTHING, scope_of
from coverage_portal.accounts.history import Author
from coverage_portal.lib.periods import Month, format_month, months
from regions.choices import PeriodState, written_segment
from regions.coverage import Basis, Published
from regions.models import MAX_REASON, PeriodException, PeriodStatus, PublishedCell, Regency, Release
from regions.selectors.publishing import (
    WHOLE_AND_SEGMENTS,
    Working,
    as_published,
    uploaders,
    working,
)

LONGEST_EXCEPTION = datetime.timedelta(days=90)
MOST_MONTHS = 36
"""Months that one exception is granted for at once."""
_COUNTED = (Basis.COUNTED, Basis.MIXED)


def submit(*, month: Month, regencies: Iterable[str], author: Author) -> int:
    """Hand in a month of these regencies, by code, to be approved. Returns how many.

    Raises:
        ValidationError: one is handed in or closed already, or its data are not complete.
    """
    with transaction.atomic():
        periods = _held(month, regencies, author)
        _only(periods, PeriodState.DRAFT)
        _complete(_working(periods), periods)

        def change(period: PeriodStatus) -> None:
            period.state = PeriodState.SUBMITTED
            period.submitted_at, period.submitted_by = timezone.now(), author.user

        return _write(periods, change, author)


def return_to_draft(*, month: Month, regencies: Iterable[str], author: Author) -> int:
    """Give submitted months back to be corrected. Returns how many.

    Raises:
        ValidationError: one was not submitted, or is closed already.
    """
    with transaction.atomic():
        periods = _held(month, regencies, author)
        _only(periods, PeriodState.SUBMITTED)

        def change(period: PeriodStatus) -> None:
            period.state = PeriodState.DRAFT
            period.submitted_at = period.submitted_by = None

        return _write(periods, change, author)


def approve(*, month: Month, regencies: Iterable[str], author: Author, seen: str | None = None) -> int:
    """Close a month of these regencies and publish its figures as they stand. Returns how many.

    Args:
        seen: the fingerprint of the figures that the approver was shown; None for none.

    Raises:
        ValidationError: one was not submitted, its data are not complete, the figures are no longer what
            was seen, or the approver has submitted or brought in the data (`APPROVER_IS_ANOTHER`).
    """
    with transaction.atomic():
        periods = _held(month, regencies, author)
        _only(periods, PeriodState.SUBMITTED)
        found = _working(periods)
        _complete(found, periods)
        if seen is not None and seen != fingerprint(found, month, [p.regency_id for p in periods]):
            raise ValidationError(
                gettext("Angkanya berubah sejak ditampilkan. Periksa sekali lagi, lalu setujui.")
            )
        if settings.APPROVER_IS_ANOTHER:
            _by_another(found, periods, author)

        def change(period: PeriodStatus) -> None:
            figures = found.figures(period.regency_id, month)
            period.release = _publish(period, 0, "", figures, author)
            period.state = PeriodState.APPROVED
            period.approved_at, period.approved_by = timezone.now(), author.user

        return _write(periods, change, author)


def lock(*, month: Month, regencies: Iterable[str], author: Author) -> int:
    """Lock approved months for good: from then on a revision takes an exception too. Returns how many.

    Raises:
        ValidationError: one was not approved, or is locked already.
    """
    with transaction.atomic():
        periods = _held(month, regencies, author)
        _only(periods, PeriodState.APPROVED)

        def change(period: PeriodStatus) -> None:
            period.state = PeriodState.LOCKED
            period.locked_at, period.locked_by = timezone.now(), author.user

        return _write(periods, change, author)


def grant_exception(
    *,
    month: Month,
    regencies: Iterable[str],
    reason: str,
    valid_until: datetime.datetime | None,
    author: Author,
    through: Month | None = None,
) -> int:
    """Give leave to change what a month of these regencies holds, until a moment. Returns how many.

    With `through`, the months after it too, up to that one: a year's workforce is used by several.

    Raises:
        ValidationError: there is no reason, or no end, or it has passed or is too far away.
    """
    now = timezone.now()
    if valid_until is None:
        raise ValidationError(gettext("Pengecualian harus punya batas waktu. Isi sampai kapan berlakunya."))
    if valid_until <= now:
        raise ValidationError(
            gettext("Batas waktu pengecualian sudah lewat. Pilih hari ini atau sesudahnya.")
        )
    if valid_until > now + LONGEST_EXCEPTION:
        raise ValidationError(
            gettext("Pengecualian berlaku paling lama %(days)d hari.") % {"days": LONGEST_EXCEPTION.days}
        )
    with transaction.atomic():
        _hold()
        granted = []
        places = itertools.product(
            _regencies(regencies, author), months(month, min(through or month, month + MOST_MONTHS - 1))
        )
        for regency, each in places:
            exception = PeriodException(
                regency=regency,
                month=each,
                reason=_given(reason),
                user=author.user,
                actor=author.name,
                granted_at=now,
                valid_until=valid_until,
            )
            exception.full_clean(exclude=["user"])
            exception.save()
            granted.append(exception)
        because = Author(author.user, author.source, reason, author.action)
        history.record(because, [(each, None, history.snapshot(each)) for each in granted])
        generation.move()
    return len(granted)


def end_exception(*, exception: int, author: Author) -> None:
    """Let an exception, by id, end now instead of later. One that has ended stays as it was."""
    with transaction.atomic():
        _hold()
        found = PeriodException.objects.select_for_update().get(pk=exception)
        now = timezone.now()
        if found.valid_until <= now:
            raise ValidationError(gettext("Pengecualian ini sudah berakhir."))
        before = history.snapshot(found)
        found.valid_until = now
        found.save(update_fields=["valid_until"])
        history.record(author, [(found, before, history.snapshot(found))])
        generation.move()


def publish_revision(*, month: Month, regency: str, reason: str, author: Author) -> Release:
    """Publish the working figures of a closed month in place of those in force, as a numbered revision.

    Raises:
        ValidationError: the month is not closed, or locked without an exception; there is no reason; the
            working figures are incomplete, or no others than those in force.
    """
    with transaction.atomic():
        (period,) = _held(month, [regency], author)
        if period.release is None:
            raise ValidationError(
                gettext(
                    "%(place)s belum disetujui, jadi belum ada angka terbit yang direvisi. Ajukan dan "
                    "setujui bulan itu dahulu."
                )
                % {"place": _place(period)}
            )
        excepted = PeriodException.objects.valid_at(timezone.now()).filter(regency=regency, month=month)
        if period.state == PeriodState.LOCKED and not excepted.exists():
            raise ValidationError(
                gettext(
                    "%(place)s sudah dikunci. Revisinya memerlukan pengecualian yang masih berlaku; mintalah "
                    "kepada pemegang hak “memberi pengecualian”."
                )
                % {"place": _place(period)}
            )
        found = _working([period])
        _complete(found, [period])
        figures = found.figures(regency, month)
        if figures == in_force(period):
            raise ValidationError(
                gettext("Angka kerja %(place)s sama dengan angka terbitnya, jadi tidak ada yang direvisi.")
                % {"place": _place(period)}
            )
        number = period.release.number + 1
        because = Author(author.user, author.source, _given(reason), author.action)

        def change(status: PeriodStatus) -> None:
            status.release = _publish(status, number, because.reason, figures, author)

        _write([period], change, because)
        return period.release


def fingerprint(found: Working, month: Month, regencies: Iterable[str]) -> str:
    """What the working figures of a month are, in short: the same as long as none of them moves."""
    figures = [found.figures(code, month) for code in sorted(regencies)]
    return hashlib.sha256(repr(figures).encode()).hexdigest()


def in_force(period: PeriodStatus) -> tuple[Published, ...]:
    """The published figures of a closed month, the whole first."""
    stored = PublishedCell.objects.filter(release=period.release).select_related("release")
    cells = {cell.segment: as_published(cell) for cell in stored}
    return tuple(cells[segment] for segment in WHOLE_AND_SEGMENTS if segment in cells)


def _held(month: Month, regencies: Iterable[str], author: Author) -> list[PeriodStatus]:
    """The states of a month of these regencies, made where there were none, held until the end.

    Raises:
        ValidationError: one is not within the author's areas.
    """
    _hold()
    if month > Month.of(timezone.localdate()):
        raise ValidationError(gettext("Bulan itu belum terjadi."))
    places = _regencies(regencies, author)
    stored = {
        period.regency_id: period
        for period in PeriodStatus.objects.filter(month=month, regency__in=places)
        .select_related("release", "regency__province")
        .defer("regency__boundary")
    }
    return [
        stored.get(regency.code) or PeriodStatus(regency=regency, month=month, state=PeriodState.DRAFT)
        for regency in places
    ]


def _hold() -> None:
    # The guard's triggers share this lock; whoever changes a state waits for them, and they for it.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('regions:closing', 0))")


def _regencies(codes: Iterable[str], author: Author) -> list[Regency]:
    wanted = sorted(set(codes))
    scope = EVERYTHING if author.user is None else scope_of(author.user)
    found = list(
        Regency.objects.active()
        .filter(scope.condition("code"), code__in=wanted)
        .select_related("province")
        .defer("boundary")
        .by_code()
    )
    if not found:
        raise ValidationError(gettext("Pilih sekurangnya satu kabupaten/kota."))
    if len(found) < len(wanted):
        outside = ", ".join(code for code in wanted if code not in {regency.code for regency in found})
        raise ValidationError(
            gettext("%(codes)s di luar wilayah kerja Anda. Mintalah admin portal memberi akses.")
            % {"codes": outside}
        )
    return found


def _working(periods: Sequence[PeriodStatus]) -> Working:
    regencies = [period.regency for period in periods]
    return working(regencies[0].province, regencies)


def _write(periods: Sequence[PeriodStatus], change: Callable[[PeriodStatus], None], author: Author) -> int:
    traces = []
    for period in periods:
        before = history.snapshot(period) if period.pk else None
        change(period)
        period.save()
        traces.append((period, before, history.snapshot(period)))
    history.record(author, traces)
    generation.move()
    return len(periods)


def _publish(
    period: PeriodStatus, number: int, reason: str, figures: Iterable[Published], author: Author
) -> Release:
    release = Release(
        regency=period.regency,
        month=period.month,
        number=number,
        reason=reason,
        user=author.user,
        actor=author.name,
    )
    release.full_clean(exclude=["user"])
    release.save()
    PublishedCell.objects.bulk_create(
        PublishedCell(
            release=release,
            **{name: value for name, value in figure._asdict().items() if name not in ("area", "month")},
        )
        for figure in figures
    )
    history.record(author, [(release, None, history.snapshot(release))])
    return release


_CLOSED_ALREADY = _(
    "%(place)s sudah disetujui dan ditutup. Perubahan sesudahnya diterbitkan sebagai revisi; datanya dibuka "
    "dengan pengecualian."
)
_LOCKED_ALREADY = _("%(place)s sudah dikunci. Datanya dan revisinya hanya terbuka dengan pengecualian.")
_NOT_SUBMITTED = _("%(place)s masih draf. Ajukan dahulu, lalu mintalah orang lain menyetujuinya.")
_OBJECTIONS = {
    (PeriodState.DRAFT, PeriodState.SUBMITTED): _(
        "%(place)s sudah diajukan dan menunggu persetujuan. Tidak perlu diajukan lagi."
    ),
    (PeriodState.DRAFT, PeriodState.APPROVED): _CLOSED_ALREADY,
    (PeriodState.DRAFT, PeriodState.LOCKED): _LOCKED_ALREADY,
    (PeriodState.SUBMITTED, PeriodState.DRAFT): _NOT_SUBMITTED,
    (PeriodState.SUBMITTED, PeriodState.APPROVED): _CLOSED_ALREADY,
    (PeriodState.SUBMITTED, PeriodState.LOCKED): _LOCKED_ALREADY,
    (PeriodState.APPROVED, PeriodState.DRAFT): _NOT_SUBMITTED,
    (PeriodState.APPROVED, PeriodState.SUBMITTED): _(
        "%(place)s masih menunggu persetujuan. Setujui dahulu, baru dikunci."
    ),
    (PeriodState.APPROVED, PeriodState.LOCKED): _LOCKED_ALREADY,
}
"""What to do where a month is in another state than it must be: (must be, is)."""


def _only(periods: Iterable[PeriodStatus], state: PeriodState) -> None:
    problems = [
        gettext(_OBJECTIONS[state, PeriodState(period.state)]) % {"place": _place(period)}
        for period in periods
        if period.state != state
    ]
    if problems:
        raise ValidationError(problems)


def _complete(found: Working, periods: Iterable[PeriodStatus]) -> None:
    problems = []
    for period in periods:
        count = found.register.count(period.regency_id, period.month)
        if count.complete:
            continue
        missing = [
            written_segment(segment)
            for segment in found.register.segments
            if not found.register.count(period.regency_id, period.month, segment).complete
        ]
        text = gettext(
            "Data %(place)s belum lengkap (belum masuk: %(segments)s). Lengkapi dahulu rekap atau daftarnya."
        )
        problems.append(text % {"place": _place(period), "segments": ", ".join(missing)})
    if problems:
        raise ValidationError(problems)


def _by_another(found: Working, periods: Iterable[PeriodStatus], author: Author) -> None:
    """Four eyes: whoever submitted a month, or brought in its data, does not approve it."""
    own = author.user.pk if author.user is not None else None
    problems = []
    for period in periods:
        place = {"place": _place(period)}
        basis = found.register.count(period.regency_id, period.month).basis
        if own is not None and period.submitted_by_id == own:
            text = gettext("%(place)s Anda ajukan sendiri. Mintalah orang lain yang berhak menyetujuinya.")
            problems.append(text % place)
        elif own in uploaders(period.regency_id, period.month, is_counted=basis in _COUNTED):
            text = gettext(
                "Data %(place)s Anda masukkan sendiri. Mintalah orang lain yang berhak menyetujuinya."
            )
            problems.append(text % place)
    if problems:
        raise ValidationError(problems)


def _given(reason: str) -> str:
    cleaned = reason.strip()
    if not cleaned:
        raise ValidationError(gettext("Tulis alasannya; alasan itu disimpan dan ditampilkan."))
    return cleaned[:MAX_REASON]


def _place(period: PeriodStatus) -> str:
    month = format_month(period.month, get_language() or settings.LANGUAGE_CODE)
    return f"{period.regency.table_name} {month}"
