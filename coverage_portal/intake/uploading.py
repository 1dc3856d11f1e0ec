"""Taking in the body of an upload: bounded, and with a reason where it was not kept.

Both handlers run for every form with a file, before the view and before the sign-in is looked at, so that
nobody can fill the disk. What goes wrong is remembered instead of raised: the view answers with a sentence.
"""

from __future__ import annotations

import tempfile
from contextlib import suppress
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from .services import upload_limit_bytes


class Failure(StrEnum):
    """Why a file was not kept, causes first: a file that was dropped also counts as cut off."""

    TOO_BIG = "too_big"
    NOT_STORED = "not_stored"
    CUT_OFF = "cut_off"


class SizeLimit(FileUploadHandler):
    """Lets a file pass to the other handlers up to the limit, then drops it and reads the rest away."""

    failure: Failure | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.limit = upload_limit_bytes()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > self.limit:
            self.failure = Failure.TOO_BIG
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    def upload_interrupted(self) -> None:
        self.failure = self.failure or Failure.CUT_OFF


class TemporaryFile(FileUploadHandler):
    """Keeps a larger file on disk while it comes in.

    The file has no name there, so whatever happens to this process, the kernel takes it away; Django's own
    handler would leave it, readable, when the process is killed. A full disk is an answer and not a crash.
    """

    failure: Failure | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        try:
            nameless = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115
            self.file = UploadedFile(
                nameless,
                self.file_name,
                self.content_type,
                0,
                self.charset,
                self.content_type_extra,
            )
        except OSError as error:
            self._give_up(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            self.file.write(raw_data)
        except OSError as error:
            self._give_up(error)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self.failure:
            return None
        try:
            self.file.seek(0)
        except OSError:  # the last bytes were still to be written
            self.failure = Failure.NOT_STORED
            self.upload_interrupted()
            return None
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        file = getattr(self, "file", None)
        if file is not None:
            with suppress(OSError):
                file.close()

    def _give_up(self, error: OSError) -> None:
        self.failure = Failure.NOT_STORED
        self.upload_interrupted()
        raise SkipFile from error


def failure_of(request: HttpRequest) -> Failure | None:
    """Why a file of this request was not kept; None where it was, or none was sent."""
    failures = {getattr(handler, "failure", None) for handler in request.upload_handlers}
    return next((failure for failure in Failure if failure in failures), None)
