"""Reading the environment: what is right comes out typed, what is wrong stops the start with one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coverage_portal import env

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DATABASE_URL": "postgres://portal:rahasia@localhost/portal",
    "SECRET_KEY": "kunci-uji-" * 8,
    "SEAL_KEY": "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODkrLw==",
    "ALLOWED_HOSTS": "cakupan.example.go.id",
}


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        pytest.param(lambda: env.text("X", default="61"), "", "61", id="text: empty is not set"),
        pytest.param(lambda: env.text("X"), " 64 ", "64", id="text: stripped"),
        pytest.param(lambda: env.boolean("X", default=False), "Yes", True, id="boolean: yes"),
        pytest.param(lambda: env.boolean("X", default=True), "off", False, id="boolean: off"),
        pytest.param(lambda: env.boolean("X", default=True), "", True, id="boolean: default"),
        pytest.param(
            lambda: env.integer("X", default=3, minimum=0, maximum=9), "9", 9, id="integer: the largest"
        ),
        pytest.param(
            lambda: env.listing("X", default=[]), "a, b,,", ["a", "b"], id="listing: blanks dropped"
        ),
        pytest.param(
            lambda: env.time_zone("X", default="UTC"), "Asia/Jakarta", "Asia/Jakarta", id="time zone: known"
        ),
        pytest.param(
            lambda: env.database("X"),
            "postgresql://u%40x:p%2Fw@db.example:6432/portal?sslmode=require",
            {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": "portal",
                "USER": "u@x",
                "PASSWORD": "p/w",
                "HOST": "db.example",
                "PORT": "6432",
                "OPTIONS": {"sslmode": "require"},
            },
            id="database: encoded characters, port and option",
        ),
        pytest.param(
            lambda: env.database("X")["HOST"],
            "postgres:///portal?host=/run/pg",
            "/run/pg",
            id="database: a socket",
        ),
    ],
)
def test_reader_gives_typed_value(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[], Any], value: str, expected: object
) -> None:
    monkeypatch.setenv("X", value)

    assert read() == expected


@pytest.mark.parametrize(
    ("read", "value", "message"),
    [
        pytest.param(
            lambda: env.text("X", must_be="a code", example="61"),
            "",
            "X is not set: it must be a code, for example X=61",
            id="text: missing",
        ),
        pytest.param(
            lambda: env.text("X", pattern=r"\d{2}", must_be="a code", example="61"),
            "61.07",
            "X=61.07 cannot be used: it must be a code, for example X=61",
            id="text: of another form",
        ),
        pytest.param(
            lambda: env.boolean("X", default=True),
            "maybe",
            "X=maybe cannot be used: it must be 1 or 0, for example X=1",
            id="boolean: neither",
        ),
        pytest.param(
            lambda: env.integer("X", default=3, minimum=0, maximum=9),
            "10",
            "X=10 cannot be used: it must be a whole number from 0 to 9, for example X=3",
            id="integer: too large",
        ),
        pytest.param(
            lambda: env.integer("X", default=3, minimum=0, maximum=9),
            "3.5",
            "X=3.5 cannot be used: it must be a whole number from 0 to 9, for example X=3",
            id="integer: a fraction",
        ),
        pytest.param(
            lambda: env.time_zone("X", default="Asia/Pontianak"),
            "WIB",
            "X=WIB cannot be used: it must be a time zone of the IANA list, for example X=Asia/Pontianak",
            id="time zone: unknown",
        ),
        *[
            pytest.param(
                lambda: env.database("X"),
                value,
                "The value of X cannot be used: it must be a PostgreSQL address, "
                f"for example X={env.DATABASE_EXAMPLE}",
                id=f"database: {what}",
            )
            for what, value in {
                "another engine": "mysql://u:rahasia@h/portal",
                "no name": "postgres://u:rahasia@h/",
                "no number as port": "postgres://u:rahasia@h:lima/portal",
                "no address": "portal",
            }.items()
        ],
    ],
)
def test_reader_refuses_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[], Any], value: str, message: str
) -> None:
    monkeypatch.setenv("X", value)

    with pytest.raises(env.WrongSetting) as caught:
        read()

    assert str(caught.value) == message


def test_secret_comes_from_the_file_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("rahasia\n")
    monkeypatch.setenv("X_FILE", str(tmp_path / "key"))

    assert env.secret("X", must_be="a key", example="k") == "rahasia"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        pytest.param(
            {"X": "rahasia", "X_FILE": "/run/key"}, "X and X_FILE are both set: keep one of them", id="both"
        ),
        pytest.param(
            {"X_FILE": "/none"},
            "The value of X_FILE cannot be used: it must be a file that can be read, "
            "for example X_FILE=/run/secrets/x",
            id="no such file",
        ),
        pytest.param({}, "X is not set: it must be a key, for example X=k", id="neither"),
    ],
)
def test_secret_refuses_without_naming_the_value(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], message: str
) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(env.WrongSetting) as caught:
        env.secret("X", must_be="a key", example="k")

    assert str(caught.value) == message


@pytest.mark.parametrize("value", ["c2hvcnQ=", "no base64!", ""], ids=["short", "not base64", "empty"])
def test_key_of_another_length_is_refused(value: str) -> None:
    with pytest.raises(env.WrongSetting, match="must be 64 random bytes in base64"):
        env.key_bytes(value, name="SEAL_KEY", length=64, example="k")


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=plain | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("name", ["SECRET_KEY", "SEAL_KEY", "ALLOWED_HOSTS"])
def test_command_in_production_needs(tmp_path: Path, name: str) -> None:
    result = manage("check", **PRODUCTION | {name: "", "VAR_DIR": str(tmp_path)})

    assert result.returncode == 1
    assert result.stderr.startswith(f"{name} is not set: it must be ")
    assert result.stderr.count("\n") == 1


def test_command_with_a_wrong_setting_says_one_sentence(tmp_path: Path) -> None:
    result = manage("check", HOME_PROVINCE="Kalbar", VAR_DIR=str(tmp_path))

    assert (result.returncode, result.stderr) == (
        1,
        "HOME_PROVINCE=Kalbar cannot be used: it must be a province's Kemendagri code, "
        "for example HOME_PROVINCE=61\n",
    )


def test_command_with_a_folder_that_cannot_be_made_says_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    result = manage("check", VAR_DIR=str(tmp_path / "file" / "var"))

    assert result.returncode == 1
    assert result.stderr.startswith(f"VAR_DIR={tmp_path}/file/var cannot be used: it must be a folder that")
    assert result.stderr.count("\n") == 1


def test_serve_with_an_unreachable_database_says_one_sentence(tmp_path: Path) -> None:
    url = "postgres://portal:rahasia@127.0.0.1:1/portal"

    result = manage("serve", **PRODUCTION | {"DATABASE_URL": url, "VAR_DIR": str(tmp_path), "PORT": "18971"})

    assert result.returncode == 1
    assert result.stderr.startswith("CommandError: The database that DATABASE_URL names cannot be reached: ")
    assert "rahasia" not in result.stderr
    assert "Traceback" not in result.stderr


def test_check_deploy_with_production_settings_has_nothing_to_say(tmp_path: Path) -> None:
    result = manage("check", "--deploy", "--fail-level", "INFO", **PRODUCTION | {"VAR_DIR": str(tmp_path)})

    assert (result.returncode, result.stderr) == (0, "")


def test_check_deploy_without_https_has_something_to_say(tmp_path: Path) -> None:
    result = manage(
        "check", "--deploy", "--fail-level", "INFO", **PRODUCTION | {"VAR_DIR": str(tmp_path), "HTTPS": "0"}
    )

    assert result.returncode == 1
    assert "security.W012" in result.stderr


OTHER_KEY = "QUJD" * 21 + "QQ=="


def test_previous_keys_come_from_a_file_and_are_separated_by_blanks(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(f"{OTHER_KEY}\n{'QUJE' * 21}QQ==\n")
    code = "from django.conf import settings; print(len(settings.SEAL_KEY_PREVIOUS))"

    result = manage(
        "shell", "-v0", "-c", code,
        **PRODUCTION | {"SEAL_KEY_PREVIOUS_FILE": str(tmp_path / "keys"), "VAR_DIR": str(tmp_path)},
    )  # fmt: skip

    assert (result.returncode, result.stdout) == (0, "2\n"), result.stderr


@pytest.mark.parametrize(
    ("previous", "said"),
    [
        pytest.param("c2hvcnQ=", "The value of SEAL_KEY_PREVIOUS cannot be used", id="too short"),
        pytest.param(PRODUCTION["SEAL_KEY"], "The value of SEAL_KEY cannot be used", id="the same key"),
    ],
)
def test_previous_key_that_cannot_be_used_says_one_sentence(tmp_path: Path, previous: str, said: str) -> None:
    result = manage("check", **PRODUCTION | {"SEAL_KEY_PREVIOUS": previous, "VAR_DIR": str(tmp_path)})

    assert result.returncode == 1
    assert result.stderr.startswith(said)
    assert result.stderr.count("\n") == 1
    assert previous not in result.stderr
