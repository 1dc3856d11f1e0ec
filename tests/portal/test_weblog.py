"""gunicorn's logs: a NIK that somebody typed into an address does not stay in them."""

from __future__ import annotations

import logging

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger

from coverage_portal.lib.redaction import MASK
from coverage_portal.weblog import RedactingLogger

NIK = "6171011708909001"


def written(kind: type[Logger], capsys: pytest.CaptureFixture[str]) -> str:
    config = Config()
    config.set("accesslog", "-")
    log = kind(config)
    try:
        log.access_log.info('"GET /?nik=%s HTTP/1.1" 200', NIK)
        log.error("Error handling request /?nik=%s", NIK)
    finally:
        for name in ("gunicorn.error", "gunicorn.access"):
            logging.getLogger(name).handlers.clear()
    said = capsys.readouterr()
    return said.out + said.err


def test_access_and_error_log_are_masked(capsys: pytest.CaptureFixture[str]) -> None:
    said = written(RedactingLogger, capsys)

    assert (said.count(MASK), NIK in said) == (2, False)


def test_gunicorns_own_logger_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert written(Logger, capsys).count(NIK) == 2
