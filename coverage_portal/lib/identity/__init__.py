"""Who a row is about: NIK, KPJ, NPP, NPWP, name and sex as cells hold them, and the sealing of the NIK.

Every parser raises `BadIdentity` (a `BadValue`) for what it refuses; what deserves a second look passes with
the codes of its warnings. `TEMPLATES` has the Indonesian sentence of each code. Neither sentences nor params
nor exception texts hold a digit of the number that was read, and personal numbers show as their last four.
"""

from .figures import are_digits
from .membership import Kpj, Npp, parse_kpj, parse_npp
from .messages import TEMPLATES, BadIdentity
from .nik import Birth, Nik, NikReader, NikReading, parse_nik
from .npwp import Npwp, parse_npwp
from .person import Sex, parse_name, parse_sex, plain_names
from .sealer import NikSealer

__all__ = [
    "TEMPLATES",
    "BadIdentity",
    "Birth",
    "Kpj",
    "Nik",
    "NikReader",
    "NikReading",
    "NikSealer",
    "Npp",
    "Npwp",
    "Sex",
    "are_digits",
    "parse_kpj",
    "parse_name",
    "parse_nik",
    "parse_npp",
    "parse_npwp",
    "parse_sex",
    "plain_names",
]
