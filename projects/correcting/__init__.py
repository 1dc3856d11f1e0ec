"""Impor koreksi: a corrected worker list takes the place of an applied one, and later changes stay.

What is stored without the wrong import (`baseline`) is what the corrected file is compared with, by the same
statements as any other list. What it would make of that is then set against what is stored now (`outcome`):
these are the differences that the preview shows and confirming writes.
"""

from .previewing import compare
from .writing import merge

__all__ = ["compare", "merge"]
