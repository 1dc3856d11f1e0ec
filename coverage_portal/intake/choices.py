"""The states of an import and the outcomes of its rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    RECEIVED = "received", _("Menunggu dibaca")
    CHECKING = "checking", _("Sedang dibaca dan diperiksa")
    ASKING = "asking", _("Menunggu jawaban Anda")
    READY = "ready", _("Siap dikonfirmasi")
    REFUSED = "refused", _("Berkas ditolak")
    CONFIRMED = "confirmed", _("Menunggu diterapkan")
    APPLYING = "applying", _("Sedang diterapkan")
    APPLIED = "applied", _("Diterapkan")
    UNDO_ASKED = "undo_asked", _("Menunggu dibatalkan")
    UNDOING = "undoing", _("Sedang dibatalkan")
    UNDONE = "undone", _("Impor dibatalkan")
    CANCELLED = "cancelled", _("Tidak dilanjutkan")
    INTERRUPTED = "interrupted", _("Terputus")


IN_WORK = (
    State.RECEIVED,
    State.CHECKING,
    State.CONFIRMED,
    State.APPLYING,
    State.UNDO_ASKED,
    State.UNDOING,
)
"""States whose next step is the worker's."""

IN_EFFECT = (State.APPLIED, State.UNDO_ASKED, State.UNDOING)
"""States in which what an import wrote is there."""

PROGRESSING = (State.CHECKING, State.APPLYING, State.UNDOING)
"""States in which a worker is at it."""


STALE_PREVIEW = "stale_preview"
"""The code of the word that a confirm was sent back to a new preview: it outlasts the reading for that."""


class Stage(models.TextChoices):
    """What is being done in a state of work."""

    OPENING = "opening", _("Berkas dibuka dan diperiksa")
    ROWS = "rows", _("Baris dibaca dan diperiksa")
    COMPARING = "comparing", _("Dibandingkan dengan data tersimpan")
    WRITING = "writing", _("Semua baris ditulis bersama-sama")
    TAKING_BACK = "taking_back", _("Nilai lama dikembalikan bersama-sama")


class Outcome(models.TextChoices):
    NEW = "new", _("baru")
    CHANGED = "changed", _("berubah")
    SAME = "same", _("sama")
    WRONG = "wrong", _("salah")
    SKIPPED = "skipped", _("dilewati")


class Beyond(models.TextChoices):
    """What happens to stored records that no row of the sheet speaks of."""

    REMOVED = "removed", _("dihapus")
    BACK = "back", _("dikembalikan")
    ENDING = "ending", _("berakhir")
