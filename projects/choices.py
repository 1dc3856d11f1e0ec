"""The fixed vocabularies of projects, workers and their protection."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sex(models.TextChoices):
    MALE = "L", _("Laki-laki")
    FEMALE = "P", _("Perempuan")


class Occupation(models.TextChoices):
    """Groups that the province steers by: vulnerable workers and the village's own people."""

    FISHER = "nelayan", _("Nelayan")
    FARMER = "petani", _("Petani")
    PALM_WORKER = "pekerja_sawit", _("Pekerja kebun sawit")
    TRADER = "pedagang", _("Pedagang")
    DRIVER = "pengemudi", _("Pengemudi dan ojek")
    BUILDER = "buruh_bangunan", _("Buruh bangunan")
    VILLAGE_OFFICIAL = "perangkat_desa", _("Kepala dan perangkat desa")
    NEIGHBOURHOOD = "rt_rw", _("Pengurus RT/RW")
    VILLAGE_COUNCIL = "bpd", _("Anggota BPD")
    CADRE = "kader", _("Kader")
    CIVIL_GUARD = "linmas", _("Linmas")
    NON_CIVIL_SERVANT = "non_asn", _("Pegawai non-ASN")
    ELECTION_WORKER = "pemilu", _("Penyelenggara pemilu")
    RELIGIOUS_WORKER = "keagamaan", _("Pekerja sosial keagamaan")
    EMPLOYEE = "karyawan", _("Karyawan perusahaan")
    OTHER = "lainnya", _("Lainnya")


VILLAGE = (
    Occupation.VILLAGE_OFFICIAL,
    Occupation.NEIGHBOURHOOD,
    Occupation.VILLAGE_COUNCIL,
    Occupation.CADRE,
    Occupation.CIVIL_GUARD,
)
"""Ekosistem desa: the village's apparatus and those who serve it."""


class Funding(models.TextChoices):
    """Who pays the contribution."""

    SELF = "mandiri", _("Mandiri")
    EMPLOYER = "perusahaan", _("Perusahaan")
    REGION = "apbd", _("APBD")
    VILLAGE = "apbdes", _("APBDes")
    PALM_FUND = "dbh_sawit", _("DBH sawit")
    CSR = "csr", _("CSR")


VULNERABLE_PAYERS = (Funding.REGION, Funding.VILLAGE, Funding.PALM_FUND, Funding.CSR)
"""Who pays for pekerja rentan: members whose contribution comes out of a budget, not out of their pocket."""


class Work(models.TextChoices):
    """The kinds of construction service that have to be registered (Permenaker 44/2015)."""

    PLANNING = "perencanaan", _("Perencanaan")
    EXECUTION = "pelaksanaan", _("Pelaksanaan")
    SUPERVISION = "pengawasan", _("Pengawasan")


class FundSource(models.TextChoices):
    """What a construction contract is paid from."""

    STATE = "apbn", _("APBN")
    REGION = "apbd", _("APBD (belum dirinci)")
    PROVINCE = "apbd_prov", _("APBD provinsi")
    REGENCY = "apbd_kab", _("APBD kabupaten/kota")
    ENTERPRISE = "bumn", _("BUMN/BUMD")
    VILLAGE = "apbdes", _("APBDes")
    PRIVATE = "swasta", _("Swasta")
    OTHER = "lainnya", _("Lainnya")


class HolidayKind(models.TextChoices):
    """National holidays, and joint leave, of which a setting says whether it is a day off."""

    NATIONAL = "nasional", _("Libur nasional")
    JOINT_LEAVE = "cuti_bersama", _("Cuti bersama")
