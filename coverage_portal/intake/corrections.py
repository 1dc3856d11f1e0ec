"""Impor koreksi: which applied import a corrected file may take the place of, and how it is read."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from coverage_portal.accounts.models import User

from . import kinds
from .choices import IN_EFFECT, State
from .kinds import BulkKind, Problem
from .models import ImportBatch
from .reach import UPLOAD, scope_for

UNKNOWN = _("Impor yang akan dikoreksi tidak ditemukan. Salin nomornya dari halaman impor itu.")
_OWN_OPTIONS = frozenset({"corrects", "leave_out", "sheet"})


def named(text: str) -> ImportBatch | None:
    """The import of this number."""
    try:
        return ImportBatch.objects.filter(pk=uuid.UUID(text)).first()
    except ValueError:
        return None


def correction_of(wrong: ImportBatch) -> ImportBatch | None:
    """The import that has taken this one's place, and was not undone."""
    return wrong.corrections.filter(state__in=IN_EFFECT).select_related("user").first()


def inherited(wrong: ImportBatch) -> dict[str, str]:
    """The answers with which a corrected file is read, unless others are given."""
    return {name: value for name, value in wrong.options.items() if name not in _OWN_OPTIONS}


def objection(wrong: ImportBatch | None, user: User | Any | None) -> Problem | None:
    """Why a user may not correct an import, if so; without a user the system asks, which may everything."""
    if wrong is None or (user is not None and not _is_visible(wrong, user)):
        return Problem("correction_unknown", UNKNOWN)
    kind = kinds.get(wrong.kind)
    if not (isinstance(kind, BulkKind) and kind.can_correct):
        template = _("Impor jenis ini tidak dapat dikoreksi. Batalkan, lalu unggah berkas yang benar.")
        return Problem("correction_of_kind", template)
    scope = scope_for(user, kind, UPLOAD)
    if not all(scope.covers(area) for area in _areas(wrong)):
        template = _(
            "Impor yang akan dikoreksi menyentuh wilayah di luar wilayah kerja Anda. Mintalah admin portal "
            "di provinsi mengoreksinya."
        )
        return Problem("correction_out_of_scope", template)
    return _objection_to_state(wrong, kind)


def _objection_to_state(wrong: ImportBatch, kind: BulkKind) -> Problem | None:
    if wrong.state in (State.UNDONE, State.UNDO_ASKED, State.UNDOING):
        template = _(
            "Impor “%(name)s” sudah dibatalkan, jadi tidak ada yang dikoreksi. Unggah berkas yang benar "
            "sebagai impor biasa."
        )
        return Problem("correction_of_undone", template, {"name": wrong.file_name})
    if wrong.state != State.APPLIED:
        template = _("Impor “%(name)s” belum diterapkan. Hentikan saja, lalu unggah berkas yang benar.")
        return Problem("correction_of_unapplied", template, {"name": wrong.file_name})
    if correction_of(wrong) is not None:
        template = _(
            "Impor “%(name)s” sudah dikoreksi. Yang dapat dikoreksi lagi adalah koreksinya; bukalah dari "
            "halaman impor itu."
        )
        return Problem("corrected_already", template, {"name": wrong.file_name})
    if not kind.has_written(wrong.pk):
        template = _(
            "Impor “%(name)s” tidak mengubah apa pun, jadi tidak ada yang dikoreksi. Unggah berkas yang "
            "benar sebagai impor biasa."
        )
        return Problem("correction_of_nothing", template, {"name": wrong.file_name})
    return None


def _is_visible(wrong: ImportBatch, user: User | Any) -> bool:
    return ImportBatch.objects.visible_to(user).filter(pk=wrong.pk).exists()


def _areas(wrong: ImportBatch) -> set[str]:
    """All areas that an import and what it corrected have touched."""
    areas: set[str] = set()
    batch: ImportBatch | None = wrong
    while batch is not None:
        areas.update(batch.areas)
        batch = batch.corrects
    return areas


def with_inherited(wrong: ImportBatch | None, options: Mapping[str, str]) -> dict[str, str]:
    """The options of a new batch, those of the import that it corrects first."""
    return {**({} if wrong is None else inherited(wrong)), **options}
