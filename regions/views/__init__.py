"""The pages of coverage, and of what was promised to raise it."""

from .access import aggregate_page
from .commitments import (
    add_commitment,
    change_commitment,
    close_commitment,
    commitment,
    commitment_list,
    commitment_list_file,
    commitments,
    reopen_commitment,
)
from .files import page_file, panel_file
from .method import method
from .overview import area, province
from .simulation import simulation

__all__ = [
    "add_commitment",
    "aggregate_page",
    "area",
    "change_commitment",
    "close_commitment",
    "commitment",
    "commitment_list",
    "commitment_list_file",
    "commitments",
    "method",
    "page_file",
    "panel_file",
    "province",
    "reopen_commitment",
    "simulation",
]
