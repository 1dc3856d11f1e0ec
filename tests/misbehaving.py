"""The reading process gone wrong: it keeps all its limits, and reads as the name of the sheet says.

Run in place of `coverage_portal.lib.spreadsheets.child`; without such a name it reads as ever.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any, BinaryIO

from coverage_portal.lib.spreadsheets import child
from coverage_portal.lib.spreadsheets.output import write

MEGABYTE = 1024 * 1024
EATEN_MEGABYTES = 400
_read = child._read


def _abort() -> None:
    os.abort()


def _loop() -> None:
    while True:
        pass


def _stall() -> None:
    time.sleep(600)


def _eat() -> None:
    eaten = [bytearray(MEGABYTE) for _ in range(EATEN_MEGABYTES)]
    write("workbook", {"format": "csv", "encoding": None, "delimiter": ";", "notes": [], "sheets": []})
    write("sheet", "CSV", 0)
    write("end", 0, len(eaten) - EATEN_MEGABYTES)


def _babble() -> None:
    while True:
        sys.stdout.write("9" * MEGABYTE)


BEHAVIOURS = {"abort": _abort, "loop": _loop, "stall": _stall, "eat": _eat, "babble": _babble}


def _misread(file: BinaryIO, request: dict[str, Any], limits: child.Limits) -> None:
    behaviour = BEHAVIOURS.get(request["sheet"])
    if behaviour is None:
        _read(file, request, limits)
    else:
        behaviour()


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    if asked.pop("outlives", False):  # the control arm
        child._end_with_the_reader = lambda: None
    child._read = _misread
    child.main(asked)
