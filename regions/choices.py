"""The fixed vocabularies of the areas."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    KABUPATEN = "kabupaten", _("Kabupaten")
    KOTA = "kota", _("Kota")


class Segment(models.TextChoices):
    PU = "PU", _("PU – Penerima Upah")
    BPU = "BPU", _("BPU – Bukan Penerima Upah")
    JAKON = "JAKON", _("Jakon – Jasa Konstruksi")
    PMI = "PMI", _("PMI – Pekerja Migran Indonesia")


def written_segment(segment: str) -> str:
    """A segment as sheets and tables write it."""
    return "Jakon" if segment == Segment.JAKON else segment


class AgencyKind(models.TextChoices):
    """Whose construction projects there are."""

    CENTRAL = "pusat", _("Kementerian/lembaga")
    PROVINCE = "opd_prov", _("OPD provinsi")
    REGENCY = "opd_kab", _("OPD kabupaten/kota")
    ENTERPRISE = "bumn", _("BUMN/BUMD")
    VILLAGE = "desa", _("Pemerintah desa")
    PRIVATE = "swasta", _("Swasta")


class CommitmentStatus(models.TextChoices):
    """What became of a promise, as a person has said it."""

    OPEN = "berjalan", _("Berjalan")
    DONE = "selesai", _("Selesai")
    CANCELLED = "batal", _("Batal")


class PeriodState(models.TextChoices):
    """How far a regency's month has come. From `APPROVED` on it is closed: its figure is published."""

    DRAFT = "draft", _("draf")
    SUBMITTED = "submitted", _("diajukan")
    APPROVED = "approved", _("disetujui")
    LOCKED = "locked", _("terkunci")


CLOSED_STATES = (PeriodState.APPROVED, PeriodState.LOCKED)
