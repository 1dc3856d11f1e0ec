"""The open interface for contributions: figures as texts, every fault a 422 with its reason, never a 500."""

from __future__ import annotations

import pytest

ADDRESS = "/api/v1/contribution"


@pytest.mark.parametrize(
    ("query", "jkk", "jkm", "total"),
    [
        ("value=50000000", "105000", "15000", "120000"),
        ("value=300000000", "550000", "70000", "620000"),
        ("value=750000000", "1215000", "160000", "1375000"),
        ("value=3000000000", "3740000", "410000", "4150000"),
        ("value=10000000000", "10440000", "1110000", "11550000"),
        ("value=50000000000", "46440000", "5110000", "51550000"),
        ("value=300000000&wages=100000000", "1740000", "300000", "2040000"),
        ("value=111000000&vat=included&on=2026-03-02", "210000", "30000", "240000"),
        ("value=110000000&vat=included&on=2022-03-31", "210000", "30000", "240000"),
    ],
)
def test_figures_are_those_of_the_law(client, query, jkk, jkm, total):
    response = client.get(f"{ADDRESS}?{query}")

    answer = response.json()
    assert response.status_code == 200
    assert (answer["jkk"], answer["jkm"], answer["total"]) == (jkk, jkm, total)
    assert sum(int(line["amount"]) for line in answer["lines"]) == int(total)


def test_answer_is_itemised_cited_and_called_an_estimate(client):
    answer = client.get(f"{ADDRESS}?value=300000000&vat=excluded&on=2026-03-02").json()

    assert set(answer) == {"jkk", "jkm", "total", "lines", "rate"}
    assert answer["lines"][1] == {
        "component": "JKK",
        "above": "100000000",
        "up_to": "500000000",
        "base": "200000000",
        "percent": "0.17",
        "amount": "340000",
        "rate": "value-2015.jkk.2",
        "source": "PP 44/2015 jo. PP 82/2019, Permenaker 5/2021, Perdir BPJS Ketenagakerjaan 22/2022",
    }
    assert answer["rate"] == {
        "status": "perkiraan",
        "key": "value-2015",
        "basis": "value",
        "on": "2026-03-02",
        "valid_from": "2015-07-01",
        "valid_to": None,
        "source": answer["lines"][1]["source"],
        "certainty": "established",
        "base": "300000000",
        "vat": "0",
        "vat_percent": None,
        "rounding": "down-per-slice",
        "notes": [],
    }


def test_what_is_uncertain_is_noted(client):
    answer = client.get(f"{ADDRESS}?value=300000000").json()

    assert answer["rate"]["notes"] == [
        "Belum diketahui apakah nilai kontrak termasuk PPN; iuran dihitung atas nilai yang tertulis."
    ]


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("", "value", "value_missing"),
        ("value=", "value", "value_missing"),
        ("value=0", "value", "value_not_positive"),
        ("value=0.00", "value", "value_not_positive"),
        ("value=-1", "value", "value_not_positive"),
        ("value=9223372036854775808", "value", "value_too_big"),
        (f"value={'9' * 31}", "value", "unreadable"),
        (f"value={'9' * 5000}", "value", "unreadable"),
        ("value=1e9", "value", "unreadable"),
        ("value=NaN", "value", "unreadable"),
        ("value=Infinity", "value", "unreadable"),
        ("value=1.234", "value", "unreadable"),
        ("value=1,000", "value", "unreadable"),
        ("value=%EF%BC%91", "value", "unreadable"),
        ("value=1%00", "value", "unreadable"),
        ("value=%FF%FE", "value", "unreadable"),
        ("value=<script>", "value", "unreadable"),
        ("value=1&value=2", "value", "repeated"),
        ("wages=13", "value", "value_missing"),
        ("value=&wages=13", "value", "value_missing"),
        ("value=-7&wages=13", "value", "value_not_positive"),
        ("value=1&wages=", "wages", "empty"),
        ("value=1&vat=", "vat", "empty"),
        ("value=1&on=", "on", "empty"),
        ("value=1&wages=0", "wages", "wages_not_positive"),
        ("value=1&wages=-5", "wages", "wages_not_positive"),
        ("value=1&wages=9223372036854775808", "wages", "wages_too_big"),
        ("value=1&wages=upah", "wages", "unreadable"),
        ("value=1&on=2026-02-30", "on", "unreadable"),
        ("value=1&on=0000-01-01", "on", "unreadable"),
        ("value=1&on=kemarin", "on", "unreadable"),
        ("value=1&on=20260302", "on", "unreadable"),
        ("value=1&on=2015-06-30", "on", "day_before_rates"),
        ("value=1&vat=ya", "vat", "unreadable"),
        ("value=1&wage=2", "wage", "unknown"),
    ],
)
def test_bad_input_is_refused_with_its_reason(client, query, parameter, code):
    response = client.get(f"{ADDRESS}?{query}")

    (error,) = response.json()["errors"]
    assert response.status_code == 422
    assert response["Content-Type"] == "application/json"
    assert (error["parameter"], error["code"]) == (parameter, code)
    assert error["message"]


def test_greatest_value_and_farthest_day_are_answered(client):
    response = client.get(f"{ADDRESS}?value=9223372036854775807&vat=excluded&on=9999-12-31")

    assert response.status_code == 200


def test_interface_is_open_read_only_and_answers_head(client, settings):
    settings.PUBLIC_AGGREGATES = False

    assert client.get(f"{ADDRESS}?value=1").status_code == 200
    assert client.head(f"{ADDRESS}?value=1").status_code == 200
    assert client.head(ADDRESS).status_code == 422
    assert client.post(ADDRESS, {"value": "1"}).status_code == 405


def test_base_with_vat_is_a_setting(client, settings):
    settings.CONTRIBUTION_BASE_HAS_VAT = True

    answer = client.get(f"{ADDRESS}?value=111000000&vat=included").json()

    assert (answer["rate"]["base"], answer["rate"]["vat"]) == ("111000000", "0")
