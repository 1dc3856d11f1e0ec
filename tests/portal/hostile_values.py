"""Two hundred and more values of a parameter that no form of the portal sends, as they stand in an address.

They are percent-encoded already, for some are not what an encoder would write. `{name}` is the parameter.
"""

from __future__ import annotations

from urllib.parse import quote

_PLAIN = (
    # Nothing, and what looks like it.
    "", " ", "\t", "\r\n", "\u00a0", "\u200b", "\ufeff", "-", "--", ".", "..", "_", "*", "?", "/", "\\",
    # Numbers.
    "0", "-0", "-1", "+1", "1.5", "1,5", "1.000.000", "1,000,000", "0x10", "1_000", "1e3", "1e999", "-1e-999",
    "NaN", "Infinity", "-inf", "00000001", "32768", "2147483647", "2147483648", "-2147483649",
    "9223372036854775807", "9223372036854775808", "-9223372036854775809", "100000000000000000000", "9" * 100,
    "9" * 4301, "1" + "0" * 400, "0." + "0" * 400 + "1", "954,5 juta", "2,4 miliar", "999999999999 triliun",
    "\u0661\u0662\u0663", "\u0967\u0968", "\uff11\uff12", "\u00b2", "\u00bd", "\u2167", "-\u0663", "\u4e09",
    # Days and months, most of which do not exist.
    "2025-02-30", "2026-02-29", "2025-13", "2025-00", "0000-01-01", "0001-01", "0001-01-01", "9999-12",
    "9999-12-31", "10000-01-01", "-0001-01", "2025-07-32", "31 Februari 2025", "2025-7", "2025/07", "07/2025",
    "Juli 2025", "2025-W30", "2025-07-01T25:61", "2025-12-31 23:59:60", "1582-10-10", "1899-12-31", "kemarin",
    "\uff12\uff10\uff12\uff15-\uff10\uff17", "\u0662\u0660\u0662\u0665-\u0660\u0667", "20250701",
    # Codes of areas and of records.
    "61", "61.04", "61.4", "6104", "99.99", "61.04.01", "61..04", "61.0\u0664", "61_04", "61%", "6*",
    "00000000-0000-0000-0000-000000000000", "{00000000-0000-0000-0000-000000000000}", "urn:uuid:x",
    # Words that some parameter knows.
    "PU", "BPU", "ya", "tidak", "segmen", "csv", "xlsx", "membership", "arrears", "last", "all", "id", "pk",
    "__all__", "password", "nik_sealed", "0.1.2", "-1.-2", "1.1.1.1.1.1.1.1.1",
    # What a database, a pattern, a template or a format would read.
    "'", "''", '"', "' OR '1'='1", "'; DROP TABLE regions_regency; --", ") OR (1=1", "1 UNION SELECT NULL",
    "1; SELECT pg_sleep(0)", "E'\\x00'", "$$", "$1", ":1", "%s", "%(a)s", "%d", "%", "%%", "%_", "/*", "\\'",
    "(", ")", "[", "a{99999999}", "(a+)+$", "[[:alpha:]]", "(?P<", "^$", "(?i)(?s).", "\\1",
    "{", "}", "{}", "{0}", "{{ 7*7 }}", "{% if %}", "${x}", "#{x}", "{0.__class__}", "%n", "=1+1", "@SUM(1)",
    # Lists, and words for nothing.
    "[]", "[1,2]", '{"a": 1}', "null", "None", "true", "False", "undefined", "a,b,c", "1,2,", ",", "1|2",
    # Addresses and headers.
    "../../etc/passwd", "//contoh.example", "https://contoh.example/", "http://[::1", "//[", "file:///",
    "javascript:sisipan()", "/admin/", "\r\nSet-Cookie: sisipan=1", "a\nb",
    # Programs.
    "<b sisipan>", '"><img src=x onerror=sisipan() sisipan>', "' onfocus=sisipan() a='",
    "</script><script sisipan>", "&lt;b sisipan&gt;",
    # More than anyone would write.
    "a" * 1000, "a" * 10_000, "61.04," * 1500, "(" * 2000, " " * 5000, "\U0001f600" * 1000,
    "e" + "\u0301" * 300, "61.04 ", "\u202e", "\U0010ffff", "\ufffe", "\ud7ff",
)  # fmt: skip
_ENCODED = (
    # Not text.
    "%00", "a%00b", "61.04%00", "2025-07%00", "1%00", "%00" * 1000, "%", "%zz", "%u0041", "%2500", "%C0%80",
    "%ED%A0%80", "%ED%B0%80", "%FF", "%FE%FF", "%F4%90%80%80", "%80", "%C3", "%1B%5B31m", "%7F", "%E2%80%A8",
    # Several, and arrays.
    "1&{name}=2", "&{name}=", "1&{name}%5B%5D=2", "1;{name}=2", "1&{name}%5B0%5D=2", "1&{name}",
    "1&&&=&=1", "1" + "&{name}=1" * 300, "1" + "&{name}=1" * 1100,
)  # fmt: skip
VALUES = (*(quote(value, safe="") for value in _PLAIN), *_ENCODED)

WORST = (
    "%00",
    "9223372036854775808",
    quote("\u00b2"),
    "2025-02-30",
    "9999-12-31",
    quote("("),
    quote("<b sisipan>"),
)
"""What each parameter is always asked with: a database, an int, a calendar or a page may stumble over it."""
