"""Small disks, full ones, and ones that cannot be written to: real file systems, where we may mount them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PART = 64 * 1024


@contextmanager
def tmpfs(folder: Path, size: int) -> Iterator[bool]:
    """A file system of so many bytes over a folder; whether we may mount one."""
    is_mounted = _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
    try:
        yield is_mounted
    finally:
        if is_mounted:
            # Lazily: whoever fails may hold a file open for longer than this.
            subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S607


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """The disk of a folder, full to the last byte."""
    ballast = folder / "ballast"
    try:
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            for size in (PART, 1):
                with suppress(OSError):
                    while file.write(b"x" * size):
                        pass
        yield
    finally:
        ballast.unlink()


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder that nobody can write to: mounted so, else, where we are not root, by its mode."""
    is_mounted = _mount("--bind", str(folder), str(folder))
    try:
        if is_mounted:
            assert _mount("-o", "remount,bind,ro", str(folder))
        else:
            folder.chmod(0o500)
        assert not os.access(folder, os.W_OK)
        yield
    finally:
        if is_mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S607
        else:
            folder.chmod(0o700)


def _mount(*arguments: str) -> bool:
    try:
        return subprocess.run(["mount", *arguments], capture_output=True).returncode == 0  # noqa: S607
    except FileNotFoundError:
        return False
