"""The units of docs/deploy: their very commands, on loopback, killed and back again under their own rule."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from coverage_portal.embedded.server import DATABASE, USER, EmbeddedServer
from tests.serving import ROOT, free_port, readiness

DEPLOY = ROOT / "docs" / "deploy"
HOST = "cakupan.example.go.id"
UNITS = sorted(DEPLOY.glob("*.service"))
SECONDS_TO_BE_BACK = 10
HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "RestrictSUIDSGID": "yes",
    "CapabilityBoundingSet": "",
    "UMask": "0077",
    "User": "portal",
}


def unit(name: str) -> dict[str, str]:
    """What a unit says, by name; of a name that stands twice the last."""
    lines = (DEPLOY / name).read_text().splitlines()
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {key.strip(): value.strip() for key, value in pairs}


def example() -> dict[str, str]:
    """The settings of the example of an environment file."""
    lines = (DEPLOY / "environment.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


class Service:
    """Does what systemd does: the command, and again after RestartSec, what is left of it killed first."""

    def __init__(self, name: str, environment: dict[str, str], log: Path) -> None:
        self.unit = unit(name)
        command = self.unit["ExecStart"].replace("/opt/portal/.venv/bin/python", sys.executable)
        self.command = [_expanded(word, environment) for word in command.split()]
        self.environment, self.log = environment, log
        self.process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._tend, daemon=True)

    def run(self) -> int:
        """For a oneshot: until it is over."""
        return self._started().wait()

    def start(self) -> None:
        assert self.unit["Restart"] == "always"
        self._thread.start()

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)

    def stop(self) -> None:
        self._stopping.set()
        if self.process is not None:
            self._kill_group(self.process)
        self._thread.join(timeout=20)

    def _tend(self) -> None:
        while not self._stopping.is_set():
            process = self._started()
            process.wait()
            self._kill_group(process)
            time.sleep(float(self.unit["RestartSec"]))

    def _started(self) -> subprocess.Popen[bytes]:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        return self.process

    def _kill_group(self, process: subprocess.Popen[bytes]) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def _expanded(word: str, environment: dict[str, str]) -> str:
    return re.sub(r"\$\{(\w+)\}", lambda found: environment[found[1]], word)


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """The example's settings over a folder and a PostgreSQL of the test's own."""
    made = tempfile.TemporaryDirectory(prefix="portal-test-", ignore_cleanup_errors=True)
    with made as name:
        folder = Path(name).resolve()
        database = EmbeddedServer(folder / "postgres", durable=False)
        address = database.address()
        values = {
            "database_url": f"postgres://{USER}@:{address.port}/{DATABASE}?host={address.host}",
            "secret_key": secrets.token_urlsafe(60),
            "seal_key": b64encode(secrets.token_bytes(64)).decode(),
        }
        for key, value in values.items():
            (folder / key).write_text(value)
        given = {
            name: value.replace("/etc/portal", str(folder)).replace("/var/lib/portal", str(folder / "var"))
            for name, value in example().items()
        }
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "STATIC_ROOT") if name in os.environ}
        yield {**kept, **given, "PORT": str(free_port()), "DISK_FREE_MB": "0"}
        database.release()


def test_commands_of_the_units_run_and_come_back_when_killed(environment: dict[str, str]) -> None:
    log = Path(environment["VAR_DIR"]).parent / "log"
    port = int(environment["PORT"])
    setup = Service("portal-setup.service", environment, log)
    services = [Service(f"portal-{name}.service", environment, log) for name in ("web", "worker")]

    def ready() -> bool:
        found = readiness(port, HOST)
        return bool(found) and all(found.values())

    try:
        assert setup.run() == 0, log.read_text()
        began = time.monotonic()
        for service in services:
            service.start()
        _wait(ready, log, 300)
        first = time.monotonic() - began
        for service in services:
            service.kill()
            began = time.monotonic()
            _wait(lambda: not ready(), log, 60)
            _wait(ready, log, 300)
            back = time.monotonic() - began
            sys.stderr.write(f"{service.command[-1]}: back after {back:.1f} s, first start {first:.1f} s\n")
            # A machine that is busy takes longer for the first start too.
            assert back <= max(SECONDS_TO_BE_BACK, 2 * first)
        backup = Service("portal-backup.service", environment, log)
        assert backup.run() == 0, log.read_text()
        assert Service("portal-purge.service", environment, log).run() == 0, log.read_text()
    finally:
        for service in services:
            service.stop()

    assert len(list(Path(environment["VAR_DIR"], "backups").glob("portal-*Z"))) == 1
    assert '"page": "readyz"' in log.read_text() or '"page": null' in log.read_text()


def _wait(condition: object, log: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, log.read_text()[-4000:]
        time.sleep(0.05)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_every_service_is_hardened(path: Path) -> None:
    told = unit(path.name)

    assert {name: told.get(name) for name in HARDENED} == HARDENED


def test_every_timer_has_its_service_and_every_command_exists() -> None:
    timers = {path.stem for path in DEPLOY.glob("*.timer")}
    commands = {path.stem: unit(path.name)["ExecStart"] for path in UNITS}

    assert timers == {"portal-backup", "portal-purge"}
    assert timers <= commands.keys()
    assert all(command.startswith("/opt/portal/.venv/bin/python ") for command in commands.values())


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    verifier = shutil.which("systemd-analyze")
    if verifier is None:
        pytest.skip("systemd-analyze is not installed")
    for path in (*UNITS, *DEPLOY.glob("*.timer")):
        text = path.read_text().replace("/opt/portal/.venv/bin/python", sys.executable)
        (tmp_path / path.name).write_text(text.replace("/opt/portal", str(ROOT)))

    done = subprocess.run(
        [verifier, "verify", "--recursive-errors=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
    )

    said = [line for line in done.stderr.splitlines() if "portal-" in line]
    assert said == []
