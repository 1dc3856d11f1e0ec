"""Construction projects: who builds what for whom, where, from when to when, and what was changed since.

Only the name and the source of a project have to be known. Nothing here says how a project stands with the
law: that is derived, from what is known, on the day of asking.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from coverage_portal.lib.identity import parse_npwp
from coverage_portal.lib.values import BadValue
from projects.choices import FundSource, Work
from projects.querysets import ContractorQuerySet, ProjectQuerySet, ProjectRecordQuerySet
from regions.models import FIRST_YEAR, LAST_YEAR, YEAR_RANGE, Agency, Regency

NPP_FORM = r"^[A-Z0-9]{8}$"
NPWP_FORM = r"^(0\d{15}|10\d{14})$"
"""Sixteen digits of a body. A person's is their NIK, which is not kept here."""
LEAST_MONEY, MOST_MONEY = Decimal("0.01"), Decimal(10) ** 15
MAX_WORKERS = 1_000_000


def money_field(verbose_name: Any, **options: Any) -> models.DecimalField[Any, Any]:
    """An amount in rupiah, more than nothing and at most 10^15; the database is told so by `money_range`."""
    validators = [
        MinValueValidator(LEAST_MONEY, _("Nilai harus lebih dari 0.")),
        MaxValueValidator(MOST_MONEY, _("Nilai terlalu besar; paling banyak 1.000 triliun rupiah.")),
    ]
    return models.DecimalField(
        verbose_name, max_digits=20, decimal_places=2, validators=validators, **options
    )


def money_range(field: str, name: str) -> models.CheckConstraint:
    """An amount is above 0 and at most 10^15 rupiah, or not known."""
    return models.CheckConstraint(condition=Q(**{f"{field}__range": (LEAST_MONEY, MOST_MONEY)}), name=name)


def dates_in_order(earlier: str, later: str, name: str, template: str) -> models.CheckConstraint:
    """A date is not before another, where both are known."""
    return models.CheckConstraint(
        condition=Q(**{f"{later}__gte": F(earlier)}), name=name, violation_error_message=_(template)
    )


PHO_BEFORE_START = gettext_noop("Tanggal selesai mendahului tanggal mulai.")
FHO_BEFORE_PHO = gettext_noop("Akhir pemeliharaan mendahului tanggal selesai.")
DATE_ORDERS = (
    ("start", "end", "project_end_after_start", PHO_BEFORE_START),
    ("end", "maintenance_end", "project_maintenance_after_end", FHO_BEFORE_PHO),
    (
        "start",
        "maintenance_end",
        "project_maintenance_after_start",
        gettext_noop("Akhir pemeliharaan mendahului tanggal mulai."),
    ),
    (
        "spk_date",
        "registered_on",
        "project_registered_after_contract",
        gettext_noop("Tanggal pendaftaran mendahului tanggal SPK."),
    ),
    (
        "spk_date",
        "certified_on",
        "project_certified_after_contract",
        gettext_noop("Tanggal sertifikat mendahului tanggal SPK."),
    ),
    (
        "spk_date",
        "cancelled_on",
        "project_cancelled_after_contract",
        gettext_noop("Tanggal batal mendahului tanggal SPK."),
    ),
    (
        "registered_on",
        "certified_on",
        "project_certified_after_registered",
        gettext_noop("Tanggal sertifikat mendahului tanggal pendaftaran."),
    ),
)
"""Dates of a project, the earlier and the later one, the constraint that holds them, and what it says."""


def validate_npwp(text: str) -> None:
    """Refuse what is no NPWP of a body.

    Raises:
        ValidationError: the length or the check digit is wrong, or it is the NIK of a person.
    """
    try:
        npwp = parse_npwp(text, on=timezone.localdate())
    except BadValue as error:
        raise ValidationError(gettext(error.template) % dict(error.params), code=error.code) from error
    if npwp is not None and npwp.is_nik:
        raise ValidationError(_("NPWP ini NIK seseorang, yang tidak disimpan di sini."), code="npwp_is_nik")


class NpwpField(models.CharField[Any, Any]):
    """The NPWP of a body, kept in its 16 digits in whichever way it was written."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 16)
        super().__init__(*args, **kwargs)

    def clean(self, value: Any, model_instance: models.Model | None) -> str:
        text = str(value or "")
        if text:
            validate_npwp(text)
            npwp = parse_npwp(text, on=timezone.localdate())
            text = "" if npwp is None else npwp.digits
        return str(super().clean(text, model_instance))

    def formfield(self, **kwargs: Any) -> Any:
        # Written with dots and dashes it is longer than it is kept.
        return super().formfield(**{"max_length": 30, **kwargs})


class Contractor(models.Model):
    """Who carries out construction projects (penyedia jasa, pelaksana)."""

    name = models.CharField(_("nama"), max_length=200)
    npwp = NpwpField(
        _("NPWP"),
        blank=True,
        help_text=_("NPWP badan usaha, 15 atau 16 angka, dengan atau tanpa tanda baca."),
    )
    npp = models.CharField(
        _("NPP"),
        max_length=8,
        blank=True,
        validators=[RegexValidator(NPP_FORM, _("NPP terdiri atas 8 huruf besar atau angka."))],
        help_text=_("Nomor pendaftaran perusahaan di BPJS Ketenagakerjaan."),
    )

    history_by_visibility = True

    objects = ContractorQuerySet.as_manager()

    class Meta:
        verbose_name = _("penyedia jasa")
        verbose_name_plural = _("penyedia jasa")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["npwp"],
                condition=~Q(npwp=""),
                name="contractor_npwp_unique",
                violation_error_message=_("Penyedia dengan NPWP ini sudah ada."),
            ),
            models.CheckConstraint(
                condition=Q(npwp="") | Q(npwp__regex=NPWP_FORM),
                name="contractor_npwp_form",
                violation_error_message=_("NPWP badan usaha terdiri atas 16 angka dan diawali 0 atau 10."),
            ),
            models.CheckConstraint(condition=Q(npp="") | Q(npp__regex=NPP_FORM), name="contractor_npp_form"),
            models.CheckConstraint(condition=~Q(name=""), name="contractor_named"),
        ]
        indexes: ClassVar = [models.Index(fields=["name"], name="contractor_name")]

    def __str__(self) -> str:
        return self.name


class Project(models.Model):
    """A construction contract whose workers are to be protected (PP 44/2015 Pasal 53-56)."""

    name = models.CharField(_("nama proyek"), max_length=500)
    package_code = models.CharField(_("kode paket SPSE/SiRUP"), max_length=40, blank=True)
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("instansi"),
    )
    owner = models.CharField(
        _("pemilik menurut sumber"),
        max_length=200,
        blank=True,
        help_text=_("Nama satuan kerja seperti tertulis di sumbernya, bila belum ada di daftar instansi."),
    )
    ppk = models.CharField(_("PPK"), max_length=120, blank=True)
    contractor = models.ForeignKey(
        Contractor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("penyedia jasa"),
        help_text=_("Kosong untuk swakelola."),
    )
    regency = models.ForeignKey(
        Regency,
        models.PROTECT,
        to_field="code",
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("kabupaten/kota"),
    )
    district = models.CharField(_("kecamatan"), max_length=80, blank=True)
    fund_source = models.CharField(_("sumber dana"), max_length=10, choices=FundSource.choices, blank=True)
    budget_year = models.PositiveSmallIntegerField(
        _("tahun anggaran"), null=True, blank=True, validators=YEAR_RANGE
    )
    work = models.CharField(_("jenis pekerjaan"), max_length=12, choices=Work.choices, blank=True)
    contract_number = models.CharField(_("nomor kontrak"), max_length=120, blank=True)
    spk_date = models.DateField(_("tanggal SPK"), null=True, blank=True)
    contract_value = money_field(_("nilai kontrak"), null=True, blank=True)
    vat_included = models.BooleanField(_("nilai termasuk PPN"), null=True, blank=True)
    vat_rate = models.DecimalField(
        _("tarif PPN (%)"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    contribution_base = money_field(
        _("dasar iuran"),
        null=True,
        blank=True,
        help_text=_("Nilai yang dipakai menghitung iuran, bila ditetapkan lain daripada nilai kontrak."),
    )
    wages_known = models.BooleanField(_("komponen upah diketahui"), null=True, blank=True)
    wages = money_field(_("jumlah upah"), null=True, blank=True)
    start = models.DateField(_("mulai"), null=True, blank=True)
    end = models.DateField(_("selesai (PHO)"), null=True, blank=True)
    maintenance_end = models.DateField(_("akhir pemeliharaan (FHO)"), null=True, blank=True)
    has_maintenance = models.BooleanField(
        _("bermasa pemeliharaan"),
        default=True,
        help_text=_("Tidak dicentang bila kontraknya tanpa masa pemeliharaan."),
    )
    planned_workers = models.PositiveIntegerField(
        _("rencana tenaga kerja"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    bpjs_number = models.CharField(_("nomor proyek BPJS"), max_length=20, blank=True)
    registered_on = models.DateField(_("tanggal pendaftaran"), null=True, blank=True)
    certified_on = models.DateField(_("tanggal sertifikat"), null=True, blank=True)
    cover_end = models.DateField(
        _("perlindungan sampai"),
        null=True,
        blank=True,
        help_text=_("Akhir perlindungan menurut BPJS Ketenagakerjaan."),
    )
    cancelled = models.BooleanField(_("batal"), default=False)
    cancelled_on = models.DateField(_("tanggal batal"), null=True, blank=True)
    source = models.CharField(_("sumber data"), max_length=200)
    data_date = models.DateField(_("tanggal data"), null=True, blank=True)
    first_paid_on = models.DateField(
        _("iuran pertama dibayar"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Mengikuti pembayarannya; pekerja proyek dihitung sejak pembayaran pertama."),
    )

    derived_fields = ("first_paid_on",)
    """What follows from other records: neither its history nor the undo of an import holds it."""

    history_goes_along = ("projects.RejectedMatch",)

    history_by_visibility = True
    """The history shows its changes to whoever may see it: an area of its own it may have none."""

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("proyek jasa konstruksi")
        verbose_name_plural = _("proyek jasa konstruksi")
        permissions: ClassVar = [
            ("change_project_of_others", "Can change projects that an agency of another area has let")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["package_code"],
                condition=~Q(package_code=""),
                name="project_package_code_unique",
                violation_error_message=_("Proyek dengan kode paket ini sudah ada."),
            ),
            models.UniqueConstraint(
                fields=["bpjs_number"],
                condition=~Q(bpjs_number=""),
                name="project_bpjs_number_unique",
                violation_error_message=_("Proyek dengan nomor BPJS ini sudah ada."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="project_named"),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="project_has_source",
                violation_error_message=_("Sumber data belum diisi."),
            ),
            *(dates_in_order(*order) for order in DATE_ORDERS),
            money_range("contract_value", "project_contract_value_range"),
            money_range("contribution_base", "project_contribution_base_range"),
            money_range("wages", "project_wages_range"),
            models.CheckConstraint(
                condition=Q(wages__isnull=True) | Q(wages_known=True, wages_known__isnull=False),
                name="project_wages_are_known",
                violation_error_message=_("Jumlah upah terisi, tetapi komponen upah tidak diketahui."),
            ),
            models.CheckConstraint(condition=Q(vat_rate__range=(0, 100)), name="project_vat_rate_range"),
            models.CheckConstraint(
                condition=Q(planned_workers__range=(1, MAX_WORKERS)), name="project_planned_workers_range"
            ),
            models.CheckConstraint(
                condition=Q(budget_year__range=(FIRST_YEAR, LAST_YEAR)), name="project_budget_year_range"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on__isnull=True) | Q(cancelled=True),
                name="project_cancelled_when",
                violation_error_message=_("Tanggal batal terisi, tetapi proyek tidak ditandai batal."),
            ),
            models.CheckConstraint(
                condition=Q(fund_source__in=["", *FundSource.values]), name="project_fund_source_known"
            ),
            models.CheckConstraint(condition=Q(work__in=["", *Work.values]), name="project_work_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["name"], name="project_name"),
            models.Index(fields=["spk_date"], name="project_spk_date"),
        ]

    def __str__(self) -> str:
        return self.name[:80]

    def clean(self) -> None:
        first = self.addenda.order_by("signed_on").first() if self.pk and self.spk_date else None
        if first is not None and self.spk_date is not None and first.signed_on < self.spk_date:
            raise ValidationError({"spk_date": _("Tanggal SPK sesudah adendum proyek ini.")})

    @property
    def area_code(self) -> str:
        """The area it is kept in: its regency, else its agency's area, else the home province."""
        code: str = (
            self.regency_id or (self.agency.area_code if self.agency else "") or settings.HOME_PROVINCE
        )
        return code


class ProjectRegency(models.Model):
    """A further regency that a project is built in, beside the one it is listed under."""

    project = models.ForeignKey(
        Project, models.PROTECT, db_index=False, related_name="further", verbose_name=_("proyek")
    )
    regency = models.ForeignKey(
        Regency, models.PROTECT, to_field="code", related_name="+", verbose_name=_("kabupaten/kota")
    )

    history_by_visibility = True

    objects = ProjectRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("kabupaten/kota lain")
        verbose_name_plural = _("kabupaten/kota lain")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "regency"],
                name="projectregency_once",
                violation_error_message=_("Kabupaten/kota ini sudah ada di proyek itu."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.regency)


class Addendum(models.Model):
    """A change of a contract. What it leaves blank stays as it was; earlier ones stay on record.

    An addendum is never before the contract's SPK: a trigger on both tables holds that.
    """

    project = models.ForeignKey(
        Project, models.PROTECT, db_index=False, related_name="addenda", verbose_name=_("proyek")
    )
    number = models.CharField(_("nomor adendum"), max_length=120)
    signed_on = models.DateField(_("tanggal adendum"))
    contract_value = money_field(_("nilai kontrak baru"), null=True, blank=True)
    contribution_base = money_field(_("dasar iuran baru"), null=True, blank=True)
    start = models.DateField(_("mulai baru"), null=True, blank=True)
    end = models.DateField(_("selesai (PHO) baru"), null=True, blank=True)
    maintenance_end = models.DateField(_("akhir pemeliharaan (FHO) baru"), null=True, blank=True)
    note = models.CharField(_("catatan"), max_length=300, blank=True)

    history_by_visibility = True

    objects = ProjectRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("adendum")
        verbose_name_plural = _("adendum")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "number"],
                name="addendum_once",
                violation_error_message=_("Adendum dengan nomor ini sudah ada di proyek itu."),
            ),
            models.CheckConstraint(condition=~Q(number=""), name="addendum_numbered"),
            models.CheckConstraint(
                condition=Q(contract_value__isnull=False)
                | Q(contribution_base__isnull=False)
                | Q(start__isnull=False)
                | Q(end__isnull=False)
                | Q(maintenance_end__isnull=False),
                name="addendum_changes_something",
                violation_error_message=_("Adendum belum mengubah apa pun: isi nilai atau tanggalnya."),
            ),
            money_range("contract_value", "addendum_contract_value_range"),
            money_range("contribution_base", "addendum_contribution_base_range"),
            dates_in_order("start", "end", "addendum_end_after_start", PHO_BEFORE_START),
            dates_in_order("end", "maintenance_end", "addendum_maintenance_after_end", FHO_BEFORE_PHO),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.signed_on})"

    def clean(self) -> None:
        spk_date = getattr(getattr(self, "project", None), "spk_date", None)
        if self.signed_on is not None and spk_date is not None and self.signed_on < spk_date:
            raise ValidationError({"signed_on": _("Adendum mendahului tanggal SPK proyeknya.")})
