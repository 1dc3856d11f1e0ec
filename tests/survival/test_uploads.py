"""A full disk, an upload that is cut off, a web process killed while it takes one: nothing stays behind."""

from __future__ import annotations

import gc
import resource
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.test import Client

from coverage_portal.accounts.models import User
from coverage_portal.intake.models import ImportBatch
from coverage_portal.intake.uploading import TemporaryFile
from tests.ground import Ground, web_process
from tests.imports import staff, upload_fields

from . import disks
from .lists import Browser

SENTENCE = "tidak dapat menyimpan berkas saat ini"
MEGABYTE = 1024 * 1024
DISK = MEGABYTE
IN_MEMORY, ON_DISK = 2 * MEGABYTE, 4 * MEGABYTE


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A folder on a file system of 1 MB; where we may not mount one, no file of ours gets larger than that.

    Both give a real OSError in the middle of a write: ENOSPC of a tmpfs, EFBIG of RLIMIT_FSIZE.
    """
    # Not below pytest's folder, which could not be removed if this run were killed.
    folder = Path(tempfile.mkdtemp(prefix="portal-test-disk-"))
    try:
        with disks.tmpfs(folder, DISK) as is_mounted, nullcontext() if is_mounted else _no_larger_files():
            yield folder
            _close_temporary_files(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _close_temporary_files(folder: Path) -> None:
    """Close what was being written below a folder: collected later, it would miss its file."""
    for found in gc.get_objects():
        # Not isinstance: that would wake lazy objects.
        if type(found) is tempfile._TemporaryFileCloser and Path(found.name).is_relative_to(folder):
            with suppress(OSError):
                found.close()


@contextmanager
def _no_larger_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    assert signal.getsignal(signal.SIGXFSZ) == signal.SIG_IGN  # Python's own: the write fails instead
    resource.setrlimit(resource.RLIMIT_FSIZE, (DISK, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def page(client: Client, settings: Any, tmp_path: Path) -> Client:
    settings.UPLOAD_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "tmp"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    client.force_login(staff("petugas", "61"))
    client.raise_request_exception = False
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("setting", "size"),
    [("UPLOAD_DIR", IN_MEMORY), ("UPLOAD_DIR", ON_DISK), ("FILE_UPLOAD_TEMP_DIR", ON_DISK)],
    ids=["storing a small one", "storing a large one", "taking it in"],
)
def test_full_disk_is_said_in_words_and_leaves_nothing(
    page: Client, settings: Any, small_disk: Path, setting: str, size: int
) -> None:
    setattr(settings, setting, small_disk)

    response = page.post("/impor/", upload_fields(b"x" * size))

    assert response.status_code == 422
    assert SENTENCE in response.content.decode()
    assert not ImportBatch.objects.exists()
    assert list(small_disk.iterdir()) == []
    assert page.post("/impor/", upload_fields(b"x" * 1000)).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("size", [IN_MEMORY, ON_DISK], ids=["storing it", "taking it in"])
def test_file_that_may_not_grow_is_said_in_words_and_leaves_nothing(
    page: Client, settings: Any, size: int
) -> None:
    with _no_larger_files():
        response = page.post("/impor/", upload_fields(b"x" * size))

    assert response.status_code == 422
    assert SENTENCE in response.content.decode()
    assert not ImportBatch.objects.exists()
    assert [*Path(settings.UPLOAD_DIR).glob("*"), *Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*")] == []


@pytest.mark.parametrize(
    ("handler", "error"),
    [(TemporaryFile, SkipFile), (TemporaryFileUploadHandler, OSError)],
    ids=["ours", "control arm: Django's own, a 500"],
)
def test_full_disk_ends_the_file_and_not_the_request(
    handler: Any, error: type[Exception], settings: Any, small_disk: Path
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = small_disk
    taking = handler()
    taking.new_file("file", "peserta.csv", "text/csv", None)

    with pytest.raises(error):
        taking.receive_data_chunk(b"x" * ON_DISK, 0)

    with suppress(OSError):
        taking.upload_interrupted()


@pytest.mark.parametrize(
    ("handler", "named"), [(TemporaryFile, 0), (TemporaryFileUploadHandler, 1)], ids=["ours", "control arm"]
)
def test_upload_has_no_name_on_the_disk_while_it_comes_in(
    handler: Any, named: int, settings: Any, tmp_path: Path
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    taking = handler()

    taking.new_file("file", "peserta.csv", "text/csv", None)
    taking.receive_data_chunk(b"isi", 0)

    assert len(list(tmp_path.iterdir())) == named
    taking.upload_interrupted()


@pytest.fixture
def browser(portal: Ground) -> Browser:
    return Browser(User.objects.create_superuser("admin.contoh"))


@pytest.mark.parametrize("size", [100_000, ON_DISK], ids=["in memory", "on disk"])
@pytest.mark.parametrize("is_killed", [False, True], ids=["cut off", "server killed"])
def test_upload_that_ends_half_way_leaves_nothing(
    portal: Ground, browser: Browser, size: int, is_killed: bool
) -> None:
    master = portal.start_web()
    web = web_process(master)
    assert web is not None
    request = browser.upload(b"NIK;Nama\n" + b"6171011708909001;CONTOH\n" * (size // 24), portal.port)

    with socket.create_connection(("127.0.0.1", portal.port)) as sent:
        sent.sendall(request[: len(request) // 2])
        portal.wait(lambda: connected(web))
        if is_killed:
            portal.replace_web(master)
    web = web_process(master)
    assert web is not None
    portal.wait(lambda: not connected(web))

    assert portal.leftovers() == []
    assert not ImportBatch.objects.exists()
    with socket.create_connection(("127.0.0.1", portal.port)) as sent:
        sent.sendall(request)
        assert sent.recv(12) == b"HTTP/1.1 302"
    batch = ImportBatch.objects.get()
    assert [path.name for path in portal.uploads.iterdir()] == [f"{batch.pk}.sealed"]


def connected(web: psutil.Process) -> bool:
    return any(found.status == psutil.CONN_ESTABLISHED for found in web.net_connections("tcp"))
