import csv
import re
from pathlib import Path

import pytest

from regions import names, reference
from regions.names import AreaIndex, AreaName, index_of

KALBAR = [record for record in reference.regencies() if record.province_code == "61"]
DIFFERING = ["6102", "6103", "6104", "6105", "6106", "6107", "6108"]
EQUAL = ["6101", "6109", "6110", "6111", "6112", "6171", "6172"]


@pytest.fixture(scope="module")
def index() -> AreaIndex:
    return index_of("61")


@pytest.mark.parametrize("area", KALBAR, ids=lambda area: area.code)
def test_resolve_each_regency_by_any_usual_spelling(index: AreaIndex, area) -> None:
    short = "Kota" if area.kind == "kota" else "Kab"
    spellings = [
        f"{area.kind} {area.name}",
        f"{area.kind} {area.name}".upper(),
        f"{short}. {area.name}",
        f"{short} {area.name}",
        f"{short.upper()}.{area.name.upper()}",
        f"{area.name}, {short}.",
        f"{area.name} ({short}.)",
        f"{short} {area.name} ({short})",
        f"  {short}.   {area.name} . ",
        f"{short}\u00a0{area.name}".replace(" ", "\u00a0"),
        f"{short} {area.name.replace(' ', '')}",
        f"{short}{area.name}".replace(" ", "").upper(),
        f"{short} {area.name.replace(' ', '-')}",
        f"Pemerintah {area.kind} {area.name}",
        f"{short}. {area.name}, Prov. Kalimantan Barat",
        f"{short}. {area.name} Kalbar",
        f"3. {short}. {area.name}",
        f"103) {short}. {area.name}",
        f"{area.code} - {short}. {area.name}",
        area.code,
    ]

    answers = {spelling: index.resolve(spelling) for spelling in spellings}

    assert {spelling: answer.code for spelling, answer in answers.items()} == dict.fromkeys(
        spellings, area.code
    )
    assert not any(answer.warnings or answer.problem for answer in answers.values())


@pytest.mark.parametrize(
    "area", [area for area in KALBAR if area.code != "61.71"], ids=lambda area: area.code
)
def test_resolve_by_the_bare_name(index: AreaIndex, area) -> None:
    assert index.resolve(area.name.lower()).code == area.code


@pytest.mark.parametrize(
    "cell",
    [
        "Kalimantan Barat",
        "Prov. Kalimantan Barat",
        "PROVINSI KALIMANTAN BARAT",
        "Propinsi Kalbar",
        "KALBAR",
        "61",
        "6100",
        61,
        61.0,
    ],
)
def test_resolve_the_province_itself(index: AreaIndex, cell: object) -> None:
    assert index.resolve(cell).code == "61"


def test_resolve_every_regency_of_the_country_in_its_own_province() -> None:
    lost = [
        record
        for province in reference.provinces()
        for record in reference.regencies()
        if record.province_code == province.code
        and index_of(province.code).resolve(f"{record.kind} {record.name}").code != record.code
    ]

    assert lost == []


@pytest.mark.parametrize("cell", ["61.04", 61.04, "61,04", " 61.04 ", "'61.04"])
def test_dotted_code_is_kemendagri(index: AreaIndex, cell: object) -> None:
    assert index.resolve(None, cell).code == "61.04"


@pytest.mark.parametrize("digits", EQUAL)
def test_bare_code_that_both_systems_share_is_accepted(index: AreaIndex, digits: str) -> None:
    expected = f"{digits[:2]}.{digits[2:]}"

    for cell in (digits, int(digits), float(digits)):
        assert index.resolve(None, cell).code == expected


@pytest.mark.parametrize("digits", DIFFERING)
def test_bare_code_that_the_systems_number_differently_is_refused(index: AreaIndex, digits: str) -> None:
    for cell in (digits, int(digits), float(digits)):
        answer = index.resolve(None, cell)

        assert (answer.code, answer.problem) == (None, "code_system_unknown")
        assert answer.candidates[0] == f"61.{digits[2:]}"
        assert len(answer.candidates) == 2


def test_bare_code_follows_the_declared_system(index: AreaIndex) -> None:
    assert index.resolve(None, "6104", "kemendagri").code == "61.04"
    assert index.resolve(None, "6104", "bps").code == "61.02"
    assert index.resolve(6104, None, "bps").code == "61.02"
    assert index.resolve(None, "61.04", "bps").code == "61.04"


def test_bare_code_follows_the_name(index: AreaIndex) -> None:
    ketapang = index.resolve("Ketapang", 6104)
    mempawah = index.resolve("Kab. Mempawah", 6104)

    assert (ketapang.code, ketapang.warnings) == ("61.04", ())
    assert mempawah.code == "61.02"
    assert [note.message for note in mempawah.warnings] == [
        "Kode 6104 dibaca sebagai kode BPS, sesuai dengan nama wilayahnya."
    ]


@pytest.mark.parametrize(
    ("name", "code", "system", "expected", "used"),
    [
        ("Mempawah", "61.04", None, "61.02", "BPS"),
        ("Ketapang", "6104", "bps", "61.04", "Kemendagri"),
        ("Mempawah", "6104", "kemendagri", "61.02", "BPS"),
    ],
)
def test_conflict_that_the_other_system_explains_is_noted(
    index: AreaIndex, name: str, code: str, system, expected: str, used: str
) -> None:
    answer = index.resolve(name, code, system)

    assert answer.code == expected
    assert [(note.code, note.params["system"]) for note in answer.warnings] == [("code_system", used)]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Sambas", "6104"),
        ("Sambas", "61.04"),
        ("Sambas", "32.16"),
        ("Sambas", "61.1"),
        ("Pontianak", "61.01"),
        ("Kalbar", "61.01"),
        ("Sambas", "61"),
        ("6104 Ketapang", "6106"),
    ],
)
def test_code_that_no_system_reconciles_with_the_name_is_refused(
    index: AreaIndex, name: str, code: str
) -> None:
    assert index.resolve(name, code).problem == "code_name_conflict"


@pytest.mark.parametrize("cell", [61.1, "61.1", "61,1"])
def test_lost_zero_is_repaired_beside_melawi_and_refused_alone(index: AreaIndex, cell: object) -> None:
    named, alone = index.resolve("Melawi", cell), index.resolve(None, cell)

    assert (named.code, [note.code for note in named.warnings]) == ("61.10", ["code_repaired"])
    assert (alone.code, alone.problem, alone.candidates) == (None, "code_zero_lost", ("61.10",))


def test_pontianak_alone_asks_which(index: AreaIndex) -> None:
    answer = index.resolve("Pontianak")

    assert (answer.problem, answer.candidates) == ("ambiguous_name", ("61.71", "61.02"))
    assert answer.message == (
        "“Pontianak” dapat berarti Kota Pontianak (61.71), "
        "Kabupaten Pontianak → Kabupaten Mempawah (61.02). Tulis dengan Kabupaten atau Kota."
    )


@pytest.mark.parametrize(
    ("code", "expected"), [("61.71", "61.71"), (6171, "61.71"), ("61.02", "61.02"), ("6104", "61.02")]
)
def test_pontianak_beside_a_code_is_settled_by_it(index: AreaIndex, code: object, expected: str) -> None:
    assert index.resolve("Pontianak", code).code == expected


@pytest.mark.parametrize("name", ["Kab. Pontianak", "Kabupaten Pontianak", "PONTIANAK, KAB"])
def test_old_name_is_read_with_a_warning(index: AreaIndex, name: str) -> None:
    answer = index.resolve(name)

    assert answer.code == "61.02"
    assert [note.message for note in answer.warnings] == [
        f"“{name}” adalah nama lama; dibaca sebagai Kabupaten Mempawah."
    ]


@pytest.mark.parametrize(
    ("name", "candidate"),
    [("Kota Sambas", "61.01"), ("Kab. Singkawang", "61.72"), ("Kab. Sambas (Kota)", "61.01")],
)
def test_wrong_kind_names_what_exists(index: AreaIndex, name: str, candidate: str) -> None:
    answer = index.resolve(name)

    assert (answer.code, answer.problem, answer.candidates) == (None, "wrong_kind", (candidate,))
    assert candidate in answer.message


@pytest.mark.parametrize(
    ("name", "candidates"),
    [
        ("Smabas", ("61.01",)),
        ("Kab. Kapuas Hlu", ("61.06",)),
        ("Kab. Sekayam", ()),
        ("Kubu", ()),
        ("Sungai Raya", ()),
        ("Total", ()),
        ("2025-07-31", ()),
    ],
)
def test_unknown_name_is_refused_with_what_is_near(index: AreaIndex, name: str, candidates) -> None:
    answer = index.resolve(name)

    assert (answer.code, answer.problem, answer.candidates) == (None, "unknown_name", candidates)
    assert ("Maksudnya" in answer.message) == bool(candidates)


def test_unknown_name_beside_a_good_code_suggests_the_code_s_area(index: AreaIndex) -> None:
    answer = index.resolve("Sbs", "61.01")

    assert (answer.problem, answer.candidates) == ("unknown_name", ("61.01",))


@pytest.mark.parametrize("cell", ["Kab. Bekasi", "Bekasi", "Kapuas", "Jawa Barat", "32.16", 3216, "Kalteng"])
def test_area_of_another_province_is_called_that(index: AreaIndex, cell: object) -> None:
    answer = index.resolve(cell)

    assert (answer.code, answer.problem) == (None, "other_province")
    assert "di luar Kalimantan Barat (" in answer.message
    assert answer.params["found"]


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("61.20", "code_unknown"),
        ("6120", "code_unknown"),
        ("99.01", "code_unknown"),
        ("61.01.01", "code_not_regency"),
        ("610101", "code_not_regency"),
        ("6101012001", "code_not_regency"),
        ("6", "code_malformed"),
        ("abc", "code_malformed"),
        (-6104, "code_malformed"),
        (True, "code_malformed"),
        (float("nan"), "code_malformed"),
    ],
    ids=str,
)
def test_code_that_is_none_is_refused(index: AreaIndex, cell: object, problem: str) -> None:
    assert index.resolve(None, cell).problem == problem
    assert index.resolve("Sambas", cell).problem in (problem, "code_name_conflict")


@pytest.mark.parametrize("cell", [None, "", "-", "\u00a0"])
def test_blank_cells_are_said_to_be_blank(index: AreaIndex, cell: object) -> None:
    assert index.resolve(cell, cell).problem == "area_blank"
    assert index.resolve("Sambas", cell).code == "61.01"


def test_code_before_a_name_counts_as_one(index: AreaIndex) -> None:
    assert index.resolve("6104 Ketapang").code == "61.04"
    assert [note.code for note in index.resolve("61.1 Melawi").warnings] == ["code_repaired"]
    assert index.resolve("61.04 Sambas").problem == "code_name_conflict"


def test_jakarta_resolves_with_and_without_administrasi() -> None:
    jakarta = index_of("31")

    assert jakarta.resolve("Kota Administrasi Jakarta Utara").code == "31.72"
    assert jakarta.resolve("Kota Jakarta Utara").code == "31.72"
    assert jakarta.resolve("Kab. Adm. Kep. Seribu").code == "31.01"
    assert jakarta.resolve("DKI Jakarta").code == "31"


def test_another_province_resolves_its_own_and_asks_where_kab_and_kota_share_a_name() -> None:
    jabar = index_of("32")

    assert jabar.resolve("Kab. Bekasi").code == "32.16"
    assert jabar.resolve("Bekasi").candidates == ("32.16", "32.75")
    assert jabar.resolve("Kota Sambas").problem == "unknown_name"
    assert jabar.resolve("Kab. Bekasi", 3216).code == "32.16"
    assert jabar.resolve(None, 3216).problem == "code_system_unknown"


@pytest.mark.parametrize(
    ("codes", "area_names", "system"),
    [
        ([6104, 6106, 6101], ["Mempawah", "Ketapang", "Sambas"], "bps"),
        ([6104, "6102", None], ["Ketapang", "Kab. Pontianak", "Total"], "kemendagri"),
        ([6104, 6104], ["Ketapang", "Mempawah"], None),
        ([6101, 6171], ["Sambas", "Kota Pontianak"], None),
        ([6104, 6106], [None, None], None),
        (["61.04"], ["Ketapang"], None),
    ],
    ids=["bps", "kemendagri", "both", "no-difference", "no-names", "dotted"],
)
def test_detect_system_by_the_names_beside(index: AreaIndex, codes, area_names, system) -> None:
    assert index.detect_system(codes, area_names) == system


def test_index_is_built_from_whatever_areas_it_is_given() -> None:
    province = AreaName("61", "61", "Kalimantan Barat", "provinsi")
    index = AreaIndex([AreaName("61.04", "6106", "Ketapang", "kabupaten")], province)

    assert index.resolve("Ketapang", "6106").code == "61.04"
    assert index.resolve("Kab. Sambas").problem == "other_province"


def test_bare_code_that_fits_both_meanings_of_a_name_asks() -> None:
    province = AreaName("61", "61", "Kalimantan Barat", "provinsi")
    index = AreaIndex(
        [AreaName("61.02", "6104", "Contoh", "kabupaten"), AreaName("61.04", "6106", "Contoh", "kota")],
        province,
    )

    assert index.resolve("Contoh", "6104").problem == "ambiguous_name"
    assert index.resolve("Contoh", "6104", "bps").code == "61.02"
    assert index.resolve("Contoh", "61.04").code == "61.04"


def test_every_problem_has_a_sentence_that_takes_its_params(index: AreaIndex) -> None:
    cells = [(None, None), ("Smabas", None), ("Pontianak", None), ("Kota Sambas", None), ("Bekasi", None)]
    codes = ["abc", "61.20", "61.01.01", "61.1", "6104"]
    answers = [index.resolve(*cell) for cell in cells] + [index.resolve(None, code) for code in codes]
    answers.append(index.resolve("Sambas", "61.04"))

    messages = {answer.problem: answer.message for answer in answers}

    notes = {"old_name", "code_repaired", "code_system"}
    assert set(messages) == set(names.TEMPLATES) - notes
    assert all(message and "%(" not in message for message in messages.values())


def test_region_vectors_resolve_as_they_say(index: AreaIndex, shared_data: Path) -> None:
    file = shared_data / "vectors" / "value_vectors.csv"
    if not file.exists():
        pytest.skip("shared_data/vectors/value_vectors.csv is absent")
    rows = [
        row
        for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())
        if row["field"] == "region"
    ]

    answers = {row["input"]: index.resolve(row["input"]).code for row in rows}

    assert len(rows) >= 14
    assert answers == {
        row["input"]: row["expected"] if re.fullmatch(r"\d\d\.\d\d", row["expected"]) else None
        for row in rows
    }
